"""The last word on a search: its best candidate on replications by which nobody was chosen, beside the runners-up and the present."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from chainwright.experiment.compare import NOT_DISTINGUISHABLE
from chainwright.experiment.optimising.goal import Goal
from chainwright.experiment.sheet import Sheet
from chainwright.metrics.intervals import half_width
from chainwright.state.totals import NOISE

Floats = NDArray[np.float64]
# By measure one number per replication; or why a candidate failed.
Played = Mapping[str, Floats] | str

BEST, RUNNER_UP, PRESENT = "best", "runner-up", "as it is"
WORSE, BETTER, EQUAL = "worse", "better", "equal"


@dataclass(frozen=True)
class Final:
    """What the last replications say.

    Parameters
    ----------
    value : float
        Mean of the measure that was made small or large.
    interval : tuple of float
        Its confidence interval.
    limits : DataFrame
        One row per limit: measure, limit, mean, low, high, verdict.
    feasible : bool
        Whether all limits are kept, judged as during the search.
    compared : DataFrame
        One row for the best, each runner-up and the scenario as it is; see `Optimisation`.
    """

    value: float
    interval: tuple[float, float]
    limits: pd.DataFrame
    feasible: bool
    compared: pd.DataFrame


def interval_of(values: Floats, confidence: float, several: int = 1) -> tuple[float, float]:
    """Student's interval of the mean of independent replications; of several intervals all hold together with that confidence (Bonferroni).

    Examples
    --------
    >>> import numpy as np
    >>> low, high = interval_of(np.array([1.0, 2.0, 3.0]), 0.95)
    >>> round(low, 3), round(high, 3)
    (-0.484, 4.484)
    """
    mean = float(np.mean(values))
    margin = half_width(values, confidence, several)
    return mean - margin, mean + margin


def judge(
    goal: Goal, names: Sequence[str], values: Sequence[Sequence[Any]], played: Sequence[Played], present: Played, said: Sequence[Any] = ()
) -> Final:
    """Judge the best and the runners-up.

    Parameters
    ----------
    goal : Goal
        What is best.
    names : sequence of str
        Of the factors.
    values : sequence of sequences
        Of each candidate the value of each factor; the best comes first.
    played : sequence
        What each of them gave, replication by replication, all with the same random numbers.
    present : mapping or str
        The same of the scenario as it is.
    said : sequence, optional
        What the scenario says of each factor as it is; None where nothing can be read off.
    """
    first = played[0]
    assert not isinstance(first, str)
    own = first[goal.measure]
    verdicts = []
    for limit in goal.limits:
        kept = first[limit.measure]
        low, high = interval_of(kept, goal.confidence)
        row = {"measure": limit.measure, "limit": f"{limit.sign} {limit.bound:g}", "mean": float(np.mean(kept)), "low": low, "high": high}
        verdicts.append(row | {"verdict": limit.verdict(low, high)})
    rows = []
    entries: list[tuple[str, Sequence[Any], Played]] = [(BEST, values[0], first)]
    entries += [(RUNNER_UP, *pair) for pair in zip(values[1:], played[1:], strict=True)]
    entries.append((PRESENT, said or [None] * len(names), present))
    rivals = len(played) - 1
    for kind, chosen, found in entries:
        if isinstance(found, str):
            continue  # what fails on other replications is no rival
        row = {"candidate": kind} | dict(zip(names, chosen, strict=True))
        row[goal.measure] = float(np.mean(found[goal.measure]))
        row["feasible"] = goal.outcome(found).violation == 0.0
        if kind != BEST:
            row |= _paired(found[goal.measure] - own, own, goal, rivals if kind == RUNNER_UP else 1)
        rows.append(row)
    columns = ["candidate", *names, goal.measure, "feasible", "difference", "low", "high", "verdict"]
    limits = Sheet(verdicts, columns=["measure", "limit", "mean", "low", "high", "verdict"])
    feasible = goal.outcome(first).violation == 0.0
    return Final(float(np.mean(own)), interval_of(own, goal.confidence), limits, feasible, Sheet(rows, columns=columns))


def _paired(differences: Floats, own: Floats, goal: Goal, several: int) -> dict[str, Any]:
    """The mean difference to the best with its interval, and what it says."""
    low, high = interval_of(differences, goal.confidence, max(1, several))
    # Differences of rounding are none.
    slightest = NOISE * float(np.max(np.abs(own), initial=0.0))
    if float(np.max(np.abs(differences), initial=0.0)) <= slightest:
        verdict = EQUAL
    elif math.isnan(low) or low <= 0.0 <= high:
        verdict = NOT_DISTINGUISHABLE
    else:
        verdict = WORSE if (low > 0.0) != goal.largest else BETTER
    return {"difference": float(np.mean(differences)), "low": low, "high": high, "verdict": verdict}
