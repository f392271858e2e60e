"""Explanations of decisions: they end with what came of the decision, bit for bit, and nobody is disturbed by being watched."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

import chainwright as cw
from chainwright.experiment.run import made_roster
from chainwright.experiment.timeline.after_decisions import _lots
from chainwright.experiment.timeline.explaining import Arithmetic, explained
from chainwright.phases.trade.order_rules import in_lots
from chainwright.scenario.shipped import names
from chainwright.world import World
from tests.agents.classes import AsThePolicy, AsThePolicyInColumns
from tests.shipped import shipped
from tests.timeline.likeness import assert_same_state

SCENARIOS = names()


def world_of(scenario: cw.Scenario, periods: int, agents: Any = None) -> World:
    """A world after some periods."""
    blueprint = scenario.blueprint()
    world = World(blueprint, [0], changes=dict(scenario.stages()), agents=made_roster(blueprint, agents or {}))
    world.step(periods)
    return world


def row_of(world: World, enterprise: str) -> int:
    """The first item of an enterprise."""
    return int(np.flatnonzero(world.enterprises.name[world.items.enterprise] == enterprise)[0])


def told(found: list[Arithmetic], decision: str) -> list[tuple[str, str, float | None]]:
    """The steps of one decision."""
    one = next(one for one in found if one.decision == decision)
    return [(step.words, step.formula, step.value) for step in one.steps]


# --- what holds of every scenario --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_last_step_is_what_came_of_it(name: str) -> None:
    """Of every decision of every item, in the first periods and later; the decision itself is among the steps."""
    world = world_of(shipped(name), 0)
    decisions = set()
    for period in range(1, 26):
        found = explained(world, range(world.items.rows) if period < 3 or period % 8 == 1 else ())
        assert world.period == period
        for one in found:
            assert one.steps[-1].value == one.outcome, one
            assert one.answer in [step.value for step in one.steps]
            # Every shipped policy tells its own decision, so nothing has to be added.
            assert all(step.words != "decided" for step in one.steps)
            assert one.outcome == (world.items[one.column][one.row] if one.decision != "forecast_demand" else one.answer)
            decisions.add(one.decision)
    assert "place_orders" in decisions


@pytest.mark.parametrize("name", SCENARIOS)
def test_looking_changes_nothing(name: str) -> None:
    watched, other = world_of(shipped(name), 4), world_of(shipped(name), 4)
    for _ in range(4):
        explained(watched, range(watched.items.rows))
        other.step()
    assert_same_state(watched, other)
    assert "decide" not in vars(watched)


@pytest.mark.parametrize("agents", [AsThePolicy, AsThePolicyInColumns])
def test_agents_are_asked_once_and_as_always(agents: type) -> None:
    """Watched or not, agents that decide as their policies do decide alike."""
    scenario = shipped("two_sources")
    watched, other = world_of(scenario, 5, {"default": agents}), world_of(scenario, 5)
    found = explained(watched, range(watched.items.rows))
    other.step()
    np.testing.assert_array_equal(watched.items.orders, other.items.orders)
    np.testing.assert_array_equal(watched.items.on_hand, other.items.on_hand)
    assert {one.decided_by for one in found} == {agents.__name__}
    assert all(one.steps[-1].value == one.outcome for one in found)


def test_no_rows_are_no_trouble() -> None:
    world = world_of(shipped("beer_game"), 3)
    assert explained(world, []) == []
    assert world.period == 4


# --- single decisions ---------------------------------------------------------------------------------------------


def test_a_base_stock_order_in_words() -> None:
    world = world_of(shipped("beer_game").variant("base_stock"), 8)
    row = row_of(world, "retailer")
    before = world.copy()
    found = explained(world, [row])
    before.step()
    items = world.items
    position = items.inventory_position[row]
    steps = told(found, "place_orders")
    assert [words for words, _, _ in steps] == ["base-stock level S", "less the inventory position", "to order", "ordered from wholesaler"]
    assert [value for _, _, value in steps] == [32.0, position, 32.0 - position, items.orders[row]]
    assert steps[2][1] == f"32 − {position:g}"
    # What it is made of as it stood when the order was placed, before anything was shipped.
    assert steps[1][1].startswith("on hand ")
    assert found[0].policy.name == "base_stock"
    assert found[0].decided_by == "policy"


@pytest.mark.parametrize("unmet, expected", [
    ("backordered", [("waits until somebody takes orders", "4 + 4", 8.0), ("no lane takes orders", "", 0.0)]),
    ("lost", [("lost to sellers who lose what they cannot serve", "", 4.0), ("ordered, and lost", "", 4.0)]),
])
@pytest.mark.parametrize("who", ["drinkers", "retailer>drinkers"])
def test_what_a_customer_can_order_nowhere_is_explained(who: str, unmet: str, expected: list[tuple[str, str, float]]) -> None:
    seller, _, buyer = who.rpartition(">")
    target = {"seller": seller, "buyer": buyer} if seller else {"enterprise": buyer}
    strike = {"kind": "closure", "target": target, "start": 2, "duration": 2}
    scenario = shipped("beer_game").with_({"disruptions": [strike], "enterprises.retailer.items.beer.unmet_demand": unmet})
    steps = told(explained(world_of(scenario, 2), [row_of(world_of(scenario, 0), "drinkers")]), "place_orders")
    assert steps[-2:] == expected
    after = explained(world_of(scenario, 3), [row_of(world_of(scenario, 0), "drinkers")])
    late = [step for step in told(after, "place_orders") if step[0] == "with what it could order nowhere before"]
    assert late == ([("with what it could order nowhere before", "4 + 8", 12.0)] if unmet == "backordered" else [])


def test_a_closed_enterprise_orders_nothing() -> None:
    strike = {"kind": "closure", "target": {"enterprise": "wholesaler"}, "start": 5, "duration": 2}
    world = world_of(shipped("beer_game").with_({"disruptions": [strike]}), 4)
    steps = told(explained(world, [row_of(world, "wholesaler")]), "place_orders")
    assert steps[-2][2] != 0.0
    assert steps[-1] == ("wholesaler is closed this period and orders nothing", "", 0.0)


def test_paused_orders_are_told() -> None:
    pause = {"kind": "order_pause", "target": {"enterprise": "wholesaler"}, "start": 5, "duration": 2}
    world = world_of(shipped("beer_game").with_({"disruptions": [pause]}), 4)
    steps = told(explained(world, [row_of(world, "wholesaler")]), "place_orders")
    assert steps[-2:] == [("orders to distributor are paused", "", 0.0), ("ordered from distributor", "", 0.0)]


def test_lots_caps_and_the_smallest_order_are_steps() -> None:
    rules = {"minimum_order": 5, "lot_multiple": 4, "order_cap": 11}
    settings = {f"enterprises.retailer.items.beer.{name}": value for name, value in rules.items()}
    scenario = shipped("beer_game").variant("base_stock").with_({**settings, "enterprises.drinkers.items.beer.demand.after": 15})
    world = world_of(scenario, 0)
    row = row_of(world, "retailer")
    seen = set()
    for _ in range(30):
        found = explained(world, [row])
        steps = told(found, "place_orders")
        seen |= {words for words, _, _ in steps}
        assert steps[-1][2] == world.items.orders[row]
    assert {"raised to the smallest order", "rounded up to lots", "cut to the most that may be ordered at once"} <= seen


def test_an_order_is_split_over_sellers() -> None:
    world = world_of(shipped("two_sources"), 0)
    row = row_of(world, "shop")
    for _ in range(10):
        steps = told(explained(world, [row]), "place_orders")
        if steps[-1][2]:
            break
    placed = {words: value for words, _, value in steps if words.startswith("of it to ")}
    assert len(placed) == 2
    assert steps[-1][0] == "ordered from all sellers"
    assert steps[-1][2] == world.items.orders[row] > 0.0
    lanes = np.flatnonzero(world.lanes.buyer == row)
    assert sorted(placed.values()) == sorted(world.lanes.ordered[lanes].tolist())


def test_production_is_grossed_up_for_yield() -> None:
    scenario = shipped("battery").with_({"recipes.battery_plant>bulk_battery.yield_share": 0.8})
    world = world_of(scenario, 0)
    row = int(np.flatnonzero(world.products.name[world.items.product] == "bulk_battery")[0])
    row = next(item for item in range(world.items.rows) if world.items.makes[item] and world.items.yield_share[item] == 0.8)
    for _ in range(30):
        steps = told(explained(world, [row]), "plan_production")
        grossed = [step for step in steps if step[0] == "more, because not all turns out good"]
        if grossed:
            break
    assert grossed[0][1].endswith(" / 0.8")
    assert steps[-1][2] == world.items.production_orders[row] > 0.0


def test_demand_that_events_multiply() -> None:
    feast = {"kind": "demand", "target": {"enterprise": "drinkers"}, "start": 3, "duration": 2, "factor": 2.0}
    world = world_of(shipped("beer_game").with_({"disruptions": [feast]}), 2)
    steps = told(explained(world, [row_of(world, "drinkers")]), "demand")
    assert steps[-2:] == [("multiplied by what events do to demand", "4 × 2", 8.0), ("demanded", "", 8.0)]


def test_a_seller_decides() -> None:
    world = world_of(shipped("information_sharing").variant("vendor_managed"), 6)
    found = explained(world, [row_of(world, "retailer"), row_of(world, "wholesaler")])
    orders = {one.row: one for one in found if one.decision == "place_orders"}
    assert orders[row_of(world, "retailer")].decided_by == "seller"
    assert orders[row_of(world, "wholesaler")].decided_by == "policy"
    # The buyer's stock itself is not shown to the seller, so the position is told without its parts.
    assert "on hand" not in " ".join(step.formula for step in orders[row_of(world, "retailer")].steps)
    assert orders[row_of(world, "wholesaler")].written["base_stock_level"] == world.items.base_stock_level[row_of(world, "wholesaler")]


def test_a_policy_that_changes_in_the_very_period() -> None:
    scenario = shipped("beer_game")
    change = {"policies.place_orders.retailer.policy": "constant", "policies.place_orders.retailer.quantity": 6}
    world = World(scenario.blueprint(), [0], changes=dict(scenario.stages([(5, change)])))
    world.step(4)
    found = explained(world, [row_of(world, "retailer")])
    assert found[0].policy.name == "constant"
    assert told(found, "place_orders")[-1][2] == 6.0


# --- agents -------------------------------------------------------------------------------------------------------


class Panicker(cw.Distributor):
    """Doubles the forecast whenever the shelf looks empty."""

    def place_orders(self, item: Any) -> float:
        if item.on_hand < 2 * item.safety_stock:
            return float(2 * item.demand)
        return float(max(super().place_orders(item), 0.0))


class Crowd(cw.Distributor):
    """Orders what is demanded and a tenth of what is on hand, for all at once."""

    @cw.columnar
    def place_orders(self, items: Any) -> Any:
        return items.demand + 0.1 * items.on_hand


def test_what_an_agent_saw_and_decided() -> None:
    world = world_of(shipped("beer_game"), 0, {"wholesaler": Panicker})
    row = row_of(world, "wholesaler")
    moods = set()
    for _ in range(20):
        other = world.copy()
        other.step()
        found = explained(world, [row])
        np.testing.assert_array_equal(world.items.orders, other.items.orders)
        assert found[0].decided_by == "Panicker"
        steps = told(found, "place_orders")
        assert steps[-1][2] == world.items.orders[row]
        # It saw what it looked at, as it stood then, and nothing else.
        seen = [words for words, _, _ in steps if words.startswith("saw ")]
        moods.add(seen[2])
        assert seen[:2] == ["saw on hand", "saw safety stock"]
        if seen[2] == "saw demand":
            assert steps[-2] == ("Panicker decided", "", 2.0 * world.items.demand[row])
            assert steps[2][2] == world.items.demand[row]
    assert moods == {"saw demand", "saw the policy's answer"}


def test_what_a_class_for_all_of_them_saw() -> None:
    world = world_of(shipped("beer_game"), 8, dict.fromkeys(("wholesaler", "distributor"), Crowd))
    rows = [row_of(world, name) for name in ("wholesaler", "distributor")]
    found = explained(world, rows)
    orders = [one for one in found if one.decision == "place_orders"]
    assert {one.decided_by for one in orders} == {"Crowd"}
    for one in orders:
        steps = [(step.words, step.value) for step in one.steps]
        assert ("saw demand", world.items.demand[one.row]) in steps
        assert one.steps[-1].value == world.items.orders[one.row]


# --- the rules after a decision -----------------------------------------------------------------------------------

AMOUNTS = st.one_of(st.just(0.0), st.floats(0.0, 1e4), st.floats(0.0, 1e-8), st.integers(0, 500).map(float))
LOTS = st.one_of(st.just(0.0), st.floats(0.01, 1e4), st.integers(1, 500).map(float))


@hypothesis_settings(deadline=None, max_examples=200)
@given(quantity=st.one_of(AMOUNTS, st.floats(-50.0, 0.0)), least=AMOUNTS, lot=LOTS, cap=st.one_of(AMOUNTS, st.just(np.inf)), whole=st.booleans())
def test_lots_are_those_of_the_phase(quantity: float, least: float, lot: float, cap: float, whole: bool) -> None:
    """Step by step it comes to the same bits as in the phase."""
    columns = {"minimum_order": least, "lot_multiple": lot, "order_cap": cap, "product": 0}
    items = SimpleNamespace(**{name: np.array([value]) for name, value in columns.items()})
    world: Any = SimpleNamespace(items=items, products=SimpleNamespace(whole_units=np.array([whole])))
    level: Any = SimpleNamespace(items=slice(0, 1), any_lot_rules=True, whole_units=np.array([whole]))
    steps, value = _lots(world, 0, quantity)
    assert value == in_lots(world, level, np.array([quantity]))[0]
    assert not steps or steps[-1].value == value
