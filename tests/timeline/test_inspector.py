"""Inspections: plain data that is right, complete for whatever is declared, and whose levers are accepted as they are."""

from __future__ import annotations

import functools
import json
from typing import Any

import numpy as np
import pytest

import chainwright as cw
from chainwright.experiment.timeline import as_json, possible_disruptions
from chainwright.experiment.timeline.inspector import inspect, inspect_lane, inspect_many
from chainwright.network.blueprint import Event
from chainwright.policies.base import policies_for
from chainwright.scenario import keys
from chainwright.scenario.shipped import names
from chainwright.state.table import Table
from chainwright.words.errors import UsageError
from chainwright.words.schema import Column, Schema
from chainwright.words.subjects import DECISIONS, SCHEMA
from tests.shipped import SMALLER, shipped

SCENARIOS = names()
# Every lever of every enterprise is tried where there are not many.
WRITTEN = [name for name in SCENARIOS if name not in SMALLER]
KINDS = {"columns", "arithmetic", "pipeline", "partners", "policies", "levers", "disruptions"}
PERIODS = 12


@functools.cache
def timeline_of(name: str) -> cw.Timeline:
    """A timeline that has been played; nobody acts on it."""
    timeline = cw.Timeline(shipped(name), periods=PERIODS + 4)
    timeline.play(PERIODS)
    return timeline


def enterprises(timeline: cw.Timeline, most: int = 40) -> list[str]:
    """Some enterprises of a timeline, all where there are not many."""
    every = [str(name) for name in timeline.history.names.enterprises["name"]]
    return every if len(every) <= most else every[:: len(every) // most]


def of_kind(found: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """The sections of a kind."""
    return [section for section in found["sections"] if section["kind"] == kind]


def levers_of(found: dict[str, Any]) -> dict[str, Any]:
    """Everything that an inspection says can be set, with its value now; where there is no limit, some number."""
    said = {one["path"]: 1e6 if one["value"] is None else one["value"] for section in of_kind(found, "levers") for one in section["levers"]}
    for section in of_kind(found, "policies"):
        said |= {one["path"]: one["value"] for policy in section["policies"] for one in policy["parameters"] if one["path"]}
    return said


# --- what holds of every scenario --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SCENARIOS)
def test_it_is_plain_json_with_all_kinds_of_sections(name: str) -> None:
    timeline = timeline_of(name)
    for period in (0, 1, PERIODS):
        for who in enterprises(timeline, 10):
            found = inspect(timeline, who, period)
            text = json.dumps(found, allow_nan=False)
            assert json.loads(text) == found
            assert found["enterprise"] == who
            assert found["period"] == period
            seen = {section["kind"] for section in found["sections"]}
            assert seen - {"arithmetic"} == KINDS - {"arithmetic"}
            assert all(section["title"] for section in found["sections"])
            if period == 0:
                assert not of_kind(found, "arithmetic")


@pytest.mark.parametrize("name", SCENARIOS)
def test_numbers_are_those_of_the_history(name: str) -> None:
    timeline = timeline_of(name)
    history = timeline.history
    for who in enterprises(timeline, 10):
        found = inspect(timeline, who, PERIODS)
        place = history.names.enterprises["name"].tolist().index(who)
        for item in np.flatnonzero(history.names.items["enterprise"] == place):
            product = str(history.names.products[history.names.items["product"][item]])
            section = next(one for one in of_kind(found, "columns") if one["product"] == product)
            for column in section["columns"]:
                if column["name"] in ("on_hand", "backorder", "demand", "orders", "received", "shipped", "on_order", "inventory_position"):
                    assert column["value"] == history.items[column["name"]][PERIODS - 1, item]


@pytest.mark.parametrize("name", SCENARIOS)
def test_what_is_on_the_way_adds_up(name: str) -> None:
    """Goods that come are those in transit to the enterprise; the partners' columns say the same."""
    timeline, seen = timeline_of(name), 0
    for who in enterprises(timeline, 10):
        found = inspect(timeline, who, PERIODS)
        (coming,), (partners,) = of_kind(found, "pipeline"), of_kind(found, "partners")
        # Of a hub with a thousand partners only the largest amounts are told.
        if coming["more"] or partners["more"]:
            continue
        seen += len(coming["rows"])
        column = {one["name"]: number for number, one in enumerate(partners["columns"])}
        for what, direction, name_of_column, side in (
            ("goods", "in", "in_transit", "buys"),
            ("goods", "out", "in_transit", "sells"),
            ("orders", "in", "orders_waiting", "sells"),
            ("orders", "out", "orders_waiting", "buys"),
        ):
            due = sum(one["amount"] for one in coming["rows"] if (one["what"], one["direction"]) == (what, direction))
            lanes = sum(one["values"][column[name_of_column]] for one in partners["rows"] if one["direction"] == side) if column else 0.0
            assert due == pytest.approx(lanes, rel=1e-9, abs=1e-6)
        assert all(one["due"] == PERIODS + one["in"] > PERIODS for one in coming["rows"])
    assert seen or name == "newsvendor"


@pytest.mark.parametrize("name", WRITTEN)
def test_every_lever_is_accepted_as_it_is(name: str) -> None:
    timeline = timeline_of(name)
    for who in enterprises(timeline):
        timeline.scenario.stages([(PERIODS + 1, levers_of(inspect(timeline, who, PERIODS)))])


@pytest.mark.parametrize("name", sorted(SMALLER))
def test_of_a_population_only_policies_are_levers(name: str) -> None:
    timeline = timeline_of(name)
    for who in enterprises(timeline, 12):
        found = inspect(timeline, who, PERIODS)
        assert of_kind(found, "levers")[0]["levers"] == []
        said = levers_of(found)
        assert all(path.startswith("policies.") for path in said)
        timeline.scenario.stages([(PERIODS + 1, said)])


@pytest.mark.parametrize("name", ["beer_game", "two_sources", "newsvendor", "information_sharing"])
def test_every_choice_that_is_available_is_accepted_and_plays(name: str) -> None:
    timeline = timeline_of(name)
    for who in enterprises(timeline, 6):
        (section,) = of_kind(inspect(timeline, who, PERIODS), "policies")
        for policy in section["policies"]:
            for choice in policy.get("choices", []):
                about = section["known"][policy["decision"]][choice["policy"]]
                assert set(choice["values"]) <= {one["name"] for one in about["parameters"]}
                if not choice["available"]:
                    assert choice["why"]
                    continue
                # Other tests register policies of their own, which may well be wrong.
                if not policies_for(policy["decision"])[choice["policy"]].__module__.startswith("chainwright."):
                    continue
                assert all(one["name"] in choice["values"] for one in about["parameters"] if one["needed"])
                branch = timeline.branch(PERIODS)
                branch.act({policy["path"]: choice["policy"], **{f"{policy['base']}.{key}": value for key, value in choice["values"].items()}})
                branch.play(1)
                (after,) = of_kind(inspect(branch, who, PERIODS + 1), "policies")
                same = next(one for one in after["policies"] if (one["decision"], one["product"]) == (policy["decision"], policy["product"]))
                assert same["policy"] == choice["policy"]


@pytest.mark.parametrize("name", sorted(SMALLER))
def test_every_choice_of_a_population_is_accepted(name: str) -> None:
    timeline = timeline_of(name)
    for who in enterprises(timeline, 3):
        (section,) = of_kind(inspect(timeline, who, PERIODS), "policies")
        for policy in section["policies"][:4]:
            for choice in policy.get("choices", []):
                if choice["available"]:
                    values = {f"{policy['base']}.{key}": value for key, value in choice["values"].items()}
                    timeline.scenario.stages([(PERIODS + 1, {policy["path"]: choice["policy"], **values})])


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_disruption_is_accepted_as_it_is(name: str) -> None:
    timeline = timeline_of(name)
    for who in enterprises(timeline, 8):
        (section,) = of_kind(inspect(timeline, who, PERIODS), "disruptions")
        assert section["kinds"]
        for kind in section["kinds"]:
            said = {field["name"]: field["value"] for field in kind["fields"] if field["value"] is not None}
            one = {"kind": kind["kind"], "target": kind["target"], "start": PERIODS + 1, **said}
            timeline.scenario.stages([(PERIODS + 1, {"disruptions": [one]})])


# --- single things ------------------------------------------------------------------------------------------------


def test_the_order_of_the_wholesaler_in_week_9() -> None:
    timeline = timeline_of("beer_game")
    found = inspect(timeline, "wholesaler", 9)
    order = of_kind(found, "arithmetic")[0]
    assert (order["decision"], order["column"], order["policy"], order["decided_by"]) == ("place_orders", "orders", "anchor_and_adjust", "policy")
    wholesaler = timeline.history.names.enterprises["name"].tolist().index("wholesaler")
    item = np.flatnonzero(timeline.history.names.items["enterprise"] == wholesaler)[0]
    assert order["steps"][-1]["value"] == order["outcome"] == timeline.history.items["orders"][8, item]
    assert [one["name"] for one in order["writes"]] == ["forecast"]
    policies = of_kind(found, "policies")[0]["policies"]
    target = next(one for one in policies[0]["parameters"] if one["name"] == "target")
    assert (target["value"], target["path"], target["kind"]) == (17.0, "policies.place_orders.wholesaler.target", "float")


def test_a_lever_is_seen_when_it_was_moved() -> None:
    timeline = cw.Timeline("beer_game")
    timeline.play(5)
    timeline.act({"policies.place_orders.wholesaler.target": 40})
    timeline.play(1)
    after = of_kind(inspect(timeline, "wholesaler", 6), "policies")[0]["policies"][0]["parameters"]
    before = of_kind(inspect(timeline, "wholesaler", 5), "policies")[0]["policies"][0]["parameters"]
    other = of_kind(inspect(timeline, "retailer", 6), "policies")[0]["policies"][0]["parameters"]
    assert [next(one["value"] for one in found if one["name"] == "target") for found in (before, after, other)] == [17.0, 40.0, 17.0]


def test_several_at_once_are_the_same() -> None:
    timeline = timeline_of("battery")
    some = enterprises(timeline)[:5]
    assert inspect_many(timeline, some, 7) == {name: inspect(timeline, name, 7) for name in some}


def test_looking_leaves_the_timeline_alone() -> None:
    timeline, other = cw.Timeline("two_sources"), cw.Timeline("two_sources")
    for _ in range(6):
        timeline.play()
        other.play()
        inspect(timeline, "shop", timeline.played)
        inspect(timeline, "shop", max(timeline.played - 3, 0))
    np.testing.assert_array_equal(timeline.history.items["on_hand"], other.history.items["on_hand"])
    np.testing.assert_array_equal(timeline.history.items["orders"], other.history.items["orders"])


def test_a_timeline_that_keeps_little_is_inspected_alike() -> None:
    timeline = cw.Timeline(shipped("beer_game"), periods=PERIODS + 4, tables=("echelons",))
    timeline.play(PERIODS)
    assert inspect(timeline, "retailer", 7) == inspect(timeline_of("beer_game"), "retailer", 7)


def test_without_acting_there_is_only_what_is() -> None:
    found = inspect(timeline_of("beer_game"), "retailer", 9, acting=False)
    assert {section["kind"] for section in found["sections"]} == KINDS - {"levers", "disruptions"}
    (section,) = of_kind(found, "policies")
    assert section["known"] == {}
    assert all("choices" not in policy for policy in section["policies"])


def test_a_lane_by_itself() -> None:
    timeline = timeline_of("beer_game")
    found = inspect_lane(timeline, "distributor", "wholesaler", 9)
    json.dumps(found, allow_nan=False)
    (number,) = found["lanes"]
    history = timeline.history
    columns = {one["name"]: one["value"] for one in of_kind(found, "columns")[0]["columns"]}
    assert columns["shipped"] == history.lanes["shipped"][8, number]
    assert columns["in_transit"] == history.lanes["in_transit"][8, number]
    balance = {one["column"]: one for one in of_kind(found, "arithmetic")}
    assert balance["in_transit"]["steps"][0]["value"] == history.lanes["in_transit"][7, number]
    assert balance["in_transit"]["steps"][-1]["value"] == history.lanes["in_transit"][8, number]
    goods = [one["amount"] for one in of_kind(found, "pipeline")[0]["rows"] if one["what"] == "goods"]
    assert sum(goods) == pytest.approx(columns["in_transit"])
    timeline.scenario.stages([(10, levers_of(found))])
    for kind in of_kind(found, "disruptions")[0]["kinds"]:
        said = {field["name"]: field["value"] for field in kind["fields"] if field["value"] is not None}
        timeline.scenario.stages([(10, {"disruptions": [{"kind": kind["kind"], "target": kind["target"], "start": 10, **said}]})])


@pytest.mark.parametrize("name", ["two_sources", "battery", "information_sharing"])
def test_balances_end_where_they_should(name: str) -> None:
    timeline = timeline_of(name)
    for who in enterprises(timeline):
        for section in of_kind(inspect(timeline, who, PERIODS), "arithmetic"):
            assert section["steps"][-1]["value"] == section["outcome"]
            if section["decision"]:
                continue
            signs = [-1.0 if step["words"].startswith("less") else 1.0 for step in section["steps"][:-1]]
            total = sum(sign * step["value"] for sign, step in zip(signs, section["steps"], strict=False))
            assert total == pytest.approx(section["outcome"], rel=1e-5, abs=1e-5)
            assert not any("else" in step["words"] for step in section["steps"])


def test_what_acts_now_is_told() -> None:
    strike = {"kind": "closure", "target": {"enterprise": "wholesaler"}, "start": 5, "duration": 3}
    timeline = cw.Timeline(shipped("beer_game").with_({"disruptions": [strike]}))
    timeline.play(9)
    told = {period: of_kind(inspect(timeline, "wholesaler", period), "disruptions")[0]["at_work"] for period in (4, 5, 7, 8)}
    assert [one["words"] for one in told[5]] == ["closure from 5 to 7"]
    assert told[4] == told[8] == []
    assert len(told[7]) == 1
    retailer = inspect(timeline, "retailer", 6)
    status = {row["partner"]: row["status"] for row in of_kind(retailer, "partners")[0]["rows"]}
    assert "partner closed" in status["wholesaler"]
    assert status["drinkers"] == []


def test_mistakes_are_told() -> None:
    timeline = timeline_of("beer_game")
    with pytest.raises(UsageError, match="did you mean 'wholesaler'"):
        inspect(timeline, "wholsaler", 3)
    with pytest.raises(UsageError, match="was not played"):
        inspect(timeline, "wholesaler", PERIODS + 2)
    with pytest.raises(UsageError, match="does not sell to"):
        inspect_lane(timeline, "retailer", "brewery", 3)
    with pytest.raises(UsageError, match="no enterprise is called"):
        inspect_lane(timeline, "retailer", "nobody", 3)


# --- what comes later ---------------------------------------------------------------------------------------------


def test_a_column_that_is_declared_later_appears(monkeypatch: pytest.MonkeyPatch) -> None:
    moods = Column("items", "mood", "float64", "share", 0.0, "state", "own", "How the keeper of the item feels")
    monkeypatch.setattr(as_json, "SCHEMA", Schema([*SCHEMA, moods]))
    timeline = cw.Timeline("beer_game")
    timeline.play(2)
    world = timeline.world_at(2)
    row = int(np.flatnonzero(world.enterprises.name[world.items.enterprise] == "retailer")[0])
    assert "mood" not in [column.name for column in as_json.item_columns(world, row)]
    feelings = np.zeros(world.items.rows)
    feelings[row] = 0.25
    columns = {name: world.items[name] for name in world.items.names}
    world.items = Table("items", {**columns, "mood": feelings})
    shown = as_json.values(world, as_json.item_columns(world, row), row, {"mood": "partner"})
    assert shown[-1] == {
        "name": "mood",
        "label": "mood",
        "symbol": "",
        "unit": "share",
        "meaning": "How the keeper of the item feels",
        "group": "state",
        "visibility": "partner",
        "value": 0.25,
    }


def test_every_kind_of_disruption_is_known() -> None:
    assert set(possible_disruptions.KINDS) == set(keys.EVENT_KINDS)
    said = {name for kind in possible_disruptions.KINDS.values() for name in kind.fields}
    assert said == set(possible_disruptions.MEANINGS) == set(keys.EVENT_KEYS) - {"kind", "target", "start"}
    assert said <= set(Event.__dataclass_fields__)


def test_every_policy_of_a_decision_is_a_choice() -> None:
    (section,) = of_kind(inspect(timeline_of("two_sources"), "shop", 3), "policies")
    for policy in section["policies"]:
        every = {policy["policy"], *(choice["policy"] for choice in policy["choices"])}
        assert every == set(policies_for(policy["decision"]))
    assert {policy["decision"] for policy in section["policies"]} <= set(DECISIONS)
    assert "choose_sellers" in {policy["decision"] for policy in section["policies"]}
