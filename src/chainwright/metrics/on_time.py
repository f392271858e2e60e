"""On time in full: which orders were wholly received within the promised lead time."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainwright.metrics.moments import ratio
from chainwright.state.totals import NOISE


class OnTime:
    """Watches a world and keeps, per lane, a ring of cumulative orders against cumulative receipts.

    An order counts as wholly received when everything ordered on its lane up to it has been received. Orders that were lost or
    cancelled before it was placed are left out; what is lost later counts against it.

    Parameters
    ----------
    world : World
        The world to watch, before its first period.
    warm_up : int
        Orders placed in these first periods are not counted.
    """

    def __init__(self, world: Any, warm_up: int) -> None:
        lanes = world.lanes
        self.warm_up = warm_up
        promised = np.nan_to_num(lanes.promised_lead_time, nan=0.0)
        self.promised = np.floor(promised + NOISE).astype(np.int64)
        self.width = int(self.promised.max(initial=0)) + 1
        self.needed = np.full((self.width, lanes.rows), np.nan)
        under_way = lanes.backorder + world.goods.due(0) + world.goods.later(0) + world.orders.due(0) + world.orders.later(0)
        self.ordered = under_way.copy()
        self.received = np.zeros(lanes.rows)
        self.lost = np.zeros(lanes.rows)
        self.counted = np.zeros(lanes.rows)
        self.kept_promise = np.zeros(lanes.rows)

    def observe(self, world: Any) -> None:
        """Take in the period that has just ended."""
        lanes, period = world.lanes, world.period
        self.ordered += np.maximum(lanes.ordered, 0.0)
        self.received += lanes.received
        counted = (lanes.ordered > 0.0) & (period > self.warm_up)
        self.needed[period % self.width] = np.where(counted, self.ordered - self.lost, np.nan)
        if world.any_given_up or world.events.scheduled:
            self.lost += lanes.lost
        placed = (period - self.promised) % self.width
        needed = self.needed[placed, np.arange(lanes.rows)]
        due = ~np.isnan(needed) & (period - self.promised > self.warm_up)
        self.counted += due
        self.kept_promise += due & (self.received >= np.nan_to_num(needed) - NOISE * (1.0 + self.ordered))

    def share(self) -> Any:
        """Share of the orders that fell due and were on time in full, one per lane; empty (nan) where there was none."""
        return ratio(self.kept_promise, self.counted)
