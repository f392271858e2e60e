"""The page of the visualiser: Solara components that mount the parts of the screen and carry messages."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import reacton.ipyvuetify as vuetify
import solara

from chainwright.app.visualiser.serving.served_pages import current
from chainwright.report.screen.bundle import library, style

# The parts in the order in which a reader of the page meets them.
PARTS = ("bar", "gallery", "tiles", "network", "charts", "inspector", "timeline", "panel")


def _the_same(one: Any, other: Any) -> bool:
    """Every post is another one; comparing what is in two of them would take longer than sending it."""
    return one is other


def _written(packet: Mapping[str, Any]) -> str:
    return json.dumps(packet, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


class Visit:
    """A session of this page with the value that carries what it sends, from whichever thread."""

    def __init__(self) -> None:
        # A text, since lists and mappings would be looked through for widgets, number by number, again and again.
        self.post: Any = solara.Reactive("", equals=_the_same)
        self._texts: dict[int, str] = {}
        self.gone = False
        self.session = current().open(self._publish)

    def _publish(self, post: dict[str, Any]) -> None:
        # What the page has not drawn yet is published again, and is written once.
        packets, kept = post["packets"], self._texts
        self._texts = {packet["number"]: kept.get(packet["number"]) or _written(packet) for packet in packets}
        try:
            self.post.set(f'{{"packets":[{",".join(self._texts.values())}]}}')
        except Exception:
            # A page that goes away while something is told to it hears no more.
            if not self.gone:
                raise

    def close(self) -> None:
        """The page is gone; its threads end by themselves, since one of them may be about to tell this page something."""
        self.gone = True
        self.session.close(wait=False)


@solara.component_vue("wire.vue", vuetify=False)
def Wire(post: str, library: str, event_message: Callable[[Any], None]) -> None:
    """Carries packets to the page and messages back."""


@solara.component_vue("part.vue", vuetify=False)
def Part(kind: str, options: Mapping[str, Any] = {}) -> None:
    """One part of the screen."""


@solara.component
def Connected(visit: Visit) -> None:
    """The wire of a session: the only component that is rendered again when something is sent."""
    Wire(post=visit.post.value, library=library(), event_message=visit.session.receive)


@solara.component
def Page() -> None:
    """What a visitor sees: the gallery, or a scenario that is played."""
    visit = solara.use_memo(Visit, [])
    solara.use_effect(lambda: visit.close, [])
    solara.Style(style())
    solara.Title("chainwright")
    with vuetify.Html(tag="div", class_="cw-screen"):
        Connected(visit)
        for kind in PARTS:
            Part(kind=kind)
            if kind == "network":
                Part(kind=kind, options={"side": "b"})
