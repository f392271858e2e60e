"""Shipping: what each seller has is allocated to its lanes and leaves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from chainwright.phases.ground import Floats, Ground
from chainwright.phases.level import Level
from chainwright.state.ledger import Outside, Shelf, move
from chainwright.state.totals import NOISE, ration, sum_by, whole_shares


def ship(world: Ground, number: int, level: Level, reserved: Floats) -> None:
    """Every lane gets what it is owed where the stock suffices; scarce stock is rationed by rank and weight."""
    lanes, items, sold, rows = world.lanes, world.items, level.sold, level.items
    want = lanes.backorder[sold]
    if world.disturbed:
        # Events leave a share of the capacity or, where none is declared, of what would ship.
        limited = level.makes & np.isfinite(items.capacity[rows])
        left = lanes.shipments_open[sold] * np.where(limited, 1.0, items.capacity_factor[rows])[level.seller]
        want = want * left
        if level.any_whole:
            want = np.where(level.whole_units[level.seller] & (left < 1.0), np.floor(want + NOISE), want)
    available = np.where(level.unlimited, np.inf, items.on_hand[rows] - reserved)
    scarce = sum_by(level.seller, want, level.size) > available
    shipped = want.copy()
    if scarce.any():
        _share_out(world, number, level, want, available, scarce, shipped)
    _count_in_time(world, level, shipped)
    lanes.backorder[sold] -= shipped
    lanes.shipped[sold] = shipped
    leaving = sum_by(level.seller, shipped, level.size)
    items.shipped[rows] = leaving
    move(np.where(level.unlimited, 0.0, leaving), Shelf(items.on_hand, rows), Outside())
    world.transport.send(world, level, shipped)


def _count_in_time(world: Ground, level: Level, shipped: Floats) -> None:
    """Of what is shipped, older debt counts first; the rest was seen this period and is in time."""
    lanes, sold = world.lanes, level.sold
    older = lanes.backorder[sold] - lanes.seen[sold]
    in_time = np.maximum(shipped - np.maximum(older, 0.0), 0.0)
    world.items.shipped_in_time[level.items] = sum_by(level.seller, np.minimum(in_time, np.maximum(lanes.seen[sold], 0.0)), level.size)


def _share_out(world: Ground, number: int, level: Level, want: Floats, available: Floats, scarce: NDArray[np.bool_], shipped: Floats) -> None:
    """Ration the lanes of the items that cannot ship all; other lanes are left alone."""
    facts = {"want": world.answers["want"], "available": world.answers["lane_fact"]}
    facts["want"][level.sold] = want
    facts["available"][level.sold] = np.maximum(available, 0.0)[level.seller]
    rank, weight = world.decide_lanes("allocate_stock", number, facts)
    rows = np.flatnonzero(scarce[level.seller] & (want > 0.0))
    lane = rows + level.sold.start
    group = level.seller[rows]
    stock = np.where(scarce, np.maximum(available, 0.0), 0.0)
    by_age = world.ages.owners[level.items][group] if world.ages.wanted else np.zeros(len(rows), np.bool_)
    given = np.zeros(len(rows))
    plain = ~by_age
    if plain.any():
        given[plain] = ration(stock, want[rows][plain], group[plain], rank[lane][plain], weight[lane][plain])
    if by_age.any():
        given[by_age] = world.ages.ration(world, stock, want[rows][by_age], group[by_age], lane[by_age])
    if level.any_whole:
        whole = whole_shares(given, want[rows], group, level.size)
        given = np.where(level.whole_units[group], whole, given)
    shipped[rows] = given
