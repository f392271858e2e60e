"""How well a forecast did: its error of one period, and the deviation that a safety stock is computed from."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainwright.policies.base import Memory, parameter
from chainwright.policies.columnwise import added, alike, choose, enough, ring

# What forecasting policies write besides their answer.
WRITTEN = ("forecast_deviation", "forecast_lead_time")

# -1 stands for "no error yet": a squared error is never negative.
SQUARED_ERROR = {"squared_error": Memory("Smoothed squared error of the one-period forecast; -1 before the first", -1.0)}

AGE = {"age": Memory("Number of demands observed so far")}
FORECAST = {"forecast": Memory("Forecast made in the period before")}


def deviation_parameter() -> Any:
    """The parameter for a fixed deviation of the forecast error."""
    return parameter(
        "Standard deviation of the forecast error of one period; re-estimated from the forecast's own errors where nothing is said",
        None,
        unit="units per period",
        minimum=0.0,
    )


def error_smoothing_parameter() -> Any:
    """The parameter for smoothing squared errors."""
    return parameter("Weight of the newest squared error, where the deviation is re-estimated", 0.1, unit="share", minimum=0.0, maximum=1.0)


def smoothed_deviation(view: Any, fixed: Any, smoothing: Any, error: Any, known: Any) -> tuple[Any, dict[str, Any]]:
    """Deviation of the forecast error, fixed or from exponentially smoothed squared errors, and what to remember.

    Parameters
    ----------
    view : view
        What the policy sees.
    fixed : float, column or None
        The fixed deviation; None to re-estimate it.
    smoothing : float or column
        Weight of the newest squared error.
    error : float or column
        This period's demand less what was forecast for it.
    known : bool or column
        Whether there was a forecast.
    """
    if fixed is not None:
        return alike(fixed, view.demand), {}
    before = view.memory("squared_error")
    squared = error * error
    mixed = np.where(np.asarray(before) < 0.0, squared, smoothing * squared + (1.0 - smoothing) * before)
    after = np.where(known, mixed, before)
    return np.sqrt(np.where(after > 0.0, after, 0.0)), {"squared_error": after}


def latest_deviation(view: Any, fixed: Any, periods: Any, error: Any, age: Any, fewest: Any, first: int) -> tuple[Any, dict[str, Any]]:
    """Deviation of the forecast error, fixed or the root mean square of the latest errors, and what to remember.

    Parameters
    ----------
    view : view
        What the policy sees.
    fixed : float, column or None
        The fixed deviation; None to re-estimate it.
    periods : float or column
        How many errors the mean is taken over; fewer where there are not so many yet.
    error : float or column
        This period's demand less what was forecast for it.
    age : float or column
        How many demands were observed before this one.
    fewest : float
        The smallest of these numbers.
    first : int
        From which age on there is an error: 0 where the first demand was forecast too, else 1.
    """
    if fixed is not None:
        return alike(fixed, view.demand), {}
    kept = ring(view, "squared_errors")
    width = len(kept)
    squared = error * error
    if enough(fewest - first + 1.0, periods):
        return np.sqrt((added(kept[width - periods + 1 :]) + squared) / periods), {"squared_errors": squared}
    # How many errors there were before this one; -1 where this period's is not an error yet.
    errors_before, fewest = age - first, fewest - first
    known = np.asarray(errors_before) >= 0.0
    total: Any = 0.0
    for place, old in enumerate(kept):
        back = width - place
        counts = back < periods
        if counts is not False:
            total = total + choose(counts & (back <= fewest or back <= np.asarray(errors_before)), old, 0.0)
    squared = choose(known, squared, 0.0)
    total = total + squared
    count = np.minimum(errors_before + 1.0, periods)
    return np.sqrt(total / choose(count > 0.0, count, 1.0)), {"squared_errors": squared}
