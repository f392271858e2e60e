"""The enterprises, items, lanes and recipes that follow from a balanced book of sales and purchases."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.network.populations.balance import Flows
from chainwright.network.populations.columns import Items
from chainwright.network.populations.firm_lists.balance_rules import Book
from chainwright.network.populations.firm_lists.rows import Edges

Floats = NDArray[np.float64]
OUTSIDE = "outside"
ROLES = ["customer", "distributor", "manufacturer", "retailer", "supplier"]


@dataclasses.dataclass(frozen=True)
class Firms:
    """All enterprises, in ascending order of their names: the firms of the list, and those that belong to them.

    Parameters
    ----------
    name : array of str
        Names.
    role : array of int
        Places in `ROLES`.
    own, customers, works : array of int
        For each firm of the list the rows of itself, of its end customers and of its works; -1 where it has none.
    outside : int
        Row of the enterprise that stands for everybody outside the list; -1 where nothing comes from there.
    """

    name: NDArray[Any]
    role: NDArray[np.int8]
    own: NDArray[np.int64]
    customers: NDArray[np.int64]
    works: NDArray[np.int64]
    outside: int


@dataclasses.dataclass(frozen=True)
class Trade:
    """The network: items, lanes with the flow that the list says, and recipes.

    Lanes come in the order of their sellers and then of their buyers; `listed` marks those of the list.
    """

    items: Items
    seller: NDArray[np.int32]
    buyer: NDArray[np.int32]
    flow: Floats
    listed: NDArray[np.bool_]
    unlimited: NDArray[np.bool_]
    demand: Floats
    recipe_item: NDArray[np.int32]
    recipe_component: NDArray[np.int32]
    recipe_quantity: Floats

    def flows(self) -> Flows:
        """The steady flow of each item and lane, which the list says."""
        count = len(self.items)
        flow = self.demand + np.bincount(self.seller, self.flow, count)
        made = np.bincount(self.recipe_item, minlength=count) > 0
        flow += np.bincount(self.recipe_component, self.recipe_quantity * flow[self.recipe_item], count)
        return Flows(flow, self.flow, np.where(made, flow, 0.0), made)


def found_firms(edges: Edges, book: Book) -> Firms:
    """Name the enterprises and give each its role.

    Who resells is a retailer where more than half of it goes to end customers, else a distributor.
    """
    count = len(edges.firms)
    selling = np.bincount(book.firm, book.end, count) > 0.0
    to_ends = np.bincount(edges.seller, np.where(book.customer[edges.buyer], edges.weight, 0.0), count) + np.bincount(book.firm, book.end, count)
    total = np.bincount(book.firm, book.sales + book.end, count)
    role = np.where(to_ends > 0.5 * total, ROLES.index("retailer"), ROLES.index("distributor"))
    role[book.making] = ROLES.index("manufacturer")
    role[book.supplier] = ROLES.index("supplier")
    role[book.customer] = ROLES.index("customer")
    taken = set(edges.firms.tolist())
    with_customers, with_works = np.flatnonzero(selling), np.flatnonzero(book.with_works)
    names = edges.firms.tolist()
    names += [_fresh(f"{edges.firms[row]} customers", taken) for row in with_customers]
    names += [_fresh(f"{edges.firms[row]} works", taken) for row in with_works]
    roles = [role, np.full(len(with_customers), ROLES.index("customer")), np.full(len(with_works), ROLES.index("manufacturer"))]
    if bool((book.outside > 0.0).any()):
        names.append(_fresh(OUTSIDE, taken))
        roles.append(np.array([ROLES.index("supplier")]))
    column = np.empty(len(names), object)
    column[:] = names
    order = np.argsort(column, kind="stable")
    place = np.argsort(order, kind="stable")
    customers, works = np.full(count, -1, np.int64), np.full(count, -1, np.int64)
    customers[with_customers] = place[count : count + len(with_customers)]
    works[with_works] = place[count + len(with_customers) : count + len(with_customers) + len(with_works)]
    outside = int(place[-1]) if bool((book.outside > 0.0).any()) else -1
    return Firms(column[order], np.concatenate(roles).astype(np.int8)[order], place[:count], customers, works, outside)


def _fresh(name: str, taken: set[str]) -> str:
    """A name that nobody has."""
    while name in taken:
        name += "_"
    taken.add(name)
    return name


def lay_out(edges: Edges, book: Book, firms: Firms) -> Trade:
    """The items that firms keep, the lanes between them and the recipes by which they make."""
    works = book.with_works[book.firm]
    made, used = book.made > 0.0, book.used > 0.0
    # Where a firm has works, what is only used lies there; what is sold as well, or made, lies at the firm and at the works.
    at_works = works & (made | used)
    at_firm = ~works | ~used | (book.sales > 0.0)
    both = at_works & at_firm
    outside, end = book.outside > 0.0, book.end > 0.0
    own, works_row = firms.own[book.firm], firms.works[book.firm]
    items = Items(
        book.products,
        (own[at_firm], book.product[at_firm]),
        (works_row[at_works], book.product[at_works]),
        (np.full(int(outside.sum()), firms.outside), book.product[outside]),
        (firms.customers[book.firm[end]], book.product[end]),
    )
    sold, bought = book.rows(edges.seller, edges.product), book.rows(edges.buyer, edges.product)
    buying = np.where(at_firm, own, works_row)
    to_house, to_works = both & made, both & used
    ends = [
        (own[sold], buying[bought], edges.product, edges.weight),
        (np.full(int(outside.sum()), firms.outside), own[outside], book.product[outside], book.outside[outside]),
        (works_row[to_house], own[to_house], book.product[to_house], book.made[to_house]),
        (own[to_works], works_row[to_works], book.product[to_works], book.used[to_works]),
        (own[end], firms.customers[book.firm[end]], book.product[end], book.end[end]),
    ]
    seller = np.concatenate([items.rows(one[0], one[2]) for one in ends])
    buyer = np.concatenate([items.rows(one[1], one[2]) for one in ends])
    flow = np.concatenate([one[3] for one in ends])
    listed = np.arange(len(seller)) < len(edges.weight)
    order = np.lexsort((buyer, seller))
    unlimited = np.zeros(len(items), np.bool_)
    unlimited[items.rows(own[book.unlimited], book.product[book.unlimited])] = True
    if firms.outside >= 0:
        unlimited[items.enterprise == firms.outside] = True
    consuming = np.array([role == ROLES.index("customer") for role in firms.role], np.bool_)[items.enterprise]
    demand = np.where(consuming, np.bincount(buyer, flow, len(items)), 0.0)
    return Trade(
        items, seller[order], buyer[order], flow[order], listed[order], unlimited, demand, *_recipes(book, items, np.where(at_works, works_row, own))
    )


def _recipes(book: Book, items: Items, home: NDArray[np.int64]) -> tuple[NDArray[np.int32], NDArray[np.int32], Floats]:
    """Every made product of a firm is made of everything that it uses: for a unit, what is used of each over all that is made."""
    count = len(book.making)
    using, making = np.flatnonzero(book.used > 0.0), np.flatnonzero(book.made > 0.0)
    total = np.bincount(book.firm, book.made, count)
    number = np.bincount(book.firm[using], minlength=count)
    first = np.concatenate([[0], np.cumsum(number)])
    lines = number[book.firm[making]]
    product = np.repeat(making, lines)
    # The components of a firm stand side by side, for the book is in the order of firms.
    component = using[np.arange(len(product)) - np.repeat(np.cumsum(lines) - lines, lines) + np.repeat(first[book.firm[making]], lines)]
    quantity = book.used[component] / total[book.firm[component]]
    return items.rows(home[product], book.product[product]), items.rows(home[component], book.product[component]), quantity
