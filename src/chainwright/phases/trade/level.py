"""A level: the items that act at the same moment of a phase, with the lanes and recipes at their two sides."""

from __future__ import annotations

import itertools
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from chainwright.policies.cohort import compact
from chainwright.state.table import Table
from chainwright.state.totals import Grouping, Positions

Index = NDArray[Any]
Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
# More ranges of rows than this are rather gone through row by row.
FEW = 16
# Rows of some lanes that are due after one and the same number of periods.
Delayed = tuple[int, slice | Index]


class Split(NamedTuple):
    """How the orders of a level's items are split over the lanes on which they are placed.

    Parameters
    ----------
    share : array or None
        Of each lane, in the order of `Level.placing`; None where each order goes whole to the one lane that there is.
    lanes : array
        Over how many lanes each item's order is split.
    stranded : array of bool or None
        The customers that find no lane that takes orders; None where all find one.
    """

    share: Floats | None
    lanes: Floats
    stranded: Flags | None = None


class Level:
    """Slices and index arrays of one level, made once when the world is built.

    Parameters
    ----------
    items : slice
        The rows of the level's items.
    sold : slice
        The lanes whose sellers are in the level.
    item_table, lane_table, recipe_table : Table
        Tables of the world.
    bought : array of int
        Rows of the lanes whose buyers are in the level, sorted by buyer.
    """

    # What follows from inputs, which can change in mid-run; the builder sets it.
    whole_units: Flags
    any_whole: bool
    lost: Flags
    cancelled: Flags
    any_lost: bool
    any_given_up: bool
    unlimited: Index
    any_lot_rules: bool
    lanes_first: bool
    makes_at_once: Flags
    # What is made takes a while: items by that time.
    completions: list[Delayed]
    # What leaves the level: lanes with a fixed transport time, by that time, and lanes whose time is drawn.
    departures: list[Delayed]
    drawn: Index
    # How orders are split, where that is known to hold until an input changes; and how, if all lanes took orders.
    split: Split | None
    split_if_open: Floats | None

    def __init__(self, items: slice, sold: slice, item_table: Table, lane_table: Table, recipe_table: Table, bought: Index) -> None:
        self.items = items
        self.size = items.stop - items.start
        self.sold = sold
        owner = lane_table.seller[sold].astype(np.intp)
        # The items from the first to the last of those that sell; the lanes of a seller lie side by side.
        self.sellers = slice(int(owner[0]), int(owner[-1]) + 1) if len(owner) else slice(items.start, items.start)
        self.selling = self.sellers.stop - self.sellers.start
        self.seller = owner - self.sellers.start
        # For sums over the lanes of each seller.
        self.by_seller = Grouping(self.seller, self.selling)
        self.first_sold = np.searchsorted(self.seller, np.arange(self.selling + 1))
        at_once = np.flatnonzero(lane_table.order_delay[sold] == 0)
        # Lanes of the slice whose orders are seen in the phase in which they are placed.
        self.undelayed = compact(at_once)
        self.any_undelayed = bool(len(at_once))
        self.bought = bought
        self.buyer = lane_table.buyer[bought] - items.start
        # One lane for each buyer means that there is nothing to split.
        self.single_sourced = not bool((np.diff(self.buyer) == 0).any())
        self.order_of_placing(lane_table)
        self.may_return = np.zeros(self.size, np.bool_)
        self.makes = item_table.makes[items]
        self.any_makes = bool(self.makes.any())
        self.customers = item_table.customer[items]
        eaters = np.flatnonzero(self.customers)
        self.any_customers = bool(len(eaters))
        # From the first customer to the last one.
        self.eating = slice(items.start + int(eaters[0]), items.start + int(eaters[-1]) + 1) if len(eaters) else slice(0, 0)
        self.all_eat = len(eaters) == self.eating.stop - self.eating.start
        # The other items: before the customers and behind them, or all where customers stand among others or sell.
        around = (slice(items.start, self.eating.start), slice(self.eating.stop, items.stop))
        apart = self.any_customers and self.all_eat and not item_table.customer[owner].any()
        self.keeping = [rows for rows in around if rows.start < rows.stop] if apart else [items]
        # Recipe lines that make this level's items, grouped by item.
        makers = np.flatnonzero((recipe_table.item >= items.start) & (recipe_table.item < items.stop))
        self.lines = makers[np.argsort(recipe_table.item[makers], kind="stable")]
        self.line_item = recipe_table.item[self.lines] - items.start
        self.lined, self.first_line = np.unique(self.line_item, return_index=True)
        # Recipe lines that use this level's items.
        self.uses = np.flatnonzero((recipe_table.component >= items.start) & (recipe_table.component < items.stop))
        self.use_component = recipe_table.component[self.uses] - items.start
        self.use_item = recipe_table.item[self.uses]
        self.any_uses = bool(len(self.uses))

    def order_of_placing(self, lane_table: Table) -> None:
        """Note in which order to go through the lanes of `bought`: as they lie in the table, which is faster, where it keeps each buyer's order."""
        rows = self.bought
        if ((np.diff(rows) > 0) | (np.diff(self.buyer) > 0)).all():
            rows = np.sort(rows)
        self.placing = compact(rows.astype(np.intp))
        self.placing_buyer = lane_table.buyer[self.placing].astype(np.intp) - self.items.start
        # For sums over the lanes of each buyer, and for what a buyer's lanes have in common.
        self.by_buyer, self.buyers = Grouping(self.placing_buyer, self.size), Positions(self.placing_buyer)
        # Where they lie in a few ranges: each as rows of the table and as places among the lanes of `placing`.
        edges = [0, *(np.flatnonzero(np.diff(rows) != 1) + 1).tolist(), len(rows)]
        few = len(rows) > 0 and len(edges) <= FEW
        self.ranges = [(slice(int(rows[a]), int(rows[a]) + b - a), slice(a, b)) for a, b in itertools.pairwise(edges)] if few else []

    def put(self, column: Floats, values: Floats) -> None:
        """Write one value for each lane of `placing` into a column of lanes."""
        for rows, places in self.ranges:
            column[rows] = values[places]
        if not self.ranges:
            column[self.placing] = values

    def find_instant_lanes(self, lane_table: Table, drawn: Flags) -> None:
        """Note the lanes whose goods arrive in the phase in which they leave: without transport time, or with one that may be drawn 0."""
        rows = np.arange(lane_table.rows)[self.placing]
        fixed = (lane_table.transport_time[rows] == 0) & ~drawn[rows]
        self.instant = compact(rows[fixed])
        self.instant_buyer = self.placing_buyer[fixed]
        self.maybe_instant = compact(rows[drawn[rows]])
        self.maybe_instant_buyer = self.placing_buyer[drawn[rows]]

    @property
    def may_return(self) -> Flags:
        """Which items may order less than nothing."""
        return self._may_return

    @may_return.setter
    def may_return(self, rows: Flags) -> None:
        self._may_return = rows
        self.any_returns = bool(rows.any())

    @property
    def sellers_here(self) -> slice:
        """The items of `sellers` as places in the level."""
        return slice(self.sellers.start - self.items.start, self.sellers.stop - self.items.start)

    def lanes_of(self, sellers: Flags) -> tuple[Index, Index, Index]:
        """Of the items of `sellers` those that are marked, their lanes as places in `sold`, and the place of each lane's seller among the marked."""
        marked = np.flatnonzero(sellers)
        first = self.first_sold[marked]
        counts = self.first_sold[marked + 1] - first
        place = np.repeat(np.arange(len(marked)), counts)
        ends = np.cumsum(counts)
        lanes = np.arange(len(place)) + (first - (ends - counts))[place]
        return marked, lanes, place


def by_delay(delay: Index, rows: Index) -> list[Delayed]:
    """Rows by their delay, those without one left out.

    Examples
    --------
    >>> by_delay(np.array([2, 0, 1, 2]), np.array([4, 6, 7, 9]))
    [(1, slice(7, 8, None)), (2, array([4, 9]))]
    """
    return [(int(time), compact(rows[delay == time])) for time in np.unique(delay) if time > 0]


def in_table(part: slice, rows: slice | Index) -> slice | Index:
    """Rows of a table that are places in a slice of it."""
    return slice(rows.start + part.start, rows.stop + part.start) if isinstance(rows, slice) else rows + part.start
