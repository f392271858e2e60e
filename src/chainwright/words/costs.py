"""What a cost is: a rate that rows have, what it is charged on, and the column of what was paid."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

# Takes a world and a range of rows, and gives one value for each of them; None where there is nothing to charge.
Base = Callable[[Any, slice], Any]


@dataclass(frozen=True)
class Cost:
    """A cost that items pay in every period; it is a part of ``total_cost``.

    What an item has paid in a period stands in the column ``<name>_paid`` of `items`, which the subject declares.

    Parameters
    ----------
    name : str
        Name of the cost, in results too.
    table, rate : str
        The table whose rows have the rate, and the column of the rate, in money per unit of what it is charged on.
    base : callable
        Takes the world and a range of rows of the table, and gives what the rate is multiplied by, one value for each of them.
    feature : str
        The feature without which nothing is charged.
    to : str
        The key by which a row of the table names the item that pays; empty where the rows are items.
    also : tuple of str and callable, optional
        A second rate of the table with what it is charged on (None where there is nothing now), added to the first.

    Examples
    --------
    >>> Cost("storage_cost", "items", "storage_cost", lambda world, rows: world.items.on_hand[rows], "storage").paid
    'storage_cost_paid'
    """

    name: str
    table: str
    rate: str
    base: Base
    feature: str
    to: str = ""
    also: tuple[str, Base] | None = None

    @property
    def paid(self) -> str:
        """The column of `items` that holds what was paid in the period."""
        return f"{self.name}_paid"

    @property
    def rates(self) -> tuple[str, ...]:
        """The columns of all its rates."""
        return (self.rate,) if self.also is None else (self.rate, self.also[0])
