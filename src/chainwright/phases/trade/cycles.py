"""Cycles of links: which of them have a balance, and the balance of what has always been handed on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.state.totals import sum_by

Floats = NDArray[np.float64]
Index = NDArray[Any]

# Cycles of more rows than these fill the memory when they are solved directly.
LARGEST_DIRECT = 4000
# Of a larger one: rounds after which it hands on less than it got, or all of it for ever; what is still handed on is compared over the last.
TRIED, COMPARED, ENDLESS = 1200, 120, 1e-9
# Rounds to the balance, until nothing changes any more, relative to what is there.
MOST_ROUNDS, SETTLED = 3000, 4e-16


def endless(upper: Index, lower: Index, weight: Floats, group: Index) -> NDArray[np.bool_]:
    """Of each cycle whether it hands on all that it gets, or more, so that what goes round it has no finite sum.

    Parameters
    ----------
    upper, lower : arrays of int
        Ends of the links within cycles, as rows: `upper` gets `weight` for each unit of `lower`.
    weight : array of float
        Not negative.
    group : array of int
        Cycle of each link, counted from 0.

    Examples
    --------
    >>> ring = np.array([0, 1, 2]), np.array([1, 2, 0])
    >>> [endless(*ring, np.array(weight), np.zeros(3, int)).tolist() for weight in ([1.0, 1.0, 0.9], [1.0, 1.0, 1.0], [3.0, 0.3, 1.0])]
    [[False], [True], [False]]
    """
    found = np.zeros(int(group.max(initial=-1)) + 1, np.bool_)
    for links in _parts(group):
        rows, ends = np.unique(np.concatenate([upper[links], lower[links]]), return_inverse=True)
        above, below = ends[: len(links)], ends[len(links) :]
        if len(rows) > LARGEST_DIRECT:
            found[group[links[0]]] = _endless_by_rounds(above, below, weight[links], len(rows))
            continue
        # Where there is a balance, a unit that enters everywhere makes each row at least that unit; else there is none, or a negative one.
        level = solved(above, below, weight[links], np.ones(len(rows)))
        found[group[links[0]]] = not bool((level >= 0.5).all()) or bool((level > 1.0 / ENDLESS).any())
    return found


def _parts(key: Index) -> Iterator[Index]:
    """The places of each value of a key, in their order."""
    order = np.argsort(key, kind="stable")
    yield from np.split(order, np.flatnonzero(np.diff(key[order])) + 1) if len(order) else ()


def _endless_by_rounds(upper: Index, lower: Index, weight: Floats, rows: int) -> bool:
    part, most = np.ones(rows), []
    for _ in range(TRIED):
        # How much of a unit at each row is still handed on after so many links; once less of all, it becomes less and less.
        part = np.minimum(sum_by(lower, weight * part[upper], rows), 1e100)
        most.append(float(part.max()))
        if most[-1] < 1.0:
            return False
    return max(most[-COMPARED:]) >= (1.0 - ENDLESS) * max(most[-2 * COMPARED : -COMPARED])


def solved(upper: Index, lower: Index, weight: Floats, source: Floats) -> Floats:
    """What each row comes to when `source` enters and links hand on for ever; not a number where there is no solution.

    Examples
    --------
    >>> solved(np.array([1, 0]), np.array([0, 1]), np.array([1.0, 0.5]), np.array([10.0, 0.0])).round(9).tolist()
    [20.0, 20.0]
    """
    # Only networks with cycles need it.
    from scipy import sparse
    from scipy.sparse import linalg

    rows = len(source)
    system = sparse.eye_array(rows, format="csc") - sparse.csc_array((weight, (upper, lower)), shape=(rows, rows))
    try:
        factors = linalg.splu(system)
    except RuntimeError:
        return np.full(rows, np.nan)
    found = factors.solve(source)
    return np.asarray(found + factors.solve(source - system @ found))


def balance(upper: Index, lower: Index, weight: Floats, source: Floats, run: Index, largest: int) -> Floats:
    """What each row comes to when `source` enters for ever, each run by itself, so that none depends on its company.

    Parameters
    ----------
    upper, lower, weight : arrays
        All links, those within cycles and the others; without endless cycles.
    source : array of float
        What enters each row.
    run : array of int
        Run of each row.
    largest : int
        Rows of the largest cycle.

    Examples
    --------
    >>> links = np.array([1, 2, 1]), np.array([0, 1, 2]), np.array([1.0, 0.5, 1.0])
    >>> [balance(*links, np.array([4.0, 0.0, 0.0]), np.zeros(3, int), size).round(9).tolist() for size in (2, 5000)]
    [[4.0, 8.0, 4.0], [4.0, 8.0, 4.0]]
    """
    found, own = np.zeros(len(source)), np.empty(len(source), np.intp)
    links_of = {int(run[upper[links[0]]]): links for links in _parts(run[upper])}
    for rows in _parts(run):
        own[rows] = np.arange(len(rows))
        links = links_of.get(int(run[rows[0]]), np.zeros(0, np.intp))
        system = own[upper[links]], own[lower[links]], weight[links], source[rows]
        found[rows] = solved(*system) if largest <= LARGEST_DIRECT else _by_rounds(*system)
    return found


def _by_rounds(upper: Index, lower: Index, weight: Floats, source: Floats) -> Floats:
    from scipy import sparse

    matrix = sparse.csr_array((weight, (upper, lower)), shape=(len(source), len(source)))
    now: Floats = source
    for _ in range(MOST_ROUNDS):
        before, now = now, source + matrix @ now
        if (np.abs(now - before) <= SETTLED * np.abs(now)).all():
            break
    return now
