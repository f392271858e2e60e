"""Streaming mean and variance of flat columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# A standard deviation below this share of the mean is rounding.
STILL = 1e-12
# Rows that are taken in at a time, so that their distances stay in the processor's cache.
BLOCK = 8192


class Moments:
    """Mean and sample variance of each row, period after period, without keeping the values.

    Sums run over the distance to the first value: exact for whole numbers, and a constant has a variance of exactly 0.

    Examples
    --------
    >>> moments = Moments(2)
    >>> for values in ([1.0, 5.0], [3.0, 5.0]):
    ...     moments.add(np.array(values))
    >>> moments.mean().tolist(), moments.variance().tolist()
    ([2.0, 5.0], [2.0, 0.0])
    """

    def __init__(self, rows: int) -> None:
        self.count = 0
        self.first: Floats
        self.sum: Floats
        self.squares: Floats
        self.first, self.sum, self.squares = np.zeros((3, rows))

    def add(self, values: Floats, ranges: Sequence[slice] = (slice(None),)) -> None:
        """Take in the values of one period, one per row; outside some ranges, where they are named, all values are always 0."""
        if self.count == 0:
            self.first[...] = values
        self.count += 1
        for rows in ranges:
            begin, stop, _ = rows.indices(len(self.sum))
            for start in range(begin, stop, BLOCK):
                block = slice(start, min(start + BLOCK, stop))
                distance = values[block] - self.first[block]
                total, squares = self.sum[block], self.squares[block]
                total += distance
                distance *= distance
                squares += distance

    def begin_again(self) -> None:
        """Forget all values."""
        self.count = 0
        self.sum.fill(0.0)
        self.squares.fill(0.0)

    def mean(self) -> Floats:
        """Mean of each row; empty (nan) before the first value."""
        if self.count == 0:
            return np.full(len(self.sum), np.nan)
        return self.first + self.sum / self.count

    def variance(self) -> Floats:
        """Sample variance of each row; empty (nan) with fewer than two values."""
        if self.count < 2:
            return np.full(len(self.sum), np.nan)
        found: Floats = np.maximum(self.squares - self.sum * self.sum / self.count, 0.0) / (self.count - 1)
        # What moves by the last bits only, because it was added up in another way, does not move: a ratio of such noise means nothing.
        still = STILL * np.abs(self.mean())
        return np.where(found <= still * still, 0.0, found)


def ratio(over: Any, under: Any) -> Floats:
    """Quotient; empty (nan) where the divisor is 0.

    Examples
    --------
    >>> ratio(np.array([1.0, 1.0]), np.array([2.0, 0.0])).tolist()
    [0.5, nan]
    """
    over, under = np.broadcast_arrays(np.asarray(over, np.float64), np.asarray(under, np.float64))
    quotient: Floats = np.divide(over, under, out=np.full(over.shape, np.nan), where=under != 0.0)
    return quotient
