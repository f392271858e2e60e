"""Shipping: what each seller has is allocated to its lanes and leaves."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from chainwright.phases.ground import Floats, Ground
from chainwright.phases.level import Level
from chainwright.state.ledger import Outside, Shelf, move
from chainwright.state.totals import NOISE, ration, sum_by, whole_shares


class Some(NamedTuple):
    """Some sellers of a level with their lanes, as `Level.lanes_of` gives them."""

    sellers: NDArray[np.intp]
    lanes: NDArray[np.intp]
    place: NDArray[np.intp]


def ship(world: Ground, number: int, level: Level, reserved: Floats) -> None:
    """Every lane gets what it is owed where the stock suffices; scarce stock is rationed by rank and weight."""
    lanes, items, sold, rows = world.lanes, world.items, level.sold, level.sellers
    want, owed = lanes.backorder[sold], items.backorder[rows]
    if world.disturbed:
        want = _what_may_leave(world, level, want)
        owed = sum_by(level.seller, want, level.selling)
    available = items.on_hand[rows] - reserved[level.sellers_here] if level.any_uses else items.on_hand[rows].copy()
    available[level.unlimited] = np.inf
    scarce = owed > available
    shipped = lanes.shipped[sold]
    shipped[...] = want
    # Who owed nothing before and has enough ships just what was seen; only the others are looked at lane by lane.
    all_others = world.disturbed or world.may_return.any()
    others = Some(*level.lanes_of(np.ones(level.selling, np.bool_) if all_others else scarce | world.in_debt[rows]))
    owed_to, sent = lanes.backorder[sold][others.lanes], shipped[others.lanes]
    if scarce.any():
        _share_out(world, number, level, np.maximum(available, 0.0), scarce[others.sellers], others, sent)
    lanes.backorder[sold] = 0.0
    leaving = _count(world, level, owed, others, owed_to, sent)
    items.shipped[rows] = leaving
    # An outside source has no stock that could shrink.
    leaving[level.unlimited] = 0.0
    move(leaving, Shelf(items.on_hand, rows), Outside())
    world.transport.send(world, level, shipped)


def _what_may_leave(world: Ground, level: Level, want: Floats) -> Floats:
    """Events leave a share of the capacity or, where none is declared, of what would ship."""
    items, rows = world.items, level.sellers
    limited = items.makes[rows] & np.isfinite(items.capacity[rows])
    left = world.lanes.shipments_open[level.sold] * np.where(limited, 1.0, items.capacity_factor[rows])[level.seller]
    want = want * left
    if level.any_whole:
        want = np.where(level.whole_units[level.sellers_here][level.seller] & (left < 1.0), np.floor(want + NOISE), want)
    return want


def _count(world: Ground, level: Level, owed: Floats, others: Some, owed_to: Floats, sent: Floats) -> Floats:
    """What leaves each item, which part of it is in time (older debt counts first), and what stays owed."""
    items, rows = world.items, level.sellers
    leaving, in_time, still_owed = owed.copy(), items.shipped_in_time[rows], items.backorder[rows]
    in_time[...] = items.seen[rows]
    still_owed.fill(0.0)
    sellers, lanes, place = others
    if len(sellers):
        seen, left = world.lanes.seen[level.sold][lanes], owed_to - sent
        on_time = np.maximum(sent - np.maximum(owed_to - seen, 0.0), 0.0)
        in_time[sellers] = sum_by(place, np.minimum(on_time, np.maximum(seen, 0.0)), len(sellers))
        leaving[sellers] = sum_by(place, sent, len(sellers))
        still_owed[sellers] = sum_by(place, left, len(sellers))
        world.lanes.backorder[level.sold][lanes] = left
    return leaving


def _share_out(world: Ground, number: int, level: Level, stock: Floats, scarce: NDArray[np.bool_], others: Some, sent: Floats) -> None:
    """Ration the lanes of those items (of `others`) that cannot ship all; other lanes are left alone."""
    shipped = world.lanes.shipped
    facts = {
        # As yet every lane ships what it wants.
        "want": lambda lanes: shipped[lanes],
        "available": lambda lanes: stock[world.lanes.seller[lanes] - level.sellers.start],
    }
    sellers = others.sellers[scarce]
    asking = np.flatnonzero(scarce[others.place] & (sent > 0.0))
    asked, lane = sent[asking], others.lanes[asking] + level.sold.start
    group = (np.cumsum(scarce) - 1)[others.place[asking]]
    rank, weight = world.decide_lanes("allocate_stock", number, facts, lane)
    left = stock[sellers]
    by_age = world.ages.owners[level.sellers][sellers][group] if world.ages.wanted else np.zeros(len(lane), np.bool_)
    given = np.zeros(len(lane))
    plain = ~by_age
    if plain.any():
        given[plain] = ration(left, asked[plain], group[plain], rank[plain], weight[plain])
    if by_age.any():
        given[by_age] = world.ages.ration(world, left, asked[by_age], group[by_age], lane[by_age])
    if level.any_whole:
        whole = whole_shares(given, asked, group, len(sellers))
        given = np.where(level.whole_units[level.sellers_here][sellers][group], whole, given)
    shipped[lane] = sent[asking] = given
