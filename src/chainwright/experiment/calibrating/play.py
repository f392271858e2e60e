"""Playing candidates for a calibration: what is recorded of a few items in every period, the mean over the replications of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.experiment.calibrating.observed import Observed
from chainwright.experiment.run import made_roster
from chainwright.experiment.sweep.pack import UNION_ITEMS, told
from chainwright.experiment.sweep.point import Point
from chainwright.experiment.sweep.union import Playable, playable
from chainwright.network.points import Points
from chainwright.scenario import Scenario
from chainwright.world import World

Floats = NDArray[np.float64]


class Rows:
    """Watches a world and keeps some columns of a few rows of its items, period after period.

    Parameters
    ----------
    columns : sequence of str
        Which.
    rows : array of int
        Rows of the world's items, of any shape.
    """

    def __init__(self, columns: Sequence[str], rows: NDArray[Any]) -> None:
        self._columns, self._rows = columns, rows
        self._kept: list[list[NDArray[Any]]] = [[] for _ in columns]

    def observe(self, world: Any) -> None:
        """Keep the period that has just ended."""
        for name, kept in zip(self._columns, self._kept, strict=True):
            kept.append(world.items[name][self._rows])

    def kept(self) -> dict[str, Floats]:
        """By column, an array with one line per period in front of the shape of the rows."""
        return {name: np.array(kept, np.float64) for name, kept in zip(self._columns, self._kept, strict=True)}


class Simulator:
    """Simulates what was observed.

    Parameters
    ----------
    scenario : Scenario
        What candidates change.
    observed : Observed
        Which columns of which items, and when.
    seed : int
        Seed of all draws.
    agents : mapping, optional
        Who decides in place of the policies.

    Examples
    --------
    >>> import chainwright as cw
    >>> import pandas as pd
    >>> from chainwright.experiment.calibrating.observed import observed_of
    >>> scenario = cw.load("beer_game")
    >>> simulate = Simulator(scenario, observed_of(pd.Series([4.0, 4.0, 8.0]), scenario, enterprise="drinkers"), 1)
    >>> [one.tolist() for one in simulate([{}], [0])]
    [[4.0, 4.0, 4.0]]
    """

    def __init__(self, scenario: Scenario, observed: Observed, seed: int, agents: Mapping[str, Any] | None = None) -> None:
        # Nothing is measured, so there is nothing to warm up for.
        self._scenario = scenario.with_({"warm_up": 0}) if scenario.warm_up else scenario
        self._observed, self._seed, self._agents = observed, seed, dict(agents or {})
        self.played = 0

    def __call__(self, candidates: Sequence[Mapping[str, Any]], reps: Sequence[int]) -> list[Floats | str]:
        """What each candidate gives in place of the observations, in one row; or why it failed."""
        found: list[Floats | str] = []
        groups: dict[str, list[tuple[int, Playable]]] = {}
        for number, candidate in enumerate(candidates):
            settings = dict(candidate)
            variant = settings.pop("variant", None)
            try:
                made = playable(Point(number, {}, settings, variant).scenario(self._scenario), self._observed.periods, self._agents)
            except Exception as error:  # whatever is wrong with one candidate, the others are played
                found.append(told(error))
                continue
            found.append("")
            groups.setdefault(made.structure, []).append((number, made))
        for group in groups.values():
            items = len(group[0][1].blueprint.tables["items"]["enterprise"])
            size = max(1, UNION_ITEMS // max(1, items * len(reps)))
            for start in range(0, len(group), size):
                self._play(group[start : start + size], reps, found)
        self.played += len(candidates) * len(reps)
        return found

    def _play(self, group: Sequence[tuple[int, Playable]], reps: Sequence[int], found: list[Floats | str]) -> None:
        """Play candidates of one structure in one union; where that fails, in halves, until what fails stands alone."""
        try:
            series = self._recorded([made for _, made in group], reps)
        except Exception as error:  # a policy or an agent of one of them
            if len(group) == 1:
                found[group[0][0]] = told(error)
                return
            for half in (group[: len(group) // 2], group[len(group) // 2 :]):
                self._play(half, reps, found)
            return
        for (number, _), values in zip(group, series, strict=True):
            found[number] = values

    def _recorded(self, members: Sequence[Playable], reps: Sequence[int]) -> list[Floats]:
        """What each member gives in place of the observations, the mean over its replications."""
        first, count = members[0], len(reps)
        of_run = np.repeat(np.arange(len(members), dtype=np.int32), count)
        roster = made_roster(first.blueprint, first.agents)
        points = Points(tuple(one.blueprint for one in members), of_run)
        changes = {period: Points(tuple(one.changes[period] for one in members), of_run) for period in first.changes}
        world = World(points, list(reps) * len(members), self._seed, changes=changes, agents=roster)
        series = self._observed.series
        places = world.template.place["items"][np.asarray([one.item for one in series])]
        rows = Rows(self._observed.columns, world.union.layouts["items"].where(places))
        world.watch(rows.observe)
        try:
            world.step(first.periods)
        finally:
            if roster is not None:
                roster.close()
        kept = rows.kept()
        found = []
        for member in range(len(members)):
            runs = slice(member * count, (member + 1) * count)
            # One candidate's own array, whatever stands beside it: the same bits alone and among many.
            of_series = [np.mean(kept[one.column][one.periods - 1, runs, number].copy(), axis=1) for number, one in enumerate(series)]
            found.append(np.concatenate(of_series))
        return found
