"""What an analyst meets at the edges of a sweep: requests that contradict themselves, and rows of a design that repeat."""

from __future__ import annotations

import pandas as pd
import pytest

import chainwright as cw
from chainwright.experiment.sweep.estimate import estimate
from chainwright.report.sweeps.story import Story

LEVEL, TARGET = "policies.place_orders.stand.level", "policies.place_orders.default.target"


def test_a_horizon_as_a_factor_does_not_go_with_periods_for_all() -> None:
    with pytest.raises(cw.UsageError, match="the 150 periods hold for every point"):
        cw.sweep("newsvendor", {"horizon": [200, 300]}, periods=150, engine="serial")


def test_warm_ups_that_leave_nothing_at_any_point_are_refused_at_once() -> None:
    with pytest.raises(cw.UsageError, match="in 50 periods nothing is left to measure after a warm-up of 100"):
        cw.sweep("newsvendor", {"warm_up": [100, 200]}, periods=50, engine="serial")
    table = cw.sweep("newsvendor", {"warm_up": [10, 200]}, periods=50, engine="serial", measures=["total_cost"])
    assert table["status"].tolist() == ["done", "failed"]


def test_two_factors_of_one_path_are_told_by_their_names() -> None:
    with pytest.raises(cw.UsageError, match=r"factor 'plan': .* is set by factor .* too"):
        cw.sweep("beer_game", {TARGET: [1, 2], "plan": {"low": {TARGET: 16}, "high": {TARGET: 20}}}, engine="serial")


def test_rows_that_repeat_the_best_point_are_no_rivals_of_it() -> None:
    table = cw.sweep("newsvendor", design=pd.DataFrame({LEVEL: [56, 56, 20]}), reps=4, periods=150, measures=["total_cost"], engine="serial")
    assert Story(table).told_apart() == (0, 1)


def test_what_is_certain_is_not_put_down_to_luck() -> None:
    table = cw.sweep("beer_game", {"enterprises.retailer.items.beer.unit_cost": [1, 2]}, reps=2, measures=["fill_rate"], engine="serial")
    said = " ".join(Story(table).sentences())
    assert "just the same" in said
    assert "luck" not in said


def test_limits_that_nobody_keeps_are_told_as_such() -> None:
    found = cw.optimise("newsvendor", over={LEVEL: (50, 52)}, subject_to={"fill_rate": ">=1.5"}, reps=2, final_reps=2, periods=150)
    assert not found.feasible
    assert "no candidate that was tried kept all limits" in str(found)


def test_points_of_different_lengths_are_judged_by_the_period() -> None:
    table = cw.sweep("beer_game", {"horizon": [10, 20, 36]}, reps=2, engine="serial")
    assert table.measure() == "cost_per_period"
    assert table.best()["horizon"] == table.by_point().sort_values("cost_per_period")["horizon"].iloc[0]


def test_a_dry_run_knows_the_longest_points() -> None:
    short, long = (estimate("newsvendor", {"horizon": [200, longest]}, reps=200, trial=False) for longest in (300, 110_000))
    assert long.seconds > 50 * short.seconds
    assert long.packs > short.packs
