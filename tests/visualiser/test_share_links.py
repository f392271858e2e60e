"""Links repeat a run with everything that was done by hand, and are not trusted; the program that is copied gives the same numbers."""

from __future__ import annotations

import base64
import io
import json
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import chainwright as cw
from chainwright.app.visualiser.serving.limits import Limits
from chainwright.app.visualiser.sharing import downloads, share_links
from chainwright.app.visualiser.sources import Given, Sources
from chainwright.experiment.timeline.changes_by_hand import lever
from chainwright.words.errors import UsageError
from tests.visualiser.conftest import Open, Page, same

CLOSURE = {"kind": "closure", "target": {"enterprise": "brewery"}, "duration": 4}
TARGET = "policies.place_orders.default.target"


def busy(page: Open) -> tuple[Page, str]:
    """A run in which several things were done by hand."""
    one = page()
    timeline = one.open("beer_game", variant="shared_demand", seed=4)
    calmer = {"policies.place_orders.retailer.smoothing": 0.5}
    one.ask("act", timeline=timeline, period=4, seen=4, settings=calmer, label="calmer", about={"enterprise": "retailer"})
    one.ask("disrupt", timeline=timeline, period=10, seen=10, disruption=CLOSURE, label="closed")
    again = CLOSURE | {"duration": 2, "recovery": "linear", "recovery_time": 3}
    one.ask("disrupt", timeline=timeline, period=20, seen=20, disruption=again, label="again")
    one.ask("need", timeline=timeline, to=36)
    assert len(one.timelines[timeline]["acts"]) == 3
    return one, timeline


def pack(said: Any) -> str:
    return "1." + base64.urlsafe_b64encode(zlib.compress(json.dumps(said).encode())).decode().rstrip("=")


def test_a_link_repeats_the_run(page: Open) -> None:
    one, timeline = busy(page)
    shared = one.answer("share", period=30)
    assert shared["link"] == "http://127.0.0.1:8765/#" + shared["fragment"]
    assert len(shared["qr"]) == len(shared["qr"][0]) > 20
    assert {cell for row in shared["qr"] for cell in row} == {0, 1}
    other = page()
    other.ask("hello", fragment=shared["fragment"])
    assert (other.state["view"], other.state["period"]) == ("screen", 30)
    again = other.state["a"]
    other.ask("need", timeline=again, to=36)
    assert other.measures(again, 36) == one.measures(timeline, 36)
    told = [{key: act[key] for key in ("period", "label", "kind", "about")} for act in other.timelines[again]["acts"]]
    assert told == [{key: act[key] for key in ("period", "label", "kind", "about")} for act in one.timelines[timeline]["acts"]]


def test_a_link_repeats_what_stands_beside(page: Open) -> None:
    one, timeline = busy(page)
    one.ask("branch", timeline=timeline, period=12)
    one.ask("disrupt", timeline=one.state["a"], period=14, seen=14, disruption=CLOSURE, label="later")
    one.ask("need", timeline=one.state["a"], to=36)
    assert one.state["b"] == timeline
    other = page()
    other.ask("hello", fragment=one.answer("share", period=20)["fragment"])
    assert other.state["period"] == 20
    for side in ("a", "b"):
        mine, theirs = one.state[side], other.state[side]
        other.ask("need", timeline=theirs, to=36)
        assert other.measures(theirs, 36) == one.measures(mine, 36)
        assert other.timelines[theirs]["label"] == one.timelines[mine]["label"]
        assert [act["label"] for act in other.timelines[theirs]["acts"]] == [act["label"] for act in one.timelines[mine]["acts"]]
    # The very same is not opened anew.
    there = dict(other.timelines)
    other.ask("leave")
    other.ask("hello", fragment=one.answer("share", period=3)["fragment"])
    assert other.timelines.keys() == there.keys()
    # Ended, the comparison is in no link any more.
    other.ask("compare")
    alone = page()
    alone.ask("hello", fragment=other.answer("share")["fragment"])
    assert alone.state["b"] is None


def test_what_stands_beside_is_left_out_where_a_link_has_no_room(page: Open) -> None:
    one = page()
    timeline = one.open("beer_game")
    session = one.session
    for _ in range(2):
        one.ask("branch", timeline=one.state["a"], period=0)
    for number, watched in enumerate((session.open_runs.first, session.open_runs.second)):
        assert watched is not None
        watched.timeline.do([lever(1, 5, {TARGET: 10.0 + number + row / 7}) for row in range(300)])
    shared = share_links.read(one.answer("share")["fragment"])
    assert (len(shared.acts), shared.beside) == (300, None)
    assert timeline in one.timelines


def test_the_program_gives_the_numbers_of_the_page(page: Open) -> None:
    one, timeline = busy(page)
    one.ask("compare", scenario="beer_game", variant="pass_on")
    one.ask("need", timeline=one.state["b"], to=36)
    swept = one.answer("many", timeline=timeline, factors=[{"path": TARGET, "values": [15, 19]}], runs=2)
    bands = one.answer("bands", timeline=timeline, runs=5)
    scope: dict[str, Any] = {}
    exec(one.answer("code")["text"], scope)
    assert same(one.measures(timeline, 36), scope["watched"].summary)
    assert same(one.measures(one.state["b"], 36), scope["beside"].summary)
    assert bands["measures"]["fill_rate"]["mean"] == pytest.approx(scope["many_watched"].summary["fill_rate"].mean())
    rows = scope["table"].groupby(TARGET)["fill_rate"].mean()
    place = [column["name"] for column in swept["columns"]].index("fill_rate")
    assert [row[place] for row in swept["rows"]] == pytest.approx(rows.tolist())
    exec(swept["code"], alone := {})
    pd.testing.assert_series_equal(alone["table"].groupby(TARGET)["fill_rate"].mean(), rows)


def test_the_program_ends_where_the_page_looks(page: Open) -> None:
    one, timeline = busy(page)
    scope: dict[str, Any] = {}
    exec(one.answer("code", period=25)["text"], scope)
    assert same(one.measures(timeline, 25), scope["result"].summary)
    # What was done later has not happened there.
    text = one.answer("code", period=12)["text"]
    assert "# What was done by hand after period 12 is left out." in text
    exec(text, scope)
    assert same(one.measures(timeline, 12), scope["result"].summary)
    # A timeline beside that is shorter ends where it ends.
    one.ask("compare", scenario="newsvendor")
    first = one.open("two_sources")
    one.ask("compare", scenario="beer_game")
    one.ask("need", timeline=first, to=60)
    one.ask("need", timeline=one.state["b"], to=36)
    exec(one.answer("code", period=60)["text"], scope)
    assert same(one.measures(first, 60), scope["watched"].summary)
    assert same(one.measures(one.state["b"], 36), scope["beside"].summary)


def test_tables_a_replay_and_the_scenario_can_be_taken_along(page: Open, tmp_path: Path) -> None:
    one, timeline = busy(page)
    told = one.answer("export", what="tables")
    folder = zipfile.ZipFile(io.BytesIO(base64.b64decode(told["base64"])))
    tables = {f"{name}.csv" for name in ("summary", "items", "lanes", "timeline", "panel")}
    assert tables | {"manifest.json", "scenario.yaml", "again.py"} <= set(folder.namelist())
    summary = folder.read("summary.csv").decode().splitlines()
    written = dict(zip(summary[0].split(","), summary[1].split(","), strict=True))
    assert {name: float(written[name]) for name in ("total_cost", "fill_rate")} == {
        name: one.measures(timeline, 36)[name] for name in ("total_cost", "fill_rate")
    }
    told = one.answer("export", what="scenario")
    (tmp_path / told["name"]).write_bytes(base64.b64decode(told["base64"]))
    assert same(one.measures(timeline, 36), cw.run(tmp_path / told["name"], seed=4).summary)
    told = one.answer("export", what="replay")
    assert base64.b64decode(told["base64"]).startswith(b"<!doctype html>")
    assert told["name"] == "beer_game-shared_demand.html"


def test_a_replay_has_what_was_done_and_was_not_played_yet(page: Open) -> None:
    done = busy(page)[0].answer("share")["fragment"]
    one = page()
    one.ask("hello", fragment=done)
    assert one.session.open_runs.first.timeline.played == 0
    told = base64.b64decode(one.answer("export", what="replay")["base64"])
    again = cw.Timeline(one.session.open_runs.first.source.scenario, seed=4)
    again.do(one.session.open_runs.first.timeline.acts)
    assert told == downloads.replay(again, lambda done, total: None)


def test_a_scenario_of_the_command_line_is_shared_by_its_hash(page: Open, tmp_path: Path) -> None:
    path = cw.load("beer_game").save(tmp_path / "mine.yaml")
    given_ = Given(cw.load(path), str(path))
    one = page(given=given_)
    one.ask("hello", fragment="")
    assert one.timelines[one.state["a"]]["name"] == "given:mine"
    assert "given" in one.packets[0]["scenarios"][0]
    fragment = one.answer("share")["fragment"]
    assert str(tmp_path) not in json.dumps(share_links._unpacked(fragment))
    other = page(given=given_)
    other.ask("hello", fragment=fragment)
    assert other.timelines[other.state["a"]]["title"] == "The beer game"
    assert "another command line" in page().refused("hello", fragment=fragment)
    changed = Given(cw.load(path).with_({"horizon": 20}), str(path), settings={"horizon": 20})
    assert "another version" in page(given=changed).refused("hello", fragment=fragment)
    code = other.answer("code")["text"]
    assert f"cw.load({str(path)!r})" in code


def test_a_list_of_firms_that_the_command_line_names_is_counted_and_opens(page: Open, tmp_path: Path) -> None:
    """Its size follows from its file alone, which was taken for endless."""
    (tmp_path / "firms.csv").write_text("seller,buyer,product,quantity\nmill,bakery,flour,4\nbakery,shop,bread,9\n", encoding="utf-8")
    text = "chainwright: 1\ntitle: Firms\nhorizon: 20\npopulation: {generator: edges, file: firms.csv}\n"
    path = tmp_path / "firms.yaml"
    rules = "policies: {place_orders: {default: {policy: base_stock, level: 9}}, plan_production: {default: {policy: base_stock, level: 9}}}\n"
    path.write_text(text + rules, encoding="utf-8")
    one = page(given=Given(cw.load(path), str(path)))
    one.ask("hello", fragment="")
    assert one.timelines[one.state["a"]]["title"] == "Firms"
    few = Limits(enterprises=2)
    with pytest.raises(UsageError, match="Firms has up to 3 enterprises, and 2 are the most that are drawn here"):
        Sources(few, Given(cw.load(path), str(path))).begin()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"s": "/etc/passwd", "d": 1}, "no scenario"),
        ({"s": "../scenarios/beer_game.yaml", "d": 1}, "no scenario"),
        ({"s": "beer_game", "d": 1, "b": [1]}, "cannot be read"),
        ({"s": "beer_game", "d": 1, "b": {"s": "beer_game"}}, "cannot be read"),
        ({"s": "beer_game", "d": 1, "x": "nonsense"}, "no variant"),
        ({"s": "beer_game", "d": -1}, "whole number"),
        ({"s": "beer_game", "d": 2**63}, "up to 9,223"),
        ({"s": ["beer_game"], "d": 1}, "expected a text"),
        ({"d": 1}, "expected a text"),
        ({"s": "beer_game", "d": 1, "i": [["x", 1, {}, ""]]}, "cannot be read"),
        ({"s": "beer_game", "d": 1, "i": [["l", 1, {"policies.demand.default.file": "/etc/passwd"}, ""]]}, "file of this machine"),
        ({"s": "beer_game", "d": 1, "i": [["l", 1, {"horizon": 10**9}, ""]]}, "cannot change during a run"),
        ({"s": "beer_game", "d": 1, "i": [["d", 500, CLOSURE, ""]]}, "would never happen"),
        ({"s": "beer_game", "d": 1, "i": [["l", 1, {"a": 1}, ""]] * 501}, "up to 500 changes"),
        ({"s": "firm_network", "d": 1}, "are the most"),
        ([1], "cannot be read"),
    ],
)
def test_a_link_is_not_trusted(page: Open, said: Any, words: str) -> None:
    one = page()
    assert words in one.refused("hello", fragment=pack(said))
    assert one.session.open_runs.watched == {}
    assert one.packets[0]["kind"] == "gallery"  # a wrong link leads to the gallery all the same
    assert one.session.registry.bytes == 0


def test_a_link_that_unpacks_to_a_bomb_is_refused() -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        share_links.read("1." + base64.urlsafe_b64encode(zlib.compress(b" " * 50_000_000, 9)).decode())
    with pytest.raises(UsageError, match="cannot be read"):
        share_links.read(pack_text("[" * 100_000))
    with pytest.raises(UsageError, match="newer chainwright"):
        share_links.read("2.abc")


def pack_text(text: str) -> str:
    return "1." + base64.urlsafe_b64encode(zlib.compress(text.encode())).decode()


@given(st.text(max_size=60) | st.text(alphabet="ABCdef123-_", max_size=60).map(lambda text: "1." + text))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    with pytest.raises(UsageError):
        share_links.read(text)


@pytest.mark.parametrize("seed", [2**53, 2**53 + 1, 2**63 - 1])
def test_a_link_tells_any_seed(page: Open, seed: int) -> None:
    one = page(given=Given(cw.load("beer_game"), "beer_game", seed=seed, run=seed))
    one.ask("hello", fragment="")
    told = one.timelines[one.state["a"]]
    # A page that counts with more digits than it has would tell another one.
    assert str(told["seed"]) == str(told["run"]) == str(seed)
    assert isinstance(told["seed"], int) == (seed <= 2**53)
    fragment = one.answer("share")["fragment"]
    other = page()
    other.ask("hello", fragment=fragment)
    again = other.session.open_runs.first.timeline
    assert (again.seed, again.run) == (seed, seed)


def test_what_is_done_without_a_word_has_a_short_label_that_a_link_can_tell(page: Open) -> None:
    one = page()
    timeline = one.open("beer_game")
    pattern = [4.0] * 200
    settings = {"enterprises.drinkers.items.beer.demand": {"policy": "list", "values": pattern}}
    acts = [packet for packet in one.ask("act", timeline=timeline, period=3, settings=settings) if packet["kind"] == "acts"]
    assert acts, one.packets[-3:]
    assert len(acts[0]["acts"][0]["label"]) == 300
    other = page()
    other.ask("hello", fragment=one.answer("share")["fragment"])
    assert other.session.open_runs.first.timeline.interventions == one.session.open_runs.first.timeline.interventions
