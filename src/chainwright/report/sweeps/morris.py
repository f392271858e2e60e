"""The figure of Morris: how large the effects of each factor are, against how much they depend on the rest."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from chainwright.report.style import BLUE, FAINT, INK, MUTED, Drawing, drawing, quiet, styled
from chainwright.report.sweeps.common import LETTER, measure_axis, nothing, worded
from chainwright.report.sweeps.reading import Reading
from chainwright.report.sweeps.words import unit_text
from chainwright.report.tables import short_names
from chainwright.words.errors import UsageError

HEADING = "Which factors matter for {}"
WIDTH, HEIGHT = 5.6, 4.2
MOST_NAMED = 24


def morris(table: Any, measure: str | None = None) -> Drawing:
    """A mark for each factor: the mean size of its elementary effects, and their standard deviation.

    Parameters
    ----------
    table : SweepTable
        The rows of a whole Morris design.
    measure : str, optional
        By default total_cost, else the first.
    """
    reading = Reading(table, measure)
    heading = HEADING.format(reading.label)
    if not reading.known:
        return nothing(heading, "No run gave a value.")
    if reading.design.kind != "morris":
        raise UsageError(f"effects of Morris need a morris design, and this sweep is {reading.design.kind!r}; plot 'main_effects' instead")
    rows = table.sensitivity(reading.measure).table.sort_values("mu_star", ascending=False, kind="stable")
    x, y = rows["mu_star"].to_numpy(np.float64), rows["sigma"].to_numpy(np.float64)
    half = rows["mu_star_conf"].to_numpy(np.float64)
    with styled():
        figure = drawing(WIDTH, HEIGHT)
        axes = figure.add_subplot()
        right = float(np.nanmax(x + half)) or 1.0
        top = max(float(np.nanmax(y)), 0.25 * right)
        axes.set_xlim(0.0, 1.25 * right)
        axes.set_ylim(0.0, 1.18 * top)
        for slope in (1.0, 0.5, 0.1):
            axes.axline((0.0, 0.0), slope=slope, color=FAINT, linewidth=0.9, linestyle=(0, (3, 2)), zorder=1)
            end = min(1.25 * right, 1.18 * top / slope)
            said = f"sigma = {slope:g} mu*" if slope != 1.0 else "sigma = mu*"
            axes.annotate(said, (end, slope * end), xytext=(-3, -3), textcoords="offset points", ha="right", va="top", fontsize=8, color=MUTED)
        axes.hlines(y, np.maximum(x - half, 0.0), x + half, color=BLUE, linewidth=4.0, alpha=0.3, capstyle="round", zorder=2)
        axes.plot(x, y, "o", color=BLUE, markersize=6.5, markeredgewidth=0, zorder=3)
        quiet(axes, "both")
        measure_axis(axes.xaxis, reading.measure, effects=True)
        measure_axis(axes.yaxis, reading.measure, effects=True)
        unit = unit_text(reading.measure)
        axes.set_xlabel(f"mu*: mean size of the effect on {reading.label}{unit}")
        axes.set_ylabel(f"sigma: spread of the effect{unit}")
        names = short_names([reading.names.factor(name) for name in rows["factor"]], 30)
        _name(axes, x, y, half, names, (1.25 * right, 1.18 * top))
    told = "To the right: what matters. High up: what acts by thresholds or together with other factors. Near zero: what can be left alone."
    spread = "Bars are 95 % intervals of mu*. An effect is told for the whole range of a factor."
    more = f"The {MOST_NAMED} largest of {len(rows)} are named." if len(rows) > MOST_NAMED else ""
    return worded(figure, heading, told, spread, more)


def _name(axes: Axes, x: NDArray[Any], y: NDArray[Any], half: NDArray[Any], names: list[str], size: tuple[float, float]) -> None:
    """Names beside the marks: where one would cover another it goes to another side, where every side is taken further off with a line."""
    wide, high = (WIDTH - 0.9) / size[0], (HEIGHT - 0.8) / size[1]  # inches of one unit
    taken = [(px * wide - 0.07, py * high - 0.07, px * wide + 0.07, py * high + 0.07) for px, py in zip(x, y, strict=True)]
    taken += [((px - wing) * wide, py * high - 0.03, (px + wing) * wide, py * high + 0.03) for px, py, wing in zip(x, y, half, strict=True)]
    for place, name in enumerate(names[:MOST_NAMED]):
        left, base, length = x[place] * wide, y[place] * high, len(name) * LETTER
        near = [(0.1, -0.08), (-0.1 - length, -0.08), (0.0, 0.07), (0.0, -0.23), (-length / 2, 0.08)]
        beside = (0.15, -length / 2, -length - 0.15)
        far = [(across, direction * 0.19 * step) for step in range(2, 20) for direction in (1, -1) for across in beside]
        for across, up in near + far:
            box = (left + across, base + up, left + across + length, base + up + 0.16)
            inside = box[0] >= 0 and box[1] >= 0 and box[2] <= WIDTH - 0.9 and box[3] <= HEIGHT - 0.8
            if inside and not any(_cover(box, other) for other in taken):
                break
        taken.append(box)
        arrow = {"arrowstyle": "-", "color": FAINT, "linewidth": 0.8, "shrinkB": 4.0} if (across, up) in far else None
        axes.annotate(
            name, (x[place], y[place]), xytext=(across * 72, (up + 0.02) * 72), textcoords="offset points", ha="left", va="bottom",
            fontsize=8.5, color=INK, zorder=5, arrowprops=arrow,
        )  # fmt: skip


def _cover(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
