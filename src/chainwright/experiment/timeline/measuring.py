"""What watches the world of a timeline: the metrics of all measured periods so far, and those of the latest period alone."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.metrics.counted import check_counted_now
from chainwright.metrics.trade import frames
from chainwright.metrics.trade.accumulate import Accumulator
from chainwright.metrics.trade.on_time import OnTime

Floats = NDArray[np.float64]

# What cannot be said of one period alone (a swing is one over periods, a cycle lasts several, and stock lasts very long by a day on which
# next to nothing was asked for): of these a rate is the measure of all periods so far.
SO_FAR = (
    *("bullwhip_ratio", "bullwhip_ratio_to_end_demand", "net_stock_amplification", "cycle_service_level", "on_time_in_full"),
    *("turns", "turns_with_pipeline", "days_of_supply"),
)
# What makes up the network-wide metrics; nothing else is accumulated.
TABLES = ("summary",)


class Measuring:
    """Watches a world of one run, with the definitions of `cw.run`.

    Parameters
    ----------
    world : World
        Before its first period.
    warm_up : int
        Periods at the start that are not measured.

    Examples
    --------
    >>> import chainwright as cw
    >>> world = cw.World(cw.load("beer_game").blueprint())
    >>> watching = Measuring(world, 0)
    >>> world.step(3)
    >>> watching.observe(world)
    >>> watching.measures(world)["demand_mean"].tolist(), watching.rates(world)["throughput"].tolist()
    ([4.0], [4.0])
    """

    def __init__(self, world: Any, warm_up: int) -> None:
        self.total = Accumulator(world, warm_up, timeline=False, tables=TABLES)
        self.single = Accumulator(world, 0, timeline=True, tables=TABLES)
        self.on_time = OnTime(world, warm_up) if world.ages.wanted else None

    def observe(self, world: Any, again: bool = False) -> None:
        """Take in the period that has just ended.

        Parameters
        ----------
        world : World
            That has played it.
        again : bool
            Whether nobody asks for this period alone, because it was kept before.

        Raises
        ------
        ChainwrightError
            When something has grown beyond what can be counted.
        """
        check_counted_now(world)
        self.total.observe(world)
        if self.on_time is not None:
            self.on_time.observe(world)
        if not again:
            self.single.begin_again()
            self.single.observe(world)

    def measures(self, world: Any) -> dict[str, Floats]:
        """Network-wide metrics of the measured periods so far, one value each; empty (nan) where nothing was measured."""
        _, per_item = frames.shares_on_time(world, self.on_time)
        found = _summary(world, self.total, per_item, self.on_time)
        return found if self.total.measured else {name: np.full(1, np.nan) for name in found}

    def rates(self, world: Any) -> dict[str, Floats]:
        """The same of the latest period alone, as if it were the only one that is measured; without `SO_FAR`."""
        found = _summary(world, self.single, None, None)
        return {name: value for name, value in found.items() if name not in SO_FAR}

    @property
    def by_echelon(self) -> Floats:
        """Sums of the latest period by echelon, one line per column of the timeline."""
        assert self.single.timeline is not None
        return self.single.timeline[-1]

    def state(self) -> tuple[dict[str, Any], dict[str, Any] | None]:
        """A copy of all that goes on from period to period."""
        return self.total.state(), self.on_time.state() if self.on_time is not None else None

    def restore(self, state: tuple[dict[str, Any], dict[str, Any] | None]) -> None:
        """Put a copy back."""
        total, on_time = state
        self.total.restore(total)
        if self.on_time is not None and on_time is not None:
            self.on_time.restore(on_time)


def _summary(world: Any, kept: Accumulator, per_item: Any, on_time: Any) -> dict[str, Floats]:
    found = frames.summary_columns(world, kept, frames.item_metrics(world, kept, per_item), on_time)
    del found["run"]
    return found
