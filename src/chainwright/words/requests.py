"""Checking what a call asks for: numbers that must be whole and within bounds, told in words."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from numbers import Integral, Real
from typing import Any

from chainwright.words.errors import UsageError

LARGEST_SEED = 2**63 - 1
# Run numbers are coordinates of draws and lie in a column of 64-bit integers.
LARGEST_RUN = 2**63 - 1


def whole_number(value: Any, what: str, low: int, high: int | None = None) -> int:
    """The value as a whole number within bounds.

    Raises
    ------
    UsageError
        When it is none.

    Examples
    --------
    >>> whole_number(3.0, "runs", 1)
    3
    >>> whole_number(2.5, "runs", 1)
    Traceback (most recent call last):
    ...
    chainwright.words.errors.UsageError: runs must be a whole number of at least 1, got 2.5
    """
    bounds = f"of at least {low}" if high is None else f"from {low} to {high}"
    whole = isinstance(value, Integral) or (isinstance(value, Real) and math.isfinite(value) and float(value).is_integer())
    if isinstance(value, bool) or not whole or int(value) < low or (high is not None and int(value) > high):
        raise UsageError(f"{what} must be a whole number {bounds}, got {value!r}")
    return int(value)


def run_numbers(runs: Any) -> Sequence[int]:
    """Numbers of replications: so many from 0 on, or those that are listed.

    Raises
    ------
    UsageError
        When there is none, one stands twice, or one is no whole number from 0 on.

    Examples
    --------
    >>> run_numbers(3), run_numbers([7, 2])
    (range(0, 3), [7, 2])
    """
    if isinstance(runs, str) or not isinstance(runs, Iterable):
        return range(whole_number(runs, "runs", 1, LARGEST_RUN))
    if isinstance(runs, range):
        # Not gone through: it may be a long one.
        if runs and min(runs[0], runs[-1]) >= 0 and max(runs[0], runs[-1]) <= LARGEST_RUN:
            return runs
        runs = [runs[0], runs[-1]] if runs else []
    numbers = [whole_number(number, "a run number", 0, LARGEST_RUN) for number in runs]
    if not numbers:
        raise UsageError("no run was asked for")
    if len(set(numbers)) < len(numbers):
        raise UsageError("run numbers must be different from each other")
    return numbers
