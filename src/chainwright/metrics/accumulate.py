"""Accumulating metrics while a world runs, so that a long run needs no panel."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.metrics.keeping import Keeping
from chainwright.metrics.moments import Moments
from chainwright.state.totals import NOISE, sum_by

Floats = NDArray[np.float64]

# Result name -> the column of `items` that is summed over the measured periods.
SUMS = {
    "on_hand": "on_hand",
    "backorder": "backorder",
    "in_process": "in_process",
    "seen": "seen",
    "shipped": "shipped",
    "shipped_in_time": "shipped_in_time",
    "used": "used",
    "consumed": "consumed",
    "made": "made",
    "received": "received",
    "lost": "lost",
    "holding_cost": "holding_cost_paid",
    "backorder_cost": "backorder_cost_paid",
    "in_transit_holding_cost": "in_transit_holding_cost_paid",
    "ordering_cost": "ordering_cost_paid",
    "production_cost": "production_cost_paid",
    "purchase_cost": "purchase_cost_paid",
    "revenue": "revenue_received",
}
FEATURE_OF_COLUMN = {
    **dict.fromkeys(("used", "made", "in_process"), "any_makes"),
    **dict.fromkeys(("purchase_cost_paid", "revenue_received"), "any_prices"),
    **dict.fromkeys(
        ("holding_cost_paid", "backorder_cost_paid", "in_transit_holding_cost_paid", "ordering_cost_paid", "production_cost_paid"), "any_costs"
    ),
    "in_transit": "transit",
    "lost": "any_given_up",
}
LANE_SUMS = ("ordered", "shipped", "received", "lost", "in_transit", "backorder")
TIMELINE = ("on_hand", "backorder", "in_transit", "demand", "end_demand", "orders", "shipped", "seen", "shipped_in_time", "lost", "total_cost")


class Accumulator(Keeping):
    """Watches a world and keeps sums and variances of its items, lanes and echelons over the measured periods.

    Parameters
    ----------
    world : World
        The world to watch.
    warm_up : int
        Periods at the start that are not measured.
    timeline : bool
        Whether to keep every period's sums per run and echelon.
    """

    fixed = ("cell", "_from_outside", "_outgoing_cell")

    def __init__(self, world: Any, warm_up: int, timeline: bool = True) -> None:
        items, lanes = world.items, world.lanes
        self.warm_up = warm_up
        self.measured = 0
        self.moments = {name: Moments(items.rows) for name in ("demand", "orders", "net_stock", "end_demand")}
        self.sums = {name: np.zeros(items.rows) for name in SUMS}
        self.lane_sums = {name: np.zeros(lanes.rows) for name in LANE_SUMS}
        # Money at the price and the value of the day: both may change in mid-run.
        self.bought_outside = np.zeros(lanes.rows)
        self._from_outside = np.flatnonzero(items.unlimited[lanes.seller]) if lanes.rows else np.zeros(0, np.int64)
        self.on_hand_value = np.zeros(items.rows)
        self.short_periods = np.zeros(items.rows)
        self.echelons = int(items.echelon.max(initial=0)) + 1
        self.cells = world.runs.rows * self.echelons
        # Outside sources are no part of an echelon: they lie in one more cell that nobody reads.
        self.cell = np.where(items.unlimited, self.cells, items.run.astype(np.int64) * self.echelons + items.echelon)
        self.echelon_moments = {name: Moments(self.cells) for name in ("demand", "orders", "net_stock", "end_demand")}
        self.end_moments = Moments(world.runs.rows)
        self.timeline: list[Floats] | None = [] if timeline else None
        self._outgoing_cell = self.cell[lanes.seller] if lanes.rows else np.zeros(0, np.int64)
        self._costs = [column for name, column in SUMS.items() if name.endswith("_cost") and name != "purchase_cost"]

    def observe(self, world: Any) -> None:
        """Take in the period that has just ended."""
        items = world.items
        # Both in good units: a production order counts what is released.
        orders = items.orders + items.production_orders * items.yield_share if world.any_makes else items.orders
        if self.timeline is not None:
            self.timeline.append(self._cell_sums(world, orders))
        if world.period <= self.warm_up:
            return
        self.measured += 1
        self.moments["demand"].add(items.demand)
        self.moments["orders"].add(orders)
        self.moments["net_stock"].add(items.inventory_level)
        if "end_demand" in world.downstream.wanted:
            self.moments["end_demand"].add(items.end_demand)
        # What no row of the scenario needs is not summed either.
        used = used_features(world)
        for name, column in SUMS.items():
            if FEATURE_OF_COLUMN.get(column, "") in used:
                self.sums[name] += items[column]
        for name in LANE_SUMS:
            if FEATURE_OF_COLUMN.get(name, "") in used:
                self.lane_sums[name] += world.lanes[name]
        if world.any_prices and len(self._from_outside):
            rows = self._from_outside
            self.bought_outside[rows] += world.lanes.price[rows] * world.lanes.received[rows]
        if world.any_values:
            self.on_hand_value += items.unit_cost * items.on_hand
        # A debt that is only rounding is no stockout.
        self.short_periods += (items.backorder > NOISE) | (items.lost > NOISE)
        by_echelon = [("demand", items.demand), ("orders", orders), ("net_stock", items.inventory_level)]
        if "end_demand" in world.downstream.wanted:
            by_echelon.append(("end_demand", items.end_demand))
        for name, column in by_echelon:
            self.echelon_moments[name].add(self.by_echelon(column))
        end = np.where(items.customer, items.demand, 0.0)
        self.end_moments.add(sum_by(items.run, end, world.runs.rows))

    def by_echelon(self, values: Floats) -> Floats:
        """Sum of a column of items per run and echelon, outside sources left out."""
        return sum_by(self.cell, values, self.cells + 1)[: self.cells]

    def _cell_sums(self, world: Any, orders: Floats) -> Floats:
        items = world.items
        rows = np.zeros((len(TIMELINE), self.cells))
        for number, name in enumerate(TIMELINE):
            if name == "in_transit":
                if world.lanes.rows:
                    rows[number] = sum_by(self._outgoing_cell, world.lanes.in_transit, self.cells + 1)[: self.cells]
                continue
            if name == "orders":
                values = orders
            elif name == "total_cost":
                if not (world.any_costs or world.any_prices):
                    continue
                # What one enterprise pays another is the other's revenue: of purchases only those from outside sources count.
                values = np.zeros(items.rows)
                for column in self._costs:
                    values += items[column]
                if world.any_prices:
                    outside = self._from_outside
                    values += sum_by(world.lanes.buyer[outside], world.lanes.price[outside] * world.lanes.received[outside], items.rows)
            else:
                values = items[name]
            rows[number] = self.by_echelon(values)
        return rows


def used_features(world: Any) -> set[str]:
    """The features that write columns in this world, as it is now."""
    used: set[str] = {""} | {name for name in ("any_costs", "any_prices", "any_makes", "any_given_up") if getattr(world, name)}
    if world.events.scheduled or world.events.touched:
        used.add("any_given_up")
    if "transit" in world.features:
        used.add("transit")
    return used
