"""Sparse snapshots: states of a world and of what watches it to go back to, as near to each other as there is room for."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.metrics.moments import Moments
from chainwright.network.snapshot import Snapshot

# Periods between two snapshots, as long as there is room for so many.
NEAR = 8
# Bytes that the snapshots of one timeline may take; some there must be.
MOST_SNAPSHOTS = 60_000_000
FEWEST = 3


@dataclass(frozen=True)
class Moment:
    """The end of a period: the state of the world, and of what watches it."""

    world: Snapshot
    measuring: Any

    @property
    def period(self) -> int:
        return self.world.period


class SnapshotStore:
    """Moments by their period. They are never written to, so that timelines can share them.

    Parameters
    ----------
    most : int
        Bytes that they may take; where they would take more, every other one goes.
    """

    def __init__(self, most: int = MOST_SNAPSHOTS) -> None:
        self._most = most
        self._moments: dict[int, Moment] = {}
        self._distance = NEAR
        self._size = 0

    def __len__(self) -> int:
        return len(self._moments)

    def wants(self, period: int) -> bool:
        """Whether a moment is to be kept that is not there yet; before the first period a new world stands anyway."""
        return period > 0 and period % self._distance == 0 and period not in self._moments

    def keep(self, moment: Moment) -> None:
        """Keep a moment, of which what is as it was in the one before takes no room."""
        former = self.before(moment.period)
        if former is not None:
            moment = Moment(_sharing(moment.world, former.world), _sharing(moment.measuring, former.measuring))
        self._moments[moment.period] = moment
        self._size += weight(moment, set() if former is None else set(_identities(former)))
        while self._size > self._most and len(self._moments) > FEWEST:
            self._distance *= 2
            self._moments = {period: one for period, one in self._moments.items() if period % self._distance == 0}
            self._size = self.weight()

    def weight(self) -> int:
        """Bytes that all moments take."""
        known: set[int] = set()
        return sum(weight(moment, known) for moment in self._moments.values())

    def before(self, period: int) -> Moment | None:
        """The nearest moment at a period or before it."""
        found = max((held for held in self._moments if held <= period), default=None)
        return None if found is None else self._moments[found]

    def start(self, period: int) -> SnapshotStore:
        """The moments up to a period, as a store of its own."""
        twin = SnapshotStore(self._most)
        twin._distance, twin._size = self._distance, self._size
        twin._moments = {held: moment for held, moment in self._moments.items() if held <= period}
        return twin


def _arrays(held: Any) -> Iterator[NDArray[Any]]:
    """The arrays within something that is kept; blueprints are not its own."""
    if isinstance(held, np.ndarray):
        yield held
    elif isinstance(held, Mapping):
        for one in held.values():
            yield from _arrays(one)
    elif isinstance(held, list | tuple):
        for one in held:
            yield from _arrays(one)
    elif isinstance(held, Moments):
        yield from _arrays(vars(held))
    elif isinstance(held, Moment | Snapshot):
        yield from _arrays([getattr(held, field.name) for field in dataclasses.fields(held)])


def _identities(held: Any) -> Iterator[int]:
    return (id(array) for array in _arrays(held))


def weight(held: Any, known: set[int]) -> int:
    """Bytes of the arrays within something that is kept; those that are known, by their identity, count nothing and the others are known then.

    Examples
    --------
    >>> known = set()
    >>> held = {"a": np.zeros(3), "b": [np.zeros(2, np.int32), "text"]}
    >>> weight(held, known), weight(held, known)
    (32, 0)
    """
    total = 0
    for array in _arrays(held):
        if id(array) not in known:
            known.add(id(array))
            total += array.nbytes
    return total


def _sharing(held: Any, former: Any) -> Any:
    """The same with arrays of what was kept before in place of those that are equal to them."""
    if isinstance(held, np.ndarray):
        same = isinstance(former, np.ndarray) and held.dtype == former.dtype and held.shape == former.shape and held.tobytes() == former.tobytes()
        return former if same else held
    if isinstance(held, dict) and isinstance(former, Mapping):
        return {name: _sharing(one, former.get(name)) for name, one in held.items()}
    if isinstance(held, tuple) and isinstance(former, tuple) and len(held) == len(former):
        return tuple(_sharing(one, before) for one, before in zip(held, former, strict=True))
    if isinstance(held, Snapshot):
        return dataclasses.replace(held, columns=_sharing(held.columns, former.columns))
    return held
