"""The disjoint union: many runs of one network side by side, sorted so that a level is a slice."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


class Layout:
    """Where the rows of one table lie in a union.

    The rows of one run are grouped in blocks (levels); the union holds block after block and, within a block, run after run.

    Parameters
    ----------
    block : array of int
        Block of each row of one run, ascending.
    runs : int
        Number of runs.

    Examples
    --------
    >>> layout = Layout(np.array([0, 0, 1]), runs=2)
    >>> layout.source.tolist(), layout.run.tolist()
    ([0, 1, 0, 1, 2, 2], [0, 0, 1, 1, 0, 1])
    >>> layout.where(np.array([0, 2])).tolist()
    [[0, 4], [2, 5]]
    """

    def __init__(self, block: NDArray[Any], runs: int) -> None:
        self.runs = runs
        self.rows = len(block)
        count = int(block[-1]) + 1 if len(block) else 0
        starts = np.searchsorted(block, np.arange(count + 1))
        sizes = np.diff(starts)
        self.blocks = [slice(int(starts[number]) * runs, int(starts[number + 1]) * runs) for number in range(count)]
        self._base = (starts[:-1] * (runs - 1))[block] if count else np.zeros(0, np.int64)
        self._stride = sizes[block] if count else np.zeros(0, np.int64)
        own = np.arange(self.rows)
        order = np.concatenate([np.tile(own[starts[n]:starts[n + 1]], runs) for n in range(count)]) if count else own
        run = np.concatenate([np.repeat(np.arange(runs), sizes[n]) for n in range(count)]) if count else own
        self.source = order.astype(np.int32)
        self.run = run.astype(np.int32)

    def where(self, rows: NDArray[Any]) -> NDArray[np.int32]:
        """Rows in the union of rows of one run: one line per run, one column per row."""
        rows = np.asarray(rows)
        runs = np.arange(self.runs)[:, None]
        position = rows + self._base[rows] + runs * self._stride[rows]
        return np.asarray(position, np.int32)
