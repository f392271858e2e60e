"""Delays: what is put on its way arrives when it is due, whatever the width of the ring."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from chainwright.state.pipeline import Pipeline


@given(st.lists(st.tuples(st.integers(0, 4), st.floats(0, 100)), min_size=1, max_size=30), st.integers(4, 9))
def test_everything_arrives_once_and_in_its_period(shipments: list[tuple[int, float]], longest: int) -> None:
    pipeline = Pipeline(rows=1, longest=longest)
    expected: dict[int, float] = {}
    for period, (delay, amount) in enumerate(shipments, start=1):
        if delay > 0:
            pipeline.add(period + delay, np.array([amount]))
            expected[period + delay] = expected.get(period + delay, 0.0) + amount
        later = sum((expected[due] for due in sorted(expected) if due > period), 0.0)
        assert pipeline.later(period)[0] == later
        pipeline.clear(period)
        assert pipeline.due(period + 1)[0] == expected.get(period + 1, 0.0)


@given(st.lists(st.floats(0, 1e3), min_size=4, max_size=4))
def test_a_wider_ring_changes_no_bit(amounts: list[float]) -> None:
    narrow, wide = Pipeline(1, 4), Pipeline(1, 11)
    for due, amount in enumerate(amounts, start=1):
        for pipeline in (narrow, wide):
            pipeline.add(due, np.array([amount]))
    assert narrow.later(0)[0] == wide.later(0)[0]
    narrow.widen(11, period=1)
    assert [narrow.due(period)[0] for period in range(1, 5)] == amounts


def test_a_stop_in_transit_shifts_only_the_named_rows() -> None:
    pipeline = Pipeline(2, 3)
    for due in (1, 2):
        pipeline.add(due, np.array([due * 1.0, due * 10.0]))
    pipeline.postpone(1, np.array([1]))
    assert [pipeline.due(period).tolist() for period in (1, 2, 3)] == [[1.0, 0.0], [2.0, 10.0], [0.0, 20.0]]


@st.composite
def doings(draw: st.DrawFn) -> list[tuple[str, int, list[int], list[float]]]:
    """What is put on its way in each period: how its due period is said, the delay, on which of six rows, how much."""
    made = []
    for _ in range(draw(st.integers(1, 12))):
        rows = sorted(draw(st.sets(st.integers(0, 5), min_size=1)))
        amounts = [float(draw(st.integers(1, 99))) for _ in rows]
        made.append((draw(st.sampled_from(["one for all", "one per row", "a slice"])), draw(st.integers(1, 3)), rows, amounts))
    return made


@given(doings(), st.integers(0, 12))
def test_looking_only_at_filled_stretches_misses_nothing(made: list[tuple[str, int, list[int], list[float]]], laid_down_in: int) -> None:
    pipeline, plain = Pipeline(6, 3), np.zeros((20, 6))
    kept = np.zeros(6)
    for period, (how, delay, rows, amounts) in enumerate(made, start=1):
        if how == "a slice":
            rows = list(range(rows[0], rows[0] + 1))
            amounts = amounts[:1]
            pipeline.add(period + delay, np.array(amounts), slice(rows[0], rows[0] + 1))
        else:
            due = period + delay if how == "one for all" else np.full(len(rows), period + delay)
            pipeline.add(due, np.array(amounts), np.array(rows))
        plain[period + delay, rows] += amounts
        if period == laid_down_in:
            # As a snapshot does.
            pipeline.ring = pipeline.ring.copy()
        later = sum((plain[due] for due in range(period + 1, period + 4)), np.zeros(6))
        assert pipeline.later(period).tolist() == later.tolist()
        assert pipeline.later(period, out=kept) is kept
        assert kept.tolist() == later.tolist()
        assert pipeline.outstanding(period).tolist() == (later + plain[period]).tolist()
        assert not plain[period:, pipeline.reach :].any()
        rows_due = pipeline.filled(period)
        pipeline.take(period, plain[period][rows_due].copy(), rows_due)
        assert not pipeline.due(period).any()
        pipeline.clear(period)
