"""From the quantity that a policy wants to orders on lanes: lots, caps, whole units, and the split over sellers."""

from __future__ import annotations

import numpy as np

from chainwright.phases.ground import Floats, Ground
from chainwright.phases.level import Level
from chainwright.state.totals import NOISE, sum_by, whole_shares


def in_lots(world: Ground, level: Level, quantity: Floats) -> Floats:
    """Raise to the smallest order, round up to lots and whole units, and cap (in this order); zero and returns stay as they are."""
    # Rounding noise is no order: it would be raised to the smallest lot and charged for.
    quantity = np.where(np.abs(quantity) <= NOISE, 0.0, quantity)
    if not level.any_lot_rules:
        return quantity
    items, rows = world.items, level.items
    lot = items.lot_multiple[rows]
    raised = np.maximum(quantity, items.minimum_order[rows])
    # A hair above a multiple is rounding noise and does not call for another lot.
    in_multiples = np.where(lot > 0.0, np.ceil(raised / np.where(lot > 0.0, lot, 1.0) - NOISE) * lot, raised)
    whole = np.where(level.whole_units, np.ceil(in_multiples - NOISE), in_multiples)
    # A cap holds whole lots and whole units only.
    cap = items.order_cap[rows]
    with_lots = (lot > 0.0) & np.isfinite(cap)
    cap = np.where(with_lots, np.floor(np.where(with_lots, cap, 0.0) / np.where(with_lots, lot, 1.0) + NOISE) * lot, cap)
    capped = np.minimum(whole, np.where(level.whole_units, np.floor(cap), cap))
    return np.where(quantity > 0.0, capped, quantity)


def split_orders(world: Ground, number: int, level: Level, ordered: Floats) -> None:
    """Put the orders of a level's items on their lanes."""
    lanes, items, bought = world.lanes, world.items, level.bought
    asked = ordered[level.buyer]
    if level.single_sourced and not world.disturbed and level.all_active:
        placed = asked
    else:
        placed = _over_sellers(world, number, level, asked)
    lanes.ordered[bought] = placed
    items.orders[level.items] = sum_by(level.buyer, placed, level.size)


def _over_sellers(world: Ground, number: int, level: Level, asked: Floats) -> Floats:
    """Split by rank and weight over the lanes that take orders; an item with no such lane places none."""
    lanes, bought, group = world.lanes, level.bought, level.buyer_group
    groups = len(level.buyers)
    column = world.answers["lane_fact"]
    column[bought] = asked
    rank, weight = world.decide_lanes("choose_sellers", number, {"order": column})
    taking = lanes.active[bought] & (lanes.orders_open[bought] >= 1.0) & (weight[bought] > 0.0)
    ranks = np.where(taking, rank[bought], np.iinfo(np.int64).max)
    best = np.minimum.reduceat(ranks, level.first_bought)
    chosen = np.where(taking & (ranks == best[group]), weight[bought], 0.0)
    total = sum_by(group, chosen, groups)[group]
    share = np.divide(chosen, total, out=np.zeros(len(bought)), where=total > 0.0)
    placed = asked * share
    if level.any_whole:
        whole = whole_shares(placed, np.where(share > 0.0, np.inf, 0.0), group, groups)
        placed = np.where(level.whole_units[level.buyer] & (placed > 0.0), whole, placed)
    return placed
