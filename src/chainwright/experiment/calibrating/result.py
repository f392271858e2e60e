"""What a calibration gives back: the fitted parameters, how well they are determined, and what was observed beside what is simulated."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from chainwright._version import __version__
from chainwright.experiment.calibrating.observed import Observed
from chainwright.experiment.optimising.save import kind_of, write_folder
from chainwright.experiment.optimising.space import Space
from chainwright.experiment.optimising.trials import Trial
from chainwright.scenario import Scenario

# Slices of a range for which the lowest loss is told.
SLICES = 12
KIND = kind_of("a calibration", "calibration.json", ("trials", "fit", "parameters"))


@dataclass(frozen=True, repr=False)
class Calibration:
    """The result of `chainwright.calibrate`.

    Attributes
    ----------
    fitted : dict
        Value of each factor.
    loss : float
        Of the fit on replications that took no part in it; where nothing is random, the loss that was made small.
    scenario : Scenario
        The scenario with the fitted values, ready to run.
    table : DataFrame
        One row per observation: enterprise, product, column, period, observed, fitted, residual.
    series : DataFrame
        One row per series: how many observations, root mean square of the residuals, and the share of the variance that is explained.
    parameters : DataFrame
        One row per factor: fitted, an interval (low, high), and how well it is determined. Intervals are approximate: a bootstrap
        over blocks of residuals, with the simulation taken for linear near the fit.
    correlation : DataFrame
        Of the errors of the fitted parameters: near 1 or -1, one makes up for the other.
    profile : DataFrame
        Of each factor, value by value or slice by slice of its range, the smallest loss of all candidates that were tried there.
    trials : DataFrame
        Every candidate with its loss.

    Examples
    --------
    >>> import chainwright as cw
    >>> played = cw.run(cw.load("beer_game").with_({"policies.place_orders.default.target": 20}), record=["orders"]).panel
    >>> orders = played[played["enterprise"] == "retailer"]
    >>> fit = cw.calibrate("beer_game", {"policies.place_orders.default.target": (0.0, 40.0)}, orders, budget=60)
    >>> round(fit.fitted["policies.place_orders.default.target"], 6)
    20.0
    """

    scenario: Scenario
    origin: Scenario
    observed: Observed
    space: Space
    place: tuple[float, ...]
    loss_name: str
    loss: float
    loss_of_fit: float
    simulated: Any
    parameters: pd.DataFrame
    correlation: pd.DataFrame
    tried: tuple[Trial, ...]
    seed: int
    reps: int
    runs: int
    confidence: float

    @property
    def fitted(self) -> dict[str, Any]:
        """Value of each factor."""
        return dict(zip(self.space.names, self.space.values(self.place), strict=True))

    @property
    def table(self) -> pd.DataFrame:
        """What was observed beside what is simulated."""
        return self.observed.table(self.simulated)

    @property
    def series(self) -> pd.DataFrame:
        """How well each series is met."""
        rows = []
        table = self.table
        start = 0
        for one in self.observed.series:
            own = table.iloc[start : start + len(one.values)]
            start += len(one.values)
            square = float(np.mean(own["residual"] * own["residual"]))
            variance = float(np.var(one.values))
            row = {"enterprise": one.enterprise, "product": one.product, "column": one.column, "observations": len(one.values)}
            rows.append(row | {"weight": one.weight, "rmse": float(np.sqrt(square)), "explained": 1.0 - square / variance if variance else np.nan})
        return pd.DataFrame(rows)

    @property
    def trials(self) -> pd.DataFrame:
        """Every candidate that was tried."""
        rows = []
        for trial in self.tried:
            row: dict[str, Any] = {"trial": trial.number, "stage": trial.stage}
            row |= dict(zip(self.space.names, self.space.values(trial.place), strict=True))
            row |= {"status": "failed" if trial.outcome.message else "done", "loss": trial.outcome.value, "message": trial.outcome.message}
            rows.append(row)
        return pd.DataFrame(rows)

    @property
    def profile(self) -> pd.DataFrame:
        """The smallest loss that was found for values of each factor; the true profile lies nowhere above it."""
        rows: list[dict[str, Any]] = []
        for number, (axis, name) in enumerate(zip(self.space.axes, self.space.names, strict=True)):
            lowest: dict[int, Trial] = {}
            for trial in self.tried:
                if trial.outcome.message:
                    continue
                share = trial.place[number]
                where = min(int(share * SLICES), SLICES - 1) if axis.count is None else round(share)
                if where not in lowest or trial.outcome.value < lowest[where].outcome.value:
                    lowest[where] = trial
            for where in sorted(lowest):
                rows.append({"factor": name, "value": axis.value(lowest[where].place[number]), "loss": lowest[where].outcome.value})
        return pd.DataFrame(rows)

    def plot(self) -> Any:
        """Draw the observed series with the fitted ones, and the loss against each factor.

        Returns
        -------
        matplotlib.figure.Figure
        """
        from chainwright.report.figures.calibrating import calibrating  # matplotlib is slow to import and not every fit draws

        return calibrating(self)

    def facts(self) -> dict[str, Any]:
        """What was fitted, as JSON can hold it."""
        return {
            "scenario": self.origin.name,
            "scenario_hash": self.origin.hash,
            "settings": self.origin.settings,
            "factors": [factor.facts() for factor in self.space.factors],
            "fitted": self.fitted,
            "loss_name": self.loss_name,
            "loss": self.loss,
            "loss_of_fit": self.loss_of_fit,
            "series": self.series.to_dict("records"),
            "assumed": list(self.observed.told),
            "parameters": self.parameters.to_dict("records"),
            "correlation": self.correlation.to_dict(),
            "confidence": self.confidence,
            "seed": self.seed,
            "candidates": len({trial.place for trial in self.tried}),
            "runs": self.runs,
            "reps": self.reps,
            "chainwright": __version__,
        }

    def save(self, folder: str | os.PathLike[str]) -> Path:
        """Write fit, trials, figure, facts and the fitted scenario to a folder, all of them together or nothing.

        Parameters
        ----------
        folder : str or path
            Where to; made where it is missing.

        Raises
        ------
        UsageError
            When the folder cannot be written.
        """
        tables = {"trials": self.trials, "fit": self.table, "parameters": self.parameters}
        return write_folder(Path(folder), KIND, self.facts(), tables, self)

    def __repr__(self) -> str:
        from chainwright.report.numerals import number

        count = len(self.observed.values)
        several = f"{len(self.observed.series)} series, " if len(self.observed.series) > 1 else ""
        fresh = f" ({number(self.loss_of_fit, 5)} on the replications it was fitted by)" if self.loss != self.loss_of_fit else ""
        lines = [f"Calibration of {self.origin.name}: {self.loss_name} {number(self.loss, 5)}{fresh}, {several}{count} observations"]
        for row in self.parameters.to_dict("records"):
            value = number(row["fitted"], 5) if isinstance(row["fitted"], float) else row["fitted"]
            span = "" if row["low"] is None or row["low"] != row["low"] else f" ({number(row['low'])} to {number(row['high'])})"
            lines.append(f"  {row['factor']} = {value}{span}: {row['verdict']}")
        for row in self.series.to_dict("records"):
            share = "" if row["explained"] != row["explained"] else f", {row['explained']:.1%} of the variance"
            lines.append(f"  {row['enterprise']} {row['product']} {row['column']}: rmse {number(row['rmse'])}{share}")
        lines += [f"  assumed: {one}" for one in self.observed.told]
        tried = len({trial.place for trial in self.tried})
        lines.append(f"  {tried:,} candidates, {self.runs:,} runs, {self.reps} replications each, seed {self.seed}")
        lines.append(f"  intervals of {self.confidence:.0%} are approximate: residuals drawn anew in blocks, simulation taken for linear")
        return "\n".join(lines)
