"""Thirty-odd tables as people bring them, each with how it is read and what it must give, tell or be refused with."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

SOLD = [4.0, 7.5, 0.0, 1250.5, 9.0, 3.0]
MONDAYS = ["2026-01-05", "2026-01-12", "2026-01-19", "2026-01-26", "2026-02-02", "2026-02-09"]
LOCAL = ["05.01.2026", "12.01.2026", "19.01.2026", "26.01.2026", "02.02.2026", "09.02.2026"]
COMMA = ["4,0", "7,5", "0", "1.250,5", "9", "3"]


@dataclasses.dataclass(frozen=True)
class Table:
    """A table as somebody brings it.

    Parameters
    ----------
    name : str
        Of the file.
    content : bytes
        What stands in it.
    gives : list of float, optional
        The series; none where the table is refused.
    told : tuple of str
        Words that must be among what is told; with `refused`, of the refusal.
    options : mapping
        What is said beside the name of the file.
    """

    name: str
    content: bytes
    gives: list[float] | None = None
    told: tuple[str, ...] = ()
    options: Mapping[str, Any] = dataclasses.field(default_factory=dict)


def lines(*rows: str, letters: str = "utf-8", end: str = "\n") -> bytes:
    """The bytes of some lines."""
    return end.join([*rows, ""]).encode(letters)


def joined(first: list[str], second: list[str], between: str) -> list[str]:
    """Two columns as lines."""
    return [f"{one}{between}{two}" for one, two in zip(first, second, strict=True)]


PLAIN = [f"{one:g}" for one in SOLD]
WEEKLY = {"period": "week"}
DATED = {"period": "week", "start": "2026-01-05"}


def spreadsheet(*rows: list[Any], sheets: Mapping[str, list[list[Any]]] | None = None) -> bytes:
    """A spreadsheet with some rows in its first sheet, and other sheets behind it."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.title = "Sold"
    for row in rows:
        book.active.append(row)
    for name, others in (sheets or {}).items():
        sheet = book.create_sheet(name)
        for row in others:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


SERIES = [
    Table("plain.csv", lines("week,sold", *joined(MONDAYS, PLAIN, ",")), SOLD, ("column 'sold'",), WEEKLY),
    Table("semicolons.csv", lines("Datum;Menge", *joined(LOCAL, COMMA, ";"), end="\r\n"), SOLD, ("semicolons", "before decimals"), WEEKLY),
    Table("tabs_utf16.txt", lines("date\tsold", *joined(MONDAYS, PLAIN, "\t"), letters="utf-16"), SOLD, ("UTF-16", "tabs"), WEEKLY),
    Table("latin_1.csv", lines("Tag;Stück", *joined(LOCAL, COMMA, ";"), letters="latin-1"), SOLD, ("latin-1",), WEEKLY),
    Table("windows.csv", lines("day;sold (€)", *joined(LOCAL, COMMA, ";"), letters="cp1252"), SOLD, ("Windows",), WEEKLY),
    Table("marked.csv", b"\xef\xbb\xbf" + lines("sep=;", "date;sold", *joined(MONDAYS, PLAIN, ";")), SOLD, (), WEEKLY),
    Table("old_mac.csv", lines("date|sold", *joined(MONDAYS, PLAIN, "|"), end="\r"), SOLD, ("bars",), WEEKLY),
    Table("thousands.csv", lines("date,sold", *joined(MONDAYS, ["4", "7.5", "0", '"1,250.5"', "9", "3"], ",")), SOLD, ("part thousands",), WEEKLY),
    Table("spaces.csv", lines("date;sold", *joined(MONDAYS, ["4", "7,5", "0", "1\u202f250,5", "9", "3"], ";")), SOLD, ("spaces",), WEEKLY),
    Table("apostrophes.csv", lines("date,sold", *joined(MONDAYS, ["4", "7.5", "0", "1'250.5", "9", "3"], ",")), SOLD, ("apostrophes",), WEEKLY),
    Table("headerless.csv", lines(*PLAIN), SOLD, ("no header",)),
    Table("headerless_dates.csv", lines(*joined(LOCAL, COMMA, ";")), SOLD, ("no header", "semicolons"), WEEKLY),
    Table("one_column.csv", lines("sold", *COMMA), SOLD, ("before decimals",)),
    Table("pandas_index.csv", lines(",sold", *[f"{row},{one}" for row, one in enumerate(PLAIN)]), SOLD, ("counts the rows",)),
    Table("pandas_unnamed.csv", lines(",0", *[f"{row},{one}" for row, one in enumerate(PLAIN)]), SOLD, ("counts the rows",)),
    Table(
        "pandas_dates.csv",
        lines(",date,sold", *[f"{row},{day},{one}" for row, (day, one) in enumerate(zip(MONDAYS, PLAIN, strict=True))]),
        SOLD,
        ("counts the rows",),
        WEEKLY,
    ),
    Table("total.csv", lines("date,sold", *joined(MONDAYS, PLAIN, ","), "Total,1274"), SOLD, ("Total) is a sum",), WEEKLY),
    Table("average.csv", lines("date,sold", *joined(MONDAYS, PLAIN, ","), "Average,212.3"), SOLD, ("Average) is a mean of rows",), WEEKLY),
    Table("sums_below.csv", lines("Datum;Menge", *joined(LOCAL, COMMA, ";"), ";1274", ";", ""), SOLD, ("sum of the rows and left out",), WEEKLY),
    Table("turned_round.csv", lines("date,sold", *reversed(joined(MONDAYS, PLAIN, ","))), SOLD, ("turned round",), WEEKLY),
    Table("disorder.csv", lines("date,sold", *[joined(MONDAYS, PLAIN, ",")[row] for row in (2, 0, 1, 5, 4, 3)]), SOLD, ("in the order",), WEEKLY),
    Table("day_first.csv", lines("date,sold", *joined([day.replace(".", "/") for day in LOCAL], PLAIN, ",")), SOLD, ("day first",), WEEKLY),
    Table("month_first.csv", lines("date,sold", "01/05/2026,4", "01/06/2026,7.5", "01/07/2026,0"), SOLD[:3], ("month first",), {"period": "day"}),
    Table("weeks.csv", lines("week,sold", *joined([f"2026-W{week:02d}" for week in range(2, 8)], PLAIN, ",")), SOLD, (), WEEKLY),
    Table("year_and_week.csv", lines("week,sold", *joined([f"20260{week}" for week in range(2, 8)], PLAIN, ",")), SOLD, ("a week",), WEEKLY),
    Table("months.csv", lines("month,sold", "Jan 2026,4", "Feb 2026,7.5", "Mar 2026,0"), SOLD[:3], (), {"period": "month"}),
    Table("clock.csv", lines("timestamp,sold", *joined([f"{day}T00:00:00Z" for day in MONDAYS], PLAIN, ",")), SOLD, (), WEEKLY),
    Table("serials.csv", lines("date,sold", *joined([str(46027 + 7 * row) for row in range(6)], PLAIN, ",")), SOLD, ("spreadsheets count",), WEEKLY),
    Table("numbered.csv", lines("period,sold", *[f"{row},{one}" for row, one in enumerate(PLAIN, start=1)]), SOLD),
    Table("with_start.csv", lines("date,sold", "2025-12-22,99", "2025-12-29,98", *joined(MONDAYS, PLAIN, ",")), SOLD, ("2 rows before",), DATED),
    Table("long_ago.csv", lines("date,sold", *joined([day.replace("2026", "2015") for day in MONDAYS], PLAIN, ",")), SOLD, ("is period 1",), DATED),
    Table("in_a_line.csv", lines("," + ",".join(MONDAYS), "sold," + ",".join(PLAIN)), SOLD, ("the series is line 2 (sold)",), WEEKLY),
    Table("alone_in_a_line.csv", lines(";".join(LOCAL), ";".join(COMMA)), SOLD, ("the series is line 2",), WEEKLY),
    Table(
        "a_line_each.csv",
        lines("product;1;2;3", "milk;1;2;3", "bread;4;7,5;0", "Total;5;9,5;3"),
        SOLD[:3],
        ("a column for each period; the series is line 3 (bread)",),
        {"column": "bread"},
    ),
    Table("pandas_date_index.csv", lines(",sold", *joined(MONDAYS, PLAIN, ",")), SOLD, (), WEEKLY),
    Table("names_of_months.csv", lines("month,sold", "January,4", "February,7.5", "March,0"), SOLD[:3], ("neither dates nor numbers",), {}),
    Table(
        "year_beside_week.csv",
        lines("year,week,sold", "2025,52,4", "2026,1,7.5", "2026,2,0", "Total,,11.5"),
        SOLD[:3],
        ("together say the period", "is a sum"),
        WEEKLY,
    ),
    Table("year_beside_month.csv", lines("Jahr;Monat;Menge", "2025;12;4", "2026;1;7,5", "2026;2;0"), SOLD[:3], (), {"period": "month"}),
    # What is refused, in words.
    Table("empty_cell.csv", lines("date,sold", "2026-01-05,4", "2026-01-12,", "2026-01-19,5"), None, (":3:2: ", "is empty; write 0"), WEEKLY),
    Table("not_available.csv", lines("sold", "4", "n/a", "5"), None, (":3:1: ", "'n/a'", "no number"), {}),
    Table("hole.csv", lines("sold", "4", "", "5"), None, (":3:1: ", "is empty"), {}),
    Table("twice_named.csv", lines("date,sold,sold", "2026-01-05,4,9"), None, ("2 columns called 'sold'",), {"column": "sold"}),
    Table("which_line.csv", lines("product,1,2", "milk,1,2", "bread,4,5"), None, ("say column: and one of 'milk', 'bread'",), {}),
    Table(
        "gap_in_a_line.csv",
        lines("product,2026-01-05,2026-01-19", "bread,4,5"),
        None,
        ("column 3: ", "2026-01-12 is missing: 2026-01-05 (column 2)"),
        WEEKLY,
    ),
    Table("twice_and_not_named.csv", lines("date,sold,sold", "2026-01-05,4,9"), None, ("several columns called 'sold'",), WEEKLY),
    Table("several.csv", lines("date,bread,milk", "2026-01-05,4,9", "2026-01-12,4,9"), None, ("say column: and one of 'bread', 'milk'",), WEEKLY),
    Table("gap.csv", lines("date,sold", "2026-01-05,4", "2026-01-19,5"), None, (":3:1: ", "2026-01-12 is missing"), WEEKLY),
    Table("weekends.csv", lines("date,sold", "2026-01-08,4", "2026-01-09,5", "2026-01-12,6"), None, ("only weekends are",), {"period": "day"}),
    Table("twice.csv", lines("date,sold", "2026-01-05,4", "2026-01-05,5"), None, (":3:1: ", "stands there twice (in line 2 too)"), WEEKLY),
    Table("daily.csv", lines("date,sold", "2026-01-05,4", "2026-01-06,5"), None, ("lie in one period of a week; add up",), WEEKLY),
    Table("monthly.csv", lines("date,sold", "2026-01-01,4", "2026-02-01,5", "2026-03-01,6"), None, ("a month apart, but",), WEEKLY),
    Table("missing_period.csv", lines("period,sold", "1,4", "2,5", "4,6"), None, ("period 3 is missing",), {}),
    Table("no_date.csv", lines("date,sold", "2026-01-05,4", "2026-02-30,5", "2026-01-19,5"), None, (":3:1: ", "'2026-02-30' is no date"), WEEKLY),
    Table("either_date.csv", lines("date,sold", "01/02/2026,4"), None, ("say dates: day_first or dates: month_first",), WEEKLY),
    Table("either_number.csv", lines("sold", '"1,250"', '"2,500"'), None, ("say decimal: ',' or decimal: '.'",), {}),
    Table("either_point.csv", lines("day;sold", *joined(LOCAL[:2], ["1.250", "900"], ";")), None, (":2:2: ", "a point", "say decimal: ','"), WEEKLY),
    Table("week_or_month.csv", lines("time,sold", "202601,4", "202602,5"), None, ("a week or a month",), {"period": 10}),
    Table("subtotal.csv", lines("date,sold", "2026-01-05,4", "Subtotal,4", "2026-01-12,5"), None, (":3:1: ", "'Subtotal' is a sum"), WEEKLY),
    Table("means.csv", lines("date,sold", "2026-01-05,4", "Mean,4", "2026-01-12,5"), None, (":3:1: ", "'Mean' is a mean among"), WEEKLY),
    Table("commas.csv", lines("date,sold", "2026-01-05,3,5", "2026-01-12,4"), None, (":2:1: ", "has 3 fields, expected 2; quote a cell"), WEEKLY),
    Table("late.csv", lines("date,sold", "2026-01-19,4", "2026-01-26,5"), None, ("period 3, but the scenario starts on 2026-01-05",), DATED),
    Table("old.xls", b"\xd0\xcf\x11\xe0rest", None, ("old kind (.xls)",), {}),
    Table("damaged.xlsx", b"PK\x03\x04rest", None, ("damaged",), {}),
    # What was asked back, answered.
    Table("said_date.csv", lines("date,sold", "01/02/2026,4"), [4.0], (), {**WEEKLY, "dates": "month_first"}),
    Table("said_number.csv", lines("sold", '"1,250"', '"2,500"'), [1.25, 2.5], (), {"decimal": ","}),
    Table("said_point.csv", lines("day;sold", *joined(LOCAL[:2], ["1.250", "900"], ";")), [1.25, 900.0], (), {**WEEKLY, "decimal": "."}),
    Table("said_comma.csv", lines("day;sold", *joined(LOCAL[:2], ["1.250", "900"], ";")), [1250.0, 900.0], (), {**WEEKLY, "decimal": ","}),
    # What settles whether a point parts thousands.
    Table("by_commas.csv", lines("sold,day", "1.250,05.01.2026"), [1.25], (), WEEKLY),
    Table("by_tabs.csv", lines("sold\tday", "1.250\t05.01.2026"), [1.25], (), WEEKLY),
    Table("two_points.csv", lines("day;sold", *joined(LOCAL[:2], ["1.250", "1.000.000"], ";")), [1250.0, 1e6], ("points in column 'sold'",), WEEKLY),
    Table("other_digits.csv", lines("day;sold", *joined(LOCAL[:2], ["1.250", "2.5"], ";")), [1.25, 2.5], (), WEEKLY),
    Table("below_one.csv", lines("day;sold", *joined(LOCAL[:2], ["1.250", "0.250"], ";")), [1.25, 0.25], (), WEEKLY),
    Table("a_comma.csv", lines("day;sold", *joined(LOCAL[:2], ["1.250", "2,5"], ";")), [1250.0, 2.5], ("before decimals",), WEEKLY),
    Table("comma_beside.csv", lines("day;sold;price", "05.01.2026;1.250;2,5"), [1250.0], ("that of other columns",), {**WEEKLY, "column": "sold"}),
    Table("said_column.csv", lines("2026-01-05;3;4", "2026-01-12;5;6"), [4.0, 6.0], ("no header",), {**WEEKLY, "column": "3"}),
    Table("years.csv", lines("2024,2025", "3,4", "5,6"), [4.0, 6.0], (), {"column": "2025"}),
]


def write(folder: Path) -> None:
    """Write all tables that need no other library to a folder, to be looked at."""
    folder.mkdir(parents=True, exist_ok=True)
    for table in SERIES:
        (folder / table.name).write_bytes(table.content)
