"""The table of a sweep: what it keeps, what it sums up, and the runs that it opens."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.axes import Axes
from scipy import stats

import chainwright as cw
from chainwright.experiment.sweep.table import SweepTable
from chainwright.experiment.sweep.table_plot import KINDS
from chainwright.experiment.sweep.table_points import pareto
from chainwright.metrics.directions import is_goal, less_is_better
from chainwright.metrics.results import METRICS
from chainwright.report import sweeps
from chainwright.report.style import Drawing
from chainwright.words.errors import UsageError
from tests.report.fake_sweep import fake_sweep

LEVEL = "policies.place_orders.stand.level"


@pytest.fixture(scope="module")
def table() -> SweepTable:
    return fake_sweep({LEVEL: [40, 50, 60], "horizon": [20, 30]}, reps=4)


KEPT = {
    "a filter": lambda table: table[table["rep"] < 2],
    "sorted": lambda table: table.sort_values("total_cost"),
    "a copy": lambda table: table.copy(),
    "a deep copy": copy.deepcopy,
    "a query": lambda table: table.query("rep == 1"),
    "pickled": lambda table: pickle.loads(pickle.dumps(table)),
    "parts laid together": lambda table: pd.concat([table.iloc[:3], table.iloc[3:]]),
    "another column": lambda table: table.assign(extra=1.0),
    "rows by label": lambda table: table.loc[[1, 2]],
    "without a column": lambda table: table.drop(columns="seed"),
    "joined with facts": lambda table: table.merge(pd.DataFrame({"rep": [0, 1, 2, 3], "weather": list("abcd")})),
    "the smallest": lambda table: table.nsmallest(3, "total_cost"),
}


@pytest.mark.parametrize("kind", list(KEPT))
def test_the_class_and_what_was_asked_survive(table: SweepTable, kind: str) -> None:
    found = KEPT[kind](table)
    assert type(found) is SweepTable
    assert found.record.measures == table.record.measures
    assert found.record.scenario.hash == table.record.scenario.hash
    assert found.factors == (LEVEL, "horizon")
    assert len(found.by_point()) <= 6


def test_without_its_keys_it_is_a_plain_frame(table: SweepTable) -> None:
    assert type(table[["rep", "total_cost"]]) is pd.DataFrame
    assert type(table.groupby("rep")[["total_cost"]].mean()) is pd.DataFrame
    assert type(table["total_cost"]) is pd.Series


def test_rows_of_different_sweeps_know_no_sweep(table: SweepTable) -> None:
    other = fake_sweep({LEVEL: [1, 2], "horizon": [20, 30]})
    both = pd.concat([table, other])
    assert type(both) is SweepTable
    with pytest.raises(UsageError, match="does not know its sweep"):
        _ = both.factors


def test_two_tables_of_the_same_sweep_lie_together(table: SweepTable) -> None:
    assert pd.concat([table, pickle.loads(pickle.dumps(table))]).record.seed == 1


def test_unknown_words_get_the_nearest(table: SweepTable) -> None:
    with pytest.raises(UsageError, match=r"did not measure 'fil_rate'; did you mean 'fill_rate'\?"):
        table.measure("fil_rate")
    with pytest.raises(UsageError, match=r"did not vary 'horizn'; did you mean 'horizon'\?"):
        table.factor("horizn")
    assert table.factor("level") == LEVEL
    with pytest.raises(UsageError, match="did not measure 'turns'"):
        table.by_point(measures=["turns"])


def test_the_measure_is_that_of_costs_where_there_are_any() -> None:
    assert fake_sweep({LEVEL: [1, 2]}, measures=("fill_rate", "total_cost")).measure() == "total_cost"
    free = fake_sweep({LEVEL: [1, 2]}, measures=("fill_rate", "total_cost"))
    free["total_cost"] = 0.0
    assert free.measure() == "fill_rate"


def test_means_and_intervals_by_point(table: SweepTable) -> None:
    found = table.by_point(0.9)
    assert found["design_id"].tolist() == list(range(6))
    assert found[LEVEL].tolist() == [40, 40, 50, 50, 60, 60]
    assert found["done"].tolist() == [4] * 6
    assert found["failed"].tolist() == [0] * 6
    values = table.loc[table["design_id"] == 3, "total_cost"]
    low, high = stats.t.interval(0.9, 3, loc=values.mean(), scale=stats.sem(values))
    row = found.loc[3]
    np.testing.assert_allclose([row["total_cost"], row["total_cost_low"], row["total_cost_high"]], [values.mean(), low, high], rtol=1e-12)
    np.testing.assert_allclose(row["total_cost_half_width"], (high - low) / 2, rtol=1e-12)
    assert list(table.by_point(measures="fill_rate").columns[-4:]) == ["fill_rate", "fill_rate_low", "fill_rate_high", "fill_rate_half_width"]
    with pytest.raises(UsageError, match="between 0 and 1"):
        table.by_point(95)


def test_one_replication_has_no_interval() -> None:
    found = fake_sweep({LEVEL: [40, 50]}, reps=1).by_point()
    assert found["total_cost"].notna().all()
    assert found[["total_cost_low", "total_cost_high", "total_cost_half_width"]].isna().all(axis=None)


def test_failed_runs_count_nowhere() -> None:
    table = fake_sweep({LEVEL: [40, 50, 60]}, reps=2, fails=lambda values: values[LEVEL] == 50)
    found = table.by_point()
    assert found["failed"].tolist() == [0, 2, 0]
    assert found["total_cost"].isna().tolist() == [False, True, False]
    assert table.failures["design_id"].tolist() == [1, 1]
    assert set(table.failures["message"]) == {"level: expected a number"}
    assert table.best("total_cost")["design_id"] == 0


def test_values_that_are_lists_or_mappings_stay_what_they_are() -> None:
    events = [{"kind": "closure", "target": {"enterprise": "stand"}, "start": 3, "duration": 1}]
    table = fake_sweep({"disruptions": [[], events]}, reps=2)
    assert table.by_point()["disruptions"].tolist() == [[], events]


def test_the_best_point_knows_its_direction(table: SweepTable) -> None:
    assert table.best("total_cost")[LEVEL] == 40
    assert table.best("fill_rate")[LEVEL] == 60
    assert table.best("fill_rate", minimise=True)[LEVEL] == 40
    best = table.best()
    assert isinstance(best["design_id"], int)
    assert {"total_cost", "total_cost_low", "fill_rate"} <= set(best.index)
    assert "fill_rate_low" not in best.index
    with pytest.raises(UsageError, match="say minimise=True or minimise=False"):
        table.best("demand_mean")
    assert table.best("demand_mean", minimise=True)["demand_mean"] == table.by_point()["demand_mean"].min()


def test_what_is_a_goal_has_a_direction() -> None:
    assert all(less_is_better(name) is not None for name in METRICS if is_goal(name))
    assert (less_is_better("lanes.a>b.lost"), less_is_better("lanes.a>b.ordered"), is_goal("lanes.a>b.lost")) == (True, None, True)
    assert less_is_better("items.stand.newspaper.fill_rate") is False


def test_a_sweep_of_failures_has_no_best_point() -> None:
    table = fake_sweep({LEVEL: [40, 50]}, fails=lambda _: True)
    with pytest.raises(UsageError, match="no run of the sweep gave 'total_cost'"):
        table.best()
    assert len(table.pareto("total_cost", "fill_rate")) == 0


@given(st.lists(st.tuples(*[st.integers(0, 6)] * 3), min_size=1, max_size=40))
def test_nobody_on_the_frontier_is_beaten_and_everybody_else_is(rows: list[tuple[int, int, int]]) -> None:
    points = pd.DataFrame(rows, columns=["a", "b", "c"], dtype=float)
    names, less = [("abc", [True, False, True]), ("ab", [True, False])][len(rows) % 2]
    kept = set(pareto(points, list(names), less).index)
    signed = [(a, -b, c)[: len(names)] for a, b, c in rows]

    def beaten(one: tuple[int, ...]) -> bool:
        return any(all(x <= y for x, y in zip(other, one, strict=True)) and other != one for other in signed)

    assert kept == {place for place, one in enumerate(signed) if not beaten(one)}


def test_the_frontier_of_a_table(table: SweepTable) -> None:
    found = table.pareto("total_cost", "fill_rate")
    assert found["total_cost"].is_monotonic_increasing
    assert len(found) == 6  # the more it costs, the better it serves
    assert len(table.pareto("total_cost", "demand_mean", minimise={"demand_mean": True})) >= 1
    for wrong in (("total_cost",), ("total_cost", "total_cost")):
        with pytest.raises(UsageError, match="two or more"):
            table.pareto(*wrong)
    with pytest.raises(UsageError, match="nobody can tell"):
        table.pareto("total_cost", "demand_mean")


def test_sensitivity_sees_every_replication_and_wants_every_point(table: SweepTable) -> None:
    found = table.sensitivity("total_cost")
    assert found.method == "shares"
    assert found.facts["replications"] == 4
    assert found.table["factor"].tolist() == [LEVEL, "horizon"]
    with pytest.raises(UsageError, match="points 2, 3"):
        table[table[LEVEL] != 50].sensitivity()


def test_own_plots_and_those_of_pandas(table: SweepTable) -> None:
    assert set(KINDS) == set(sweeps.KINDS)
    assert isinstance(table.plot(), Drawing)
    assert isinstance(table.plot("tornado", measure="fill_rate"), Drawing)
    assert isinstance(table.plot(kind="main_effects"), Drawing)
    assert isinstance(table.plot.replications(), Drawing)
    assert isinstance(table.plot.scatter(x="total_cost", y="fill_rate"), Axes)
    assert isinstance(table.plot(x="total_cost", y="fill_rate", kind="scatter"), Axes)
    assert isinstance(table.plot("rep", "total_cost"), Axes)
    assert isinstance(table["total_cost"].plot(), Axes)
    with pytest.raises(UsageError, match=r"no plot 'tornadoo'; did you mean 'tornado'\?"):
        table.plot("tornadoo")
    with pytest.raises(UsageError, match=r"has no option 'mesure'; did you mean 'measure'\?"):
        table.plot("tornado", mesure="fill_rate")


def test_sql_calls_the_table_sweep(table: SweepTable) -> None:
    pytest.importorskip("duckdb")
    assert table.sql("select count(*) as rows from runs")["rows"].tolist() == [len(table)]
    found = table.sql("select horizon, count(*) as runs from sweep group by horizon order by horizon")
    assert found.values.tolist() == [[20, 12], [30, 12]]


BEER = "policies.place_orders.default."
NOISY = {"enterprises.drinkers.items.beer.demand": {"policy": "normal", "mean": 6, "deviation": 2}}


class Steady(cw.Distributor):
    """Always orders the same."""

    def place_orders(self, item: Any) -> float:
        return 6.0


OPENED = {
    "paths": {"factors": {BEER + "target": [12, 17], BEER + "smoothing": [0.1, 0.4]}},
    "variants": {"factors": {"variant": ["base", "shared_demand"]}},
    "labelled settings": {"factors": {"pace": {"slow": {BEER + "target": 28}, "fast": {BEER + "target": 8}}}},
    "a sample": {"factors": {BEER + "target": "8..28", BEER + "smoothing": "0.1..0.9"}, "design": "latin_hypercube(n=4)"},
    "numbers of their own": {"factors": {BEER + "target": [12, 17]}, "common": False},
    "fewer periods, another seed": {"factors": {BEER + "target": [12, 17]}, "periods": 20, "seed": 99},
    "agents": {"factors": {BEER + "target": [12, 17]}, "agents": {"wholesaler": Steady}},
    "orders on time": {"factors": {BEER + "target": [12, 17]}, "measures": ["on_time_in_full", "total_cost"]},
}


@pytest.mark.parametrize("kind", list(OPENED))
def test_an_opened_row_is_the_row_bit_for_bit(kind: str) -> None:
    options = {"reps": 3, "engine": "serial", **OPENED[kind]}
    table = cw.sweep(cw.load("beer_game").with_(NOISY), **options)
    for place in (1, len(table) - 1):
        row = table.iloc[place]
        result = table.open(table.index[place], record=["on_hand"])
        for name in table.measures:
            assert row[name] == result.summary[name].iloc[0] or np.isnan(row[name])
        assert result.scenario.hash == row["scenario_hash"]
        assert result.panel is not None
        assert result.panel["on_hand"].notna().all()
    again = table.open(table.iloc[1], timeline=False)
    assert again.summary["total_cost"].iloc[0] == table["total_cost"].iloc[1]
    assert again.timeline is None


def test_a_table_that_is_read_back_opens_the_same(tmp_path: Path) -> None:
    factors = {BEER + "target": [12, 17], "pace": {"slow": {"horizon": 40}, "fast": {"horizon": 30}}}
    made = cw.sweep("beer_game", factors, reps=2, measures=["total_cost"], engine="serial", out=tmp_path / "x")
    table = cw.read_sweep(tmp_path / "x")
    assert table.open(5).summary["total_cost"].iloc[0] == made["total_cost"].iloc[5]
    assert table.report(tmp_path / "x" / "report.html").stat().st_size > 10_000


def test_a_point_opens_as_its_first_run() -> None:
    table = cw.sweep("beer_game", {BEER + "target": [12, 17]}, reps=2, measures=["total_cost"], engine="serial")
    best = table.best()
    assert table.open(best).summary["total_cost"].iloc[0] == best["total_cost"]
    assert table.open(table.by_point().iloc[[1]]).summary["total_cost"].iloc[0] == table["total_cost"].iloc[2]


def test_what_cannot_be_opened_is_told() -> None:
    table = cw.sweep("beer_game", {BEER + "smoothing": [0.3, 7]}, reps=2, measures=["total_cost"], engine="serial")
    with pytest.raises(UsageError, match=r"design point 1, replication 0 failed: .*got 7"):
        table.open(2)
    with pytest.raises(UsageError, match=r"no row 99; expected a label from 0 to 3"):
        table.open(99)
    with pytest.raises(UsageError, match="no row 'x'"):
        table.open("x")
    with pytest.raises(UsageError, match="no option 'recrd'; did you mean 'record'"):
        table.open(0, recrd=["on_hand"])
    with pytest.raises(UsageError, match="no design_id"):
        table.open(table["total_cost"])
    with pytest.raises(UsageError, match="2 rows 0; give one of them"):
        pd.concat([table, table]).open(0)
