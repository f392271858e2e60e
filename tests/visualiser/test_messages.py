"""Whatever a page sends, it is answered in words, and the session goes on."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chainwright.app.visualiser import messages
from chainwright.app.visualiser.serving.served_pages import new_pages
from chainwright.words.errors import UsageError
from tests.visualiser.conftest import Open, Page

WORDS = st.sampled_from(["path", "values", "kind", "target", "enterprise", "x"])
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 2**60) | st.floats() | st.text(max_size=20) | st.sampled_from(["c1", "c2", "beer_game", "brewery"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)
FIELDS = sorted({field for fields in messages.KINDS.values() for field in fields})
MESSAGES = st.fixed_dictionaries(
    {"kind": st.sampled_from(sorted(messages.KINDS))}, optional={field: PLAIN for field in FIELDS if field not in ("runs", "factors")}
)


@pytest.fixture(scope="module")
def shared() -> Any:
    registry = new_pages()
    one = Page(registry)
    one.open("beer_game")
    yield one
    registry.close()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(said=MESSAGES)
def test_any_message_is_answered_in_one_line_and_kills_nothing(shared: Page, said: dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    told = shared.ask(**said)
    lines = [packet["message"] for packet in told if packet["kind"] == "refused"]
    assert all(line and "\n" not in line and "fault of chainwright" not in line for line in lines), (said, caplog.text)
    assert shared.session._worker.is_alive()


NO_MESSAGES = (None, 7, "hello", [], {}, {"kind": None}, {"kind": ["need"]}, {"kind": "shutdown"}, {"kind": "x" * 10_000}, {"kind": 10**5000})


@pytest.mark.parametrize("said", NO_MESSAGES, ids=range(len(NO_MESSAGES)))
def test_what_is_no_message_is_refused(page: Open, said: Any) -> None:
    one = page()
    one.session.receive(said)
    assert one.session.settle()
    assert [packet["kind"] for packet in one.packets] == ["refused", "state"]
    assert len(one.packets[0]["message"]) < 400


@pytest.mark.parametrize(
    ("settings_", "words"),
    [
        ({"enterprises.drinkers.items.beer.demand": {"policy": "series", "file": "/etc/passwd"}}, "file of this machine"),
        ({"enterprises.drinkers.items.beer.demand.file": "x.csv"}, "file of this machine"),
        ({'policies.place_orders."default"."file"': "x.csv"}, "file of this machine"),
        ({"tables": {"lanes": "x.csv"}}, "file of this machine"),
        ({"a": [[[[[[[[[1]]]]]]]]]}, "too much"),
        ({"a": list(range(5000))}, "too much"),
        ({"a": float("nan")}, "expected numbers"),
        ({"a": "\ud83d"}, "half of a letter"),
        ({"\ud83d": 1}, "half of a letter"),
        ({7: 1}, "expected a text"),
    ],
)
def test_what_is_done_by_hand_is_plain_and_names_no_file(settings_: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        messages.read({"kind": "act", "timeline": "c1", "period": 1, "settings": settings_})


def test_a_text_that_no_file_can_hold_is_refused_at_the_door(page: Open) -> None:
    one = page()
    timeline = one.open("beer_game")
    said = {"timeline": timeline, "period": 3, "settings": {"policies.place_orders.retailer.target": 20}}
    assert "half of a letter" in one.refused("act", label="\ud83d", **said)
    one.ask("act", label="\U0001f37a", **said)
    for kind in ("share", "code"):
        one.answer(kind)
    one.answer("export", what="scenario")


def test_of_messages_that_wait_only_the_latest_wish_counts(page: Open) -> None:
    one = page()
    timeline = one.open("beer_game")
    with one.session._change:  # nobody takes a message meanwhile
        for period in (10, 30, 4):
            one.session.receive({"kind": "need", "timeline": timeline, "to": period})
        assert len(one.session._waiting) == 1
    assert one.session.settle()
    assert len(one.timelines[timeline]["frames"]) == 4


def test_a_page_that_sends_without_end_is_not_heard(page: Open) -> None:
    one = page()
    with one.session._change:
        for _ in range(2000):
            one.session.receive({"kind": "leave"})
        assert len(one.session._waiting) <= 500
    assert one.session.settle()
