"""Dotted paths: how they are read, what wildcards mean, and what is written where."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from chainwright.scenario.change.settings import apply
from chainwright.scenario.paths import in_order, join_path, parse_setting, parse_value, split_path
from chainwright.words.errors import ScenarioError, UsageError

DOCUMENT: dict[str, Any] = {
    "chainwright": 1,
    "horizon": 10,
    "products": {"beer": {}, "wine": {"value": 3}},
    "enterprises": {
        "people": {"role": "customer", "items": {"beer": {"demand": {"policy": "normal", "mean": 5, "deviation": 1}}}},
        "shop": {"role": "retailer", "items": {"beer": {"on_hand": 4}}},
        "brewery": {"role": "manufacturer"},
        "St. Louis": {"role": "supplier", "cash": 5, "items": {"beer": {"unlimited": True}, "wine": {"unlimited": True}}},
    },
    "lanes": [
        {"seller": "shop", "buyer": "people", "product": "beer"},
        {"seller": "brewery", "buyer": "shop", "product": "beer", "transport_time": 2},
        {"seller": "St. Louis", "buyer": "shop", "product": "wine", "transport_time": {"distribution": "uniform", "low": 1, "high": 3}},
        {"seller": "St. Louis", "buyer": "shop", "product": "beer", "mode": "truck"},
    ],
    "recipes": [{"enterprise": "brewery", "product": "beer", "components": {}, "capacity": 50}],
    "policies": {
        "place_orders": {"default": {"policy": "base_stock", "level": 20}, "shop": {"policy": "anchor_and_adjust", "smoothing": 0.3}},
        "plan_production": {"default": {"policy": "base_stock", "level": 5}},
    },
    "disruptions": [{"kind": "closure", "target": {"enterprise": "brewery"}, "start": 2, "duration": 3}],
    "interventions": [{"period": 3, "set": {"policies.place_orders.default.level": 30}}],
}


def after(settings: dict[str, Any]) -> dict[str, Any]:
    document = copy.deepcopy(DOCUMENT)
    apply(document, settings)
    return document


def refusal(settings: dict[str, Any]) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        after(settings)
    return [str(mistake) for mistake in caught.value.mistakes]


@pytest.mark.parametrize("path", ["", ".", "a..b", "a.", ".a", 'a."b', "a.'b'c"])
def test_a_malformed_path_is_refused(path: str) -> None:
    with pytest.raises(UsageError, match="path"):
        split_path(path)


def test_a_path_that_is_split_and_joined_is_the_same() -> None:
    path = 'enterprises."St. Louis".items.beer.on_hand'
    assert split_path(path) == ("enterprises", "St. Louis", "items", "beer", "on_hand")
    assert join_path(split_path(path)) == path
    assert split_path("enterprises.'St. Louis'.cash") == ("enterprises", "St. Louis", "cash")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", 3), ("-0.5", -0.5), ("1e3", 1000.0), ("no", "no"), ("false", False), ("", None), ("[1, 2]", [1, 2]), ("*", "*"), ("'3'", "3"),
        (".inf", float("inf")),
    ],
)
def test_values_are_read_as_in_a_file(text: str, value: Any) -> None:
    assert parse_value(text) == value
    assert type(parse_value(text)) is type(value)


@pytest.mark.parametrize("text", ["&a 3", "*a", "!!python/name:os.system", "{a: [}", "a: b", "1\n2", "[" * 100 + "]" * 100])
def test_a_value_that_no_file_could_hold_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="cannot read the value"):
        parse_value(text)


def test_a_setting_is_key_and_value() -> None:
    assert parse_setting(" horizon = 12 ") == ("horizon", 12)
    assert parse_setting("title=a=b") == ("title", "a=b")
    for text in ("horizon", "=3"):
        with pytest.raises(UsageError, match="KEY=VALUE"):
            parse_setting(text)


def test_names_of_policies_come_before_parameters_of_the_same_entry() -> None:
    given = {
        "policies.place_orders.shop.level": 1,
        "horizon": 5,
        "policies.place_orders.shop.policy": "base_stock",
        "enterprises.*.items.beer.demand.mean": 4,
        "enterprises.people.items.*.demand.policy": "poisson",
    }
    assert [path for path, _, _ in in_order(given)] == [
        "policies.place_orders.shop.policy",
        "policies.place_orders.shop.level",
        "horizon",
        "enterprises.people.items.*.demand.policy",
        "enterprises.*.items.beer.demand.mean",
    ]
    assert after(given)["policies"]["place_orders"]["shop"] == {"policy": "base_stock", "level": 1}


@pytest.mark.parametrize(
    ("path", "rows"),
    [
        ("lanes.*.order_delay", [0, 1, 2, 3]),
        ("lanes.2.order_delay", [2]),
        ("lanes.St\\ Louis.order_delay", []),
        ('lanes."St. Louis>shop".order_delay', [2, 3]),
        ('lanes."St. Louis>shop>beer".order_delay', [3]),
        ('lanes."St. Louis > shop > beer > truck".order_delay', [3]),
        ("lanes.*>shop.order_delay", [1, 2, 3]),
        ("lanes.*>*>wine.order_delay", [2]),
    ],
)
def test_lanes_are_found_by_number_wildcard_and_names(path: str, rows: list[int]) -> None:
    if not rows:
        assert refusal({path: 7})
        return
    changed = after({path: 7})
    assert [number for number, lane in enumerate(changed["lanes"]) if lane.get("order_delay") == 7] == rows


def test_columns_below_a_drawn_time_are_set_where_it_is_drawn() -> None:
    assert after({"lanes.*.transport_time.high": 4})["lanes"][2]["transport_time"]["high"] == 4
    assert after({"lanes.*.transport_time.high": 4})["lanes"][1]["transport_time"] == 2


def test_an_item_that_only_a_lane_names_is_made() -> None:
    assert after({"enterprises.shop.items.wine.holding_cost": 2})["enterprises"]["shop"]["items"]["wine"] == {"holding_cost": 2}
    changed = after({"enterprises.*.items.*.holding_cost": 2})
    assert {name: sorted(entry["items"]) for name, entry in changed["enterprises"].items()} == {
        "people": ["beer"],
        "shop": ["beer", "wine"],
        "brewery": ["beer"],
        "St. Louis": ["beer", "wine"],
    }
    assert "items" not in DOCUMENT["enterprises"]["brewery"]


def test_a_production_key_lives_at_the_item_or_in_the_recipe() -> None:
    changed = after({"enterprises.*.items.*.capacity": 80})
    assert changed["enterprises"]["brewery"]["items"]["beer"] == {"capacity": 80}
    assert "capacity" not in changed["recipes"][0]
    assert "capacity" not in changed["enterprises"]["shop"]["items"]["beer"]
    apply(changed, {"recipes.brewery>beer.capacity": 90})
    assert changed["recipes"][0]["capacity"] == 90
    assert changed["enterprises"]["brewery"]["items"]["beer"] == {}


def test_a_policy_drops_the_parameters_of_the_one_before() -> None:
    changed = after({"policies.place_orders.default.policy": "pass_on", "enterprises.people.items.beer.demand.policy": "poisson"})
    assert changed["policies"]["place_orders"]["default"] == {"policy": "pass_on"}
    assert changed["enterprises"]["people"]["items"]["beer"]["demand"] == {"policy": "poisson"}


def test_a_parameter_without_an_entry_makes_one_that_inherits() -> None:
    changed = after({"policies.place_orders.retailer.level": 9, "policies.forecast_demand.default": {"policy": "naive"}})
    assert changed["policies"]["place_orders"]["retailer"] == {"level": 9}
    assert changed["policies"]["forecast_demand"] == {"default": {"policy": "naive"}}


def test_one_product_of_an_entry_can_differ() -> None:
    changed = after({"policies.place_orders.shop.beer.smoothing": 0.5})["policies"]["place_orders"]["shop"]
    assert changed == {"beer": {"policy": "anchor_and_adjust", "smoothing": 0.5}, "wine": {"policy": "anchor_and_adjust", "smoothing": 0.3}}
    assert after({"policies.plan_production.brewery.beer.level": 3})["policies"]["plan_production"]["brewery"] == {"beer": {"level": 3}}
    both = after({"policies.place_orders.shop.beer.smoothing": 0.5, "policies.place_orders.shop.smoothing": 0.7})["policies"]["place_orders"]["shop"]
    assert {entry["smoothing"] for entry in both.values()} == {0.7}
    document = after({"policies.place_orders.shop.beer.smoothing": 0.5})
    apply(document, {"policies.place_orders.shop.*.policy": "pass_on"})
    assert document["policies"]["place_orders"]["shop"] == {"beer": {"policy": "pass_on"}, "wine": {"policy": "pass_on"}}
    assert after({"policies.place_orders.shop.*.smoothing": 0.7})["policies"]["place_orders"]["shop"]["smoothing"] == 0.7


def test_a_wildcard_over_policies_passes_over_those_without_the_parameter() -> None:
    changed = after({"policies.*.*.level": 99})["policies"]
    assert changed["place_orders"] == {"default": {"policy": "base_stock", "level": 99}, "shop": {"policy": "anchor_and_adjust", "smoothing": 0.3}}
    assert changed["plan_production"]["default"]["level"] == 99


def test_the_rest_of_a_document_can_be_set() -> None:
    changed = after(
        {
            "horizon": 12,
            "products.*.value": 2,
            "visibility.end_demand": "partner",
            "disruptions.0.target.enterprise": "shop",
            "disruptions.*.severity": 0.5,
            "interventions.0.set.policies.place_orders.default.level": 44,
            "interventions.*.period": 5,
            "enterprises.shop.attributes.town": "Ulm",
            "enterprises.*.cash": 1,
            "recipes.0.components": {"wine": 2},
            "recipes.0.components.wine": 3,
            "enterprises.people.items.beer.demand": {"policy": "list", "values": [1, 2]},
            "enterprises.people.items.beer.demand.values.1": 5,
            "population": {"size": 3},
            "population.size": 4,
            "title": "Other",
        }
    )
    assert (changed["horizon"], changed["title"], changed["products"]) == (12, "Other", {"beer": {"value": 2}, "wine": {"value": 2}})
    assert changed["visibility"] == {"end_demand": "partner"}
    assert changed["disruptions"] == [{"kind": "closure", "target": {"enterprise": "shop"}, "start": 2, "duration": 3, "severity": 0.5}]
    assert changed["interventions"] == [{"period": 5, "set": {"policies.place_orders.default.level": 44}}]
    assert changed["enterprises"]["shop"]["attributes"] == {"town": "Ulm"}
    assert changed["recipes"][0]["components"] == {"wine": 3}
    assert changed["enterprises"]["people"]["items"]["beer"]["demand"]["values"] == [1, 5]
    assert changed["population"] == {"size": 4}


def test_values_are_not_shared() -> None:
    value = [1, 2]
    changed = after({"lanes.*.in_transit": value})
    assert changed["lanes"][0]["in_transit"] is not changed["lanes"][1]["in_transit"]
    assert changed["lanes"][0]["in_transit"] is not value


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("horizont", "did you mean 'horizon'?"),
        ("horizon.weeks", "single value"),
        ("tables.lanes", "read when the file is loaded"),
        ("products.bier.value", "did you mean 'beer'?"),
        ("products.beer.worth", "a product has no 'worth'"),
        ("enterprises.shopp.cash", "did you mean 'shop'?"),
        ("enterprises.shop.cush", "did you mean 'cash'?"),
        ("enterprises.shop.items.bear.on_hand", "did you mean 'beer'?"),
        ("enterprises.people.items.wine.on_hand", "keeps no 'wine'"),
        ("enterprises.shop.items.beer.onhand", "did you mean 'on_hand'?"),
        ("enterprises.shop.items.beer.demand.mean", "no demand"),
        ("enterprises.*.items.wine.demand", "matches nothing"),
        ("enterprises.shop.items.beer.on_hand.x", "single value"),
        ("enterprises.*.items.wine.capacity", "no recipe makes"),
        ("lanes.9.price", "the last of 4 is 3"),
        ("lanes.first.price", "cannot tell which lane"),
        ("lanes.shop>peeple.price", "did you mean 'shop>people'?"),
        ("lanes.*.transport_tme", "did you mean 'transport_time'?"),
        ("lanes.1.in_transit.0", "nothing is said about 'in_transit'"),
        ("recipes.*.price", "a recipe has no 'price'"),
        ("policies.place_order.default.level", "did you mean 'place_orders'?"),
        ("policies.place_orders.shopp.level", "did you mean 'shop'?"),
        ("policies.place_orders.*.levle", "matches nothing"),
        ("policies.choose_sellers.*.policy", "matches nothing"),
        ("policies.choose_sellers.default.*.level", "not given product by product"),
        ("policies.plan_production.brewery.wine.level", None),
        ("disruptions.1.start", "there is no disruption 1"),
        ("disruptions.0.begin", "a disruption has no 'begin'"),
        ("disruptions.0.target.enterprize", "did you mean 'enterprise'?"),
        ("interventions.2.period", "there is no intervention 2"),
        ("visibility.end_demnd", "did you mean 'end_demand'?"),
        ("variants.fast", None),
        ("a..b", "single dots"),
    ],
)
def test_a_path_that_leads_nowhere_is_told_with_the_nearest_word(path: str, message: str | None) -> None:
    if message is None:
        after({path: 1})
        return
    (told,) = refusal({path: 1})
    assert message in told
    assert path in told


def test_all_mistakes_are_told_at_once() -> None:
    assert len(refusal({"horizont": 1, "lanes.9.price": 2, "title": "fine"})) == 2
