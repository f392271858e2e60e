"""What lies downstream: end demand and echelon stock, over trees, recipes and cycles."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import chainwright as cw


def test_echelon_base_stock_is_local_base_stock_with_summed_levels() -> None:
    """Both rules order the same in a serial system whose positions start at their levels (Zipkin 2000, section 8.3.2)."""
    scenario = cw.load("serial_textbook").with_({"horizon": 300, "warm_up": 50})
    own = scenario.document["policies"]["place_orders"]
    names = [lane["buyer"] for lane in scenario.document["lanes"] if lane["buyer"] in own]
    names.sort(key=lambda name: own[name]["level"] if name in own else 0)
    upward = _upward(scenario)
    total = 0.0
    settings: dict[str, Any] = {"visibility": {"echelon_stock": "partner"}}
    for name in upward:
        total += own[name]["level"]
        settings[f"policies.place_orders.{name}"] = {"policy": "echelon_base_stock", "level": total}
    record = ["orders", "on_hand", "echelon_stock"]
    local, echelon = (cw.run(each, runs=3, record=record, check=True).panel for each in (scenario, scenario.with_(settings)))
    assert local is not None
    assert echelon is not None
    settled = local["period"] > 20
    np.testing.assert_allclose(echelon[settled]["orders"].to_numpy(float), local[settled]["orders"].to_numpy(float), atol=1e-6)
    np.testing.assert_allclose(echelon[settled]["on_hand"].to_numpy(float), local[settled]["on_hand"].to_numpy(float), atol=1e-6)


def _upward(scenario: cw.Scenario) -> list[str]:
    """The stages of a serial system from the customers up, the outside source left out."""
    seller_of = {lane["buyer"]: lane["seller"] for lane in scenario.document["lanes"]}
    roles = {name: one["role"] for name, one in scenario.document["enterprises"].items()}
    here = next(name for name, role in roles.items() if role == "customer")
    found = []
    while seller_of.get(here) in seller_of:
        here = seller_of[here]
        found.append(here)
    return found


def test_end_demand_in_a_cycle_is_that_of_the_balance() -> None:
    """The depot sells half of what the plant makes back to it: x = 10 + x / 2 has the solution 20."""
    document = {
        "chainwright": 1,
        "title": "A cycle",
        "period": "day",
        "horizon": 60,
        "products": {"glass": {}},
        "enterprises": {
            "town": {"role": "customer", "items": {"glass": {"demand": {"policy": "constant", "value": 10}}}},
            "depot": {"role": "distributor", "items": {"glass": {"on_hand": 500}}},
            "plant": {"role": "manufacturer", "items": {"glass": {"on_hand": 500}}},
            "mine": {"role": "supplier", "items": {"glass": {"unlimited": True}}},
        },
        "lanes": [
            {"seller": "depot", "buyer": "town", "product": "glass"},
            {"seller": "plant", "buyer": "depot", "product": "glass", "transport_time": 1, "order_delay": 1},
            {"seller": "depot", "buyer": "plant", "product": "glass", "transport_time": 1, "order_delay": 1, "share": 0.5},
            {"seller": "mine", "buyer": "plant", "product": "glass", "transport_time": 1, "share": 0.5},
        ],
        "policies": {"place_orders": {"default": {"policy": "pass_on"}}},
    }
    panel = cw.run(cw.Scenario.from_document(document), record=["end_demand"], check=True).panel
    assert panel is not None
    for period in (1, 2, 60):
        sums = panel[panel["period"] == period].set_index("enterprise")["end_demand"]
        assert sums["depot"] == pytest.approx(20.0)
        assert sums["plant"] == pytest.approx(20.0)
        assert sums["mine"] == pytest.approx(10.0)


def ring(back: float, demand: dict[str, Any], **more: Any) -> cw.Scenario:
    """Three firms in a circle: one buys `back` of what it needs from the last, which sells the rest to a shopper."""
    firms = {name: {"role": "distributor", "items": {"goods": {"on_hand": 10}}} for name in "abc"}
    shopper = {"role": "customer", "items": {"goods": {"demand": demand}}}
    delays = {"product": "goods", "transport_time": 1, "order_delay": 1}
    lanes: list[dict[str, Any]] = [
        {"seller": "a", "buyer": "b", **delays},
        {"seller": "b", "buyer": "c", **delays},
        {"seller": "c", "buyer": "a", **delays, "share": back},
        {"seller": "mine", "buyer": "a", **delays, "share": 1.0 - back},
        {"seller": "c", "buyer": "shopper", "product": "goods"},
    ]
    return cw.Scenario.from_document({
        "chainwright": 1,
        "title": "A ring",
        "period": "week",
        "horizon": 52,
        "products": {"goods": {}},
        "enterprises": {"shopper": shopper, **firms, "mine": {"role": "supplier", "items": {"goods": {"unlimited": True}}}},
        "lanes": lanes,
        "policies": {
            "place_orders": {"default": {"policy": "order_up_to", "lead_time": 3}},
            "forecast_demand": {"default": {"policy": "moving_average", "periods": 5}},
        },
        **more,
    })


CLOSURE = [{"kind": "closure", "target": {"enterprise": "a"}, "start": 10, "duration": 4}]


@pytest.mark.parametrize("back", [0.5, 0.9, 0.99, 0.9999])
def test_steady_demand_around_a_cycle_never_varies(back: float) -> None:
    """However much goes round: the balance is x = 10 / (1 - back), from the first period on, and a ratio to it is empty."""
    result = cw.run(ring(back, {"policy": "constant", "value": 10.0}, disruptions=CLOSURE), record=["end_demand"])
    items = result.items.set_index("enterprise")
    for name in "abc":
        assert items.loc[name, "end_demand_mean"] == pytest.approx(10.0 / (1.0 - back), rel=1e-9)
        assert items.loc[name, "end_demand_variance"] == 0.0
    assert items.loc["a", "orders_variance"] > 0.0
    for table in (result.items, result.echelons, result.summary):
        assert table["bullwhip_ratio_to_end_demand"].isna().all()


def test_a_cycle_that_hands_on_all_that_it_gets_has_no_balance() -> None:
    """Its links hand on nothing, so that nothing grows without end."""
    scenario = ring(1.0, {"policy": "constant", "value": 10.0}, disruptions=CLOSURE)
    panel = cw.run(scenario, record=["end_demand"]).panel
    assert panel is not None
    assert panel.groupby("enterprise")["end_demand"].nunique().eq(1).all()
    assert panel["end_demand"].max() == 10.0


def test_balance_of_cycles_is_the_same_in_any_company() -> None:
    scenario = ring(0.9, {"policy": "normal", "mean": 10.0, "deviation": 2.0})
    together = cw.run(scenario, runs=5, record=["end_demand"]).panel
    alone = cw.run(scenario, runs=[3], record=["end_demand"]).panel
    assert together is not None
    assert alone is not None
    assert together.loc[together["run"] == 3, "end_demand"].tolist() == alone["end_demand"].tolist()


def test_what_is_hidden_is_told_before_anything_runs() -> None:
    with pytest.raises(cw.ScenarioError, match="echelon_stock"):
        cw.load("serial_textbook").with_({"policies.place_orders.stage_1": {"policy": "echelon_base_stock", "level": 9}})
