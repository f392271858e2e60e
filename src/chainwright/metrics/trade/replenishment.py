"""Replenishment cycles of items: from one receipt of goods to the next, and which of them saw no stockout."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from chainwright.metrics.moments import ratio
from chainwright.metrics.watcher import Watcher

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Replenishment(Watcher):
    """Counts the replenishment cycles of each row, and those in which no period ended short.

    A cycle begins with a receipt and ends with the next one. What is received in a period is there before the demand of that period, so that
    the period belongs to the cycle that it begins. What lies before the first receipt and after the last is no whole cycle, and is not
    counted.

    Parameters
    ----------
    rows : int
        Number of items.

    Examples
    --------
    Goods come in periods 1, 3 and 5; period 4 ends short.

    >>> cycles = Replenishment(1)
    >>> for received, short in ((1, 0), (0, 0), (1, 0), (0, 1), (1, 0)):
    ...     cycles.add(np.array([received], bool), np.array([short], bool), measured=True)
    >>> cycles.ended.tolist(), cycles.good.tolist(), cycles.share().tolist()
    ([2.0], [1.0], [0.5])
    """

    def __init__(self, rows: int) -> None:
        # Before the first receipt there is no cycle, nor one that could be good.
        self.failed: Flags = np.ones(rows, np.bool_)
        self.begun: Flags = np.zeros(rows, np.bool_)
        self.receipts: Floats = np.zeros(rows)
        self.good: Floats = np.zeros(rows)

    def add(self, received: Flags, short: Flags, measured: bool) -> None:
        """Take in a period: who was replenished in it, and who ended it short; a cycle counts where it ends in a measured period."""
        if measured:
            self.receipts += received
            self.good += received > self.failed
        else:
            self.begun |= received
        np.greater(self.failed, received, out=self.failed)
        self.failed |= short

    @property
    def ended(self) -> Floats:
        """Cycles that have ended: every receipt ends one, but the very first."""
        return np.where(self.begun, self.receipts, np.maximum(self.receipts - 1.0, 0.0))

    def share(self) -> Floats:
        """Share of the cycles that saw no stockout, one per row; empty (nan) where no cycle has ended."""
        return ratio(self.good, self.ended)

    def begin_again(self) -> None:
        """Forget what was counted; cycles that have begun go on."""
        self.begun |= self.receipts > 0.0
        self.receipts.fill(0.0)
        self.good.fill(0.0)
