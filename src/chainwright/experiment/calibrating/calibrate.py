"""Calibration: which values of some factors bring simulated series nearest to observed ones."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from os import PathLike
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.experiment.calibrating.fit import descend, determine
from chainwright.experiment.calibrating.observed import Observed, observed_of
from chainwright.experiment.calibrating.play import Simulator
from chainwright.experiment.calibrating.result import Calibration
from chainwright.experiment.designs.factor import Factor
from chainwright.experiment.optimising.optimise import method_of, refuse_failure
from chainwright.experiment.optimising.play import Played, Progress
from chainwright.experiment.optimising.polish import STARTS, polish, spread_out
from chainwright.experiment.optimising.result import POLISH, SEARCH
from chainwright.experiment.optimising.space import Place, Space, space_of
from chainwright.experiment.optimising.trials import Outcome, Trials, failed
from chainwright.scenario import Scenario, load
from chainwright.scenario.change.left_behind import warn
from chainwright.words.errors import UsageError, suggestion
from chainwright.words.requests import LARGEST_SEED, whole_number

Floats = NDArray[np.float64]
# From residuals and the weights of observations, whose mean is 1.
LOSSES: dict[str, Callable[[Floats, Floats], float]] = {
    "rmse": lambda residuals, weights: math.sqrt(float(np.mean(weights * residuals * residuals))),
    "mae": lambda residuals, weights: float(np.mean(weights * np.abs(residuals))),
}


def calibrate(
    scenario: Scenario | str | PathLike[str],
    over: Mapping[str, Any] | Iterable[Factor],
    observed: Any,
    column: str | Iterable[str] | None = None,
    *,
    enterprise: str | None = None,
    product: str | None = None,
    loss: str | Callable[[Any, Any], float] = "rmse",
    weights: Mapping[str, float] | None = None,
    reps: int = 1,
    seed: int | None = None,
    budget: int | None = None,
    method: Any = "auto",
    confidence: float = 0.95,
    agents: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
) -> Calibration:
    """Find the values of some factors with which a scenario comes nearest to what was observed.

    A search over the whole space is followed by steps to better neighbours and, where the loss is the root of mean squares, by damped
    least squares. What is simulated is the mean over the replications, with the same random numbers for all candidates; each is
    played up to the last period that was observed.

    Parameters
    ----------
    scenario : Scenario, str or path
        What is varied; it should begin as the observed system began.
    over : mapping
        As for `chainwright.optimise`.
    observed : DataFrame, Series, str or path
        A table with the columns period, enterprise, product and one or more columns of items, as `Result.panel` has them; one with a
        column for each enterprise; a series over the periods; or a file (CSV, Parquet, .xlsx) with one of them. Periods are counted from
        1, or are dates, where the scenario says its ``start``; cells may be empty.
    column : str or iterable of str, optional
        Which columns are fitted, all that the table has by default; what a series without a name holds (``orders`` by default).
    enterprise, product : str, optional
        Whose series, where the table does not say it or has more.
    loss : str or callable
        ``rmse`` or ``mae``, or a function of (simulated, observed), two arrays in the order of the table.
    weights : mapping, optional
        By column or enterprise, what errors count. By default each observation counts the same, and where different columns
        are observed, each series is divided by its variance.
    reps : int
        Replications of each candidate; one is enough where nothing is random.
    seed, budget, method, agents, progress
        As for `chainwright.optimise`.
    confidence : float
        Level of the intervals.

    Returns
    -------
    Calibration

    Raises
    ------
    UsageError
        With everything that is wrong with the request; nothing is run then.
    ChainwrightError
        When not one candidate could be played, with the reason.
    """
    chosen = scenario if isinstance(scenario, Scenario) else load(scenario)
    wrong: list[str] = []

    def read(make: Callable[[], Any], otherwise: Any) -> Any:
        try:
            return make()
        except UsageError as error:
            wrong.extend(str(error).splitlines())
            return otherwise

    space = read(lambda: space_of(over, chosen), None)
    aim = read(lambda: observed_of(observed, chosen, column, enterprise, product, weights), None)
    own_seed = read(lambda: chosen.seed if seed is None else whole_number(seed, "seed", 0, LARGEST_SEED), 0)
    count = read(lambda: whole_number(reps, "reps", 1), 1)
    allowed = read(lambda: None if budget is None else whole_number(budget, "budget", 1), None)
    _, search, tries = read(lambda: method_of(method, space, allowed), ("", None, (1, 1)))
    if not callable(loss) and loss not in LOSSES:
        wrong.append(f"loss must be one of {', '.join(LOSSES)} or a function, got {loss!r}{suggestion(str(loss), LOSSES)}")
    if not (isinstance(confidence, float) and 0.0 < confidence < 1.0):
        wrong.append(f"confidence must lie between 0 and 1 (0.95 for 95 %), got {confidence!r}")
    if wrong:
        raise UsageError("\n".join(dict.fromkeys(wrong)))
    played = Played([tries[0] * count, tries[1] * count, count], progress)
    fit = _Fit(space, aim, Simulator(chosen, aim, own_seed, agents), range(count), loss, played)
    trials = Trials(SEARCH, fit, tries[0])
    search(space, trials, own_seed)
    played.close()
    refuse_failure(trials, chosen)
    finer = Trials(POLISH, fit, tries[1], trials.tried)
    ordered = sorted((trial for trial in trials.tried if not trial.outcome.message), key=lambda trial: trial.rank)
    starts = spread_out(space, [trial.place for trial in ordered], STARTS)
    if loss == "rmse":
        # Least squares finds the bottom of a valley in a few steps; a few beginnings, since there may be several valleys.
        finer([descend(space, start, aim, fit.predict) for start in starts[:3]])
    polish(space, finer, [*starts, *[trial.place for trial in finer.tried]])
    if loss == "rmse":
        finer([descend(space, finer.best.place, aim, fit.predict)])
    best = finer.best
    place = best.place
    played.close()
    sure = determine(space, place, aim, fit.predict, confidence, own_seed)
    # Judged on replications that took no part in the fit.
    fresh = _Fit(space, aim, fit.simulator, range(count, 2 * count), loss, played)
    (simulated,) = fresh.predict([place])
    played.close()
    if simulated is None:
        simulated = fit.known[place]
    made = space.scenario(place, chosen)
    warn(made.remarks)
    said = loss if isinstance(loss, str) else getattr(loss, "__name__", "loss")
    return Calibration(
        made, chosen, aim, space, place, said, fit.lost(simulated), best.outcome.value, simulated, sure.parameters,
        sure.correlation, (*trials.tried, *finer.tried), own_seed, count, fit.simulator.played, confidence,
    )  # fmt: skip


class _Fit:
    """Plays places on some replications and remembers what they gave."""

    def __init__(self, space: Space, observed: Observed, simulator: Simulator, reps: range, loss: Any, played: Played) -> None:
        self.simulator = simulator
        self.known: dict[Place, Floats] = {}
        self._space, self._observed, self._reps, self._loss, self._played = space, observed, reps, loss, played

    def lost(self, simulated: Floats) -> float:
        """The loss of what was simulated."""
        if callable(self._loss):
            return float(self._loss(simulated, self._observed.values))
        return LOSSES[self._loss](self._observed.values - simulated, self._observed.weights)

    def __call__(self, places: Sequence[Place]) -> list[Outcome]:
        """The outcomes of places, for a search."""
        messages = self._simulate(places)
        return [failed(messages[place]) if place in messages else self._judged(self.known[place]) for place in places]

    def _judged(self, simulated: Floats) -> Outcome:
        value = self.lost(simulated)
        return Outcome(value) if math.isfinite(value) else failed("the loss is empty or infinite")

    def predict(self, places: Sequence[Place]) -> list[Floats | None]:
        """What places give in place of the observations, for least squares; None where one fails."""
        self._simulate(places)
        return [self.known.get(place) for place in places]

    def _simulate(self, places: Sequence[Place]) -> dict[Place, str]:
        fresh = [place for place in dict.fromkeys(places) if place not in self.known]
        messages: dict[Place, str] = {}
        if fresh:
            for place, found in zip(fresh, self.simulator([self._space.candidate(one) for one in fresh], list(self._reps)), strict=True):
                if isinstance(found, str):
                    messages[place] = found
                else:
                    self.known[place] = found
            self._played.add(len(fresh) * len(self._reps))
        return messages
