"""Vendor-managed inventory in a running world: who sees what, what is decided, and what is refused."""

from __future__ import annotations

import copy
import dataclasses
from typing import Any

import numpy as np
import pytest

import chainwright as cw
from chainwright.policies.base import Policy, register
from tests.policies.test_partners import document

SHOWN = dict.fromkeys(("inventory_position", "forecast_lead_time", "orders", "base_stock_level", "demand"), "partner")


def managed(order_delay: int = 0, **shops: Any) -> dict[str, Any]:
    """The depot decides for its two shops, and plans with their stock."""
    one = document(order_delay, visibility=dict(SHOWN))
    average = {"policy": "moving_average", "periods": 4, "initial": 10}
    one["policies"] = {
        "forecast_demand": {"retailer": average, "depot": {**average, "initial": 20, "observe": "demand_of_buyers"}},
        "place_orders": {"retailer": {"policy": "vendor_managed", "minimum": 12, **shops}, "depot": {"policy": "vendor_order_up_to"}},
    }
    for lane in one["lanes"]:
        if lane["seller"] != "shop_a" and lane["seller"] != "shop_b":
            lane["in_transit"] = [20.0 if lane["buyer"] == "depot" else 10.0]
    return one


def wide(one: dict[str, Any], *names: str) -> dict[str, Any]:
    panel = cw.run(cw.Scenario.from_document(one), record=list(names), periods=40, check=True).panel
    assert panel is not None
    return {name: panel.pivot(index="period", columns="enterprise", values=name) for name in names}


def test_the_seller_orders_as_one_echelon() -> None:
    """O = D + L·(F − F before) with the demand of the shops and, as their levels are fixed, the seller's own lead time alone."""
    one = managed(minimum=70, maximum=70)
    one["enterprises"]["depot"]["items"]["tea"]["on_hand"] = 0
    for shop in ("shop_a", "shop_b"):
        one["enterprises"][shop]["items"]["tea"]["on_hand"] = 40
    found = wide(one, "orders", "demand", "forecast")
    sales = found["demand"]["shop_a"] + found["demand"]["shop_b"]
    expected = sales + found["forecast"]["depot"].diff()
    np.testing.assert_allclose(found["orders"]["depot"].iloc[12:], expected.iloc[12:], rtol=1e-9)
    assert found["forecast"]["depot"].std() > 0.5


@pytest.mark.parametrize("order_delay", [0, 1, 3])
def test_what_the_system_holds_falls_by_what_is_sold(order_delay: int) -> None:
    """With fixed levels and a known mean the seller orders just what the shops sold, which it hears at once or a period later."""
    one = managed(order_delay, minimum=90, maximum=90)
    known = {"policy": "known_mean", "mean": 10}
    one["policies"]["forecast_demand"] = {"retailer": known, "depot": {**known, "mean": 20, "observe": "demand_of_buyers"}}
    found = wide(one, "orders", "demand")
    sales = (found["demand"]["shop_a"] + found["demand"]["shop_b"]).to_numpy(float)
    orders = found["orders"]["depot"].to_numpy(float)
    heard = sales[11:-1] if order_delay else sales[12:]
    np.testing.assert_allclose(orders[12:], heard, rtol=1e-9, atol=1e-9)


def test_from_stock_the_seller_never_owes_anything() -> None:
    one = managed(from_stock=True, minimum=45)
    one["enterprises"]["depot"]["items"]["tea"]["on_hand"] = 15
    found = wide(one, "orders", "backorder", "on_hand", "shipped")
    owing = wide({**one, "policies": {**one["policies"], "place_orders": managed(minimum=45)["policies"]["place_orders"]}}, "backorder")
    assert owing["backorder"]["depot"].max() > 1.0
    assert found["backorder"]["depot"].max() == pytest.approx(0.0, abs=1e-9)
    sent = found["orders"]["shop_a"] + found["orders"]["shop_b"]
    np.testing.assert_allclose(sent, found["shipped"]["depot"], atol=1e-9)
    assert sent.sum() > 100.0


def test_the_file_says_which_columns_to_show() -> None:
    one = managed(safety_factor=1.5)
    one["visibility"] = {}
    with pytest.raises(cw.ScenarioError) as caught:
        cw.Scenario.from_document(one).check()
    said = str(caught.value)
    assert "lets the seller decide, which looks at 'inventory_position', 'forecast_lead_time' and 'forecast_deviation', which are hidden" in said
    assert "`visibility: {inventory_position: partner, forecast_lead_time: partner, forecast_deviation: partner}`" in said
    assert "policy 'moving_average' looks at 'demand' of its buyers, which is hidden; expected `visibility: {demand: partner}`" in said
    assert "'inventory_position', 'orders' and 'base_stock_level' of its buyers" in said


def test_a_world_says_so_too() -> None:
    blueprint = cw.Scenario.from_document(managed()).blueprint()
    with pytest.raises(cw.UsageError, match=r"place_orders: .*looks at 'inventory_position'.*; say visibility: \{inventory_position: partner\}"):
        cw.World(dataclasses.replace(blueprint, visibility={name: "partner" for name in SHOWN if name != "inventory_position"}))


def test_one_seller_decides() -> None:
    one = managed()
    one["lanes"].append({"seller": "source", "buyer": "shop_a", "product": "tea", "transport_time": 1})
    with pytest.raises(cw.UsageError, match="shop_a/tea buys over 2 active lanes; expected one"):
        cw.World(cw.Scenario.from_document(one).blueprint())
    one["lanes"][-1]["active"] = False
    cw.World(cw.Scenario.from_document(one).blueprint()).step(3)
    one["lanes"][2]["active"] = False
    with pytest.raises(cw.UsageError, match="shop_a/tea has no active lane"):
        cw.World(cw.Scenario.from_document(one).blueprint())


# --- the seller's eyes ------------------------------------------------------------------------------------------------------

LOOKS: list[Any] = []


@register
@dataclasses.dataclass(frozen=True)
class ManagerProbe(Policy):
    """A seller that decides, and looks around."""

    name = "probe_of_a_manager"
    family = "orders"
    formula = "0"
    source = "A probe"
    decided_by = "seller"

    def __call__(self, view: Any) -> Any:
        LOOKS.append(view)
        return np.zeros(len(view.seller.on_hand))


def look_around(visibility: dict[str, str]) -> Any:
    """The view of the depot that decides for its shops."""
    one = copy.deepcopy(document(visibility={"demand": "partner"} | visibility))
    one["policies"]["place_orders"]["retailer"] = {"policy": "probe_of_a_manager"}
    LOOKS.clear()
    world = cw.World(cw.Scenario.from_document(one).blueprint())
    world.step()
    return LOOKS[-1]


def test_a_seller_that_decides_sees_its_own_item_and_what_its_buyers_show() -> None:
    view = look_around({"on_hand": "partner"})
    shops, depot = view.on_hand.tolist(), view.seller.on_hand.tolist()
    assert len(set(shops)) == 2
    assert depot == [100.0, 100.0]
    assert view.enterprise.name.tolist() == ["shop_a", "shop_b"]
    assert view.lane.transport_time.tolist() == [1, 1]
    assert view.seller.sum_over_buyers("on_hand").tolist() == pytest.approx([sum(shops)] * 2)
    for hidden in ("inventory_level", "lead_time", "holding_cost", "forecast"):
        with pytest.raises(cw.VisibilityError, match=f"'{hidden}' of a partner's items is hidden; .* visibility: {{{hidden}: partner}}"):
            getattr(view, hidden)
    with pytest.raises(cw.VisibilityError):
        view.seller.sum_over_buyers("inventory_level")


def test_nor_does_it_see_beyond_its_buyers() -> None:
    """What is shown to a buyer's partners is not shown to the partners' partners, unless it is public."""
    with pytest.raises(cw.VisibilityError, match="hidden"):
        look_around({}).sum_over_buyers("demand")
    assert len(look_around({"demand": "public"}).sum_over_buyers("demand")) == 2
    with pytest.raises(cw.VisibilityError, match="cash"):
        _ = look_around({"on_hand": "partner"}).enterprise.cash
