"""The text of a table: from bytes in any of the usual letters, or from the first sheet of a spreadsheet."""

from __future__ import annotations

import csv
import importlib
import io
import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from chainwright.words.errors import Mistake, Place, ScenarioError

PARQUET = b"PAR1"
_NOT_TEXT = {
    b"\xd0\xcf\x11\xe0": "is a spreadsheet of the old kind (.xls); save it as .xlsx or CSV",
    b"\x1f\x8b": "is compressed; unpack it first",
}
ZIP = b"PK\x03\x04"
# Letters that only Windows writes, such as the euro sign.
_WINDOWS = frozenset(range(0x80, 0xA0))
# A spreadsheet that unpacks to more is a mistake, or meant to do harm.
LARGEST_SPREADSHEET = 500_000_000
EXTRA = "pip install 'chainwright[excel]'"


def refusal(file: str, message: str, line: int = 0, column: int = 1) -> ScenarioError:
    """The one mistake of a file that cannot be read at all."""
    return ScenarioError([Mistake(message, Place(file, line, column if line else 0))])


def bytes_of(path: Path, file: str) -> bytes:
    """What stands in a file.

    Raises
    ------
    ScenarioError
        When it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as failure:
        raise refusal(file, f"cannot be read: {failure.strerror or failure}") from None


def text_of(raw: bytes, file: str, ends: bool = True) -> tuple[str, list[str]]:
    """The text of a table with single ends of lines, and what was assumed of it; a spreadsheet becomes lines parted by tabs.

    Parameters
    ----------
    raw : bytes
        What stands in the file.
    file : str
        How it is called in messages.
    ends : bool
        Whether ends of lines are made single ones; else they stay as they are, also within cells.

    Raises
    ------
    ScenarioError
        When it is no text and no spreadsheet that can be read.

    Examples
    --------
    >>> text_of("Käufer;3".encode("latin-1"), "a.csv")
    ('Käufer;3', ['the letters are latin-1, because line 1 is not UTF-8'])
    """
    for beginning, message in _NOT_TEXT.items():
        if raw.startswith(beginning):
            raise refusal(file, message)
    if raw.startswith(ZIP):
        return _spreadsheet(raw, file)
    assumed = []
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            text = raw.decode("utf-16")
        except UnicodeDecodeError:
            raise refusal(file, "is neither UTF-8 nor UTF-16 text; save it as CSV in UTF-8") from None
        assumed.append("the letters are UTF-16")
    elif b"\x00" in raw:
        raise refusal(file, "is no text; expected CSV or Parquet", raw[: raw.index(b"\x00")].count(b"\n") + 1)
    else:
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError as failure:
            line = raw[: failure.start].count(b"\n") + 1
            letters, text = _one_byte(raw)
            assumed.append(f"the letters are {letters}, because line {line:,} is not UTF-8")
    if ends and "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.removeprefix("\ufeff"), assumed


def _one_byte(raw: bytes) -> tuple[str, str]:
    if not _WINDOWS.isdisjoint(raw):
        try:
            return "those of Windows (cp1252)", raw.decode("cp1252")
        except UnicodeDecodeError:
            pass
    return "latin-1", raw.decode("latin-1")


def _spreadsheet(raw: bytes, file: str) -> tuple[str, list[str]]:
    """The first sheet with something in it, a line for each row."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            names, size = packed.namelist(), sum(one.file_size for one in packed.infolist())
    except zipfile.BadZipFile:
        raise refusal(file, "looks like a spreadsheet (.xlsx), but is damaged; save it again, or save its table as CSV") from None
    if "xl/workbook.xml" not in names:
        raise refusal(file, "is an archive and no spreadsheet (.xlsx); unpack it, or save the table as CSV")
    if size > LARGEST_SPREADSHEET:
        raise refusal(file, f"unpacks to more than {LARGEST_SPREADSHEET // 1_000_000} MB; save its table as CSV")
    try:
        openpyxl: Any = importlib.import_module("openpyxl")
    except ImportError:
        raise refusal(file, f"is a spreadsheet; {EXTRA} reads it, or save its table as CSV") from None
    try:
        book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
        sheets = [(sheet.title, [[_cell(one) for one in row] for row in sheet.iter_rows(values_only=True)]) for sheet in book.worksheets]
        book.close()
    except Exception as failure:  # whatever its many parts hold, the file is what is wrong
        raise refusal(file, f"is a spreadsheet that cannot be read ({' '.join(str(failure).split())}); save its table as CSV") from None
    filled = [(title, rows) for title, rows in sheets if any(any(row) for row in rows)]
    if not filled:
        raise refusal(file, "the spreadsheet is empty")
    title, rows = filled[0]
    # Columns of nothing at the right are no columns.
    width = max((number for row in rows for number, cell in enumerate(row, start=1) if cell), default=1)
    stream = io.StringIO()
    csv.writer(stream, delimiter="\t", lineterminator="\n").writerows((row + [""] * width)[:width] if any(row) else [] for row in rows)
    others = [name for name, _ in filled[1:]]
    assumed = [f"it is the sheet {title!r} of a spreadsheet" + (f"; not read: {', '.join(repr(name) for name in others[:6])}" if others else "")]
    return stream.getvalue(), assumed


def _cell(value: Any) -> str:
    """What a cell shows, numbers with a decimal point and days as year-month-day."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return " ".join(str(value).split())
