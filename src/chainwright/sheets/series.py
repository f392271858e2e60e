"""One series of numbers out of a table that somebody brings: which column it is, in which order its rows are, and whether any is missing."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from chainwright.sheets.dates import dates
from chainwright.sheets.header import MONTHS, SERIES, WEEKS, YEARS, counts_rows, is_sum, plain, says_dates, says_time, sum_or_mean
from chainwright.sheets.numbers import is_number, numbers
from chainwright.sheets.sheet import Sheet, read_sheet
from chainwright.sheets.timeline import Order, by_date, by_number
from chainwright.sheets.wide import turned
from chainwright.words.calendar import Calendar
from chainwright.words.errors import Mistake, Place, ScenarioError, suggestion

LISTED = 20
COMMAS = "quote a cell that holds a comma, or part the cells with semicolons"


@dataclasses.dataclass(frozen=True)
class Read:
    """A series, one value for each period, and what was assumed of the table.

    Parameters
    ----------
    values : list of float
        In the order of time.
    told : tuple of str
        What was assumed, left out and put in order, one sentence each.
    """

    values: list[float]
    told: tuple[str, ...] = ()


def read_series(
    path: Path,
    file: str,
    column: str | None = None,
    *,
    decimal: str | None = None,
    order: str | None = None,
    period: str | float | None = None,
    calendar: Calendar | None = None,
) -> Read:
    """Read one column of a table as a series.

    Parameters
    ----------
    path : Path
        Where the table lies: CSV, Parquet or a spreadsheet.
    file : str
        How it is called in messages.
    column : str, optional
        Name of the column, or its number where the table has no header; the only column of numbers where nothing is said.
    decimal : {".", ","}, optional
        The sign before decimals.
    order : {"day_first", "month_first"}, optional
        What comes first in dates such as 01/02/2026.
    period : str or float, optional
        How far rows with dates have to lie apart: day, week, month or a number of days.
    calendar : Calendar, optional
        When periods begin, where rows with dates are to be lined up with them.

    Raises
    ------
    ScenarioError
        With the cells that are empty or no numbers, the dates that stand twice or are missing, or the choices where the table can be read
        in several ways.
    """
    sheet = read_sheet(path, file, SERIES, decimal=decimal)
    if not sheet.names and column is not None and not (column.strip().isdigit() and 1 <= int(column) <= len(sheet.columns)):
        # A header of numbers, such as years, is known by the name that is asked for.
        named = read_sheet(path, file, SERIES, True, decimal)
        sheet = named if column.strip() in named.names else sheet
    return _Series(sheet, column, decimal, order, period, calendar).read()


class _Series:
    """A sheet from which one series is taken."""

    def __init__(
        self, sheet: Sheet, column: str | None, decimal: str | None, order: str | None, period: str | float | None, calendar: Calendar | None
    ) -> None:
        self.sheet, self.asked, self.decimal, self.order, self.period, self.calendar = sheet, column, decimal, order, period, calendar
        self.fields = [_texts(one) for one in sheet.columns]
        self.told = list(sheet.assumed)
        self.lines = sheet.line

    def read(self) -> Read:
        """The series."""
        if self.sheet.wrong:
            more = COMMAS if self.sheet.rows_have_lines else ""
            self._refuse([(one.line, one.column, f"{one.message}; {more}") for one in self.sheet.wrong])
        self._turn()
        self._join_years()
        place = self._value_column()
        time = self._time_column(place)
        kept = self._without_sums(place, time, self._without_end(place, time))
        values = self._numbers(place, kept)
        if time is not None:
            ordered = self._ordered(time, kept)
            self.told += ordered.told
            values = values[ordered.rows]
        elif len(values) > 3 and values[-1] > 0.0 and np.isclose(values[-1], values[:-1].sum(), rtol=1e-9):
            self.told.append("the last value is the sum of those above it; take its row out if it is a total")
        return Read(values.tolist(), tuple(dict.fromkeys(self.told)))

    def _turn(self) -> None:
        """Take the one line that holds the series, where series stand in lines."""
        sheet, asked = turned(self.sheet, self.fields, self.asked if self.asked not in self.sheet.names else None)
        if asked:
            self._refuse([(0, 0, f"the series {self.sheet.file} has a column for each period, and {asked}")])
        if sheet is not None:
            self.sheet, self.lines, self.asked, self.told = sheet, sheet.line, None, list(sheet.assumed)
            self.fields = [_texts(one) for one in sheet.columns]

    def _join_years(self) -> None:
        """Read a year and a week or month that stand in two columns as one."""
        called = [plain(name) for name in self.sheet.names]
        years = [place for place, name in enumerate(called) if name in YEARS]
        for place, name in enumerate(called):
            sign = "-W" if name in WEEKS else "-" if name in MONTHS else ""
            rows = [row for row, field in enumerate(self.fields[place]) if field and not is_sum(field)]
            if len(years) != 1 or not sign or self.sheet.names[place] == self.asked:
                continue
            pairs = [(self.fields[years[0]][row], self.fields[place][row]) for row in rows]
            if all(len(year) == 4 and year.isdigit() and part.isdigit() and len(part) <= 2 for year, part in pairs):
                for row, (year, part) in zip(rows, pairs, strict=True):
                    self.fields[place][row], self.fields[years[0]][row] = f"{year}{sign}{int(part):02d}", ""
                self.told.append(f"columns {self._called(years[0])} and {self._called(place)} together say the period")
                return

    # --- which columns -------------------------------------------------------------------------------------------

    def _called(self, place: int) -> str:
        return repr(self.sheet.names[place]) if self.sheet.names else str(place + 1)

    def _value_column(self) -> int:
        """The column of the series, as asked for, or the only one of numbers."""
        names = self.sheet.names
        if self.asked is not None:
            wanted = self.asked.strip()
            places = [place for place, name in enumerate(names) if name == wanted]
            if len(places) > 1:
                which = " and ".join(str(place + 1) for place in places)
                message = f"the series {self.sheet.file} has {len(places)} columns called {wanted!r} (columns {which}); rename all but one"
                self._refuse([(0, 0, message)])
            if not places and not names and wanted.isdigit() and 1 <= int(wanted) <= len(self.fields):
                places = [int(wanted) - 1]
            if not places:
                hint = suggestion(wanted, [name for name in names if name])
                if not names:
                    hint = f": it has no header; expected a number of a column from 1 to {len(self.fields)}"
                self._refuse([(0, 0, f"the series {self.sheet.file} has no column {wanted!r}{hint}")])
            return places[0]
        found = [place for place in range(len(self.fields)) if not self._is_time(place) and self._is_numbers(place)]
        if not found:
            self._refuse([(0, 0, f"the series {self.sheet.file} holds no column of numbers")])
        twice = next((names[place] for place in found if names and [names[one] for one in found].count(names[place]) > 1), None)
        if twice is not None:
            self._refuse([(0, 0, f"the series {self.sheet.file} has several columns called {twice!r}; rename all but one")])
        if len(found) > 1:
            named = ", ".join(self._called(place) for place in found[:12]) + (", ..." if len(found) > 12 else "")
            self._refuse([(0, 0, f"the series {self.sheet.file} has {len(found)} columns of numbers; say column: and one of {named}")])
        if len(self.fields) > 1:
            self.told.append(f"the series is column {self._called(found[0])}")
        return found[0]

    def _is_time(self, place: int) -> bool:
        name = self.sheet.names[place] if self.sheet.names else ""
        filled = [field for field in self.fields[place] if field and not is_sum(field)]
        if counts_rows(name, filled) and len(self.fields) > 1 and (self.sheet.names or place == 0):
            return True
        return (says_time(name) and len(self.fields) > 1) or dates(filled, self.order) is not None

    def _is_numbers(self, place: int) -> bool:
        filled = [field for field in self.fields[place] if field]
        return bool(filled) and 2 * sum(is_number(field) for field in filled) > len(filled)

    def _time_column(self, value: int) -> int | None:
        """The column of dates or numbers of periods, dates before numbers; None where there is none."""
        times = [place for place in range(len(self.fields)) if place != value and self._is_time(place)]
        if not times:
            return None
        names = self.sheet.names
        counting = [place for place in times if counts_rows(names[place] if names else "", [one for one in self.fields[place] if not is_sum(one)])]
        dated = [place for place in times if place not in counting and self._dates(place) is not None]
        numbered = [place for place in times if place not in counting and place not in dated]
        strange = [place for place in numbered if 2 * sum(one.isdigit() for one in self.fields[place]) <= len(self.fields[place])]
        self.told += [f"column {self._called(place)} holds neither dates nor numbers of periods; rows stay in their order" for place in strange]
        numbered = [place for place in numbered if place not in strange]
        if not (dated or numbered or counting):
            return None
        chosen = (dated or numbered or counting)[0]
        for place in counting:
            called = f"column {names[place]!r}" if names and names[place] else f"column {place + 1}, which has no name,"
            self.told.append(f"{called} counts the rows")
        return None if chosen in counting else chosen

    def _dates(self, place: int) -> Any:
        name = self.sheet.names[place] if self.sheet.names else ""
        filled = [field for field in self.fields[place] if not is_sum(field)]
        return dates(filled, self.order, self.period, says_dates(name) or plain(name) == "period")

    # --- which rows ----------------------------------------------------------------------------------------------

    def _without_end(self, value: int, time: int | None) -> list[int]:
        """All rows but those at the end in which neither a number nor a time stands."""
        kept = list(range(len(self.fields[value])))
        while kept and not self.fields[value][kept[-1]] and (time is None or not self.fields[time][kept[-1]]):
            kept.pop()
        return kept

    def _without_sums(self, value: int, time: int | None, rows: list[int]) -> list[int]:
        """The rows without sums and means below them, which are told."""
        said = {row: next((fields[row] for fields in self.fields if is_sum(fields[row])), "") for row in rows}
        kept = list(rows)
        while kept and said[kept[-1]]:
            row = kept.pop()
            self.told.append(f"line {self.lines[row]} ({said[row]}) is a {sum_or_mean(said[row])} of rows and left out")
        strays = [(int(self.lines[row]), 1, f"{said[row]!r} is a {sum_or_mean(said[row])} among the rows; take it out") for row in kept if said[row]]
        if strays:
            self._refuse(strays)
        if time is not None and len(kept) > 2 and not self.fields[time][kept[-1]]:
            import pyarrow as pa

            *before, last = numbers(pa.array([self.fields[value][row] for row in kept], pa.string()), self.decimal).values.tolist()
            if np.isclose(last, sum(before)):
                self.told.append(f"line {self.lines[kept.pop()]}, without a time, is the sum of the rows and left out")
        return kept

    def _numbers(self, place: int, rows: list[int]) -> NDArray[np.float64]:
        import pyarrow as pa  # which is slow to import, and few scenarios have series

        name = self._called(place)
        fields = [self.fields[place][row] for row in rows]
        if not fields:
            self._refuse([(0, 0, f"column {name} of the series {self.sheet.file} holds no number")])
        found = numbers(pa.array(fields, pa.string()), self.decimal, f"column {name}", pointed=self.sheet.pointed)
        if found.either == "." and len(signs := self._signs_beside(place)) == 1:
            found = numbers(pa.array(fields, pa.string()), signs.pop(), f"column {name}")
            self.told.append(f"the sign before decimals in column {name} is that of other columns")
        wrong: list[tuple[int, int, str]] = []
        if found.hint:
            sign = "point" if found.either == "." else "comma"
            commas = [row for row, field in zip(rows, fields, strict=True) if found.either in field]
            more = f" (and {len(commas) - 1:,} more)" if len(commas) > 1 else ""
            asked = f"{self.fields[place][commas[0]]!r} in column {name} may have a {sign} before decimals or between thousands{more}{found.hint}"
            self._refuse([(int(self.lines[commas[0]]), place + 1, asked)])
        for row, field, value, missing in zip(rows, fields, found.values.tolist(), found.missing.tolist(), strict=True):
            if missing:
                what = f"{field!r} in column {name}" if field else f"the cell of column {name}"
                message = f"{what} is {'no number' if field else 'empty'}; write 0 where there was nothing, or what is missing"
            elif value != value:
                message = f"{field!r} in column {name} is not a number"
            elif not np.isfinite(value):
                message = f"{field!r} in column {name} is not a finite number"
            else:
                continue
            wrong.append((int(self.lines[row]), place + 1, message))
        if wrong:
            self._refuse(wrong)
        if found.assumed:
            self.told.append(found.assumed)
        return found.values

    def _signs_beside(self, value: int) -> set[str]:
        """The signs before decimals that other columns of numbers have for certain."""
        import pyarrow as pa

        places = [place for place in range(len(self.fields)) if place != value and self._is_numbers(place) and not self._is_time(place)]
        return {numbers(pa.array(self.fields[place], pa.string()), pointed=True).decimal for place in places} - {""}

    def _ordered(self, time: int, rows: list[int]) -> Order:
        """The rows in the order of time."""
        fields = [self.fields[time][row] for row in rows]
        lines = np.array([self.lines[row] for row in rows], np.int64)
        found = self._dates(time)
        if found is None:
            whole = [field if field.isdigit() and len(field) < 10 else None for field in fields]
            bad = [number for number, one in enumerate(whole) if one is None]
            if bad:
                self._refuse([(int(lines[one]), time + 1, f"{fields[one]!r} is neither a date nor the number of a period") for one in bad])
            ordered = by_number([int(one) for one in whole if one is not None], lines, self.sheet.names[time] if self.sheet.names else "period")
        else:
            if found.asked:
                self._refuse([(int(lines[0]), time + 1, found.asked)])
            known = dict(zip([one for one in self.fields[time] if not is_sum(one)], found.days, strict=True))
            days = np.array([known[field] for field in fields], "datetime64[D]")
            bad = np.flatnonzero(np.isnat(days)).tolist()
            if bad:
                said = {one: f"{fields[one]!r} is no date" if fields[one] else "the date is missing" for one in bad}
                self._refuse([(int(lines[one]), time + 1, said[one]) for one in bad])
            if found.assumed:
                self.told.append(found.assumed)
            ordered = by_date(days, lines, self.period, self.calendar)
        if ordered.wrong:
            noun = "line" if self.sheet.rows_have_lines else self.sheet.noun
            self._refuse([(int(lines[row]), time + 1, message.replace("line ", f"{noun} ")) for row, message in ordered.wrong])
        return ordered

    def _refuse(self, wrong: Sequence[tuple[int, int, str]]) -> NoReturn:
        """End with what is wrong, each with its line and column; the first twenty."""
        listed = list(wrong[:LISTED])
        if len(wrong) > LISTED:
            line, place, message = listed[-1]
            listed[-1] = (line, place, f"{message} (and {len(wrong) - LISTED:,} more below)")
        if self.sheet.rows_have_lines:
            raise ScenarioError([Mistake(message, Place(self.sheet.file, line, place) if line else Place()) for line, place, message in listed])
        noun = self.sheet.noun
        raise ScenarioError([Mistake(f"{noun} {line}: {message}" if line else message, Place(self.sheet.file)) for line, _, message in listed])


def _texts(column: Any) -> list[str]:
    """The fields of a column as texts, days as year-month-day; nothing is an empty one."""
    found: list[str] = []
    for value in column.to_pylist():
        if value is None or value != value:
            found.append("")
        elif isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
            found.append(str(int(value)))
        else:
            found.append(str(value).removesuffix(" 00:00:00"))
    return found
