"""Designs of chosen levels: the full grid, points that are listed, and one factor at a time."""

from __future__ import annotations

import io
import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from chainwright.experiment.designs.design import MOST_POINTS, checked_value
from chainwright.experiment.designs.factor import BASE, VARIANT, Factor, as_said, same
from chainwright.experiment.designs.factor_forms import listed, names_a_path
from chainwright.scenario.keys import TOP_KEYS
from chainwright.scenario.paths import parse_value
from chainwright.sheets.header import counts_rows
from chainwright.sheets.text import bytes_of, text_of
from chainwright.words.errors import ScenarioError, UsageError, suggestion
from chainwright.words.requests import whole_number

Columns = dict[str, list[Any]]
Facts = dict[str, Any]
MOST_LEVELS = 10_000


def grid(factors: Sequence[Factor], seed: int, *, levels: Any = None) -> tuple[Columns, Facts]:
    """Every combination; the last factor changes fastest.

    `levels` says how many values a range or a distribution has: a number, or numbers by factor.
    """
    counts = _levels(factors, levels)
    missing = [factor.name for factor in factors if not factor.listed and factor.name not in counts]
    if missing:
        raise UsageError(f"grid: how many values has {' and '.join(missing)}? say levels=5, or list the values, or give a step: 10..30 step 5")
    sizes = {factor.name: len(factor.values) if factor.listed else counts[factor.name] for factor in factors}
    size = math.prod(sizes.values())
    if size > MOST_POINTS:
        raise UsageError(f"grid: {' × '.join(map(str, sizes.values()))} = {size:,} points; at most {MOST_POINTS:,} are possible: "
                         "take fewer values, or a sample such as latin_hypercube")  # fmt: skip
    rows = list(itertools.product(*[factor.levels(sizes[factor.name]) for factor in factors]))
    return _columns(factors, rows), {"levels": sizes}


def one_at_a_time(factors: Sequence[Factor], seed: int, *, base: Any = None, levels: Any = 2) -> tuple[Columns, Facts]:
    """A base point, and from it one factor after the other changed through its values.

    The base has the first value of what is listed and the middle of a range or a distribution, unless `base` says otherwise. A range
    is changed to its ends, a distribution to 10 and 90 per cent of it; with more `levels`, to so many values.
    """
    given = {} if base is None else base
    if not isinstance(given, Mapping):
        raise UsageError(f"one_at_a_time: base: expected values by factor, got {base!r}")
    by_name = {factor.name: factor for factor in factors}
    for name in given:
        if name not in by_name:
            raise UsageError(f"one_at_a_time: base: no factor is called {name!r}{suggestion(str(name), by_name)}")
    counts = _levels(factors, levels)
    centre = [_base(factor, given[factor.name]) if factor.name in given else factor.values[0] if factor.listed else factor.middle()
              for factor in factors]  # fmt: skip
    rows: list[tuple[Any, ...]] = [tuple(centre)]
    varied: list[str | None] = [None]
    for place, factor in enumerate(factors):
        count = counts.get(factor.name, 2)
        values = list(factor.values) if factor.listed else list(factor.ends()) if count == 2 else factor.levels(count)
        for value in values:
            if same(value) != same(centre[place]):
                rows.append((*centre[:place], value, *centre[place + 1 :]))
                varied.append(factor.name)
        if factor.name not in varied:
            raise UsageError(f"one_at_a_time: factor {factor.name!r} has no other value than that of the base")
    return _columns(factors, rows), {"base": dict(zip(by_name, centre, strict=True)), "varied": varied}


def points(factors: Sequence[Factor], seed: int, *, points: Any = None, file: Any = None) -> tuple[Columns, Facts]:
    """The points of a table or of a list of rows, as they are; see `factors_of_points` for columns that are no declared factors."""
    rows, names = _rows(points, file)
    by_name = {factor.name: factor for factor in factors}
    missing = [factor.name for factor in factors if factor.name not in names]
    if missing:
        raise UsageError(f"points: no column says what {missing[0]!r} is{suggestion(missing[0], names)}")
    columns: Columns = {factor.name: [] for factor in factors}
    wrong: list[str] = []
    for number, row in enumerate(rows):
        for name, factor in by_name.items():
            try:
                if name not in row:
                    raise UsageError("a value is missing; say it in every point")
                columns[name].append(checked_value(factor, row[name]))
            except UsageError as error:
                wrong.append(f"points: point {number}: {name}: {error}")
    if wrong:
        raise UsageError("\n".join([*wrong[:10], *([f"and {len(wrong) - 10:,} more"] if len(wrong) > 10 else [])]))
    return columns, {} if file is None else {"file": str(file)}


def factors_of_points(factors: Sequence[Factor], given: Any, file: Any = None) -> tuple[Factor, ...]:
    """The factors of listed points: those declared, and one for each other column, which is a path or ``variant``.

    Raises
    ------
    UsageError
        When a column is neither.
    """
    rows, names = _rows(given, file)
    known = {factor.name: factor for factor in factors}
    made: list[Factor] = []
    wrong: list[str] = []
    for name in names:
        if name in known:
            made.append(known[name])
        elif name != VARIANT and not names_a_path(name):
            near = suggestion(name.split(".")[0], [*known, *TOP_KEYS, VARIANT])
            wrong.append(f"points: column {name!r} is neither a factor nor a path of a scenario{near if 'mean' in near else ''}")
        else:
            values: dict[str, Any] = {}
            for number, row in enumerate(rows):
                try:
                    if name in row:
                        value = BASE if name == VARIANT and row[name] is None else as_said(row[name])
                        values.setdefault(same(value), value)
                except UsageError as error:
                    wrong.append(f"points: point {number}: {name}: {error}; say it in every point")
                    break
            else:
                made.append(listed(name, values.values()))
    if wrong:
        raise UsageError("\n".join(wrong))
    return (*made, *(factor for factor in factors if factor.name not in names))


def _rows(given: Any, file: Any) -> tuple[list[dict[str, Any]], list[str]]:
    """The rows of a table or a list, and the names of their columns in order."""
    if (given is None) == (file is None):
        raise UsageError("points: expected points, or a file with them" + ("; got both" if given is not None else ""))
    table: Any = given if file is None else _read(file)
    if isinstance(table, pd.DataFrame):
        names = [str(name) for name in table.columns]
        rows = [dict(zip(names, row, strict=True)) for row in table.itertuples(index=False, name=None)]
    elif isinstance(table, Iterable) and not isinstance(table, str | bytes | Mapping):
        rows = list(table)
        stray = next((row for row in rows if not isinstance(row, Mapping)), None)
        if stray is not None:
            raise UsageError(f"points: expected values by factor in every point, got {stray!r}")
        rows = [{str(key): value for key, value in row.items()} for row in rows]
        names = list(dict.fromkeys(name for row in rows for name in row))
    else:
        raise UsageError(f"points: expected a table or a list of points, got {table!r}")
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise UsageError(f"points: the column {twice!r} is there twice")
    if not rows or not names:
        raise UsageError("points: there is no point")
    if len(rows) > MOST_POINTS:
        raise UsageError(f"points: {len(rows):,} points; at most {MOST_POINTS:,} are possible")
    return rows, names


def _read(file: Any) -> pd.DataFrame:
    """A table of points from CSV, Parquet or a spreadsheet; the cells of all but Parquet are read as values of a scenario file."""
    path = Path(file)
    if not path.is_file():
        raise UsageError(f"points: there is no file {str(file)!r}")
    try:
        if path.suffix.lower() == ".parquet":
            return pd.read_parquet(path)
        letters, _ = text_of(bytes_of(path, str(path)), str(path))
        head = letters.partition("\n")[0]
        between = next((sign for sign in "\t;|" if sign in head and "," not in head), ",")
        text = pd.read_csv(io.StringIO(letters), sep=between, dtype=str, keep_default_na=False, skipinitialspace=True)
    except ScenarioError as error:
        raise UsageError(f"points: {error}") from None
    except (OSError, ValueError) as error:
        lines = str(error).splitlines() or [type(error).__name__]
        raise UsageError(f"points: {path} cannot be read as a table: {lines[0]}") from None
    # What pandas writes before a table.
    text = text.drop(columns=[name for name in text.columns if name.startswith("Unnamed: ") and counts_rows(name, text[name].tolist())])
    known: dict[str, Any] = {}
    for column in text.columns:
        empty = [number for number, cell in enumerate(text[column]) if not cell.strip()]
        if empty:
            raise UsageError(f"points: {path}: line {empty[0] + 2}: {column}: a value is missing; say it in every point")
        known |= {cell: parse_value(cell.strip()) for cell in text[column] if cell not in known}
    held = {column: pd.Series([known[cell] for cell in text[column]], dtype=object) for column in text.columns}
    return pd.DataFrame(held)


def _base(factor: Factor, given: Any) -> Any:
    value = checked_value(factor, given)
    if factor.listed and not factor.numeric and same(value) not in {same(one) for one in factor.values}:
        raise UsageError(f"one_at_a_time: base: factor {factor.name!r} has no {value!r}{suggestion(str(value), map(str, factor.values))}")
    return value


def _levels(factors: Sequence[Factor], given: Any) -> dict[str, int]:
    """How many levels each range and distribution has, as far as that is said."""
    spread = [factor.name for factor in factors if not factor.listed]
    if given is None:
        return {}
    if isinstance(given, Mapping):
        for name in given:
            if name not in spread:
                what = "has its values listed" if name in {factor.name for factor in factors} else f"is no factor{suggestion(str(name), spread)}"
                raise UsageError(f"levels: {name!r} {what}")
        return {str(name): whole_number(count, f"levels of {name}", 2, MOST_LEVELS) for name, count in given.items()}
    return dict.fromkeys(spread, whole_number(given, "levels", 2, MOST_LEVELS))


def _columns(factors: Sequence[Factor], rows: Sequence[Sequence[Any]]) -> Columns:
    return {factor.name: [row[place] for row in rows] for place, factor in enumerate(factors)}
