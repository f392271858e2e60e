"""Polishing: from the best places on, step by step to better neighbours, each step finer where there is none."""

from __future__ import annotations

from collections.abc import Sequence

from chainwright.experiment.optimising.space import Place, Space
from chainwright.experiment.optimising.trials import Trials

# How far a step that has helped is tried again, further on in the same direction.
ONWARD = (2.0, 4.0)
# Places that the search leaves to be compared with more replications, and how far they lie apart as a share of an axis.
STARTS, APART = 8, 1 / 50


def polish(space: Space, trials: Trials, starts: Sequence[Place]) -> None:
    """Go from place to better place until no neighbour at the finest step is better, or no trial is left.

    All neighbours are one batch, so a step costs little more than one of them (Hooke and Jeeves 1961, "Direct search solution of
    numerical and statistical problems", Journal of the ACM 8(2), 212-229). With the same random numbers for all, what is
    minimised is an ordinary function; which of its minima is the best of all is for the search before to find.

    Parameters
    ----------
    space : Space
        Where to look.
    trials : Trials
        What plays candidates and remembers them.
    starts : sequence of tuple of float
        Where to begin: at the best of them.

    Examples
    --------
    >>> from chainwright.experiment.optimising.trials import Outcome
    >>> from chainwright.experiment.designs.factor import Factor
    >>> space = Space([Factor("x", "range", ("x",), low=0, high=100, whole=True), Factor("y", "range", ("y",), low=0.0, high=1.0)])
    >>> trials = Trials("polish", lambda places: [Outcome(abs(x - 71.0) + abs(y - 0.25)) for x, y in places], 500)
    >>> polish(space, trials, [(3.0, 0.9)])
    >>> x, y = space.values(trials.best.place)
    >>> x, abs(y - 0.25) < 0.001
    (71, True)
    """
    trials(starts)
    here = trials.best
    steps: tuple[float, ...] | None = space.first_steps()
    before: Place | None = None
    while steps is not None and trials.left:
        places = space.around(here.place, steps)
        if before is not None:
            moves = [now - then for now, then in zip(here.place, before, strict=True)]
            onward = [space.snapped([now + far * move for now, move in zip(here.place, moves, strict=True)]) for far in ONWARD]
            places += [place for place in onward if place != here.place]
        before = None
        trials(places)
        if trials.best.rank < here.rank:
            # Words have no direction.
            moved = all(axis.ordered or one == other for axis, one, other in zip(space.axes, here.place, trials.best.place, strict=True))
            before, here = here.place if moved else None, trials.best
        else:
            steps = space.halved(steps)


def spread_out(space: Space, ordered: Sequence[Place], many: int, apart: float = APART) -> list[Place]:
    """The first places of an order that do not lie side by side.

    Examples
    --------
    >>> from chainwright.experiment.designs.factor import Factor
    >>> space = Space([Factor("x", "range", ("x",), low=0.0, high=1.0)])
    >>> spread_out(space, [(0.5,), (0.501,), (0.6,), (0.1,)], 3)
    [(0.5,), (0.6,), (0.1,)]
    """
    chosen: list[Place] = []
    for place in ordered:
        if len(chosen) >= many:
            break
        if all(space.apart(place, other) >= apart for other in chosen):
            chosen.append(place)
    return chosen
