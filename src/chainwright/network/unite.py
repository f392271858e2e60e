"""From templates of one run to the tables of a union: runs are laid side by side."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.network.derive import Columns, Index, Template, rows_of
from chainwright.network.union import Layout
from chainwright.state.table import Table, blank_columns, is_on, is_one_value
from chainwright.words.declarations import TableShape
from chainwright.words.subjects import SCHEMA, SHAPES


@dataclass(frozen=True)
class Union:
    """The tables of several runs side by side, and where each row of one run lies."""

    tables: dict[str, Table]
    layouts: dict[str, Layout]


def unite(
    templates: Sequence[Template], of_run: Index, runs: Sequence[int], branches: Sequence[int] | None = None, features: Collection[str] = ()
) -> Union:
    """Lay runs side by side, each after the template that `of_run` names for it: a level stays a slice of its table.

    The templates have the same rows in the same order; only what stands in them may differ. Columns of no feature among `features` are
    one value for all rows.
    """
    count = len(runs)
    source = templates[0].tables
    layouts = {name: _layout(SHAPES[name], templates[0], count) for name in source if SHAPES[name].rows == "same"}
    tables = {
        "runs": Table(
            "runs",
            {"number": np.asarray(runs, np.int64), "branch": np.asarray(branches or [0] * count, np.int64), "outside_cash": np.zeros(count)},
        )
    }
    for name, columns in source.items():
        if name not in layouts:
            tables[name] = Table(name, _complete(name, columns, _rows(columns), features))
    for name, layout in layouts.items():
        columns = dict(source[name]) if count == 1 else laid_out(templates, of_run, name, layout)
        for key, target in SHAPES[name].targets.items():
            if target in layouts and count > 1 and key in columns:
                columns[key] = layouts[target].where(np.arange(layouts[target].rows))[layout.run, columns[key]]
        columns["run"] = layout.run
        tables[name] = Table(name, _complete(name, columns, len(layout.source), features))
    return Union(tables, layouts)


def _layout(shape: TableShape, template: Template, runs: int) -> Layout:
    """Where the rows of a table lie: blocks by level, and within them side by side what belongs together."""
    columns = template.tables[shape.name]
    none = np.zeros(_rows(columns), np.int32)
    block = none
    if shape.level:
        block = template.level[shape.name] if shape.level == "self" else _dense(template.level[shape.name])
    together = None
    if shape.together:
        together = none if shape.together == "run" else _dense(columns.get(shape.together, none))
    return Layout(block, runs, together=together)


def _rows(columns: Columns) -> int:
    return len(next(iter(columns.values()), ()))


def laid_out(templates: Sequence[Template], of_run: Index, name: str, layout: Layout) -> Columns:
    """The columns of one table over all runs, each row from the template that its run follows."""
    tables = [template.tables[name] for template in templates]
    made: Columns = {}
    rows: Index | None = None
    for key in dict.fromkeys(key for table in tables for key in table):
        given = [table.get(key) for table in tables]
        first = given[0]
        if first is not None and all(one is not None and _same(first, one) for one in given[1:]):
            made[key] = rows_of(first, layout.source)
            continue
        if rows is None:
            rows = layout.source + of_run.astype(np.int64)[layout.run] * layout.rows
        known = next(one for one in given if one is not None)
        default = next((column.default for column in SCHEMA.table(name) if column.name == key), 0)
        filled = [np.full(len(known), default, known.dtype) if one is None else one for one in given]
        made[key] = np.concatenate(filled)[rows]
    return made


def _same(one: NDArray[Any], other: NDArray[Any]) -> bool:
    """Whether two columns hold the same to the last bit."""
    if one is other or one.dtype != other.dtype:
        return one is other
    return np.array_equal(one, other) if one.dtype.kind in "OUS" else one.tobytes() == other.tobytes()


def _dense(block: Index) -> Index:
    """Block numbers without gaps (a level may sell nothing)."""
    return np.unique(block, return_inverse=True)[1]


def _complete(name: str, columns: Columns, rows: int, features: Collection[str]) -> Columns:
    """Every column of the schema, with its type; what nobody says has its default.

    Columns that have their type already are taken as they are: they are copies, made for this table.
    """
    made = blank_columns(SCHEMA, name, rows, features)
    for column in SCHEMA.table(name):
        given = columns.get(column.name)
        if not is_on(column, features):
            continue
        if given is not None and column.dtype == "str":
            made[column.name] = np.asarray(given, object)
        elif given is not None and is_one_value(given):
            if given[0]:
                made[column.name].fill(given[0])
        elif given is not None and column.dtype == "str":
            made[column.name] = given.astype(object, copy=False)
        elif given is not None and column.dtype != "float64" and given.dtype == made[column.name].dtype:
            made[column.name] = given
        elif given is not None:
            made[column.name][...] = given
        elif column.dtype == "str":
            made[column.name] = np.broadcast_to(np.array([column.default or ""], object), rows)
        elif column.default:
            made[column.name].fill(column.default)
    return made
