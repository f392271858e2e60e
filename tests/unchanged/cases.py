"""What is played for the digests: every shipped scenario and variant, known results, points of sweeps, agents, snapshots and forks."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import chainwright as cw
from chainwright.agents.model import roster_of
from chainwright.experiment.theory.table import known_results, simulate
from tests.agents.classes import AsThePolicy, Nervous
from tests.shipped import SMALLER
from tests.unchanged.hashing import of_frame, of_result, of_world

PERIODS = 12
RANDOM = Path(__file__).with_name("random_networks.json")
KEPT = Path(__file__).with_name("digests.json")
AGENTS: dict[str, type] = {"as the policy": AsThePolicy, "nervous": Nervous}
RECORDED = ("on_hand", "backorder", "orders")
# Columns of a world that are compared after a snapshot, a fork, and with agents.
COLUMNS = {
    "items": (
        *("on_hand", "demand", "end_demand", "forecast", "forecast_deviation", "forecast_lead_time", "lead_time", "backorder", "requirements"),
        *("unreleased", "in_process", "on_order", "inventory_level", "inventory_position", "orders", "production_orders", "released", "made"),
        *("scrapped", "used", "received", "shipped", "shipped_in_time", "seen", "lost", "unseen", "unplaced", "consumed", "safety_stock"),
        *("base_stock_level", "capacity_factor", "demand_factor", "holding_cost_paid", "backorder_cost_paid"),
    ),
    "lanes": ("active", "backorder", "short", "ordered", "seen", "shipped", "received", "lost", "unplaced", "orders_waiting", "in_transit"),
    "enterprises": ("closed",),
}
# Smaller still: each of them is played many times.
SMALL: dict[str, dict[str, Any]] = {
    **SMALLER,
    "ten_thousand": {
        "population.customers": 60,
        "population.retailers": 40,
        "population.distributors": 12,
        "population.manufacturers": 10,
        "population.suppliers": 4,
    },
    "firm_network": {"population.firms": 120, "population.industries": 12},
}
NAMES = (
    "battery",
    "beer_game",
    "bulldozer",
    "firm_network",
    "information_sharing",
    "newsvendor",
    "one_warehouse_or_nine",
    "serial_textbook",
    "ten_thousand",
    "two_sources",
)
SWEPT: dict[str, dict[str, Any]] = {
    "beer_game": {
        "policies.place_orders.default.stock_adjustment": [0.2, 1.0],
        "way": {name: {"lanes.1.transport_time": time, "lanes.1.in_transit": "steady"} for name, time in (("short", 1), ("long", 3))},
    },
    "newsvendor": {"policies.place_orders.stand.level": [50, 60], "enterprises.stand.items.newspaper.on_hand": [0, 100]},
    "two_sources": {"policies.choose_sellers.shop.policy": ["preference", "fixed_shares"], "lanes.near>shop.price": [21, 15]},
}


@functools.cache
def small(name: str) -> cw.Scenario:
    """A shipped scenario in the size of these cases."""
    return cw.load(name).with_(SMALL.get(name, {}))


def scenarios() -> list[tuple[str, str]]:
    """Names of shipped scenarios with each of their variants; an empty variant is the scenario itself."""
    return [(name, variant) for name in NAMES for variant in ("", *small(name).variants)]


def varied(name: str, variant: str) -> cw.Scenario:
    """A shipped scenario or variant."""
    return small(name).variant(variant) if variant else small(name)


def world_of(scenario: cw.Scenario, **options: Any) -> cw.World:
    """A world of two runs with all that the scenario does to itself."""
    return cw.World(scenario.blueprint(), [0, 3], changes=dict(scenario.stages()), **options)


def tables_of(name: str, variant: str, periods: int | None = PERIODS) -> dict[str, str]:
    """Digests of all result tables."""
    scenario = varied(name, variant)
    length = int(scenario.document["horizon"]) if periods is None else periods
    warm_up = min(int(scenario.warm_up), length // 3)
    return of_result(cw.run(scenario.with_({"horizon": length, "warm_up": warm_up}), runs=[0, 1, 5], record=RECORDED))


def interrupted(name: str, variant: str) -> dict[str, str]:
    """Digests of a world that was stopped, kept, restored and forked."""
    world = world_of(varied(name, variant))
    world.step(PERIODS // 2)
    kept = world.snapshot()
    world.step(PERIODS // 2)
    played = of_world(world, COLUMNS)
    world.restore(kept)
    fork = world.fork(2, run=3, draws="own")
    for one in (world, fork):
        one.step(PERIODS // 2)
    again = of_world(world, COLUMNS)
    assert again == played, "a world that was restored goes on otherwise than one that never stopped"
    return {**again, **{f"fork {table}": found for table, found in of_world(fork, COLUMNS).items()}}


def with_agents(name: str, kind: type) -> dict[str, str]:
    """Digests of a world with an agent in every seat."""
    scenario = small(name)
    blueprint = scenario.blueprint()
    seats = dict.fromkeys(map(str, blueprint.tables["enterprises"]["name"]), kind)
    world = cw.World(blueprint, [0], changes=dict(scenario.stages()), agents=roster_of(blueprint, seats))
    world.step(PERIODS)
    return of_world(world, COLUMNS)


def structures() -> dict[str, str]:
    """Which scenarios and variants may lie in one union: the first of each, by all of them."""
    first: dict[str, str] = {}
    found = {}
    for name, variant in scenarios():
        called = f"{name} {variant}".strip()
        found[called] = first.setdefault(varied(name, variant).blueprint().structure, called)
    return found


def of_random(document: dict[str, Any]) -> dict[str, str]:
    """Digests of the tables of a random network with disruptions, and of its world."""
    scenario = cw.Scenario.from_document(document)
    found = of_result(cw.run(scenario, runs=[0, 1], record=RECORDED))
    world = world_of(scenario)
    world.step(int(document["horizon"]))
    return {**found, **{f"world {table}": value for table, value in of_world(world, COLUMNS).items()}}


def of_known(name: str) -> dict[str, str]:
    """Digests of a short simulation of a known result."""
    simulation = next(one.simulation for one in known_results() if one.name == name)
    assert simulation is not None
    return of_result(simulate(replace(simulation, runs=3, periods=10, warm_up=2), name), ("summary", "items", "lanes", "echelons"))


def of_sweep(name: str) -> dict[str, str]:
    """Digests of a sweep of some points in one union."""
    table = cw.sweep(small(name).with_({"warm_up": 0}), SWEPT[name], reps=2, periods=PERIODS, engine="serial")
    return {"table": of_frame(table[[name for name in table.columns if name not in ("wall_s", "version")]])}


@functools.cache
def all_cases() -> dict[str, Callable[[], dict[str, str]]]:
    """All that is kept, by name."""
    found: dict[str, Callable[[], dict[str, str]]] = {"structures": structures}
    for name, variant in scenarios():
        called = f"{name}, {variant}" if variant else name
        found[f"tables of {called}"] = functools.partial(tables_of, name, variant)
        found[f"snapshot and fork of {called}"] = functools.partial(interrupted, name, variant)
    for name in NAMES:
        for how, kind in AGENTS.items():
            found[f"agents of {name}, {how}"] = functools.partial(with_agents, name, kind)
    for name in SWEPT:
        found[f"sweep of {name}"] = functools.partial(of_sweep, name)
    seen = set()
    for result in known_results():
        if result.simulation is not None and id(result.simulation) not in seen:
            seen.add(id(result.simulation))
            found[f"known result {result.name}"] = functools.partial(of_known, result.name)
    for number, document in enumerate(json.loads(RANDOM.read_text(encoding="utf-8"))):
        found[f"random network {number}"] = functools.partial(of_random, document)
    return found
