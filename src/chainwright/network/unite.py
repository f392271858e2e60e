"""From a blueprint of one run to the tables of a union: derive, sort by level and name, lay runs side by side."""

from __future__ import annotations

import dataclasses
import itertools
import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.network.blueprint import Blueprint
from chainwright.network.levels import echelons, item_levels
from chainwright.network.union import Layout
from chainwright.state.table import Table, blank_columns
from chainwright.words.schema import TableName
from chainwright.words.trade import SCHEMA

Index = NDArray[Any]
Columns = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Template:
    """One run of a blueprint in the order of computation.

    `order[table]` holds, for each row in the order of computation, its row in the file; `place[table]` is the inverse.
    Rows are sorted by level and then by name, so that neither the order of a file nor a tie in it decides anything.
    """

    tables: dict[str, Columns]
    order: dict[str, Index]
    place: dict[str, Index]
    item_level: Index
    lane_level: Index
    item_cycle: Index
    may_be_instant: NDArray[np.bool_]
    name_rank: Index
    # Which delays there are: of orders, of transport, of production.
    delayed: NDArray[np.bool_]

    def without_tables(self) -> Template:
        """What is left once the tables of a world have been filled."""
        nothing = np.zeros(0, np.int32)
        return dataclasses.replace(self, tables={}, lane_level=nothing, may_be_instant=nothing.astype(np.bool_))


def derive(blueprint: Blueprint, like: Template | None = None) -> Template:
    """Fill in defaults and what follows from the network: levels, echelons, lead times, who makes and who consumes.

    With `like`, the template of a blueprint of the same structure, what follows from the structure alone is taken from there.
    """
    tables = {name: dict(columns) for name, columns in blueprint.tables.items()}
    items, lanes, recipes, enterprises = tables["items"], tables["lanes"], tables["recipes"], tables["enterprises"]
    count = len(items["enterprise"])
    seller, buyer = lanes["seller"], lanes["buyer"]
    may_be_zero = lanes["transport_time"] == 0
    for time in blueprint.drawn_times:
        may_be_zero[time.rows] = bool(np.any(time.values[time.probabilities > 0.0] == 0))
    without_delay = (lanes["order_delay"] == 0) | may_be_zero
    if like is None:
        items["level"] = item_levels(count, seller, buyer, without_delay, recipes["component"], recipes["item"])
    else:
        items["level"] = like.item_level[like.place["items"]]
    items["customer"] = (enterprises["role"] == "customer")[items["enterprise"]].astype(np.bool_)
    made = np.bincount(recipes["item"], minlength=count) > 0
    for choice in blueprint.policies.get("plan_production", []):
        # A recipe without components has no line, but somebody plans its production.
        made[choice.rows] = True
    items["makes"] = made
    items["lost_sale_cost"] = _lost_sale_cost(items, count)
    if like is None:
        upper = np.concatenate([seller, recipes["component"]])
        lower = np.concatenate([buyer, recipes["item"]])
        items["echelon"], cycle = echelons(count, upper, lower, items["customer"])
    else:
        items["echelon"] = like.tables["items"]["echelon"][like.place["items"]]
    lead_time = np.where(made, items["production_time"], 0).astype(np.float64)
    counted = np.asarray(lanes["active"], np.bool_)
    np.maximum.at(lead_time, buyer[counted], (lanes["order_delay"] + lanes["transport_time"])[counted].astype(np.float64))
    items["lead_time"] = lead_time
    order = _orders(tables) if like is None else like.order
    place = {name: inverse(rows) for name, rows in order.items()} if like is None else like.place
    delayed = (lanes["order_delay"][order["lanes"]] > 0, ~may_be_zero[order["lanes"]], items["production_time"][order["items"]] > 0)
    return Template(
        tables=_sorted(tables, order, place),
        order=order,
        place=place,
        item_level=items["level"][order["items"]] if like is None else like.item_level,
        lane_level=items["level"][seller][order["lanes"]],
        item_cycle=cycle[order["items"]] if like is None else like.item_cycle,
        may_be_instant=may_be_zero[order["lanes"]],
        name_rank=_name_ranks(tables)[order["items"]] if like is None else like.name_rank,
        delayed=np.concatenate(delayed),
    )


def _lost_sale_cost(items: Columns, rows: int) -> NDArray[Any]:
    """What a lost unit costs: where nothing is said, as much as one that is owed for a period."""
    owed = items.get("backorder_cost", np.broadcast_to(np.zeros(1), (rows,)))
    said = items.get("lost_sale_cost")
    if said is None or (_one_value(said) and np.isnan(said[0])):
        return owed
    return np.where(np.isnan(said), owed, said)


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


def _orders(tables: Mapping[str, Columns]) -> dict[str, Index]:
    """The order of computation of each table's rows."""
    items, lanes, recipes = tables["items"], tables["lanes"], tables["recipes"]
    orders = {name: by_name(tables[name]["name"]) for name in ("products", "enterprises")}
    rank = {name: inverse(order) for name, order in orders.items()}
    item_order = np.lexsort((rank["products"][items["product"]], rank["enterprises"][items["enterprise"]], items["level"]))
    item_rank = inverse(item_order)
    name_rank = _name_ranks(tables)
    # Few modes have names: they are told apart before they are ranked.
    modes = sorted(set(map(str, lanes["mode"])))
    number = {mode: place for place, mode in enumerate(modes)}
    mode_rank = [np.array([number[str(mode)] for mode in lanes["mode"]], np.int32)] if len(modes) > 1 else []
    # By the buyer's name, not by its level: ties among a seller's lanes go by name.
    lane_order = np.lexsort((*mode_rank, name_rank[lanes["buyer"]], item_rank[lanes["seller"]]))
    recipe_order = np.lexsort((item_rank[recipes["component"]], item_rank[recipes["item"]]))
    found = {**orders, "items": item_order, "lanes": lane_order, "recipes": recipe_order}
    return {name: order.astype(np.int32, copy=False) for name, order in found.items()}


def _name_ranks(tables: Mapping[str, Columns]) -> Index:
    """Place of each item in the alphabet: by enterprise, then by product."""
    rank = {name: inverse(by_name(tables[name]["name"])) for name in ("products", "enterprises")}
    items = tables["items"]
    return inverse(np.lexsort((rank["products"][items["product"]], rank["enterprises"][items["enterprise"]])))


FOREIGN_KEYS = {
    "items": {"enterprise": "enterprises", "product": "products"},
    "lanes": {"seller": "items", "buyer": "items"},
    "recipes": {"item": "items", "component": "items"},
}


def _sorted(tables: Mapping[str, Columns], order: Mapping[str, Index], place: Mapping[str, Index]) -> dict[str, Columns]:
    made: dict[str, Columns] = {}
    for name, columns in tables.items():
        made[name] = {key: _rows_of(np.asarray(column), order[name]) for key, column in columns.items()}
        for key, target in FOREIGN_KEYS.get(name, {}).items():
            made[name][key] = place[target][made[name][key]].astype(np.int32)
    return made


def _rows_of(column: NDArray[Any], rows: Index) -> NDArray[Any]:
    """Rows of a column, copied; of a column that holds one value for all rows just that value, for as many."""
    return np.broadcast_to(column[:1], (len(rows),)) if _one_value(column) else column[rows]


def _one_value(column: NDArray[Any]) -> bool:
    """Whether a column is one value that stands for all rows, as `numpy.broadcast_to` makes it."""
    return column.strides == (0,) and len(column) > 0


# Columns that are 1 until an event changes them: one column stands for all those of a table where no event is scheduled.
OPEN = {
    "items": ("capacity_factor", "demand_factor"),
    "lanes": ("orders_open", "shipments_open", "transit_open", "receipt_open"),
}


def separate(table: Table) -> None:
    """Give each of the columns that events change a memory of its own."""
    first, *others = OPEN[table.name]
    for name in others:
        if table[name] is table[first]:
            setattr(table, name, table[name].copy())


@dataclass(frozen=True)
class Union:
    """The tables of several runs side by side, and where each row of one run lies."""

    tables: dict[str, Table]
    layouts: dict[str, Layout]


def unite(templates: Sequence[Template], of_run: Index, runs: Sequence[int], branches: Sequence[int] | None = None) -> Union:
    """Lay runs side by side, each after the template that `of_run` names for it: a level stays a slice of its table.

    The templates have the same rows in the same order; only what stands in them may differ.
    """
    count = len(runs)
    template = templates[0]
    source = template.tables
    zeros = {name: np.zeros(len(next(iter(columns.values()), [])), np.int32) for name, columns in source.items()}
    layouts = {
        "enterprises": Layout(zeros["enterprises"], count, together=zeros["enterprises"]),
        "items": Layout(template.item_level, count),
        "lanes": Layout(_dense(template.lane_level), count, together=_dense(source["lanes"]["seller"])),
        "recipes": Layout(zeros["recipes"], count, together=_dense(source["recipes"]["item"])),
    }
    tables = {
        "runs": Table(
            "runs",
            {"number": np.asarray(runs, np.int64), "branch": np.asarray(branches or [0] * count, np.int64), "outside_cash": np.zeros(count)},
        ),
        "products": Table("products", _complete("products", source["products"], len(zeros["products"]))),
    }
    for name, layout in layouts.items():
        columns = dict(source[name]) if count == 1 else laid_out(templates, of_run, name, layout)
        for key, target in FOREIGN_KEYS.get(name, {}).items():
            if target in layouts and count > 1:
                columns[key] = layouts[target].where(np.arange(layouts[target].rows))[layout.run, columns[key]]
        columns["run"] = layout.run
        tables[name] = Table(name, _complete(name, columns, len(layout.source)))
    return Union(tables, layouts)


def laid_out(templates: Sequence[Template], of_run: Index, name: str, layout: Layout) -> Columns:
    """The columns of one table over all runs, each row from the template that its run follows."""
    tables = [template.tables[name] for template in templates]
    made: Columns = {}
    rows: Index | None = None
    for key in dict.fromkeys(key for table in tables for key in table):
        given = [table.get(key) for table in tables]
        first = given[0]
        if first is not None and all(one is not None and _same(first, one) for one in given[1:]):
            made[key] = _rows_of(first, layout.source)
            continue
        if rows is None:
            rows = layout.source + of_run.astype(np.int64)[layout.run] * layout.rows
        known = next(one for one in given if one is not None)
        default = next((column.default for column in SCHEMA.table(name) if column.name == key), 0)
        filled = [np.full(len(known), default, known.dtype) if one is None else one for one in given]
        made[key] = np.concatenate(filled)[rows]
    return made


def _same(one: NDArray[Any], other: NDArray[Any]) -> bool:
    """Whether two columns hold the same to the last bit."""
    if one is other or one.dtype != other.dtype:
        return one is other
    return np.array_equal(one, other) if one.dtype.kind in "OUS" else one.tobytes() == other.tobytes()


def _dense(block: Index) -> Index:
    """Block numbers without gaps (a level may sell nothing)."""
    return np.unique(block, return_inverse=True)[1]


def _complete(name: TableName | str, columns: Columns, rows: int) -> Columns:
    """Every column of the schema, with its type; what nobody says has its default.

    Columns that have their type already are taken as they are: they are copies, made for this table.
    """
    made = blank_columns(SCHEMA, name, rows)
    ones = np.ones(rows if name in OPEN else 0)
    for column in SCHEMA.table(name):
        given = columns.get(column.name)
        if column.name in OPEN.get(name, ()):
            made[column.name] = ones
            continue
        if given is not None and column.dtype == "str":
            made[column.name] = np.asarray(given, object)
        elif given is not None and _one_value(given):
            if given[0]:
                made[column.name].fill(given[0])
        elif given is not None and column.dtype == "str":
            made[column.name] = given.astype(object, copy=False)
        elif given is not None and column.dtype != "float64" and given.dtype == made[column.name].dtype:
            made[column.name] = given
        elif given is not None:
            made[column.name][...] = given
        elif column.dtype == "str":
            made[column.name] = np.broadcast_to(np.array([column.default or ""], object), rows)
        elif column.default:
            made[column.name].fill(column.default)
    return made
