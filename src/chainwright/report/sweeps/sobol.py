"""The figure of Sobol's indices: the share of a measure's variance that each factor accounts for, alone and with the others."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.ticker import FuncFormatter, MaxNLocator

from chainwright.report.figures.common import name_rows
from chainwright.report.style import BLUE, INK, SKY, Drawing, drawing, quiet, styled
from chainwright.report.sweeps.common import key_above, nothing, worded
from chainwright.report.sweeps.reading import Reading
from chainwright.report.tables import short_names
from chainwright.words.errors import UsageError

HEADING = "Where the variance of {} comes from"
WIDTH = 5.4
MOST_ROWS = 20


def sobol(table: Any, measure: str | None = None) -> Drawing:
    """Two bars for each factor, first order and total, the largest total first.

    Parameters
    ----------
    table : SweepTable
        The rows of a whole Saltelli design, or of a grid.
    measure : str, optional
        By default total_cost, else the first.
    """
    reading = Reading(table, measure)
    heading = HEADING.format(reading.label)
    if not reading.known:
        return nothing(heading, "No run gave a value.")
    if reading.design.kind not in ("saltelli", "grid"):
        raise UsageError(f"Sobol's indices need a saltelli design or a grid, and this sweep is {reading.design.kind!r}; plot 'responses' instead")
    found = table.sensitivity(reading.measure)
    rows = found.table.sort_values("total", ascending=False, kind="stable")
    left_out = max(0, len(rows) - MOST_ROWS)
    rows = rows.head(MOST_ROWS)
    at = np.arange(len(rows), dtype=float)
    with styled():
        figure = drawing(WIDTH, 1.2 + 0.5 * max(len(rows), 2))
        axes = figure.add_subplot()
        for column, label, colour, offset in (("first_order", "alone (first order)", BLUE, -0.19), ("total", "with the others (total)", SKY, 0.19)):
            axes.barh(at + offset, rows[column], height=0.34, color=colour, label=label)
            if f"{column}_conf" in rows.columns:
                half = rows[f"{column}_conf"].to_numpy(np.float64)
                axes.hlines(at + offset, rows[column] - half, rows[column] + half, color=INK, linewidth=1.2, zorder=4)
        axes.axvline(0.0, color=INK, linewidth=0.9)
        quiet(axes, "x")
        names = [reading.names.factor(name) for name in rows["factor"]]
        name_rows(axes, short_names(names, 28))
        axes.set_xlim(min(axes.get_xlim()[0], 0.0), max(axes.get_xlim()[1], 0.2))
        axes.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:.4g} %".replace("-", "−")))
        axes.set_xlabel("share of the variance between design points")
        key_above(axes, 4.6)
    exact = reading.design.kind == "grid"
    spread = "Exact shares over the grid." if exact else "Thin lines are 95 % intervals of the estimate (bootstrap over the points)."
    noise = f"Each point is the mean of {reading.reps:,} replications." if reading.reps > 1 else ""
    told = "Where the total is clearly longer than what a factor does alone, it acts together with others."
    more = f"The {MOST_ROWS} largest of {MOST_ROWS + left_out}." if left_out else ""
    return worded(figure, heading, told, spread, noise, more)
