"""What must always hold: what is declared to be conserved is, nothing is negative that cannot be, and every number is one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainwright.metrics.balances import BALANCES, INVARIANTS, SIGN_RULES, Watch
from chainwright.metrics.counted import check_counted_now
from chainwright.metrics.declarations import is_on
from chainwright.metrics.unequal import first_of
from chainwright.metrics.watcher import Watcher
from chainwright.words.errors import InvariantError
from chainwright.words.schema import Column
from chainwright.words.subjects import SCHEMA, as_declared


@as_declared
def numbers() -> tuple[Column, ...]:
    """The columns that a world writes while it runs, of which every number must be one."""
    return tuple(column for column in SCHEMA if column.kind == "state" and column.dtype == "float64")


@as_declared
def never_negative() -> tuple[Column, ...]:
    """Those that are at least 0.

    Examples
    --------
    >>> [f"{column.table}.{column.name}" for column in never_negative()][:3]
    ['items.on_hand', 'items.unreleased', 'items.in_process']
    """
    return tuple(column for column in numbers() if column.minimum == 0.0)


class Invariants(Watcher):
    """Watches a world and raises at the first period in which something is not conserved.

    Parameters
    ----------
    world : World
        The world to watch, before its first period.

    Raises
    ------
    InvariantError
        From `observe`, naming the period and what does not add up.
    ChainwrightError
        From `observe`, where something has grown beyond what can be counted.
    """

    def __init__(self, world: Any) -> None:
        self.balances = {name: Watch(world, balance) for name, balance in BALANCES.items()}
        self.others: dict[str, Callable[[Any], str | None]] = {}
        self._begin(world)
        self.periods = 0

    def _begin(self, world: Any) -> None:
        """Watch what has come on."""
        for name, invariant in INVARIANTS.items():
            if name not in self.others and is_on(world, invariant.feature):
                self.others[name] = invariant.watch(world)

    def observe(self, world: Any) -> None:
        """Check the period that has just ended."""
        check_counted_now(world)
        self.periods += 1
        for name, watch in self.balances.items():
            if is_on(world, BALANCES[name].feature):
                self._refuse(world, watch.check(world, self.balances))
        for check in self.others.values():
            self._refuse(world, check(world))
        self._begin(world)
        self._signs(world)

    def _signs(self, world: Any) -> None:
        rules = {table: (rule.free(world), rule.slack(world) if rule.slack is not None else 0.0) for table, rule in SIGN_RULES.items()}
        for column in never_negative():
            values = getattr(world, column.table)[column.name]
            free, slack = rules.get(column.table, (False, 0.0))
            bad = ~np.isfinite(values) | ((values < -np.asarray(slack)) & ~np.asarray(free))
            self._refuse(world, first_of(bad, f"{column.table}.{column.name} is negative or not a number"))
        for column in numbers():
            bad = ~np.isfinite(getattr(world, column.table)[column.name])
            self._refuse(world, first_of(bad, f"{column.table}.{column.name} is not a finite number"))

    def _refuse(self, world: Any, told: str | None) -> None:
        if told is not None:
            raise InvariantError(f"period {world.period}: {told}")
