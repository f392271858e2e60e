"""Resolving what lanes leave open: transport times, fixed or drawn from a distribution with a finite maximum, and shares."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, xlogy

from chainwright.network.blueprint import DrawnTime

Distribution = tuple[NDArray[np.int32], NDArray[np.float64]]


def distribution(entry: Mapping[str, Any]) -> Distribution:
    """The possible whole periods of a drawn time, ascending, with their probabilities; impossible ones are left out.

    ``uniform`` from `low` to `high`, ``discrete`` with `values` and `probabilities`, or ``poisson`` with `mean`,
    given that it does not exceed `maximum`.

    Examples
    --------
    >>> distribution({"distribution": "discrete", "values": [4, 2], "probabilities": [0.25, 0.75]})
    (array([2, 4], dtype=int32), array([0.75, 0.25]))
    """
    kind = entry["distribution"]
    weights: NDArray[np.float64]
    if kind == "uniform":
        values = np.arange(int(entry["low"]), int(entry["high"]) + 1, dtype=np.int32)
        weights = np.ones(len(values))
    elif kind == "poisson":
        values = np.arange(int(entry["maximum"]) + 1, dtype=np.int32)
        weights = np.exp(xlogy(values, float(entry["mean"])) - float(entry["mean"]) - gammaln(values + 1.0))
    else:
        values, place = np.unique(np.array(entry["values"], np.int32), return_inverse=True)
        weights = np.bincount(place, np.array(entry["probabilities"], np.float64)).astype(np.float64)
    possible = weights > 0.0
    return values[possible], weights[possible] / weights[possible].sum()


def resolve_transport_times(given: Sequence[Any]) -> tuple[NDArray[np.int32], NDArray[np.int32], tuple[DrawnTime, ...]]:
    """Resolve the transport times of all lanes.

    Returns
    -------
    expected : array of int
        The fixed time, or the expectation of a drawn one rounded up to whole periods.
    longest : array of int
        The fixed time, or the largest that can be drawn.
    drawn : tuple of DrawnTime
        One for each distinct distribution; a distribution of a single value is a fixed time.
    """
    expected = np.zeros(len(given), np.int32)
    longest = np.zeros(len(given), np.int32)
    groups: dict[str, list[int]] = {}
    for row, value in enumerate(given):
        if isinstance(value, Mapping):
            groups.setdefault(json.dumps(value, sort_keys=True, default=str), []).append(row)
        elif value is not None:
            expected[row] = longest[row] = value
    drawn = []
    for members in groups.values():
        values, probabilities = distribution(given[members[0]])
        rows = np.array(members, np.int32)
        expected[rows] = np.ceil((values * probabilities).sum() - 1e-9)
        longest[rows] = values[-1]
        if len(values) > 1:
            drawn.append(DrawnTime(rows, values, probabilities))
    return expected, longest, tuple(drawn)


def shares_of_orders(said: NDArray[np.float64], buyer: NDArray[np.int32], size: int) -> NDArray[np.float64]:
    """Shares of each buyer's orders: what is said; what is left over is parted equally among lanes where nothing is said."""
    silent = np.isnan(said)
    given = np.where(silent, 0.0, said)
    left = np.maximum(1.0 - np.bincount(buyer, given, size), 0.0)
    among = np.maximum(np.bincount(buyer, silent, size), 1.0)
    return np.where(silent, (left / among)[buyer], given)
