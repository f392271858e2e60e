"""Columns of numbers as JSON has them: short, and null where there is none."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

# More digits than a page ever shows of a row, and far fewer to send than a double in full.
DIGITS = 12
# Powers of ten up to this one are doubles without a rounding error.
EXACT = 22
WHOLE = 1e15
# Beyond, a page cannot tell one whole number from the next.
LARGEST = 2**53


def listed(values: Any) -> list[Any]:
    """A column as a list of JSON numbers with 12 digits, null where there is none; without points where all of them are whole.

    Examples
    --------
    >>> listed(np.array([4.0, 1 / 3, np.nan])), listed([4.0, 5.0]), listed([1234567890123.25])
    ([4.0, 0.333333333333, None], [4, 5], [1234567890120.0])
    """
    column = np.asarray(values, np.float64)
    known = np.isfinite(column)
    if known.all():
        if (np.rint(column) == column).all() and (np.abs(column) < WHOLE).all():
            return list(column.astype(np.int64).tolist())
        return list(rounded(column).tolist())
    found = rounded(np.where(known, column, 0.0)).tolist()
    return [value if there else None for value, there in zip(found, known.tolist(), strict=True)]


def rounded(column: NDArray[np.float64]) -> NDArray[np.float64]:
    """Finite numbers as the nearest ones with so many digits.

    Examples
    --------
    >>> rounded(np.array([0.1 + 0.2, -2 / 3e7, 9876543219876.5, 0.0])).tolist()
    [0.3, -6.66666666667e-08, 9876543219880.0, 0.0]
    """
    size = np.abs(column)
    # Numbers that are nothing but rounding errors may become nothing.
    behind = DIGITS - 1 - np.floor(np.log10(np.clip(np.where(size > 10.0 ** (DIGITS - EXACT), size, 1.0), None, WHOLE)))
    # An integer divided by an exact power of ten is the double next to that decimal, and so it is written in that many digits.
    up, down = 10.0 ** np.maximum(behind, 0.0), 10.0 ** np.maximum(-behind, 0.0)
    found: NDArray[np.float64] = np.where(size < WHOLE, np.rint(column * up / down) * down / up, column) + 0.0  # no minus before a zero
    return found


def countable(number: int) -> int | str:
    """A whole number as a page can hold it: as a text where it has more digits than a page can count with.

    Examples
    --------
    >>> countable(7), countable(2**53 + 1)
    (7, '9007199254740993')
    """
    return number if abs(number) <= LARGEST else str(number)


def exact(value: float) -> float | None:
    """One JSON number in full, for what a page shows as a result."""
    return None if not np.isfinite(value) else float(value)
