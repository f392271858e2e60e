"""CSV tables: the example of the documentation, dotted columns, misspelt columns, and large scenarios written and read again."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from chainwright.scenario import Scenario
from chainwright.scenario.documents import Document
from chainwright.scenario.read.csv_tables import expand_tables
from chainwright.scenario.read.yaml_file import read_document
from chainwright.scenario.write.csv_text import tables_of
from chainwright.scenario.write.saving import save_document
from chainwright.words.errors import ScenarioError, UsageError
from chainwright.world import World

HERE = Path(__file__).resolve().parent
DOCUMENTED = re.compile(r"`([\w/]+\.(?:csv|yaml))`[^`]*(?:`\w+`[^`]*)*?\n\n```(?:csv|yaml)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_documented_tables_run(repository: Path, tmp_path: Path) -> None:
    page = (repository / "docs" / "scenario_files.md").read_text(encoding="utf-8")
    files = dict(DOCUMENTED.findall(page[page.index("## Tables") :]))
    assert set(files) == {"shops.yaml", *(f"shops/{name}.csv" for name in ("enterprises", "items", "sold", "lanes"))}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    scenario = Scenario.read(tmp_path / "shops.yaml")
    assert scenario.document["enterprises"]["hamlet"]["items"]["bread"]["demand"] == {"policy": "replay", "values": [3.0, 0.0, 5.0]}
    world = World(scenario.blueprint(), runs=range(2), seed=1)
    for _ in range(5):
        world.step()
    assert world.items.demand.sum() > 0


def test_dotted_columns_become_entries() -> None:
    document = expand_tables(read_document(HERE / "good" / "dotted_tables.yaml"))
    items = {name: entry["items"] for name, entry in document.data["enterprises"].items()}
    assert items["town"] == {"car": {"demand": {"policy": "normal", "mean": 4, "deviation": 1.5}}}
    assert items["village"] == {"car": {"demand": {"policy": "seasonal", "mean": 3, "factors": [0.5, 1.5]}}}
    assert items["hamlet"] == {"car": {"demand": {"policy": "replay", "values": [2, 3]}}}
    assert items["plant"] == {"car": {"holding_cost": 0.5}}
    assert document.data["enterprises"]["town"]["attributes"] == {"town": "Ulm"}
    assert [lane.get("transport_time") for lane in document.data["lanes"]] == [
        None, 2, {"distribution": "discrete", "values": [1, 4], "probabilities": [0.8, 0.2]},
        {"distribution": "uniform", "low": 1, "high": 3}, 1,
    ]  # fmt: skip
    assert document.data["recipes"] == [
        {"enterprise": "plant", "product": "car", "production_time": 2, "components": {"engine": 1, "wheel": 4}}
    ]


def test_nested_cells_have_places() -> None:
    document = expand_tables(read_document(HERE / "good" / "dotted_tables.yaml"))
    mean = document.place(("enterprises", "town", "items", "car", "demand", "mean"))
    assert (Path(mean.file).name, mean.line, mean.column) == ("items.csv", 2, 6)
    low = document.place(("lanes", 3, "transport_time", "low"))
    assert (Path(low.file).name, low.line, low.column) == ("lanes.csv", 5, 6)
    wheel = document.place(("recipes", 0, "components", "wheel"))
    assert (Path(wheel.file).name, wheel.line, wheel.column) == ("recipes.csv", 2, 4)


def large(customers: int) -> dict[str, Any]:
    """Shops and many customers, with something of every kind that a row may hold."""
    demands: list[dict[str, Any]] = [
        {"policy": "normal", "mean": 4, "deviation": 1.5, "truncate": False},
        {"policy": "seasonal", "mean": 3.0, "factors": [0.5, 1.5]},
        {"policy": "list", "values": [1, 2.5, 0], "then": "last"},
        {"policy": "poisson", "mean": 1e-7},
        {"mean": 2},
    ]
    enterprises: dict[str, Any] = {
        "source": {"role": "supplier", "cash": 5, "items": {"beer": {"unlimited": True}}},
        "O'Neil, \"the pub\"": {"role": "retailer", "items": {"beer": {"on_hand": 5, "holding_cost": 0.1}}, "attributes": {}},
    }
    for number in range(customers):
        demand = demands[number % len(demands)]
        entry: dict[str, Any] = {"role": "customer", "items": {"beer": {"demand": dict(demand)}}}
        if number % 7 == 0:
            entry["attributes"] = {"street no.": number, "zip": f"{number:05d}", "open": True, "note": '"quoted", text', "at": [1, 2.5]}
        enterprises[f"customer {number}"] = entry
    lanes: list[dict[str, Any]] = [
        {"seller": "source", "buyer": "O'Neil, \"the pub\"", "product": "beer", "transport_time": 2, "in_transit": [4, 0.5], "orders_waiting": []},
    ]
    for number in range(customers):
        time: Any = {"distribution": "discrete", "values": [1, 3], "probabilities": [0.25, 0.75]} if number % 3 == 0 else number % 4
        lanes.append({"seller": "O'Neil, \"the pub\"", "buyer": f"customer {number}", "product": "beer", "transport_time": time, "mode": "road"})
    return {
        "chainwright": 1, "title": "Many", "horizon": 10, "products": {"beer": {}, "malt": {}}, "enterprises": enterprises, "lanes": lanes,
        "policies": {
            "place_orders": {"retailer": {"policy": "base_stock", "level": 20}},
            "demand": {"customer": {"policy": "normal", "mean": 3, "deviation": 1}},
        },
        "variants": {"dear": {"lanes.*.price": 3}},
    }  # fmt: skip


def test_names_like_formulas_stand_in_saved_tables_as_they_are(tmp_path: Path) -> None:
    document = large(1001)
    name = next(reversed(document["enterprises"]))
    renamed = json.loads(json.dumps(document).replace(json.dumps(name), json.dumps("=1+1")))
    scenario = Scenario.from_document(renamed, "formulas")
    again = Scenario.read(scenario.save(tmp_path / "formulas.yaml"))
    assert any("\n=1+1," in path.read_text(encoding="utf-8") for path in tmp_path.glob("*_tables_*/*.csv"))
    assert "=1+1" in again.document["enterprises"]
    assert again.hash == scenario.hash


def test_a_large_scenario_is_saved_with_tables_and_read_again(tmp_path: Path) -> None:
    scenario = Scenario.from_document(large(4_000), "many")
    saved = scenario.save(tmp_path / "many.yaml")
    again = Scenario.read(saved)
    assert again == scenario
    assert again.hash == scenario.hash
    assert list(again.document["enterprises"]) == list(scenario.document["enterprises"])
    (folder,) = (path for path in tmp_path.iterdir() if path.is_dir())
    assert sorted(path.name for path in folder.iterdir()) == ["demand.csv", "enterprises.csv", "items.csv", "lanes.csv"]
    assert saved.stat().st_size < 2000


def test_saving_again_leaves_no_tables_behind(tmp_path: Path) -> None:
    scenario = Scenario.from_document(large(1200), "many")
    scenario.save(tmp_path / "many.yaml")
    scenario.save(tmp_path / "many.yaml")
    later = scenario.with_({"horizon": 11})
    later.save(tmp_path / "many.yaml")
    assert len(list(tmp_path.iterdir())) == 2
    assert Scenario.read(tmp_path / "many.yaml").hash == later.hash
    Scenario.from_document(large(3), "few").save(tmp_path / "many.yaml")
    assert [path.name for path in tmp_path.iterdir()] == ["many.yaml"]


def test_what_cannot_be_read_again_is_not_written(tmp_path: Path) -> None:
    document = {"chainwright": 1, "title": "x" * 2_000_000}
    with pytest.raises(UsageError, match="such that it can be read again"):
        save_document(document, tmp_path / "x.yaml", "0" * 64)
    assert list(tmp_path.iterdir()) == []


def test_recipes_and_items_go_and_come_back() -> None:
    parts = [f"part {number}" for number in range(1500)]
    document: dict[str, Any] = {
        "products": {name: {"value": 1.5} for name in parts} | {"car": {}},
        "enterprises": {"plant": {"role": "manufacturer", "items": {name: {"on_hand": 2.0} for name in parts} | {"car": {}}}},
        "recipes": [{"enterprise": "plant", "product": name, "components": {}, "in_process": [1, 2]} for name in parts[:700]]
        + [{"enterprise": "plant", "product": name, "capacity": 4.5} for name in parts[700:]]
        + [{"enterprise": "plant", "product": "car", "components": dict.fromkeys(parts, 2), "production_time": 3}],
    }
    rest, tables = tables_of(document)
    assert list(tables) == ["products", "items", "recipes"]
    assert rest == {"enterprises": {"plant": {"role": "manufacturer"}}}


@given(some.lists(some.dictionaries(some.text(min_size=1, max_size=6), some.one_of(
    some.none(), some.booleans(), some.integers(-10**6, 10**6), some.floats(allow_nan=False, allow_infinity=False), some.text(max_size=8),
    some.lists(some.integers(0, 9), max_size=3),
), max_size=4), min_size=1, max_size=3))  # fmt: skip
def test_whatever_attributes_say_comes_back_or_stays(tmp_path_factory: pytest.TempPathFactory, said: list[dict[str, Any]]) -> None:
    lanes = [{"seller": "a", "buyer": f"b{number}", "product": "x", "attributes": one} for number, one in enumerate(said)]
    rest, tables = tables_of({"lanes": lanes}, long=0)
    if not tables:
        assert rest == {"lanes": lanes}
        return
    folder = tmp_path_factory.mktemp("tables")
    (folder / "lanes.csv").write_text(tables["lanes"], encoding="utf-8", newline="")
    document = expand_tables(Document({**rest, "tables": {"lanes": "lanes.csv"}}, folder=folder))
    assert document.mistakes == ()
    assert document.data == {"lanes": lanes}


def test_nine_thousand_customers_are_read_at_once(tmp_path: Path) -> None:
    size, shops = 9_000, 90
    rows = [("source", "supplier"), *((f"shop{i}", "retailer") for i in range(shops)), *((f"people{i}", "customer") for i in range(size))]
    (tmp_path / "enterprises.csv").write_text("name,role\n" + "".join(f"{name},{role}\n" for name, role in rows), encoding="utf-8")
    items = "source,beer,true,,\n" + "".join(f"people{i},beer,,poisson,{i % 7 + 1}\n" for i in range(size))
    (tmp_path / "items.csv").write_text("enterprise,product,unlimited,demand.policy,demand.mean\n" + items, encoding="utf-8")
    lanes = "".join(f"source,shop{i},beer,2\n" for i in range(shops)) + "".join(f"shop{i % shops},people{i},beer,\n" for i in range(size))
    (tmp_path / "lanes.csv").write_text("seller,buyer,product,transport_time\n" + lanes, encoding="utf-8")
    text = """chainwright: 1
horizon: 10
products: {beer: {}}
policies: {place_orders: {default: {policy: base_stock, level: 20}}}
tables: {items: items.csv, lanes: lanes.csv, enterprises: enterprises.csv}
"""
    scenario = Scenario.from_text(text, folder=tmp_path)
    with pytest.raises(ScenarioError) as caught:
        scenario.with_({"enterprises.*.role": "retailer"})
    assert len(caught.value.mistakes) == size
