"""What customers want and can order nowhere: it waits, or is lost to the sellers that it would have gone to; nothing is dropped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.phases.ground import Floats, Ground
from chainwright.phases.trade.level import Level
from chainwright.state.pipeline import Pipeline
from chainwright.state.totals import sum_by


class Unplaced:
    """Keeps what customers could order nowhere, until one of their lanes takes orders again.

    A customer can order nowhere while it is closed, or while none of its lanes takes orders. What it wants then is split over its
    lanes as if all of them took orders. The part of a seller that loses unmet demand is lost at once; the rest waits in the columns
    `unplaced` of items (by customer) and of lanes (by seller), and is ordered, late, together with the next order.

    Parameters
    ----------
    lanes : int
        Number of lanes.
    longest : int
        The longest order delay of a customer's lane; 0 where all orders of customers are seen at once.

    Attributes
    ----------
    waiting : bool
        Whether anything waits.
    ever : bool
        Whether anything has ever waited or been lost.
    late : Pipeline or None
        Of the orders of customers on their way, the part that was ordered late; none where no customer's order is on its way.
    """

    def __init__(self, lanes: int, longest: int = 0) -> None:
        self.waiting = self.ever = False
        self.late = Pipeline(lanes, longest) if longest else None
        self._lanes = lanes
        # Of this period, one per lane: what was lost before it was an order on its way, and of the orders seen what was ordered late.
        self.turned_away: Floats | None = None
        self.late_seen: Floats | None = None

    def keep(self) -> dict[str, Any]:
        """Whether anything has ever waited, and what is ordered late and on its way, for a snapshot."""
        return {"ever": self.ever, "late": None if self.late is None else self.late.ring.copy()}

    def restore(self, world: Ground, kept: Mapping[str, Any], sources: Mapping[str, NDArray[Any]]) -> None:
        """Go on from what was kept, and from the columns, which were put back."""
        self.turned_away = self.late_seen = None
        self.waiting, self.ever = bool(world.items.unplaced.any()), kept["ever"]
        if self.late is not None and kept["late"] is not None:
            self.late.go_on_from(kept["late"], sources["lanes"])

    def begin(self, world: Ground) -> None:
        """A period's planning begins."""
        self.turned_away = self.late_seen = None
        if self.late is not None:
            due = self.late.due(world.period)
            if due.any():
                self.late_seen = due.copy()
                self.late.clear(world.period)

    def without_turned_away(self, ordered: Floats, lanes: slice | NDArray[np.intp]) -> Floats:
        """Of what was ordered on some lanes the part that goes to the seller."""
        if self.turned_away is None:
            return ordered[lanes]
        return np.where(self.turned_away[lanes] != 0.0, 0.0, ordered[lanes])

    def wait(self, world: Ground, level: Level, nowhere: NDArray[np.bool_], parts: Floats) -> None:
        """What the customers of `nowhere` would have ordered, one part per lane of `Level.placing`, waits or is lost."""
        lanes, items = world.lanes, world.items
        rows, seller = np.arange(lanes.rows)[level.placing], lanes.seller[level.placing]
        some = nowhere[level.placing_buyer] & (parts != 0.0)
        rows, seller, parts = rows[some], seller[some], parts[some]
        if not len(rows):
            return
        self.ever = True
        lost = np.where(world.lost_items[seller], np.maximum(parts, 0.0), 0.0)
        kept = parts - lost
        items.unseen += sum_by(seller, parts, items.rows)
        if lost.any():
            if self.turned_away is None:
                self.turned_away = np.zeros(self._lanes)
            self.turned_away[rows] += lost
            lanes.lost[rows] += lost
            items.lost += sum_by(seller, lost, items.rows)
            lanes.ordered[rows] += lost
            items.orders += sum_by(world.buyer_of_lane[rows], lost, items.rows)
        lanes.unplaced[rows] += kept
        items.unplaced += sum_by(world.buyer_of_lane[rows], kept, items.rows)
        self.waiting = bool(items.unplaced.any())

    def order_late(self, world: Ground, level: Level, taken: Floats, share: Floats | None) -> None:
        """What waited, one amount per item of the level, is part of the orders that have just been placed on the lanes."""
        lanes, items = world.lanes, world.items
        rows = np.arange(lanes.rows)[level.placing]
        late = level.buyers.pick(taken)
        if share is not None:
            late = late * share
        if self.late_seen is None:
            self.late_seen = np.zeros(self._lanes)
        delay = lanes.order_delay[rows]
        at_once = delay == 0
        self.late_seen[rows[at_once]] += late[at_once]
        if self.late is not None:
            self.late.add(world.period + delay[~at_once], late[~at_once], rows[~at_once])
        placed = (taken != 0.0)[level.placing_buyer]
        lanes.unplaced[rows[placed]] = 0.0
        items.unplaced[level.items] = np.where(taken != 0.0, 0.0, items.unplaced[level.items])
        self.waiting = bool(items.unplaced.any())

    def count_late(self, world: Ground, level: Level) -> None:
        """What was ordered late was asked for when it was wanted: it is no part of what is asked for, and shipped in time, now."""
        if self.late_seen is None:
            return
        lanes, items, sold = world.lanes, world.items, level.sold
        late = self.late_seen[sold]
        if not late.any():
            return
        shipped, seen = lanes.shipped[sold], lanes.seen[sold]
        older = np.maximum(lanes.backorder[sold] + shipped - seen, 0.0)
        in_time = np.minimum(np.maximum(shipped - older, 0.0), np.maximum(seen, 0.0))
        items.shipped_in_time[level.sellers] -= level.by_seller.sum(np.minimum(in_time, np.maximum(late, 0.0)))
        items.unseen[level.sellers] -= level.by_seller.sum(late)

    def by_seller(self, world: Ground) -> Floats:
        """What customers would have ordered of each item and could not, one per item."""
        return sum_by(world.lanes.seller, world.lanes.unplaced, world.items.rows)
