"""The chain that other simulators run as well: four stages in a row, many runs side by side, from a network to its summary."""

from __future__ import annotations

import itertools
import time
from typing import Any

import chainwright as cw
from chainwright.metrics.trade.accumulate import Accumulator
from chainwright.metrics.trade.frames import item_metrics, summary_frame
from chainwright.network.blueprint import Blueprint

# What customers ask for in a period: normal, at least 0.
MEAN, DEVIATION = 100.0, 20.0
STAGES, PERIODS = 4, 156
HOLDING_COST, BACKORDER_COST = 0.5, 1.0
ON_HAND = 300.0


def chain(policies: dict[str, Any], order_delay: int, transport_time: int) -> Blueprint:
    """Customers who buy from the first of four stages, each of which buys from the next, and the last from a source that never runs out.

    Parameters
    ----------
    policies : dict
        Who decides, as in a scenario file.
    order_delay, transport_time : int
        Periods between two stages; to the customers there are none.
    """
    names = ["customers", *(f"stage {number}" for number in range(1, STAGES + 1)), "world"]
    stock = {"on_hand": ON_HAND, "holding_cost": HOLDING_COST, "backorder_cost": BACKORDER_COST}
    demand = {"policy": "normal", "mean": MEAN, "deviation": DEVIATION}
    enterprises: dict[str, Any] = {name: {"role": "distributor", "items": {"beer": stock}} for name in names}
    enterprises["customers"] = {"role": "customer", "items": {"beer": {"demand": demand}}}
    enterprises["world"] = {"role": "supplier", "items": {"beer": {"unlimited": True}}}
    lanes: list[dict[str, Any]] = [
        {"seller": seller, "buyer": buyer, "product": "beer"} for buyer, seller in itertools.pairwise(names)
    ]
    for lane in lanes[1:]:
        lane |= {"order_delay": order_delay, "transport_time": transport_time}
    document = {
        "chainwright": 1,
        "title": "Four stages in a row",
        "period": "week",
        "horizon": PERIODS,
        "products": {"beer": {}},
        "enterprises": enterprises,
        "lanes": lanes,
        "policies": policies,
    }
    return cw.Scenario.from_document(document).blueprint()


def seconds_of_chain(blueprint: Blueprint, runs: int) -> float:
    """How long it takes to build a world, to draw its demand and play it, and to make the summary, one row a run."""
    started = time.perf_counter()
    world = cw.World(blueprint, runs=range(runs))
    kept = Accumulator(world, warm_up=0, timeline=False, tables=("summary",))
    world.watch(kept.observe)
    world.step(PERIODS)
    summary = summary_frame(world, kept, item_metrics(world, kept, None), None)
    seconds = time.perf_counter() - started
    assert len(summary) == runs
    return seconds
