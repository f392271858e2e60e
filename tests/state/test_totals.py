"""Sums by row and rationing: nobody gets more than wanted, nothing is given that is not there, groups do not touch each other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from chainwright.state.totals import MANY, Grouping, Positions, pick, ranges, ration, ration_alone, sum_by, whole_shares

AMOUNTS = st.floats(0.0, 1e6).map(lambda value: round(value, 3))


@st.composite
def shortages(draw: st.DrawFn) -> tuple[np.ndarray, ...]:
    rows = draw(st.integers(1, 12))
    groups = draw(st.integers(1, 4))
    want = draw(npst.arrays(np.float64, rows, elements=AMOUNTS))
    group = draw(npst.arrays(np.int64, rows, elements=st.integers(0, groups - 1)))
    rank = draw(npst.arrays(np.int64, rows, elements=st.integers(0, 3)))
    weight = draw(npst.arrays(np.float64, rows, elements=st.floats(0.1, 100.0)))
    available = draw(npst.arrays(np.float64, groups, elements=AMOUNTS))
    return available, want, group, rank, weight


@given(shortages())
def test_rationing_gives_all_that_is_there_or_all_that_is_wanted(case: tuple[np.ndarray, ...]) -> None:
    available, want, group, rank, weight = case
    given_out = ration(available, want, group, rank, weight)
    assert (given_out >= 0.0).all()
    assert (given_out <= want * (1 + 1e-12)).all()
    total, wanted = (sum_by(group, values, len(available)) for values in (given_out, want))
    np.testing.assert_allclose(total, np.minimum(available, wanted), rtol=1e-9, atol=1e-6)


@given(shortages())
def test_a_lower_rank_is_served_before_a_higher_one(case: tuple[np.ndarray, ...]) -> None:
    available, want, group, rank, weight = case
    given_out = ration(available, want, group, rank, weight)
    short = given_out < want - 1e-6 * (1.0 + want)
    for row in np.flatnonzero(short):
        later = (group == group[row]) & (rank > rank[row])
        assert (given_out[later] <= 1e-6 * (1.0 + want[row])).all()


@given(shortages())
def test_one_group_alone_gets_the_same_bits(case: tuple[np.ndarray, ...]) -> None:
    available, want, group, rank, weight = case
    together = ration(available, want, group, rank, weight)
    for number in range(len(available)):
        own = group == number
        alone = ration(available[number : number + 1], want[own], np.zeros(own.sum(), np.int64), rank[own], weight[own])
        np.testing.assert_array_equal(alone, together[own])


def test_equal_weights_fill_the_small_wants_first() -> None:
    given_out = ration(np.array([10.0]), np.array([2.0, 20.0, 20.0]), np.zeros(3, np.int64), np.zeros(3, np.int64), np.ones(3))
    np.testing.assert_allclose(given_out, [2.0, 4.0, 4.0])


@given(shortages())
def test_whole_shares_keep_the_total_and_never_exceed_wants(case: tuple[np.ndarray, ...]) -> None:
    available, want, group, rank, weight = case
    want, available = np.ceil(want), np.floor(available)
    given_out = ration(available, want, group, rank, weight)
    whole = whole_shares(given_out, want, group, len(available))
    np.testing.assert_array_equal(whole, np.round(whole))
    assert (whole <= want + 1e-6).all()
    total = sum_by(group, whole, len(available))
    np.testing.assert_allclose(total, np.minimum(available, sum_by(group, want, len(available))), atol=1e-6)


def test_ties_of_remainders_go_to_the_first_row() -> None:
    assert whole_shares(np.array([1.5, 1.5]), np.array([5.0, 5.0]), np.zeros(2, np.int64), 1).tolist() == [2.0, 1.0]


@pytest.mark.parametrize("rows", [0, 3])
def test_sums_of_nothing_are_zero(rows: int) -> None:
    assert sum_by(np.zeros(0, np.int64), np.zeros(0), rows).tolist() == [0.0] * rows


@given(st.integers(1, 6), st.integers(0, 8 * MANY), st.integers(0, 2**32 - 1))
def test_a_grouping_adds_as_a_sum_by_row_does_to_the_last_bit(groups: int, rows: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    index = random.integers(0, groups, rows)
    values = random.normal(size=rows) * 10.0 ** random.integers(-9, 9, rows)
    grouping = Grouping(index, groups)
    assert np.array_equal(grouping.sum(values), sum_by(index, values, groups))
    assert np.array_equal(grouping.sum(-values), sum_by(index, -values, groups))


@given(st.permutations(range(9)))
def test_a_grouping_of_single_rows_moves_them_to_their_groups(places: list[int]) -> None:
    index = np.array(places)[:7]
    values = np.arange(1.0, 8.0)
    assert np.array_equal(Grouping(index, 9).sum(values), sum_by(index, values, 9))


def test_a_grouping_may_have_no_row() -> None:
    assert Grouping(np.zeros(0, np.int64), 3).sum(np.zeros(0)).tolist() == [0.0, 0.0, 0.0]


def test_picking_is_indexing() -> None:
    column, index = np.array([5.0, 6.0, 7.0]), np.array([2, 0, 2, 1])
    assert pick(column, index).tolist() == column[index].tolist()


STRETCHES = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 30)), max_size=6).map(
    lambda parts: np.concatenate([np.zeros(0, np.intp), *(np.arange(first, first + length) for first, length in parts)]).astype(np.intp)
)


@given(STRETCHES)
def test_stretches_say_what_the_index_says(index: np.ndarray) -> None:
    found = ranges(index)
    if found is not None:
        again = np.empty_like(index)
        for places, rows in found:
            again[places] = np.arange(rows.start, rows.stop)
        np.testing.assert_array_equal(again, index)
    column = np.random.default_rng(len(index)).normal(size=80)
    assert Positions(index).pick(column).tobytes() == column[index].tobytes()


@given(STRETCHES)
def test_sums_over_stretches_are_those_row_by_row(index: np.ndarray) -> None:
    values = np.random.default_rng(len(index)).normal(size=len(index)) * np.resize([1.0, 0.0, -0.0], len(index))
    assert Grouping(index, 80).sum(values).tobytes() == sum_by(index, values, 80).tobytes()


@given(shortages())
def test_who_shares_with_nobody_gets_the_same_bits(case: tuple[np.ndarray, ...]) -> None:
    _, want, _, _, weight = case
    scarce = want > 0.0
    want, weight = want[scarce], np.where(want[scarce] > 5e5, 0.0, weight[scarce])
    for share in (0.0, 1.0 / 3.0, 0.999):
        together = ration(want * share, want, np.arange(len(want)), np.zeros(len(want), np.int64), weight)
        assert ration_alone(want * share, want, weight).tobytes() == together.tobytes()
