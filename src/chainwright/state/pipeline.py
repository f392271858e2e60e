"""Delays: what is on its way and when it is due, as a ring of columns (one per period to come)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Periods = NDArray[Any] | np.integer[Any] | int


class Pipeline:
    """Amounts on their way, one row per lane (or item), one column of the ring per period in which they can be due.

    A ring of width w holds what is due in the period now and in the w - 1 periods to come. Sums add the soonest due first, so an
    additional empty column, which a wider ring in a larger union has, changes no bit.

    Parameters
    ----------
    rows : int
        Number of lanes or items.
    longest : int
        Longest delay in periods.

    Examples
    --------
    >>> pipeline = Pipeline(rows=1, longest=2)
    >>> pipeline.add(np.array([3]), np.array([5.0]))
    >>> pipeline.due(3).tolist(), pipeline.later(2).tolist()
    ([5.0], [5.0])
    """

    def __init__(self, rows: int, longest: int) -> None:
        self.rows = rows
        self.width = longest + 1
        self.ring: Floats = np.zeros((self.width, rows))
        self._row_number = np.arange(rows, dtype=np.int64)

    def widen(self, longest: int, period: int) -> None:
        """Make room for longer delays; what is on its way stays due when it was (a delay that grows in mid-run).

        `period` is the first period that can still be due.
        """
        if longest + 1 <= self.width:
            return
        wider = np.zeros((longest + 1, self.rows))
        for ahead in range(self.width):
            wider[(period + ahead) % (longest + 1)] = self.ring[(period + ahead) % self.width]
        self.ring, self.width = wider, longest + 1

    def due(self, period: int) -> Floats:
        """What is due in `period`, one per row: the ring's own column, not a copy."""
        column: Floats = self.ring[period % self.width]
        return column

    def clear(self, period: int) -> None:
        """Empty the column of `period`, once what was due has been dealt with."""
        self.ring[period % self.width].fill(0.0)

    def add(self, due: Periods, amount: Floats, rows: NDArray[Any] | slice | None = None) -> None:
        """Put `amount` on its way, due in the period `due` (one per row, or one for all)."""
        number = self._row_number if rows is None else self._row_number[rows]
        flat = self.ring.reshape(-1)
        flat[(due % self.width) * self.rows + number] += amount

    def later(self, period: int) -> Floats:
        """What is due after `period`, summed per row, the soonest first."""
        total = np.zeros(self.rows)
        for ahead in range(1, self.width):
            total += self.ring[(period + ahead) % self.width]
        return total

    def postpone(self, period: int, rows: NDArray[Any]) -> None:
        """Shift all that is on its way on `rows` by one period (a stop in transit)."""
        kept = self.ring[:, rows]
        self.ring[:, rows] = 0.0
        for ahead in range(self.width - 1):
            self.ring[(period + ahead + 1) % self.width, rows] = kept[(period + ahead) % self.width]
        # What was due last cannot lie beyond the ring: nothing ships before it is received, so the last column is empty.
