"""Series that stand in lines, with a column for each period: one of them is turned into a column, as series usually stand."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from chainwright.sheets.dates import dates
from chainwright.sheets.header import is_sum
from chainwright.sheets.sheet import Sheet


def times_across(names: Sequence[str]) -> list[int]:
    """The places of the names that are dates or the numbers of periods from 1 on, at least two; none where they are something else.

    Examples
    --------
    >>> times_across(["product", "2026-W02", "2026-W03"]), times_across(["product", "1", "2", "3"]), times_across(["date", "2024", "2025"])
    ([1, 2], [1, 2, 3], [])
    """
    dated = [place for place, name in enumerate(names) if name and dates([name]) is not None]
    if len(dated) > 1:
        return dated
    counted = [place for place, name in enumerate(names) if name.isdigit()]
    return counted if len(counted) > 1 and [names[place] for place in counted] == [str(one) for one in range(1, len(counted) + 1)] else []


def turned(sheet: Sheet, fields: Sequence[Sequence[str]], asked: str | None) -> tuple[Sheet | None, str]:
    """A sheet whose series stand in lines as one of a time and a number, and what must be said first where there are several.

    Parameters
    ----------
    sheet : Sheet
        The file.
    fields : sequence of sequences of str
        Its columns as texts.
    asked : str, optional
        What stands before the numbers of the line that is wanted.

    Returns
    -------
    tuple of (Sheet or None, str)
        None where the series of the file stand in columns.
    """
    import pyarrow as pa

    times = times_across(sheet.names)
    if not times:
        return None, ""
    labels = [place for place in range(len(fields)) if place not in times]
    rows = [row for row in range(len(sheet.line)) if any(fields[place][row] for place in times)]
    rows = [row for row in rows if not any(is_sum(fields[place][row]) for place in labels)]
    said = {row: next((fields[place][row] for place in labels if fields[place][row]), str(sheet.line[row])) for row in rows}
    wanted = rows if asked is None else [row for row in rows if any(fields[place][row] == asked.strip() for place in labels)]
    if len(wanted) != 1:
        choice = ", ".join(repr(one) for one in list(said.values())[:12])
        return None, f"{len(wanted)} lines hold {'a series' if asked is None else repr(asked)}; say column: and one of {choice}"
    (row,) = wanted
    columns = [pa.array([sheet.names[place] for place in times]), pa.array([fields[place][row] for place in times])]
    told = [*sheet.assumed, f"there is a column for each period; the series is line {sheet.line[row]} ({said[row]})"]
    named = "period" if sheet.names[times[0]].isdigit() else "date"
    places = np.array(times, np.int64) + 1
    return dataclasses.replace(sheet, names=(named, said[row]), columns=columns, line=places, assumed=told, rows_have_lines=False, noun="column"), ""
