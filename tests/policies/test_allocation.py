"""Allocation policies: the inherited suite, and who is served first."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainwright.policies.trade.allocation import Allocation, LargestFirst, OldestFirst, Priority, Proportional, Uniform
from chainwright.state.totals import ration
from tests.policies.sample_view import SampleView
from tests.policies.suite import LanePolicySuite


def served(policy: Allocation, want: list[float], available: list[float], group: list[int], **columns: Any) -> list[float]:
    """What each lane gets when its seller has this much."""
    lanes = {"want": want, **columns}
    view = SampleView({name: np.asarray(values, dtype=np.float64) for name, values in lanes.items()}, group=np.asarray(group))
    rank, weight = policy(view)
    return ration(np.asarray(available), np.asarray(want), np.asarray(group), rank, weight).tolist()


class TestProportional(LanePolicySuite):
    policy = Proportional

    def test_the_same_share_for_all(self) -> None:
        assert served(Proportional(), [8.0, 12.0, 5.0], [10.0, 9.0], [0, 0, 1]) == [4.0, 6.0, 5.0]


class TestPriority(LanePolicySuite):
    policy = Priority

    def test_the_lowest_first_and_equals_alike(self) -> None:
        assert served(Priority(), [8.0, 6.0, 6.0], [11.0], [0, 0, 0], priority=[-2.5, 7.0, 7.0]) == [8.0, 1.5, 1.5]

    def test_ranks_count_from_zero_in_each_group(self) -> None:
        view = SampleView({"want": np.ones(4), "priority": np.array([5.0, 1.0, 9.0, 3.0])}, group=np.array([0, 1, 0, 1]))
        assert Priority()(view)[0].tolist() == [0, 0, 1, 1]


class TestOldestFirst(LanePolicySuite):
    policy = OldestFirst

    def test_asks_for_the_age_of_debts(self) -> None:
        assert OldestFirst.by_age
        assert not Proportional.by_age


class TestUniform(LanePolicySuite):
    policy = Uniform

    def test_the_same_quantity_but_no_more_than_owed(self) -> None:
        assert served(Uniform(), [2.0, 9.0, 12.0], [14.0], [0, 0, 0]) == [2.0, 6.0, 6.0]


class TestLargestFirst(LanePolicySuite):
    policy = LargestFirst

    def test_the_largest_first_and_of_equals_the_first(self) -> None:
        assert served(LargestFirst(), [4.0, 9.0, 9.0, 3.0], [14.0, 2.0], [0, 0, 0, 1]) == [0.0, 9.0, 5.0, 2.0]
