"""Mesa's batch_run: replications that differ and are those of `run`, and what is collected of each enterprise."""

from __future__ import annotations

import inspect
from typing import Any

import mesa
import pytest

import chainwright as cw

PERIODS = 15
NOISY = {"enterprises.drinkers.items.beer.demand": {"policy": "poisson", "mean": 6}}


def batch(model: Any, parameters: dict[str, Any], iterations: int = 3, **options: Any) -> list[dict[str, Any]]:
    """Replications as the Mesa that is there asks for them."""
    newer = "rng" in inspect.signature(mesa.batch_run).parameters
    asked: dict[str, Any] = {"rng": [None] * iterations} if newer else {"iterations": iterations}
    return mesa.batch_run(model, parameters, display_progress=False, **asked | options)  # type: ignore[no-any-return]


class Noisy(cw.SupplyChain):
    """A model of a user's own, with a parameter and Mesa's word for the seed."""

    def __init__(self, target: float = 17, rng: int | None = None) -> None:
        settings = NOISY | {"horizon": PERIODS, "policies.place_orders.default.target": target}
        super().__init__(cw.load("beer_game").with_(settings), rng=rng, collect={"model_reporters": {"Stock": stock, "Wanted": wanted}})


def stock(model: Any) -> float:
    items = model.world.items
    return float(items.on_hand[~items.unlimited].sum())


def wanted(model: Any) -> float:
    return float(model.world.items.demand[model.world.items.customer].sum())


def test_replications_differ_and_are_those_of_run() -> None:
    rows = batch(Noisy, {"target": [17, 24]})
    assert [(row["iteration"], row["target"]) for row in rows] == [(number, target) for number in range(3) for target in (17, 24)]
    for target in (17, 24):
        scenario = cw.load("beer_game").with_(NOISY | {"horizon": PERIODS, "policies.place_orders.default.target": target})
        panel = cw.run(scenario, runs=3, record=["on_hand"]).panel
        expected = panel[panel["period"] == PERIODS].groupby("run")["on_hand"].sum().tolist()
        found = [row["Stock"] for row in rows if row["target"] == target]
        assert found == pytest.approx(expected)
        assert len(set(found)) == 3
    # The same drinkers at both targets.
    demand = [row["Wanted"] for row in rows]
    assert demand[::2] == demand[1::2]


def test_a_seed_of_ones_own_is_kept() -> None:
    newer = "rng" in inspect.signature(mesa.batch_run).parameters
    same: dict[str, Any] = {"rng": [3, 3, 3]} if newer else {"iterations": 3}
    parameters = {"scenario": "newsvendor"} | ({} if newer else {"rng": 3})
    rows = mesa.batch_run(cw.SupplyChain, parameters, max_steps=5, display_progress=False, **same)
    assert len({row["Stock on hand"] for row in rows}) == 1
    runs = batch(cw.SupplyChain, {"scenario": "newsvendor", "run": [2]}, max_steps=5)
    assert len({row["Stock on hand"] for row in runs}) == 1


def test_outside_of_a_batch_a_model_is_run_0_of_the_scenarios_seed() -> None:
    with cw.SupplyChain("newsvendor") as one, cw.SupplyChain("newsvendor", run=0) as other:
        assert one.run_number == other.run_number == 0


def test_each_enterprise_of_a_small_network_is_collected_by_name() -> None:
    with cw.SupplyChain("beer_game") as model:
        for _ in range(6):
            model.step()
        found = model.datacollector.get_agent_vars_dataframe().loc[6].set_index("name")
        assert list(found.columns) == ["orders", "on_hand", "backorder", "demand"]
        panel = cw.run("beer_game", periods=6, record=["orders", "on_hand", "backorder", "demand"]).panel
        last = panel[panel["period"] == 6].set_index("enterprise")
        for seat in ("retailer", "wholesaler", "distributor", "brewery"):
            assert found.loc[seat].tolist() == last.loc[seat, list(found.columns)].tolist()
    with cw.SupplyChain("battery") as large:
        large.step()
        assert not large.datacollector.agent_reporters
        assert len(large.roster.here) == 0


def test_the_names_beside_each_other_do_not_meet() -> None:
    rows = batch(cw.SupplyChain, {"scenario": "beer_game"}, iterations=1, max_steps=4)
    assert {row["name"] for row in rows} == {"drinkers", "retailer", "wholesaler", "distributor", "brewery", "maltings"}
    assert all({"Orders", "orders", "Stock on hand", "on_hand"} <= set(row) for row in rows)
