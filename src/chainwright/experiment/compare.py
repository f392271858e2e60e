"""Comparing two scenarios on the same random numbers: paired differences with confidence intervals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from os import PathLike
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from chainwright.experiment.result import Result
from chainwright.experiment.run import Progress, run
from chainwright.scenario import Scenario
from chainwright.state.totals import NOISE
from chainwright.words.errors import UsageError

# Differences below it are rounding even beside a metric that is 0.
SMALLEST = 1e-12
NOT_DISTINGUISHABLE = "not distinguishable"


@dataclass(frozen=True)
class Comparison:
    """What differs between two results, paired by run.

    Attributes
    ----------
    table : DataFrame
        One row per metric: its mean in `a` and in `b`, the mean difference b - a, its confidence interval (low, high) and a verdict:
        ``higher``, ``lower``, ``equal`` or ``not distinguishable``.
    a, b : Result
        The two results.
    confidence : float
        Level of the intervals.

    Examples
    --------
    >>> import chainwright as cw
    >>> found = cw.compare("beer_game", "beer_game", runs=2)
    >>> found.table.set_index("metric").loc["total_cost", "verdict"]
    'equal'
    """

    table: pd.DataFrame
    a: Result
    b: Result
    confidence: float

    def __repr__(self) -> str:
        heading = f"{self.b.scenario.name} against {self.a.scenario.name}, {len(self.a.run_numbers)} runs paired, intervals of {self.confidence:.0%}"
        return heading + "\n" + self.table.to_string(index=False)


def compare(
    a: Result | Scenario | str | PathLike[str],
    b: Result | Scenario | str | PathLike[str],
    runs: int = 30,
    seed: int | None = None,
    periods: int | None = None,
    *,
    metrics: Iterable[str] | None = None,
    confidence: float = 0.95,
    progress: Progress | None = None,
) -> Comparison:
    """Compare two scenarios, or two results of the same runs.

    Parameters
    ----------
    a, b : Result, Scenario, str or path
        What to compare. Scenarios are run here, both with the same seed, so that each pair of runs has the same draws.
    runs, seed, periods : int
        As in `chainwright.run`; not used for results.
    metrics : iterable of str, optional
        Columns of ``summary``; all of them by default.
    confidence : float
        Level of the intervals of Student's t on the paired differences.

    Raises
    ------
    UsageError
        When two results do not hold the same runs and seed.

    Examples
    --------
    >>> import chainwright as cw
    >>> found = cw.compare("beer_game", cw.load("beer_game").variant("pass_on"), runs=1)
    >>> found.table["metric"].tolist()[0]
    'demand_mean'
    """
    if not 0.0 < confidence < 1.0:
        raise UsageError(f"confidence must lie between 0 and 1 (0.95 for 95 %), got {confidence!r}")
    # What is a result already says how the other is run, so that the two can be paired.
    done = next((each for each in (a, b) if isinstance(each, Result)), None)
    like: dict[str, Any] = {"runs": runs, "seed": seed, "periods": periods}
    if done is not None:
        like = {"runs": done.run_numbers, "seed": done.seed, "periods": done.periods}
    one = a if isinstance(a, Result) else run(a, **like, progress=progress)
    if done is None:
        like["seed"] = one.seed
    other = b if isinstance(b, Result) else run(b, **like, progress=progress)
    if one.run_numbers != other.run_numbers or one.seed != other.seed:
        raise UsageError("only results of the same seed and the same runs can be paired; run both with the same seed and runs")
    if one.measured_periods != other.measured_periods and isinstance(a, Result) and isinstance(b, Result):
        raise UsageError(f"results over {one.measured_periods} and {other.measured_periods} measured periods cannot be compared")
    if isinstance(metrics, str):
        metrics = [metrics]
    names = [name for name in one.summary.columns if name != "run" and name in other.summary.columns]
    wanted = names if metrics is None else list(metrics)
    unknown = [name for name in wanted if name not in names]
    if unknown:
        raise UsageError(f"no metric is called {unknown[0]!r}; there are {', '.join(names)}")
    rows = [_difference(name, one.summary[name], other.summary[name], confidence) for name in wanted]
    return Comparison(pd.DataFrame(rows), one, other, confidence)


def _difference(name: str, a: pd.Series[Any], b: pd.Series[Any], confidence: float) -> dict[str, Any]:
    """One row of the table: means, the paired difference and its interval."""
    difference = (b - a).dropna().to_numpy(np.float64)
    # What is left of a sum of many terms after rounding is no difference.
    scale = np.fmax(a.abs().max(), b.abs().max())
    difference = np.where(np.abs(difference) <= np.maximum(NOISE * scale, SMALLEST), 0.0, difference)
    count = len(difference)
    mean = float(difference.mean()) if count else np.nan
    spread = float(difference.std(ddof=1)) if count > 1 else np.nan
    if count and not np.any(difference - difference[0]):
        # The same difference in every run has no uncertainty that replications could show.
        half = 0.0 if count > 1 or mean == 0.0 else np.nan
    elif count > 1:
        half = float(stdtrit(count - 1, 0.5 + confidence / 2.0) * spread / np.sqrt(count))
    else:
        half = np.nan
    low, high = mean - half, mean + half
    return {
        "metric": name,
        "a": float(a.mean()),
        "b": float(b.mean()),
        "difference": mean,
        "low": low,
        "high": high,
        "verdict": _verdict(mean, low, high),
    }


def _verdict(mean: float, low: float, high: float) -> str:
    if np.isnan(mean):
        return "empty"
    if np.isnan(low):
        return "one run: no interval"
    if mean == 0.0 and low == high:
        return "equal"
    if low <= 0.0 <= high:
        return NOT_DISTINGUISHABLE
    return "higher" if mean > 0.0 else "lower"
