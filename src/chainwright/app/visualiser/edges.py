"""Where the runs of a timeline lie in each period: shares of them below a line, of each echelon and of the network as a whole."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.experiment.result import Result
from chainwright.report.screen.numbers import exact, listed

Floats = NDArray[np.float64]
# Of the runs of a band these shares lie below its lower edge, its middle and its upper edge.
EDGES = {"low": 5.0, "middle": 50.0, "high": 95.0}
# What is summed up of a run is the measure of its summary, to this share of it.
SAME = 1e-9


def edges(values: Floats) -> Floats:
    """The edges over the first axis, of those runs that tell something; nothing where none does.

    Examples
    --------
    >>> edges(np.array([[1.0, np.nan], [3.0, np.nan]]))[1].tolist()
    [2.0, nan]
    """
    silent = np.isnan(values)
    none = silent.all(axis=0)
    if silent.any():
        found = np.nanpercentile(np.where(none, 0.0, values), list(EDGES.values()), axis=0)
        return np.where(none, np.nan, found)
    return np.percentile(values, list(EDGES.values()), axis=0)


def of_echelons(columns: dict[str, Floats]) -> dict[str, Any]:
    """By column of the echelons and edge, the values of each period.

    Parameters
    ----------
    columns : dict of array
        By name, values by run, period and echelon. What was shipped in time of what was asked for is told as ``fill_rate``.
    """
    told: dict[str, Any] = {}
    for name, values in [*columns.items(), ("fill_rate", _share(columns["shipped_in_time"], columns["asked"]))]:
        if np.nan_to_num(values).any():
            told[name] = {edge: [listed(row) for row in found] for edge, found in zip(EDGES, edges(values), strict=True)}
    return told


def of_network(columns: dict[str, Floats], result: Result) -> dict[str, Any]:
    """By measure and edge, a value for each period: the costs of the period, its fill rate, and the fill rate so far.

    The fill rates are told where the echelon next to the customers sells all that they buy, so that its sums are those of the network.

    Parameters
    ----------
    columns : dict of array
        By name, values by run, period and echelon.
    result : Result
        The runs, with their summary.
    """
    told = {"total_cost": columns["total_cost"].sum(axis=2)}
    if columns["asked"].shape[2] > 1:
        shipped, asked = (columns[name][:, :, 1].copy() for name in ("shipped_in_time", "asked"))
        period = _share(shipped, asked)
        warm_up = result.periods - result.measured_periods
        shipped[:, :warm_up], asked[:, :warm_up] = 0.0, 0.0
        so_far = _share(np.cumsum(shipped, axis=1), np.cumsum(asked, axis=1))
        if np.allclose(so_far[:, -1], result.summary["fill_rate"], rtol=SAME, atol=SAME, equal_nan=True):
            told |= {"fill_rate": so_far, "fill_rate_of_period": period}
    return {name: _by_edge(values) for name, values in told.items()}


def _by_edge(values: Floats) -> dict[str, list[Any]]:
    return {edge: [exact(one) for one in row.tolist()] for edge, row in zip(EDGES, edges(values), strict=True)}


def _share(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.full_like(part, np.nan), where=whole > 0)
