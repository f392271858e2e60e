"""Resolving: rows, columns with their defaults, policies, pipelines, drawn times and events."""

from __future__ import annotations

import copy
import time
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from chainwright.network.blueprint import Blueprint, PolicyChoice
from chainwright.scenario.resolve.document import resolve
from chainwright.scenario.resolve.times import distribution
from chainwright.state.streams import coordinate
from chainwright.words.subjects import DECISIONS, SCHEMA

DOCUMENT: dict[str, Any] = {
    "chainwright": 1,
    "title": "Cars",
    "period": "week",
    "horizon": 20,
    "warm_up": 2,
    "seed": 5,
    "products": {"engine": {"value": 8}, "wheel": {}, "car": {"value": 20, "whole_units": True}},
    "enterprises": {
        "drivers": {"role": "customer", "items": {"car": {"demand": {"policy": "normal", "mean": 9, "deviation": 2}}}},
        "fleet": {"role": "customer", "items": {"car": {"demand": {"policy": "normal", "mean": 3, "deviation": 2}}}},
        "dealer": {"role": "retailer", "cash": 100, "items": {"car": {"on_hand": 7, "holding_cost": 0.5}}},
        "plant": {"role": "manufacturer", "items": {"car": {"unmet_demand": "lost"}, "wheel": {"on_hand": 40}}},
        "forge": {"role": "supplier", "items": {"engine": {"unlimited": True}, "wheel": {"unlimited": True}}},
    },
    "lanes": [
        {"seller": "dealer", "buyer": "drivers", "product": "car"},
        {"seller": "dealer", "buyer": "fleet", "product": "car", "priority": 1},
        {"seller": "plant", "buyer": "dealer", "product": "car", "order_delay": 1, "transport_time": 2, "orders_waiting": [3], "in_transit": [0, 4]},
        {"seller": "forge", "buyer": "plant", "product": "engine", "transport_time": {"distribution": "uniform", "low": 1, "high": 4}},
        {"seller": "forge", "buyer": "plant", "product": "wheel", "mode": "rail", "share": 0.4, "transport_time": 5, "promised_lead_time": 2},
        {"seller": "forge", "buyer": "plant", "product": "wheel", "mode": "road", "transport_time": {"distribution": "uniform", "low": 1, "high": 4}},
    ],
    "recipes": [
        {"enterprise": "plant", "product": "car", "components": {"wheel": 4, "engine": 1}, "production_time": 2, "capacity": 30, "in_process": [5, 6]}
    ],
    "policies": {
        "forecast_demand": {"retailer": {"policy": "moving_average", "periods": 4}},
        "place_orders": {
            "default": {"policy": "base_stock", "level": 20},
            "manufacturer": {"level": 30},
            "plant": {"wheel": {"level": 99}},
            "retailer": {"policy": "min_max", "reorder_point": 5, "order_up_to": 9},
        },
        "plan_production": {"default": {"policy": "base_stock", "level": 12}},
        "allocate_stock": {"dealer": {"policy": "priority"}},
    },
    "disruptions": [
        {"kind": "closure", "target": {"enterprise": "plant"}, "start": 3, "duration": 2},
        {"kind": "closure", "target": {"enterprise": "*", "product": "wheel"}, "start": 3, "duration": 2, "orders": "refuse"},
        {"kind": "closure", "target": {"seller": "forge", "mode": "rail"}, "start": 3, "duration": 2, "recovery": "linear", "recovery_time": 4},
        {"kind": "reduction", "target": {"enterprise": "plant"}, "start": 3, "duration": 2, "severity": 0.5},
        {"kind": "reduction", "target": {"buyer": "plant", "product": "engine"}, "start": 3, "duration": 2},
        {"kind": "order_pause", "target": {"enterprise": "plant"}, "start": 3, "duration": 2},
        {"kind": "shipment_pause", "target": {"enterprise": "plant"}, "start": 3, "duration": 2},
        {"kind": "transit_pause", "target": {"enterprise": "plant", "product": "wheel"}, "start": 3, "duration": 2},
        {"kind": "receipt_pause", "target": {"enterprise": "dealer"}, "start": 3, "duration": 2},
        {"kind": "demand", "target": {"enterprise": "fleet"}, "start": 3, "duration": 2, "factor": 2.5},
        {"kind": "demand", "target": {"product": "car"}, "start": 3, "duration": 2, "factor": 0.5},
    ],
    "visibility": {"end_demand": "partner"},
    "interventions": [
        {"period": 9, "set": {"policies.place_orders.default.level": 1}},
        {"period": 4, "set": {"lanes.2.transport_time": 3}},
    ],
}
# Items in rows: by enterprise, then by product, whatever order lanes and recipes name them in.
ITEMS = [
    ("drivers", "car"), ("fleet", "car"), ("dealer", "car"), ("plant", "engine"), ("plant", "wheel"), ("plant", "car"),
    ("forge", "engine"), ("forge", "wheel"),
]  # fmt: skip


@pytest.fixture(scope="module")
def blueprint() -> Blueprint:
    return resolve(DOCUMENT, "cars")


def choices(blueprint: Blueprint, decision: str) -> dict[tuple[str, str], tuple[str, dict[str, Any]]]:
    """The policy of each item, one by one."""
    found = {}
    for choice in blueprint.policies[decision]:
        for place, row in enumerate(choice.rows):
            values = {name: value[place] if isinstance(value, np.ndarray) else value for name, value in choice.parameters.items()}
            assert ITEMS[row] not in found
            found[ITEMS[row]] = (choice.policy, values)
    return found


def test_the_frame(blueprint: Blueprint) -> None:
    assert (blueprint.name, blueprint.title, blueprint.period_days) == ("cars", "Cars", 7.0)
    assert (blueprint.horizon, blueprint.warm_up, blueprint.seed) == (20, 2, 5)
    assert blueprint.visibility == {"end_demand": "partner"}
    assert [period for period, _ in blueprint.interventions] == [4, 9]
    assert resolve({**DOCUMENT, "period": 2.5, "seed": 0}).period_days == 2.5
    assert resolve({**DOCUMENT, "seed": 0}).seed == 0


def test_rows_lie_in_the_order_of_the_file(blueprint: Blueprint) -> None:
    tables = blueprint.tables
    assert list(tables["products"]["name"]) == ["engine", "wheel", "car"]
    assert list(tables["enterprises"]["name"]) == list(DOCUMENT["enterprises"])
    enterprises = tables["enterprises"]["name"][tables["items"]["enterprise"]]
    products = tables["products"]["name"][tables["items"]["product"]]
    assert list(zip(enterprises, products, strict=True)) == ITEMS
    assert [(ITEMS[one], ITEMS[two]) for one, two in zip(tables["lanes"]["seller"], tables["lanes"]["buyer"], strict=True)] == [
        ((lane["seller"], lane["product"]), (lane["buyer"], lane["product"])) for lane in DOCUMENT["lanes"]
    ]
    assert [(ITEMS[one], ITEMS[two]) for one, two in zip(tables["recipes"]["item"], tables["recipes"]["component"], strict=True)] == [
        (("plant", "car"), ("plant", "wheel")),
        (("plant", "car"), ("plant", "engine")),
    ]
    assert_array_equal(tables["recipes"]["quantity"], [4.0, 1.0])


def test_every_settable_column_is_there_in_its_type(blueprint: Blueprint) -> None:
    for column in SCHEMA:
        if column.settable:
            values = blueprint.tables[column.table][column.name]
            assert values.dtype == (object if column.dtype == "str" else np.dtype(column.dtype)), column.name
            assert len(values) == len(next(iter(blueprint.tables[column.table].values())))


def test_columns_hold_what_is_said_or_the_default(blueprint: Blueprint) -> None:
    items = blueprint.tables["items"]
    assert_array_equal(items["on_hand"], [0, 0, 7, 0, 40, 0, 0, 0])
    assert_array_equal(items["unlimited"], [False] * 6 + [True] * 2)
    assert list(items["unmet_demand"]) == ["backordered"] * 5 + ["lost"] + ["backordered"] * 2
    assert items["capacity"][5] == 30
    assert items["capacity"][4] == np.inf
    assert items["production_time"][5] == 2
    assert_array_equal(blueprint.tables["enterprises"]["cash"], [0, 0, 100, 0, 0])
    assert_array_equal(blueprint.tables["products"]["whole_units"], [False, False, True])


def test_lanes_share_promise_and_take_time(blueprint: Blueprint) -> None:
    lanes = blueprint.tables["lanes"]
    assert_array_equal(lanes["share"], [1, 1, 1, 1, 0.4, 0.6])
    assert_array_equal(lanes["transport_time"], [0, 0, 2, 3, 5, 3])
    assert_array_equal(lanes["promised_lead_time"], [0, 0, 3, 4, 2, 4])
    (drawn,) = blueprint.drawn_times
    assert_array_equal(drawn.rows, [3, 5])
    assert_array_equal(drawn.values, [1, 2, 3, 4])
    assert_array_equal(drawn.probabilities, [0.25] * 4)


def test_coordinates_are_hashes_of_names(blueprint: Blueprint) -> None:
    assert blueprint.tables["enterprises"]["coordinate"][2] == coordinate("dealer")
    assert blueprint.tables["items"]["coordinate"][4] == coordinate("plant", "wheel")
    assert blueprint.tables["lanes"]["coordinate"][4] == coordinate("forge", "plant", "wheel", "rail")
    assert blueprint.tables["lanes"]["coordinate"].dtype == np.uint64


def test_pipelines_hold_what_is_due_when(blueprint: Blueprint) -> None:
    found = {name: [list(getattr(blueprint.content(name), part)) for part in ("row", "due", "amount")] for name in blueprint.contents}
    assert found == {
        "orders_waiting": [[2], [1], [3.0]],
        "in_transit": [[2], [2], [4.0]],
        "in_process": [[5, 5], [1, 2], [5.0, 6.0]],
    }


def test_the_most_special_policy_wins_and_parameters_are_inherited(blueprint: Blueprint) -> None:
    orders = choices(blueprint, "place_orders")
    assert orders["drivers", "car"][0] == orders["fleet", "car"][0] == "pass_on"
    assert orders["dealer", "car"][0] == "min_max"
    assert orders["dealer", "car"][1]["order_up_to"] == 9
    assert orders["plant", "engine"] == ("base_stock", {**orders["plant", "engine"][1], "level": 30})
    assert orders["plant", "wheel"][1]["level"] == 99
    assert set(orders) == {("drivers", "car"), ("fleet", "car"), ("dealer", "car"), ("plant", "engine"), ("plant", "wheel")}


def test_each_decision_is_about_its_items(blueprint: Blueprint) -> None:
    assert set(choices(blueprint, "plan_production")) == {("plant", "car")}
    assert set(choices(blueprint, "forecast_demand")) == {("dealer", "car")}
    assert set(choices(blueprint, "choose_sellers")) == set(ITEMS[:5])
    assert {item: policy for item, (policy, _) in choices(blueprint, "allocate_stock").items()} == {
        ("dealer", "car"): "priority",
        ("plant", "car"): "proportional",
        ("forge", "engine"): "proportional",
        ("forge", "wheel"): "proportional",
    }
    assert list(blueprint.policies) == list(DECISIONS)


def test_rows_that_differ_only_in_numbers_share_a_choice(blueprint: Blueprint) -> None:
    (demand,) = blueprint.policies["demand"]
    assert isinstance(demand, PolicyChoice)
    assert_array_equal(demand.rows, [0, 1])
    assert_array_equal(demand.parameters["mean"], [9.0, 3.0])
    assert demand.parameters["mean"].dtype == np.float64
    assert demand.parameters["deviation"] == 2
    assert demand.parameters["truncate"] is True


def test_a_series_of_its_own_makes_a_choice_of_its_own() -> None:
    document = copy.deepcopy(DOCUMENT)
    for name, values in (("drivers", [1, 2]), ("fleet", [3, 4])):
        document["enterprises"][name]["items"]["car"]["demand"] = {"policy": "list", "values": values}
    first, second = resolve(document).policies["demand"]
    assert (first.parameters["values"], second.parameters["values"]) == ([1, 2], [3, 4])


def test_customers_follow_their_own_name_or_role_but_not_everybody() -> None:
    document = copy.deepcopy(DOCUMENT)
    document["policies"]["place_orders"] |= {"customer": {"policy": "constant", "quantity": 4}, "fleet": {"quantity": 6}}
    orders = choices(resolve(document), "place_orders")
    assert orders["drivers", "car"] == ("constant", {"quantity": 4})
    assert orders["fleet", "car"] == ("constant", {"quantity": 6})


def test_the_name_of_an_enterprise_wins_over_a_role_of_the_same_name() -> None:
    document = copy.deepcopy(DOCUMENT)
    document["enterprises"]["retailer"] = {"role": "distributor"}
    document["lanes"].append({"seller": "retailer", "buyer": "dealer", "product": "car"})
    document["lanes"].append({"seller": "plant", "buyer": "retailer", "product": "car"})
    made = resolve(document)
    row = list(made.tables["enterprises"]["name"]).index("retailer")
    rows = np.flatnonzero(made.tables["items"]["enterprise"] == row)
    assert [choice.policy for choice in made.policies["place_orders"] if rows[0] in choice.rows] == ["min_max"]
    assert [choice.policy for choice in made.policies["place_orders"] if 2 in choice.rows] == ["base_stock"]


@pytest.mark.parametrize(
    ("number", "table", "rows"),
    [
        (0, "enterprises", [3]),
        (1, "items", [4, 7]),
        (2, "lanes", [4]),
        (3, "items", [3, 4, 5]),
        (4, "lanes", [3]),
        (5, "lanes", [3, 4, 5]),
        (6, "lanes", [2]),
        (7, "lanes", [4, 5]),
        (8, "lanes", [2]),
        (9, "items", [1]),
        (10, "items", [0, 1]),
    ],
)
def test_targets_become_rows(blueprint: Blueprint, number: int, table: str, rows: list[int]) -> None:
    event = blueprint.events[number]
    assert (event.kind, event.table, list(event.rows)) == (DOCUMENT["disruptions"][number]["kind"], table, rows)


def test_events_keep_what_is_said_and_default_the_rest(blueprint: Blueprint) -> None:
    assert (blueprint.events[0].severity, blueprint.events[0].recovery, blueprint.events[0].orders) == (1.0, "sudden", "wait")
    assert blueprint.events[1].orders == "refuse"
    assert (blueprint.events[2].recovery, blueprint.events[2].recovery_time) == ("linear", 4.0)
    assert (blueprint.events[3].severity, blueprint.events[9].factor) == (0.5, 2.5)


def test_drawn_times_are_tables_of_whole_periods() -> None:
    values, probabilities = distribution({"distribution": "poisson", "mean": 1.0, "maximum": 3})
    assert_array_equal(values, [0, 1, 2, 3])
    np.testing.assert_allclose(probabilities, np.array([6, 6, 3, 1]) / 16, rtol=1e-12)
    assert_array_equal(distribution({"distribution": "poisson", "mean": 0, "maximum": 3})[0], [0])
    values, probabilities = distribution({"distribution": "discrete", "values": [3, 1, 3, 2], "probabilities": [0.25, 0.5, 0.25, 0.0]})
    assert_array_equal(values, [1, 3])
    assert_array_equal(probabilities, [0.5, 0.5])
    document = copy.deepcopy(DOCUMENT)
    for lane in (document["lanes"][3], document["lanes"][5]):
        lane["transport_time"] = {"distribution": "uniform", "low": 2, "high": 2}
    assert resolve(document).drawn_times == ()
    assert resolve(document).tables["lanes"]["transport_time"][3] == 2


def test_nothing_at_all_resolves_to_empty_tables() -> None:
    empty = resolve({"horizon": 1, "enterprises": {"alone": {"role": "retailer"}}, "products": {"tea": None}, "lanes": None})
    assert len(empty.tables["items"]["on_hand"]) == len(empty.tables["lanes"]["price"]) == len(empty.tables["recipes"]["quantity"]) == 0
    assert all(not found for found in empty.policies.values())


def test_long_tables_resolve_in_seconds() -> None:
    many = 30_000
    document = {
        "horizon": 5,
        "products": {"tea": {}},
        "enterprises": {
            "source": {"role": "supplier", "items": {"tea": {"unlimited": True}}},
            **{f"shop{n}": {"role": "retailer", "items": {"tea": {"on_hand": n}}} for n in range(many)},
        },
        "lanes": [{"seller": "source", "buyer": f"shop{n}", "product": "tea", "transport_time": 1 + n % 3} for n in range(many)],
        "policies": {"place_orders": {"default": {"policy": "base_stock", "level": 5}}},
    }
    begin = time.perf_counter()
    made = resolve(document)
    assert time.perf_counter() - begin < 10.0
    assert len(made.tables["items"]["on_hand"]) == many + 1
    (orders,) = made.policies["place_orders"]
    assert (len(orders.rows), orders.parameters["level"]) == (many, 5)
