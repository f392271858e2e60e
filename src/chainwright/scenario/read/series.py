"""Series of numbers that policies take from tables, read into the scenario so that it needs no file any more."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from chainwright.scenario import keys
from chainwright.scenario.documents import Document
from chainwright.scenario.read.table_files import file_beside
from chainwright.sheets.series import Read, read_series
from chainwright.words.calendar import calendar_of, known_period
from chainwright.words.errors import Mistake, ScenarioError

Path_ = tuple[str | int, ...]
# What says where a series stands and how it is to be read.
SAID = ("file", "column", "decimal", "dates")
# Draws from what once was, whenever that was.
UNDATED = "bootstrap"


def with_series(document: Document) -> Document:
    """The document with each ``file`` and ``column`` of a policy replaced by the ``values`` in it.

    Raises
    ------
    ScenarioError
        When a file or a column is not there, or cannot be read as a series.
    """
    if not any(True for _ in _entries(document.data)):
        return document
    data = copy.deepcopy(document.data)
    mistakes = []
    told = []
    for path, entry in _entries(data):
        try:
            read = series_of(document, entry)
        except ScenarioError as error:
            dotted = ".".join(str(part) for part in path)
            mistakes += [one if one.place.line else Mistake(one.message, document.place((*path, "file")), dotted) for one in error.mistakes]
            continue
        told += [f"{entry['file']}: {sentence}" for sentence in read.told]
        for key in SAID:
            entry.pop(key, None)
        entry["values"] = read.values
    if mistakes:
        raise ScenarioError(mistakes)
    return dataclasses.replace(document, data=data, told=tuple(dict.fromkeys((*document.told, *told))))


def series_of(document: Document, entry: Mapping[str, Any]) -> Read:
    """The series that an entry of a policy names.

    Raises
    ------
    ScenarioError
        When it is not there or cannot be read.
    """
    where, wrong = file_beside(document.folder, entry["file"])
    if wrong:
        raise ScenarioError([Mistake(wrong)])
    start, period = document.data.get("start"), document.data.get("period")
    calendar = calendar_of(start, period) if entry.get("policy") != UNDATED else None
    column, decimal, order = (entry.get(key) for key in ("column", "decimal", "dates"))
    return read_series(where, str(where), column, decimal=decimal, order=order, period=known_period(period), calendar=calendar)


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
