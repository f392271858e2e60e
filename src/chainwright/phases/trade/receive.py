"""The phase `receive`: shipments that are due arrive, production that is due is completed."""

from __future__ import annotations

import numpy as np

from chainwright.phases.ground import Floats, Ground
from chainwright.phases.trade.make import complete
from chainwright.state.ledger import Delayed, Stock, move

EVERYTHING = slice(None)


def receive(world: Ground) -> None:
    """Goods due on lanes reach their buyers; what was due on a lane that cannot deliver waits one period more."""
    lanes, items, period = world.lanes, world.items, world.period
    if "transit" in world.features:
        if world.disturbed:
            _stop_transit(world)
        rows = world.goods.filled(period)
        lanes.received[: rows.start] = 0.0
        lanes.received[rows.stop :] = 0.0
        lanes.received[rows] = world.goods.due(period)[rows]
        if world.disturbed:
            lanes.received[...] = _hold_back(world, lanes.received)
        stock = Stock(items.on_hand, EVERYTHING, world.by_buyer(rows))
        move(lanes.received[rows], Delayed(world.goods, period, rows), stock)
        world.goods.clear(period)
        items.received[...] = stock.moved
    else:
        lanes.received.fill(0.0)
        items.received.fill(0.0)
    if "process" in world.features:
        _complete(world)


def _stop_transit(world: Ground) -> None:
    stopped = np.flatnonzero(world.lanes.transit_open < 1.0)
    if len(stopped):
        world.goods.postpone(world.period, stopped)
        world.transport.postpone(stopped)


def _hold_back(world: Ground, arriving: Floats) -> Floats:
    """Goods that stand at a closed door are due again in the next period."""
    held = np.where(world.lanes.receipt_open < 1.0, arriving, 0.0)
    if held.any():
        world.goods.add(world.period, -held)
        world.goods.add(world.period + 1, held)
        return arriving - held
    return arriving


def _complete(world: Ground) -> None:
    """Production that is due is completed: the yield goes on the stock, the rest is scrap."""
    period = world.period
    due = world.process.due(period).copy()
    if world.disturbed:
        waiting = np.where(world.events.shut_items, due, 0.0)
        world.process.add(period + 1, waiting)
        due = due - waiting
    complete(world, due, EVERYTHING)
    world.process.clear(period)
