"""The optimiser finds what theory knows to be best: levels of one stage, of a serial system, and of a service constraint."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

import chainwright as cw
from chainwright.experiment.sweep.evaluate import Evaluator
from chainwright.experiment.theory.case import chain
from chainwright.experiment.theory.cases_inventory import (
    SERIAL_BACKORDER_COST,
    SERIAL_HOLDING,
    Stage,
    poisson,
    serial_base_stock,
    serial_in_transit_cost,
)
from chainwright.policies.formulas.inventory import base_stock_poisson, best_base_stock_poisson, poisson_cost
from chainwright.scenario import Scenario

LEVEL = "policies.place_orders.stage_1.level"


def one_stage(start: int = 85) -> Scenario:
    """Known result B2, with a level that is far from the best."""
    stage = Stage(
        orders={"policy": "base_stock", "level": start},
        transport_time=3,
        fill=20.0,
        item={"on_hand": start - 60, "holding_cost": 1.0, "backorder_cost": 9.0},
    )
    return Scenario.from_document(chain(poisson(20.0), [stage])).with_({"horizon": 880, "warm_up": 80})


def test_the_base_stock_of_a_poisson_demand() -> None:
    """B2: 70, which costs 13.943118 a period.

    From one level to the next the cost changes by 1, or by -9 where there is backorder (one period in ten): a deviation of 3 a
    period, correlated over the three periods of the lead time. Over 120 replications of 800 periods the standard error of the difference
    is about 3 x sqrt(3 / 96,000) = .017, a fifth of the .098 by which 71 is dearer than 70; 69 is dearer by .118.
    """
    found = cw.optimise(one_stage(), {LEVEL: (60, 85)}, "cost_per_period", reps=10, polish_reps=120, final_reps=240, seed=5)
    assert found.method == "all"
    assert found.best == {LEVEL: best_base_stock_poisson(3, 20.0, 1.0, 9.0)} == {LEVEL: 70}
    low, high = found.interval
    # The replications took no part in the choice, so the value is not too small: 1.97 of these standard errors are half the interval.
    assert abs(found.value - 13.943118) <= 4.0 * (high - low) / 2.0 / 1.97
    assert high - low < 0.05 * found.value
    exact = {level: float(poisson_cost(level, 3, 20.0, 1.0, 9.0)) for level in range(60, 86)}
    rivals = found.compared[found.compared["candidate"] == "runner-up"]
    assert len(rivals) >= 5
    for row in rivals.to_dict("records"):
        # Half an interval is more than two standard errors here, so this is less than four of them.
        assert abs(row["difference"] - (exact[row[LEVEL]] - exact[70])) <= 2.0 * (row["high"] - row["low"]) / 2.0
        assert row["verdict"] in ("worse", "not distinguishable")


def test_a_service_constraint_is_met_by_the_smallest_level_that_meets_it() -> None:
    """Half-way between the fill rates of 66 and 67, the smallest stock that keeps the limit is that of 67."""
    below, above = (base_stock_poisson(level, 3, 20.0) for level in (66, 67))
    limit = (below.fill_rate + above.fill_rate) / 2.0
    found = cw.optimise(
        one_stage(), {LEVEL: (60, 80)}, "on_hand_mean", subject_to={"fill_rate": f">={limit:.6f}"}, reps=10, polish_reps=150, final_reps=150, seed=2
    )
    assert found.best == {LEVEL: 67}
    assert found.feasible
    assert found.limits["mean"][0] == pytest.approx(above.fill_rate, abs=4.0 * (found.limits["high"][0] - found.limits["low"][0]) / 2.0 / 1.97)
    # Of the cheaper levels none is a rival: they miss the limit.
    assert not (found.compared[found.compared["candidate"] == "runner-up"][LEVEL] < 67).any()


def serial_cost(levels: np.ndarray | tuple[float, ...]) -> float:
    """What the serial system costs a period with any local base stocks, exactly."""
    stages = serial_base_stock(5.0, 1.0, tuple(float(level) for level in levels), (1, 1, 2))
    holding = sum(rate * on_hand for rate, (on_hand, _) in zip(SERIAL_HOLDING, stages, strict=True))
    return float(holding + SERIAL_BACKORDER_COST * stages[0][1] + serial_in_transit_cost())


@pytest.mark.slow
def test_the_levels_of_a_serial_system() -> None:
    """B12: 6.49, 5.53, 10.69, 47.657 a period; found to within what the replications can tell.

    On the replications of polishing, what was found costs at most as much as any neighbour. So its exact cost exceeds the best by no more
    than the error of the simulated difference between the two, whose standard error is measured on those very replications.
    """
    paths = [f"policies.place_orders.stage_{stage}.level" for stage in (1, 2, 3)]
    ranges = [(4.0, 12.0), (2.0, 12.0), (6.0, 18.0)]
    # The scenario's own levels are not among what may be chosen: nothing is given away.
    scenario = cw.load("serial_textbook").with_({**dict(zip(paths, (13.0, 13.0, 19.0), strict=True)), "warm_up": 50})
    found = cw.optimise(scenario, dict(zip(paths, ranges, strict=True)), "cost_per_period", reps=8, periods=250, seed=3)
    levels = tuple(found.best[path] for path in paths)
    best = minimize(serial_cost, (6.49, 5.53, 10.69), method="Nelder-Mead", options={"xatol": 1e-4, "fatol": 1e-9})
    assert best.fun == pytest.approx(47.657, abs=4 * 0.003)
    excess = serial_cost(levels) - best.fun
    assert excess >= -1e-6  # nobody beats the optimum

    evaluate = Evaluator(scenario, ["cost_per_period"], 3, 250)
    both = evaluate([found.best, dict(zip(paths, map(float, best.x), strict=True))], list(found.stages["polish"]))
    cost = both["cost_per_period"].to_numpy().reshape(2, -1)
    differences = cost[0] - cost[1]
    assert differences.mean() <= 1e-3  # it is the better one there, but for the last step of polishing
    error = float(differences.std(ddof=1) / np.sqrt(len(differences)))
    assert excess <= 4.0 * error
    # The comparison can tell: four standard errors are a small part of the 17.66 that the levels decide about.
    assert 4.0 * error < 0.01 * (best.fun - serial_in_transit_cost())
    # And far from there the cost is seen to be another.
    assert serial_cost((8.0, 6.0, 12.0)) - best.fun > 100 * error
