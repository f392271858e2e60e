"""The figure of a frontier: two measures against each other, and the points that no other point beats in both."""

from __future__ import annotations

import textwrap
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from chainwright.metrics.directions import directions
from chainwright.report.numerals import plural
from chainwright.report.style import FAINT, INK, MUTED, PAPER, VERMILION, Drawing, drawing, quiet, styled
from chainwright.report.sweeps.common import failures_told, measure_axis, nothing, worded
from chainwright.report.sweeps.reading import Reading, Varied
from chainwright.report.sweeps.words import unit_text, value_text
from chainwright.report.tables import shorten
from chainwright.words.errors import UsageError

WIDTH = 5.4
MOST_NAMED = 10
MOST_POINTS = 4000
MOST_MARKS = 300
MOST_WHISKERS = 60
NEAR = 0.055  # of the axes: marks nearer than this would cover each other's numbers
PAIRS = (
    *(("total_cost", "fill_rate"), ("total_cost", "ready_rate"), ("total_cost", "cycle_service_level")),
    *(("on_hand_mean", "fill_rate"), ("total_cost", "bullwhip_ratio")),
)


def frontier(
    table: Any, x: str | None = None, y: str | None = None, *, measure: str | None = None, minimise: dict[str, bool] | None = None
) -> Drawing:
    """Every design point by two measures; those that no other beats are joined, numbered and named.

    Parameters
    ----------
    table : SweepTable
        The rows.
    x, y : str, optional
        The measures; by default what something costs and what it serves.
    measure : str, optional
        The same as `x`.
    minimise : mapping of str to bool, optional
        Whether less is better, for measures of which that is not known.
    """
    first, second = _pair(table, x if x is not None else measure, y)
    reading, other = Reading(table, first), Reading(table, second)
    heading = f"{reading.label[:1].upper()}{reading.label[1:]} against {other.label}"
    if not (reading.known and other.known):
        return nothing(heading, "No run gave a value.")
    best = table.pareto(first, second, minimise=minimise)
    points = table.by_point(measures=[first, second])
    less = directions([first, second], minimise)
    with styled():
        windows = [_window(points[name], best[name], one) for name, one in zip((first, second), less, strict=True)]
        named = _named(best, windows, first, second)
        lines = _key(reading, named, reading.varied, best)
        figure = drawing(WIDTH, 3.7 + 0.19 * sum(len(line) for line in lines))
        axes = figure.add_subplot()
        _cloud(axes, points, first, second)
        marked = best.iloc[:: -(-len(best) // MOST_MARKS)] if len(best) > MOST_MARKS else best
        axes.plot(marked[first], marked[second], color=VERMILION, linewidth=1.1, alpha=0.75, zorder=3)
        axes.plot(marked[first], marked[second], "o", color=VERMILION, markersize=6.0, markeredgecolor=PAPER, markeredgewidth=0.8, zorder=4)
        quiet(axes, "both")
        measure_axis(axes.xaxis, first)
        measure_axis(axes.yaxis, second)
        axes.set_xlim(*windows[0])
        axes.set_ylim(*windows[1])
        axes.set_xlabel(f"{reading.label}{unit_text(first)}, {'less' if less[0] else 'more'} is better")
        axes.set_ylabel(shorten(f"{other.label}{unit_text(second)}, {'less' if less[1] else 'more'} is better", 46))
        for number, row in enumerate(named, start=1):
            right, above = (10 if less[0] else -10), (-9 if less[1] is False else 9)
            axes.annotate(
                str(number), (best[first].iloc[row], best[second].iloc[row]), xytext=(right, above), textcoords="offset points",
                ha="center", va="center", fontsize=8.5, fontweight="bold", color=INK, zorder=6,
            )  # fmt: skip
        if lines:
            text = "\n".join("\n".join(line) for line in lines)
            figure.supxlabel(text, x=0.02, ha="left", fontsize=8.5, color=INK, linespacing=1.4)
    count = f"{plural(len(best), 'point')} of {len(points):,} that no other point beats in both measures {'is' if len(best) == 1 else 'are'} marked."
    some = f" {len(named)} of them are numbered." if len(named) < len(best) else ""
    spread = "Lines through the points are 95 % intervals." if reading.reps > 1 and len(points) <= MOST_WHISKERS else ""
    thinned = f"Of the others one of {-(-len(points) // MOST_POINTS)} is drawn." if len(points) > MOST_POINTS else ""
    (left, right_end), (bottom, top) = windows
    inside = points[first].between(left, right_end) & points[second].between(bottom, top)
    beyond = int((~inside & points[first].notna() & points[second].notna()).sum())
    off = f"{plural(beyond, 'point')} far from the best {'lies' if beyond == 1 else 'lie'} beyond the edge." if beyond else ""
    return worded(figure, heading, count + some, spread, thinned, off, failures_told(reading))


def _pair(table: Any, x: str | None, y: str | None) -> tuple[str, str]:
    """The two measures, or two that are worth weighing."""
    if x is not None and y is not None:
        return table.measure(x), table.measure(y)
    known = table.measures
    one = x if x is not None else y
    if one is not None:
        own = table.measure(one)
        partners = [b if a == own else a for a, b in PAIRS if own in (a, b)] + ["total_cost", "fill_rate", *known]
        other = next((name for name in partners if name in known and name != own), None)
        if other is None:
            raise UsageError("a frontier needs two measures, and the sweep has one")
        return (own, other) if x is not None else (other, own)
    usable = [pair for pair in PAIRS if all(name in known and table[name].nunique() > 1 for name in pair)]
    if usable:
        return usable[0]
    if len(known) < 2:
        raise UsageError("a frontier needs two measures, and the sweep has one")
    return known[0], known[1]


def _cloud(axes: Axes, points: pd.DataFrame, first: str, second: str) -> None:
    """All points, with their intervals where there are few."""
    if len(points) <= MOST_WHISKERS:
        options: dict[str, Any] = {"color": FAINT, "linewidth": 1.0, "alpha": 0.55, "zorder": 1}
        axes.hlines(points[second], points[f"{first}_low"], points[f"{first}_high"], **options)
        axes.vlines(points[first], points[f"{second}_low"], points[f"{second}_high"], **options)
    shown = points.iloc[:: -(-len(points) // MOST_POINTS)] if len(points) > MOST_POINTS else points
    axes.plot(shown[first], shown[second], "o", color=MUTED, markersize=4.0 if len(shown) < 400 else 2.2, markeredgewidth=0, alpha=0.55, zorder=2)


def _window(values: Any, best: Any, less: bool) -> tuple[float, float]:
    """The part of an axis that is drawn: where a few bad points would leave no room for the good ones, they lie beyond the edge."""
    known = values.dropna().to_numpy(np.float64) * (1.0 if less else -1.0)
    good, bad = float(known.min()), float(known.max())
    far = max(float(best.max() if less else -best.min()), float(np.quantile(known, 0.75)))
    end = far if bad - good > 3.0 * (far - good) and far > good else bad
    room = 0.07 * (end - good) or 0.5 * abs(end) or 0.5
    low, high = good - room, end + room
    return (low, high) if less else (-high, -low)


def _named(best: pd.DataFrame, windows: list[tuple[float, float]], first: str, second: str) -> list[int]:
    """Which points of the frontier are numbered: its ends, and between them those that stand clear of each other."""
    spans = [high - low for low, high in windows]
    at = best[[first, second]].to_numpy(np.float64) / spans
    order = [0, len(best) - 1, *range(1, len(best) - 1)] if len(best) > 1 else [0] * len(best)
    kept: list[int] = []
    for row in order:
        if all(float(np.hypot(*(at[row] - at[other]))) >= NEAR for other in kept):
            kept.append(row)
    kept = sorted(kept)
    if len(kept) > MOST_NAMED:
        kept = [kept[place] for place in np.unique(np.linspace(0, len(kept) - 1, MOST_NAMED).round().astype(int)).tolist()]
    return kept


def _key(reading: Reading, named: list[int], factors: list[Varied], best: pd.DataFrame) -> list[list[str]]:
    """For each numbered point its factors in words, in lines of the figure's width."""
    if not factors:
        return []
    place = {identity: row for row, identity in enumerate(reading.ids.tolist())}
    letters = int(WIDTH / 0.072)
    lines = []
    for number, row in enumerate(named, start=1):
        at = place[best["design_id"].iloc[row]]
        said = " · ".join(f"{shorten(factor.label, 30)} {value_text(factor.values[at], 24, 3)}" for factor in factors[:6])
        said += f" · and {len(factors) - 6} more" if len(factors) > 6 else ""
        lines.append(textwrap.wrap(f"{number}   {said}", letters, subsequent_indent="     "))
    return lines
