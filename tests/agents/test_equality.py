"""One semantics: a model stepped, a run in a union and agents that do what the policies do are the same, bit for bit."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import chainwright as cw
from chainwright.agents.model import roster_of
from chainwright.scenario.shipped import names as shipped_names
from chainwright.words.subjects import SCHEMA
from tests.agents.classes import AsThePolicy, AsThePolicyInColumns, Nervous
from tests.world.networks import documents

PERIODS = 30
TABLES = ("items", "lanes", "enterprises")
# Larger populations are played in small.
SMALLER = {
    "ten_thousand": {
        "population.customers": 40,
        "population.retailers": 15,
        "population.distributors": 6,
        "population.manufacturers": 4,
        "population.suppliers": 3,
    },
    "firm_network": {"population.firms": 60},
}


@functools.cache
def scenario_of(name: str) -> cw.Scenario:
    """A shipped scenario, in a size for tests."""
    found = cw.load(name)
    return found.with_(SMALLER[name]) if name in SMALLER else found


def assert_same_run(one: Any, run: int, other: Any, place: int) -> None:
    """All columns of run number `run` of a world are those of the run at `place` of another."""
    for table in TABLES:
        ours, theirs = getattr(one, table), getattr(other, table)
        mine, its = np.flatnonzero(ours.run == run), np.flatnonzero(theirs.run == place)
        for column in SCHEMA.table(table):
            if column.kind in ("state", "input"):
                np.testing.assert_array_equal(ours[column.name][mine], theirs[column.name][its], err_msg=f"{table}.{column.name}")


def world_of(scenario: cw.Scenario, agents: dict[str, Any], runs: range = range(1)) -> cw.World:
    """A world with agents in it, after some periods."""
    blueprint = scenario.blueprint()
    world = cw.World(blueprint, runs, changes=dict(scenario.stages()), agents=roster_of(blueprint, agents))
    world.step(PERIODS)
    return world


@pytest.mark.parametrize("name", shipped_names())
def test_a_model_stepped_is_the_run_of_its_number(name: str) -> None:
    scenario = scenario_of(name)
    union = cw.World(scenario.blueprint(), range(3), 11, changes=dict(scenario.stages()))
    union.step(PERIODS)
    with cw.SupplyChain(scenario, seed=11, run=2) as model:
        for _ in range(PERIODS):
            model.step()
        assert_same_run(model.world, 0, union, 2)


@pytest.mark.parametrize("name", shipped_names())
@pytest.mark.parametrize("agent_class", [AsThePolicy, AsThePolicyInColumns])
def test_agents_that_do_what_the_policies_do_change_nothing(name: str, agent_class: type[cw.Enterprise]) -> None:
    scenario = scenario_of(name)
    plain = cw.World(scenario.blueprint(), range(2), changes=dict(scenario.stages()))
    plain.step(PERIODS)
    agents = world_of(scenario, {"default": agent_class}, range(2))
    for place in range(2):
        assert_same_run(agents, place, plain, place)


@pytest.mark.parametrize("name", shipped_names())
@pytest.mark.parametrize("agent_class", [AsThePolicy, AsThePolicyInColumns])
def test_half_the_enterprises_taken_over_is_none_taken_over(name: str, agent_class: type[cw.Enterprise]) -> None:
    scenario = scenario_of(name)
    plain = cw.World(scenario.blueprint(), changes=dict(scenario.stages()))
    plain.step(PERIODS)
    half = scenario.blueprint().tables["enterprises"]["name"][::2]
    agents = world_of(scenario, dict.fromkeys(half.tolist(), agent_class))
    assert_same_run(agents, 0, plain, 0)


@settings(max_examples=20)
@given(documents(), st.integers(0, 2**12 - 1))
def test_who_decides_makes_no_difference_in_random_networks(document: dict[str, Any], taken: int) -> None:
    scenario = cw.Scenario.from_document(document)
    plain = cw.World(scenario.blueprint(), range(2), changes=dict(scenario.stages()))
    plain.step(scenario.horizon)
    names = scenario.blueprint().tables["enterprises"]["name"].tolist()
    kinds = {name: AsThePolicy if number % 2 else AsThePolicyInColumns for number, name in enumerate(names) if taken >> number & 1}
    for agents in ({"default": AsThePolicy}, {"default": AsThePolicyInColumns}, kinds):
        blueprint = scenario.blueprint()
        world = cw.World(blueprint, range(2), changes=dict(scenario.stages()), agents=roster_of(blueprint, agents))
        world.step(scenario.horizon)
        for place in range(2):
            assert_same_run(world, place, plain, place)


@pytest.mark.parametrize("name", ["beer_game", "bulldozer", "battery"])
def test_a_run_with_agents_is_the_same_in_cw_run_and_as_a_model(name: str) -> None:
    scenario = scenario_of(name).with_({"warm_up": 0})
    roles = ("retailer", "distributor", "manufacturer")
    agents = {role: Nervous for role in roles if role in scenario.blueprint().tables["enterprises"]["role"]}
    result = cw.run(scenario, runs=3, seed=5, periods=25, record=["orders", "on_hand"], agents=agents)
    panel = result.panel.set_index(["run", "period", "enterprise", "product"]).loc[1]
    with cw.SupplyChain(scenario, seed=5, run=1, agents=agents) as model:
        for period in range(1, 26):
            model.step()
            world = model.world
            now = panel.loc[period]
            for row in range(world.items.rows):
                key = (world.enterprises.name[world.items.enterprise[row]], world.products.name[world.items.product[row]])
                assert now.loc[key, "orders"] == world.items.orders[row], (period, key)
                assert now.loc[key, "on_hand"] == world.items.on_hand[row], (period, key)


def test_an_agent_with_the_formula_of_the_policy_changes_nothing() -> None:
    class ByHand(cw.Enterprise):
        def place_orders(self, item: Any) -> Any:
            return max(self.policy("place_orders").level - item.inventory_position, 0.0)

    scenario = cw.load("beer_game").variant("base_stock")
    plain = cw.World(scenario.blueprint(), range(2))
    plain.step(PERIODS)
    traders = dict.fromkeys(("retailer", "wholesaler", "distributor", "brewery"), ByHand)
    agents = world_of(scenario, traders, range(2))
    for place in range(2):
        assert_same_run(agents, place, plain, place)
