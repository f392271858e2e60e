"""What the firms of a list make, resell, buy from outside and sell to end customers, so that what flows in is what flows out."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import breadth_first_order

from chainwright.network.populations.firm_lists.rows import Edges

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

# Sums of thousands of weights agree to so many digits; a smaller difference between sales and purchases is none.
ROUNDING = 1e-11
# What the firms of a closed circle sell to end customers beside their sales to each other.
CIRCLE_SHARE = 0.1


@dataclasses.dataclass(frozen=True)
class Book:
    """Sales and purchases by firm and product, one row each, and where the difference comes from or goes to; in units per period.

    Parameters
    ----------
    firm, product : array of int
        Rows of `Edges.firms` and `Edges.products`, in ascending order.
    sales, purchases : array of float
        What the list says.
    end : array of float
        Sold to end customers of the firm's own.
    outside : array of float
        Bought from outside the list.
    made, used : array of float
        Made by the firm, and used up in making.
    unlimited : array of bool
        What nobody in the list sells to the firm, and it does not make: it is an outside source of it.
    making, with_works : array of bool
        Firms that make something, and those of them that also buy a product that they make.
    customer, supplier : array of bool
        Firms that only buy, and firms that only sell.
    circle : array of bool
        Rows that belong to a closed circle.
    """

    firm: Rows
    product: Rows
    sales: Floats
    purchases: Floats
    end: Floats
    outside: Floats
    made: Floats
    used: Floats
    unlimited: NDArray[np.bool_]
    making: NDArray[np.bool_]
    with_works: NDArray[np.bool_]
    customer: NDArray[np.bool_]
    supplier: NDArray[np.bool_]
    circle: NDArray[np.bool_]
    products: int

    def rows(self, firm: Any, product: Any) -> Rows:
        """The rows of pairs of firm and product that are known to occur."""
        found: Rows = np.searchsorted(self.firm * self.products + self.product, np.asarray(firm, np.int64) * self.products + product)
        return found


def keep_book(edges: Edges, make: bool) -> Book:
    """Balance every firm.

    Parameters
    ----------
    edges : Edges
        The list, in units per period.
    make : bool
        Whether firms that buy other things than they sell make what they sell of what they buy.

    Examples
    --------
    A mill buys grain for 6 and sells flour for 10; a baker buys it, and nobody says whom the bread is for.

    >>> edges = Edges(np.array(["baker", "farm", "mill"], object), np.array(["flour", "grain"], object), np.array([1, 2]), np.array([2, 0]),
    ...               np.array([1, 0]), np.array([6.0, 10.0]), True, ())
    >>> book = keep_book(edges, make=True)
    >>> book.made.tolist(), book.used.tolist(), book.making.tolist()
    ([0.0, 0.0, 10.0, 0.0], [0.0, 0.0, 0.0, 6.0], [False, False, True])
    """
    firms, products = len(edges.firms), len(edges.products)
    selling, buying = edges.seller * products + edges.product, edges.buyer * products + edges.product
    cell, place = np.unique(np.concatenate([selling, buying]), return_inverse=True)
    seller, buyer = place[: len(selling)], place[len(selling) :]
    firm, product = cell // products, cell % products
    sales: Floats = np.bincount(seller, edges.weight, len(cell)).astype(np.float64)
    purchases: Floats = np.bincount(buyer, edges.weight, len(cell)).astype(np.float64)
    customer = np.bincount(firm, sales, firms) == 0.0
    supplier = np.bincount(firm, purchases, firms) == 0.0
    trading = ~customer[firm] & ~supplier[firm]
    nothing = np.zeros(len(cell))
    parts = _balanced(firm, product, sales, purchases, nothing, trading, make, firms)
    end, _, made, used, _, making = parts
    reached = _reached(seller, buyer, firm, made, used, making, (end > 0.0) | customer[firm])
    circle = ~reached & trading & (sales > 0.0)
    if circle.any():
        extra = np.where(circle, CIRCLE_SHARE * sales, 0.0)
        parts = _balanced(firm, product, sales, purchases, extra, trading, make, firms)
    end, outside, made, used, unlimited, making = parts
    with_works = np.bincount(firm, making[firm] & (made > 0.0) & (purchases > 0.0), firms) > 0
    unlimited = unlimited | (supplier[firm] & (sales > 0.0))
    return Book(
        firm, product, sales, purchases, end, outside, made, used, unlimited, making, with_works, customer, supplier, circle, products
    )  # fmt: skip


def _balanced(
    firm: Rows, product: Rows, sales: Floats, purchases: Floats, extra: Floats, trading: NDArray[np.bool_], make: bool, firms: int
) -> tuple[Floats, Floats, Floats, Floats, NDArray[np.bool_], NDArray[np.bool_]]:
    """What each firm sells to end customers (beside `extra`), buys outside, makes, uses, is a source of; and which firms make something."""
    wanted = sales + extra
    gap = np.where(trading, wanted - purchases, 0.0)
    gap[np.abs(gap) <= ROUNDING * np.maximum(wanted, purchases)] = 0.0
    short, over = np.maximum(gap, 0.0), np.maximum(-gap, 0.0)
    missing, left = np.bincount(firm, short, firms), np.bincount(firm, over, firms)
    making = (missing > 0.0) & (left > 0.0) if make else np.zeros(firms, np.bool_)
    maker = making[firm]
    end = extra + np.where(maker, 0.0, over)
    made, used = np.where(maker, short, 0.0), np.where(maker, over, 0.0)
    # Who uses more than is sold of the products makes that much more of the main one, for end customers.
    surplus = np.where(making, left - missing, 0.0)
    surplus[surplus <= ROUNDING * left] = 0.0
    if surplus.any():
        order = np.lexsort((product, -made, firm))
        main = order[np.diff(firm[order], prepend=-1) > 0]
        more = surplus[firm[main]]
        made[main] += more
        end[main] += more
    source = ~maker & (short > 0.0) & (purchases == 0.0)
    return end, np.where(maker | source, 0.0, short), made, used, source, making


def _reached(
    seller: Rows, buyer: Rows, firm: Rows, made: Floats, used: Floats, making: NDArray[np.bool_], ends: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Rows from which goods reach an end customer, by sale after sale and by what is made of them."""
    cells, firms = len(firm), len(making)
    using, getting = np.flatnonzero(used > 0.0), np.flatnonzero(made > 0.0)
    finals = np.flatnonzero(ends)
    # Up the chain from a node for all end customers; a firm that makes things is a node of its own, between what it uses and what it makes.
    top = cells + firms
    lower = np.concatenate([buyer, cells + firm[using], getting, np.full(len(finals), top)])
    upper = np.concatenate([seller, using, cells + firm[getting], finals])
    graph = coo_array((np.ones(len(lower), np.int8), (lower, upper)), shape=(top + 1, top + 1)).tocsr()
    found = np.zeros(top + 1, np.bool_)
    found[breadth_first_order(graph, top, directed=True, return_predecessors=False)] = True
    return found[:cells]
