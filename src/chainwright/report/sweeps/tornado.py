"""The figure of a tornado: how far each factor alone moves a measure away from its base, the widest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from chainwright.metrics.intervals import Estimate
from chainwright.report.figures.common import name_rows
from chainwright.report.style import BLUE, INK, ORANGE, Drawing, drawing, quiet, styled
from chainwright.report.sweeps.common import LETTER, SAME, failures_told, intervals_told, measure_axis, measure_name, nothing, worded
from chainwright.report.sweeps.reading import Reading, Varied
from chainwright.report.sweeps.words import measure_text, value_text
from chainwright.report.tables import short_names, shorten

HEADING = "What moves {} most"
WIDTH = 5.6
MOST_BARS = 16
NAME = 26  # letters of a factor's name


@dataclass(frozen=True)
class End:
    """One value of a factor: what it is called, what is measured there, the difference from the base, and whether it is the lower one."""

    text: str
    mean: float
    difference: Estimate
    lower: bool = False


def tornado(table: Any, measure: str | None = None, *, factors: Iterable[str] | str | None = None) -> Drawing:
    """A bar for each factor, from what is measured at its low value to what is measured at its high one.

    Parameters
    ----------
    table : SweepTable
        The rows. Where one factor at a time leaves a base, the bars start from it; in other designs from the mean of all points.
    measure : str, optional
        By default total_cost, else the first.
    factors : iterable of str, optional
        Which factors; by default all that vary.
    """
    reading = Reading(table, measure)
    heading = HEADING.format(reading.label)
    if not reading.known:
        return nothing(heading, "No run gave a value.")
    base_row = _base(reading)
    base = float(reading.means[base_row]) if base_row is not None else reading.estimate(slice(None)).mean
    found = [(factor, _ends(reading, factor, base_row)) for factor in reading.picked(factors)]
    bars = sorted([(factor, ends) for factor, ends in found if ends], key=lambda one: -_width(one[1], base))
    if not bars or not np.isfinite(base):
        return nothing(heading, "Nothing was varied." if np.isfinite(base) else "The base gave no value.")
    shown = bars[:MOST_BARS]
    with styled():
        figure = drawing(WIDTH, 1.1 + 0.44 * max(len(shown), 2))
        axes = figure.add_subplot()
        tips: list[tuple[float, int, bool]] = []
        for row, (factor, ends) in enumerate(shown):
            same_side = len(ends) == 2 and (ends[0].mean - base) * (ends[1].mean - base) > 0
            for place, end in enumerate(ends):
                height, at = (0.34, row + (place - 0.5) * 0.36) if same_side else (0.62, row)
                width = end.mean - base
                name = f"bar-{row}-{place}"
                figure.tooltips[name] = f"{factor.label} {end.text}: {reading.label} {measure_text(reading.measure, end.mean)}"
                axes.barh([at], [width], left=base, height=height, color=BLUE if end.lower else ORANGE)[0].set_gid(name)
                if end.difference.interval:
                    axes.hlines([at], base + end.difference.low, base + end.difference.high, color=INK, linewidth=1.2, zorder=4)
                right = width > 0 or (width == 0 and place == 1)
                tip = max(width, end.difference.high if end.difference.interval else width) if right else min(
                    width, end.difference.low if end.difference.interval else width
                )  # fmt: skip
                tips.append((base + tip, len(shorten(end.text, 20)), right))
                axes.annotate(
                    shorten(end.text, 20), (base + tip, at), xytext=(4 if right else -4, 0), textcoords="offset points",
                    ha="left" if right else "right", va="center", fontsize=8.5, color=INK,
                )  # fmt: skip
        axes.axvline(base, color=INK, linewidth=1.0, zorder=5)
        quiet(axes, "x")
        name_rows(axes, short_names([factor.label for factor, _ in shown], NAME))
        names = max(len(name) for name in short_names([factor.label for factor, _ in shown], NAME))
        axes.set_xlim(_limits(base, tips, WIDTH - 0.5 - names * LETTER))
        measure_axis(axes.xaxis, reading.measure)
        axes.set_xlabel(measure_name(reading, 60))
    from_ = f"The upright line is the base, {measure_text(reading.measure, base)}" if base_row is not None else (
        f"The upright line is the mean of all points, {measure_text(reading.measure, base)}"
    )  # fmt: skip
    bars_told = "; bars reach to what is measured at the value beside them: blue the lower value of a factor, orange the higher or another."
    spread = any(end.difference.interval for _, ends in shown for end in ends)
    thin = "Thin lines are 95 % intervals of the difference, replication by replication." if spread else ""
    thin = intervals_told(reading) if reading.reps < 2 else thin
    left_out = f"The {len(shown)} widest of {len(bars)} bars." if len(shown) < len(bars) else ""
    return worded(figure, heading, from_ + bars_told, thin, left_out, failures_told(reading))


def _limits(base: float, tips: list[tuple[float, int, bool]], inches: float) -> tuple[float, float]:
    """The ends of the axis, so that the words beside the bars have room: letters have a size in inches, bars in the measure."""
    low, high = min(base, *(tip for tip, _, _ in tips)), max(base, *(tip for tip, _, _ in tips))
    low, high = (low, high) if high > low else (low - 0.5, high + 0.5)
    for _ in range(8):
        inch = (high - low) / inches
        room = [(tip, (letters * LETTER + 0.12) * inch, right) for tip, letters, right in tips]
        low = min([low, *(tip - size for tip, size, right in room if not right)])
        high = max([high, *(tip + size for tip, size, right in room if right)])
    return low, high


def _base(reading: Reading) -> int | None:
    """The place of the base among the points of the table."""
    varied = reading.design.facts.get("varied") if reading.design.kind == "one_at_a_time" else None
    if not varied or None not in varied:
        return None
    here = np.flatnonzero(reading.ids == varied.index(None))
    return int(here[0]) if len(here) else None


def _ends(reading: Reading, factor: Varied, base_row: int | None) -> list[End]:
    """The low and the high end of a factor; one alone where the other is the base itself."""
    if base_row is None:
        levels = factor.levels()
        estimates = reading.level_estimates(levels)
        found = [End(text, one.mean, Estimate(one.mean, np.nan, np.nan, 0)) for text, one in zip(levels.texts, estimates, strict=True)]
        known = [one for one in found if np.isfinite(one.mean)]
        if not factor.numeric:
            known.sort(key=lambda one: one.mean)
        return [replace(known[0], lower=True), known[-1]] if len(known) > 1 else []
    varied = np.asarray([one == factor.name for one in reading.design.facts["varied"]])
    rows = [row for row, identity in enumerate(reading.ids.tolist()) if varied[identity] and np.isfinite(reading.means[row])]
    ends = [(row, End(value_text(factor.values[row]), float(reading.means[row]), reading.difference(row, base_row))) for row in rows]
    if not ends:
        return []
    own = factor.values[base_row]
    if factor.numeric:
        below = [one for one in ends if factor.values[one[0]] < own]
        above = [one for one in ends if factor.values[one[0]] > own]
        lowest = min(below, key=lambda one: factor.values[one[0]], default=None)
        highest = max(above, key=lambda one: factor.values[one[0]], default=None)
        return ([replace(lowest[1], lower=True)] if lowest else []) + ([highest[1]] if highest else [])
    ends.sort(key=lambda one: one[1].mean)
    return [replace(ends[0][1], lower=True), ends[-1][1]] if len(ends) > 1 else [ends[0][1]]


def _width(ends: list[End], base: float) -> float:
    values = [end.mean for end in ends] + [base]
    width = max(values) - min(values)
    return width if width > SAME * abs(base) else 0.0
