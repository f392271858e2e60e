"""Making: production orders are released as capacity and components allow, and stock is set aside for them."""

from __future__ import annotations

import numpy as np

from chainwright.phases.ground import Floats, Ground
from chainwright.phases.trade.level import Level, in_table
from chainwright.state.ledger import NOWHERE, Delayed, Stock, move
from chainwright.state.totals import sum_by


def releasable(world: Ground, rows: slice) -> Floats:
    """Production orders that capacity allows to release now, one per item of the slice."""
    items = world.items
    capacity = items.capacity[rows]
    unreleased: Floats = items.unreleased[rows]
    if world.disturbed:
        # A limit that is not declared is not reduced either (then less is shipped), but who is closed releases nothing.
        left = np.where(np.isinf(capacity), 1.0, items.capacity_factor[rows])
        capacity = np.where(world.events.shut_items[rows], 0.0, capacity * left)
    return np.asarray(np.minimum(unreleased, capacity), np.float64)


def reserve_components(world: Ground, level: Level, after_lanes: bool = False) -> Floats:
    """Set stock aside for the enterprise's own production, in proportion to need; returns what is not free for the lanes.

    Items whose policy serves lanes first set aside what the lanes have left (`after_lanes`).
    """
    items, rows = world.items, level.items
    reserved = np.zeros(level.size)
    if not level.any_uses:
        return reserved
    want = world.answers["releasable"][level.use_item] * world.recipes.quantity[level.uses]
    needed = sum_by(level.use_component, want, level.size)
    turn = items.recipes_first[rows] != after_lanes
    unlimited = items.unlimited[rows]
    given = np.where(unlimited, needed, np.minimum(needed, np.maximum(items.on_hand[rows], 0.0)))
    share = np.divide(given, needed, out=np.ones(level.size), where=needed > 0.0)
    world.answers["component_share"][rows] = np.where(turn, share, world.answers["component_share"][rows])
    return np.where(turn, given, reserved)


def release_production(world: Ground, level: Level) -> None:
    """Release the smallest component share of each production order; what is not used stays on hand."""
    items, recipes, rows = world.items, world.recipes, level.items
    possible = world.answers["releasable"][rows]
    released = possible
    if len(level.lines):
        component = recipes.component[level.lines]
        share = np.where(recipes.quantity[level.lines] > 0.0, world.answers["component_share"][component], 1.0)
        smallest = np.ones(level.size)
        smallest[level.lined] = np.minimum.reduceat(share, level.first_line)
        released = possible * smallest
    items.released[rows] = released
    items.unreleased[rows] -= released
    if len(level.lines):
        amount = released[level.line_item] * recipes.quantity[level.lines]
        items.used += sum_by(component, amount, items.rows)
        move(np.where(items.unlimited[component], 0.0, amount), Stock(items.on_hand, slice(None), component), NOWHERE)
    at_once = np.where(level.makes_at_once, released, 0.0)
    complete(world, at_once, rows)
    for time, makers in level.completions:
        move(released[makers], NOWHERE, Delayed(world.process, world.period + time, in_table(rows, makers)))


def complete(world: Ground, quantity: Floats, rows: slice) -> None:
    """Turn released units of some items into good ones, which go on the shelf, and scrap."""
    items = world.items
    good = quantity * world.draw_yield(rows)
    items.made[rows] += good
    items.scrapped[rows] += quantity - good
    move(good, NOWHERE, Stock(items.on_hand, rows))
