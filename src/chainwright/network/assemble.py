"""From a blueprint of one run to the tables of a union: derive, sort by level and name, lay runs side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.network.blueprint import Blueprint
from chainwright.network.levels import echelons, item_levels
from chainwright.network.union import Layout
from chainwright.state.table import DTYPES, Table, full_column
from chainwright.words.columns import SCHEMA
from chainwright.words.schema import TableName

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


def derive(blueprint: Blueprint) -> Template:
    """Fill in defaults and what follows from the network: levels, echelons, lead times, who makes and who consumes."""
    tables = {name: dict(columns) for name, columns in blueprint.tables.items()}
    items, lanes, recipes, enterprises = tables["items"], tables["lanes"], tables["recipes"], tables["enterprises"]
    count = len(items["enterprise"])
    seller, buyer = lanes["seller"], lanes["buyer"]
    may_be_zero = lanes["transport_time"] == 0
    for time in blueprint.drawn_times:
        may_be_zero[time.rows] = bool(np.any(time.values[time.probabilities > 0.0] == 0))
    without_delay = (lanes["order_delay"] == 0) | may_be_zero
    items["level"] = item_levels(count, seller, buyer, without_delay, recipes["component"], recipes["item"])
    items["customer"] = (enterprises["role"] == "customer")[items["enterprise"]].astype(np.bool_)
    made = np.bincount(recipes["item"], minlength=count) > 0
    for choice in blueprint.policies.get("plan_production", []):
        # A recipe without components has no line, but somebody plans its production.
        made[choice.rows] = True
    items["makes"] = made
    upper = np.concatenate([seller, recipes["component"]])
    lower = np.concatenate([buyer, recipes["item"]])
    items["echelon"], cycle = echelons(count, upper, lower, items["customer"])
    lead_time = np.where(made, items["production_time"], 0).astype(np.float64)
    counted = np.asarray(lanes["active"], np.bool_)
    np.maximum.at(lead_time, buyer[counted], (lanes["order_delay"] + lanes["transport_time"])[counted].astype(np.float64))
    items["lead_time"] = lead_time
    order = _orders(tables)
    place = {name: np.argsort(rows, kind="stable") for name, rows in order.items()}
    return Template(
        tables=_sorted(tables, order, place),
        order=order,
        place=place,
        item_level=items["level"][order["items"]],
        lane_level=items["level"][seller][order["lanes"]],
        item_cycle=cycle[order["items"]],
        may_be_instant=may_be_zero[order["lanes"]],
        name_rank=_name_ranks(tables)[order["items"]],
    )


def _orders(tables: Mapping[str, Columns]) -> dict[str, Index]:
    """The order of computation of each table's rows."""
    items, lanes, recipes = tables["items"], tables["lanes"], tables["recipes"]
    by_name = {name: np.argsort(np.asarray(tables[name]["name"], dtype=str), kind="stable") for name in ("products", "enterprises")}
    rank = {name: np.argsort(order, kind="stable") for name, order in by_name.items()}
    item_order = np.lexsort((rank["products"][items["product"]], rank["enterprises"][items["enterprise"]], items["level"]))
    item_rank = np.argsort(item_order, kind="stable")
    name_rank = _name_ranks(tables)
    mode_rank = np.unique(np.asarray(lanes["mode"], dtype=str), return_inverse=True)[1]
    # By the buyer's name, not by its level: ties among a seller's lanes go by name.
    lane_order = np.lexsort((mode_rank, name_rank[lanes["buyer"]], item_rank[lanes["seller"]]))
    recipe_order = np.lexsort((item_rank[recipes["component"]], item_rank[recipes["item"]]))
    return {**by_name, "items": item_order, "lanes": lane_order, "recipes": recipe_order}


def _name_ranks(tables: Mapping[str, Columns]) -> Index:
    """Place of each item in the alphabet: by enterprise, then by product."""
    rank = {name: np.unique(np.asarray(tables[name]["name"], dtype=str), return_inverse=True)[1] for name in ("products", "enterprises")}
    items = tables["items"]
    return np.argsort(np.lexsort((rank["products"][items["product"]], rank["enterprises"][items["enterprise"]])), kind="stable")


FOREIGN_KEYS = {
    "items": {"enterprise": "enterprises", "product": "products"},
    "lanes": {"seller": "items", "buyer": "items"},
    "recipes": {"item": "items", "component": "items"},
}


def _sorted(tables: Mapping[str, Columns], order: Mapping[str, Index], place: Mapping[str, Index]) -> dict[str, Columns]:
    made: dict[str, Columns] = {}
    for name, columns in tables.items():
        made[name] = {key: np.asarray(column)[order[name]] for key, column in columns.items()}
        for key, target in FOREIGN_KEYS.get(name, {}).items():
            made[name][key] = place[target][made[name][key]].astype(np.int32)
    return made


@dataclass(frozen=True)
class Union:
    """The tables of several runs side by side, and where each row of one run lies."""

    tables: dict[str, Table]
    layouts: dict[str, Layout]


def unite(template: Template, runs: Sequence[int], branches: Sequence[int] | None = None) -> Union:
    """Lay runs of a template side by side: a level stays a slice of its table."""
    count = len(runs)
    source = template.tables
    zeros = {name: np.zeros(len(next(iter(columns.values()), [])), np.int32) for name, columns in source.items()}
    layouts = {
        "enterprises": Layout(zeros["enterprises"], count),
        "items": Layout(template.item_level, count),
        "lanes": Layout(_dense(template.lane_level), count),
        "recipes": Layout(zeros["recipes"], count),
    }
    tables = {
        "runs": Table(
            "runs",
            {"number": np.asarray(runs, np.int64), "branch": np.asarray(branches or [0] * count, np.int64), "outside_cash": np.zeros(count)},
        ),
        "products": Table("products", _complete("products", source["products"], len(zeros["products"]))),
    }
    for name, layout in layouts.items():
        columns = {key: column[layout.source] for key, column in source[name].items()}
        for key, target in FOREIGN_KEYS.get(name, {}).items():
            if target in layouts:
                columns[key] = layouts[target].where(np.arange(layouts[target].rows))[layout.run, columns[key]]
        columns["run"] = layout.run
        tables[name] = Table(name, _complete(name, columns, len(layout.source)))
    return Union(tables, layouts)


def _dense(block: Index) -> Index:
    """Block numbers without gaps (a level may sell nothing)."""
    return np.unique(block, return_inverse=True)[1]


def _complete(name: TableName | str, columns: Columns, rows: int) -> Columns:
    """Every column of the schema, with its type; what nobody says has its default."""
    made: Columns = {}
    for column in SCHEMA.table(name):
        if column.name in columns:
            made[column.name] = np.array(columns[column.name], dtype=DTYPES[column.dtype])
        else:
            made[column.name] = full_column(SCHEMA, name, column.name, rows)
    return made
