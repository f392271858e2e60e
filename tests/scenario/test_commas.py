"""Numbers with a decimal comma: never another value, one message, wherever they stand."""

from __future__ import annotations

import pytest

from chainwright.scenario import Scenario, parse_setting
from chainwright.scenario.check.rules import number_hint
from chainwright.scenario.read.yaml_file import read_document
from chainwright.scenario.starter import starter
from chainwright.words.errors import ScenarioError


@pytest.mark.parametrize("text, data", [
    ("a: {h: 0,2}", {"h": "0,2"}),
    ("a: {h: 0,2, i: 1,200,300, j: 4}", {"h": "0,2", "i": "1,200,300", "j": 4}),
    ("a: {h: 1,200.5}", {"h": "1,200.5"}),
    ("a: {h: 0,2: 5}", {"h": 0, "2": 5}),
    ("a: {h: 0, 2}", {"h": 0, "2": None}),
    ("a: {h: x,2}", {"h": "x", "2": None}),
    ("a: {h: '0',2}", {"h": "0", "2": None}),
    ("a: {h: 0,'2'}", {"h": 0, "2": None}),
    ("a: {h: [1,5],2}", {"h": [1, 5], "2": None}),
])  # fmt: skip
def test_a_number_that_braces_take_apart_is_put_together(text: str, data: object) -> None:
    document = read_document(None, text)
    assert document.data == {"a": data}
    assert document.mistakes == ()


@pytest.mark.parametrize("text, hint", [
    ("0,2", "; write 0.2, with a point"), ("-0,5", "; write -0.5, with a point"), ("0,200", "; write 0.2, with a point"),
    ("1000,5", "; write 1000.5, with a point"), ("1 000,5", "; write 1000.5, with a point"), ("1.200,5", "; write 1200.5, with a point"),
    ("1,200.5", "; write 1200.5"), ("1,200,300", "; write 1200300"), ("5,5%", "; write 0.055, with a point"), ("1_000", "; write 1000"),
    ("1,200", "; it is not clear whether 1.2 or 1200 is meant, write one of them"), ("1,2,3", ""), ("1.2.3", ""), ("four", ""), ("", ""),
])  # fmt: skip
def test_hints(text: str, hint: str) -> None:
    assert number_hint(text) == hint


def test_on_the_command_line() -> None:
    scenario = Scenario.from_text(starter())
    path, value = parse_setting("lanes.0.price=1,5")
    with pytest.raises(ScenarioError) as caught:
        scenario.with_({path: value})
    assert str(caught.value) == "lanes.0.price: expected a number, got '1,5'; write 1.5, with a point"
