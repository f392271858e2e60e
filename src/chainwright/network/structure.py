"""The structure of a blueprint: a digest of what must be equal where scenarios lie side by side in one union."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

import numpy as np

from chainwright.words.declarations import TableShape
from chainwright.words.subjects import SCHEMA, SHAPES


def structure(tables: Mapping[str, Mapping[str, Any]], may_be_instant: Any, others: list[Any], tags: Mapping[str, Any]) -> str:
    """A digest of all that must be equal where two scenarios lie in one union; a blueprint keeps its own as `structure`.

    Parameters
    ----------
    tables : mapping
        The columns of one run by table.
    may_be_instant : array of bool
        Per lane whether some transport takes no time.
    others : list
        What else must be equal, beside the rows of tags.
    tags : mapping
        From tags to the rows of the enterprises that carry them.

    Examples
    --------
    >>> import chainwright as cw
    >>> plain = cw.load("beer_game")
    >>> calm, quick = (plain.with_({path: 1}) for path in ("policies.place_orders.default.stock_adjustment", "lanes.2.order_delay"))
    >>> [one.blueprint().structure == plain.blueprint().structure for one in (calm, quick)]
    [True, True]
    """
    parts = [*others, sorted(tags)]
    # What tells who is there, so that rows stand in the same order; of what all runs share, everything.
    for name, shape in SHAPES.items():
        columns = tables.get(name, {})
        parts.append(name)
        parts += [columns[key] for key in shape.identity if key in columns]
        if shape.rows == "shared":
            parts += [column for _, column in sorted(columns.items())]
    parts += [tables["lanes"]["order_delay"] == 0, may_be_instant, tables["items"]["production_time"] == 0]
    parts += [rows for _, rows in sorted(tags.items())]
    digest = hashlib.sha256()
    for part in parts:
        digest.update(key_of(part) + b"|")
    return digest.hexdigest()


def other_rows(tables: Mapping[str, Mapping[str, Any]], later: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """The tables that have not the same rows in two blueprints: others are there, or what makes their names differs."""
    for name, shape in SHAPES.items():
        one, other = tables.get(name, {}), later.get(name, {})
        if any(not np.array_equal(one.get(column, ()), other.get(column, ())) for column in who(shape)):
            yield name


def who(shape: TableShape) -> list[str]:
    """The columns that tell who the rows of a table are, without inputs that may only not change during a run."""
    return [column for column in shape.identity if not SCHEMA[shape.name, column].fixed]


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
