"""Which columns can be recorded in every period: those of items by their bare names, those of any table as ``table.column``."""

from __future__ import annotations

from collections.abc import Iterable

from chainwright.words.errors import suggestion
from chainwright.words.subjects import SCHEMA, SHAPES, as_declared

ITEMS = "items"


@as_declared
def recorded_tables() -> tuple[str, ...]:
    """The tables of which columns can be recorded: those whose rows are those of each run.

    Examples
    --------
    >>> recorded_tables()[:3]
    ('enterprises', 'items', 'lanes')
    """
    return tuple(name for name, shape in SHAPES.items() if shape.rows == "same")


@as_declared
def recordable() -> dict[str, tuple[str, str]]:
    """By the name under which it can be recorded, the table and the column.

    Examples
    --------
    >>> recordable()["on_hand"], recordable()["lanes.shipped"], "shipments_open" in recordable()
    (('items', 'on_hand'), ('lanes', 'shipped'), False)
    """
    known = {(column.table, column.name): column for column in SCHEMA if column.dtype != "str" and column.kind != "key"}
    found = {name: (table, name) for table, name in known if table == ITEMS}
    return found | {f"{table}.{name}": (table, name) for table, name in known if table in recorded_tables()}


@as_declared
def item_columns() -> tuple[str, ...]:
    """The columns of items that can be recorded."""
    return tuple(name for name in recordable() if "." not in name)


def cannot_record(names: Iterable[str]) -> list[str]:
    """What is wrong with the names of columns to be recorded.

    Examples
    --------
    >>> cannot_record(["on_hand", "on_hnd", "cash"])
    ["cannot record 'on_hnd'; did you mean 'on_hand'?", "cannot record 'cash'; did you mean 'enterprises.cash'?"]
    """
    wrong = []
    for name in names:
        if name not in recordable():
            elsewhere = [known for known in recordable() if known.endswith(f".{name}")]
            wrong.append(f"cannot record {name!r}" + (f"; did you mean {elsewhere[0]!r}?" if elsewhere else suggestion(str(name), recordable())))
    return wrong
