"""The phase `settle`: the costs of the period and the payments between enterprises."""

from __future__ import annotations

import numpy as np

from chainwright.phases.ground import Ground
from chainwright.state.ledger import pay
from chainwright.state.totals import sum_by


def settle(world: Ground) -> None:
    """Charge the costs of the period to their items, and pay for what was received."""
    _bring_up_to_date(world)
    if world.any_costs:
        _charge(world)
    if world.any_prices:
        _pay_for_goods(world)


def _bring_up_to_date(world: Ground) -> None:
    """Goods in transit, waiting orders and debts as they stand at the end of the period."""
    items, lanes = world.items, world.lanes
    if "transit" in world.features:
        lanes.in_transit[...] = world.goods.later(world.period)
    if "order_delay" in world.features:
        lanes.orders_waiting[...] = world.orders.later(world.period)
    if "process" in world.features:
        items.in_process[...] = world.process.later(world.period)
    items.backorder[...] = sum_by(lanes.seller, lanes.backorder, items.rows)
    items.inventory_level[...] = items.on_hand - items.backorder
    if world.any_makes:
        recipes = world.recipes
        items.requirements[...] = sum_by(recipes.component, items.unreleased[recipes.item] * recipes.quantity, items.rows)
        items.inventory_level -= items.requirements


def _charge(world: Ground) -> None:
    items, lanes = world.items, world.lanes
    owed = items.backorder
    if world.any_lost:
        # What is lost is charged once, in the period in which it is lost.
        owed = np.where(world.lost_items, items.lost, owed)
    items.holding_cost_paid[...] = items.holding_cost * items.on_hand
    items.backorder_cost_paid[...] = items.backorder_cost * owed
    if "transit" in world.features:
        items.in_transit_holding_cost_paid[...] = sum_by(lanes.seller, lanes.in_transit_holding_cost * lanes.in_transit, items.rows)
    orders = sum_by(lanes.buyer, (lanes.ordered > 0.0).astype(np.float64), items.rows) + (items.production_orders > 0.0)
    items.ordering_cost_paid[...] = items.ordering_cost * orders
    items.production_cost_paid[...] = items.production_cost * items.released
    total = np.zeros(items.rows)
    for column in (
        items.holding_cost_paid,
        items.backorder_cost_paid,
        items.in_transit_holding_cost_paid,
        items.ordering_cost_paid,
        items.production_cost_paid,
    ):
        # Outside sources have no cost.
        column[world.unlimited_rows] = 0.0
        total += column
    pay(total, (world.enterprises.cash, items.enterprise), (world.runs.outside_cash, items.run))


def _pay_for_goods(world: Ground) -> None:
    """Title passes at receipt, and so does the price."""
    items, lanes = world.items, world.lanes
    due = lanes.price * lanes.received
    items.purchase_cost_paid[...] = sum_by(lanes.buyer, due, items.rows)
    items.revenue_received[...] = sum_by(lanes.seller, due, items.rows)
    buyer, seller = items.enterprise[lanes.buyer], items.enterprise[lanes.seller]
    pay(due, (world.enterprises.cash, buyer), (world.enterprises.cash, seller))
