"""Agents: what a thousand of them that answer row by row cost among ten thousand enterprises."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from typing import Any

import chainwright as cw
from benchmarks.lines import Line
from benchmarks.network import layered
from chainwright.agents.model import roster_of

ENTERPRISES, AGENTS = 10_000, 1_000
SETTLING, PAIRS = 5, 40


class Panicker(cw.Retailer):
    """Doubles the order whenever the shelf looks empty."""

    def place_orders(self, item: Any) -> Any:
        """Twice the forecast, or up to the base-stock level."""
        if item.on_hand < item.safety_stock:
            return 2 * item.forecast
        return max(item.base_stock_level - item.inventory_position, 0)


def lines() -> Iterator[Line]:
    """A world with agents and one without are stepped in turn."""
    blueprint = layered(ENTERPRISES)
    enterprises = blueprint.tables["enterprises"]
    retailers = enterprises["name"][enterprises["role"] == "retailer"][:AGENTS]
    started = time.perf_counter()
    with_agents = cw.World(blueprint, agents=roster_of(blueprint, dict.fromkeys(retailers.tolist(), Panicker)))
    built = time.perf_counter() - started
    worlds = (with_agents, cw.World(blueprint))
    for world in worlds:
        world.step(SETTLING)
    pairs = []
    for _ in range(PAIRS):
        times = []
        for world in worlds:
            started = time.perf_counter()
            world.step()
            times.append(time.perf_counter() - started)
        pairs.append(times)
    own, bare = (statistics.median(column) * 1000 for column in zip(*pairs, strict=True))
    more = statistics.median(one - other for one, other in pairs) * 1000
    yield Line(
        f"{len(retailers):,} agents that answer row by row among {ENTERPRISES:,} enterprises, a period",
        f"{own:.2f} ms against {bare:.2f} ms without; built in {built:.2f} s",
        more,
        5.0,
        "ms",
    )
