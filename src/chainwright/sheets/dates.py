"""Dates as they are written in one country or another: fields of text turned into days, and what may be read in two ways."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from chainwright.words.calendar import Calendar

Days = NDArray[np.datetime64]
DAY_FIRST, MONTH_FIRST = "day_first", "month_first"
ORDERS = (DAY_FIRST, MONTH_FIRST)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# Two digits of a year are of this century.
_CENTURY = 2000
_FIRST_YEAR, _LAST_YEAR = 1900, 2199
# What a clock says behind a day.
_CLOCK = r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?: ?[AaPp][Mm])?(?:Z|[+-]\d{2}:?\d{2})?)?"
_ISO = re.compile(rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}}){_CLOCK}", re.ASCII)
_DOTS = re.compile(rf"(\d{{1,2}})\.(\d{{1,2}})\.(\d{{4}}|\d{{2}}){_CLOCK}", re.ASCII)
_SLASHES = re.compile(rf"(\d{{1,2}})([/-])(\d{{1,2}})\2(\d{{4}}|\d{{2}}){_CLOCK}", re.ASCII)
_EIGHT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_WEEK = re.compile(r"(\d{4})[- ]?(?:W|w|KW|CW|S|wk) ?(\d{1,2})", re.ASCII)
_WEEK_FIRST = re.compile(r"(?:W|w|KW|CW|[Ww]eek|[Ww]k) ?(\d{1,2})[ /-]+(\d{4})", re.ASCII)
_MONTH = re.compile(r"(\d{4})[-/.](\d{1,2})", re.ASCII)
_MONTH_FIRST = re.compile(r"(\d{1,2})[/.](\d{4})", re.ASCII)
_SIX = re.compile(r"(\d{4})(\d{2})", re.ASCII)
_WORDS = re.compile(r"(?:(\d{1,2})[. -]*)?([A-Za-z]{3,9})\.?[ -]*(?:(\d{1,2}),? +)?'?(\d{4}|\d{2})", re.ASCII)
# Seconds since 1970, or thousandths, millionths and so on of them, by their number of digits.
_SINCE_1970 = re.compile(r"[1-9]\d{8,18}", re.ASCII)
_UNITS = {9: "s", 10: "s", 12: "ms", 13: "ms", 15: "us", 16: "us", 18: "ns", 19: "ns"}
_NUMBER = re.compile(r"[+-]?[0-9]*[.,]?[0-9]*(?:[eE][+-]?[0-9]+)?", re.ASCII)
_SERIAL = re.compile(r"[2-6]\d{4}", re.ASCII)


@dataclasses.dataclass(frozen=True)
class Dates:
    """What the fields of a column come to as days.

    Parameters
    ----------
    days : array of datetime64[D]
        The day, or the first one of a week or month; NaT where a field is empty or no date.
    assumed : str
        What was assumed, if anything.
    asked : str
        What must be said first, where the fields may be read in two ways.
    """

    days: Days
    assumed: str = ""
    asked: str = ""


Reading = Callable[[str], date | None]


def dates(fields: Sequence[str], order: str | None = None, period: str | float | None = None, said: bool = False) -> Dates | None:
    """The days that some fields say; None where they are no dates.

    Parameters
    ----------
    fields : sequence of str
        Texts without spaces at the ends; empty ones are passed over.
    order : {"day_first", "month_first"}, optional
        What comes first in 01/02/2026; told from the fields where nothing is said.
    period : str or float, optional
        How far the fields should lie apart, by which two readings can be told apart: ``day``, ``week``, ``month``.
    said : bool
        Whether the column says that it holds dates; what reads as a number, such as 202601, 20260105, or 46027 (as spreadsheets count days),
        is taken for a date only then.

    Examples
    --------
    >>> dates(["2026-01-05", "2026-01-12"]).days.astype(str).tolist()
    ['2026-01-05', '2026-01-12']
    >>> dates(["13/01/2026", "14/01/2026"]).assumed, dates(["1.2.26"]).days.astype(str).tolist()
    ('dates have the day first', ['2026-02-01'])
    >>> dates(["202601", "202602"], said=True).asked
    '202601 may be a week or a month; write 2026-W01 or 2026-01'
    >>> dates(["4", "8"]) is None
    True
    """
    found = _found(fields, order, period, said)
    return None if found is None or bool(np.isnat(found.days).all()) else found


def _found(fields: Sequence[str], order: str | None, period: str | float | None, said: bool) -> Dates | None:
    """What most of some fields are written like."""
    texts = list(dict.fromkeys(field for field in fields if field))
    if not texts or (not said and 2 * sum(_NUMBER.fullmatch(one) is not None for one in texts) > len(texts)):
        return None
    for pattern, reading in _PLAIN:
        if _most(texts, pattern):
            return _made(fields, reading)
    if _most(texts, _SLASHES):
        return _slashes(fields, texts, order, period)
    if _most(texts, _SIX) and all(_FIRST_YEAR <= int(one[:4]) <= _LAST_YEAR for one in texts if _SIX.fullmatch(one)):
        return _six(fields, texts, period)
    if said and _most(texts, _SERIAL):
        made = _made(fields, lambda text: date(1899, 12, 30) + timedelta(int(text)) if _SERIAL.fullmatch(text) else None)
        return dataclasses.replace(made, assumed="dates are numbers of days, as spreadsheets count them")
    return None


def _most(texts: Sequence[str], pattern: re.Pattern[str]) -> bool:
    return 2 * sum(pattern.fullmatch(one) is not None for one in texts) >= len(texts)


def _made(fields: Sequence[str], reading: Reading, assumed: str = "") -> Dates:
    known = {field: reading(field) for field in dict.fromkeys(fields) if field}
    return Dates(np.array([known.get(field) for field in fields], "datetime64[D]"), assumed)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        found = date(_CENTURY + year if year < 100 else year, month, day)
    except ValueError:
        return None
    return found if _FIRST_YEAR <= found.year <= _LAST_YEAR else None


def _iso(text: str) -> date | None:
    found = _ISO.fullmatch(text)
    return _day(int(found[1]), int(found[3]), int(found[4])) if found else None


def _eight(text: str) -> date | None:
    found = _EIGHT.fullmatch(text)
    return _day(int(found[1]), int(found[2]), int(found[3])) if found else None


def _dots(text: str) -> date | None:
    found = _DOTS.fullmatch(text)
    return _day(int(found[3]), int(found[2]), int(found[1])) if found else None


def _of_week(year: int, week: int) -> date | None:
    try:
        return date.fromisocalendar(year, week, 1)
    except ValueError:
        return None


def _week(text: str) -> date | None:
    if found := _WEEK.fullmatch(text):
        return _of_week(int(found[1]), int(found[2]))
    found = _WEEK_FIRST.fullmatch(text)
    return _of_week(int(found[2]), int(found[1])) if found else None


def _month(text: str) -> date | None:
    if found := _MONTH.fullmatch(text):
        return _day(int(found[1]), int(found[2]), 1)
    found = _MONTH_FIRST.fullmatch(text)
    return _day(int(found[2]), int(found[1]), 1) if found else None


def _words(text: str) -> date | None:
    found = _WORDS.fullmatch(text)
    if found is None or found[2][:3].lower() not in _MONTHS or (found[1] and found[3]):
        return None
    return _day(int(found[4]), _MONTHS.index(found[2][:3].lower()) + 1, int(found[1] or found[3] or 1))


def _since_1970(text: str) -> date | None:
    if not _SINCE_1970.fullmatch(text) or len(text) not in _UNITS:
        return None
    found: date = np.array(int(text)).astype(f"datetime64[{_UNITS[len(text)]}]").astype("datetime64[D]").item()
    return found


# The first that fits most fields is taken.
_PLAIN: tuple[tuple[re.Pattern[str], Reading], ...] = (
    (_ISO, _iso), (_DOTS, _dots), (_WEEK, _week), (_WEEK_FIRST, _week), (_MONTH, _month), (_MONTH_FIRST, _month), (_SINCE_1970, _since_1970),
    (re.compile(r"(?:19|20|21)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])", re.ASCII), _eight),
    (re.compile(rf"(?=.*(?:{'|'.join(_MONTHS)}))" + _WORDS.pattern, re.ASCII | re.IGNORECASE), _words),
)  # fmt: skip


def _slashes(fields: Sequence[str], texts: Sequence[str], order: str | None, period: str | float | None) -> Dates:
    """05/01/2026, where day or month comes first."""
    parts = [(int(found[1]), int(found[3])) for one in texts if (found := _SLASHES.fullmatch(one))]

    def reading(day: int, month: int) -> Reading:
        def read(text: str) -> date | None:
            found = _SLASHES.fullmatch(text)
            return _day(int(found[4]), int(found[month]), int(found[day])) if found else None

        return read

    readings = {DAY_FIRST: reading(1, 3), MONTH_FIRST: reading(3, 1)}
    if order in readings:
        return _made(fields, readings[order])
    possible = [name for name, place in ((DAY_FIRST, 1), (MONTH_FIRST, 0)) if all(one[place] <= 12 for one in parts)]
    if len(possible) == 1:
        return _made(fields, readings[possible[0]], f"dates have the {possible[0].removesuffix('_first')} first")
    if not possible:
        # Some have the day first and some the month, or are no dates at all: told one by one.
        return _made(fields, readings[DAY_FIRST])
    steady = [name for name in possible if is_steady(_made(texts, readings[name]).days, period)] if len(texts) > 2 and period else []
    if len(steady) == 1:
        word = period if isinstance(period, str) else f"{period:g} days"
        first = steady[0].removesuffix("_first")
        return _made(fields, readings[steady[0]], f"dates have the {first} first, for only so they are a {word} apart")
    first = next(one for one in texts if _SLASHES.fullmatch(one))
    both = [readings[name](first) for name in ORDERS]
    asked = f"{first} may be {both[0]} or {both[1]}; say dates: {DAY_FIRST} or dates: {MONTH_FIRST}"
    return Dates(_made(fields, readings[DAY_FIRST]).days, asked=asked)


def _six(fields: Sequence[str], texts: Sequence[str], period: str | float | None) -> Dates:
    """202601, which is a week or a month."""
    last = [int(one[4:]) for one in texts if _SIX.fullmatch(one)]

    def week(text: str) -> date | None:
        return _of_week(int(text[:4]), int(text[4:])) if _SIX.fullmatch(text) else None

    def month(text: str) -> date | None:
        return _day(int(text[:4]), int(text[4:]), 1) if _SIX.fullmatch(text) else None

    if max(last) > 12 or period == "week":
        return _made(fields, week, f"{texts[0]} is a year and a week")
    if period == "month":
        return _made(fields, month, f"{texts[0]} is a year and a month")
    asked = f"{texts[0]} may be a week or a month; write {texts[0][:4]}-W{texts[0][4:]} or {texts[0][:4]}-{texts[0][4:]}"
    return Dates(_made(fields, month).days, asked=asked)


def is_steady(days: Days, period: str | float | None) -> bool:
    """Whether some days, put in order, lie one period apart each.

    Examples
    --------
    >>> is_steady(np.array(["2026-01-12", "2026-01-05", "2026-01-19"], "datetime64[D]"), "week")
    True
    """
    known = np.unique(days[~np.isnat(days)])
    if period is None or len(known) < 2 or len(known) < len(days):
        return False
    found = Calendar(known[0].item(), period).periods(known)
    return bool(np.array_equal(found, np.arange(1, len(known) + 1)))
