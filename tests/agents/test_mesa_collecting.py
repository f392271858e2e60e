"""What a model collects, and what a subclass of one's own steps and collects."""

from __future__ import annotations

import math
from typing import Any

import mesa
import numpy as np
import pytest

import chainwright as cw
from chainwright.words.errors import UsageError
from tests.agents.classes import Weather


@pytest.fixture
def model() -> Any:
    with cw.SupplyChain("beer_game") as made:
        yield made


# --- data collectors ------------------------------------------------------------------------------------------


def test_the_data_collector_reports_readable_sums_by_period(model: Any) -> None:
    for _ in range(6):
        model.step()
    found = model.datacollector.get_model_vars_dataframe()
    assert isinstance(model.datacollector, mesa.DataCollector)
    assert found.index.tolist() == [1, 2, 3, 4, 5, 6]
    assert found["End demand"].tolist() == [4, 4, 4, 4, 8, 8]
    sums = ["End demand", "Orders", "Stock on hand", "Backorder", "In transit", "Cost of the period", "Fill rate of the period"]
    assert list(found.columns[:7]) == sums
    assert list(found.columns[7:]) == [f"Orders of {seat}" for seat in ("retailer", "wholesaler", "distributor", "brewery")]
    items = model.world.items
    stocked = ~items.unlimited
    assert found["Stock on hand"].iloc[-1] == items.on_hand[stocked].sum()
    assert found["Orders of wholesaler"].iloc[-1] == model.enterprise("wholesaler").orders
    result = cw.run("beer_game", record=["orders", "on_hand"], periods=6)
    wanted = result.panel.groupby("period")["on_hand"].sum()
    assert found["Stock on hand"].tolist() == pytest.approx(wanted.tolist())
    cost = result.summary["total_cost"].iloc[0]
    assert found["Cost of the period"].sum() == pytest.approx(cost)


def test_nothing_is_collected_where_nobody_wants_it() -> None:
    model = cw.SupplyChain("beer_game", collect=False)
    model.step()
    assert model.datacollector.model_vars == {}
    assert len(model.roster.here) == 0


def test_agents_are_reported_by_a_column() -> None:
    collect = {"agent_reporters": {"Stock": "on_hand", "Wanted": "demand", "Number": "unique_id"}, "model_reporters": {"Period": "period"}}
    model = cw.SupplyChain("beer_game", collect=collect)
    Weather(model)
    for _ in range(2):
        model.step()
    found = model.datacollector.get_agent_vars_dataframe()
    assert len(found) == 14
    assert found.loc[2]["Stock"].tolist()[:6] == model.agents.select(agent_type=cw.Enterprise).get("on_hand")
    assert found.loc[2]["Wanted"].tolist()[:6] == model.world.items.demand.tolist()
    assert math.isnan(found["Stock"][2, 7])
    assert model.datacollector.get_model_vars_dataframe()["Period"].tolist() == [1, 2]


def test_amounts_of_several_products_are_added_up() -> None:
    reporters = {"agent_reporters": {"Stock": "on_hand", "Wanted": "end_demand"}, "agenttype_reporters": {cw.Distributor: {"Orders": "orders"}}}
    model = cw.SupplyChain("battery", collect=reporters)
    model.step()
    found = model.datacollector.get_agent_vars_dataframe().loc[1]
    owner = next(agent for agent in model.agents if len(agent.items) > 1)
    assert found["Stock"][owner.unique_id] == pytest.approx(sum(item.on_hand for item in owner.items.values()))
    stocked = np.bincount(model.world.items.enterprise, model.world.items.on_hand)
    assert found["Stock"].tolist() == pytest.approx(stocked.tolist())
    # Whoever collects is no enterprise and sees what they do not.
    assert found["Wanted"].sum() > 0
    assert len(model.datacollector.get_agenttype_vars_dataframe(cw.Distributor)) == len(model.agents_by_type[cw.Distributor])


@pytest.mark.parametrize(
    ("collect", "message"),
    [
        ({"agent_reporters": {"Wait": "lead_time"}}, r"collect: \w+ keeps \d+ products, each with its own 'lead_time'; report that of one product"),
        ({"agent_reporter": {}}, "collect: a DataCollector takes no 'agent_reporter'; did you mean 'agent_reporters'"),
        ("on_hand", "collect must be True, False or what Mesa's DataCollector takes, such as"),
        (None, "collect must be True, False"),
    ],
)
def test_what_cannot_be_collected_is_told_before_the_first_step(collect: Any, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        cw.SupplyChain("battery", collect=collect)


def test_a_time_is_reported_where_each_enterprise_keeps_one_product() -> None:
    model = cw.SupplyChain("beer_game", collect={"agent_reporters": {"Wait": "lead_time"}})
    model.step()
    assert model.datacollector.get_agent_vars_dataframe()["Wait"].tolist() == [3.0, 4.0, 0.0, 0.0, 4.0, 4.0]


# --- subclasses -----------------------------------------------------------------------------------------------


class Calendar(cw.SupplyChain):
    """A model of one's own: with a counter, an own step and an own data collector."""

    def __init__(self, holidays: int = 2, rng: int | None = None) -> None:
        super().__init__("beer_game", rng=rng)
        self.holidays = holidays
        self.seen: list[int] = []
        self.datacollector = mesa.DataCollector(
            model_reporters={"Holiday": lambda model: model.period <= model.holidays}, agent_reporters={"Stock": "on_hand"}
        )

    def step(self) -> None:
        super().step()
        self.seen.append(self.period)
        self.datacollector.collect(self)


class Counting(cw.SupplyChain):
    """A step of one's own beside the data collector that comes with the model."""

    def step(self) -> None:
        super().step()
        self.counted = getattr(self, "counted", 0) + 1


def test_a_subclass_steps_and_collects_by_itself() -> None:
    model = Calendar(rng=4)
    for _ in range(3):
        model.step()
    assert model.seen == [1, 2, 3]
    assert model.period == getattr(model, "steps", 3) == 3
    assert model.datacollector.get_model_vars_dataframe()["Holiday"].tolist() == [True, True, False]
    assert len(model.datacollector.get_agent_vars_dataframe()) == 18


def test_a_subclass_keeps_the_data_collector_that_comes_along() -> None:
    model = Counting("beer_game")
    for _ in range(3):
        model.step()
    assert (model.counted, len(model.datacollector.get_model_vars_dataframe())) == (3, 3)


def test_a_data_collector_put_in_from_outside_is_collected(model: Any) -> None:
    model.datacollector = mesa.DataCollector(model_reporters={"Stock": lambda one: one.enterprise("retailer").on_hand})
    for _ in range(2):
        model.step()
    assert model.datacollector.get_model_vars_dataframe()["Stock"].tolist() == [12.0, 12.0]


def test_the_scenario_goes_by_a_name_that_mesa_does_not_use(model: Any) -> None:
    assert model.played_scenario.title == "The beer game"
    # Mesa's page asks like this, and makes a new model of Mesa's own scenario where it finds one.
    assert getattr(model, "scenario", None) is None
    with pytest.raises(AttributeError, match="what a supply chain plays is its `played_scenario`"):
        _ = model.scenario
    with pytest.raises(UsageError, match="a model plays one scenario"):
        model.scenario = cw.load("battery")
