"""The figure of an optimisation: the best so far, trial by trial, and the measure against each factor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from chainwright.report.figures.common import WIDTH, plain_numbers
from chainwright.report.style import BLUE, FAINT, MUTED, ORANGE, SKY, VERMILION, Drawing, drawing, quiet, say, styled

# Factors that have a panel of their own.
MOST_PANELS = 7
HEIGHT = 2.5  # inches of a row of panels
LONGEST = 42  # letters above a panel
# Listed numbers up to so many have a tick each.
MOST_TICKS = 8
# Trials that are much worse than most are left out, so that the bottom of the valley can be seen.
SHOWN = 0.75
STAGES = {"search": SKY, "polish": BLUE}


def optimising(found: Any) -> Drawing:
    """Draw what was tried.

    Parameters
    ----------
    found : Optimisation
        What `chainwright.optimise` answered.
    """
    table = found.table
    done = table[table["status"] == "done"]
    names = list(found.space.names)[:MOST_PANELS]
    columns = 2 if len(names) > 0 else 1
    rows = -(-(1 + len(names)) // columns)
    with styled():
        figure = drawing(WIDTH * columns * 0.92, HEIGHT * rows + 0.35)
        panels: list[Any] = list(figure.subplots(rows, columns, squeeze=False).ravel())
        if done.empty:
            say(panels[0], "No candidate could be played.")
            return figure
        kept = done[done["feasible"]] if done["feasible"].any() else done
        limits = _limits(kept[found.goal.measure].to_numpy(np.float64), done[found.goal.measure].to_numpy(np.float64), found)
        _trace(panels[0], done, found, limits)
        for axes, name, title, axis in zip(panels[1:], names, short_names(names), found.space.axes, strict=False):
            _against(axes, done, found, name, title, axis, limits)
        for axes in panels[1 + len(names) :]:
            axes.axis("off")
        figure.legend(*_marks(panels), loc="outside lower left", ncols=4, handlelength=1.0, borderpad=0.0, columnspacing=1.4)
    return figure


def _limits(values: Any, every: Any, found: Any) -> tuple[float, float, bool]:
    """The lowest and the highest value that is shown, from those that keep the limits, and whether some of all are not."""
    best = [found.value, *[end for end in found.interval if np.isfinite(end)]]
    if found.goal.largest:
        cut = float(np.quantile(values, 1.0 - SHOWN))
        low, high = min(cut, *best), max(float(values.max()), *best)
    else:
        cut = float(np.quantile(values, SHOWN))
        low, high = min(float(values.min()), *best), max(cut, *best)
    margin = 0.06 * (high - low) or abs(high) * 0.05 or 1.0
    return low - margin, high + margin, bool(((every < low - margin) | (every > high + margin)).any())


def _dots(axes: Axes, places: Any, rows: Any, measure: str) -> None:
    """Every trial as a dot; where limits are missed, a cross."""
    for stage, colour in STAGES.items():
        for feasible, mark in ((True, "o"), (False, "x")):
            chosen = (rows["stage"] == stage).to_numpy() & (rows["feasible"].to_numpy(bool) == feasible)
            if chosen.any():
                label = stage if feasible else f"{stage}, limit missed"
                axes.plot(places[chosen], rows[measure].to_numpy(np.float64)[chosen], mark, color=colour, markersize=4, alpha=0.65, label=label)


def _best(axes: Axes, place: float, found: Any) -> None:
    """The best candidate on fresh replications, with its interval."""
    low, high = found.interval
    if np.isfinite(low):
        axes.vlines([place], [low], [high], color=VERMILION, linewidth=2.0, zorder=5)
    axes.plot([place], [found.value], "D", color=VERMILION, markersize=6, label="best, fresh replications", zorder=6)


def _finish(axes: Axes, found: Any, limits: tuple[float, float, bool], title: str) -> None:
    quiet(axes)
    axes.set_ylim(limits[0], limits[1])
    axes.yaxis.set_major_locator(MaxNLocator(5))
    plain_numbers(axes.yaxis)
    axes.set_title(title)


def _trace(axes: Axes, done: Any, found: Any, limits: tuple[float, float, bool]) -> None:
    """The best so far."""
    measure = found.goal.measure
    _dots(axes, done["trial"].to_numpy(np.float64), done, measure)
    history = found.history
    label: str | None = "best so far"
    for stage in STAGES:
        own = history[history["stage"] == stage]
        axes.plot(own["trial"], own[measure], color=ORANGE, drawstyle="steps-post", label=label)
        label = None
    _best(axes, float(done["trial"].max()) + 1.0, found)
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.set_xlabel("trial", color=MUTED)
    _finish(axes, found, limits, measure + (" (some lie beyond the edge)" if limits[2] else ""))


def _against(axes: Axes, done: Any, found: Any, name: str, title: str, axis: Any, limits: tuple[float, float, bool]) -> None:
    """The measure against one factor."""
    if axis.factor.numeric:
        places, best = done[name].to_numpy(np.float64), float(found.best[name])
        plain_numbers(axes.xaxis)
        axes.xaxis.set_major_locator(MaxNLocator(7, integer=axis.count is not None and not axis.factor.listed))
        if axis.factor.listed and len(axis.factor.values) <= MOST_TICKS:
            axes.set_xticks(sorted(axis.factor.values))
        if axis.factor.log:
            axes.set_xscale("log")
    else:
        words = [str(value) for value in axis.factor.values]
        places, best = np.asarray([words.index(str(value)) for value in done[name]], np.float64), float(words.index(str(found.best[name])))
        axes.set_xticks(range(len(words)), labels=[word if len(word) < 18 else f"{word[:16]}…" for word in words])
        axes.set_xlim(-0.5, len(words) - 0.5)
    _dots(axes, places, done, found.goal.measure)
    axes.axvline(best, color=FAINT, linewidth=0.8, zorder=0)
    _best(axes, best, found)
    _finish(axes, found, limits, title)


def short_names(names: Sequence[str]) -> list[str]:
    """Names of factors without what all of them begin with, and no longer than fits above a panel.

    Examples
    --------
    >>> short_names(["policies.place_orders.shop.level", "policies.place_orders.plant.level"])
    ['shop.level', 'plant.level']
    """
    parts = [name.split(".") for name in names]
    alike = 0
    while len(names) > 1 and all(len(one) > alike + 1 and one[alike] == parts[0][alike] for one in parts):
        alike += 1
    rest = [".".join(one[alike:]) for one in parts]
    return [one if len(one) <= LONGEST else f"… {one[2 - LONGEST :]}" for one in rest]


def _marks(panels: list[Any]) -> tuple[list[Any], list[str]]:
    """One mark of each kind, for the legend."""
    found: dict[str, Any] = {}
    for axes in panels:
        for mark, label in zip(*axes.get_legend_handles_labels(), strict=True):
            found.setdefault(label, mark)
    return list(found.values()), list(found)
