"""What partners show each other, and when: sums over them, for any split into cohorts, and what is refused."""

from __future__ import annotations

import copy
import dataclasses
from typing import Any

import numpy as np
import pandas as pd
import pytest

import chainwright as cw
from chainwright.policies.base import Policy, parameter, register


@register
@dataclasses.dataclass(frozen=True)
class Probe(Policy):
    """Orders what was demanded, and notes in safety_stock what its partners show."""

    name = "probe_of_partners"
    family = "orders"
    formula = "O = D"
    source = "A probe"
    writes = ("safety_stock",)

    column: Any = parameter("What to look at", "demand", kind="str")
    partner: Any = parameter("Whom to look at", "buyers", kind="str", choices=("buyers", "sellers"))
    by_share: Any = parameter("Whether buyers count by their shares", False, kind="bool")

    def __call__(self, view: Any) -> Any:
        look = view.sum_over_buyers if self.partner == "buyers" else view.sum_over_sellers
        return view.demand, {"safety_stock": look(self.column, by_share=bool(np.all(self.by_share)))}


def document(order_delay: int = 0, **more: Any) -> dict[str, Any]:
    """Two shops that buy from one depot, which buys from a source; the depot looks at the shops."""
    shop = {"role": "retailer", "items": {"tea": {"on_hand": 40}}}
    want = {"policy": "normal", "mean": 10, "deviation": 3}
    way = {"order_delay": order_delay, "transport_time": 1}
    return {
        "chainwright": 1,
        "title": "Shops and a depot",
        "period": "day",
        "horizon": 12,
        "seed": 5,
        "products": {"tea": {}},
        "enterprises": {
            "north": {"role": "customer", "items": {"tea": {"demand": want}}},
            "south": {"role": "customer", "items": {"tea": {"demand": want}}},
            "shop_a": copy.deepcopy(shop),
            "shop_b": copy.deepcopy(shop),
            "depot": {"role": "distributor", "items": {"tea": {"on_hand": 100}}},
            "source": {"role": "supplier", "items": {"tea": {"unlimited": True}}},
        },
        "lanes": [
            {"seller": "shop_a", "buyer": "north", "product": "tea"},
            {"seller": "shop_b", "buyer": "south", "product": "tea"},
            {"seller": "depot", "buyer": "shop_a", "product": "tea", **way},
            {"seller": "depot", "buyer": "shop_b", "product": "tea", **way},
            {"seller": "source", "buyer": "depot", "product": "tea", "transport_time": 1},
        ],
        "policies": {"place_orders": {"default": {"policy": "base_stock", "level": 60}, "depot": {"policy": "probe_of_partners"}}},
        "visibility": {"demand": "partner"},
        **more,
    }


def seen(one: dict[str, Any], column: str = "demand", who: tuple[str, ...] = ("shop_a", "shop_b")) -> tuple[np.ndarray, np.ndarray]:
    """What the depot saw in each period, and the sum of what stood with its partners."""
    record = ["safety_stock", column]
    panel = cw.run(cw.Scenario.from_document(one), record=record).panel
    assert panel is not None
    wide = {name: panel.pivot(index="period", columns="enterprise", values=name) for name in record}
    return wide["safety_stock"]["depot"].to_numpy(float), wide[column][list(who)].sum(axis=1).to_numpy(float)


def test_without_order_delay_buyers_are_seen_as_they_have_just_planned() -> None:
    found, stood = seen(document())
    np.testing.assert_allclose(found, stood, rtol=1e-12)


@pytest.mark.parametrize("order_delay", [1, 3])
def test_with_an_order_delay_it_is_what_stood_before(order_delay: int) -> None:
    found, stood = seen(document(order_delay))
    np.testing.assert_allclose(found, [0.0, *stood[:-1]], rtol=1e-12)


def test_when_it_is_seen_does_not_hang_on_the_rest_of_the_network() -> None:
    """With another stage of retail below, the shops compute after the depot instead of before it; the depot sees them as before."""
    plain = document(1)
    longer = copy.deepcopy(plain)
    for number, shop in enumerate(("shop_a", "shop_b")):
        stand = f"stand_{number}"
        longer["enterprises"][stand] = {"role": "retailer", "items": {"tea": {"on_hand": 40}}}
        longer["lanes"][number]["seller"] = stand
        longer["lanes"].append({"seller": shop, "buyer": stand, "product": "tea"})
        longer["policies"]["place_orders"][stand] = {"policy": "pass_on"}
    levels = [cw.World(cw.Scenario.from_document(one).blueprint()).items.level.tolist() for one in (plain, longer)]
    assert max(levels[0]) < max(levels[1])
    for one, other in zip(seen(plain), seen(longer), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12)


@pytest.mark.parametrize("order_delay", [0, 2])
def test_sellers_are_seen_as_they_stood_before(order_delay: int) -> None:
    one = document(order_delay, visibility={"demand": "partner"})
    one["policies"]["place_orders"]["shop_a"] = {"policy": "probe_of_partners", "partner": "sellers"}
    one["policies"]["place_orders"]["depot"] = {"policy": "pass_on"}
    panel = cw.run(cw.Scenario.from_document(one), record=["safety_stock", "demand"]).panel
    assert panel is not None
    wide = {name: panel.pivot(index="period", columns="enterprise", values=name) for name in ("safety_stock", "demand")}
    np.testing.assert_allclose(wide["safety_stock"]["shop_a"], [0.0, *wide["demand"]["depot"][:-1]], rtol=1e-12)


@pytest.mark.parametrize("order_delay", [0, 2])
def test_end_demand_is_known_to_everybody_at_once(order_delay: int) -> None:
    one = document(order_delay, visibility={"end_demand": "partner"})
    one["policies"]["place_orders"]["depot"]["column"] = "end_demand"
    found, stood = seen(one, "end_demand")
    np.testing.assert_allclose(found, stood, rtol=1e-12)


def test_a_buyer_without_an_active_lane_is_no_partner() -> None:
    one = document(interventions=[{"period": 4, "set": {"lanes.depot>shop_b.active": False}}])
    found, _ = seen(one)
    _, both = seen(document())
    _, first = seen(one, who=("shop_a",))
    np.testing.assert_allclose(found, [*both[:3], *first[3:]], rtol=1e-12)


def test_a_lane_that_closes_by_itself_is_noticed_at_once() -> None:
    world = cw.World(cw.Scenario.from_document(document()).blueprint())
    world.step(2)
    lane = np.flatnonzero(world.lanes.buyer == np.flatnonzero(world.items.coordinate == item(world, "shop_b"))[0])[0]
    world.lanes.trading[lane] = False
    world.step()
    depot = world.items.coordinate == item(world, "depot")
    shop = world.items.coordinate == item(world, "shop_a")
    assert world.items.safety_stock[depot][0] == world.items.demand[shop][0]


def item(world: cw.World, enterprise: str) -> int:
    """The coordinate of an enterprise's item, by which it is found."""
    row = [str(name) for name in world.enterprises.name].index(enterprise)
    return int(world.items.coordinate[world.items.enterprise == row][0])


def by_two_modes(**shares: Any) -> dict[str, Any]:
    """The first shop buys by rail and by road, and from the source as well."""
    one = document()
    one["lanes"][2]["mode"] = "rail"
    one["lanes"].append({**one["lanes"][2], "mode": "road"})
    one["lanes"].append({"seller": "source", "buyer": "shop_a", "product": "tea", "transport_time": 2})
    for place, share in zip((2, 5, 6), (0.25, 0.5, 0.25), strict=True):
        one["lanes"][place]["share"] = share
    return one


def test_a_buyer_with_several_modes_counts_once() -> None:
    found, stood = seen(by_two_modes())
    np.testing.assert_allclose(found, stood, rtol=1e-12)


def test_a_buyer_counts_by_its_shares_where_that_is_asked_for() -> None:
    one = by_two_modes()
    one["policies"]["place_orders"]["depot"]["by_share"] = True
    found, _ = seen(one)
    _, a = seen(one, who=("shop_a",))
    _, b = seen(one, who=("shop_b",))
    np.testing.assert_allclose(found, 0.75 * a + b, rtol=1e-12)


def test_a_hidden_column_of_partners_is_refused() -> None:
    one = document(visibility={})
    with pytest.raises(cw.VisibilityError, match=r"'demand' of a buyer is hidden; a scenario can say visibility: \{demand: partner\}"):
        cw.run(cw.Scenario.from_document(one))
    with pytest.raises(cw.VisibilityError, match="hidden"):
        cw.run(cw.Scenario.from_document(document(visibility={"demand": "own"})))


@register
@dataclasses.dataclass(frozen=True)
class ProbeOfLanes(Policy):
    """A lane decision that asks for a sum over partners."""

    name = "probe_of_lanes"
    family = "allocation"
    formula = "-"
    source = "A probe"

    def __call__(self, view: Any) -> Any:
        return view.sum_over_buyers("demand")


def test_decisions_about_lanes_have_no_sums_over_partners() -> None:
    one = document()
    one["policies"]["allocate_stock"] = {"depot": {"policy": "probe_of_lanes"}}
    one["enterprises"]["depot"]["items"]["tea"]["on_hand"] = 0
    with pytest.raises(cw.VisibilityError, match="belong to decisions about items"):
        cw.run(cw.Scenario.from_document(one))


# --- forecasts that are shared: independent of cohorts, unions and snapshots ------------------------------------------------


def collaborating(order_delay: int, **split: Any) -> dict[str, Any]:
    """Shops, a depot and a plant that pass their forecasts on; `split` puts the depot into a cohort of its own."""
    one = document(order_delay, visibility={"forecast": "partner"})
    one["enterprises"]["plant"] = {"role": "manufacturer", "items": {"tea": {"on_hand": 200}}}
    one["lanes"][4]["seller"] = "plant"
    one["lanes"][4]["order_delay"] = order_delay
    one["lanes"].append({"seller": "source", "buyer": "plant", "product": "tea", "transport_time": 1, "order_delay": order_delay})
    one["policies"] = {
        "forecast_demand": {"default": {"policy": "collaborative", "weight": 0.7, "smoothing": 0.4}},
        "place_orders": {"default": {"policy": "order_up_to", "safety_factor": 1.0}},
    }
    one["policies"]["forecast_demand"].update(split)
    return one


def panel_of(one: dict[str, Any], runs: Any = 1) -> pd.DataFrame:
    panel = cw.run(cw.Scenario.from_document(one), runs=runs, record=["forecast", "orders", "on_hand"], check=True).panel
    assert panel is not None
    return panel


SAME = {"policy": "collaborative", "weight": 0.7, "smoothing": 0.4, "observe": "demand"}


@pytest.mark.parametrize("order_delay", [0, 1])
@pytest.mark.parametrize("who", ["shop_a", "depot", "plant"])
def test_forecasts_do_not_hang_on_the_split_into_cohorts(order_delay: int, who: str) -> None:
    whole, parted = collaborating(order_delay), collaborating(order_delay, **{who: SAME})
    worlds = [cw.World(cw.Scenario.from_document(one).blueprint()) for one in (whole, parted)]
    counts = [sum(len(level) for level in world.cohorts["forecast_demand"]) for world in worlds]
    assert counts[1] > counts[0] or order_delay == 0
    pd.testing.assert_frame_equal(panel_of(whole), panel_of(parted), check_exact=True)


def test_a_forecast_goes_up_one_stage_a_period_where_orders_are_delayed() -> None:
    one = collaborating(1)
    one["policies"]["forecast_demand"]["default"]["weight"] = 1.0
    wide = panel_of(one).pivot(index="period", columns="enterprise", values="forecast")
    shops = (wide["shop_a"] + wide["shop_b"]).to_numpy(float)
    np.testing.assert_allclose(wide["depot"].to_numpy(float)[1:], shops[:-1], rtol=1e-12)
    np.testing.assert_allclose(wide["plant"].to_numpy(float)[3:], shops[1:-2], rtol=1e-12)


def test_without_delay_everybody_has_the_forecast_of_the_shops() -> None:
    one = collaborating(0)
    one["policies"]["forecast_demand"]["default"]["weight"] = 1.0
    wide = panel_of(one).pivot(index="period", columns="enterprise", values="forecast")
    np.testing.assert_allclose(wide["plant"].to_numpy(float)[1:], (wide["shop_a"] + wide["shop_b"]).to_numpy(float)[1:], rtol=1e-12)


def test_a_run_alone_is_the_same_in_company_and_after_a_snapshot() -> None:
    one = collaborating(1)
    together = panel_of(one, runs=range(4))
    alone = panel_of(one, runs=[2])
    pd.testing.assert_frame_equal(together[together["run"] == 2].reset_index(drop=True), alone.reset_index(drop=True), check_exact=True)
    blueprint = cw.Scenario.from_document(one).blueprint()
    straight, broken = cw.World(blueprint, runs=range(2)), cw.World(blueprint, runs=range(2))
    straight.step(10)
    broken.step(4)
    kept = broken.snapshot()
    broken.step(3)
    broken.restore(kept)
    broken.step(6)
    assert straight.items.forecast.tobytes() == broken.items.forecast.tobytes()
    assert straight.items.orders.tobytes() == broken.items.orders.tobytes()
