"""From a design to packs of work: points made of its rows, points of one structure side by side, packs of a few seconds each."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chainwright.experiment.affordable import SECONDS_PER_ITEM_PERIOD, SECONDS_PER_PERIOD, TIMES_WITH_AGENTS
from chainwright.experiment.sweep.pack import UNION_ITEMS
from chainwright.experiment.sweep.point import Point
from chainwright.words.errors import UsageError

if TYPE_CHECKING:
    from chainwright.experiment.designs.making import Design

Need = tuple[Point, tuple[int, ...]]
Pack = list[Need]

# What making a point costs, in seconds. Packs are cut by it, so being wrong costs some time and changes no number.
SECONDS_PER_POINT = 2e-3
SECONDS_PER_ITEM_MADE = 3e-7
# A process that is killed loses its packs, so they are short; the shortest still cost more than handing them over.
LONGEST_PACK, SHORTEST_PACK = 8.0, 0.4
# So often each worker comes back for more before the end, at the least: what is left over when the others are done is small then.
PACKS_PER_WORKER = 3


@dataclass(frozen=True)
class Pace:
    """How long things take, as far as can be told before they are done.

    Parameters
    ----------
    items, periods : int
        Items of the scenario, and periods of a run.
    agents : bool
        Whether agents decide.

    Examples
    --------
    >>> Pace(6, 36).seconds(1, 1000) < Pace(6, 36).seconds(1000, 1)
    True
    """

    items: int
    periods: int
    agents: bool = False

    @property
    def union(self) -> int:
        """Runs that lie side by side in one full union."""
        return max(1, UNION_ITEMS // max(1, self.items))

    @property
    def per_run(self) -> float:
        """Seconds of one run in a full union."""
        return self.items * self.periods * SECONDS_PER_ITEM_PERIOD * (TIMES_WITH_AGENTS if self.agents else 1.0)

    @property
    def per_point(self) -> float:
        """Seconds of making a point."""
        # The points of one structure share a union; agents have one for each point.
        return SECONDS_PER_POINT + self.items * SECONDS_PER_ITEM_MADE + (self.periods * SECONDS_PER_PERIOD if self.agents else 0.0)

    @property
    def shortest(self) -> float:
        """Seconds of work below which a pack is mostly waste."""
        return max(SHORTEST_PACK, 2 * self.periods * SECONDS_PER_PERIOD)

    def seconds(self, points: int, reps: int) -> float:
        """Seconds of so many points with so many replications each, beside what each pack costs once."""
        return points * (self.per_point + reps * self.per_run)


class Backlog:
    """What is yet to be played, and in what helpings it is handed out.

    Helpings shrink towards the end, so that no worker is left alone with a large one. How they are cut depends on the workers and on
    what was finished when; what each run gives does not.

    Parameters
    ----------
    pace : Pace
        How long things take.

    Examples
    --------
    >>> backlog = Backlog(Pace(6, 36))
    >>> backlog.add([(Point(number, settings={"horizon": number}), (0, 1)) for number in range(5)])
    >>> [len(pack) for pack in backlog.packs(workers=2)], len(backlog)
    ([5], 0)
    """

    def __init__(self, pace: Pace) -> None:
        self.pace = pace
        self._waiting: deque[Need] = deque()
        self._seconds = 0.0

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, needs: Iterable[Need]) -> None:
        """Queue points with the replications that are needed of each."""
        for point, reps in needs:
            if reps:
                self._waiting.append((point, tuple(reps)))
                self._seconds += self.pace.seconds(1, len(reps))

    def take(self, workers: int) -> Pack | None:
        """The next pack, or None where nothing waits."""
        if not self._waiting:
            return None
        share = self._seconds / workers
        # What is left and not worth parting goes together.
        least = min(self.pace.shortest, share) if self._seconds > self.pace.shortest else self.pace.shortest
        room = min(LONGEST_PACK, max(share / PACKS_PER_WORKER, least))
        pack: Pack = []
        while self._waiting:
            point, reps = self._waiting.popleft()
            fitting = self._fitting(room, len(reps), alone=not pack)
            if fitting == 0:
                self._waiting.appendleft((point, reps))
                break
            pack.append((point, reps[:fitting]))
            spent = self.pace.seconds(1, fitting)
            room -= spent
            self._seconds -= spent
            if fitting < len(reps):
                self._waiting.appendleft((point, reps[fitting:]))
                self._seconds += self.pace.per_point  # it is made once more
                break
        return pack

    def packs(self, workers: int) -> list[Pack]:
        """Everything that waits, in packs."""
        made = []
        while (pack := self.take(workers)) is not None:
            made.append(pack)
        self._seconds = 0.0
        return made

    def _fitting(self, room: float, reps: int, alone: bool) -> int:
        """How many of a point's replications fit; at least one into an empty pack."""
        if self.pace.seconds(1, reps) <= room * 1.001:
            return reps
        fitting = int((room - self.pace.per_point) / max(self.pace.per_run, 1e-12))
        if not alone:
            # A point is parted only where it fills a pack by itself.
            return min(reps, fitting) if self.pace.seconds(1, reps) > LONGEST_PACK and fitting >= self.pace.union else 0
        return max(1, min(reps, fitting))


def points_of(design: Design) -> list[Point]:
    """The points that a design's rows mean for the scenario, in the order of the design.

    Raises
    ------
    UsageError
        When two factors of a row each name a variant.
    """
    columns = {factor.name: design.points[factor.name].tolist() for factor in design.factors}
    made = []
    for number in range(len(design.points)):
        values = {name: column[number] for name, column in columns.items()}
        settings: dict[str, Any] = {}
        variants = []
        for factor in design.factors:
            own, variant = factor.settings(values[factor.name])
            # A later factor may say over what an earlier one said, and then comes after it.
            for path, value in own.items():
                settings.pop(path, None)
                settings[path] = value
            variants += [variant] if variant is not None else []
        if len(variants) > 1:
            raise UsageError(f"point {number} of the design names {len(variants)} variants ({', '.join(variants)}); a point has one at the most")
        made.append(Point(number, values, settings, variants[0] if variants else None))
    return made


def by_structure(points: Sequence[Point], design: Design) -> list[Point]:
    """The points in the order in which they are played: those with the same structural values beside each other, each key once."""
    structural = [factor.name for factor in design.factors if factor.structural]
    groups: dict[str, list[Point]] = {}
    seen: set[str] = set()
    for point in points:
        if point.key in seen:
            continue
        seen.add(point.key)
        said = json.dumps([point.values.get(name) for name in structural], sort_keys=True, default=str)
        groups.setdefault(said, []).append(point)
    return [point for group in groups.values() for point in group]
