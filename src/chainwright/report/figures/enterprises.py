"""What the network figure draws: enterprises with their echelon, role and service, and what flows between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import networkx
import numpy as np
import pandas as pd

from chainwright.report.layout import Edge
from chainwright.report.numerals import plural
from chainwright.report.tables import shown

MOST_ENTERPRISES = 800  # beyond, one mark stands for all enterprises of a role at an echelon


@dataclass
class Enterprise:
    """What is drawn of an enterprise, or of several that one mark stands for."""

    name: str
    role: str
    echelon: int
    fill_rate: float
    count: int = 1
    short: str = ""

    def told(self) -> str:
        """All of it in one line, for a tooltip."""
        served = "" if np.isnan(self.fill_rate) else f", fill rate {shown('fill_rate', self.fill_rate)}"
        return f"{self.name} ({self.role}){served}"


def collect(
    graph: Any, items: pd.DataFrame, lanes: pd.DataFrame | None, firms: pd.DataFrame | None = None
) -> tuple[dict[Hashable, Enterprise], dict[Edge, float]]:
    """The enterprises with an echelon, and what each pair of seller and buyer carries (1 where nothing is known)."""
    role = items.groupby("enterprise", sort=False, observed=True)["role"].first()
    served = _served(items) if firms is None else _mean_fill_rate(firms)
    enterprises: dict[Hashable, Enterprise] = {}
    for node in graph.nodes:
        name = _firm(node)
        if name in role.index:
            enterprises[name] = Enterprise(str(name), str(role[name]), 0, float(served.get(name, np.nan)))
    pairs = dict.fromkeys((_firm(start), _firm(end)) for start, end in graph.edges())
    carried: dict[Hashable, float] = {}
    if lanes is not None and "shipped" in lanes.columns:
        sums = lanes.groupby(["seller", "buyer"], sort=False, observed=True)["shipped"].sum().reset_index()
        carried = dict(zip(zip(sums["seller"], sums["buyer"], strict=True), sums["shipped"].astype(float), strict=True))
    flows: dict[Edge, float] = {
        (start, end): carried.get((start, end), 0.0 if carried else 1.0) for start, end in pairs if start != end and {start, end} <= set(enterprises)
    }
    for node, distance in _distances(enterprises, flows).items():
        enterprises[node].echelon = distance
    if len(enterprises) > MOST_ENTERPRISES:
        return _together(enterprises, flows)
    return enterprises, flows


def _distances(nodes: Iterable[Hashable], flows: Iterable[Edge]) -> dict[Hashable, int]:
    """The longest path over lanes from each enterprise down to the last buyer, cycles condensed.

    Items have echelons of their own; an enterprise that makes things step by step has items at several.
    """
    graph: networkx.DiGraph[Hashable] = networkx.DiGraph()
    graph.add_nodes_from(nodes)
    graph.add_edges_from(flows)
    groups = networkx.condensation(graph)
    found: dict[Any, int] = {}
    for group in reversed(list(networkx.topological_sort(groups))):
        found[group] = 1 + max((found[after] for after in groups.successors(group)), default=-1)
    return {node: found[group] for group, members in groups.nodes(data="members") for node in members}


def _firm(node: Hashable) -> str:
    """The enterprise of a node: the node itself, or the first part of a node that names an item."""
    return str(node[0]) if isinstance(node, tuple) else str(node)


def _served(items: pd.DataFrame) -> Mapping[Any, float]:
    """Fill rate of each enterprise, its items weighted by their demand."""
    if "fill_rate" not in items.columns:
        return {}
    kept = items[items["fill_rate"].notna() & (items["role"] != "customer")]
    weight = kept["demand_mean"].clip(lower=0.0) if "demand_mean" in kept.columns else pd.Series(1.0, index=kept.index)
    rows = pd.DataFrame({"run": kept["run"], "enterprise": kept["enterprise"], "weight": weight, "served": weight * kept["fill_rate"]})
    sums = rows.groupby(["run", "enterprise"], observed=True)[["served", "weight"]].sum()
    # The mean over the runs of each run's rate, as everywhere else in a report.
    return (sums["served"] / sums["weight"].where(sums["weight"] > 0)).groupby("enterprise", observed=True).mean().to_dict()


def _mean_fill_rate(firms: pd.DataFrame) -> Mapping[Any, float]:
    """Fill rate of each enterprise but customers, the mean over the runs."""
    if "fill_rate" not in firms.columns:
        return {}
    return firms[firms["role"] != "customer"].groupby("enterprise", sort=False, observed=True)["fill_rate"].mean().to_dict()


def _together(enterprises: dict[Hashable, Enterprise], flows: dict[Edge, float]) -> tuple[dict[Hashable, Enterprise], dict[Edge, float]]:
    """One mark for all enterprises of a role at an echelon."""
    group = {node: (one.role, one.echelon) for node, one in enterprises.items()}
    counts = Counter(group.values())
    marks: dict[Hashable, Enterprise] = {}
    for (role, echelon), count in counts.items():
        rates = [one.fill_rate for node, one in enterprises.items() if group[node] == (role, echelon) and not np.isnan(one.fill_rate)]
        key = f"{role} {echelon}"
        marks[key] = Enterprise(plural(count, role), role, echelon, float(np.mean(rates)) if rates else np.nan, count)
    joined: Counter[Edge] = Counter()
    for (start, end), value in flows.items():
        ends = tuple(f"{role} {echelon}" for role, echelon in (group[start], group[end]))
        if ends[0] != ends[1]:
            joined[ends] += value  # type: ignore[index, assignment]
    return marks, dict(joined)
