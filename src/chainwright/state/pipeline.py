"""Delays: what is on its way and when it is due, as a ring of columns (one per period to come)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Periods = NDArray[Any] | np.integer[Any] | int
NOTHING = slice(0, 0)


class Pipeline:
    """Amounts on their way, one row per lane (or item), one column of the ring per period in which they can be due.

    A ring of width w holds what is due in the period now and in the w - 1 periods to come. Sums add the soonest due first, so an
    additional empty column, which a wider ring in a larger union has, changes no bit. For the same reason sums look only at the
    stretch of rows of each column in which something has been put since it was cleared.

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
        self.ring = np.zeros((self.width, rows))
        # Of each column the stretch of rows that is filled; nothing is where it stops before it begins.
        self._begins = [rows] * self.width
        self._stops = [0] * self.width
        # Up to which row anything has ever been due.
        self._reached = 0

    @property
    def ring(self) -> Floats:
        """The columns, of which the one of period t stands at t modulo the width; whoever writes into them goes through `add`."""
        return self._ring

    @ring.setter
    def ring(self, ring: Floats) -> None:
        self._ring = ring
        # Nobody knows what it holds.
        self._begins = [0] * len(ring)
        self._stops = [self.rows] * len(ring)
        self._reached = self.rows

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

    def go_on_from(self, ring: Floats, rows: NDArray[Any]) -> None:
        """Hold what another ring held, each row what stood in one of its rows."""
        self.ring, self.width = np.take(ring, rows, axis=1), len(ring)

    def due(self, period: int) -> Floats:
        """What is due in `period`, one per row: the ring's own column, not a copy."""
        column: Floats = self._ring[period % self.width]
        return column

    def clear(self, period: int) -> None:
        """Empty the column of `period`, once what was due has been dealt with."""
        self.due(period)[self.filled(period)] = 0.0
        place = period % self.width
        self._begins[place], self._stops[place] = self.rows, 0

    def filled(self, period: int) -> slice:
        """The rows among which are all that something is due on in `period`."""
        place = period % self.width
        begin, stop = self._begins[place], self._stops[place]
        return slice(begin, stop) if begin < stop else NOTHING

    @property
    def reach(self) -> int:
        """The number of rows up to the last one on which anything is due."""
        return max(self._stops)

    def add(self, due: Periods, amount: Floats, rows: NDArray[Any] | slice | None = None) -> None:
        """Put `amount` on its way on different rows, due in the period `due` (one for all, or one per row)."""
        rows = slice(None) if rows is None else rows
        begin, stop = _span(rows, self.rows)
        if isinstance(due, int) or np.ndim(due) == 0:
            place = int(due) % self.width
            self._begins[place] = min(self._begins[place], begin)
            self._stops[place] = max(self._stops[place], stop)
            self._ring[place][rows] += amount
            return
        self._begins = [min(former, begin) for former in self._begins]
        self._stops = [max(former, stop) for former in self._stops]
        number = np.arange(self.rows)[rows]
        self._ring.reshape(-1)[(due % self.width) * self.rows + number] += amount

    def take(self, due: Periods, amount: Floats, rows: NDArray[Any] | slice) -> None:
        """Take `amount` off its way on different rows, due in the period `due`."""
        if isinstance(due, int) or np.ndim(due) == 0:
            self._ring[int(due) % self.width][rows] -= amount
        else:
            self.add(due, -amount, rows)

    def later(self, period: int, out: Floats | None = None) -> Floats:
        """What is due after `period`, summed per row, the soonest first; `out` is a column that holds only what was once written by this."""
        begins, stops = self._begins, self._stops
        places = [(period + ahead) % self.width for ahead in range(1, self.width)]
        filled = [place for place in places if begins[place] < stops[place]]
        rows = slice(min(begins[place] for place in filled), max(stops[place] for place in filled)) if filled else NOTHING
        columns = [self._ring[place][rows] for place in filled]
        total = np.zeros(self.rows) if out is None else out
        self._reached = max(self._reached, rows.stop)
        if out is not None:
            total[: rows.start] = 0.0
            total[rows.stop : self._reached] = 0.0
        part = total[rows]
        if len(columns) > 1:
            np.add(columns[0], columns[1], out=part)
        elif columns:
            part[...] = columns[0]
        for column in columns[2:]:
            part += column
        return total

    def outstanding(self, period: int) -> Floats:
        """What is due in `period` and after it, summed per row; not to be written to."""
        here = period % self.width
        if not any(begin < stop for place, (begin, stop) in enumerate(zip(self._begins, self._stops, strict=True)) if place != here):
            return self.due(period)
        total = self.later(period)
        total += self.due(period)
        return total

    def postpone(self, period: int, rows: NDArray[Any]) -> None:
        """Shift all that is on its way on `rows` by one period (a stop in transit)."""
        kept = self.ring[:, rows]
        self.ring[:, rows] = 0.0
        self._begins, self._stops = [0] * self.width, [self.rows] * self.width
        for ahead in range(self.width - 1):
            self.ring[(period + ahead + 1) % self.width, rows] = kept[(period + ahead) % self.width]
        # What was due last cannot lie beyond the ring: nothing ships before it is received, so the last column is empty.


def _span(rows: NDArray[Any] | slice, count: int) -> tuple[int, int]:
    """From which row to which the named rows reach."""
    if isinstance(rows, slice):
        begin, stop, _ = rows.indices(count)
        return (begin, stop) if begin < stop else (count, 0)
    return (int(rows.min()), int(rows.max()) + 1) if len(rows) else (count, 0)
