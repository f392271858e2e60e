"""What lies downstream of an item: the end demand and the stock on the way to the end customers, in the item's own units."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.phases.ground import Floats, Ground
from chainwright.phases.trade.cycles import balance, endless
from chainwright.state.totals import Grouping, Positions, pick, sum_by

Links = tuple[NDArray[Any], NDArray[Any], Floats]


class Downstream:
    """Sums up the network, from the customers' echelon to the sources.

    A link leads from a buyer's item to a seller's item with the lane's share of its orders as weight, and from a product to its
    component with quantity / yield. Within a cycle a link passes on the value of the period before: the sums of a cycle follow
    over the periods, from the balance of a steady first period; those of an acyclic network are exact at once. A cycle that hands on
    all that it gets has no balance: its links hand on nothing.

    Parameters
    ----------
    upper, lower : arrays of int
        Ends of each link, as rows of items.
    weight : array
        Units of the upper item for one unit of the lower.
    echelon : array of int
        Echelon of each item.
    cycle : array of int
        The cycle of each item; where it is in none, a number that nobody else in its run has.
    run : array of int
        The run of each item.
    wanted : set of str
        Which of ``end_demand`` and ``echelon_stock`` are kept.
    """

    def __init__(
        self,
        upper: NDArray[Any],
        lower: NDArray[Any],
        weight: Floats,
        echelon: NDArray[Any],
        cycle: NDArray[Any],
        run: NDArray[Any],
        wanted: frozenset[str],
    ) -> None:
        self.wanted = wanted
        upper, lower = upper.astype(np.intp), lower.astype(np.intp)
        in_cycle = cycle[upper] == cycle[lower]
        self._cycle = (upper[in_cycle], lower[in_cycle], weight[in_cycle])
        # What is needed to find the balance of cycles, once it is asked for; without cycles nothing is.
        self._circles = (cycle, run, (upper, lower, weight), in_cycle) if in_cycle.any() else None
        self._largest = 0
        # Each step adds to a stretch of rows.
        self._steps: list[tuple[slice, Grouping, Positions, Floats | None]] = []
        forward = np.flatnonzero(~in_cycle)
        heights = echelon[lower[forward]]
        for height in np.unique(heights):
            links = forward[heights == height]
            rows = slice(int(upper[links].min()), int(upper[links].max()) + 1)
            above = Grouping(upper[links] - rows.start, rows.stop - rows.start)
            shares = weight[links]
            self._steps.append((rows, above, Positions(lower[links]), None if (shares == 1.0).all() else shares))

    def look(self, world: Ground) -> None:
        """Compute the wanted columns for the current period, once the end demand is known."""
        items = world.items
        if "end_demand" in self.wanted:
            self._sum_up(items.end_demand, np.where(items.customer, items.demand, 0.0), world.period == 1)
        if "echelon_stock" in self.wanted:
            self._sum_up(items.echelon_stock, self._own_stock(world), world.period == 1)

    def _sum_up(self, column: Floats, own: Floats, first: bool) -> None:
        if self._circles is not None:
            if not self._largest:
                self._look_at_cycles(*self._circles)
            if first:
                # As if the first period's values had always been: else the sums of a cycle would begin at nothing and grow for a while.
                _, run, links, _ = self._circles
                column[...] = balance(*links, own, run, self._largest)
        self._once(column, own)

    def _look_at_cycles(self, cycle: NDArray[Any], run: NDArray[Any], links: Links, in_cycle: NDArray[np.bool_]) -> None:
        """Leave out the links of endless cycles, and note how large the others are."""
        upper, lower, weight = links
        inside = np.flatnonzero(in_cycle)
        # Each cycle of each run by itself; runs are disjoint, so the two ends of a link in one cycle lie in one run.
        key = run[upper[inside]].astype(np.int64) * (int(cycle.max()) + 1) + cycle[upper[inside]]
        group = np.unique(key, return_inverse=True)[1]
        kept = ~endless(upper[inside], lower[inside], weight[inside], group)[group]
        self._cycle = (upper[inside[kept]], lower[inside[kept]], weight[inside[kept]])
        among = np.concatenate([np.flatnonzero(~in_cycle), inside[kept]])
        self._circles = (cycle, run, (upper[among], lower[among], weight[among]), in_cycle)
        # One run has the cycles of all: what is to be done is the same in any company.
        self._largest = int(np.bincount(cycle[run == run[0]]).max())

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
