"""What the names and first fields of a table say: whether there is a header, which column holds times, and which rows are sums."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from chainwright.sheets.dates import dates
from chainwright.sheets.numbers import MISSING, is_number
from chainwright.sheets.sheet import Manner

# Names of columns of days, weeks, months, and of numbers of periods.
DATES = frozenset({
    "date", "day", "week", "month", "time", "timestamp", "datetime", "weekbeginning", "weekstart", "weekending", "yearweek", "yearmonth",
    "datum", "tag", "woche", "kw", "kalenderwoche", "monat", "fecha", "dia", "semana", "mes", "jour", "semaine", "mois", "data", "giorno",
    "settimana", "mese",
})  # fmt: skip
YEARS = frozenset({"year", "jahr", "ano", "annee", "anno"})
WEEKS = frozenset({"week", "woche", "kw", "kalenderwoche", "semana", "semaine", "settimana"})
MONTHS = frozenset({"month", "monat", "mes", "mois", "mese"})
PERIODS = frozenset({"period", "periods", "t", "periode", "periodo", "periodo no", "periodnumber", "periodno", "step", "tick"})
# What stands before a row of sums or means.
_SUMS = frozenset({
    "total", "totals", "sum", "sums", "grandtotal", "subtotal", "all", "overall", "summe", "gesamt", "gesamtsumme", "gesamtergebnis", "insgesamt",
    "zwischensumme", "somme", "totalgeneral", "suma", "totale",
})  # fmt: skip
_MEANS = frozenset({"average", "mean", "avg", "mittelwert", "durchschnitt", "moyenne", "promedio", "media"})
_UNNAMED = re.compile(r"(unnamed: \d+|index|level_0|row|rownumber|)\Z", re.IGNORECASE)


def plain(name: str) -> str:
    """A name in small letters without accents, spaces and signs.

    Examples
    --------
    >>> plain("Año / Día"), plain("Week-beginning")
    ('anodia', 'weekbeginning')
    """
    letters = "".join(sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign))
    return re.sub("[^a-z0-9]", "", letters.lower())


def says_dates(name: str) -> bool:
    """Whether a column is called a date, a day, a week or the like."""
    return plain(name) in DATES


def says_time(name: str) -> bool:
    """Whether a column is called a date or a period."""
    return plain(name) in DATES or plain(name) in PERIODS


def is_sum(text: str) -> bool:
    """Whether a field says that its row is a sum or a mean.

    Examples
    --------
    >>> is_sum("Grand Total:"), is_sum("Summe"), is_sum("2026-01-05")
    (True, True, False)
    """
    return plain(text) in _SUMS or plain(text) in _MEANS


def sum_or_mean(text: str) -> str:
    """What a row is that `is_sum`.

    Examples
    --------
    >>> sum_or_mean("Total"), sum_or_mean("Durchschnitt:")
    ('sum', 'mean')
    """
    return "mean" if plain(text) in _MEANS else "sum"


def counts_rows(name: str, fields: Sequence[str]) -> bool:
    """Whether a column without a name only counts the rows, from 0 or 1, as pandas writes its index.

    Examples
    --------
    >>> counts_rows("", ["0", "1", "2"]), counts_rows("Unnamed: 0", ["1", "2"]), counts_rows("orders", ["0", "1"]), counts_rows("", ["4", "8"])
    (True, True, False, False)
    """
    if _UNNAMED.match(name.strip()) is None or not fields or fields[0] not in ("0", "1"):
        return False
    first = int(fields[0])
    return all(field == str(number) for number, field in enumerate(fields, start=first))


def _is_value(field: str) -> bool:
    return is_number(field) or field.lower() in MISSING or dates([field]) is not None


def _names_times(first: Sequence[str], rest: Sequence[Sequence[str]]) -> bool:
    """Whether the first row holds times above numbers: several dates, or the numbers of periods behind a name."""
    below = [row[place].strip() for row in rest for place in range(1, min(len(row), len(first)))]
    numbers = bool(below) and 2 * sum(is_number(one) or not one for one in below) > len(below)
    dated = sum(bool(field) and dates([field.strip()]) is not None for field in first)
    counted = [field.strip() for field in first[1:]]
    counting = len(counted) > 1 and counted == [str(one) for one in range(1, len(counted) + 1)] and not _is_value(first[0].strip())
    return numbers and (dated > 1 or counting)


def has_names(sample: Sequence[Sequence[str]]) -> bool:
    """Whether the first of some rows holds names: it has a text above numbers or dates, or nothing above the numbers of the rows.

    Examples
    --------
    >>> has_names([["day", "2024"], ["2026-01-05", "3"]]), has_names([["", "0"], ["0", "4"], ["1", "8"]]), has_names([["3"], ["4"]])
    (True, True, False)
    """
    first, rest = sample[0], sample[1:]
    if _names_times(first, rest):
        return True
    for place, field in enumerate(first):
        below = [row[place].strip() for row in rest if place < len(row)]
        if not below:
            continue
        if not field.strip():
            if place == 0 and below[0] and len(first) > 1:
                return True
        elif not _is_value(field.strip()) and 2 * sum(_is_value(one) for one in below) > len(below):
            return True
    return not rest and not any(_is_value(field.strip()) for field in first)


def _heads(fields: Sequence[str]) -> bool:
    return any(says_time(field) for field in fields)


SERIES = Manner("row", "a number for each period, with or without its date", has_names, _heads, alone=True)
