"""Levels (order of computation) and echelons (distance from the customers) of items and enterprises."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Index = NDArray[np.int32]


class CycleWithoutDelay(ValueError):
    """A cycle of lanes without delay and recipes: nobody in it could act before the others.

    `rows` are the items of one such cycle, in order, the first one repeated at the end.
    """

    def __init__(self, rows: list[int]) -> None:
        self.rows = rows
        super().__init__("a cycle without delay: " + " -> ".join(map(str, rows)))


def longest_paths(nodes: int, upper: NDArray[Any], lower: NDArray[Any]) -> Index:
    """Length of the longest path down from each node, over edges from `upper` to `lower`.

    Raises
    ------
    CycleWithoutDelay
        When the edges close a cycle.

    Examples
    --------
    >>> longest_paths(3, np.array([1, 2, 2]), np.array([0, 1, 0])).tolist()
    [0, 1, 2]
    """
    level = np.zeros(nodes, np.int32)
    waiting = np.bincount(upper, minlength=nodes)
    by_lower = np.argsort(lower, kind="stable")
    uppers = np.asarray(upper)[by_lower]
    starts = np.searchsorted(np.asarray(lower)[by_lower], np.arange(nodes + 1))
    front = np.flatnonzero(waiting == 0)
    done = 0
    height = 0
    while len(front):
        done += len(front)
        level[front] = height
        counts = starts[front + 1] - starts[front]
        # All edges that end in the front, laid one after the other.
        offsets = np.repeat(starts[front] - np.concatenate(([0], np.cumsum(counts)[:-1])), counts) + np.arange(counts.sum())
        reached = uppers[offsets]
        waiting -= np.bincount(reached, minlength=nodes)
        candidates = np.unique(reached)
        front = candidates[waiting[candidates] == 0]
        height += 1
    if done < nodes:
        raise CycleWithoutDelay(_one_cycle(np.flatnonzero(waiting > 0), upper, lower))
    return level


def _one_cycle(stuck: NDArray[Any], upper: NDArray[Any], lower: NDArray[Any]) -> list[int]:
    """Walk down among nodes that wait for each other until one comes round again."""
    among = set(stuck.tolist())
    below: dict[int, int] = {}
    for top, bottom in zip(upper.tolist(), lower.tolist(), strict=True):
        if top in among and bottom in among:
            below.setdefault(top, bottom)
    path: list[int] = []
    node = next(iter(below))
    while node not in path:
        path.append(node)
        node = below[node]
    return [*path[path.index(node):], node]


def item_levels(items: int, seller: Index, buyer: Index, without_delay: NDArray[np.bool_], component: Index, product: Index) -> Index:
    """Level of each item: seller above buyer on lanes without order delay or transport time, component above product."""
    upper = np.concatenate([seller[without_delay], component])
    lower = np.concatenate([buyer[without_delay], product])
    return longest_paths(items, upper, lower)


def echelons(nodes: int, upper: NDArray[Any], lower: NDArray[Any], bottom: NDArray[np.bool_]) -> tuple[Index, NDArray[np.int32]]:
    """Echelon of each node (cycles condensed), and the number of the cycle group that each node belongs to.

    `bottom` marks customers, who stand at 0; any other node without a path down stands at 1.
    """
    graph = coo_array((np.ones(len(upper), np.int8), (upper, lower)), shape=(nodes, nodes))
    groups, group = connected_components(graph, directed=True, connection="strong")
    between = group[upper] != group[lower]
    height = longest_paths(groups, group[upper][between], group[lower][between])[group]
    # Paths that end at a customer count their edges; paths that end elsewhere are lifted above the customers.
    ends_elsewhere = ~bottom & (height == 0)
    if ends_elsewhere.any():
        extra_upper = np.concatenate([upper, np.flatnonzero(ends_elsewhere)])
        extra_lower = np.concatenate([lower, np.full(int(ends_elsewhere.sum()), nodes)])
        graph_group = np.concatenate([group, [groups]])
        edges = graph_group[extra_upper] != graph_group[extra_lower]
        height = longest_paths(groups + 1, graph_group[extra_upper][edges], graph_group[extra_lower][edges])[group]
    return height.astype(np.int32), group.astype(np.int32)
