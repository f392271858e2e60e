"""The worlds of a timeline: one at the last period that was played, measured, and others that stand where somebody looks back."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping

from chainwright.experiment.timeline.measuring import Measuring
from chainwright.experiment.timeline.snapshots import Moment, SnapshotStore
from chainwright.network.blueprint import Blueprint
from chainwright.network.points import as_points
from chainwright.world import World

Changes = Mapping[int, Blueprint]
# Worlds refer to themselves; one of so many items is cleared away at once when it is not needed any more.
LARGE = 20_000


class Worlds:
    """Plays the world of a timeline, and brings it back to any period; made without a world, which is built when it is first needed.

    Parameters
    ----------
    build : callable
        Makes a world before its first period from what holds when.
    changes : mapping
        The blueprints that hold from some periods on.
    warm_up : int
        Periods that are not measured.
    store : SnapshotStore, optional
        Moments that were passed already.
    """

    def __init__(self, build: Callable[[Changes], World], changes: Changes, warm_up: int, store: SnapshotStore | None = None) -> None:
        self._build = build
        self._changes = changes
        self._warm_up = warm_up
        self._store = SnapshotStore() if store is None else store
        self._now: tuple[World, Measuring] | None = None

    def stand(self, period: int) -> tuple[World, Measuring]:
        """The world at the end of a period, with what has measured it."""
        if self._now is None or self._now[0].period != period:
            self.let_go()
            self._now = self._brought_to(period)
        return self._now

    def _brought_to(self, period: int) -> tuple[World, Measuring]:
        # Always a new world: one that has been further on would remember what was needed there.
        world = self._build(self._changes)
        measuring = Measuring(world, self._warm_up)
        moment = self._store.before(period)
        if moment is not None:
            world.restore(moment.world)
            measuring.restore(moment.measuring)
        while world.period < period:
            world.step()
            measuring.observe(world, again=True)
            self._keep(world, measuring)
        return world, measuring

    def step(self) -> None:
        """Play one period more."""
        assert self._now is not None
        world, measuring = self._now
        try:
            world.step()
            measuring.observe(world)
        except BaseException:
            # A period that was broken off is played anew by another world.
            self._now = None
            raise
        self._keep(world, measuring)

    def _keep(self, world: World, measuring: Measuring) -> None:
        if self._store.wants(world.period):
            self._store.keep(Moment(world.snapshot(), measuring.state()))

    def look(self, period: int) -> World:
        """Another world that stands at the end of a period."""
        world = self._build(self._changes)
        moment = self._store.before(period)
        if self._now is not None and self._now[0].period == period:
            world.restore(self._now[0].snapshot())
        elif moment is not None:
            world.restore(moment.world)
        world.step(period - world.period)
        return world

    def foresee(self, changes: Changes) -> None:
        """Let other changes hold from now on; those of periods that were played are the same."""
        self._changes = changes
        if self._now is not None:
            self._now[0].changes = {period: as_points(change, 1) for period, change in changes.items()}

    def start(self, period: int, changes: Changes | None = None, anew: bool = False) -> Worlds:
        """Another player with the same past up to a period, in a world with other changes.

        With `anew` nothing is shared: where the changes are such that a world must know them from the start.
        """
        store = None if anew else self._store.start(period)
        return Worlds(self._build, self._changes if changes is None else changes, self._warm_up, store)

    def let_go(self) -> None:
        """Let go of the world."""
        large = self._now is not None and self._now[0].items.rows > LARGE
        self._now = None
        if large:
            gc.collect()

    def close(self) -> None:
        """Let go of the world and of everything that was kept to go back."""
        if self._now is not None and self._now[0].agents is not None:
            self._now[0].agents.close()  # type: ignore[attr-defined]
        self.let_go()
        self._store = SnapshotStore()
