"""A page without a browser: what it sends, what it is told, and what it keeps of it, as the page's own script does."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chainwright.app.visualiser.open_pages import OpenPages
from chainwright.app.visualiser.serving.limits import Limits
from chainwright.app.visualiser.serving.served_pages import new_pages
from chainwright.app.visualiser.sources import Given

Packet = dict[str, Any]


class Page:
    """Draws everything at once, and puts frames together by itself."""

    def __init__(self, registry: OpenPages, draws: bool = True) -> None:
        self.packets: list[Packet] = []
        self.state: dict[str, Any] = {}
        self.timelines: dict[str, dict[str, Any]] = {}
        self.draws = draws
        self.last = 0
        self.lock = threading.Lock()
        self.session = registry.open(self._take)

    def _take(self, post: dict[str, Any]) -> None:
        with self.lock:
            fresh = [packet for packet in post["packets"] if packet["number"] > self.last]
            if not fresh:
                return
            self.last = fresh[-1]["number"]
            for packet in fresh:
                json.dumps(packet, allow_nan=False)  # what is sent is JSON
                self.packets.append(packet)
                self._keep(packet)
        if self.draws:
            self.draw()

    def draw(self) -> None:
        """Tell that everything is drawn."""
        self.session.receive({"kind": "drawn", "number": self.last})

    def _keep(self, packet: Packet) -> None:
        kind, number = packet["kind"], packet.get("timeline")
        if kind == "state":
            self.state |= packet["state"]
        elif kind == "structure":
            self.timelines[number] = {**packet, "frames": [], "acts": []}
        elif kind == "branch":
            parent = self.timelines[packet["parent"]]
            self.timelines[number] = {**parent, **packet, "frames": parent["frames"][: packet["at"]]}
        elif kind == "frames":
            kept = self.timelines[number]["frames"]
            assert packet["from"] <= len(kept) + 1
            del kept[packet["from"] - 1 :]
            for place in range(packet["to"] - packet["from"] + 1):
                kept.append({table: {name: packet[table][name][place] for name in packet[table]} for table in ("measures", "rates")})
        elif kind == "forget":
            del self.timelines[number]["frames"][packet["after"] :]
        elif kind == "acts" and number in self.timelines:
            self.timelines[number]["acts"] = packet["acts"]
        elif kind == "label":
            self.timelines[number]["label"] = packet["label"]
        elif kind == "drop":
            del self.timelines[number]

    def ask(self, kind: str, **said: Any) -> list[Packet]:
        """Send a message, wait until it is answered and played, and give what came."""
        before = len(self.packets)
        self.session.receive({"kind": kind, **said})
        assert self.session.settle(), "the session did not come to rest"
        return self.packets[before:]

    def answer(self, kind: str, **said: Any) -> Packet:
        """The last packet of the kind that a message asks for; what was refused fails the test."""
        expected = {"inspect": "inspection", "export": "file"}.get(kind, kind)
        found = self.ask(kind, **said)
        assert not [packet for packet in found if packet["kind"] == "refused"], found
        return [packet for packet in found if packet["kind"] == expected][-1]

    def refused(self, kind: str, **said: Any) -> str:
        """The one line that refuses a message."""
        lines = [packet["message"] for packet in self.ask(kind, **said) if packet["kind"] == "refused"]
        assert len(lines) == 1
        assert "\n" not in lines[0]
        assert "Traceback" not in lines[0]
        return str(lines[0])

    def open(self, scenario: str, **said: Any) -> str:
        """Open a scenario; what the page calls its timeline."""
        self.ask("open", scenario=scenario, **said)
        assert self.state["view"] == "screen", self.packets[-3:]
        return str(self.state["a"])

    def measures(self, timeline: str, period: int) -> dict[str, float | None]:
        """What the page shows at the end of a period."""
        found: dict[str, float | None] = self.timelines[timeline]["frames"][period - 1]["measures"]
        return found


Open = Callable[..., Page]


@pytest.fixture
def page() -> Iterator[Open]:
    """Opens pages, each of a server of its own, and closes them."""
    servers: list[OpenPages] = []

    def opened(limits: Limits | None = None, given: Given | None = None, draws: bool = True) -> Page:
        servers.append(new_pages(limits, given, "http://127.0.0.1:8765/"))
        return Page(servers[-1], draws)

    yield opened
    for server in servers:
        server.close()
        assert server.bytes == 0, "the memory of a timeline was not given back"


def same(shown: dict[str, float | None], summary: Any) -> bool:
    """Whether what a page shows equals, to the last digit, the summary of a run."""
    row = summary.iloc[0].drop("run")
    return set(shown) == set(row.index) and all((shown[name] is None and value != value) or shown[name] == value for name, value in row.items())


def agrees(one: Page) -> None:
    """What the page holds is what the session holds."""
    assert set(one.timelines) == set(one.session.open_runs.watched)
    assert [one.state[side] for side in ("a", "b", "baseline")] == [getattr(one.session.open_runs, side) for side in ("a", "b", "baseline")]
    assert one.session.registry.bytes == sum(each.size for each in one.session.open_runs.watched.values())
