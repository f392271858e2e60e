"""Closed forms: the numbers of the textbooks, and formulas checked against sums and each other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from chainwright.policies.formulas import bullwhip, inventory, reorder


def test_economic_order_quantity() -> None:
    lot = inventory.economic_order_quantity(8.0, 1300.0, 0.225)
    assert lot == pytest.approx(304.04678, abs=5e-6)
    best = inventory.economic_order_cost(lot, 8.0, 1300.0, 0.225)
    assert best == pytest.approx(68.41053, abs=5e-6)
    assert inventory.economic_order_quantity(8.0, 1300.0, 0.225, 5.0) == pytest.approx(310.81256, abs=5e-6)
    for factor, more in ((0.5, 1.25), (2.0, 1.25), (0.8, 1.025), (1.25, 1.025)):
        assert inventory.economic_order_cost(factor * lot, 8.0, 1300.0, 0.225) == pytest.approx(more * best)
    assert inventory.economic_order_quantity(np.array([8.0, 8.0]), 1300.0, np.array([0.225, 0.0])).tolist() == pytest.approx([lot, 0.0])


def test_newsvendor() -> None:
    assert inventory.newsvendor_normal(50.0, 8.0, 0.18, 0.70) == pytest.approx((56.603956, 1.997605), abs=5e-7)
    bought = [inventory.newsvendor_one_season(100.0, 30.0, 10.0, cost, 2.0) for cost in (6.0, 3.0, 8.0)]
    assert bought == pytest.approx([100.0, 134.5, 79.8], abs=0.05)


@pytest.mark.parametrize(
    "level, lead_time, expected",
    [
        (66, 3, (7.007897, 1.007897, 0.801174, 0.949612)),
        (25, 1, (5.330828, 0.330828, 0.887815, 0.983459)),
        (90, 4, (10.629357, 0.629357, 0.878564, 0.968548)),
    ],
)
def test_base_stock_with_poisson_demand(level: int, lead_time: int, expected: tuple[float, ...]) -> None:
    assert inventory.base_stock_poisson(level, lead_time, 20.0) == pytest.approx(expected, abs=6e-7)


def test_base_stock_with_normal_demand() -> None:
    assert inventory.base_stock_normal(330.0, 3, 100.0, 20.0) == pytest.approx((33.70103, 3.70103, 0.80676, 0.96299), abs=6e-6)
    # With L = 1 a demand is late as far as it exceeds the level.
    short = inventory.base_stock_normal(110.0, 1, 100.0, 20.0)
    assert short.fill_rate == pytest.approx(1.0 - short.backorder / 100.0)
    assert inventory.base_stock_normal(-10.0, 1, 100.0, 20.0).fill_rate == pytest.approx(0.0, abs=1e-6)


def test_best_base_stock() -> None:
    assert inventory.best_base_stock_poisson(3, 20.0, 1.0, 9.0) == 70
    assert inventory.poisson_cost(70, 3, 20.0, 1.0, 9.0) == pytest.approx(13.943118, abs=5e-7)
    costs = inventory.poisson_cost(np.arange(40, 100), 3, 20.0, 1.0, 9.0)
    assert int(np.argmin(costs)) + 40 == 70


def test_reorder_point() -> None:
    plan = reorder.best_reorder_point(2.0, 1.5, 20.0, 150.0, 100.0)
    assert plan == pytest.approx((3, 5, 107.923581), abs=5e-7)
    around = [reorder.reorder_point_cost(point, lot, 2.0, 1.5, 20.0, 150.0, 100.0) for point in range(-1, 8) for lot in range(1, 15)]
    assert min(around) == pytest.approx(plan.cost)


@pytest.mark.parametrize(
    "mean, point, level, cost",
    [(10, 6, 40, 35.02156), (15, 10, 49, 42.69782), (20, 14, 62, 49.17304), (25, 19, 56, 54.26217), (30, 23, 66, 57.81893)],
)
def test_min_max(mean: float, point: int, level: int, cost: float) -> None:
    assert reorder.best_min_max(1.0, mean, 1.0, 9.0, 64.0) == pytest.approx((point, level, cost), abs=5e-6)
    for low, high in ((point - 1, level), (point + 1, level), (point, level - 1), (point, level + 1)):
        assert reorder.min_max_cost(low, high, 1.0, mean, 1.0, 9.0, 64.0) > cost - 5e-6


def test_lead_time_that_is_drawn() -> None:
    assert inventory.lead_time_deviation(3.0, 1.0, 100.0, 20.0) == pytest.approx(105.8301, abs=5e-5)


@pytest.mark.parametrize("markets, correlation, expected", [(4, 0.0, 0.5), (9, 0.0, 0.3333), (4, 0.5, 0.790569), (7, 1.0, 1.0)])
def test_pooling(markets: int, correlation: float, expected: float) -> None:
    assert inventory.pooled_safety_stock(markets, correlation) == pytest.approx(expected, abs=5e-5)


@pytest.mark.parametrize("periods, lead_time, expected", [(5, 1, 1.48), (5, 2, 2.12), (5, 3, 2.92), (10, 4, 2.12), (4, 2, 2.5), (3, 1, 1.8889)])
def test_bullwhip_of_the_moving_average(periods: int, lead_time: int, expected: float) -> None:
    assert bullwhip.moving_average_ratio(periods, lead_time) == pytest.approx(expected, abs=5e-5)


@pytest.mark.parametrize(
    "correlation, periods, lead_time, expected", [(0.5, 5, 2, 2.085), (0.9, 5, 3, 1.7862592), (-0.5, 5, 2, 2.155), (0.7, 10, 4, 2.0883628)]
)
def test_bullwhip_of_the_moving_average_with_correlated_demand(correlation: float, periods: int, lead_time: int, expected: float) -> None:
    assert bullwhip.moving_average_ratio(periods, lead_time, correlation) == pytest.approx(expected, abs=5e-8)


@pytest.mark.parametrize(
    "smoothing, lead_time, correlation, expected",
    [(0.2, 2, 0.0, 1.977778), (0.1, 4, 0.0, 1.968421), (0.4, 1, 0.0, 2.0), (0.2, 2, 0.5, 1.8148148)],
)
def test_bullwhip_of_smoothing(smoothing: float, lead_time: int, correlation: float, expected: float) -> None:
    assert bullwhip.exponential_smoothing_ratio(smoothing, lead_time, correlation) == pytest.approx(expected, abs=5e-7)


@pytest.mark.parametrize("correlation, lead_time, expected", [(0.5, 1, 1.75), (0.7, 1, 1.714), (0.7, 3, 3.3298534), (0.5, 4, 2.8164063)])
def test_bullwhip_of_the_best_forecast(correlation: float, lead_time: int, expected: float) -> None:
    assert bullwhip.minimum_mean_square_error_ratio(correlation, lead_time) == pytest.approx(expected, abs=1e-7)


@pytest.mark.parametrize("smoothing_time, lead_time, expected", [(1, 5, (1.0, 5.0)), (2, 2, (0.333333, 2.333333)), (4, 3, (0.142857, 4.285714))])
def test_smoothing_order_up_to(smoothing_time: int, lead_time: int, expected: tuple[float, float]) -> None:
    assert bullwhip.smoothing_order_up_to_variances(smoothing_time, lead_time) == pytest.approx(expected, abs=5e-7)


def test_reviews_and_shared_demand() -> None:
    assert [bullwhip.review_variance(10.0, 2.0, review) for review in (1, 2, 4, 5)] == [4.0, 104.0, 304.0, 404.0]
    assert [bullwhip.shared_demand_ratio(5, 2 * stage) for stage in (1, 2, 3, 4)] == pytest.approx([2.12, 3.88, 6.28, 9.32])


@given(st.integers(0, 60), st.floats(0.1, 40.0))
def test_the_poisson_loss_is_a_sum(level: int, mean: float) -> None:
    beyond = np.arange(level, level + 400)
    assert inventory.poisson_loss(level, mean) == pytest.approx(((beyond - level) * stats.poisson.pmf(beyond, mean)).sum(), abs=1e-9)


@given(st.floats(-5.0, 5.0))
def test_the_normal_loss_is_symmetric(z: float) -> None:
    assert inventory.standard_normal_loss(z) - inventory.standard_normal_loss(-z) == pytest.approx(-z, abs=1e-12)


def test_the_constants_of_the_error() -> None:
    # One period of lead time: the one-period error is the error over the lead time.
    assert bullwhip.moving_average_error_constant(7, 1) == pytest.approx(1.0)
    assert bullwhip.autoregressive_lead_time_deviation(0.0, 3.0, 4) == pytest.approx(6.0)
