"""A page with all parts that show a timeline, and packets of real timelines: the beer game, disrupted, branched, and with nothing done."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import chainwright as cw
from chainwright.report.screen.frames import acts, frames
from chainwright.report.screen.opening_packet import structure
from tests.browser.pages import page_of
from tests.browser.settling import settle

SEEN = 30
BRANCHED = 18
LABEL = "brewery closed for 4 weeks"
PARTS = '<div data-part="tiles"></div><div data-part="charts"></div><div data-part="timeline"></div>'
# As the visualiser's page begins: the parts are mounted, and the periods that have come have been seen.
BEGIN = """
(state) => {
  const cw = window.chainwright;
  cw.begin(store);
  store.seen = Object.fromEntries(Object.values(store.timelines).map((timeline) => [timeline.timeline, timeline.played]));
  store.set({view: "screen", ...state});
  for (const place of document.querySelectorAll("[data-part]")) cw.mount(place.dataset.part, place, store);
  window.player = cw.playerOf(store);
}
"""


@cache
def timelines(warm_up: int = 0) -> dict[str, Any]:
    """The beer game with its brewery closed (a), a branch of it that orders otherwise (b), and with nothing done by hand (z)."""
    timeline = cw.Timeline(cw.load("beer_game").with_({"warm_up": warm_up}))
    timeline.play(12)
    timeline.disrupt({"kind": "closure", "target": {"enterprise": "brewery"}, "duration": 4}, label=LABEL)
    timeline.play_to(SEEN)
    branch = timeline.branch(BRANCHED, label="another wholesaler")
    branch.act({"policies.place_orders.wholesaler.target": 45}, label="wholesaler: target 45")
    branch.play_to(SEEN)
    baseline = timeline.without_acts()
    baseline.play_to(SEEN)
    return {"a": timeline, "b": branch, "z": baseline}


def packets(warm_up: int = 0) -> list[dict[str, Any]]:
    """What the page is sent of them."""
    kept = timelines(warm_up)
    sent = [packet for name in ("a", "z") for packet in (structure(kept[name], name), acts(kept[name], name), frames(kept[name], name, 1, SEEN))]
    branch = {"kind": "branch", "timeline": "b", "parent": "a", "at": BRANCHED, "label": "another wholesaler"}
    return [*sent, branch, acts(kept["b"], "b"), frames(kept["b"], "b", BRANCHED + 1, SEEN)]


def opened(browser: Any, folder: Path, sent: list[dict[str, Any]], width: int = 1280, **state: Any) -> Any:
    """A tab with the parts; what goes wrong in it is kept in ``wrong``."""
    tab = browser.new_page(viewport={"width": width, "height": 720})
    tab.wrong = []
    tab.on("console", lambda message: tab.wrong.append(message.text))
    tab.on("pageerror", lambda error: tab.wrong.append(str(error)))
    tab.goto(page_of(folder, sent, PARTS))
    tab.evaluate(BEGIN, {"a": "a", "b": None, "period": SEEN, **state})
    settle(tab)
    return tab


def put(tab: Any, **state: Any) -> None:
    """Another state of the page, drawn."""
    tab.evaluate("state => store.set(state)", state)
    settle(tab)


def messages(tab: Any, kind: str) -> list[dict[str, Any]]:
    """What was sent to Python of one kind."""
    return [one for one in tab.evaluate("sent") if one["kind"] == kind]


def receive(tab: Any, **packet: Any) -> None:
    """A packet from Python, drawn."""
    tab.evaluate("packet => store.receive(packet)", packet)
    settle(tab)
