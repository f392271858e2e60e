"""Ranks within groups: against a plain sort, ties shared or settled by order, one group = many."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chainwright.state.ranks import dense_rank

LANES = st.lists(st.tuples(st.integers(0, 4), st.sampled_from([-np.inf, -1.0, 0.0, 2.5, np.inf]), st.integers(0, 2)), max_size=30)


def plain(rows: list[tuple[int, float, int]], shared: bool) -> list[int]:
    """The same in plain loops."""
    found = []
    for place, (group, first, second) in enumerate(rows):
        own = [(other_first, other_second, at) for at, (other, other_first, other_second) in enumerate(rows) if other == group]
        if shared:
            found.append(sorted({(a, b) for a, b, _ in own}).index((first, second)))
        else:
            found.append(sorted(own).index((first, second, place)))
    return found


@given(LANES, st.booleans())
def test_ranks_are_those_of_a_plain_sort(rows: list[tuple[int, float, int]], shared: bool) -> None:
    group, first, second = (np.array([row[part] for row in rows]) for part in range(3))
    assert dense_rank(group, first, second, shared=shared).tolist() == plain(rows, shared)


@pytest.mark.parametrize("shared, expected", [(False, [0, 0, 1]), (True, [0, 0, 0])])
def test_without_a_key_rows_rank_in_their_order(shared: bool, expected: list[int]) -> None:
    assert dense_rank(np.array([0, 1, 0]), shared=shared).tolist() == expected
