"""The one `move` for every unit of goods and the one `pay` for every cent."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from chainwright.state.pipeline import Periods, Pipeline
from chainwright.state.totals import NOISE, Grouping, sum_by

Floats = NDArray[np.float64]


class Holder(Protocol):
    """Something that goods can leave and reach."""

    def remove(self, amount: Floats) -> None:
        """Take goods out, one amount per row of the movement."""

    def add(self, amount: Floats) -> None:
        """Put goods in, one amount per row of the movement."""


class Stock:
    """A column of stock, or a slice of it; `index` says to which row of the slice each amount belongs (None: row by row).

    Parameters
    ----------
    column : array
        The flat column, changed in place.
    rows : slice
        The part of the column that the movement can touch.
    index : array of int or Grouping, optional
        For each amount, its row within the slice.

    Attributes
    ----------
    moved : array
        What the last movement took out or put in, one amount per row of the slice.
    """

    moved: Floats

    def __init__(self, column: Floats, rows: slice, index: NDArray[Any] | Grouping | None = None) -> None:
        self.part = column[rows]
        self.index = index

    def _by_row(self, amount: Floats) -> Floats:
        self.moved = amount if self.index is None else _by_account(amount, self.index, len(self.part))
        return self.moved

    def remove(self, amount: Floats) -> None:
        """Take goods out; a remainder below zero that is only rounding becomes zero."""
        removed = self._by_row(amount)
        self.part -= removed
        below = self.part < 0.0
        if below.any():
            self.part[below & (self.part >= -NOISE * removed)] = 0.0

    def add(self, amount: Floats) -> None:
        """Put goods in."""
        self.part += self._by_row(amount)


class Delayed:
    """A pipeline as a holder: goods enter for a due period and leave when they are due."""

    def __init__(self, pipeline: Pipeline, due: Periods, rows: NDArray[Any] | slice) -> None:
        self.pipeline = pipeline
        self.due = due
        self.rows = rows

    def add(self, amount: Floats) -> None:
        """Send goods on their way."""
        self.pipeline.add(self.due, amount, self.rows)

    def remove(self, amount: Floats) -> None:
        """Take goods off the way, in the period in which they are due."""
        self.pipeline.take(self.due, amount, self.rows)


class Outside:
    """Where goods come from or go to beyond the network: unlimited sources, consumption, scrap; a column keeps the tally."""

    def __init__(self, tally: Floats | None = None, rows: slice = slice(None), index: NDArray[Any] | None = None) -> None:
        self.shelf = None if tally is None else Stock(tally, rows, index)

    def add(self, amount: Floats) -> None:
        """Goods leave the network."""
        if self.shelf is not None:
            self.shelf.add(amount)

    def remove(self, amount: Floats) -> None:
        """Goods enter the network."""
        if self.shelf is not None:
            self.shelf.add(amount)


# Where released units go and good ones come from while they are made; nothing is tallied there.
NOWHERE = Outside()


def move(amount: Floats, out_of: Holder, into: Holder) -> None:
    """Move goods from one holder to another: the only way in which a unit changes its place.

    Parameters
    ----------
    amount : array
        Units, one per row of the movement.
    out_of, into : Holder
        Where they leave and where they arrive.

    Examples
    --------
    >>> stock, consumed = np.array([5.0]), np.array([0.0])
    >>> move(np.array([2.0]), Stock(stock, slice(None)), Outside(consumed))
    >>> stock.tolist(), consumed.tolist()
    ([3.0], [2.0])
    """
    out_of.remove(amount)
    into.add(amount)


def pay(amount: Floats, payer: tuple[Floats, NDArray[Any] | Grouping], payee: tuple[Floats, NDArray[Any] | Grouping]) -> None:
    """Pay money from accounts to accounts: the only way in which a cent changes its owner.

    Parameters
    ----------
    amount : array
        Money, one per payment.
    payer, payee : (column, index)
        Column of accounts, and for each payment its row (or the grouping of payments by rows).

    Examples
    --------
    >>> cash, outside = np.array([10.0, 0.0]), np.array([0.0])
    >>> pay(np.array([4.0]), (cash, np.array([0])), (outside, np.array([0])))
    >>> cash.tolist(), outside.tolist()
    ([6.0, 0.0], [4.0])
    """
    accounts, rows = payer
    accounts -= _by_account(amount, rows, len(accounts))
    accounts, rows = payee
    accounts += _by_account(amount, rows, len(accounts))


def _by_account(amount: Floats, rows: NDArray[Any] | Grouping, accounts: int) -> Floats:
    return rows.sum(amount) if isinstance(rows, Grouping) else sum_by(rows, amount, accounts)
