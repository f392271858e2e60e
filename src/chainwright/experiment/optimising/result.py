"""What an optimiser gives back: the best candidate with honest statistics, its rivals, and all that was tried."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from chainwright._version import __version__
from chainwright.experiment.compare import NOT_DISTINGUISHABLE
from chainwright.experiment.optimising.final import EQUAL, PRESENT, RUNNER_UP, Final
from chainwright.experiment.optimising.goal import Goal
from chainwright.experiment.optimising.remarks import remarks_on
from chainwright.experiment.optimising.save import kind_of, write_folder
from chainwright.experiment.optimising.space import Space
from chainwright.experiment.optimising.trials import Trial
from chainwright.experiment.result import runs_text
from chainwright.experiment.sheet import Sheet
from chainwright.scenario import Scenario

SEARCH, POLISH, FINAL = "search", "polish", "final"
KIND = kind_of("what was optimised", "optimisation.json", ("trials", "compared"))


@dataclass(frozen=True, repr=False)
class Optimisation:
    """The result of `chainwright.optimise`.

    Attributes
    ----------
    best : dict
        Value of each factor of the best candidate.
    value : float
        Mean of the measure that was made small or large, over the replications of `final_runs`, which took no part in the choice.
    interval : tuple of float
        Its confidence interval.
    feasible : bool
        Whether all limits are kept on those replications.
    limits : DataFrame
        One row per limit: measure, limit, mean, low, high, and a verdict: ``kept``, ``missed`` or ``not distinguishable``.
    compared : DataFrame
        One row for the best, each runner-up and the scenario as it is (candidate): factors, measure, whether it is feasible, the mean
        difference to the best, paired by replication, with an interval (those of the runners-up hold all together), and a verdict:
        ``worse``, ``better``, ``equal`` or ``not distinguishable``.
    runners_up : DataFrame
        Those that cannot be told apart from the best.
    flatness : DataFrame
        Of each factor its best value, and the lowest and highest value among the best and those runners-up.
    table : DataFrame
        One row per trial: its number, stage, factors, status, whether it is feasible, and of each measure the mean and its standard error.
    history : DataFrame
        The best so far after each trial, within each stage.
    remarks : tuple of str
        What is to be known of the answer, such as that it lies on the edge of a range.
    scenario : Scenario
        The best candidate as a scenario, ready to run.
    seed, runs : int
        Seed of all draws, and how many runs were played.
    stages : dict of str to range
        The numbers of the replications of each stage; ``cw.run(result.scenario, runs=result.final_runs, seed=result.seed)`` repeats
        the last ones.

    Examples
    --------
    >>> import chainwright as cw
    >>> found = cw.optimise("newsvendor", {"policies.place_orders.stand.level": (50, 64)}, reps=4, periods=200, final_reps=30)
    >>> 54 <= found.best["policies.place_orders.stand.level"] <= 59
    True
    """

    scenario: Scenario
    origin: Scenario
    goal: Goal
    space: Space
    final: Final
    trials: tuple[Trial, ...]
    place: tuple[float, ...]
    seed: int
    runs: int
    method: str
    periods: int | None
    stages: dict[str, range]

    @property
    def best(self) -> dict[str, Any]:
        """Value of each factor of the best candidate."""
        return dict(zip(self.space.names, self.space.values(self.place), strict=True))

    @property
    def value(self) -> float:
        """Mean of the measure over fresh replications."""
        return self.final.value

    @property
    def interval(self) -> tuple[float, float]:
        """Confidence interval of `value`."""
        return self.final.interval

    @property
    def feasible(self) -> bool:
        """Whether all limits are kept on fresh replications."""
        return self.final.feasible

    @property
    def limits(self) -> pd.DataFrame:
        """Each limit with its verdict."""
        return self.final.limits

    @property
    def compared(self) -> pd.DataFrame:
        """The best beside the runners-up and the scenario as it is."""
        return self.final.compared

    @property
    def runners_up(self) -> pd.DataFrame:
        """The runners-up that cannot be told apart from the best."""
        rivals = self.compared[self.compared["candidate"] == RUNNER_UP]
        return rivals[rivals["verdict"].isin((NOT_DISTINGUISHABLE, EQUAL))].reset_index(drop=True)

    @property
    def flatness(self) -> pd.DataFrame:
        """How far each factor may be off without a difference that can be seen, as far as runners-up were played."""
        rows = []
        for name, axis, chosen in zip(self.space.names, self.space.axes, self.best.values(), strict=True):
            alike = [chosen, *self.runners_up[name].tolist()]
            low, high = (min(alike), max(alike)) if axis.factor.numeric else (None, None)
            rows.append({"factor": name, "best": chosen, "low": low, "high": high, "values": len({str(one) for one in alike})})
        return Sheet(rows)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is to be known of the answer, one sentence each: that it lies on the edge, or why the scenario as it is is better."""
        return remarks_on(self.space, self.place, self.origin, self.compared)

    @property
    def final_runs(self) -> list[int]:
        """Numbers of the replications by which the best was judged."""
        return list(self.stages[FINAL])

    @property
    def table(self) -> pd.DataFrame:
        """Every trial."""
        rows = []
        for trial in self.trials:
            row: dict[str, Any] = {"trial": trial.number, "stage": trial.stage}
            row |= dict(zip(self.space.names, self.space.values(trial.place), strict=True))
            row["status"] = "failed" if trial.outcome.message else "done"
            row["feasible"] = trial.outcome.violation == 0.0
            row |= {"missed_by": trial.outcome.violation, "reps": len(self.stages[trial.stage]), "message": trial.outcome.message}
            rows.append(row | dict(trial.outcome.facts))
        return Sheet(rows)

    @property
    def history(self) -> pd.DataFrame:
        """The best so far after each trial; stages play other replications, so each begins anew."""
        rows: list[dict[str, Any]] = []
        leading: Trial | None = None
        for trial in self.trials:
            if leading is None or trial.stage != leading.stage or trial.rank < leading.rank:
                leading = trial
            row = {"trial": trial.number, "stage": trial.stage, "best": leading.number, self.goal.measure: self.goal.shown(leading.outcome.value)}
            rows.append(row | {"feasible": leading.outcome.violation == 0.0})
        return Sheet(rows)

    def plot(self) -> Any:
        """Draw the best so far, and the measure against each factor.

        Returns
        -------
        matplotlib.figure.Figure
        """
        from chainwright.report.figures.optimising import optimising  # matplotlib is slow to import and not every search draws

        return optimising(self)

    def facts(self) -> dict[str, Any]:
        """What was found, as JSON can hold it."""
        return {
            "scenario": self.origin.name,
            "scenario_hash": self.origin.hash,
            "settings": self.origin.settings,
            "factors": [factor.facts() for factor in self.space.factors],
            "goal": {"measure": self.goal.measure, "sense": "largest" if self.goal.largest else "smallest"},
            "best": self.best,
            "value": self.value,
            "interval": self.interval,
            "confidence": self.goal.confidence,
            "feasible": self.feasible,
            "confidently": self.goal.confidently,
            "limits": self.limits.to_dict("records"),
            "compared": self.compared.to_dict("records"),
            "flatness": self.flatness.to_dict("records"),
            "remarks": list(self.remarks),
            "method": self.method,
            "seed": self.seed,
            "periods": self.periods,
            "candidates": len({trial.place for trial in self.trials}),
            "runs": self.runs,
            "replications": {name: runs_text(list(numbers)) for name, numbers in self.stages.items()},
            "chainwright": __version__,
        }

    def save(self, folder: str | os.PathLike[str]) -> Path:
        """Write trials, comparison, figure, facts and the best scenario to a folder, all of them together or nothing.

        Parameters
        ----------
        folder : str or path
            Where to; made where it is missing.

        Raises
        ------
        UsageError
            When the folder cannot be written.

        Examples
        --------
        >>> import tempfile
        >>> import chainwright as cw
        >>> over = {"policies.place_orders.default.policy": ["anchor_and_adjust", "pass_on"]}
        >>> found = cw.optimise("beer_game", over, reps=1, polish_reps=0, final_reps=2)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     sorted(path.name for path in found.save(folder).iterdir())
        ['best.yaml', 'compared.csv', 'figure.svg', 'optimisation.json', 'trials.csv', 'trials.parquet']
        """
        return write_folder(Path(folder), KIND, self.facts(), {"trials": self.table, "compared": self.compared}, self)

    def __repr__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Sequence[str]:
        from chainwright.report.numerals import number

        def span(low: float, high: float) -> str:
            return f"{number(low)} to {number(high)}"

        goal, level = self.goal, f"{self.goal.confidence:.0%}"
        lines = [f"Optimisation of {self.origin.name}: {goal}"]
        lines += [f"  {name} = {number(value, 5) if isinstance(value, float) else value}" for name, value in self.best.items()]
        fresh = f"{level} interval {span(*self.interval)}, {len(self.final_runs)} fresh replications"
        lines.append(f"  {goal.measure} {number(self.value, 5)} ({fresh})")
        for row in self.limits.to_dict("records"):
            verdict = {"kept": "kept", "missed": "missed"}.get(str(row["verdict"]), "kept or missed, the replications cannot tell")
            lines.append(f"  {row['measure']} {number(row['mean'], 5)} ({span(row['low'], row['high'])}), limit {row['limit']}: {verdict}")
        if not self.feasible:
            advice = "" if goal.confidently else "; confidently=True keeps a distance"
            kept = any(trial.outcome.violation == 0.0 for trial in self.trials)
            missed = f"on these replications some limit is missed on average{advice}"
            lines.append(f"  {missed if kept else 'no candidate that was tried kept all limits; this one comes nearest'}")
        present = self.compared[self.compared["candidate"] == PRESENT].to_dict("records")
        if present:
            one = present[0]
            but = "" if one["feasible"] else ", but it misses a limit"
            lines.append(f"  as it is {number(one[goal.measure], 5)}, {one['verdict']} ({span(one['low'], one['high'])}){but}")
        lines += [f"  {remark}" for remark in self.remarks]
        rivals, alike = int((self.compared["candidate"] == RUNNER_UP).sum()), len(self.runners_up)
        if rivals:
            lines.append(f"  {alike} of {rivals} runners-up cannot be told apart from it")
        tried = len({trial.place for trial in self.trials})
        lines.append(f"  {tried:,} candidates, {self.runs:,} runs, method {self.method}, seed {self.seed}")
        return lines
