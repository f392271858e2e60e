"""The age of debts: which part of a backorder was seen when, for sellers who serve the oldest debt first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.phases.ground import Floats, Ground
from chainwright.state.totals import ration, sum_by

# Debts older than this many periods count as equally old.
OLDEST = 60


class Ages:
    """What each lane has asked for in the last periods; made only where somebody allocates by age.

    Parameters
    ----------
    owners : array of bool
        The items that serve the oldest debt first.
    lanes : int
        Number of lanes.
    asked : array, optional
        What was asked for so far, where ages were kept before a change in mid-run.
    """

    def __init__(self, owners: NDArray[np.bool_], lanes: int, asked: Floats | None = None) -> None:
        self.owners = owners
        self.wanted = bool(owners.any())
        self.asked = np.zeros((OLDEST if self.wanted else 0, lanes)) if asked is None or not self.wanted else asked

    def keep(self) -> dict[str, Any]:
        """What was asked for lately, for a snapshot."""
        return {"asked": self.asked.copy()}

    def restore(self, world: Ground, kept: Mapping[str, Any], sources: Mapping[str, NDArray[Any]]) -> None:
        """Go on from what was kept."""
        self.asked[...] = np.take(kept["asked"], sources["lanes"], axis=-1)

    def note(self, world: Ground) -> None:
        """Keep the orders seen this period."""
        self.asked[world.period % OLDEST] = world.lanes.seen

    def ration(self, world: Ground, stock: Floats, want: Floats, group: NDArray[Any], lane: NDArray[Any]) -> Floats:
        """Share out stock among lanes, the oldest debt first; debts of one age share in proportion to their size."""
        tranches = self._tranches(world.period, world.lanes.backorder[lane], want, lane)
        given = np.zeros(len(want))
        left = stock
        same_rank = np.zeros(len(want), np.int64)
        for tranche in tranches:
            served = ration(left, tranche, group, same_rank, tranche)
            given = given + served
            left = np.maximum(left - sum_by(group, served, len(stock)), 0.0)
        return given

    def _tranches(self, period: int, owed: Floats, want: Floats, lane: NDArray[Any]) -> list[Floats]:
        """Parts of what each lane is owed by age, the oldest first, as far as `want` (what may leave now) reaches.

        Deliveries have paid the oldest debts, so what is owed are the youngest orders.
        """
        rest = owed
        newest_first = []
        for age in range(OLDEST):
            part = np.minimum(rest, np.maximum(self.asked[(period - age) % OLDEST, lane], 0.0))
            newest_first.append(part)
            rest = rest - part
            if not rest.any():
                break
        tranches = []
        open_want = want
        for part in (rest, *reversed(newest_first)):
            tranches.append(np.minimum(part, open_want))
            open_want = open_want - tranches[-1]
        return tranches
