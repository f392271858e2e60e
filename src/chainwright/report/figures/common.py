"""What several figures share: an axis to draw on, ranges over the runs, dots with whiskers."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from chainwright.report.numerals import compact
from chainwright.report.style import INK, PAPER, Drawing, drawing
from chainwright.report.tables import shorten

WIDTH = 4.7  # inches of a chart: large type on a telephone, two side by side on a open_runs
LOW, HIGH = 0.05, 0.95


def canvas(axes: Axes | None, width: float, height: float) -> tuple[Drawing, Axes]:
    """The figure and axes to draw on: those given, or a new figure of a width and height in inches."""
    if axes is None:
        figure = drawing(width, height)
        return figure, figure.add_subplot()
    figure_of = axes.get_figure(root=True)
    assert figure_of is not None
    return figure_of, axes  # type: ignore[return-value]


def ranges(frame: pd.DataFrame, keys: list[str], metric: str) -> pd.DataFrame:
    """Mean, 5 % and 95 % quantile of a metric over the runs, for each of the keys; empty cells are left out."""
    grouped = frame.dropna(subset=[metric]).groupby(keys, sort=False, observed=True)[metric]
    return pd.DataFrame({"mean": grouped.mean(), "low": grouped.quantile(LOW), "high": grouped.quantile(HIGH)}).reset_index()


def dots(axes: Axes, rows: Any, found: pd.DataFrame, colour: str, label: str | None = None, hollow: bool = False) -> None:
    """Means as dots on horizontal rows, with a whisker from 5 to 95 % of the runs."""
    rows = np.asarray(rows, dtype=float)
    axes.hlines(rows, found["low"], found["high"], color=colour, linewidth=4.5, alpha=0.28, capstyle="round", zorder=2)
    face = PAPER if hollow else colour
    axes.plot(found["mean"], rows, "o", markersize=6.5, color=face, markeredgecolor=colour, markeredgewidth=1.6, label=label, zorder=3)


def name_rows(axes: Axes, names: list[str], width: int = 26) -> None:
    """Name horizontal rows 0, 1, ..., the first at the top; a name of more letters than the width stands in two lines."""
    lines = [in_two_lines(name, width) for name in names]
    axes.set_yticks(range(len(names)), labels=lines)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.tick_params(axis="y", labelcolor=INK, pad=6)
    for label, text in zip(axes.get_yticklabels(), lines, strict=True):
        if "\n" in text:
            label.set(fontsize=8.2, linespacing=1.0)


def in_two_lines(name: str, width: int) -> str:
    """A name that is longer than a width, parted where its parts are most alike in length; what is still too long is cut in the middle.

    Examples
    --------
    >>> in_two_lines("bulk_battery and 3 others (3 manufacturers)", 26).splitlines()
    ['bulk_battery and 3 others', '(3 manufacturers)']
    >>> in_two_lines("track_roller_frame_supplier", 22).splitlines()
    ['track_roller_', 'frame_supplier']
    """
    if len(name) <= width:
        return name
    # Between words first, then within them.
    for seam in (r" (?=\()| · | (?=and )", r" ", r"(?<=[_/.-])(?=[^_/.-])"):
        parts = [(name[: found.start()], name[found.end() :]) for found in re.finditer(seam, name)]
        if fitting := [both for both in parts if max(map(len, both)) <= width]:
            return "\n".join(min(fitting, key=lambda both: max(map(len, both))))
    half = len(name) // 2
    seams = [found.end() for found in re.finditer(r" · |[ _/.-]", name)]
    at = min(seams, key=lambda place: abs(place - half), default=half)
    return f"{shorten(name[:at].removesuffix(' · ').rstrip(), width)}\n{shorten(name[at:], width)}"


def plain_numbers(axis: Any, mirrored: bool = False) -> None:
    """Ticks as readers write numbers, thousands apart; without sign where what lies below zero is only mirrored."""
    axis.set_major_formatter(FuncFormatter(lambda value, _: compact(abs(value) if mirrored else value)))
