"""Tables that print whole: short names, means with half their interval, and parts below each other where they are too wide."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import Any

import pandas as pd

# Columns of an interval, by the ending of their names; the half width stands beside the mean in their place.
ENDS = ("_low", "_high")
HALF = "_half_width"
GAP = 2


class Sheet(pd.DataFrame):
    """A DataFrame like any other, whose printed form leaves no column out; selections of it print the same way.

    Examples
    --------
    >>> Sheet({"design_id": [0], "policies.place_orders.stand.level": [56], "total_cost": [1987.6], "total_cost_half_width": [12.3]})
       design_id  level  total_cost     ±
    0          0     56       1,988  12.3
    """

    @property
    def _constructor(self) -> Callable[..., pd.DataFrame]:
        return Sheet

    def __repr__(self) -> str:
        return sheet_text(self, shutil.get_terminal_size((80, 24)).columns)


def sheet_text(frame: pd.DataFrame, width: int) -> str:
    """The printed form of a table in so many columns of text."""
    from chainwright.report.sweeps.words import Names  # which knows the metrics' words

    if frame.empty:
        return f"no rows; columns: {', '.join(map(str, frame.columns))}"
    names = [str(name) for name in frame.columns]
    halves = {name for name in names if name.endswith(HALF) and name.removesuffix(HALF) in names}
    hidden = {name.removesuffix(HALF) + end for name in halves for end in ENDS}
    paths = Names([name for name in names if "." in name and name + HALF not in halves and name not in halves | hidden])
    rows, cut = frame, ""
    most = int(pd.get_option("display.max_rows") or len(frame))
    if len(frame) > most:
        rows, cut = frame.head(most), f"\nand {len(frame) - most:,} rows more"
    columns = [["", *map(str, rows.index)]]
    left = [True]
    for place, name in enumerate(names):
        if name in hidden:
            continue
        values = rows.iloc[:, place].tolist()
        head = "±" if name in halves else paths.factor(name).replace(" ", "_") if "." in name else name
        columns.append([head, *map(_cell, values)])
        left.append(any(isinstance(value, str) for value in values))
    return "\n\n".join(_parts(columns, left, width)) + cut


def _parts(columns: list[list[str]], left: list[bool], width: int) -> list[str]:
    """Columns side by side as far as they fit; each part begins with the index and the first column."""
    sizes = [max(map(len, column)) for column in columns]
    parts: list[list[int]] = [[0, 1]]
    for place in range(2, len(columns)):
        together = [place, place + 1] if place + 1 < len(columns) and columns[place + 1][0] == "±" else [place]
        if columns[place][0] == "±" and place in parts[-1]:
            continue
        taken = sum(sizes[one] + GAP for one in parts[-1]) - GAP
        if len(parts[-1]) > 2 and taken + sum(sizes[one] + GAP for one in together) > width:
            parts.append([0, 1])
        parts[-1] += together
    made = []
    for part in parts:
        lines = []
        for row in range(len(columns[0])):
            cells = [columns[one][row].ljust(sizes[one]) if left[one] else columns[one][row].rjust(sizes[one]) for one in part]
            lines.append((" " * GAP).join(cells).rstrip())
        made.append("\n".join(lines))
    return made


def _cell(value: Any) -> str:
    from chainwright.report.numerals import number

    if isinstance(value, bool) or not isinstance(value, float | int):
        return "–" if value is None else str(value)
    return number(value, 5) if isinstance(value, float) else str(value)
