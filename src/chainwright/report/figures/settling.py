"""The figure of a warm-up: for each column the mean over the replications, its moving average, the band around the level, the proposal."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from chainwright.report.figures.common import WIDTH, plain_numbers
from chainwright.report.style import BLUE, FAINT, GREEN, MUTED, SKY, VERMILION, WARM_UP, Drawing, drawing, quiet, styled

HEIGHT = 2.1  # inches of a panel


def settled(found: Any) -> Drawing:
    """Draw how the columns of a scenario settle.

    Parameters
    ----------
    found : WarmUp
        What `chainwright.warm_up` answered.
    """
    names = list(found.settlings)
    columns = 1 if len(names) == 1 else 2
    rows = -(-len(names) // columns)
    with styled():
        figure = drawing(WIDTH * (1.3 if columns == 1 else 1.9), HEIGHT * rows + (0.95 if columns == 1 else 0.55))
        panels: list[Any] = list(figure.subplots(rows, columns, squeeze=False, sharex=True).ravel())
        for axes, name in zip(panels, names, strict=False):
            _panel(axes, name, found.settlings[name], found.declared, found.played)
        for axes in panels[len(names) :]:
            axes.axis("off")
        for axes in panels[max(0, len(names) - columns) : len(names)]:
            axes.tick_params(labelbottom=True)
            axes.set_xlabel("period", color=MUTED)
        marks: dict[str, Any] = {}
        for axes in panels[: len(names)]:
            marks |= {label: mark for mark, label in zip(*axes.get_legend_handles_labels(), strict=True) if label not in marks}
        figure.legend(list(marks.values()), list(marks), loc="outside lower left", ncols=columns + 1, handlelength=1.4, borderpad=0.0)
    return figure


def _panel(axes: Axes, name: str, one: Any, declared: int, played: int) -> None:
    period = np.arange(1, len(one.mean) + 1)
    smooth = period[: len(one.smoothed)]
    if declared:
        axes.axvspan(0.5, min(declared, played) + 0.5, color=WARM_UP, linewidth=0, zorder=0, label="warm-up that the scenario says")
    axes.fill_between(smooth, one.level - one.band, one.level + one.band, color=GREEN, alpha=0.18, linewidth=0, label="settled within")
    axes.plot(period, one.mean, color=SKY, linewidth=0.7, alpha=0.8, label="mean over the replications")
    axes.plot(smooth, one.smoothed, color=BLUE, linewidth=1.6, label="moving average")
    if one.mser is not None:
        axes.axvline(one.mser + 0.5, color=FAINT, linewidth=1.0, linestyle=(0, (2, 2)), label="MSER-5")
    title = f"{name.replace('_', ' ')}: "
    if one.warm_up is None:
        title += "not settled"
    else:
        axes.axvline(one.warm_up + 0.5, color=VERMILION, linewidth=1.2, label="proposal")
        title += f"{one.warm_up} {'period' if one.warm_up == 1 else 'periods'}"
    quiet(axes)
    axes.set_xlim(0.5, played + 0.5)
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.yaxis.set_major_locator(MaxNLocator(4))
    plain_numbers(axes.yaxis)
    axes.set_title(title)
