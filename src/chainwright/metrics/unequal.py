"""What a test of an invariant tells: two columns that should be equal, and rows that should not be there."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

TOLERANCE = 1e-9
# What piles up without end, as money does, is only rounded in the last digits.
LAST_DIGITS = 1e-12


def unequal(left: Any, right: Any, size: Any, what: str) -> str | None:
    """Tell where two columns differ by more than rounding, measured against a size; None where they do not.

    Examples
    --------
    >>> unequal(np.array([1.0, 2.0]), np.array([1.0, 2.5]), np.array([1.0, 1.0]), "goods")
    'goods are not conserved: 2.0 against 2.5 (cell 1)'
    """
    gap = np.abs(left - right) / np.maximum(size, 1.0)
    # Nothing that is not a number is equal to anything.
    if bool((gap <= TOLERANCE).all()):
        return None
    worst = int(np.argmax(gap))
    of_each = [float(np.broadcast_to(side, np.shape(gap))[worst]) for side in (left, right)]
    return f"{what} are not conserved: {of_each[0]!r} against {of_each[1]!r} (cell {worst})"


def first_of(bad: NDArray[np.bool_], what: str) -> str | None:
    """Tell the first row that should not be there; None where there is none.

    Examples
    --------
    >>> first_of(np.array([False, True]), "items.on_hand is negative")
    'items.on_hand is negative (row 1)'
    """
    return f"{what} (row {int(np.argmax(bad))})" if bool(bad.any()) else None
