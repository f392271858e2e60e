"""The figure of responses: a measure against each factor, point by point, for designs that fill a space."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray
from scipy.stats import rankdata

from chainwright.report.numerals import minus
from chainwright.report.style import BLUE, MUTED, VERMILION, Drawing, drawing, quiet, styled
from chainwright.report.sweeps.common import BROAD, NARROW, apart, factor_axis, failures_told, measure_axis, measure_name, nothing, room_below, worded
from chainwright.report.sweeps.reading import Levels, Reading, Varied

HEADING = "{} against each factor"
MOST_PANELS = 12
MOST_POINTS = 1500
TREND = 8  # slices behind the line


def responses(table: Any, measure: str | None = None, *, factors: Iterable[str] | str | None = None) -> Drawing:
    """A panel for each factor with a dot for each design point, the rank correlation, and the trend.

    Parameters
    ----------
    table : SweepTable
        The rows.
    measure : str, optional
        By default total_cost, else the first.
    factors : iterable of str, optional
        Which factors; by default all that vary, of more than twelve those with the strongest trends.
    """
    reading = Reading(table, measure)
    heading = HEADING.format(reading.label[:1].upper() + reading.label[1:])
    chosen = reading.picked(factors)
    if not reading.known:
        return nothing(heading, "No run gave a value.")
    if not chosen:
        return nothing(heading, "Nothing was varied.")
    shown = reading.strongest(chosen, MOST_PANELS)
    count = len(shown)
    across = min(count, 2 if count == 4 else 3)
    down = -(-count // across)
    width = NARROW if count == 1 else BROAD
    known = np.flatnonzero(~np.isnan(reading.means))
    step = -(-len(known) // MOST_POINTS)
    with styled():
        inches = 0.78 * width / across
        rows = [shown[place : place + across] for place in range(0, count, across)]
        figure = drawing(width, (2.8 if across < 3 else 2.5) * down + 0.1 + sum(room_below(row, inches) for row in rows))
        apart(figure)
        cells = figure.subplots(down, across, sharey=True, squeeze=False).ravel().tolist()
        for place, axes in enumerate(cells):
            if place >= count:
                axes.remove()
                continue
            factor = shown[place]
            _panel(axes, factor, reading, known, step)
            quiet(axes)
            factor_axis(axes, factor, factor.levels(0, TREND) if factor.numeric else factor.levels(), inches)
            axes.margins(x=0.04)
            if place % across == 0:
                axes.set_ylabel(measure_name(reading, 30))
        measure_axis(cells[0].yaxis, reading.measure)
    dots = "A dot is a design point" + (f", the mean of {reading.reps:,} replications" if reading.reps > 1 else "") + "; "
    trend = "the line joins the means of slices of about as many points each. "
    thinned = f"One point of {step} is drawn." if step > 1 else ""
    ranks = "Rank correlations (Spearman) reach from −1 to 1." if any(one.numeric for one in shown) else ""
    left_out = f"The {count} factors with the strongest trends of {len(chosen)}." if count < len(chosen) else ""
    return worded(figure, heading, (dots + trend).strip(), ranks, thinned, left_out, failures_told(reading))


def _panel(axes: Axes, factor: Varied, reading: Reading, known: NDArray[Any], step: int) -> None:
    drawn = known[::step]
    aside = np.zeros(len(drawn)) if factor.numeric else _aside(reading, factor, drawn)
    axes.plot(
        factor.places[drawn] + aside, reading.means[drawn], "o", color=BLUE, alpha=0.45 if len(drawn) > 150 else 0.65,
        markersize=2.6 if len(drawn) > 400 else 3.6, markeredgewidth=0, zorder=2,
    )  # fmt: skip
    levels: Levels = factor.levels(TREND, TREND)
    means = [one.mean for one in reading.level_estimates(levels)]
    if factor.numeric:
        axes.plot(levels.places, means, color=VERMILION, linewidth=1.8, zorder=3)
        correlation = spearman(factor.places[known], reading.means[known])
        if np.isfinite(correlation):
            axes.set_title(minus(f"rank correlation {correlation:.2f}"), color=MUTED, fontweight="normal", loc="right")
    else:
        axes.hlines(means, levels.places - 0.3, levels.places + 0.3, color=VERMILION, linewidth=1.8, zorder=3)


def _aside(reading: Reading, factor: Varied, drawn: NDArray[Any]) -> NDArray[np.float64]:
    """Places beside a category, evenly by the order of the points, so that dots do not cover each other."""
    made = np.zeros(len(drawn))
    for place in np.unique(factor.places[drawn]):
        here = np.flatnonzero(factor.places[drawn] == place)
        # Steps of the golden section leave no stripes.
        made[here] = 0.44 * ((np.arange(len(here)) * 0.6180339887) % 1.0 - 0.5)
    return made


def spearman(x: Any, y: Any) -> float:
    """The rank correlation of two columns; not a number where one of them does not vary.

    Examples
    --------
    >>> round(spearman([1.0, 2.0, 3.0], [10.0, 20.0, 15.0]), 3)
    0.5
    """
    one, other = rankdata(x) - (len(x) + 1) / 2.0, rankdata(y) - (len(y) + 1) / 2.0
    size = float(np.sqrt((one * one).sum() * (other * other).sum()))
    return float((one * other).sum()) / size if size > 0.0 else float("nan")
