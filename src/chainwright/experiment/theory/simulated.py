"""Reading a simulated number and its standard error from a result of many runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Numbers: TypeAlias = NDArray[np.float64]

# The enterprise that end demand comes from, where nothing else is said.
CUSTOMER = "customers"


class Estimate(NamedTuple):
    """A simulated number and its standard error, 0 where nothing is random."""

    value: float
    standard_error: float


# Reads an estimate from a result whose runs each measured so many periods.
Reader: TypeAlias = Callable[[Any, int], Estimate]


# --- estimates over independent runs -----------------------------------------------------------------------------------


def jackknife(statistic: Callable[..., Any], *columns: Numbers) -> Estimate:
    """A smooth function of means over runs, with the standard error that leaving out one run at a time gives.

    Taking the means first and the function afterwards keeps the bias of a ratio below its standard error by far;
    the mean of the ratios of short runs would not.

    Examples
    --------
    >>> import numpy as np
    >>> jackknife(lambda up, down: up / down, np.array([2.0, 4.0, 6.0]), np.array([1.0, 2.0, 3.0]))
    Estimate(value=2.0, standard_error=0.0)
    """
    runs = len(columns[0])
    value = float(statistic(*(column.mean() for column in columns)))
    if runs < 2:
        return Estimate(value, 0.0)
    without = np.asarray(statistic(*((column.sum() - column) / (runs - 1) for column in columns)), dtype=np.float64)
    spread = without - without.mean()
    return Estimate(value, float(np.sqrt((runs - 1) / runs * (spread * spread).sum())))


def second_moments(means: Numbers, variances: Numbers, periods: int) -> Numbers:
    """The mean square of each run, from its mean and its sample variance over so many periods."""
    return variances * (periods - 1) / periods + means * means


def variance_estimate(means: Numbers, variances: Numbers, periods: int) -> Estimate:
    """A variance over all runs and periods together.

    The variance inside a finite run is too small where neighbouring periods are correlated, by just the variance
    of the runs' means; measured around the mean of all runs it is not.

    Examples
    --------
    >>> import numpy as np
    >>> variance_estimate(np.array([1.0, 3.0]), np.array([0.0, 0.0]), 10).value
    1.0
    """
    return jackknife(lambda mean, square: square - mean * mean, means, second_moments(means, variances, periods))


def variance_ratio_estimate(above: tuple[Numbers, Numbers], below: tuple[Numbers, Numbers], periods: int) -> Estimate:
    """The ratio of two variances over all runs and periods; each is given as (means, sample variances), one per run."""
    return jackknife(
        lambda mean, square, other_mean, other_square: (square - mean * mean) / (other_square - other_mean * other_mean),
        above[0],
        second_moments(*above, periods),
        below[0],
        second_moments(*below, periods),
    )


# --- reading a result ----------------------------------------------------------------------------------------------------


def column(result: Any, enterprise: str, name: str) -> Numbers:
    """One metric of one enterprise's item, one value per run."""
    items = result.items
    rows = items[items["enterprise"] == enterprise].sort_values("run")
    return np.asarray(rows[name].to_numpy(), dtype=np.float64)


def metric_of(enterprise: str, name: str) -> Reader:
    """Read the mean of a metric over the runs."""
    return lambda result, periods: jackknife(lambda mean: mean, column(result, enterprise, name))


def cost_of(enterprises: Sequence[str], name: str = "total_cost", *, per_period: bool = True) -> Reader:
    """Read a cost of several enterprises together, per measured period or for all of them."""

    def read(result: Any, periods: int) -> Estimate:
        total = np.add.reduce([column(result, enterprise, name) for enterprise in enterprises])
        return jackknife(lambda mean: mean, total / (periods if per_period else 1.0))

    return read


def fill_rate_of(enterprise: str) -> Reader:
    """Read the fill rate: the mean of what was shipped in time over the mean of what was asked for."""

    def read(result: Any, periods: int) -> Estimate:
        asked = column(result, enterprise, "demand_mean")
        return jackknife(lambda served, wanted: served / wanted, column(result, enterprise, "fill_rate") * asked, asked)

    return read


def _orders(result: Any, enterprise: str) -> tuple[Numbers, Numbers]:
    return column(result, enterprise, "orders_mean"), column(result, enterprise, "orders_variance")


def order_variance_of(enterprise: str) -> Reader:
    """Read the variance of an enterprise's orders per period."""
    return lambda result, periods: variance_estimate(*_orders(result, enterprise), periods)


def bullwhip_of(enterprise: str, customer: str = CUSTOMER) -> Reader:
    """Read the variance of an enterprise's orders over the variance of the customers' orders."""
    return lambda result, periods: variance_ratio_estimate(_orders(result, enterprise), _orders(result, customer), periods)


def net_stock_amplification_of(enterprise: str, customer: str = CUSTOMER) -> Reader:
    """Read the variance of an enterprise's net stock over the variance of the customers' orders."""

    def read(result: Any, periods: int) -> Estimate:
        net = column(result, enterprise, "on_hand_mean") - column(result, enterprise, "backorder_mean")
        return variance_ratio_estimate((net, column(result, enterprise, "net_stock_variance")), _orders(result, customer), periods)

    return read
