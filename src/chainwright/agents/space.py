"""The supply network as a Mesa space: a cell per enterprise, laid out by echelon."""

from __future__ import annotations

import inspect
from typing import Any

import networkx
import numpy as np
from mesa.discrete_space import Network

from chainwright.words.errors import UsageError, suggestion

Place = tuple[float, float]


class SupplyNetwork(Network):  # type: ignore[misc]
    """A Mesa network whose cells are the enterprises.

    Its nodes are numbered in the order of the enterprises, as Mesa's drawing expects; a cell is found by its number or by the name of
    its enterprise. The nodes of ``G`` have a ``name``, a ``role`` and a ``pos``, which is the place in `layout`.

    Parameters
    ----------
    graph : networkx.Graph
        Undirected: an enterprise's neighbours are its sellers and its buyers.
    random : random.Random
        The model's own generator.
    """

    def __init__(self, graph: networkx.Graph[int], random: Any) -> None:
        places = networkx.get_node_attributes(graph, "pos")
        # Newer versions of Mesa lay out the nodes by themselves, at random, unless they are told where each is.
        told = {"layout": places} if "layout" in inspect.signature(Network.__init__).parameters else {}
        super().__init__(graph, random=random, **told)
        self.number_of: dict[str, int] = {str(place["name"]): number for number, place in graph.nodes(data=True)}

    def __getitem__(self, key: Any) -> Any:
        number = self.number_of.get(key) if isinstance(key, str) else key
        if number not in self._cells:
            raise UsageError(f"the network has no cell {key!r}{suggestion(str(key), list(self.number_of)[:20_000])}")
        return self._cells[number]

    def close(self) -> None:
        """Let go of the agents: Mesa remembers cells whose neighbours were asked for, beyond the life of their model."""
        for cell in self._cells.values():
            cell._agents.clear()
            cell.connections.clear()
            cell.random = None
        self._cells.clear()
        self.__dict__.pop("all_cells", None)


def make_space(model: Any) -> SupplyNetwork:
    """The network of a model; each agent stands in the cell of its enterprise."""
    world = model.world
    first, size = model.roster.first_row(model.place), model.roster.size()
    names, roles = world.enterprises.name[first : first + size].tolist(), world.enterprises.role[first : first + size].tolist()
    graph: networkx.Graph[int] = networkx.Graph()
    for number, (name, role, place) in enumerate(zip(names, roles, layout(model).values(), strict=True)):
        graph.add_node(number, name=name, role=role, pos=place)
    own = np.flatnonzero(world.lanes.run == model.place)
    sellers, buyers = (world.items.enterprise[world.lanes[end][own]] - first for end in ("seller", "buyer"))
    graph.add_edges_from(zip(sellers.tolist(), buyers.tolist(), strict=True))
    network = SupplyNetwork(graph, model.random)
    model.make_agents()
    for number in range(size):
        model.roster.agent(first + number).cell = network[number]
    return network


def layout(model: Any) -> dict[str, Place]:
    """Where each enterprise is drawn, without any drawing of lots: across by echelon from sources to customers, down by the order of names.

    Examples
    --------
    >>> import chainwright as cw
    >>> places = layout(cw.SupplyChain("beer_game"))
    >>> places["maltings"], places["drinkers"]
    ((0.0, 0.0), (5.0, 0.0))
    """
    world = model.world
    items = world.items
    first, size = model.roster.first_row(model.place), model.roster.size()
    echelon = np.zeros(world.enterprises.rows, np.int64)
    np.maximum.at(echelon, items.enterprise, items.echelon)
    echelon = echelon[first : first + size]
    across = echelon.max(initial=0) - echelon
    down = np.zeros(size)
    for column in np.unique(across):
        rows = np.flatnonzero(across == column)
        down[rows] = (len(rows) - 1) / 2 - np.arange(len(rows))
    names = world.enterprises.name[first : first + size].tolist()
    return {name: (float(x), float(y)) for name, x, y in zip(names, across, down, strict=True)}
