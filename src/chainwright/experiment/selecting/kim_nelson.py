"""The fully sequential procedure of Kim and Nelson: choosing the best of some normal means with a stated probability.

Kim, S.-H. and Nelson, B. L. (2001). A fully sequential procedure for indifference-zone selection in simulation. ACM Transactions on Modeling
and Computer Simulation 11(3), 251-273.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chainwright.state.totals import NOISE

Floats = NDArray[np.float64]
# Of the candidates at some places the replications of some numbers: one line per candidate, empty (nan) where one failed.
Source = Callable[[Sequence[int], Sequence[int]], Floats]
# Called after each round with the replications of each that is left, the most that are still needed, and how many are left.
Told = Callable[[int, int, int], None]

# A round takes this share of the replications so far, so that there are few rounds, and at most this share too many replications.
GROWTH = 0.2

BEST, EQUAL, OUT, UNDECIDED, FAILED = "best", "equal to the best", "eliminated", "undecided", "failed"


@dataclass(frozen=True)
class Fate:
    """What became of one candidate.

    Parameters
    ----------
    verdict : str
        ``best``, ``equal to the best``, ``eliminated``, ``undecided`` or ``failed``.
    values : array of float
        Its replications.
    by : int, optional
        The place of the candidate that eliminated it, or that it is equal to.
    """

    verdict: str
    values: Floats
    by: int | None = None


@dataclass(frozen=True)
class Chosen:
    """What the procedure answers.

    Parameters
    ----------
    fates : tuple of Fate
        One for each candidate.
    best : int or None
        The place of the candidate with the best mean among those that are left; None where all failed.
    indifference : float
        The difference that is worth finding, as a number.
    rounds : int
        How often all that were left were played.
    """

    fates: tuple[Fate, ...]
    best: int | None
    indifference: float
    rounds: int

    @property
    def decided(self) -> bool:
        """Whether one is left."""
        return self.best is not None and self.fates[self.best].verdict == BEST


def constants(count: int, probability: float, first: int) -> tuple[float, float]:
    """The constants eta and h² of the procedure, with the triangular region of continuation (c = 1) and common random numbers.

    Eta solves (1 + 2 eta)^(-(n - 1) / 2) / 2 = (1 - P) / (k - 1), which is Bonferroni's share of the error for each of the k - 1 rivals of
    the best; that needs no independence. h² is 2 eta (n - 1).

    Parameters
    ----------
    count : int
        How many candidates (k).
    probability : float
        Of a correct selection (P).
    first : int
        Replications of each in the first stage (n).

    Examples
    --------
    >>> eta, squared = constants(2, 0.95, 10)
    >>> round(eta, 4), round(squared, 3)
    (0.3341, 6.013)
    """
    share = (1.0 - probability) / (count - 1)
    eta = 0.5 * ((2.0 * share) ** (-2.0 / (first - 1)) - 1.0)
    return eta, 2.0 * eta * (first - 1)


def select(
    source: Source,
    count: int,
    indifference: float | Callable[[float], float],
    probability: float = 0.95,
    first: int = 20,
    most: int = 1000,
    *,
    minimise: bool = False,
    batch: int | None = None,
    told: Told | None = None,
) -> Chosen:
    """Choose the candidate with the largest (or the smallest) mean.

    All that are left are played side by side. One is eliminated when another is ahead of it by more than the noise of their difference can
    explain; what that is shrinks with the replications. Screening at the end of rounds, and not after every replication, makes errors
    rarer: a walk that is looked at less often leaves on the wrong side less often (Jennison, Johnstone and Turnbull 1982).

    Parameters
    ----------
    source : callable
        Answers replications; see `Source`. Replication r of two candidates may share its random numbers.
    count : int
        How many candidates there are.
    indifference : float or callable
        The smallest difference that is worth finding; a callable is asked with the best mean of the first stage.
    probability : float
        With which the best is chosen, where it is better than all others by the indifference at least.
    first, most : int
        Replications of each in the first stage, from which the variances are estimated; and the most of any.
    minimise : bool
        Whether the smallest mean is the best.
    batch : int, optional
        Replications of a round; a fifth of those that there are by default.
    told : callable, optional
        Called after each round.

    Examples
    --------
    >>> import numpy as np
    >>> noise = np.random.default_rng(1).normal(size=(3, 1000))
    >>> values = noise + np.array([[0.0], [0.5], [2.0]])
    >>> chosen = select(lambda places, reps: values[np.ix_(places, reps)], 3, indifference=0.5)
    >>> chosen.best, [fate.verdict for fate in chosen.fates], chosen.fates[0].by
    (2, ['eliminated', 'eliminated', 'best'], 2)
    """
    sign = -1.0 if minimise else 1.0
    kept: list[list[Floats]] = [[] for _ in range(count)]
    fate: list[tuple[str, int | None]] = [(UNDECIDED, None)] * count
    left = list(range(count))

    def play(reps: range) -> None:
        values = np.asarray(source(tuple(left), tuple(reps)), np.float64)
        for place, row in zip(list(left), values, strict=True):
            kept[place].append(row)
            if np.isnan(row).any():
                fate[place] = (FAILED, None)
                left.remove(place)

    def finished(size: float, rounds: int) -> Chosen:
        values = [np.concatenate(rows) if rows else np.zeros(0) for rows in kept]
        best = max(left, key=lambda place: sign * float(values[place].mean())) if left else None
        if best is not None and len(left) == 1:
            fate[best] = (BEST, None)
        return Chosen(tuple(Fate(verdict, own, by) for (verdict, by), own in zip(fate, values, strict=True)), best, size, rounds)

    played, rounds = min(first, most), 1
    play(range(played))
    if not left:
        return finished(math.nan, rounds)
    # With this sign the best has the largest sum.
    data = {place: sign * kept[place][0] for place in left}
    size = indifference(sign * max(float(row.mean()) for row in data.values())) if callable(indifference) else indifference
    if len(left) == 1:
        return finished(size, rounds)
    _, squared = constants(len(left), probability, played)
    row_of = {place: row for row, place in enumerate(left)}
    variance = _variances(np.array(list(data.values())))
    sums = np.array([row.sum() for row in data.values()])
    while True:
        rows = np.array([row_of[place] for place in left])
        own, between = sums[rows], variance[np.ix_(rows, rows)]
        # By so much the sums may differ by chance; from h² S² / d² replications on by nothing.
        margin = np.maximum(squared * between / (2.0 * size) - size * played / 2.0, 0.0)
        ahead = own[None, :] - own[:, None] - margin
        # Sums that differ by rounding only are equal.
        ahead[ahead <= NOISE * np.abs(own).max()] = 0.0
        beaten = ahead.any(axis=1)
        for one, by in zip(np.flatnonzero(beaten).tolist(), ahead[beaten].argmax(axis=1).tolist(), strict=True):
            fate[left[one]] = (OUT, left[by])
        stays = np.flatnonzero(~beaten)
        needed = math.floor(squared * float(between[np.ix_(stays, stays)].max()) / (size * size)) + 1
        left[:] = [left[row] for row in stays.tolist()]
        if told is not None:
            told(played, needed, len(left))
        if len(left) > 1 and played >= needed:
            # No more noise to wait for: those that are left are equal, and the first of them will do.
            for one in left[1:]:
                fate[one] = (EQUAL, left[0])
            del left[1:]
        if len(left) == 1 or played >= most:
            return finished(size, rounds)
        step = max(1, math.ceil(GROWTH * played)) if batch is None else batch
        step = min(step, needed - played, most - played)
        play(range(played, played + step))
        for one in left:
            sums[row_of[one]] += sign * float(kept[one][-1].sum())
        played, rounds = played + step, rounds + 1
        if not left:
            return finished(size, rounds)


def _variances(values: Floats) -> Floats:
    """The sample variances of the differences of all pairs of candidates; none where they are rounding."""
    largest = np.abs(values).max(axis=1)
    found = np.zeros((len(values), len(values)))
    for row, own in enumerate(values):
        gaps = values - own
        real = np.ptp(gaps, axis=1) > NOISE * np.maximum(largest, largest[row])
        found[row] = np.where(real, gaps.var(axis=1, ddof=1), 0.0)
    # Both ways round the same, whatever rounding does.
    return np.maximum(found, found.T)
