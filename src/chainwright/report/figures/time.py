"""The figures over time: the mean of the runs with a band from 5 to 95 %, one panel for each echelon."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from chainwright.report.figures.common import HIGH, LOW, WIDTH, canvas, plain_numbers
from chainwright.report.style import BLUE, INK, MUTED, OUTAGE, PALETTE, VERMILION, WARM_UP, Drawing, drawing, quiet, say, styled
from chainwright.report.tables import echelon_name
from chainwright.words.calendar import Calendar
from chainwright.words.errors import UsageError, suggestion

MOST_POINTS = 400  # a longer run is averaged over equal stretches of periods, within each run
MOST_PANELS = 8
COLOURS = {"on_hand": BLUE, "backorder": VERMILION, "orders": PALETTE[1], "demand": PALETTE[2], "in_transit": PALETTE[5], "total_cost": PALETTE[4]}
COLOURS |= {"shipped_in_time": PALETTE[2], "lost": VERMILION}


def bands(timeline: pd.DataFrame, column: str, of: str | None = None) -> tuple[np.ndarray, np.ndarray, int]:
    """Periods, the 5 % quantile, the mean and the 95 % quantile over the runs at each (three rows), and how many periods a point stands for.

    The mean, because the median of orders that come in lots, in each run in another period, is 0 for ever.

    Parameters
    ----------
    timeline : DataFrame
        One row for each run, period and echelon.
    column : str
        What is summed over the echelons.
    of : str, optional
        A column by which it is divided; where that is 0 there is no value.
    """
    columns = [column] if of is None else [column, of]
    sums = timeline.groupby(["run", "period"], sort=True)[columns].sum()
    tables = [sums[name].unstack("period") for name in columns]
    periods, values = tables[0].columns.to_numpy(dtype=float), [table.to_numpy(dtype=float) for table in tables]
    step = -(-periods.size // MOST_POINTS)
    if step > 1:
        starts = np.arange(0, periods.size, step)
        sizes = np.diff(np.append(starts, periods.size))
        values = [np.add.reduceat(one, starts, axis=1) / sizes for one in values]
        periods = np.add.reduceat(periods, starts) / sizes
    drawn = values[0] if of is None else np.divide(values[0], values[1], out=np.full_like(values[0], np.nan), where=values[1] > 0.0)
    known = ~np.isnan(drawn).all(axis=0)
    some = drawn[:, known]
    lines = np.full((3, periods.size), np.nan)
    lines[:, known] = [np.nanquantile(some, LOW, axis=0), np.nanmean(some, axis=0), np.nanquantile(some, HIGH, axis=0)]
    return periods, lines, step


def over_time(
    timeline: pd.DataFrame,
    column: str,
    ax: Axes | None = None,
    *,
    names: Mapping[int, str] | None = None,
    period: str = "period",
    calendar: Calendar | None = None,
) -> Drawing:
    """One column of the timeline over the periods, a line for each echelon; bands where there are several runs.

    Parameters
    ----------
    timeline : DataFrame
        One row for each run, period and echelon.
    column : str
        What to show, such as on_hand.
    ax : Axes, optional
        Where to draw; a new figure otherwise.
    names : mapping, optional
        Names of the echelons.
    period : str
        What a period is called.
    calendar : Calendar, optional
        When periods begin; dates then stand below the chart.
    """
    _known(timeline, column)
    with styled():
        figure, axes = canvas(ax, WIDTH, 3.0)
        shown = _eventful(timeline, [column])[: len(PALETTE)]
        step = 1
        for colour, echelon in zip(PALETTE, shown, strict=False):
            step = _band(axes, timeline[timeline["echelon"] == echelon], column, colour, label=echelon_name(dict(names or {}), echelon))
        quiet(axes)
        _time_axis(axes, period, step, calendar)
        axes.set_title(column.replace("_", " "))
        if len(shown) > 1:
            figure.legend(loc="outside lower left", ncols=3, handlelength=1.2, borderpad=0.0)
    return figure


def panels(
    timeline: pd.DataFrame,
    column: str,
    *,
    below: str | None = None,
    of: str | None = None,
    names: Mapping[int, str] | None = None,
    period: str = "period",
    warm_up: int = 0,
    outages: Sequence[tuple[int, int]] = (),
    height: float = 1.12,
    calendar: Calendar | None = None,
) -> Drawing:
    """One panel for each echelon, from the customers up: a column, and another mirrored below the line of zero.

    Parameters
    ----------
    timeline : DataFrame
        One row for each run, period and echelon.
    column, below : str
        What to show above the line, and below it.
    of : str, optional
        A column of which the first is a share; echelons where it is always the whole are left out.
    names : mapping, optional
        Names of the echelons.
    period : str
        What a period is called.
    warm_up : int
        How many periods at the start are shaded, because they are not measured.
    outages : sequence of (first, last)
        Periods that are shaded because something is disrupted.
    height : float
        Inches of a panel.
    calendar : Calendar, optional
        When periods begin; dates then stand below the chart.
    """
    shown = [column] if below is None else [column, below]
    for one in [*shown, *([] if of is None else [of])]:
        _known(timeline, one)
    order = sorted((_eventful(timeline, shown) if of is None else _short_of(timeline, column, of))[:MOST_PANELS])
    with styled():
        figure = drawing(WIDTH, 0.75 + height * max(len(order), 1))
        if not order:
            say(figure.add_subplot(), f"There is no {' and no '.join(shown).replace('_', ' ')} at any time.")
            return figure
        engine = figure.get_layout_engine()
        if isinstance(engine, ConstrainedLayoutEngine):
            engine.set(h_pad=0.07)
        grid: Any = figure.subplots(len(order), 1, sharex=True, squeeze=False)[:, 0]
        step = 1
        for axes, echelon in zip(grid, order, strict=True):
            rows = timeline[timeline["echelon"] == echelon]
            step = _band(axes, rows, column, COLOURS.get(column, BLUE), of=of)
            if below is not None:
                _band(axes, rows, below, COLOURS.get(below, VERMILION), sign=-1.0)
                axes.axhline(0.0, color=INK, linewidth=0.7, zorder=4)
            else:
                axes.set_ylim(bottom=min(0.0, axes.get_ylim()[0]))
            quiet(axes)
            if of is None:
                _value_axis(axes)
                plain_numbers(axes.yaxis, mirrored=below is not None)
            else:
                _share_axis(axes)
            if warm_up:
                axes.axvspan(axes.get_xlim()[0], warm_up + 0.5, color=WARM_UP, linewidth=0, zorder=0)
            for first, last in outages:
                axes.axvspan(first - 0.5, last + 0.5, color=OUTAGE, linewidth=0, zorder=0.1)
            axes.set_title(echelon_name(dict(names or {}), echelon), pad=3)
            axes.tick_params(axis="x", length=0 if axes is not grid[-1] else 3)
            axes.spines["bottom"].set_visible(below is None or axes is grid[-1])
        _time_axis(grid[-1], period, step, calendar)
        if below is not None:
            marks = [Line2D([], [], color=COLOURS.get(one, BLUE), linewidth=5, alpha=0.8, label=one.replace("_", " ")) for one in shown]
            figure.legend(handles=marks, loc="outside upper left", ncols=2, handlelength=0.9, borderpad=0.0)
    return figure


def _known(timeline: pd.DataFrame, column: str) -> None:
    columns = [str(name) for name in timeline.columns if name not in ("run", "period", "date", "echelon")]
    if column not in columns:
        raise UsageError(f"the timeline has no column {column!r}{suggestion(column, columns)}")


def _eventful(timeline: pd.DataFrame, columns: list[str]) -> list[int]:
    """The echelons where something is to be seen, those with the most first."""
    sizes = timeline[columns].abs().sum(axis=1).groupby(timeline["echelon"]).sum()
    sizes = sizes[sizes > 0].sort_values(ascending=False, kind="stable")
    return [int(str(echelon)) for echelon in sizes.index]


def _short_of(timeline: pd.DataFrame, column: str, of: str) -> list[int]:
    """The echelons where one column falls short of the other, those with the largest part missing first."""
    sums = timeline[["echelon", column, of]].groupby("echelon").sum()
    missing = 1.0 - sums[column] / sums[of].where(sums[of] > 0.0)
    missing = missing[missing > 1e-9].sort_values(ascending=False, kind="stable")
    return [int(str(echelon)) for echelon in missing.index]


def _band(
    axes: Axes, rows: pd.DataFrame, column: str, colour: str, *, of: str | None = None, label: str | None = None, sign: float = 1.0
) -> int:
    """Draw the mean and, where there are several runs, the band; answer how many periods a point stands for."""
    periods, lines, step = bands(rows, column, of)
    low, middle, high = sign * lines
    if sign < 0:
        middle = np.where(middle == 0.0, np.nan, middle)  # nothing owed is the line of zero itself
    if rows["run"].nunique() > 1:
        axes.fill_between(periods, low, high, color=colour, alpha=0.2, linewidth=0)
    axes.plot(periods, middle, color=colour, label=label)
    axes.set_xlim(float(periods[0]), float(max(periods[-1], periods[0] + 1)))
    return step


def _value_axis(axes: Axes) -> None:
    """Few ticks, the last of them above all that is drawn, so that the top of a chart can be read."""
    low, high = (float(one) for one in axes.dataLim.intervaly)
    low, high = min(low, 0.0), max(high, 0.0)
    size = max(high, -low) or 1.0
    up = MaxNLocator(3, min_n_ticks=2, steps=[1, 2, 2.5, 4, 5, 10]).tick_values(0.0, size)
    step = float(up[1] - up[0])
    top = step * float(np.ceil(high / step - 1e-9)) if high > 0.0 else 0.0
    # What lies below zero has ticks where there is room for one, else just the room that it takes.
    bottom = step * float(np.floor(low / step + 1e-9)) if low < -0.5 * step else 1.15 * low
    axes.set_yticks(np.arange(np.ceil(bottom / step - 1e-9), np.floor(max(top, step if bottom == 0.0 else top) / step + 1e-9) + 1) * step)
    axes.set_ylim(bottom, max(top, 0.05 * size))


def _share_axis(axes: Axes) -> None:
    """From as much as is needed up to all."""
    least = float(axes.dataLim.intervaly[0])
    bottom = next((one for one in (0.9, 0.8, 0.5) if least >= one), 0.0)
    axes.set_ylim(bottom, 1.0 + 0.04 * (1.0 - bottom))
    ticks = [bottom, (1.0 + bottom) / 2, 1.0]
    axes.set_yticks(ticks, labels=[f"{100 * one:.4g} %" for one in ticks])


def _time_axis(axes: Axes, period: str, step: int, calendar: Calendar | None) -> None:
    """Few whole periods below a chart, and what they are called."""
    label = period if step == 1 else f"{period} (means of {step} {period}s)"
    axes.xaxis.set_major_locator(MaxNLocator(7 if calendar is None else 4, integer=True))
    plain_numbers(axes.xaxis)
    axes.set_xlabel(label + dated(axes, calendar), color=MUTED)


def dated(axes: Axes, calendar: Calendar | None) -> str:
    """Write the day on which a period begins below its number, where there is a calendar; answer what to say of it in the label."""
    if calendar is None:
        return ""
    axes.xaxis.set_major_formatter(FuncFormatter(lambda at, _: f"{at:,.0f}\n{calendar.text(round(at))}" if at >= 1 else ""))
    return ", and the day on which it begins"
