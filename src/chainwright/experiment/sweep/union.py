"""One union of a sweep: many points of one structure and their replications side by side, played and measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.experiment.affordable import cost, refuse_beyond
from chainwright.experiment.run import made_roster
from chainwright.experiment.sweep.measures import ON_TIME, measured, tables_of
from chainwright.metrics.counted import check_counted
from chainwright.metrics.invariants import Invariants
from chainwright.metrics.trade.accumulate import Accumulator
from chainwright.metrics.trade.on_time import OnTime
from chainwright.network.blueprint import Blueprint
from chainwright.network.points import Points
from chainwright.network.takeovers import seats_together
from chainwright.scenario import Scenario
from chainwright.words.errors import UsageError
from chainwright.world import World


@dataclass(frozen=True)
class Playable:
    """A point made ready to be played.

    Parameters
    ----------
    blueprint : Blueprint
        Its network.
    changes : mapping
        The blueprints of its interventions by period.
    periods, warm_up : int
        How long it is played, and how much of that is not measured.
    agents : mapping
        Who decides in place of the policies.
    hash : str
        Of its scenario.
    structure : str
        Two playables that share it can lie in one union.
    """

    blueprint: Blueprint
    changes: Mapping[int, Blueprint]
    periods: int
    warm_up: int
    agents: Mapping[str, Any]
    hash: str
    structure: str


def playable(scenario: Scenario, periods: int | None = None, agents: Mapping[str, Any] | None = None) -> Playable:
    """Make a scenario ready to be played.

    Raises
    ------
    UsageError, ScenarioError
        When it cannot be.
    """
    blueprint = scenario.blueprint()
    changes = dict(scenario.stages())
    horizon = scenario.horizon if periods is None else periods
    if horizon <= scenario.warm_up:
        raise UsageError(f"{horizon} periods leave nothing to measure after a warm-up of {scenario.warm_up}; ask for more, or set warm_up")
    seats = seats_together(scenario.agents, agents)
    takes = cost(blueprint, 1, horizon, side_by_side=1, timeline=False, agents=bool(seats))
    alone = "a sweep leaves such a point out; `chainwright run --no-limits` plays it alone"
    refuse_beyond(takes, scenario.name, 1, horizon, all_the_same=alone)
    # Agents remember their world: those of two points never sit in one.
    own = scenario.hash if seats else ""
    later = [f"{period} {change.structure}" for period, change in sorted(changes.items())]
    said = " ".join([f"{horizon} {scenario.warm_up} {own} {blueprint.structure}", *later])
    return Playable(blueprint, changes, horizon, scenario.warm_up, seats, scenario.hash, said)


def play(members: Sequence[Playable], of_run: NDArray[Any], runs: Sequence[int], seed: int, measures: Sequence[str], check: bool) -> dict[str, Any]:
    """Play points of one structure side by side.

    Parameters
    ----------
    members : sequence of Playable
        The points.
    of_run : array of int
        For each run of the union, which of the points it plays.
    runs : sequence of int
        For each run of the union its number.
    seed : int
        Seed of all draws.
    measures : sequence of str
        What is measured.
    check : bool
        Whether to assert in every period that goods, money and orders are conserved.

    Returns
    -------
    dict of str to array of float
        Each measure, one number per run.
    """
    first = members[0]
    roster = made_roster(first.blueprint, first.agents)
    points = Points(tuple(one.blueprint for one in members), np.asarray(of_run, np.int32))
    changes = {period: Points(tuple(one.changes[period] for one in members), points.of_run) for period in first.changes}
    world = World(points, runs, seed, changes=changes, agents=roster)
    kept = Accumulator(world, first.warm_up, timeline=False, tables=tables_of(measures))
    punctual = OnTime(world, first.warm_up) if any(name.rpartition(".")[2] == ON_TIME for name in measures) else None
    for watcher in (kept, punctual, Invariants(world) if check else None):
        if watcher is not None:
            world.watch(watcher.observe)
    try:
        world.step(first.periods)
        check_counted(world, kept)
        return measured(world, kept, punctual, measures, first.blueprint)
    finally:
        if roster is not None:
            roster.close()
