"""Exact costs and optima of (r, Q) and (s, S) policies with Poisson demand."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from chainwright.policies.formulas.inventory import best_base_stock_poisson, poisson_cost


class ReorderPlan(NamedTuple):
    """A reorder point with a lot (or an order-up-to level), and its cost per period."""

    reorder_point: int
    quantity: int
    cost: float


class MinMaxPlan(NamedTuple):
    """A reorder point, the level that is ordered up to, and the cost per period."""

    reorder_point: int
    order_up_to: int
    cost: float


def reorder_point_cost(
    reorder_point: int, quantity: int, lead_time: float, mean: float, holding_cost: float, backorder_cost: float, ordering_cost: float
) -> float:
    """Cost per unit of time of an (r, Q) policy under continuous review: the position is uniform on r + 1, …, r + Q.

    Examples
    --------
    >>> round(reorder_point_cost(3, 5, 2.0, 1.5, 20.0, 150.0, 100.0), 6)
    107.923581
    """
    positions = np.arange(reorder_point + 1, reorder_point + quantity + 1)
    running = poisson_cost(positions, lead_time, mean, holding_cost, backorder_cost)
    return float((ordering_cost * mean + running.sum()) / quantity)


def best_reorder_point(lead_time: float, mean: float, holding_cost: float, backorder_cost: float, ordering_cost: float) -> ReorderPlan:
    """The (r, Q) policy that costs least: take in positions from the cheapest on while they lower the average (Federgruen and Zheng 1992).

    Examples
    --------
    >>> best_reorder_point(2.0, 1.5, 20.0, 150.0, 100.0)[:2]
    (3, 5)
    """

    def running(position: int) -> float:
        return float(poisson_cost(position, lead_time, mean, holding_cost, backorder_cost))

    lowest = highest = best_base_stock_poisson(lead_time, mean, holding_cost, backorder_cost)
    total = ordering_cost * mean + running(lowest)
    while True:
        below, above = running(lowest - 1), running(highest + 1)
        cheaper = below if below <= above else above
        quantity = highest - lowest + 1
        if cheaper >= total / quantity:
            return ReorderPlan(lowest - 1, quantity, total / quantity)
        total += cheaper
        if below <= above:
            lowest -= 1
        else:
            highest += 1


def min_max_cost(
    reorder_point: int, order_up_to: int, lead_time: float, mean: float, holding_cost: float, backorder_cost: float, ordering_cost: float
) -> float:
    """Cost per period of an (s, S) policy that orders up to S when the position is s or less, reviewed every period.

    The visits to each position between two orders are a renewal sum of the demand's probabilities.

    Examples
    --------
    >>> round(min_max_cost(6, 40, 1.0, 10.0, 1.0, 9.0, 64.0), 5)
    35.02156
    """
    span = order_up_to - reorder_point
    visits = _visits(span, mean)
    running = poisson_cost(order_up_to - np.arange(span), lead_time, mean, holding_cost, backorder_cost)
    return float((ordering_cost + (visits * running).sum()) / visits.sum())


def _visits(span: int, mean: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Expected number of periods that the position spends at each distance below S, per order."""
    from scipy import stats  # which takes as long to load as all the rest

    probability = stats.poisson.pmf(np.arange(span), mean)
    visits = np.zeros(span)
    visits[0] = 1.0 / (1.0 - probability[0])
    for below in range(1, span):
        visits[below] = (probability[1 : below + 1] * visits[below - 1 :: -1][:below]).sum() / (1.0 - probability[0])
    return visits


def best_min_max(lead_time: float, mean: float, holding_cost: float, backorder_cost: float, ordering_cost: float) -> MinMaxPlan:
    """The (s, S) policy that costs least (the search of Zheng and Federgruen 1991).

    Examples
    --------
    >>> best_min_max(1.0, 10.0, 1.0, 9.0, 64.0)[:2]
    (6, 40)
    """

    def running(position: int) -> float:
        return float(poisson_cost(position, lead_time, mean, holding_cost, backorder_cost))

    def cost(low: int, high: int) -> float:
        return min_max_cost(low, high, lead_time, mean, holding_cost, backorder_cost, ordering_cost)

    cheapest = best_base_stock_poisson(lead_time, mean, holding_cost, backorder_cost)
    best_high, low = cheapest, cheapest - 1
    while cost(low, best_high) > running(low):
        low -= 1
    best_low, best = low, cost(low, best_high)
    high = cheapest + 1
    while running(high) <= best:
        if cost(best_low, high) < best:
            best_high = high
            while cost(best_low, high) <= running(best_low + 1):
                best_low += 1
            best = cost(best_low, best_high)
        high += 1
    return MinMaxPlan(best_low, best_high, best)
