"""The closed forms give the numbers that the literature prints, and estimates are what they should be; no simulation here."""

from __future__ import annotations

import numpy as np
import pytest

from chainwright.experiment.theory import cases_inventory as inventory
from chainwright.experiment.theory.simulated import jackknife, variance_estimate, variance_ratio_estimate
from chainwright.experiment.theory.table import check_theory, known_results
from chainwright.policies.formulas import bullwhip, reorder
from chainwright.policies.formulas import inventory as formulas
from chainwright.words.errors import UsageError


def printed(number: float, places: int) -> object:
    """A number that is printed with so many decimal places."""
    return pytest.approx(number, rel=0.0, abs=0.5000001 * 10.0**-places)


@pytest.mark.parametrize(
    "periods, lead_time, number, places",
    [(5, 1, 1.48, 9), (5, 2, 2.12, 9), (5, 3, 2.92, 9), (10, 4, 2.12, 9), (4, 2, 2.5, 9), (3, 1, 1.8889, 4)],
)
def test_moving_average(periods: int, lead_time: int, number: float, places: int) -> None:
    assert bullwhip.moving_average_ratio(periods, lead_time) == printed(number, places)


@pytest.mark.parametrize(
    "correlation, periods, lead_time, number",
    [(0.5, 5, 2, 2.085), (0.9, 5, 3, 1.7862592), (-0.5, 5, 2, 2.155), (0.7, 10, 4, 2.0883628)],
)
def test_moving_average_of_autoregressive_demand(correlation: float, periods: int, lead_time: int, number: float) -> None:
    assert bullwhip.moving_average_ratio(periods, lead_time, correlation) == printed(number, 7)


@pytest.mark.parametrize(
    "smoothing, lead_time, correlation, number",
    [(0.2, 2, 0.0, 1.977778), (0.1, 4, 0.0, 1.968421), (0.4, 1, 0.0, 2.0), (0.2, 2, 0.5, 1.814815)],
)
def test_exponential_smoothing(smoothing: float, lead_time: int, correlation: float, number: float) -> None:
    assert bullwhip.exponential_smoothing_ratio(smoothing, lead_time, correlation) == printed(number, 6)


def test_shared_demand() -> None:
    assert [bullwhip.shared_demand_ratio(5, total) for total in (2, 4, 6, 8)] == pytest.approx([2.12, 3.88, 6.28, 9.32])


@pytest.mark.parametrize("time, lead_time, orders, net_stock", [(1, 3, 1.0, 3.0), (2, 2, 0.333333, 2.333333), (4, 3, 0.142857, 4.285714)])
def test_smoothed_orders(time: int, lead_time: int, orders: float, net_stock: float) -> None:
    assert tuple(bullwhip.smoothing_order_up_to_variances(time, lead_time)) == (printed(orders, 6), printed(net_stock, 6))


@pytest.mark.parametrize("correlation, lead_time, number", [(0.5, 1, 1.75), (0.7, 1, 1.714), (0.7, 3, 3.3298534), (0.5, 4, 2.8164063)])
def test_minimum_mean_square_error(correlation: float, lead_time: int, number: float) -> None:
    assert bullwhip.minimum_mean_square_error_ratio(correlation, lead_time) == printed(number, 7)


@pytest.mark.parametrize("correlation", [0.0, -0.3, -0.9])
def test_no_amplification_where_demand_is_not_positively_correlated(correlation: float) -> None:
    assert all(bullwhip.minimum_mean_square_error_ratio(correlation, lead_time) <= 1.0 for lead_time in range(1, 8))


def test_ordering_every_few_periods() -> None:
    assert [bullwhip.review_variance(10, 2, review) for review in (1, 2, 4, 5)] == [4, 104, 304, 404]


def test_newsvendor() -> None:
    best = formulas.newsvendor_normal(50, 8, 0.18, 0.70)
    assert tuple(best) == (printed(56.603956, 6), printed(1.997605, 6))
    service = formulas.base_stock_normal(best.quantity, 1, 50, 8)
    assert 0.18 * service.on_hand + 0.70 * service.backorder == pytest.approx(best.cost)


@pytest.mark.parametrize(
    "level, lead_time, numbers",
    [
        (66, 3, (7.007897, 1.007897, 0.801174, 0.949612)),
        (25, 1, (5.330828, 0.330828, 0.887815, 0.983459)),
        (90, 4, (10.629357, 0.629357, 0.878564, 0.968548)),
    ],
)
def test_base_stock_of_poisson_demand(level: int, lead_time: int, numbers: tuple[float, ...]) -> None:
    assert list(formulas.base_stock_poisson(level, lead_time, 20)) == [printed(number, 6) for number in numbers]


def test_base_stock_of_normal_demand() -> None:
    found = formulas.base_stock_normal(330, 3, 100, 20)
    assert list(found) == [printed(33.70103, 5), printed(3.70103, 5), printed(0.80676, 5), printed(0.96299, 5)]


def test_the_cheapest_base_stock() -> None:
    costs = {level: formulas.poisson_cost(level, 3, 20, 1, 9) for level in range(60, 80)}
    assert formulas.best_base_stock_poisson(3, 20, 1, 9) == 70 == min(costs, key=lambda level: costs[level])
    assert costs[70] == printed(13.943118, 6)


@pytest.mark.parametrize(
    "mean, reorder_point, order_up_to, number",
    [(10, 6, 40, 35.02156), (15, 10, 49, 42.69782), (20, 14, 62, 49.17304), (25, 19, 56, 54.26217), (30, 23, 66, 57.81893)],
)
def test_min_max(mean: int, reorder_point: int, order_up_to: int, number: float) -> None:
    def cost(low: int, high: int) -> float:
        return reorder.min_max_cost(low, high, 1, mean, 1, 9, 64)

    assert cost(reorder_point, order_up_to) == printed(number, 5)
    # It is the cheapest of its neighbours, which a wrong renewal would miss.
    neighbours = [(low, high) for low in range(reorder_point - 2, reorder_point + 3) for high in range(order_up_to - 2, order_up_to + 3)]
    assert min(neighbours, key=lambda pair: cost(*pair)) == (reorder_point, order_up_to)


def test_the_serial_system() -> None:
    # The printed number is itself simulated, with a standard error of .003.
    assert abs(inventory.serial_cost() - 47.657) <= 4 * 0.003
    assert inventory.serial_in_transit_cost() == 30.0


def test_a_single_stage_is_a_serial_system() -> None:
    (on_hand, backorder) = inventory.serial_base_stock(100, 20, [330], [3])[0]
    single = formulas.base_stock_normal(330, 3, 100, 20)
    assert (on_hand, backorder) == pytest.approx((single.on_hand, single.backorder), rel=1e-12)


def test_a_plentiful_upper_stage_is_an_outside_source() -> None:
    lower, upper = inventory.serial_base_stock(100, 20, [330, 1000], [3, 2])
    single = formulas.base_stock_normal(330, 3, 100, 20)
    assert lower == pytest.approx((single.on_hand, single.backorder), rel=1e-9)
    assert upper == pytest.approx((800.0, 0.0), abs=1e-9)


def test_the_formulas_of_the_table_hold() -> None:
    names = {result.name for result in known_results() if result.formula is not None}
    assert {name.split()[0] for name in names} == {"B5", "B7", "B11", "B16"}
    assert [row for row in check_theory(only=names) if row.verdict != "holds"] == []


def test_an_unknown_name_is_told() -> None:
    with pytest.raises(UsageError, match="Z1"):
        check_theory(only="Z1")


def test_the_jackknife_of_a_mean_is_its_standard_error() -> None:
    values = np.random.default_rng(1).normal(size=200)
    found = jackknife(lambda mean: mean, values)
    assert found.value == pytest.approx(values.mean())
    assert found.standard_error == pytest.approx(values.std(ddof=1) / np.sqrt(200))


def test_one_run_has_no_standard_error() -> None:
    assert jackknife(lambda mean: mean, np.array([3.0])) == (3.0, 0.0)


def test_correlated_periods_do_not_bias_a_variance() -> None:
    runs, periods, correlation = 4000, 20, 0.9
    shocks = np.random.default_rng(2).normal(size=(periods, runs))
    series = np.empty_like(shocks)
    series[0] = shocks[0] / np.sqrt(1.0 - correlation * correlation)
    for period in range(1, periods):
        series[period] = correlation * series[period - 1] + shocks[period]
    means, variances = series.mean(axis=0), series.var(axis=0, ddof=1)
    expected = 1.0 / (1.0 - correlation * correlation)
    found = variance_estimate(means, variances, periods)
    assert abs(found.value - expected) < 4 * found.standard_error < 0.1 * expected
    # The mean of the runs' own variances is far off, which is why it is not used.
    assert variances.mean() < 0.7 * expected
    ratio = variance_ratio_estimate((means, variances), (means, variances), periods)
    assert ratio.value == pytest.approx(1.0, rel=1e-12)
