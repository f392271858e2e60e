"""Whatever is done in whatever order, and however little room there is: what the page holds is what the session holds, and is a run."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import chainwright as cw
from chainwright.app.visualiser.serving.limits import Limits
from chainwright.app.visualiser.serving.served_pages import new_pages
from tests.visualiser.conftest import Page, agrees, same

ONE = cw.Timeline("beer_game").bytes
TIMELINES = st.sampled_from(["first", "first", "second", "newest", "oldest"])
PERIODS = st.integers(0, 36)
SETTINGS = st.one_of(
    st.builds(lambda target: {"policies.place_orders.retailer.target": target}, st.integers(5, 50)),
    st.builds(lambda level: {"policies.place_orders.default": {"policy": "base_stock", "level": level}}, st.integers(5, 50)),
    st.builds(lambda long: {"lanes.brewery>distributor.transport_time": long}, st.sampled_from([1, 40, 3_000])),
    st.just({"policies.nonsense": 3}),
)
CLOSED = {"kind": "closure", "target": {"enterprise": "brewery"}, "duration": 3}


def said(kind: str, **fields: Any) -> st.SearchStrategy[dict[str, Any]]:
    """Messages of a kind; a field that is no strategy is always the same."""
    told = {name: value if isinstance(value, st.SearchStrategy) else st.just(value) for name, value in fields.items()}
    return st.fixed_dictionaries({"kind": st.just(kind), **told})


MESSAGES = st.one_of(
    said("need", timeline=TIMELINES, to=PERIODS),
    said("act", timeline=TIMELINES, period=PERIODS, seen=PERIODS, settings=SETTINGS, label=""),
    said("disrupt", timeline=TIMELINES, period=PERIODS, seen=PERIODS, disruption=CLOSED, label=""),
    said("undo", timeline=TIMELINES, number=st.sampled_from([None, None, 1, 2])),
    said("branch", timeline=TIMELINES, period=PERIODS),
    said("compare", timeline=st.one_of(st.none(), TIMELINES)),
    said("compare", scenario="beer_game", variant=st.sampled_from([None, "pass_on"])),
    said("open", scenario="beer_game", variant=st.sampled_from([None, "pass_on"]), side=st.sampled_from(["a", "b"])),
    said("swap"),
    said("watch", timeline=TIMELINES),
    said("inspect", timeline=TIMELINES, period=PERIODS, enterprise=st.integers(0, 4)),
    said("leave"),
)


def meant(one: Page, message: dict[str, Any]) -> dict[str, Any]:
    """A message with the number that the page has for the timeline that is meant."""
    if message.get("timeline") is None:
        return message
    with one.lock:
        numbers = list(one.timelines)
    which = {"first": one.state["a"], "second": one.state["b"] or "c99", "newest": numbers[-1], "oldest": numbers[0]}
    return {**message, "timeline": which[message["timeline"]]}


@cache
def summary(variant: str, interventions: str, periods: int) -> Any:
    """The summary of a run that was never stopped."""
    scenario = cw.load("beer_game").variant(variant) if variant else cw.load("beer_game")
    return cw.run(scenario, periods=periods, interventions=[(period, changed) for period, changed in json.loads(interventions)]).summary


def is_a_run(one: Page) -> None:
    """What the page shows of each timeline is what a run shows."""
    for number, watched in one.session.open_runs.watched.items():
        shown = one.timelines[number]["frames"]
        assert len(shown) == watched.sent
        assert len(one.timelines[number]["acts"]) == len(watched.timeline.acts)
        if shown:
            done = [(period, changed) for period, changed in watched.timeline.interventions if period <= len(shown)]
            assert same(one.measures(number, len(shown)), summary(watched.source.variant or "", json.dumps(done), len(shown)))


@pytest.mark.slow
@settings(max_examples=25)
@given(
    said=st.lists(st.tuples(MESSAGES, st.booleans()), min_size=5, max_size=25),
    all_of=st.sampled_from([1.1, 2.0, 2.3, 3.2, 100.0]),
    each=st.sampled_from([1.02, 1.5, 100.0]),
    timelines=st.sampled_from([2, 3, 8]),
)
def test_page_and_session_agree(said: list[tuple[dict[str, Any], bool]], all_of: float, each: float, timelines: int) -> None:
    registry = new_pages(Limits(all_bytes=int(all_of * ONE), timeline_bytes=int(each * ONE), timelines=timelines), None, "http://127.0.0.1:8765/")
    one = Page(registry)
    one.open("beer_game")
    for message, waits in said:
        one.session.receive(meant(one, message))
        if waits:  # else the next one comes while this one is answered
            assert one.session.settle()
            agrees(one)
            is_a_run(one)
    assert one.session.settle()
    agrees(one)
    is_a_run(one)
    assert not [packet for packet in one.packets if "fault of chainwright" in packet.get("message", "")]
    assert registry.close()
    assert registry.bytes == 0
