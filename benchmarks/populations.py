"""Large populations: a period of 100,000 enterprises against Mesa's empty method, and what ten times as many cost."""

from __future__ import annotations

import time
from collections.abc import Iterator

import chainwright as cw
from benchmarks.child import measured
from benchmarks.lines import Line
from benchmarks.mesa import LIMIT, alternate, seconds_of_mesa
from benchmarks.network import layered
from chainwright.metrics.trade.accumulate import Accumulator

ENTERPRISES = 100_000
MANY = 1_000_000
PAIRS = 40
# Periods before the first that is measured: until stocks have settled.
SETTLING = 15


def lines() -> Iterator[Line]:
    """Speed of a period, and how it grows with the number of enterprises."""
    yield _against_mesa()
    few, many = measured(ENTERPRISES), measured(MANY)
    yield Line(
        f"an enterprise's period among {MANY:,}, against one among {ENTERPRISES:,}",
        f"{many.period / MANY * 1e9:.0f} ns against {few.period / ENTERPRISES * 1e9:.0f} ns",
        many.period / MANY / (few.period / ENTERPRISES),
        2.5,
    )
    yield Line(
        f"building {MANY:,} enterprises",
        f"growing {many.blueprint:.1f} s, world {many.world:.1f} s, {many.lanes:,} lanes",
        many.blueprint + many.world,
        30.0,
        "s",
    )


def _against_mesa() -> Line:
    """Periods of a world and calls of Mesa in turn, in one process."""
    world = cw.World(layered(ENTERPRISES))
    accumulator = Accumulator(world, warm_up=0, timeline=False)
    world.watch(accumulator.observe)
    world.step(SETTLING)

    def period() -> float:
        started = time.perf_counter()
        world.step()
        return time.perf_counter() - started

    own, mesa, ratio = alternate(period, seconds_of_mesa(ENTERPRISES), PAIRS)
    selling = world.items.seen > 0.0
    short = float((world.items.backorder[selling] > 0.0).mean())
    return Line(
        f"a period of {ENTERPRISES:,} enterprises against Mesa's agents.do",
        f"{own * 1000:.2f} ms against {mesa * 1000:.2f} ms; {world.lanes.rows:,} lanes, {short:.0%} of sellers short of goods",
        ratio,
        LIMIT,
    )
