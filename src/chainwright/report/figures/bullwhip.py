"""The bullwhip figure: how much more the orders of each echelon swing than the demand."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import LogLocator

from chainwright.report.figures.common import WIDTH, canvas, dots, name_rows, plain_numbers, ranges
from chainwright.report.style import BLUE, FAINT, MUTED, VERMILION, Drawing, quiet, say, styled
from chainwright.report.tables import echelon_name

OWN, END = "bullwhip_ratio", "bullwhip_ratio_to_end_demand"
# Ratios that differ by more than this factor are drawn on a logarithmic axis.
WIDE = 40.0


def bullwhip(echelons: pd.DataFrame, ax: Axes | None = None, *, names: Mapping[int, str] | None = None) -> Drawing:
    """Bullwhip ratio by echelon, from the customers up: to the demand that it faces, and to the end demand.

    Parameters
    ----------
    echelons : DataFrame
        One row for each run and echelon.
    ax : Axes, optional
        Where to draw; a new figure otherwise.
    names : mapping, optional
        Names of the echelons.
    """
    shown = [metric for metric in (END, OWN) if metric in echelons.columns and echelons[metric].notna().any()]
    order = sorted({int(value) for metric in shown for value in echelons.loc[echelons[metric].notna(), "echelon"]})
    with styled():
        figure, axes = canvas(ax, WIDTH, 1.25 + 0.36 * max(len(order), 2) if order else 1.0)
        if not order:
            say(axes, "The demand does not vary:\nthere is no bullwhip ratio.")
            return figure
        row = {echelon: number for number, echelon in enumerate(order)}
        means = []
        both = len(shown) == 2
        for metric in shown:
            found = ranges(echelons, ["echelon"], metric)
            offset = (0.14 if metric == OWN else -0.14) if both else 0.0
            text, colour = ("to the demand it faces", BLUE) if metric == OWN else ("to the end demand", VERMILION)
            dots(axes, [row[int(echelon)] + offset for echelon in found["echelon"]], found, colour, text, hollow=metric == OWN)
            means.append(found["mean"])
        every = pd.concat(means).to_numpy()
        quiet(axes, "x")
        if every.min() > 0 and every.max() / every.min() > WIDE:
            axes.set_xscale("log")
            axes.xaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0) if every.max() / every.min() < 300 else (1.0,)))
            axes.minorticks_off()
        else:
            axes.set_xlim(left=0.0, right=float(max(axes.get_xlim()[1], 1.2)))
        plain_numbers(axes.xaxis)
        axes.axvline(1.0, color=FAINT, linewidth=1.1, linestyle=(0, (3, 2)), zorder=1)
        axes.annotate(
            "1 = no change", (1.0, 1.0), xycoords=("data", "axes fraction"), xytext=(3, 1), textcoords="offset points", color=MUTED, fontsize=8
        )
        name_rows(axes, [echelon_name(dict(names or {}), echelon) for echelon in order])
        axes.set_xlabel("variance of orders / variance of demand" + (", logarithmic axis" if axes.get_xscale() == "log" else ""))
        figure.legend(loc="outside upper left", ncols=2, handletextpad=0.2, columnspacing=1.4, borderpad=0.0)
        assert np.isfinite(every).all()
    return figure
