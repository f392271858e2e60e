"""A page with bar, gallery, inspector and dialogs, packets of a real timeline, and nobody behind them, for tests in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import chainwright as cw
from chainwright.experiment.timeline.inspector import inspect, inspect_lane
from chainwright.experiment.timeline.timeline import Timeline
from chainwright.report.screen.frames import acts, frames
from chainwright.report.screen.opening_packet import structure
from tests.browser.pages import page_of
from tests.browser.settling import settle

PARTS = ("bar", "gallery", "inspector", "panel")
PERIOD = 24
CLOSURE = {"kind": "closure", "target": {"enterprise": "brewery"}, "duration": 4}
# The page is begun as the visualiser begins it; what is asked of Python is noted, and inspections are answered.
BEGIN = """
(answers) => {
  const cw = window.chainwright, store = cw.store;
  store.send = (message) => {
    window.sent.push(message);
    const row = message.enterprise !== undefined ? "e" + message.enterprise : "l" + message.link;
    if (message.kind === "inspect" && message.period === answers.period && answers[row])
      store.receive({...message, kind: "inspection", data: answers[row]});
    if (message.kind === "share") store.receive({kind: "share", ...answers.share});
  };
  cw.begin(store);
  for (const place of document.querySelectorAll("[data-part]")) cw.mount(place.dataset.part, place, store, {side: "a"});
}
"""


def card(name: str, title: str, lesson: str, variants: tuple[str, ...] = ()) -> dict[str, Any]:
    drawing = {"position": [[0, 0], [1, 0.5], [2, 0]], "links": [[0, 1], [1, 2]], "roles": ["supplier", "retailer", "customer"]}
    counts = {"enterprises": 3, "lanes": 2, "products": 1, "horizon": 36, "period_word": "week"}
    return {"name": name, "title": title, "lesson": lesson, "level": "introductory", "variants": list(variants), "drawing": drawing, **counts}


@pytest.fixture(scope="module")
def packets() -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """What a session would have sent of a beer game of 30 weeks whose brewery closed, and what it would answer to an inspector."""
    timeline = Timeline(cw.load("beer_game"))
    timeline.play(30)
    timeline.disrupt(CLOSURE, period=20, label="The brewery closes for 4 weeks")
    told = structure(timeline, "a") | {"parameters": [{"path": "p.level", "label": "level", "value": 10, "low": 0, "high": 20, "whole": True}]}
    before = timeline.without_acts()
    before.play_to(30)
    cards = [card("beer_game", "The beer game", "Orders swing.", ("pass_on",)), card("newsvendor", "<b>The newsvendor</b>", "One order a day.")]
    gallery = {"kind": "gallery", "scenarios": cards, "limits": {"upload_bytes": 1000}, "version": "1"}
    state = {"baseline": "b", "timelines": [{"id": "a", "label": "", "scenario": told["title"]}]}
    sent = [gallery, told, frames(timeline, "a", 1, 30), acts(timeline, "a")]
    sent += [structure(before, "b"), frames(before, "b", 1, 30), {"kind": "state", "state": state}]
    answers: dict[str, Any] = {"period": PERIOD, "e2": inspect(timeline, "wholesaler", PERIOD), "e4": inspect(timeline, "brewery", PERIOD)}
    answers["share"] = {"fragment": "1.abc", "qr": [[1, 0, 1], [0, 1, 0], [1, 0, 1]]}
    answers["l2"] = inspect_lane(timeline, "distributor", "wholesaler", PERIOD)
    return sent, answers


class Page:
    """A tab with the parts, and what it asked of Python."""

    def __init__(self, tab: Any) -> None:
        self.tab = tab

    def set(self, **state: Any) -> None:
        self.tab.evaluate("state => store.set(state)", state)
        settle(self.tab)

    def receive(self, **packet: Any) -> None:
        self.tab.evaluate("packet => store.receive(packet)", packet)
        settle(self.tab)

    def sent(self, kind: str) -> list[dict[str, Any]]:
        return [one for one in self.tab.evaluate("window.sent") if one["kind"] == kind]

    def watch(self, **state: Any) -> None:
        self.set(view="screen", a="a", period=PERIOD, **state)

    def press(self, key: str) -> None:
        self.tab.keyboard.press(key)
        self.set()


@pytest.fixture
def opened(browser: Any, tmp_path: Path, packets: Any) -> Iterator[Any]:
    """Makes pages; fails where anything went wrong on one of them."""
    wrong: list[str] = []
    contexts = []

    def make(width: int = 1280, height: int = 720, scheme: str = "light", **other: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        contexts.append(context)
        tab = context.new_page()
        tab.on("pageerror", lambda error: wrong.append(str(error)))
        tab.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        parts = "".join(f'<div data-part="{kind}"></div>' for kind in PARTS)
        sent, answers = packets
        tab.goto(page_of(tmp_path, sent, parts))
        tab.evaluate(BEGIN, {**answers, **other})
        page = Page(tab)
        page.set()
        return page

    yield make
    for context in contexts:
        context.close()
    assert wrong == []
