"""From the quantity that a policy wants to orders on lanes: lots, caps, whole units, and the split over sellers."""

from __future__ import annotations

import numpy as np

from chainwright.phases.ground import Floats, Ground
from chainwright.phases.level import Level, Split
from chainwright.state.totals import NOISE, sum_by, whole_shares


def in_lots(world: Ground, level: Level, quantity: Floats) -> Floats:
    """Raise to the smallest order, round up to lots and whole units, and cap (in this order); zero and returns stay as they are."""
    # Rounding noise is no order: it would be raised to the smallest lot and charged for.
    little = np.abs(quantity) <= NOISE
    if little.any():
        quantity = np.where(little & (quantity != 0.0), 0.0, quantity)
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
    """Put the orders of a level's items on their lanes; an item without a lane that takes orders places none."""
    split = level.split
    paused = world.disturbed and bool((world.lanes.orders_open[level.placing] < 1.0).any())
    if split is None or paused:
        split = _ask(world, number, level, ordered)
        if not paused and all(cohort.lasts for cohort in world.cohorts["choose_sellers"][number]):
            level.split = split
    placed = level.buyers.pick(ordered)
    if split.share is not None:
        placed *= split.share
        if level.any_whole:
            placed = _in_whole_units(level, placed, split.share)
    level.put(world.lanes.ordered, placed)
    world.items.orders[level.items] = level.by_buyer.sum(placed)
    if "ordering_cost" in world.charged:
        some = level.any_whole and split.share is not None
        placing = sum_by(level.placing_buyer, (placed > 0.0).astype(np.float64), level.size) if some else split.lanes * (ordered > 0.0)
        world.answers["orders_placed"][level.items] = placing


def _ask(world: Ground, number: int, level: Level, ordered: Floats) -> Split:
    """How each order is split, by rank and weight, over the lanes that take orders."""
    lanes, bought, buyer = world.lanes, level.bought, level.buyer
    order = {"order": lambda rows: ordered[world.buyer_of_lane[rows] - level.items.start]}
    rank, weight = world.decide_lanes("choose_sellers", number, order, bought)
    taking = lanes.active[bought] & (lanes.orders_open[bought] >= 1.0) & (weight > 0.0)
    ranks = np.where(taking, rank, np.iinfo(np.int64).max)
    first = np.flatnonzero(np.diff(buyer, prepend=-1))
    best = np.zeros(level.size, np.int64)
    best[buyer[first]] = np.minimum.reduceat(ranks, first)
    chosen = np.where(taking & (ranks == best[buyer]), weight, 0.0)
    total = sum_by(buyer, chosen, level.size)[buyer]
    column = np.zeros(lanes.rows)
    column[bought] = np.divide(chosen, total, out=np.zeros(len(bought)), where=total > 0.0)
    share = np.array(column[level.placing])
    return Split(share, sum_by(level.placing_buyer, (share > 0.0).astype(np.float64), level.size))


def _in_whole_units(level: Level, placed: Floats, share: Floats) -> Floats:
    """Orders in whole units where the product asks for them, those of an item keeping their sum."""
    whole = whole_shares(placed, np.where(share > 0.0, np.inf, 0.0), level.placing_buyer, level.size)
    return np.where(level.whole_units[level.placing_buyer] & (placed > 0.0), whole, placed)
