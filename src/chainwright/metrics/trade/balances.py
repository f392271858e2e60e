"""What of trade is conserved, and what else must always hold in it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.metrics.declarations import MAY_LOSE, Balance, Invariant, SignRule, Term
from chainwright.metrics.unequal import TOLERANCE, first_of, unequal
from chainwright.state.totals import sum_by

TRADE_BALANCES = (
    Balance("goods", "items", by=("run", "product")),
    Balance("goods in process", "items", by=("run", "product"), feature="process", beside="goods"),
    Balance("orders", "lanes"),
    Balance("money", "runs", last_digits=True),
)


def _still(world: Any, ring: Any) -> Any:
    """What is on its way after this period; before the first one what is due in it has not arrived either."""
    later = ring.later(world.period)
    return ring.due(0) + later if world.period == 0 else later


def _stock(world: Any) -> NDArray[Any]:
    # An outside source has no stock.
    return np.where(world.items.unlimited, 0.0, world.items.on_hand)


def _from_outside(world: Any) -> NDArray[Any]:
    items = world.items
    return np.where(items.unlimited, items.shipped + items.used, 0.0)


TRADE_TERMS = (
    Term("goods", "held", "items", _stock),
    Term("goods", "held", "lanes", lambda world: _still(world, world.goods), to="buyer"),
    Term("goods", "gained", "items", "made"),
    Term("goods", "gained", "items", _from_outside),
    Term("goods", "spent", "items", "consumed"),
    Term("goods", "spent", "items", "used"),
    Term("goods in process", "held", "items", lambda world: _still(world, world.process)),
    Term("goods in process", "gained", "items", "released"),
    Term("goods in process", "spent", "items", "made"),
    Term("goods in process", "spent", "items", "scrapped"),
    Term("orders", "held", "lanes", lambda world: _still(world, world.orders)),
    Term("orders", "held", "lanes", "backorder"),
    Term("orders", "gained", "lanes", "ordered"),
    Term("orders", "spent", "lanes", "shipped"),
    Term("orders", "spent", "lanes", "lost", feature=MAY_LOSE),
    Term("money", "held", "enterprises", "cash", to="run"),
    Term("money", "held", "runs", "outside_cash"),
)


class Wishes:
    """What customers want is ordered or waits; who orders just what it wants shows whether anything was dropped."""

    def __init__(self, world: Any) -> None:
        self.unplaced = world.items.unplaced.copy()

    def __call__(self, world: Any) -> str | None:
        items, lanes = world.items, world.lanes
        rows = _who_pass_on(world)
        before, now = self.unplaced, items.unplaced
        self.unplaced = now.copy()
        size = np.abs(items.demand[rows]) + np.abs(before[rows])
        dropped = unequal((now - before)[rows], (items.demand - items.orders)[rows], size, "wishes")
        waiting = sum_by(lanes.buyer, lanes.unplaced, items.rows)
        return dropped or unequal(waiting, now, np.abs(now), "wishes by lane")


def _who_pass_on(world: Any) -> NDArray[np.int64]:
    """The customers with a lane whose orders are their demand, as it is: neither agents nor lots change it."""
    items = world.items
    rows = [cohort.index for level in world.cohorts["place_orders"] for cohort in level if cohort.policy.name == "pass_on" and not cohort.substitute]
    found: NDArray[np.int64] = np.concatenate([np.zeros(0, np.int64), *rows])
    plain = (items.minimum_order == 0.0) & (items.lot_multiple == 0.0) & np.isinf(items.order_cap)
    buying = np.bincount(world.lanes.buyer, minlength=items.rows) > 0
    wanted: NDArray[np.bool_] = items.customer & plain & buying
    return found[wanted[found]]


def _closed_lanes(world: Any) -> str | None:
    if not world.disturbed:
        return None
    return first_of((world.lanes.shipments_open <= 0.0) & (world.lanes.shipped != 0.0), "goods left on a closed lane")


TRADE_INVARIANTS = (
    Invariant("wishes", Wishes),
    Invariant("closed lanes", lambda world: _closed_lanes, "disruptions"),
)
TRADE_SIGN_RULES = (
    SignRule("items", lambda world: world.items.unlimited | world.may_return),
    SignRule("lanes", lambda world: world.items.unlimited[world.lanes.seller], lambda world: TOLERANCE * (1.0 + np.abs(world.lanes.ordered))),
)
