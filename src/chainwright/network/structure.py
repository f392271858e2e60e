"""The structure of a blueprint: a digest of what must be equal where scenarios lie side by side in one union."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import numpy as np

from chainwright.network.blueprint import Blueprint

# What tells who is there: equal in all blueprints of a union, so that their rows stand in the same order.
KEYS = {
    "products": ("name",),
    "enterprises": ("name", "role"),
    "items": ("enterprise", "product", "unlimited"),
    "lanes": ("seller", "buyer", "mode"),
    "recipes": ("item", "component"),
}


def structure(blueprint: Blueprint) -> str:
    """A digest of all that must be equal where two scenarios lie in one union.

    Parameters
    ----------
    blueprint : Blueprint
        One run of the scenario, which keeps the digest as its own `structure`.

    Examples
    --------
    >>> import chainwright as cw
    >>> plain = cw.load("beer_game")
    >>> calm, quick = (plain.with_({path: 1}) for path in ("policies.place_orders.default.stock_adjustment", "lanes.2.order_delay"))
    >>> [structure(one.blueprint()) == structure(plain.blueprint()) for one in (calm, quick)]
    [True, True]
    """
    tables = blueprint.tables
    lanes = tables["lanes"]
    may_be_instant = lanes["transport_time"] == 0
    for time in blueprint.drawn_times:
        may_be_instant[time.rows] = bool(np.any(time.values[time.probabilities > 0.0] == 0))
    parts: list[Any] = [blueprint.period_days, sorted(blueprint.visibility.items()), sorted(blueprint.tags)]
    parts += [tables[table][name] for table, names in KEYS.items() for name in names if name in tables[table]]
    # Products are shared by all runs of a union.
    parts += [column for _, column in sorted(tables["products"].items())]
    parts += [lanes["order_delay"] == 0, may_be_instant, tables["items"]["production_time"] == 0]
    parts += [rows for _, rows in sorted(blueprint.tags.items())]
    digest = hashlib.sha256()
    for part in parts:
        digest.update(key_of(part) + b"|")
    return digest.hexdigest()


def key_of(part: Any) -> bytes:
    """A key that two parts of blueprints share where they are the same to the last bit.

    Examples
    --------
    >>> key_of([1, np.array([2.0])]) == key_of([1, np.array([2.0])]), key_of(1) == key_of(2)
    (True, False)
    """
    if isinstance(part, np.ndarray):
        if part.dtype.kind in "OUS":
            return "\0".join(map(str, part.tolist())).encode()
        return bytes(part.dtype.str.encode() + np.ascontiguousarray(part).tobytes())
    if isinstance(part, Mapping):
        return b"{" + b";".join(key_of(name) + b":" + key_of(value) for name, value in sorted(part.items())) + b"}"
    if isinstance(part, list | tuple) and not hasattr(part, "_fields"):
        return b"[" + b";".join(map(key_of, part)) + b"]"
    if hasattr(part, "__dataclass_fields__"):
        return type(part).__name__.encode() + key_of([getattr(part, one.name) for one in fields(part)])
    return repr(part).encode()
