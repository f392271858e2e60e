"""Solving what settles: x = source + A x, where a non-negative A passes a share of each row on to others, in cycles too."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import linalg
from scipy.sparse.csgraph import connected_components

from chainwright.network.levels import longest_paths

Floats = NDArray[np.float64]

# A network without cycles settles in as many rounds as its longest path; a cycle that passes on half, in fifty.
ROUNDS = 300
# Cycles of more rows than these fill the memory when they are solved directly.
LARGEST_DIRECT = 4000
# Where the cycles are larger, rounds go on up to this many, with a leap every so often.
MOST_ROUNDS, LEAP = 20_000, 50
# A round that changes less than this, relative to what is there, changes nothing.
SETTLED = 4e-16
# How far a solution may miss: relative to each row.
TOLERANCE = 1e-9


class Unsettled(ValueError):
    """Rows that pass on to each other as much as they get, or more, so that nothing ever settles; `rows` are those of one cycle."""

    def __init__(self, rows: NDArray[Any]) -> None:
        self.rows = rows
        super().__init__(f"{len(rows)} rows pass on to each other as much as they get, or more")


def settle(upper: NDArray[Any], lower: NDArray[Any], weight: Floats, source: Floats) -> Floats:
    """What each row comes to, when `source` enters and each row hands `weight` times what it has up to others, for ever.

    Parameters
    ----------
    upper, lower : array of int
        Row `upper` gets `weight` for each unit of row `lower`; several links between two rows add up.
    weight : array of float
        Not negative.
    source : array of float
        What enters each row from outside, not negative.

    Returns
    -------
    array of float
        The smallest non-negative solution of ``x[i] = source[i] + sum of weight * x[lower] over links up to i``.

    Raises
    ------
    Unsettled
        When there is none.

    Examples
    --------
    >>> settle(np.array([1, 2, 1]), np.array([0, 1, 2]), np.array([1.0, 0.5, 1.0]), np.array([4.0, 0.0, 0.0])).round(9).tolist()
    [4.0, 8.0, 4.0]
    """
    rows = len(source)
    matrix = sparse.csr_array((weight, (upper, lower)), shape=(rows, rows))
    now = np.asarray(source, np.float64)
    # What the rounds add never shrinks, so a network without cycles comes to rest exactly.
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(ROUNDS):
            before, now = now, source + matrix @ now
            if not np.isfinite(now).all():
                break
            if (now - before <= SETTLED * now).all():
                return now
    return _block_by_block(matrix, source)


def _block_by_block(matrix: Any, source: Floats) -> Floats:
    """Long paths and slow cycles: the cycles condensed, each is solved after those below it."""
    rows = len(source)
    links = matrix.tocoo()
    kept = links.data > 0.0
    upper, lower = links.coords[0][kept], links.coords[1][kept]
    groups, group = connected_components(sparse.coo_array((np.ones(len(upper)), (upper, lower)), shape=(rows, rows)), connection="strong")
    between = group[upper] != group[lower]
    height = longest_paths(groups, group[upper][between], group[lower][between])
    reached = _reached(height, group, upper, lower, source)
    order = np.flatnonzero(reached)
    order = order[np.lexsort((group[order], height[group[order]]))]
    inner = matrix[order][:, order]
    largest = int(np.bincount(group[order]).max(initial=0))
    made = np.zeros(rows)
    made[order] = _solved(inner, source[order], largest)
    _check(matrix, made, source, upper, lower, group, reached)
    return np.maximum(made, 0.0)


def _reached(height: NDArray[Any], group: NDArray[Any], upper: NDArray[Any], lower: NDArray[Any], source: Floats) -> NDArray[np.bool_]:
    """Rows that something comes to: where nothing does, nothing is there to settle."""
    full = np.bincount(group, source, len(height)) > 0.0
    rank = height[group[upper]]
    order = np.argsort(rank, kind="stable")
    starts = np.searchsorted(rank[order], np.arange(int(height.max(initial=0)) + 2))
    for start, stop in itertools.pairwise(starts):
        own = order[start:stop]
        own = own[full[group[lower[own]]]]
        full[group[upper[own]]] = True
    reached: NDArray[np.bool_] = full[group]
    return reached


def _solved(inner: Any, source: Floats, largest: int) -> Floats:
    """The solution of a system whose blocks lie in order; not a number where there is none."""
    if largest > LARGEST_DIRECT:
        return _by_rounds(inner, source)
    system = sparse.eye_array(len(source), format="csc") - inner.tocsc()
    try:
        # In the order of the blocks nothing fills up but the cycles themselves.
        factors = linalg.splu(system, permc_spec="NATURAL", diag_pivot_thresh=0.0)
        found = factors.solve(source)
        return np.asarray(found + factors.solve(source - system @ found))
    except (RuntimeError, ValueError):
        return np.full(len(source), np.nan)


def _by_rounds(inner: Any, source: Floats) -> Floats:
    """Round after round, and now and then a leap to where the last changes lead if they go on shrinking at their rate."""
    now: Floats = np.asarray(source, np.float64)
    change = 0.0
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        for number in range(1, MOST_ROUNDS + 1):
            before, now = now, source + inner @ now
            if not np.isfinite(now).all():
                break
            if (np.abs(now - before) <= 4.0 * SETTLED * np.abs(now)).all():
                return now
            last, change = change, float(np.abs(now - before).sum())
            if number % LEAP == 0:
                rate = change / last
                if rate > 1.0 - TOLERANCE and number >= 10 * LEAP:
                    break
                if rate < 1.0:
                    now = np.maximum(now + (now - before) * (rate / (1.0 - rate)), source)
    return np.full(len(source), np.nan)


def _check(
    matrix: Any, made: Floats, source: Floats, upper: NDArray[Any], lower: NDArray[Any], group: NDArray[Any], reached: NDArray[np.bool_]
) -> None:
    """Refuse what is not a solution, or is one only by rounding.

    In a cycle that settles, what comes in from outside is some share of what is there. A cycle that gets something and hands on all of it
    would hold a solution of the size of one over the rounding error, or a negative one.
    """
    sound = bool(np.isfinite(made).all()) and bool((made[reached] > 0.0).all())
    sound = sound and bool((np.abs(made - source - matrix @ made) <= TOLERANCE * np.abs(made)).all())
    if sound:
        inside = group[upper] == group[lower]
        links = matrix.tocoo()
        kept = links.data > 0.0
        handed = np.bincount(upper[inside], links.data[kept][inside] * made[lower[inside]], len(made))
        outside = np.divide(made - handed, made, out=np.ones(len(made)), where=made > 0.0)
        most = np.zeros(int(group.max(initial=0)) + 1)
        np.maximum.at(most, group, outside)
        sound = bool((most > TOLERANCE).all())
    if not sound:
        raise Unsettled(_tightest_cycle(matrix, upper, lower, group, reached))


def _tightest_cycle(
    matrix: Any, upper: NDArray[Any], lower: NDArray[Any], group: NDArray[Any], reached: NDArray[np.bool_]
) -> NDArray[Any]:
    """The rows of the cycle that grows fastest, by the power method on all cycles at once."""
    inside = (group[upper] == group[lower]) & reached[upper] & reached[lower]
    links = matrix.tocoo()
    weight = links.data[links.data > 0.0][inside]
    high, low = upper[inside], lower[inside]
    groups = int(group.max(initial=0)) + 1
    rows, growth = np.ones(len(group)), np.zeros(groups)
    for _ in range(1000):
        # Half of what is there stays, so that a cycle of even length does not swing to and fro.
        after = 0.5 * rows + 0.5 * np.bincount(high, weight * rows[low], len(rows))
        total = np.bincount(group, after, groups)
        growth = total / np.maximum(np.bincount(group, rows, groups), 1e-300)
        rows = after / np.maximum(total, 1e-300)[group]
    growth[np.bincount(group[high], minlength=groups) == 0] = 0.0
    return np.flatnonzero(group == int(np.argmax(growth)))
