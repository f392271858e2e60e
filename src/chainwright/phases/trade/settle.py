"""The phase `settle`: the costs of the period and the payments between enterprises."""

from __future__ import annotations

import numpy as np

from chainwright.phases.ground import Floats, Ground
from chainwright.state.ledger import pay
from chainwright.state.totals import sum_by
from chainwright.words.costs import Cost


def settle(world: Ground) -> None:
    """Charge the costs of the period to their items, and pay for what was received."""
    _bring_up_to_date(world)
    if world.costs:
        _charge(world)
    if "prices" in world.features:
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
    if "production" in world.features:
        recipes = world.recipes
        items.requirements[...] = sum_by(recipes.component, items.unreleased[recipes.item] * recipes.quantity, items.rows)
        items.inventory_level -= items.requirements


def _charge(world: Ground) -> None:
    items, rows = world.items, world.payers
    total = np.zeros(rows.stop - rows.start)
    for cost in world.costs:
        column, table = items[cost.paid], getattr(world, cost.table)
        if cost.to:
            column[...] = sum_by(table[cost.to], table[cost.rate] * cost.base(world, slice(None)), items.rows)
        else:
            np.multiply(table[cost.rate][rows], cost.base(world, rows), out=column[rows])
        if cost.also is not None:
            _add_second_rate(world, cost, column)
        # Outside sources have no cost.
        column[world.unlimited_rows] = 0.0
        total += column[rows]
    pay(total, (world.enterprises.cash, world.owner_of_payer), (world.runs.outside_cash, world.run_of_payer))


def _add_second_rate(world: Ground, cost: Cost, column: Floats) -> None:
    rate, base = cost.also or (cost.rate, cost.base)
    table = getattr(world, cost.table)
    rows = slice(None) if cost.to else world.payers
    charged_on = base(world, rows)
    if charged_on is None:
        return
    due = table[rate][rows] * charged_on
    column[rows] += sum_by(table[cost.to], due, world.items.rows) if cost.to else due


def _pay_for_goods(world: Ground) -> None:
    """Title passes at receipt, and so does the price."""
    items, lanes = world.items, world.lanes
    due = lanes.price * lanes.received
    items.purchase_cost_paid[...] = sum_by(world.buyer_of_lane, due, items.rows)
    items.revenue_received[...] = sum_by(lanes.seller, due, items.rows)
    buyer, seller = items.enterprise[world.buyer_of_lane], items.enterprise[lanes.seller]
    pay(due, (world.enterprises.cash, buyer), (world.enterprises.cash, seller))
