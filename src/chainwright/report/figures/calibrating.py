"""The figure of a calibration: what was observed beside what is simulated, and the loss against each factor."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from chainwright.report.figures.common import WIDTH, plain_numbers
from chainwright.report.figures.optimising import short_names
from chainwright.report.figures.time import dated
from chainwright.report.style import BLUE, FAINT, INK, MUTED, SKY, VERMILION, WARM_UP, Drawing, drawing, quiet, styled

MOST_SERIES, MOST_FACTORS = 6, 8
SERIES_HEIGHT, HEIGHT = 1.9, 2.3  # inches of a row of panels
# Candidates with a larger loss than most are left out, so that the bottom of the valley can be seen.
SHOWN = 0.75


def calibrating(fit: Any) -> Drawing:
    """Draw a fit.

    Parameters
    ----------
    fit : Calibration
        What `chainwright.calibrate` answered.
    """
    series, names = fit.observed.series[:MOST_SERIES], list(fit.space.names)[:MOST_FACTORS]
    below = -(-len(names) // 2)
    with styled():
        figure = drawing(WIDTH * 2 * 0.92, SERIES_HEIGHT * len(series) + HEIGHT * below + 0.35)
        grid = figure.add_gridspec(len(series) + below, 2, height_ratios=[SERIES_HEIGHT] * len(series) + [HEIGHT] * below)
        table, start = fit.table, 0
        for row, one in enumerate(series):
            own = table.iloc[start : start + len(one.values)]
            start += len(one.values)
            axes = figure.add_subplot(grid[row, :])
            axes.plot(own["period"], own["fitted"], color=BLUE, label="fitted")
            axes.plot(own["period"], own["observed"], "o", color=INK, markersize=4, label="observed")
            quiet(axes)
            axes.set_title(one.name)
            axes.xaxis.set_major_locator(MaxNLocator(10 if fit.observed.calendar is None else 7, integer=True))
            axes.yaxis.set_major_locator(MaxNLocator(4))
            plain_numbers(axes.yaxis)
            if row == len(series) - 1:
                axes.set_xlabel("period" + dated(axes, fit.observed.calendar), color=MUTED)
            if row == 0:
                marks, labels = axes.get_legend_handles_labels()
        trials = fit.trials
        done = trials[trials["status"] == "done"]
        ends = {row["factor"]: (row["low"], row["high"]) for row in fit.parameters.to_dict("records")}
        for number, (name, title, axis) in enumerate(zip(names, short_names(names), fit.space.axes, strict=False)):
            axes = figure.add_subplot(grid[len(series) + number // 2, number % 2])
            _loss(axes, fit, done, name, axis, ends[name])
            axes.set_title(f"{fit.loss_name} by {title}")
        marks.append(Line2D([], [], marker="o", color=SKY, linewidth=0, markersize=4))
        marks.append(Line2D([], [], marker="D", color=VERMILION, linewidth=0, markersize=6))
        marks.append(Patch(color=WARM_UP))
        labels += ["candidates", "fit", f"its interval of {fit.confidence:.0%}, approximate"]
        figure.legend(marks, labels, loc="outside lower left", ncols=5, handlelength=1.2, borderpad=0.0, columnspacing=1.4)
    return figure


def _loss(axes: Axes, fit: Any, done: Any, name: str, axis: Any, ends: tuple[Any, Any]) -> None:
    """The loss of every candidate against one factor; the interval of the fitted value as a band."""
    losses = done["loss"].to_numpy(np.float64)
    if axis.factor.numeric:
        places, best = done[name].to_numpy(np.float64), float(fit.fitted[name])
        plain_numbers(axes.xaxis)
        if axis.factor.log:
            axes.set_xscale("log")
        if ends[0] is not None and ends[0] == ends[0]:
            axes.axvspan(float(ends[0]), float(ends[1]), color=WARM_UP, linewidth=0, zorder=0)
    else:
        words = [str(value) for value in axis.factor.values]
        places, best = np.asarray([words.index(str(value)) for value in done[name]], np.float64), float(words.index(str(fit.fitted[name])))
        axes.set_xticks(range(len(words)), labels=words)
        axes.set_xlim(-0.5, len(words) - 0.5)
    axes.plot(places, losses, "o", color=SKY, markersize=4, alpha=0.65)
    axes.axvline(best, color=FAINT, linewidth=0.8, zorder=0)
    axes.plot([best], [fit.loss_of_fit], "D", color=VERMILION, markersize=6, zorder=6)
    quiet(axes)
    high = max(float(np.quantile(losses, SHOWN)), fit.loss_of_fit)
    axes.set_ylim(-0.04 * high if high else -1.0, 1.06 * high if high else 1.0)
    axes.yaxis.set_major_locator(MaxNLocator(4))
    plain_numbers(axes.yaxis)
