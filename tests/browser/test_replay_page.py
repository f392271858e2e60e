"""Replays in a real browser, opened as a file: enterprises and lanes, what is not in the file, keys, a telephone."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import chainwright as cw
from chainwright.experiment.timeline.inspector import inspect_lane, inspect_many
from chainwright.report import numerals
from chainwright.report.screen import replay
from tests.browser import axe
from tests.browser.settling import settle

CLOSURE = {"kind": "closure", "target": {"enterprise": "brewery"}, "duration": 4}
LABEL = "The brewery closes for 4 weeks"


@pytest.fixture(scope="module")
def timeline() -> Any:
    made = cw.Timeline("beer_game")
    made.play(30)
    made.disrupt(CLOSURE, period=20, label=LABEL)
    yield made
    made.close()


@pytest.fixture(scope="module")
def address(timeline: Any, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("replay") / "beer.html"
    return replay.write_replay(timeline, path, inspect=partial(inspect_many, acting=False)).as_uri()


def tab_of(browser: Any, address: str, width: int = 1280, height: int = 720, scheme: str = "light") -> Any:
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    tab = context.new_page()
    tab.wrong = []
    tab.on("pageerror", lambda error: tab.wrong.append(str(error)))
    tab.goto(address)
    tab.locator(".cw-network [data-enterprise]").first.wait_for()
    tab.evaluate("window.store = chainwright.store")
    settle(tab)
    return tab


def told(tab: Any, name: str) -> str:
    """A number of the inspector, by its name."""
    return str(tab.locator(".cw-inspector dl div", has=tab.locator("dt", has_text=name)).first.locator("dd").inner_text())


def test_a_lane_is_told_as_the_inspector_tells_it(browser: Any, address: str, timeline: Any) -> None:
    tab = tab_of(browser, address)
    tab.evaluate("store.set({period: 22, selected: {link: 2}})")
    tab.locator(".cw-inspector .sections dl").first.wait_for()
    assert tab.locator(".cw-inspector h2").inner_text() == "distributor → wholesaler"
    expected = inspect_lane(timeline, "distributor", "wholesaler", 22, acting=False)
    columns = {one["label"]: one["value"] for one in expected["sections"][0]["columns"]}
    for label in ("backorder", "shipped", "ordered", "received", "orders waiting", "in transit"):
        assert told(tab, label) == numerals.number(columns[label], 3)
    rows = [row for row in expected["sections"][-1]["rows"] if row["what"] == "goods"]
    amounts = tab.locator(".cw-inspector .coming.goods .amount").all_inner_texts()
    assert amounts == [numerals.number(row["amount"], 3) for row in rows]
    assert tab.wrong == []
    tab.close()


def test_what_is_told_of_some_periods_only_is_found(browser: Any, timeline: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def inspect(timeline: Any, names: Sequence[str], period: int) -> Any:
        return inspect_many(timeline, names, period, acting=False)

    monkeypatch.setattr(replay, "MOST_INSPECTIONS", 12_000)
    page = replay.write_replay(timeline, tmp_path / "some.html", inspect=inspect)
    tab = tab_of(browser, page.as_uri())
    there = tab.evaluate("store.told")
    assert 2 < len(there) < 31
    missing = there[1] + 1
    tab.evaluate("period => store.set({period, selected: {enterprise: 2}})", missing)
    button = tab.locator(".cw-inspector .later button")
    button.wait_for()
    # The numbers of the frames are there all the same.
    shown = tab.locator(".cw-inspector .live tr", has_text="on hand").locator("td").inner_text()
    assert shown == numerals.number(timeline.history.items["on_hand"][missing - 1][2], 3)
    button.focus()
    tab.keyboard.press("Enter")
    tab.locator(".cw-inspector .sections .steps").first.wait_for()
    assert tab.evaluate("store.state.period") == there[1]
    assert tab.evaluate("document.activeElement.closest('.cw-inspector') !== null")
    assert tab.wrong == []
    tab.close()


def test_flags_tell_what_was_done_and_nothing_can_be_done(browser: Any, address: str) -> None:
    tab = tab_of(browser, address)
    flag = tab.locator(".cw-timeline .flag")
    assert LABEL in str(flag.get_attribute("aria-label"))
    flag.focus()
    tab.keyboard.press("Enter")
    settle(tab)
    assert LABEL in tab.locator(".cw-timeline .opened").inner_text()
    assert tab.locator(".cw-timeline .opened button").count() == 0
    assert tab.evaluate("store.state.period") == 20
    for key in ("d", "b", "c", "u", "m", "s"):
        tab.keyboard.press(key)
        settle(tab)
    assert tab.evaluate("store.state.open") is None
    assert tab.wrong == []
    tab.close()


def test_it_is_scrubbed_and_played_by_keys_alone_to_its_end(browser: Any, address: str) -> None:
    tab = tab_of(browser, address)
    at = "store.state.period"
    for key, period in (("End", 30), ("ArrowLeft", 29), ("Shift+ArrowLeft", 19), ("Home", 0), ("ArrowRight", 1), ("Shift+ArrowRight", 11)):
        tab.keyboard.press(key)
        settle(tab)
        assert tab.evaluate(at) == period
    for _ in range(4):
        tab.keyboard.press("+")
    assert tab.evaluate("store.state.speed") == 0
    tab.keyboard.press("Space")
    tab.wait_for_function("!store.state.playing")
    assert tab.evaluate(at) == 30
    assert tab.wrong == []
    tab.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_telephone(browser: Any, address: str, scheme: str) -> None:
    tab = tab_of(browser, address, 360, 740, scheme)
    tab.evaluate("store.set({period: 22, selected: {link: 2}})")
    tab.locator(".cw-inspector .sections dl").first.wait_for()
    assert tab.evaluate("document.documentElement.scrollWidth") == 360
    assert axe.violations(tab) == []
    assert tab.wrong == []
    tab.close()
