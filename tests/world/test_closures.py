"""What closures, pauses and refusals do to what is counted: nothing that a customer wants is dropped, and what is lost costs."""

from __future__ import annotations

from typing import Any

import pytest

import chainwright as cw

PER_PERIOD = 10.0
SHUT = {"start": 5, "duration": 10}


def document(demand: float = 1.0, horizon: int = 20, shop: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """A shop with plenty in stock, between people and a mill that never runs out."""
    return {
        "chainwright": 1,
        "title": "A shop",
        "period": "day",
        "horizon": horizon,
        "products": {"loaf": {}},
        "enterprises": {
            "people": {"role": "customer", "items": {"loaf": {"demand": {"policy": "constant", "value": demand}}}},
            "shop": {"role": "retailer", "items": {"loaf": {"on_hand": 1000, "backorder_cost": 9, **(shop or {})}}},
            "mill": {"role": "supplier", "items": {"loaf": {"unlimited": True}}},
        },
        "lanes": [
            {"seller": "shop", "buyer": "people", "product": "loaf"},
            {"seller": "mill", "buyer": "shop", "product": "loaf", "transport_time": 1},
        ],
        "policies": {"place_orders": {"shop": {"policy": "base_stock", "level": 1000}}},
        **more,
    }


def played(document: dict[str, Any], **more: Any) -> cw.Result:
    return cw.run(cw.Scenario.from_document(document), check=True, **more)


def closure(who: str = "shop", start: int = 5, duration: int = 4, **more: Any) -> dict[str, Any]:
    return {"kind": "closure", "target": {"enterprise": who}, "start": start, "duration": duration, **more}


def test_what_a_closed_seller_is_asked_for_is_owed() -> None:
    shut = played(document(disruptions=[closure()]), record=["demand", "backorder"])
    row = shut.summary.iloc[0]
    assert row["fill_rate"] == 16 / 20
    assert row["backorder_mean"] == 10 / 20
    assert row["total_cost"] == 90.0
    paused = {"kind": "shipment_pause", "target": {"seller": "shop"}, "start": 5, "duration": 4}
    as_paused = played(document(disruptions=[paused]), record=["demand", "backorder"])
    for name in ("fill_rate", "ready_rate", "backorder_mean", "total_cost"):
        assert as_paused.summary.loc[0, name] == row[name], name
    # No spike of demand at the reopening, and the debt stands from the first day on.
    of_shop = shut.panel[shut.panel["enterprise"] == "shop"]
    assert set(of_shop["demand"]) == {1.0}
    assert of_shop["backorder"].tolist() == [0, 0, 0, 0, 1, 2, 3, 4, *[0] * 12]


def test_the_policies_of_a_closed_enterprise_stay_up_to_date() -> None:
    learning = document(disruptions=[closure()])
    learning["enterprises"]["people"]["items"]["loaf"]["demand"] = {"policy": "step", "before": 1.0, "after": 5.0, "at": 6}
    learning["policies"]["forecast_demand"] = {"shop": {"policy": "moving_average", "periods": 3}}
    panel = played(learning, record=["forecast", "orders"]).panel
    of_shop = panel[panel["enterprise"] == "shop"].set_index("period")
    assert of_shop.loc[8, "forecast"] == 5.0
    assert of_shop.loc[5:8, "orders"].tolist() == [0.0] * 4


@pytest.mark.parametrize("shop", [{}, {"lost_sale_cost": 40}], ids=["as backorder", "said"])
def test_refused_orders_are_asked_for_lost_and_charged(shop: dict[str, Any]) -> None:
    row = played(document(shop=shop, disruptions=[closure(orders="refuse")]), on_time=True).items.set_index("enterprise").loc["shop"]
    assert row["demand_mean"] == 1.0
    assert row["fill_rate"] == row["on_time_in_full"] == 0.8
    assert row["lost_sales"] == 4 / 20
    assert row["total_cost"] == 4 * shop.get("lost_sale_cost", 9)


def test_what_is_refused_is_expected_no_longer_at_once() -> None:
    """The mill refuses what is due in its closure; the shop, two days of orders away, sees it gone in the same period."""
    late = document(disruptions=[closure("mill", start=6, duration=1, orders="refuse")])
    late["lanes"][1] |= {"order_delay": 2}
    panel = played(late, record=["on_order", "orders"]).panel
    of_shop = panel[panel["enterprise"] == "shop"].set_index("period")
    # Each day finds the orders of the two days before on their way; on the day of the closure the older one is refused, and ordered again.
    assert of_shop.loc[5:8, "on_order"].tolist() == [2.0, 1.0, 3.0, 3.0]
    assert of_shop.loc[5:8, "orders"].tolist() == [1.0, 2.0, 1.0, 1.0]


@pytest.mark.parametrize("kind", ["lost", "cancelled"])
def test_the_same_units_lost_or_cancelled_cost_the_same(kind: str) -> None:
    """Five units of ten cannot be served, and nobody waits."""
    shop = {"on_hand": 5, "unmet_demand": kind, "lost_sale_cost": 9, "backorder_cost": 2}
    if kind == "cancelled":
        shop["cancel_rate"] = 1.0
    once = document(10.0, 1, shop, policies={"place_orders": {"shop": {"policy": "base_stock", "level": 0}}})
    row = played(once).summary.iloc[0]
    assert (row["lost_sales"], row["total_cost"]) == (5.0, 45.0)


OPENINGS: dict[str, dict[str, Any]] = {
    "lane closed": {"kind": "closure", "target": {"seller": "shop", "buyer": "people"}, **SHUT},
    "customer closed": {"kind": "closure", "target": {"enterprise": "people"}, **SHUT},
    "orders paused": {"kind": "order_pause", "target": {"seller": "shop", "buyer": "people"}, **SHUT},
}


@pytest.mark.parametrize("event", OPENINGS.values(), ids=OPENINGS)
def test_what_can_be_ordered_nowhere_waits(event: dict[str, Any]) -> None:
    result = played(document(PER_PERIOD, 30, disruptions=[event]), record=["consumed", "unplaced", "orders"])
    row = result.summary.iloc[0]
    assert row["demand_mean"] == PER_PERIOD
    assert row["fill_rate"] == pytest.approx(200 / 300)
    assert row["ready_rate"] == pytest.approx(20 / 30)
    waiting = sum(PER_PERIOD * day for day in range(1, 11))
    assert row["backorder_mean"] == pytest.approx(waiting / 30)
    assert row["backorder_cost"] == 9 * waiting
    of_people = result.panel[result.panel["enterprise"] == "people"].set_index("period")
    assert of_people["consumed"].sum() == 300.0
    assert of_people.loc[15, ["orders", "unplaced"]].tolist() == [110.0, 0.0]


@pytest.mark.parametrize("event", OPENINGS.values(), ids=OPENINGS)
def test_what_can_be_ordered_nowhere_is_lost_to_who_loses_it(event: dict[str, Any]) -> None:
    result = played(document(PER_PERIOD, 30, {"unmet_demand": "lost"}, disruptions=[event]), record=["consumed"], on_time=True)
    row = result.summary.iloc[0]
    assert row["lost_sales"] == pytest.approx(100 / 30)
    assert row["fill_rate"] == row["on_time_in_full"] == pytest.approx(200 / 300)
    assert row["total_cost"] == 100 * 9
    assert result.panel["consumed"].sum() == 200.0
    assert result.lanes.loc[result.lanes["buyer"] == "people", ["ordered", "lost"]].to_numpy().tolist() == [[300.0, 100.0]]


def test_what_can_be_ordered_nowhere_is_split_as_if_all_were_open() -> None:
    two = document(PER_PERIOD, 30, {"unmet_demand": "lost"}, disruptions=[closure("people", **SHUT)])
    two["enterprises"]["stall"] = {"role": "retailer", "items": {"loaf": {"on_hand": 1000, "backorder_cost": 2}}}
    two["lanes"][0]["share"] = 0.4
    two["lanes"] += [{"seller": "stall", "buyer": "people", "product": "loaf", "share": 0.6}]
    two["policies"]["place_orders"]["stall"] = {"policy": "pass_on"}
    two["lanes"] += [{"seller": "mill", "buyer": "stall", "product": "loaf", "transport_time": 1}]
    result = played(two, record=["orders"])
    items = result.items.set_index("enterprise")
    assert items.loc["shop", ["lost_sales", "total_cost"]].tolist() == pytest.approx([40 / 30, 40 * 9])
    waiting = sum(6.0 * day for day in range(1, 11))
    assert items.loc["stall", "total_cost"] == pytest.approx(2 * waiting)
    # What waited for the stall goes, with the order of the day, to both.
    ordered = result.lanes.set_index(["seller", "buyer"])["ordered"]
    assert ordered["stall", "people"] == pytest.approx(200 * 0.6 + 60 * 0.6)
    assert ordered["shop", "people"] == pytest.approx(200 * 0.4 + 60 * 0.4 + 40)


def test_a_lane_made_inactive_in_mid_run_leaves_nothing_out() -> None:
    lane = "lanes.shop>people.active"
    turned = [(5, {lane: False}), (15, {lane: True})]
    by_hand = played(document(PER_PERIOD, 30), interventions=turned).summary.iloc[0]
    paused = played(document(PER_PERIOD, 30, disruptions=[OPENINGS["orders paused"]])).summary.iloc[0]
    for name in ("fill_rate", "ready_rate", "backorder_mean", "backorder_cost"):
        assert by_hand[name] == paused[name], name


def test_service_over_time_counts_what_could_be_ordered_nowhere() -> None:
    result = played(document(PER_PERIOD, 30, disruptions=[OPENINGS["orders paused"]]))
    timeline = result.timeline.groupby("period")[["asked", "shipped_in_time", "backorder"]].sum()
    # In each period what people want of the shop; what they order late counts no second time.
    assert set(timeline["asked"]) == {PER_PERIOD}
    assert timeline.loc[5:14, "shipped_in_time"].tolist() == [0.0] * 10
    assert timeline.loc[15, "shipped_in_time"] == PER_PERIOD
    assert timeline["backorder"].max() == 100.0
