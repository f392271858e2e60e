"""The phase `plan`: from the customers up, everybody sees the orders that have arrived, forecasts, and orders."""

from __future__ import annotations

import numpy as np

from chainwright.phases.ground import Floats, Ground
from chainwright.phases.level import Level
from chainwright.phases.order_rules import in_lots, split_orders
from chainwright.state.totals import NOISE, sum_by


def plan(world: Ground) -> None:
    """Levels plan one after the other, the customers first; within a level nobody acts before anybody else."""
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
    lanes = world.lanes
    open_total = lanes.backorder
    if "transit" in world.features:
        world.transit_before = world.goods.later(world.period)
        open_total = open_total + world.transit_before
    if "order_delay" in world.features:
        world.orders_later = world.orders.later(world.period)
        open_total = open_total + (world.orders.due(world.period) + world.orders_later)
    world.expected = sum_by(lanes.buyer, open_total, world.items.rows)
    if "process" in world.features:
        world.items.in_process[...] = world.process.later(world.period)


def _note_short_lanes(world: Ground) -> None:
    lanes = world.lanes
    np.greater(lanes.backorder, NOISE, out=lanes.short)
    if world.disturbed:
        lanes.short |= world.events.seller_shut | (lanes.orders_open < 1.0)


def _draw_demand(world: Ground) -> None:
    """The end customers' demand of this period."""
    items = world.items
    items.demand.fill(0.0)
    for number, level in enumerate(world.levels):
        if world.cohorts["demand"][number]:
            drawn = world.decide("demand", number) * items.demand_factor[level.items]
            # Less than nothing is demanded only by those who may send goods back.
            demand = np.where(level.may_return, drawn, np.maximum(drawn, 0.0))
            items.demand[level.items] = _in_whole_units(world, level, demand) if level.any_whole else demand


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
    seen = lanes.ordered[sold]
    if "order_delay" in world.features:
        # What is due on a lane without order delay are orders that waited for a closed seller.
        seen = world.orders.due(world.period)[sold] + np.where(level.sold_delayed, 0.0, seen)
    if world.disturbed:
        seen = world.events.let_through(world, sold, seen)
    lanes.seen[sold] = seen
    lanes.backorder[sold] += seen
    arrived = sum_by(level.seller, seen, level.size)
    items.seen[level.items] = arrived
    items.demand[level.items] += arrived


def _take_stock(world: Ground, level: Level) -> None:
    """inventory_level and inventory_position as the decisions of the level see them."""
    lanes, items, rows = world.lanes, world.items, level.items
    owed = sum_by(level.seller, lanes.backorder[level.sold], level.size)
    items.backorder[rows] = owed
    on_hand = items.on_hand[rows]
    free = on_hand
    if level.any_uses:
        needed = sum_by(level.use_component, items.unreleased[level.use_item] * world.recipes.quantity[level.uses], level.size)
        items.requirements[rows] = needed
        free = on_hand - needed
    if level.any_lost:
        # Demand that will be lost counts only as far as the free stock reaches.
        owed = np.where(level.lost, np.minimum(owed, np.maximum(free, 0.0)), owed)
    items.inventory_level[rows] = free - owed
    _update_position(world, level)


def _update_position(world: Ground, level: Level) -> None:
    items, rows = world.items, level.items
    expected = world.expected[rows]
    if level.any_makes:
        expected = expected + (items.unreleased[rows] + items.in_process[rows]) * items.yield_share[rows]
    items.on_order[rows] = expected
    items.inventory_position[rows] = items.inventory_level[rows] + expected


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
    rows = level.items
    if not len(level.bought):
        return
    answer = world.decide("place_orders", number)
    wanted: Floats = np.where(level.may_return, answer, np.maximum(answer, 0.0))
    if world.disturbed:
        wanted = np.where(world.events.shut_items[rows], 0.0, wanted)
    ordered = in_lots(world, level, wanted)
    split_orders(world, number, level, ordered)


def _send_orders(world: Ground) -> None:
    """Orders on lanes with a delay go on their way, once everybody has decided."""
    if "order_delay" in world.features:
        lanes = world.lanes
        delayed = world.delayed_lanes
        world.orders.clear(world.period)
        world.orders.add(world.period + lanes.order_delay[delayed], lanes.ordered[delayed], delayed)
        if world.disturbed:
            world.events.put_back(world)
