"""When a series over the periods has settled: Welch's moving averages over replications, and MSER-5 beside them.

Welch, P. D. (1983). The statistical analysis of simulation results. In Lavenberg (ed.), The Computer Performance Modeling Handbook, 268-328.
White, K. P. (1997). An effective truncation heuristic for bias reduction in simulation output. Simulation 69(6), 323-334.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chainwright.metrics.intervals import student

Floats = NDArray[np.float64]

SETTLED, UNSETTLED = "settled", "unsettled"
# Fewer replications or periods say too little.
LEAST_RUNS, LEAST_PERIODS = 5, 40
# What matters: a curve so near to its level, as a share of it, is at its level.
TOLERANCE = 0.01
# Of all smoothed points together, and of the drift between the last two quarters.
CONFIDENCE = 0.99
# A drift between the last two quarters below this share of how far the curve swings in them is a part of the swing.
PART_OF_SWING = 0.1
# MSER-5 takes means of so many periods, and judges no tail of fewer of them.
BATCH, LEAST_BATCHES = 5, 5


@dataclass(frozen=True)
class Settling:
    """How a series settles.

    Parameters
    ----------
    verdict : str
        ``settled``, or ``unsettled`` where its mean still moves in the last half.
    warm_up : int or None
        Periods after which the smoothed curve stays at the level of the last half; None where that has not settled.
    mser : int or None
        Periods that MSER-5 would cut off; None where they are more than half.
    level : float
        Mean over the last half and all replications.
    quarters : tuple of float
        Means over the third and the fourth quarter, with most weight on the middle of each.
    window : int
        Periods to either side that are averaged.
    mean, smoothed : array of float
        The mean over the replications in each period, and its moving average, which ends `window` periods before.
    band : array of float
        How far from the level each point of the moving average may lie.
    """

    verdict: str
    warm_up: int | None
    mser: int | None
    level: float
    quarters: tuple[float, float]
    window: int
    mean: Floats
    smoothed: Floats
    band: Floats


def settling(series: Floats, window: int | None = None, several: int = 1) -> Settling:
    """Judge a series.

    The level is the mean over the last half. Around it lies a band: the noise of each point of the moving average, by Student's t over
    the replications, such that all points of a settled series lie within with a probability of 99 %; but no less than the usual noise of the
    last half, and no less than 1 % of the level. Where the curve leaves it in the last half, by seasons or rounds of orders, as far as it
    swings there is added on either side. The warm-up ends where the curve enters the band for good. Where the third and the fourth quarter
    have different means, beyond noise, 1 % of the level and a tenth of the swing, there is no level yet, and so no warm-up.

    Parameters
    ----------
    series : array of float
        One line per replication, one column per period.
    window : int, optional
        Periods to either side that are averaged; a twentieth of the run by default.
    several : int
        How many series are judged together (Bonferroni).

    Examples
    --------
    >>> import numpy as np
    >>> noise = np.random.default_rng(1).normal(size=(10, 400))
    >>> found = settling(20.0 + 10.0 * np.exp(-np.arange(400) / 20.0) + noise)
    >>> found.verdict, 40 < found.warm_up < 120
    ('settled', True)
    >>> settling(20.0 + 0.05 * np.arange(400) + noise).verdict
    'unsettled'
    """
    runs, periods = series.shape
    width = default_window(periods) if window is None else window
    half = periods // 2
    own_level = series[:, half:].mean(axis=1)
    level = float(own_level.mean())
    away = moving_average(series, width) - own_level[:, None]
    distance = away.mean(axis=0)
    # Points further apart than the window share no period.
    points = math.ceil(periods / (2 * width + 1))
    error = away.std(axis=0, ddof=1) / math.sqrt(runs)
    # Where rare events happen not to have happened, the replications agree for no good reason.
    usual = math.sqrt(float((error[half:] * error[half:]).mean()))
    noise = student(runs - 1, CONFIDENCE, points * several) * np.maximum(error, usual)
    band = np.maximum(noise, TOLERANCE * abs(level))
    later = np.abs(distance[half:])
    # What noise does not explain there is no transient any more, but a swing that goes on.
    swing = float(later.max()) if (later > band[half:]).any() else 0.0
    band = band + swing
    outside = np.flatnonzero(np.abs(distance) > band)
    third, fourth = _middle(series[:, half : half + half // 2]), _middle(series[:, half + half // 2 :])
    drift = fourth - third
    chance = student(runs - 1, CONFIDENCE, several) * float(drift.std(ddof=1)) / math.sqrt(runs)
    moves = abs(float(drift.mean())) > max(chance, TOLERANCE * abs(level), PART_OF_SWING * swing)
    mean = series.mean(axis=0)
    return Settling(
        UNSETTLED if moves else SETTLED,
        None if moves else int(outside[-1]) + 1 if outside.size else 0,
        mser(mean),
        level,
        (float(third.mean()), float(fourth.mean())),
        width,
        mean,
        level + distance,
        band,
    )


def _middle(series: Floats) -> Floats:
    """The mean of each line with Hann's weights, to which the part of a season at either end adds next to nothing."""
    count = series.shape[-1]
    weights = np.sin(np.pi * (np.arange(count) + 0.5) / count)
    weights = weights * weights
    return np.asarray((series * weights).sum(axis=-1) / weights.sum())


def default_window(periods: int) -> int:
    """Periods to either side of a moving average where nothing is said.

    Examples
    --------
    >>> default_window(365), default_window(40)
    (18, 2)
    """
    return max(1, periods // 20)


def moving_average(series: Floats, window: int) -> Floats:
    """Welch's moving average: so many periods to either side, at the start as many as there are; it ends that many periods before.

    Examples
    --------
    >>> import numpy as np
    >>> moving_average(np.array([1.0, 2.0, 6.0, 3.0, 3.0, 6.0]), 2).tolist()
    [1.0, 3.0, 3.0, 4.0]
    """
    before = np.concatenate([np.zeros((*series.shape[:-1], 1)), np.cumsum(series, axis=-1)], axis=-1)
    period = np.arange(series.shape[-1] - window)
    reach = np.minimum(period, window)
    return np.asarray((before[..., period + reach + 1] - before[..., period - reach]) / (2 * reach + 1))


def mser(values: Floats) -> int | None:
    """Periods that MSER-5 cuts off: those without which the squared standard error of the mean of the rest is smallest.

    More than half of the run says that the run is too short, and None is answered.

    Examples
    --------
    >>> import numpy as np
    >>> mser(np.array([9.0] * 10 + [1.0, 2.0] * 45))
    10
    """
    count = len(values) // BATCH
    batches = values[: count * BATCH].reshape(count, BATCH).mean(axis=1)
    errors = [float(batches[cut:].var()) / (count - cut) for cut in range(max(1, count - LEAST_BATCHES))]
    found = int(np.argmin(errors))
    return found * BATCH if 2 * found <= count else None
