"""A scenario's document as a NetworkX graph and back, and graphs as GraphML files with all their attributes."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

import networkx

from chainwright.words.columns import SCHEMA
from chainwright.words.errors import UsageError

Graph: TypeAlias = "networkx.MultiDiGraph[str]"

ENTERPRISE_KEYS = {column.name for column in SCHEMA.settable("enterprises")} | {"items", "tags"}
ITEM_KEYS = {column.name for column in SCHEMA.settable("items")} | {"demand", "in_process"}
LANE_KEYS = {column.name for column in SCHEMA.settable("lanes")} | {"seller", "buyer", "product", "orders_waiting", "in_transit"}
# Where a graph holds what is neither an enterprise nor a lane (products, policies, recipes, ...).
REST = "chainwright"
# An edge's place among the lanes of the file: edges of a graph have no order of their own.
POSITION = "position"


def to_graph(document: Mapping[str, Any]) -> Graph:
    """The network of a scenario: enterprises as nodes, lanes as edges from seller to buyer with the key (product, mode).

    Nodes and edges carry what the scenario says of them, and its free `attributes` beside; everything else (products, recipes,
    policies, ...) lies in ``graph.graph["chainwright"]``. `from_graph` makes the same document of it.

    Examples
    --------
    >>> document = {"enterprises": {"a": {"role": "supplier"}, "b": {"role": "customer"}},
    ...             "lanes": [{"seller": "a", "buyer": "b", "product": "x", "price": 3.0}]}
    >>> to_graph(document).edges["a", "b", ("x", "")]["price"]
    3.0
    """
    rest: dict[str, Any] = copy.deepcopy(dict(document))
    graph: Graph = networkx.MultiDiGraph()
    for name, entry in (rest.pop("enterprises", None) or {}).items():
        graph.add_node(name, **_spread(entry or {}, ENTERPRISE_KEYS))
    for position, lane in enumerate(rest.pop("lanes", None) or []):
        key = (lane["product"], lane.get("mode") or "")
        graph.add_edge(lane["seller"], lane["buyer"], key=key, **_spread(lane, LANE_KEYS), **{POSITION: position})
    for data in (data for _, _, data in graph.edges(data=True)):
        del data["seller"], data["buyer"]
    graph.graph[REST] = rest
    return graph


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
    attributes that are columns of items (``on_hand=12``) or ``demand`` (a policy, or a number for a constant one) are taken for
    the one product. Attributes that the model does not know are kept as free attributes.

    Parameters
    ----------
    graph : networkx.DiGraph or networkx.MultiDiGraph
        The network. Nodes become names by `str`.
    product : str
        The product of nodes and edges that name none.
    demand : float or mapping, optional
        Demand of customers that say none.
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
    names = _names(graph)
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


def _names(graph: networkx.Graph[Any]) -> dict[Any, str]:
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
    """An enterprise made of a plain node: its role, and the item of the one product."""
    entry.setdefault("role", _role(graph, node))
    columns = {key: entry.pop(key) for key in list(entry) if key in ITEM_KEYS}
    if entry["role"] == "customer":
        wanted = columns.get("demand", demand)
        if wanted is not None:
            columns["demand"] = copy.deepcopy(wanted) if isinstance(wanted, Mapping) else {"policy": "constant", "value": wanted}
    else:
        makes = any(recipe.get("enterprise") == str(node) for recipe in document.get("recipes") or [])
        source = not makes and not any(True for _ in graph.predecessors(node))  # type: ignore[attr-defined]
        columns = {**({"unlimited": True} if source else copy.deepcopy(dict(item))), **columns}
    return entry | {"items": {product: columns}}


def write_graphml(graph: networkx.Graph[Any], path: str | Path) -> Path:
    """Write a graph as GraphML; lists and mappings are written as JSON texts, which `read_graphml` turns back.

    The file is written beside its place and then moved there, so that it is there whole or not at all.

    Parameters
    ----------
    graph : networkx graph
        Such as `Scenario.graph` gives.
    path : str or path
        Where to write it.

    Returns
    -------
    Path
        Where it was written.

    Raises
    ------
    UsageError
        When the file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> import chainwright as cw
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = cw.write_graphml(cw.load("beer_game").graph(), folder + "/beer.graphml")
    ...     cw.read_graphml(path).number_of_edges()
    5
    """
    target = Path(path)
    plain: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    plain.graph.update({str(key): _to_text(value) for key, value in graph.graph.items()})
    names = _names(graph)
    for node, data in graph.nodes(data=True):
        plain.add_node(names[node], **{str(key): _to_text(value) for key, value in data.items()})
    for number, (seller, buyer, data) in enumerate(graph.edges(data=True)):
        plain.add_edge(names[seller], names[buyer], key=str(number), **{str(key): _to_text(value) for key, value in data.items()})
    beside = target.with_name(target.name + ".part")
    try:
        networkx.write_graphml(plain, beside)
        os.replace(beside, target)
    except OSError as failure:
        raise UsageError(f"cannot write {target}: {failure.strerror}") from None
    finally:
        beside.unlink(missing_ok=True)
    return target


def read_graphml(path: str | Path) -> Graph:
    """Read a GraphML file, whoever wrote it; edges that name a product get the key (product, mode).

    Parameters
    ----------
    path : str or path
        The file.

    Returns
    -------
    networkx.MultiDiGraph
        For `Scenario.from_graph`.

    Raises
    ------
    UsageError
        When there is no such file or it is no GraphML.
    """
    try:
        raw = networkx.read_graphml(path, force_multigraph=True)
    except OSError as failure:
        raise UsageError(f"cannot read {path}: {failure.strerror}") from None
    except (networkx.NetworkXError, SyntaxError, ValueError, KeyError) as failure:
        raise UsageError(f"{path} is no GraphML file ({failure})") from None
    if not raw.is_directed():
        raise UsageError(f"{path}: the edges of a network run from sellers to buyers; expected edgedefault=\"directed\"")
    graph: Graph = networkx.MultiDiGraph()
    graph.graph.update({key: _from_text(value) for key, value in raw.graph.items() if key not in ("node_default", "edge_default")})
    for node, data in raw.nodes(data=True):
        graph.add_node(node, **{key: _from_text(value) for key, value in data.items()})
    for seller, buyer, data in raw.edges(data=True):
        found = {key: _from_text(value) for key, value in data.items() if key != "id"}
        key = (found["product"], found.get("mode") or "") if "product" in found else None
        graph.add_edge(seller, buyer, key=None if key is None or graph.has_edge(seller, buyer, key) else key, **found)
    return graph


def _to_text(value: Any) -> Any:
    """A value that GraphML can hold: numbers, truth values and plain texts as they are, the rest as JSON."""
    if hasattr(value, "item") and not isinstance(value, Mapping | list):
        value = value.item()
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, str) and value[:1] not in ('"', "[", "{") and value != "null" and value == value.strip():
        return value
    return json.dumps(value, ensure_ascii=False, default=str)


def _from_text(value: Any) -> Any:
    if isinstance(value, str) and (value[:1] in ('"', "[", "{") or value == "null"):
        try:
            return json.loads(value)
        except ValueError:  # a text of somebody else's that only looks like JSON
            return value
    return value
