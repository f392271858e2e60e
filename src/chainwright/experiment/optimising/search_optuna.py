"""Searching by Optuna's samplers, a batch of candidates at a time."""

from __future__ import annotations

import math
import warnings
from typing import Any

from chainwright.experiment.optimising.space import Space
from chainwright.experiment.optimising.trials import Outcome, Trials
from chainwright.words.errors import UsageError

# Candidates that are asked for before any of them is told: one union.
BATCH = 16
# Drawn at random before the sampler learns, as a share of the budget.
AT_RANDOM = 0.25
MISSED = "missed"


def sampled(space: Space, trials: Trials, seed: int, sampler: Any = None) -> None:
    """Search by a sampler of Optuna, tree-structured Parzen estimators where none is given.

    Candidates are asked for in batches; with the shipped sampler, those that are still played count as poor ones, so that a batch is
    not sixteen times the same (Bergstra, Bardenet, Bengio and Kegl 2011, "Algorithms for hyper-parameter optimization", Advances in
    Neural Information Processing Systems 24).

    Parameters
    ----------
    space : Space
        Where to look.
    trials : Trials
        What plays candidates and remembers them.
    seed : int
        Of the search's own draws.
    sampler : optuna.samplers.BaseSampler, optional
        One of the user's own, with a seed and a treatment of limits of its own.

    Raises
    ------
    UsageError
        When Optuna is not installed.

    Examples
    --------
    >>> from chainwright.experiment.designs.factor import Factor
    >>> space = Space([Factor("x", "range", ("x",), low=0.0, high=4.0)])
    >>> trials = Trials("search", lambda places: [Outcome((4.0 * x - 1.0) * (4.0 * x - 1.0)) for x, in places], 96)
    >>> sampled(space, trials, seed=1)
    >>> abs(space.values(trials.best.place)[0] - 1.0) < 0.1
    True
    """
    optuna = imported()
    said = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    try:
        with warnings.catch_warnings():
            # Options that Optuna calls experimental.
            warnings.simplefilter("ignore")
            chosen = sampler if sampler is not None else optuna.samplers.TPESampler(
                seed=seed % 2**32,
                multivariate=True,
                constant_liar=True,
                n_startup_trials=max(BATCH, round(AT_RANDOM * trials.left)),
                constraints_func=lambda trial: (trial.user_attrs.get(MISSED, math.inf),),
            )  # fmt: skip
            _search(optuna, optuna.create_study(sampler=chosen), space, trials)
    finally:
        optuna.logging.set_verbosity(said)


def imported() -> Any:
    """Optuna, where it is installed."""
    try:
        import optuna
    except ImportError:
        raise UsageError("the method optuna needs Optuna: pip install 'chainwright[optuna]', or leave method out") from None
    return optuna


def _search(optuna: Any, study: Any, space: Space, trials: Trials) -> None:
    distributions = {str(number): _distribution(optuna, axis) for number, axis in enumerate(space.axes)}
    # What is asked for again costs nothing; a small space would never use up its budget.
    for _ in range(2 * (trials.left // BATCH) + 1):
        if not trials.left:
            return
        asked = [study.ask(distributions) for _ in range(min(BATCH, trials.left))]
        places = [space.snapped([float(one.params[str(number)]) for number in range(len(space.axes))]) for one in asked]
        for one, tried in zip(asked, trials(places), strict=True):
            _tell(optuna, study, one, tried.outcome)


def _tell(optuna: Any, study: Any, asked: Any, outcome: Outcome) -> None:
    if math.isfinite(outcome.violation) and math.isfinite(outcome.value):
        asked.set_user_attr(MISSED, outcome.violation)
        study.tell(asked, outcome.value)
    else:
        study.tell(asked, state=optuna.trial.TrialState.FAIL)


def _distribution(optuna: Any, axis: Any) -> Any:
    if axis.count is None:
        return optuna.distributions.FloatDistribution(0.0, 1.0)
    if axis.ordered:
        return optuna.distributions.IntDistribution(0, axis.count - 1)
    return optuna.distributions.CategoricalDistribution(list(range(axis.count)))
