"""From the quantity that a policy wants to orders on lanes: lots, caps, whole units, and the split over sellers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from chainwright.phases.ground import Floats, Ground
from chainwright.phases.trade.level import Level, Split
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
    """Put the orders of a level's items on their lanes; what a customer can order nowhere waits, others without an open lane order nothing."""
    shut = world.events.shut_items[level.items] if world.disturbed else None
    late = None
    if level.any_customers and world.unplaced.waiting:
        late = np.where(level.customers, world.items.unplaced[level.items], 0.0)
    split, as_if_open = _split(world, number, level, ordered if late is None else ordered + late)
    nowhere = split.stranded
    if shut is not None and shut.any():
        closed = shut & level.customers
        if closed.any():
            nowhere = closed if nowhere is None else nowhere | closed
        placeable = np.where(shut, 0.0, ordered)
    else:
        placeable = ordered
    if late is not None:
        late = late if nowhere is None else np.where(nowhere, 0.0, late)
        placeable = placeable + late
    placed = _placed(level, placeable, split.share)
    level.put(world.lanes.ordered, placed)
    world.items.orders[level.items] = level.by_buyer.sum(placed)
    if "ordering_cost" in world.features:
        some = level.any_whole and split.share is not None
        placing = sum_by(level.placing_buyer, (placed > 0.0).astype(np.float64), level.size) if some else split.lanes * (placeable > 0.0)
        world.answers["orders_placed"][level.items] = placing
    if late is not None:
        world.unplaced.order_late(world, level, late, split.share)
    if nowhere is not None:
        world.unplaced.wait(world, level, nowhere, _placed(level, ordered, split.share if as_if_open is None else as_if_open))


def _split(world: Ground, number: int, level: Level, ordered: Floats) -> tuple[Split, Floats | None]:
    """How each order is split over the lanes that take orders; and over all lanes, as if they did, where some do not."""
    paused = world.disturbed and bool((world.lanes.orders_open[level.placing] < 1.0).any())
    if level.split is not None and not paused:
        return level.split, level.split_if_open
    lanes, bought = world.lanes, level.bought
    order = {"order": lambda rows: ordered[world.buyer_of_lane[rows] - level.items.start]}
    rank, weight = world.decide_lanes("choose_sellers", number, order, bought)
    active = lanes.trading[bought] & (weight > 0.0)
    share = _shares(world, level, rank, weight, active & (lanes.orders_open[bought] >= 1.0) if paused else active)
    taken = sum_by(level.placing_buyer, (share > 0.0).astype(np.float64), level.size)
    stranded = level.customers & (taken == 0.0) if level.any_customers else None
    split = Split(share, taken, stranded if stranded is not None and stranded.any() else None)
    as_if_open = share
    if paused or split.stranded is not None:
        # Where nobody would take an order whatever is open, all lanes count alike.
        none = sum_by(level.buyer, active.astype(np.float64), level.size)[level.buyer] == 0.0
        as_if_open = _shares(world, level, np.where(none, 0, rank), np.where(none, 1.0, weight), active | none)
    if not paused and all(cohort.lasts for cohort in world.cohorts["choose_sellers"][number]):
        level.split, level.split_if_open = split, as_if_open
    return split, as_if_open


def _shares(world: Ground, level: Level, rank: NDArray[np.int64], weight: Floats, taking: NDArray[np.bool_]) -> Floats:
    """The part of each item's order that goes to each lane of `Level.placing`: of those that take orders the first rank, by weight."""
    bought, buyer = level.bought, level.buyer
    ranks = np.where(taking, rank, np.iinfo(np.int64).max)
    first = np.flatnonzero(np.diff(buyer, prepend=-1))
    best = np.zeros(level.size, np.int64)
    best[buyer[first]] = np.minimum.reduceat(ranks, first)
    chosen = np.where(taking & (ranks == best[buyer]), weight, 0.0)
    total = sum_by(buyer, chosen, level.size)[buyer]
    column = np.zeros(world.lanes.rows)
    column[bought] = np.divide(chosen, total, out=np.zeros(len(bought)), where=total > 0.0)
    return np.array(column[level.placing])


def _placed(level: Level, ordered: Floats, share: Floats | None) -> Floats:
    """The orders of a level's items on the lanes of `Level.placing`."""
    placed = level.buyers.pick(ordered)
    if share is not None:
        placed *= share
        if level.any_whole:
            placed = _in_whole_units(level, placed, share)
    return placed


def _in_whole_units(level: Level, placed: Floats, share: Floats) -> Floats:
    """Orders in whole units where the product asks for them, those of an item keeping their sum."""
    whole = whole_shares(placed, np.where(share > 0.0, np.inf, 0.0), level.placing_buyer, level.size)
    return np.where(level.whole_units[level.placing_buyer] & (placed > 0.0), whole, placed)
