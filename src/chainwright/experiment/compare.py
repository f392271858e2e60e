"""Comparing two scenarios on the same random numbers: paired differences with confidence intervals."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from os import PathLike
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from chainwright.experiment.result import Result, runs_text
from chainwright.experiment.run import Progress, run
from chainwright.scenario import Scenario, load
from chainwright.state.totals import NOISE
from chainwright.words.errors import UsageError
from chainwright.words.requests import run_numbers

# Differences below it are rounding even beside a metric that is 0.
SMALLEST = 1e-12
# Items and lanes of all runs of one scenario: tables of more rows are not kept.
MOST_ROWS = 5_000_000
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
        The two results; of a very large network only their summaries, since its other tables over all runs would fill the memory.
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
    one = a if isinstance(a, Result) else _played(a, **like, progress=progress)
    if done is None:
        like["seed"] = one.seed
    other = b if isinstance(b, Result) else _played(b, **like, progress=progress)
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


def _played(scenario: Scenario | str | PathLike[str], runs: Any, seed: int | None, periods: int | None, progress: Progress | None) -> Result:
    """The result of a scenario; where all its tables would fill the memory, run by run and with the summaries only."""
    chosen = scenario if isinstance(scenario, Scenario) else load(scenario)
    tables = chosen.blueprint().tables
    rows = len(tables["items"]["enterprise"]) + len(tables["lanes"]["seller"])
    count = runs if isinstance(runs, int) else len(runs)
    if count < 2 or rows * count <= MOST_ROWS:
        return run(chosen, runs, seed, periods, progress=progress)
    numbers = run_numbers(runs)
    summaries = []
    seconds = 0.0
    for place, number in enumerate(numbers):
        last = run(chosen, [number], seed, periods, timeline=False, progress=None if progress is None else _shifted(progress, place, len(numbers)))
        summaries.append(last.summary)
        seconds += last.manifest["wall_seconds"]
    return dataclasses.replace(
        last,
        run_numbers=tuple(numbers),
        summary=pd.concat(summaries, ignore_index=True),
        **{name: getattr(last, name).iloc[:0] for name in ("items", "enterprises", "lanes", "echelons")},
        manifest={**last.manifest, "runs": runs_text(numbers), "wall_seconds": round(seconds, 3)},
    )


def _shifted(progress: Progress, place: int, count: int) -> Progress:
    """The progress of one run among several."""
    return lambda done, total: progress(place * total + done, count * total)


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
