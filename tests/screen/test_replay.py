"""A replay's file: what it holds, how little room that takes, and that packed data are the data."""

from __future__ import annotations

import base64
import gzip
import json
import re
from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

import chainwright as cw
from chainwright.experiment.timeline.inspector import inspect_many
from chainwright.report.screen import replay
from chainwright.report.screen.packing import Packing


def unpacked(shapes: list[Any], value: Any) -> Any:
    """The way back, as the page has it."""
    if not isinstance(value, list):
        return value
    if value[0] == 0:
        return [unpacked(shapes, one) for one in value[1:]]
    own = iter(value[1:])
    made = {}
    for one in shapes[value[0] - 1]:
        name, found = one if isinstance(one, list) else (one, next(own))
        made[name] = unpacked(shapes, found)
    return made


numbers = some.integers(-(10**9), 10**9) | some.floats(allow_nan=False, allow_infinity=False, width=16)
leaves = some.none() | some.booleans() | numbers | some.text(max_size=6)
data = some.recursive(
    leaves, lambda inner: some.lists(inner, max_size=4) | some.dictionaries(some.text(max_size=3), inner, max_size=4), max_leaves=20
)


@given(some.lists(data, max_size=4))
def test_what_was_packed_is_unpacked_as_it_was(values: list[Any]) -> None:
    packing = Packing()
    packed = json.loads(json.dumps([packing.pack(value) for value in values]))
    shapes = json.loads(json.dumps(packing.shapes))
    for value, found in zip(values, packed, strict=True):
        assert json.dumps(unpacked(shapes, found)) == json.dumps(_short(value))


def _short(value: Any) -> Any:
    """With numbers as they are packed: 8 digits, all before the point, which is gone where they are whole."""
    if isinstance(value, dict):
        return {name: _short(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_short(one) for one in value]
    if not isinstance(value, float):
        return value
    short = round(value, 1) if abs(value) >= 1e7 else float(f"{value:.8g}")
    return int(short) if short.is_integer() and abs(short) < 1e15 else short


def test_sentences_with_numbers_make_no_shapes() -> None:
    packing = Packing()
    for number in range(50):
        packing.pack({"words": "before", "formula": f"before {number} + seen 3", "value": number / 7, "none": None})
    assert packing.shapes == [[["words", "before"], "formula", "value", ["none", None]]]
    assert packing.pack([float("nan"), float("inf"), 2e20]) == [0, None, None, 2e20]


def held(page: str) -> dict[str, Any]:
    """What lies in a replay."""
    found = re.search(r'chainwright\.replay\("([^"]+)"\)', page)
    assert found
    return dict(json.loads(gzip.decompress(base64.b64decode(found.group(1)))))


@pytest.fixture(scope="module")
def timeline() -> Any:
    made = cw.Timeline("beer_game")
    made.play(36)
    yield made
    made.close()


def test_every_enterprise_is_told_in_every_period(timeline: Any) -> None:
    page = replay.replay_html(timeline, inspect=partial(inspect_many, acting=False))
    assert len(page) < 700_000
    told = held(page)["inspections"]
    assert told["periods"] == list(range(37))
    names = timeline.history.names.enterprises["name"].tolist()
    for period in (0, 1, 22, 36):
        expected = inspect_many(timeline, names, period, acting=False)
        for row, name in enumerate(names):
            found = unpacked(told["shapes"], told["pages"][row][told["periods"].index(period)])
            assert json.dumps(found) == json.dumps(_short(expected[name]))


def test_as_many_periods_are_told_as_there_is_room_for(timeline: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def inspect(timeline: Any, names: Sequence[str], period: int) -> Any:
        asked.append(period)
        return inspect_many(timeline, names, period, acting=False)

    full = replay._size(held(replay.replay_html(timeline, inspect=inspect))["inspections"])
    # Nobody is asked twice, but for the first size.
    assert sorted(asked) == [*range(37), 36]
    for share in (0.9, 0.5, 0.2):
        monkeypatch.setattr(replay, "MOST_INSPECTIONS", int(share * full))
        told = held(replay.replay_html(timeline, inspect=inspect))["inspections"]
        periods = told["periods"]
        assert 2 < len(periods) < 37
        assert (periods[0], periods[-1]) == (0, 36)
        assert len({second - first for first, second in pairwise(periods[:-1])}) == 1
        assert replay._size(told) <= 1.1 * share * full
    monkeypatch.setattr(replay, "MOST_INSPECTIONS", 100)
    assert held(replay.replay_html(timeline, inspect=inspect))["inspections"] is None
    assert held(replay.replay_html(timeline))["inspections"] is None


def test_names_of_a_scenario_do_not_end_the_script() -> None:
    timeline = cw.Timeline(cw.load("beer_game").with_({"title": "</script><script>alert(1)</script>"}))
    timeline.play(2)
    page = replay.replay_html(timeline)
    assert page.count("</script>") == 2
    assert "&lt;/script&gt;" in page
    timeline.close()
