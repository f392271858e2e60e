"""Means of groups of independent values, with their intervals, worked out in whole columns."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

Floats = NDArray[np.float64]


def means(values: Floats, group: NDArray[Any], groups: int, confidence: float) -> tuple[Floats, Floats]:
    """Mean of each group and half the width of its interval of Student's t; empty (nan) where a group has no value, or one alone.

    Examples
    --------
    >>> mean, half = means(np.array([1.0, 2.0, 3.0, 7.0]), np.array([0, 0, 0, 1]), 2, 0.95)
    >>> mean.tolist(), half.round(3).tolist()
    ([2.0, 7.0], [2.484, nan])
    """
    number = np.bincount(group, minlength=groups)
    empty = np.full(groups, np.nan)
    mean = np.divide(np.bincount(group, values, groups), number, out=empty.copy(), where=number > 0)
    away = values - mean[group]
    variance = np.divide(np.bincount(group, away * away, groups), number - 1, out=empty.copy(), where=number > 1)
    error = np.sqrt(np.divide(variance, number, out=empty.copy(), where=number > 1))
    return mean, np.asarray(stdtrit(np.maximum(number - 1, 1), 0.5 + confidence / 2.0) * error)
