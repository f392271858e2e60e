"""Timeline and player in a real browser: every way to another period."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chainwright.report.screen.frames import acts, frames
from chainwright.report.screen.opening_packet import structure
from tests.browser.settling import settle
from tests.browser.watched import BRANCHED, LABEL, SEEN, messages, opened, packets, put, receive, timelines


@pytest.fixture
def tab(browser: Any, tmp_path: Path) -> Iterator[Any]:
    made = opened(browser, tmp_path, packets(), baseline="z")
    yield made
    assert made.wrong == []
    made.close()


def tile(tab: Any, name: str, kind: str) -> float:
    """A full number of a tile, nothing where it has none."""
    text = tab.locator(f"[data-measure={name}]").get_attribute(f"data-{kind}")
    return float(text) if text else float("nan")


def period(tab: Any) -> int:
    return int(tab.evaluate("store.state.period"))


# --- timeline ----------------------------------------------------------------------------------------------------


def test_the_cursor_is_a_slider(tab: Any) -> None:
    handle = tab.get_by_role("slider")
    handle.focus()
    for key, wanted in (("Home", 0), ("ArrowRight", 1), ("PageUp", 11), ("ArrowLeft", 10), ("PageDown", 0), ("ArrowLeft", 0), ("End", SEEN)):
        tab.keyboard.press(key)
        settle(tab)
        assert (period(tab), handle.get_attribute("aria-valuenow")) == (wanted, str(wanted))
    assert handle.get_attribute("aria-valuetext") == f"Week {SEEN} of 36"
    assert messages(tab, "need") == []


def test_scrubbing_goes_where_the_pointer_is_and_asks_nobody(tab: Any) -> None:
    box = tab.locator(".cw-timeline .scale").bounding_box()
    tab.mouse.move(box["x"] + box["width"] * 20 / 36, box["y"] + 25)
    tab.mouse.down()
    for at in (18, 7, 12):
        tab.mouse.move(box["x"] + box["width"] * at / 36, box["y"] + 25)
        settle(tab)
        assert period(tab) == at
        assert tile(tab, "fill_rate", "value") == timelines()["a"].history.measures["fill_rate"][at - 1]
    # While one drags, the cursor stays where there is something to see; one plays on to where one lets go.
    tab.mouse.move(box["x"] + box["width"] * 34 / 36, box["y"] + 25)
    settle(tab)
    assert period(tab) == SEEN
    assert messages(tab, "need") == []
    tab.mouse.up()
    settle(tab)
    assert messages(tab, "need") == [{"kind": "need", "timeline": "a", "to": 34}]


def test_a_flag_leads_to_its_period_and_is_taken_back(tab: Any) -> None:
    flag = tab.get_by_role("button", name=f"{LABEL}, week 13")
    flag.click()
    settle(tab)
    assert period(tab) == 13
    assert "From week 13 on, for 4 weeks" in tab.locator(".cw-timeline .opened").inner_text()
    tab.keyboard.press("Escape")
    assert tab.locator(".cw-timeline .opened").is_hidden()
    flag.focus()
    tab.keyboard.press("Delete")
    assert messages(tab, "undo") == [{"kind": "undo", "timeline": "a", "number": 1}]
    flag.click()
    tab.get_by_role("button", name="Take it back").click()
    assert len(messages(tab, "undo")) == 2


def test_flags_that_would_cover_each_other_are_one_with_all_of_them(tab: Any) -> None:
    more = [
        {"number": number, "period": 13, "label": f"shop {number} closes", "kind": "disruption", "about": {"duration": number}} for number in (2, 3)
    ]
    far = {"number": 4, "period": 20, "label": "later", "kind": "lever", "about": {}}
    acts = tab.evaluate("store.timeline().acts")
    receive(tab, kind="acts", timeline="a", acts=[*acts, *more, far])
    flags = tab.locator(".cw-timeline .flag")
    assert [one.get_attribute("data-count") for one in flags.all()] == ["3", None]
    name = str(flags.first.get_attribute("aria-label"))
    assert [f"{label}, week 13" in name for label in (LABEL, "shop 2 closes", "shop 3 closes")] == [True] * 3
    flags.first.focus()
    # One cannot know which of them would be meant.
    tab.keyboard.press("Delete")
    tab.keyboard.press("Enter")
    settle(tab)
    assert messages(tab, "undo") == []
    assert tab.locator(".cw-timeline .opened .mark").count() == 3
    tab.get_by_role("button", name="Take it back: shop 3 closes").click()
    assert messages(tab, "undo") == [{"kind": "undo", "timeline": "a", "number": 3}]
    assert tab.locator(".cw-timeline .opened").is_hidden()
    # Where there is more room, those that stand apart have flags of their own again.
    receive(tab, kind="acts", timeline="a", acts=[*acts, {**far, "period": 14}])
    assert flags.count() == 2
    tab.set_viewport_size({"width": 360, "height": 740})
    tab.wait_for_function("document.querySelectorAll('.cw-timeline .flag').length === 1")
    tab.set_viewport_size({"width": 1280, "height": 720})
    tab.wait_for_function("document.querySelectorAll('.cw-timeline .flag').length === 2")


def test_rows_of_timelines_stay_while_one_plays(tab: Any) -> None:
    put(tab, b="b", timelines=[{"id": name, "label": label, "scenario": "beer_game"} for name, label in (("a", ""), ("b", "another"))])
    row = tab.locator(".cw-timeline .timeline").nth(1)
    row.focus()
    put(tab, period=9)
    assert tab.evaluate("document.activeElement.dataset.timeline") == "b"


def test_timelines_are_rows_on_one_scale(tab: Any) -> None:
    assert tab.locator(".cw-timeline .timeline").count() == 0
    put(tab, b="b", timelines=[{"id": name, "label": label, "scenario": "beer_game"} for name, label in (("a", ""), ("b", "another"), ("z", ""))])
    rows = tab.locator(".cw-timeline .timeline")
    assert [one.get_attribute("data-timeline") for one in rows.all()] == ["a", "b"]
    track = tab.locator(".cw-timeline .track").bounding_box()
    bar = rows.nth(1).locator(".bar").bounding_box()
    assert (bar["x"] - track["x"]) / track["width"] == pytest.approx(BRANCHED / 36, abs=0.003)
    assert (bar["x"] + bar["width"] - track["x"]) / track["width"] == pytest.approx(SEEN / 36, abs=0.003)
    rows.nth(1).click()
    settle(tab)
    # What stood beside is now what is watched, and the other way round.
    assert tab.evaluate("[store.state.a, store.state.b, store.state.period]") == ["b", "a", SEEN]


def test_one_branches_here_and_goes_back_to_now(tab: Any) -> None:
    put(tab, period=14)
    tab.locator(".cw-timeline").get_by_role("button", name="Branch").click()
    assert messages(tab, "branch") == [{"kind": "branch", "timeline": "a", "period": 14}]
    tab.get_by_role("button", name="To now").click()
    settle(tab)
    assert period(tab) == SEEN
    assert tab.get_by_role("button", name="To now").is_disabled()


# --- the player --------------------------------------------------------------------------------------------------

# Python, as far as playing goes: what is needed is sent in packets of single periods, a little later.
ANSWERING = """
(later) => {
  store.send = (message) => {
    sent.push({...message, shown: store.state.period});
    if (message.kind !== "need") return;
    setTimeout(() => later.filter((one) => one.timeline === message.timeline && one.to <= message.to).forEach((one) => store.receive(one)), 3);
  };
  window.periods = [];
  store.listen((keys) => keys.has("period") && periods.push(store.state.period));
}
"""


def played(browser: Any, folder: Path, here: int, **state: Any) -> Any:
    """A tab that has the first periods of two timelines, and is sent the others when it asks."""
    kept = {"a": timelines()["a"], "b": timelines()["z"]}
    sent = [one for name in kept for one in (structure(kept[name], name), acts(kept[name], name), frames(kept[name], name, 1, here))]
    tab = opened(browser, folder, sent, **{"period": here, **state})
    tab.evaluate(ANSWERING, [frames(timeline, name, at, at) for name, timeline in kept.items() for at in range(here + 1, SEEN + 1)])
    return tab


def test_playing_shows_every_period_once_and_is_a_little_ahead(browser: Any, tmp_path: Path) -> None:
    tab = played(browser, tmp_path, 3, speed=0)
    tab.evaluate("player.play()")
    tab.wait_for_function(f"periods[periods.length - 1] === {SEEN}")
    assert tab.evaluate("periods") == list(range(4, SEEN + 1))
    wanted = [one["to"] for one in messages(tab, "need")]
    assert wanted == sorted(set(wanted))
    # Several periods with each question, and never more than five before they are shown.
    assert len(wanted) <= (36 - 3) / 3 + 1
    assert tab.evaluate("store.state.playing")
    tab.evaluate("player.pause()")
    settle(tab)
    assert tab.evaluate("[store.state.playing, store.timeline().played, store.seen.a]") == [False, SEEN, SEEN]
    tab.close()


def test_each_press_of_play_begins_with_one_period(browser: Any, tmp_path: Path) -> None:
    tab = played(browser, tmp_path, 30, speed=1, period=5)
    for begin in (5, 6):
        tab.evaluate("player.play()")
        tab.wait_for_function("begin => store.state.period > begin", arg=begin)
        # Some frames of the page, of which each would have shown a period of a burst; the next period is due in a second.
        settle(tab)
        assert period(tab) == begin + 1
        tab.evaluate("player.pause()")
        settle(tab)
    tab.close()


def test_slowly_one_asks_for_no_more_than_is_shown(browser: Any, tmp_path: Path) -> None:
    tab = played(browser, tmp_path, 5, speed=2)
    tab.evaluate("player.play()")
    tab.wait_for_function("store.state.period >= 7")
    tab.evaluate("player.pause()")
    asked = messages(tab, "need")
    assert [one["to"] for one in asked][:2] == [6, 7]
    # The next one, when it is due: the last may still be on its way.
    assert [one["to"] for one in asked] == [one["shown"] + 1 for one in asked]
    tab.close()


def test_two_timelines_are_played_together(browser: Any, tmp_path: Path) -> None:
    tab = played(browser, tmp_path, 4, speed=0, b="b")
    tab.evaluate("player.to(20)")
    tab.wait_for_function("store.state.period === 20")
    settle(tab)
    assert {one["timeline"] for one in messages(tab, "need")} == {"a", "b"}
    assert tab.evaluate("[store.timelines.a.played, store.timelines.b.played, store.seen.b]") == [20, 20, 20]
    tab.evaluate("player.step(); player.back(); player.back()")
    settle(tab)
    assert period(tab) == 18
    tab.close()


def test_what_is_forgotten_is_asked_for_again(browser: Any, tmp_path: Path) -> None:
    tab = played(browser, tmp_path, 10, speed=0)
    tab.evaluate("player.to(16)")
    tab.wait_for_function("store.state.period === 16")
    tab.evaluate("store.receive({kind: 'forget', timeline: 'a', after: 12})")
    tab.wait_for_function("store.timeline().played === 16")
    assert [one["to"] for one in messages(tab, "need")] == [16, 16]
    assert period(tab) == 16
    tab.close()


def test_playing_stops_at_the_horizon_and_begins_again_from_the_start(tab: Any) -> None:
    tab.evaluate("() => { for (const id of ['a', 'z']) store.timelines[id].horizon = 30; store.set({period: 28, speed: 0}); player.play(); }")
    tab.wait_for_function("store.state.period === 30 && !store.state.playing")
    assert messages(tab, "need") == []
    tab.evaluate("player.play()")
    tab.wait_for_function("store.state.period > 2 && store.state.period < 30")
    tab.evaluate("player.faster(); player.slower(); player.slower(); player.pause()")
    assert tab.evaluate("store.state.speed") == 8
