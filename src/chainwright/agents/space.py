"""The supply network as a Mesa space: a cell per enterprise, laid out by echelon."""

from __future__ import annotations

from typing import Any

import networkx
import numpy as np
from mesa.discrete_space import Network


def make_space(model: Any) -> Network:
    """A Mesa network whose nodes are the enterprises; each agent stands in the cell of its name.

    The layout is from left (sources) to right (customers), without any drawing of lots.
    """
    world = model.world
    graph: networkx.DiGraph[str] = networkx.DiGraph()
    names = world.enterprises.name[model.staff.first_row(model.place) :][: model.staff.size()].tolist()
    graph.add_nodes_from(names)
    items, lanes = world.items, world.lanes
    own = np.flatnonzero(lanes.run == model.place)
    sellers = world.enterprises.name[items.enterprise[lanes.seller[own]]]
    buyers = world.enterprises.name[items.enterprise[lanes.buyer[own]]]
    graph.add_edges_from(zip(sellers.tolist(), buyers.tolist(), strict=True))
    # Cells are connected both ways: an enterprise's neighbours are its sellers and its buyers.
    network = Network(graph.to_undirected(), random=model.random, **_layout_option(layout(model)))
    network.G = graph
    for agent in model.agents:
        agent.cell = network[agent.name]
    return network


def layout(model: Any) -> dict[str, tuple[float, float]]:
    """Where each enterprise is drawn: across by echelon, down by the order of names.

    Examples
    --------
    >>> import chainwright as cw
    >>> places = layout(cw.SupplyChain("beer_game"))
    >>> places["maltings"], places["drinkers"]
    ((0.0, 0.0), (5.0, 0.0))
    """
    world = model.world
    items = world.items
    first, size = model.staff.first_row(model.place), model.staff.size()
    echelon = np.zeros(world.enterprises.rows, np.int64)
    np.maximum.at(echelon, items.enterprise, items.echelon)
    echelon = echelon[first : first + size]
    across = echelon.max(initial=0) - echelon
    places = {}
    for column in np.unique(across).tolist():
        rows = np.flatnonzero(across == column)
        for number, row in enumerate(rows.tolist()):
            places[str(world.enterprises.name[first + row])] = (float(column), float((len(rows) - 1) / 2 - number))
    return places


def _layout_option(places: dict[str, tuple[float, float]]) -> dict[str, Any]:
    """Newer versions of Mesa lay out the nodes by themselves, at random, unless they are told where each is."""
    import inspect

    return {"layout": places} if "layout" in inspect.signature(Network.__init__).parameters else {}
