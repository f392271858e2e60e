"""Rows by their owner, and columns that follow their rows from one world into another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.words.subjects import SHAPES


def owners(held: Callable[[str], Any], table: str, end: str, rows: NDArray[Any]) -> NDArray[Any]:
    """The enterprise that each of some rows of a table belongs to.

    Parameters
    ----------
    held : callable
        Gives a table by its name: of a world, or of a blueprint.
    table : str
        The table.
    end : str
        At which end, for rows with two owners.
    rows : array of int
        The rows.
    """
    ends = SHAPES[table].owner
    path = ends[end if end in ends else ""]
    for key in path.split(".") if path else ():
        rows = held(table)[key][rows]
        table = SHAPES[table].keys[key]
    return rows


def name_of(world: Any, table: str, row: int) -> str:
    """A row in words: the names that it is told by, those of the rows that it names among them.

    Examples
    --------
    >>> import chainwright as cw
    >>> world = cw.World(cw.load("beer_game").blueprint())
    >>> name_of(world, "items", 0), name_of(world, "lanes", 0)
    ('brewery/beer', 'brewery/beer to distributor/beer')
    """
    shape, held = SHAPES[table], getattr(world, table)
    keys = shape.targets
    said = [name_of(world, keys[name], int(held[name][row])) if name in keys else str(held[name][row]) for name in shape.named]
    ends = [part for name, part in zip(shape.named, said, strict=True) if name in keys and len(shape.owner) > 1]
    return " to ".join(ends) if ends else "/".join(said) or f"row {row} of {table}"


class RowsOf:
    """Which rows belong to each owner, found without a look at all of them.

    Parameters
    ----------
    owner : array of int
        The owner of each row.
    owners : int
        Number of owners.

    Examples
    --------
    >>> rows = RowsOf(np.array([1, 0, 1]), 3)
    >>> rows[1].tolist(), rows[2].tolist()
    ([0, 2], [])
    """

    def __init__(self, owner: NDArray[Any], owners: int) -> None:
        self._rows = np.argsort(owner, kind="stable")
        self._ends = np.cumsum(np.bincount(owner, minlength=owners))

    def __getitem__(self, owner: int) -> NDArray[np.intp]:
        """Rows of an owner, ascending."""
        return self._rows[self._ends[owner - 1] if owner else 0 : self._ends[owner]]


class Whereabouts:
    """The items and lanes of each enterprise of a world; they never change, and are looked up when somebody asks first."""

    def __init__(self, world: Any) -> None:
        self._world = world

    @cached_property
    def items(self) -> RowsOf:
        """Rows of items by enterprise."""
        return RowsOf(self._world.items.enterprise, self._world.enterprises.rows)

    @cached_property
    def selling(self) -> RowsOf:
        """Rows of the lanes on which each enterprise sells."""
        return self._of_lanes("seller")

    @cached_property
    def buying(self) -> RowsOf:
        """Rows of the lanes on which each enterprise buys."""
        return self._of_lanes("buyer")

    def lanes(self, own: str) -> RowsOf:
        """Rows of the lanes at whose end `own` each enterprise stands."""
        return self.selling if own == "seller" else self.buying

    def _of_lanes(self, end: str) -> RowsOf:
        world = self._world
        return RowsOf(world.items.enterprise[world.lanes[end]], world.enterprises.rows)


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
