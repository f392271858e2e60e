"""Replications until a mean is known: how it is said, the decision, and that nothing but a point's own rows decides."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import chainwright as cw
from chainwright.experiment.sweep.until import ENOUGH, REACHED, UNKNOWN, Until, half_width, replications, until
from chainwright.words.errors import UsageError
from tests.sweeps.small import ASKED, MEASURES, NOISY, assert_same, part_files, swept, tiny_packs

RULE = Until(0.5, relative=False, measures=("cost",), least=3, most=9, batch=2)
WAITING = {"factors": {"lanes.*.transport_time": [1, 3]}, "reps": "until half_width(total_cost)<10% at least 4 at most 400 batches of 8"}


@pytest.mark.parametrize(
    "text, expected",
    [
        ("until half_width<2%", Until(0.02)),
        ("until half_width < 0.5", Until(0.5, relative=False)),
        ("UNTIL half_width(total_cost)<=1.5%", Until(0.015, measures=("total_cost",))),
        ("until half_width(total_cost, fill_rate)<2%", Until(0.02, measures=("total_cost", "fill_rate"))),
        ("until half_width<2% of fill_rate at 90%", Until(0.02, measures=("fill_rate",), confidence=0.9)),
        ("until half_width<1e-3 at most 400, batches of 10", Until(0.001, relative=False, most=400, batch=10)),
        ("until half_width<2% in batches of 5 at least 10 at 99% at most 50", Until(0.02, confidence=0.99, least=10, most=50, batch=5)),
        ("until half_width<2% at most 20", Until(0.02, least=20, most=20)),
    ],
)
def test_what_can_be_said(text: str, expected: Until) -> None:
    assert until(text) == expected
    assert until(str(expected)) == expected


@pytest.mark.parametrize(
    "text, words",
    [
        ("until", "cannot read"),
        ("until half_width 2%", "cannot read"),
        ("until halfwidth<2%", "cannot read"),
        ("until half_width<2% sharp", "cannot read 'sharp'"),
        ("until half_width<2% at most 10 at most 20", "twice"),
        ("until half_width(total_cost)<2% of fill_rate", "twice"),
        ("until half_width<0%", "half_width must be a number above 0"),
        ("until half_width<2% at 100%", "confidence must lie between"),
        ("until half_width<2% at least 1", "least of until must be a whole number of at least 2"),
        ("until half_width<2% at least 50 at most 40", "less than at least 50"),
        ("twenty", "cannot read 'twenty'"),
    ],
)
def test_what_cannot_be_said_is_told(text: str, words: str) -> None:
    with pytest.raises(UsageError, match=words) as told:
        replications(text)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("reps", [0, -1, 2.5, "0", [], [1, 1], [-2], None, True])
def test_numbers_that_cannot_be(reps: Any) -> None:
    with pytest.raises(UsageError, match=r"^reps: "):
        replications(reps)


def test_the_measure_that_is_meant() -> None:
    assert Until(0.1).of(["fill_rate", "total_cost"]).measures == ("total_cost",)
    assert Until(0.1).of(["fill_rate"]).measures == ("fill_rate",)
    with pytest.raises(UsageError, match="say of which measure"):
        Until(0.1).of(["fill_rate", "turns"])
    with pytest.raises(UsageError, match="did you mean 'fill_rate'"):
        Until(0.1, measures=("fill_rat",)).of(["fill_rate", "turns"])


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=30), st.floats(0.5, 0.999))
def test_the_half_width_is_students(values: list[float], confidence: float) -> None:
    error = stats.sem(values)
    expected = stats.t.ppf(0.5 + confidence / 2, len(values) - 1) * error
    assert half_width(values, confidence) == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_the_decision_step_by_step() -> None:
    assert RULE.next({}) == (3, (0, 1, 2), "")
    assert RULE.next({0: [1.0], 2: [5.0]}, 3) == (3, (1,), "")
    wide = {0: [1.0], 1: [9.0], 2: [5.0]}
    assert RULE.next(wide, 3) == (5, (3, 4), "")
    assert RULE.next({0: [1.0], 1: [1.0], 2: [1.1]}, 3) == (3, (), ENOUGH)
    assert RULE.next({number: [float(number)] for number in range(9)}, 0) == (9, (), REACHED)
    assert RULE.next(dict.fromkeys(range(3)), 3) == (3, (), UNKNOWN)
    assert RULE.next({number: [math.nan] for number in range(3)}, 3) == (3, (), UNKNOWN)
    # One of them fails: the others are judged.
    assert RULE.next({0: None, 1: [2.0], 2: [2.0]}, 3) == (3, (), ENOUGH)


@given(st.lists(st.floats(0, 3), min_size=9, max_size=9))
def test_asked_again_with_more_rows_the_answer_is_the_same(values: list[float]) -> None:
    rows = {number: [value] for number, value in enumerate(values)}
    count, known = 0, {}
    while True:
        count, missing, verdict = RULE.next(known, count)
        if not missing:
            break
        known |= {number: rows[number] for number in missing}
    assert RULE.next(rows) == (count, (), verdict)


def test_a_relative_width_of_a_mean_of_zero() -> None:
    rule = Until(0.1, measures=("cost",), least=2, most=4, batch=2)
    assert rule.next({0: [0.0], 1: [0.0]}) == (2, (), ENOUGH)
    assert rule.next({0: [-1.0], 1: [1.0]}) == (4, (2, 3), "")


def test_points_get_as_many_as_they_need(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = swept(**WAITING)
    counts = table.groupby("design_id")["rep"].count()
    assert set(counts) <= set(range(4, 400, 8))
    assert counts.nunique() == 2, "the two points differ in how much they need; else this shows nothing"
    for number, rows in table.groupby("design_id"):
        costs = rows["total_cost"].to_numpy()
        narrow = [half_width(costs[:count]) < 0.1 * abs(np.mean(costs[:count])) for count in range(4, len(costs) + 1, 8)]
        assert narrow == [False] * (len(narrow) - 1) + [True], number
    with tiny_packs(monkeypatch):
        assert_same(table, swept(**WAITING, out=tmp_path / "cut"))
    for path in part_files(tmp_path / "cut")[::2]:
        path.unlink()
    assert_same(table, swept(**WAITING, out=tmp_path / "cut"))


def test_a_folder_that_knows_more_gives_no_more_than_the_rule_asks(tmp_path: Path) -> None:
    swept(**(WAITING | {"reps": 400}), out=tmp_path)
    played: list[tuple[int, int]] = []
    table = swept(**WAITING, out=tmp_path, progress=lambda done, total: played.append((done, total)))
    assert_same(table, swept(**WAITING))
    assert played == [(len(table), len(table))]


def test_points_that_reach_the_most_or_cannot_be_judged_are_told(tmp_path: Path) -> None:
    told: list[str] = []
    table = swept(reps="until half_width<0.0001% at least 2 at most 4", tell=told.append, out=tmp_path)
    assert set(table["status"]) == {"done", "failed"}
    assert sorted(line.split(" (")[0] for line in told) == [
        "4 of 12 points fail, or have no such measure to judge by",
        "8 of 12 points reached 4 replications before the rule held",
    ]
    assert table.sweep.manifest["until"]["the most"] == [number for number in range(12) if FAILING[number % 6 // 2] != "nothing"]


FAILING = ("people", "stock", "nothing")


def test_it_is_said_in_python_too() -> None:
    rule = cw.Until(0.1, measures="total_cost", least=4, most=400, batch=8)
    assert_same(swept(**(WAITING | {"reps": rule})), swept(**WAITING))
    assert ASKED["measures"] == MEASURES
    assert NOISY.horizon == 36
