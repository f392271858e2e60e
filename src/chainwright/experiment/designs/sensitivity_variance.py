"""How much of a measure's variation each factor accounts for: rank correlations in a sample, shares of variance on a grid."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats
from scipy.special import ndtri

from chainwright.experiment.designs.design import Design
from chainwright.experiment.designs.factor import Factor, as_said, same
from chainwright.words.errors import UsageError

Floats = NDArray[np.float64]
NO_ORDER = "its values have no order"
CONSTANT = "it never changes"


def ranks(design: Design, measured: Floats, confidence: float) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Standardised rank regression coefficients and partial rank correlations, with intervals of the latter by Fisher's z.

    Both say how strongly, and in which direction, the measure follows a factor while the others vary too, as long as it does so
    monotonically; `r_squared` says how much of its variation such a ranking explains (Saltelli and Sobol 1995, Reliability Engineering
    and System Safety 50, 225-239; Marino and others 2008, Journal of Theoretical Biology 254, 178-196).

    Parameters
    ----------
    design : Design
        A sample.
    measured : array
        One number per point.
    confidence : float
        Of intervals.
    """
    columns: list[Floats] = []
    notes = {}
    for factor in design.factors:
        column = _ordered(design, factor)
        if column is None:
            notes[factor.name] = NO_ORDER
        elif np.ptp(column) == 0.0:
            notes[factor.name] = CONSTANT
        else:
            columns.append(stats.rankdata(column))
    count, points = len(columns), len(measured)
    if not count:
        raise UsageError("no factor has values in an order that varies, so there is nothing to rank; compare its values one by one")
    if points < count + 4:
        raise UsageError(f"{points} points cannot tell {count} factors apart; take at least {count + 4}, better {10 * count}")
    if np.ptp(measured) == 0.0:
        raise UsageError("the measure is the same at every point, so no factor changes it")
    table = np.column_stack([*columns, stats.rankdata(measured)])
    table = (table - table.mean(axis=0)) / table.std(axis=0)
    inputs, answer = table[:, :-1], table[:, -1]
    coefficients, _, rank, _ = np.linalg.lstsq(inputs, answer, rcond=None)
    if rank < count:
        raise UsageError("two factors of the sample always change together, so they cannot be told apart; take more points")
    explained = inputs @ coefficients
    partial = np.array([_partial(inputs, answer, place) for place in range(count)])
    half = float(ndtri(0.5 + confidence / 2.0)) / np.sqrt(points - count - 2.0)
    middle = np.arctanh(np.clip(partial, -1.0 + 1e-15, 1.0 - 1e-15))
    found = iter(zip(coefficients, partial, np.tanh(middle - half), np.tanh(middle + half), strict=True))
    rows = []
    for factor in design.factors:
        srrc, prcc, low, high = (np.nan,) * 4 if factor.name in notes else next(found)
        rows.append({"factor": factor.name, "srrc": srrc, "prcc": prcc, "prcc_low": low, "prcc_high": high, "note": notes.get(factor.name, "")})
    return pd.DataFrame(rows), {"r_squared": float(np.mean(explained * explained))}


def _ordered(design: Design, factor: Factor) -> Floats | None:
    """The values of a factor as numbers in their order; two values of whatever kind have one, three words have none."""
    if factor.numeric:
        return np.asarray(design.points[factor.name], np.float64)
    if len(factor.values) > 2:
        return None
    if all(isinstance(value, bool) for value in factor.values):
        return np.asarray(design.points[factor.name], np.float64)
    first = same(factor.values[0])
    return np.array([0.0 if same(as_said(value)) == first else 1.0 for value in design.points[factor.name]])


def _partial(inputs: Floats, answer: Floats, place: int) -> float:
    """The correlation of one factor and the measure after what the other factors explain is taken from both."""
    others = np.delete(inputs, place, axis=1)
    both = np.column_stack([inputs[:, place], answer])
    if others.shape[1]:
        both = both - others @ np.linalg.lstsq(others, both, rcond=None)[0]
    spread = np.sqrt((both * both).sum(axis=0))
    # What rounding leaves of a measure that the others explain wholly is no correlation.
    return 0.0 if spread.min() < 1e-9 * np.sqrt(len(answer)) else float(np.clip((both[:, 0] * both[:, 1]).sum() / spread.prod(), -1.0, 1.0))


def shares(design: Design, measured: Floats) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Shares of the variance over a full grid: what each factor explains alone, and what would be left without knowing it.

    They are Sobol's first-order and total indices of the measure as a function on the grid, whose points are equally likely; exact, for
    every combination is there.

    Parameters
    ----------
    design : Design
        A grid.
    measured : array
        One number per point, in the order of the grid.
    """
    names = [factor.name for factor in design.factors]
    sizes = [int(design.facts["levels"][name]) for name in names]
    cube = measured.reshape(sizes)
    whole = float(cube.var())
    if whole == 0.0:
        raise UsageError("the measure is the same at every point, so there is no variance to share out")

    def explained(kept: tuple[int, ...]) -> float:
        return float(cube.mean(axis=tuple(axis for axis in range(len(sizes)) if axis not in kept)).var()) / whole

    alone = [explained((axis,)) for axis in range(len(sizes))]
    without = [explained(tuple(other for other in range(len(sizes)) if other != axis)) for axis in range(len(sizes))]
    table = pd.DataFrame({"factor": names, "first_order": alone, "total": [1.0 - one for one in without]})
    both = list(itertools.combinations(range(len(sizes)), 2))
    pairs = pd.DataFrame({
        "factor": [names[one] for one, _ in both],
        "other": [names[other] for _, other in both],
        "second_order": [explained(pair) - alone[pair[0]] - alone[pair[1]] for pair in both],
    })  # fmt: skip
    return table, pairs
