"""How the oracle divides a quantity: rounding of orders, splitting over sellers, rationing over buyers."""

from __future__ import annotations

import math
from typing import Any

# Less than this is rounding noise: nobody orders it or owes it, and it does not call for one more unit.
NOISE = 1e-9


def up(number: float) -> float:
    return float(math.ceil(number - NOISE))


def down(number: float) -> float:
    return float(math.floor(number + NOISE)) if math.isfinite(number) else number


def rounded(quantity: float, item: Any) -> float:
    """A needed quantity as it is ordered: the minimum, then the lot, then whole units, then the cap."""
    if abs(quantity) <= NOISE:
        return 0.0
    if quantity < 0:
        return quantity
    quantity = max(quantity, item.minimum_order)
    if item.lot_multiple > 0:
        quantity = up(quantity / item.lot_multiple) * item.lot_multiple
        if math.isfinite(item.order_cap):
            quantity = min(quantity, down(item.order_cap / item.lot_multiple) * item.lot_multiple)
    if item.product.whole_units:
        return min(up(quantity), down(item.order_cap))
    return min(quantity, item.order_cap)


def in_whole_units(shares: list[float], wants: list[float]) -> list[float]:
    """Whole numbers near the shares, of the same total (rounded down): the largest remainders go up, ties by place, nobody above the want."""
    whole = [down(share) for share in shares]
    able = [place for place in range(len(shares)) if whole[place] + 1 <= wants[place] + NOISE]
    spare = int(down(sum(shares)) - sum(whole))
    for place in sorted(able, key=lambda place: (round(whole[place] - shares[place], 9), place))[:spare]:
        whole[place] += 1.0
    return whole


def split(quantity: float, open_lanes: list[bool], ranks: list[float], weights: list[float], whole: bool) -> list[float]:
    """An order over the lanes: all of it to the open lanes of the lowest rank that has a weight; nothing where none is open."""
    able = [place for place in range(len(ranks)) if open_lanes[place] and weights[place] > 0]
    parts = [0.0] * len(ranks)
    if not able:
        return parts
    lowest = min(ranks[place] for place in able)
    chosen = [place for place in able if ranks[place] == lowest]
    total = sum(weights[place] for place in chosen)
    for place in chosen:
        parts[place] = quantity * weights[place] / total
    if whole and quantity > 0:
        return in_whole_units(parts, [math.inf if place in chosen else 0.0 for place in range(len(parts))])
    return parts


def ration(available: float, wants: list[float], ranks: list[float], weights: list[float]) -> list[float]:
    """Scarce stock over the lanes: rank by rank, within a rank by weight, never more than wanted, the rest redistributed."""
    shares = [0.0] * len(wants)
    left = available
    for rank in sorted(set(ranks)):
        places = [place for place in range(len(wants)) if ranks[place] == rank and wants[place] > 0]
        given = _ration_one_rank(left, [wants[place] for place in places], [weights[place] for place in places])
        for place, amount in zip(places, given, strict=True):
            shares[place] = amount
        left = max(left - sum(given), 0.0)
    return shares


def _ration_one_rank(left: float, wants: list[float], weights: list[float]) -> list[float]:
    """Whoever is sated by a proportional share gets what is wanted; the others share again what remains."""
    if sum(wants) <= left:
        return list(wants)
    given = [0.0] * len(wants)
    hungry = [place for place in range(len(wants)) if weights[place] > 0]
    while hungry:
        total = sum(weights[place] for place in hungry)
        sated = [place for place in hungry if left * weights[place] / total >= wants[place]]
        if not sated:
            for place in hungry:
                given[place] = left * weights[place] / total
            break
        for place in sated:
            given[place] = wants[place]
        left -= sum(wants[place] for place in sated)
        hungry = [place for place in hungry if place not in sated]
    return given
