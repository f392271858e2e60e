"""One run of a blueprint in the order of computation: what follows from the network is derived, and the rows are put in order."""

from __future__ import annotations

import dataclasses
import itertools
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.network import trade
from chainwright.network.blueprint import Blueprint
from chainwright.network.levels import echelons, item_levels
from chainwright.state.table import is_one_value
from chainwright.words.declarations import By, TableShape
from chainwright.words.subjects import SHAPES

Index = NDArray[Any]
Columns = dict[str, NDArray[Any]]
Derive = Callable[[dict[str, Columns], Blueprint], None]


@dataclass(frozen=True)
class Template:
    """One run of a blueprint in the order of computation.

    `order[table]` holds, for each row in the order of computation, its row in the file; `place[table]` is the inverse.
    Rows are sorted by level and then by name, so that neither the order of a file nor a tie in it decides anything.
    `level[table]` holds the level of each row, of the tables that lie in levels.
    """

    tables: dict[str, Columns]
    order: dict[str, Index]
    place: dict[str, Index]
    level: dict[str, Index]
    item_cycle: Index
    name_rank: Index
    # Which delays there are: of orders, of transport, of production.
    delayed: NDArray[np.bool_]

    def without_tables(self) -> Template:
        """What is left once the tables of a world have been filled."""
        return dataclasses.replace(self, tables={}, level={"items": self.level["items"]})


_DERIVED: dict[str, list[Derive]] = {"trade": [trade.derive]}


def derives(subject: str, function: Derive) -> None:
    """Let a function add what follows from the tables of one run, after those of the subjects before it.

    Parameters
    ----------
    subject : str
        Whose columns they are.
    function : callable
        Takes the columns by table, which it may add to, and the blueprint. `items` have their `level` and `echelon` by then.
    """
    _DERIVED.setdefault(subject, []).append(function)


def derive(blueprint: Blueprint, like: Template | None = None) -> Template:
    """Fill in what follows from the network (levels, echelons, and what subjects derive), and put the rows in order.

    With `like`, the template of a blueprint of the same structure, what follows from the structure alone is taken from there.
    """
    tables = {name: dict(blueprint.tables.get(name, {})) for name in SHAPES if name in blueprint.tables or SHAPES[name].rows == "same"}
    items, lanes, recipes = tables["items"], tables["lanes"], tables["recipes"]
    count = len(items["enterprise"])
    seller, buyer, instant = lanes["seller"], lanes["buyer"], blueprint.instant
    items["customer"] = (tables["enterprises"]["role"] == "customer")[items["enterprise"]].astype(np.bool_)
    if like is None:
        without_delay = (lanes["order_delay"] == 0) | instant
        items["level"] = item_levels(count, seller, buyer, without_delay, recipes["component"], recipes["item"])
        upper = np.concatenate([seller, recipes["component"]])
        lower = np.concatenate([buyer, recipes["item"]])
        items["echelon"], cycle = echelons(count, upper, lower, items["customer"])
    else:
        items["level"] = like.level["items"][like.place["items"]]
        items["echelon"] = like.tables["items"]["echelon"][like.place["items"]]
    for functions in _DERIVED.values():
        for function in functions:
            function(tables, blueprint)
    order, ranks = _orders(tables) if like is None else (like.order, {})
    place = {name: inverse(rows) for name, rows in order.items()} if like is None else like.place
    delayed = (lanes["order_delay"][order["lanes"]] > 0, ~instant[order["lanes"]], items["production_time"][order["items"]] > 0)
    return Template(
        tables=_sorted(tables, order, place),
        order=order,
        place=place,
        level=_levels(tables, order) if like is None else like.level,
        item_cycle=cycle[order["items"]] if like is None else like.item_cycle,
        name_rank=ranks["items"][order["items"]] if like is None else like.name_rank,
        delayed=np.concatenate(delayed),
    )


def derive_all(blueprints: Sequence[Blueprint]) -> list[Template]:
    """The templates of blueprints of one structure."""
    first = derive(blueprints[0])
    return [first, *(derive(one, first) for one in blueprints[1:])]


def inverse(order: Index) -> Index:
    """For each row of the file its place in an order.

    Examples
    --------
    >>> inverse(np.array([2, 0, 1])).tolist()
    [1, 2, 0]
    """
    rows = np.arange(len(order), dtype=np.int32)
    if np.array_equal(order, rows):
        return order
    place = np.empty(len(order), np.int32)
    place[order] = rows
    return place


def by_name(names: Sequence[str] | NDArray[Any]) -> Index:
    """The alphabetical order of names; those that stand in it already are not sorted again.

    Examples
    --------
    >>> by_name(["b", "c", "a"]).tolist()
    [2, 0, 1]
    """
    known = list(names)
    if all(map(operator.le, known, itertools.islice(known, 1, None))):
        return np.arange(len(known), dtype=np.int32)
    return np.argsort(np.asarray(known, dtype=str), kind="stable").astype(np.int32)


def _orders(tables: Mapping[str, Columns]) -> tuple[dict[str, Index], dict[str, Index]]:
    """The order of computation of each table's rows, and the alphabetical rank of each row."""
    orders: dict[str, Index] = {}
    ranks: dict[str, Index] = {}
    place: dict[str, Index] = {}
    for name, columns in tables.items():
        shape = SHAPES[name]
        keys = [key for by in shape.order if (key := _sort_key(by, shape, columns, place, ranks)) is not None]
        orders[name] = (by_name(columns["name"]) if shape.order == (By("name", "name"),) else np.lexsort(keys[::-1])).astype(np.int32, copy=False)
        place[name] = inverse(orders[name])
        ranks[name] = place[name] if shape.order == (By("name", "name"),) else _name_rank(shape, columns, ranks)
    return orders, ranks


def _sort_key(by: By, shape: TableShape, columns: Columns, place: Mapping[str, Index], ranks: Mapping[str, Index]) -> Index | None:
    """One key that sorts the rows of a table; None where it tells nothing apart."""
    column = columns.get(by.column, np.zeros(0, np.int32))
    if by.how == "place":
        return place[shape.keys[by.column]][column]
    if by.how == "name":
        return ranks[shape.keys[by.column]][column] if by.column in shape.keys else inverse(by_name(column))
    if by.how == "number":
        return column
    # Few texts there are: they are told apart before they are ranked.
    known = sorted(set(map(str, column)))
    if len(known) < 2:
        return None
    number = {text: rank for rank, text in enumerate(known)}
    return np.array([number[str(text)] for text in column], np.int32)


def _name_rank(shape: TableShape, columns: Columns, ranks: Mapping[str, Index]) -> Index:
    """Place of each row in the alphabet, by what makes its name."""
    if not all(column in shape.keys for column in shape.named):
        return np.zeros(0, np.int32)
    return inverse(np.lexsort([ranks[shape.keys[column]][columns[column]] for column in reversed(shape.named)]))


def _levels(tables: Mapping[str, Columns], order: Mapping[str, Index]) -> dict[str, Index]:
    """The level of each row in the order of computation, of the tables that lie in levels."""
    level = tables["items"]["level"]
    shapes = [SHAPES[name] for name in tables if SHAPES[name].level]
    return {
        shape.name: (level if shape.level == "self" else level[tables[shape.name].get(shape.level, np.zeros(0, np.int32))])[order[shape.name]]
        for shape in shapes
    }


def _sorted(tables: Mapping[str, Columns], order: Mapping[str, Index], place: Mapping[str, Index]) -> dict[str, Columns]:
    made: dict[str, Columns] = {}
    for name, columns in tables.items():
        made[name] = {key: rows_of(np.asarray(column), order[name]) for key, column in columns.items()}
        for key, target in SHAPES[name].targets.items():
            if key in columns:
                made[name][key] = place[target][made[name][key]].astype(np.int32)
    return made


def rows_of(column: NDArray[Any], rows: Index) -> NDArray[Any]:
    """Rows of a column, copied; of a column that holds one value for all rows just that value, for as many."""
    return np.broadcast_to(column[:1], (len(rows),)) if is_one_value(column) else column[rows]
