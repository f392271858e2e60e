"""Selecting the best of a few candidates with a stated probability, in as few replications as that takes."""

from __future__ import annotations

import functools
import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from chainwright.experiment.selecting.kim_nelson import BEST, EQUAL, FAILED, OUT, UNDECIDED, Chosen, select
from chainwright.experiment.sweep.evaluate import Evaluator
from chainwright.metrics.directions import less_is_better
from chainwright.metrics.intervals import half_width
from chainwright.scenario import Scenario, load
from chainwright.scenario.paths import split_path
from chainwright.words.errors import ChainwrightError, UsageError
from chainwright.words.requests import whole_number

Floats = NDArray[np.float64]
# Called with the runs played and the most that it may take.
Progress = Callable[[int, int], None]

# Fewer replications say too little of a variance.
LEAST = 10
EMPTY = "{} is empty or infinite, so that nothing can be said of it"


@dataclass(frozen=True)
class Selection:
    """Which candidate is best.

    Attributes
    ----------
    best : str
        The label of the candidate with the best mean among those that were not eliminated.
    decided : bool
        Whether nobody else is left. If not, more replications would be needed, and `undecided` are those that are left.
    table : DataFrame
        One row per candidate, the best first: candidate, mean, low, high (95 %), its mean difference to the best over the replications
        that both have, replications, verdict (``best``, ``equal to the best``, ``undecided``, ``eliminated`` or ``failed``), by whom it
        was eliminated, and the message of what failed. The intervals overlap easily: candidates are compared on the same random numbers.
    candidates : dict
        By label what each candidate sets.
    measure : str
        What is made small or large.
    minimise : bool
        Whether small is best.
    indifference : float
        The difference that is worth finding.
    probability : float
        With which the best is selected, if it is better than all others by the indifference at least.
    seed, periods : int
        As they were played.
    runs : int
        How many were played in all.
    replications : DataFrame
        One row per candidate and replication: candidate, rep, and the measure.

    Examples
    --------
    >>> import chainwright as cw
    >>> level = "policies.place_orders.stand.level"
    >>> found = cw.select_best("newsvendor", [{level: 50}, {level: 56}], "cost_per_period", indifference=0.2, periods=200)
    >>> found.best, found.decided
    ('level=56', True)
    """

    origin: Scenario
    best: str
    decided: bool
    table: pd.DataFrame
    candidates: dict[str, dict[str, Any]]
    measure: str
    minimise: bool
    indifference: float
    probability: float
    first: int
    most: int
    seed: int
    periods: int | None
    replications: pd.DataFrame

    @property
    def settings(self) -> dict[str, Any]:
        """What the best candidate sets."""
        return dict(self.candidates[self.best])

    @property
    def scenario(self) -> Scenario:
        """The scenario that the best candidate makes."""
        settings = self.settings
        variant = settings.pop("variant", None)
        chosen = self.origin if variant is None else self.origin.variant(variant)
        return chosen.with_(settings) if settings else chosen

    @property
    def undecided(self) -> list[str]:
        """The candidates that could not be told apart in the replications that were allowed; empty where the best is found."""
        return [] if self.decided else self._of(UNDECIDED)

    @property
    def failed(self) -> dict[str, str]:
        """The candidates that could not be played, and why."""
        rows = self.table[self.table["verdict"] == FAILED]
        return dict(zip(rows["candidate"], rows["message"], strict=True))

    @property
    def value(self) -> float:
        """The mean of the best candidate on the replications by which it was selected."""
        return float(self.table["mean"].iloc[0])

    @property
    def interval(self) -> tuple[float, float]:
        """Its 95 % interval; as every winner's, the mean is a little too good on average."""
        return float(self.table["low"].iloc[0]), float(self.table["high"].iloc[0])

    @property
    def runs(self) -> int:
        """How many runs were played."""
        return int(self.table["replications"].sum())

    def _of(self, verdict: str) -> list[str]:
        return self.table.loc[self.table["verdict"] == verdict, "candidate"].tolist()

    def facts(self) -> dict[str, Any]:
        """What was asked and found, as JSON can hold it."""
        said = {"scenario": self.origin.name, "scenario_hash": self.origin.hash, "measure": self.measure, "minimise": self.minimise}
        said |= {"indifference": self.indifference, "probability": self.probability, "first": self.first, "most": self.most}
        said |= {"seed": self.seed, "periods": self.periods, "best": self.best, "settings": self.settings, "decided": self.decided}
        said |= {"value": self.value, "interval": list(self.interval), "undecided": self.undecided, "failed": self.failed, "runs": self.runs}
        return said | {"candidates": self.table.to_dict("records")}

    def sentence(self) -> str:
        """The answer in one sentence."""
        size = f"{self.indifference:.4g}"
        sense = "smallest" if self.minimise else "largest"
        if not self.decided:
            return (
                f"Undecided after {self.most:,} replications: {', '.join(self.undecided)}. The {sense} mean so far is that of {self.best}; "
                f"allow more replications (most), or a larger indifference than {size}."
            )
        equal = self._of(EQUAL)
        also = f" {', '.join(equal)} {'is' if len(equal) == 1 else 'are'} equal to it." if equal else ""
        if len(self.table) - len(self.failed) == 1:
            return f"{self.best} is the only candidate that could be played."
        return (
            f"{self.best} is selected as that with the {sense} {self.measure}. Where one is better than all others by {size} or more, it is "
            f"selected with a probability of at least {self.probability:.4g}.{also}"
        )

    def __repr__(self) -> str:
        shown = self.table.drop(columns=["message"]) if not self.failed else self.table
        heading = f"{self.origin.name}: {len(self.table)} candidates, {self.runs:,} runs, seed {self.seed}"
        return "\n".join([heading, self.sentence(), shown.to_string(index=False, na_rep="")])


def select_best(
    scenario: Scenario | str | PathLike[str],
    candidates: Sequence[Mapping[str, Any]] | Mapping[str, Mapping[str, Any]],
    measure: str = "total_cost",
    *,
    indifference: float | str,
    minimise: bool | None = None,
    probability: float = 0.95,
    first: int = 20,
    most: int = 1000,
    seed: int | None = None,
    periods: int | None = None,
    batch: int | None = None,
    agents: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
) -> Selection:
    """Select the best of a few candidates by the procedure of Kim and Nelson (2001).

    All candidates are played on the same random numbers, `first` replications each; from those on, whoever is visibly behind another is
    eliminated and not played any more. The harder two are to tell apart, the longer they stay.

    Parameters
    ----------
    scenario : Scenario, str or path
        What the candidates change.
    candidates : sequence or mapping
        What each sets, as ``{path: value}`` (``{"variant": name}`` is a variant); a mapping gives them labels.
    measure : str
        What is to be best, as for `chainwright.sweep`.
    indifference : float or str
        The smallest difference that is worth finding: a number, or a share of the best mean of the first stage, such as ``"1%"``. With a
        share the stated probability is approximate, since that mean is an estimate.
    minimise : bool, optional
        Whether less is better; where nothing is said, what the measure is good for.
    probability : float
        With which the best is selected, if it is better than all others by the indifference at least. Of closer ones, any may be selected.
    first, most : int
        Replications of each in the first stage, and the most of any.
    seed, periods : int, optional
        As for `chainwright.run`.
    batch : int, optional
        Replications between two looks; a fifth of those played by default.
    agents : mapping, optional
        Who decides in place of the policies.
    progress : callable, optional
        Called with the runs played and the most that it may still take.

    Raises
    ------
    UsageError
        With everything that is wrong with the request.
    ChainwrightError
        When no candidate can be played.

    Examples
    --------
    >>> import chainwright as cw
    >>> level = "policies.place_orders.stand.level"
    >>> stocks = {"lean": {level: 50}, "ample": {level: 62}}
    >>> cw.select_best("newsvendor", stocks, "fill_rate", indifference=0.001, periods=200).best
    'ample'
    """
    chosen = scenario if isinstance(scenario, Scenario) else load(scenario)
    wrong: list[str] = []

    def told(check: Callable[[], Any], otherwise: Any = None) -> Any:
        try:
            return check()
        except UsageError as error:
            wrong.append(str(error))
            return otherwise

    named = told(lambda: _labelled(candidates), {})
    small = told(lambda: _direction(measure, minimise), True)
    size = told(lambda: _size(indifference), (1.0, False))
    stage = told(lambda: whole_number(first, "first", LEAST), LEAST)
    allowed = told(lambda: whole_number(most, "most", 1), stage)
    step = None if batch is None else told(lambda: whole_number(batch, "batch", 1))
    if allowed < stage:
        wrong.append(f"most must be at least as many as first, {stage}, got {most}")
    if len(named) > 1 and not (isinstance(probability, float) and 1.0 / len(named) < probability < 1.0):
        wrong.append(f"probability must lie between 1/{len(named)}, which guessing has, and 1, got {probability!r}")
    evaluate = told(lambda: Evaluator(chosen, [measure], seed, periods, agents=agents))
    if wrong:
        raise UsageError("\n".join(wrong))
    messages: dict[int, str] = {}
    settings = list(named.values())
    counted = _Counted(progress, len(settings))
    source = functools.partial(_played, evaluate, settings, measure, messages, counted)
    share = size[0]
    wanted: Any = functools.partial(_share_of, share, measure) if size[1] else share
    found = select(source, len(settings), wanted, probability, stage, allowed, minimise=small, batch=step, told=counted.told)
    if found.best is None:
        common, _ = Counter(messages.values()).most_common(1)[0]
        raise ChainwrightError(f"none of {len(settings)} candidates could be played: {common}")
    table = _table(list(named), found, small, messages)
    rows = [
        pd.DataFrame({"candidate": label, "rep": np.arange(len(fate.values)), measure: fate.values})
        for label, fate in zip(named, found.fates, strict=True)
    ]
    request = evaluate.request
    return Selection(
        chosen, list(named)[found.best], found.decided, table, named, measure, small, found.indifference, probability, stage, allowed,
        request.seed, request.periods, pd.concat(rows, ignore_index=True),
    )  # fmt: skip


class _Counted:
    """Counts runs for a progress bar; how many there may be is known after each look only."""

    def __init__(self, progress: Progress | None, candidates: int) -> None:
        self._progress, self._done, self._total, self._asked = progress, 0, 0, candidates

    def add(self, runs: int) -> None:
        """So many runs more were played."""
        self._done += runs
        if self._progress is not None:
            self._progress(self._done, max(self._total, self._done))

    def told(self, played: int, needed: int, left: int) -> None:
        """After a look: so many of each were played, so many may be needed, so many candidates are left."""
        self._total = self._done + (max(0, needed - played) * left if left > 1 else 0)


def _played(
    evaluate: Evaluator, settings: Sequence[Mapping[str, Any]], measure: str, messages: dict[int, str], counted: _Counted,
    places: Sequence[int], reps: Sequence[int],
) -> Floats:  # fmt: skip
    """Replications of some candidates; of what fails, why is noted."""
    rows = evaluate([settings[place] for place in places], list(reps))
    counted.add(len(rows))
    values = rows[measure].to_numpy(np.float64).reshape(len(places), len(reps))
    values = np.where(np.isfinite(values), values, np.nan)
    said = rows["message"].to_numpy().reshape(values.shape)
    for row, place in enumerate(places):
        if np.isnan(values[row]).any():
            messages[place] = next((str(one) for one in said[row] if one), EMPTY.format(measure))
    return values


def _table(labels: Sequence[str], found: Chosen, small: bool, messages: Mapping[int, str]) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    assert found.best is not None
    best = found.fates[found.best].values
    for place, (label, fate) in enumerate(zip(labels, found.fates, strict=True)):
        mean = math.nan if fate.verdict == FAILED else float(fate.values.mean())
        half = math.nan if fate.verdict == FAILED else half_width(fate.values)
        row = {"candidate": label, "mean": mean, "low": mean - half, "high": mean + half}
        shared = min(len(best), len(fate.values))
        row |= {"difference": float((fate.values[:shared] - best[:shared]).mean()), "replications": len(fate.values)}
        by = None if fate.by is None else labels[fate.by]
        rows.append(row | {"verdict": fate.verdict, "by": by, "message": messages.get(place, "")})
    rank = {place: number for number, place in enumerate((BEST, EQUAL, UNDECIDED, OUT, FAILED))}

    def order(row: dict[str, Any]) -> tuple[Any, ...]:
        mean = row["mean"] if small else -row["mean"]
        # Who stayed longer was harder to tell from the best.
        return rank[row["verdict"]], -row["replications"] if row["verdict"] == OUT else 0, mean if math.isfinite(mean) else 0.0

    rows.sort(key=order)
    return pd.DataFrame(rows)


def _labelled(candidates: Any) -> dict[str, dict[str, Any]]:
    """What each candidate sets, by its label."""
    if isinstance(candidates, Mapping):
        named = {str(label): settings for label, settings in candidates.items()}
    else:
        given = list(candidates)
        if not all(isinstance(one, Mapping) for one in given):
            raise UsageError("a candidate is said as {path: value}, such as {'policies.place_orders.default.level': 20}")
        named = dict(zip(labels_of(given), given, strict=True))
        if len(named) < len(given):
            raise UsageError("a candidate is given twice; each must set something else")
    if len(named) < 2:
        raise UsageError(f"there must be two candidates at least, got {len(named)}")
    wrong = [label for label, settings in named.items() if not isinstance(settings, Mapping)]
    if wrong:
        raise UsageError(f"candidate {wrong[0]!r}: expected {{path: value}}, got {named[wrong[0]]!r}")
    return {label: dict(settings) for label, settings in named.items()}


def labels_of(candidates: Sequence[Mapping[str, Any]]) -> list[str]:
    """Labels of candidates: what they set, by the last word of its path where that says which.

    Examples
    --------
    >>> labels_of([{"policies.place_orders.shop.level": 20}, {"variant": "lean"}, {}])
    ['level=20', 'variant=lean', 'as it is']
    """
    paths = list(dict.fromkeys(str(path) for one in candidates for path in one))
    last = {path: split_path(path)[-1] for path in paths}
    count = Counter(last.values())
    short = {path: word if count[word] == 1 else path for path, word in last.items()}
    return [", ".join(f"{short[str(path)]}={value}" for path, value in one.items()) or "as it is" for one in candidates]


def _direction(measure: Any, minimise: bool | None) -> bool:
    if minimise is not None:
        return minimise
    known = less_is_better(measure) if isinstance(measure, str) else True  # what is no text is told where measures are read
    if known is None:
        raise UsageError(f"nobody can tell whether less of {measure!r} is better; say minimise=True or minimise=False")
    return known


def _size(indifference: Any) -> tuple[float, bool]:
    """The indifference, and whether it is a share of the best mean."""
    text = str(indifference).strip()
    share = text.endswith("%")
    try:
        size = float(text.removesuffix("%")) / (100.0 if share else 1.0)
    except ValueError:
        size = math.nan
    if isinstance(indifference, bool) or not (math.isfinite(size) and size > 0.0):
        raise UsageError(f"indifference must be a number above 0 or a share such as '1%', got {indifference!r}")
    return size, share


def _share_of(share: float, measure: str, mean: float) -> float:
    """A share of the best mean of the first stage."""
    if mean == 0.0:
        raise UsageError(f"the best {measure} of the first stage is 0, of which no share can be taken; say the indifference as a number")
    return share * abs(mean)
