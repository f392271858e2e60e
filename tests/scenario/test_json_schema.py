"""The JSON Schema: valid itself, made from columns and policies, takes good files and refuses bad ones."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest

from chainwright.policies import policies_for
from chainwright.scenario import load, names
from chainwright.scenario.read.yaml_file import read_document
from chainwright.scenario.shipped import find
from chainwright.scenario.starter import starter
from chainwright.scenario.write.json_schema import json_schema
from chainwright.words.subjects import DECISIONS, SCHEMA

PLACES = {"products": "product", "enterprises": "enterprise", "items": "item", "lanes": "lane"}


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_every_settable_column_is_in_it() -> None:
    definitions = json_schema()["$defs"]
    for column in SCHEMA:
        if column.settable and column.table in PLACES:
            assert column.meaning in str(definitions[PLACES[column.table]]["properties"][column.name])


def test_every_policy_is_in_it() -> None:
    definitions = json_schema()["$defs"]
    for decision in DECISIONS:
        definition = definitions[f"policy_of_{decision}"]
        assert definition["properties"]["policy"]["enum"] == list(policies_for(decision))
        for policy, branch in zip(policies_for(decision).values(), definition["oneOf"], strict=True):
            assert set(branch["properties"]) == {"policy", *(field.name for field in policy.parameters())}


@pytest.mark.parametrize("name", names())
def test_shipped_files_are_valid(name: str, validator: jsonschema.Draft202012Validator) -> None:
    validator.validate(read_document(find(name)).data)
    validator.validate(load(name).document)


def test_the_starter_is_valid(validator: jsonschema.Draft202012Validator) -> None:
    validator.validate(read_document(None, starter()).data)


def test_less_usual_entries_are_valid(validator: jsonschema.Draft202012Validator) -> None:
    document = read_document(None, starter()).data
    document["lanes"][1] |= {"transport_time": {"distribution": "poisson", "mean": 2, "maximum": 6}, "attributes": {"ship": "Argo"}}
    document["policies"]["place_orders"] |= {"shop": {"tea": {"level": 30}}, "retailer": {"level": 20}}
    document["recipes"] = [{"enterprise": "garden", "product": "tea", "components": {}, "in_process": [3, 4]}]
    document["disruptions"] = [{"kind": "closure", "target": {"enterprise": "*"}, "start": 3, "duration": 2}]
    document["interventions"] = [{"period": 4, "set": {"lanes.1.price": 3}}]
    document["visibility"] = {"end_demand": "partner"}
    document["period"] = 2.5
    validator.validate(document)


def change(*path: Any, value: Any) -> Callable[[dict[str, Any]], None]:
    def changed(document: dict[str, Any]) -> None:
        place: Any = document
        for part in path[:-1]:
            place = place[part]
        place[path[-1]] = value

    return changed


@pytest.mark.parametrize(
    "spoil",
    [
        change("horizont", value=3),
        change("horizon", value=0),
        change("horizon", value=2.5),
        change("period", value="year"),
        change("enterprises", "shop", "role", value="shop"),
        change("enterprises", "shop", "items", "tea", "onhand", value=3),
        change("enterprises", "shop", "items", "tea", "on_hand", value=-3),
        change("enterprises", "shop", "items", "tea", "on_hand", value="many"),
        change("enterprises", "drinkers", "items", "tea", "demand", value={"policy": "normal", "men": 4}),
        change("enterprises", "drinkers", "items", "tea", "demand", value={"policy": "nomal"}),
        change("lanes", 0, value={"seller": "shop", "buyer": "drinkers"}),
        change("lanes", 1, "transport_time", value={"distribution": "uniform", "low": 1}),
        change("lanes", 1, "transport_time", value=-1),
        change("policies", "place_order", value={}),
        change("policies", "place_orders", "default", "leval", value=3),
        change("disruptions", value=[{"kind": "fire", "start": 1}]),
        change("visibility", value={"end_demand": "everybody"}),
    ],
)
def test_bad_entries_are_refused(spoil: Callable[[dict[str, Any]], None], validator: jsonschema.Draft202012Validator) -> None:
    document = copy.deepcopy(read_document(None, starter()).data)
    spoil(document)
    assert not validator.is_valid(document)
