"""Differences between scenarios over replications: paired, as of independent runs, and between the points of a sweep."""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from chainwright.experiment.sheet import Sheet
from chainwright.metrics.intervals import CONFIDENCE, check_confidence, half_width, student
from chainwright.state.totals import NOISE
from chainwright.words.errors import UsageError

Floats = NDArray[np.float64]

# Differences below it are rounding even beside a metric that is 0.
SMALLEST = 1e-12
# Half-widths that differ by no more are the same.
ROUNDING = 1e-9
# More runs than these are not counted one by one.
MOST_RUNS = 1e15


@dataclass(frozen=True)
class Paired:
    """The difference of two series that were paired run by run.

    Parameters
    ----------
    pairs : int
        How many runs both have a value of.
    difference, half_width : float
        Mean of b - a, and half the width of its interval.
    correlation : float
        Between the two over the runs; not a number where one of them does not vary.
    half_width_without_pairing : float
        Half the width that so many independent runs of each would give, by Welch's interval.
    runs_without_pairing : float
        How many independent runs of each would give the half-width of the pairs: infinite where all pairs differ by the same.
    """

    pairs: int
    difference: float
    half_width: float
    correlation: float
    half_width_without_pairing: float
    runs_without_pairing: float

    @property
    def low(self) -> float:
        """Lower end of the interval."""
        return self.difference - self.half_width

    @property
    def high(self) -> float:
        """Upper end of the interval."""
        return self.difference + self.half_width

    @property
    def runs_saved(self) -> float:
        """Runs of both together that pairing saved; below 0 where it cost some."""
        return 2.0 * (self.runs_without_pairing - self.pairs)


def paired(a: ArrayLike, b: ArrayLike, confidence: float = CONFIDENCE, several: int = 1) -> Paired:
    """Compare two series run by run; runs of which one is empty are left out.

    Parameters
    ----------
    a, b : array of float
        The same runs in the same order.
    confidence : float
        Level of the interval.
    several : int
        How many such intervals shall hold together with that confidence (Bonferroni).

    Examples
    --------
    >>> found = paired([1.0, 5.0, 9.0, 3.0], [2.0, 6.5, 10.0, 4.5])
    >>> found.difference, round(found.half_width, 3), round(found.correlation, 3), found.runs_without_pairing
    (1.25, 0.459, 0.996, 422.0)
    """
    one, other = np.asarray(a, np.float64), np.asarray(b, np.float64)
    # What is left of a sum of many terms after rounding is no difference.
    scale = float(np.fmax(_largest(one), _largest(other)))
    slightest = max(NOISE * scale, SMALLEST) if math.isfinite(scale) else SMALLEST
    both = ~np.isnan(other - one)
    one, other = one[both], other[both]
    gaps = other - one
    gaps = np.where(np.abs(gaps) <= slightest, 0.0, gaps)
    count = len(gaps)
    mean = float(gaps.mean()) if count else math.nan
    # The same difference in every run has no uncertainty that replications could show.
    alike = count > 0 and not np.any(gaps - gaps[0])
    half = half_width(gaps, confidence, several)
    if alike:
        half = 0.0 if count > 1 or mean == 0.0 else math.nan
    if count < 2:
        return Paired(count, mean, half, math.nan, math.nan, math.nan)
    variances = (_variance(one, slightest), _variance(other, slightest))
    correlation = math.nan
    if min(variances) > 0.0:
        product = float(((one - one.mean()) * (other - other.mean())).sum()) / (count - 1)
        correlation = min(1.0, max(-1.0, product / math.sqrt(variances[0] * variances[1])))
    needed = runs_for(half, *variances, count, confidence, several)
    return Paired(count, mean, half, correlation, welch_half_width(*variances, count, confidence, several), needed)


def welch_half_width(variance_a: float, variance_b: float, runs: float, confidence: float = CONFIDENCE, several: int = 1) -> float:
    """Half the width of Welch's interval of the difference of two means of so many independent runs each.

    Welch, B. L. (1947). The generalization of "Student's" problem when several different population variances are involved.
    Biometrika 34, 28-35.

    Examples
    --------
    >>> round(welch_half_width(4.0, 4.0, 10), 3)
    1.879
    """
    total = variance_a + variance_b
    if total == 0.0:
        return 0.0
    share = variance_a / total
    degrees = (runs - 1.0) / (share * share + (1.0 - share) * (1.0 - share))
    return student(degrees, confidence, several) * math.sqrt(total / runs)


def runs_for(half: float, variance_a: float, variance_b: float, pairs: int, confidence: float = CONFIDENCE, several: int = 1) -> float:
    """The least number of independent runs of each for which Welch's interval is as narrow as that of the pairs.

    Parameters
    ----------
    half : float
        Half the width that is wanted.
    variance_a, variance_b : float
        Sample variances of the two.
    pairs : int
        How many pairs gave the half-width; the answer where nothing varies.

    Examples
    --------
    >>> runs_for(0.5, 4.0, 4.0, 10)
    125.0
    """
    if variance_a + variance_b == 0.0:
        return float(pairs)
    if half == 0.0:
        return math.inf
    half *= 1.0 + ROUNDING
    low, high = 1.0, 2.0
    while welch_half_width(variance_a, variance_b, high, confidence, several) > half:
        low, high = high, 2.0 * high
        if high > MOST_RUNS:
            return math.inf
    while high - low > 1.0:
        middle = math.floor((low + high) / 2.0)
        if welch_half_width(variance_a, variance_b, middle, confidence, several) > half:
            low = middle
        else:
            high = middle
    return float(high)


def differences(
    table: pd.DataFrame, baseline: Hashable, measure: str, confidence: float = CONFIDENCE, *, simultaneous: bool = False, by: str = "design_id"
) -> pd.DataFrame:
    """Paired differences between the points of a sweep and one of them.

    Parameters
    ----------
    table : SweepTable or DataFrame
        One row per point and replication, with the columns ``rep``, the measure, and ``status`` where some may have failed.
    baseline : int
        The ``design_id`` of the point that the others are compared with.
    measure : str
        Which column.
    confidence : float
        Level of the intervals.
    simultaneous : bool
        Whether all intervals shall hold together with that confidence (Bonferroni), rather than each by itself.
    by : str
        The column that tells points apart.

    Returns
    -------
    DataFrame
        One row for every other point, in the order of the table: the point, its factors where the table knows them, pairs, its mean
        over the pairs, the mean difference to the baseline, low, high, correlation and runs_saved.

    Raises
    ------
    UsageError
        When a column or the baseline is not there, or a replication stands twice.

    Examples
    --------
    >>> table = pd.DataFrame({"design_id": [0, 0, 0, 1, 1, 1], "rep": [0, 1, 2] * 2, "total_cost": [4.0, 6.0, 8.0, 5.0, 8.0, 9.0]})
    >>> differences(table, 0, "total_cost")[["design_id", "pairs", "difference"]].to_dict("records")
    [{'design_id': 1, 'pairs': 3, 'difference': 1.333...}]
    """
    check_confidence(confidence)
    missing = [name for name in (by, "rep", measure) if name not in table.columns]
    if missing:
        raise UsageError(f"the table has no column {missing[0]!r}")
    rows = table[table["status"] == "done"] if "status" in table.columns else table
    if not (table[by] == baseline).any():
        raise UsageError(f"no row of the table has {by} {baseline!r}")
    if rows.duplicated([by, "rep"]).any():
        raise UsageError(f"a replication of a {by} stands twice in the table")
    if not pd.api.types.is_numeric_dtype(rows[measure]):
        raise UsageError(f"the column {measure!r} holds no numbers")
    wide = rows.pivot(index="rep", columns=by, values=measure).astype(np.float64)
    order = [point for point in pd.unique(table[by]) if point != baseline]
    several = max(1, len(order)) if simultaneous else 1
    empty = np.full(len(wide), np.nan)
    own = wide[baseline].to_numpy() if baseline in wide else empty
    factors = [name for name in getattr(table, "factors", ()) if name in table.columns]
    firsts = table.drop_duplicates(by).set_index(by) if factors else table
    found = []
    for point in order:
        values = wide[point].to_numpy() if point in wide else empty
        one = paired(own, values, confidence, several)
        known = values[~np.isnan(values - own)]
        row = {by: point} | {name: firsts.at[point, name] for name in factors} | {"pairs": one.pairs}
        row |= {"mean": float(known.mean()) if one.pairs else math.nan, "difference": one.difference, "low": one.low, "high": one.high}
        found.append(row | {"correlation": one.correlation, "runs_saved": one.runs_saved})
    columns = [by, *factors, "pairs", "mean", "difference", "low", "high", "correlation", "runs_saved"]
    return Sheet(found, columns=columns)


def _largest(values: Floats) -> float:
    """The largest size of the values that are known."""
    return float(np.nanmax(np.abs(values))) if np.any(~np.isnan(values)) else math.nan


def _variance(values: Floats, slightest: float) -> float:
    """The sample variance; none where the values differ by rounding only."""
    return float(values.var(ddof=1)) if float(np.ptp(values)) > slightest else 0.0
