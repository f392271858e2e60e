"""Sums by row and rationing: what is shared out within groups of rows, all groups at once."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from chainwright.state.ranks import dense_rank

Floats = NDArray[np.float64]
Index = NDArray[np.int32]

# Less than this share of a number is rounding noise, not goods.
NOISE = 1e-9
DIGITS = 9
# Groups of more rows than this are summed one group after the other.
MANY = 64
# More ranges than this are rather gone through row by row.
FEW = 16
Stretches = list[tuple[slice, slice]]


def sum_by(index: NDArray[Any], values: Floats, rows: int) -> Floats:
    """Sum `values` by the row that `index` names, one sum per row.

    Values are added one after the other in their order, so a row's sum does not depend on the other rows of a union.

    Examples
    --------
    >>> sum_by(np.array([0, 2, 0]), np.array([1.0, 2.0, 3.0]), 3).tolist()
    [4.0, 0.0, 2.0]
    """
    return np.asarray(np.bincount(index, weights=values, minlength=rows), np.float64)


def ranges(index: NDArray[Any]) -> Stretches | None:
    """An index as ranges of places at which it rises by one, each with the rows that it names there; None where they are many.

    Runs of one scenario side by side have few: what holds for a row of the scenario holds for all its copies.

    Examples
    --------
    >>> ranges(np.array([4, 5, 6, 0, 1]))
    [(slice(0, 3, None), slice(4, 7, None)), (slice(3, 5, None), slice(0, 2, None))]
    """
    breaks = np.flatnonzero(np.diff(index) != 1) + 1
    if not len(index) or len(breaks) >= min(FEW, len(index) / 4):
        # Row by row is as fast.
        return None
    edges = [0, *breaks.tolist(), len(index)]
    return [(slice(a, b), slice(int(index[a]), int(index[a]) + b - a)) for a, b in itertools.pairwise(edges)]


class Positions:
    """Positions of columns that are looked up again and again: an index, seen as ranges where it has few.

    Parameters
    ----------
    index : array of int
        Positions that are known to exist.

    Examples
    --------
    >>> Positions(np.array([2, 0, 2])).pick(np.array([5.0, 6.0, 7.0])).tolist()
    [7.0, 5.0, 7.0]
    """

    def __init__(self, index: NDArray[np.intp]) -> None:
        self.index = index
        self._stretches = ranges(index)

    def pick(self, column: NDArray[Any]) -> NDArray[Any]:
        """The elements of a column at the places; a new column."""
        if self._stretches is None:
            return pick(column, self.index)
        picked = np.empty(len(self.index), column.dtype)
        for places, rows in self._stretches:
            picked[places] = column[rows]
        return picked


class Grouping:
    """Rows that belong to groups, prepared once for sums of many columns; each group's rows are added in their order, as by `sum_by`.

    Adding to one group again and again, a processor waits for its own last result on the way through memory. Where groups are
    large it is several times faster to sum one group after the other.

    Parameters
    ----------
    index : array of int
        The group of each row, -1 for a row that is in none; a group may have no row.
    groups : int
        Number of groups.
    weight : array, optional
        What a unit of each row counts for; 1 by default.

    Examples
    --------
    >>> Grouping(np.array([0, 2, 0]), 3).sum(np.array([1.0, 2.0, 3.0])).tolist()
    [4.0, 0.0, 2.0]
    >>> Grouping(np.array([0, -1, 0]), 1, np.array([2.0, 1.0, 3.0])).sum(np.array([1.0, 5.0, 3.0])).tolist()
    [11.0]
    """

    def __init__(self, index: NDArray[Any], groups: int, weight: Floats | None = None) -> None:
        self._index: NDArray[np.intp] = np.asarray(index, np.intp)
        self.groups = groups
        columns = len(self._index)
        some = self._index >= 0
        rows = np.flatnonzero(some)
        # Those that are in a group, where some are in none; a slice is seen without a copy.
        side_by_side = ranges(rows)
        self._some = None if some.all() else side_by_side[0][1] if side_by_side is not None and len(side_by_side) == 1 else rows
        if self._some is not None:
            self._index = self._index[some]
            weight = None if weight is None else weight[some]
        self._weight = weight
        # At most one row in each group: there is nothing to add.
        self._single = len(self._index) <= groups and int(np.bincount(self._index, minlength=1).max()) <= 1
        self._stretches = ranges(self._index) if self._single else None
        # Each row is a group of its own, in their order.
        self.same = self._stretches == [(slice(0, groups), slice(0, groups))]
        self._rows_of_groups = None
        if len(self._index) > MANY * groups:
            order = np.argsort(self._index, kind="stable")
            ends = np.cumsum(np.bincount(self._index, minlength=groups))
            starts = np.concatenate([[0], ends]).astype(np.int32)
            counts = np.ones(len(order)) if weight is None else weight[order]
            self._rows_of_groups = csr_array((counts, rows[order].astype(np.int32), starts), shape=(groups, columns))
            self._index = np.zeros(0, np.intp)

    def sum(self, values: Floats) -> Floats:
        """Sum of a column, one value per row, by group."""
        if self._rows_of_groups is not None:
            return np.asarray(self._rows_of_groups @ values, np.float64)
        if self._some is not None:
            values = values[self._some]
        if self._weight is not None:
            values = values * self._weight
        if self.same:
            return values + 0.0
        if self._stretches is not None:
            total = np.zeros(self.groups)
            for places, rows in self._stretches:
                np.add(values[places], 0.0, out=total[rows])
            return total
        if self._single:
            total = np.zeros(self.groups)
            # A sum begins at 0, which makes a negative zero a plain one.
            total[self._index] = values + 0.0
            return total
        return sum_by(self._index, values, self.groups)


def pick(column: NDArray[Any], index: NDArray[np.intp]) -> NDArray[Any]:
    """The elements of a column at places that are known to exist: ``column[index]``, in half the time."""
    return column.take(index, mode="clip")


def ration(available: Floats, want: Floats, group: NDArray[Any], rank: NDArray[Any], weight: Floats) -> Floats:
    """Share out what each group has among its rows.

    Ranks are served in ascending order. Within a rank, rows that together want no more than is left get what they want;
    otherwise what is left is given in proportion to weight, nobody gets more than wanted, and the rest is shared out again.

    Parameters
    ----------
    available : array
        What can be given, one per group.
    want, group, rank, weight : arrays
        One per row; `group` counts from 0, `rank` is a whole number from 0.

    Returns
    -------
    array
        What each row gets.

    Examples
    --------
    >>> ration(np.array([10.0]), np.array([8.0, 12.0]), np.array([0, 0]), np.array([0, 0]), np.array([8.0, 12.0])).tolist()
    [4.0, 6.0]
    """
    groups = len(available)
    left = np.maximum(available, 0.0)
    given = np.zeros_like(want)
    rounds = int(rank.max()) + 1 if len(rank) else 0
    for number in range(rounds):
        asked = np.where(rank == number, want, 0.0) if rounds > 1 else want
        enough = (sum_by(group, asked, groups) <= left)[group]
        served = np.where(enough, asked, 0.0)
        open_rows = ~enough & (asked > 0.0)
        if open_rows.any():
            served = served + _proportionally(left, asked, group, np.where(open_rows, weight, 0.0), open_rows)
        given = given + served
        left = np.maximum(left - sum_by(group, served, groups), 0.0)
    return given


def ration_alone(available: Floats, want: Floats, weight: Floats) -> Floats:
    """What `ration` gives where each group has one row, which wants more than there is.

    Examples
    --------
    >>> ration_alone(np.array([3.0, 3.0]), np.array([8.0, 8.0]), np.array([8.0, 0.0])).tolist()
    [3.0, 0.0]
    """
    some = weight > 0.0
    offer = weight * np.divide(available, weight, out=np.zeros(len(want)), where=some)
    return np.where(some, np.where(offer >= want, want, offer), 0.0) + 0.0


def _proportionally(left: Floats, asked: Floats, group: NDArray[Any], weight: Floats, open_rows: NDArray[np.bool_]) -> Floats:
    """Give `left` of each group in proportion to weight; who would get more than asked gets just that, and the others share again."""
    groups = len(left)
    given = np.zeros_like(asked)
    rest = left
    while True:
        total = sum_by(group, weight, groups)
        rate = np.divide(rest, total, out=np.zeros(groups), where=total > 0.0)
        offer = weight * rate[group]
        sated = open_rows & (offer >= asked) & (weight > 0.0)
        crowded = np.zeros(groups, np.bool_)
        crowded[group[sated]] = True
        # A group where nobody is sated is done with this offer; the others give the sated their due and share again.
        final = open_rows & ~crowded[group] & (weight > 0.0)
        given = np.where(final, offer, np.where(sated, asked, given))
        if not sated.any():
            return given
        rest = np.maximum(rest - sum_by(group, np.where(sated, asked, 0.0), groups), 0.0)
        open_rows = open_rows & ~sated & crowded[group]
        weight = np.where(open_rows, weight, 0.0)


def whole_shares(given: Floats, want: Floats, group: NDArray[Any], groups: int) -> Floats:
    """Round shares to whole units by the largest remainder, keeping each group's total (rounded down) and nobody above `want`.

    Ties go to the row that stands first.

    Examples
    --------
    >>> whole_shares(np.array([3.5, 3.5, 3.0]), np.array([9.0, 9.0, 9.0]), np.array([0, 0, 0]), 1).tolist()
    [4.0, 3.0, 3.0]
    """
    total = sum_by(group, given, groups)
    base = np.floor(given + NOISE * np.maximum(given, 1.0))
    spare = np.floor(total + NOISE * np.maximum(total, 1.0)) - sum_by(group, base, groups)
    remainder = np.where(base + 1.0 <= want + NOISE, given - base, -1.0)
    # Remainders that differ by rounding only are a tie.
    place = dense_rank(group, -np.round(remainder, DIGITS))
    extra = (place < spare[group]) & (remainder > -1.0)
    return np.asarray(base + extra, np.float64)
