"""Many runs of shipped scenarios side by side, with all metrics kept, beside Mesa's empty method on as many agents."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import chainwright as cw
from benchmarks.lines import Line
from benchmarks.mesa import alternate, seconds_of_mesa
from chainwright.metrics.trade.accumulate import Accumulator

PAIRS = 5
# Name, runs and periods.
SCENARIOS = (("beer_game", 1000, 156), ("battery", 100, 365), ("bulldozer", 100, 100))


def seconds_of_scenario(name: str, runs: int, periods: int) -> tuple[int, Callable[[], float]]:
    """Number of enterprises in the union, and a function that measures how long one of its periods takes."""
    blueprint = cw.load(name).blueprint()
    enterprises = len(blueprint.tables["enterprises"]["name"]) * runs

    def measure() -> float:
        world = cw.World(blueprint, runs=range(runs))
        accumulator = Accumulator(world, warm_up=0, timeline=False)
        world.watch(accumulator.observe)
        started = time.perf_counter()
        world.step(periods)
        return (time.perf_counter() - started) / periods

    return enterprises, measure


def lines() -> Iterator[Line]:
    """One line for each scenario."""
    for name, runs, periods in SCENARIOS:
        enterprises, ours = seconds_of_scenario(name, runs, periods)
        own, mesa, ratio = alternate(ours, seconds_of_mesa(enterprises), PAIRS)
        speed = f"{enterprises / own:,.0f} enterprise-periods a second"
        yield Line(
            f"a period of {name}, {runs} runs, against Mesa's agents.do",
            f"{enterprises:,} enterprises: {own * 1000:.2f} ms against {mesa * 1000:.2f} ms, {speed}",
            ratio,
        )
