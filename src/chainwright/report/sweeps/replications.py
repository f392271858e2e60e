"""The figure of replications: how far the runs of a design point lie apart."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from chainwright.report.figures.common import name_rows
from chainwright.report.numerals import plural
from chainwright.report.style import BLUE, INK, PAPER, SKY, Drawing, drawing, quiet, styled
from chainwright.report.sweeps.common import NARROW, failures_told, measure_axis, measure_name, nothing, worded
from chainwright.report.sweeps.reading import Reading
from chainwright.report.sweeps.words import value_text
from chainwright.report.tables import short_names
from chainwright.words.errors import UsageError

HEADING = "{} from run to run"
WIDTH = 5.6
MOST_ROWS = 20
MOST_DOTS = 40
MOST_LETTERS = 36
BETWEEN = " · "


def replications(table: Any, measure: str | None = None, *, points: Iterable[int] | None = None) -> Drawing:
    """A box for each design point; of one point the distribution of its runs.

    Parameters
    ----------
    table : SweepTable
        The rows.
    measure : str, optional
        By default total_cost, else the first.
    points : iterable of int
        Which design points, by design_id; by default all, of more than twenty every so many, from the lowest mean to the highest.
    """
    reading = Reading(table, measure)
    heading = HEADING.format(reading.label[:1].upper() + reading.label[1:])
    known = [row for row in range(len(reading.ids)) if np.isfinite(reading.means[row])]
    if not known:
        return nothing(heading, "No run gave a value.")
    everything = len(known)
    if points is not None:
        place = {identity: row for row, identity in enumerate(reading.ids.tolist())}
        asked = list(points)
        missing = [one for one in asked if place.get(one) not in known]
        if missing:
            raise UsageError(f"design point {missing[0]!r} is not in the table, or all its runs failed")
        known = [place[one] for one in asked]
    elif everything > MOST_ROWS:
        order = sorted(known, key=lambda row: float(reading.means[row]))
        known = [order[at] for at in np.linspace(0, everything - 1, MOST_ROWS).round().astype(int).tolist()]
    drawn = _histogram(reading, known[0]) if len(known) == 1 else _boxes(reading, known)
    runs = f"{plural(int(np.isfinite(reading.values[known]).sum(axis=1).max()), 'run')} of " + ("each point. " if len(known) > 1 else "one point. ")
    boxes = "A box spans the middle half of the runs, its line is the median, the whiskers reach from the lowest to the highest."
    boxes = boxes if len(known) > 1 else "The upright line is the mean."
    short = len(known) > 1 and BETWEEN in _names(reading, known)[0]
    by = f"Points are named by {BETWEEN.join(factor.label for factor in reading.varied)}." if short else ""
    some = f"{len(known)} of {everything:,} points, from the lowest mean to the highest." if points is None and everything > len(known) else ""
    return worded(drawn, heading, runs + boxes, some, by, failures_told(reading))


def _runs(reading: Reading, row: int) -> NDArray[np.float64]:
    values = reading.values[row]
    return np.asarray(values[~np.isnan(values)])


def _histogram(reading: Reading, row: int) -> Drawing:
    values = _runs(reading, row)
    with styled():
        figure = drawing(NARROW, 2.7)
        axes = figure.add_subplot()
        low, high = float(values.min()), float(values.max())
        if high > low:
            axes.hist(values, bins=int(np.clip(2.0 * np.cbrt(len(values)), 4, 40)), color=BLUE, edgecolor=PAPER, linewidth=0.8)
        else:
            axes.hist(values, bins=1, range=(low - 0.5 * (abs(low) or 1.0), low + 0.5 * (abs(low) or 1.0)), color=BLUE)
        axes.axvline(float(values.mean()), color=INK, linewidth=1.1)
        quiet(axes)
        measure_axis(axes.xaxis, reading.measure)
        axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
        axes.set_xlabel(measure_name(reading))
        axes.set_ylabel("runs")
    return figure


def _boxes(reading: Reading, rows: list[int]) -> Drawing:
    with styled():
        figure = drawing(WIDTH, 0.9 + 0.33 * len(rows))
        axes = figure.add_subplot()
        for at, row in enumerate(rows):
            values = _runs(reading, row)
            low, first, middle, third, high = np.quantile(values, [0.0, 0.25, 0.5, 0.75, 1.0])
            axes.hlines(at, low, high, color=BLUE, linewidth=1.2, zorder=2)
            axes.barh([at], [third - first], left=first, height=0.5, color=SKY, edgecolor=BLUE, linewidth=0.8, zorder=3)
            axes.plot([middle, middle], [at - 0.25, at + 0.25], color=INK, linewidth=1.6, zorder=4)
            if len(values) <= MOST_DOTS:
                axes.plot(values, np.full(len(values), at), "o", color=BLUE, markersize=2.6, markeredgewidth=0, alpha=0.5, zorder=5)
        quiet(axes, "x")
        name_rows(axes, short_names(_names(reading, rows), MOST_LETTERS))
        measure_axis(axes.xaxis, reading.measure)
        axes.set_xlabel(measure_name(reading, 60))
    return figure


def _names(reading: Reading, rows: list[int]) -> list[str]:
    """The points by their factors; by the values alone where the names of the factors are too long."""
    if not reading.varied:
        return [f"point {reading.ids[row]}" for row in rows]
    names = [reading.point_text(row) for row in rows]
    if max(map(len, names)) <= MOST_LETTERS:
        return names
    return [BETWEEN.join(value_text(one.values[row], 16, 3) for one in reading.varied) for row in rows]
