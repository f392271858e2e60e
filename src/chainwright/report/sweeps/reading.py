"""What figures of a sweep read from its table: factors with their levels, and the values of a measure by point and replication."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from chainwright.metrics.intervals import Estimate, student
from chainwright.report.numerals import number
from chainwright.report.sweeps.words import Names, value_text
from chainwright.words.errors import UsageError

Floats = NDArray[np.float64]

# A factor of numbers with more values than this is cut into slices.
MOST_LEVELS = 12
SLICES = 6
# Numbers whose largest is so many times the smallest, in steps that grow, are drawn on a logarithmic axis.
WIDE = 30.0
NO_ESTIMATE = Estimate(np.nan, np.nan, np.nan, 0)


@dataclass(frozen=True)
class Levels:
    """The levels of a factor: what they are called, where they stand on an axis, and which one each point has (-1 for none)."""

    texts: list[str]
    places: Floats
    of_point: NDArray[np.int64]
    sliced: bool = False


class Varied:
    """A factor as figures see it.

    Parameters
    ----------
    name : str
        Its column.
    label : str
        What it is called on an axis.
    values : list
        Its value at each point.
    factor
        The factor of the design, where it is known.
    """

    def __init__(self, name: str, label: str, values: list[Any], factor: Any = None) -> None:
        self.name, self.label, self.values, self._factor = name, label, values, factor
        self.numeric = bool(values) and all(map(_is_number, values))

    @cached_property
    def places(self) -> Floats:
        """The value of each point as a number: itself, or the place of its category."""
        if self.numeric:
            return np.asarray(self.values, np.float64)
        return self._categories()[1].astype(np.float64)

    @property
    def changes(self) -> bool:
        """Whether points differ in it."""
        return len({value_text(value) for value in self.values} if not self.numeric else set(self.values)) > 1

    @property
    def logarithmic(self) -> bool:
        """Whether it is spread by its logarithm."""
        if not self.numeric or min(self.values) <= 0:
            return False
        if getattr(self._factor, "log", False):
            return True
        levels = np.unique(self.places)
        # Few levels in growing steps, such as 1, 10, 100.
        return 2 < len(levels) <= MOST_LEVELS and levels[-1] / levels[0] >= WIDE and bool(np.all(np.diff(np.diff(levels)) > 0))

    def levels(self, most: int = MOST_LEVELS, slices: int = SLICES) -> Levels:
        """Its levels in order; numbers of more than so many values in slices."""
        if not self.numeric:
            texts, of_point = self._categories()
            return Levels(texts, np.arange(len(texts), dtype=np.float64), of_point)
        values, of_point = np.unique(self.places, return_inverse=True)
        if len(values) <= most:
            texts = [value_text(value) for value in values.tolist()]
            if len(set(texts)) < len(texts):
                texts = [value_text(value, digits=10) for value in values.tolist()]
            return Levels(texts, values, of_point.astype(np.int64))
        edges = _edges(self.places, slices, self.logarithmic)
        of_point = np.clip(np.searchsorted(edges, self.places, side="right") - 1, 0, len(edges) - 2)
        # Slices where no point lies are no levels.
        kept, of_point = np.unique(of_point, return_inverse=True)
        middle = np.asarray([self.places[of_point == one].mean() for one in range(len(kept))])
        texts = [f"{number(edges[one], 3)} to {number(edges[one + 1], 3)}" for one in kept.tolist()]
        return Levels(texts, middle, of_point.astype(np.int64), sliced=True)

    def _categories(self) -> tuple[list[str], NDArray[np.int64]]:
        """The words for its values, in the order in which the factor lists them, and the place of each point's."""
        own = [value_text(value) for value in self.values]
        listed = [value_text(value) for value in getattr(self._factor, "values", ())]
        texts = [text for text in dict.fromkeys([*listed, *own]) if text in set(own)]
        place = {text: row for row, text in enumerate(texts)}
        return texts, np.asarray([place[text] for text in own], np.int64)


class Reading:
    """A sweep's table with one measure, read for drawing.

    Parameters
    ----------
    table : SweepTable
        The rows.
    measure : str, optional
        By default total_cost, else the first.

    Attributes
    ----------
    values : array
        The measure, one row per point, one column per replication; empty (nan) where there is none.
    ids : array
        The design_id of each point.
    failed : int
        Runs that failed.
    """

    def __init__(self, table: Any, measure: str | None = None) -> None:
        self.table = table
        self.measure = table.measure(measure)
        self.names = Names(table.factors, table.measures)
        self.design = table.record.design
        point, ids = pd.factorize(table["design_id"], sort=True)
        rep, reps = pd.factorize(table["rep"], sort=True)
        self.ids = np.asarray(ids)
        done = (table["status"] == "done").to_numpy()
        self.failed = int((~done).sum())
        self.failed_points = len(np.unique(point[~done]))
        self.values: Floats = np.full((len(ids), len(reps)), np.nan)
        self.values[point[done], rep[done]] = table[self.measure].to_numpy(np.float64)[done]
        self._first = np.full(len(ids), -1, np.int64)
        self._first[point[::-1]] = np.arange(len(table))[::-1]

    @cached_property
    def factors(self) -> list[Varied]:
        """All factors of the table."""
        known = {str(factor.name): factor for factor in self.design.factors}
        columns = {name: self.table[name].tolist() for name in self.table.factors}
        return [
            Varied(name, self.names.factor(name), [column[row] for row in self._first.tolist()], known.get(name)) for name, column in columns.items()
        ]

    @cached_property
    def varied(self) -> list[Varied]:
        """The factors in which points differ."""
        return [factor for factor in self.factors if factor.changes]

    @property
    def label(self) -> str:
        """The measure in plain words."""
        return self.names.measure(self.measure)

    @property
    def reps(self) -> int:
        """The most replications that a point has."""
        return int((~np.isnan(self.values)).sum(axis=1).max(initial=0))

    @property
    def known(self) -> bool:
        """Whether any run gave a value."""
        return bool((~np.isnan(self.values)).any())

    @cached_property
    def means(self) -> Floats:
        """The mean of each point over its replications."""
        here = ~np.isnan(self.values)
        count = here.sum(axis=1)
        return np.asarray(np.divide(np.where(here, self.values, 0.0).sum(axis=1), count, out=np.full(len(count), np.nan), where=count > 0))

    def picked(self, names: Iterable[str] | str | None) -> list[Varied]:
        """The factors of these names, or all that vary."""
        if names is None:
            return self.varied
        wanted = [self.table.factor(name) for name in ([names] if isinstance(names, str) else names)]
        if len(set(wanted)) < len(wanted):
            raise UsageError(f"factor {wanted[0]!r} is named twice")
        return [factor for name in wanted for factor in self.factors if factor.name == name]

    def estimate(self, rows: Any) -> Estimate:
        """The mean of some points, with its 95 % interval over the replications.

        Where every point has the same replications, each of them gives one mean over the points, and these are independent of each
        other, with common random numbers as well as without. Elsewhere the errors of the points are added up, which errs on the safe side.
        """
        return pooled(self.values[rows], bool(getattr(self.table.record, "common", True)))

    def difference(self, row: int, base: int) -> Estimate:
        """How much more a point measures than another, paired by replication."""
        return pooled((self.values[row] - self.values[base])[None, :], True)

    def level_estimates(self, levels: Levels) -> list[Estimate]:
        """The estimate at each level of a factor."""
        return [self.estimate(levels.of_point == level) for level in range(len(levels.texts))]

    def span(self, factor: Varied) -> float:
        """By how much the means of a factor's levels differ."""
        found = [one.mean for one in self.level_estimates(factor.levels()) if one.known]
        return max(found) - min(found) if found else 0.0

    def strongest(self, factors: Sequence[Varied], count: int) -> list[Varied]:
        """So many factors whose levels differ most, in the order of the design."""
        if len(factors) <= count:
            return list(factors)
        kept = sorted(factors, key=lambda factor: -self.span(factor))[:count]
        return [factor for factor in factors if factor in kept]

    def point_text(self, row: int, factors: Sequence[Varied] | None = None) -> str:
        """A point in words: its factors and their values."""
        return ", ".join(f"{factor.label} {value_text(factor.values[row], digits=3)}" for factor in (self.varied if factors is None else factors))


def pooled(values: Floats, common: bool) -> Estimate:
    """Mean over points (rows) and replications (columns) with its interval; see `Reading.estimate`.

    Examples
    --------
    >>> one = pooled(np.array([[1.0, 3.0], [3.0, 5.0]]), True)
    >>> one.mean, one.runs
    (3.0, 2)
    """
    here = ~np.isnan(values)
    values, here = values[here.any(axis=1)], here[here.any(axis=1)]
    if not len(values):
        return NO_ESTIMATE
    if here[:, here.any(axis=0)].all():
        per_rep = values[:, here.any(axis=0)].mean(axis=0)
        count, mean = len(per_rep), float(per_rep.mean())
        error = float(per_rep.std(ddof=1)) / np.sqrt(count) if count > 1 else np.nan
    else:
        counts = here.sum(axis=1)
        count, filled = int(counts.min()), np.where(here, values, 0.0)
        means = filled.sum(axis=1) / counts
        away = np.where(here, values - means[:, None], 0.0)
        errors = np.sqrt(np.divide((away * away).sum(axis=1), (counts - 1.0) * counts, out=np.full(len(counts), np.nan), where=counts > 1))
        mean = float(means.mean())
        error = float(errors.mean()) if common else float(np.sqrt((errors * errors).sum())) / len(errors)
    half = student(max(count - 1, 1)) * error
    return Estimate(mean, mean - half, mean + half, count)


def _edges(places: Floats, slices: int, logarithmic: bool) -> Floats:
    """Where about so many slices of numbers begin and end: round numbers, or of a logarithmic factor equally many points each."""
    low, high = float(places.min()), float(places.max())
    if logarithmic:
        return np.unique(np.quantile(places, np.linspace(0.0, 1.0, slices + 1)))
    found = np.asarray(MaxNLocator(slices, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high))
    inner = found[(found > low) & (found < high)]
    # The outermost edges are round as well: a range is mostly asked for from one round number to another.
    return np.concatenate([found[found <= low][-1:], inner, found[found >= high][:1]])


def _is_number(value: Any) -> bool:
    # Designs may have very many points: the usual types first, and not a number is the one number that differs from itself.
    kind = type(value)
    return (kind is int or kind is float or (isinstance(value, np.number) and kind is not bool)) and value == value
