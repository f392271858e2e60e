"""Accumulating metrics while a world runs, so that a long run needs no panel."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.metrics.declarations import is_on
from chainwright.metrics.moments import Moments
from chainwright.metrics.sums import sums_by_table
from chainwright.metrics.trade.replenishment import Replenishment
from chainwright.metrics.trade.valued import Valued, in_money
from chainwright.metrics.watcher import Watcher
from chainwright.policies.cohort import compact
from chainwright.state.totals import NOISE, Grouping, sum_by

Floats = NDArray[np.float64]

EVERYTHING = [slice(None)]
TIMELINE = (
    *("on_hand", "backorder", "in_transit", "demand", "end_demand", "orders", "shipped", "seen", "asked", "shipped_in_time", "lost"),
    "total_cost",
)


class Accumulator(Watcher):
    """Watches a world and keeps sums and variances of its items, lanes and echelons over the measured periods.

    Parameters
    ----------
    world : World
        The world to watch.
    warm_up : int
        Periods at the start that are not measured.
    timeline : bool
        Whether to keep every period's sums per run and echelon.
    tables : collection of str, optional
        Which result tables will be made, of ``summary``, ``items``, ``enterprises``, ``lanes`` and ``echelons``; all by default. What
        only others need is not kept: without ``lanes`` no sums of lanes beside the goods in transit, without ``echelons`` and
        ``summary`` no moments of echelons, with ``summary`` alone no moments of items.
    """

    fixed = (
        *("_cells", "_from_outside", "_to_customers", "_outgoing", "_customers", "_runs_of_customers", "_ranges"),
        *("_declared", "_results", "_by_item", "_by_echelon", "_in_units", "_known", "_adding", "_costs_of"),
        *("_weight", "_own_cells", "_by_own", "_sellers"),
    )

    def __init__(self, world: Any, warm_up: int, timeline: bool = True, tables: Collection[str] | None = None) -> None:
        items, lanes = world.items, world.lanes
        self.warm_up = warm_up
        self.measured = 0
        self.moments = {name: Moments(items.rows) for name in ("demand", "orders", "net_stock", "end_demand")}
        # Side by side, as the columns of tables are.
        self._declared = sums_by_table()
        self.totals: dict[str, dict[str, Floats]] = {
            table: dict(zip(found, np.zeros((len(found), getattr(world, table).rows)), strict=True)) for table, found in self._declared.items()
        }
        # Money at the price and the value of the day: both may change in mid-run.
        self.bought_outside = np.zeros(lanes.rows)
        self._from_outside = np.flatnonzero(items.unlimited[lanes.seller]) if lanes.rows else np.zeros(0, np.int64)
        # What customers received of the network's own goods.
        own = items.customer[lanes.buyer] & ~items.unlimited[lanes.seller] if lanes.rows else np.zeros(0, np.bool_)
        self._to_customers = compact(np.flatnonzero(own))
        self.delivered = np.zeros(int(own.sum()))
        # Units are added up; what they are worth follows in the end, from the unit cost of their day.
        self.books = Valued(items.unit_cost)
        self._costs_of: Any = None
        self.short_periods = np.zeros(items.rows)
        self.echelons = int(items.echelon.max(initial=0)) + 1
        self.cells = world.runs.rows * self.echelons
        # Outside sources are no part of an echelon: they lie in one more cell that nobody reads.
        cell = np.where(items.unlimited, self.cells, items.run.astype(np.int64) * self.echelons + items.echelon)
        self._cells = Grouping(cell, self.cells + 1)
        customers = np.flatnonzero(items.customer)
        self._customers = compact(customers)
        # The rows to which sums are confined, where they lie in ranges, level by level.
        self._ranges = {
            "": EVERYTHING,
            "sellers": [level.sellers for level in world.levels],
            "customers": [level.eating for level in world.levels],
            "keepers": [rows for level in world.levels for rows in level.keeping],
        }
        self._runs_of_customers = Grouping(items.run[customers], world.runs.rows)
        self._by_item = tables is None or not set(tables) <= {"summary"}
        # The cycles of those who sell; of the network only the cycles of those who sell to customers count.
        sells = np.zeros(items.rows, np.bool_)
        sells[lanes.seller[items.customer[lanes.buyer] | self._by_item]] = True
        found = np.flatnonzero(sells & ~items.unlimited)
        # From the first to the last one: who lies between and does not sell is in no table.
        self._sellers = slice(int(found[0]), int(found[-1]) + 1) if len(found) else slice(0, 0)
        self.cycles = Replenishment(self._sellers.stop - self._sellers.start)
        self.echelon_moments = {name: Moments(self.cells) for name in ("demand", "orders", "net_stock", "end_demand")}
        # The swings of an echelon: in value where its products differ, at the unit cost of the start.
        self._weight = self._value_where_products_differ(world, cell)
        own_rows = np.flatnonzero(~(items.customer | items.unlimited))
        # In the order of the items, so that where each is alone in its echelon nothing needs to be put elsewhere.
        found, first, place = np.unique(cell[own_rows], return_index=True, return_inverse=True)
        order = np.argsort(first)
        self._own_cells = found[order]
        group = np.full(items.rows, -1)
        group[own_rows] = np.argsort(order)[place.ravel()]
        self._by_own = Grouping(group, len(found), self._weight)
        # Customers have none: they are kept apart unless the echelons of all are kept in the same units.
        apart = self._weight is not None or not self._by_item
        self._swings = {name: Moments(len(found)) for name in self.echelon_moments} if apart else {}
        # What there is of echelons in units beside them.
        self._in_units = ("orders", "net_stock") if apart else tuple(self.echelon_moments)
        self.end_moments = Moments(world.runs.rows)
        self._results = None if tables is None else frozenset(tables)
        self._by_echelon = tables is None or bool({"echelons", "summary"} & set(tables))
        # Which features wrote columns and who paid in the latest period, and what is added to what with those.
        self._known: tuple[frozenset[str], bool, slice] | None = None
        self._adding: list[tuple[Floats, Floats]] = []
        self.timeline: list[Floats] | None = [] if timeline else None
        # Only a timeline asks how much is in transit in every period.
        self._outgoing = Grouping(cell[lanes.seller], self.cells + 1) if timeline and lanes.rows else None

    def observe(self, world: Any) -> None:
        """Take in the period that has just ended."""
        items = world.items
        # Both in good units: a production order counts what is released.
        orders = items.orders + items.production_orders * items.yield_share if "production" in world.features else items.orders
        cells = None if self.timeline is None else self._cell_sums(world, orders)
        if self.timeline is not None and cells is not None:
            self.timeline.append(cells)
        short = self._short(world)
        measured = world.period > self.warm_up
        self._note_cycles(world, short, measured)
        if not measured:
            return
        self._change_books(world)
        self.measured += 1
        columns = {"demand": items.demand, "orders": orders, "net_stock": items.inventory_level}
        if "end_demand" in world.downstream.wanted:
            columns["end_demand"] = items.end_demand
        for name, column in columns.items():
            if self._by_item:
                self.moments[name].add(column, self._ranges["keepers"] if name == "net_stock" else EVERYTHING)
            if self._by_item and self._by_echelon and name in self._in_units:
                # What the timeline has summed already is not summed again.
                known = cells is not None and name in TIMELINE
                self.echelon_moments[name].add(cells[TIMELINE.index(name)] if known and cells is not None else self.by_echelon(column))
            if self._swings and self._by_echelon:
                self._swings[name].add(self._by_own.sum(column))
        # Both may change in mid-run.
        known_now = (world.features, world.may_lose, world.payers)
        if known_now != self._known:
            self._known, self._adding = known_now, self._to_add(world)
        for total, column in self._adding:
            total += column
        if world.unplaced.waiting:
            # What customers could order nowhere waits at the sellers that it would have gone to.
            self.sums["backorder"] += world.unplaced.by_seller(world)
        if "transit" in world.features:
            on_the_way = slice(0, world.goods.reach)
            self.lane_sums["in_transit"][on_the_way] += world.lanes.in_transit[on_the_way]
        if "prices" in world.features and len(self._from_outside):
            rows = self._from_outside
            self.bought_outside[rows] += world.lanes.price[rows] * world.lanes.received[rows]
        self.delivered += world.lanes.received[self._to_customers]
        self.short_periods += short
        self.end_moments.add(self._runs_of_customers.sum(items.demand[self._customers]))

    def swing(self, name: str) -> tuple[Floats, Floats]:
        """Mean and variance of each run's echelons, customers' aside: in units, or in value where products of an echelon differ."""
        if not self._swings:
            return self.echelon_moments[name].mean(), self.echelon_moments[name].variance()
        mean, variance = np.zeros((2, self.cells))
        mean[self._own_cells], variance[self._own_cells] = self._swings[name].mean(), self._swings[name].variance()
        return mean, variance

    @property
    def sums(self) -> dict[str, Floats]:
        """The sums of items by their names."""
        return self.totals["items"]

    @property
    def lane_sums(self) -> dict[str, Floats]:
        """The sums of lanes by their names."""
        return self.totals["lanes"]

    def _short(self, world: Any) -> NDArray[np.bool_]:
        """Which items end the period with a stockout; a debt that is only rounding is none."""
        short: NDArray[np.bool_] = world.items.backorder > NOISE
        if world.may_lose:
            short |= world.items.lost > NOISE
            if world.unplaced.waiting:
                short |= world.unplaced.by_seller(world) > NOISE
        return short

    def _note_cycles(self, world: Any, short: NDArray[np.bool_], measured: bool) -> None:
        rows = self._sellers
        received = world.items.received[rows] > NOISE
        if "production" in world.features:
            received |= world.items.made[rows] > NOISE
        self.cycles.add(received, short[rows], measured)

    def cycles_of_items(self, rows: int) -> tuple[Floats, Floats]:
        """Of each item how many replenishment cycles saw no stockout, and how many have ended."""
        good, ended = np.zeros((2, rows))
        good[self._sellers], ended[self._sellers] = self.cycles.good, self.cycles.ended
        return good, ended

    def _change_books(self, world: Any) -> None:
        """Value what was added up at the unit cost that has held, where another holds from this period on."""
        if self._costs_of is not world.current:
            self._costs_of = world.current
            if self.measured:
                self.books.change(world.items.unit_cost, self.units(world))
            else:
                self.books = Valued(world.items.unit_cost)

    def units(self, world: Any) -> dict[str, Floats]:
        """Sums of units of each item that are valued: stock, what left, what is on its way or in process, what customers received of it."""
        lanes, rows, sums = world.lanes, world.items.rows, self.sums
        return {
            "on_hand": sums["on_hand"],
            "left": sums["shipped"] + sums["used"] + sums["consumed"],
            "sold": sums["shipped"] + sums["consumed"],
            "in_transit": sum_by(lanes.seller, self.lane_sums["in_transit"], rows),
            "in_process": sums["in_process"],
            "delivered": sum_by(lanes.seller[self._to_customers], self.delivered, rows),
        }

    def _value_where_products_differ(self, world: Any, cell: NDArray[Any]) -> Floats | None:
        """What a unit counts for in its echelon, of items that swing: its cost where products differ there; None where all count alike."""
        items = world.items
        first = np.full(self.cells + 1, -1, np.int64)
        first[cell] = items.product
        differ = sum_by(cell, (items.product != first[cell]).astype(np.float64), self.cells + 1) > 0.0
        told = differ[cell] & in_money(cell, np.ones(items.rows, np.bool_), items.unit_cost, self.cells + 1)
        if not told.any():
            return None
        return np.where(told, items.unit_cost, 1.0)

    def restore(self, state: dict[str, Any]) -> None:
        """Put a copy back; the columns that are added to are others then."""
        super().restore(state)
        self._known, self._costs_of = None, None

    def _to_add(self, world: Any) -> list[tuple[Floats, Floats]]:
        """Sums and the columns that are added to them in every period, where something can be; what no row of the scenario needs is left out."""
        found = []
        ranges = self._ranges | {"payers": [world.payers], "reach": []}
        for table, declared in self._declared.items():
            for name, one in declared.items():
                wanted = self._results is None or not one.results or not self._results.isdisjoint(one.results)
                if wanted and is_on(world, one.feature):
                    column = getattr(world, table)[one.column]
                    found += [(self.totals[table][name][rows], column[rows]) for rows in ranges[one.within]]
        return [(total, column) for total, column in found if len(total)]

    def bought_outside_now(self, world: Any) -> Floats:
        """What each item paid in the latest period for goods from outside sources."""
        lanes, outside = world.lanes, self._from_outside
        return sum_by(lanes.buyer[outside], lanes.price[outside] * lanes.received[outside], world.items.rows)

    def begin_again(self) -> None:
        """Forget what was measured, so that the next period is the first."""
        self.measured = 0
        kept = (self.moments, self.echelon_moments, self._swings)
        for moments in (*(one for group in kept for one in group.values()), self.end_moments):
            moments.begin_again()
        for total in (*(total for sums in self.totals.values() for total in sums.values()), self.bought_outside, self.delivered, self.short_periods):
            total.fill(0.0)
        self.books.begin_again()
        self.cycles.begin_again()
        if self.timeline is not None:
            self.timeline.clear()

    def by_echelon(self, values: Floats) -> Floats:
        """Sum of a column of items per run and echelon, outside sources left out."""
        return self._cells.sum(values)[: self.cells]

    def _cell_sums(self, world: Any, orders: Floats) -> Floats:
        items = world.items
        rows = np.zeros((len(TIMELINE), self.cells))
        for number, name in enumerate(TIMELINE):
            if name == "in_transit":
                if self._outgoing is not None:
                    rows[number] = self._outgoing.sum(world.lanes.in_transit)[: self.cells]
                continue
            if name == "orders":
                values = orders
            elif name == "asked":
                if not world.may_lose:
                    rows[number] = rows[TIMELINE.index("seen")]
                    continue
                values = items.seen + items.unseen
            elif name == "lost" and not world.may_lose:
                continue
            elif name == "backorder":
                values = items.backorder + world.unplaced.by_seller(world) if world.unplaced.waiting else items.backorder
            elif name == "total_cost":
                if not (world.costs or "prices" in world.features):
                    continue
                # What one enterprise pays another is the other's revenue: of purchases only those from outside sources count.
                values = np.zeros(items.rows)
                for cost in world.costs:
                    values += items[cost.paid]
                if "prices" in world.features:
                    values += self.bought_outside_now(world)
            else:
                values = items[name]
            rows[number] = self.by_echelon(values)
        return rows
