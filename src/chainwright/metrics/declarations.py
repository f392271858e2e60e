"""What a subject declares of results: which columns are summed up while a world runs, and where a metric stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

# What no scenario needs by itself: demand that events or full order books lose. It may come up at any time in a run.
MAY_LOSE = "may_lose"


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
