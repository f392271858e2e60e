"""Metrics of several items together: turnover, swings and profit of echelons, enterprises and the whole network, and replenishment cycles."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pandas as pd
import pytest

import chainwright as cw


def document(enterprises: dict[str, Any], lanes: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """A network of enterprises that keep flour, bread or both."""
    return {
        "chainwright": 1,
        "title": "A few firms",
        "period": "day",
        "horizon": 30,
        "products": {"flour": {}, "bread": {}},
        "enterprises": enterprises,
        "lanes": lanes,
        **more,
    }


def keeps(role: str, **items: dict[str, Any]) -> dict[str, Any]:
    return {"role": role, "items": items}


def steady(value: float) -> dict[str, Any]:
    return {"demand": {"policy": "constant", "value": value}}


def shop_and_depot(**of_all: Any) -> dict[str, Any]:
    """A shop with next to nothing in stock beside a depot with a hundred days of it; ten a day go through both."""
    made = document(
        {
            "people": keeps("customer", bread=steady(10)),
            "shop": keeps("retailer", bread={"on_hand": 0.01, **of_all}),
            "depot": keeps("distributor", bread={"on_hand": 1000, **of_all}),
            "mill": keeps("supplier", bread={"unlimited": True}),
        },
        [
            {"seller": "shop", "buyer": "people", "product": "bread"},
            {"seller": "depot", "buyer": "shop", "product": "bread"},
            {"seller": "mill", "buyer": "depot", "product": "bread", "transport_time": 1, "in_transit": [10]},
        ],
        policies={"place_orders": {"default": {"policy": "pass_on"}}},
    )
    del made["products"]["flour"]
    return made


@pytest.mark.parametrize("of_all", [{}, {"unit_cost": 7.0}])
def test_turns_of_the_network_are_what_goes_through_over_what_is_there(of_all: dict[str, Any]) -> None:
    result = cw.run(cw.Scenario.from_document(shop_and_depot(**of_all)), check=True)
    summary = result.summary.iloc[0]
    assert summary["turns"] == pytest.approx(3650 / 1000.01)
    assert summary["days_of_supply"] == pytest.approx(100.001)
    shop = result.items.set_index("enterprise").loc["shop"]
    assert shop["turns"] == pytest.approx(3650 / 0.01)
    firms = result.enterprises.set_index("enterprise")
    assert firms.loc["depot", "turns"] == pytest.approx(3.65)
    assert np.isnan(firms.loc["people", "turns"])


def test_turns_weigh_what_is_dear() -> None:
    """One network, two products: 10 a day of what costs 1 with 100 in stock, 1 a day of what costs 90 with 10 in stock."""
    firms = {
        "people": keeps("customer", flour=steady(10), bread=steady(1)),
        "shop": keeps("retailer", flour={"on_hand": 100, "unit_cost": 1.0}, bread={"on_hand": 10, "unit_cost": 90.0}),
        "mill": keeps("supplier", flour={"unlimited": True}, bread={"unlimited": True}),
    }
    lanes = [
        {"seller": seller, "buyer": buyer, "product": product, **({"transport_time": 1, "in_transit": [flow]} if seller == "mill" else {})}
        for product, flow in (("flour", 10), ("bread", 1))
        for seller, buyer in (("shop", "people"), ("mill", "shop"))
    ]
    scenario = cw.Scenario.from_document(document(firms, lanes, policies={"place_orders": {"default": {"policy": "pass_on"}}}))
    result = cw.run(scenario, check=True)
    expected = 365 * (10 * 1 + 1 * 90) / (100 * 1 + 10 * 90)
    assert result.summary["turns"].item() == pytest.approx(expected)
    firm = result.enterprises.set_index("enterprise").loc["shop"]
    assert (firm["turns"], firm["days_of_supply"]) == pytest.approx((expected, 365 / expected))
    echelon = result.echelons.set_index("echelon").loc[1]
    assert echelon["turns"] == pytest.approx(expected)
    # Half way the dear one becomes dearer: each unit is valued at the cost of its day.
    changed = cw.run(scenario, interventions=[(16, {"enterprises.shop.items.bread.unit_cost": 190.0})], check=True)
    assert changed.summary["on_hand_value_mean"].item() == pytest.approx(100 + 10 * (90 + 190) / 2)
    assert changed.summary["turns"].item() == pytest.approx(365 * (10 + (90 + 190) / 2) / (100 + 10 * (90 + 190) / 2))


def test_goods_on_their_way_and_in_process_count_where_that_is_asked_for() -> None:
    firms = {
        "people": keeps("customer", bread=steady(10)),
        "bakery": keeps("manufacturer", bread={"on_hand": 50, "unit_cost": 2.0}, flour={"on_hand": 40, "unit_cost": 1.0}),
        "mill": keeps("supplier", flour={"unlimited": True}),
    }
    lanes = [
        {"seller": "bakery", "buyer": "people", "product": "bread", "transport_time": 3, "in_transit": [10, 10, 10]},
        {"seller": "mill", "buyer": "bakery", "product": "flour", "transport_time": 1, "in_transit": [10]},
    ]
    recipe = {"enterprise": "bakery", "product": "bread", "components": {"flour": 1}, "production_time": 2, "in_process": [10, 10]}
    rules = {"place_orders": {"default": {"policy": "pass_on"}}, "plan_production": {"default": {"policy": "pass_on"}}}
    result = cw.run(cw.Scenario.from_document(document(firms, lanes, recipes=[recipe], policies=rules)), check=True)
    summary = result.summary.iloc[0]
    sold = 365 * 10 * 2.0
    on_hand = float(result.items.eval("on_hand_mean * (1 + (product == 'bread'))")[result.items["enterprise"] == "bakery"].sum())
    under_way = float(2.0 * (result.items["in_transit_mean"] + result.items["in_process_mean"])[result.items["product"] == "bread"].sum())
    assert under_way > 60
    assert summary["turns"] == pytest.approx(sold / on_hand)
    assert summary["turns_with_pipeline"] == pytest.approx(sold / (on_hand + under_way))
    assert result.enterprises.set_index("enterprise").loc["bakery", "turns"] == pytest.approx(sold / on_hand)


@pytest.fixture(scope="module")
def chain() -> cw.Result:
    return cw.run(cw.load("battery").with_({"horizon": 120, "warm_up": 10}), runs=2, record=["orders", "production_orders", "demand", "end_demand"])


def test_the_swing_of_an_echelon_is_that_of_the_value_of_all_its_orders(chain: cw.Result) -> None:
    assert chain.panel is not None
    columns = chain.scenario.blueprint().tables
    names = columns["enterprises"]["name"][columns["items"]["enterprise"]], columns["products"]["name"][columns["items"]["product"]]
    cost = pd.DataFrame({"enterprise": names[0].astype(str), "product": names[1].astype(str), "unit_cost": columns["items"]["unit_cost"]})
    keys = chain.items[["run", "enterprise", "product", "echelon"]]
    panel = chain.panel[chain.panel["period"] > 10].merge(keys, on=["run", "enterprise", "product"]).merge(cost, on=["enterprise", "product"])
    several = panel.groupby("echelon")["product"].transform("nunique") > 1
    weight = panel["unit_cost"].where(several, 1.0)
    panel["ordered"] = (panel["orders"] + panel["production_orders"]) * weight
    panel["asked"], panel["wanted"] = panel["demand"] * weight, panel["end_demand"] * weight
    swing = panel.groupby(["run", "echelon", "period"])[["ordered", "asked", "wanted"]].sum().groupby(["run", "echelon"]).var()
    rows = chain.echelons.set_index(["run", "echelon"])
    chosen = rows[rows["bullwhip_ratio"].notna()].index
    assert several.any()
    assert len(chosen) > 4
    np.testing.assert_allclose(rows.loc[chosen, "bullwhip_ratio"], (swing["ordered"] / swing["asked"]).loc[chosen], rtol=1e-9)
    np.testing.assert_allclose(rows.loc[chosen, "bullwhip_ratio_to_end_demand"], (swing["ordered"] / swing["wanted"]).loc[chosen], rtol=1e-9)


@pytest.mark.parametrize("name", ["bullwhip_ratio", "bullwhip_ratio_to_end_demand", "net_stock_amplification"])
def test_the_swing_of_the_network_is_that_of_its_highest_echelon(chain: cw.Result, name: str) -> None:
    ordering = chain.echelons[chain.echelons["orders_mean"] > 0.0]
    highest = ordering.sort_values("echelon").groupby("run").tail(1).set_index("run")[name]
    assert chain.summary.set_index("run")[name].to_dict() == highest.to_dict()


def replenished(runs: int, periods: int) -> cw.Result:
    """(r, Q) 28 / 200 with a lead time of 3 and a Poisson demand of 10."""
    made = document(
        {
            "people": keeps("customer", bread={"demand": {"policy": "poisson", "mean": 10.0}}),
            "shop": keeps("retailer", bread={"on_hand": 150}),
            "mill": keeps("supplier", bread={"unlimited": True}),
        },
        [
            {"seller": "shop", "buyer": "people", "product": "bread"},
            {"seller": "mill", "buyer": "shop", "product": "bread", "transport_time": 3},
        ],
        policies={"place_orders": {"shop": {"policy": "reorder_point", "reorder_point": 28, "quantity": 200}}},
        horizon=periods,
        warm_up=100,
    )
    return cw.run(cw.Scenario.from_document(made), runs=runs, record=["backorder", "received"])


def test_cycle_service_is_that_of_replenishment_cycles() -> None:
    """By plain counting in the panel; and against (r, Q), 28 / 200, where three quarters of the cycles but .985 of the periods see no stockout."""
    result = replenished(30, 2100)
    assert result.panel is not None
    shares = []
    for _, panel in result.panel[result.panel["enterprise"] == "shop"].groupby("run"):
        receipts = panel.loc[panel["received"] > 0, "period"].to_numpy()
        short = dict(zip(panel["period"], panel["backorder"] > 1e-9, strict=True))
        cycles = [
            not any(short[period] for period in range(begin, end))
            for begin, end in itertools.pairwise(receipts)
            if end > 100
        ]
        shares.append(float(np.mean(cycles)))
    shop = result.items[result.items["enterprise"] == "shop"]
    assert shop["cycle_service_level"].tolist() == pytest.approx(shares)
    assert result.summary["cycle_service_level"].tolist() == pytest.approx(shares)
    for metric, expected in (("cycle_service_level", 0.726), ("ready_rate", 0.985)):
        values = shop[metric].to_numpy(float)
        assert abs(values.mean() - expected) < 4.0 * values.std(ddof=1) / len(values) ** 0.5 + 0.0005


def test_a_cycle_that_has_not_ended_is_not_counted() -> None:
    made = shop_and_depot()
    made["lanes"][2] = {"seller": "mill", "buyer": "depot", "product": "bread", "transport_time": 1, "active": False}
    made["enterprises"]["depot"]["items"]["bread"]["on_hand"] = 100
    items = cw.run(cw.Scenario.from_document(made), check=True).items.set_index("enterprise")
    assert np.isnan(items.loc["depot", "cycle_service_level"])
    assert items.loc["depot", "ready_rate"] == pytest.approx(10 / 30)
    assert items.loc["shop", "cycle_service_level"] == 1.0


def priced() -> cw.Scenario:
    made = shop_and_depot(holding_cost=0.01)
    for lane, price in zip(made["lanes"], (5, 3, 2), strict=True):
        lane["price"] = price
    return cw.Scenario.from_document(made)


def test_profit_is_revenue_less_all_costs_with_purchases_once() -> None:
    result = cw.run(priced(), check=True)
    holding = 0.01 * 30 * 1000.01
    assert result.summary["revenue"].item() == pytest.approx(30 * 50)
    assert result.summary["profit"].item() == pytest.approx(30 * (50 - 20) - holding)
    firms = result.enterprises.set_index("enterprise")["profit"]
    assert firms["shop"] == pytest.approx(30 * (50 - 30) - 0.003)
    assert firms["depot"] == pytest.approx(30 * (30 - 20) - 300.0)
    assert firms[["people", "mill"]].isna().all()
    for table in (result.items, result.enterprises, result.echelons):
        known = table[table["profit"].notna()]
        np.testing.assert_allclose(known["profit"], known["revenue"] - known["total_cost"])
        # What one pays another cancels out.
        assert known["profit"].sum() == pytest.approx(result.summary["profit"].item())


def test_without_prices_there_is_no_profit() -> None:
    result = cw.run(cw.Scenario.from_document(shop_and_depot(holding_cost=1.0)))
    for table in (result.items, result.enterprises, result.echelons, result.summary):
        assert table["profit"].isna().all()


def test_rows_without_what_firms_pay_each_other_add_up_to_the_network() -> None:
    result = cw.run(priced(), check=True)
    cost = result.summary["total_cost"].item()
    for table in (result.items, result.enterprises, result.echelons):
        assert table["total_cost"].sum() > 2 * cost
        assert table["network_cost"].sum() == pytest.approx(cost)
    unpriced = cw.run(cw.Scenario.from_document(shop_and_depot(holding_cost=1.0)))
    assert unpriced.items["network_cost"].tolist() == unpriced.items["total_cost"].tolist()
