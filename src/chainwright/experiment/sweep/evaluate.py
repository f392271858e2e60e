"""Evaluating candidates of one scenario, many of them in one union: what optimisers, calibration and selection call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from os import PathLike
from typing import Any

import pandas as pd

from chainwright.experiment.sweep.measures import measure_names
from chainwright.experiment.sweep.pack import UNION_ITEMS, Request, compute
from chainwright.experiment.sweep.point import Point
from chainwright.experiment.sweep.remarks import remarks_of
from chainwright.scenario import Scenario, load
from chainwright.scenario.change.left_behind import warn
from chainwright.words.requests import LARGEST_SEED, run_numbers, whole_number


class Evaluator:
    """Plays candidates and remembers what it has played.

    Parameters
    ----------
    scenario : Scenario, str or path
        What the candidates change.
    measures : iterable of str, optional
        What is measured, as for `chainwright.sweep`.
    seed, periods : int, optional
        As for `chainwright.run`.
    common : bool
        Whether replication r has the same random draws for every candidate.
    agents : mapping, optional
        Who decides in place of the policies.

    Examples
    --------
    >>> import chainwright as cw
    >>> evaluate = Evaluator("beer_game", ["total_cost"])
    >>> table = evaluate([{"policies.place_orders.default.target": 17}, {"variant": "pass_on"}], reps=1)
    >>> table["candidate"].tolist(), evaluate.played
    ([0, 1], 2)
    """

    def __init__(
        self,
        scenario: Scenario | str | PathLike[str],
        measures: Iterable[str] | None = None,
        seed: int | None = None,
        periods: int | None = None,
        *,
        common: bool = True,
        agents: Mapping[str, Any] | None = None,
    ) -> None:
        chosen = scenario if isinstance(scenario, Scenario) else load(scenario)
        used_seed = chosen.seed if seed is None else whole_number(seed, "seed", 0, LARGEST_SEED)
        used_periods = None if periods is None else whole_number(periods, "periods", 1)
        self.request = Request(chosen, used_seed, measure_names(measures, chosen), used_periods, common, agents=dict(agents or {}))
        # How many runs were played; those that were known already are not counted.
        self.played = 0
        self._items = len(chosen.blueprint().tables["items"]["enterprise"])
        # Whether what the candidates leave behind was told; once is enough.
        self._warned = False
        self._known: dict[tuple[str, int], dict[str, Any]] = {}

    def __call__(self, candidates: Sequence[Mapping[str, Any]], reps: int | Sequence[int]) -> pd.DataFrame:
        """Play some replications of some candidates.

        Parameters
        ----------
        candidates : sequence of mapping
            Each maps dotted paths to values; ``variant`` names a variant of the scenario.
        reps : int or sequence of int
            How many replications of each, or their numbers.

        Returns
        -------
        DataFrame
            One row per candidate and replication: candidate (its place), rep, status, message, and the measures.
        """
        numbers = run_numbers(reps)
        points = [_point(place, candidate) for place, candidate in enumerate(candidates)]
        wanted: dict[str, tuple[Point, tuple[int, ...]]] = {}
        for point in points:
            missing = tuple(number for number in numbers if (point.key, number) not in self._known)
            if missing and point.key not in wanted:
                wanted[point.key] = (point, missing)
        if not self._warned:
            remarks = remarks_of(self.request.scenario, (point for point, _ in wanted.values()))
            self._warned = bool(remarks)
            warn(remarks)
        for batch in _batches(list(wanted.values()), max(1, UNION_ITEMS // max(1, self._items))):
            table = compute(self.request, batch)
            names = list(map(str, table.columns))
            for values in zip(*(table[name].tolist() for name in names), strict=True):
                row = dict(zip(names, values, strict=True))
                self._known[row["point"], row["rep"]] = row
                self.played += 1
        kept = ("rep", "status", "message", *self.request.measures)
        rows = []
        for place, point in enumerate(points):
            for number in numbers:
                known = self._known[point.key, number]
                rows.append({"candidate": place} | {name: known[name] for name in kept})
        return pd.DataFrame(rows, columns=["candidate", *kept])


def _point(place: int, candidate: Mapping[str, Any]) -> Point:
    settings = dict(candidate)
    variant = settings.pop("variant", None)
    return Point(place, dict(candidate), settings, variant)


def _batches(wanted: Sequence[tuple[Point, tuple[int, ...]]], runs: int) -> list[list[tuple[Point, tuple[int, ...]]]]:
    """Points with their replications in batches of so many runs, or a few more."""
    batches: list[list[tuple[Point, tuple[int, ...]]]] = []
    size = 0
    for one in wanted:
        if not batches or size >= runs:
            batches.append([])
            size = 0
        batches[-1].append(one)
        size += len(one[1])
    return batches
