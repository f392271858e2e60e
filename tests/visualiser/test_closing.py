"""Closing a page gives back everything that it held: threads, timelines, memory; sessions need no web server."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
import weakref
from typing import Any

import pytest

from chainwright.app.visualiser.outbox import Outbox
from chainwright.app.visualiser.serving.served_pages import new_pages
from chainwright.app.visualiser.session import MOST_UNDRAWN, MOST_WAITING
from chainwright.experiment.timeline.timeline import Timeline
from tests.visualiser.conftest import Page

SESSIONS = 30


@pytest.mark.slow
def test_thirty_sessions_opened_and_closed_leave_no_thread_and_no_timeline() -> None:
    before = set(threading.enumerate())
    registry = new_pages()
    pages = [Page(registry) for _ in range(SESSIONS)]
    timelines: list[weakref.ref[Timeline]] = []
    for number, one in enumerate(pages):
        timeline = one.open("beer_game")
        one.ask("need", timeline=timeline, to=10)
        one.ask("act", timeline=timeline, period=5, seen=10, settings={"policies.place_orders.retailer.target": 20}, label="")
        one.session.receive({"kind": "bands", "timeline": timeline, "runs": 100})
        one.session.receive({"kind": "need", "timeline": one.state["a"], "to": 36})
        timelines += [weakref.ref(each.timeline) for each in one.session.open_runs.watched.values()]
        if number % 2:
            one.session.close()
    assert registry.count == SESSIONS // 2
    registry.close()
    assert registry.count == registry.bytes == 0
    assert [thread for thread in threading.enumerate() if thread not in before] == []
    sessions = [weakref.ref(one.session) for one in pages]
    del pages, one, timeline
    gc.collect()
    assert [one for one in timelines if one() is not None] == []
    assert [one for one in sessions if one() is not None] == []
    assert len(timelines) >= 2 * SESSIONS


def test_a_closed_session_hears_and_says_nothing() -> None:
    registry = new_pages()
    one = Page(registry)
    timeline = one.open("beer_game")
    one.session.close()
    count = len(one.packets)
    one.session.receive({"kind": "need", "timeline": timeline, "to": 36})
    one.session.send({"kind": "note"})
    assert len(one.packets) == count
    one.session.close()
    assert registry.count == 0


def test_a_page_that_goes_away_in_the_midst_of_work_ends_it() -> None:
    registry = new_pages()
    one = Page(registry)
    one.open("battery")
    one.session.receive({"kind": "need", "timeline": "c1", "to": 365})
    one.session.receive({"kind": "bands", "timeline": "c1", "runs": 200})
    one.session.close(wait=False)  # as the page's own machinery does
    one.session._worker.join(60)
    assert not one.session._worker.is_alive()
    assert registry.bytes == 0


def test_who_publishes_for_long_keeps_nobody_from_being_heard() -> None:
    # Whoever publishes may himself wait for whoever receives, as a page's own machinery does: were he to wait in turn, both would for ever.
    publishing, go = threading.Event(), threading.Event()

    def publish(post: dict[str, Any]) -> None:
        if post["packets"][-1]["kind"] == "note":
            publishing.set()
            go.wait(60)

    registry = new_pages()
    session = registry.open(publish)
    session.receive({"kind": "open", "scenario": "beer_game"})
    assert session.settle()
    teller = threading.Thread(target=session.send, args=({"kind": "note"},), daemon=True)
    teller.start()
    assert publishing.wait(60)
    # The session's own thread takes the first, and then looks whether there is something to play.
    heard = True
    for _ in range(20):
        asker = threading.Thread(target=session.receive, args=({"kind": "cancel"},), daemon=True)
        asker.start()
        asker.join(10)
        heard = heard and not asker.is_alive()
        if not heard:
            break
    go.set()
    assert heard
    assert session.settle()
    session.close()
    assert not session._worker.is_alive()


def test_a_session_imports_no_web_server() -> None:
    program = (
        "import sys, chainwright.app.visualiser.session, chainwright.app.visualiser.serving.access, chainwright.app.visualiser.serving.server;"
        "print(sorted({'solara', 'ipyvue', 'uvicorn', 'starlette', 'matplotlib', 'mesa', 'segno'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


class Behind:
    """A page that draws nothing until it is told to."""

    def __init__(self) -> None:
        self.most = 0
        self.post: dict[str, Any] = {"packets": []}

    def __call__(self, post: dict[str, Any]) -> None:
        self.most = max(self.most, len(post["packets"]))
        self.post = post


def test_a_page_that_draws_nothing_is_answered_once_it_has_drawn() -> None:
    registry, page = new_pages(), Behind()
    session = registry.open(page)
    session.receive({"kind": "open", "scenario": "beer_game"})
    for _ in range(MOST_WAITING - 10):
        session.receive({"kind": "code"})
    assert session.settle()
    assert page.most <= MOST_UNDRAWN + 5
    told = 0
    while page.post["packets"]:
        told += len(page.post["packets"])
        last = page.post["packets"][-1]["number"]
        page.post = {"packets": []}
        session.receive({"kind": "drawn", "number": last})
        assert session.settle()
    assert told >= MOST_WAITING - 10
    session.close()
    assert not session._worker.is_alive()


def test_of_how_far_a_job_is_only_the_latest_waits() -> None:
    page = Behind()
    outbox = Outbox(page)
    for done in range(1000):
        for job in ("bands", "many"):
            outbox.put({"kind": job, "job": job, "done": done, "of": 1000})
    outbox.put({"kind": "bands", "job": "bands", "done": 1000, "of": 1000, "ended": True})
    outbox.put({"kind": "bands", "job": "bands", "done": 0, "of": 10})
    assert [(one["job"], one["done"]) for one in page.post["packets"]] == [("many", 999), ("bands", 1000), ("bands", 0)]
    assert page.most <= 3
