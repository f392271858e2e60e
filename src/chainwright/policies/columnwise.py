"""Small sums that give the same bits for one row (numbers) and for many (columns); policies are written with them."""

from __future__ import annotations

from typing import Any

import numpy as np


def alike(value: Any, like: Any) -> Any:
    """A value repeated for every row of a column, or itself where there is one row.

    Examples
    --------
    >>> alike(3.0, np.array([7.0, 8.0])).tolist()
    [3.0, 3.0]
    """
    return np.where(True, value, np.asarray(like, dtype=np.float64))


def positive(values: Any) -> Any:
    """Values above zero, and 0 elsewhere.

    0.0 is added because ``fmax`` may answer -0.0 or 0.0 for a column and a number.

    Examples
    --------
    >>> positive(np.array([-2.0, -0.0, 3.0])).tolist()
    [0.0, 0.0, 3.0]
    """
    above = np.fmax(values, 0.0)
    above += 0.0
    return above


def choose(mask: Any, this: Any, other: Any) -> Any:
    """``np.where``, without the work where all rows agree on the first.

    Examples
    --------
    >>> choose(np.array([True, False]), np.array([1.0, 2.0]), 0.0).tolist()
    [1.0, 0.0]
    """
    return this if mask is True or np.all(mask) else np.where(mask, this, other)


def ratio(above: Any, below: Any, otherwise: Any = 0.0) -> Any:
    """One value divided by another, and `otherwise` where the divisor is 0.

    Examples
    --------
    >>> ratio(np.array([6.0, 6.0]), np.array([3.0, 0.0])).tolist()
    [2.0, 0.0]
    """
    nothing = np.asarray(below) == 0.0
    return np.where(nothing, otherwise, above / np.where(nothing, 1.0, below))


def signed(orders: Any, allow_negative: Any) -> Any:
    """Orders below zero kept where they are allowed, and cut off at zero elsewhere."""
    if np.ndim(allow_negative) == 0:
        return orders if allow_negative else positive(orders)
    return np.where(allow_negative, orders, positive(orders))


def ring(view: Any, name: str) -> list[Any]:
    """What a policy remembers over several periods, oldest first; a list also where the ring has one column."""
    kept = view.memory(name)
    return list(kept) if isinstance(kept, list | tuple) else [kept]


def added(columns: list[Any]) -> Any:
    """The sum of some columns, or of some numbers, added one after the other; 0 where there is none.

    Examples
    --------
    >>> added([np.array([1.0, 2.0]), np.array([3.0, 4.0])]).tolist(), added([1.0, 3.0])
    ([4.0, 6.0], 4.0)
    """
    total: Any = 0.0 + columns[0] if columns else 0.0
    for column in columns[1:]:
        # The first sum is a column of its own, to which the others are added in place.
        total += column
    return total


def enough(fewest: Any, wanted: Any) -> bool:
    """Whether all rows want one and the same number of something, and the row with the fewest has as many.

    Examples
    --------
    >>> enough(5.0, 4), enough(5.0, np.array([4, 4]))
    (True, False)
    """
    return isinstance(wanted, int) and bool(fewest >= wanted)


def longest(periods: Any) -> int:
    """The largest number of periods of all rows, 0 where there is no row.

    Examples
    --------
    >>> longest(np.array([2.0, 5.0])), longest(3.0)
    (5, 3)
    """
    return int(np.max(np.asarray(periods, dtype=np.float64), initial=0.0))


def arithmetic_series(periods: Any) -> Any:
    """1 + 2 + ... up to a number of periods.

    Examples
    --------
    >>> arithmetic_series(4.0)
    10.0
    """
    return periods * (periods + 1.0) / 2.0
