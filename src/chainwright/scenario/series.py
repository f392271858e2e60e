"""Series of numbers that policies take from CSV files, read into the scenario so that it needs no file any more."""

from __future__ import annotations

import copy
import csv
import dataclasses
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from chainwright.scenario import keys
from chainwright.scenario.reading import Document
from chainwright.scenario.table_files import delimiter_of, file_beside
from chainwright.scenario.values import number_hint
from chainwright.words.errors import Mistake, Place, ScenarioError, suggestion

Path_ = tuple[str | int, ...]


def with_series(document: Document) -> Document:
    """The document with each ``file`` and ``column`` of a policy replaced by the ``values`` in it.

    Raises
    ------
    ScenarioError
        When a file or a column is not there, or holds what is no number.
    """
    if not any(True for _ in _entries(document.data)):
        return document
    data = copy.deepcopy(document.data)
    mistakes = []
    for path, entry in _entries(data):
        try:
            where, wrong = file_beside(document.folder, entry["file"])
            if wrong:
                raise ScenarioError([Mistake(wrong)])
            values = read_series(where, entry.get("column"))
        except ScenarioError as error:
            dotted = ".".join(str(part) for part in path)
            mistakes += [one if one.place.line else Mistake(one.message, document.place((*path, "file")), dotted) for one in error.mistakes]
            continue
        for key in ("file", "column"):
            entry.pop(key, None)
        entry["values"] = values
    if mistakes:
        raise ScenarioError(mistakes)
    return dataclasses.replace(document, data=data)


def _entries(data: Mapping[str, Any]) -> Iterator[tuple[Path_, dict[str, Any]]]:
    """Every policy entry that names a file."""
    for name, enterprise in keys.parts(data, "enterprises").items():
        for product, item in keys.declared_items(enterprise).items():
            demand = (item or {}).get("demand")
            if isinstance(demand, dict) and demand.get("file") is not None:
                yield ("enterprises", name, "items", product, "demand"), demand
    for decision, entries in keys.parts(data, "policies").items():
        for key, entry in (entries or {}).items():
            if not isinstance(entry, dict):
                continue
            if isinstance(entry.get("file"), str):
                yield ("policies", decision, key), entry
            for product, one in entry.items():
                if isinstance(one, dict) and isinstance(one.get("file"), str):
                    yield ("policies", decision, key, product), one


def read_series(path: Path, column: str | None = None) -> list[float]:
    """The numbers in one column of a CSV file with a header; the first column where none is named.

    Raises
    ------
    ScenarioError
        With one mistake that says what is missing, and where.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as stream:
            first = stream.readline()
            stream.seek(0)
            reader = csv.reader(stream, delimiter=delimiter_of(first))
            header = [name.strip() for name in next(reader, [])]
            rows = [(reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as failure:
        raise ScenarioError([Mistake(f"cannot read the series {path}: {getattr(failure, 'strerror', None) or failure}")]) from None
    name = column or (header[0] if header else "")
    if name not in header:
        raise ScenarioError([Mistake(f"the series {path} has no column {name!r}{suggestion(name, header)}")])
    at = header.index(name)
    values = []
    for line, row in rows:
        text = row[at].strip() if at < len(row) else ""
        if not text:
            continue
        try:
            values.append(float(text))
        except ValueError:
            hint = number_hint(text)
            raise ScenarioError([Mistake(f"{text!r} in column {name!r} is not a number{hint}", Place(str(path), line, at + 1))]) from None
        if values[-1] in (float("inf"), float("-inf")) or values[-1] != values[-1]:
            raise ScenarioError([Mistake(f"{text!r} in column {name!r} is not a finite number", Place(str(path), line, at + 1))])
    if not values:
        raise ScenarioError([Mistake(f"column {name!r} of the series {path} holds no number")])
    return values
