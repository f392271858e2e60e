"""What a late subject declares of costs, sums, metrics, result tables, balances and invariants is known everywhere, and gone again afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import chainwright as cw
from chainwright.experiment.sweep.measures import measure_names
from chainwright.experiment.sweep.union import play, playable
from chainwright.metrics import balances, results, sums
from chainwright.metrics.balances import conserves, holds
from chainwright.metrics.declarations import Balance, Invariant, Metric, ResultTable, SignRule, Sum, Term
from chainwright.metrics.directions import is_goal, less_is_better
from chainwright.metrics.invariants import Invariants
from chainwright.metrics.results import RESULT_TABLES, defines, metrics_of, tabulates
from chainwright.metrics.sums import sums_up
from chainwright.phases import costs
from chainwright.phases.costs import charges
from chainwright.words.costs import Cost
from chainwright.words.declarations import Subject
from chainwright.words.errors import InvariantError, UsageError
from chainwright.words.recordable import recordable
from chainwright.words.schema import Column
from chainwright.words.subjects import declare
from tests.declared.upkeep import AWAY, declared, with_machines
from tests.shipped import shipped

KNOWN: tuple[dict[Any, Any], ...] = (
    *(costs._costs, sums._sums, results._metrics, results._tables, balances._balances, balances._terms),
    *(balances._invariants, balances._sign_rules),
)
MONEY = Subject(
    "upkeep_money", "What the wear of machines costs.",
    columns=(
        Column("machines", "wear_cost", "float64", "money per unit of wear and period", 2.0, "input", "own", "Charged on wear"),
        Column("items", "wear_cost_paid", "float64", "money per period", 0.0, "state", "own", "Cost of wear of this period", feature="upkeep"),
    ),
)  # fmt: skip
BEFORE = {name: metrics_of(name) for name in RESULT_TABLES}


@contextmanager
def measured() -> Iterator[None]:
    """The subject with what it declares of results, gone again afterwards."""
    kept = [{name: list(one) if isinstance(one, list) else one for name, one in held.items()} for held in KNOWN]
    with declared():
        declare(MONEY)
        charges(Cost("wear_cost", "machines", "wear_cost", lambda world, rows: world.machines.wear[rows], "upkeep", to="item"))
        sums_up(Sum("machines", "wear", "upkeep"))
        sums_up(Sum("machines", "repaired", "upkeep", "repairs"))
        sums_up(Sum("items", "broken", "upkeep"))
        broken = {"items": lambda world, watched: watched.sums("items")["broken"] / watched.periods}
        defines(Metric("wear_cost", "money", "Cost of wear over the measured periods", "less", True, feature="upkeep"))
        defines(Metric("wear_mean", "-", "Mean wear at the end of the period", "less"))
        defines(Metric("broken_mean", "machines", "Mean number of machines that are away", "less", of=broken, feature="upkeep"))
        tabulates(ResultTable("machines", of_machines, "machines", None, ("wear_mean",), (Metric("repairs", "-", "How often"),), "upkeep"))
        conserves(Balance("machines under repair", "machines", feature="upkeep"))
        balances.balances(Term("machines under repair", "held", "machines", lambda world: world.repairs.later(world.period), feature="upkeep"))
        broke = Term("machines under repair", "gained", "machines", lambda world: world.repairs.due(world.period + AWAY), feature="upkeep")
        balances.balances(broke)
        balances.balances(Term("machines under repair", "spent", "machines", "repaired", feature="upkeep"))
        holds(Invariant("new machines", lambda world: worn_out, "upkeep"))
        try:
            yield
        finally:
            for one, before in zip(KNOWN, kept, strict=True):
                one.clear()
                one.update(before)


def of_machines(world: Any, watched: Any) -> dict[str, Any]:
    """The columns of the result table."""
    found = watched.sums("machines")
    return {"wear_mean": found["wear"] / watched.periods, "repairs": found["repairs"]}


def worn_out(world: Any) -> str | None:
    """No machine is worn beyond what breaks it."""
    return "a machine is worn out" if bool((world.machines.wear > 20.0).any()) else None


@pytest.fixture
def machines(monkeypatch: pytest.MonkeyPatch) -> Iterator[cw.Scenario]:
    """A scenario whose items have machines that wear."""
    with measured():
        plain = cw.Scenario.blueprint
        monkeypatch.setattr(cw.Scenario, "blueprint", lambda scenario: with_machines(plain(scenario), 1.0))
        yield shipped("beer_game")


def test_every_table_of_a_result_knows_it(machines: cw.Scenario, tmp_path: Path) -> None:
    result = cw.run(machines, runs=2, periods=20, record=["broken", "machines.wear", "lanes.shipped"], check=True)
    table, panel, lanes, of_items = result.machines, result.panel_machines, result.panel_lanes, result.panel
    assert isinstance(table, pd.DataFrame)
    assert isinstance(panel, pd.DataFrame)
    assert isinstance(lanes, pd.DataFrame)
    assert isinstance(of_items, pd.DataFrame)
    assert list(table.columns) == ["run", "enterprise", "product", "label", "wear_mean", "repairs"]
    assert list(panel.columns) == ["run", "period", "enterprise", "product", "label", "wear"]
    assert list(lanes.columns) == ["run", "period", "seller", "buyer", "product", "mode", "shipped"]
    rows = ["run", "enterprise", "product", "label"]
    mean = panel.groupby(rows)["wear"].mean()
    np.testing.assert_allclose(table.set_index(rows)["wear_mean"].loc[mean.index], mean)
    assert table["repairs"].sum() > 0
    items = result.items.set_index(["run", "enterprise", "product"])
    broken = of_items.groupby(["run", "enterprise", "product"])["broken"].mean()
    np.testing.assert_allclose(items["broken_mean"].loc[broken.index], broken)
    # Two units of money for each unit of wear that stands at the end of a period; outside sources have no cost.
    tables = machines.blueprint().tables
    outside = tables["enterprises"]["name"][tables["items"]["enterprise"][tables["items"]["unlimited"]]]
    due = 2.0 * panel[~panel["enterprise"].isin(outside)].groupby("run")["wear"].sum()
    np.testing.assert_allclose(result.summary["wear_cost"], due)
    np.testing.assert_allclose(result.enterprises.groupby("run")["wear_cost"].sum(), due)
    np.testing.assert_allclose(result.echelons.groupby("run")["wear_cost"].sum(), due)
    kinds = ["holding_cost", "backorder_cost", "in_transit_holding_cost", "ordering_cost", "production_cost", "wear_cost", "purchase_cost"]
    np.testing.assert_allclose(result.summary["total_cost"], result.summary[kinds].sum(axis=1))
    assert result.timeline is not None
    np.testing.assert_allclose(result.timeline.groupby("run")["total_cost"].sum(), result.summary["total_cost"])
    np.testing.assert_allclose(result.summary["cash"], -result.summary["total_cost"])
    saved = result.save(tmp_path / "out", report=True)
    assert "wear cost" in (saved / "report.html").read_text(encoding="utf-8")
    assert {"machines.parquet", "panel_machines.parquet", "panel_lanes.parquet"} <= {path.name for path in saved.iterdir()}
    pd.testing.assert_frame_equal(pd.read_parquet(saved / "machines.parquet"), table, check_exact=True)


def test_a_sweep_measures_one_row_of_it(machines: cw.Scenario) -> None:
    asked = ("machines.retailer.beer.saw.wear_mean", "machines.retailer.beer.lathe.repairs", "items.retailer.beer.broken_mean", "wear_cost")
    names = measure_names(asked, machines)
    found = play([playable(machines, 20)], np.zeros(2, np.int64), range(2), machines.seed, names, True)
    result = cw.run(machines, runs=2, periods=20)
    assert isinstance(result.machines, pd.DataFrame)
    own = result.machines[(result.machines["enterprise"] == "retailer")].set_index(["label", "run"])
    assert found[asked[0]].tolist() == own.loc["saw", "wear_mean"].tolist()
    assert found[asked[1]].tolist() == own.loc["lathe", "repairs"].tolist()
    assert found["wear_cost"].tolist() == result.summary["wear_cost"].tolist()
    assert "wear_cost" in measure_names(None, machines)
    assert (less_is_better(asked[0]), is_goal(asked[0]), is_goal("wear_cost")) == (True, False, True)
    for wrong, told in (
        ("machines.retailer.saw.wear_mean", "expected 'machines.ENTERPRISE.PRODUCT.LABEL.wear_mean' or the like"),
        ("machines.retailer.beer.sw.wear_mean", "there is no 'retailer.beer.sw' among the machines; did you mean 'retailer.beer.saw'"),
        ("machines.retailer.beer.saw.wear", "no metric of machines is called 'wear'; did you mean 'wear_mean'"),
    ):
        with pytest.raises(UsageError, match=told):
            measure_names([wrong], machines)


def test_a_timeline_keeps_its_cost(machines: cw.Scenario) -> None:
    timeline = cw.Timeline(machines)
    timeline.play(12)
    result = cw.run(machines, periods=12)
    per_period = timeline.history.echelons["wear_cost"]
    np.testing.assert_allclose(per_period.sum(), result.summary["wear_cost"].sum())
    np.testing.assert_allclose(timeline.history.items["costs"].sum(), result.items["total_cost"].sum())
    assert timeline.history.measures["wear_cost"][11] == result.summary["wear_cost"][0]


def test_where_nobody_needs_it_results_stay_as_they_were() -> None:
    before = cw.run(shipped("beer_game"), periods=8).tables
    with measured():
        result = cw.run(shipped("beer_game"), periods=8, check=True)
        assert result.machines is None
        for name, table in result.tables.items():
            pd.testing.assert_frame_equal(table, before[name], check_exact=True)
        assert measure_names(None, shipped("beer_game")) == tuple(name for name in BEFORE["summary"] if name != "on_time_in_full")
    assert {name: metrics_of(name) for name in RESULT_TABLES} == BEFORE
    assert "machines.wear" not in recordable()


def test_its_balance_and_its_invariant_are_watched(machines: cw.Scenario) -> None:
    for what, told in (("repairs", "period 9: machines under repair are not conserved"), ("wear", "period 9: a machine is worn out")):
        world = cw.World(machines.blueprint(), range(2))
        watcher = Invariants(world)
        world.watch(watcher.observe)
        world.step(8)
        world.observers.clear()
        world.step()
        if what == "repairs":
            world.repairs.add(world.period + 1, np.ones(world.machines.rows))
        else:
            world.machines.wear[-1] = 30.0
        with pytest.raises(InvariantError, match=told):
            watcher.observe(world)


def test_what_is_not_at_home_in_a_declaration_is_told(machines: cw.Scenario) -> None:
    wear = Cost("wear_cost", "machines", "wear_cost", lambda world, rows: world.machines.wear[rows], "upkeep", to="item")
    with pytest.raises(ValueError, match="'wear_cost' is declared twice"):
        charges(wear)
    with pytest.raises(ValueError, match=r"needs the column machines\.speed, which is not declared"):
        charges(Cost("speed_cost", "machines", "speed", wear.base, "upkeep", to="item"))
    with pytest.raises(ValueError, match="is declared twice"):
        sums_up(Sum("machines", "wear"))
    with pytest.raises(ValueError, match=r"machines\.speed, which is not declared"):
        sums_up(Sum("machines", "speed"))
    with pytest.raises(ValueError, match="'robots', which is no table that is declared"):
        tabulates(ResultTable("robots", of_machines, "robots"))
    with pytest.raises(ValueError, match="the name is taken"):
        tabulates(ResultTable("items", of_machines))
    with pytest.raises(ValueError, match="'robots', which is no result table that is declared"):
        defines(Metric("robots", "-", "How many", of={"robots": of_machines}))
    with pytest.raises(ValueError, match="no such balance is declared"):
        balances.balances(Term("robots", "held", "machines", "wear"))
    with pytest.raises(ValueError, match="`to` must be a key by which a row of machines names one of lanes"):
        balances.balances(Term("orders", "held", "machines", "wear", to="item"))
    with pytest.raises(ValueError, match="there is one already"):
        balances.may_be_negative(SignRule("items", lambda world: world.items.customer))
