"""What is to be known of an optimiser's answer: that it lies where a range ends, or that the scenario as it is does better, and why."""

from __future__ import annotations

from typing import Any

import pandas as pd

from chainwright.experiment.optimising.final import BETTER, PRESENT
from chainwright.experiment.optimising.present import present, said_values
from chainwright.experiment.optimising.space import LAST_STEP, Axis, Place, Space
from chainwright.scenario import Scenario

# Of two values each is an end.
FEWEST_VALUES = 3


def remarks_on(space: Space, place: Place, scenario: Scenario, compared: pd.DataFrame) -> tuple[str, ...]:
    """The remarks on a best candidate.

    Parameters
    ----------
    space : Space
        What could be chosen.
    place : tuple of float
        The best candidate.
    scenario : Scenario
        As it is.
    compared : DataFrame
        The best beside its rivals, see `Optimisation`.
    """
    edges = [told for axis, one in zip(space.axes, place, strict=True) if (told := _edge(axis, one))]
    found = [f"the answer lies on the edge of what could be chosen: {' and '.join(edges)}; a better one may lie beyond"] if edges else []
    rows = compared[compared["candidate"] == PRESENT].to_dict("records")
    if rows and rows[0]["verdict"] == BETTER:
        found.append(f"the scenario as it is does better than the best that was found: {_why(space, scenario, bool(rows[0]['feasible']))}")
    return tuple(found)


def _edge(axis: Axis, place: float) -> str:
    """At which end of its values a factor lies; nothing where it lies between, or has no ends."""
    if not axis.ordered or (axis.count is not None and axis.count < FEWEST_VALUES):
        return ""
    share = axis.share(place)
    if LAST_STEP <= share <= 1.0 - LAST_STEP:
        return ""
    ends = (axis.value(0.0), axis.value(axis.top))
    own, lowest = axis.value(place), (axis.value(0.0 if share < LAST_STEP else axis.top) == min(ends))
    return f"{axis.factor.name} {_shown(own)} is the {'lowest' if lowest else 'highest'} allowed"


def _why(space: Space, scenario: Scenario, feasible: bool) -> str:
    if not feasible:
        return "it misses a limit, which the best keeps"
    if present(space, scenario) is not None:
        return "it was among the candidates, and the search saw it do worse on its replications by chance; ask for more of them (reps)"
    outside, unread = [], []
    for axis, value in zip(space.axes, said_values(space, scenario), strict=True):
        factor = axis.factor
        if value is None:
            unread.append(factor.name)
        elif factor.listed and value not in factor.values:
            outside.append(f"{factor.name} is {_shown(value)} there, which is not among the values to choose from")
        elif not factor.listed and not factor.low <= value <= factor.high:
            outside.append(f"{factor.name} is {_shown(value)} there, outside of {_shown(factor.low)} to {_shown(factor.high)}")
        elif not factor.listed and factor.whole and float(value) != int(value):
            outside.append(f"{factor.name} is {_shown(value)} there, and only whole numbers could be chosen")
    if outside:
        return " and ".join(outside)
    return f"it says no single value of {' and '.join(unread)} that could be chosen"


def _shown(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, int | float) and not isinstance(value, bool) else str(value)
