"""Reads a table that somebody else made: its bytes, separator, quotation marks and columns, with the line of every row."""

from __future__ import annotations

import csv
import dataclasses
import re
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.sheets.numbers import is_number
from chainwright.sheets.text import PARQUET, ZIP, bytes_of, refusal, text_of

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
# What a line holds that says nothing.
EMPTY = ' "' + "".join(SEPARATORS)
# What separates the fields, and whether there is a header, is told from so many lines.
SAMPLE = 200
# Where a title stands above the names of columns, they are not looked for below this line.
LATEST_HEADER = 10
# Commas that may stand before decimals or between thousands.
_WITHIN_NUMBERS = re.compile(r"(?<=[0-9]),(?=[0-9])")
# What some spreadsheets say of the separator in a line of its own.
_SEPARATOR_SAID = re.compile(r'"?sep=([,;\t|])"?', re.IGNORECASE)


@dataclasses.dataclass(frozen=True)
class Wrong:
    """One row that cannot be read: its line, the number of the column (1 where it is the whole row), and why."""

    line: int
    column: int
    message: str


@dataclasses.dataclass(frozen=True)
class Sheet:
    """A file as columns of text, before anybody knows what they mean.

    Parameters
    ----------
    file : str
        How the file is called in messages.
    names : tuple of str
        The names in the header; empty where the file has none.
    columns : list
        One pyarrow array for each column: of text, or of numbers where the file says so (Parquet).
    line : array of int
        Line of each row in the file; of Parquet files the number of the row.
    wrong : list of Wrong
        Rows with another number of fields; they are not among the columns.
    assumed : list of str
        What was told from the look of the file.
    rows_have_lines : bool
        Whether `line` counts lines of a text.
    noun : str
        What it counts otherwise.
    pointed : bool
        Whether a point in a number may part thousands: semicolons part the fields, as where the comma stands before decimals.
    """

    file: str
    names: tuple[str, ...]
    columns: list[Any]
    line: NDArray[np.int64]
    wrong: list[Wrong]
    assumed: list[str]
    rows_have_lines: bool = True
    noun: str = "row"
    pointed: bool = False


@dataclasses.dataclass(frozen=True)
class Manner:
    """What is told apart in a kind of table.

    Parameters
    ----------
    thing : str
        What a row is.
    expected : str
        What a table should hold, for messages.
    has_header : callable
        Whether the first of some rows of fields holds names.
    heads : callable
        Whether the fields of a line hold names of columns, where they stand below a title.
    alone : bool
        Whether one column is enough.
    """

    thing: str
    expected: str
    has_header: Callable[[Sequence[Sequence[str]]], bool]
    heads: Callable[[Sequence[str]], bool]
    alone: bool = False


def read_sheet(path: Path, file: str, manner: Manner, header: bool | None = None, decimal: str | None = None) -> Sheet:
    """Read a CSV or Parquet file, or the first sheet of a spreadsheet (.xlsx).

    Parameters
    ----------
    path : Path
        Where it lies.
    file : str
        How it is called in messages.
    manner : Manner
        What is told apart in a table of its kind.
    header : bool, optional
        Whether the first line holds names; told from the file where nothing is said.
    decimal : {".", ","}, optional
        The sign before decimals, where it was said.

    Raises
    ------
    ScenarioError
        When it is not there, is no text, or has too few columns.
    """
    raw = bytes_of(path, file)
    if raw.startswith(PARQUET):
        return _parquet(path, file, manner)
    text, assumed = text_of(raw, file)
    # Spreadsheets leave lines of nothing but spaces behind.
    lines = [line if line.strip() else "" for line in text.split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    said = _SEPARATOR_SAID.fullmatch(lines[0]) if lines else None
    if said:
        lines[0] = ""
    first = next((number for number, line in enumerate(lines) if line.strip(EMPTY) and not line.startswith("#")), len(lines))
    if first == len(lines):
        raise refusal(file, f"there is no {manner.thing} in it; expected lines of {manner.expected}")
    if any(line.strip(EMPTY) for line in lines[:first]):
        assumed.append(f"the first {first} lines are remarks")
    separator = said[1] if said else _separator(lines[first : first + SAMPLE], file, first + 1, manner, decimal)
    # A spreadsheet has no separator of its own, and one column none at all.
    if separator != "," and not raw.startswith(ZIP) and any(separator in line for line in lines[first:]):
        assumed.append(f"fields are separated by {SEPARATORS[separator]}")
    sample = [one for one in (_fields(line, separator) for line in lines[first : first + SAMPLE] if line.strip()) if one]
    names: tuple[str, ...] = ()
    if manner.has_header(sample) if header is None else header:
        names = tuple(name.strip() for name in sample[0])
        first += 1
        if len(lines) == first:
            raise refusal(file, f"there is no {manner.thing} below the header", first)
    else:
        if header is None:
            _refuse_late_header(lines, first, separator, file, manner)
        assumed.append("the file has no header")
    width = len(names) or Counter(len(row) for row in sample).most_common(1)[0][0]
    columns, line, wrong = _parsed(lines, first, separator, width, file)
    return Sheet(file, names, columns, line, wrong, assumed, pointed=separator == ";")


def _refuse_late_header(lines: Sequence[str], first: int, separator: str, file: str, manner: Manner) -> None:
    """Refuse a file whose names of columns stand below lines that are no rows, such as a title."""
    for number in range(first, min(first + LATEST_HEADER, len(lines))):
        fields = _fields(lines[number], separator)
        if manner.heads(fields) and not any(is_number(field) for field in fields):
            raise refusal(file, "the names of columns stand here; take the lines above out, or begin them with #", number + 1)
        if sum(bool(field.strip()) for field in fields) > 1:
            return


def _fields(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator, skipinitialspace=True), [])
    except csv.Error:
        return []


def _separator(sample: Sequence[str], file: str, line: int, manner: Manner, decimal: str | None) -> str:
    """The sign that parts most of the first lines into the same number of fields."""
    best = (0.0, 0, "")
    for separator in _possible(sample, decimal):
        counts = Counter(len(_fields(one, separator)) for one in sample if one.strip())
        width, lines = max(counts.items(), key=lambda one: (one[1], one[0]))
        if width > 1:
            best = max(best, (lines / counts.total(), width, separator), key=lambda one: one[:2])
    if not best[2] and manner.alone:
        # One column, parted by what is not there.
        return next(separator for separator in ("\t", "|", ";", ",") if not any(separator in one for one in sample))
    if not best[2]:
        raise refusal(file, f"has one column; expected {manner.expected}, separated by commas, semicolons or tabs", line)
    return best[2]


def _possible(sample: Sequence[str], decimal: str | None) -> list[str]:
    """The signs that may part fields: no comma where it stands within numbers alone and something else parts the lines, or there is one column."""
    if decimal == ",":
        return [separator for separator in SEPARATORS if separator != ","]
    lines = [one for one in sample if one.strip()]
    within = all(_WITHIN_NUMBERS.sub("", one).count(",") == 0 for one in lines) and any("," in one for one in lines)
    others = [separator for separator in SEPARATORS if separator != ","]
    if within and any(all(separator in one for one in lines) for separator in others):
        return others
    if within and len(lines) > 1 and "," not in lines[0] and all("," in one or is_number(one) for one in lines[1:]):
        return others  # a name above numbers with decimal commas, in one column
    return list(SEPARATORS)


def _parsed(lines: list[str], first: int, separator: str, width: int, file: str) -> tuple[list[Any], NDArray[np.int64], list[Wrong]]:
    """The columns below the header, the line of each row, and what could not be parted."""
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    body = lines[first:]
    wrong: list[Wrong] = []
    # A field in quotation marks may stand behind a space.
    spaced = re.compile(f'(^|{re.escape(separator)}) +"(?!")')
    for number in [place for place, one in enumerate(body) if '"' in one]:
        body[number] = spaced.sub(r'\1"', body[number])
        # A mark inside a field is a letter like any other; one that begins a field must be closed on its line.
        if body[number].count('"') % 2 and any(field.startswith('"') for field in body[number].split(separator)):
            wrong.append(Wrong(first + number + 1, 1, "a quotation mark is not closed on its line"))
            body[number] = ""
    mistaken: list[int] = []

    def skip(row: Any) -> str:
        mistaken.append(row.number)
        has = f"{row.actual_columns} field{'s' if row.actual_columns > 1 else ''}"
        wrong.append(Wrong(first + row.number, 1, f"has {has}, expected {width}"))
        return "skip"

    names = [str(number) for number in range(width)]
    try:
        table = arrow_csv.read_csv(
            pa.py_buffer("\n".join(body).encode("utf-8", "surrogatepass")),
            # One thread counts lines; blocks that hold the longest line.
            read_options=arrow_csv.ReadOptions(column_names=names, use_threads=False, block_size=1 << 24),
            parse_options=arrow_csv.ParseOptions(delimiter=separator, invalid_row_handler=skip, ignore_empty_lines=False),
            convert_options=arrow_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False),
        )
    except pa.ArrowInvalid as failure:
        raise refusal(file, f"cannot be read as CSV: {str(failure).splitlines()[0]}") from None
    kept = np.ones(table.num_rows + len(mistaken), np.bool_)
    kept[np.array(mistaken, np.int64) - 1] = False
    return [_trimmed(column) for column in table.columns], first + 1 + np.flatnonzero(kept), wrong


def _trimmed(column: Any) -> Any:
    """A column of text without spaces at the ends."""
    import pyarrow.compute as pc

    return pc.utf8_trim_whitespace(column.combine_chunks())


def _parquet(path: Path, file: str, manner: Manner) -> Sheet:
    """The columns of a Parquet file; keys are turned into text, numbers stay numbers."""
    import pyarrow as pa
    from pyarrow import parquet

    try:
        table = parquet.read_table(path)
    except (OSError, pa.ArrowException) as failure:
        raise refusal(file, f"cannot be read as Parquet: {str(failure).splitlines()[0]}") from None
    if table.num_columns < (1 if manner.alone else 2):
        raise refusal(file, f"has one column; expected {manner.expected}")
    if not table.num_rows:
        raise refusal(file, f"there is no {manner.thing} in it")
    columns = [column.combine_chunks() if column.num_chunks != 1 else column.chunk(0) for column in table.columns]
    columns = [column.dictionary_decode() if pa.types.is_dictionary(column.type) else column for column in columns]
    line = np.arange(1, table.num_rows + 1)
    return Sheet(file, tuple(str(name).strip() for name in table.column_names), columns, line, [], [], rows_have_lines=False)
