"""Finds cycles without delay: items of which none could act before the others in a period."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from chainwright.scenario.check.findings import Item
from chainwright.scenario.check.network_view import NetworkView
from chainwright.scenario.documents import Path_


def shortest_time(value: Any) -> float:
    """The shortest transport time that a lane's entry can mean.

    Examples
    --------
    >>> shortest_time(2), shortest_time({"distribution": "uniform", "low": 1, "high": 3})
    (2, 1)
    """
    if not isinstance(value, Mapping):
        return value or 0
    if value["distribution"] == "uniform":
        return value["low"]  # type: ignore[no-any-return]
    if value["distribution"] == "discrete":
        return min(float(time) for time, chance in zip(value["values"], value["probabilities"], strict=True) if chance > 0)
    return 0


def check_cycles(meaning: NetworkView) -> None:
    """No cycle of lanes without delay and recipes: nobody in it could act before the others."""
    places: dict[tuple[Item, Item], Path_] = {}
    for number, lane in meaning.sound.lanes:
        one, other = (lane["seller"], lane["product"]), (lane["buyer"], lane["product"])
        if one != other and (lane.get("order_delay", 0) == 0 or shortest_time(lane.get("transport_time", 0)) == 0):
            places.setdefault((one, other), ("lanes", number))
    for number, recipe in meaning.sound.recipes:
        for component in recipe.get("components", {}):
            one, other = (recipe["enterprise"], component), (recipe["enterprise"], recipe["product"])
            if one != other:
                places.setdefault((one, other), ("recipes", number))
    group_of = _groups(places)
    within: dict[int, list[tuple[Item, Item]]] = {}
    for edge in places:
        if edge[0] in group_of and group_of[edge[0]] == group_of.get(edge[1]):
            within.setdefault(group_of[edge[0]], []).append(edge)
    for edges in within.values():
        cycle = _shortest_cycle(edges)
        named = " -> ".join("/".join(item) for item in [*cycle, cycle[0]])
        steps = [places[edge] for edge in zip(cycle, [*cycle[1:], cycle[0]], strict=True)]
        lanes = [path for path in steps if path[0] == "lanes"]
        cure = "give one of its lanes an order_delay and a transport_time of at least 1" if lanes else "a product cannot be made of itself"
        meaning.findings.add(steps[0], f"a cycle without delay: {named}; {cure}", value=False)


def _groups(edges: Iterable[tuple[Item, Item]]) -> dict[Item, int]:
    """The number of a group for each item that lies in a cycle; two items of one group reach each other."""
    row: dict[Item, int] = {}
    ends = [(row.setdefault(one, len(row)), row.setdefault(other, len(row))) for one, other in edges]
    if not ends:
        return {}
    upper, lower = np.array(ends).T
    graph = coo_array((np.ones(len(ends), np.int8), (upper, lower)), shape=(len(row), len(row)))
    _, group = connected_components(graph, directed=True, connection="strong")
    shared = np.bincount(group)[group] > 1
    return {item: int(group[place]) for item, place in row.items() if shared[place]}


def _shortest_cycle(edges: list[tuple[Item, Item]]) -> list[Item]:
    """The shortest cycle through the first edge that stands in the file."""
    below: dict[Item, list[Item]] = {}
    for one, other in edges:
        below.setdefault(one, []).append(other)
    start, first = edges[0]
    came: dict[Item, Item] = {first: start}
    waiting = deque([first])
    while waiting:
        item = waiting.popleft()
        if item == start:
            break
        for other in below.get(item, []):
            if other not in came:
                came[other] = item
                waiting.append(other)
    back = [start]
    while came[back[-1]] != start:
        back.append(came[back[-1]])
    return [back[0], *reversed(back[1:])]
