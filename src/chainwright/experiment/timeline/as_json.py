"""Columns and rows as plain values for a page: numbers that JSON knows, names as they are given, meanings from the schema."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import numpy as np

from chainwright.words.schema import Column
from chainwright.words.subjects import SCHEMA

# Shown of every row that keeps stock or trades, whatever they are.
ALWAYS: Mapping[str, tuple[str, ...]] = {
    "enterprises": ("cash", "closed"),
    "items": ("on_hand", "backorder", "demand", "orders", "received", "shipped", "on_order", "inventory_position"),
    "lanes": ("ordered", "seen", "shipped", "received", "backorder", "orders_waiting", "in_transit", "order_delay", "transport_time"),
}
# Of customers and outside sources only what happens is shown, not the stock that they do not keep.
ALWAYS_OF_OUTSIDERS = ("demand", "received", "shipped")
FILLED_IN: Mapping[str, Any] = {"share": 1.0}
# Told elsewhere.
NOT_TOLD = ("role", "mode", "promised_lead_time")
# A name of several words, or all that stands in braces.
_NAME = re.compile(r"\{[^{}]*\}|\b[a-z]+(?:_[a-z]+)+\b")
NO_STOCK = ("on_hand", "inventory_level", "inventory_position", "on_order", "requirements", "echelon_stock")


def jsonable(value: Any) -> Any:
    """A value that JSON knows; what is no finite number becomes None.

    Examples
    --------
    >>> jsonable(np.float64(3.0)), jsonable(math.inf), jsonable(np.array([1, 2])), jsonable("a")
    (3.0, None, [1, 2], 'a')
    """
    if value is None or type(value) in (str, int, bool):
        return value
    if isinstance(value, np.ndarray):
        return [jsonable(one) for one in value.tolist()]
    if isinstance(value, list | tuple):
        return [jsonable(one) for one in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def label(name: str) -> str:
    """A name in words."""
    return name.replace("_", " ")


def in_words(text: str) -> str:
    """A text for readers of a page: names of columns, decisions and policies in words. What stands in braces is to be typed, and stays.

    Examples
    --------
    >>> in_words("inventory_level plus on_order"), in_words("looks at 'echelon_stock'; say {echelon_stock: partner}")
    ('inventory level plus on order', "looks at 'echelon stock'; say {echelon_stock: partner}")
    """
    return _NAME.sub(lambda found: found[0] if found[0].startswith("{") else label(found[0]), text)


def card(column: Column, visibility: Mapping[str, str]) -> dict[str, Any]:
    """What a page tells of a column."""
    seen = visibility.get(column.name, column.visibility) if column.table == "items" else column.visibility
    return {
        "name": column.name,
        "label": label(column.name),
        "symbol": column.symbol,
        "unit": column.unit,
        "meaning": in_words(column.meaning),
        "group": column.kind,
        "visibility": seen,
    }


def is_default(column: Column, value: Any) -> bool:
    """Whether a value says nothing: the column's default, or what stands for none."""
    plain = value.item() if isinstance(value, np.generic) else value
    if isinstance(plain, float) and math.isnan(plain):
        return True
    if column.default is None:
        # What a builder fills in where nothing is said.
        return plain in (0, "", False, FILLED_IN.get(column.name))
    return bool(plain == column.default)


def wanted_columns(world: Any, table: str, rows: Iterable[int], always: Collection[str]) -> list[Column]:
    """The columns of a table that say something about some rows: those that are always shown, and those that differ from their default."""
    held, some = getattr(world, table), np.fromiter(rows, np.int64)
    found = []
    for column in SCHEMA.table(table):
        if column.kind == "key" or column.name not in held.names or column.name in NOT_TOLD:
            continue
        if column.name in always or not all(is_default(column, value) for value in held[column.name][some].tolist()):
            found.append(column)
    return found


def item_columns(world: Any, row: int) -> list[Column]:
    """The columns of one item that are worth looking at."""
    items = world.items
    outside = bool(items.unlimited[row]) or bool(items.customer[row])
    found = wanted_columns(world, "items", [row], ALWAYS_OF_OUTSIDERS if outside else ALWAYS["items"])
    return [column for column in found if not (outside and column.name in NO_STOCK)]


def values(world: Any, columns: Iterable[Column], row: int, visibility: Mapping[str, str]) -> list[dict[str, Any]]:
    """The columns of one row with their values."""
    return [{**card(column, visibility), "value": jsonable(getattr(world, column.table)[column.name][row])} for column in columns]
