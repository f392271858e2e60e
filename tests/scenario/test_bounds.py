"""Numbers that nobody can mean: refused in words wherever they may be said, and told where they only come about."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import chainwright as cw
from chainwright.policies.trade.orders import BaseStock
from chainwright.scenario.starter import starter
from chainwright.scenario.write.json_schema import json_schema
from chainwright.state import distributions

SHOP = cw.Scenario.from_text(starter())
LEVEL = "policies.place_orders.default.level"
MOST = r"at most 1e\+15, got"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("enterprises.shop.items.tea.on_hand", 1e308),
        ("enterprises.shop.items.tea.holding_cost", 2e15),
        ("enterprises.drinkers.items.tea.demand", {"policy": "poisson", "mean": 1e16}),
        ("enterprises.drinkers.items.tea.demand", {"policy": "list", "values": [1, 1e300]}),
        ("lanes.0.price", 1e17),
        ("lanes.1.in_transit", [1e16]),
        ("products.tea.weight", 1e16),
        (LEVEL, 1e16),
        ("disruptions", [{"kind": "demand", "target": {"enterprise": "drinkers"}, "start": 2, "duration": 1, "factor": 1e200}]),
        ("interventions", [{"period": 3, "set": {LEVEL: 1e16}}]),
    ],
)
def test_what_is_too_large_to_be_meant_is_refused(path: str, value: Any) -> None:
    changed = {**({"lanes.1.transport_time": 1} if path == "lanes.1.in_transit" else {}), path: value}
    with pytest.raises(cw.ScenarioError, match=MOST) as refused:
        SHOP.with_(changed)
    assert len(refused.value.mistakes) == 1


def test_the_same_bound_holds_in_calls_tables_factors_and_the_schema(tmp_path: Path) -> None:
    with pytest.raises(cw.ScenarioError, match=MOST):
        cw.run(SHOP, interventions=[(3, {LEVEL: 1e16})])
    table = cw.sweep(SHOP, {LEVEL: [40, 1e16]}, engine="serial", measures=["total_cost"])
    assert table["status"].tolist() == ["done", "failed"]
    assert "at most 1e+15, got 1e+16" in table["message"][1]
    document = SHOP.document
    with pytest.raises(cw.ScenarioError, match=rf"variants.large.*{MOST}"):
        cw.Scenario.from_document({**document, "variants": {"large": {LEVEL: 1e16}}})
    del document["enterprises"]["shop"]["items"]
    (tmp_path / "items.csv").write_text("enterprise,product,on_hand\nshop,tea,1e16\n", encoding="utf-8")
    with pytest.raises(cw.ScenarioError, match=rf"items.csv:2:.*{MOST}"):
        cw.Scenario.from_document({**document, "tables": {"items": "items.csv"}}, folder=tmp_path)
    held = json_schema()["$defs"]
    assert held["item"]["properties"]["on_hand"]["maximum"] == held["lane"]["properties"]["price"]["maximum"] == 1e15
    assert held["amounts"]["oneOf"][0]["items"]["maximum"] == 1e15


def test_the_bound_itself_is_fine() -> None:
    large = SHOP.with_({"enterprises.shop.items.tea.on_hand": 1e15, LEVEL: 1e15, "lanes.*.price": 1e15})
    result = cw.run(large, runs=2, check=True)
    assert np.isfinite(result.summary["total_cost"]).all()
    draws = np.array([0.1, 0.5, 0.9])
    drawn = distributions.poisson(draws, 1e15)
    np.testing.assert_allclose((drawn - 1e15) / np.sqrt(1e15), [-1.2815516, 0.0, 1.2815516], atol=1e-6)


@pytest.mark.parametrize("mean", [1e16, 1e17, 1e300])
def test_counts_beyond_whole_numbers_are_told_and_never_searched_for_ever(mean: float) -> None:
    for means in (mean, np.array([mean, 3.0])):
        with pytest.raises(cw.UsageError, match="a poisson count beyond"):
            distributions.poisson(np.array([0.3, 0.7]), means)
    with pytest.raises(cw.UsageError, match="a negative binomial count beyond"):
        distributions.negative_binomial(np.array([0.3, 0.7]), 5.0, 1e15)


class Greedy(cw.Retailer):
    """Wants more than there is in the world."""

    def place_orders(self, item: Any) -> float:
        return 1e16


def test_agents_keep_the_bound() -> None:
    with pytest.raises(cw.UsageError, match=r"Greedy.place_orders of shop/tea in period 1 returned 1e\+16; expected none beyond 1e\+15"):
        cw.run(SHOP, agents={"shop": Greedy})


def test_what_grows_beyond_all_numbers_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(self: BaseStock, view: Any) -> Any:
        return np.full_like(np.asarray(view.inventory_position, np.float64), 1e308) * 10.0

    with np.errstate(over="ignore"):
        monkeypatch.setattr(BaseStock, "__call__", endless)
        with pytest.raises(cw.ChainwrightError, match=r"run 0: .* grew beyond what can be counted"):
            cw.run(SHOP)
        table = cw.sweep(SHOP, {"horizon": [5]}, engine="serial", measures=["total_cost"])
    assert table["status"].tolist() == ["failed"]
    assert "grew beyond what can be counted" in table["message"][0]


def test_a_scenario_of_nothing_but_rounding_is_refused() -> None:
    document = copy.deepcopy(SHOP.document)
    document["enterprises"]["drinkers"]["items"]["tea"]["demand"] = {"policy": "constant", "value": 2e-11}
    document["enterprises"]["shop"]["items"]["tea"]["on_hand"] = 4e-11
    document["lanes"] = [{key: value for key, value in lane.items() if key != "in_transit"} for lane in document["lanes"]]
    document["policies"]["place_orders"] = {"default": {"policy": "base_stock", "level": 6e-11}}
    with pytest.raises(cw.ScenarioError, match="6e-11 is the largest quantity that is said; expected 1e-06 at least"):
        cw.Scenario.from_document(document)
    document["enterprises"]["drinkers"]["items"]["tea"]["demand"]["value"] = 1e-5
    cw.Scenario.from_document(document)


def test_what_multiplies_itself_is_told_without_warnings() -> None:
    peak = {"kind": "demand", "target": {"enterprise": "drinkers"}, "start": 2, "duration": 3, "factor": 1e15}
    grown = SHOP.with_({"disruptions": [peak] * 19})
    with pytest.raises(cw.ChainwrightError, match=r"^run 0: .* grew beyond what can be counted; check=True"):
        cw.run(grown)
    told = r"^run 0: demand of drinkers/tea grew beyond what can be counted in period 2$"
    with pytest.raises(cw.ChainwrightError, match=told):
        cw.run(grown, check=True)
    with pytest.raises(cw.ChainwrightError, match=told):
        cw.Timeline(grown).play(2)
    table = cw.sweep(SHOP, {"disruptions": [[peak] * 19]}, engine="serial", measures=["total_cost"])
    assert "grew beyond what can be counted" in table["message"][0]


TEA = "enterprises.drinkers.items.tea.demand"


@pytest.mark.parametrize(
    ("demand", "where"),
    [
        ({"policy": "constant", "value": 1e-12}, "value"),
        ({"policy": "normal", "mean": 1e-11, "deviation": 1e-12}, "mean"),
        ({"policy": "list", "values": [0, 2e-10, 1e-11]}, "values.1"),
        ({"policy": "intermittent", "probability": 0.5, "mean": 1e-8}, "mean"),
    ],
)
def test_a_demand_that_would_be_taken_for_rounding_is_refused_whatever_else_is_large(demand: dict[str, Any], where: str) -> None:
    """Beside a stock of thousands it was never ordered, without a word."""
    with pytest.raises(cw.ScenarioError, match="is the largest quantity of this demand; expected 1e-06 at least") as refused:
        SHOP.with_({"enterprises.shop.items.tea.on_hand": 1000, TEA: demand})
    assert f"{TEA}.{where}" in str(refused.value)


@pytest.mark.parametrize(
    "demand",
    [
        {"policy": "constant", "value": 0},
        {"policy": "list", "values": [0, 1e-12, 3]},
        {"policy": "poisson", "mean": 1e-7},
        {"policy": "negative_binomial", "mean": 1e-7, "deviation": 1e-3},
        {"policy": "intermittent", "probability": 1e-8, "mean": 2},
    ],
)
def test_small_means_of_whole_units_and_small_numbers_beside_large_ones_are_fine(demand: dict[str, Any]) -> None:
    assert cw.run(SHOP.with_({TEA: demand}), periods=6).summary["total_cost"].notna().all()
