"""The figure of a heat map: a measure over two factors as colours, with its numbers where there is room for them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, Normalize
from numpy.typing import NDArray

from chainwright.report.style import INK, PAPER, Drawing, drawing, styled
from chainwright.report.sweeps.common import BROAD, LETTER, failures_told, folded, measure_axis, nothing, worded
from chainwright.report.sweeps.reading import Levels, Reading, Varied
from chainwright.report.sweeps.words import is_share, measure_text, unit_text
from chainwright.report.tables import short_names, shorten
from chainwright.words.errors import UsageError, suggestion

SHOW = {"mean": "mean", "half_width": "half width of the 95 % interval", "deviation": "standard deviation between replications"}
MOST_CELLS = 130  # cells with a number inside, at the most
MOST_FACETS = 6
SLICES = 10
# One hue from light to dark, which colour-blind readers and printers keep in order.
_DEPTH = ["#f1f6fa", "#a9d0ea", "#4f9fd0", "#14699f", "#0a3458"]
COLOURS = LinearSegmentedColormap.from_list("depth", _DEPTH).with_extremes(bad="#cfd4d9")  # bad: where no point lies
# Not colours of the page's style sheet: what stands on a cell must not change with the ground of the page.
DARK, LIGHT = "#101a24", "#fbfdff"

Floats = NDArray[np.float64]


def heat_map(
    table: Any, measure: str | None = None, *, factors: Iterable[str] | None = None, facet: str | None = None, show: str = "mean"
) -> Drawing:
    """A cell for each pair of levels.

    Parameters
    ----------
    table : SweepTable
        The rows.
    measure : str, optional
        By default total_cost, else the first.
    factors : iterable of str, optional
        The two factors, across and up; by default the two with the largest effects.
    facet : str, optional
        A third factor, with a map for each of its levels.
    show : {"mean", "half_width", "deviation"}
        The mean, half of its interval's width, or the standard deviation between replications.
    """
    reading = Reading(table, measure)
    if show not in SHOW:
        raise UsageError(f"a heat map shows no {show!r}{suggestion(show, SHOW)}")
    said = reading.label if show == "mean" else f"{reading.label}: {SHOW[show]}"
    heading = f"Map of {said}"
    chosen = reading.picked(factors)
    third = reading.picked(facet)[0] if facet is not None else None
    if factors is None:
        chosen = [factor for factor in chosen if factor is not third]
        if len(chosen) > 2:
            chosen = reading.strongest(chosen, 2)
    elif len(chosen) != 2:
        raise UsageError(f"a heat map has two factors, got {len(chosen)}; name the third as facet=")
    if not reading.known:
        return nothing(heading, "No run gave a value.")
    if len(chosen) < 2:
        return nothing(heading, "Fewer than two factors were varied.")
    across, up = chosen
    # So many slices that most cells have a few points.
    slices = int(np.clip(np.sqrt(len(reading.ids) / 3.0), 3, SLICES))
    columns, rows = across.levels(slices=slices), up.levels(slices=slices)
    parts = third.levels(MOST_FACETS, MOST_FACETS) if third is not None else Levels([""], np.zeros(1), np.zeros(len(reading.ids), np.int64))
    maps = [_cells(reading, columns, rows, parts.of_point == part, show) for part in range(min(len(parts.texts), MOST_FACETS))]
    drawn = _drawn(reading, (across, columns), (up, rows), maps, [f"{third.label} {text}" if third else "" for text in parts.texts])
    others = [factor for factor in reading.varied if factor not in (across, up, third)]
    over = f"Means over {' and '.join(factor.label for factor in others[:3])}{' and more' if len(others) > 3 else ''}." if others else ""
    sliced = "Factors of many values are cut into slices." if columns.sliced or rows.sliced else ""
    reps = f"Means over {reading.reps:,} replications." if reading.reps > 1 and show == "mean" and not others else ""
    empty = "Grey: no point lies there." if any(np.isnan(one).any() for one in maps) else ""
    more = f"The first {MOST_FACETS} of {len(parts.texts)} maps." if len(parts.texts) > MOST_FACETS else ""
    return worded(drawn, heading, "The darker, the higher.", over, reps, sliced, empty, more, failures_told(reading))


def _cells(reading: Reading, columns: Levels, rows: Levels, here: NDArray[np.bool_], show: str) -> Floats:
    """The number of each cell, from below; empty (nan) where there is no point."""
    found = np.full((len(rows.texts), len(columns.texts)), np.nan)
    for row in range(len(rows.texts)):
        for column in range(len(columns.texts)):
            points = here & (rows.of_point == row) & (columns.of_point == column)
            if points.any():
                found[row, column] = _shown(reading, points, show)
    return found


def _shown(reading: Reading, points: NDArray[np.bool_], show: str) -> float:
    one = reading.estimate(points)
    if show == "mean":
        return one.mean
    if show == "half_width":
        return (one.high - one.low) / 2.0
    values = reading.values[points]
    known = values[(~np.isnan(values)).sum(axis=1) > 1]
    return float(np.sqrt(np.nanvar(known, axis=1, ddof=1).mean())) if len(known) else np.nan


def _drawn(reading: Reading, x: tuple[Varied, Levels], y: tuple[Varied, Levels], maps: list[Floats], titles: list[str]) -> Drawing:
    (across, columns), (up, rows) = x, y
    known = np.concatenate([one[~np.isnan(one)] for one in maps])
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    scale = Normalize(low, high if high > low else low + 1.0)
    count = len(maps)
    beside = 1 if count == 1 else 2 if count in (2, 4) else 3
    down = -(-count // beside)
    side = max(map(len, short_names(rows.texts, 20))) * LETTER
    cell = min(max(0.62, max(map(len, short_names(columns.texts, 20))) * LETTER + 0.12), 1.3)
    width = min(BROAD, max(5.2, side + 2.0 + cell * len(columns.texts))) if count == 1 else BROAD
    room = (width - side - 1.6) / beside / len(columns.texts)  # inches of a cell
    with styled():
        height = 1.3 + max(2.0, min(0.4 * len(rows.texts), 5.0)) * down + (0.25 * down if count > 1 else 0.0)
        figure = drawing(width, height)
        grid = figure.subplots(down, beside, sharex=True, sharey=True, squeeze=False)
        cells = grid.ravel().tolist()
        mesh: Any = None
        for place, axes in enumerate(cells):
            if place >= count:
                axes.remove()
                continue
            mesh = axes.pcolormesh(np.ma.masked_invalid(maps[place]), cmap=COLOURS, norm=scale, edgecolors=PAPER, linewidth=1.2)
            if maps[place].size <= MOST_CELLS and count * maps[place].size <= 4 * MOST_CELLS:
                _numbers(reading, axes, maps[place], scale, room)
            axes.spines[:].set_visible(False)
            axes.tick_params(length=0)
            names = short_names(columns.texts, 20)
            lines = [folded(name, int(room * 0.95 / LETTER)) for name in names]
            aslant: dict[str, Any] = {"rotation": 35, "ha": "right", "rotation_mode": "anchor"}
            axes.set_xticks(np.arange(len(names)) + 0.5, labels=lines if all(lines) else names, **({} if all(lines) else aslant))
            axes.set_yticks(np.arange(len(rows.texts)) + 0.5, labels=short_names(rows.texts, 20))
            axes.tick_params(labelcolor=INK)
            if titles[place]:
                axes.set_title(shorten(titles[place], int(room * len(names) / 0.08)))
            if place >= count - beside:
                axes.set_xlabel(shorten(across.label, 60))
            if place % beside == 0:
                axes.set_ylabel(shorten(up.label, int(height * 0.6 / down / LETTER) + 6))
        bar = figure.colorbar(mesh, ax=cells[:count], shrink=0.9, aspect=24 * down, pad=0.02)
        bar.outline.set_visible(False)
        measure_axis(bar.ax.yaxis, reading.measure)
        bar.ax.tick_params(length=0)
        bar.set_label(shorten(reading.label + unit_text(reading.measure), 48))
    return figure


def _numbers(reading: Reading, axes: Axes, values: Floats, scale: Normalize, room: float) -> None:
    """The number of each cell inside it, where the widest has room."""
    texts = [[measure_text(reading.measure, value).replace(" %", "") for value in row] for row in values]
    size = 8.5
    if max(len(text) for row in texts for text in row) * size / 72 * 0.62 > room * 0.96:
        return
    for row, line in enumerate(texts):
        for column, text in enumerate(line):
            if not np.isnan(values[row, column]):
                red, green, blue, _ = COLOURS(float(scale(values[row, column])))
                dark = 0.299 * red + 0.587 * green + 0.114 * blue < 0.55
                axes.text(column + 0.5, row + 0.5, text, ha="center", va="center", fontsize=size, color=LIGHT if dark else DARK)
    if is_share(reading.measure):
        axes.set_title("in per cent", fontsize=8.5, fontweight="normal", loc="right", color=INK)
