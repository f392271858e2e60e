"""Graphs as files that other programs know: GraphML, GEXF and node-link JSON, with all their attributes, there and back."""

from __future__ import annotations

import contextlib
import json
import os
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import networkx

from chainwright.network.graph import Graph, lane_key, names_of
from chainwright.network.graph_formats import FORMATS
from chainwright.words.errors import UsageError
from chainwright.words.file_names import refuse_long
from chainwright.words.replacing import refuse_to_replace, unwritable

# Names that GEXF has for its own use.
TAKEN = frozenset(
    ("id", "label", "pid", "parents", "start", "end", "slices", "spells", "viz", "type", "weight", "key", "for", "source", "target", "networkx_key")
)
OWN = "chainwright "
GEXF = "{http://www.gexf.net/1.2draft}"


def write_graph(graph: networkx.Graph[Any], path: str | Path) -> Path:
    """Write a graph as GraphML, GEXF or node-link JSON, by the ending of the name: ``.graphml``, ``.gexf`` or ``.json``.

    Lists and mappings are written as JSON texts where the format has none; `read_graph` turns them back. The file is there whole or
    not at all.

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
        When the ending is none of these, or the file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> import chainwright as cw
    >>> scenario = cw.load("beer_game")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = cw.write_graph(scenario.graph(), folder + "/beer.gexf")
    ...     cw.Scenario.from_graph(cw.read_graph(path)) == scenario
    True
    """
    return _write(graph, Path(path), _suffix(Path(path)))


def _write(graph: networkx.Graph[Any], target: Path, suffix: str) -> Path:
    called, sign = FORMATS[suffix]
    refuse_to_replace(target, sign, f"{called} file")
    text = _WRITERS[suffix](graph)
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        beside.write_text(text, encoding="utf-8")
        os.replace(beside, target)
    except OSError as failure:
        raise unwritable(f"cannot write {target}", failure) from None
    finally:
        with contextlib.suppress(OSError):
            beside.unlink()
    return target


def read_graph(path: str | Path) -> Graph:
    """Read a graph from a file in GraphML, GEXF or node-link JSON, whoever wrote it; edges that name a product get the key of its lane.

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
        When there is no such file, its ending is none of these, or it is no such file.
    """
    return _read(Path(path), _suffix(Path(path)))


def _read(source: Path, suffix: str) -> Graph:
    called, _ = FORMATS[suffix]
    refuse_long(source)
    try:
        raw = _READERS[suffix](source)
    except OSError as failure:
        raise UsageError(f"cannot read {source}: {failure.strerror}") from None
    except (networkx.NetworkXException, SyntaxError, ValueError, KeyError, TypeError, AttributeError) as failure:
        raise UsageError(f"{source} is no {called} file ({' '.join(str(failure).split())[:200]})") from None
    if not raw.is_directed():
        raise UsageError(f"{source}: the edges of a network run from sellers to buyers; expected a directed graph")
    graph: Graph = networkx.MultiDiGraph()
    graph.graph.update({key: value for key, value in raw.graph.items() if key not in ("node_default", "edge_default")})
    graph.add_nodes_from(raw.nodes(data=True))
    for seller, buyer, data in raw.edges(data=True):
        found = {name: value for name, value in data.items() if name != "id"}
        key = lane_key(found["product"], found.get("mode")) if isinstance(found.get("product"), str) else None
        graph.add_edge(seller, buyer, key=None if key is None or graph.has_edge(seller, buyer, key) else key, **found)
    return graph


def write_graphml(graph: networkx.Graph[Any], path: str | Path) -> Path:
    """Write a graph as GraphML, whatever the name ends in; see `write_graph`.

    Examples
    --------
    >>> import tempfile
    >>> import chainwright as cw
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = cw.write_graphml(cw.load("beer_game").graph(), folder + "/beer.graphml")
    ...     cw.read_graphml(path).number_of_edges()
    5
    """
    return _write(graph, Path(path), ".graphml")


def read_graphml(path: str | Path) -> Graph:
    """Read a GraphML file, whatever its name ends in; see `read_graph`."""
    return _read(Path(path), ".graphml")


def _suffix(path: Path) -> str:
    found = path.suffix.lower()
    if found not in FORMATS:
        raise UsageError(f"{path}: expected a name that ends in {', '.join(FORMATS)}, the formats of graphs that are known here")
    return found


# --- plain graphs, whose attributes every format can hold --------------------------------------------------------


def _plain(graph: networkx.Graph[Any], name: Callable[[str], str] = str) -> networkx.MultiDiGraph[str]:
    """The graph with texts, numbers and truth values only."""
    plain: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    plain.graph.update({str(key): _to_text(value) for key, value in graph.graph.items()})
    names = names_of(graph)
    for node, data in graph.nodes(data=True):
        plain.add_node(names[node], **{name(str(key)): _to_text(value) for key, value in data.items()})
    for number, (seller, buyer, data) in enumerate(graph.edges(data=True)):
        plain.add_edge(names[seller], names[buyer], key=str(number), **{name(str(key)): _to_text(value) for key, value in data.items()})
    return plain


def _to_text(value: Any) -> Any:
    """A value that any format can hold: numbers, truth values and plain texts as they are, the rest as JSON."""
    if hasattr(value, "item") and not isinstance(value, Mapping | list):
        value = value.item()
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, str) and value[:1] not in ('"', "[", "{") and value != "null" and value == value.strip() and value:
        return value
    return json.dumps(value, ensure_ascii=False, default=str)


def _from_text(value: Any) -> Any:
    if isinstance(value, str) and (value[:1] in ('"', "[", "{") or value == "null"):
        try:
            return json.loads(value)
        except ValueError:  # a text of somebody else's that only looks like JSON
            return value
    return value


# --- GraphML -----------------------------------------------------------------------------------------------------


def _to_graphml(graph: networkx.Graph[Any]) -> str:
    return "\n".join(networkx.generate_graphml(_plain(graph))) + "\n"


def _from_graphml(path: Path) -> networkx.Graph[Any]:
    raw = networkx.read_graphml(path, force_multigraph=True)
    for held in (raw.graph, *(data for _, data in raw.nodes(data=True)), *(data for *_, data in raw.edges(data=True))):
        held.update({key: _from_text(value) for key, value in held.items()})
    return raw


# --- GEXF, which has no attributes of the graph: they go into its description ------------------------------------


def _to_gexf(graph: networkx.Graph[Any]) -> str:
    plain = _plain(graph, lambda name: OWN + name if name in TAKEN else name)
    held = dict(plain.graph)
    plain.graph.clear()
    for group in ([data for _, data in plain.nodes(data=True)], [data for *_, data in plain.edges(data=True)]):
        _of_one_type(group)
    root = ElementTree.fromstring("\n".join(networkx.generate_gexf(plain)))
    meta = root.find(f"{GEXF}meta")
    assert meta is not None
    ElementTree.SubElement(meta, f"{GEXF}description").text = json.dumps({"graph": held}, ensure_ascii=False)
    ElementTree.register_namespace("", GEXF[1:-1])
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _of_one_type(group: list[dict[str, Any]]) -> None:
    """An attribute has one type in all nodes, or in all edges: of several, all are texts."""
    kinds: dict[str, set[type]] = {}
    for data in group:
        for name, value in data.items():
            kinds.setdefault(name, set()).add(type(value))
    mixed = [name for name, found in kinds.items() if len(found) > 1]
    for data in group:
        data.update({name: OWN + json.dumps(data[name], ensure_ascii=False) for name in mixed if name in data})


def _of_gexf(value: Any) -> Any:
    held = json.loads(value.removeprefix(OWN)) if isinstance(value, str) and value.startswith(OWN) else value
    return _from_text(held)


def _from_gexf(path: Path) -> networkx.Graph[Any]:
    raw = networkx.read_gexf(path)
    graph: networkx.Graph[Any] = networkx.MultiDiGraph() if raw.is_directed() else networkx.MultiGraph()
    said = next((one.text or "" for one in ElementTree.parse(path).getroot().iter() if one.tag.rpartition("}")[2] == "description"), "")
    held = _from_text(said)
    own = held["graph"] if isinstance(held, dict) and isinstance(held.get("graph"), dict) else {}
    graph.graph.update({key: _from_text(value) for key, value in own.items()})
    for node, data in raw.nodes(data=True):
        found = {key.removeprefix(OWN): _of_gexf(value) for key, value in data.items() if key != "label" or value != node}
        graph.add_node(node, **found)
    for seller, buyer, data in raw.edges(data=True):
        graph.add_edge(seller, buyer, **{key.removeprefix(OWN): _of_gexf(value) for key, value in data.items() if key not in ("id", "networkx_key")})
    return graph


# --- node-link JSON ----------------------------------------------------------------------------------------------


def _to_json(graph: networkx.Graph[Any]) -> str:
    names = names_of(graph)
    nodes = [{**data, "id": names[node]} for node, data in graph.nodes(data=True)]
    ends = enumerate(graph.edges(data=True))
    edges = [{**data, "source": names[seller], "target": names[buyer], "key": number} for number, (seller, buyer, data) in ends]
    held = {"directed": graph.is_directed(), "multigraph": True, "graph": dict(graph.graph), "nodes": nodes, "edges": edges}
    return json.dumps(held, ensure_ascii=False, indent=1, default=lambda value: value.item() if hasattr(value, "item") else str(value)) + "\n"


def _from_json(path: Path) -> networkx.Graph[Any]:
    held = json.loads(path.read_text(encoding="utf-8"))
    edges = held.get("edges", held.get("links"))
    graph: networkx.Graph[Any] = networkx.MultiDiGraph() if held.get("directed") else networkx.MultiGraph()
    graph.graph.update(held.get("graph") or {})
    for node in held["nodes"]:
        graph.add_node(node["id"], **{key: value for key, value in node.items() if key != "id"})
    for edge in edges:
        graph.add_edge(edge["source"], edge["target"], **{key: value for key, value in edge.items() if key not in ("source", "target", "key")})
    return graph


_WRITERS: dict[str, Callable[[networkx.Graph[Any]], str]] = {".graphml": _to_graphml, ".gexf": _to_gexf, ".json": _to_json}
_READERS: dict[str, Callable[[Path], networkx.Graph[Any]]] = {".graphml": _from_graphml, ".gexf": _from_gexf, ".json": _from_json}
