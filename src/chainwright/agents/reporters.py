"""What a model's data collector reports: readable sums of the network, and the orders of each enterprise of a small one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
from mesa import DataCollector

from chainwright.state.totals import sum_by
from chainwright.words.errors import UsageError, suggestion

# Orders are reported by enterprise up to this number of them.
SMALL = 12
KEYWORDS = ("model_reporters", "agent_reporters", "agenttype_reporters", "tables")
COSTS = ("holding_cost_paid", "backorder_cost_paid", "in_transit_holding_cost_paid", "ordering_cost_paid", "production_cost_paid")


def make_collector(model: Any, collect: bool | Mapping[str, Any]) -> DataCollector:
    """Mesa's data collector for a model.

    Raises
    ------
    UsageError
        When `collect` names something that Mesa's data collector does not take.
    """
    if isinstance(collect, Mapping):
        unknown = [key for key in collect if key not in KEYWORDS]
        if unknown:
            raise UsageError(f"collect: a DataCollector takes no {unknown[0]!r}{suggestion(str(unknown[0]), KEYWORDS)}")
        return DataCollector(**collect)
    return DataCollector(model_reporters=_reporters(model) if collect else {})


def _reporters(model: Any) -> dict[str, Callable[[Any], float]]:
    made: dict[str, Callable[[Any], float]] = {
        "End demand": _end_demand,
        "Orders": partial(_sum_of_items, name="orders"),
        "Stock on hand": partial(_sum_of_items, name="on_hand"),
        "Backorder": partial(_sum_of_items, name="backorder"),
        "In transit": _in_transit,
        "Cost of the period": _cost,
        "Fill rate of the period": _fill_rate,
    }
    world = model.world
    items = world.items
    buying = np.unique(items.enterprise[world.lanes.buyer[~items.customer[world.lanes.buyer]]])
    if len(buying) <= SMALL:
        echelon = {int(row): int(items.echelon[items.enterprise == row].max()) for row in buying}
        for row in sorted(buying.tolist(), key=lambda one: (echelon[one], one)):
            made[f"Orders of {world.enterprises.name[row]}"] = partial(_orders_of, items=np.flatnonzero(items.enterprise == row))
    return made


def _total(world: Any, values: Any) -> float:
    """Sum over the items of the run, outside sources left out, in the order of the rows as in a union."""
    kept = np.where(world.items.unlimited, 0.0, values)
    return float(sum_by(world.items.run, kept, 1)[0])


def _sum_of_items(model: Any, name: str) -> float:
    return _total(model.world, model.world.items[name])


def _end_demand(model: Any) -> float:
    items = model.world.items
    return _total(model.world, np.where(items.customer, items.demand, 0.0))


def _in_transit(model: Any) -> float:
    world = model.world
    return float(sum_by(world.lanes.run, world.lanes.in_transit, 1)[0])


def _cost(model: Any) -> float:
    items = model.world.items
    return _total(model.world, sum(items[name] for name in COSTS))


def _fill_rate(model: Any) -> float:
    """Share of what customers asked for that was shipped in the same period; empty where nothing was asked for."""
    world = model.world
    to_customers = world.items.customer[world.lanes.buyer]
    sellers = np.zeros(world.items.rows, np.bool_)
    sellers[world.lanes.seller[to_customers]] = True
    seen = _total(world, np.where(sellers, world.items.seen, 0.0))
    in_time = _total(world, np.where(sellers, world.items.shipped_in_time, 0.0))
    return in_time / seen if seen > 0.0 else float("nan")


def _orders_of(model: Any, items: Any) -> float:
    values = model.world.items.orders[items]
    return float(sum_by(np.zeros(len(items), np.int32), values, 1)[0])
