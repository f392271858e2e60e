"""What was derived from a list of edges, in words: one sentence for each thing that nobody said."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.network.populations.firm_lists.balance_rules import CIRCLE_SHARE, Book
from chainwright.network.populations.firm_lists.network import ROLES, Firms, Trade
from chainwright.network.populations.firm_lists.rows import Edges

# Parameters of the generator that no list of edges says, and the rows that have them.
UNSAID = {"order_delay": "lane", "transport_time": "lane", "production_time": "made item"}


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun.

    Examples
    --------
    >>> counted(1, "firm"), counted(4211, "firm"), counted(2, "works", "works")
    ('1 firm', '4,211 firms', '2 works')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def told_of(said: Any, edges: Edges, book: Book, firms: Firms, trade: Trade, stocked: NDArray[np.bool_]) -> list[str]:
    """The sentences, in the order in which things were worked out.

    Parameters
    ----------
    said : EdgeList
        The generator, with its parameters.
    edges, book, firms, trade
        What was read, and what came of it.
    stocked : array of bool
        Items with stock.
    """
    told = []
    if said.weight_periods != 1.0:
        told.append(f"weights are sums over {said.weight_periods:,.6g} periods, and divided by that")
    told.append(_roles(edges, book, firms))
    if edges.by_product or book.making.any():
        told += _making(book)
    told += _ends(edges, book)
    circle = np.unique(book.firm[book.circle])
    if len(circle):
        share = f"{CIRCLE_SHARE:.0%}"
        told.append(
            f"closed circles: {counted(len(circle), 'firm')} sell only to each other as much as they buy, so that nobody would ask for anything; "
            f"each sells {share} of its sales to end customers as well, and has {share} more to sell from outside or by what it makes"
        )
    to_customers = firms.role[trade.items.enterprise[trade.buyer]] == ROLES.index("customer")
    rows = {
        "order_delay": int((~to_customers).sum()),
        "transport_time": int((~to_customers).sum()),
        "production_time": int((np.bincount(trade.recipe_item, minlength=1) > 0).sum()),
    }
    defaults = {field.name: field.default for field in said.parameters()}
    for name, what in UNSAID.items():
        if getattr(said, name) == defaults[name] and rows[name]:
            none = "; none on lanes to customers" if what == "lane" else ""
            told.append(f"{name}: {defaults[name]} on {counted(rows[name], what)}, because the file does not say{none}")
    if stocked.any():
        told.append(
            f"on_hand, safety_stock and base_stock_level of {counted(int(stocked.sum()), 'item')} follow from the flow through them, delays and "
            f"cover, and orders_waiting and in_transit of {counted(int((~to_customers).sum()), 'lane')} hold the flow of each period of delay"
        )
    return told


def _roles(edges: Edges, book: Book, firms: Firms) -> str:
    listed = np.bincount(firms.role[firms.own], minlength=len(ROLES))
    number = dict(zip(ROLES, listed.tolist(), strict=True))
    parts = [
        (number["supplier"], "only sells", "only sell", "supplier, without limit"),
        (number["manufacturer"], "makes what it sells", "make what they sell", "manufacturer"),
        (number["distributor"], "resells", "resell", "distributor"),
        (number["retailer"], "resells mostly to end customers", "resell mostly to end customers", "retailer"),
        (number["customer"], "only buys", "only buy", "customer, whose demand is what it buys"),
    ]
    told = [f"{count:,} {one if count == 1 else many} ({role})" for count, one, many, role in parts if count]
    return f"roles of {counted(len(edges.firms), 'firm')}: {', '.join(told)}"


def _making(book: Book) -> list[str]:
    told = []
    if book.making.any():
        used = np.bincount(book.firm, book.used, len(book.making))[book.making]
        made = np.bincount(book.firm, book.made, len(book.making))[book.making]
        lines = int((book.used > 0.0).sum())
        told.append(
            f"recipes of {counted(int(book.making.sum()), 'firm')}: quantities of {counted(lines, 'component')} are what is bought for a unit "
            f"of what is made; the rest of its worth, {1.0 - used.sum() / made.sum():.0%} in all, is value added"
        )
    if book.with_works.any():
        number = int(book.with_works.sum())
        told.append(
            f"works of {counted(number, 'firm')} that also buy a product that they make: an enterprise called '<firm> works' makes it "
            "for the firm, which sells it together with what it buys"
        )
    return told


def _ends(edges: Edges, book: Book) -> list[str]:
    """Where the difference between sales and purchases of those who resell goes to, and comes from."""
    told = []
    end = (book.end > 0.0) & ~book.circle
    if end.any():
        number, amount = len(np.unique(book.firm[end])), book.end[end].sum()
        verb = "that buys more than it sells" if number == 1 else "that buy more than they sell"
        told.append(f"end demand at {counted(number, 'firm')} {verb}: {_money(amount)} per period in all, of customers called '<firm> customers'")
    outside = (book.outside > 0.0) & ~book.circle
    sources = book.unlimited & ~book.supplier[book.firm]
    if outside.any():
        number, amount = len(np.unique(book.firm[outside])), book.outside[outside].sum()
        verb = "that sells more than it buys" if number == 1 else "that sell more than they buy"
        told.append(f"outside supply to {counted(number, 'firm')} {verb}: {_money(amount)} per period in all, from 'outside'")
    if sources.any():
        number = len(np.unique(book.firm[sources]))
        told.append(f"{counted(int(sources.sum()), 'item')} without limit, of {counted(number, 'firm')}: sold, but neither bought nor made")
    return told


def _money(amount: float) -> str:
    """A sum of money: a million and more in full, never as a power of ten.

    Examples
    --------
    >>> _money(7_965_113.27), _money(765.5)
    ('7,965,113', '765.5')
    """
    return f"{amount:,.0f}" if 1e6 <= amount < 1e15 else f"{amount:,.6g}"
