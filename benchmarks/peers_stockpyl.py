"""The chain on stockpyl (MIT): base-stock levels, one run, without its checks of consistency and its progress bar."""

from __future__ import annotations

import time

from stockpyl.sim import simulation
from stockpyl.supply_chain_network import serial_system

from benchmarks.chain import BACKORDER_COST, DEVIATION, HOLDING_COST, MEAN, STAGES


def seconds(periods: int, order_delay: int, transport_time: int, level: float) -> float:
    """How long one run takes; the network is made before."""
    network = serial_system(
        num_nodes=STAGES,
        node_order_in_system=list(range(STAGES))[::-1],
        demand_type="N",
        mean=MEAN,
        standard_deviation=DEVIATION,
        policy_type="BS",
        base_stock_level=level,
        order_lead_time=order_delay,
        shipment_lead_time=transport_time,
        local_holding_cost=HOLDING_COST,
        stockout_cost=BACKORDER_COST,
    )
    started = time.perf_counter()
    simulation(network, periods, rand_seed=1, progress_bar=False, consistency_checks="N")
    return time.perf_counter() - started
