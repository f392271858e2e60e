"""Factors on a scenario: paths that lead nowhere, values that cannot be, and factors in each other's way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import networkx
import pytest

import chainwright as cw
from chainwright.experiment.designs.factors import check_factors, factors_of

TIME = "lanes.*.transport_time"
LEVEL = "policies.place_orders.default.level"
POLICY = "policies.place_orders.default.policy"


@pytest.fixture(scope="module")
def beer() -> cw.Scenario:
    return cw.load("beer_game")


def told_of(beer: cw.Scenario, given: Mapping[str, Any]) -> list[str]:
    with pytest.raises(cw.UsageError) as caught:
        check_factors(factors_of(given), beer)
    return str(caught.value).splitlines()


def test_every_path_that_leads_nowhere_is_told_at_once(beer: cw.Scenario) -> None:
    said = told_of(beer, {
        "lanes.*.transport_tme": [1, 2], "lanes.wholesaler>retalier.price": [1, 2], "polices.x": [1], "horizon": [20, 30],
        "variant": ["base", "pas_on"], "plan": {"a": {"enterprises.retailr.cash": 3}},
    })  # fmt: skip
    assert len(said) == 5
    for line, near in zip(said, ("transport_time", "wholesaler>retailer", "policies", "pass_on", "retailer"), strict=True):
        assert f"did you mean {near!r}?" in line


def test_what_changes_no_run_is_refused(beer: cw.Scenario) -> None:
    assert "share its seed" in told_of(beer, {"seed": [1, 2]})[0]
    assert "changes nothing" in told_of(beer, {"title": ["a", "b"]})[0]


def test_values_are_refused_only_where_none_can_be(beer: cw.Scenario) -> None:
    check_factors(factors_of({TIME: [1, -1]}), beer)
    check_factors(factors_of({TIME: "-3..10"}), beer)
    said = told_of(beer, {TIME: [-1, -2], "horizon": [0, 30]})
    assert len(said) == 1
    assert "none of its values can be" in said[0]


def test_what_only_another_factor_makes_possible_is_not_refused(beer: cw.Scenario) -> None:
    assert "no parameter 'level'" in told_of(beer, {LEVEL: [20, 30]})[0]
    check_factors(factors_of({LEVEL: [20, 30], POLICY: ["base_stock", "pass_on"]}), beer)
    check_factors(factors_of({"variant": ["base_stock", "base"], LEVEL: [20, 30]}), beer)
    check_factors(factors_of({"policies.place_orders.*.level": [20, 30], "plan": {"a": {}, "b": {POLICY: "base_stock"}}}), beer)
    # Each alone fits no other number of waiting orders than the file's own.
    check_factors(factors_of({"lanes.1.order_delay": [3, 4], "lanes.1.orders_waiting": [[4, 4, 4], [4, 4, 4, 4]]}), beer)


def test_two_names_of_one_place_are_found_on_the_scenario(beer: cw.Scenario) -> None:
    assert "sets the same as" in told_of(beer, {"lanes.1.price": [1, 2], "lanes.wholesaler>retailer.price": [3, 4]})[0]
    assert "sets the same as" in told_of(beer, {"lanes.1.price": [1, 2], "lanes.wholesaler>*.price": [3, 4]})[0]
    check_factors(factors_of({"lanes.wholesaler>*.price": [3, 4], "lanes.1.order_delay": [1, 2]}), beer)


def test_paths_that_cross_are_refused() -> None:
    order = {"place_orders": {"default": {"policy": "base_stock", "level": 20}}}
    graph = networkx.DiGraph([("mill", "north"), ("mill", "south"), ("farm", "south")])
    scenario = cw.Scenario.from_graph(graph, demand=4, item={"on_hand": 20}, policies=order)
    crossing = told_of(scenario, {"lanes.mill>*.price": [1, 2], "lanes.*>south.price": [3, 4]})
    assert len(crossing) == 1
    assert "neither is the more special" in crossing[0]
    assert "overwrites lanes.farm>south.price" in told_of(scenario, {"lanes.farm>south.price": [1], "lanes.*>south.price": [3, 4]})[0]
    check_factors(factors_of({"lanes.*>south.price": [3, 4], "lanes.farm>south.price": [1]}), scenario)
    check_factors(factors_of({"lanes.mill>*.price": [1, 2], "lanes.farm>*.price": [3, 4]}), scenario)
