"""What lies downstream of an item: the end demand and the stock on the way to the end customers, in the item's own units."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.phases.ground import Floats, Ground
from chainwright.state.totals import Grouping, Places, pick, sum_by

# Rounds over a cycle in the first period, a fixed number so that no run depends on its company: half of what goes round comes back
# after them less than 1e-30 times, nine tenths 1e-5 times.
ROUNDS = 100


class Downstream:
    """Sums up the network, from the customers' echelon to the sources.

    A link leads from a buyer's item to a seller's item with the lane's share of its orders as weight, and from a product to its
    component with quantity / yield. Within a cycle a link passes on the value of the period before: the sums of a cycle follow
    over the periods, from those of a steady first period; those of an acyclic network are exact at once.

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
        upper, lower = upper.astype(np.intp), lower.astype(np.intp)
        self._cycle = (upper[in_cycle], lower[in_cycle], weight[in_cycle])
        # Each step adds to a stretch of rows.
        self._steps: list[tuple[slice, Grouping, Places, Floats | None]] = []
        forward = np.flatnonzero(~in_cycle)
        heights = echelon[lower[forward]]
        for height in np.unique(heights):
            links = forward[heights == height]
            rows = slice(int(upper[links].min()), int(upper[links].max()) + 1)
            above = Grouping(upper[links] - rows.start, rows.stop - rows.start)
            shares = weight[links]
            self._steps.append((rows, above, Places(lower[links]), None if (shares == 1.0).all() else shares))

    def look(self, world: Ground) -> None:
        """Compute the wanted columns for the current period, once the end demand is known."""
        items = world.items
        if "end_demand" in self.wanted:
            self._sum_up(items.end_demand, np.where(items.customer, items.demand, 0.0), world.period == 1)
        if "echelon_stock" in self.wanted:
            self._sum_up(items.echelon_stock, self._own_stock(world), world.period == 1)

    def _sum_up(self, column: Floats, own: Floats, first: bool) -> None:
        if first and len(self._cycle[0]):
            # As if the first period's values had always been: else the sums of a cycle would begin at nothing and grow for a while.
            for _ in range(ROUNDS):
                self._once(column, own.copy())
        self._once(column, own)

    def _once(self, column: Floats, own: Floats) -> None:
        upper, lower, weight = self._cycle
        if len(upper):
            own += sum_by(upper, weight * pick(column, lower), len(column))
        column[...] = own
        for rows, above, places, shares in self._steps:
            below = places.pick(column)
            if shares is not None:
                below *= shares
            column[rows] += below if above.same else above.sum(below)

    def _own_stock(self, world: Ground) -> Floats:
        """Stock of an item itself and on its way to buyers; a customer counts with what it still waits for, as a debt."""
        items, lanes = world.items, world.lanes
        own: Floats = items.on_hand + items.in_process * items.yield_share
        if "transit" in world.features:
            to_others = ~items.customer[lanes.buyer]
            transit = world.goods.later(world.period)
            own = own + sum_by(lanes.seller, np.where(to_others, transit, 0.0), items.rows)
        promised = world.expected
        if "transit" in world.features:
            promised = promised - sum_by(world.buyer_of_lane, transit, items.rows)
        return np.where(items.customer, -(promised + items.demand), own)
