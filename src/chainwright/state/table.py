"""A table: equal-length flat columns under their names, changed in place and never resized."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from chainwright.words.errors import suggestion
from chainwright.words.schema import Column, Schema

DTYPES: dict[str, Any] = {"float64": np.float64, "int32": np.int32, "int64": np.int64, "uint64": np.uint64, "bool": np.bool_, "str": object}


class Table:
    """Equal-length one-dimensional columns; each is an attribute.

    Parameters
    ----------
    name : str
        Name of the table in the schema.
    columns : mapping
        Column name to array, all of one length.

    Examples
    --------
    >>> shelves = Table("items", {"on_hand": np.array([3.0, 5.0])})
    >>> shelves.on_hand[1], shelves.rows
    (np.float64(5.0), 2)
    """

    def __init__(self, name: str, columns: Mapping[str, NDArray[Any]]) -> None:
        lengths = {len(column) for column in columns.values()}
        if len(lengths) > 1:
            raise ValueError(f"the columns of table {name} have different lengths: {sorted(lengths)}")
        self.name = name
        self.names = tuple(columns)
        self.rows = lengths.pop() if lengths else 0
        for key, column in columns.items():
            setattr(self, key, column)

    if TYPE_CHECKING:

        def __setattr__(self, name: str, value: Any) -> None: ...

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"table {self.__dict__.get('name', '?')} has no column {name!r}{suggestion(name, self.__dict__.get('names', ()))}")

    def __getitem__(self, name: str) -> NDArray[Any]:
        column: NDArray[Any] = getattr(self, name)
        return column

    def __repr__(self) -> str:
        return f"Table({self.name!r}, {self.rows} rows, {len(self.names)} columns)"

    def clear(self, names: Iterable[str]) -> None:
        """Set the named columns to zero, in place."""
        for name in names:
            self[name].fill(0)

    def copies(self, names: Iterable[str]) -> dict[str, NDArray[Any]]:
        """Copies of the named columns, for a snapshot."""
        return {name: self[name].copy() for name in names}

    def restore(self, copies: Mapping[str, NDArray[Any]]) -> None:
        """Put the values of a snapshot back, in place, so that every view of a column stays valid."""
        for name, column in copies.items():
            self[name][...] = column


def is_one_value(column: NDArray[Any]) -> bool:
    """Whether a column is one value that stands for all rows, as `numpy.broadcast_to` makes it.

    Examples
    --------
    >>> is_one_value(np.broadcast_to(np.zeros(1), (3,))), is_one_value(np.zeros(3))
    (True, False)
    """
    return column.strides == (0,) and len(column) > 0


class OfFeature(Protocol):
    """Whatever names the feature that it belongs to: a column, a ring, a phase."""

    @property
    def feature(self) -> str:
        """The feature; empty where it is always there."""


def is_on(declared: OfFeature, features: Collection[str]) -> bool:
    """Whether something is there, and a column has memory of its own, in a world with some features."""
    return not declared.feature or declared.feature in features


def without_memory(column: Column, rows: int) -> NDArray[Any]:
    """The default of a column as one value that all rows show; nobody can write it.

    Examples
    --------
    >>> from chainwright.words.subjects import SCHEMA
    >>> without_memory(SCHEMA["items", "demand_factor"], 3).tolist()
    [1.0, 1.0, 1.0]
    """
    value = np.array([column.default], DTYPES[column.dtype])
    if column.dtype == "str":
        return np.broadcast_to(value, rows)
    # The same, in a fifth of the time: a world has many of them.
    shown: NDArray[Any] = np.ndarray((rows,), value.dtype, value, 0, (0,))
    shown.flags.writeable = False
    return shown


def blank_columns(schema: Schema, table: str, rows: int, features: Collection[str]) -> dict[str, NDArray[Any]]:
    """New columns of zeros for a table; those of texts, which are never written to, hold one empty text for all rows.

    A column whose feature is not among those of the world is its default, one value that all rows show and that nobody can write.

    The many columns of numbers lie side by side in one stretch of memory, which the operating system hands out in large pages; it
    hands out only what is written to. Each column begins at a multiple of 64 bytes.
    """
    numbers = [column.name for column in schema.table(table) if column.dtype == "float64" and is_on(column, features)]
    block = np.zeros((len(numbers), -(-rows // 8) * 8))
    made: dict[str, NDArray[Any]] = dict(zip(numbers, block[:, :rows], strict=True))
    for column in schema.table(table):
        if not is_on(column, features):
            made[column.name] = without_memory(column, rows)
        elif column.name not in made:
            text = column.dtype == "str"
            made[column.name] = np.broadcast_to(np.array([""], object), rows) if text else np.zeros(rows, DTYPES[column.dtype])
    return {column.name: made[column.name] for column in schema.table(table)}
