"""What lies downstream of an item: the end demand and the stock on the way to the end customers, in the item's own units."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.phases.ground import Floats, Ground
from chainwright.state.totals import sum_by


class Downstream:
    """Sums up the network, from the customers' echelon to the sources.

    A link leads from a buyer's item to a seller's item with the lane's share of its orders as weight, and from a product to its
    component with quantity / yield. Within a cycle a link passes on the value of the period before: the sums of a cycle settle
    over the periods, those of an acyclic network are exact at once.

    Parameters
    ----------
    upper, lower : arrays of int
        Ends of each link, as rows of items.
    weight : array
        Units of the upper item for one unit of the lower.
    echelon : array of int
        Echelon of each item.
    in_cycle : array of bool
        Whether both ends of a link belong to one cycle.
    wanted : set of str
        Which of ``end_demand`` and ``echelon_stock`` are kept.
    """

    def __init__(
        self, upper: NDArray[Any], lower: NDArray[Any], weight: Floats, echelon: NDArray[Any], in_cycle: NDArray[np.bool_], wanted: frozenset[str]
    ) -> None:
        self.wanted = wanted
        self._cycle = (upper[in_cycle], lower[in_cycle], weight[in_cycle])
        self._steps: list[tuple[NDArray[Any], NDArray[Any], Floats]] = []
        forward = np.flatnonzero(~in_cycle)
        heights = echelon[lower[forward]]
        for height in np.unique(heights):
            links = forward[heights == height]
            self._steps.append((upper[links], lower[links], weight[links]))

    def look(self, world: Ground) -> None:
        """Compute the wanted columns for the current period, once the end demand is known."""
        items = world.items
        if "end_demand" in self.wanted:
            self._sum_up(items.end_demand, np.where(items.customer, items.demand, 0.0))
        if "echelon_stock" in self.wanted:
            self._sum_up(items.echelon_stock, self._own_stock(world))

    def _sum_up(self, column: Floats, own: Floats) -> None:
        upper, lower, weight = self._cycle
        total = own.copy()
        if len(upper):
            total += sum_by(upper, weight * column[lower], len(column))
        for upper, lower, weight in self._steps:
            total += sum_by(upper, weight * total[lower], len(column))
        column[...] = total

    def _own_stock(self, world: Ground) -> Floats:
        """Stock of an item itself and on its way to buyers; a customer counts with what it still waits for, as a debt."""
        items, lanes = world.items, world.lanes
        own: Floats = items.on_hand + items.in_process * items.yield_share
        if "transit" in world.features:
            to_others = ~items.customer[lanes.buyer]
            own = own + sum_by(lanes.seller, np.where(to_others, world.transit_before, 0.0), items.rows)
        promised = world.expected
        if "transit" in world.features:
            promised = promised - sum_by(lanes.buyer, world.transit_before, items.rows)
        return np.where(items.customer, -(promised + items.demand), own)
