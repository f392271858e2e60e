"""Fitting: damped steps of least squares from a good place on, and how well each parameter is determined."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from chainwright.experiment.calibrating.observed import Observed
from chainwright.experiment.optimising.space import Place, Space

Floats = NDArray[np.float64]
# What places give in place of the observations; None where one fails.
Predict = Callable[[Sequence[Place]], list[Floats | None]]

# Half the distance of two places between which a slope is measured, as a share of the axis.
STEP = 1e-4
# Damping of the steps that are tried side by side, as shares of the largest curvature (Levenberg 1944, Marquardt 1963).
DAMPINGS = tuple(10.0**power for power in range(-12, 3, 2))
MOST_STEPS = 25
# A step that takes less than this share of the squared errors away is the last one.
SMALLEST_GAIN = 1e-6
# Slopes this much smaller than the largest say nothing.
FLAT = 1e-7
RESAMPLES = 2000
# Two parameters that are correlated more than this make up for each other; one whose interval covers more than this of its range is open.
TIED, OPEN = 0.95, 0.5


def squares(residuals: Floats, weights: Floats) -> float:
    """The weighted sum of squared residuals."""
    return float(np.sum(weights * residuals * residuals))


def slopes(space: Space, free: Sequence[int], place: Place, predict: Predict) -> Floats | None:
    """How what is simulated changes with each free axis: one line per observation, one column per axis; None where a neighbour fails."""
    places: list[Place] = []
    for number in free:
        for sign in (1.0, -1.0):
            moved = list(place)
            moved[number] = min(max(moved[number] + sign * STEP, 0.0), 1.0)
            places.append(tuple(moved))
    found = predict(places)
    columns = []
    for pair, number in enumerate(free):
        above, below = found[2 * pair], found[2 * pair + 1]
        if above is None or below is None:
            return None
        columns.append((above - below) / (places[2 * pair][number] - places[2 * pair + 1][number]))
    return np.stack(columns, axis=1)


def descend(space: Space, place: Place, observed: Observed, predict: Predict) -> Place:
    """Go downhill by damped least squares over the axes without end of values; every step tries several dampings at once.

    Parameters
    ----------
    space : Space
        Where to look.
    place : tuple of float
        Where to begin.
    observed : Observed
        What is fitted.
    predict : callable
        Answers what places give in place of the observations.
    """
    free = [number for number, axis in enumerate(space.axes) if axis.count is None]
    if not free:
        return place
    weights, values = observed.weights, observed.values
    (found,) = predict([place])
    if found is None:
        return place
    least = squares(values - found, weights)
    for _ in range(MOST_STEPS):
        slope = slopes(space, free, place, predict)
        if slope is None or least == 0.0:
            break
        curvature = slope.T @ (weights[:, None] * slope)
        downhill = slope.T @ (weights * (values - found))
        largest = float(np.max(np.diag(curvature), initial=0.0))
        if largest == 0.0:
            break
        tried: list[Place] = []
        for damping in DAMPINGS:
            step = np.linalg.solve(curvature + damping * largest * np.eye(len(free)), downhill)
            moved = list(place)
            for number, by in zip(free, step.tolist(), strict=True):
                moved[number] = min(max(moved[number] + by, 0.0), 1.0)
            tried.append(tuple(moved))
        better = [(squares(values - one, weights), where, one) for where, one in zip(tried, predict(tried), strict=True) if one is not None]
        smallest, where, one = min(better, key=lambda entry: entry[0], default=(math.inf, place, found))
        if not smallest < least:
            break
        gain = (least - smallest) / least
        least, place, found = smallest, where, one
        if gain < SMALLEST_GAIN:
            break
    return place


@dataclass(frozen=True)
class Determined:
    """How well the parameters are determined.

    Parameters
    ----------
    parameters : DataFrame
        One row per factor: fitted, low, high, and a verdict.
    correlation : DataFrame
        Of the errors of the fitted parameters.
    """

    parameters: pd.DataFrame
    correlation: pd.DataFrame


def determine(space: Space, place: Place, observed: Observed, predict: Predict, confidence: float, seed: int) -> Determined:
    """Intervals of the parameters by a bootstrap over blocks of residuals, with the simulation taken for linear near the fit.

    Residuals are drawn anew in blocks of neighbouring periods, since they are correlated over time (Kunsch 1989, "The jackknife and the
    bootstrap for general stationary observations", Annals of Statistics 17(3), 1217-1241), and the parameters that would fit
    each such series are read off the slopes at the fit. That is an approximation: far from the fit the simulation is not linear.

    Parameters
    ----------
    space : Space
        What was fitted.
    place : tuple of float
        The fit.
    observed : Observed
        To what.
    predict : callable
        Answers what places give in place of the observations.
    confidence : float
        Level of the intervals.
    seed : int
        Of the draws of residuals.
    """
    free = [number for number, axis in enumerate(space.axes) if axis.count is None]
    names = [space.names[number] for number in free]
    (found,) = predict([place])
    slope = slopes(space, free, place, predict) if free and found is not None else None
    errors = np.zeros((0, len(free)))
    known = np.zeros(len(free), np.bool_)
    if slope is not None and found is not None and np.any(slope):
        errors, known = _errors(slope, observed, observed.values - found, seed)
    spread = errors.std(axis=0) if len(errors) else np.zeros(len(free))
    related = np.eye(len(free))
    if np.count_nonzero(spread > 0.0) > 1:
        moving = np.flatnonzero(spread > 0.0)
        related[np.ix_(moving, moving)] = np.corrcoef(errors[:, moving], rowvar=False)
    rows = []
    for number, (axis, name, value) in enumerate(zip(space.axes, space.names, space.values(place), strict=True)):
        row = {"factor": name, "fitted": value, "low": None, "high": None}
        if number not in free:
            rows.append(row | {"verdict": "chosen among values, no interval"})
            continue
        own = free.index(number)
        if not known[own]:
            rows.append(row | {"low": axis.value(0.0), "high": axis.value(1.0), "verdict": "not determined by what was observed"})
            continue
        tail = (1.0 - confidence) / 2.0
        low, high = (float(one) for one in np.quantile(errors[:, own], [tail, 1.0 - tail]))
        # The fit deviates from the truth as a refit deviates from the fit.
        ends = [min(max(place[number] - end, 0.0), 1.0) for end in (high, low)]
        row |= {"low": axis.value(ends[0]), "high": axis.value(ends[1])}
        others = [other for place_of, other in enumerate(names) if place_of != own and abs(related[own, place_of]) > TIED]
        verdict = "determined" if ends[1] - ends[0] <= OPEN else "hardly determined: the interval covers most of the range"
        if place[number] in (0.0, 1.0):
            verdict = "at the end of its range"
        elif others:
            verdict = f"only together with {', '.join(others)}: one makes up for the other"
        rows.append(row | {"verdict": verdict})
    return Determined(pd.DataFrame(rows), pd.DataFrame(related, index=names, columns=names))


def _errors(slope: Floats, observed: Observed, residuals: Floats, seed: int) -> tuple[Floats, NDArray[np.bool_]]:
    """Errors of the parameters, one line per series drawn anew; and which parameters the slopes determine at all."""
    root = np.sqrt(observed.weights)
    left, sizes, right = np.linalg.svd(root[:, None] * slope, full_matrices=False)
    seen = sizes > FLAT * sizes[0]
    # A parameter is not determined where a direction without effect has a part of it.
    known = np.sum(right[~seen] * right[~seen], axis=0) < 1e-2
    inverse = (right[seen].T / sizes[seen]) @ left[:, seen].T
    random = np.random.default_rng(seed)
    drawn = np.zeros((RESAMPLES, len(residuals)))
    start = 0
    for one in observed.series:
        count = len(one.values)
        own = residuals[start : start + count]
        own = own - own.mean()
        length = max(1, round(count ** (1.0 / 3.0)))
        blocks = -(-count // length)
        begins = random.integers(0, count, (RESAMPLES, blocks))
        # Blocks that run over the end go on at the beginning, so that every residual is drawn equally often.
        places = (begins[:, :, None] + np.arange(length)).reshape(RESAMPLES, -1)[:, :count] % count
        drawn[:, start : start + count] = own[places]
        start += count
    # Residuals of a fit are smaller than the errors were.
    inflated = math.sqrt(len(residuals) / max(1, len(residuals) - int(np.count_nonzero(seen))))
    return inflated * (drawn * root) @ inverse.T, known
