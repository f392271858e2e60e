"""What must always hold: goods, money and orders are conserved, nothing is negative, nothing leaves a closed lane."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.metrics.counted import check_counted_now
from chainwright.metrics.watcher import Watcher
from chainwright.state.totals import sum_by
from chainwright.words.errors import InvariantError
from chainwright.words.subjects import SCHEMA

Floats = NDArray[np.float64]
TOLERANCE = 1e-9
# What piles up without end, as money does, is only rounded in the last digits.
LAST_DIGITS = 1e-12
NUMBERS = tuple((column.table, column.name) for column in SCHEMA if column.kind == "state" and column.dtype == "float64")


class Invariants(Watcher):
    """Watches a world and raises at the first period in which something is not conserved.

    Parameters
    ----------
    world : World
        The world to watch, before its first period.

    Raises
    ------
    InvariantError
        From `observe`, naming the period and what does not add up.
    ChainwrightError
        From `observe`, where something has grown beyond what can be counted.
    """

    def __init__(self, world: Any) -> None:
        products = max(world.products.rows, 1)
        self.cell = world.items.run.astype(np.int64) * products + world.items.product
        self.cells = world.runs.rows * products
        self.stock = self._stock(world, 0)
        self.in_process = self._in_process(world, 0)
        self.open_orders = self._open_orders(world, 0)
        self.size = self._size(world, self.stock)
        self.money = self._money(world)
        self.cash = world.enterprises.cash.copy()
        self.unplaced = world.items.unplaced.copy()
        self.periods = 0

    def _by_product(self, values: Floats) -> Floats:
        return sum_by(self.cell, values, self.cells)

    def _stock(self, world: Any, period: int) -> Floats:
        """On hand and in transit, per run and product; an outside source has no stock."""
        travelling = world.goods.due(period) + world.goods.later(period) if period == 0 else world.goods.later(period)
        on_the_way = sum_by(world.lanes.buyer, travelling, world.items.rows)
        return self._by_product(np.where(world.items.unlimited, 0.0, world.items.on_hand) + on_the_way)

    def _size(self, world: Any, stock: Floats) -> Floats:
        """What the rounding of a stock is measured against, per run and product: all of it as it stands now, whatever its sign."""
        return np.maximum(self._by_product(np.where(world.items.unlimited, 0.0, np.abs(world.items.on_hand))), np.abs(stock))

    def _in_process(self, world: Any, period: int) -> Floats:
        inside = world.process.later(period)
        return self._by_product(world.process.due(period) + inside if period == 0 else inside)

    def _open_orders(self, world: Any, period: int) -> Floats:
        waiting: Floats = world.orders.later(period)
        if period == 0:
            waiting = waiting + world.orders.due(period)
        total: Floats = waiting + world.lanes.backorder
        return total

    def _money(self, world: Any) -> Floats:
        held = sum_by(world.enterprises.run, world.enterprises.cash, world.runs.rows)
        money: Floats = held + world.runs.outside_cash
        return money

    def observe(self, world: Any) -> None:
        """Check the period that has just ended."""
        check_counted_now(world)
        self.periods += 1
        self._goods(world)
        self._orders(world)
        self._wishes(world)
        self._money_holds(world)
        self._signs(world)

    def _goods(self, world: Any) -> None:
        items, period = world.items, world.period
        outside = np.where(items.unlimited, items.shipped + items.used, 0.0)
        gained = self._by_product(items.made + outside)
        spent = self._by_product(items.consumed + items.used)
        stock = self._stock(world, period)
        # Relative to what stood before, stands now and has moved in between; not to what has ever moved, which grows without end.
        size = self._size(world, stock)
        moved = np.maximum(self.size, size) + np.abs(gained) + np.abs(spent)
        self._equal(world, stock - self.stock, gained - spent, moved, "goods")
        self.stock, self.size = stock, size
        if "process" in world.features:
            in_process = self._in_process(world, period)
            change = self._by_product(items.released - items.made - items.scrapped)
            self._equal(world, in_process - self.in_process, change, moved + np.maximum(self.in_process, in_process), "goods in process")
            self.in_process = in_process

    def _orders(self, world: Any) -> None:
        lanes = world.lanes
        open_orders = self._open_orders(world, world.period)
        lost = lanes.lost if world.may_lose else 0.0
        size = np.abs(self.open_orders) + np.abs(lanes.ordered) + 1.0
        self._equal(world, open_orders - self.open_orders, lanes.ordered - lanes.shipped - lost, size, "orders")
        self.open_orders = open_orders

    def _wishes(self, world: Any) -> None:
        """What customers want is ordered or waits; who orders just what it wants shows whether anything was dropped."""
        items, lanes = world.items, world.lanes
        rows = _who_pass_on(world)
        before, now = self.unplaced, items.unplaced
        self._equal(world, (now - before)[rows], (items.demand - items.orders)[rows], np.abs(items.demand[rows]) + np.abs(before[rows]), "wishes")
        waiting = sum_by(lanes.buyer, lanes.unplaced, items.rows)
        self._equal(world, waiting, now, np.abs(now), "wishes by lane")
        self.unplaced = now.copy()

    def _money_holds(self, world: Any) -> None:
        money = self._money(world)
        held = sum_by(world.enterprises.run, np.abs(world.enterprises.cash), world.runs.rows) + np.abs(world.runs.outside_cash)
        paid = sum_by(world.enterprises.run, np.abs(world.enterprises.cash - self.cash), world.runs.rows)
        self._equal(world, money, self.money, paid + held * (LAST_DIGITS / TOLERANCE), "money")
        self.money, self.cash = money, world.enterprises.cash.copy()

    def _signs(self, world: Any) -> None:
        items, lanes = world.items, world.lanes
        for name in ("on_hand", "unreleased", "in_process"):
            column = items[name]
            bad = ~np.isfinite(column) | ((column < 0.0) & ~items.unlimited & ~world.may_return)
            self._none(world, bad, f"items.{name} is negative or not a number")
        for name in ("backorder", "shipped", "in_transit", "orders_waiting"):
            column = lanes[name]
            free = items.unlimited[lanes.seller]
            bad = ~np.isfinite(column) | ((column < -TOLERANCE * (1.0 + np.abs(lanes.ordered))) & ~free)
            self._none(world, bad, f"lanes.{name} is negative or not a number")
        for table, name in NUMBERS:
            self._none(world, ~np.isfinite(getattr(world, table)[name]), f"{table}.{name} is not a finite number")
        if world.disturbed:
            self._none(world, (lanes.shipments_open <= 0.0) & (lanes.shipped != 0.0), "goods left on a closed lane")

    def _equal(self, world: Any, left: Floats, right: Floats, size: Floats, what: str) -> None:
        gap = np.abs(left - right) / np.maximum(size, 1.0)
        # Nothing that is not a number is equal to anything.
        if not bool((gap <= TOLERANCE).all()):
            worst = int(np.argmax(gap))
            told = f"{float(left[worst])!r} against {float(right[worst])!r} (cell {worst})"
            raise InvariantError(f"period {world.period}: {what} are not conserved: {told}")

    def _none(self, world: Any, bad: NDArray[np.bool_], what: str) -> None:
        if bool(bad.any()):
            raise InvariantError(f"period {world.period}: {what} (row {int(np.argmax(bad))})")


def _who_pass_on(world: Any) -> NDArray[np.int64]:
    """The customers with a lane whose orders are their demand, as it is: neither agents nor lots change it."""
    items = world.items
    rows = [cohort.index for level in world.cohorts["place_orders"] for cohort in level if cohort.policy.name == "pass_on" and not cohort.substitute]
    found: NDArray[np.int64] = np.concatenate([np.zeros(0, np.int64), *rows])
    plain = (items.minimum_order == 0.0) & (items.lot_multiple == 0.0) & np.isinf(items.order_cap)
    buying = np.bincount(world.lanes.buyer, minlength=items.rows) > 0
    wanted: NDArray[np.bool_] = items.customer & plain & buying
    return found[wanted[found]]
