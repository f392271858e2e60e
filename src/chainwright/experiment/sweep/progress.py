"""What is known of a sweep, what is still needed of each point, and the table of all of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from chainwright.experiment.sweep.pack import DONE
from chainwright.experiment.sweep.parts import laid_together
from chainwright.experiment.sweep.plan import Need
from chainwright.experiment.sweep.point import Point
from chainwright.experiment.sweep.until import REACHED, UNKNOWN, Until

# Columns between the factors and the measures.
FACTS = ("rep", "run", "seed", "scenario_hash", "version", "status", "message", "wall_s")
ID = "design_id"


class SweepProgress:
    """Keeps the rows of a sweep, and knows which replications each point still needs.

    Parameters
    ----------
    points : sequence of Point
        Each once.
    reps : tuple of int or Until
        Which replications, or the rule that decides it.
    measures : sequence of str
        Columns of the rows.
    """

    def __init__(self, points: Sequence[Point], reps: tuple[int, ...] | Until, measures: Sequence[str]) -> None:
        self.reps = reps
        self.measures = tuple(measures)
        self.verdicts: dict[str, str] = {}
        # Runs that the table will have of these points, as far as that is known yet, and those of them that are there.
        self.total = self.done = 0
        self._points = {point.key: point for point in points}
        self._frames: list[pd.DataFrame] = []
        self._known: dict[str, set[int]] = {key: set() for key in self._points}
        self._rows: dict[str, dict[int, tuple[float, ...] | None]] = {key: {} for key in self._points}
        self._counts: dict[str, int] = {}
        self._awaited: dict[str, set[int]] = {}

    def recall(self, frames: Iterable[pd.DataFrame], again: bool) -> None:
        """Take rows over from before; `again` leaves out those that failed."""
        for frame in frames:
            self._frames.append(frame)
            self._learn(frame[frame["status"] == DONE] if again else frame)

    def needs(self) -> list[Need]:
        """What every point needs now, in the order of the points."""
        return [(point, missing) for point in self._points.values() if (missing := self._needs(point.key))]

    def take_in(self, frame: pd.DataFrame) -> list[Need]:
        """Take the rows of a finished pack; answers what its points need beyond what is on its way."""
        self._frames.append(frame)
        self._learn(frame)
        needs = []
        for key, reps in frame.groupby("point", sort=False)["rep"]:
            awaited = self._awaited[str(key)]
            self.done += len(awaited.intersection(reps))
            awaited.difference_update(reps)
            if not awaited and isinstance(self.reps, Until) and (missing := self._needs(str(key))):
                needs.append((self._points[str(key)], missing))
        return needs

    def reps_of(self, key: str) -> Sequence[int]:
        """The replications of a point that the table has."""
        return range(self._counts[key]) if isinstance(self.reps, Until) else self.reps

    def told(self, keys: Sequence[str]) -> dict[str, list[int]]:
        """Places among keys of those points that the rule gave up: `the most` and `unknown`."""
        said = {name: [place for place, key in enumerate(keys) if self.verdicts.get(key) == name] for name in (REACHED, UNKNOWN)}
        return {name: places for name, places in said.items() if places}

    def table(self, keys: Sequence[str], columns: pd.DataFrame) -> pd.DataFrame:
        """The table: the points of a design in order, each with its replications; rows that are not there (yet) are left out.

        Parameters
        ----------
        keys : sequence of str
            Of the points of the design.
        columns : DataFrame
            Their factors.
        """
        rows = laid_together(self._frames, self.measures)
        number = {key: place for place, key in enumerate(self._points)}
        # The folder may hold points of another design as well.
        rows = rows[rows["point"].isin(list(number))]
        reps = [np.asarray(self.reps_of(key), np.int64) for key in keys]
        design = np.repeat(np.arange(len(keys)), [len(one) for one in reps])
        wanted = [
            np.repeat(np.asarray([number[key] for key in keys], np.int64), [len(one) for one in reps]),
            np.concatenate(reps) if reps else np.empty(0, np.int64),
        ]
        held = [rows["point"].map(number).to_numpy(np.int64), rows["rep"].to_numpy(np.int64)]
        place = pd.MultiIndex.from_arrays(held).get_indexer(pd.MultiIndex.from_arrays(wanted)) if len(rows) else np.full(len(design), -1)
        there = place >= 0
        found = rows.iloc[place[there]].reset_index(drop=True)
        factors = columns.iloc[design[there]].reset_index(drop=True)
        numbers = pd.DataFrame({ID: design[there].astype(np.int64)})
        return pd.concat([numbers, factors, found[[*FACTS, *self.measures]]], axis=1)

    def _needs(self, key: str) -> tuple[int, ...]:
        if isinstance(self.reps, Until):
            before = self._counts.get(key, 0)
            self._counts[key], missing, verdict = self.reps.next(self._rows[key], before)
            if verdict:
                self.verdicts[key] = verdict
            asked = self._counts[key] - before
        else:
            known = self._known[key]
            missing = tuple(rep for rep in self.reps if rep not in known)
            asked = len(self.reps)
        self.total += asked
        self.done += asked - len(missing)
        self._awaited[key] = set(missing)
        return missing

    def _learn(self, frame: pd.DataFrame) -> None:
        if not isinstance(self.reps, Until):
            for key, reps in frame.groupby("point", sort=False)["rep"]:
                if key in self._known:
                    self._known[str(key)].update(reps.tolist())
            return
        values = frame[list(self.reps.measures)].to_numpy(np.float64).tolist()
        for key, rep, status, row in zip(frame["point"], frame["rep"].tolist(), frame["status"], values, strict=True):
            # What is done once stays so.
            if key in self._rows and (status == DONE or self._rows[key].get(rep) is None):
                self._rows[key][rep] = tuple(row) if status == DONE else None
