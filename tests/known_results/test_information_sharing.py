"""What shared information is worth: closed forms for shared demand, vendor-managed inventory and a seller that knows the demand."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

import chainwright as cw
from chainwright.experiment.theory.case import Simulation, stage_name
from chainwright.experiment.theory.cases_bullwhip import normal
from chainwright.experiment.theory.cases_sharing import MEAN, forecasting_stage, in_a_row_that_shows, managed_pair, sharing_results
from chainwright.experiment.theory.simulated import bullwhip_of
from chainwright.experiment.theory.table import check_theory, simulate
from chainwright.policies.formulas.bullwhip import moving_average_ratio
from chainwright.policies.formulas.sharing import passed_on_ratio, upstream_net_stock_variance

NAMES = list(dict.fromkeys(result.name for result in sharing_results()))
STAGES = (1, 2, 3, 4)


@pytest.mark.parametrize("name", NAMES)
def test_within_four_standard_errors(name: str) -> None:
    for row in check_theory(only=name):
        assert row.verdict == "holds", f"{row.quantity}: expected {row.expected:.6f}, simulated {row.simulated:.6f} ± {row.standard_error:.6f}"
        # A wide error would hold of anything.
        assert row.standard_error < 0.02 * row.expected


# --- the closed forms ---------------------------------------------------------------------------------------------------


def test_the_product_of_the_stages_is_a_lower_bound() -> None:
    """Chen et al. (2000), theorem 3.1: without shared demand the ratio is at least the product of the stages' own ratios."""
    for periods in (3, 5, 10):
        for lead_times in ([2.0, 2.0], [1.0, 4.0, 2.0], [3.0] * 5):
            bound = float(np.prod([moving_average_ratio(periods, lead_time) for lead_time in lead_times]))
            shared = float(moving_average_ratio(periods, sum(lead_times)))
            assert passed_on_ratio(periods, lead_times) > bound > shared
    assert passed_on_ratio(5, [2.0]) == pytest.approx(float(moving_average_ratio(5, 2)))


@pytest.mark.parametrize("correlation", [-0.4, 0.3, 0.7, 0.9])
@pytest.mark.parametrize(("buyer", "own"), [(1, 1), (2, 3), (4, 2)])
def test_the_net_stock_variance_follows_from_the_echo_of_one_innovation(correlation: float, buyer: int, own: int) -> None:
    """One innovation is followed through demand, the buyer's orders and the seller's forecast of them."""
    demand = correlation ** np.arange(30.0)
    reach = float((correlation ** np.arange(1.0, buyer + 1.0)).sum())
    orders = demand + reach * np.diff(demand, prepend=0.0)
    # Innovations after the decision are foreseen by nobody.
    unknown = [orders[: own - ahead].sum() for ahead in range(own)]
    # Those before it (the latest first) are foreseen as if orders were autoregressive, or are known.
    guessed = (correlation ** np.arange(1.0, own + 1.0)).sum() * orders
    missed = np.array([orders[back + 1 : back + 1 + own].sum() - guessed[back] for back in range(20)])
    assert missed[1:] == pytest.approx(np.zeros(19))
    shared = float(np.square(unknown).sum())
    assert upstream_net_stock_variance(correlation, buyer, own, True) == pytest.approx(shared)
    assert upstream_net_stock_variance(correlation, buyer, own, False) == pytest.approx(shared + float(missed[0] ** 2))
    assert missed[0] != 0.0


def test_without_correlation_there_is_nothing_to_know() -> None:
    assert upstream_net_stock_variance(0.0, 2, 3, True) == upstream_net_stock_variance(0.0, 2, 3, False) == 3.0


# --- not only variances: each order ---------------------------------------------------------------------------------------


def recorded(simulation: Simulation, *names: str, **changes: Any) -> dict[str, Any]:
    """Columns of one run, period by period, one column per enterprise."""
    scenario = simulation.scenario().with_({"horizon": 80, "warm_up": 0, **changes})
    panel = cw.run(scenario, record=list(names), seed=4, check=True).panel
    assert panel is not None
    return {name: panel.pivot(index="period", columns="enterprise", values=name) for name in names}


def test_with_shared_demand_each_stage_adds_its_own_lead_time() -> None:
    """Each order of stage k is D[t] + (kL/p)(D[t] − D[t−p])."""
    simulation = in_a_row_that_shows(("end_demand",), normal(MEAN), *[forecasting_stage(2) for _ in STAGES])
    orders = recorded(simulation, "orders")["orders"]
    demand = orders["customers"].to_numpy(float)
    for number in STAGES:
        expected = demand[5:] + number * 2 / 5 * (demand[5:] - demand[:-5])
        np.testing.assert_allclose(orders[stage_name(number)].to_numpy(float)[5:], expected, rtol=1e-9)


def test_the_shared_forecast_of_the_first_stage_is_as_good_as_shared_demand() -> None:
    """Stages that trust the forecast of the first stage alone order as if they saw the customers' demand."""
    collaborative = forecasting_stage(2, policy="collaborative", periods=None)
    del collaborative.forecast["periods"]  # type: ignore[attr-defined]
    stages = [forecasting_stage(2), *[copy.deepcopy(collaborative) for _ in STAGES[1:]]]
    told = recorded(in_a_row_that_shows(("forecast",), normal(MEAN), *stages), "orders")["orders"]
    shown = recorded(in_a_row_that_shows(("end_demand",), normal(MEAN), *[forecasting_stage(2) for _ in STAGES]), "orders")["orders"]
    for number in STAGES:
        np.testing.assert_allclose(told[stage_name(number)].iloc[2:], shown[stage_name(number)].iloc[2:], rtol=1e-9)


def test_observing_the_end_demand_is_what_showing_it_does() -> None:
    """`observe: end_demand` says in the policy what is the custom where end demand is shown; `observe: demand` looks away."""
    said = [forecasting_stage(2, observe="end_demand") for _ in STAGES]
    away = [forecasting_stage(2, observe="demand") for _ in STAGES]
    plain = [forecasting_stage(2) for _ in STAGES]
    orders = [
        recorded(in_a_row_that_shows(shown, normal(MEAN), *stages), "orders")["orders"]
        for shown, stages in ((("end_demand",), said), (("end_demand",), plain), (("end_demand",), away), ((), plain))
    ]
    assert orders[0].equals(orders[1])
    assert orders[2].equals(orders[3])
    assert not orders[0].equals(orders[2])


def test_a_vendor_orders_as_one_echelon_with_both_lead_times() -> None:
    """Each order is D[t] + ((L₁ + L₂)/p)(D[t] − D[t−p]), though the vendor knows no lead time but its own."""
    orders = recorded(managed_pair(2, 3, {"policy": "moving_average", "periods": 5}, {}), "orders")["orders"]
    demand = orders["customers"].to_numpy(float)
    expected = demand[5:] + (2 + 3) / 5 * (demand[5:] - demand[:-5])
    np.testing.assert_allclose(orders[stage_name(2)].to_numpy(float)[5:], expected, rtol=1e-9)


def test_a_vendor_that_is_short_plans_from_what_is_sold_and_not_from_what_it_sends() -> None:
    """With nothing in stock and `from_stock` the buyer's orders are cut; the vendor's own orders are the same as ever."""
    average = {"policy": "moving_average", "periods": 5}
    short = {"enterprises.stage_2.items.part.on_hand": 0.0, "lanes.outside>stage_2.in_transit": [0.0, 0.0, 0.0]}
    cut, plain = (recorded(managed_pair(2, 3, average, {"from_stock": choice}), "orders", **short)["orders"] for choice in (True, False))
    assert (cut[stage_name(1)].iloc[:6] < plain[stage_name(1)].iloc[:6] - 1.0).any()
    np.testing.assert_allclose(cut[stage_name(2)], plain[stage_name(2)], rtol=1e-9)


def test_managing_the_buyer_takes_a_stage_out() -> None:
    """The vendor's orders vary less than those of a seller that forecasts from its buyer's orders, by the formulas and as simulated."""
    hidden = in_a_row_that_shows((), normal(MEAN), forecasting_stage(2), forecasting_stage(3))
    read = bullwhip_of(stage_name(2))
    apart = read(simulate(hidden, "apart"), hidden.periods)
    assert abs(apart.value - passed_on_ratio(5, [2.0, 3.0])) < 4 * apart.standard_error
    assert apart.value - float(moving_average_ratio(5, 5)) > 10 * apart.standard_error


def test_the_results_are_told_apart() -> None:
    results = sharing_results()
    assert len({(result.name, result.quantity) for result in results}) == len(results)


# --- the shipped scenario ---------------------------------------------------------------------------------------------------

SEATS = ("retailer", "wholesaler", "distributor", "factory")
EXPECTED = {
    None: [passed_on_ratio(5, [2.0] * number) for number in STAGES],
    "shared_demand": [float(moving_average_ratio(5, 2 * number)) for number in STAGES],
    "vendor_managed": [1.0, passed_on_ratio(5, [2.0]), passed_on_ratio(5, [2.0]), passed_on_ratio(5, [2.0, 2.0])],
}


@pytest.mark.parametrize("variant", EXPECTED)
def test_the_shipped_scenario_swings_as_theory_says(variant: str | None) -> None:
    scenario = cw.load("information_sharing")
    result = cw.run(scenario if variant is None else scenario.variant(variant), runs=200)
    for seat, expected in zip(SEATS, EXPECTED[variant], strict=True):
        found = bullwhip_of(seat, "drinkers")(result, result.periods - 52)
        assert abs(found.value - expected) <= 4 * found.standard_error + 1e-9 * expected, (seat, found, expected)


def test_the_shipped_scenario_is_described_as_it_runs() -> None:
    scenario = cw.load("information_sharing")
    said = {None: "2.1, 5.1, 13.5 and 37.6", "shared_demand": "2.1, 3.9, 6.3 and 9.3", "collaborative": "2.1, 5.1, 9.9 and 17.1"}
    said["vendor_managed"] = "1, 2.1, 2.1 and 5.1"
    costs = {}
    text = " ".join(scenario.document["description"].split())
    for variant, words in said.items():
        result = cw.run(scenario if variant is None else scenario.variant(variant), runs=60)
        ratios = result.items.groupby("enterprise")["bullwhip_ratio_to_end_demand"].mean()
        told = [f"{ratios[seat]:.1f}".removesuffix(".0") for seat in SEATS]
        assert f"{', '.join(told[:3])} and {told[3]}" == words
        assert words in text
        costs[variant] = float(result.summary["total_cost"].mean())
    assert costs["vendor_managed"] < costs["shared_demand"] < costs["collaborative"] < costs[None]
    assert costs["shared_demand"] / costs[None] == pytest.approx(2 / 3, abs=0.04)
