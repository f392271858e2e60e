"""Searching by SciPy's differential evolution, a whole generation at a time."""

from __future__ import annotations

import inspect
import math
import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, NonlinearConstraint, differential_evolution

from chainwright.experiment.optimising.space import Space
from chainwright.experiment.optimising.trials import Outcome, Trials

# Candidates of a generation, by axis and at least.
PER_AXIS, LEAST = 10, 20
# A generation whose values differ by less than this share of their mean has converged; finer work is done by polishing.
CONVERGED = 1e-4


def evolve(space: Space, trials: Trials, seed: int) -> None:
    """Search by differential evolution: each generation is one batch.

    Limits are kept by comparing how much they are missed where they are missed, and values only where they are kept (Lampinen 2002, "A
    constraint handling approach for the differential evolution algorithm", Proceedings of the Congress on Evolutionary Computation 2,
    1468-1473), so that they need no weight. The amount by which several limits are missed is their sum, in shares of the limits.

    Parameters
    ----------
    space : Space
        Where to look.
    trials : Trials
        What plays candidates and remembers them.
    seed : int
        Of the search's own draws.

    Examples
    --------
    >>> from chainwright.experiment.designs.factor import Factor
    >>> space = Space([Factor("x", "range", ("x",), low=0.0, high=4.0)])
    >>> trials = Trials("search", lambda places: [Outcome((4.0 * x - 1.0) * (4.0 * x - 1.0)) for x, in places], 200)
    >>> evolve(space, trials, seed=1)
    >>> abs(space.values(trials.best.place)[0] - 1.0) < 0.01
    True
    """
    axes = len(space.axes)
    # The first generation cannot have more members than there are trials.
    members = max(5, min(max(LEAST, PER_AXIS * axes), trials.left))
    generations = max(0, trials.left // members - 1)

    def outcomes(places: NDArray[np.float64]) -> list[Outcome]:
        # One column per candidate.
        return [trial.outcome for trial in trials([space.snapped(place) for place in places.reshape(axes, -1).T.tolist()])]

    def value(places: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray([math.inf if math.isnan(one.value) else one.value for one in outcomes(places)])

    def missed(places: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray([[one.violation for one in outcomes(places)]])

    # The word for where draws come from differs between versions of SciPy.
    word = "rng" if "rng" in inspect.signature(differential_evolution).parameters else "seed"
    random = np.random.default_rng(seed)
    with warnings.catch_warnings(), np.errstate(invalid="ignore"):
        # It says so where no candidate keeps the limits, which is told in the result.
        warnings.simplefilter("ignore")
        search: Any = differential_evolution
        search(
            value,
            Bounds([0.0] * axes, [max(axis.top, 1e-9) for axis in space.axes]),
            maxiter=generations,
            popsize=1,
            init=_first(space, members, random),
            tol=CONVERGED,
            integrality=[axis.count is not None for axis in space.axes],
            constraints=NonlinearConstraint(missed, -np.inf, 0.0),
            polish=False,
            vectorized=True,
            updating="deferred",
            callback=lambda *_: not trials.left,
            **{word: random},
        )


def _first(space: Space, members: int, random: np.random.Generator) -> NDArray[np.float64]:
    """The first generation: a Latin hypercube, every slice of every axis met once."""
    slices = np.stack([random.permutation(members) for _ in space.axes], axis=1)
    shares = (slices + random.random(slices.shape)) / members
    # A numbered axis has as much room for its first and last value as for the others.
    tops = np.asarray([axis.top for axis in space.axes])
    counts = np.asarray([axis.count or 1 for axis in space.axes])
    numbered = np.asarray([axis.count is not None for axis in space.axes])
    return np.asarray(np.where(numbered, np.minimum(np.floor(shares * counts), tops), shares * tops), np.float64)
