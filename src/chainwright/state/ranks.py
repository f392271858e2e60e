"""Places within groups: the first, second, third row of each group by some keys, for all groups at once."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Ranks = NDArray[np.int32]


def dense_rank(group: NDArray[Any], *keys: NDArray[Any], shared: bool = False) -> Ranks:
    """Rank the rows of each group in ascending order of their keys, counted from 0 and without gaps.

    Parameters
    ----------
    group : array of int
        The group of each row; groups may lie mixed.
    *keys : arrays
        What to rank by, the most important first. Without a key rows rank in their order.
    shared : bool
        Whether rows with equal keys share a rank. Otherwise the row that stands first has the lower one,
        and each rank is held by one row of a group.

    Returns
    -------
    array of int
        One rank per row; a group's ranks do not depend on the other groups.

    Examples
    --------
    >>> group = np.array([0, 1, 0, 1, 0])
    >>> price = np.array([5.0, 2.0, 3.0, 2.0, 5.0])
    >>> dense_rank(group, price).tolist()
    [1, 0, 0, 1, 2]
    >>> dense_rank(group, price, shared=True).tolist()
    [1, 0, 0, 0, 1]
    """
    rows = len(group)
    ranks = np.zeros(rows, np.int32)
    if rows == 0:
        return ranks
    # lexsort is stable and takes its most important key last.
    order = np.lexsort((*reversed(keys), group))
    sorted_group = group[order]
    opens_group = np.ones(rows, np.bool_)
    opens_group[1:] = sorted_group[1:] != sorted_group[:-1]
    steps = np.ones(rows, np.bool_)
    if shared:
        steps = opens_group.copy()
        for key in keys:
            sorted_key = key[order]
            steps[1:] |= sorted_key[1:] != sorted_key[:-1]
    count = np.cumsum(steps)
    before = count[opens_group]
    ranks[order] = count - before[np.cumsum(opens_group) - 1]
    return ranks
