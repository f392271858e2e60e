"""Facts about a list of edges as a graph of firms: components, cycles and degrees."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from chainwright.network.populations.firm_lists.rows import Edges


@dataclasses.dataclass(frozen=True)
class Facts:
    """What a list of edges looks like.

    Parameters
    ----------
    firms, edges, products : int
        How many there are, repeated edges counted once.
    weight : float
        Sum of all weights.
    components, largest_component : int
        Parts of the network that trade with nobody in another part, and the firms of the largest.
    cycles, firms_in_cycles, largest_cycle : int
        Groups of firms whose goods come back to them in the end, all their firms, and those of the largest.
    sellers_per_buyer, most_sellers, buyers_per_seller, most_buyers : float and int
        Degrees: mean and largest.
    best_connected : str
        The firm with the most buyers.
    largest_seller : str
        The firm that sells most among those that also buy; among all where nobody does both.
    """

    firms: int
    edges: int
    products: int
    weight: float
    components: int
    largest_component: int
    cycles: int
    firms_in_cycles: int
    largest_cycle: int
    sellers_per_buyer: float
    most_sellers: int
    buyers_per_seller: float
    most_buyers: int
    best_connected: str
    largest_seller: str


def facts_of(edges: Edges) -> Facts:
    """Look at the graph of the firms.

    Examples
    --------
    >>> edges = Edges(np.array(["a", "b", "c"], object), np.array(["goods"], object), np.array([0, 1, 2]), np.array([1, 2, 1]),
    ...               np.zeros(3, int), np.array([5.0, 6.0, 1.0]), False, ())
    >>> facts = facts_of(edges)
    >>> facts.components, facts.cycles, facts.firms_in_cycles, facts.largest_seller
    (1, 1, 2, 'b')
    """
    count = len(edges.firms)
    pair = np.unique(edges.seller * count + edges.buyer)
    seller, buyer = pair // count, pair % count
    graph = coo_array((np.ones(len(pair), np.int8), (seller, buyer)), shape=(count, count))
    parts, part = connected_components(graph, directed=False)
    groups, group = connected_components(graph, directed=True, connection="strong")
    sizes = _sizes(group, groups)
    circular = sizes[sizes > 1]
    buyers, sellers = _sizes(seller, count), _sizes(buyer, count)
    sales = np.bincount(edges.seller, edges.weight, count)
    both = sales * ((buyers > 0) & (sellers > 0))
    return Facts(
        firms=count,
        edges=len(edges.weight),
        products=len(edges.products),
        weight=float(edges.weight.sum()),
        components=int(parts),
        largest_component=int(_sizes(part, parts).max()),
        cycles=len(circular),
        firms_in_cycles=int(circular.sum()),
        largest_cycle=int(circular.max(initial=0)),
        sellers_per_buyer=len(pair) / int((sellers > 0).sum()),
        most_sellers=int(sellers.max()),
        buyers_per_seller=len(pair) / int((buyers > 0).sum()),
        most_buyers=int(buyers.max()),
        best_connected=str(edges.firms[np.argmax(buyers)]),
        largest_seller=str(edges.firms[np.argmax(both if both.any() else sales)]),
    )


def _sizes(label: NDArray[Any], count: int) -> NDArray[np.int64]:
    return np.bincount(label, minlength=count).astype(np.int64)
