"""The figure of interactions: whether what one factor does depends on the value of another."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from matplotlib.axes import Axes

from chainwright.report.style import INK, PALETTE, Drawing, drawing, quiet, styled
from chainwright.report.sweeps.common import (
    BROAD,
    MARKS,
    apart,
    factor_axis,
    failures_told,
    intervals_told,
    key_above,
    measure_axis,
    measure_name,
    nothing,
    room_below,
    whisk,
    worded,
)
from chainwright.report.sweeps.reading import Reading, Varied
from chainwright.report.tables import short_names, shorten

HEADING = "How factors act together on {}"
MOST_FACTORS = 4
MOST_LINES = 6
LINE_SLICES = 4


def interaction(table: Any, measure: str | None = None, *, factors: Iterable[str] | str | None = None) -> Drawing:
    """The mean at each level of one factor, with a line for each level of another; for more than two factors a panel for each pair.

    Parameters
    ----------
    table : SweepTable
        The rows.
    measure : str, optional
        By default total_cost, else the first.
    factors : iterable of str, optional
        Which factors; by default all that vary, of more than four those with the largest effects.
    """
    reading = Reading(table, measure)
    heading = HEADING.format(reading.label)
    chosen = reading.picked(factors)
    if not reading.known:
        return nothing(heading, "No run gave a value.")
    if len(chosen) < 2:
        return nothing(heading, "Fewer than two factors were varied.")
    shown = reading.strongest(chosen, MOST_FACTORS)
    cut: list[str] = []
    drawn = _pair(reading, shown, cut) if len(shown) == 2 else _matrix(reading, shown, cut)
    left_out = f"The {len(shown)} factors with the largest effects of {len(chosen)}." if len(shown) < len(chosen) else ""
    lines = f"{' '.join(dict.fromkeys(cut))}"
    told = "Where lines run side by side, the factors act independently; where they close, open or cross, one changes what the other does."
    return worded(drawn, heading, told, intervals_told(reading), lines, left_out, failures_told(reading))


def _pair(reading: Reading, pair: list[Varied], cut: list[str]) -> Drawing:
    """One panel: along the factor of numbers, or of more levels, a line for each level of the other."""
    across, lines = sorted(pair, key=lambda one: (not one.numeric, -len(one.levels().texts)))
    with styled():
        figure = drawing(5.4, 3.6 + room_below([across], 4.3) + 0.18 * (min(len(lines.levels().texts), MOST_LINES) // 3))
        axes = figure.add_subplot()
        _panel(reading, axes, across, lines, cut)
        quiet(axes)
        factor_axis(axes, across, across.levels(), 4.3)
        axes.set_ylabel(measure_name(reading, 34))
        measure_axis(axes.yaxis, reading.measure)
        key_above(axes, 4.6, shorten(lines.label, 60))
    return figure


def _matrix(reading: Reading, factors: list[Varied], cut: list[str]) -> Drawing:
    """A panel for each pair: a column for each factor along the axis, a row for each factor with lines."""
    size = len(factors) - 1
    with styled():
        inches = 0.7 * BROAD / (size + 0.6)
        figure = drawing(BROAD, 1.95 * size + 0.35 + room_below(factors[:-1], inches))
        grid = figure.subplots(size, size + 1, sharex="col", sharey=True, squeeze=False, width_ratios=[1.0] * size + [0.62 if size > 2 else 0.5])
        apart(figure)
        for row in range(size):
            lines = factors[row + 1]
            for column in range(size + 1):
                axes = grid[row, column]
                if column > row:
                    axes.axis("off")
                    continue
                _panel(reading, axes, factors[column], lines, cut)
                quiet(axes)
                if row == size - 1:
                    factor_axis(axes, factors[column], factors[column].levels(), inches)
                    axes.margins(x=0.1)
                if column == 0:
                    axes.set_ylabel(measure_name(reading, 24))
            handles, labels = grid[row, row].get_legend_handles_labels()
            key = grid[row, row + 1].legend(handles, labels, loc="center left", title=shorten(lines.label, 24), alignment="left", borderpad=0.0)
            key.get_title().set_color(INK)
        measure_axis(grid[0, 0].yaxis, reading.measure, 4)
    return figure


def _panel(reading: Reading, axes: Axes, across: Varied, lines: Varied, cut: list[str]) -> None:
    """The lines of one pair."""
    along, own = across.levels(), lines.levels(MOST_LINES, LINE_SLICES)
    if along.sliced or own.sliced:
        cut.append("Factors of many values are cut into slices.")
    kept = range(len(own.texts))
    if len(own.texts) > MOST_LINES:
        # The first and the last, and some between.
        kept = range(0, len(own.texts), -(-len(own.texts) // MOST_LINES))
        cut.append(f"Of {lines.label} {len(kept)} of {len(own.texts)} values are shown.")
    names = short_names(own.texts, 22)
    count = len(kept)
    for number, level in enumerate(kept):
        estimates = [reading.estimate((along.of_point == place) & (own.of_point == level)) for place in range(len(along.texts))]
        places = along.places + (0.0 if across.numeric else _aside(number, count))
        whisk(axes, places, estimates, PALETTE[number % len(PALETTE)], names[level], mark=MARKS[number % len(MARKS)])


def _aside(number: int, count: int) -> float:
    """How far marks of one category stand beside each other, so that their whiskers do not cover each other."""
    return (number - (count - 1) / 2.0) * min(0.08, 0.4 / count)


