"""The Scenario: where it comes from, that it never changes, what its changes make, and how mistakes are told."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from chainwright.scenario import Scenario, load, names
from chainwright.scenario import shipped as shelf_of_scenarios
from chainwright.scenario.read.yaml_file import read_document
from chainwright.scenario.starter import starter
from chainwright.scenario.write.yaml_text import write_document
from chainwright.words.errors import ScenarioError, UsageError
from tests.shipped import shipped

TEXT = """\
chainwright: 1
title: Two shops
source: [one book, another]
period: 2
horizon: 30
products: {tea: {value: 4}}
enterprises:
  people: {role: customer, items: {tea: {demand: {policy: normal, mean: 20, deviation: 4}}}}
  east: {role: retailer, items: {tea: {on_hand: 40, holding_cost: 0.2}}, attributes: {town: Ulm}}
  west: {role: retailer}
  garden: {role: supplier, items: {tea: {unlimited: true}}}
lanes:
  - {seller: east, buyer: people, product: tea, share: 0.5}
  - {seller: west, buyer: people, product: tea, share: 0.5, attributes: {ship: Argo}}
  - {seller: garden, buyer: east, product: tea, transport_time: 2}
  - {seller: garden, buyer: west, product: tea, transport_time: 3}
policies:
  place_orders:
    default: {policy: base_stock, level: 70}
variants:
  slow: {lanes.*>west.transport_time: 5}
  late_change: {interventions: [{period: 9, set: {policies.place_orders.west.level: 20}}]}
"""


@pytest.fixture
def scenario() -> Scenario:
    return Scenario.from_text(TEXT, "shops")


def mistakes(make: Any) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        make()
    return [str(mistake) for mistake in caught.value.mistakes]


def test_it_tells_what_it_is(scenario: Scenario) -> None:
    assert (scenario.name, scenario.title, scenario.source) == ("shops", "Two shops", "one book; another")
    assert (scenario.horizon, scenario.warm_up, scenario.seed, scenario.period_days) == (30, 0, 1, 2.0)
    assert scenario.variants == ("slow", "late_change")
    assert scenario.description == ""
    assert repr(scenario) == "Scenario('Two shops', 4 enterprises, 4 lanes, 1 product)"


def test_it_never_changes(scenario: Scenario) -> None:
    with pytest.raises(AttributeError, match="never changes"):
        scenario.name = "other"  # type: ignore[misc]
    with pytest.raises(AttributeError, match="never changes"):
        del scenario._name
    scenario.document["lanes"].clear()
    assert len(scenario.document["lanes"]) == 4
    before = scenario.document
    scenario.with_({"lanes.*.transport_time": 9, "enterprises.east.items.tea.on_hand": 1})
    assert scenario.document == before


def test_copies_and_what_another_process_gets_are_equal(scenario: Scenario) -> None:
    changed = scenario.with_({"seed": 3})
    for other in (copy.deepcopy(changed), copy.copy(changed), pickle.loads(pickle.dumps(changed))):
        assert other == changed
        assert (other.name, other.settings, other.hash) == (changed.name, changed.settings, changed.hash)


def test_with_makes_a_new_one(scenario: Scenario) -> None:
    other = scenario.with_({"lanes.*.transport_time": 1, "policies.place_orders.west.level": 30})
    assert other != scenario
    assert other.name == "shops"
    assert other.settings == {"lanes.*.transport_time": 1, "policies.place_orders.west.level": 30}
    np.testing.assert_array_equal(other.blueprint().tables["lanes"]["transport_time"], [1, 1, 1, 1])
    assert other.with_({"horizon": 3}).settings["horizon"] == 3
    assert scenario.with_({}) == scenario


def test_the_order_of_settings_is_kept_but_names_of_policies_come_first(scenario: Scenario) -> None:
    assert scenario.with_({"lanes.*.order_delay": 1, "lanes.0.order_delay": 0}).document["lanes"][0]["order_delay"] == 0
    other = scenario.with_({"policies.place_orders.default.quantity": 3, "policies.place_orders.default.policy": "constant"})
    assert other.document["policies"]["place_orders"]["default"] == {"policy": "constant", "quantity": 3}


def test_variants(scenario: Scenario) -> None:
    slow = scenario.variant("slow")
    assert [lane.get("transport_time") for lane in slow.document["lanes"]] == [None, None, 2, 5]
    assert slow.name == "shops-slow"
    with pytest.raises(UsageError, match="did you mean 'slow'"):
        scenario.variant("slwo")


def test_a_blueprint_is_worked_out_once(scenario: Scenario) -> None:
    assert scenario.blueprint() is scenario.blueprint()
    assert scenario.blueprint().name == "shops"


def test_the_hash_is_of_what_is_said(scenario: Scenario) -> None:
    again = Scenario.from_text(TEXT.replace("horizon: 30", "horizon: 30.0").replace("value: 4}", "value: 4.0}"), "elsewhere")
    assert again.hash == scenario.hash
    assert hash(again) == hash(scenario)
    assert again == scenario
    assert scenario.with_({"seed": 2}).hash != scenario.hash
    assert len(scenario.hash) == 64


def test_mistakes_of_settings_have_their_path_as_place(scenario: Scenario) -> None:
    (told,) = mistakes(lambda: scenario.with_({"lanes.*.transport_time": -1}))
    assert told.startswith("lanes.*.transport_time: lanes.0.transport_time: ")
    assert told.endswith("(and 3 more)")
    (told,) = mistakes(lambda: scenario.with_({"horizon": 0}))
    assert told.startswith("horizon: expected")
    told_all = mistakes(lambda: scenario.with_({"horizont": 1, "enterprises.weest.cash": 2}))
    assert "did you mean 'horizon'?" in told_all[1]
    assert "did you mean 'west'?" in told_all[0]
    (told,) = mistakes(lambda: scenario.with_({"policies.place_orders.default.policy": "bass_stock"}))
    assert "policies.place_orders.default.policy" in told
    assert "base_stock" in told
    with pytest.raises(UsageError, match="mapping"):
        scenario.with_([("horizon", 3)])  # type: ignore[arg-type]


def test_all_variants_and_interventions_are_tried_when_a_file_is_read() -> None:
    text = TEXT + "  broken: {lanes.*.transport_tme: 1, horizon: 0}\ninterventions:\n  - {period: 3, set: {lanes.2.transport_time: 0}}\n"
    told = mistakes(lambda: Scenario.from_text(text, "shops"))
    assert len(told) == 2
    assert told[0].startswith("shops.yaml:23:")
    assert "did you mean 'transport_time'?" in told[0]
    assert told[1].startswith("shops.yaml:25:")
    assert "cannot become or cease to be 0" in told[1]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"horizon": 5}, "cannot change during a run"),
        ({"seed": 5}, "cannot change during a run"),
        ({"enterprises.east.items.tea.on_hand": 5}, "on_hand is a state at the start"),
        ({"enterprises.east.cash": 5}, "cash is a state at the start"),
        ({"lanes.2.in_transit": [1, 2]}, "in_transit is a state at the start"),
        ({"lanes.2.order_delay": 1}, "order_delay cannot become or cease to be 0"),
        ({"lanes.2.transport_time": {"distribution": "uniform", "low": 0, "high": 2}}, "transport_time cannot become or cease to be 0"),
        ({"lanes.2.mode": "ship"}, "which lanes there are"),
        ({"enterprises.west.role": "distributor"}, "which enterprises there are"),
        ({"enterprises.garden.items.tea.unlimited": False}, "unlimited"),
        ({"lanes.7.price": 2}, "matches nothing"),
        ({"lanes.2.price": "dear"}, "expected a number"),
    ],
)
def test_interventions_that_cannot_happen(scenario: Scenario, settings: dict[str, Any], message: str) -> None:
    told = mistakes(lambda: scenario.stages([(4, settings)]))
    assert any(message in one for one in told), told
    told = mistakes(lambda: scenario.with_({"interventions": [{"period": 4, "set": settings}]}))
    assert any(message in one for one in told), told


def test_stages_hold_the_changes_so_far() -> None:
    scenario = Scenario.from_text(TEXT, "shops").variant("late_change")
    found = scenario.stages([(4, {"lanes.*>west.transport_time": 6}), (9, {"policies.place_orders.west.level": 10})])
    assert [period for period, _ in found] == [4, 9]
    early, late = (stage for _, stage in found)
    np.testing.assert_array_equal(early.tables["lanes"]["transport_time"], [0, 0, 2, 6])
    np.testing.assert_array_equal(late.tables["lanes"]["transport_time"], [0, 0, 2, 6])
    levels = [choice.parameters["level"] for choice in late.policies["place_orders"] if choice.policy == "base_stock"]
    np.testing.assert_array_equal(levels, [[70, 10]])
    for wrong in [(0, {"lanes.2.price": 1}), (2.5, {}), {"period": 3}]:
        with pytest.raises(UsageError, match="intervention"):
            scenario.stages([wrong])  # type: ignore[list-item]


def test_it_is_written_and_read_back(scenario: Scenario, tmp_path: Path) -> None:
    changed = scenario.with_({"lanes.2.transport_time": {"distribution": "discrete", "values": [1, 2], "probabilities": [0.5, 0.5]}})
    path = changed.save(tmp_path / "other.yaml")
    assert Scenario.read(path) == changed
    assert [file.name for file in tmp_path.iterdir()] == ["other.yaml"]
    with pytest.raises(UsageError, match="cannot write"):
        changed.save(tmp_path / "nowhere" / "other.yaml")
    assert Scenario.from_document(scenario.document) == scenario


def test_whatever_is_said_is_written_so_that_it_is_read_back() -> None:
    document = {
        "text": "plain words", "colon": "a: b", "number": "12", "truth": "true", "nothing": "null", "empty": "", "octal": "007", "sign": "- a",
        "star": "*", "lines": "first\n\n  second: # no comment\nlast\n", "open": "first\nsecond", "odd": " first\nsecond \n", "more": "first\n\n",
        "quoted": "\"'\\", "strange": "\x85\u2028\t\ud7ff", "face": "\U0001f600 ok", "hash": "a #b", "comma": "a, b", "dash-ed": "x-y z.w",
        "numbers": [1, -2.5, 1e-05, 1e22, float("inf"), True, None], "none": [], "no keys": {}, "deep": {"a": {"b": [{"c": "[x]"}]}},
        "long": [n * 1.25 for n in range(5000)], "paths": {"lanes.*.price": 3, "lanes.a>b.price": 4},
    }  # fmt: skip
    text = write_document(document)
    assert read_document(None, text).data == document
    assert max(len(line) for line in text.splitlines()) < 200


def test_series_become_part_of_the_scenario(tmp_path: Path) -> None:
    (tmp_path / "sales.csv").write_text("week,tea\n1,5\n2,7\n3,6.5\n", encoding="utf-8")
    replay = "{policy: replay, file: sales.csv, column: tea}"
    text = TEXT.replace("{policy: normal, mean: 20, deviation: 4}", replay)
    scenario = Scenario.from_text(text, "sold", tmp_path)
    demand = scenario.document["enterprises"]["people"]["items"]["tea"]["demand"]
    assert demand == {"policy": "replay", "values": [5.0, 7.0, 6.5]}
    assert scenario.blueprint().policies["demand"][0].parameters["values"] == [5.0, 7.0, 6.5]
    for wrong in ("sold.csv", "../sales.csv"):
        (told, *_) = mistakes(lambda wrong=wrong: Scenario.from_text(text.replace("sales.csv", wrong), "sold", tmp_path))
        assert "file" in told
    (told, *_) = mistakes(lambda: Scenario.from_text(text.replace("column: tea", "column: te"), "sold", tmp_path))
    assert "did you mean 'tea'?" in told
    (tmp_path / "sales.csv").write_text("week,tea\n1,5\n2,many\n", encoding="utf-8")
    (told, *_) = mistakes(lambda: Scenario.from_text(text, "sold", tmp_path))
    assert "'many'" in told


def test_tables_become_part_of_the_scenario(tmp_path: Path) -> None:
    (tmp_path / "lanes.csv").write_text("seller,buyer,product,transport_time\ngarden,west,tea,3\n", encoding="utf-8")
    text = TEXT.replace("  - {seller: garden, buyer: west, product: tea, transport_time: 3}\n", "") + "tables: {lanes: lanes.csv}\n"
    scenario = Scenario.from_text(text, "shops", tmp_path)
    assert scenario == Scenario.from_text(TEXT)
    assert scenario.with_({"lanes.3.price": 2}).document["lanes"][3]["price"] == 2


def test_the_shelf(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(shelf_of_scenarios, "folder", lambda: tmp_path)
    (tmp_path / "shops.yaml").write_text(TEXT, encoding="utf-8")
    assert names() == ["shops"]
    assert load("shops") == load(tmp_path / "shops.yaml") == load(str(tmp_path / "shops.yaml"))
    assert load("shops").name == "shops"
    with pytest.raises(UsageError, match="did you mean 'shops'"):
        load("shop")
    with pytest.raises(UsageError, match="no file"):
        load("elsewhere/shops.yaml")


def test_the_shelf_of_a_source_checkout_is_at_its_top(repository: Path) -> None:
    assert shelf_of_scenarios.folder() in (repository / "scenarios", repository / "src" / "chainwright" / "_scenarios")
    assert "beer_game" in names()


@pytest.mark.parametrize("name", names())
def test_every_shipped_scenario_survives_file_and_graph(name: str) -> None:
    scenario = shipped(name)
    assert Scenario.from_text(scenario.to_yaml(), name) == scenario
    back = Scenario.from_graph(scenario.graph(), name)
    if "population" in scenario.document:  # a graph writes out what was generated
        assert back.counts == scenario.counts
        scenario = back
    assert back == scenario
    assert list(back.document["enterprises"]) == list(scenario.document["enterprises"])
    assert back.document["lanes"] == scenario.document["lanes"]
    for variant in scenario.variants:
        scenario.variant(variant).blueprint()


def test_the_starter_is_a_scenario() -> None:
    scenario = Scenario.from_text(starter('A "quoted" title'))
    assert scenario.title == 'A "quoted" title'
    assert scenario.variant("slow_boat").blueprint().tables["lanes"]["transport_time"][1] == 4


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("beer_game:textbook", "there is no scenario 'beer_game:textbook'; a variant is load('beer_game').variant('textbook')"),
        (
            "firms.csv",
            "firms.csv is a table, no scenario; a list of who sells to whom becomes one by `chainwright import firms.csv`, or by read_edges",
        ),
    ],
)
def test_what_is_asked_for_in_another_way_is_told(asked: str, message: str) -> None:
    with pytest.raises(UsageError) as told:
        load(asked)
    assert str(told.value) == message
