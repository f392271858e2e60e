"""What all parts of the screen rest on, in a real browser: numbers written as in Python, and frames kept and forgotten as they were sent."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from chainwright.report.numerals import number
from chainwright.report.tables import shown
from tests.browser.pages import page_of


@pytest.fixture
def tab(browser: Any, tmp_path: Path) -> Any:
    made = browser.new_page()
    made.goto(page_of(tmp_path))
    yield made
    made.close()


def samples() -> list[float]:
    """Numbers of every size, and those on which roundings differ."""
    drawn = random.Random(5)
    found = [sign * drawn.random() * 10.0**power for power in range(-7, 17) for sign in (1, -1) for _ in range(12)]
    ties = [0.125, 0.375, 2.5, 3.5, 12.25, 12.35, 1234.5, 1235.5, 99.95, 999.5, 0.99949, 999.96, -0.5, -1234.5]
    return [0.0, 1.0, 8.0, -3.0, 100.0, 1e10, 2.5e12, 3e15, *ties, *found]


def test_numbers_are_written_as_in_python(tab: Any) -> None:
    values = samples()
    ours = [number(value, 3, keep=True) for value in values]
    theirs = tab.evaluate("values => values.map(value => chainwright.number(value, 3, true))", values)
    assert [(value, one) for value, one in zip(values, theirs, strict=True)] == list(zip(values, ours, strict=True))
    plain = tab.evaluate("values => values.map(value => chainwright.number(value, 4))", values)
    assert plain == [number(value, 4) for value in values]


def test_shares_are_written_as_in_python(tab: Any) -> None:
    values = [0.0, 1.0, 0.95125, 0.9995, 0.0004, 0.12345, 0.5, *[one / 997 for one in range(0, 997, 13)]]
    theirs = tab.evaluate("values => values.map(value => chainwright.measure({share: true}, value))", values)
    assert theirs == [shown("fill_rate", value) for value in values]


def test_what_is_missing_is_a_dash(tab: Any) -> None:
    assert tab.evaluate("[chainwright.number(null), chainwright.number(NaN), chainwright.number(Infinity)]") == ["–", "–", "∞"]


FRAMES = """
() => {
  const store = new chainwright.Store(() => {});
  store.receive({kind: "structure", timeline: "a", start: {items: {on_hand: [9, 9, 9]}}});
  store.receive({kind: "frames", timeline: "a", from: 1, to: 2, items: {on_hand: [[1, 2, 3], {i: [1], v: [5]}]}, measures: {fill_rate: [null, 0.5]}});
  store.receive({kind: "frames", timeline: "a", from: 3, to: 3, items: {on_hand: [{i: [0], v: [null]}]}, measures: {fill_rate: [0.75]}});
  // What does not follow on is left alone.
  store.receive({kind: "frames", timeline: "a", from: 7, to: 7, items: {on_hand: [[7, 7, 7]]}});
  store.receive({kind: "branch", parent: "a", timeline: "b", at: 2, acts: []});
  store.receive({kind: "frames", timeline: "b", from: 3, to: 3, items: {on_hand: [{i: [2], v: [8]}]}, measures: {fill_rate: [0.25]}});
  const read = (timeline) => [0, 1, 2, 3, 4].map((period) => {
    const found = store.at(timeline, "items", "on_hand", period);
    return found && [...found].map((value) => Number.isNaN(value) ? "nothing" : value);
  });
  const first = {a: read("a"), b: read("b"), played: store.timeline("a").played, series: store.series("b", "items", "on_hand", 2)};
  store.receive({kind: "forget", timeline: "a", after: 1});
  return {...first, forgotten: read("a"), rates: store.series("b", "measures", "fill_rate")};
}
"""


def test_frames_are_kept_as_changes_and_forgotten(tab: Any) -> None:
    found = tab.evaluate(FRAMES)
    assert found["a"] == [[9, 9, 9], [1, 2, 3], [1, 5, 3], ["nothing", 5, 3], None]
    assert found["b"] == [[9, 9, 9], [1, 2, 3], [1, 5, 3], [1, 5, 8], None]
    assert found["played"] == 3
    assert found["series"] == [3, 3, 8]
    assert found["forgotten"] == [[9, 9, 9], [1, 2, 3], None, None, None]
    assert [None if value is None or np.isnan(value) else value for value in found["rates"]] == [None, 0.5, 0.25]


def test_a_text_is_cut_between_two_letters(tab: Any) -> None:
    cut = tab.evaluate("""() => ["a".repeat(299) + "\\u{1F600}\\u{1F601}", "\\u{1F600}", ""].map((text) => chainwright.firstLetters(text, 300))""")
    assert cut == ["a" * 299 + "\U0001f600", "\U0001f600", ""]
