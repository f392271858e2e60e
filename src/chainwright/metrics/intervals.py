"""Intervals of Student's t: of the mean of independent replications."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtrit

from chainwright.words.errors import UsageError

CONFIDENCE = 0.95


def check_confidence(confidence: float) -> None:
    """Refuse a level of intervals that is no share.

    Raises
    ------
    UsageError
        When it does not lie between 0 and 1.
    """
    if not 0.0 < confidence < 1.0:
        raise UsageError(f"confidence must lie between 0 and 1 (0.95 for 95 %), got {confidence!r}")


def student(degrees: float, confidence: float = CONFIDENCE, several: int = 1) -> float:
    """How many standard errors an interval of Student's t reaches to either side; of several intervals all hold together (Bonferroni).

    Examples
    --------
    >>> round(student(9), 3), round(student(9, several=5), 3)
    (2.262, 3.25)
    """
    return float(stdtrit(degrees, 1.0 - (1.0 - confidence) / (2.0 * several)))


def half_width(values: ArrayLike, confidence: float = CONFIDENCE, several: int = 1) -> float:
    """Half the width of Student's interval of the mean of independent values; not a number where there is one value or none.

    Examples
    --------
    >>> round(half_width([1.0, 2.0, 3.0]), 3), half_width([1.0])
    (2.484, nan)
    """
    data = np.asarray(values, np.float64)
    if data.size < 2:
        return math.nan
    return student(data.size - 1, confidence, several) * float(data.std(ddof=1)) / math.sqrt(data.size)


@dataclass(frozen=True)
class Estimate:
    """The mean of a metric over the runs, and the interval of that mean (not a number where one run tells nothing)."""

    mean: float
    low: float
    high: float
    runs: int

    @property
    def known(self) -> bool:
        """Whether any run gave a number."""
        return bool(np.isfinite(self.mean))

    @property
    def interval(self) -> bool:
        """Whether there are runs enough for an interval."""
        return bool(np.isfinite(self.low))

    @property
    def varies(self) -> bool:
        """Whether the runs differ by more than rounding."""
        return self.interval and self.high - self.low > 1e-9 * abs(self.mean)


def estimate(values: Any, confidence: float = CONFIDENCE) -> Estimate:
    """Mean and interval of independent runs, by Student's t; empty cells are left out.

    Examples
    --------
    >>> one = estimate([1.0, 2.0, 3.0])
    >>> one.mean, round(one.low, 3), round(one.high, 3)
    (2.0, -0.484, 4.484)
    """
    data = np.asarray(values, np.float64)
    data = data[np.isfinite(data)]
    if data.size == 0:
        return Estimate(math.nan, math.nan, math.nan, 0)
    mean, half = float(data.mean()), half_width(data, confidence)
    return Estimate(mean, mean - half, mean + half, int(data.size))
