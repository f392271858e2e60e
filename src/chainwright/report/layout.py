"""Where enterprises stand in a drawing: a column for each echelon, with few crossings of the lanes between them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

Edge = tuple[Hashable, Hashable]

# Lanes that pass over echelons are led around the enterprises there, unless that would take more points than this.
MOST_POINTS = 4000
PASSING = 0.4  # room of a passing lane, where an enterprise takes 1
SWEEPS = 12


@dataclass(frozen=True)
class Layout:
    """Positions in a plane: columns 0, 1, ... from the sources to the customers, heights with 1 between neighbours.

    Parameters
    ----------
    columns : list of list
        The enterprises of each column, top first.
    position : mapping
        Column and height of each enterprise.
    route : mapping
        For each lane that goes down the chain, the points that it passes, its two ends included.
    """

    columns: list[list[Hashable]]
    position: Mapping[Hashable, tuple[float, float]]
    route: Mapping[Edge, list[tuple[float, float]]]

    @property
    def height(self) -> float:
        """Distance between the lowest and the highest enterprise or bend."""
        heights = [y for points in self.route.values() for _, y in points] + [y for _, y in self.position.values()]
        return max(heights) - min(heights) if heights else 0.0


def crossings(columns: list[list[Hashable]], edges: Iterable[Edge]) -> int:
    """How many pairs of lanes between neighbouring columns cross.

    Examples
    --------
    >>> crossings([["a", "b"], ["c", "d"]], [("a", "d"), ("b", "c")])
    1
    """
    place = {node: (number, row) for number, column in enumerate(columns) for row, node in enumerate(column)}
    between: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for start, end in edges:
        (left, above), (right, below) = place[start], place[end]
        if right == left + 1:
            between[left].append((above, below))
    total = 0
    for pairs in between.values():
        pairs.sort()
        ends = np.array([end for _, end in pairs])
        # Sorted by start, then end: a crossing is a later lane that ends strictly higher. A tree of counts keeps it quick.
        counts = np.zeros(int(ends.max()) + 2, dtype=np.int64)
        for seen, end in enumerate(ends):
            not_above, at = 0, int(end) + 1
            while at > 0:
                not_above += int(counts[at])
                at -= at & -at
            total += seen - not_above
            at = int(end) + 1
            while at < counts.size:
                counts[at] += 1
                at += at & -at
    return total


def arrange(echelon: Mapping[Hashable, int], edges: Iterable[Edge]) -> Layout:
    """Place enterprises by echelon: barycentre sweeps for the order, then heights near the neighbours' mean.

    Parameters
    ----------
    echelon : mapping
        Distance from the customers of each enterprise.
    edges : iterable of pairs
        Seller and buyer of each lane.

    Examples
    --------
    >>> made = arrange({"maker": 2, "shop": 1, "people": 0}, [("maker", "shop"), ("shop", "people")])
    >>> made.columns
    [['maker'], ['shop'], ['people']]
    """
    ranks = sorted(set(echelon.values()), reverse=True)
    column_of = {node: ranks.index(echelon[node]) for node in echelon}
    lanes = sorted({edge for edge in edges if edge[0] != edge[1]}, key=lambda edge: (str(edge[0]), str(edge[1])))
    forward = [edge for edge in lanes if column_of[edge[1]] > column_of[edge[0]]]
    columns: list[list[Hashable]] = [[] for _ in ranks]
    for node in sorted(echelon, key=str):
        columns[column_of[node]].append(node)
    chains = _chains(forward, column_of, columns)
    steps = [pair for chain in chains.values() for pair in pairwise(chain)]
    columns = _order(columns, steps)
    heights = _heights(columns, steps)
    where = {node: (float(number), heights[node]) for number, column in enumerate(columns) for node in column}
    return Layout(
        [[node for node in column if node in echelon] for column in columns],
        {node: where[node] for node in echelon},
        {edge: [where[node] for node in chain] for edge, chain in chains.items()},
    )


def _chains(forward: list[Edge], column_of: Mapping[Hashable, int], columns: list[list[Hashable]]) -> dict[Edge, list[Hashable]]:
    """Each lane as a chain of points one column apart, the bends added to the columns that it passes."""
    points = sum(column_of[end] - column_of[start] - 1 for start, end in forward)
    chains: dict[Edge, list[Hashable]] = {}
    for edge in forward:
        start, end = edge
        chain: list[Hashable] = [start]
        if points <= MOST_POINTS:
            for number in range(column_of[start] + 1, column_of[end]):
                bend = ("bend", edge, number)
                columns[number].append(bend)
                chain.append(bend)
        chains[edge] = [*chain, end]
    return chains


def _neighbours(steps: list[Edge]) -> tuple[dict[Hashable, list[Hashable]], dict[Hashable, list[Hashable]]]:
    above: dict[Hashable, list[Hashable]] = defaultdict(list)
    below: dict[Hashable, list[Hashable]] = defaultdict(list)
    for start, end in steps:
        below[start].append(end)
        above[end].append(start)
    return above, below


def _order(columns: list[list[Hashable]], steps: list[Edge]) -> list[list[Hashable]]:
    """The best order that sweeps to and fro come by, each node at the mean place of its neighbours."""
    above, below = _neighbours(steps)
    best, fewest = [list(column) for column in columns], crossings(columns, steps)
    current = [list(column) for column in columns]
    for sweep in range(SWEEPS):
        if fewest == 0:
            break
        down = sweep % 2 == 0
        neighbours = above if down else below
        place = {node: row / max(len(column) - 1, 1) for column in current for row, node in enumerate(column)}
        for number in range(len(current)) if down else reversed(range(len(current))):
            means = {
                node: float(np.mean([place[other] for other in neighbours[node]])) if neighbours[node] else place[node] for node in current[number]
            }
            current[number] = sorted(current[number], key=means.__getitem__)
            last = max(len(current[number]) - 1, 1)
            place.update({node: row / last for row, node in enumerate(current[number])})
        found = crossings(current, steps)
        if found < fewest:
            best, fewest = [list(column) for column in current], found
    return best


def _heights(columns: list[list[Hashable]], steps: list[Edge]) -> dict[Hashable, float]:
    """Heights that keep the order and the distance, and are otherwise as near as can be to the neighbours' mean."""
    above, below = _neighbours(steps)
    height: dict[Hashable, float] = {}
    for column in columns:
        below_first = _below_first(column)
        height.update({node: below_first[-1] / 2 - distance for node, distance in zip(column, below_first, strict=True)})
    for sweep in range(SWEEPS):
        neighbours = above if sweep % 2 == 0 else below
        for column in columns if sweep % 2 == 0 else reversed(columns):
            wish = [float(np.mean([height[other] for other in neighbours[node]])) if neighbours[node] else height[node] for node in column]
            height.update(zip(column, _apart(wish, _below_first(column)), strict=True))
    return height


def _below_first(column: list[Hashable]) -> list[float]:
    """How far each node of a column lies at least below the first: 1 for an enterprise, less where lanes only pass."""
    sizes = [PASSING if isinstance(node, tuple) and node[:1] == ("bend",) else 1.0 for node in column]
    gaps = [0.0, *[(first + second) / 2 for first, second in pairwise(sizes)]]
    return [float(one) for one in np.cumsum(gaps[: len(column)])]


def _apart(wish: list[float], below: list[float]) -> list[float]:
    """The descending heights that keep their distances and are nearest to the wishes in squares (pooling of adjacent violators)."""
    blocks: list[list[float]] = []  # mean, count
    for value, distance in zip(wish, below, strict=True):
        blocks.append([value + distance, 1.0])
        while len(blocks) > 1 and blocks[-2][0] < blocks[-1][0]:
            mean, count = blocks.pop()
            other = blocks[-1]
            other[0] = (other[0] * other[1] + mean * count) / (other[1] + count)
            other[1] += count
    flat = [mean for mean, count in blocks for _ in range(int(count))]
    return [mean - distance for mean, distance in zip(flat, below, strict=True)]
