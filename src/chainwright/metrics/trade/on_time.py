"""On time in full: which orders were wholly received within the promised lead time."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.metrics.moments import ratio
from chainwright.metrics.watcher import Watcher
from chainwright.state.totals import NOISE

Floats = NDArray[np.float64]


class OnTime(Watcher):
    """Watches a world and keeps, per lane, a ring of the latest orders as ranges of everything ever ordered on the lane.

    An order counts as wholly received when all that was ordered up to its end has been received; an order of which anything was
    lost, refused or cancelled is not. What is lost leaves the sequence of ordered units, so that it harms no later order. Debts are
    paid, lost and cancelled oldest first.

    Parameters
    ----------
    world : World
        The world to watch, before its first period.
    warm_up : int
        Orders placed in these first periods are not counted.
    """

    def __init__(self, world: Any, warm_up: int) -> None:
        rows = world.lanes.rows
        self.warm_up = warm_up
        under_way = world.lanes.backorder + world.goods.due(0) + world.goods.later(0) + world.orders.due(0) + world.orders.later(0)
        on_the_road = world.goods.due(0) + world.goods.later(0)
        # Positions in the sequence of all units ordered on a lane: its end, and how far they have been seen, shipped, received.
        self.ordered: Floats = under_way.copy()
        self.seen: Floats = on_the_road + world.lanes.backorder
        self.shipped: Floats = on_the_road.copy()
        self.received: Floats = np.zeros(rows)
        self.counted: Floats = np.zeros(rows)
        self.kept_promise: Floats = np.zeros(rows)
        # One column per period in which an order can still be open: where it starts and ends, when it is due, whether it is spoilt.
        self.start: Floats = np.zeros((1, rows))
        self.end: Floats = np.zeros((1, rows))
        self.due: Floats = np.full((1, rows), np.nan)
        self.failed: NDArray[np.bool_] = np.zeros((1, rows), np.bool_)

    def observe(self, world: Any) -> None:
        """Take in the period that has just ended."""
        lanes, period = world.lanes, world.period
        self._open_orders(lanes, period)
        if world.unplaced.turned_away is not None:
            # What nobody took is the end of what was ordered.
            self._lose(self.ordered - world.unplaced.turned_away, world.unplaced.turned_away)
        self._close_losses(world)
        self.received += lanes.received
        falls_due = self.due == period
        if falls_due.any():
            in_full = ~self.failed & (self.received >= self.end - NOISE * (1.0 + self.ordered))
            self.counted += falls_due.sum(axis=0)
            self.kept_promise += (falls_due & in_full).sum(axis=0)

    def _open_orders(self, lanes: Any, period: int) -> None:
        promised = np.floor(np.nan_to_num(lanes.promised_lead_time, nan=0.0) + NOISE)
        self._widen(int(promised.max(initial=0.0)) + 1, period)
        place = period % len(self.due)
        size = np.maximum(lanes.ordered, 0.0)
        self.start[place] = self.ordered
        self.ordered += size
        self.end[place] = self.ordered
        self.failed[place] = False
        self.due[place] = np.where((size > 0.0) & (period > self.warm_up), period + promised, np.nan)

    def _widen(self, width: int, period: int) -> None:
        """Make room for a longer promise."""
        old = len(self.due)
        if width <= old:
            return
        for name in ("start", "end", "due", "failed"):
            kept = getattr(self, name)
            wider = np.full((width, kept.shape[1]), np.nan if name == "due" else 0, kept.dtype)
            for age in range(1, old + 1):
                wider[(period - age) % width] = kept[(period - age) % old]
            setattr(self, name, wider)

    def _close_losses(self, world: Any) -> None:
        """Move the positions on, and take what was lost out of the sequence."""
        lanes, refused = world.lanes, world.events.refused
        self._lose(self.seen, refused)
        self.seen += lanes.seen
        self.shipped += lanes.shipped
        given_up = lanes.lost - refused
        if world.unplaced.turned_away is not None:
            given_up = given_up - world.unplaced.turned_away
        self._lose(self.shipped, given_up)
        self.seen -= given_up

    def _lose(self, position: Floats, amount: Floats) -> None:
        """The units from `position` on are lost: orders that hold some of them are spoilt, later ones move up."""
        if not (amount > NOISE).any():
            return
        stop = position + amount
        within = np.maximum(np.minimum(self.end, stop) - np.maximum(self.start, position), 0.0)
        ahead = np.maximum(np.minimum(self.start, stop) - position, 0.0)
        self.failed |= within > NOISE
        self.start -= ahead
        self.end -= ahead + within
        self.ordered -= amount

    def share(self) -> Any:
        """Share of the orders that fell due and were on time in full, one per lane; empty (nan) where there was none."""
        return ratio(self.kept_promise, self.counted)
