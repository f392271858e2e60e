"""Policies that choose sellers: the inherited suite, and where an order goes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from chainwright.policies.trade.sellers import Cheapest, Fastest, FixedShares, Preference, Sellers, Single
from tests.policies.sample_view import SampleView
from tests.policies.suite import LanePolicySuite


def lanes(rows: int = 3, **columns: Any) -> SampleView:
    """The lanes of one buyer, all open unless something else is said."""
    plain = {
        "trading": np.ones(rows, np.bool_),
        "short": np.zeros(rows, np.bool_),
        "orders_open": np.ones(rows),
        "shipments_open": np.ones(rows),
        "preference": np.zeros(rows),
        "price": np.zeros(rows),
    }
    return SampleView(plain | {name: np.asarray(values) for name, values in columns.items()}, group=np.zeros(rows, np.int32))


def asked(policy: Sellers, view: SampleView) -> list[int]:
    """The lanes in the order in which they are asked, without those that cannot be."""
    rank, weight = policy(view)
    return [int(row) for row in np.argsort(rank, kind="stable") if weight[row] > 0.0]


class TestFixedShares(LanePolicySuite):
    policy = FixedShares

    def test_shares_are_weights(self) -> None:
        rank, weight = FixedShares()(lanes(share=[0.5, 0.3, 0.2], trading=[True, True, False]))
        assert rank.tolist() == [0, 0, 1]
        assert weight.tolist() == [0.5, 0.3, 0.0]


class OneAfterAnother(LanePolicySuite):
    """What policies that ask one seller after another have in common."""

    def test_one_lane_at_a_rank_and_inactive_ones_last(self) -> None:
        for example, seed in self.cases():
            view = self.view(seed)
            rank, weight = self.made(example)(view)
            for group in range(int(view.group.max()) + 1):
                own = view.group == group
                assert sorted(rank[own].tolist()) == list(range(int(own.sum())))
                active = view.trading[own]
                assert active.all() or not active.any() or rank[own][active].max() < rank[own][~active].min()
            assert (weight[~view.trading] == 0.0).all()


class TestSingle(OneAfterAnother):
    policy = Single

    def test_one_lane_gets_all_whatever_happens_to_it(self) -> None:
        assert asked(Single(), lanes(preference=[2.0, 1.0, 1.0], short=[False, True, False])) == [1]
        assert asked(Single(), lanes(preference=[2.0, 1.0, 1.0], trading=[True, False, True])) == [2]
        assert asked(Single(), lanes(trading=[False, False, False])) == []


class TestCheapest(OneAfterAnother):
    policy = Cheapest

    def test_the_lowest_price_first(self) -> None:
        assert asked(Cheapest(), lanes(price=[5.0, 3.0, 3.0])) == [1, 2, 0]


class TestFastest(OneAfterAnother):
    policy = Fastest

    def test_the_shortest_lead_time_first(self) -> None:
        assert asked(Fastest(), lanes(order_delay=[2, 0, 1], transport_time=[0, 3, 1])) == [0, 2, 1]


class TestPreference(OneAfterAnother):
    policy = Preference

    @pytest.mark.parametrize(
        "columns, expected",
        [
            ({}, [2, 1, 0]),
            ({"short": [False, False, True]}, [1, 0, 2]),
            ({"short": [True, True, True]}, [2, 1, 0]),
            ({"short": [True, True, True], "shipments_open": [1.0, 1.0, 0.0]}, [1, 0, 2]),
            ({"short": [True, True, True], "orders_open": [1.0, 0.0, 0.0]}, [0, 2, 1]),
            ({"shipments_open": [1.0, 1.0, 0.0]}, [2, 1, 0]),
            ({"trading": [True, True, False]}, [1, 0]),
        ],
    )
    def test_falls_back_when_short(self, columns: dict[str, Any], expected: list[int]) -> None:
        assert asked(Preference(), lanes(preference=[3.0, 2.0, 1.0], **columns)) == expected
