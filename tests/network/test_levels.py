"""Levels and echelons: longest paths, cycles named or condensed, and a union whose levels are slices."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainwright.network.levels import CycleWithoutDelay, echelons, longest_paths
from chainwright.network.union import Layout

EDGES = st.lists(st.tuples(st.integers(1, 9), st.integers(0, 8)).map(lambda pair: (max(pair[0], pair[1] + 1), pair[1])), max_size=30)


@given(EDGES)
def test_the_level_is_the_longest_path_down(edges: list[tuple[int, int]]) -> None:
    upper = np.array([edge[0] for edge in edges], np.int64)
    lower = np.array([edge[1] for edge in edges], np.int64)
    level = longest_paths(10, upper, lower)
    expected = [0] * 10
    for node in range(10):
        expected[node] = max((expected[bottom] + 1 for top, bottom in edges if top == node), default=0)
    assert level.tolist() == expected


def test_a_cycle_without_delay_is_named() -> None:
    with pytest.raises(CycleWithoutDelay) as caught:
        longest_paths(4, np.array([1, 2, 3, 3]), np.array([0, 3, 2, 0]))
    assert sorted(set(caught.value.rows)) == [2, 3]
    assert caught.value.rows[0] == caught.value.rows[-1]


def test_cycles_are_condensed_into_one_echelon() -> None:
    # 3 -> {2 <-> 1} -> 0
    upper, lower = np.array([3, 2, 1, 1]), np.array([2, 1, 2, 0])
    height, group = echelons(4, upper, lower, np.array([True, False, False, False]))
    assert height.tolist() == [0, 1, 1, 2]
    assert group[1] == group[2]


def test_who_sells_to_nobody_and_is_no_customer_stands_above_the_customers() -> None:
    height, _ = echelons(4, np.array([1, 3]), np.array([0, 2]), np.array([True, False, False, False]))
    assert height.tolist() == [0, 1, 1, 2]


@given(st.lists(st.integers(1, 4), min_size=1, max_size=4), st.integers(1, 5))
def test_rows_of_a_union_lie_where_the_layout_says(sizes: list[int], runs: int) -> None:
    block = np.repeat(np.arange(len(sizes)), sizes)
    layout = Layout(block, runs)
    where = layout.where(np.arange(len(block)))
    assert sorted(where.ravel().tolist()) == list(range(len(block) * runs))
    for run in range(runs):
        assert layout.source[where[run]].tolist() == list(range(len(block)))
        assert set(layout.run[where[run]].tolist()) == {run}
    for number, rows in enumerate(layout.blocks):
        assert (block[layout.source[rows]] == number).all()
