"""Sums of units valued at unit cost, which may change in mid-run, and what has its stock valued at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.metrics.watcher import Watcher
from chainwright.state.totals import sum_by

Floats = NDArray[np.float64]


class Valued(Watcher):
    """Values sums of units at the unit cost of the day: what was added up before a unit cost changes is valued at the old one.

    Parameters
    ----------
    unit_cost : array
        Of each item, at the start.

    Examples
    --------
    >>> books = Valued(np.array([2.0, 5.0]))
    >>> books.change(np.array([3.0, 5.0]), {"on_hand": np.array([10.0, 1.0])})
    >>> books.value("on_hand", np.array([14.0, 2.0])).tolist()
    [32.0, 10.0]
    """

    def __init__(self, unit_cost: Floats) -> None:
        self.unit_cost: Floats = unit_cost.copy()
        self.before: dict[str, Floats] = {}

    def change(self, unit_cost: Floats, sums: Mapping[str, Floats]) -> None:
        """From now on other unit costs hold; `sums` are what was added up until now, by name."""
        off = self.unit_cost - unit_cost
        if not off.any():
            return
        for name, units in sums.items():
            self.before[name] = self.before.get(name, 0.0) + off * units
        self.unit_cost = unit_cost.copy()

    def value(self, name: str, units: Floats) -> Floats:
        """What a sum of units of each item is worth."""
        return self.unit_cost * units + self.before.get(name, 0.0)

    def begin_again(self) -> None:
        """Forget what was added up."""
        self.before.clear()


def in_money(group: NDArray[Any], counted: NDArray[np.bool_], unit_cost: Floats, groups: int) -> NDArray[np.bool_]:
    """Of each item whether its group is told in money: where some item of the group that counts has a unit cost; else in units.

    Examples
    --------
    >>> in_money(np.array([0, 0, 1]), np.array([True, True, True]), np.array([0.0, 2.0, 0.0]), 2).tolist()
    [True, True, False]
    """
    known: NDArray[np.bool_] = sum_by(group, np.where(counted & (unit_cost > 0.0), 1.0, 0.0), groups)[group] > 0.0
    return known
