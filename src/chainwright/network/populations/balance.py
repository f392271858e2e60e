"""Balance: the steady mean flow through a network, and the stock and pipelines with which it starts in that state.

Two steps, for whoever makes a network from columns:

``steady_flows(items, seller, buyer, share, recipe_item, recipe_component, recipe_quantity, yield_share, demand)``
    says how many units per period each item is asked for, each lane carries and each production releases, when every customer demands its
    mean in every period. Cycles are welcome as long as what goes round them becomes less.

``start_in_balance(tables, flows, cover=..., capacity_slack=...)``
    says what is on hand and on its way at the start, so that nothing has to move: each pipeline holds the mean flow for each period
    of its delay, and the stock is what an order-up-to policy holds when every period is like the one before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.network.blueprint import Columns, Pipeline
from chainwright.network.populations.steady import Unsettled, settle
from chainwright.words.errors import UsageError

Floats = NDArray[np.float64]
MOST_NAMED = 4


@dataclass(frozen=True)
class Flows:
    """Steady flows, in units per period.

    Parameters
    ----------
    item : array of float
        What each item is asked for: end demand, orders of buyers, components for the own production. Good units.
    lane : array of float
        What is ordered and shipped over each lane. Nothing, where the buyer makes the item itself.
    production : array of float
        What is released to the production of each item: good units over the yield. 0 where nothing is made.
    made : array of bool
        Which items are made.
    """

    item: Floats
    lane: Floats
    production: Floats
    made: NDArray[np.bool_]


@dataclass(frozen=True)
class Start:
    """What a network starts with.

    Parameters
    ----------
    on_hand, base_stock_level, safety_stock, capacity : array of float
        Columns of items. With `base_stock_level` a base-stock policy starts at rest as well; capacity is in units released per period.
    orders_waiting, in_transit : Pipeline
        By lanes.
    in_process : Pipeline
        By items, in units released.
    """

    on_hand: Floats
    base_stock_level: Floats
    safety_stock: Floats
    capacity: Floats
    orders_waiting: Pipeline
    in_transit: Pipeline
    in_process: Pipeline

    def columns(self) -> Columns:
        """The columns of items, by name."""
        return {name: getattr(self, name) for name in ("on_hand", "base_stock_level", "safety_stock", "capacity")}


def steady_flows(
    items: int,
    seller: NDArray[Any],
    buyer: NDArray[Any],
    share: Floats,
    recipe_item: NDArray[Any],
    recipe_component: NDArray[Any],
    recipe_quantity: Floats,
    yield_share: Floats | float,
    demand: Floats,
    *,
    made: NDArray[np.bool_] | None = None,
    names: Callable[[int], str] | None = None,
) -> Flows:
    """The mean flow through every item and lane, when every customer demands its mean in every period.

    An item that is made is made in full: as in the model, its production orders come first and leave nothing to buy. Where an item is neither
    made nor bought, the flow comes from outside.

    Parameters
    ----------
    items : int
        Number of items.
    seller, buyer : array of int
        Rows of items, one per lane.
    share : array of float
        Share of the buyer's orders that goes to each lane (0 for a lane that is not active); divided by their sum over the buyer's lanes.
    recipe_item, recipe_component, recipe_quantity : array
        One entry per line of the recipes: units of the component for a released unit of the item.
    yield_share : array of float, or float
        Expected good share of released units, per item.
    demand : array of float
        Mean end demand per period at each item: 0 for all but customers' items.
    made : array of bool, optional
        Items that are made, where some recipe has no line; by default those with a line.
    names : callable, optional
        From the row of an item to its name, for messages.

    Raises
    ------
    UsageError
        When a cycle hands on as much as it gets, so that the flows would be infinite.

    Examples
    --------
    A shop (1) sells to a customer (0) and buys from a mill (2), which makes flour of 1.25 units of grain (3) with a yield of one half.

    >>> none = np.zeros(4)
    >>> flows = steady_flows(
    ...     4, np.array([1, 2]), np.array([0, 1]), np.ones(2), np.array([2]), np.array([3]), np.array([1.25]), 0.5, np.array([8.0, 0, 0, 0])
    ... )
    >>> flows.item.tolist(), flows.lane.tolist(), flows.production.tolist()
    ([8.0, 8.0, 8.0, 20.0], [8.0, 8.0], [0.0, 0.0, 16.0, 0.0])
    """
    wanted = np.broadcast_to(np.asarray(yield_share, np.float64), (items,))
    if made is None:
        made = np.bincount(recipe_item, minlength=items) > 0
    total = np.bincount(buyer, share, items)[buyer]
    part = np.divide(share, total, out=np.zeros(len(share)), where=total > 0.0)
    part[made[buyer]] = 0.0
    upper = np.concatenate([seller, recipe_component])
    lower = np.concatenate([buyer, recipe_item])
    weight = np.concatenate([part, recipe_quantity / wanted[recipe_item]])
    try:
        flow = settle(upper, lower, weight, np.asarray(demand, np.float64))
    except Unsettled as unsettled:
        raise UsageError(_endless(unsettled.rows, names)) from None
    return Flows(flow, flow[buyer] * part, np.where(made, flow / wanted, 0.0), made)


def _endless(rows: NDArray[Any], names: Callable[[int], str] | None) -> str:
    shown = [names(int(row)) if names is not None else f"item {row}" for row in rows[:MOST_NAMED]]
    more = f" and {len(rows) - MOST_NAMED} more" if len(rows) > MOST_NAMED else ""
    return (
        f"flows would be infinite: {', '.join(shown)}{more} buy from each other nearly all that they sell, or more; "
        "let a larger share of what they buy come from outside the cycle, or lower the quantities in their recipes"
    )


def start_in_balance(
    tables: Mapping[str, Columns],
    flows: Flows,
    *,
    cover: Floats | float = 0.0,
    capacity_slack: Floats | float | None = None,
) -> Start:
    """The stock and pipelines with which a network starts in its steady state.

    A pipeline of d periods holds the mean flow of each of them. An order-up-to policy without safety stock keeps the inventory position at the
    flow times the lead time L, and L is the longest lead time of an item's lanes. What its other lanes bring sooner is not on the way but on the
    shelf, so the item starts (and stays) with ``flow * L - sum over its lanes of flow * lead time`` on hand; with one lane that is
    nothing. `cover` periods of flow come on top. They stay where the policy keeps them: with `base_stock` and the item's own level, or
    with `order_up_to` and ``safety_stock: cover * flow``; another policy starts with that much more or less than it wants.

    Parameters
    ----------
    tables : mapping
        Columns by table: of enterprises `role`; of items `enterprise`, `product`, and where said `production_time`, `unlimited`, `yield_share`;
        of lanes `seller`, `buyer`, `order_delay`, `transport_time`, and where said `active`; of products, where said, `whole_units`.
    flows : Flows
        From `steady_flows`.
    cover : array of float, or float
        Periods of flow to be had on hand beyond that, per item. Customers and outside sources keep nothing.
    capacity_slack : array of float, or float, optional
        Capacity as a multiple of the steady production, per item; unlimited where it is None or not a number.

    Returns
    -------
    Start
        Whole units for products that ask for them: pipelines rounded so that their sums are right to half a unit, stock and levels rounded up.

    Examples
    --------
    >>> tables = {
    ...     "products": {"name": np.array(["beer"], object)},
    ...     "enterprises": {"role": np.array(["customer", "retailer", "supplier"], object)},
    ...     "items": {"enterprise": np.array([0, 1, 2]), "product": np.zeros(3, int), "unlimited": np.array([False, False, True])},
    ...     "lanes": {"seller": np.array([1, 2]), "buyer": np.array([0, 1]), "order_delay": np.array([0, 1]), "transport_time": np.array([0, 2])},
    ...     "recipes": {"item": np.zeros(0, int), "component": np.zeros(0, int), "quantity": np.zeros(0)},
    ... }
    >>> none = np.zeros(0, int)
    >>> flows = steady_flows(3, np.array([1, 2]), np.array([0, 1]), np.ones(2), none, none, np.zeros(0), 1.0, np.array([4.0, 0.0, 0.0]))
    >>> start = start_in_balance(tables, flows, cover=2.0)
    >>> start.on_hand.tolist(), start.base_stock_level.tolist(), start.in_transit.due.tolist(), start.in_transit.amount.tolist()
    ([0.0, 8.0, 0.0], [0.0, 20.0, 0.0], [1, 2], [4.0, 4.0])
    """
    items, lanes = tables["items"], tables["lanes"]
    rows = len(flows.item)
    seller_side = np.asarray(lanes["order_delay"], np.int64)
    buyer_side = np.asarray(lanes["transport_time"], np.int64)
    own_time = np.where(flows.made, np.asarray(items.get("production_time", 0), np.int64), 0)
    role = np.asarray(tables["enterprises"]["role"] == "customer", np.bool_)
    keeps = ~role[items["enterprise"]] & ~np.asarray(items.get("unlimited", False), np.bool_)
    lead_time = own_time.astype(np.float64)
    counted = np.broadcast_to(np.asarray(lanes.get("active", True), np.bool_), seller_side.shape)
    np.maximum.at(lead_time, lanes["buyer"][counted], (seller_side + buyer_side)[counted].astype(np.float64))
    on_the_way = np.bincount(lanes["buyer"], flows.lane * (seller_side + buyer_side), rows) + np.where(flows.made, flows.item * own_time, 0.0)
    whole = np.broadcast_to(np.asarray(tables["products"].get("whole_units", False), np.bool_), (len(tables["products"]["name"]),))[items["product"]]
    safety = _rounded_up(np.where(keeps, flows.item * cover, 0.0), whole)
    # What lanes of one length have on the way is the whole of flow * L, but for the last bit.
    early = flows.item * lead_time - on_the_way
    early = np.where(keeps & (early > 1e-12 * flows.item * lead_time), early, 0.0)
    level = np.where(keeps, flows.item * lead_time, 0.0) + safety
    return Start(
        on_hand=_rounded_up(early, whole) + safety,
        base_stock_level=_rounded_up(level, whole),
        safety_stock=safety,
        capacity=_capacity(flows, capacity_slack, whole),
        orders_waiting=filled(seller_side, flows.lane, whole[lanes["seller"]]),
        in_transit=filled(buyer_side, flows.lane, whole[lanes["seller"]]),
        in_process=filled(own_time, flows.production, whole),
    )


def filled(delay: NDArray[Any], flow: Floats, whole: NDArray[np.bool_] | None = None) -> Pipeline:
    """A pipeline that holds the flow of each period of its rows' delays.

    Parameters
    ----------
    delay : array of int
        Periods, per row.
    flow : array of float
        Units per period, per row.
    whole : array of bool, optional
        Rows whose contents are whole units.

    Examples
    --------
    >>> pipeline = filled(np.array([2, 0, 3]), np.array([4.0, 4.0, 0.5]), np.array([False, False, True]))
    >>> pipeline.row.tolist(), pipeline.due.tolist(), pipeline.amount.tolist()
    ([0, 0, 2, 2], [1, 2, 1, 3], [4.0, 4.0, 1.0, 1.0])
    """
    row = np.repeat(np.arange(len(delay), dtype=np.int32), np.where(flow > 0.0, delay, 0))
    first = np.flatnonzero(np.diff(row, prepend=-1))
    due = np.arange(1, len(row) + 1, dtype=np.int32)
    due -= np.repeat(first, np.diff(first, append=len(row))).astype(np.int32)
    amount = flow[row]
    if whole is None or not whole.any():
        return Pipeline(row, due, amount)
    counted = whole[row]
    so_far = np.floor(amount * due + 0.5) - np.floor(amount * (due - 1) + 0.5)
    amount = np.where(counted, so_far, amount)
    some = amount > 0.0
    return Pipeline(row[some], due[some], amount[some])


def _rounded_up(amount: Floats, whole: NDArray[np.bool_]) -> Floats:
    return np.where(whole, np.ceil(amount - 1e-9), amount) if whole.any() else amount


def _capacity(flows: Flows, slack: Floats | float | None, whole: NDArray[np.bool_]) -> Floats:
    """Units that can be released per period; without limit where nothing is made or no slack is said."""
    if slack is None:
        return np.full(len(flows.item), np.inf)
    limit = flows.production * slack
    limited = flows.made & np.isfinite(limit)
    return np.where(limited, _rounded_up(np.where(limited, limit, 0.0), whole), np.inf)
