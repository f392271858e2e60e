"""Summing a sweep's table up by design point: means with intervals, the best point, points that no other beats."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from chainwright.experiment.sheet import Sheet
from chainwright.metrics.group_means import means
from chainwright.words.errors import UsageError

Floats = NDArray[np.float64]

def by_point(table: Any, measures: Sequence[str], confidence: float) -> pd.DataFrame:
    """One row per design point: factors, numbers of runs, and for each measure mean, interval and half its width.

    Parameters
    ----------
    table : SweepTable
        The rows.
    measures : sequence of str
        Columns to sum up.
    confidence : float
        Level of the intervals.
    """
    point, ids = pd.factorize(table["design_id"], sort=True)
    count = len(ids)
    first = np.full(count, -1, np.int64)
    # Written backwards, so that the first row of each point stays.
    first[point[::-1]] = np.arange(len(table))[::-1]
    done = (table["status"] == "done").to_numpy()
    columns: dict[str, Any] = {"design_id": np.asarray(ids)}
    for name in table.factors:
        columns[name] = table[name].take(first).reset_index(drop=True)
    columns["done"] = np.bincount(point[done], minlength=count)
    columns["failed"] = np.bincount(point[~done], minlength=count)
    for name in measures:
        values = table[name].to_numpy(np.float64)
        known = done & ~np.isnan(values)
        mean, half = means(values[known], point[known], count, confidence)
        columns |= {name: mean, f"{name}_low": mean - half, f"{name}_high": mean + half, f"{name}_half_width": half}
    return Sheet(columns)


def matrix(table: Any, measure: str, points: int) -> Floats:
    """A measure with one row per point of the design and one column per replication; of points that differ in number of replications
    one column with their means.

    Parameters
    ----------
    table : SweepTable
        The rows; points that are not among them are empty (nan).
    measure : str
        A column.
    points : int
        Points of the design.
    """
    rep, reps = pd.factorize(table["rep"], sort=True)
    found = np.full((points, len(reps)), np.nan)
    done = (table["status"] == "done").to_numpy()
    found[table["design_id"].to_numpy(np.int64)[done], rep[done]] = table[measure].to_numpy(np.float64)[done]
    known = ~np.isnan(found)
    if known.all():
        return found
    count = known.sum(axis=1)
    return np.asarray(np.divide(np.where(known, found, 0.0).sum(axis=1), count, out=np.full(points, np.nan), where=count > 0))[:, None]


def best(points: pd.DataFrame, measure: str, measures: Sequence[str], less: bool) -> pd.Series[Any]:
    """The row with the best mean of a measure; of several the first.

    Raises
    ------
    UsageError
        When no point has a value.
    """
    known = points[points[measure].notna()]
    if known.empty:
        raise UsageError(f"no run of the sweep gave {measure!r}; see its failures")
    # As objects, so that whole numbers stay whole beside the means.
    values = known[measure].to_numpy(np.float64)
    row: pd.Series[Any] = known.astype(object).iloc[int(values.argmin() if less else values.argmax())]
    extra = {f"{measure}_{end}" for end in ("low", "high", "half_width")}
    hidden = {f"{name}_{end}" for name in measures for end in ("low", "high", "half_width")} - extra
    return row.drop([name for name in points.columns if name in hidden])


def pareto(points: pd.DataFrame, measures: Sequence[str], less: Sequence[bool]) -> pd.DataFrame:
    """The rows that no other row dominates, the best in the first measure first.

    Parameters
    ----------
    points : DataFrame
        One row per point.
    measures : sequence of str
        Columns to weigh against each other.
    less : sequence of bool
        For each whether less is better.

    Examples
    --------
    >>> points = pd.DataFrame({"cost": [1.0, 2.0, 3.0], "service": [0.5, 0.9, 0.8]})
    >>> pareto(points, ["cost", "service"], [True, False]).index.tolist()
    [0, 1]
    """
    known = points[points[list(measures)].notna().all(axis=1)]
    signed = known[list(measures)].to_numpy(np.float64) * np.where(less, 1.0, -1.0)
    rows, which = np.unique(signed, axis=0, return_inverse=True)
    kept = unbeaten(rows)
    # In the order of the first measure, points of the same values in the order of the design.
    chosen = np.flatnonzero(kept[which.ravel()])
    return known.iloc[chosen[np.argsort(which.ravel()[chosen], kind="stable")]]


def unbeaten(rows: Floats) -> NDArray[np.bool_]:
    """Which rows no other row beats, less being better; they must differ and be sorted, so that nobody is beaten by a later one."""
    kept = np.zeros(len(rows), bool)
    if rows.shape[1] == 2 and len(rows):
        lowest = np.minimum.accumulate(rows[:, 1])
        kept[0] = True
        kept[1:] = rows[1:, 1] < lowest[:-1]
        return kept
    alive = np.arange(len(rows))
    while alive.size:
        kept[alive[0]] = True
        # What a row beats is struck out, so that few rows are looked at.
        alive = alive[~(rows[alive[0]] <= rows[alive]).all(axis=1)]
    return kept
