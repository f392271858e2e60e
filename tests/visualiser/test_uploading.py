"""Uploaded files are untrusted: nothing of this machine is read for them, and mistakes are told with line and column."""

from __future__ import annotations

import base64
import io
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest

import chainwright as cw
from chainwright.app.visualiser.serving.limits import Limits
from chainwright.app.visualiser.sharing import share_links
from chainwright.app.visualiser.sharing.uploading import name_of, read_upload
from chainwright.scenario import Scenario
from chainwright.scenario.starter import starter
from chainwright.words.errors import ScenarioError, UsageError
from tests.visualiser.conftest import Open, same

HEAD = "chainwright: 1\ntitle: Grown\nhorizon: 10\n"
POLICIES = "policies: {place_orders: {default: {policy: base_stock}}, plan_production: {default: {policy: base_stock}}}\n"


def test_a_file_of_one_s_own_is_played(page: Open, tmp_path: Path) -> None:
    one = page()
    text = starter("Tea & <b>biscuits</b>")
    one.ask("upload", name="C:\\fakepath\\My shop.yaml", text=text)
    timeline = one.state["a"]
    assert one.timelines[timeline]["title"] == "Tea & <b>biscuits</b>"
    assert one.timelines[timeline]["own"]
    one.ask("need", timeline=timeline, to=52)
    (tmp_path / "shop.yaml").write_text(text, encoding="utf-8")
    assert same(one.measures(timeline, 52), cw.run(tmp_path / "shop.yaml").summary)
    one.ask("compare", scenario=one.timelines[timeline]["name"], variant="slow_boat")
    assert one.timelines[one.state["b"]]["variant"] == "slow_boat"
    # Such a file is in no link, and the page is told so.
    shared = one.answer("share")
    assert (shared["own"], shared["qr"]) == (True, None)
    assert "biscuits" not in json.dumps(share_links._unpacked(shared["fragment"]))


def test_a_run_of_an_own_file_goes_on_once_the_file_is_here_again(page: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = page()
    text = starter("Tea")
    (kept,) = [packet for packet in one.ask("upload", name="tea.yaml", text=text) if packet["kind"] == "own"]
    timeline = one.state["a"]
    closure = {"kind": "closure", "target": {"enterprise": "shop"}, "duration": 2}
    one.ask("disrupt", timeline=timeline, period=4, seen=4, disruption=closure, label="shop closed")
    one.ask("compare", scenario="own:tea", variant="slow_boat")
    one.ask("need", timeline=timeline, to=20)
    shared = one.answer("share", period=9)
    assert shared["file"] == kept["digest"]
    # What is taken along runs by itself, wherever it is unpacked.
    folder = zipfile.ZipFile(io.BytesIO(base64.b64decode(one.answer("export", what="tables")["base64"])))
    folder.extractall(tmp_path)
    monkeypatch.chdir(tmp_path)
    scope: dict[str, Any] = {}
    exec((tmp_path / "again.py").read_text(encoding="utf-8"), scope)
    one.ask("need", timeline=timeline, to=52)
    assert same(one.measures(timeline, 52), scope["watched"].summary)
    # Another server knows nothing of the file: the page is asked for it, and what was done by hand is done again.
    other = page()
    wanted = other.ask("hello", fragment=shared["fragment"])[-1]
    assert (wanted["kind"], wanted["name"], wanted["digest"], wanted["fragment"]) == ("wanted", "tea", kept["digest"], shared["fragment"])
    assert "a" not in other.state
    # Under whatever name it comes.
    other.ask("upload", name="green tea.yaml", text=text, fragment=shared["fragment"])
    again = other.state["a"]
    assert (other.state["period"], [act["label"] for act in other.timelines[again]["acts"]]) == (9, ["shop closed"])
    assert other.timelines[other.state["b"]]["variant"] == "slow_boat"
    other.ask("need", timeline=again, to=20)
    assert other.measures(again, 20) == one.measures(timeline, 20)
    # Another file is simply opened.
    other.ask("upload", name="coffee.yaml", text=starter("Coffee"), fragment=shared["fragment"])
    assert (other.timelines[other.state["a"]]["title"], other.timelines[other.state["a"]]["acts"], other.state["b"]) == ("Coffee", [], None)


def test_mistakes_are_told_with_line_and_column(page: Open) -> None:
    one = page()
    text = starter("Shop").replace("role: retailer", "role: retialer").replace("horizon: 52", "horizon: many")
    (told,) = [packet for packet in one.ask("upload", name="shop.yaml", text=text) if packet["kind"] == "mistakes"]
    lines = text.splitlines()
    found = {mistake["path"]: mistake for mistake in told["mistakes"]}
    role = found["enterprises.shop.role"]
    assert lines[role["line"] - 1][role["column"] - 1 :] == "retialer"
    assert "did you mean 'retailer'" in role["message"]
    assert "horizon" in found
    assert one.state.get("view") != "screen"


NO_SCENARIO = ("", "7", "- a", "a: [", "a: &x 1\nb: *x", "!!python/object/apply:os.system ['true']", "\x00", "{" * 500, "chainwright: 1", "\ud800")


@pytest.mark.parametrize("text", NO_SCENARIO)
def test_what_is_no_scenario_is_told_so(page: Open, text: str) -> None:
    one = page()
    told = [packet for packet in one.ask("upload", name="x.yaml", text=text) if packet["kind"] == "mistakes"]
    assert told
    assert all(mistake["message"] and "/tmp" not in mistake["message"] for mistake in told[0]["mistakes"])


FILES: list[tuple[str, str]] = [
    ("tables: {lanes: lanes.csv}\n", "tables"),
    ("tables: {lanes: /etc/passwd}\n", "tables"),
    ("population: {generator: edges, file: /etc/passwd}\n", "population.file"),
    ("population: {generator: edges, file: trade.csv}\n", "population.file"),
    ("policies: {demand: {default: {policy: series, file: /etc/passwd}}}\n", "policies.demand.default.file"),
    ("variants: {sly: {policies.demand.default.file: x.csv}}\n", "variants.sly.policies.demand.default.file"),
    ("variants: {sly: {population: {generator: edges, file: x.csv}}}\n", "variants.sly.population.file"),
    (
        "interventions: [{period: 2, set: {enterprises.a.items.b.demand: {policy: series, file: x.csv}}}]\n",
        "interventions.0.set.enterprises.a.items.b.demand.file",
    ),
]


@pytest.mark.parametrize(("lines", "path"), FILES)
def test_no_file_of_this_machine_is_read(lines: str, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Any] = []
    whole = os.stat

    def seen(path: Any, *given: Any, **options: Any) -> Any:
        opened.append(path)
        return whole(path, *given, **options)

    text = HEAD + lines
    monkeypatch.setattr(os, "stat", seen)
    with pytest.raises(ScenarioError) as caught:
        read_upload("sly.yaml", text, Limits())
    monkeypatch.undo()
    assert [mistake.path for mistake in caught.value.mistakes] == [path]
    assert "an uploaded file cannot read" in caught.value.mistakes[0].message
    assert caught.value.mistakes[0].place.line > 0
    assert not [one for one in opened if "passwd" in str(one) or str(one).endswith(".csv")]


def test_a_population_is_counted_before_it_is_grown(monkeypatch: pytest.MonkeyPatch, page: Open) -> None:
    def grow(*given: Any, **options: Any) -> Any:
        raise AssertionError("the network was generated")

    monkeypatch.setattr("chainwright.scenario.resolve.generated.grow", grow)
    one = page()
    text = HEAD + "population: {generator: serial, stages: 900, chains: 50000}\n" + POLICIES
    assert "45,100,000 enterprises" in one.refused("upload", name="x.yaml", text=text)
    text = HEAD + "population: {generator: layered, customers: 10, products: 900000}\n" + POLICIES
    assert "60,000 are the most" in one.refused("upload", name="x.yaml", text=text)


def test_a_variant_that_would_grow_too_much_is_refused(page: Open) -> None:
    one = page()
    text = HEAD + "population: {generator: serial, stages: 2, chains: 2}\n" + POLICIES + "variants: {vast: {population.chains: 4000000}}\n"
    one.ask("upload", name="x.yaml", text=text)
    assert one.state["view"] == "screen"
    line = one.refused("compare", scenario="own:x", variant="vast")
    assert "16,000,000 enterprises" in line


def test_a_horizon_without_end_is_refused() -> None:
    with pytest.raises(UsageError, match="20,000 are the most"):
        read_upload("x.yaml", starter("x").replace("horizon: 52", "horizon: 1000000000"), Limits())


def test_a_file_that_is_too_large_is_refused() -> None:
    with pytest.raises(UsageError, match=r"files of up to 1 MB"):
        read_upload("x.yaml", "# " + "x" * 1_100_000, Limits())


NAMES = (("../../etc/passwd", "passwd"), ("a/b\\c.YML", "c"), ("...", "scenario"), ("<b>.yaml", "_b_"), ("x" * 300, "x" * 60))


@pytest.mark.parametrize(("file", "name"), NAMES)
def test_a_name_is_no_path(file: str, name: str) -> None:
    assert name_of(file) == name


def mistakes_of(page_: Any, text: str) -> dict[str, Any]:
    (told,) = [packet for packet in page_.ask("upload", name="x.yaml", text=text) if packet["kind"] == "mistakes"]
    return dict(told)


# What a browser makes of files in other encodings: it reads all of them as UTF-8.
ENCODED = (
    ("chainwright: 1\ntitle: Bäckerei\n".encode("latin-1"), 2, 9),
    ("chainwright: 1\n".encode("utf-16"), 1, 1),
    ("chainwright: 1\n".encode("utf-16-le"), 1, 1),
    ("chainwright: 1\n".encode("utf-16-be"), 1, 1),
    (b"\xff\xfe\x00\x00", 1, 1),
)


@pytest.mark.parametrize(("content", "line", "column"), ENCODED)
def test_another_encoding_is_told_with_what_to_do(page: Open, content: bytes, line: int, column: int) -> None:
    (mistake,) = mistakes_of(page(), content.decode("utf-8", "replace"))["mistakes"]
    assert "save it with the encoding UTF-8" in mistake["message"]
    assert (mistake["line"], mistake["column"]) == (line, column)


BOMBS = (
    "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n",
    "a: {b: &m {x: 1}, c: {<<: *m}}\n",
    "- " * 5000 + "x",
    "[ " * 5000,
    "{a: [" * 3000,
    '"' + "\\x41" * 20_000,
    "---\n" * 100_000,
    "? " * 20_000,
    "horizon: " + "9" * 90_000,
    "horizon: " + "59:" * 20_000 + "1",
    "a: |\n" + " x\n" * 300_000,
    'a: "' + "x\n" * 200_000,
    "k" * 90_000 + ": 1",
    "chainwright: 1\x85title: x\u2028horizon: 3",
    HEAD + "population: {generator: serial, stages: 2, chains: 1000000000}\n" + POLICIES,
    HEAD + "population: {generator: serial, stages: .inf, chains: .nan}\n" + POLICIES,
    HEAD + "population: {generator: assembly, branching: [1, 50], depth: 30}\n" + POLICIES,
    HEAD + "population: {generator: [serial]}\n" + POLICIES,
    HEAD + "variants: 7\ninterventions: x\n",
)


@pytest.mark.parametrize("text", BOMBS, ids=range(len(BOMBS)))
def test_every_mistake_of_a_bomb_bears_line_and_column(page: Open, text: str) -> None:
    found = mistakes_of(page(), text)["mistakes"]
    assert found
    assert all(one["line"] >= 1 and one["column"] >= 1 and len(one["message"]) < 600 for one in found)


def test_of_very_many_mistakes_the_first_are_told_and_all_are_counted(page: Open) -> None:
    told = mistakes_of(page(), starter("x") + "".join(f"k{number}: 1\n" for number in range(1000)))
    assert told["count"] == 1000
    assert len(told["mistakes"]) == 200


def test_variants_without_end_are_refused_before_any_is_tried(page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    def tried(*given: Any, **options: Any) -> Any:
        raise AssertionError("it was checked")

    monkeypatch.setattr("chainwright.app.visualiser.sharing.uploading.examine", tried)
    one = page()
    text = starter("x") + "".join(f"  v{number}: {{horizon: {number + 1}}}\n" for number in range(3000))
    assert "3,001 variants and 0 interventions" in one.refused("upload", name="x.yaml", text=text)
    text = starter("x") + "interventions:\n" + "  - {period: 5, set: {lanes.*.transport_time: 3}}\n" * 1500
    assert "1 variants and 1,500 interventions" in one.refused("upload", name="x.yaml", text=text)


def test_an_uploaded_text_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    whole = Scenario.from_read.__globals__["read_document"]

    def seen(path: Any, text: str | None = None) -> Any:
        read.append(str(path))
        return whole(path, text)

    monkeypatch.setattr("chainwright.app.visualiser.sharing.uploading.read_document", seen)
    monkeypatch.setattr("chainwright.scenario.scenario.read_document", seen)
    assert read_upload("x.yaml", starter("x"), Limits()).title == "x"
    assert len(read) == 1
