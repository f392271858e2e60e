"""The days on which periods begin: from the date at which a scenario starts and the length of its periods."""

from __future__ import annotations

import dataclasses
import math
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

DAYS_OF_PERIOD = {"day": 1.0, "week": 7.0, "month": 30.4375}
# Days of which a text of ten signs is one; both ends are far from where counting days goes wrong.
FIRST_YEAR, LAST_YEAR = 1000, 9999


@dataclasses.dataclass(frozen=True)
class Calendar:
    """Which period a day lies in, and on which day a period begins; periods count from 1.

    A month begins on the same day of each calendar month, or on its last day where it has fewer.

    Parameters
    ----------
    start : date
        First day of period 1.
    period : str or float
        ``day``, ``week``, ``month``, or a number of days of at least 1.

    Examples
    --------
    >>> weeks = Calendar(date(2026, 1, 5), "week")
    >>> weeks.text(1), weeks.text(3), weeks.dates([2, 3]).tolist()
    ('2026-01-05', '2026-01-19', [datetime.date(2026, 1, 12), datetime.date(2026, 1, 19)])
    >>> weeks.periods(np.array(["2026-01-05", "2026-01-18", "2025-12-31"], "datetime64[D]")).tolist()
    [1, 2, 0]
    >>> Calendar(date(2026, 1, 31), "month").dates([1, 2, 3]).astype(str).tolist()
    ['2026-01-31', '2026-02-28', '2026-03-31']
    """

    start: date
    period: str | float = "day"

    @property
    def _days(self) -> float:
        return DAYS_OF_PERIOD[self.period] if isinstance(self.period, str) else float(self.period)

    def dates(self, periods: Any) -> NDArray[np.datetime64]:
        """The first day of each of some periods."""
        steps = np.asarray(periods, np.int64) - 1
        first = np.datetime64(self.start, "D")
        if self.period != "month":
            return np.asarray(first + np.floor(steps * self._days + 1e-9).astype("timedelta64[D]"))
        months = first.astype("datetime64[M]") + steps.astype("timedelta64[M]")
        days = months.astype("datetime64[D]")
        last = (months + np.timedelta64(1, "M")).astype("datetime64[D]") - days - np.timedelta64(1, "D")
        return np.asarray(days + np.minimum(last, np.timedelta64(self.start.day - 1, "D")))

    def periods(self, days: NDArray[np.datetime64]) -> NDArray[np.int64]:
        """The period in which each of some days lies; below 1 before the start."""
        days = np.asarray(days, "datetime64[D]")
        if self.period == "month":
            found = (days.astype("datetime64[M]") - np.datetime64(self.start, "M")).astype(np.int64) + 1
        else:
            found = np.floor((days - np.datetime64(self.start, "D")).astype(np.int64) / self._days).astype(np.int64) + 1
        # What is said in days as a fraction, and the last days of short months, are settled by when the periods begin.
        found += self.dates(found + 1) <= days
        return np.asarray(found - (self.dates(found) > days), np.int64)

    def text(self, period: int) -> str:
        """The first day of one period, as 2026-01-05."""
        return str(self.dates([period])[0])

    @property
    def word(self) -> str:
        """What a period is called: day, week, month, or period where it is a number of days."""
        return self.period if isinstance(self.period, str) else "period"


def parsed_start(text: Any) -> date | None:
    """The day that a text such as 2026-01-05 says; None where it says none.

    Examples
    --------
    >>> parsed_start("2026-01-05"), parsed_start("2026-02-30"), parsed_start("5.1.2026"), parsed_start(20260105)
    (datetime.date(2026, 1, 5), None, None, None)
    """
    if not isinstance(text, str) or len(text) != 10:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


def days_of_period(period: str | float | None) -> float:
    """The length of a period in days: of a word, or as it is said; a day where nothing is said.

    Examples
    --------
    >>> days_of_period("week"), days_of_period(10), days_of_period(None)
    (7.0, 10.0, 1.0)
    """
    return DAYS_OF_PERIOD[period or "day"] if isinstance(period, str | None) else float(period)


def known_period(period: Any) -> str | float | None:
    """The length of a period as a scenario says it; None where it says none, or one that has no dates.

    Examples
    --------
    >>> known_period("week"), known_period(10), known_period(None), known_period(0.5), known_period("fortnight")
    ('week', 10, None, None, None)
    """
    if isinstance(period, str):
        return period if period in DAYS_OF_PERIOD else None
    if isinstance(period, bool) or not isinstance(period, int | float):
        return None
    return period if math.isfinite(period) and period >= 1.0 else None


def calendar_of(start: Any, period: Any) -> Calendar | None:
    """The calendar of a scenario; None where it says no start, or one that cannot be.

    Examples
    --------
    >>> calendar_of("2026-01-05", "week")
    Calendar(start=datetime.date(2026, 1, 5), period='week')
    """
    day, length = parsed_start(start), known_period("day" if period is None else period)
    return None if day is None or length is None else Calendar(day, length)
