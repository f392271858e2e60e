"""The figure of main effects: the mean of a measure at each level of each factor, over all values of the others."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from chainwright.report.style import BLUE, FAINT, Drawing, drawing, quiet, styled
from chainwright.report.sweeps.common import (
    BROAD,
    NARROW,
    apart,
    factor_axis,
    failures_told,
    intervals_told,
    measure_axis,
    measure_name,
    nothing,
    room_below,
    whisk,
    worded,
)
from chainwright.report.sweeps.reading import Reading

HEADING = "What each factor does to {}"
MOST_PANELS = 12
ACROSS = 3


def main_effects(table: Any, measure: str | None = None, *, factors: Iterable[str] | str | None = None) -> Drawing:
    """A panel for each factor, all on the scale of the measure.

    Parameters
    ----------
    table : SweepTable
        The rows.
    measure : str, optional
        By default total_cost, else the first.
    factors : iterable of str, optional
        Which factors; by default all that vary, of more than twelve those with the largest effects.
    """
    reading = Reading(table, measure)
    heading = HEADING.format(reading.label)
    chosen = reading.picked(factors)
    if not reading.known:
        return nothing(heading, "No run gave a value.")
    if not chosen:
        return nothing(heading, "Nothing was varied.")
    shown = reading.strongest(chosen, MOST_PANELS)
    count = len(shown)
    across = min(count, ACROSS if count != 4 else 2)
    down = -(-count // across)
    width = NARROW if count == 1 else BROAD
    inches = 0.78 * width / across
    overall = reading.estimate(slice(None)).mean
    with styled():
        rows = [shown[place : place + across] for place in range(0, count, across)]
        figure = drawing(width, (2.7 if across < 3 else 2.4) * down + 0.1 + sum(room_below(row, inches) for row in rows))
        apart(figure)
        grid = figure.subplots(down, across, sharey=True, squeeze=False)
        cells = grid.ravel().tolist()
        for place, axes in enumerate(cells):
            if place >= count:
                axes.remove()
                continue
            factor = shown[place]
            levels = factor.levels()
            axes.axhline(overall, color=FAINT, linewidth=1.0, linestyle=(0, (3, 2)), zorder=1)
            whisk(axes, levels.places, reading.level_estimates(levels), BLUE, line=factor.numeric)
            quiet(axes)
            factor_axis(axes, factor, levels, inches)
            axes.margins(x=0.08)
            if place % across == 0:
                axes.set_ylabel(measure_name(reading, 30))
        measure_axis(cells[0].yaxis, reading.measure)
    sliced = "Factors of many values are cut into slices. " if any(one.numeric and one.levels().sliced for one in shown) else ""
    left_out = f"The {count} factors with the largest effects of {len(chosen)}." if count < len(chosen) else ""
    others = "Dots are means over all values of the other factors; the dashed line is the mean of all." if len(reading.varied) > 1 else ""
    alone = "" if others else "The dashed line is the mean of all."
    aliased = "Some main effects are confounded with interactions in this fraction." if _confounded(reading) else ""
    return worded(figure, heading, others, alone, intervals_told(reading), sliced, left_out, aliased, failures_told(reading))


def _confounded(reading: Reading) -> bool:
    """Whether the design is a fraction whose main effects cannot be told from interactions of two factors."""
    return reading.design.kind == "fractional" and str(reading.design.facts.get("resolution")) == "III"
