"""The rows of a CSV table of a scenario with their lines: letters, separator, header, numbers with commas, told where something was assumed."""

from __future__ import annotations

import csv
import dataclasses
import io
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from chainwright.scenario.check.rules import Rule
from chainwright.scenario.read.csv_columns import column_rule
from chainwright.sheets.header import counts_rows, says_time
from chainwright.sheets.numbers import numbers, two_ways
from chainwright.sheets.sheet import SEPARATORS
from chainwright.sheets.text import PARQUET, bytes_of, refusal, text_of

# The name that a column gets that only counts the rows.
COUNTING = "\x00rows"
_NUMERIC = ("number", "whole", "time")
# Cells that are numbers once commas, spaces or apostrophes in them are understood.
_WRITTEN = re.compile("[+-]?[0-9][0-9 .,'\u2019\u00a0\u2009\u202f]*")
_ODD = ",' \u2019\u00a0\u2009\u202f"
_SEPARATOR_SAID = re.compile(r'"?sep=([,;\t|])"?', re.IGNORECASE)


@dataclasses.dataclass
class Rows:
    """The rows of a table.

    Parameters
    ----------
    header : list of str
        Names of the columns.
    line : int
        Of the header.
    rows : list of (line, cells)
        Those that are not empty.
    told : list of str
        What was assumed.
    unfolded : bool
        Whether a row stands for one cell of the file, whose column is its last cell.
    pointed : bool
        Whether a point in a number may part thousands: semicolons part the cells, as where the comma stands before decimals.
    """

    header: list[str]
    line: int
    # Tuples, which the collector of garbage leaves alone, since there may be hundreds of thousands.
    rows: list[tuple[int, tuple[str, ...]]]
    told: list[str]
    unfolded: bool = False
    pointed: bool = False


def read_rows(path: Path, file: str, table: str, known: Mapping[str, Rule]) -> Rows:
    """Read a table.

    Parameters
    ----------
    path : Path
        Where it lies: CSV, or a spreadsheet.
    file : str
        How it is called in messages.
    table : str
        Which table it is.
    known : mapping
        The rules of the columns that it may have.

    Raises
    ------
    ScenarioError
        When it cannot be read at all.
    """
    raw = bytes_of(path, file)
    if raw.startswith(PARQUET):
        raise refusal(file, "is Parquet; save it as CSV")
    text, told = text_of(raw, file, ends=False)
    found = Rows([], 1, [], told)
    head = _head(io.StringIO(text))
    said = _SEPARATOR_SAID.fullmatch(text.split("\n", 1)[0].strip())
    separator = said[1] if said else _separator(head, table, known)
    found.pointed = separator == ";"
    if separator not in ",\t" and not said:
        told.append(f"cells are separated by {SEPARATORS[separator]}")
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        line = 1
        for cells in reader:
            if not found.header:
                if any(cell.strip() for cell in cells) and not cells[0].startswith("#") and not (said and line == 1):
                    found.header, found.line = [one.strip() for one in cells], line
            elif any(cell.strip() for cell in cells):
                found.rows.append((line, tuple(cells)))
            line = reader.line_num + 1
    except csv.Error as failure:
        raise refusal(file, f"cannot be read ({failure})", reader.line_num) from None
    _drop(found)
    return found


def _head(lines: Iterable[str]) -> str:
    names = (line.rstrip("\r\n") for line in lines if line.strip() and not line.startswith("#") and not _SEPARATOR_SAID.fullmatch(line.strip()))
    return next(names, "")


def _separator(head: str, table: str, known: Mapping[str, Rule]) -> str:
    """What parts the header into the most names that are known; a comma where nothing does."""

    def score(separator: str) -> tuple[int, int]:
        names = [name.strip().strip('"') for name in head.split(separator)]
        return sum(bool(name) and (not column_rule(table, name, known)[1] or says_time(name)) for name in names), len(names)

    best = max(SEPARATORS, key=score)
    if score(best)[0]:
        return best
    return ";" if ";" in head and "," not in head else ","


def _drop(found: Rows) -> None:
    """Take out the columns at the right in which nothing stands at all, and mark those without a name that only count the rows."""

    def cells(place: int) -> list[str]:
        return [row[place].strip() if place < len(row) else "" for _, row in found.rows]

    while len(found.header) > 1 and not found.header[-1] and not any(cells(len(found.header) - 1)):
        found.header.pop()
        found.rows = [(line, row[: len(found.header)] if not any(row[len(found.header) :]) else row) for line, row in found.rows]
    for place, name in enumerate(found.header):
        if (not name or name.startswith("Unnamed: ")) and counts_rows(name, cells(place)):
            found.told.append(f"column {place + 1}, which has no name, counts the rows")
            found.header[place] = COUNTING


def with_points(found: Rows, table: str, known: Mapping[str, Rule]) -> list[tuple[int, int, str]]:
    """Write numbers with commas, spaces or apostrophes as our own are written, where all of a table agree what these mean.

    Answers the line, the column and what is wrong of the first number whose point may part thousands, where nothing settles it.
    """
    places = [place for place, name in enumerate(found.header) if (rule := column_rule(table, name, known)[0]) and rule.kind in _NUMERIC]
    # Most tables need nothing of it, which is seen at once.
    texts = ["\n".join(row[place] for _, row in found.rows if place < len(row)) for place in places]
    if not any(sign in text for sign in _ODD + "." * found.pointed for text in texts):
        return []
    cells = [(number, place, row[place].strip()) for number, (_, row) in enumerate(found.rows) for place in places if place < len(row)]
    cells = [one for one in cells if _is_written(one[2])]
    import pyarrow as pa  # which is slow to import, and few tables need it

    read = numbers(pa.array([cell for _, _, cell in cells], pa.string()), pointed=found.pointed)
    if read.either == ".":
        unclear = [one for one, value in zip(cells, read.values.tolist(), strict=True) if value != value and "." in one[2]]
        number, place, cell = unclear[0]
        line, row = found.rows[number]
        return [(line, int(row[-1]) if found.unfolded else place + 1, two_ways(cell, len(unclear) - 1))]
    if read.assumed:
        found.told.append(read.assumed)
    for (number, place, cell), value in zip(cells, read.values.tolist(), strict=True):
        if value == value and set(cell) - set("+-0123456789"):
            line, row = found.rows[number]
            text = str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
            found.rows[number] = (line, (*row[:place], text, *row[place + 1 :]))
    return []


def _is_written(cell: str) -> bool:
    return _WRITTEN.fullmatch(cell) is not None
