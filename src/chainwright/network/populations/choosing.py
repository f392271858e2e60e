"""Choosing sellers: how many each buyer has, and which, all different, by draws that belong to the buyer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from chainwright.state.streams import uniform

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

# Rounds in which a seller that was chosen twice is drawn again, before who is left chooses by ranking all candidates.
ROUNDS = 40
# Cells of a table of buyers and candidates that is made at once.
CELLS = 2_000_000


def numbers_of_sellers(drawn: Floats, mean: float, most: int) -> Rows:
    """How many sellers each buyer has: one and a binomial number of others, at most `most`, with the given mean.

    Examples
    --------
    >>> numbers_of_sellers(np.array([0.01, 0.5, 0.99]), 2.0, 3).tolist()
    [1, 2, 3]
    """
    if most == 1 or mean <= 1.0:
        return np.ones(len(drawn), np.int64)
    chance = (mean - 1.0) / (most - 1)
    upto = special.bdtr(np.arange(most - 1, dtype=np.float64), most - 1, chance)
    return np.asarray(1 + np.searchsorted(upto, drawn, side="left"), np.int64)


def heavy_tailed_numbers(drawn: Floats, mean: float, exponent: float, most: int) -> Rows:
    """Whole numbers with P(at least k) falling as k to the power of minus `exponent` up to `most`, and the given mean.

    A Pareto variable rounded down, its smallest value found by bisection; where that is below 1, some numbers are 0.

    Examples
    --------
    >>> heavy_tailed_numbers(np.array([0.1, 0.5, 0.99, 0.9999]), 4.0, 1.3, 1000).tolist()
    [1, 1, 39, 1000]
    """
    counts = np.arange(1.0, most + 1.0)

    def expected(smallest: float) -> float:
        return float(np.sum(np.minimum(special.inv_boxcox(exponent * (np.log(smallest) - np.log(counts)), 0.0), 1.0)))

    low, high = 1e-9, float(most)
    if mean <= 0.0 or mean >= most:
        return np.full(len(drawn), most if mean > 0.0 else 0, np.int64)
    for _ in range(100):
        middle = np.sqrt(low * high)
        low, high = (middle, high) if expected(middle) < mean else (low, middle)
    value = low * special.inv_boxcox(-special.log1p(-drawn) / exponent, 0.0)
    return np.asarray(np.minimum(np.floor(value), most), np.int64)


def distinct_sellers(
    seed: int,
    stream: str,
    coordinate: NDArray[np.uint64],
    count: Rows,
    pick: Callable[[Floats, Rows], Rows],
    weight: Callable[[Rows], Floats],
    candidates: int,
    first: Rows | None = None,
) -> tuple[Rows, Rows]:
    """Sellers for each buyer, all different: (buyer, seller) of each lane, by buyer.

    Parameters
    ----------
    seed, stream
        Coordinates of the draws.
    coordinate : array of uint64
        One per buyer.
    count : array of int
        How many sellers each buyer wants; who can have fewer has fewer.
    pick : callable
        From draws and buyers to candidates, by their weight.
    weight : callable
        From some buyers to a table of weights, one row per buyer and one column per candidate; 0 forbids.
    candidates : int
        How many candidates there are.
    first : array of int, optional
        The first seller of each buyer (-1 where it is drawn like the others).
    """
    buyer: Rows = np.repeat(np.arange(len(count)), count)
    start = np.concatenate([[0], np.cumsum(count)[:-1]])
    slot = np.arange(len(buyer)) - start[buyer]
    seller = np.full(len(buyer), -1, np.int64)
    fixed = np.zeros(len(buyer), np.bool_)
    if first is not None:
        own = start[(count > 0) & (first >= 0)]
        seller[own] = first[(count > 0) & (first >= 0)]
        fixed[own] = True
    open_slots = np.flatnonzero(~fixed)
    for number in range(ROUNDS):
        if not len(open_slots):
            break
        drawn = np.atleast_1d(uniform(seed, 0, 0, stream, coordinate[buyer[open_slots]], slot[open_slots], number))
        seller[open_slots] = pick(drawn, buyer[open_slots])
        open_slots = _repeated(buyer, seller, fixed, open_slots, candidates)
    if len(open_slots):
        return _ranked(seed, stream, coordinate, buyer, seller, np.unique(buyer[open_slots]), count, weight, first)
    return buyer, seller


def _repeated(buyer: Rows, seller: Rows, fixed: NDArray[np.bool_], redrawn: Rows, candidates: int) -> Rows:
    """Slots whose seller the buyer has already, or that found none (-1); a fixed one is never drawn again."""
    concerned = np.zeros(int(buyer[-1]) + 1, np.bool_)
    concerned[buyer[redrawn]] = True
    among = np.flatnonzero(concerned[buyer])
    key = buyer[among] * candidates + seller[among]
    order = np.lexsort((~fixed[among], key))
    again = np.zeros(len(among), np.bool_)
    again[order[1:]] = key[order[1:]] == key[order[:-1]]
    return among[(again & ~fixed[among]) | (seller[among] < 0)]


def _ranked(
    seed: int,
    stream: str,
    coordinate: NDArray[np.uint64],
    buyer: Rows,
    seller: Rows,
    unfinished: Rows,
    count: Rows,
    weight: Callable[[Rows], Floats],
    first: Rows | None,
) -> tuple[Rows, Rows]:
    """Buyers who want nearly all candidates: rank all by exponential clocks, which gives the same chances (Efraimidis and Spirakis 2006)."""
    done = ~np.isin(buyer, unfinished)
    buyers, sellers = [buyer[done]], [seller[done]]
    width = max(weight(unfinished[:1]).shape[1], 1)
    for begin in range(0, len(unfinished), max(CELLS // width, 1)):
        some = unfinished[begin : begin + max(CELLS // width, 1)]
        chance = weight(some)
        drawn = uniform(seed, 0, 0, f"{stream} ranked", coordinate[some][:, None], np.arange(width)[None, :])
        clock = np.where(chance > 0.0, -special.log1p(-drawn) / np.where(chance > 0.0, chance, 1.0), np.inf)
        if first is not None:
            chosen = np.flatnonzero(first[some] >= 0)
            clock[chosen, first[some][chosen]] = -1.0
        order = np.argsort(clock, axis=1, kind="stable")
        wanted = np.minimum(count[some], np.isfinite(clock).sum(axis=1))
        taken = np.arange(width)[None, :] < wanted[:, None]
        buyers.append(np.repeat(some, wanted))
        sellers.append(order[taken])
    made: tuple[Any, Any] = np.concatenate(buyers), np.concatenate(sellers)
    by_buyer = np.argsort(made[0], kind="stable")
    return made[0][by_buyer], made[1][by_buyer]


def spread_evenly(seed: int, stream: str, coordinate: NDArray[np.uint64], sellers: int) -> Rows:
    """A first seller for each buyer, so that every seller has about as many buyers, and one at least where there are enough."""
    order = np.argsort(uniform(seed, 0, 0, stream, coordinate, 0), kind="stable")
    made = np.empty(len(coordinate), np.int64)
    made[order] = np.arange(len(coordinate)) * sellers // max(len(coordinate), 1)
    return made
