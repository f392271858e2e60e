"""What stock costs and what service it gives: every result of section B that can be simulated is compared."""

from __future__ import annotations

import numpy as np
import pytest

from chainwright.experiment.theory.cases_inventory import base_stock, inventory_results, normal, poisson
from chainwright.experiment.theory.simulated import cost_of, metric_of
from chainwright.experiment.theory.table import check_theory, simulate
from chainwright.policies.formulas.inventory import base_stock_poisson, newsvendor_normal

STAGE = "stage_1"
SIMULATED = list(dict.fromkeys(result.name for result in inventory_results() if result.simulation is not None))


@pytest.mark.parametrize("name", SIMULATED)
def test_within_four_standard_errors(name: str) -> None:
    for row in check_theory(only=name):
        assert row.verdict == "holds", f"{row.quantity}: expected {row.expected:.6f}, simulated {row.simulated:.6f} ± {row.standard_error:.6f}"
        # A wide error would hold of anything.
        assert row.standard_error < 0.03 * row.expected


def test_the_standard_errors_are_the_printed_ones() -> None:
    """From 10,000 periods: on hand .115, backorder .044, fill rate .0021."""
    result = next(result for result in inventory_results() if result.name == "B2 (Poisson 20, S 66, L 3)")
    assert result.simulation is not None
    scale = np.sqrt(result.simulation.runs * result.simulation.periods / 10_000)
    errors = {row.quantity: row.standard_error * scale for row in check_theory(only=result.name)}
    assert errors["mean on hand"] == pytest.approx(0.115, rel=0.2)
    assert errors["mean backorder"] == pytest.approx(0.044, rel=0.2)
    assert errors["fill rate"] == pytest.approx(0.0021, rel=0.2)


def test_the_serial_system_is_within_the_printed_error_too() -> None:
    """The printed 47.657 is itself simulated, with a standard error of .003."""
    row = check_theory(only="B12")[0]
    assert abs(row.simulated - 47.657) <= 4 * np.hypot(row.standard_error, 0.003)


@pytest.mark.parametrize("away", [-4.0, 4.0])
def test_no_other_level_is_cheaper_than_the_newsvendors(away: float) -> None:
    best = newsvendor_normal(50.0, 8.0, 0.18, 0.70)
    simulation = base_stock(normal(50.0, 8.0), best.quantity + away, 1, holding_cost=0.18, backorder_cost=0.70)
    found = cost_of([STAGE])(simulate(simulation), simulation.periods)
    assert found.value > best.cost + 10 * found.standard_error


@pytest.mark.parametrize("lead_time", [2, 4])
def test_a_shift_of_one_period_would_be_seen(lead_time: int) -> None:
    """Lead-time demand of one period less or more is far outside of four standard errors: the comparison can tell timings apart."""
    simulation = base_stock(poisson(20.0), 66.0, 3)
    found = metric_of(STAGE, "backorder_mean")(simulate(simulation), simulation.periods)
    assert abs(found.value - base_stock_poisson(66, lead_time, 20.0).backorder) > 20 * found.standard_error
