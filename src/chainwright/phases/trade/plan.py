"""The phase `plan`: from the customers up, everybody sees the orders that have arrived, forecasts, and orders."""

from __future__ import annotations

import numpy as np

from chainwright.phases.ground import Floats, Ground
from chainwright.phases.trade.level import Level
from chainwright.phases.trade.order_rules import in_lots, split_orders
from chainwright.state.totals import NOISE, sum_by

ALL = slice(None)


def plan(world: Ground) -> None:
    """Levels plan one after the other, the customers first; within a level nobody acts before anybody else."""
    world.unplaced.begin(world)
    _expect_receipts(world)
    _note_short_lanes(world)
    _draw_demand(world)
    if world.downstream.wanted:
        world.downstream.look(world)
    for number, level in enumerate(world.levels):
        _see_orders(world, level)
        _take_stock(world, level)
        _forecast(world, number, level)
        _plan_production(world, number, level)
        _place_orders(world, number, level)
    _send_orders(world)
    if world.ages.wanted:
        world.ages.note(world)


def _expect_receipts(world: Ground) -> None:
    """What each buyer has been promised: orders on the way, sellers' backorder and goods in transit."""
    promised = world.goods.later(world.period)
    promised += world.lanes.backorder
    orders = slice(0, world.orders.reach)
    promised[orders] += world.orders.outstanding(world.period)[orders]
    if world.disturbed and world.lanes.refusing.any():
        # What is refused in this period is expected no longer.
        promised -= np.where(world.lanes.refusing, world.orders.due(world.period), 0.0)
    world.expected = world.by_buyer(ALL).sum(promised)
    if world.unplaced.waiting:
        world.expected += world.items.unplaced
    if "process" in world.features:
        world.items.in_process[...] = world.process.later(world.period)


def _note_short_lanes(world: Ground) -> None:
    """Which lanes, and which items, owe goods from former periods."""
    lanes = world.lanes
    np.greater(lanes.backorder, NOISE, out=lanes.short)
    np.not_equal(world.items.backorder, 0.0, out=world.in_debt)
    if world.disturbed:
        lanes.short |= world.events.seller_shut | (lanes.orders_open < 1.0)


def _draw_demand(world: Ground) -> None:
    """The end customers' demand of this period."""
    items = world.items
    items.demand.fill(0.0)
    for number, level in enumerate(world.levels):
        if world.cohorts["demand"][number]:
            drawn = world.decide("demand", number)
            demand = not_negative(level, drawn * items.demand_factor[level.items] if world.disturbed else drawn)
            items.demand[level.items] = _in_whole_units(world, level, demand) if level.any_whole else demand


def not_negative(level: Level, quantity: Floats) -> Floats:
    """Less than nothing is asked for only by those who may send goods back."""
    least = np.maximum(quantity, 0.0)
    return np.where(level.may_return, quantity, least) if level.any_returns else least


def _in_whole_units(world: Ground, level: Level, demand: Floats) -> Floats:
    """Whole units of whole-unit products; the fraction is carried over, so that rounding neither adds nor loses demand."""
    carried = world.items.demand_carried[level.items]
    wanted = demand + carried
    whole = np.floor(wanted + NOISE)
    counted = level.whole_units & level.customers
    carried[...] = np.where(counted, wanted - whole, 0.0)
    return np.where(counted, whole, demand)


def _see_orders(world: Ground, level: Level) -> None:
    """Orders that have arrived join the backorder of their lane and the demand of the seller's item."""
    lanes, items, sold = world.lanes, world.items, level.sold
    seen, backorder = lanes.seen[sold], lanes.backorder[sold]
    ordered = world.unplaced.without_turned_away(lanes.ordered, sold)
    if "order_delay" in world.features:
        seen[...] = world.orders.due(world.period)[sold]
        if level.any_undelayed:
            seen[level.undelayed] += ordered[level.undelayed]
    else:
        seen[...] = ordered
    if world.disturbed and lanes.refusing[sold].any():
        seen[...] = world.events.refuse(world, sold, seen)
        refused = level.by_seller.sum(world.events.refused[sold])
        for column in (items.lost, items.unseen, items.demand):
            column[level.sellers] += refused
    backorder += seen
    seen_of_sellers = level.by_seller.sum(seen)
    items.seen[level.sellers] = seen_of_sellers
    items.demand[level.sellers] += seen_of_sellers


def _take_stock(world: Ground, level: Level) -> None:
    """inventory_level and inventory_position as the decisions of the level see them."""
    lanes, items, rows = world.lanes, world.items, level.items
    owed = items.backorder[rows]
    items.backorder[level.sellers] = level.by_seller.sum(lanes.backorder[level.sold])
    on_hand = items.on_hand[rows]
    free = on_hand
    if level.any_uses:
        needed = sum_by(level.use_component, items.unreleased[level.use_item] * world.recipes.quantity[level.uses], level.size)
        items.requirements[rows] = needed
        free = on_hand - needed
    if level.any_lost:
        # Demand that will be lost counts only as far as the free stock reaches.
        owed = np.where(level.lost, np.minimum(owed, np.maximum(free, 0.0)), owed)
    np.subtract(free, owed, out=items.inventory_level[rows])
    _update_position(world, level)


def _update_position(world: Ground, level: Level) -> None:
    items, rows = world.items, level.items
    expected = world.expected[rows]
    if level.any_makes:
        expected = expected + (items.unreleased[rows] + items.in_process[rows]) * items.yield_share[rows]
    items.on_order[rows] = expected
    np.add(items.inventory_level[rows], expected, out=items.inventory_position[rows])


def _forecast(world: Ground, number: int, level: Level) -> None:
    if world.cohorts["forecast_demand"][number]:
        world.items.forecast[level.items] = world.decide("forecast_demand", number)


def _plan_production(world: Ground, number: int, level: Level) -> None:
    """Production orders wait for release; their components are asked for at once, in this same period."""
    items, rows = world.items, level.items
    if not level.any_makes:
        return
    wanted = np.maximum(world.decide("plan_production", number), 0.0)
    if world.disturbed:
        wanted = np.where(world.events.shut_items[rows], 0.0, wanted)
    ordered = np.where(level.makes, in_lots(world, level, wanted / np.where(level.makes, items.yield_share[rows], 1.0)), 0.0)
    items.production_orders[rows] = ordered
    items.unreleased[rows] += ordered
    if len(level.lines):
        recipes = world.recipes
        needed = ordered[level.line_item] * recipes.quantity[level.lines]
        items.demand += sum_by(recipes.component[level.lines], needed, items.rows)
    _update_position(world, level)


def _place_orders(world: Ground, number: int, level: Level) -> None:
    """Each item's order, in lots, split over its lanes; sellers without order delay see it in this same phase."""
    if not len(level.bought):
        return
    split_orders(world, number, level, in_lots(world, level, not_negative(level, world.decide("place_orders", number))))


def _send_orders(world: Ground) -> None:
    """Orders on lanes with a delay go on their way, once everybody has decided."""
    if "order_delay" in world.features:
        world.orders.clear(world.period)
        for delay, delayed in world.order_delays:
            world.orders.add(world.period + delay, world.unplaced.without_turned_away(world.lanes.ordered, delayed), delayed)
