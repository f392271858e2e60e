"""What an optimiser has tried: candidates with their outcomes, which of two is better, and the best so far."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from chainwright.experiment.optimising.space import Place, Space

Candidate: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True)
class Outcome:
    """What became of a candidate.

    Parameters
    ----------
    value : float
        What is made small; nan where the candidate failed.
    violation : float
        How much the limits are missed, as shares of the limits; 0 where all are kept, infinite where the candidate failed.
    message : str
        Why it failed.
    facts : mapping
        What was measured, for tables.
    """

    value: float
    violation: float = 0.0
    message: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def rank(self) -> tuple[float, float]:
        """Outcomes in the order of ranks: who keeps the limits by the value, behind them the others by how much they miss them.

        So judged, limits need no weight against the value (Deb 2000, "An efficient constraint handling method for genetic algorithms",
        Computer Methods in Applied Mechanics and Engineering 186, 311-338).

        Examples
        --------
        >>> sorted([Outcome(1.0, 0.2), Outcome(9.0), Outcome(5.0), failed("x")], key=lambda one: one.rank)[0].value
        5.0
        """
        # Of those who miss limits by the same, the value decides.
        return (self.violation, math.inf if math.isnan(self.value) else self.value)


def failed(message: str) -> Outcome:
    """The outcome of a candidate that could not be played."""
    return Outcome(math.nan, math.inf, message)


@dataclass(frozen=True)
class Trial:
    """A candidate that was tried in one stage.

    Parameters
    ----------
    number : int
        In the order of trials, over all stages.
    stage : str
        ``search``, ``polish`` or ``final``.
    place : tuple of float
        Where it lies in the space.
    outcome : Outcome
        What became of it.
    """

    number: int
    stage: str
    place: Place
    outcome: Outcome

    @property
    def rank(self) -> tuple[float, float, int]:
        """Order of trials; of equal ones the earlier comes first."""
        return (*self.outcome.rank, self.number)


Play: TypeAlias = Callable[[Sequence[Place]], list[Outcome]]


class Trials:
    """The trials of one stage; a place that was tried before is not played again.

    Parameters
    ----------
    stage : str
        Its name.
    play : callable
        Answers the outcomes of places.
    budget : int
        How many places may be tried; the last batch may go beyond.
    before : sequence of Trial
        Trials of earlier stages, from which numbers go on.

    Examples
    --------
    >>> trials = Trials("search", lambda places: [Outcome(place[0]) for place in places], 10)
    >>> [trial.outcome.value for trial in trials([(3.0,), (1.0,), (3.0,)])], len(trials.tried), trials.best.place
    ([3.0, 1.0, 3.0], 2, (1.0,))
    """

    def __init__(self, stage: str, play: Play, budget: int, before: Sequence[Trial] = ()) -> None:
        self.stage = stage
        self.tried: list[Trial] = []
        self._play, self._budget, self._first = play, budget, len(before)
        self._known: dict[Place, Trial] = {}

    @property
    def left(self) -> int:
        """How many places may still be tried."""
        return max(0, self._budget - len(self.tried))

    @property
    def best(self) -> Trial:
        """The best trial so far."""
        return min(self.tried, key=lambda trial: trial.rank)

    def __call__(self, places: Sequence[Place]) -> list[Trial]:
        """Try places, all of them in one batch."""
        fresh = [place for place in dict.fromkeys(places) if place not in self._known]
        for place, outcome in zip(fresh, self._play(fresh) if fresh else [], strict=True):
            trial = Trial(self._first + len(self.tried), self.stage, place, outcome)
            self._known[place] = trial
            self.tried.append(trial)
        return [self._known[place] for place in places]


# A way to search: tries places of a space until the trials left are used up or nothing better is in sight.
Search: TypeAlias = Callable[[Space, Trials, int], None]
