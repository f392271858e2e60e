"""What a subject declares of results: which columns are summed up while a world runs, its metrics, and its result tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from numpy.typing import NDArray

# What no scenario needs by itself: demand that events or full order books lose. It may come up at any time in a run.
MAY_LOSE = "may_lose"
Columns = dict[str, NDArray[Any]]
# Takes a world that has been played and what watched it.
Measured = Callable[[Any, Any], Any]


def is_on(world: Any, feature: str) -> bool:
    """Whether what belongs to a feature can be there in a world, as it is now.

    Examples
    --------
    >>> import chainwright as cw
    >>> world = cw.World(cw.load("beer_game").blueprint())
    >>> is_on(world, ""), is_on(world, "transit"), is_on(world, "prices"), is_on(world, MAY_LOSE)
    (True, True, False, False)
    """
    return not feature or (bool(world.may_lose) if feature == MAY_LOSE else feature in world.features)


@dataclass(frozen=True)
class Sum:
    """A column that is added up over the measured periods.

    Parameters
    ----------
    table, column : str
        What is added up, row by row.
    feature : str
        The feature without which it is 0; ``may_lose`` where demand can be lost.
    name : str
        Under which the sum is found; the column's own name where nothing is said.
    within : {"", "sellers", "keepers", "customers", "payers"}
        Of items: outside of which rows the column is 0 in every period, so that they need not be added.
    results : tuple of str
        The result tables for which it is kept; for all of them where nothing is said.

    Examples
    --------
    >>> Sum("stations", "hours").called, Sum("items", "revenue_received", "prices", "revenue").called
    ('hours', 'revenue')
    """

    table: str
    column: str
    feature: str = ""
    name: str = ""
    within: str = ""
    results: tuple[str, ...] = ()

    @property
    def called(self) -> str:
        """The name under which the sum is found."""
        return self.name or self.column


@dataclass(frozen=True)
class Metric:
    """One metric of the result tables.

    Parameters
    ----------
    name, unit, meaning : str
        Its name, its unit in words, and one sentence for the reference.
    better : {"less", "more", ""}
        Which is better; nothing where it depends.
    goal : bool
        Whether it is one of service or money, so that a change of it is good or bad by itself. Of the others (stock, days of supply,
        bullwhip) a change may be a side effect: who is closed holds less and orders less, and nobody is better off.
    of : mapping
        From result tables of other subjects in which it stands, behind their own metrics, to what makes it: it takes the world and what
        watched it (`chainwright.metrics.results.Watched`), and gives one value per row of the table.
    feature : str
        The feature without which it stands in no table of others; of a cost that of the cost.
    """

    name: str
    unit: str
    meaning: str
    better: Literal["less", "more", ""] = ""
    goal: bool = False
    of: Mapping[str, Measured] = field(default_factory=dict)
    feature: str = ""


@dataclass(frozen=True)
class ResultTable:
    """A table of results: one row per run and row of a table of the world, or rows of its own.

    Parameters
    ----------
    name : str
        Its name in a result, in measures and in files.
    measures : callable
        Takes the world and what watched it (`chainwright.metrics.results.Watched`), and gives its columns: one value per row of `table`, in
        the order of the world; of a table with rows of its own its keys as well. None where there is nothing.
    table : str
        The table of the world whose rows it has; empty where it has rows of its own.
    keys : mapping, optional
        From the names of its keys to paths of columns (``seller.product``: the name of the product of the lane's seller), or to what makes
        them from a world. What makes the name of a row, where nothing is said.
    metrics : tuple of str
        Its metrics, in the order of its columns.
    others : tuple of Metric
        What its other columns hold.
    feature : str
        The feature without which a world has no such table.
    over_time : bool
        Whether it has a row for each period.
    said : callable, optional
        Takes the tables of a scenario's network, and gives for each row how it may be called in a measure: names joined by dots.
    example : str
        A measure of it.
    """

    name: str
    measures: Measured
    table: str = ""
    keys: Mapping[str, str | Callable[[Any], NDArray[Any]]] | None = None
    metrics: tuple[str, ...] = ()
    others: tuple[Metric, ...] = ()
    feature: str = ""
    over_time: bool = False
    said: Callable[[Mapping[str, Any]], list[tuple[str, ...]]] | None = None
    example: str = ""


@dataclass(frozen=True)
class Balance:
    """Something that is conserved: what is held now is what was held before and what was gained, less what was spent.

    Parameters
    ----------
    name : str
        What is conserved, as a message says it.
    table : str
        The table whose rows hold it.
    by : tuple of str
        Keys of the table: rows that agree in all of them are one balance, ``("run", "product")``; each row where nothing is said.
    feature : str
        The feature without which there is none of it.
    beside : str
        A balance of the same cells, declared before, from which it comes or into which it goes: rounding is measured against its size too.
    last_digits : bool
        Whether it piles up without end, as money does: it is then rounded in the last digits only.
    """

    name: str
    table: str
    by: tuple[str, ...] = ()
    feature: str = ""
    beside: str = ""
    last_digits: bool = False


@dataclass(frozen=True)
class Term:
    """One part of a balance.

    Parameters
    ----------
    balance : str
        The name of the balance.
    part : {"held", "gained", "spent"}
        Held at the end of a period; gained or spent in it.
    table : str
        The table whose rows have it.
    column : str or callable
        A column, or what makes one from a world: one value per row.
    to : str
        The key by which a row names the row of the balance's table; empty where it is that table.
    sign : float
        -1 where it counts the other way.
    feature : str
        The feature without which it is 0.
    """

    balance: str
    part: Literal["held", "gained", "spent"]
    table: str
    column: str | Callable[[Any], Any]
    to: str = ""
    sign: float = 1.0
    feature: str = ""


@dataclass(frozen=True)
class Invariant:
    """Something else that must always hold.

    Parameters
    ----------
    name : str
        What it is.
    watch : callable
        Takes a world before its first period (or the first in which the feature is on), and gives what is called with the world after
        each period: it answers None, or what is wrong. What it remembers are attributes that can be copied.
    feature : str
        The feature without which it is not looked at.
    """

    name: str
    watch: Callable[[Any], Callable[[Any], str | None]]
    feature: str = ""


@dataclass(frozen=True)
class SignRule:
    """Which rows of a table may have less than nothing of what is at least 0 by the schema.

    Parameters
    ----------
    table : str
        The table.
    free : callable
        Takes a world and gives for each row whether it may.
    slack : callable, optional
        Takes a world and gives for each row how far below 0 is taken for rounding; not at all where nothing is said.
    """

    table: str
    free: Callable[[Any], NDArray[Any]]
    slack: Callable[[Any], NDArray[Any]] | None = None
