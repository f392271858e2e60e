"""What the partners at the other ends of an item's lanes show of themselves, and when: summed up per item, or one by one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.state.table import Table
from chainwright.state.totals import sum_by
from chainwright.state.view import View, shown_columns
from chainwright.words.errors import VisibilityError, suggestion
from chainwright.words.subjects import SCHEMA

OWN_END = {"buyer": "seller", "seller": "buyer"}
# Known of everybody before anybody plans.
KNOWN_AT_ONCE = ("end_demand", "echelon_stock")
# Inputs that policies write.
WRITTEN_INPUTS = ("safety_stock", "base_stock_level")


class Shown:
    """What partners show each other: while a phase runs, what stood when it began, so that nobody has acted before anybody else.

    There is one exception. A seller whose buyer's orders reach it without delay plans after the buyer, and sees it as it has just planned.
    End demand and echelon stock are known before anybody plans, and are never old.

    Parameters
    ----------
    items : Table
        The items of the world.
    visibility : mapping
        Column name to visibility, where the scenario changes it; nothing is kept of columns that partners do not show.
    """

    def __init__(self, items: Table, visibility: Mapping[str, str]) -> None:
        changing = [
            name
            for name in shown_columns(SCHEMA, "items", "partner", visibility)
            if (SCHEMA["items", name].kind == "state" or name in WRITTEN_INPUTS) and name not in KNOWN_AT_ONCE
        ]
        self._items = items
        self._kept = {name: items[name].copy() for name in changing}
        self._acting = False

    def keep(self) -> None:
        """A phase begins."""
        for name, kept in self._kept.items():
            kept[...] = self._items[name]
        self._acting = True

    def release(self) -> None:
        """The period is over: everything is seen as it is."""
        self._acting = False

    def column(self, name: str) -> NDArray[Any]:
        """A column of the items as partners see it."""
        return self._kept[name] if self._acting and name in self._kept else self._items[name]


def seen_now(lanes: Table, rows: NDArray[Any], partner: str) -> NDArray[np.bool_]:
    """For some lanes, whether the partner at their other end is seen as it has just planned."""
    if partner == "seller":
        return np.zeros(len(rows), np.bool_)
    return np.asarray(lanes.order_delay[rows] == 0)


def lanes_to(world: Any, rows: NDArray[Any], partner: str) -> NDArray[np.int32]:
    """Rows of the lanes that lead from some items to their partners, by item and then by the partner's name.

    Parameters
    ----------
    world : Ground
        With its tables.
    rows : array of int
        Rows of items, ascending.
    partner : {"buyer", "seller"}
        Whether the items sell on these lanes or buy on them.
    """
    lanes = world.lanes
    own = lanes[OWN_END[partner]]
    found = np.flatnonzero(np.isin(own, rows))
    order = np.lexsort((found, world.name_rank[lanes[partner][found]], own[found]))
    return found[order].astype(np.int32)


def order_shares(lanes: Table, items: int) -> NDArray[np.float64]:
    """For each lane the part of the buyer's orders that goes over it, by the shares of the buyer's lanes that trade."""
    active = np.where(lanes.trading, lanes.share, 0.0)
    total = sum_by(lanes.buyer, active, items)[lanes.buyer]
    share: NDArray[np.float64] = np.divide(active, total, out=np.zeros(lanes.rows), where=total > 0.0)
    return share


class Partners:
    """The partners of some items at one end of their lanes: pairs of an item and a partner's item, by item and then by the partner's name.

    Parameters
    ----------
    world : Ground
        With its tables.
    rows : array of int
        Rows of items, ascending.
    partner : {"buyer", "seller"}
        Which end.
    """

    def __init__(self, world: Any, rows: NDArray[Any], partner: str) -> None:
        lanes = world.lanes
        self.world = world
        self.count = len(rows)
        self.lanes = lanes_to(world, rows, partner)
        own, other = lanes[OWN_END[partner]][self.lanes], lanes[partner][self.lanes]
        # A seller and a buyer with several modes of transport are one pair.
        begins = np.ones(len(self.lanes), np.bool_)
        begins[1:] = (own[1:] != own[:-1]) | (other[1:] != other[:-1])
        self.pair = np.cumsum(begins) - 1
        self.place, self.other = np.searchsorted(rows, own[begins]), other[begins]
        self.now = np.zeros(len(self.other), np.bool_)
        self.now[self.pair[seen_now(lanes, self.lanes, partner)]] = True

    def weights(self, by_share: bool) -> NDArray[np.float64]:
        """What each pair counts: 1 where some lane between the two trades, or the part of the buyer's orders that goes to the seller."""
        lanes = self.world.lanes
        if by_share:
            return sum_by(self.pair, order_shares(lanes, self.world.items.rows)[self.lanes], len(self.other))
        weight = np.zeros(len(self.other))
        weight[self.pair[lanes.trading[self.lanes]]] = 1.0
        return weight

    def total(self, name: str, by_share: bool, all_now: bool = False) -> NDArray[np.float64]:
        """Sum of a column of the partners' items, one per item."""
        live, kept = self.world.items[name], self.world.shown.column(name)
        values = np.where(self.now | all_now, live[self.other], kept[self.other])
        weight = self.weights(by_share)
        # Where nothing is bought the partner is none, whatever stands there.
        return sum_by(self.place, np.where(weight > 0.0, weight * values, 0.0), self.count)


def sum_over(view: View, rows: NDArray[Any], partner: str, name: str, by_share: bool = False) -> NDArray[np.float64]:
    """Sum of a column of the items at the other ends of the active lanes, one per item, in the order of the partners' names.

    Parameters
    ----------
    view : View
        Of items.
    rows : array of int
        Their rows, ascending.
    partner : {"buyer", "seller"}
        Which partners.
    name : str
        Column of items.
    by_share : bool
        Whether a buyer with several sellers counts for each of them by the lane's share of its orders, instead of wholly.

    Raises
    ------
    VisibilityError
        When partners do not show the column, or the view is not of items.
    """
    check_shown(view, partner, name)
    known = view._links.setdefault("lanes to partners", {})
    if partner not in known:
        known[partner] = Partners(view._world, rows, partner)
    found: NDArray[np.float64] = known[partner].total(name, by_share)
    return found


def check_shown(view: View, partner: str, name: str) -> None:
    """Refuse a column that partners do not show."""
    if view.table_name != "items":
        raise VisibilityError(f"sums over {partner}s belong to decisions about items, not to those about {view.table_name}")
    if name not in view.of_partners and name not in view.visible and name not in view.hidden:
        raise VisibilityError(f"items have no {name!r} to sum over {partner}s{suggestion(name, (*view.visible, *view.hidden))}")
    if name not in view.of_partners:
        raise VisibilityError(f"{name!r} of a {partner} is hidden; a scenario can say visibility: {{{name}: partner}}")


def orders_on_the_way(view: View, rows: NDArray[Any]) -> NDArray[np.float64]:
    """What the buyers of some items have ordered, as far as the items know of it and have not seen it yet, one sum per item.

    Raises
    ------
    VisibilityError
        When buyers do not show what they order: then nobody knows of an order before it has arrived.
    """
    check_shown(view, "buyer", "orders")
    world: Any = view._world
    if "order_delay" not in world.features:
        return np.zeros(len(rows))
    known = view._links.setdefault("lanes to partners", {})
    if "buyer" not in known:
        known["buyer"] = Partners(world, rows, "buyer")
    partners: Partners = known["buyer"]
    lanes, own = world.lanes, partners.lanes
    at_once = np.where(lanes.order_delay[own] == 0, lanes.ordered[own], 0.0)
    due = world.orders.due(world.period)[own]
    # Once all have planned, what was due is gone and what was ordered is on its way.
    waiting = world.orders.later(world.period)[own] + np.where(due != 0.0, due + at_once - lanes.seen[own], 0.0)
    counted = partners.weights(by_share=False)[partners.pair]
    return sum_by(partners.place[partners.pair], counted * waiting, partners.count)


class ManagingView(View):
    """The own items of a seller that decides for its buyers: one row per buyer's item, so that a seller may stand there several times."""

    __slots__ = ()

    def sum_over_buyers(self, name: str, by_share: bool = False) -> NDArray[np.float64]:
        """Sum of a column of all buyers' items of the seller, as they are now."""
        check_shown(self, "buyer", name)
        if "buyers" not in self._links:
            rows, place = np.unique(np.asarray(self._rows), return_inverse=True)
            self._links["buyers"] = (Partners(self._world, rows, "buyer"), place)
        partners, place = self._links["buyers"]
        total: NDArray[np.float64] = partners.total(name, by_share, all_now=True)[place]
        return total
