"""Changes of scenarios with generated networks: settings, variants, interventions, and their mistakes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import chainwright as cw
from chainwright.scenario import Scenario
from tests.scenario.villages import TEXT, mistakes


@pytest.fixture
def scenario() -> Scenario:
    return Scenario.from_text(TEXT, "villages")


def test_settings_reach_parameters(scenario: Scenario) -> None:
    assert scenario.with_({"population.shops": 9, "population.mills": 3}).counts["enterprises"] == 22
    assert scenario.with_({"population.ways.0": 4}).blueprint().tables["lanes"]["transport_time"].max() == 4
    slow = scenario.variant("slow")
    assert slow.name == "villages-slow"
    assert set(slow.blueprint().tables["lanes"]["transport_time"]) == {0, 5}
    assert slow.settings == {"population.ways": [5], "policies.place_orders.retailer.level": 90}
    assert scenario.hash != slow.hash != scenario.with_({"population.shops": 9}).hash


def test_the_name_of_a_generator_drops_the_parameters_of_the_one_before(scenario: Scenario) -> None:
    other = scenario.with_({"population.shops": 4, "population.generator": "village", "policies.place_orders": {"default": {"policy": "pass_on"}}})
    assert other.document["population"] == {"generator": "village", "shops": 4}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"population.shops": 0}, "population.shops: expected a whole number of at least 1, got 0"),
        ({"population.shop": 5}, "population.shop: generator 'village' has no parameter 'shop'; did you mean 'shops'?"),
        ({"population.mills": 7}, "population.mills: more mills than the 6 shops they serve"),
        ({"lanes.*.transport_time": 3}, "lanes.*.transport_time: the population makes the lanes; set one of its parameters, as population."),
        ({"policies.place_orders.shop_0000009.level": 3}, "no role or enterprise is called 'shop_0000009'; did you mean 'shop_0000005'?"),
        ({"policies.place_orders.default.policy": "pass_onn"}, "did you mean 'pass_on'?"),
        ({"policies.forecast_demand": {}}, "policy 'order_up_to' reads a forecast, but mill_0000000/grain has none"),
    ],
)  # fmt: skip
def test_settings_that_are_mistaken(scenario: Scenario, changes: dict[str, Any], said: str) -> None:
    told = mistakes(lambda: scenario.with_(changes))
    assert any(said in one for one in told), told


def test_structure_stays_as_it_is_during_a_run(scenario: Scenario) -> None:
    assert mistakes(lambda: scenario.stages([(4, {"population.shops": 9})])) == [
        "population.shops: the population cannot change during a run: nobody comes or goes, and nobody's lanes do; "
        "set it before the run, or change policies"
    ]
    assert mistakes(lambda: scenario.stages([(4, {"lanes.*.price": 9})])) == [
        "lanes.*.price: the population makes the lanes, which stay as they are during a run; change policies"
    ]
    assert mistakes(lambda: scenario.stages([(4, {"agents.farm": "loud"})]))[0].startswith("agents.farm: who decides cannot change during a run")


def test_policies_change_during_a_run(scenario: Scenario) -> None:
    ((period, later),) = scenario.stages([(4, {"policies.place_orders.retailer.level": 75})])
    levels = {value for choice in later.policies["place_orders"] if choice.policy == "base_stock" for value in np.ravel(choice.parameters["level"])}
    assert period == 4
    assert levels == {75.0, 80.0, 200.0}
    quiet = scenario.with_({"agents": {}})
    calm, busy = (cw.run(quiet, interventions=given).items for given in ((), [(4, {"policies.place_orders.retailer.level": 75})]))
    assert not calm.equals(busy)


def test_demand_may_be_said_by_the_scenario_instead(scenario: Scenario) -> None:
    poisson = scenario.with_({"policies.demand.customer": {"policy": "poisson", "mean": 3}})
    (choice,) = poisson.blueprint().policies["demand"]
    assert (choice.policy, choice.parameters, len(choice.rows)) == ("poisson", {"mean": 3}, 6)
    part = scenario.with_({"policies.demand": {"default": {"deviation": 4}, "customer_0000002": {"mean": 50}}}).blueprint().policies["demand"]
    told = {int(row): (choice.parameters["mean"], choice.parameters["deviation"]) for choice in part for row in choice.rows}
    assert told[2] == (50, 4)
    assert {told[row] for row in (0, 1, 3, 4, 5)} == {(10.0, 4)}
    assert mistakes(lambda: scenario.with_({"policies.demand.default.lambda": 3})) == [
        "policies.demand.default.lambda: policy 'normal' has no parameter 'lambda'; expected one of mean, deviation, truncate"
    ]


def test_policies_that_are_missing_are_told_by_name(scenario: Scenario) -> None:
    text = TEXT.replace("    default: {policy: order_up_to, safety_factor: 1}\n", "")
    text = text.replace("mill_0000001: {grain: {policy", "shop_0000001: {flour: {policy")
    assert mistakes(lambda: Scenario.from_text(text.replace("shops: 6", "shops: 6, mills: 5"), "villages")) == [
        "villages.yaml:11:3: policies.place_orders: no policy places the orders of mill_0000000/grain, mill_0000001/grain, mill_0000002/grain "
        "and 2 more; expected one under policies.place_orders: default, their roles or their names"
    ]


def test_a_mistake_among_a_hundred_thousand_is_told_with_the_nearest_name() -> None:
    text = TEXT.replace("shops: 6", "shops: 50000").replace("shop_0000002: {level", "shop_0004x711: {level")
    assert mistakes(lambda: Scenario.from_text(text, "villages")) == [
        "villages.yaml:14:5: policies.place_orders.shop_0004x711: no role or enterprise is called 'shop_0004x711'; did you mean 'shop_0004711'?"
    ]


def test_variants_and_interventions_that_lead_nowhere_are_told_where_they_stand() -> None:
    text = TEXT.partition("variants:")[0] + """\
interventions:
  - {period: 3, set: {population.shops: 7}}
  - {period: 3, set: {lanes.*.price: 7}}
  - {period: 4, set: {policies.place_orders.retailer.leval: 7}}
variants:
  wide: {population.shop: 9}
  many: {population.mills: 9}
  dear: {lanes.*.price: 9}
  more: {population.shops: 30, policies.place_orders.shop_0000020.level: 3}
"""
    assert mistakes(lambda: Scenario.from_text(text, "villages")) == [
        "villages.yaml:21:23: interventions.0.set.population.shops: the population cannot change during a run: nobody comes or goes, "
        "and nobody's lanes do; set it before the run, or change policies",
        "villages.yaml:22:23: interventions.1.set.lanes.*.price: the population makes the lanes, which stay as they are during a run; "
        "change policies",
        "villages.yaml:23:23: interventions.2.set.policies.place_orders.retailer.leval: policy 'base_stock' has no parameter 'leval'; "
        "did you mean 'level'?",
        "villages.yaml:25:10: variants.wide.population.shop: generator 'village' has no parameter 'shop'; did you mean 'shops'?",
        "villages.yaml:26:10: variants.many.population.mills: more mills than the 6 shops they serve",
        "villages.yaml:27:10: variants.dear.lanes.*.price: the population makes the lanes; set one of its parameters, "
        "as population.<parameter>, or policies",
    ]


def test_a_policy_by_product_may_be_set_where_nothing_is_said(scenario: Scenario) -> None:
    changed = scenario.with_({"policies.place_orders.mill_0000000.grain": {"policy": "base_stock", "level": 7}})
    assert changed.document["policies"]["place_orders"]["mill_0000000"] == {"grain": {"policy": "base_stock", "level": 7}}
    again = changed.with_({"policies.place_orders.mill_0000000.grain.level": 8})
    assert again.document["policies"]["place_orders"]["mill_0000000"] == {"grain": {"policy": "base_stock", "level": 8}}
    told = mistakes(lambda: scenario.with_({"policies.place_orders.retailer.flour.level": 8}))
    assert told == [
        "policies.place_orders.retailer.flour.level: policies.place_orders.retailer is given for all products of a population; "
        "set it as a whole, with an entry for each product"
    ]
