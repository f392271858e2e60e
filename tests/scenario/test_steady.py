"""Pipelines that start steady: what the mean flow would have there, whatever the delay; and lists that a changed delay leaves behind."""

from __future__ import annotations

import copy
import pickle
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import chainwright as cw
from chainwright.network.blueprint import Pipeline
from chainwright.scenario.starter import starter
from chainwright.words.errors import ChainwrightWarning, ScenarioError

TIME = "lanes.*.transport_time"
SEATS = ("wholesaler>retailer", "distributor>wholesaler", "brewery>distributor", "maltings>brewery")


def contents(pipeline: Pipeline, row: int) -> list[float]:
    """What is on its way on one row, in the order of periods."""
    own = pipeline.row == row
    assert pipeline.due[own].tolist() == list(range(1, int(own.sum()) + 1))
    return pipeline.amount[own].tolist()


def chain(**changes: Any) -> dict[str, Any]:
    """A shop with two sellers, one of which makes what it sells; all of it starts steady."""
    document: dict[str, Any] = {
        "chainwright": 1,
        "horizon": 20,
        "products": {"bread": {}, "flour": {}},
        "enterprises": {
            "people": {"role": "customer", "items": {"bread": {"demand": {"policy": "normal", "mean": 30, "deviation": 3}}}},
            "shop": {"role": "retailer", "items": {"bread": {"on_hand": 30}}},
            "bakery": {"role": "manufacturer", "items": {"bread": {"on_hand": 30}, "flour": {"on_hand": 30}}},
            "factory": {"role": "supplier", "items": {"bread": {"unlimited": True}}},
            "mill": {"role": "supplier", "items": {"flour": {"unlimited": True}}},
        },
        "recipes": [
            {"enterprise": "bakery", "product": "bread", "components": {"flour": 2}, "production_time": 3, "yield_share": 0.5, "in_process": "steady"}
        ],
        "lanes": [
            {"seller": "shop", "buyer": "people", "product": "bread", "in_transit": "steady"},
            {"seller": "bakery", "buyer": "shop", "product": "bread", "share": 0.4, "preference": 1, "transport_time": 2, "in_transit": "steady"},
            {"seller": "factory", "buyer": "shop", "product": "bread", "share": 0.6, "preference": 2, "transport_time": 1, "in_transit": "steady"},
            {"seller": "mill", "buyer": "bakery", "product": "flour", "order_delay": 1, "transport_time": 2, "orders_waiting": "steady"},
        ],
        "policies": {
            "place_orders": {"default": {"policy": "base_stock", "level": 100}},
            "plan_production": {"default": {"policy": "base_stock", "level": 90}},
        },
    }
    return document | changes


def made(document: dict[str, Any], settings: dict[str, Any] | None = None) -> cw.Scenario:
    return cw.Scenario.from_document(document).with_(settings or {})


def test_the_flow_goes_through_shares_recipes_and_yields() -> None:
    start = made(chain()).blueprint()
    assert contents(start.content("in_transit"), 0) == []  # no way, nothing on it
    assert contents(start.content("in_transit"), 1) == [12.0, 12.0]
    assert contents(start.content("in_transit"), 2) == [18.0]
    assert contents(start.content("in_transit"), 3) == []  # nothing is said
    # 12 good loaves a period need 24 begun, and those 48 units of flour.
    assert contents(start.content("orders_waiting"), 3) == [48.0]
    item = [row for row in range(len(start.content("in_process").row)) if start.content("in_process").amount[row] > 0]
    assert start.content("in_process").amount[item].tolist() == [24.0, 24.0, 24.0]


def test_the_lanes_are_those_that_orders_go_to_when_nobody_is_short() -> None:
    preferred = made(chain(), {"policies.choose_sellers.shop": {"policy": "preference"}}).blueprint()
    assert contents(preferred.content("in_transit"), 1) == [30.0, 30.0]
    assert contents(preferred.content("in_transit"), 2) == []
    fastest = made(chain(), {"policies.choose_sellers.shop": {"policy": "fastest"}}).blueprint()
    assert contents(fastest.content("in_transit"), 1) == []
    assert contents(fastest.content("in_transit"), 2) == [30.0]
    alone = made(chain(), {"lanes.bakery>shop.active": False}).blueprint()
    assert contents(alone.content("in_transit"), 1) == []
    assert contents(alone.content("in_transit"), 2) == [30.0]


@pytest.mark.parametrize(
    ("demand", "mean"),
    [
        ({"policy": "constant", "value": 7}, 7.0),
        ({"policy": "step", "before": 4, "after": 8, "at": 5}, 4.0),
        ({"policy": "step", "before": 4, "after": 8, "at": 1}, 8.0),
        ({"policy": "trend", "start": 6, "slope": 1}, 6.0),
        ({"policy": "seasonal", "mean": 10, "factors": [0.5, 1.0, 3.0]}, 15.0),
        ({"policy": "seasonal", "mean": 10, "amplitude": 0.5, "season": 4}, 10.0),
        ({"policy": "gamma", "mean": 9, "deviation": 3}, 9.0),
        ({"policy": "intermittent", "probability": 0.25, "mean": 8}, 2.0),
        ({"policy": "list", "values": [1, 2, 6]}, 3.0),
        ({"policy": "bootstrap", "values": [2, 4]}, 3.0),
    ],
)
def test_the_mean_of_every_demand(demand: dict[str, Any], mean: float) -> None:
    beer = cw.load("beer_game").with_({"enterprises.drinkers.items.beer.demand": demand}).blueprint()
    assert contents(beer.content("in_transit"), 4) == [mean, mean]


def test_the_beer_game_starts_as_it_always_did() -> None:
    beer = cw.load("beer_game")
    lists = {"order_delay": "orders_waiting", "transport_time": "in_transit"}
    document = beer.document
    for lane in document["lanes"][1:]:
        for delay, name in lists.items():
            assert lane[name] == "steady"
            lane[name] = [4] * lane[delay]
    listed = cw.Scenario.from_document(document)
    for name in lists.values():
        one, other = beer.blueprint().content(name), listed.blueprint().content(name)
        assert all(np.array_equal(getattr(one, column), getattr(other, column)) for column in ("row", "due", "amount"))


@pytest.mark.parametrize("weeks", [1, 3, 4])
def test_another_transport_time_is_that_many_weeks_of_flow(weeks: int) -> None:
    beer = cw.load("beer_game")
    lists = {f"lanes.{lane}.in_transit": [4] * weeks for lane in SEATS}
    assert cw.run(beer.with_({TIME: weeks})).summary.equals(cw.run(beer.with_({TIME: weeks, **lists})).summary)


def test_the_first_sweep_of_the_readme_finds_the_right_target() -> None:
    target = "policies.place_orders.default.target"
    table = cw.sweep("beer_game", {target: [16, 20, 24, 28], TIME: [1, 2, 4]}, measures=["total_cost"], engine="serial")
    costs = table.pivot_table(index=target, columns=TIME, values="total_cost")
    assert costs.idxmin().to_dict() == {1: 20, 2: 24, 4: 28}
    full = {f"lanes.{lane}.in_transit": [4] * 4 for lane in SEATS}
    assert costs.loc[28, 4] == cw.run(cw.load("beer_game").with_({target: 28, TIME: 4, **full})).summary["total_cost"].item()


def test_a_drawn_time_has_what_would_still_be_on_its_way() -> None:
    drawn = {"distribution": "discrete", "values": [1, 3], "probabilities": [0.75, 0.25]}
    document = chain(recipes=[], lanes=chain()["lanes"][:1])
    document["lanes"].append({"seller": "factory", "buyer": "shop", "product": "bread", "transport_time": drawn, "in_transit": "steady"})
    for name in ("bakery", "mill"):
        del document["enterprises"][name]
    del document["policies"]["plan_production"]
    assert contents(made(document).blueprint().content("in_transit"), 1) == [30.0, 7.5, 7.5]  # a mean of 1.5 periods of 30
    strict = made(document, {"lanes.1.overtaking": False}).blueprint()
    assert contents(strict.content("in_transit"), 1) == [30.0, 30.0]
    whole = made(document, {"products.bread.whole_units": True}).blueprint()
    assert contents(whole.content("in_transit"), 1) == [30.0, 8.0, 7.0]


def test_what_starts_steady_is_not_what_an_intervention_changes() -> None:
    later_on = {"period": 10, "set": {TIME: 3, "enterprises.drinkers.items.beer.demand.before": 6}}
    beer = cw.load("beer_game").with_({TIME: 2, "interventions": [later_on]})
    (period, later), *_ = beer.stages()
    assert period == 10
    assert np.array_equal(later.content("in_transit").amount, beer.blueprint().content("in_transit").amount)
    with pytest.raises(ScenarioError, match="in_transit is a state at the start"):
        beer.stages([(5, {"lanes.1.in_transit": [4, 4, 4]})])


def test_what_has_no_steady_flow_is_told_with_its_place(tmp_path: Path) -> None:
    document = chain()
    document["enterprises"]["ring"] = {"role": "distributor", "items": {"bread": {"on_hand": 1}}}
    document["lanes"][1:3] = [
        {"seller": "ring", "buyer": "shop", "product": "bread", "order_delay": 1, "transport_time": 1, "in_transit": "steady"},
        {"seller": "shop", "buyer": "ring", "product": "bread", "order_delay": 1, "transport_time": 1},
    ]
    with pytest.raises(ScenarioError, match=r"lanes\.0\.in_transit: flows would be infinite: .*ring/bread"):
        made(document)
    plain = copy.deepcopy(document)
    for lane in plain["lanes"]:
        lane.pop("in_transit", None)
        lane.pop("orders_waiting", None)
    plain["recipes"][0].pop("in_process")
    scenario = made(plain)  # which can be played for a while
    with pytest.raises(ScenarioError, match=r"^lanes\.\*\.in_transit: "):
        scenario.with_({"lanes.*.in_transit": "steady"})
    with pytest.raises(ScenarioError, match="expected a list of numbers or steady, got 'stedy'"):
        scenario.with_({"lanes.*.in_transit": "stedy"})


def test_it_is_kept_by_files_tables_graphs_and_copies(tmp_path: Path) -> None:
    scenario = made(chain())
    assert cw.load(scenario.save(tmp_path / "chain.yaml")) == scenario
    assert cw.Scenario.from_graph(scenario.graph()) == scenario
    lanes = "seller,buyer,product,transport_time,in_transit\nmill,people,bread,2,steady\n"
    (tmp_path / "lanes.csv").write_text(lanes, encoding="utf-8")
    text = (
        "chainwright: 1\nhorizon: 5\nproducts: {bread: {}}\ntables: {lanes: lanes.csv}\nenterprises:\n"
        "  people: {role: customer, items: {bread: {demand: {policy: constant, value: 3}}}}\n"
        "  mill: {role: supplier, items: {bread: {unlimited: true}}}\n"
    )
    (tmp_path / "table.yaml").write_text(text, encoding="utf-8")
    assert contents(cw.load(tmp_path / "table.yaml").blueprint().content("in_transit"), 0) == [3.0, 3.0]


def listed() -> cw.Scenario:
    """The beer game as it was written before: two weeks of four kegs on their way, as lists."""
    document = cw.load("beer_game").document
    for lane in document["lanes"][1:]:
        lane |= {"orders_waiting": [4] * lane["order_delay"], "in_transit": [4] * lane["transport_time"]}
    return cw.Scenario.from_document(document | {"variants": {}})


def test_a_list_that_stays_while_its_delay_changes_is_told() -> None:
    beer = listed()
    assert beer.remarks == ()
    slow = beer.with_({TIME: 4})
    (told,) = slow.remarks
    assert told.startswith("lanes.wholesaler>retailer and 3 more: transport_time changes, but in_transit keeps its old list")
    assert told.endswith("also set lanes.*.in_transit to steady, or to a list for the new time")
    assert pickle.loads(pickle.dumps(slow)).remarks == slow.remarks
    assert slow.with_({"lanes.*.in_transit": "steady"}).remarks == ()
    assert slow.with_({TIME: 2}).remarks == ()
    assert slow.with_({"seed": 3}).remarks == slow.remarks
    assert beer.with_({"lanes.1.transport_time": 1, "lanes.1.in_transit": [4]}).remarks == ()
    assert cw.load("beer_game").with_({TIME: 4, "lanes.*.order_delay": 1}).remarks == ()
    both = beer.with_({"lanes.1.transport_time": 3, "lanes.1.order_delay": 3}).remarks
    assert [one.partition(", but")[0] for one in both] == [
        "lanes.wholesaler>retailer: order_delay changes", "lanes.wholesaler>retailer: transport_time changes"
    ]  # fmt: skip
    production = made(chain(), {"recipes.0.in_process": [24, 24, 24]}).with_({"recipes.0.production_time": 5})
    assert production.remarks[0].startswith("recipes.0: production_time changes, but in_process keeps its old list")


def test_whoever_plays_it_says_so_once() -> None:
    slow = listed().with_({TIME: 4})
    with pytest.warns(ChainwrightWarning, match="transport_time changes, but in_transit keeps its old list") as told:
        cw.run(slow, runs=3)
    assert len(told) == 1
    with pytest.warns(ChainwrightWarning, match="transport_time changes, but in_transit keeps its old list") as told:
        cw.sweep(listed(), {TIME: [1, 2, 3, 4]}, measures=["total_cost"], engine="serial")
    assert len(told) == 1
    said: list[str] = []
    cw.sweep(listed(), {TIME: [2, 3]}, measures=["total_cost"], engine="serial", tell=said.append)
    assert len(said) == 1
    with pytest.warns(ChainwrightWarning, match="transport_time changes, but in_transit keeps its old list") as told:
        cw.optimise(listed(), {TIME: [1, 2, 3]}, reps=1, final_reps=2, polish_reps=1)
    assert len(told) == 1
    with pytest.warns(ChainwrightWarning, match="transport_time changes, but in_transit keeps its old list"), cw.SupplyChain(slow):
        pass
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        cw.sweep(listed(), {TIME: [2], "seed of people": {"a": {"lanes.1.price": 2}}}, measures=["total_cost"], engine="serial")


def test_the_starter_is_right_with_another_way() -> None:
    slow = cw.Scenario.from_text(starter()).variant("slow_boat")
    assert slow.remarks == ()
    assert contents(slow.blueprint().content("in_transit"), 1) == [20.0] * 4
