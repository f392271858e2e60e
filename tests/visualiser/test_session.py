"""The session of a page: playing, doing, undoing, branching and comparing, with the numbers of `cw.run`."""

from __future__ import annotations

from typing import Any

import pytest

import chainwright as cw
from chainwright.app.visualiser.open_runs import OpenRuns
from chainwright.app.visualiser.serving.limits import Limits
from chainwright.app.visualiser.sharing import share_links
from chainwright.app.visualiser.sources import Given
from chainwright.report.screen.frames import DRAWN
from tests.visualiser.conftest import Open, Page, same

CLOSURE = {"kind": "closure", "target": {"enterprise": "brewery"}, "duration": 4}
MORE = {"policies.place_orders.retailer.target": 30}


def closed(start: int) -> tuple[int, dict[str, Any]]:
    return start, {"disruptions": [{"start": start, **CLOSURE}]}


def test_it_begins_in_the_gallery(page: Open) -> None:
    told = page().ask("hello", fragment="", language="en")
    assert [packet["kind"] for packet in told] == ["gallery", "state"]
    assert told[-1]["state"]["view"] == "gallery"


def test_it_begins_with_what_the_command_line_names(page: Open) -> None:
    one = page(given=Given(cw.load("beer_game").variant("pass_on"), "beer_game", "pass_on", seed=7, run=2))
    one.ask("hello", fragment="")
    timeline = one.timelines[one.state["a"]]
    assert (one.state["view"], timeline["variant"], timeline["seed"], timeline["run"]) == ("screen", "pass_on", 7, 2)
    # Back in the gallery, the address says so, and stays there when the page is loaded again.
    one.ask("hello", fragment="gallery")
    assert one.state["view"] == "gallery"


def test_it_plays_what_is_needed_and_no_further(page: Open) -> None:
    one = page()
    timeline = one.open("beer_game")
    told = one.ask("need", timeline=timeline, to=30)
    assert {packet["kind"] for packet in told} == {"frames"}
    assert all(packet["to"] - packet["from"] < 20 for packet in told)
    assert (told[0]["from"], told[-1]["to"], len(one.timelines[timeline]["frames"])) == (1, 30, 30)
    assert one.ask("need", timeline=timeline, to=20) == []
    one.ask("need", timeline=timeline, to=10_000)
    assert len(one.timelines[timeline]["frames"]) == 36
    assert same(one.measures(timeline, 36), cw.run("beer_game").summary)
    assert same(one.measures(timeline, 12), cw.run("beer_game", periods=12).summary)


def test_no_more_than_two_packets_wait_for_a_page_that_does_not_draw(page: Open) -> None:
    one = page(draws=False)
    one.ask("open", scenario="battery")
    for _ in range(3):
        one.ask("need", timeline="c1", to=365)
    assert one.session.outbox.count("frames") == 2
    before = len(one.timelines["c1"]["frames"])
    one.ask("drawn", number=one.last)
    assert before < len(one.timelines["c1"]["frames"]) <= before + 40


def test_the_seed_is_the_page_s(page: Open) -> None:
    one = page()
    timeline = one.open("newsvendor", seed=99)
    one.ask("need", timeline=timeline, to=150)
    assert same(one.measures(timeline, 150), cw.run("newsvendor", seed=99, periods=150).summary)
    assert one.measures(timeline, 100)["fill_rate"] is None  # nothing is measured during the warm-up


def test_a_disruption_holds_from_the_period_after_the_one_that_is_looked_at(page: Open) -> None:
    one = page()
    timeline = one.open("beer_game")
    one.ask("need", timeline=timeline, to=30)
    told = one.ask("disrupt", timeline=timeline, period=20, seen=20, disruption=CLOSURE, label="closed for 4 weeks")
    assert {"kind": "forget", "timeline": timeline, "after": 20}.items() <= told[0].items()
    (act,) = one.timelines[timeline]["acts"]
    assert (act["period"], act["kind"], act["label"], act["about"]["enterprise"]) == (21, "disruption", "closed for 4 weeks", "brewery")
    one.ask("need", timeline=timeline, to=36)
    assert same(one.measures(timeline, 36), cw.run("beer_game", interventions=[closed(21)]).summary)


def test_with_something_done_the_baseline_goes_along(page: Open) -> None:
    one = page()
    timeline = one.open("beer_game")
    assert one.state["baseline"] is None
    one.ask("act", timeline=timeline, period=0, seen=0, settings=MORE, label="")
    baseline = one.state["baseline"]
    assert one.timelines[baseline]["hidden"]
    assert baseline not in [known["id"] for known in one.state["timelines"]]
    told = one.ask("need", timeline=timeline, to=36)
    of_baseline = [packet for packet in told if packet.get("timeline") == baseline]
    assert of_baseline
    assert not any("items" in packet or "lanes" in packet for packet in of_baseline)
    assert same(one.measures(baseline, 36), cw.run("beer_game").summary)
    one.ask("undo", timeline=timeline, number=None)
    assert one.state["baseline"] is None
    assert baseline not in one.timelines


def test_looking_back_an_act_begins_a_branch_and_the_past_stays(page: Open) -> None:
    one = page()
    timeline = one.open("beer_game")
    one.ask("need", timeline=timeline, to=36)
    one.ask("disrupt", timeline=timeline, period=36 - 16, seen=20, disruption=CLOSURE, label="")
    one.ask("need", timeline=timeline, to=36)
    before = [dict(frame["measures"]) for frame in one.timelines[timeline]["frames"]]
    one.ask("act", timeline=timeline, period=12, seen=36, settings=MORE, label="more")
    made = one.state["a"]
    assert (made != timeline, one.state["b"]) == (True, timeline)
    assert [frame["measures"] for frame in one.timelines[timeline]["frames"]] == before
    # What was done later than where it begins is not part of it.
    assert [act["period"] for act in one.timelines[made]["acts"]] == [13]
    one.ask("need", timeline=made, to=36)
    assert same(one.measures(made, 12), cw.run("beer_game", periods=12).summary)
    assert same(one.measures(made, 36), cw.run("beer_game", interventions=[(13, MORE)]).summary)


def test_the_same_closure_under_a_better_policy(page: Open) -> None:
    one = page()
    timeline = one.open("beer_game")
    one.ask("need", timeline=timeline, to=12)
    one.ask("disrupt", timeline=timeline, period=12, seen=12, disruption=CLOSURE)
    one.ask("need", timeline=timeline, to=30)
    one.ask("act", timeline=timeline, period=5, seen=30, settings=MORE, label="", keep=True)
    made = one.state["a"]
    one.ask("need", timeline=made, to=30)
    assert [act["period"] for act in one.timelines[made]["acts"]] == [13, 6]
    repeated = cw.run("beer_game", periods=30, interventions=[closed(13), (6, MORE)])
    assert same(one.measures(made, 30), repeated.summary)
    # What was left out is left out, and a branch may be called something.
    one.ask("branch", timeline=made, period=3, label="neither of them")
    assert one.timelines[one.state["a"]]["acts"] == []
    assert one.timelines[one.state["a"]]["label"] == "neither of them"
    one.ask("branch", timeline=made, period=3, keep=True)
    assert len(one.timelines[one.state["a"]]["acts"]) == 2


def test_a_run_is_renamed_and_its_link_says_so(page: Open) -> None:
    one = page()
    timeline = one.open("beer_game")
    one.ask("rename", timeline=timeline, label="  the strike\n of spring ")
    assert one.timelines[timeline]["label"] == "the strike of spring"
    assert one.state["timelines"][0]["label"] == "the strike of spring"
    assert share_links.read(one.answer("share")["fragment"]).label == "the strike of spring"
    assert "true or false" in one.refused("branch", timeline=timeline, period=0, keep="yes")
    assert "not open any more" in one.refused("rename", timeline="c9", label="x")


def test_a_branch_shares_the_past(page: Open) -> None:
    one = page()
    timeline = one.open("battery")
    one.ask("need", timeline=timeline, to=90)
    told = one.ask("branch", timeline=timeline, period=70)
    made = told[0]["timeline"]
    assert (told[0]["kind"], told[0]["parent"], told[0]["at"], one.state["a"], one.state["b"]) == ("branch", timeline, 70, made, timeline)
    one.ask("need", timeline=made, to=90)
    assert one.measures(made, 90) == one.measures(timeline, 90)


def test_two_thousand_enterprises_are_sent_by_tiers(page: Open) -> None:
    one = page()
    timeline = one.open("ten_thousand", variant="two_thousand")
    sent = [packet for packet in one.ask("need", timeline=timeline, to=4) if packet["kind"] == "frames"]
    assert [len(group["enterprises"]) for group in one.timelines[timeline]["groups"]] == [1000, 600, 200, 160, 40]
    assert all(set(packet[table]) == set(columns) for packet in sent for table, columns in DRAWN.items())
    # The rest is told of those who are looked at.
    (found,) = [packet for packet in one.ask("inspect", timeline=timeline, period=4, enterprise=1500) if packet["kind"] == "inspection"]
    assert found["data"]


def test_two_that_are_compared_change_places(page: Open) -> None:
    one = page()
    timeline = one.open("beer_game")
    assert "nothing stands beside" in one.refused("swap")
    one.ask("need", timeline=timeline, to=20)
    one.ask("disrupt", timeline=timeline, period=20, seen=20, disruption=CLOSURE, label="")
    one.ask("need", timeline=timeline, to=30)
    one.ask("branch", timeline=timeline, period=10)
    made = one.state["a"]
    one.ask("swap")
    assert (one.state["a"], one.state["b"]) == (timeline, made)
    # What is shared is what is watched, with the closure that the branch never met.
    assert [act.kind for act in one.session.open_runs.first.timeline.acts] == ["disruption"]
    assert one.state["baseline"] is not None
    one.ask("swap")
    assert (one.state["a"], one.state["b"], one.state["baseline"]) == (made, timeline, None)


def test_any_open_timeline_can_be_watched(page: Open) -> None:
    one = page()
    timeline = one.open("beer_game")
    one.ask("need", timeline=timeline, to=20)
    one.ask("act", timeline=timeline, period=20, seen=20, settings=MORE, label="")
    one.ask("need", timeline=timeline, to=30)
    one.ask("branch", timeline=timeline, period=10)
    made = one.state["a"]
    one.ask("branch", timeline=timeline, period=15)
    other = one.state["a"]
    # What stands beside changes places; of the others one is watched, and what stands beside stays.
    one.ask("watch", timeline=timeline)
    assert (one.state["a"], one.state["b"]) == (timeline, other)
    assert one.state["baseline"] in one.timelines
    assert "interventions" in one.answer("code")["text"]
    one.ask("watch", timeline=made)
    assert (one.state["a"], one.state["b"]) == (made, other)
    assert "interventions" not in one.answer("code")["text"]
    # It is there as far as what was watched before.
    assert len(one.timelines[made]["frames"]) == 30
    one.ask("watch", timeline=made)
    assert (one.state["a"], one.state["b"]) == (made, other)
    timeline = one.open("newsvendor")
    one.ask("act", timeline=timeline, period=0, seen=0, settings={"policies.place_orders.stand.level": 30}, label="")
    assert "not drawn" in one.refused("watch", timeline=one.state["baseline"])
    assert "not open any more" in one.refused("watch", timeline="c99")


def test_undo_plays_again_as_if_it_had_never_happened(page: Open) -> None:
    one = page()
    timeline = one.open("beer_game")
    one.ask("need", timeline=timeline, to=10)
    one.ask("act", timeline=timeline, period=10, seen=10, settings=MORE, label="")
    one.ask("need", timeline=timeline, to=15)
    one.ask("disrupt", timeline=timeline, period=15, seen=15, disruption=CLOSURE, label="")
    one.ask("need", timeline=timeline, to=36)
    first = one.timelines[timeline]["acts"][0]["number"]
    told = one.ask("undo", timeline=timeline, number=first)
    assert told[0]["kind"] == "forget"
    assert len(one.timelines[timeline]["frames"]) == 36
    assert same(one.measures(timeline, 36), cw.run("beer_game", interventions=[closed(16)]).summary)


def test_what_is_refused_changes_nothing(page: Open) -> None:
    one = page()
    timeline = one.open("beer_game")
    one.ask("need", timeline=timeline, to=20)
    wrong = CLOSURE | {"target": {"enterprise": "brewry"}}
    assert "did you mean 'brewery'" in one.refused("disrupt", timeline=timeline, period=10, seen=10, disruption=wrong)
    assert "place_orders" in one.refused("act", timeline=timeline, period=5, seen=20, settings={"policies.place_ordres.default.target": 5})
    assert one.timelines[timeline]["acts"] == []
    assert one.state["a"] == timeline
    assert len(one.session.open_runs.watched) == 1
    one.ask("need", timeline=timeline, to=36)
    assert one.ask("inspect", timeline=timeline, period=18, enterprise=1)[-1]["kind"] == "inspection"
    assert same(one.measures(timeline, 36), cw.run("beer_game").summary)


def test_a_variant_beside_it_has_the_same_draws(page: Open) -> None:
    one = page()
    timeline = one.open("battery", seed=5)
    one.ask("need", timeline=timeline, to=80)
    one.ask("compare", scenario=one.timelines[timeline]["name"], variant="nervous")
    other = one.state["b"]
    assert one.state["a"] == timeline
    assert same(one.measures(other, 80), cw.run(cw.load("battery").variant("nervous"), seed=5, periods=80).summary)
    one.ask("compare")
    assert one.state["b"] is None


def test_the_baseline_can_stand_beside(page: Open) -> None:
    one = page()
    timeline = one.open("beer_game")
    one.ask("need", timeline=timeline, to=20)
    one.ask("act", timeline=timeline, period=20, seen=20, settings=MORE, label="")
    one.ask("need", timeline=timeline, to=30)
    baseline = one.state["baseline"]
    told = one.ask("compare", timeline=baseline)
    assert (told[0]["kind"], told[0]["at"], one.state["b"]) == ("branch", 20, baseline)
    assert any("items" in packet for packet in told if packet["kind"] == "frames")
    assert one.timelines[baseline]["enterprises"]
    assert same(one.measures(baseline, 30), cw.run("beer_game", periods=30).summary)


def test_the_inspector_is_told_in_words_and_numbers(page: Open) -> None:
    one = page()
    timeline = one.open("beer_game")
    one.ask("need", timeline=timeline, to=9)
    told = one.answer("inspect", timeline=timeline, period=9, enterprise=2)
    assert (told["period"], told["enterprise"], told["data"]["enterprise"]) == (9, 2, "wholesaler")
    link = one.timelines[timeline]["links"][1]
    names = [firm["name"] for firm in one.timelines[timeline]["enterprises"]]
    told = one.answer("inspect", timeline=timeline, period=9, link=1)["data"]
    assert (told["seller"], told["buyer"]) == (names[link["from"]], names[link["to"]])


def test_another_scenario_takes_the_place_of_the_first(page: Open) -> None:
    one = page()
    first = one.open("beer_game")
    one.ask("branch", timeline=first, period=0)
    second = one.open("two_sources")
    assert list(one.timelines) == [second]
    assert "not open any more" in one.refused("need", timeline=first, to=3)


def test_the_oldest_timeline_makes_room(page: Open) -> None:
    one = page(Limits(timelines=3))
    timeline = one.open("beer_game")
    for _ in range(4):
        one.ask("branch", timeline=one.state["a"], period=0)
    assert len(one.timelines) == 3
    assert timeline not in one.timelines
    assert "message" not in one.state
    # What was done by hand is not closed without a word.
    branch = one.state["a"]
    closure = {"kind": "closure", "target": {"enterprise": "brewery"}, "duration": 1}
    one.ask("disrupt", timeline=branch, period=2, seen=2, disruption=closure, label="x")
    for _ in range(4):
        one.ask("branch", timeline=one.state["a"], period=0)
    assert branch not in one.timelines
    assert "“from week 0” was closed" in one.state["message"]["text"]


def test_a_period_that_fails_ends_playing_and_not_the_session(page: Open, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    one = page()
    timeline = one.open("beer_game")
    whole = OpenRuns.play_on

    def broken(open_runs: OpenRuns) -> bool:
        raise ZeroDivisionError("a fault")

    monkeypatch.setattr(OpenRuns, "play_on", broken)
    line = one.refused("need", timeline=timeline, to=5)
    assert "ZeroDivisionError" in line
    assert "a fault" in caplog.text  # what is nobody's mistake is logged
    monkeypatch.setattr(OpenRuns, "play_on", whole)
    one.ask("need", timeline=timeline, to=5)
    assert len(one.timelines[timeline]["frames"]) == 5


def test_leaving_keeps_what_was_watched_until_something_else_is_opened(page: Open) -> None:
    one: Page = page()
    timeline = one.open("beer_game")
    one.ask("need", timeline=timeline, to=8)
    fragment = one.answer("share", period=8)["fragment"]
    one.ask("leave")
    assert one.state["view"] == "gallery"
    told = one.ask("hello", fragment=fragment)
    assert (one.state["view"], one.state["a"]) == ("screen", timeline)
    assert "structure" not in [packet["kind"] for packet in told]
