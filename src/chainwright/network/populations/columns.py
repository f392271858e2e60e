"""Completing the columns of a generated network: defaults of the schema that cost nothing, coordinates, rows of items."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.network.blueprint import Columns
from chainwright.state.streams import row_key
from chainwright.state.table import DTYPES
from chainwright.words.schema import Column
from chainwright.words.subjects import SCHEMA


def complete(table: str, columns: Columns, rows: int) -> Columns:
    """The columns of one table: those given, in the type of the schema, and all others that a scenario may set at their default.

    A single value stands for all rows; it is laid out as a read-only view of one value, which takes no memory. `share` is divided by its
    sum over the buyer's lanes, and parted equally where nothing is said; `promised_lead_time` is the lane's own lead time.

    Examples
    --------
    >>> lanes = complete("lanes", {"seller": np.array([1, 2]), "buyer": np.array([0, 0]), "transport_time": 3}, 2)
    >>> lanes["share"].tolist(), lanes["promised_lead_time"].tolist(), lanes["active"].tolist()
    ([0.5, 0.5], [3.0, 3.0], [True, True])
    """
    given = dict(columns)
    if table == "lanes":
        weight = np.asarray(given.get("share", np.ones(rows)), np.float64)
        given["share"] = weight / np.bincount(given["buyer"], weight, int(given["buyer"].max(initial=-1)) + 1)[given["buyer"]]
        if "promised_lead_time" not in given:
            given["promised_lead_time"] = np.add(given.get("order_delay", 0), given.get("transport_time", 0), dtype=np.float64)
    made: Columns = {}
    for column in SCHEMA.table(table):
        if column.name in given:
            made[column.name] = _column(column, given[column.name], rows)
        elif column.settable:
            made[column.name] = _column(column, column.default, rows)
    return made


def _column(column: Column, value: Any, rows: int) -> NDArray[Any]:
    kind = object if column.dtype == "str" else DTYPES[column.dtype]
    made = np.asarray(value, kind)
    return made if made.ndim else np.broadcast_to(made, (rows,))


class Items:
    """The rows of items: one for each pair of an enterprise and a product that occurs, by enterprise and then by product.

    Parameters
    ----------
    products : int
        Number of products.
    pairs : tuples of two arrays
        Rows of enterprises and rows of products, in any order and any number of times.

    Examples
    --------
    >>> items = Items(2, (np.array([1, 0, 1]), np.array([1, 0, 1])))
    >>> items.enterprise.tolist(), items.product.tolist(), items.rows(np.array([1]), 1).tolist()
    ([0, 1], [0, 1], [1])
    """

    def __init__(self, products: int, *pairs: tuple[Any, Any]) -> None:
        self._products = products
        codes = [self._codes(enterprise, product) for enterprise, product in pairs]
        self._all = np.unique(np.concatenate(codes))
        self.enterprise = (self._all // products).astype(np.int32)
        self.product = (self._all % products).astype(np.int32)

    def __len__(self) -> int:
        return len(self._all)

    def _codes(self, enterprise: Any, product: Any) -> NDArray[np.int64]:
        return np.asarray(np.asarray(enterprise, np.int64) * self._products + product, np.int64)

    def rows(self, enterprise: Any, product: Any) -> NDArray[np.int32]:
        """The rows of items that are known to occur."""
        return np.searchsorted(self._all, self._codes(enterprise, product)).astype(np.int32)


def item_coordinates(enterprise: NDArray[np.uint64], product: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Coordinates of items from those of their enterprises and products, row by row."""
    return np.atleast_1d(row_key(0, product, 0, "population item", enterprise))


def lane_coordinates(seller: NDArray[np.uint64], buyer: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Coordinates of lanes from those of the items at their ends, row by row."""
    return np.atleast_1d(row_key(0, seller, 0, "population lane", buyer))


def product_coordinates(names: list[str]) -> NDArray[np.uint64]:
    """Coordinates of products, by the order in which they are numbered."""
    return np.atleast_1d(row_key(0, 0, 0, "population product", np.arange(len(names), dtype=np.uint64)))
