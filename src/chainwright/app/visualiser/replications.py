"""Many runs for one page: bands around the timeline that is watched, and a small sweep of some of its parameters."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from chainwright.app.visualiser.edges import EDGES, of_echelons, of_network
from chainwright.app.visualiser.open_runs import Watched
from chainwright.app.visualiser.serving.limits import Limits, check_work
from chainwright.app.visualiser.sharing.python_code import Played, bands_code, sweep_code
from chainwright.app.visualiser.sweep_parameters import parameters
from chainwright.experiment.compare import compare
from chainwright.experiment.result import Result
from chainwright.experiment.run import run
from chainwright.experiment.statistics import paired
from chainwright.experiment.sweep.sweep import sweep
from chainwright.experiment.timeline.timeline import Timeline
from chainwright.metrics.intervals import estimate
from chainwright.report.screen.numbers import exact
from chainwright.report.screen.opening_packet import measures
from chainwright.report.tables import metric_words, share_metrics
from chainwright.scenario import Scenario
from chainwright.words.errors import UsageError

Progress = Callable[[int, int], None]
# A sweep of one page after the other: they would only wait for each other.
_ONE_SWEEP = threading.Lock()
# Seconds after which one that waits looks whether it is still wanted.
TURN = 0.1


@dataclass(frozen=True)
class Repeat:
    """All that is needed to run a timeline again, elsewhere.

    Parameters
    ----------
    number : str
        What the page calls the timeline.
    scenario : Scenario
        What is played.
    seed, run, periods : int
        As in `cw.run`.
    interventions : tuple
        What was done by hand.
    measures : tuple of str
        What the page shows of it.
    load : str
        The Python that loads the scenario.
    acts : tuple of int
        The numbers of what was done by hand: once something else is done, what came out tells of the timeline no more.
    """

    number: str
    scenario: Scenario
    seed: int
    run: int
    periods: int
    interventions: tuple[tuple[int, dict[str, Any]], ...]
    measures: tuple[str, ...]
    load: str
    acts: tuple[int, ...]

    @classmethod
    def of(cls, number: str, timeline: Timeline, load: str) -> Repeat:
        """What a timeline is; asked by the thread that plays it."""
        shown = tuple(told["name"] for told in measures(timeline))
        acts = tuple(act.number for act in timeline.acts)
        return cls(number, timeline.scenario, timeline.seed, timeline.run, timeline.horizon, timeline.interventions, shown, load, acts)

    @property
    def until(self) -> int | None:
        """The periods, where they are not those of the scenario."""
        return self.periods if self.periods != self.scenario.horizon else None

    def sweep_code(self, factors: Sequence[Mapping[str, Any]], runs: int) -> str:
        """The program of a small sweep."""
        return sweep_code(self.load, self.interventions, varied(factors), runs, self.seed, self.measures, self.until)


def varied(factors: Sequence[Mapping[str, Any]]) -> dict[str, list[float]]:
    """The values by path, each once.

    Examples
    --------
    >>> varied([{"path": "horizon", "values": [10, 20, 10]}])
    {'horizon': [10, 20]}
    """
    return {str(factor["path"]): list(dict.fromkeys(factor["values"])) for factor in factors}


# --- bands ------------------------------------------------------------------------------------------------------


def check_bands(one: Watched, runs: int, limits: Limits, other: Watched | None = None) -> None:
    """Refuse bands of too few or too many runs, of a timeline and what stands beside it.

    Raises
    ------
    UsageError
        With what would do.
    """
    if not 2 <= runs <= limits.runs:
        raise UsageError(f"bands take from 2 to {limits.runs} runs, not {runs:,}")
    timelines = [each.timeline for each in (one, other) if each is not None]
    # The runs of both are kept until they are compared.
    kept = sum(int(timeline.history.names.items["echelon"].max(initial=0)) + 1 for timeline in timelines)
    for timeline in timelines:
        if timeline.horizon <= timeline.warm_up:
            raise UsageError("this run is no longer than its warm-up, so that there is nothing to measure")
        check_work(len(timeline.history.names.items["product"]), timeline.horizon, runs, limits, kept)


def bands(one: Repeat, runs: int, progress: Progress, other: Repeat | None = None) -> dict[str, Any]:
    """Percentiles of the echelons' columns in every period, and intervals of the measures, over runs 0, 1, ... with the same interventions.

    What stands ``beside`` has its own, and then there are the ``differences`` (A less B), where both measure the same periods.

    Parameters
    ----------
    one : Repeat
        What is watched.
    runs : int
        How many runs.
    progress : callable
        Called with what is done, of how much.
    other : Repeat, optional
        What stands beside it, on the same draws: then the paired differences are told as well.
    """
    both = 2 if other is not None else 1
    found = run(one.scenario, runs, one.seed, one.periods, interventions=one.interventions, progress=lambda done, total: progress(done, total * both))
    packet: dict[str, Any] = {"runs": runs, "edges": EDGES, **_bands_of(one, found)}
    if other is not None:
        beside = run(
            other.scenario,
            runs,
            one.seed,
            other.periods,
            interventions=other.interventions,
            progress=lambda done, total: progress(total + done, 2 * total),
        )
        packet |= {"beside": _bands_of(other, beside), "differences": _differences(found, beside)}
    return packet


def program_of_bands(one: Repeat, runs: int, other: Repeat | None = None) -> str:
    """The program that gives the intervals of the page."""
    played, beside = (None if each is None else Played(each.load, each.interventions, each.until) for each in (one, other))
    assert played is not None
    comparable = other is not None and _measured(one) == _measured(other)
    return bands_code(played, runs, one.seed, beside, comparable)


def _measured(one: Repeat) -> int:
    return one.periods - one.scenario.warm_up


def _bands_of(one: Repeat, found: Result) -> dict[str, Any]:
    table = found.timeline
    assert table is not None
    runs, periods = len(found.run_numbers), found.periods
    echelons = len(table) // (runs * periods)
    columns = {
        name: table[name].to_numpy(np.float64).reshape(runs, periods, echelons)
        for name in table.columns.difference(["run", "period", "echelon"], sort=False)
    }
    network = of_network(columns, found)
    measured = {name: _interval(found.summary[name]) for name in found.summary.columns if name != "run"}
    return {"timeline": one.number, "acts": list(one.acts), "echelons": of_echelons(columns), "network": network, "measures": measured}


def _interval(values: pd.Series[Any]) -> dict[str, Any]:
    one = estimate(values)
    return {"mean": exact(one.mean), "low": exact(one.low), "high": exact(one.high)}


def _differences(one: Result, other: Result) -> dict[str, Any]:
    """A less B of each measure, paired by run: what is watched against what stands beside it."""
    if one.measured_periods != other.measured_periods:
        return {}
    table = compare(other, one).table
    return {
        str(row["metric"]): {"mean": exact(row["difference"]), "low": exact(row["low"]), "high": exact(row["high"]), "verdict": row["verdict"]}
        for row in table.to_dict("records")
    }


# --- a small sweep ----------------------------------------------------------------------------------------------


def check_many(one: Watched, factors: Sequence[Mapping[str, Any]], runs: int, limits: Limits) -> int:
    """Refuse a sweep of what cannot be varied, or one that is too large; how many runs it takes.

    Raises
    ------
    UsageError
        With what would do.
    """
    known = {told["path"]: told for told in parameters(one.timeline.scenario)}
    for factor in factors:
        if factor["path"] not in known:
            raise UsageError(f"{str(factor['path'])[:80]!r} is none of the parameters that can be varied here")
    if len({factor["path"] for factor in factors}) < len(factors):
        raise UsageError("the two parameters are the same; choose another second one")
    points = int(np.prod([len(set(factor["values"])) for factor in factors]))
    if points > limits.points or not 1 <= runs <= limits.runs or points * runs > limits.all_runs:
        raise UsageError(
            f"{points:,} points of {runs:,} runs are too many; up to {limits.points} points, {limits.runs} runs of each and {limits.all_runs:,} runs "
            "in all can be played here, and more by `chainwright sweep`"
        )
    check_work(len(one.timeline.history.names.items["product"]), one.timeline.horizon, points * runs, limits)
    return points * runs


def many(one: Repeat, factors: Sequence[Mapping[str, Any]], runs: int, progress: Progress) -> dict[str, Any]:
    """The rows of a small sweep: values, then means over the runs with their intervals, and what they are more than at the reference.

    All points have the same draws, so that they are compared run by run: intervals of the differences are mostly far narrower than those of the
    means. The reference is the point as the scenario has it, where that is among the points, else the first one.

    Parameters
    ----------
    one : Repeat
        What is watched; what was done by hand holds at every point.
    factors : sequence of mapping
        Paths with their values.
    runs : int
        Replications of each point, with the same draws at all points.
    progress : callable
        Called with what is done, of how much.
    """
    values, wanted = varied(factors), one.measures
    base = with_interventions(one.scenario, one.interventions)
    with _turn(progress):
        table = sweep(base, values, reps=runs, seed=one.seed, measures=wanted, engine="serial", periods=one.until, progress=progress, tell=_nothing)
    failures = table.failures
    if len(failures) == len(table):
        raise UsageError(f"no point could be played: {failures['message'].iloc[0]}")
    columns: list[dict[str, Any]] = [{"name": path, "label": path, "share": False} for path in values]
    for name in wanted:
        told = {"label": metric_words()[name][0], "share": name in share_metrics()}
        columns += [{"name": f"{name}{end}", **told} for end in ("", "_low", "_high", "_less", "_less_low", "_less_high")]
    points = [own.set_index("rep") for _, own in pd.DataFrame(table).groupby("design_id", sort=False)]
    reference = _reference(one.scenario, values, points)
    rows = []
    for own in points:
        row = [exact(float(own[path].iloc[0])) for path in values]
        for name in wanted:
            alone, less = estimate(own[name]), paired(points[reference][name].reindex(own.index), own[name])
            row += [exact(number) for number in (alone.mean, alone.low, alone.high, less.difference, less.low, less.high)]
        rows.append(row)
    return {"columns": columns, "rows": rows, "reference": reference, "failed": len(failures), "runs": runs, "code": one.sweep_code(factors, runs)}


def _reference(scenario: Scenario, values: Mapping[str, Sequence[float]], points: Sequence[pd.DataFrame]) -> int:
    """With which point the others are compared: the one that is as the scenario has it, or the first."""
    now = {told["path"]: told["value"] for told in parameters(scenario)}
    same = [all(float(own[path].iloc[0]) == now.get(path) for path in values) for own in points]
    return same.index(True) if True in same else 0


@contextlib.contextmanager
def _turn(progress: Progress) -> Iterator[None]:
    """Wait for the sweeps of other pages; whoever is not waited for any more waits no longer."""
    progress(0, 1)
    while not _ONE_SWEEP.acquire(timeout=TURN):
        progress(0, 1)
    try:
        yield
    finally:
        _ONE_SWEEP.release()


def with_interventions(scenario: Scenario, interventions: Sequence[tuple[int, Mapping[str, Any]]]) -> Scenario:
    """The scenario that does by itself, after its own changes, what was done by hand."""
    if not interventions:
        return scenario
    own = list(scenario.document.get("interventions") or [])
    return scenario.with_({"interventions": [*own, *({"period": period, "set": dict(settings)} for period, settings in interventions)]})


def _nothing(text: str) -> None:
    """What a sweep has to tell stands in its rows."""
