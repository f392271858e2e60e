"""Closed forms of the bullwhip effect: variance of orders over variance of demand, by policy, forecast and demand."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np


def _table_power(base: Any, exponent: Any) -> Any:
    return np.asarray(base, dtype=np.float64) ** exponent


def moving_average_ratio(periods: Any, lead_time: Any, correlation: Any = 0.0) -> Any:
    """Order-up-to with a moving average and a fixed safety stock (Chen, Drezner, Ryan and Simchi-Levi 2000).

    Exact for independent and for autoregressive demand.

    Examples
    --------
    >>> round(float(moving_average_ratio(5, 2)), 6)
    2.12
    >>> round(float(moving_average_ratio(5, 3, 0.9)), 7)
    1.7862592
    """
    share = lead_time / periods
    return 1.0 + (2.0 * share + 2.0 * share * share) * (1.0 - _table_power(correlation, periods))


def exponential_smoothing_ratio(smoothing: Any, lead_time: Any, correlation: Any = 0.0) -> Any:
    """Order-up-to with exponential smoothing and a fixed safety stock (Chen, Ryan and Simchi-Levi 2000).

    Examples
    --------
    >>> round(float(exponential_smoothing_ratio(0.2, 2, 0.5)), 7)
    1.8148148
    """
    reach = lead_time * smoothing
    increment = 2.0 * reach + 2.0 * reach * reach / (2.0 - smoothing)
    return 1.0 + increment * (1.0 - correlation) / (1.0 - (1.0 - smoothing) * correlation)


def shared_demand_ratio(periods: Any, lead_times_so_far: Any) -> Any:
    """A stage that sees the end demand and runs an echelon order-up-to policy with a moving average.

    `lead_times_so_far` is the sum of the lead times of the stage and of all stages below it.

    Examples
    --------
    >>> [round(float(shared_demand_ratio(5, total)), 2) for total in (2, 4, 6, 8)]
    [2.12, 3.88, 6.28, 9.32]
    """
    return moving_average_ratio(periods, lead_times_so_far)


def minimum_mean_square_error_ratio(correlation: Any, lead_time: Any) -> Any:
    """Order-up-to with the best forecast of autoregressive demand (Lee, Padmanabhan and Whang 1997).

    Examples
    --------
    >>> round(float(minimum_mean_square_error_ratio(0.7, 3)), 7)
    3.3298534
    """
    power = _table_power(correlation, lead_time)
    return 1.0 + 2.0 * correlation * (1.0 - power) * (1.0 - power * correlation) / (1.0 - correlation)


class SmoothingVariances(NamedTuple):
    """Variances as multiples of the variance of demand."""

    orders: float
    net_stock: float


def smoothing_order_up_to_variances(smoothing_time: Any, lead_time: Any) -> SmoothingVariances:
    """Orders that close a share 1/T of the gap, with a constant forecast and independent demand (Disney and Towill 2003).

    Examples
    --------
    >>> [round(float(number), 6) for number in smoothing_order_up_to_variances(4, 3)]
    [0.142857, 4.285714]
    """
    rest = smoothing_time - 1.0
    spread = 2.0 * smoothing_time - 1.0
    return SmoothingVariances(1.0 / spread, 1.0 + (lead_time - 1.0) + rest * rest / spread)


def review_variance(mean: Any, deviation: Any, review: Any) -> Any:
    """Variance of orders per period when an order covers the demand of every `review` periods.

    Examples
    --------
    >>> [float(review_variance(10.0, 2.0, review)) for review in (1, 2, 4, 5)]
    [4.0, 104.0, 304.0, 404.0]
    """
    return deviation * deviation + mean * mean * (review - 1.0)


def moving_average_error_constant(periods: Any, lead_time: Any) -> Any:
    """The constant C by which Chen et al. (2000) multiply the root mean square of one-period errors for independent demand.

    With it the deviation of the error over the lead time is exact; √L, which `order_up_to` uses, leaves out the error of the mean itself.

    Examples
    --------
    >>> round(float(moving_average_error_constant(5, 2)), 6)
    1.527525
    """
    return np.sqrt(lead_time * (1.0 + lead_time / periods) / (1.0 + 1.0 / periods))


def autoregressive_lead_time_deviation(correlation: float, innovation_deviation: float, lead_time: int) -> float:
    """Deviation of the best forecast's error of autoregressive demand over the lead time.

    Examples
    --------
    >>> round(autoregressive_lead_time_deviation(0.5, 2.0, 1), 6), round(autoregressive_lead_time_deviation(0.5, 2.0, 2), 6)
    (2.0, 3.605551)
    """
    weights = np.array([(1.0 - _table_power(correlation, ahead)) / (1.0 - correlation) for ahead in range(1, lead_time + 1)])
    return float(innovation_deviation * np.sqrt((weights * weights).sum()))
