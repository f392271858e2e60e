"""Parts the items of a network by which entries of policies reach them, in whole columns: what thousands share is worked out once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from chainwright.network.blueprint import Columns
from chainwright.words.trade import ROLES

Rows = NDArray[Any]


class Index(Protocol):
    """The rows of items with their enterprises and products, found by names; see `ItemIndex` and `PopulationIndex`."""

    enterprise_names: Any
    product_names: Any
    enterprise_row: Mapping[str, int]
    product_row: Mapping[str, int]
    enterprise: NDArray[np.int32]
    product: NDArray[np.int32]
    made: NDArray[np.int32]
    tags: Mapping[str, NDArray[np.int32]]

    def __len__(self) -> int: ...

    def item(self, row: int) -> tuple[str, str]: ...


class Ways:
    """The ways from entries of policies to items.

    An entry reaches an item by its role, its enterprise or everybody, and may differ from product to product: two items of the
    same role and product, whose enterprises have no entry of their own, are reached by the same entries, whatever they say.

    Parameters
    ----------
    sections : iterable of mapping
        The entries of one decision, or of several.
    index : Index
        The items.
    roles : array of str
        The role of each enterprise.
    by_product : bool
        Whether some entry is given product by product.
    """

    def __init__(self, sections: Iterable[Mapping[str, Any]], index: Index, roles: NDArray[Any], by_product: bool) -> None:
        role = np.zeros(len(roles), np.int64)
        for number, name in enumerate(ROLES):
            role[np.asarray(roles == name, bool)] = number
        named = {index.enterprise_row[key] for section in sections for key in section if key in index.enterprise_row}
        # Who has an entry of its own is reached like nobody else.
        for number, row in enumerate(sorted(named), start=len(ROLES)):
            role[row] = number
        products = len(index.product_names) if by_product else 1
        self._number = role[index.enterprise] * products + (index.product if by_product else 0)
        self._numbers = (len(ROLES) + len(named)) * products

    def part(self, rows: Rows) -> tuple[Rows, Rows]:
        """The ways to some items: the first item of each, in their order, and for each item the place of its way among them."""
        numbers = self._number[rows]
        first = np.full(self._numbers, -1, np.int64)
        first[numbers[::-1]] = np.arange(len(rows) - 1, -1, -1)
        present = np.flatnonzero(first >= 0)
        present = present[np.argsort(first[present], kind="stable")]
        place = np.zeros(self._numbers, np.int64)
        place[present] = np.arange(len(present))
        return rows[first[present]], place[numbers]


def concerned(index: Index, tables: Mapping[str, Columns]) -> dict[str, NDArray[np.int32]]:
    """The items that each decision is about: customers' demand, everybody else's forecast, made items, items with sellers or buyers."""
    customer = (tables["enterprises"]["role"] == "customer").astype(bool)[index.enterprise]
    buying, selling = (_present(tables["lanes"][end], len(index)) for end in ("buyer", "seller"))
    return {
        "demand": np.flatnonzero(customer).astype(np.int32),
        "forecast_demand": np.flatnonzero(~customer).astype(np.int32),
        "plan_production": index.made,
        "place_orders": buying,
        "choose_sellers": buying,
        "allocate_stock": selling,
    }


def _present(rows: Rows, size: int) -> NDArray[np.int32]:
    """The rows that occur, ascending."""
    return np.flatnonzero(np.bincount(rows, minlength=size)).astype(np.int32)
