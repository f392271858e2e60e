"""The disjoint union: many runs of one network side by side, sorted so that a level is a slice."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


class Layout:
    """Where the rows of one table lie in a union.

    The rows of one run are grouped in blocks (levels); the union holds block after block. Within a block a row's copies in all runs
    lie side by side, so that rows which are treated alike make long stretches. Rows that belong together, such as the lanes of a
    seller, stay together in each run.

    Parameters
    ----------
    block : array of int
        Block of each row of one run, ascending.
    runs : int
        Number of runs.
    together : array of int, optional
        Group of each row of one run, ascending from 0 without gaps and within blocks; by default each row is one of its own.

    Examples
    --------
    >>> layout = Layout(np.array([0, 0, 1]), runs=2)
    >>> layout.source.tolist(), layout.run.tolist()
    ([0, 0, 1, 1, 2, 2], [0, 1, 0, 1, 0, 1])
    >>> layout.where(np.array([0, 2])).tolist()
    [[0, 4], [1, 5]]
    >>> Layout(np.array([0, 0, 1]), runs=2, together=np.array([0, 0, 1])).source.tolist()
    [0, 1, 0, 1, 2, 2]
    """

    def __init__(self, block: NDArray[Any], runs: int, together: NDArray[Any] | None = None) -> None:
        self.runs = runs
        self.rows = len(block)
        count = int(block[-1]) + 1 if len(block) else 0
        starts = np.searchsorted(block, np.arange(count + 1))
        self.blocks = [slice(int(starts[number]) * runs, int(starts[number + 1]) * runs) for number in range(count)]
        own = np.arange(self.rows, dtype=np.int32)
        if runs == 1 or not count:
            # One run lies as it is.
            self._base = self._stride = np.broadcast_to(np.int32(0), self.rows)
            self.source, self.run = own, np.zeros(self.rows, np.int32)
            return
        group = own if together is None else together
        first = np.searchsorted(group, np.arange(int(group[-1]) + 2))
        self._base = (first[:-1] * (runs - 1)).astype(np.int32)[group]
        self._stride = np.diff(first).astype(np.int32)[group]
        places = self.where(own)
        self.source, self.run = np.empty((2, self.rows * runs), np.int32)
        self.source[places] = own
        self.run[places] = np.arange(runs, dtype=np.int32)[:, None]

    def where(self, rows: NDArray[Any], runs: NDArray[Any] | None = None) -> NDArray[np.int32]:
        """Rows in the union of rows of one run: one line per run (all of them by default), one column per row."""
        rows = np.asarray(rows)
        if self.runs == 1:
            return rows.astype(np.int32)[None, :]
        places = (np.arange(self.runs) if runs is None else np.asarray(runs))[:, None]
        position = rows + self._base[rows] + places * self._stride[rows]
        return np.asarray(position, np.int32)
