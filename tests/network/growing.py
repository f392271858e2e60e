"""Worlds of generated networks for tests: policies by name, invariants watched, and how far the state drifts."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.metrics.invariants import Invariants
from chainwright.network.blueprint import Blueprint, Columns, PolicyChoice
from chainwright.world import World


def policies(tables: dict[str, Columns], order: str, demand: list[PolicyChoice]) -> dict[str, list[PolicyChoice]]:
    """Everybody orders by one policy and forecasts by moving averages; customers pass on their demand."""
    items = tables["items"]
    every = np.arange(len(items["enterprise"]), dtype=np.int32)
    customer = (tables["enterprises"]["role"] == "customer")[items["enterprise"]].astype(bool)
    buyers, sellers = np.unique(tables["lanes"]["buyer"]), np.unique(tables["lanes"]["seller"])
    made = np.unique(tables["recipes"]["item"]).astype(np.int32)
    return {
        "demand": demand,
        "forecast_demand": [PolicyChoice("moving_average", {"periods": 4}, every[~customer])],
        "plan_production": [PolicyChoice(order, {}, made)] if len(made) else [],
        "place_orders": [PolicyChoice("pass_on", {}, buyers[customer[buyers]]), PolicyChoice(order, {}, buyers[~customer[buyers]])],
        "choose_sellers": [PolicyChoice("fixed_shares", {}, buyers)],
        "allocate_stock": [PolicyChoice("proportional", {}, sellers)],
    }


def blueprint_of(tables: dict[str, Columns], demand: list[PolicyChoice], start: Any, order: str) -> Blueprint:
    """A blueprint of a network and what it starts with."""
    return Blueprint(
        name="grown",
        title="grown",
        period_days=7.0,
        horizon=30,
        warm_up=0,
        seed=1,
        tables=tables,
        policies=policies(tables, order, demand),
        contents={"orders_waiting": start.orders_waiting, "in_transit": start.in_transit, "in_process": start.in_process},
    )


def world_of(tables: dict[str, Columns], demand: NDArray[Any] | list[PolicyChoice], start: Any, order: str) -> World:
    """A world with its invariants watched; demand is constant where it comes as a column of items."""
    if not isinstance(demand, list):
        customer = (tables["enterprises"]["role"] == "customer")[tables["items"]["enterprise"]].astype(bool)
        rows = np.flatnonzero(customer).astype(np.int32)
        demand = [PolicyChoice("constant", {"value": demand[rows]}, rows)]
    world = World(blueprint_of(tables, demand, start, order))
    world.watch(Invariants(world).observe)
    return world


def drift(world: World, columns: Any, periods: int) -> float:
    """How far columns of items move away from what they were after the first period, outside sources aside."""
    kept = ~world.items.unlimited
    world.step()
    first = {name: world.items[name][kept].copy() for name in columns}
    worst = 0.0
    for _ in range(periods - 1):
        world.step()
        worst = max(worst, *(float(np.abs(world.items[name][kept] - first[name]).max()) for name in columns))
    return worst
