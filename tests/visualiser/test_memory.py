"""Where the memory ends: what is refused leaves the page and the session as they were, and what was done is counted."""

from __future__ import annotations

import pytest

import chainwright as cw
from chainwright.app.visualiser.serving.limits import Limits
from chainwright.app.visualiser.serving.served_pages import new_pages
from tests.visualiser.conftest import Open, Page, agrees, same

MORE = {"policies.place_orders.retailer.target": 30}
ONE = cw.Timeline("beer_game").bytes


def test_what_cannot_be_opened_leaves_what_is_open(page: Open) -> None:
    one = page(Limits(all_bytes=2 * ONE))
    timeline = one.open("beer_game")
    one.ask("need", timeline=timeline, to=20)
    assert "something smaller" in one.refused("open", scenario="battery")
    agrees(one)
    one.ask("need", timeline=timeline, to=36)
    assert same(one.measures(timeline, 36), cw.run("beer_game").summary)
    # What takes the place of another needs no room beside it.
    assert one.open("beer_game", variant="pass_on") != timeline
    agrees(one)


def test_where_there_is_no_room_for_the_baseline_what_was_done_holds(page: Open) -> None:
    one = page(Limits(all_bytes=2 * ONE - 1))
    timeline = one.open("beer_game")
    one.ask("need", timeline=timeline, to=20)
    told = one.ask("act", timeline=timeline, period=20, seen=20, settings=MORE, label="")
    assert [packet["kind"] for packet in told if packet["kind"] in ("forget", "acts", "refused")] == ["forget", "acts"]
    assert "cannot be played beside it" in one.state["message"]["text"]
    agrees(one)
    one.ask("need", timeline=timeline, to=36)
    assert same(one.measures(timeline, 36), cw.run("beer_game", interventions=[(21, MORE)]).summary)
    one.ask("undo", timeline=timeline, number=None)
    agrees(one)


def test_what_finds_no_room_beside_closes_nothing(page: Open) -> None:
    one = page(Limits(all_bytes=2 * ONE, timelines=2))
    timeline = one.open("beer_game")
    one.ask("need", timeline=timeline, to=20)
    one.ask("branch", timeline=timeline, period=10)
    agrees(one)
    before = set(one.timelines)
    assert "close other pages" in one.refused("compare", scenario="battery")
    assert "close other pages" in one.refused("branch", timeline=timeline, period=12)
    assert set(one.timelines) == before
    agrees(one)


def test_what_is_done_is_counted_and_too_much_of_it_refused(page: Open) -> None:
    # Goods that are ten thousand periods on their way fill a place for each.
    long = {"lanes.brewery>distributor.transport_time": 10_000}
    taken = cw.Timeline("beer_game", interventions=[(21, long)]).bytes
    assert taken > 2 * ONE
    small = page(Limits(timeline_bytes=taken - 1))
    timeline = small.open("beer_game")
    small.ask("need", timeline=timeline, to=30)
    assert "with 1 change" in small.refused("act", timeline=timeline, period=30, seen=30, settings=long)
    assert small.timelines[timeline]["acts"] == []
    agrees(small)

    full = page(Limits(all_bytes=taken - 1))
    timeline = full.open("beer_game")
    full.ask("need", timeline=timeline, to=30)
    assert "close other pages" in full.refused("act", timeline=timeline, period=30, seen=30, settings=long)
    assert "close other pages" in full.refused("act", timeline=timeline, period=20, seen=30, settings=long)
    agrees(full)
    full.ask("need", timeline=timeline, to=36)
    assert same(full.measures(timeline, 36), cw.run("beer_game").summary)

    large = page()
    timeline = large.open("beer_game")
    large.ask("act", timeline=timeline, period=20, seen=20, settings=long, label="")
    assert large.session.registry.bytes == taken + ONE  # and the baseline
    agrees(large)
    large.ask("undo", timeline=timeline, number=None)
    assert large.session.registry.bytes == ONE


def test_nobody_goes_on_for_a_page_that_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    registry = new_pages()
    one = Page(registry)
    timeline = one.open("battery")
    played: list[int] = []
    play = cw.Timeline.play

    def slowly(self: cw.Timeline, periods: int = 1) -> None:
        play(self, periods)
        played.append(self.played)
        if self.played == 5:
            one.session.close(wait=False)

    monkeypatch.setattr(cw.Timeline, "play", slowly)
    one.session.receive({"kind": "inspect", "timeline": timeline, "period": 365, "enterprise": 0})
    one.session._worker.join(60)
    assert played == [1, 2, 3, 4, 5]
    assert registry.bytes == 0
