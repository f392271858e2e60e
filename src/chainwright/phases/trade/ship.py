"""Shipping: what each seller has is allocated to its lanes and leaves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from chainwright.phases.ground import Floats, Ground
from chainwright.phases.trade.level import Level
from chainwright.state.ledger import Outside, Stock, move
from chainwright.state.totals import NOISE, ration, ration_alone, sum_by, whole_shares


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
        owed = level.by_seller.sum(want)
    available = items.on_hand[rows] - reserved[level.sellers_here] if level.any_uses else items.on_hand[rows].copy()
    available[level.unlimited] = np.inf
    scarce = owed > available
    shipped = lanes.shipped[sold]
    shipped[...] = want
    if level.by_seller.same and not (level.any_whole or world.ages.wanted):
        leaving = _ship_on_one_lane_each(world, number, level, available, scarce)
    else:
        # Who owed nothing before and has enough ships just what was seen; only the others are looked at lane by lane.
        everybody = world.disturbed or world.may_return.any()
        others = Some(*level.lanes_of(np.ones(level.selling, np.bool_) if everybody else scarce | world.in_debt[rows]))
        owed_to, sent = lanes.backorder[sold][others.lanes], shipped[others.lanes]
        if scarce.any():
            _share_out(world, number, level, np.maximum(available, 0.0), scarce[others.sellers], others, sent)
        lanes.backorder[sold] = 0.0
        leaving = _count(world, level, owed, others, owed_to, sent)
    items.shipped[rows] = leaving
    # An outside source has no stock that could shrink.
    leaving[level.unlimited] = 0.0
    move(leaving, Stock(items.on_hand, rows), Outside())
    world.transport.send(world, level, shipped)


def _ship_on_one_lane_each(world: Ground, number: int, level: Level, available: Floats, scarce: NDArray[np.bool_]) -> Floats:
    """Where each seller has one lane and they stand in the same order, a column of lanes is one of sellers: what leaves each item."""
    lanes, items, rows, sold = world.lanes, world.items, level.sellers, level.sold
    sent, owed, seen = lanes.shipped[sold], lanes.backorder[sold], lanes.seen[sold]
    asking = np.flatnonzero(scarce & (sent > 0.0))
    if len(asking):
        facts = _facts_of_lanes(world, level, np.maximum(available, 0.0))
        _, weight = world.decide_lanes("allocate_stock", number, facts, sold)
        sent[asking] = ration_alone(np.maximum(available[asking], 0.0), sent[asking], weight[asking])
    # Older debt counts first.
    older = owed - seen
    on_time = sent - np.maximum(older, 0.0, out=older)
    np.minimum(np.maximum(on_time, 0.0, out=on_time), np.maximum(seen, 0.0), out=items.shipped_in_time[rows])
    owed -= sent
    items.backorder[rows] = owed
    leaving: Floats = sent + 0.0
    return leaving


def _facts_of_lanes(world: Ground, level: Level, stock: Floats) -> Mapping[str, Callable[[Any], Floats]]:
    """What whoever allocates may look at; as yet every lane ships what it wants."""
    shipped = world.lanes.shipped
    return {
        "want": lambda lanes: shipped[lanes],
        "available": lambda lanes: stock[world.lanes.seller[lanes] - level.sellers.start],
    }


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
    shipped, facts = world.lanes.shipped, _facts_of_lanes(world, level, stock)
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
