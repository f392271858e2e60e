"""The costs of trade, in the order in which they are added up."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainwright.phases.ground import Floats, Ground
from chainwright.words.costs import Cost


def _stock(world: Ground, rows: slice) -> Floats:
    return np.asarray(world.items.on_hand[rows])


def _owed(world: Ground, rows: slice) -> Floats:
    owed = np.asarray(world.items.backorder[rows])
    return owed + world.unplaced.by_seller(world)[rows] if world.unplaced.waiting else owed


def _lost(world: Ground, rows: slice) -> Any:
    # What is lost is charged once, in the period in which it is lost.
    return world.items.lost[rows] if world.may_lose else None


def _in_transit(world: Ground, rows: slice) -> Floats:
    return np.asarray(world.lanes.in_transit[rows])


def _orders(world: Ground, rows: slice) -> Floats:
    orders = world.answers["orders_placed"][rows]
    return orders + (world.items.production_orders[rows] > 0.0) if "production" in world.features else orders


def _released(world: Ground, rows: slice) -> Floats:
    return np.asarray(world.items.released[rows])


TRADE_COSTS = (
    Cost("holding_cost", "items", "holding_cost", _stock, "holding_cost"),
    Cost("backorder_cost", "items", "backorder_cost", _owed, "backorder_cost", also=("lost_sale_cost", _lost)),
    Cost("in_transit_holding_cost", "lanes", "in_transit_holding_cost", _in_transit, "in_transit_holding_cost", to="seller"),
    Cost("ordering_cost", "items", "ordering_cost", _orders, "ordering_cost"),
    Cost("production_cost", "items", "production_cost", _released, "production_cost"),
)
