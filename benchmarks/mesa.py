"""The yardstick: how long Mesa takes on this machine to call an empty method on many agents."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import mesa

# The share of Mesa's time that a period of as many enterprises may take; older Mesa is faster at it.
LIMIT = 0.8 if tuple(map(int, mesa.__version__.split(".")[:2])) >= (3, 5) else 1.2


class Idle(mesa.Agent):
    """An agent that does nothing."""

    def empty_method(self) -> None:
        """Do nothing."""


def seconds_of_mesa(agents: int) -> Callable[[], float]:
    """A function that measures how long Mesa takes to call an empty method once on so many agents."""
    model = mesa.Model(rng=1)
    Idle.create_agents(model, agents)

    def measure() -> float:
        started = time.perf_counter()
        model.agents.do("empty_method")
        return time.perf_counter() - started

    return measure


def alternate(ours: Callable[[], float], theirs: Callable[[], float], pairs: int) -> tuple[float, float, float]:
    """Medians of both times and of their ratio, measured in turn: whatever else the machine does then touches both."""
    measured = [(ours(), theirs()) for _ in range(pairs)]
    own, other = (statistics.median(column) for column in zip(*measured, strict=True))
    return own, other, statistics.median(one / two for one, two in measured)
