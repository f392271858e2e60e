"""Optimisation over simulation: which values of some factors make a measure smallest or largest while others keep their limits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from os import PathLike
from typing import Any

from chainwright.experiment.designs.factor import Factor
from chainwright.experiment.optimising.final import judge
from chainwright.experiment.optimising.goal import Goal, limits_of
from chainwright.experiment.optimising.play import Played, Progress, Stage
from chainwright.experiment.optimising.polish import STARTS, polish, spread_out
from chainwright.experiment.optimising.present import present, said_values
from chainwright.experiment.optimising.result import FINAL, POLISH, SEARCH, Optimisation
from chainwright.experiment.optimising.search_optuna import imported, sampled
from chainwright.experiment.optimising.search_scipy import evolve
from chainwright.experiment.optimising.space import Place, Space, space_of
from chainwright.experiment.optimising.trials import Search, Trial, Trials
from chainwright.experiment.sweep.evaluate import Evaluator
from chainwright.experiment.sweep.measures import measure_names
from chainwright.scenario import Scenario, load
from chainwright.words.counts import plural
from chainwright.words.errors import ChainwrightError, UsageError, suggestion
from chainwright.words.requests import LARGEST_SEED, whole_number

METHODS = ("auto", "all", "scipy", "optuna")
# Candidates by default: so many, and so many more for every factor. A third of them is left for polishing.
CANDIDATES = 150
# Replications of polishing and of the last judgement, for each of the search; intervals want 30 of them.
POLISHED, JUDGED, FEWEST = 4, 10, 30
RUNNERS_UP = 10


def optimise(
    scenario: Scenario | str | PathLike[str],
    over: Mapping[str, Any] | Iterable[Factor],
    minimise: str | None = None,
    maximise: str | None = None,
    subject_to: Mapping[str, Any] | None = None,
    *,
    reps: int = 20,
    seed: int | None = None,
    periods: int | None = None,
    budget: int | None = None,
    method: Any = "auto",
    polish_reps: int | None = None,
    final_reps: int | None = None,
    confidently: bool = False,
    confidence: float = 0.95,
    measures: Iterable[str] = (),
    agents: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
) -> Optimisation:
    """Find the values of some factors that are best.

    Three stages, each on replications that no earlier one has seen, and within each all candidates meet the same random numbers. The
    *search* tries candidates all over the space. *Polishing* compares the best of them again, on more replications, and goes on from
    there to better neighbours. The *final* judges the winner, its rivals and the scenario as it is; since nobody was chosen by its
    replications, the value that it gives is not too good to be true.

    Parameters
    ----------
    scenario : Scenario, str or path
        What is varied.
    over : mapping
        By dotted path: ``(low, high)``, whole numbers where both are (``cw.between(10, 40)`` for all numbers between two whole ones);
        a list of choices, numbers or words; whatever else `chainwright.sweep` takes for a factor, distributions aside.
    minimise, maximise : str
        The measure, see `chainwright.sweep`; ``total_cost`` is made small where neither is given.
    subject_to : mapping, optional
        Limits: measure to ``">=0.95"`` or ``"<=1000"``, or a list of them.
    reps : int
        Replications of each candidate in the search.
    seed, periods : int, optional
        As for `chainwright.run`; the seed is that of the search's own draws as well, so the answer is the same every time.
    budget : int, optional
        How many candidates are tried in all; 150, and 150 more for each factor, by default.
    method : str
        ``scipy`` (differential evolution), ``optuna`` (tree-structured Parzen estimators; needs the extra ``optuna``), ``all`` (every
        combination), or ``auto``: all where the budget allows it, else scipy. A sampler of Optuna will do as well.
    polish_reps, final_reps : int, optional
        Replications of polishing (0 leaves it out) and of the final; four times `reps`, and ten times but at least 30.
    confidently : bool
        Whether a limit must be kept by the bound of a one-sided confidence interval; by the mean over the replications otherwise.
    confidence : float
        Level of all intervals.
    measures : iterable of str
        More measures for the table.
    agents : mapping, optional
        As for `chainwright.run`.
    progress : callable, optional
        Called with the runs played and the runs there may be.

    Returns
    -------
    Optimisation

    Raises
    ------
    UsageError
        With everything that is wrong with the request; nothing is run then.
    ChainwrightError
        When not one candidate could be played, with the reason.

    Examples
    --------
    >>> import chainwright as cw
    >>> over = {"policies.place_orders.default.stock_adjustment": (0.1, 1.0), "variant": ["base", "short_lead_time"]}
    >>> found = cw.optimise("beer_game", over, reps=1, budget=60, polish_reps=1, final_reps=2)
    >>> found.best["variant"]
    'short_lead_time'
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
    if minimise is not None and maximise is not None:
        wrong.append(f"one measure is made small or large, got both minimise={minimise!r} and maximise={maximise!r}; set a limit on the other")
    limits = read(lambda: limits_of(subject_to), [])
    goal = Goal(maximise or minimise or "total_cost", maximise is not None, tuple(limits), bool(confidently), confidence)
    # Of a limit that cannot be read, the measure is looked at all the same.
    more = [*(map(str, subject_to) if isinstance(subject_to, Mapping) else ()), *([measures] if isinstance(measures, str) else measures)]
    wanted = read(lambda: measure_names(dict.fromkeys([*goal.measures, *more]), chosen), ())
    own_seed = read(lambda: chosen.seed if seed is None else whole_number(seed, "seed", 0, LARGEST_SEED), 0)
    count = read(lambda: whole_number(reps, "reps", 1), 1)
    polished = read(lambda: POLISHED * count if polish_reps is None else whole_number(polish_reps, "polish_reps", 0), 0)
    judged = read(lambda: max(FEWEST, JUDGED * count) if final_reps is None else whole_number(final_reps, "final_reps", 2), 2)
    allowed = read(lambda: None if budget is None else whole_number(budget, "budget", 1), None)
    horizon = read(lambda: chosen.horizon if periods is None else whole_number(periods, "periods", 1), chosen.warm_up + 1)
    if horizon <= chosen.warm_up and not _varied(space, ("horizon", "warm_up")):
        wrong.append(f"in {plural(horizon, 'period')} nothing is left to measure after a warm-up of {chosen.warm_up}; ask for more, or set warm_up")
    if not (isinstance(confidence, float) and 0.0 < confidence < 1.0):
        wrong.append(f"confidence must lie between 0 and 1 (0.95 for 95 %), got {confidence!r}")
    if goal.confidently and goal.limits and min(count, polished or count) < 2:
        wrong.append("confidently needs an interval, and so at least 2 replications; got reps=1")
    word, search, tries = read(lambda: method_of(method, space, allowed), ("", None, (1, 1)))
    if wrong:
        raise UsageError("\n".join(dict.fromkeys(wrong)))
    ranges = range(count), range(count, count + polished), range(count + polished, count + polished + judged)
    stages = dict(zip((SEARCH, POLISH, FINAL), ranges, strict=True))
    evaluate = Evaluator(chosen, wanted, own_seed, periods, agents=agents)
    played = Played([tries[0] * count, tries[1] * polished, (RUNNERS_UP + 2) * judged], progress)

    def stage(name: str) -> Stage:
        return Stage(evaluate, space, goal, stages[name], played)

    trials = Trials(SEARCH, stage(SEARCH), tries[0])
    now = present(space, chosen)
    # What is already done must not be beaten by something worse that was found instead.
    trials([] if now is None else [now])
    search(space, trials, own_seed)
    played.close()
    refuse_failure(trials, chosen)
    tried = list(trials.tried)
    if polished:
        trials = Trials(POLISH, stage(POLISH), tries[1], tried)
        starts = _ranked(space, tried, STARTS)
        polish(space, trials, starts if now is None else [*starts, now])
        tried += trials.tried
        refuse_failure(trials, chosen)
    played.close()
    # Rivals keep the limits as the best does; where nobody keeps them, all are rivals.
    equal = [trial for trial in trials.tried if trial.outcome.violation == 0.0] or trials.tried
    places = _ranked(space, equal, RUNNERS_UP + 1)
    final = stage(FINAL)
    *found, as_it_is = final.replications([*[space.candidate(place) for place in places], {}])
    lasting = [(place, one) for place, one in zip(places, found, strict=True) if not isinstance(one, str)]
    if not lasting:
        raise ChainwrightError(f"{chosen.name}: the best candidates all fail on other replications: {found[0]}")
    played.close()
    best = lasting[0][0]
    values = [space.values(place) for place, _ in lasting]
    verdict = judge(goal, space.names, values, [one for _, one in lasting], as_it_is, said_values(space, chosen))
    made = space.scenario(best, chosen)
    return Optimisation(made, chosen, goal, space, verdict, tuple(tried), best, own_seed, evaluate.played, word, periods, stages)


def _ranked(space: Space, tried: Iterable[Trial], many: int) -> list[Place]:
    """The best places of trials that did not fail, no two of them side by side."""
    ordered = sorted((trial for trial in tried if not trial.outcome.message), key=lambda trial: trial.rank)
    return spread_out(space, [trial.place for trial in ordered], many)


def _varied(space: Space | None, names: Iterable[str]) -> bool:
    """Whether a path is among what is varied."""
    return space is not None and any(name in factor.every_path for name in names for factor in space.factors)


def method_of(method: Any, space: Space | None, budget: int | None) -> tuple[str, Search, tuple[int, int]]:
    """Name of the way to search, the way itself, and the most candidates of the search and of polishing."""
    if callable(getattr(method, "sample_relative", None)):
        word, own = "optuna", method
    elif isinstance(method, str) and method in METHODS:
        word, own = method, None
    else:
        raise UsageError(f"method must be one of {', '.join(METHODS)}, got {method!r}{suggestion(str(method), METHODS)}")
    if word == "optuna":
        imported()
    if space is None:  # which is told already
        return word, evolve, (1, 1)
    size = space.size
    total = CANDIDATES * (1 + len(space.axes)) if budget is None else budget
    polishing = max(STARTS, total // 3)
    searching = max(1, total - polishing)
    if word == "auto":
        word = "all" if size is not None and size <= max(searching, budget or 0) else "scipy"
    if word == "all":
        if size is None:
            endless = ", ".join(repr(axis.factor.name) for axis in space.axes if axis.count is None)
            raise UsageError(f"method 'all' needs an end of values, and {endless} has none; give whole numbers or a list, or another method")
        if budget is not None and size > budget:
            raise UsageError(f"method 'all' would try {size:,} candidates, and budget allows {budget:,}; allow more, or take another method")
        return word, _every, (size, polishing)
    return word, evolve if word == "scipy" else partial(sampled, sampler=own), (searching, polishing)


def _every(space: Space, trials: Trials, seed: int) -> None:
    """Search by trying every combination, in batches that leave room for a progress bar."""
    places = list(space.every())
    for start in range(0, len(places), 64):
        trials(places[start : start + 64])


def refuse_failure(trials: Trials, scenario: Scenario) -> None:
    """Raise where nothing could be played, with what most candidates failed by."""
    if any(not trial.outcome.message for trial in trials.tried):
        return
    reasons = Counter(trial.outcome.message for trial in trials.tried)
    message, count = reasons.most_common(1)[0]
    raise ChainwrightError(f"{scenario.name}: none of {len(trials.tried):,} candidates could be played; {count:,} of them: {message}")
