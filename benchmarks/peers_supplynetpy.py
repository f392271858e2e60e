"""The chain on SupplyNetPy (MIT): every stage orders up to a level whenever it is below, one run, without its log."""

from __future__ import annotations

import random
import time
from typing import Any

import SupplyNetPy.Components as components

from benchmarks.chain import DEVIATION, HOLDING_COST, MEAN, STAGES

CAPACITY = 1_000_000


def seconds(periods: int, lead_time: int, level: float) -> float:
    """How long one run takes; the network is made before."""
    source, links = "source", []
    nodes: list[dict[str, Any]] = [{"ID": source, "name": source, "node_type": "infinite_supplier"}]
    for number in range(STAGES, 0, -1):
        stage = f"stage {number}"
        nodes.append({
            "ID": stage,
            "name": stage,
            "node_type": "distributor",
            "capacity": CAPACITY,
            "initial_level": level,
            "inventory_holding_cost": HOLDING_COST,
            "replenishment_policy": components.SSReplenishment,
            "policy_param": {"s": level - 1, "S": level},
            "product_buy_price": 1,
            "product_sell_price": 1,
        })
        links.append({"ID": f"to {stage}", "source": source, "sink": stage, "cost": 0, "lead_time": lambda: lead_time})
        source = stage
    draws = random.Random(1)
    demand = {
        "ID": "customers",
        "name": "customers",
        "order_arrival_model": lambda: 1,
        "order_quantity_model": lambda: max(1, round(draws.gauss(MEAN, DEVIATION))),
        "demand_node": source,
    }
    network = components.create_sc_net(nodes=nodes, links=links, demands=[demand])
    started = time.perf_counter()
    components.simulate_sc_net(network, sim_time=periods, logging=False)
    return time.perf_counter() - started
