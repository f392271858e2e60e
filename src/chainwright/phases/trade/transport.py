"""Transport: how long a shipment takes (fixed, or drawn once per lane and period) and whether it may overtake."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.phases.ground import Floats, Ground
from chainwright.phases.trade.level import Level, in_table
from chainwright.state.distributions import discrete
from chainwright.state.ledger import Delayed, Outside, move
from chainwright.state.streams import uniform_from_key
from chainwright.state.totals import NOISE


class Transport:
    """When a shipment that leaves now is due.

    Parameters
    ----------
    choices : list of (rows, values, probabilities)
        Lanes whose time is drawn.
    keys : array of uint64
        Coordinates of the lanes' draws.
    lanes : int
        Number of lanes.
    """

    def __init__(self, choices: list[tuple[NDArray[Any], NDArray[Any], Floats]], keys: NDArray[np.uint64], lanes: int) -> None:
        self.choices = choices
        self.keys = keys
        self.drawn = np.zeros(lanes, np.bool_)
        for rows, _, _ in choices:
            self.drawn[rows] = True
        self.now = np.zeros(lanes, np.int64)
        self.last_due = np.zeros(lanes, np.int64)
        self.ordered_rows = np.zeros(0, np.int64)

    def keep(self) -> dict[str, Any]:
        """When the latest shipment of each lane is due, for a snapshot."""
        return {"last_due": self.last_due.copy()}

    def restore(self, world: Ground, kept: Mapping[str, Any], sources: Mapping[str, NDArray[Any]]) -> None:
        """Go on from what was kept."""
        self.last_due[...] = kept["last_due"][sources["lanes"]]

    def keep_order(self, rows: NDArray[Any]) -> None:
        """Name the lanes with drawn times on which nothing overtakes."""
        self.ordered_rows = rows

    def draw(self, world: Ground) -> None:
        """Draw this period's transport times, one per lane, by inverse transform."""
        for rows, values, probabilities in self.choices:
            times = discrete(uniform_from_key(self.keys[rows], world.period, 0), values, probabilities)
            self.now[rows] = world.period + times.astype(np.int64)
        if len(self.ordered_rows):
            rows = self.ordered_rows
            self.now[rows] = np.maximum(self.now[rows], self.last_due[rows])

    def send(self, world: Ground, level: Level, shipped: Floats) -> None:
        """Put shipments on their way; goods without transport time are handed over later in this phase."""
        goods = world.goods
        for time, rows in level.departures:
            move(shipped[rows], Outside(), Delayed(goods, world.period + time, in_table(level.sold, rows)))
        if len(level.drawn):
            lanes, amount = level.drawn + level.sold.start, shipped[level.drawn]
            due = self.now[lanes]
            if len(self.ordered_rows):
                self.last_due[lanes] = np.where(np.abs(amount) > NOISE, due, self.last_due[lanes])
            move(amount, Outside(), Delayed(goods, due, lanes))

    def postpone(self, rows: NDArray[Any]) -> None:
        """Goods on these lanes stood still for a period."""
        self.last_due[rows] += 1

    def clear(self, world: Ground) -> None:
        """Empty the column of this period: all that was due at once has been handed over."""
        if self.choices:
            world.goods.clear(world.period)
