"""How the variance of orders grows: every result of section A is simulated and compared."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import chainwright as cw
from chainwright.experiment.theory.case import Stage, in_a_row, stage_name
from chainwright.experiment.theory.cases_bullwhip import DEVIATION, MEAN, autoregressive, bullwhip_results, normal, order_up_to
from chainwright.experiment.theory.simulated import bullwhip_of
from chainwright.experiment.theory.table import check_theory, simulate
from chainwright.policies.formulas.bullwhip import moving_average_ratio, shared_demand_ratio

RANDOM = list(dict.fromkeys(result.name for result in bullwhip_results() if not result.name.startswith("A9")))


@pytest.mark.parametrize("name", RANDOM)
def test_within_four_standard_errors(name: str) -> None:
    for row in check_theory(only=name):
        assert row.verdict == "holds", f"{row.quantity}: expected {row.expected:.6f}, simulated {row.simulated:.6f} ± {row.standard_error:.6f}"
        # A wide error would hold of anything.
        assert row.standard_error < 0.02 * row.expected


def test_the_standard_error_is_the_printed_one() -> None:
    """The literature's estimate from 10,000 periods has a standard deviation of .011."""
    simulation = order_up_to(normal(), {"policy": "moving_average", "periods": 5}, 2)
    row = check_theory(only="A1 (p 5, L 2)")[0]
    assert row.standard_error * np.sqrt(simulation.runs * simulation.periods / 10_000) == pytest.approx(0.011, rel=0.2)


def recorded(demand: dict[str, Any], forecast: dict[str, Any], lead_time: int) -> tuple[Any, Any]:
    """Orders and demand of one run, period by period."""
    simulation = order_up_to(demand, forecast, lead_time)
    scenario = simulation.scenario().with_({"horizon": 60, "warm_up": 0})
    panel = cw.run(scenario, record=["orders", "demand"], seed=3).panel
    rows = panel[panel["enterprise"] == stage_name(1)].sort_values("period")
    return rows["orders"].to_numpy(), rows["demand"].to_numpy()


def test_orders_follow_the_moving_average_exactly() -> None:
    """Not only the variance: each order is D[t] + (L/p)(D[t] − D[t−p])."""
    periods, lead_time = 5, 3
    orders, demand = recorded(normal(), {"policy": "moving_average", "periods": periods}, lead_time)
    expected = demand[periods:] + lead_time / periods * (demand[periods:] - demand[:-periods])
    np.testing.assert_allclose(orders[periods:], expected, rtol=1e-9)


def test_orders_follow_the_best_forecast_exactly() -> None:
    """Each order is D[t] + g (D[t] − D[t−1]) with g = ρ + … + ρᴸ."""
    rho, lead_time = 0.7, 3
    orders, demand = recorded(autoregressive(rho), {"policy": "minimum_mean_square_error", "mean": MEAN, "correlation": rho}, lead_time)
    reach = rho + rho * rho + rho * rho * rho
    np.testing.assert_allclose(orders[1:], (demand[1:] + reach * (demand[1:] - demand[:-1])), rtol=1e-9)


def test_a_re_estimated_safety_stock_adds_to_it() -> None:
    """With the deviation from the last five forecast errors the formula is a lower bound; Chen et al. print 2.360."""
    stage = Stage(
        orders={"policy": "order_up_to", "safety_factor": 1.645},
        forecast={"policy": "moving_average", "periods": 5},
        item={"on_hand": 30.0},
        transport_time=2,
        fill=MEAN,
    )
    simulation = in_a_row(normal(), stage)
    found = bullwhip_of(stage_name(1))(simulate(simulation), simulation.periods)
    assert found.value > float(moving_average_ratio(5, 2)) + 10 * found.standard_error
    assert abs(found.value - 2.360) <= 4 * found.standard_error + 0.0005


def test_without_shared_demand_it_grows_faster() -> None:
    """Four stages that each forecast from the orders they receive, against the same stages if all saw the customers' demand."""
    mean = 100.0 * DEVIATION
    stages = [
        Stage(
            orders={"policy": "order_up_to", "safety_factor": 3.0},
            forecast={"policy": "moving_average", "periods": 5, "deviation": 10.0 * DEVIATION},
            item={"on_hand": 30.0 * DEVIATION},
            transport_time=2,
            fill=mean,
        )
        for _ in range(4)
    ]
    simulation = in_a_row(normal(mean), *stages, runs=200)
    result = simulate(simulation)
    found = [bullwhip_of(stage_name(number))(result, simulation.periods) for number in (1, 2, 3, 4)]
    shared = [float(shared_demand_ratio(5, 2 * number)) for number in (1, 2, 3, 4)]
    assert abs(found[0].value - shared[0]) <= 4 * found[0].standard_error
    for number in (1, 2, 3):
        assert found[number].value > shared[number] + 10 * found[number].standard_error
        assert found[number].value / found[number - 1].value > shared[number] / shared[number - 1]
