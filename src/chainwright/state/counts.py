"""Inverse transforms of whole-number distributions: by cumulative tables where few parameters are shared, else by exact search.

Both ways ask the same distribution function and answer the same question, the smallest count whose probability reaches the
draw, so a row gets the same count whichever way its neighbours make worthwhile.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.state.streams import LARGEST, SMALLEST
from chainwright.words.errors import UsageError

Floats = NDArray[np.float64]

# A table longer than this (half a megabyte) costs more than it gives: those parameters are searched exactly.
LONGEST_TABLE = 2**16
# All tables of one call, and all that are kept between calls: at most 32 and 64 megabytes.
LARGEST_TABLES = 2**22
MOST_KEPT = 2**23
# With more distinct parameters than this, rows hardly share them.
MOST_PARAMETERS = 2**16
# Beyond this, whole numbers have no neighbours among floats: the search goes no further.
LARGEST_COUNT = 2.0**53


@dataclass(frozen=True)
class Count:
    """A family of distributions of counts.

    Parameters
    ----------
    name : str
        Tells the families apart.
    distribution : callable
        Probability of at most `count`, of counts from 0 and of the parameters; never falls as the count rises.
    guess : callable
        Roughly the count that a draw leads to, of draws and of the parameters; may fail (not a number).
    """

    name: str
    distribution: Callable[..., Floats]
    guess: Callable[..., Floats]


def inverse(family: Count, draw: Any, *parameters: Any) -> Any:
    """The smallest count whose probability reaches the draw, for each draw with its parameters, of which the first is the mean.

    Where the mean is at most the smallest draw the count is 0: more than 0 has a probability of at most the mean (Markov).

    Raises
    ------
    UsageError
        When a count is beyond what can be counted.
    """
    draws, mean, *others = np.broadcast_arrays(*(np.asarray(value, dtype=np.float64) for value in (draw, *parameters)))
    shape = draws.shape
    draws = draws.reshape(-1)
    columns = [np.where(mean > SMALLEST, mean, 0.0).reshape(-1), *(other.reshape(-1) for other in others)]
    if not draws.size:
        return np.zeros(shape)
    distinct, group = _distinct(columns)
    if distinct is None:
        return _counted(family, _search(family, draws, columns)).reshape(shape)[()]
    tables = _CACHE.tables(family, distinct)
    counts = tables.look_up(draws, group)
    # What no table can say: draws beyond those that streams can give, and parameters with too long a table.
    beyond = (draws < SMALLEST) | (draws > LARGEST)
    if tables.some_long:
        beyond |= tables.long if group is None else tables.long[group]
    rest = np.flatnonzero(beyond)
    if rest.size:
        counts[rest] = _counted(family, _search(family, draws[rest], [column[rest] for column in columns]))
    return counts.reshape(shape)[()]


def _counted(family: Count, counts: Floats) -> Floats:
    """The counts, none of which may lie where the search gave up."""
    if counts.max() >= LARGEST_COUNT:
        raise UsageError(f"a {family.name} count beyond {LARGEST_COUNT:.0e}, where whole numbers end: its mean or its deviation is too large")
    return counts


def _distinct(columns: list[Floats]) -> tuple[list[Floats] | None, NDArray[np.intp] | None]:
    """The distinct parameters and each row's number among them: None for the number where there is one, None for both where too many."""
    if all((column == column[0]).all() for column in columns):
        return [column[:1] for column in columns], None
    values, group = np.unique(columns[0], return_inverse=True)
    distinct = [values]
    for column in columns[1:]:
        values, code = np.unique(column, return_inverse=True)
        joint, group = np.unique(group * values.size + code, return_inverse=True)
        distinct = [known[joint // values.size] for known in distinct] + [values[joint % values.size]]
    return (distinct, group) if distinct[0].size <= MOST_PARAMETERS else (None, None)


def _search(family: Count, draws: Floats, columns: list[Floats]) -> Floats:
    """The exact inverse: from a guess outwards by doubling steps until the answer is between `low` and `high`, then by halving."""

    def probability(count: Floats, rows: NDArray[np.intp]) -> Floats:
        return family.distribution(count[rows], *(column[rows] for column in columns))

    guess = np.asarray(family.guess(draws, *columns), dtype=np.float64)
    high = np.ceil(np.where((guess > 0.0) & (guess <= LARGEST_COUNT), guess, 0.0))
    low = high - 1.0
    rows = np.arange(draws.size)
    step = 1.0
    rows = rows[probability(high, rows) < draws]
    while rows.size:
        low[rows] = high[rows]
        high[rows] += step
        step *= 2.0
        rows = rows[high[rows] < LARGEST_COUNT]
        rows = rows[probability(high, rows) < draws[rows]]
    step = 1.0
    rows = np.flatnonzero(low >= 0.0)
    rows = rows[probability(low, rows) >= draws[rows]]
    while rows.size:
        high[rows] = low[rows]
        low[rows] = np.maximum(low[rows] - step, -1.0)
        step *= 2.0
        rows = rows[low[rows] >= 0.0]
        rows = rows[probability(low, rows) >= draws[rows]]
    rows = np.flatnonzero(high - low > 1.0)
    while rows.size:
        middle = np.floor((low + high) / 2.0)
        # Beyond the largest count there may be no number in between.
        rows = rows[(low[rows] < middle[rows]) & (middle[rows] < high[rows])]
        reached = probability(middle, rows) >= draws[rows]
        high[rows[reached]] = middle[rows[reached]]
        low[rows[~reached]] = middle[rows[~reached]]
        rows = rows[high[rows] - low[rows] > 1.0]
    return high


class _Tables:
    """Cumulative tables of some parameters, end to end; each covers every draw that a stream can give.

    Entry i of a table is the probability of at most ``first + i``.
    """

    def __init__(self, family: Count, columns: list[Floats]) -> None:
        many = columns[0].size
        first = _search(family, np.full(many, SMALLEST), columns)
        span = _search(family, np.full(many, LARGEST), columns) - first + 1.0
        self.long = ~(span <= LONGEST_TABLE) | (first >= LARGEST_COUNT)
        length = np.where(self.long, 1.0, span).astype(np.int64)
        if length[~self.long].sum() > LARGEST_TABLES:
            self.long = np.ones(many, dtype=bool)
        self.some_long = bool(self.long.any())
        length[self.long] = 1
        self.first = first
        self.length = length
        self.start = np.cumsum(length) - length
        row = np.repeat(np.arange(many), length)
        count = first[row] + (np.arange(row.size) - self.start[row])
        self.probability = family.distribution(count, *(column[row] for column in columns))

    @property
    def size(self) -> int:
        """Numbers held."""
        return self.probability.size + 4 * self.first.size

    def look_up(self, draws: Floats, group: NDArray[np.intp] | None) -> Floats:
        """The count of each draw from the table of its group."""
        if group is None:
            counts: Floats = self.first[0] + np.searchsorted(self.probability, draws, side="left")
            return counts
        low = self.start[group]
        high = low + self.length[group] - 1
        # All rows halve their own table at the same time.
        for _ in range(int(self.length.max()).bit_length()):
            middle = (low + high) >> 1
            reached = self.probability[middle] >= draws
            high = np.where(reached, middle, high)
            low = np.where(reached, low, np.minimum(middle + 1, high))
        return self.first[group] + (low - self.start[group])


class _Cache:
    """The tables used last, up to a number of entries in all; what is dropped is made again, the same."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, bytes], _Tables] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def tables(self, family: Count, columns: list[Floats]) -> _Tables:
        """The tables of some distinct parameters, made where they are not at hand."""
        key = (family.name, b"".join(column.tobytes() for column in columns))
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = _Tables(family, columns)
        with self._lock:
            if key not in self._kept:
                self._kept[key] = made
                self._size += made.size
            while self._size > MOST_KEPT and len(self._kept) > 1:
                _, dropped = self._kept.popitem(last=False)
                self._size -= dropped.size
        return made


_CACHE = _Cache()
