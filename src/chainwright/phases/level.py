"""A level: the items that act at the same moment of a phase, with the lanes and recipes at their two sides."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.state.table import Table

Index = NDArray[Any]
Flags = NDArray[np.bool_]


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
    unlimited: Flags
    any_lot_rules: bool
    all_active: bool
    lanes_first: bool
    any_delayed_making: bool
    makes_at_once: Flags
    sold_delayed: Flags
    sold_instant: Flags
    any_transit: bool
    any_drawn: bool
    may_return: Flags

    def __init__(self, items: slice, sold: slice, item_table: Table, lane_table: Table, recipe_table: Table, bought: Index) -> None:
        self.items = items
        self.size = items.stop - items.start
        self.sold = sold
        self.seller = lane_table.seller[sold] - items.start
        self.bought = bought
        self.buyer = lane_table.buyer[bought] - items.start
        self.buyers, self.first_bought = np.unique(self.buyer, return_index=True)
        # One lane for each buyer means that there is nothing to split.
        self.single_sourced = len(self.buyers) == len(bought)
        self.buyer_group = np.repeat(np.arange(len(self.buyers)), np.diff([*self.first_bought, len(bought)]))
        self.makes = item_table.makes[items]
        self.any_makes = bool(self.makes.any())
        self.customers = item_table.customer[items]
        self.any_customers = bool(self.customers.any())
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

    def find_instant_lanes(self, lane_table: Table, drawn: Flags) -> None:
        """Note the lanes whose goods arrive in the phase in which they leave: without transport time, or with one that may be drawn 0."""
        fixed = (lane_table.transport_time[self.bought] == 0) & ~drawn[self.bought]
        self.instant = self.bought[fixed]
        self.instant_buyer = self.buyer[fixed]
        self.maybe_instant = self.bought[drawn[self.bought]]
        self.maybe_instant_buyer = self.buyer[drawn[self.bought]]
