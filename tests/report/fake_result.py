"""A result made up without a simulation: the same frames as a real one, so that figures can be tested alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd

from chainwright.words.calendar import Calendar

COSTS = ("holding_cost", "backorder_cost", "in_transit_holding_cost", "ordering_cost", "production_cost")


@dataclass
class FakeScenario:
    """As much of a scenario as a report reads."""

    name: str
    title: str
    document: dict[str, Any]
    network: nx.MultiDiGraph
    variants: dict[str, Any] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    calendar: Calendar | None = None

    @property
    def source(self) -> str:
        return str(self.document.get("source") or "")

    @property
    def warm_up(self) -> int:
        return int(self.document.get("warm_up", 0))

    def graph(self) -> nx.MultiDiGraph:
        return self.network


@dataclass
class FakeResult:
    """As much of a result as a report and the command line read."""

    scenario: FakeScenario
    summary: pd.DataFrame
    items: pd.DataFrame
    enterprises: pd.DataFrame
    lanes: pd.DataFrame
    echelons: pd.DataFrame
    timeline: pd.DataFrame
    periods: int
    seed: int = 7
    panel: pd.DataFrame | None = None
    manifest: dict[str, Any] = field(default_factory=lambda: {"chainwright": "0.1.0", "scenario_hash": "abc123", "wall_seconds": 1.25})

    @property
    def measured_periods(self) -> int:
        return self.periods - self.scenario.warm_up

    @property
    def run_numbers(self) -> range:
        return range(len(self.summary))

    def save(self, folder: Path) -> None:
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        self.summary.to_parquet(folder / "summary.parquet")


def chain(counts: dict[str, int], long_names: bool = False) -> nx.MultiDiGraph:
    """Enterprises by role, sources first; each sells to the next tier, so that every buyer has a seller."""
    graph: nx.MultiDiGraph = nx.MultiDiGraph()
    tiers = []
    for role, count in counts.items():
        tail = "_of_the_united_north_western_region" if long_names else ""
        tier = [f"{role}_{number + 1}{tail}" if count > 1 else f"{role}{tail}" for number in range(count)]
        for name in tier:
            graph.add_node(name, role=role)
        tiers.append(tier)
    for sellers, buyers in pairwise(tiers):
        for number in range(max(len(sellers), len(buyers))):
            graph.add_edge(sellers[number % len(sellers)], buyers[number % len(buyers)], product="beer")
    return graph


def fake_result(
    counts: dict[str, int] | None = None,
    runs: int = 20,
    periods: int = 52,
    *,
    costs: bool = True,
    constant_demand: bool = False,
    long_names: bool = False,
    **document: Any,
) -> FakeResult:
    """A plausible result with noise, for a chain with a number of enterprises of each role."""
    counts = counts or {"supplier": 1, "manufacturer": 1, "distributor": 1, "retailer": 1, "customer": 1}
    random = np.random.default_rng(1)
    graph = chain(counts, long_names)
    tiers = list(counts)
    rows = []
    for run in range(runs):
        for name, data in graph.nodes(data=True):
            echelon = len(tiers) - 1 - tiers.index(data["role"])
            ratio = np.nan if constant_demand else 1.0 if echelon == 0 else 1.6**echelon * random.uniform(0.8, 1.3)
            row: dict[str, Any] = {"run": run, "enterprise": name, "product": "beer", "role": data["role"], "echelon": echelon}
            row |= {"bullwhip_ratio": ratio ** (1 / max(echelon, 1)), "bullwhip_ratio_to_end_demand": ratio}
            row |= {"fill_rate": np.nan if echelon == 0 else 1 - 0.08 * random.random() * echelon, "cycle_service_level": 0.9}
            row |= {"demand_mean": 10.0, "orders_mean": 10.0, "on_hand_mean": 20 * random.random(), "backorder_mean": 2 * random.random()}
            row |= {"days_of_supply": 14 * random.random(), "turns": 20.0}
            row |= {kind: 100 * random.random() * (echelon > 0) if costs else 0.0 for kind in COSTS}
            row["total_cost"] = sum(row[kind] for kind in COSTS)
            rows.append(row)
    items = pd.DataFrame(rows)
    sums = [*COSTS, "total_cost"]
    enterprises = items.drop(columns=["product"]).reset_index(drop=True)
    echelons = items.groupby(["run", "echelon"], as_index=False)[
        ["orders_mean", "bullwhip_ratio", "bullwhip_ratio_to_end_demand", "fill_rate", "on_hand_mean", "backorder_mean"]
    ].mean()
    echelons = echelons.merge(items.groupby(["run", "echelon"], as_index=False)[sums].sum())
    summary = items.groupby("run", as_index=False)[["fill_rate", "days_of_supply", "on_hand_mean", "backorder_mean"]].mean()
    summary = summary.merge(items.groupby("run", as_index=False)[sums].sum())
    # Of the network it is that of the last echelon.
    for name in ("bullwhip_ratio", "bullwhip_ratio_to_end_demand"):
        summary[name] = echelons.groupby("run")[name].last().to_numpy()
    flows = [(run, *pair, "beer", "", 10.0, 10.0 * random.random(), 10.0) for run in range(runs) for pair in graph.edges()]
    lanes = pd.DataFrame(flows, columns=["run", "seller", "buyer", "product", "mode", "ordered", "shipped", "received"])
    grid = pd.MultiIndex.from_product([range(runs), range(1, periods + 1), range(len(tiers))], names=["run", "period", "echelon"])
    timeline = grid.to_frame(index=False)
    wave = np.sin(timeline["period"] / 5.0 + timeline["echelon"])
    noise = random.normal(size=len(timeline))
    inside = (timeline["echelon"] > 0).astype(float)
    timeline["on_hand"] = inside * np.maximum(0.0, 20 + timeline["echelon"] * 8 * wave + 3 * noise)
    timeline["backorder"] = inside * np.maximum(0.0, -10 - timeline["echelon"] * 8 * wave + 3 * noise)
    timeline["in_transit"] = 8.0
    timeline["demand"] = 10.0
    timeline["orders"] = np.maximum(0.0, 10 + 2 * timeline["echelon"] * wave + noise)
    timeline["shipped"] = 10.0
    timeline["total_cost"] = timeline["on_hand"] * 0.5 if costs else 0.0
    body = {"title": "A made-up chain", "source": "Made up for a test", "period": "week", "horizon": periods, "warm_up": 0} | document
    scenario = FakeScenario("made_up", str(body["title"]), body, graph)
    return FakeResult(scenario, summary, items, enterprises, lanes, echelons, timeline, periods)
