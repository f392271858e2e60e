"""Four small networks that together touch every rule of the period, and the textbook chains with exact answers."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from chainwright.network.blueprint import Blueprint

from .building import Building


def distribution_tree(allocation: str = "proportional") -> Blueprint:
    """Two warehouses share their stock between two retailers, who split their orders over both; stock is often short.

    Tea is measured, cups are counted. The north shop loses what it cannot sell, the south shop keeps waiting lists that shrink.
    """
    made = Building("distribution tree")
    made.product("tea", value=3.0)
    made.product("cup", value=1.0, whole_units=True)
    for name, role in (("garden", "supplier"), ("harbour", "distributor"), ("depot", "distributor"), ("north", "retailer"), ("south", "retailer"),
                       ("drinkers", "customer"), ("guests", "customer")):
        made.enterprise(name, role)
    for product, scale in (("tea", 1.0), ("cup", 2.0)):
        made.item("garden", product, unlimited=True)
        made.item("harbour", product, on_hand=30.0 * scale, holding_cost=0.2, backorder_cost=0.5, ordering_cost=3.0, unit_cost=2.0)
        made.item("depot", product, on_hand=15.0 * scale, holding_cost=0.25, backorder_cost=0.4, order_cap=20.0 * scale)
        made.item("north", product, on_hand=10.0, holding_cost=0.5, backorder_cost=4.0, unmet_demand="lost", minimum_order=3.0)
        made.item("south", product, on_hand=8.0, holding_cost=0.5, backorder_cost=2.0, unmet_demand="cancelled", cancel_rate=0.25, lot_multiple=5.0)
        made.item("drinkers", product)
        made.item("guests", product)
        made.lane("garden", "harbour", product, order_delay=1, transport_time=3, in_transit=[12.0 * scale, 9.0 * scale], price=1.5)
        made.lane("garden", "depot", product, order_delay=0, transport_time=2, orders_waiting=[4.0], in_transit_holding_cost=0.1)
        made.lane("harbour", "north", product, order_delay=1, transport_time=1, share=0.7, priority=2.0, price=2.5, in_transit_holding_cost=0.05)
        made.lane("harbour", "south", product, order_delay=0, transport_time=2, share=0.6, priority=1.0, backorder=6.0, orders_waiting=[3.0])
        made.lane("depot", "north", product, order_delay=0, transport_time=0, share=0.3, priority=1.0, price=2.75)
        made.lane("depot", "south", product, order_delay=2, transport_time=1, share=0.4, priority=1.0, in_transit_holding_cost=0.07)
        made.lane("north", "drinkers", product, price=6.0)
        made.lane("south", "guests", product, price=5.0)
        made.lane("north", "guests", product, price=5.5)
        made.policy("demand", "poisson" if product == "cup" else "gamma", [("drinkers", product)], **demand(product, 12.0))
        made.policy("demand", "poisson" if product == "cup" else "gamma", [("guests", product)], **demand(product, 16.0))
    shops = [(name, product) for name in ("north", "south") for product in ("tea", "cup")]
    stores = [(name, product) for name in ("harbour", "depot") for product in ("tea", "cup")]
    made.policy("forecast_demand", "moving_average", shops, periods=np.array([4.0, 3.0, 5.0, 4.0]))
    made.policy("place_orders", "order_up_to", shops, safety_factor=1.2)
    made.policy("place_orders", "base_stock", stores, level=np.array([95.0, 100.0, 35.0, 40.0]))
    made.policy("allocate_stock", allocation, [*stores, ("north", "tea"), ("north", "cup")])
    return made.blueprint()


def demand(product: str, mean: float) -> dict[str, float]:
    """Counted goods are asked for one by one, measured goods are not."""
    return {"mean": mean} if product == "cup" else {"mean": mean, "deviation": 4.0}


def bill_of_materials() -> Blueprint:
    """A car of bodies and wheels, a body of panels and bolts, a wheel of rubber and bolts, a panel of steel.

    Bolts are shared by two recipes of the plant and sold as spare parts too; steel and rubber are scarce at times.
    """
    made = Building("bill of materials")
    for name in ("car", "body", "wheel", "panel", "bolt", "rubber", "steel"):
        made.product(name, value=1.0, whole_units=name == "car")
    for name, role in (("mill", "supplier"), ("press", "manufacturer"), ("plant", "manufacturer"), ("dealer", "retailer"), ("garage", "retailer"),
                       ("drivers", "customer"), ("tinkerers", "customer")):
        made.enterprise(name, role)
    for product in ("steel", "rubber", "bolt"):
        made.item("mill", product, unlimited=product != "bolt", on_hand=0.0 if product != "bolt" else 300.0, holding_cost=0.01)
    made.item("press", "steel", on_hand=60.0, holding_cost=0.05, ordering_cost=5.0)
    made.item("press", "panel", on_hand=20.0, holding_cost=0.1, production_time=2, capacity=45.0, yield_share=0.9, yield_spread=0.08,
              production_cost=0.5, backorder_cost=0.7)
    made.item("plant", "panel", on_hand=15.0, holding_cost=0.15)
    made.item("plant", "rubber", on_hand=40.0, holding_cost=0.02)
    made.item("plant", "bolt", on_hand=150.0, holding_cost=0.01, backorder_cost=0.02, recipes_first=False)
    made.item("plant", "wheel", on_hand=30.0, holding_cost=0.3, production_time=0, capacity=60.0, yield_share=0.95, production_cost=1.0)
    made.item("plant", "body", on_hand=5.0, holding_cost=0.8, production_time=2, capacity=14.0, lot_multiple=2.0, in_process=[4.0, 3.0])
    made.item("plant", "car", on_hand=6.0, holding_cost=2.0, backorder_cost=9.0, production_time=0, ordering_cost=1.0)
    made.item("dealer", "car", on_hand=8.0, holding_cost=3.0, backorder_cost=15.0)
    made.item("garage", "bolt", on_hand=20.0, holding_cost=0.02, backorder_cost=0.1, unmet_demand="lost")
    made.item("drivers", "car")
    made.item("tinkerers", "bolt")
    made.recipe("press", "panel", {"steel": 3.0})
    made.recipe("plant", "wheel", {"rubber": 1.5, "bolt": 4.0})
    made.recipe("plant", "body", {"panel": 2.0, "bolt": 8.0})
    made.recipe("plant", "car", {"body": 1.0, "wheel": 4.0})
    made.lane("mill", "press", "steel", order_delay=1, transport_time=2, in_transit=[50.0, 40.0], price=0.4)
    made.lane("mill", "plant", "rubber", order_delay=0, transport_time=1, price=0.3)
    made.lane("mill", "plant", "bolt", order_delay=0, transport_time=0, price=0.05)
    made.lane("press", "plant", "panel", transport_time=3, orders_waiting=[10.0], in_transit=[18.0, 0.0, 16.0], in_transit_holding_cost=0.04)
    made.lane("plant", "dealer", "car", order_delay=2, transport_time=1, orders_waiting=[7.0, 8.0], price=20.0)
    made.lane("plant", "garage", "bolt", order_delay=1, transport_time=0, price=0.2)
    made.lane("dealer", "drivers", "car", price=30.0)
    made.lane("garage", "tinkerers", "bolt", price=0.4)
    made.policy("demand", "poisson", [("drivers", "car")], mean=8.0)
    made.policy("demand", "normal", [("tinkerers", "bolt")], mean=18.0, deviation=6.0)
    made.policy("forecast_demand", "exponential_smoothing", [("dealer", "car"), ("plant", "car")], smoothing=np.array([0.3, 0.2]), initial=8.0)
    made.policy("place_orders", "order_up_to", [("dealer", "car")], safety_factor=1.5)
    made.policy("plan_production", "order_up_to", [("plant", "car")], safety_factor=2.0)
    made.policy("plan_production", "base_stock", [("plant", "body"), ("plant", "wheel"), ("press", "panel")], level=np.array([30.0, 70.0, 75.0]))
    made.policy("place_orders", "base_stock", [("plant", "panel"), ("plant", "rubber"), ("plant", "bolt"), ("garage", "bolt")],
                level=np.array([110.0, 115.0, 210.0, 60.0]))
    made.policy("place_orders", "min_max", [("press", "steel")], reorder_point=100.0, order_up_to=250.0)
    return made.blueprint()


def cycle() -> Blueprint:
    """A mill buys back the scrap of its customer's customer, and two depots help each other out with the same product.

    The mill needs power too, which it makes from nothing.
    """
    made = Building("cycle")
    for name in ("steel", "part", "engine", "scrap", "power"):
        made.product(name)
    for name, role in (("mine", "supplier"), ("mill", "manufacturer"), ("stamper", "manufacturer"), ("assembler", "manufacturer"),
                       ("east", "distributor"), ("west", "distributor"), ("builders", "customer"), ("farmers", "customer")):
        made.enterprise(name, role)
    made.item("mine", "scrap", unlimited=True)
    made.item("mill", "scrap", on_hand=30.0, holding_cost=0.02)
    made.item("mill", "power", on_hand=10.0, holding_cost=0.3, capacity=18.0, production_cost=0.2)
    made.item("mill", "steel", on_hand=25.0, holding_cost=0.1, backorder_cost=0.3, production_time=1, capacity=40.0)
    made.item("stamper", "steel", on_hand=20.0, holding_cost=0.12)
    made.item("stamper", "part", on_hand=10.0, holding_cost=0.2, backorder_cost=0.5, yield_share=0.8, yield_spread=0.1)
    made.item("assembler", "part", on_hand=12.0, holding_cost=0.25)
    made.item("assembler", "engine", on_hand=10.0, holding_cost=1.0, backorder_cost=4.0, production_time=1, capacity=15.0)
    made.item("assembler", "scrap", on_hand=4.0, holding_cost=0.01, capacity=3.0)
    made.item("east", "engine", on_hand=9.0, holding_cost=1.2, backorder_cost=6.0)
    made.item("west", "engine", on_hand=7.0, holding_cost=1.3, backorder_cost=6.0)
    made.item("builders", "engine")
    made.item("farmers", "engine")
    made.recipe("mill", "steel", {"scrap": 1.1, "power": 0.5})
    made.recipe("mill", "power", {})
    made.recipe("stamper", "part", {"steel": 1.25})
    made.recipe("assembler", "engine", {"part": 2.0})
    made.recipe("assembler", "scrap", {"part": 0.5})
    made.lane("mine", "mill", "scrap", order_delay=1, transport_time=3, share=0.9, in_transit=[20.0, 20.0, 20.0])
    made.lane("assembler", "mill", "scrap", order_delay=1, transport_time=2, share=0.1, price=0.1)
    made.lane("mill", "stamper", "steel", order_delay=1, transport_time=1, price=1.0, in_transit=[15.0])
    made.lane("stamper", "assembler", "part", order_delay=0, transport_time=1, price=2.0, in_transit=[14.0])
    made.lane("assembler", "east", "engine", order_delay=1, transport_time=1, share=0.8, price=8.0)
    made.lane("assembler", "west", "engine", order_delay=0, transport_time=2, share=0.75, price=8.0, orders_waiting=[2.0])
    made.lane("east", "west", "engine", order_delay=1, transport_time=2, share=0.25, price=9.0)
    made.lane("west", "east", "engine", order_delay=2, transport_time=1, share=0.2, price=9.0, in_transit_holding_cost=0.03)
    made.lane("east", "builders", "engine", price=12.0)
    made.lane("west", "farmers", "engine", price=12.0)
    made.policy("demand", "gamma", [("builders", "engine"), ("farmers", "engine")], mean=np.array([6.0, 4.5]), deviation=np.array([2.0, 1.5]))
    buyers = [("east", "engine"), ("west", "engine"), ("assembler", "part"), ("stamper", "steel"), ("mill", "scrap")]
    made.policy("place_orders", "base_stock", buyers, level=np.array([26.0, 21.0, 60.0, 85.0, 210.0]))
    makers = [("assembler", "engine"), ("assembler", "scrap"), ("stamper", "part"), ("mill", "steel"), ("mill", "power")]
    made.policy("plan_production", "base_stock", makers, level=np.array([24.0, 5.0, 30.0, 70.0, 8.0]))
    return made.blueprint()


def disturbed(*events: Callable[[Building, dict[str, int]], None], choosing: str = "fixed_shares", allocating: str = "proportional") -> Blueprint:
    """Two makers, a store and two shops, with drawn transport times, disturbed by `events`."""
    made = Building("disturbed")
    made.product("lamp", value=4.0)
    made.product("glass")
    for name, role in (("source", "supplier"), ("maker", "manufacturer"), ("rival", "manufacturer"), ("store", "distributor"),
                       ("corner", "retailer"), ("market", "retailer"), ("home", "customer"), ("street", "customer")):
        made.enterprise(name, role)
    made.item("source", "glass", unlimited=True)
    made.item("source", "lamp", unlimited=True)
    for name, capacity in (("maker", 25.0), ("rival", float("inf"))):
        made.item(name, "glass", on_hand=30.0, holding_cost=0.05)
        made.item(name, "lamp", on_hand=15.0, holding_cost=0.3, backorder_cost=0.6, production_time=1 if name == "maker" else 0, capacity=capacity)
        made.recipe(name, "lamp", {"glass": 1.5})
    made.item("store", "lamp", on_hand=40.0, holding_cost=0.4, backorder_cost=1.0)
    made.item("corner", "lamp", on_hand=15.0, holding_cost=0.7, backorder_cost=5.0, unmet_demand="lost")
    made.item("market", "lamp", on_hand=12.0, holding_cost=0.7, backorder_cost=3.0, unmet_demand="cancelled", cancel_rate=0.3, lost_sale_cost=11.0)
    made.item("home", "lamp")
    made.item("street", "lamp")
    lanes = {
        "glass to maker": made.lane("source", "maker", "glass", drawn=([1, 2, 4], [0.5, 0.3, 0.2]), in_transit=[20.0]),
        "glass to rival": made.lane("source", "rival", "glass", drawn=([1, 3], [0.6, 0.4]), overtaking=False, in_transit=[10.0, 0.0, 10.0]),
        "maker to store": made.lane("maker", "store", "lamp", order_delay=1, transport_time=2, share=0.6, in_transit=[12.0, 12.0], price=3.0),
        "rival to store": made.lane("rival", "store", "lamp", transport_time=1, share=0.4, in_transit_holding_cost=0.1, price=3.5, preference=1.0),
        "store to corner": made.lane("store", "corner", "lamp", order_delay=1, drawn=([0, 1, 3], [0.3, 0.4, 0.3]), overtaking=False),
        "store to market": made.lane("store", "market", "lamp", order_delay=0, drawn=([0, 2], [0.5, 0.5]), share=0.8),
        "source to market": made.lane("source", "market", "lamp", order_delay=1, transport_time=4, share=0.2, price=6.0, preference=2.0),
        "corner to home": made.lane("corner", "home", "lamp", price=8.0),
        "market to street": made.lane("market", "street", "lamp", order_delay=1, price=7.0, share=0.7),
        "corner to street": made.lane("corner", "street", "lamp", price=9.0, share=0.3, preference=1.0),
    }
    made.policy("demand", "gamma", [("home", "lamp"), ("street", "lamp")], mean=np.array([9.0, 12.0]), deviation=np.array([3.0, 4.0]))
    made.policy("place_orders", "base_stock", [("corner", "lamp"), ("market", "lamp"), ("store", "lamp"), ("maker", "glass"), ("rival", "glass")],
                level=np.array([38.0, 50.0, 105.0, 90.0, 75.0]))
    made.policy("plan_production", "base_stock", [("maker", "lamp"), ("rival", "lamp")], level=np.array([45.0, 20.0]))
    made.policy("choose_sellers", choosing, [("store", "lamp"), ("market", "lamp")])
    made.policy("allocate_stock", allocating, [("store", "lamp")])
    for disturb in events:
        disturb(made, lanes)
    return made.blueprint()


def closures(made: Building, lanes: dict[str, int]) -> None:
    """Closed enterprises, an item and a lane; orders wait or are refused; recovery of all kinds."""
    made.event("closure", "enterprises", [("store",)], 4, 3)
    made.event("closure", "enterprises", [("maker",)], 8, 2, orders="refuse", recovery="linear", recovery_time=4.0)
    made.event("closure", "enterprises", [("rival",)], 15, 2, recovery="exponential", recovery_time=1.5)
    made.event("closure", "items", [("market", "lamp")], 20, 2)
    made.event("closure", "lanes", [lanes["store to corner"]], 25, 3, recovery="linear", recovery_time=3.0)
    made.event("closure", "enterprises", [("corner",)], 29, 1, orders="refuse")
    made.event("closure", "enterprises", [("source",), ("market",)], 31, 2)
    made.event("closure", "enterprises", [("home",), ("street",)], 34, 3)
    made.event("closure", "lanes", [lanes["market to street"], lanes["corner to home"]], 22, 2, recovery="linear", recovery_time=2.0)


def pauses(made: Building, lanes: dict[str, int]) -> None:
    """Orders, shipments, transit and receipt stand still on lanes, one at a time and together."""
    made.event("order_pause", "lanes", [lanes["maker to store"]], 3, 3)
    fading = {"severity": 0.6, "recovery": "linear", "recovery_time": 3.0}
    made.event("shipment_pause", "lanes", [lanes["store to market"], lanes["store to corner"]], 7, 2, **fading)
    made.event("transit_pause", "lanes", [lanes["maker to store"], lanes["glass to rival"], lanes["store to corner"]], 12, 3)
    made.event("receipt_pause", "lanes", [lanes["store to market"], lanes["glass to maker"]], 17, 2)
    made.event("order_pause", "lanes", [lanes["maker to store"], lanes["rival to store"]], 21, 2, severity=0.5)
    made.event("transit_pause", "lanes", [lanes["glass to rival"]], 26, 4)
    made.event("receipt_pause", "lanes", [lanes["glass to rival"], lanes["corner to home"]], 27, 2)
    made.event("shipment_pause", "lanes", [lanes["corner to home"]], 33, 1)
    made.event("order_pause", "lanes", [lanes["market to street"], lanes["corner to street"]], 36, 2)
    made.event("order_pause", "lanes", [lanes["corner to street"]], 9, 2)


def reductions(made: Building, lanes: dict[str, int]) -> None:
    """Capacity, shipments and demand are multiplied, overlapping, and recover at once, linearly and exponentially."""
    made.event("reduction", "enterprises", [("maker",)], 3, 4, severity=0.5, recovery="linear", recovery_time=3.0)
    made.event("reduction", "items", [("rival", "lamp")], 5, 3, severity=0.7, recovery="exponential", recovery_time=2.0)
    made.event("reduction", "items", [("maker", "lamp"), ("store", "lamp")], 6, 2, severity=0.4)
    made.event("reduction", "lanes", [lanes["store to market"]], 12, 3, severity=0.8, recovery="linear", recovery_time=2.0)
    made.event("reduction", "enterprises", [("source",)], 18, 3, severity=0.9)
    made.event("demand", "items", [("home", "lamp")], 10, 3, factor=2.5, recovery="linear", recovery_time=4.0)
    made.event("demand", "items", [("home", "lamp"), ("street", "lamp")], 13, 2, factor=0.2, recovery="exponential", recovery_time=1.0)
    made.event("demand", "items", [("street", "lamp")], 28, 2, factor=3.0, severity=0.5)


def beer_game(place_orders: str, parameters: Sequence[dict[str, Any]]) -> Blueprint:
    """The four seats of Sterman (1989), retailer first; `parameters` are those of each seat's policy."""
    made = Building("beer game", horizon=36)
    made.product("beer")
    made.enterprise("drinkers", "customer")
    seats = ("retailer", "wholesaler", "distributor", "brewery")
    for seat, role in zip(seats, ("retailer", "distributor", "distributor", "manufacturer"), strict=True):
        made.enterprise(seat, role)
    made.enterprise("maltings", "supplier")
    made.item("drinkers", "beer")
    for seat in seats:
        made.item(seat, "beer", on_hand=12.0, holding_cost=0.5, backorder_cost=1.0)
    made.item("maltings", "beer", unlimited=True)
    made.lane("retailer", "drinkers", "beer")
    for buyer, seller in itertools.pairwise(seats):
        made.lane(seller, buyer, "beer", order_delay=2, transport_time=2, orders_waiting=[4.0, 4.0], in_transit=[4.0, 4.0])
    made.lane("maltings", "brewery", "beer", order_delay=1, transport_time=2, orders_waiting=[4.0], in_transit=[4.0, 4.0])
    made.policy("demand", "step", [("drinkers", "beer")], before=4.0, after=8.0, at=5)
    for seat, own in zip(seats, parameters, strict=True):
        made.policy("place_orders", place_orders, [(seat, "beer")], **own)
    return made.blueprint()


def serial_textbook() -> Blueprint:
    """Snyder and Shen, example 6.1: three stages, normal demand, local base stocks."""
    made = Building("serial textbook")
    made.product("unit")
    for name, role in (("customer", "customer"), ("one", "retailer"), ("two", "distributor"), ("three", "distributor"), ("outside", "supplier")):
        made.enterprise(name, role)
    made.item("customer", "unit")
    for name, holding, backorder, level in (("one", 7.0, 37.12, 6.49), ("two", 4.0, 0.0, 5.53), ("three", 2.0, 0.0, 10.69)):
        made.item(name, "unit", on_hand=level, holding_cost=holding, backorder_cost=backorder)
        made.policy("place_orders", "base_stock", [(name, "unit")], level=level)
    made.item("outside", "unit", unlimited=True)
    made.lane("one", "customer", "unit")
    made.lane("two", "one", "unit", transport_time=1, in_transit_holding_cost=4.0)
    made.lane("three", "two", "unit", transport_time=1, in_transit_holding_cost=2.0)
    made.lane("outside", "three", "unit", transport_time=2)
    made.policy("demand", "normal", [("customer", "unit")], mean=5.0, deviation=1.0)
    return made.blueprint()


def one_stage(mean: float, deviation: float, periods: int, lead_time: int) -> Blueprint:
    """One stage that orders up to a level from a moving average, with a fixed safety term; it may send goods back."""
    made = Building("one stage")
    made.product("unit")
    for name, role in (("customer", "customer"), ("shop", "retailer"), ("outside", "supplier")):
        made.enterprise(name, role)
    made.item("customer", "unit")
    made.item("shop", "unit", on_hand=mean * lead_time)
    made.item("outside", "unit", unlimited=True)
    made.lane("shop", "customer", "unit")
    made.lane("outside", "shop", "unit", transport_time=lead_time)
    made.policy("demand", "normal", [("customer", "unit")], mean=mean, deviation=deviation)
    made.policy("forecast_demand", "moving_average", [("shop", "unit")], periods=periods)
    made.policy("place_orders", "order_up_to", [("shop", "unit")], safety_stock=deviation, allow_negative=True)
    return made.blueprint()
