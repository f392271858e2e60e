"""The phase `settle`: the costs of the period and the payments between enterprises."""

from __future__ import annotations

import numpy as np

from chainwright.phases.ground import Floats, Ground
from chainwright.state.ledger import pay
from chainwright.state.totals import sum_by

# The costs in the order in which they are added up.
COSTS = ("holding_cost", "backorder_cost", "in_transit_holding_cost", "ordering_cost", "production_cost")


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
        world.goods.later(world.period, out=lanes.in_transit)
    if "order_delay" in world.features:
        world.orders.later(world.period, out=lanes.orders_waiting)
    if "process" in world.features:
        world.process.later(world.period, out=items.in_process)
    np.subtract(items.on_hand, items.backorder, out=items.inventory_level)
    if world.any_makes:
        recipes = world.recipes
        items.requirements[...] = sum_by(recipes.component, items.unreleased[recipes.item] * recipes.quantity, items.rows)
        items.inventory_level -= items.requirements


def _charge(world: Ground) -> None:
    items, lanes, rows = world.items, world.lanes, world.payers
    total = np.zeros(rows.stop - rows.start)
    for name in COSTS:
        if name not in world.charged:
            continue
        column = items[f"{name}_paid"]
        if name == "in_transit_holding_cost":
            column[...] = sum_by(lanes.seller, lanes.in_transit_holding_cost * lanes.in_transit, items.rows)
        else:
            np.multiply(items[name][rows], _charged_on(world, name, rows), out=column[rows])
            if name == "backorder_cost" and world.may_lose:
                # What is lost is charged once, in the period in which it is lost.
                column[rows] += items.lost_sale_cost[rows] * items.lost[rows]
        # Outside sources have no cost.
        column[world.unlimited_rows] = 0.0
        total += column[rows]
    pay(total, (world.enterprises.cash, world.owner_of_payer), (world.runs.outside_cash, world.run_of_payer))


def _charged_on(world: Ground, name: str, rows: slice) -> Floats:
    """What a cost of items is multiplied by, one per item of the slice."""
    items = world.items
    if name == "holding_cost":
        return np.asarray(items.on_hand[rows])
    if name == "backorder_cost":
        owed = np.asarray(items.backorder[rows])
        return owed + world.unplaced.by_seller(world)[rows] if world.unplaced.waiting else owed
    if name == "ordering_cost":
        orders = world.answers["orders_placed"][rows]
        return orders + (items.production_orders[rows] > 0.0) if world.any_makes else orders
    return np.asarray(items.released[rows])


def _pay_for_goods(world: Ground) -> None:
    """Title passes at receipt, and so does the price."""
    items, lanes = world.items, world.lanes
    due = lanes.price * lanes.received
    items.purchase_cost_paid[...] = sum_by(world.buyer_of_lane, due, items.rows)
    items.revenue_received[...] = sum_by(lanes.seller, due, items.rows)
    buyer, seller = items.enterprise[world.buyer_of_lane], items.enterprise[lanes.seller]
    pay(due, (world.enterprises.cash, buyer), (world.enterprises.cash, seller))
