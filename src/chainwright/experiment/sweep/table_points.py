"""Summing a sweep's table up by design point: means with intervals, the best point, points that no other beats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtrit

from chainwright.scenario.paths import split_path
from chainwright.words.errors import UsageError

Floats = NDArray[np.float64]

# Of which metrics less is better, and of which more; of the others (demand, throughput of a part, goods in transit) it depends.
LESS = {
    *("bullwhip_ratio", "bullwhip_ratio_to_end_demand", "net_stock_amplification", "orders_variance", "net_stock_variance"),
    *("on_hand_mean", "on_hand_value_mean", "backorder_mean", "lost_sales", "lost", "days_of_supply", "total_cost", "cost_per_period"),
    *("holding_cost", "backorder_cost", "in_transit_holding_cost", "ordering_cost", "production_cost", "purchase_cost"),
}
MORE = {"fill_rate", "cycle_service_level", "on_time_in_full", "throughput", "turns", "revenue", "cash"}


def metric_of(measure: str) -> str:
    """The metric of a measure: its last word.

    Examples
    --------
    >>> metric_of("items.retailer.beer.fill_rate"), metric_of("total_cost")
    ('fill_rate', 'total_cost')
    """
    return split_path(measure)[-1]


def less_is_better(measure: str) -> bool | None:
    """Whether less of a measure is better; None where nobody can tell.

    Examples
    --------
    >>> less_is_better("total_cost"), less_is_better("enterprises.retailer.fill_rate"), less_is_better("demand_mean")
    (True, False, None)
    """
    metric = metric_of(measure)
    return True if metric in LESS else False if metric in MORE else None


def directions(measures: Sequence[str], minimise: Mapping[str, bool] | None = None) -> list[bool]:
    """For each measure whether less is better.

    Raises
    ------
    UsageError
        When that is neither known nor said.
    """
    said = dict(minimise or {})
    found = [said.get(name, less_is_better(name)) for name in measures]
    unknown = [name for name, less in zip(measures, found, strict=True) if less is None]
    if unknown:
        raise UsageError(f"nobody can tell whether less of {unknown[0]!r} is better; say minimise={{{unknown[0]!r}: True}} or False")
    return [bool(less) for less in found]


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
    return pd.DataFrame(columns)


def means(values: Floats, group: NDArray[Any], groups: int, confidence: float) -> tuple[Floats, Floats]:
    """Mean of each group and half the width of its interval of Student's t; empty (nan) where a group has no value, or one alone.

    Examples
    --------
    >>> import numpy as np
    >>> mean, half = means(np.array([1.0, 2.0, 3.0, 7.0]), np.array([0, 0, 0, 1]), 2, 0.95)
    >>> mean.tolist(), half.round(3).tolist()
    ([2.0, 7.0], [2.484, nan])
    """
    number = np.bincount(group, minlength=groups)
    empty = np.full(groups, np.nan)
    mean = np.divide(np.bincount(group, values, groups), number, out=empty.copy(), where=number > 0)
    away = values - mean[group]
    variance = np.divide(np.bincount(group, away * away, groups), number - 1, out=empty.copy(), where=number > 1)
    error = np.sqrt(np.divide(variance, number, out=empty.copy(), where=number > 1))
    return mean, np.asarray(stdtrit(np.maximum(number - 1, 1), 0.5 + confidence / 2.0) * error)


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
    # In this order nobody is dominated by one that comes after; what a row dominates is struck out, so few rows are looked at.
    order = np.lexsort(signed.T[::-1])
    rows, kept = signed[order], []
    alive = np.arange(len(rows))
    while alive.size:
        here = rows[alive[0]]
        kept.append(alive[0])
        beaten = (here <= rows[alive]).all(axis=1) & (here < rows[alive]).any(axis=1)
        beaten[0] = True
        alive = alive[~beaten]
    return known.iloc[order[kept]]
