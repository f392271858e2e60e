"""An agent sees what has reached it: no orders under way, no message twice, partners as they stood; and its forecast is used."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import chainwright as cw
from chainwright.agents.model import roster_of
from chainwright.words.errors import VisibilityError
from tests.agents.classes import AsThePolicy
from tests.policies.test_vendor_managed import managed


def world_of(scenario: cw.Scenario, agents: dict[str, Any] | None) -> cw.World:
    blueprint = scenario.blueprint()
    return cw.World(blueprint, agents=roster_of(blueprint, agents) if agents else None)


# --- orders and messages --------------------------------------------------------------------------------------


def test_orders_on_the_way_are_not_seen_by_the_seller() -> None:
    model = cw.SupplyChain("beer_game")
    model.step()
    wholesaler, retailer = model.enterprise("wholesaler"), model.enterprise("retailer")
    for column in ("ordered", "orders_waiting"):
        with pytest.raises(VisibilityError, match=f"'{column}' of lanes is hidden; a scenario cannot show it"):
            getattr(wholesaler.item.to_buyers, column)
    assert retailer.item.from_sellers.ordered.tolist() == [retailer.orders]
    with pytest.raises(VisibilityError, match=r"'orders' of a buyer is hidden; a scenario can say visibility: \{orders: partner\}"):
        wholesaler.item.orders_on_the_way()
    model = cw.SupplyChain(cw.load("beer_game").with_({"visibility.orders": "partner"}))
    model.step()
    assert model.enterprise("wholesaler").item.orders_on_the_way() == pytest.approx(4.0 + model.enterprise("retailer").orders)


PLANT = {
    "chainwright": 1,
    "title": "A plant that makes of ore what it sells, and sells ore too",
    "horizon": 10,
    "products": {"car": {}, "ore": {}},
    "enterprises": {
        "mine": {"role": "supplier", "items": {"ore": {"unlimited": True}}},
        "plant": {"role": "manufacturer", "items": {"car": {"on_hand": 50}, "ore": {"on_hand": 100}}},
        "town": {"role": "customer", "items": {"car": {"demand": {"policy": "constant", "value": 5}}}},
        "smith": {"role": "customer", "items": {"ore": {"demand": {"policy": "step", "before": 3, "after": 7, "at": 2}}}},
    },
    "lanes": [
        {"seller": "mine", "buyer": "plant", "product": "ore", "transport_time": 1},
        {"seller": "plant", "buyer": "town", "product": "car"},
        {"seller": "plant", "buyer": "smith", "product": "ore"},
    ],
    "recipes": [{"enterprise": "plant", "product": "car", "components": {"ore": 1}, "production_time": 1}],
    "policies": {decision: {"default": {"policy": "base_stock", "level": 50}} for decision in ("place_orders", "plan_production")},
}


def test_an_order_is_a_message_of_the_period_in_which_it_arrives_only() -> None:
    heard: dict[tuple[int, str], dict[str, float]] = {}

    class Listening(cw.Manufacturer):
        def listen(self, item: Any) -> None:
            found = {message.product: message.quantity for message in self.messages if message.kind == "order"}
            heard[item.period, item.product.name] = found

        def plan_production(self, item: Any) -> Any:
            self.listen(item)
            return super().plan_production(item)

        def place_orders(self, item: Any) -> Any:
            self.listen(item)
            return super().place_orders(item)

    world_of(cw.Scenario.from_document(PLANT), {"plant": Listening}).step(3)
    # What is made of ore is planned before the orders for ore have come in.
    assert heard == {
        (1, "car"): {"car": 5.0},
        (1, "ore"): {"car": 5.0, "ore": 3.0},
        (2, "car"): {"car": 5.0},
        (2, "ore"): {"car": 5.0, "ore": 7.0},
        (3, "car"): {"car": 5.0},
        (3, "ore"): {"car": 5.0, "ore": 7.0},
    }


# --- partners -------------------------------------------------------------------------------------------------


def test_a_partner_is_seen_as_sums_over_partners_see_it() -> None:
    compared = []

    class Looking(cw.Enterprise):
        def place_orders(self, item: Any) -> Any:
            if self.buyers:
                views = self.buyers[0].orders, item.to_buyers.buyer.orders[0], item.sum_over_buyers("orders")
                assert all(type(view) is not np.ndarray for view in views)
                compared.append(views)
            return super().place_orders(item)

    for name in ("serial_textbook", "beer_game"):
        world_of(cw.load(name).with_({"visibility.orders": "partner"}), {"default": Looking}).step(4)
    assert len({views[0] for views in compared}) > 3
    assert all(one == other == total for one, other, total in compared)


# --- decisions that another would take ------------------------------------------------------------------------


def test_a_columnar_method_sees_its_own_items_where_the_seller_would_decide() -> None:
    class Rows(cw.Retailer):
        def place_orders(self, item: Any) -> Any:
            return item.demand + 0.25 * item.on_hand + item.draw("luck")

    class InColumns(cw.Retailer):
        @cw.columnar
        def place_orders(self, items: Any) -> Any:
            assert not items.sees("seller")
            assert items.product.name.tolist() == ["tea"] * len(items.demand)
            return items.demand + 0.25 * items.on_hand + items.draw("luck")

    scenario = cw.Scenario.from_document(managed())
    one, other = (world_of(scenario, {"retailer": kind}) for kind in (Rows, InColumns))
    for world in (one, other):
        world.step(6)
    np.testing.assert_array_equal(one.items.orders, other.items.orders)


def test_a_forecast_of_ones_own_is_what_order_rules_look_at() -> None:
    class Known(cw.Distributor):
        def forecast_demand(self, item: Any) -> Any:
            return 6.0

    class KnownInColumns(cw.Distributor):
        @cw.columnar
        def forecast_demand(self, items: Any) -> Any:
            return 6.0

    average = {"default": {"policy": "moving_average", "periods": 4, "initial": 4}}
    scenario = cw.load("beer_game").with_({"policies.place_orders": {"default": {"policy": "order_up_to"}}, "policies.forecast_demand": average})
    expected = world_of(scenario.with_({"policies.forecast_demand.distributor": {"policy": "known_mean", "mean": 6}}), None)
    worlds = [world_of(scenario, {"distributor": kind}) for kind in (Known, KnownInColumns)]
    for world in (expected, *worlds):
        world.step(8)
    for world in worlds:
        np.testing.assert_array_equal(world.items.forecast_lead_time, expected.items.forecast_lead_time)
        np.testing.assert_array_equal(world.items.orders, expected.items.orders)


def test_a_forecast_with_no_policy_behind_holds_over_the_lead_time() -> None:
    class Growing(cw.Enterprise):
        def forecast_demand(self, item: Any) -> Any:
            return max(0.0, 8.0 - 2.0 * item.period)

    world = world_of(cw.load("beer_game"), {"wholesaler": Growing})
    row = world.agents.agent(world.agents.row_of("wholesaler", 0)).item.rows  # type: ignore[union-attr]
    for expected in (6.0, 4.0, 2.0, 0.0, 0.0):
        world.step()
        assert world.items.forecast_lead_time[row] == world.items.lead_time[row] * expected


# --- who is asked first ---------------------------------------------------------------------------------------


def test_the_order_in_which_seats_are_given_decides_nothing() -> None:
    class Gambler(cw.Enterprise):
        def setup(self) -> None:
            self.luck = self.random.random()

        def place_orders(self, item: Any) -> Any:
            return self.luck + self.random.random()

    class OtherGambler(Gambler):
        pass

    towns = {f"town_{number}": {"role": "customer", "items": {"tea": {"demand": {"policy": "constant", "value": 3}}}} for number in range(4)}
    shops = {f"shop_{number}": {"role": "retailer", "items": {"tea": {"on_hand": 5}}} for number in range(4)}
    document = {
        "chainwright": 1,
        "title": "Four shops",
        "horizon": 5,
        "products": {"tea": {}},
        "enterprises": {**towns, **shops, "estate": {"role": "supplier", "items": {"tea": {"unlimited": True}}}},
        "lanes": [
            *({"seller": f"shop_{number}", "buyer": f"town_{number}", "product": "tea"} for number in range(4)),
            *({"seller": "estate", "buyer": f"shop_{number}", "product": "tea", "transport_time": 1} for number in range(4)),
        ],
        "policies": {"place_orders": {"default": {"policy": "pass_on"}, "shop_1": {"policy": "base_stock", "level": 9}}},
    }
    seats = {"shop_3": Gambler, "shop_1": OtherGambler, "shop_0": Gambler, "shop_2": OtherGambler}
    scenario = cw.Scenario.from_document(document)
    one, other = world_of(scenario, seats), world_of(scenario, dict(sorted(seats.items())))
    for world in (one, other):
        world.step(4)
    np.testing.assert_array_equal(one.items.orders, other.items.orders)


# --- the oldest debt first ------------------------------------------------------------------------------------


def test_an_agent_hands_on_or_replaces_the_rule_of_the_oldest_debt() -> None:
    class SmallFirst(cw.Enterprise):
        def allocate_stock(self, lanes: Any) -> Any:
            _, weight = super().allocate_stock(lanes)
            return lanes.want, weight

    document = {
        "chainwright": 1,
        "title": "Two debtors",
        "horizon": 10,
        "products": {"tea": {}},
        "enterprises": {
            "early": {"role": "customer", "items": {"tea": {"demand": {"policy": "step", "before": 10, "after": 0, "at": 2}}}},
            "late": {"role": "customer", "items": {"tea": {"demand": {"policy": "step", "before": 0, "after": 1, "at": 2}}}},
            "shop": {"role": "retailer", "items": {"tea": {}}},
            "estate": {"role": "supplier", "items": {"tea": {"unlimited": True}}},
        },
        "lanes": [
            {"seller": "shop", "buyer": "early", "product": "tea"},
            {"seller": "shop", "buyer": "late", "product": "tea"},
            {"seller": "estate", "buyer": "shop", "product": "tea", "transport_time": 1, "in_transit": [6, 0, 4]},
        ],
        "policies": {
            "place_orders": {"shop": {"policy": "base_stock", "level": -99}},
            "allocate_stock": {"default": {"policy": "oldest_first"}},
        },
    }
    scenario = cw.Scenario.from_document(document)
    plain, same, small = (world_of(scenario, agents) for agents in (None, {"shop": AsThePolicy}, {"shop": SmallFirst}))
    owed = []
    for world in (plain, same, small):
        world.step(3)
        owed.append(dict(zip(world.enterprises.name[world.items.enterprise[world.lanes.buyer]], world.lanes.backorder.tolist(), strict=True)))
    assert owed[0] == owed[1] == {"shop": 0.0, "early": 0.0, "late": 2.0}
    assert owed[2] == {"shop": 0.0, "early": 2.0, "late": 0.0}
