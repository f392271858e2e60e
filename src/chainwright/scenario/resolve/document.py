"""Resolving a valid scenario document to flat columns: document -> Blueprint."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.network.blueprint import Blueprint, Columns
from chainwright.scenario import keys
from chainwright.scenario.resolve.events import resolve_events
from chainwright.scenario.resolve.generated import Grown, grown
from chainwright.scenario.resolve.policies import resolve_policies
from chainwright.scenario.resolve.population import resolve_population
from chainwright.scenario.resolve.steady import resolve_contents
from chainwright.scenario.resolve.times import resolve_transport_times, shares_of_orders
from chainwright.state.streams import coordinate
from chainwright.words.calendar import days_of_period
from chainwright.words.schema import Column
from chainwright.words.subjects import SCHEMA

Rows = Sequence[Mapping[str, Any]]


def resolve(document: Mapping[str, Any], name: str = "scenario", network: Grown | None = None) -> Blueprint:
    """Resolve a valid document to the columns that a world is built from.

    Parameters
    ----------
    document : mapping
        A valid scenario document whose CSV tables and series are already read in.
    name : str
        Name of the scenario.
    network : Grown, optional
        What the document's population makes; made here where it has one and none is given.

    Returns
    -------
    Blueprint
        Products, enterprises, lanes and recipes in the order of the file; items by enterprise, then by product.

    Examples
    --------
    >>> document = {
    ...     "horizon": 10,
    ...     "products": {"beer": {"value": 2}},
    ...     "enterprises": {
    ...         "drinkers": {"role": "customer", "items": {"beer": {"demand": {"policy": "constant", "value": 4}}}},
    ...         "maltings": {"role": "supplier", "items": {"beer": {"unlimited": True}}},
    ...     },
    ...     "lanes": [{"seller": "maltings", "buyer": "drinkers", "product": "beer", "transport_time": 2}],
    ... }
    >>> blueprint = resolve(document)
    >>> blueprint.tables["lanes"]["transport_time"], blueprint.tables["items"]["unlimited"]
    (array([2], dtype=int32), array([False,  True]))
    """
    frame = _frame(document, name)
    if keys.populated(document):
        made = network or grown(document["population"], Path())
        assert made is not None
        return resolve_population(document, frame, made)
    enterprises = keys.parts(document, "enterprises")
    products = keys.parts(document, "products")
    index = ItemIndex(list(enterprises), list(products), document)
    lanes, drawn = _lanes(keys.parts(document, "lanes"), index)
    items, in_process = _items(document, index)
    tables: dict[str, Columns] = {
        "products": _named("products", products),
        "enterprises": _named("enterprises", enterprises),
        "items": items,
        "lanes": lanes,
        "recipes": _recipes(keys.parts(document, "recipes"), index),
    }
    tables["enterprises"]["coordinate"] = _coordinates([(one,) for one in enterprises])
    policies = resolve_policies(document, index, tables)
    said = {name: [lane.get(name) for lane in keys.parts(document, "lanes")] for name in ("orders_waiting", "in_transit")}
    contents = resolve_contents({**said, "in_process": in_process}, tables, policies, index, drawn)
    return dataclasses.replace(
        frame,
        tables=tables,
        policies=policies,
        contents=contents,
        drawn_times=drawn,
        events=resolve_events(keys.parts(document, "disruptions"), index, tables),
        tags=index.tags,
    )


def _frame(document: Mapping[str, Any], name: str) -> Blueprint:
    """What a document says of the run, whoever is in the network."""
    interventions = sorted(keys.parts(document, "interventions"), key=lambda one: int(one["period"]))
    return Blueprint(
        name=name,
        title=str(document.get("title") or name),
        period_days=days_of_period(document.get("period")),
        horizon=int(document["horizon"]),
        warm_up=int(document.get("warm_up") or 0),
        seed=int(document["seed"] if document.get("seed") is not None else 1),
        tables={},
        policies={},
        visibility=dict(keys.parts(document, "visibility")),
        interventions=tuple((int(one["period"]), dict(one["set"])) for one in interventions),
    )


def _tags(enterprises: Mapping[str, Any]) -> dict[str, NDArray[np.int32]]:
    """The rows of the enterprises that bear each tag."""
    found: dict[str, list[int]] = {}
    for row, entry in enumerate(enterprises.values()):
        for tag in dict.fromkeys((entry or {}).get("tags") or ()):
            found.setdefault(tag, []).append(row)
    return {tag: np.array(rows, np.int32) for tag, rows in found.items()}


class ItemIndex:
    """The rows of items: declared ones and those implied by lanes and recipes, by enterprise and then by product.

    Parameters
    ----------
    enterprises, products : list of str
        Names in the order of the file.
    document : mapping
        The document whose items are counted.
    """

    def __init__(self, enterprises: list[str], products: list[str], document: Mapping[str, Any]) -> None:
        self.enterprise_names = enterprises
        self.product_names = products
        self.enterprise_row: Mapping[str, int] = {name: row for row, name in enumerate(enterprises)}
        self.product_row: Mapping[str, int] = {name: row for row, name in enumerate(products)}
        self._width = max(len(products), 1)
        pairs = list(dict.fromkeys(keys.item_names(document)))
        codes = np.unique(self._codes([one for one, _ in pairs], [one for _, one in pairs]))
        self._all = codes
        self.enterprise: NDArray[np.int32] = (codes // self._width).astype(np.int32)
        self.product: NDArray[np.int32] = (codes % self._width).astype(np.int32)
        self.tags: Mapping[str, NDArray[np.int32]] = _tags(keys.parts(document, "enterprises"))
        recipes = keys.parts(document, "recipes")
        self.made: NDArray[np.int32] = np.unique(self.rows([one["enterprise"] for one in recipes], [one["product"] for one in recipes]))

    def __len__(self) -> int:
        return len(self._all)

    def _codes(self, enterprises: Sequence[str], products: Sequence[str]) -> NDArray[np.int64]:
        first = np.array([self.enterprise_row[name] for name in enterprises], np.int64)
        return first * self._width + np.array([self.product_row[name] for name in products], np.int64)

    def rows(self, enterprises: Sequence[str], products: Sequence[str]) -> NDArray[np.int32]:
        """The rows of several items."""
        return np.searchsorted(self._all, self._codes(enterprises, products)).astype(np.int32)

    def item(self, row: int) -> tuple[str, str]:
        """(enterprise, product) of one row."""
        return self.enterprise_names[self.enterprise[row]], self.product_names[self.product[row]]

    def names(self) -> list[tuple[str, str]]:
        """(enterprise, product) of each row."""
        return [(self.enterprise_names[one], self.product_names[two]) for one, two in zip(self.enterprise, self.product, strict=True)]


def _coordinates(names: list[tuple[str, ...]]) -> NDArray[np.uint64]:
    return np.array([coordinate(*one) for one in names], np.uint64)


def _empty(column: Column, size: int) -> NDArray[Any]:
    """A column at its default; not a number where there is none and the builder derives it."""
    if column.dtype == "str":
        return np.full(size, column.default, object)
    return np.full(size, np.nan if column.default is None else column.default, column.dtype)


def _column(column: Column, rows: Rows) -> NDArray[Any]:
    """One column of entries that lie in a list; entries that say nothing, or null, get the default."""
    size, name = len(rows), column.name
    default = np.nan if column.default is None and column.dtype != "str" else column.default
    values = [default if value is None else value for value in (row.get(name) for row in rows)]
    if column.dtype == "str":
        made = np.empty(size, object)
        made[:] = values
        return made
    return np.array(values, column.dtype)


def _named(table: str, entries: Mapping[str, Mapping[str, Any] | None]) -> Columns:
    rows = [entry or {} for entry in entries.values()]
    names = np.empty(len(rows), object)
    names[:] = list(entries)
    return {"name": names, **{column.name: _column(column, rows) for column in SCHEMA.settable(table)}}


def _items(document: Mapping[str, Any], index: ItemIndex) -> tuple[Columns, list[Any]]:
    """The columns of items, and what each has in process at the start."""
    size = len(index)
    columns = {column.name: _empty(column, size) for column in SCHEMA.settable("items")}
    in_process: list[Any] = [None] * size

    def fill(row: int, entry: Mapping[str, Any], allowed: Callable[[str], bool]) -> None:
        for key, value in entry.items():
            if value is None or not allowed(key):
                continue
            if key == "in_process":
                in_process[row] = value
            elif key in columns:
                columns[key][row] = value

    declared = [
        (name, product, item)
        for name, enterprise in keys.parts(document, "enterprises").items()
        for product, item in keys.declared_items(enterprise).items()
        if item
    ]
    for row, (_, _, item) in zip(index.rows([one for one, _, _ in declared], [one for _, one, _ in declared]), declared, strict=True):
        fill(int(row), item, lambda key: True)
    recipes = keys.parts(document, "recipes")
    for row, recipe in zip(index.rows([one["enterprise"] for one in recipes], [one["product"] for one in recipes]), recipes, strict=True):
        fill(int(row), recipe, keys.PRODUCTION_KEYS.__contains__)
    columns = {"enterprise": index.enterprise, "product": index.product, "coordinate": _coordinates(list(index.names())), **columns}
    return columns, in_process


def _lanes(rows: Rows, index: ItemIndex) -> tuple[Columns, tuple[Any, ...]]:
    sellers, buyers = [row["seller"] for row in rows], [row["buyer"] for row in rows]
    products = [row["product"] for row in rows]
    columns: Columns = {"seller": index.rows(sellers, products), "buyer": index.rows(buyers, products)}
    columns["coordinate"] = _coordinates([(row["seller"], row["buyer"], row["product"], row.get("mode") or "") for row in rows])
    columns["transport_time"], longest, drawn = resolve_transport_times([row.get("transport_time") for row in rows])
    for column in SCHEMA.settable("lanes"):
        if column.name != "transport_time":
            columns[column.name] = _column(column, rows)
    columns["share"] = shares_of_orders(columns["share"], columns["buyer"], len(index))
    promised = columns["promised_lead_time"]
    columns["promised_lead_time"] = np.where(np.isnan(promised), columns["order_delay"] + longest, promised)
    return columns, drawn


def _recipes(rows: Rows, index: ItemIndex) -> Columns:
    lines = [
        (row["enterprise"], row["product"], component, quantity) for row in rows for component, quantity in (row.get("components") or {}).items()
    ]
    enterprises = [line[0] for line in lines]
    return {
        "item": index.rows(enterprises, [line[1] for line in lines]),
        "component": index.rows(enterprises, [line[2] for line in lines]),
        "quantity": np.array([line[3] for line in lines], np.float64),
    }
