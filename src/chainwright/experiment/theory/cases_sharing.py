"""Known results on shared information: shared demand, vendor-managed inventory, and the stock that knowing the demand saves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chainwright.experiment.theory.case import KnownResult, Simulation, Stage, chain, stage_name
from chainwright.experiment.theory.cases_bullwhip import CHEN, DEVIATION, DISNEY, autoregressive, normal
from chainwright.experiment.theory.cases_bullwhip import MEAN as MEAN_OF_AUTOREGRESSIVE
from chainwright.experiment.theory.simulated import bullwhip_of, net_stock_amplification_of
from chainwright.policies.formulas.bullwhip import (
    minimum_mean_square_error_ratio,
    moving_average_ratio,
    shared_demand_ratio,
    smoothing_order_up_to_variances,
)
from chainwright.policies.formulas.sharing import passed_on_ratio, upstream_net_stock_variance
from chainwright.scenario import Scenario

LEE_SO_TANG = "Lee, So and Tang (2000), Management Science 46(5), 626-643"

# Orders of the fourth stage vary so much that only a greater mean keeps them from zero.
MEAN = 100.0 * DEVIATION
RATIO = "variance of orders over variance of demand, {}"
FOR_MANAGED = ("inventory_position", "forecast_lead_time", "orders", "base_stock_level", "demand")


def in_a_row_that_shows(shown: tuple[str, ...], demand: Mapping[str, Any], *stages: Stage) -> Simulation:
    """A chain in a row in which partners show each other some columns."""
    visibility = {"visibility": dict.fromkeys(shown, "partner")} if shown else {}
    return Simulation(lambda: Scenario.from_document({**chain(demand, stages), **visibility}), runs=300)


def forecasting_stage(lead_time: int, **forecast: Any) -> Stage:
    """A stage that orders up to a moving average over five periods."""
    return Stage(
        orders={"policy": "order_up_to", "safety_factor": 3.0},
        forecast={"policy": "moving_average", "periods": 5, "deviation": DEVIATION, **forecast},
        item={"on_hand": 30.0 * DEVIATION},
        transport_time=lead_time,
        fill=MEAN,
    )


def _along_a_chain(shown: bool) -> list[KnownResult]:
    """Four stages that forecast from the customers' demand, or from the orders they receive."""
    stages = [forecasting_stage(2) for _ in range(4)]
    simulation = in_a_row_that_shows(("end_demand",) if shown else (), normal(MEAN), *stages)
    name = f"A4 (p 5, L 2, demand {'shown' if shown else 'hidden'})"
    numbers = (1, 2, 3, 4)
    expected = [float(shared_demand_ratio(5, 2 * number)) if shown else passed_on_ratio(5, [2.0] * number) for number in numbers]
    return [
        KnownResult(name, CHEN, RATIO.format(f"stage {number}"), one, simulation, bullwhip_of(stage_name(number)))
        for number, one in zip(numbers, expected, strict=True)
    ]


def managed_pair(
    buyer_lead_time: int, lead_time: int, forecast: Mapping[str, Any], band: Mapping[str, Any], smoothing_time: float = 1.0
) -> Simulation:
    """A buyer whose seller decides its replenishment, and plans its own with the stock of both."""
    deviation = {"deviation": DEVIATION}
    buyer = Stage({"policy": "vendor_managed", **band}, buyer_lead_time, MEAN, {**forecast, **deviation}, {"on_hand": 10.0 * DEVIATION})
    vendor = Stage(
        {"policy": "vendor_order_up_to", "smoothing_time": smoothing_time},
        lead_time,
        MEAN,
        {**forecast, **deviation, "observe": "demand_of_buyers"},
        {"on_hand": 10.0 * DEVIATION},
    )
    return in_a_row_that_shows(FOR_MANAGED, normal(MEAN), buyer, vendor)


def _managed() -> list[KnownResult]:
    average = {"policy": "moving_average", "periods": 5}
    known = {"policy": "known_mean", "mean": MEAN}
    fixed = {"minimum": 2.0 * MEAN, "maximum": 2.0 * MEAN}
    upper = bullwhip_of(stage_name(2))
    # A pair that is managed as one swings like one stage: the results are those of one stage, and bear their names.
    expected = {
        "A4 (vendor-managed, p 5, L 2 and 3)": (float(moving_average_ratio(5, 2 + 3)), managed_pair(2, 3, average, {})),
        "A1 (vendor-managed at a fixed level, p 5, L 2 and 3)": (float(moving_average_ratio(5, 3)), managed_pair(2, 3, average, fixed)),
        "A5 (vendor-managed, smoothed, T 4)": (float(smoothing_order_up_to_variances(4, 3).orders), managed_pair(2, 3, known, {}, 4.0)),
    }
    return [KnownResult(name, DISNEY, RATIO.format("seller"), number, simulation, upper) for name, (number, simulation) in expected.items()]


def _value_of_knowing(correlation: float, buyer_lead_time: int, lead_time: int, shown: bool) -> list[KnownResult]:
    """Autoregressive demand, and a seller that sees it or takes the orders that it receives for autoregressive."""
    best = {"policy": "minimum_mean_square_error", "mean": MEAN_OF_AUTOREGRESSIVE, "correlation": correlation, "deviation": DEVIATION}
    upper = {**best, "observe": "end_demand", "begins_after": buyer_lead_time} if shown else best
    stages = [
        Stage({"policy": "order_up_to", "safety_factor": 3.0}, time, MEAN_OF_AUTOREGRESSIVE, forecast, {"on_hand": 3.0 * DEVIATION * time})
        for time, forecast in ((buyer_lead_time, best), (lead_time, upper))
    ]
    simulation = in_a_row_that_shows(("end_demand",) if shown else (), autoregressive(correlation), *stages)
    name = f"A6 (seller of a seller, correlation {correlation:g}, L {buyer_lead_time} and {lead_time}, demand {'shown' if shown else 'hidden'})"
    # The innovations' variance is a share of the demand's.
    innovations = 1.0 - correlation * correlation
    net_stock = innovations * upstream_net_stock_variance(correlation, buyer_lead_time, lead_time, shown)
    quantity = "variance of the seller's net stock over that of demand"
    results = [KnownResult(name, LEE_SO_TANG, quantity, net_stock, simulation, net_stock_amplification_of(stage_name(2)))]
    if shown:
        orders = float(minimum_mean_square_error_ratio(correlation, buyer_lead_time + lead_time))
        results.append(KnownResult(name, LEE_SO_TANG, RATIO.format("seller"), orders, simulation, bullwhip_of(stage_name(2))))
    return results


def sharing_results() -> list[KnownResult]:
    """All known results on shared information, in order."""
    return [
        *[result for shown in (True, False) for result in _along_a_chain(shown)],
        *_managed(),
        *[result for shown in (True, False) for result in _value_of_knowing(0.7, 2, 3, shown)],
    ]
