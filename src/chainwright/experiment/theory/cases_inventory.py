"""Known results on stock and service, and the chains that must reproduce them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from scipy.stats import norm

from chainwright.experiment.theory.case import KnownResult, Simulation, Stage, in_a_row
from chainwright.experiment.theory.simulated import Numbers, cost_of, fill_rate_of, metric_of
from chainwright.policies.formulas.inventory import (
    BaseStockPerformance,
    base_stock_normal,
    base_stock_poisson,
    best_base_stock_poisson,
    economic_order_cost,
    economic_order_quantity,
    lead_time_deviation,
    newsvendor_normal,
    poisson_cost,
    pooled_safety_stock,
)
from chainwright.policies.formulas.reorder import best_reorder_point, min_max_cost
from chainwright.scenario import load

HADLEY = "Hadley and Whitin (1963), Analysis of Inventory Systems"
ZHENG = "Zheng and Federgruen (1991), Operations Research 39(4), 654-665"
FEDERGRUEN = "Federgruen and Zheng (1992), Operations Research 40(4), 808-813"
HARRIS = "Harris (1913), reprinted in Operations Research 38(6), 947-950"
EPPEN = "Eppen (1979), Management Science 25(5), 498-501"
SNYDER = "Snyder and Shen (2019), Fundamentals of Supply Chain Theory, 2nd edition"
STAGE = "stage_1"


# --- stages in a row ---------------------------------------------------------------------------------------------------------


def serial_base_stock(mean: float, deviation: float, levels: Sequence[float], lead_times: Sequence[int]) -> list[tuple[float, float]]:
    """Mean on hand and backorder of each stage of a chain with local base stocks, normal demand, orders seen at once.

    Stages are counted from the customers. The net stock of a stage is its level less what its seller owes it a lead time before,
    less the demand since; the two are independent, so the distribution of what is owed is carried down the chain
    (an atom at 0 and a density above, by Gauss-Legendre quadrature).

    Examples
    --------
    >>> [round(on_hand, 3) for on_hand, _ in serial_base_stock(5, 1, [6.49, 5.53, 10.69], [1, 1, 2])]
    [1.262, 0.594, 0.975]
    """
    points, weights = np.polynomial.legendre.leggauss(200)
    owed: Numbers = np.zeros(1)  # what the seller owes, with the probability of each
    chance: Numbers = np.ones(1)
    found = []
    for level, lead_time in zip(reversed(levels), reversed(lead_times), strict=True):
        spread = deviation * float(np.sqrt(lead_time))
        away = level - owed - mean * lead_time
        factor = away / spread
        backorder = float(chance @ (spread * norm.pdf(factor) - away * norm.sf(factor)))
        found.append((float(chance @ away) + backorder, backorder))
        farthest = 10.0 * spread + float(np.max(owed))
        above = farthest * (points + 1.0) / 2.0
        density = norm.pdf((above[:, None] + away[None, :]) / spread) @ chance / spread
        none_owed = float(chance @ norm.cdf(factor))
        owed = np.append(0.0, above)
        chance = np.append(none_owed, density * weights * farthest / 2.0)
    return found[::-1]


SERIAL_HOLDING, SERIAL_BACKORDER_COST = (7.0, 4.0, 2.0), 37.12


def serial_in_transit_cost() -> float:
    """Goods on the way into stages 1 and 2, one period's mean demand each, charged at their sellers' rates; into stage 3 nothing."""
    return 5.0 * (SERIAL_HOLDING[1] + SERIAL_HOLDING[2])


def serial_cost() -> float:
    """Cost per period of the textbook's serial system, goods in transit included.

    Examples
    --------
    >>> round(serial_cost(), 4)
    47.6602
    """
    stages = serial_base_stock(5.0, 1.0, (6.49, 5.53, 10.69), (1, 1, 2))
    holding = sum(rate * on_hand for rate, (on_hand, _) in zip(SERIAL_HOLDING, stages, strict=True))
    return holding + SERIAL_BACKORDER_COST * stages[0][1] + serial_in_transit_cost()


# --- the chains --------------------------------------------------------------------------------------------------------------


def base_stock(demand: Mapping[str, Any], level: float, lead_time: int, **item: Any) -> Simulation:
    """One stage with a base stock, started where it settles."""
    mean = float(demand["mean"])
    stage = Stage(
        orders={"policy": "base_stock", "level": level},
        transport_time=lead_time,
        fill=mean,
        item={"on_hand": max(level - mean * lead_time, 0.0), **item},
    )
    return in_a_row(demand, stage)


def poisson(mean: float) -> dict[str, Any]:
    """Poisson demand."""
    return {"policy": "poisson", "mean": mean}


def normal(mean: float, deviation: float) -> dict[str, Any]:
    """Normal demand; that it is cut at zero is too rare to matter here."""
    return {"policy": "normal", "mean": mean, "deviation": deviation}


def _newsvendor() -> KnownResult:
    mean, deviation, holding_cost, backorder_cost = 50.0, 8.0, 0.18, 0.70
    best = newsvendor_normal(mean, deviation, holding_cost, backorder_cost)
    simulation = base_stock(normal(mean, deviation), best.quantity, 1, holding_cost=holding_cost, backorder_cost=backorder_cost)
    return KnownResult(f"B1 (S {best.quantity:.6f})", f"{SNYDER}, chapter 4", "cost per period", best.cost, simulation, cost_of([STAGE]))


def _service(label: str, demand: Mapping[str, Any], level: float, lead_time: int, expected: BaseStockPerformance) -> list[KnownResult]:
    simulation = base_stock(demand, level, lead_time)
    name = f"B2 ({label}, S {level:g}, L {lead_time})"
    read = {
        "mean on hand": (expected.on_hand, metric_of(STAGE, "on_hand_mean")),
        "mean backorder": (expected.backorder, metric_of(STAGE, "backorder_mean")),
        "share of periods without stockout": (expected.no_stockout_probability, metric_of(STAGE, "ready_rate")),
        "fill rate": (expected.fill_rate, fill_rate_of(STAGE)),
    }
    return [KnownResult(name, HADLEY, quantity, number, simulation, reader) for quantity, (number, reader) in read.items()]


def _poisson_service(level: int, lead_time: int) -> list[KnownResult]:
    return _service("Poisson 20", poisson(20.0), level, lead_time, base_stock_poisson(level, lead_time, 20.0))


def _normal_service(level: float, lead_time: int) -> list[KnownResult]:
    return _service("normal 100, 20", normal(100.0, 20.0), level, lead_time, base_stock_normal(level, lead_time, 100.0, 20.0))


def _cheapest_base_stock() -> KnownResult:
    mean, lead_time, holding_cost, backorder_cost = 20.0, 3, 1.0, 9.0
    level = best_base_stock_poisson(lead_time, mean, holding_cost, backorder_cost)
    cost = float(poisson_cost(level, lead_time, mean, holding_cost, backorder_cost))
    simulation = base_stock(poisson(mean), level, lead_time, holding_cost=holding_cost, backorder_cost=backorder_cost)
    return KnownResult(f"B2 (cheapest, S {level}, L {lead_time})", HADLEY, "cost per period", cost, simulation, cost_of([STAGE]))


def _lost_sales() -> list[KnownResult]:
    # With a lead time of one period all that is ordered arrives before the next demand: only the debt is different.
    simulation = base_stock(poisson(20.0), 25.0, 1, unmet_demand="lost")
    expected = base_stock_poisson(25, 1, 20.0)
    name = "B2 (lost sales, S 25, L 1)"
    return [
        KnownResult(name, HADLEY, "lost per period", expected.backorder, simulation, metric_of(STAGE, "lost_sales")),
        KnownResult(name, HADLEY, "mean on hand", expected.on_hand, simulation, metric_of(STAGE, "on_hand_mean")),
        KnownResult(name, HADLEY, "fill rate", expected.fill_rate, simulation, fill_rate_of(STAGE)),
    ]


def _min_max(mean: int, reorder_point: int, order_up_to: int) -> KnownResult:
    ordering_cost, holding_cost, backorder_cost = 64.0, 1.0, 9.0
    stage = Stage(
        orders={"policy": "min_max", "reorder_point": reorder_point, "order_up_to": order_up_to},
        transport_time=1,
        item={"on_hand": order_up_to, "ordering_cost": ordering_cost, "holding_cost": holding_cost, "backorder_cost": backorder_cost},
    )
    cost = min_max_cost(reorder_point, order_up_to, 1.0, float(mean), holding_cost, backorder_cost, ordering_cost)
    name = f"B6 (demand {mean}, s {reorder_point}, S {order_up_to})"
    return KnownResult(name, ZHENG, "cost per period", cost, in_a_row(poisson(mean), stage), cost_of([STAGE]))


def _serial() -> list[KnownResult]:
    simulation = Simulation(lambda: load("serial_textbook"))
    stages, source = ("stage_1", "stage_2", "stage_3"), f"{SNYDER}, example 6.1"
    in_transit = cost_of(stages, "in_transit_holding_cost")
    return [
        KnownResult("B12", source, "cost per period", serial_cost(), simulation, cost_of(stages)),
        KnownResult("B12", source, "cost per period of goods in transit", serial_in_transit_cost(), simulation, in_transit),
    ]


def _formulas() -> list[KnownResult]:
    def printed(name: str, source: str, quantity: str, number: float, places: int, formula: Callable[[], Any]) -> KnownResult:
        return KnownResult(name, source, f"formula: {quantity}", number, formula=lambda: float(formula()), places=places)

    best = economic_order_quantity(8.0, 1300.0, 0.225)

    def cost(share: float) -> Any:
        return economic_order_cost(share * best, 8.0, 1300.0, 0.225)

    return [
        printed("B5 (r 3, Q 5)", FEDERGRUEN, "cost per unit of time", 107.923581, 6, lambda: best_reorder_point(2.0, 1.5, 20.0, 150.0, 100.0).cost),
        printed("B7", HARRIS, "economic order quantity", 304.04678, 5, lambda: best),
        printed("B7", HARRIS, "its cost", 68.41053, 5, lambda: cost(1.0)),
        printed("B7 (backorders)", HARRIS, "economic order quantity", 310.81256, 5, lambda: economic_order_quantity(8.0, 1300.0, 0.225, 5.0)),
        printed("B7 (half the quantity)", HARRIS, "share of the lowest cost", 1.25, 9, lambda: cost(0.5) / cost(1.0)),
        printed("B7 (a quarter too much)", HARRIS, "share of the lowest cost", 1.025, 9, lambda: cost(1.25) / cost(1.0)),
        *[
            printed(f"B11 (N {markets}, correlation {rho:g})", EPPEN, "pooled over local safety stock", number, places, _pooling(markets, rho))
            for markets, rho, number, places in ((4, 0.0, 0.5, 9), (9, 0.0, 0.3333, 4), (4, 0.5, 0.790569, 6), (4, 1.0, 1.0, 9))
        ],
        printed("B16", HADLEY, "deviation of the demand over a random lead time", 105.8301, 4, lambda: lead_time_deviation(3.0, 1.0, 100.0, 20.0)),
    ]


def _pooling(markets: int, correlation: float) -> Callable[[], Any]:
    return lambda: pooled_safety_stock(markets, correlation)


def inventory_results() -> list[KnownResult]:
    """All known results on stock and service, in order; the formulas at the end."""
    return [
        _newsvendor(),
        *_poisson_service(66, 3),
        *_poisson_service(25, 1),
        *_poisson_service(90, 4),
        *_normal_service(330.0, 3),
        _cheapest_base_stock(),
        *_lost_sales(),
        *[_min_max(*numbers) for numbers in ((10, 6, 40), (15, 10, 49), (20, 14, 62), (25, 19, 56), (30, 23, 66))],
        *_serial(),
        *_formulas(),
    ]
