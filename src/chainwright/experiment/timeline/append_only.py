"""Storage that grows period by period: what was once written is never written again, so that timelines can share their past."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

FIRST_PERIODS = 32


class Growing:
    """One line per period, in an array that doubles when it is full.

    Parameters
    ----------
    shape : tuple of int
        Of one line.
    most : int
        Lines that there will be at the most.
    dtype
        Of the values.

    Examples
    --------
    >>> kept = Growing((2,), 100)
    >>> kept.add([1.0, 2.0])
    >>> other = kept.start(1)
    >>> other.add([3.0, 4.0])
    >>> kept.add([5.0, 6.0])
    >>> kept.view().tolist(), other.view().tolist()
    ([[1.0, 2.0], [5.0, 6.0]], [[1.0, 2.0], [3.0, 4.0]])
    """

    def __init__(self, shape: tuple[int, ...], most: int, dtype: Any = np.float64) -> None:
        self._most = most
        self._lines: NDArray[Any] = np.empty((0, *shape), dtype)
        self.count = 0

    def add(self, line: Any) -> None:
        """Keep one more period."""
        if self.count == len(self._lines):
            room = min(max(2 * self.count, FIRST_PERIODS), max(self._most, self.count + 1))
            lines = np.empty((room, *self._lines.shape[1:]), self._lines.dtype)
            lines[: self.count] = self._lines
            self._lines = lines
        self._lines[self.count] = line
        self.count += 1

    def start(self, count: int) -> Growing:
        """The first periods, which are shared, as something that goes on by itself."""
        twin = Growing(self._lines.shape[1:], self._most, self._lines.dtype)
        # Without a free line: who goes on takes a copy along and leaves these lines as they are.
        twin._lines, twin.count = self._lines[:count], count
        return twin

    def view(self) -> NDArray[Any]:
        """All that is kept, which cannot be written to."""
        shown = self._lines[: self.count]
        shown.flags.writeable = False
        return shown


class Series(Mapping[str, NDArray[Any]]):
    """By name an array with one line (or one number) per period; row t - 1 is of period t.

    Parameters
    ----------
    store : mapping
        Where each column lies: what grows, and which part of its lines (None for all).
    """

    def __init__(self, store: Mapping[str, tuple[Growing, int | None]]) -> None:
        self._store = store

    def __getitem__(self, name: str) -> NDArray[Any]:
        kept, part = self._store[name]
        return kept.view() if part is None else kept.view()[:, part]

    def __iter__(self) -> Iterator[str]:
        return iter(self._store)

    def __len__(self) -> int:
        return len(self._store)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(self._store)})"
