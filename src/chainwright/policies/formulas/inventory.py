"""Closed forms of inventory theory: lots, newsvendor, base stock, lead times, pooling; with the period of this model."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from chainwright.policies.columnwise import ratio


def economic_order_quantity(ordering_cost: Any, demand_rate: Any, holding_cost: Any, backorder_cost: Any = None) -> Any:
    """The lot that costs least (Harris 1913), with planned backorders where they cost something; 0 where holding is free.

    Examples
    --------
    >>> round(float(economic_order_quantity(8.0, 1300.0, 0.225)), 5)
    304.04678
    >>> round(float(economic_order_quantity(8.0, 1300.0, 0.225, backorder_cost=5.0)), 5)
    310.81256
    """
    lot = np.sqrt(ratio(2.0 * ordering_cost * demand_rate, holding_cost))
    return lot if backorder_cost is None else lot * np.sqrt((holding_cost + backorder_cost) / backorder_cost)


def economic_order_cost(quantity: Any, ordering_cost: Any, demand_rate: Any, holding_cost: Any) -> Any:
    """Cost of ordering and holding per period, for a lot of any size.

    Examples
    --------
    >>> round(float(economic_order_cost(304.04678, 8.0, 1300.0, 0.225)), 5)
    68.41053
    """
    return ratio(ordering_cost * demand_rate, quantity) + holding_cost * quantity / 2.0


def standard_normal_loss(z: Any) -> Any:
    """Expected excess of a standard normal variable over z.

    Examples
    --------
    >>> round(float(standard_normal_loss(0.0)), 6)
    0.398942
    """
    from scipy import stats  # which takes as long to load as all the rest

    return stats.norm.pdf(z) - z * stats.norm.sf(z)


def poisson_loss(level: Any, mean: Any) -> Any:
    """Expected excess of a Poisson variable over a whole level.

    Examples
    --------
    >>> round(float(poisson_loss(66, 60.0)), 6)
    1.007897
    """
    from scipy import stats

    return mean * stats.poisson.sf(np.asarray(level) - 1, mean) - level * stats.poisson.sf(level, mean)


class Newsvendor(NamedTuple):
    """What a newsvendor orders and what it costs or earns per period."""

    quantity: float
    cost: float


def newsvendor_normal(mean: float, deviation: float, holding_cost: float, backorder_cost: float) -> Newsvendor:
    """The level that costs least for normal demand, and its cost of holding and shortage per period.

    Examples
    --------
    >>> [round(float(number), 6) for number in newsvendor_normal(50.0, 8.0, 0.18, 0.70)]
    [56.603956, 1.997605]
    """
    from scipy import stats

    z = stats.norm.ppf(backorder_cost / (backorder_cost + holding_cost))
    return Newsvendor(float(mean + z * deviation), float((holding_cost + backorder_cost) * deviation * stats.norm.pdf(z)))


def newsvendor_one_season(mean: float, deviation: float, price: float, cost: float, salvage_value: float) -> float:
    """What to buy for one season of normal demand, when the rest is sold off at its salvage value.

    Examples
    --------
    >>> round(newsvendor_one_season(100.0, 30.0, price=10.0, cost=3.0, salvage_value=2.0), 1)
    134.5
    """
    from scipy import stats

    return float(stats.norm.ppf((price - cost) / (price - salvage_value), loc=mean, scale=deviation))


class BaseStockPerformance(NamedTuple):
    """Long-run measures of a base-stock policy, at the end of a period."""

    on_hand: float
    backorder: float
    no_stockout_probability: float
    fill_rate: float


def base_stock_poisson(level: int, lead_time: int, mean: float) -> BaseStockPerformance:
    """Measures of a base stock with Poisson demand: the lead-time demand covers exactly L periods.

    Examples
    --------
    >>> [round(number, 6) for number in base_stock_poisson(66, 3, 20.0)]
    [7.007897, 1.007897, 0.801174, 0.949612]
    """
    backorder = float(poisson_loss(level, mean * lead_time))
    before = float(poisson_loss(level, mean * (lead_time - 1)))
    # A period's demand is not shipped in time as far as it adds to what is owed once the period's receipts are in.
    fill = 1.0 - (backorder - before) / mean
    from scipy import stats

    return BaseStockPerformance(level - mean * lead_time + backorder, backorder, float(stats.poisson.cdf(level, mean * lead_time)), fill)


def base_stock_normal(level: float, lead_time: int, mean: float, deviation: float) -> BaseStockPerformance:
    """Measures of a base stock with normal demand.

    Examples
    --------
    >>> [round(number, 5) for number in base_stock_normal(330.0, 3, 100.0, 20.0)]
    [33.70103, 3.70103, 0.80676, 0.96299]
    """

    def owed(periods: int) -> float:
        over = level - mean * periods
        spread = float(deviation * np.sqrt(periods))
        return float(spread * standard_normal_loss(over / spread)) if spread > 0.0 else float(positive_part(-over))

    backorder = owed(lead_time)
    fill = 1.0 - (backorder - owed(lead_time - 1)) / mean
    from scipy import stats

    covered = float(stats.norm.cdf(level, mean * lead_time, deviation * np.sqrt(lead_time)))
    return BaseStockPerformance(level - mean * lead_time + backorder, backorder, covered, fill)


def positive_part(value: float) -> float:
    """A number, or 0 where it is negative."""
    return value if value > 0.0 else 0.0


def poisson_cost(level: Any, lead_time: float, mean: float, holding_cost: float, backorder_cost: float) -> Any:
    """Expected cost per period of holding and backorder when the inventory position is at a whole level.

    Examples
    --------
    >>> round(float(poisson_cost(70, 3, 20.0, 1.0, 9.0)), 6)
    13.943118
    """
    backorder = poisson_loss(level, mean * lead_time)
    return holding_cost * (level - mean * lead_time + backorder) + backorder_cost * backorder


def best_base_stock_poisson(lead_time: float, mean: float, holding_cost: float, backorder_cost: float) -> int:
    """The base-stock level that costs least with Poisson demand.

    Examples
    --------
    >>> best_base_stock_poisson(3, 20.0, 1.0, 9.0)
    70
    """
    from scipy import stats

    return int(stats.poisson.ppf(backorder_cost / (backorder_cost + holding_cost), mean * lead_time))


def lead_time_deviation(lead_time_mean: Any, lead_time_variance: Any, mean: Any, deviation: Any) -> Any:
    """Deviation of the demand over a random lead time, where shipments do not overtake.

    Examples
    --------
    >>> round(float(lead_time_deviation(3.0, 1.0, 100.0, 20.0)), 4)
    105.8301
    """
    return np.sqrt(lead_time_mean * (deviation * deviation) + (mean * mean) * lead_time_variance)


def pooled_safety_stock(markets: Any, correlation: Any) -> Any:
    """Safety stock of one central place as a share of that of a place in each market (Eppen 1979).

    Examples
    --------
    >>> round(float(pooled_safety_stock(4, 0.5)), 6)
    0.790569
    """
    return np.sqrt((1.0 + (markets - 1.0) * correlation) / markets)
