"""A sweep made up without a simulation: a real design, and measures worked out from the values of its factors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

import chainwright as cw
from chainwright.experiment.designs.making import make_design
from chainwright.experiment.sweep.table import Sweep, SweepTable

Answer = Callable[[Mapping[str, Any]], float]


def number_of(value: Any) -> float:
    """A value as a number: itself, or the length of its text."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else float(len(str(value)))


def summed(values: Mapping[str, Any]) -> float:
    """The sum of all values, the first counted ten times."""
    numbers = [number_of(value) for value in values.values()]
    return sum(numbers) + 9.0 * numbers[0]


def fake_sweep(
    factors: Mapping[str, Any],
    design: Any = "grid",
    reps: int = 4,
    *,
    answer: Answer = summed,
    noise: float = 1.0,
    fails: Callable[[Mapping[str, Any]], bool] = lambda _: False,
    measures: tuple[str, ...] = ("total_cost", "fill_rate", "demand_mean"),
    scenario: Any = None,
) -> SweepTable:
    """The table of a sweep: total_cost is the answer and a noise that all points share; fill_rate rises with it, demand_mean is noise."""
    made = make_design(factors, design)
    random = np.random.default_rng(7)
    shared = noise * random.normal(size=reps)
    own = 0.1 * noise * random.normal(size=(len(made), reps))
    rows = []
    columns = {factor.name: made.points[factor.name].tolist() for factor in made.factors}
    for number in range(len(made)):
        values = {name: column[number] for name, column in columns.items()}
        failed = fails(values)
        for rep in range(reps):
            cost = np.nan if failed else 100.0 + answer(values) + shared[rep] + own[number, rep]
            known = {"total_cost": cost, "fill_rate": 1.0 - 20.0 / cost, "demand_mean": 5.0 + float(shared[rep])}
            rows.append(
                {"design_id": number, **values, "rep": rep, "run": rep, "seed": 1, "scenario_hash": "" if failed else "abc", "version": "0.1.0"}
                | {"status": "failed" if failed else "done", "message": "level: expected a number" if failed else "", "wall_s": 0.5}
                | {name: np.nan if failed else known.get(name, cost) for name in measures}
            )
    empty = ["design_id", *columns, "rep", "run", "seed", "scenario_hash", "version", "status", "message", "wall_s", *measures]
    return SweepTable(pd.DataFrame(rows, columns=empty), sweep=Sweep(scenario or cw.load("newsvendor"), made, measures, 1))
