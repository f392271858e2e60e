"""A page that means harm, or is broken: whatever comes in whatever order, the session answers in words, goes on, and can be used."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chainwright.app.visualiser import messages
from chainwright.app.visualiser.serving.limits import Limits
from chainwright.app.visualiser.serving.served_pages import new_pages
from chainwright.words.errors import UsageError
from tests.visualiser.conftest import Page

DEEP: Any = {}
for _ in range(50):
    DEEP = {"a": [DEEP]}
HOSTILE = st.sampled_from(
    [None, True, -1, -(10**30), 10**30, 2**53, 1e308, float("nan"), float("inf"), 0.5, "", "\x00", "\ud800", "x" * 3000, [], {}, DEEP, [1] * 5000]
)
PATHS = st.sampled_from(
    ["policies.place_orders.default.target", "policies.place_orders.retailer", "lanes.*.transport_time", "lanes.999.order_delay", "horizon",
     "enterprises.drinkers.items.beer.demand", "enterprises.*.items.*.holding_cost", "visibility", "disruptions", "policies.*.*.*", ".", "*", ""]
)  # fmt: skip
VALUES = st.sampled_from(
    [0, 1, -1, 0.3, 1e9, 1e300, 10**9, "base_stock", {"policy": "order_up_to", "safety_factor": 1.6}, {"policy": "normal", "mean": 5, "sd": 2},
     {"policy": "nope"}, {"distribution": "uniform", "low": 1, "high": 10**9}, [], {}, None, True]
)  # fmt: skip
PERIODS = st.sampled_from([0, 1, 3, 10, 36, 37, 100, 10**9])
DISRUPTIONS = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["closure", "reduction", "order_pause", "shipment_pause", "transit_pause", "receipt_pause", "demand"]),
        "target": st.sampled_from([*({"enterprise": name} for name in ("brewery", "drinkers")), {"seller": "brewery", "buyer": "distributor"}, 7]),
    },
    optional={
        "duration": st.sampled_from([1, 4, 10**9, 0, 1.5]),
        "severity": st.sampled_from([0, 0.5, 1, 2]),
        "factor": st.sampled_from([0, 0.5, 1e9, 1e300]),
        "recovery": st.sampled_from(["linear", "exponential", "never"]),
        "start": st.sampled_from([1, 5, 10**12, {"distribution": "uniform", "low": 1, "high": 9}]),
    },
)
# What a page of ours could say in each field; anything else comes in between.
LIKELY: dict[str, st.SearchStrategy[Any]] = {
    "timeline": st.sampled_from(["c1", "c2", "c3", "c4", "c99"]),
    "period": PERIODS,
    "seen": PERIODS,
    "to": PERIODS,
    "label": st.sampled_from(["", "<b>", "{0}{word}", "\u202e", "\n", "x" * 301]),
    "settings": st.dictionaries(PATHS, VALUES, min_size=1, max_size=3),
    "about": st.sampled_from([None, {}, {"enterprise": "retailer"}, {"period": 3, "number": 3, "self": 1, "": 1}]),
    "disruption": DISRUPTIONS,
    "scenario": st.sampled_from(["beer_game", "newsvendor", "own:x", "given:x", "beer_gam", "../x"]),
    "variant": st.sampled_from([None, "pass_on", "nope"]),
    "seed": st.sampled_from([None, 7, 2**53]),
    "side": st.sampled_from(["a", "b"]),
    "enterprise": st.sampled_from([None, 0, 5, 6, 2**53]),
    "link": st.sampled_from([None, None, 0, 4, 5]),
    "runs": st.sampled_from([0, 1, 2, 201]),
    "number": st.sampled_from([None, 1, 2, 99]),
    "factors": st.lists(st.fixed_dictionaries({"path": PATHS, "values": st.sampled_from([[1, 2], [1e300, -1], [0] * 200])}), min_size=1, max_size=2),
    "what": st.sampled_from(["tables", "scenario"]),
    "fragment": st.sampled_from(["", "gallery", "1.abc", "#"]),
    "job": st.sampled_from([None, "bands", "many"]),
    "keep": st.booleans(),
    "name": st.sampled_from(["x.yaml", "../../x", ""]),
    "text": st.sampled_from(["", "a: [", "chainwright: 1\nhorizon: 3\n", "a: &x 1\nb: *x\n"]),
}


@st.composite
def said(draw: st.DrawFn) -> dict[str, Any]:
    """A message that is right for the most part."""
    kind = draw(st.sampled_from(sorted(messages.KINDS)))
    found = {"kind": kind}
    for field in messages.KINDS[kind]:
        how = draw(st.integers(0, 9))
        if how:  # else it is left out
            found[field] = draw(HOSTILE if how == 1 else LIKELY.get(field, HOSTILE))
    return found


@pytest.fixture(scope="module")
def shared() -> Iterator[Page]:
    registry = new_pages(Limits(timelines=4))
    yield Page(registry)
    registry.close()
    assert registry.bytes == 0


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(many=st.lists(said(), min_size=3, max_size=10))
def test_whatever_comes_the_session_can_be_used_afterwards(shared: Page, many: list[dict[str, Any]], caplog: pytest.LogCaptureFixture) -> None:
    before = len(shared.packets)
    for one in many:
        shared.session.receive(one)
    assert shared.session.settle(), many
    lines = [packet["message"] for packet in shared.packets[before:] if packet["kind"] == "refused"]
    assert all(line and "\n" not in line and len(line) < 1000 and "fault of chainwright" not in line for line in lines), (lines, caplog.text)
    assert len(shared.session.open_runs.watched) <= 4
    timeline = shared.open("beer_game", variant="pass_on")
    shared.ask("need", timeline=timeline, to=5)
    assert len(shared.timelines[timeline]["frames"]) == 5


WRONG = (float("nan"), float("inf"), -float("inf"), 10**400, -(10**5000), DEEP, [object()], {"x": object()}, {"x": 10**5000}, "x" * 5_000_000)
FACTORS = [{"path": "a", "values": [1]}]
# A value of each field that is right, as far as a message can tell.
RIGHT: dict[str, Any] = {"factors": FACTORS, "settings": {"a": 1}, "disruption": {"kind": "closure"}, "about": {}, "keep": True}
RIGHT |= {"side": "a", "what": "tables"}
WHOLE = ("period", "seen", "to", "number", "seed", "runs", "enterprise", "link")


@pytest.mark.parametrize("kind", sorted(messages.KINDS))
def test_every_field_of_every_message_is_looked_at(kind: str) -> None:
    fields = messages.KINDS[kind]
    right = {"kind": kind} | {field: RIGHT.get(field, 1 if field in WHOLE else "c1") for field in fields}
    assert messages.read(right)["kind"] == kind
    for field in fields:
        for wrong in WRONG:
            with pytest.raises(UsageError, match=rf"\A{field}: ") as caught:
                messages.read({**right, field: wrong})
            assert len(str(caught.value)) < 400


def test_a_number_of_too_many_digits_is_refused_where_it_stands_in_a_list() -> None:
    with pytest.raises(UsageError, match="expected numbers as the values"):
        messages.read({"kind": "many", "timeline": "c1", "factors": [{"path": "a", "values": [1, 10**400]}]})
