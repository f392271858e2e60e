"""Print the speed of shipped scenarios in node-periods per second, with Mesa's `agents.do` of an empty method beside it."""

from __future__ import annotations

import platform
import statistics
import time
from collections.abc import Callable

import mesa
import numpy as np
from rich.console import Console
from rich.table import Table

import chainwright as cw
from chainwright.metrics.accumulate import Accumulator

PAIRS = 5


class Idle(mesa.Agent):
    """An agent that does nothing."""

    def step(self) -> None:
        """Do nothing."""


def seconds_of_mesa(agents: int) -> Callable[[], float]:
    """How long Mesa takes to call an empty method once on so many agents."""
    model = mesa.Model(rng=1)
    Idle.create_agents(model, agents)

    def measure() -> float:
        started = time.perf_counter()
        model.agents.do("step")
        return time.perf_counter() - started

    return measure


def seconds_of_scenario(name: str, runs: int, periods: int) -> tuple[int, Callable[[], float]]:
    """Number of enterprises in the union, and how long its periods take with all metrics kept."""
    blueprint = cw.load(name).blueprint()
    enterprises = len(blueprint.tables["enterprises"]["name"]) * runs

    def measure() -> float:
        world = cw.World(blueprint, runs=range(runs))
        accumulator = Accumulator(world, warm_up=0, timeline=False)
        world.watch(accumulator.observe)
        started = time.perf_counter()
        world.step(periods)
        return time.perf_counter() - started

    return enterprises, measure


def main() -> None:
    """Alternate both measurements and print their medians and ratio."""
    console = Console(width=120)
    table = Table(title=f"Python {platform.python_version()}, NumPy {np.__version__}, Mesa {mesa.__version__}; medians of {PAIRS} alternating pairs")
    for heading in ("scenario", "enterprises", "periods", "node-periods/s", "ms/period", "Mesa agents.do, ms", "ratio"):
        table.add_column(heading, justify="left" if heading == "scenario" else "right")
    for name, runs, periods in (("beer_game", 1000, 156), ("battery", 100, 365), ("bulldozer", 100, 100)):
        enterprises, ours = seconds_of_scenario(name, runs, periods)
        theirs = seconds_of_mesa(enterprises)
        pairs = [(ours() / periods, theirs()) for _ in range(PAIRS)]
        own, mesa_time = (statistics.median(column) for column in zip(*pairs, strict=True))
        ratio = statistics.median(one / other for one, other in pairs)
        figures = (f"{enterprises / own:,.0f}", f"{own * 1000:.2f}", f"{mesa_time * 1000:.2f}", f"{ratio:.2f}")
        table.add_row(f"{name}, {runs} runs", f"{enterprises:,}", str(periods), *figures)
    console.print(table)
    console.print("A ratio below 1: a whole period of trading takes less time than Mesa needs to call an empty method on as many agents.")


if __name__ == "__main__":
    main()
