"""Comparing two scenarios on the same random numbers: paired differences with confidence intervals."""

from __future__ import annotations

import dataclasses
import math
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from os import PathLike
from typing import Any

import numpy as np
import pandas as pd

from chainwright.experiment.affordable import cost, refuse_beyond
from chainwright.experiment.result import Result, runs_text
from chainwright.experiment.run import Progress, checked, run
from chainwright.experiment.sheet import sheet_text
from chainwright.experiment.statistics import paired
from chainwright.metrics.intervals import check_confidence
from chainwright.scenario import Scenario, load
from chainwright.words.counts import plural
from chainwright.words.errors import UsageError
from chainwright.words.requests import run_numbers, whole_number
from chainwright.world import World

# Items and lanes of all runs of one scenario: tables of more rows are not kept.
MOST_ROWS = 5_000_000
NOT_DISTINGUISHABLE = "not distinguishable"
# Metrics that the sentence on pairing speaks of, if they vary, before any other; and how many pairs it takes to say anything.
TOLD_FIRST = ("total_cost", "fill_rate")
LEAST_PAIRS = 10


@dataclass(frozen=True)
class Comparison:
    """What differs between two results, paired by run.

    Attributes
    ----------
    table : DataFrame
        One row per metric: its mean in `a` and in `b`, the mean difference b - a, its confidence interval (low, high) and a verdict:
        ``higher``, ``lower``, ``equal`` or ``not distinguishable``. Then what pairing was worth: the correlation of the two over the runs,
        half the width of the interval, that of Welch's interval if the runs were independent, how many independent runs of each scenario
        it would take for the half-width of the pairs, and how many runs of both together were saved (below 0 where pairing cost some).
    a, b : Result
        The two results; of a very large network only their summaries, since its other tables over all runs would fill the memory.
    confidence : float
        Level of the intervals.
    played_once : bool
        Whether one run of each was played, because nothing in them is random.

    Examples
    --------
    >>> import chainwright as cw
    >>> found = cw.compare("beer_game", "beer_game")
    >>> found.table.set_index("metric").loc["total_cost", "verdict"], found.played_once
    ('equal', True)
    """

    table: pd.DataFrame
    a: Result
    b: Result
    confidence: float
    played_once: bool = False

    @property
    def certain(self) -> bool:
        """Whether nothing is random: nothing random was asked for, or several runs of each were played, and all of them are the same."""
        if self.played_once:
            return True
        several = [one.summary.drop(columns="run") for one in (self.a, self.b)]
        return all(len(one) > 1 and bool((one.nunique() <= 1).all()) for one in several)

    def __repr__(self) -> str:
        count = len(self.a.run_numbers)
        from chainwright.report.tables import compared_heads, compared_rows  # as for plots

        how = "one run of each" if self.played_once else f"{count} runs paired, intervals of {self.confidence:.0%}"
        heading = f"A = {self.a.scenario.name}, B = {self.b.scenario.name}, {how}"
        rows = compared_rows(self.table, self.played_once)
        shown = pd.DataFrame([row[1:] for row in rows], index=[row[0] for row in rows], columns=compared_heads(self.played_once, self.confidence)[1:])
        text = sheet_text(shown, shutil.get_terminal_size((80, 24)).columns) if rows else "Everything is 0 or empty in both."
        return "\n".join(part for part in (heading, text, self.pairing()) if part)

    def pairing(self, called: Callable[[str], str] = str) -> str:
        """What pairing the runs was worth, in a sentence about the cost (or the first metric that varies); empty where nobody can tell.

        Parameters
        ----------
        called : callable
            What a metric is called.

        Examples
        --------
        >>> import chainwright as cw
        >>> print(cw.compare("newsvendor", cw.load("newsvendor").variant("generous"), periods=200).pairing())
        Pairing saved 8 runs: ...
        """
        count = len(self.a.run_numbers)
        if self.played_once:
            return "Nothing is random here: one run of each was played, and any other would be the same."
        if self.certain:
            return f"Nothing is random here: all {count} runs are the same, and one (runs=1) tells as much."
        rows: Any = self.table[self.table["half_width_without_pairing"] > 0.0].set_index("metric")
        if count < LEAST_PAIRS or rows.empty:
            return ""
        metric = next((name for name in TOLD_FIRST if name in rows.index), str(rows.index[0]))
        needed, saved = float(rows.at[metric, "runs_without_pairing"]), float(rows.at[metric, "runs_saved"])
        name = called(metric)
        if not math.isfinite(saved):
            return f"All {count} pairs differ in {name} by the same amount: the difference is exact."
        why = rows.at[metric, "correlation"]
        tail = "" if np.isnan(why) else f" (correlation {why:.2f})"
        if saved < 0.0:
            return f"Pairing cost {plural(round(-saved), 'run')} here: {name} of A tends to rise where that of B falls{tail}."
        if saved == 0.0:
            return f"Pairing did not help here: {name} of A and of B do not rise and fall together{tail}."
        alone = f"{needed:,.0f} runs of each would give {name} as exactly as these {count} pairs"
        return f"Pairing saved {plural(round(saved), 'run')}: without it, {alone}{tail}."


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
    limits: bool = True,
) -> Comparison:
    """Compare two scenarios, or two results of the same runs.

    Parameters
    ----------
    a, b : Result, Scenario, str or path
        What to compare. Scenarios are run here, both with the same seed, so that each pair of runs has the same draws; where nothing
        in either is random, one run of each is played.
    runs, seed, periods : int
        As in `chainwright.run`; not used for results.
    metrics : iterable of str, optional
        Columns of ``summary``; all of them by default.
    confidence : float
        Level of the intervals of Student's t on the paired differences.
    progress, limits
        As in `chainwright.run`.

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
    check_confidence(confidence)
    # What is a result already says how the other is run, so that the two can be paired.
    done = next((each for each in (a, b) if isinstance(each, Result)), None)
    like: dict[str, Any] = {"runs": runs, "seed": seed, "periods": periods}
    if done is not None:
        like = {"runs": done.run_numbers, "seed": done.seed, "periods": done.periods}
    once = done is None and len(run_numbers(runs)) > 1 and not any(_is_random(each, **like, limits=limits) for each in (a, b))
    if once:
        like["runs"] = run_numbers(runs)[:1]
    one = a if isinstance(a, Result) else _played(a, **like, progress=progress, limits=limits)
    if done is None:
        like["seed"] = one.seed
    other = b if isinstance(b, Result) else _played(b, **like, progress=progress, limits=limits)
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
    # Of what is not random one run tells as much as two.
    times = 2 if once else 1
    rows = [_difference(name, np.tile(one.summary[name], times), np.tile(other.summary[name], times), confidence) for name in wanted]
    return Comparison(pd.DataFrame(rows), one, other, confidence, played_once=once)


def _is_random(scenario: Any, runs: Any, seed: int | None, periods: int | None, limits: bool) -> bool:
    """Whether anything random is asked for in a run; known at the first draw, and else once the run is over."""
    chosen = scenario if isinstance(scenario, Scenario) else load(scenario)
    numbers, seed, horizon = checked(chosen, runs, seed, periods)
    if chosen.agents:
        return True
    if limits:
        refuse_beyond(cost(chosen.blueprint(), 1, horizon, side_by_side=1, timeline=False, agents=False), chosen.name, 1, horizon)
    world = World(chosen.blueprint(), numbers[:1], seed, changes=dict(chosen.stages()), wanted=())
    for _ in range(horizon):
        world.step()
        if world.has_drawn:
            return True
    return False


def _played(
    scenario: Scenario | str | PathLike[str], runs: Any, seed: int | None, periods: int | None, progress: Progress | None, limits: bool
) -> Result:
    """The result of a scenario; where all its tables would fill the memory, run by run and with the summaries only."""
    chosen = scenario if isinstance(scenario, Scenario) else load(scenario)
    tables = chosen.blueprint().tables
    rows = len(tables["items"]["enterprise"]) + len(tables["lanes"]["seller"])
    numbers = run_numbers(runs)
    count = len(numbers)
    if count < 2 or rows * count <= MOST_ROWS:
        return run(chosen, runs, seed, periods, progress=progress, limits=limits)
    if limits:
        length = chosen.horizon if periods is None else whole_number(periods, "periods", 1)
        found = cost(chosen.blueprint(), count, length, side_by_side=1, timeline=False, agents=bool(chosen.agents))
        # Of each run only the summary is kept.
        refuse_beyond(dataclasses.replace(found, size=0.0), chosen.name, count, length)
    summaries = []
    seconds = 0.0
    for place, number in enumerate(numbers):
        told = None if progress is None else _shifted(progress, place, count)
        last = run(chosen, [number], seed, periods, timeline=False, limits=limits, progress=told)
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


def _difference(name: str, a: Any, b: Any, confidence: float) -> dict[str, Any]:
    """One row of the table: means, the paired difference with its interval, and what pairing was worth."""
    one, other = np.asarray(a, np.float64), np.asarray(b, np.float64)
    found = paired(one, other, confidence)
    return {
        "metric": name,
        "a": float(one.mean()),
        "b": float(other.mean()),
        "difference": found.difference,
        "low": found.low,
        "high": found.high,
        "verdict": _verdict(found.difference, found.low, found.high),
        "correlation": found.correlation,
        "half_width": found.half_width,
        "half_width_without_pairing": found.half_width_without_pairing,
        "runs_without_pairing": found.runs_without_pairing,
        "runs_saved": found.runs_saved,
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
