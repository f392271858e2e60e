"""Documents and names that nobody can mean are answered in words, at once."""

from __future__ import annotations

import copy
import json
import os
import time
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import chainwright as cw
from chainwright.app.visualiser.replications import Repeat
from chainwright.app.visualiser.sharing.downloads import tables
from chainwright.experiment.sweep import lock
from chainwright.scenario.starter import starter

SHOP = cw.Scenario.from_text(starter())


def with_name(section: str, name: Any) -> dict[str, Any]:
    """The shop's document with one more enterprise or product."""
    document = copy.deepcopy(SHOP.document)
    document[section][name] = {"role": "retailer"} if section == "enterprises" else {}
    return document


@pytest.mark.parametrize("key", [5, None, (1, 2), True, 2.5])
@pytest.mark.parametrize("section", ["enterprises", "products", "variants"])
def test_keys_that_are_no_text_are_told_with_their_place(section: str, key: Any) -> None:
    document = SHOP.document
    document[section] = {**document.get(section, {}), key: {}}
    with pytest.raises(cw.ScenarioError, match=rf"^{section}: the key .* is no text"):
        cw.Scenario.from_document(document)


@pytest.mark.parametrize("document", [None, 3, "tea", [1]])
def test_what_is_no_mapping_is_no_document(document: Any) -> None:
    with pytest.raises(cw.UsageError, match="expected a scenario as keys and values"):
        cw.Scenario.from_document(document)


def test_a_document_within_itself_is_told() -> None:
    document: dict[str, Any] = SHOP.document
    document["enterprises"]["shop"]["attributes"] = document
    with pytest.raises(cw.ScenarioError, match="nested too deeply"):
        cw.Scenario.from_document(document)


@pytest.mark.parametrize("section", ["enterprises", "products"])
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "needs a name, and this one is empty"),
        ("a\u200bb", r"holds a character that nobody sees \(U\+200B\)"),
        ("\ufeffkiosk", r"\(U\+FEFF\)"),
        ("a\tb", r"holds a character that nobody sees \(U\+0009\)"),
        ("a\n", r"holds a character that nobody sees \(U\+000A\)"),
        ("a\x00b", r"holds a character that nobody sees \(U\+0000\)"),
        ("\u200d", r"holds a character that nobody sees \(U\+200D\)"),
        ("\ufe0f", r"holds a character that nobody sees \(U\+FE0F\)"),
        ("shop\u3164", r"holds a character that nobody sees \(U\+3164\)"),
        ("shop\u2800", r"holds a character that nobody sees \(U\+2800\)"),
        ("x" * 256, "has 256 letters, and 255 are the most"),
    ],
)
def test_names_that_nobody_can_read_are_told(section: str, name: str, said: str) -> None:
    with pytest.raises(cw.ScenarioError, match=said) as refused:
        cw.Scenario.from_document(with_name(section, name))
    assert len(refused.value.mistakes) == 1


@pytest.mark.parametrize(
    ("section", "name"),
    [*(("enterprises", one) for one in ("sh\u043ep", "\uff53hop", "shop\ufe0f")), ("products", "te\u0430"), ("products", "tea\U000e0100")],
)
def test_names_that_look_alike_are_told(section: str, name: str) -> None:
    with pytest.raises(cw.ScenarioError, match=r"looks like '(shop|tea)' and is another name") as refused:
        cw.Scenario.from_document(with_name(section, name))
    assert len(refused.value.mistakes) == 1


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "a variant needs a name, and this one is empty"),
        ("v\u0430", r"'v\\u0430' looks like 'va' and is another name"),
        ("va\ufe0f", "looks like 'va' and is another name"),
        ("va\u200b", r"holds a character that nobody sees \(U\+200B\)"),
        ("v\ta", r"holds a character that nobody sees \(U\+0009\)"),
    ],
)
def test_variants_and_modes_are_told_apart_by_eye_too(name: str, said: str) -> None:
    document = {**SHOP.document, "variants": {"va": {"horizon": 20}, name: {"horizon": 21}}}
    with pytest.raises(cw.ScenarioError, match=said) as refused:
        cw.Scenario.from_document(document)
    assert len(refused.value.mistakes) == 1
    if not name:
        return  # a lane without a mode
    document = SHOP.document
    lane = document["lanes"][0]
    document["lanes"] = [*document["lanes"][1:], {**lane, "mode": "va"}, {**lane, "mode": name}]
    with pytest.raises(cw.ScenarioError, match=said) as refused:
        cw.Scenario.from_document(document)
    assert len(refused.value.mistakes) == 1
    assert refused.value.mistakes[0].path == f"lanes.{len(document['lanes']) - 1}.mode"


@pytest.mark.parametrize("name", ["Shop", "Магазин", "商店", "Geschäft №1", "\u2615\ufe0f", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"])
def test_names_of_all_scripts_are_fine(name: str) -> None:
    assert name in cw.Scenario.from_document(with_name("enterprises", name)).document["enterprises"]


@pytest.mark.parametrize("name", ["x" * 300 + ".csv", "ä" * 200 + ".csv", "a/" * 3000 + "b.csv"])
def test_names_of_files_may_be_too_long(name: str) -> None:
    with pytest.raises(cw.ScenarioError, match="more than the name of a file can have"):
        cw.Scenario.from_document({**SHOP.document, "tables": {"lanes": name}})


LONG = "more than the name of a file can have"


@pytest.mark.parametrize(
    "use",
    [
        lambda name: cw.load(f"{name}.yaml"),
        cw.load,
        cw.Scenario.read,
        SHOP.save,
        cw.run(SHOP).save,
        lambda name: cw.sweep(SHOP, {"horizon": [2, 3]}, measures=["total_cost"], engine="serial", out=name),
        cw.read_sweep,
        lambda name: cw.read_edges(f"{name}.csv"),
        lambda name: cw.read_graph(f"{name}.graphml"),
        lambda name: cw.write_graph(SHOP.graph(), f"{name}.graphml"),
        lambda name: cw.sweep(SHOP, {"horizon": [2, 3]}, imports=[f"{name}.py"]),
    ],
)
def test_names_of_files_too_long_for_any_are_told_wherever_they_are_said(use: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(cw.UsageError, match=rf"the name 'x+\.\.\.' has 30\d letters, {LONG}"):
        use("x" * 300)
    assert not list(tmp_path.iterdir())


def test_thousands_of_variants_and_of_numbers_on_the_way_are_told_at_once() -> None:
    started = time.monotonic()
    many = {f"v{number}": {"horizon": number + 10} for number in range(3000)}
    with pytest.raises(cw.ScenarioError, match="3,000 variants, and 300 are the most") as refused:
        cw.Scenario.from_document({**SHOP.document, "variants": many})
    assert len(refused.value.mistakes) == 1
    with pytest.raises(cw.ScenarioError, match="expected 10,000 numbers at the most, one for each period to come, got 100,000") as refused:
        SHOP.with_({"lanes.1.in_transit": [1.0] * 100_000})
    assert len(refused.value.mistakes) == 1
    # Checking 3,000 variants takes a minute.
    assert time.monotonic() - started < 30.0


def test_what_comes_after_the_end_is_told() -> None:
    assert SHOP.assumed == ()
    closure = {"kind": "closure", "target": {"enterprise": "shop"}, "start": 5000, "duration": 3}
    late = SHOP.with_({"disruptions": [closure], "interventions": [{"period": 60, "set": {"lanes.*.price": 3}}]})
    assert late.assumed == (
        "the disruption in period 5,000 comes after the horizon of 52 periods and never happens, unless more periods are played",
        "the intervention in period 60 comes after the horizon of 52 periods and never happens, unless more periods are played",
    )
    assert late.with_({"horizon": 6000}).assumed == ()


@pytest.mark.parametrize("number", [2**70, -1, 0, "12", None])
def test_a_lock_of_no_process_is_no_obstacle(number: Any, tmp_path: Path) -> None:
    held = lock.Lock(tmp_path)
    said = json.loads((tmp_path / lock.NAME).read_text(encoding="utf-8"))
    assert said["pid"] == os.getpid()
    (tmp_path / lock.NAME).write_text(json.dumps(said | {"pid": number}), encoding="utf-8")
    assert lock.Lock(tmp_path).held()
    held.release()


FORMULA = '=HYPERLINK("http://x")'


def test_names_reach_no_spreadsheet_as_formulas(tmp_path: Path) -> None:
    document = SHOP.document
    document["enterprises"][FORMULA] = document["enterprises"].pop("shop")
    text = json.dumps(document).replace('"shop"', json.dumps(FORMULA))
    document = json.loads(text) | {"variants": {"+1": {}, "@sum": {"horizon": 60}}}
    scenario = cw.Scenario.from_document(document)
    factors = {"=chosen": {"=one": {"horizon": 55}, "-two": {"horizon": 54}}}
    table = cw.sweep(scenario, factors, out=tmp_path / "s", engine="serial", measures=["fill_rate"])
    written = pd.read_csv(tmp_path / "s" / "table.csv")
    assert "'=chosen" in written.columns
    assert written["'=chosen"].tolist() == ["'=one", "'-two"]
    assert cw.read_sweep(tmp_path / "s")["=chosen"].tolist() == table["=chosen"].tolist() == ["=one", "-two"]
    packed = zipfile.ZipFile(BytesIO(tables(Repeat("a", scenario, 1, 0, 5, (), (), "", ()), "", lambda done, total: None)))
    assert "'" + FORMULA in pd.read_csv(packed.open("items.csv"))["enterprise"].tolist()
    for name in packed.namelist():
        if name.endswith(".csv"):
            cells = pd.read_csv(packed.open(name), header=None, dtype=str).to_numpy().ravel().tolist()
            assert not [cell for cell in cells if isinstance(cell, str) and cell[:1] in "=+@"]
