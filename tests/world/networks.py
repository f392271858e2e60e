"""Random valid scenario documents for property tests: layered networks with recipes, delays, shortages and events."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import strategies as st

DEMANDS = (
    {"policy": "constant", "value": 4.0},
    {"policy": "poisson", "mean": 6.0},
    {"policy": "normal", "mean": 10.0, "deviation": 6.0},
    {"policy": "gamma", "mean": 5.0, "deviation": 7.5},
    {"policy": "step", "before": 3.0, "after": 9.0, "at": 4},
    {"policy": "intermittent", "probability": 0.3, "mean": 7.0},
)
# Reorder points that no sum of round numbers hits: there rounding alone would decide whether to order.
ORDERS = (
    {"policy": "base_stock", "level": 25.0},
    {"policy": "order_up_to", "safety_factor": 1.2},
    {"policy": "min_max", "reorder_point": 12.3719, "order_up_to": 40.0},
    {"policy": "reorder_point", "reorder_point": 15.4127, "quantity": 20.0},
    {"policy": "anchor_and_adjust", "smoothing": 0.4, "stock_adjustment": 0.3, "supply_line_weight": 0.2, "target": 20.0, "initial": 5.0},
    {"policy": "pass_on"},
    {"policy": "periodic_review", "level": 50.0, "review": 3},
)
FORECASTS = (
    {"policy": "moving_average", "periods": 4},
    {"policy": "exponential_smoothing", "smoothing": 0.3, "initial": 5.0},
)
ALLOCATIONS = ("proportional", "priority", "oldest_first", "uniform", "largest_first")
SELLERS = ("fixed_shares", "cheapest", "fastest", "preference", "single")


@st.composite
def documents(draw: st.DrawFn, events: bool = True) -> dict[str, Any]:
    """A scenario: sources, a plant that makes one product of two parts, distributors, retailers, customers, perhaps a cycle."""
    small = st.integers(0, 3)
    retailers = draw(st.integers(1, 3))
    distributors = draw(st.integers(1, 2))
    enterprises: dict[str, Any] = {
        "mine": {"role": "supplier", "items": {"ore": {"unlimited": True}, "bolt": {"unlimited": True}}},
        "plant": {
            "role": "manufacturer",
            "items": {"car": _stock(draw), "ore": _stock(draw), "bolt": _stock(draw)},
        },
    }
    lanes: list[dict[str, Any]] = [
        {"seller": "mine", "buyer": "plant", "product": "ore", "transport_time": draw(small), "order_delay": draw(st.integers(0, 2))},
        {"seller": "mine", "buyer": "plant", "product": "bolt", **_time(draw)},
    ]
    for number in range(distributors):
        enterprises[f"depot_{number}"] = {"role": "distributor", "items": {"car": _stock(draw)}}
        lanes.append({"seller": "plant", "buyer": f"depot_{number}", "product": "car", "priority": number, **_time(draw)})
    for number in range(retailers):
        enterprises[f"shop_{number}"] = {"role": "retailer", "items": {"car": _stock(draw)}}
        for depot in range(distributors):
            ranks = {"price": 3.0 + depot, "preference": depot, "priority": number}
            lanes.append({"seller": f"depot_{depot}", "buyer": f"shop_{number}", "product": "car", **ranks, **_time(draw)})
        enterprises[f"town_{number}"] = {"role": "customer", "items": {"car": {"demand": draw(st.sampled_from(DEMANDS))}}}
        times = {"transport_time": draw(st.integers(0, 1)), "order_delay": draw(st.sampled_from([0, 0, 2]))}
        for shop in range(draw(st.integers(max(number - 1, 0), number)), number + 1):
            lanes.append({"seller": f"shop_{shop}", "buyer": f"town_{number}", "product": "car", "preference": shop, **times})
    if draw(st.booleans()):
        # A cycle: the plant buys cars back from a depot, with delays on the way.
        lanes.append({"seller": "depot_0", "buyer": "plant", "product": "car", "order_delay": 1, "transport_time": 2})
    recipe = {
        "enterprise": "plant",
        "product": "car",
        "components": {"ore": draw(st.sampled_from([0.5, 1, 2])), "bolt": 3},
        "production_time": draw(small),
        "yield_share": draw(st.sampled_from([1.0, 0.8])),
    }
    if draw(st.booleans()):
        recipe["capacity"] = draw(st.sampled_from([5.0, 12.5, 40.0]))
    if recipe["yield_share"] < 1.0 and draw(st.booleans()):
        recipe["yield_spread"] = 0.15
    whole = draw(st.booleans())
    document: dict[str, Any] = {
        "chainwright": 1,
        "title": "A random network",
        "period": "day",
        "horizon": draw(st.integers(8, 25)),
        "warm_up": 2,
        "seed": draw(st.integers(0, 1000)),
        "products": {"car": {"whole_units": whole}, "ore": {}, "bolt": {}},
        "enterprises": enterprises,
        "lanes": lanes,
        "recipes": [recipe],
        "policies": {
            "forecast_demand": {"default": draw(st.sampled_from(FORECASTS))},
            "plan_production": {"default": draw(st.sampled_from(ORDERS))},
            "place_orders": {
                "default": draw(st.sampled_from(ORDERS)),
                "retailer": draw(st.sampled_from(ORDERS)),
                "shop_0": draw(st.sampled_from(ORDERS)),
            },
            "allocate_stock": {"default": {"policy": draw(st.sampled_from(ALLOCATIONS))}},
            "choose_sellers": {"default": {"policy": draw(st.sampled_from(SELLERS))}},
        },
    }
    if events:
        document["disruptions"] = draw(st.lists(_events(), max_size=3))
    return document


@st.composite
def siblings(draw: st.DrawFn, count: int = 3) -> list[dict[str, Any]]:
    """Scenarios with the same enterprises, lanes and recipes, and the same delays of 0; all else differs."""
    first = draw(documents())
    return [first, *(_sibling(draw, first) for _ in range(count - 1))]


def _sibling(draw: st.DrawFn, first: dict[str, Any]) -> dict[str, Any]:
    other = copy.deepcopy(first)
    for enterprise in other["enterprises"].values():
        for product, item in enterprise["items"].items():
            if "demand" in item:
                item["demand"] = draw(st.sampled_from(DEMANDS))
            elif "unlimited" not in item:
                enterprise["items"][product] = _stock(draw)
    for lane in other["lanes"]:
        if isinstance(lane.get("transport_time"), int) and lane["transport_time"] > 0 and draw(st.booleans()):
            lane["transport_time"] = draw(st.integers(1, 4))
            lane["in_transit"] = [3.0]
        if lane.get("order_delay", 0) > 0 and draw(st.booleans()):
            lane["order_delay"] = draw(st.integers(1, 3))
            lane["orders_waiting"] = [2.5]
    recipe = other["recipes"][0]
    recipe["yield_share"] = draw(st.sampled_from([1.0, 0.9, 0.8]))
    recipe["yield_spread"] = 0.05 if recipe["yield_share"] < 1.0 else 0.0
    recipe["capacity"] = draw(st.sampled_from([7.5, 40.0]))
    if recipe["production_time"] > 0:
        recipe["production_time"] = draw(st.integers(1, 4))
    policies = other["policies"]
    policies["forecast_demand"]["default"] = draw(st.sampled_from(FORECASTS))
    policies["plan_production"]["default"] = draw(st.sampled_from(ORDERS))
    for who in policies["place_orders"]:
        policies["place_orders"][who] = draw(st.sampled_from(ORDERS))
    policies["allocate_stock"]["default"] = {"policy": draw(st.sampled_from(ALLOCATIONS))}
    policies["choose_sellers"]["default"] = {"policy": draw(st.sampled_from(SELLERS))}
    other["disruptions"] = draw(st.lists(_events(), max_size=2))
    return other


def _stock(draw: st.DrawFn) -> dict[str, Any]:
    item: dict[str, Any] = {
        "on_hand": draw(st.sampled_from([0.0, 5.0, 30.0])),
        "holding_cost": 0.5,
        "backorder_cost": 1.0,
        **draw(st.sampled_from([{}, {"lost_sale_cost": 7.0}])),
        "ordering_cost": draw(st.sampled_from([0.0, 4.0])),
    }
    unmet = draw(st.sampled_from(["backordered", "backordered", "lost", "cancelled"]))
    item["unmet_demand"] = unmet
    if unmet == "cancelled":
        item["cancel_rate"] = 0.3
    if draw(st.booleans()):
        item["minimum_order"] = 4.0
        item["lot_multiple"] = draw(st.sampled_from([0.0, 3.0]))
    if draw(st.booleans()):
        item["order_cap"] = 30.0
    return item


def _time(draw: st.DrawFn) -> dict[str, Any]:
    chosen = draw(st.integers(0, 5))
    if chosen == 5:
        return {"transport_time": {"distribution": "uniform", "low": 0, "high": 4}, "overtaking": draw(st.booleans())}
    way: dict[str, Any] = {"transport_time": chosen % 4, "order_delay": draw(st.integers(0, 2))}
    if way["transport_time"]:
        way["in_transit"] = [2.0] * way["transport_time"]
    if way["order_delay"]:
        way["orders_waiting"] = [1.5] * way["order_delay"]
    return way


@st.composite
def _events(draw: st.DrawFn) -> dict[str, Any]:
    kind = draw(st.sampled_from(["closure", "closure", "reduction", "order_pause", "shipment_pause", "transit_pause", "receipt_pause", "demand"]))
    event: dict[str, Any] = {
        "kind": kind,
        "start": draw(st.integers(1, 12)),
        "duration": draw(st.integers(1, 5)),
        "recovery": draw(st.sampled_from(["sudden", "linear", "exponential"])),
    }
    if kind in ("order_pause", "transit_pause", "receipt_pause"):
        event["recovery"] = "sudden"
    if event["recovery"] != "sudden":
        event["recovery_time"] = draw(st.integers(1, 4))
    targets = {
        "closure": ["plant", "depot_0", "shop_0", "mine", "town_0"],
        "order_pause": ["shop_0", "town_0", "depot_0"],
        "reduction": ["plant", "depot_0"],
        "demand": ["town_0"],
    }
    event["target"] = {"enterprise": draw(st.sampled_from(targets.get(kind, ["plant", "depot_0", "shop_0"])))}
    if kind == "closure":
        event["orders"] = draw(st.sampled_from(["wait", "refuse"]))
    elif kind == "demand":
        event["factor"] = draw(st.sampled_from([0.0, 0.5, 3.0]))
    elif kind in ("reduction", "shipment_pause"):
        event["severity"] = draw(st.sampled_from([0.4, 1.0]))
    return event
