"""Columns that follow their rows from one world into another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


def by_row(wanted: NDArray[Any], parts: Sequence[tuple[NDArray[Any], NDArray[Any]]], start: float = 0.0) -> NDArray[Any] | None:
    """A column (or several, the rows last) for the wanted rows, put together from columns for other rows; None without any.

    Examples
    --------
    >>> by_row(np.array([4, 1, 2]), [(np.array([1, 4]), np.array([10.0, 40.0]))]).tolist()
    [40.0, 10.0, 0.0]
    """
    made: NDArray[Any] | None = None
    for rows, values in parts:
        if made is None:
            made = np.full((*values.shape[:-1], len(wanted)), start).astype(values.dtype)
        order = np.argsort(rows, kind="stable")
        place = np.searchsorted(rows, wanted, sorter=order).clip(max=max(len(rows) - 1, 0))
        known = (rows[order[place]] == wanted) if len(rows) else np.zeros(len(wanted), np.bool_)
        made[..., known] = values[..., order[place[known]]]
    return made
