"""A scenario's document as a NetworkX graph and back."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any, TypeAlias

import networkx

from chainwright.network.graph_formats import REST
from chainwright.words.errors import UsageError
from chainwright.words.subjects import SCHEMA

Graph: TypeAlias = "networkx.MultiDiGraph[str]"

ENTERPRISE_KEYS = {column.name for column in SCHEMA.settable("enterprises")} | {"items", "tags"}
ITEM_KEYS = {column.name for column in SCHEMA.settable("items")} | {"demand", "in_process"}
LANE_KEYS = {column.name for column in SCHEMA.settable("lanes")} | {"seller", "buyer", "product", "orders_waiting", "in_transit"}
# An edge's place among the lanes of the file: edges of a graph have no order of their own.
POSITION = "position"


def to_graph(document: Mapping[str, Any]) -> Graph:
    """The network of a scenario: enterprises as nodes, lanes as edges from seller to buyer with the key `lane_key` gives.

    Nodes and edges carry what the scenario says of them, and its free `attributes` beside; everything else (products, recipes,
    policies, ...) lies in ``graph.graph["chainwright"]``. `from_graph` makes the same document of it.

    Examples
    --------
    >>> document = {"enterprises": {"a": {"role": "supplier"}, "b": {"role": "customer"}},
    ...             "lanes": [{"seller": "a", "buyer": "b", "product": "x", "price": 3.0}]}
    >>> to_graph(document).edges["a", "b", "x"]["price"]
    3.0
    """
    rest: dict[str, Any] = copy.deepcopy(dict(document))
    graph: Graph = networkx.MultiDiGraph()
    for name, entry in (rest.pop("enterprises", None) or {}).items():
        graph.add_node(name, **_spread(entry or {}, ENTERPRISE_KEYS))
    for position, lane in enumerate(rest.pop("lanes", None) or []):
        key = lane_key(lane["product"], lane.get("mode"))
        graph.add_edge(lane["seller"], lane["buyer"], key=key, **_spread(lane, LANE_KEYS), **{POSITION: position})
    for data in (data for _, _, data in graph.edges(data=True)):
        del data["seller"], data["buyer"]
    graph.graph[REST] = rest
    return graph


def lane_key(product: str, mode: str | None = "") -> str:
    """The key of a lane's edge: its product, and its mode behind where it has one; a text, which every format of graphs can hold.

    Examples
    --------
    >>> lane_key("tea"), lane_key("tea", "sea")
    ('tea', 'tea>sea')
    """
    return f"{product}>{mode}" if mode else str(product)


def _spread(entry: dict[str, Any], known: set[str]) -> dict[str, Any]:
    """An entry with its free attributes beside its keys; those that would hide a key stay where they are."""
    kept = {key: value for key, value in entry.items() if key != "attributes"}
    free = entry.get("attributes") or {}
    taken = known | {"attributes", POSITION}
    kept.update({key: value for key, value in free.items() if key not in taken})
    hidden = {key: value for key, value in free.items() if key in taken}
    return kept | ({"attributes": hidden} if hidden else {})


def _gathered(data: Mapping[str, Any], known: set[str]) -> dict[str, Any]:
    """The opposite of `_spread`: what is no key of an entry goes to its free attributes."""
    entry = {key: copy.deepcopy(value) for key, value in data.items() if key in known}
    free = {key: copy.deepcopy(value) for key, value in data.items() if key not in known and key not in ("attributes", POSITION)}
    free.update(copy.deepcopy(data.get("attributes") or {}))
    return entry | ({"attributes": free} if free else {})


def from_graph(
    graph: networkx.Graph[Any],
    *,
    product: str = "product",
    demand: Any = None,
    item: Mapping[str, Any] | None = None,
    lane: Mapping[str, Any] | None = None,
    **sections: Any,
) -> dict[str, Any]:
    """The document of a graph whose edges run from sellers to buyers.

    A graph that `to_graph` made gives its document back. In any other graph a node is an enterprise and an edge a lane; what a
    node or an edge does not say comes from the parameters: roles from its place (without buyers a customer, without sellers a
    supplier, selling to a customer a retailer, else a distributor), suppliers without a recipe are outside sources, and node
    attributes that are columns of items (``on_hand=12``) or ``demand`` (a policy, a number for a constant one, or these by product)
    are taken for each product of its edges. Attributes that the model does not know are kept as free attributes.

    Parameters
    ----------
    graph : networkx.DiGraph or networkx.MultiDiGraph
        The network. Nodes become names by `str`.
    product : str
        The product of nodes and edges that name none.
    demand : float or mapping, optional
        Demand of customers that say none, for each product that they buy: a number, a policy, or these by product.
    item, lane : mapping, optional
        Columns of the items of everybody who is neither a customer nor an outside source, and of lanes, where they say nothing.
    **sections
        Other keys of a scenario file (``title, horizon, period, policies``, ...); they replace what the graph holds.

    Examples
    --------
    >>> import networkx
    >>> chain = networkx.path_graph(3, create_using=networkx.DiGraph)
    >>> document = from_graph(chain, demand=4, lane={"transport_time": 2}, horizon=20,
    ...                       policies={"place_orders": {"default": {"policy": "base_stock", "level": 12}}})
    >>> [entry["role"] for entry in document["enterprises"].values()]
    ['supplier', 'retailer', 'customer']
    >>> document["lanes"][0]
    {'seller': '0', 'buyer': '1', 'product': 'product', 'transport_time': 2}
    """
    if not graph.is_directed():
        raise UsageError("the edges of a network run from sellers to buyers; expected a directed graph, such as networkx.DiGraph")
    own = graph.graph.get(REST)
    if own is not None and not isinstance(own, Mapping):
        raise UsageError(f"graph.graph[{REST!r}] holds {own!r}; expected the rest of a scenario, as a mapping")
    document: dict[str, Any] = {**copy.deepcopy(dict(own or {})), **copy.deepcopy(sections)}
    names = names_of(graph)
    if own is None:
        document.setdefault("chainwright", 1)
        document.setdefault("horizon", 100)
        document["products"] = _products(graph, product, document.get("products"))
    enterprises = {}
    for node, data in graph.nodes(data=True):
        plain = own is None and "items" not in data
        entry = _gathered(data, ENTERPRISE_KEYS | (ITEM_KEYS if plain else set()))
        enterprises[names[node]] = _completed(graph, node, entry, product, demand, item or {}, document) if plain else entry
        if own is None:
            enterprises[names[node]].setdefault("role", _role(graph, node))
    edges = list(graph.edges(data=True))
    edges.sort(key=lambda edge: (POSITION not in edge[2], edge[2].get(POSITION, 0)))
    lanes = []
    for seller, buyer, data in edges:
        # The ends of the edge win over attributes of these names, so that renaming nodes renames lanes.
        entry = {"seller": names[seller], "buyer": names[buyer], "product": product, **copy.deepcopy(dict(lane or {})), **_gathered(data, LANE_KEYS)}
        lanes.append(entry | {"seller": names[seller], "buyer": names[buyer]})
    return _ordered({**document, "enterprises": enterprises, "lanes": lanes})


def _ordered(document: dict[str, Any]) -> dict[str, Any]:
    """The sections in the order in which files have them."""
    first = ("chainwright", "title", "description", "source", "period", "start", "horizon", "warm_up", "seed", "products", "enterprises", "lanes")
    return {key: document[key] for key in first if key in document} | document


def names_of(graph: networkx.Graph[Any]) -> dict[Any, str]:
    """The name of each node, as text."""
    names = {node: str(node) for node in graph}
    if len(set(names.values())) < len(names):
        raise UsageError("two nodes of the graph have the same name when written as text")
    return names


def _products(graph: networkx.Graph[Any], product: str, said: Any) -> dict[str, Any]:
    """Every product that the graph speaks of."""
    found = [data.get("product", product) for _, _, data in graph.edges(data=True)]
    found += [one for _, data in graph.nodes(data=True) for one in data.get("items") or {}]
    return dict(said or {}) | {one: {} for one in dict.fromkeys(found or [product]) if one not in (said or {})}


def _role(graph: networkx.Graph[Any], node: Any) -> str:
    """What an enterprise is, by its place in a directed graph."""
    buyers = list(graph.neighbors(node))
    if not buyers:
        return "customer"
    if not any(True for _ in graph.predecessors(node)):  # type: ignore[attr-defined]
        return "supplier"
    ends = (graph.nodes[one].get("role", "") == "customer" or not any(True for _ in graph.neighbors(one)) for one in buyers)
    return "retailer" if any(ends) else "distributor"


def _completed(
    graph: networkx.Graph[Any], node: Any, entry: dict[str, Any], product: str, demand: Any, item: Mapping[str, Any], document: Mapping[str, Any]
) -> dict[str, Any]:
    """An enterprise made of a plain node: its role, and an item of each product that reaches it or leaves it."""
    entry.setdefault("role", _role(graph, node))
    columns = {key: entry.pop(key) for key in list(entry) if key in ITEM_KEYS}
    bought, sold = (
        dict.fromkeys(data.get("product", product) for *_, data in edges(node, data=True))
        for edges in (graph.in_edges, graph.out_edges)  # type: ignore[attr-defined]
    )
    made = {recipe.get("product") for recipe in document.get("recipes") or [] if recipe.get("enterprise") == str(node)}
    items = {}
    for one in bought | sold or {product: None}:
        own = copy.deepcopy(columns)
        if entry["role"] == "customer":
            if (wanted := _of_product(columns.get("demand", demand), one)) is not None:
                own["demand"] = copy.deepcopy(wanted) if isinstance(wanted, Mapping) else {"policy": "constant", "value": wanted}
        else:
            source = one not in bought and one not in made
            own = {**({"unlimited": True} if source else copy.deepcopy(dict(item))), **own}
        items[one] = own
    return entry | {"items": items}


def _of_product(demand: Any, product: str) -> Any:
    """The demand of one product, where it is said product by product; a policy is the same for all."""
    by_product = isinstance(demand, Mapping) and "policy" not in demand
    return demand.get(product) if by_product else demand
