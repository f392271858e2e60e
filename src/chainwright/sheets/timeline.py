"""Rows in time: put in the order of their dates or periods; what stands twice, is missing, or lies too close is told by its line."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.sheets.dates import Days
from chainwright.words.calendar import Calendar

DAYS_APART = {1: "day", 7: "week"}


@dataclasses.dataclass(frozen=True)
class Order:
    """Rows in the order of time.

    Parameters
    ----------
    rows : array of int
        The rows that are kept, in order.
    told : tuple of str
        What was done with them.
    wrong : tuple of (row, message)
        What is wrong; the rows mean nothing then.
    """

    rows: NDArray[np.int64]
    told: tuple[str, ...] = ()
    wrong: tuple[tuple[int, str], ...] = ()


def by_number(numbers: Sequence[int], lines: NDArray[np.int64], what: str = "period") -> Order:
    """Rows in the order of the numbers of their periods, none of which may be missing or stand twice; the first is 0 or 1.

    Examples
    --------
    >>> by_number([2, 1, 3], np.array([2, 3, 4])).rows.tolist(), by_number([1, 3], np.array([2, 3])).wrong
    ([1, 0, 2], ((1, 'period 2 is missing: 1 (line 2) is followed by 3; write a row for each, with 0 where there was nothing'),))
    """
    values = np.asarray(numbers, np.int64)
    rows, told = _sorted(values)
    ordered = values[rows]
    twice = np.flatnonzero(np.diff(ordered) == 0)
    if len(twice):
        first, again = sorted((int(rows[twice[0]]), int(rows[twice[0] + 1])))
        return Order(rows, wrong=((again, f"{what} {values[again]} stands there twice (in line {lines[first]} too)"),))
    if ordered[0] not in (0, 1):
        message = f"the first {what} is {ordered[0]}; periods count from 1, or say dates and the scenario's start"
        return Order(rows, wrong=((int(rows[0]), message),))
    gaps = np.flatnonzero(np.diff(ordered) > 1)
    if len(gaps):
        before, after = int(rows[gaps[0]]), int(rows[gaps[0] + 1])
        many = int((np.diff(ordered) - 1).sum())
        missing = f"{what} {values[before] + 1} is missing" + (f", and {many - 1:,} more" if many > 1 else "")
        message = f"{missing}: {values[before]} (line {lines[before]}) is followed by {values[after]}; {_ZEROS}"
        return Order(rows, wrong=((after, message),))
    return Order(rows, told)


_ZEROS = "write a row for each, with 0 where there was nothing"


def by_date(days: Days, lines: NDArray[np.int64], period: str | float | None, calendar: Calendar | None = None) -> Order:
    """Rows in the order of their days, one for each period.

    Parameters
    ----------
    days : array of datetime64[D]
        One for each row, none missing.
    lines : array of int
        Where the rows stand.
    period : str or float, optional
        Length of a period; told from the days where nothing is said.
    calendar : Calendar, optional
        When periods begin, where the rows are to be lined up with them: period 1 is the first row that is kept.

    Examples
    --------
    >>> days = np.array(["2026-01-19", "2026-01-05", "2026-01-12"], "datetime64[D]")
    >>> by_date(days, np.arange(2, 5), "week")
    Order(rows=array([1, 2, 0]), told=('rows were put in the order of their dates',), wrong=())
    >>> by_date(days[:2], np.arange(2, 4), "week").wrong[0][1]
    '2026-01-12 is missing: 2026-01-05 (line 3) is followed by 2026-01-19; write a row for each, with 0 where there was nothing'
    """
    rows, told = _sorted(days)
    ordered = days[rows]
    twice = np.flatnonzero(ordered[1:] == ordered[:-1])
    if len(twice):
        first, again = sorted((int(rows[twice[0]]), int(rows[twice[0] + 1])))
        return Order(rows, wrong=((again, f"{days[again]} stands there twice (in line {lines[first]} too)"),))
    if calendar is not None:
        found = calendar.periods(ordered)
        early = int((found < 1).sum())
        if early == len(rows):
            told = (*told, f"all dates lie before the start of {calendar.start}, so the first row is period 1")
            return Order(rows, told, _steady(days, rows, lines, period))
        if early:
            told = (*told, f"{early:,} row{'s' if early > 1 else ''} before the start of {calendar.start} left out")
            rows, ordered, found = rows[early:], ordered[early:], found[early:]
        if found[0] > 1:
            message = f"the first date is {ordered[0]}, period {found[0]:,}, but the scenario starts on {calendar.start}"
            return Order(rows, told, ((int(rows[0]), f"{message}; begin the series there, or let start be {ordered[0]}"),))
        return Order(rows, told, _steady(days, rows, lines, calendar.period, found))
    return Order(rows, told, _steady(days, rows, lines, period))


def _sorted(values: Any) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    rows = np.argsort(values, kind="stable")
    if len(values) < 2 or bool((values[1:] >= values[:-1]).all()):
        return rows, ()
    turned = bool((values[1:] <= values[:-1]).all())
    return rows, ("the newest row stands first, so rows were turned round" if turned else "rows were put in the order of their dates",)


def _steady(
    days: Days, rows: NDArray[np.int64], lines: NDArray[np.int64], period: str | float | None, found: NDArray[np.int64] | None = None
) -> tuple[tuple[int, str], ...]:
    """What is wrong where ordered days do not follow each other period by period."""
    ordered = days[rows]
    if len(ordered) < 2:
        return ()
    period = _step(ordered) if period is None else period
    calendar = Calendar(ordered[0].item(), period)
    found = calendar.periods(ordered) if found is None else found
    steps = np.diff(found)
    close = np.flatnonzero(steps == 0)
    word = period if isinstance(period, str) else f"{period:g} days"
    if len(close):
        before, after = int(rows[close[0]]), int(rows[close[0] + 1])
        message = f"{days[before]} (line {lines[before]}) and {days[after]} lie in one period of a {word}; add up what belongs to one period"
        return ((after, message),)
    gaps = np.flatnonzero(steps > 1)
    if not len(gaps):
        return ()
    before, after = int(rows[gaps[0]]), int(rows[gaps[0] + 1])
    # Where nearly every step is too long the file is about longer periods.
    if len(steps) > 1 and len(gaps) == len(steps) and _word(ordered) not in ("", word):
        return ((after, f"the rows lie a {_word(ordered)} apart, but a period is a {word}; bring rows for each {word}, or change the period"),)
    missing = calendar.dates([int(calendar.periods(ordered[gaps[0] : gaps[0] + 1])[0]) + 1])[0]
    many = int((steps - 1).sum())
    said = f"{missing} is missing" + (f", and {many - 1:,} more" if many > 1 else "")
    weekend = period == "day" and bool(np.isin(_weekdays(_missing(ordered)), (5, 6)).all())
    advice = f"{_ZEROS}" + (" (only weekends are missing: or take a period for a working day, and the dates out)" if weekend else "")
    return ((after, f"{said}: {days[before]} (line {lines[before]}) is followed by {days[after]}; {advice}"),)


def _step(ordered: Days) -> str | float:
    """How far most of some days lie apart."""
    apart = np.diff(ordered).astype(np.int64)
    months = np.diff(ordered.astype("datetime64[M]")).astype(np.int64)
    if bool((months >= 1).all()) and int(np.median(apart)) in range(28, 32):
        return "month"
    usual = int(np.median(apart))
    return DAYS_APART.get(usual, float(max(usual, 1)))


def _word(ordered: Days) -> str:
    """Day, week or month, where the days lie so far apart."""
    step = _step(ordered)
    return step if isinstance(step, str) else ""


def _missing(ordered: Days) -> Days:
    return np.setdiff1d(np.arange(ordered[0], ordered[-1] + np.timedelta64(1, "D")), ordered)


def _weekdays(days: Days) -> NDArray[np.int64]:
    """0 is Monday."""
    return (days.astype(np.int64) + 3) % 7
