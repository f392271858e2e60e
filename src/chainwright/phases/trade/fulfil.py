"""The phase `fulfil`: from the sources down, everybody makes, allocates and ships; customers consume."""

from __future__ import annotations

import numpy as np

from chainwright.phases.ground import Floats, Ground
from chainwright.phases.trade.level import Level
from chainwright.phases.trade.make import releasable, release_production, reserve_components
from chainwright.phases.trade.ship import ship
from chainwright.state.ledger import Delayed, Outside, Stock, move
from chainwright.state.totals import sum_by


def fulfil(world: Ground) -> None:
    """Levels act one after the other, the sources first; within a level nobody acts before anybody else."""
    world.transport.draw(world)
    if "production" in world.features:
        world.answers["releasable"][...] = releasable(world, slice(None))
    for number in range(len(world.levels) - 1, -1, -1):
        level = world.levels[number]
        _receive_at_once(world, level)
        if level.any_makes:
            release_production(world, level)
        reserved = reserve_components(world, level)
        if level.sold.stop > level.sold.start:
            ship(world, number, level, reserved)
            world.unplaced.count_late(world, level)
            _give_up_unmet_demand(world, level)
        if level.any_uses and level.lanes_first:
            reserve_components(world, level, after_lanes=True)
        if level.any_customers:
            _consume(world, level)
    world.transport.clear(world)


def _receive_at_once(world: Ground, level: Level) -> None:
    """Goods that were shipped in this phase on lanes without transport time are here already."""
    for lanes_in, buyer in ((level.instant, level.instant_buyer), (level.maybe_instant, level.maybe_instant_buyer)):
        if not len(buyer):
            continue
        lanes, items = world.lanes, world.items
        fixed = lanes_in is level.instant
        arriving = lanes.shipped[lanes_in] if fixed else np.array(world.goods.due(world.period)[lanes_in])
        if world.disturbed:
            held = np.where(lanes.receipt_open[lanes_in] < 1.0, arriving, 0.0)
            if held.any():
                world.goods.add(world.period + 1, held, lanes_in)
                if not fixed:
                    world.goods.add(world.period, -held, lanes_in)
                arriving = arriving - held
        source = Outside() if fixed else Delayed(world.goods, world.period, lanes_in)
        stock = Stock(items.on_hand, level.items, buyer)
        move(arriving, source, stock)
        lanes.received[lanes_in] += arriving
        items.received[level.items] += stock.moved


def _give_up_unmet_demand(world: Ground, level: Level) -> None:
    """Demand that is lost, or a share of the backorder that is cancelled, leaves the seller's books."""
    lanes, items, sold, rows = world.lanes, world.items, level.sold, level.sellers
    if not level.any_given_up:
        return
    lost, cancelled = world.lost_items[rows], world.cancelled_items[rows]
    share = np.where(lost, 1.0, np.where(cancelled, items.cancel_rate[rows], 0.0))
    given_up: Floats = lanes.backorder[sold] * share[level.seller]
    lanes.backorder[sold] = np.where(lost[level.seller], 0.0, lanes.backorder[sold] - given_up)
    lanes.lost[sold] += given_up
    items.lost[rows] += sum_by(level.seller, given_up, level.selling)
    items.backorder[rows] = sum_by(level.seller, lanes.backorder[sold], level.selling)


def _consume(world: Ground, level: Level) -> None:
    """A customer consumes all that it has received."""
    items, rows = world.items, level.eating
    eaten = items.on_hand[rows].copy()
    if not level.all_eat:
        eaten[~items.customer[rows]] = 0.0
    items.consumed[rows] = 0.0
    move(eaten, Stock(items.on_hand, rows), Outside(items.consumed, rows))
