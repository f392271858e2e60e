"""Intervals and paired differences: equal to those of scipy, sensible at the edges, and of a sweep's points as of two scenarios."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import chainwright as cw
from chainwright.experiment.statistics import paired, runs_for, welch_half_width
from chainwright.metrics.intervals import estimate, half_width, student

VALUES = st.lists(st.tuples(st.floats(-1e3, 1e3), st.floats(-1e3, 1e3)), min_size=2, max_size=30)


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=30), st.floats(0.5, 0.999))
def test_an_interval_is_that_of_scipy(values: list[float], confidence: float) -> None:
    data = np.asarray(values)
    low, high = stats.t.interval(confidence, len(data) - 1, data.mean(), data.std(ddof=1) / math.sqrt(len(data))) if np.ptp(data) else (data[0],) * 2
    found = estimate([*values, math.nan], confidence)
    assert (found.low, found.high) == (pytest.approx(low, abs=1e-6), pytest.approx(high, abs=1e-6))
    assert found.runs == len(values)
    assert half_width(values, confidence) == pytest.approx((high - low) / 2.0, abs=1e-6)


def test_intervals_of_several_hold_together() -> None:
    """Bonferroni: each is an interval at the level that leaves so small a share of the error."""
    assert student(9, 0.95, several=5) == pytest.approx(student(9, 0.99))
    assert math.isnan(half_width([1.0]))
    assert not estimate([]).known
    assert not estimate([3.0]).interval


@given(VALUES)
def test_what_pairing_saves_agrees_with_the_half_widths(values: list[tuple[float, float]]) -> None:
    one, other = (np.asarray(column) for column in zip(*values, strict=True))
    found = paired(one, other)
    assert found.pairs == len(values)
    assert found.half_width >= 0.0
    assert math.isnan(found.correlation) or -1.0 <= found.correlation <= 1.0
    # Fewer runs than pairs are needed just where the wider interval is that of the pairs.
    if found.half_width_without_pairing > found.half_width * (1.0 + 1e-6):
        assert found.runs_saved > 0.0
    elif found.half_width_without_pairing > 0.0:
        assert found.runs_saved <= 0.0
    # The other way round the sign changes and nothing else.
    back = paired(other, one)
    assert back.difference == -found.difference
    assert (back.half_width, back.runs_without_pairing) == (pytest.approx(found.half_width), pytest.approx(found.runs_without_pairing, rel=1e-6))


def test_welchs_interval_is_that_of_scipy() -> None:
    rng = np.random.default_rng(4)
    a, b = rng.normal(0.0, 1.0, 12), rng.normal(0.0, 5.0, 12)
    interval = stats.ttest_ind(b, a, equal_var=False).confidence_interval(0.9)
    assert welch_half_width(a.var(ddof=1), b.var(ddof=1), 12, 0.9) == pytest.approx((interval.high - interval.low) / 2.0)


def test_runs_that_nothing_asks_for_and_runs_beyond_counting() -> None:
    assert runs_for(0.0, 0.0, 0.0, 30) == 30.0
    assert runs_for(0.0, 1.0, 0.0, 30) == math.inf
    assert runs_for(1e-12, 1.0, 1.0, 30) == math.inf
    assert runs_for(1e9, 1.0, 1.0, 30) == 2.0


def test_runs_of_which_one_is_empty_are_left_out() -> None:
    found = paired([1.0, math.nan, 2.0, 4.0], [2.0, 5.0, math.nan, 6.0])
    assert (found.pairs, found.difference) == (2, 1.5)


def sweep_table() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    noise = rng.normal(size=15)
    parts = [pd.DataFrame({"design_id": point, "rep": np.arange(15), "status": "done", "cost": 100 + point + noise}) for point in range(4)]
    table = pd.concat(parts, ignore_index=True)
    table.loc[table["design_id"] == 2, "cost"] += rng.normal(size=15)
    return table.sample(frac=1.0, random_state=2)


def test_differences_between_points_are_paired_by_replication() -> None:
    table = sweep_table()
    found = cw.differences(table, 0, "cost").set_index("design_id")
    assert sorted(found.index) == [1, 2, 3]
    wide = table.pivot(index="rep", columns="design_id", values="cost")
    interval = stats.ttest_1samp(wide[2] - wide[0], 0.0).confidence_interval(0.95)
    assert (found.at[2, "low"], found.at[2, "high"]) == (pytest.approx(interval.low), pytest.approx(interval.high))
    assert found.at[1, "difference"] == pytest.approx(1.0)
    assert found.at[1, "correlation"] == pytest.approx(1.0)
    together = cw.differences(table, 0, "cost", simultaneous=True).set_index("design_id")
    wider = stats.ttest_1samp(wide[2] - wide[0], 0.0).confidence_interval(1.0 - 0.05 / 3)
    assert together.at[2, "low"] == pytest.approx(wider.low)


def test_replications_that_failed_are_left_out() -> None:
    table = sweep_table()
    failed = (table["design_id"] == 3) & (table["rep"] < 5)
    table.loc[failed, ["status", "cost"]] = ["failed", np.nan]
    table.loc[table["design_id"] == 1, "status"] = "failed"
    found = cw.differences(table, 0, "cost").set_index("design_id")
    assert found["pairs"].to_dict() == {3: 10, 1: 0, 2: 15}
    assert math.isnan(found.at[1, "difference"])
    # Where the baseline itself has failed, nothing is known of anybody.
    assert cw.differences(table, 1, "cost")["difference"].isna().all()


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda table: cw.differences(table, 9, "cost"), "no row of the table has design_id 9"),
        (lambda table: cw.differences(table, 0, "costs"), "the table has no column 'costs'"),
        (lambda table: cw.differences(table, 0, "status"), "holds no numbers"),
        (lambda table: cw.differences(table, 0, "cost", 95), "confidence must lie between 0 and 1"),
        (lambda table: cw.differences(pd.concat([table, table]), 0, "cost"), "stands twice"),
    ],
)
def test_what_cannot_be_paired_is_told(call: object, words: str) -> None:
    with pytest.raises(cw.UsageError, match=words):
        call(sweep_table())  # type: ignore[operator]


def test_the_points_of_a_sweep_as_two_scenarios_compared() -> None:
    game = cw.load("beer_game").with_({"enterprises.drinkers.items.beer.demand": {"policy": "normal", "mean": 8, "deviation": 2}})
    path = "policies.place_orders.default.target"
    table = cw.sweep(game, {path: [16, 20]}, reps=6, measures=["total_cost"], engine="serial")
    found = cw.differences(table, 0, "total_cost").iloc[0]
    row = cw.compare(game.with_({path: 16}), game.with_({path: 20}), runs=6, metrics=["total_cost"]).table.iloc[0]
    assert found[path] == 20
    assert (found["difference"], found["low"], found["runs_saved"]) == (row["difference"], row["low"], row["runs_saved"])
