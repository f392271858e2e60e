"""Comparing what is not random: it is played once, and says so; what may be random is played as often as was asked for."""

from __future__ import annotations

from typing import Any

import pytest

import chainwright as cw
from chainwright.experiment.run import made_roster
from tests.agents.classes import AsThePolicy


def test_what_is_not_random_is_played_once() -> None:
    found = cw.compare("beer_game", cw.load("beer_game").variant("pass_on"), runs=30)
    assert found.certain
    assert len(found.a.run_numbers) == len(found.b.run_numbers) == 1
    assert found.pairing() == "Nothing is random here: one run of each was played, and any other would be the same."
    row = found.table.set_index("metric").loc["total_cost"]
    many = [cw.run(scenario, runs=[0, 29]).summary["total_cost"] for scenario in ("beer_game", cw.load("beer_game").variant("pass_on"))]
    assert [set(costs) for costs in many] == [{row["a"]}, {row["b"]}]
    assert row["low"] == row["high"] == row["difference"] == row["b"] - row["a"]
    assert row["verdict"] == "lower"
    assert row["difference"] < 0.0
    assert "one run of each" in repr(found)
    assert repr(found).splitlines()[1].split() == ["A", "B", "B", "−", "A", "verdict"]


LATE = [{"period": 20, "set": {"enterprises.drinkers.items.beer.demand": {"policy": "poisson", "mean": 8}}}]
RANDOM: dict[str, dict[str, Any]] = {
    "demand": {"enterprises.drinkers.items.beer.demand": {"policy": "poisson", "mean": 8}},
    "demand from a later period on": {"interventions": LATE},
    "transport": {"lanes.wholesaler>retailer.transport_time": {"distribution": "uniform", "low": 1, "high": 3}},
}


@pytest.mark.parametrize("settings", RANDOM.values(), ids=RANDOM)
def test_what_is_random_somewhere_is_played_as_often_as_asked(settings: dict[str, Any]) -> None:
    found = cw.compare("beer_game", cw.load("beer_game").with_(settings), runs=3)
    assert not found.certain
    assert len(found.a.run_numbers) == 3


def test_of_agents_nobody_knows() -> None:
    blueprint = cw.load("beer_game").blueprint()
    assert cw.World(blueprint, agents=made_roster(blueprint, {"retailer": AsThePolicy})).has_drawn
