"""The ledger of an enterprise's last orders, kept for the enterprises that have an agent."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.agents.rows_by_owner import Whereabouts, by_row

# Periods that a ledger reaches back.
KEPT = 12


@dataclasses.dataclass(frozen=True)
class Entry:
    """One line of a ledger: what was ordered from a seller, or from the own production, in a period.

    Parameters
    ----------
    period : int
        When the order was placed.
    product : str
        What was ordered.
    seller : str
        The seller, or the enterprise itself for a production order.
    quantity : float
        Units.
    """

    period: int
    product: str
    seller: str
    quantity: float


class OrderHistory:
    """The orders of the last periods on some lanes and of some producing items, as a ring of short columns."""

    def __init__(self, world: Any, where: Whereabouts) -> None:
        self.world = world
        self.where = where
        self.lanes = np.zeros(0, np.int64)
        self.items = np.zeros(0, np.int64)
        # Orders by period (the ring's first dimension) and row.
        self.lane_orders = np.zeros((KEPT, 0))
        self.production_orders = np.zeros((KEPT, 0))
        self.noted = 0
        self._waiting: list[int] = []

    def open(self, enterprise: int) -> None:
        """Keep the orders of an enterprise from now on; columns for it are made when the period ends."""
        self._waiting.append(enterprise)

    def _make_room(self) -> None:
        items = np.concatenate([self.where.items[enterprise] for enterprise in self._waiting])
        lanes = [self.where.buying[enterprise] for enterprise in self._waiting]
        self._waiting = []
        self._take_on(np.concatenate([self.lanes, *lanes]), np.concatenate([self.items, items[self.world.items.makes[items]]]))

    def _take_on(self, lanes: NDArray[Any], items: NDArray[Any]) -> None:
        """Keep just these rows; what was kept of them already stays."""
        former = (self.lanes, self.lane_orders), (self.items, self.production_orders)
        self.lanes, self.items = np.unique(lanes), np.unique(items)
        self.lane_orders = _columns_of(self.lanes, *former[0])
        self.production_orders = _columns_of(self.items, *former[1])

    def note(self, world: Any) -> None:
        """Take in the period that has just ended."""
        if self._waiting:
            self._make_room()
        if len(self.lanes) or len(self.items):
            self.noted = world.period
            self.lane_orders[world.period % KEPT] = world.lanes.ordered[self.lanes]
            self.production_orders[world.period % KEPT] = world.items.production_orders[self.items]

    def entries(self, enterprise: int) -> list[Entry]:
        """The orders of an enterprise that were not 0, the oldest first."""
        world = self.world
        items, lanes, names, products = world.items, world.lanes, world.enterprises.name, world.products.name
        own_lanes = _places_of(self.where.buying[enterprise], self.lanes)
        own_items = _places_of(self.where.items[enterprise], self.items)
        # In the midst of a period its own orders are not in the book yet.
        last = world.period if world.period == self.noted else world.period - 1
        found = []
        for period in range(max(1, last - KEPT + 1), last + 1):
            for place in own_lanes.tolist():
                if quantity := self.lane_orders[period % KEPT, place]:
                    lane = self.lanes[place]
                    seller = names[items.enterprise[lanes.seller[lane]]]
                    found.append(Entry(period, products[items.product[lanes.buyer[lane]]], seller, float(quantity)))
            for place in own_items.tolist():
                if quantity := self.production_orders[period % KEPT, place]:
                    found.append(Entry(period, products[items.product[self.items[place]]], names[enterprise], float(quantity)))
        return found

    def columns(self) -> tuple[Any, ...]:
        """A copy of all that is kept, for a snapshot."""
        return self.noted, self.lanes, self.lane_orders.copy(), self.items, self.production_orders.copy()

    def adopt(self, kept: tuple[Any, ...], sources: Mapping[str, NDArray[Any]]) -> None:
        """Go on from what was kept; `sources` names for each row of this world the row of the world that kept it."""
        if self._waiting:
            self._make_room()
        self.noted, lanes, lane_orders, items, production_orders = kept
        self.lane_orders = _columns_of(sources["lanes"][self.lanes], lanes, lane_orders)
        self.production_orders = _columns_of(sources["items"][self.items], items, production_orders)


def _places_of(rows: NDArray[Any], kept: NDArray[Any]) -> NDArray[Any]:
    """Where the rows that are kept stand among all that are kept (which ascend)."""
    places = np.searchsorted(kept, rows)
    inside = places < len(kept)
    places, rows = places[inside], rows[inside]
    return np.asarray(places[kept[places] == rows])


def _columns_of(wanted: NDArray[Any], rows: NDArray[Any], columns: NDArray[Any]) -> NDArray[Any]:
    """The columns of the wanted rows; zeros for those that were not kept."""
    found = by_row(wanted, [(rows, columns)])
    assert found is not None
    return found
