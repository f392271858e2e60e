"""What it means that a timeline is like a run: its numbers are those of `cw.run` and its worlds those that never stopped, bit for bit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

import chainwright as cw
from chainwright.experiment.timeline.history import ITEM_COLUMNS
from chainwright.metrics.trade.accumulate import TIMELINE
from chainwright.phases.costs import COSTS
from chainwright.world import World

CHARGED = tuple(cost.paid for cost in COSTS.values())
PLAIN = tuple(name for name in ITEM_COLUMNS if name not in ("production_orders", "costs"))
RECORDED = (*PLAIN, "production_orders", "yield_share", *CHARGED, "purchase_cost_paid")


def run_like(timeline: cw.Timeline, period: int, **options: Any) -> cw.Result:
    """The run that the timeline should equal."""
    met = [one for one in timeline.interventions if one[0] <= period]
    return cw.run(timeline.scenario, seed=timeline.seed, runs=[timeline.run], periods=period, interventions=met, **options)


def assert_as_run(timeline: cw.Timeline, period: int | None = None, **options: Any) -> None:
    """Summary, items and echelons of all periods up to one are those of a run."""
    at = timeline.played if period is None else period
    if at <= timeline.warm_up:
        assert all(np.isnan(value) for value in timeline.summary(at).values())
        return
    result = run_like(timeline, at, record=RECORDED, **options)
    assert timeline.history.periods == timeline.played
    pd.testing.assert_series_equal(pd.Series(timeline.summary(at)), result.summary.iloc[0].drop("run"), check_exact=True, check_names=False)
    panel = result.panel
    assert panel is not None
    expected = {name: panel[name].to_numpy() for name in PLAIN}
    expected["production_orders"] = (panel["production_orders"] * panel["yield_share"]).to_numpy()
    costs = panel[CHARGED[0]].to_numpy()
    for name in (*CHARGED[1:], "purchase_cost_paid"):
        costs = costs + panel[name].to_numpy()
    expected["costs"] = costs
    for name, values in expected.items():
        np.testing.assert_array_equal(timeline.history.items[name][:at].ravel(), values, err_msg=name)
    assert result.timeline is not None
    for name in TIMELINE:
        np.testing.assert_array_equal(timeline.history.echelons[name][:at].ravel(), result.timeline[name].to_numpy(), err_msg=name)


def never_stopped(timeline: cw.Timeline, period: int) -> World:
    """A world that was built with all that is done and played to a period without a stop."""
    changes = dict(timeline.scenario.stages(timeline.interventions))
    world = World(timeline.scenario.blueprint(), [timeline.run], timeline.seed, changes=changes)
    world.step(period)
    return world


def assert_same_state(one: World, other: World) -> None:
    """Two worlds stand where they would go on alike."""
    first, second = one.snapshot(), other.snapshot()
    assert first.period == second.period
    for table, columns in first.columns.items():
        for name, column in columns.items():
            np.testing.assert_array_equal(column, second.columns[table][name], err_msg=f"{table}.{name}")
    # A ring may be wider where it once had to be; what is due, and when, is the same.
    for name in ("orders", "goods", "process"):
        mine, others = getattr(one, name), getattr(other, name)
        for ahead in range(max(mine.width, others.width)):
            due = [ring.due(first.period + ahead) if ahead < ring.width else np.zeros(ring.rows) for ring in (mine, others)]
            np.testing.assert_array_equal(*due, err_msg=name)
    for mine, others in zip(first.memories, second.memories, strict=True):
        for name, kept in mine.items():
            np.testing.assert_array_equal(kept, others[name], err_msg=name)
    np.testing.assert_array_equal(first.others["held"]["transport"]["last_due"], second.others["held"]["transport"]["last_due"])
    assert first.others["held"]["events"] == second.others["held"]["events"]
