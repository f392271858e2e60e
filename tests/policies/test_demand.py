"""Demand policies: the inherited suite, exact plans and series, and the statistics of what is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from scipy import stats

from chainwright.policies import policies_for
from chainwright.policies.base import Policy
from chainwright.policies.trade.demand import ConstantDemand, SeasonalDemand, StepDemand, TrendDemand
from chainwright.policies.trade.demand_random import (
    AutoregressiveDemand,
    GammaDemand,
    IntermittentDemand,
    NegativeBinomialDemand,
    NormalDemand,
    PoissonDemand,
)
from chainwright.policies.trade.demand_series import BootstrapDemand, ListDemand, ReplayDemand
from chainwright.state.streams import row_key, uniform_from_key
from tests.policies.suite import ItemPolicySuite

SERIES = [12.0, 0.0, 7.0, 30.0, 5.0]
MEANS = np.array([0.0, 0.3, 5.0, 40.0, 500.0])
ROWS = 2000


class DrawingView:
    """The least that a demand policy looks at, with draws from the real streams."""

    def __init__(self, policy: Policy, rows: Any = ROWS, seed: int = 1) -> None:
        entities = np.arange(rows, dtype=np.uint64) if isinstance(rows, int) else rows
        self._keys: dict[str, Any] = {}
        self._seed, self._entities = seed, entities
        self.period = 0
        self.demand = np.zeros(np.shape(entities))[()]
        self._memory = {
            name: np.zeros(np.shape(entities))[()] + (getattr(policy, memory.default) if isinstance(memory.default, str) else memory.default)
            for name, memory in policy.remembers.items()
        }

    def memory(self, name: str) -> Any:
        return self._memory[name]

    def draw(self, stream: str, number: int = 0) -> Any:
        if stream not in self._keys:
            self._keys[stream] = row_key(self._seed, 0, 0, stream, self._entities)
        return uniform_from_key(self._keys[stream], self.period, number)

    def sees(self, name: str) -> bool:
        return False

    def answer(self, policy: Policy) -> Any:
        self.period += 1
        answer = policy(self)
        if isinstance(answer, tuple):
            answer, news = answer
            self._memory.update(news)
        self.demand = answer
        return answer


def series(policy: Policy, periods: int = 50, rows: Any = ROWS, seed: int = 1) -> np.ndarray:
    """Demand by period and row."""
    view = DrawingView(policy, rows, seed)
    return np.array([view.answer(policy) for _ in range(periods)])


def one_row(policy: Policy, periods: int) -> list[float]:
    """Demand of a single row, period by period."""
    return [float(value) for value in series(policy, periods, rows=np.uint64(3))]


def assert_moments(drawn: np.ndarray, mean: float, variance: float) -> None:
    """Mean and variance of independent draws within 4 standard errors."""
    values = drawn.ravel()
    assert abs(values.mean() - mean) < 4.0 * (variance / values.size) ** 0.5
    squares = (values - mean) ** 2
    assert abs(squares.mean() - variance) < 4.0 * squares.std() / values.size**0.5


class TestConstant(ItemPolicySuite):
    policy = ConstantDemand
    examples = [{"value": 4.0}, {"value": MEANS}]


class TestStep(ItemPolicySuite):
    policy = StepDemand
    examples = [{"before": 4.0, "after": 8.0, "at": 5}, {"before": MEANS, "after": MEANS[::-1], "at": np.array([1, 4, 9])}]

    def test_the_beer_game(self) -> None:
        assert one_row(StepDemand(before=4.0, after=8.0, at=5), 7) == [4.0, 4.0, 4.0, 4.0, 8.0, 8.0, 8.0]


class TestTrend(ItemPolicySuite):
    policy = TrendDemand
    examples = [{"start": 10.0, "slope": -1.5}, {"start": MEANS, "slope": np.array([-3.0, 0.1, 2.0]), "truncate": True}]

    def test_runs_down_to_zero_or_below(self) -> None:
        assert one_row(TrendDemand(start=5.0, slope=-2.0), 4) == [5.0, 3.0, 1.0, 0.0]
        assert one_row(TrendDemand(start=5.0, slope=-2.0, truncate=False), 4) == [5.0, 3.0, 1.0, -1.0]


class TestSeasonal(ItemPolicySuite):
    policy = SeasonalDemand
    examples = [
        {"mean": MEANS, "factors": [0.5, 1.0, 1.5]},
        {"mean": MEANS, "amplitude": 0.7, "season": 12},
        {"mean": MEANS, "amplitude": np.array([0.0, 0.5, 2.0]), "season": np.array([2, 7, 52]), "deviation": 3.0},
        {"mean": MEANS, "factors": [2.0, 0.0], "deviation": np.array([0.0, 0.4]), "proportional": np.array([True, False])},
    ]

    def test_factors_come_in_turn(self) -> None:
        assert one_row(SeasonalDemand(mean=10.0, factors=[0.5, 1.0, 1.5]), 5) == [5.0, 10.0, 15.0, 5.0, 10.0]

    def test_a_wave_is_exact_at_its_quarters(self) -> None:
        assert one_row(SeasonalDemand(mean=10.0, amplitude=0.5, season=4), 6) == [10.0, 15.0, 10.0, 5.0, 10.0, 15.0]
        drawn = one_row(SeasonalDemand(mean=10.0, amplitude=0.5, season=12), 24)
        assert drawn == pytest.approx((10.0 + 5.0 * np.sin(2.0 * np.pi * np.arange(24) / 12.0)).tolist(), abs=1e-12)
        assert drawn[:12] == drawn[12:]

    def test_noise_is_added_or_in_proportion(self) -> None:
        added = series(SeasonalDemand(mean=100.0, factors=[0.5, 1.5], deviation=5.0), 40)
        scaled = series(SeasonalDemand(mean=100.0, factors=[0.5, 1.5], deviation=0.1, proportional=True), 40)
        for place, level in enumerate((50.0, 150.0)):
            assert_moments(added[place::2], level, 25.0)
            assert_moments(scaled[place::2], level, (0.1 * level) ** 2)

    @pytest.mark.parametrize(
        "said, expected",
        [
            ({}, "needs factors"),
            ({"factors": [1.0], "season": 4}, "not by both"),
            ({"factors": []}, "at least one number"),
        ],
    )
    def test_a_season_is_said_once(self, said: Mapping[str, Any], expected: str) -> None:
        (mistake,) = SeasonalDemand.mistakes({"mean": 1.0, **said})
        assert expected in mistake


class TestList(ItemPolicySuite):
    policy = ListDemand
    examples = [{"values": SERIES}, {"values": SERIES, "then": "last"}, {"values": SERIES, "then": "zero"}]

    def test_what_follows_the_last_value(self) -> None:
        assert one_row(ListDemand(values=SERIES), 7) == [*SERIES, 12.0, 0.0]
        assert one_row(ListDemand(values=SERIES, then="last"), 7) == [*SERIES, 5.0, 5.0]
        assert one_row(ListDemand(values=SERIES, then="zero"), 7) == [*SERIES, 0.0, 0.0]

    def test_an_empty_list_is_a_mistake(self) -> None:
        assert ListDemand.mistakes({"values": []}) == ["the series has no value"]


class TestReplay(ItemPolicySuite):
    policy = ReplayDemand
    examples = [{"file": "demand.csv", "column": "beer", "values": SERIES}, {"values": SERIES, "then": "zero"}]

    def test_replays(self) -> None:
        assert one_row(ReplayDemand(file="demand.csv", values=SERIES), 6) == [*SERIES, 12.0]

    def test_needs_a_series(self) -> None:
        assert ReplayDemand.mistakes({}) == ["needs a file (a CSV table) or values"]
        assert ReplayDemand.mistakes({"file": "demand.csv"}) == []
        assert BootstrapDemand.mistakes({"values": []}) == ["the series has no value"]


class TestBootstrap(ItemPolicySuite):
    policy = BootstrapDemand
    examples = [{"values": SERIES}, {"values": SERIES, "block": 3}, {"values": [4.0]}, {"values": SERIES, "block": np.array([1, 2, 5])}]

    @pytest.mark.parametrize("block", [1, 4])
    def test_every_value_is_equally_likely(self, block: int) -> None:
        drawn = series(BootstrapDemand(values=SERIES, block=block), 40, seed=3)
        # Values within a block depend on each other: one of each block is counted.
        for place in range(block):
            counts = [int((drawn[place::block] == value).sum()) for value in SERIES]
            assert sum(counts) == drawn[place::block].size
            assert stats.chisquare(counts).pvalue > 1e-3

    def test_blocks_keep_their_order(self) -> None:
        drawn = series(BootstrapDemand(values=SERIES, block=4), 40, rows=50)
        place = np.searchsorted(np.sort(SERIES), drawn)
        position = np.argsort(SERIES)[place]
        step = (position[1:] - position[:-1]) % len(SERIES)
        inside = np.arange(1, 40) % 4 != 0
        assert (step[inside] == 1).all()
        assert np.unique(step[~inside]).size == len(SERIES)


class TestNormal(ItemPolicySuite):
    policy = NormalDemand
    examples = [{"mean": 100.0, "deviation": 20.0}, {"mean": MEANS, "deviation": MEANS[::-1], "truncate": True}]

    def test_moments(self) -> None:
        drawn = series(NormalDemand(mean=100.0, deviation=20.0, truncate=False))
        assert_moments(drawn, 100.0, 400.0)
        assert stats.kstest(drawn.ravel(), stats.norm(100.0, 20.0).cdf).pvalue > 1e-3

    def test_truncation(self) -> None:
        whole = series(NormalDemand(mean=1.0, deviation=2.0, truncate=False), 5)
        cut = series(NormalDemand(mean=1.0, deviation=2.0), 5)
        assert (whole < 0.0).any()
        assert cut.tolist() == np.maximum(whole, 0.0).tolist()
        some = series(NormalDemand(mean=1.0, deviation=2.0, truncate=np.arange(ROWS) % 2 == 0), 5)
        assert some[:, ::2].tolist() == cut[:, ::2].tolist()
        assert some[:, 1::2].tolist() == whole[:, 1::2].tolist()


class TestNormalUntruncated(ItemPolicySuite):
    policy = NormalDemand
    examples = [{"mean": 1.0, "deviation": 20.0, "truncate": np.array([True, False])}]
    non_negative = False


class TestGamma(ItemPolicySuite):
    policy = GammaDemand
    examples = [{"mean": 20.0, "deviation": 10.0}, {"mean": MEANS, "deviation": np.array([0.0, 3.0, 60.0])}]

    def test_moments(self) -> None:
        drawn = series(GammaDemand(mean=20.0, deviation=15.0))
        assert_moments(drawn, 20.0, 225.0)
        assert stats.kstest(drawn.ravel(), stats.gamma(16.0 / 9.0, scale=11.25).cdf).pvalue > 1e-3


class TestPoisson(ItemPolicySuite):
    policy = PoissonDemand
    examples = [{"mean": 20.0}, {"mean": MEANS}]

    def test_moments_and_shares(self) -> None:
        drawn = series(PoissonDemand(mean=20.0))
        assert_moments(drawn, 20.0, 20.0)
        shares = stats.poisson.pmf(np.arange(10, 31), 20.0)
        counts = [int((drawn == count).sum()) for count in range(10, 31)]
        rest = drawn.size - sum(counts)
        assert stats.chisquare([*counts, rest], drawn.size * np.array([*shares, 1.0 - shares.sum()])).pvalue > 1e-3


class TestNegativeBinomial(ItemPolicySuite):
    policy = NegativeBinomialDemand
    examples = [{"mean": 20.0, "deviation": 9.0}, {"mean": np.array([0.5, 20.0, 300.0]), "deviation": np.array([1.0, 9.0, 60.0])}]

    def test_moments(self) -> None:
        drawn = series(NegativeBinomialDemand(mean=20.0, deviation=9.0))
        assert_moments(drawn, 20.0, 81.0)
        assert (drawn == np.floor(drawn)).all()

    def test_variance_must_exceed_the_mean(self) -> None:
        assert NegativeBinomialDemand.mistakes({"mean": 9.0, "deviation": 3.1}) == []
        for deviation in (3.0, 1.0, np.array([4.0, 2.0])):
            (mistake,) = NegativeBinomialDemand.mistakes({"mean": 9.0, "deviation": deviation})
            assert "square root of mean" in mistake


class TestAutoregressive(ItemPolicySuite):
    policy = AutoregressiveDemand
    examples = [
        {"mean": 100.0, "deviation": 10.0, "correlation": 0.7},
        {"mean": MEANS, "deviation": 5.0, "correlation": np.array([-0.9, 0.0, 0.5, 0.99]), "truncate": True},
    ]

    @pytest.mark.parametrize("correlation", [-0.5, 0.0, 0.7])
    def test_settles_to_its_deviation_and_correlation(self, correlation: float) -> None:
        drawn = series(AutoregressiveDemand(mean=100.0, deviation=10.0, correlation=correlation, truncate=False), 60)[30:]
        # One period of each row, so that the values are independent.
        assert_moments(drawn[-1], 100.0, 100.0 / (1.0 - correlation**2))
        # Over rows, a correlation has a standard error of at most 1/sqrt(rows).
        for lag in (1, 2):
            found = np.corrcoef(drawn[-1], drawn[-1 - lag])[0, 1]
            assert abs(found - correlation**lag) < 4.0 / ROWS**0.5

    def test_starts_at_the_mean(self) -> None:
        drawn = series(AutoregressiveDemand(mean=100.0, deviation=10.0, correlation=0.9), 1)
        assert_moments(drawn, 100.0, 100.0)

    def test_truncation_does_not_bend_the_series(self) -> None:
        whole = series(AutoregressiveDemand(mean=5.0, deviation=10.0, correlation=0.8, truncate=False), 20, rows=100)
        cut = series(AutoregressiveDemand(mean=5.0, deviation=10.0, correlation=0.8), 20, rows=100)
        assert (whole < 0.0).any()
        assert cut.tolist() == np.maximum(whole, 0.0).tolist()

    def test_never_settling_is_a_mistake(self) -> None:
        assert AutoregressiveDemand.mistakes({"correlation": 0.99}) == []
        for correlation in (1.0, -1.0, np.array([0.2, 1.0])):
            assert len(AutoregressiveDemand.mistakes({"correlation": correlation})) == 1


class TestIntermittent(ItemPolicySuite):
    policy = IntermittentDemand
    examples = [
        {"probability": 0.3, "mean": 12.0},
        {"probability": np.array([0.0, 0.5, 1.0]), "mean": MEANS, "deviation": np.array([0.0, 4.0]), "whole": np.array([True, False])},
    ]

    def test_moments(self) -> None:
        constant = series(IntermittentDemand(probability=0.3, mean=12.0))
        assert set(np.unique(constant)) == {0.0, 12.0}
        assert_moments(constant, 3.6, 0.3 * 144.0 - 3.6**2)
        drawn = series(IntermittentDemand(probability=0.3, mean=12.0, deviation=5.0))
        assert_moments(drawn, 3.6, 0.3 * (144.0 + 25.0) - 3.6**2)
        assert ((drawn > 0.0) == (constant > 0.0)).all()
        # Whether there is a demand says nothing about its size.
        assert_moments(drawn[drawn > 0.0], 12.0, 25.0)

    def test_whole_sizes(self) -> None:
        drawn = series(IntermittentDemand(probability=0.5, mean=1.5, deviation=2.0, whole=True), 10)
        assert (drawn == np.floor(drawn)).all()
        # A size of 12 is one already; what lies between two whole numbers goes to one of the two.
        assert set(np.unique(series(IntermittentDemand(probability=0.5, mean=12.0, whole=True), 10))) == {0.0, 12.0}
        assert set(np.unique(series(IntermittentDemand(probability=0.5, mean=1.5, whole=True), 10))) == {0.0, 1.0, 2.0}

    @pytest.mark.parametrize("mean, deviation", [(0.5, 0.0), (1.5, 0.0), (2.4, 0.0), (1.5, 2.0), (20.3, 8.0)])
    def test_whole_sizes_keep_the_mean(self, mean: float, deviation: float) -> None:
        drawn = series(IntermittentDemand(probability=0.3, mean=mean, deviation=deviation, whole=True), 60)
        error = drawn.std() / drawn.size**0.5
        assert abs(drawn.mean() - 0.3 * mean) < 4.0 * error


RANDOM = [
    NormalDemand(mean=20.0, deviation=8.0),
    GammaDemand(mean=20.0, deviation=8.0),
    PoissonDemand(mean=20.0),
    NegativeBinomialDemand(mean=20.0, deviation=8.0),
    AutoregressiveDemand(mean=20.0, deviation=8.0, correlation=0.5),
    IntermittentDemand(probability=0.5, mean=20.0, deviation=8.0),
    BootstrapDemand(values=SERIES, block=2),
    SeasonalDemand(mean=20.0, amplitude=0.5, season=7, deviation=8.0),
]


@pytest.mark.parametrize("policy", RANDOM, ids=lambda policy: policy.name)
def test_a_row_of_the_real_streams_is_its_column(policy: Policy) -> None:
    column = series(policy, 6, rows=40)
    for row in (0, 17, 39):
        assert [float(value) for value in series(policy, 6, rows=np.uint64(row))] == column[:, row].tolist()
    assert series(policy, 6, rows=np.arange(10, 25, 3, dtype=np.uint64)).tolist() == column[:, 10:25:3].tolist()


@pytest.mark.parametrize("policy", RANDOM[:4], ids=lambda policy: policy.name)
def test_common_draws_move_all_distributions_together(policy: Policy) -> None:
    """The same uniform draws give high demand in the same periods whatever the distribution: a fair comparison."""
    assert np.corrcoef(series(policy, 5).ravel(), series(RANDOM[0], 5).ravel())[0, 1] > 0.95


def test_all_demand_policies_are_known() -> None:
    assert set(policies_for("demand")) >= {
        *("constant", "step", "list", "trend", "seasonal", "normal", "gamma", "poisson", "negative_binomial"),
        *("autoregressive", "intermittent", "replay", "bootstrap"),
    }
