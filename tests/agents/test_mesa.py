"""A supply chain is a model as users of Mesa know models: stepping, agent sets, the space."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import mesa
import networkx
import numpy as np
import pytest
from mesa.discrete_space import Network

import chainwright as cw
from chainwright.words.errors import UsageError
from tests.agents.classes import Panicker, Weather

NAMES = ["brewery", "distributor", "drinkers", "maltings", "retailer", "wholesaler"]


@pytest.fixture
def model() -> Any:
    with cw.SupplyChain("beer_game") as made:
        yield made


# --- the constructor and stepping -----------------------------------------------------------------------------


def test_it_is_a_model_of_mesa_whose_last_argument_is_rng() -> None:
    parameters = inspect.signature(cw.SupplyChain).parameters
    assert issubclass(cw.SupplyChain, mesa.Model)
    name, last = list(parameters.items())[-1]
    assert (name, last.default, last.kind) == ("rng", None, inspect.Parameter.KEYWORD_ONLY)
    assert all(one.default is not inspect.Parameter.empty for one in parameters.values())


def test_steps_are_periods_and_running_ends_with_the_horizon(model: Any) -> None:
    assert (model.period, model.running, model.horizon) == (0, True, 36)
    for period in range(1, 37):
        model.step()
        assert model.period == period
        assert model.running is (period < 36)
        # Mesa 4 counts time only.
        assert getattr(model, "steps", period) == period


def test_run_model_plays_to_the_horizon(model: Any) -> None:
    model.run_model()
    assert model.period == 36


@pytest.mark.parametrize("wrong", [np.random.default_rng(1), "42", 1.5, -1])
def test_a_seed_that_is_no_whole_number_is_told(wrong: Any) -> None:
    with pytest.raises(UsageError, match=r"rng must be a whole number from 0"):
        cw.SupplyChain("beer_game", rng=wrong)


def test_generators_of_mesa_follow_from_seed_and_run() -> None:
    def first(**how: Any) -> tuple[float, float]:
        model = cw.SupplyChain("beer_game", **how)
        return model.random.random(), float(model.rng.random())

    assert first(seed=3, run=1) == first(seed=3, run=1)
    assert len({first(seed=3), first(seed=3, run=1), first(seed=4), first(seed=3, rng=9)}) == 4
    assert first(seed=np.int64(3)) == first(seed=3)
    assert first(rng=np.int64(3)) == first(rng=3)


def test_rng_is_the_seed_of_the_world_too_where_none_is_said() -> None:
    def stock(**how: Any) -> Any:
        model = cw.SupplyChain("newsvendor", **how)
        model.step()
        return model.world.items.demand.tolist()

    assert stock(rng=5) == stock(seed=5) != stock(seed=6)
    assert stock(rng=6, seed=5) == stock(seed=5)


# --- agents ---------------------------------------------------------------------------------------------------


def test_agent_sets_work(model: Any) -> None:
    model.step()
    agents = model.agents
    assert agents.get("name") == NAMES
    assert agents.get(["name", "role"])[0] == ["brewery", "manufacturer"]
    assert agents.select(lambda agent: agent.role == "distributor").get("name") == ["distributor", "wholesaler"]
    assert agents.select(agent_type=cw.Retailer).get("name") == ["retailer"]
    assert agents.agg("on_hand", sum) == model.world.items.on_hand.sum()
    assert agents.map(lambda agent: len(agent.sellers)) == [1, 1, 1, 0, 1, 1]
    assert agents.groupby("role").agg("on_hand", len) == {"manufacturer": 1, "distributor": 2, "customer": 1, "supplier": 1, "retailer": 1}
    seen: list[str] = []
    agents.do(lambda agent: seen.append(agent.name))
    assert seen == NAMES
    agents.shuffle_do(lambda agent: seen.append(agent.name))
    assert sorted(seen[6:]) == NAMES
    agents.do("step")
    assert agents.sort("name", ascending=False).get("name") == NAMES[::-1]
    agents.set("patience", 3)
    assert agents.get("patience") == [3] * 6
    assert agents.select(lambda agent: agent.patience == 3).agg("patience", max) == 3


def test_columns_are_not_set_through_agents(model: Any) -> None:
    with pytest.raises(UsageError, match="'on_hand' is a column of the world and is not set through an agent"):
        model.agents.set("on_hand", 3.0)
    with pytest.raises(UsageError, match="'cash' is a column"):
        model.enterprise("retailer").cash = 3.0

    class Forgetful(cw.Retailer):
        def setup(self) -> None:
            self.orders = []

    with pytest.raises(UsageError, match="call your own memory 'my_orders'"):
        cw.SupplyChain("beer_game", agents={"retailer": Forgetful}).enterprise("retailer")


def test_agents_are_sorted_by_type(model: Any) -> None:
    assert {kind.__name__: kept.get("name") for kind, kept in model.agents_by_type.items()} == {
        "Manufacturer": ["brewery"],
        "Distributor": ["distributor", "wholesaler"],
        "Customer": ["drinkers"],
        "Supplier": ["maltings"],
        "Retailer": ["retailer"],
    }
    assert set(model.agent_types) == set(model.agents_by_type)


@pytest.mark.parametrize("first", [[], ["wholesaler"], ["wholesaler", "brewery", "maltings"], NAMES[::-1]])
def test_numbers_and_order_are_the_same_however_agents_are_made(first: list[str]) -> None:
    model = cw.SupplyChain("beer_game")
    for name in first:
        model.enterprise(name)
    assert model.agents.get("name") == NAMES
    assert model.agents.get("unique_id") == [1, 2, 3, 4, 5, 6]
    assert model.agents_by_type[cw.Distributor].get("name") == ["distributor", "wholesaler"]
    twin = cw.SupplyChain("beer_game")
    assert model.agents.shuffle().get("name") == twin.agents.shuffle().get("name")


def test_stepping_makes_no_agents() -> None:
    model = cw.SupplyChain("battery")
    for _ in range(5):
        model.step()
    assert len(model.datacollector.get_model_vars_dataframe()) == 5
    assert len(model.roster.here) == 0
    model = cw.SupplyChain("beer_game", agents={"wholesaler": Panicker})
    model.step()
    assert [agent.name for agent in model.roster.here.values()] == ["wholesaler"]


MANY = """
chainwright: 1
title: A thousand enterprises
period: day
horizon: 30
population: {generator: layered, suppliers: 200, manufacturers: 200, distributors: 200, retailers: 200, customers: 200}
policies: {place_orders: {default: {policy: pass_on}}}
"""


def test_a_thousand_enterprises_step_without_agents_and_have_a_space(tmp_path: Path) -> None:
    (tmp_path / "many.yaml").write_text(MANY, encoding="utf-8")
    with cw.SupplyChain(tmp_path / "many.yaml") as model:
        for _ in range(3):
            model.step()
        assert len(model.roster.here) == 0
        assert len(model.datacollector.get_model_vars_dataframe().columns) == 7
        middle = model.enterprise("distributor_000100")
        assert len(model.roster.here) == 1
        assert {agent.name for agent in middle.cell.neighborhood.agents} == {partner.name for partner in (*middle.sellers, *middle.buyers)}
        assert len(model.grid.agents) == len(model.roster.here) == 1000


def test_enterprises_are_neither_created_nor_removed(model: Any) -> None:
    with pytest.raises(UsageError, match=r"Retailer.create_agents: the enterprises of a supply chain are those of its scenario; .*agents="):
        cw.Retailer.create_agents(model, 3)
    with pytest.raises(UsageError, match=r"<Retailer retailer> cannot be removed: .*disruption"):
        model.enterprise("retailer").remove()
    with pytest.raises(UsageError, match="cannot be removed"):
        model.remove_all_agents()
    with pytest.raises(UsageError, match=r"wholesaler is a Distributor; give it a class of your own by agents=\{'wholesaler': Panicker\}"):
        Panicker(model, "wholesaler")
    with pytest.raises(AttributeError, match="the agents of a supply chain are its enterprises"):
        model.agents = []
    assert model.agents.get("name") == NAMES


@pytest.mark.parametrize("key", [np.int64(3), 3, None, ("wholesaler",)])
def test_names_that_are_no_names_are_told(key: Any) -> None:
    with pytest.raises(UsageError, match="agents: no enterprise, tag or role is called"):
        cw.SupplyChain("beer_game", agents={key: Panicker})
    with pytest.raises(UsageError, match="no enterprise is called"):
        cw.SupplyChain("beer_game").enterprise(key)


def test_other_agents_of_mesa_live_beside_the_enterprises(model: Any) -> None:
    weather = Weather(model)
    assert weather.unique_id == 7
    assert Weather.create_agents(model, 2).get("unique_id") == [8, 9]
    assert model.agents.get("unique_id") == [1, 2, 3, 4, 5, 6, 7, 8, 9]
    model.agents_by_type[Weather].do("step")
    assert weather.fine in (True, False)
    weather.remove()
    assert len(model.agents) == 8
    assert len(model.grid.agents) == 6


class Watchful(cw.Distributor):
    """Looks around while it is made."""

    def setup(self) -> None:
        self.others = [agent.name for agent in self.model.agents]
        self.neighbours = sorted(agent.name for agent in self.cell.neighborhood.agents)
        self.calm = 0

    def place_orders(self, item: Any) -> Any:
        self.calm += 1
        return super().place_orders(item)


def test_setup_may_look_at_the_model_and_the_space() -> None:
    model = cw.SupplyChain("beer_game", agents={"wholesaler": Watchful, "distributor": Watchful})
    model.step()
    wholesaler = model.enterprise("wholesaler")
    assert sorted(wholesaler.others) == NAMES
    assert wholesaler.neighbours == ["distributor", "retailer"]
    assert model.agents.select(agent_type=Watchful).get("calm") == [1, 1]


def test_setup_may_look_around_in_a_run_among_others() -> None:
    made: list[Watchful] = []

    class Watcher(Watchful):
        def setup(self) -> None:
            super().setup()
            made.append(self)

    cw.run("beer_game", runs=3, periods=1, agents={"wholesaler": Watcher})
    assert [watcher.neighbours for watcher in made] == [["distributor", "retailer"]] * 3
    assert [watcher.unique_id for watcher in made] == [6, 6, 6]
    assert len({id(watcher.model) for watcher in made}) == 3


def test_two_models_are_played_at_once_and_never_meet() -> None:
    one, two = (cw.SupplyChain("beer_game", agents={"wholesaler": Watchful}) for _ in range(2))
    for number in range(6):
        one.step()
        if number < 2:
            two.step()
    assert (one.enterprise("wholesaler").calm, two.enterprise("wholesaler").calm) == (6, 2)
    alone = cw.SupplyChain("beer_game", agents={"wholesaler": Watchful})
    for _ in range(2):
        alone.step()
    assert two.agents.get("on_hand") == alone.agents.get("on_hand")
    assert one.grid["retailer"].agents[0].model is one
    assert two.grid["retailer"].agents[0].model is two


# --- the space ------------------------------------------------------------------------------------------------


def test_the_network_is_a_space_of_mesa(model: Any) -> None:
    grid = model.grid
    assert isinstance(grid, Network)
    assert grid is model.grid
    cell = grid["wholesaler"]
    assert cell is grid[5] is model.enterprise("wholesaler").cell
    assert [agent.name for agent in cell.agents] == ["wholesaler"]
    assert sorted(agent.name for agent in cell.neighborhood.agents) == ["distributor", "retailer"]
    assert sorted(agent.name for agent in cell.get_neighborhood(radius=2).agents) == ["brewery", "distributor", "drinkers", "retailer"]
    assert grid.G.nodes[5]["name"] == "wholesaler"
    assert networkx.shortest_path_length(grid.G, grid.number_of["maltings"], grid.number_of["drinkers"]) == 5
    assert model.graph.has_edge("maltings", "brewery")
    with pytest.raises(UsageError, match="the network has no cell 'wholesalr'; did you mean 'wholesaler'"):
        grid["wholesalr"]
    with pytest.raises(UsageError, match="the network has no cell 6"):
        grid[6]
    with pytest.raises(UsageError, match="cannot be moved"):
        model.enterprise("wholesaler").cell = grid["retailer"]


def test_a_cell_is_there_before_anybody_has_looked_at_the_grid() -> None:
    model = cw.SupplyChain("beer_game")
    assert model.enterprise("retailer").cell.coordinate == 4


def test_networks_of_several_products_and_modes_have_one_cell_per_enterprise() -> None:
    for name in ("battery", "bulldozer", "two_sources"):
        with cw.SupplyChain(name) as model:
            names = [agent.name for agent in model.agents]
            assert len(list(model.grid.all_cells)) == len(names)
            directed = model.graph
            assert {frozenset((grid_name(model, one), grid_name(model, two))) for one, two in model.grid.G.edges} == {
                frozenset(edge[:2]) for edge in directed.edges
            }


def grid_name(model: Any, number: int) -> str:
    return str(model.grid.G.nodes[number]["name"])
