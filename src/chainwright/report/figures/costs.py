"""The cost figure: mean cost per period of each enterprise or echelon, stacked by kind."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from chainwright.report.figures.common import WIDTH, canvas, name_rows, plain_numbers
from chainwright.report.numerals import DIGITS, number
from chainwright.report.style import COST_KINDS, INK, MUTED, PAPER, Drawing, quiet, say, styled
from chainwright.report.tables import echelon_name

MOST_ROWS = 16


def costs(frame: pd.DataFrame, ax: Axes | None = None, *, periods: int = 1, names: Mapping[int, str] | None = None) -> Drawing:
    """Cost per period, stacked by kind, of each enterprise but customers (or of each echelon, where the frame has no enterprises).

    Parameters
    ----------
    frame : DataFrame
        One row for each run and enterprise, or for each run and echelon, with costs over the measured periods.
    ax : Axes, optional
        Where to draw; a new figure otherwise.
    periods : int
        How many periods were measured.
    names : mapping, optional
        Names of the echelons.
    """
    if "role" in frame.columns:
        frame = frame[frame["role"] != "customer"]  # what customers pay is no cost of the chain
    if "network_cost" in frame.columns and "purchase_cost" in frame.columns:
        # What one pays another is the other's revenue: of purchases those from outside sources are a cost of the chain.
        frame = frame.assign(purchase_cost=frame["purchase_cost"] - (frame["total_cost"] - frame["network_cost"]))
    keys = ["echelon", "enterprise"] if "enterprise" in frame.columns else ["echelon"]
    kinds = [kind for kind in COST_KINDS if kind in frame.columns and bool((frame[kind].fillna(0.0) != 0.0).any())]
    with styled():
        if not kinds:
            figure, axes = canvas(ax, WIDTH, 1.4)
            say(axes, "No costs are declared.")
            return figure
        means = frame.groupby(keys, sort=False, observed=True)[kinds].mean().div(periods).reset_index()
        means["all"] = means[kinds].sum(axis=1)
        means = means[means["all"] != 0.0].sort_values("echelon", kind="stable", ignore_index=True)
        left_out = 0
        if len(means) > MOST_ROWS:
            left_out = len(means) - MOST_ROWS
            means = means.nlargest(MOST_ROWS, "all", keep="first").reset_index(drop=True)
        figure, axes = canvas(ax, WIDTH, 1.15 + 0.31 * max(len(means), 2))
        rows = np.arange(len(means))
        start = np.zeros(len(means))
        for kind in kinds:
            text, colour = COST_KINDS[kind]
            axes.barh(rows, means[kind], left=start, height=0.62, color=colour, label=text, edgecolor=PAPER, linewidth=0.6)
            start = start + means[kind].to_numpy()
        for row, total in zip(rows, means["all"], strict=True):
            said = number(total, DIGITS, keep=True)
            axes.annotate(said, (total, row), xytext=(4, 0), textcoords="offset points", va="center", color=INK, fontsize=8.5)
        quiet(axes, "x")
        plain_numbers(axes.xaxis)
        axes.locator_params(axis="x", nbins=5)
        axes.set_xlim(left=0.0, right=1.2 * float(means["all"].max()))
        firms = "enterprise" in keys
        name_rows(axes, [str(one) for one in means["enterprise"]] if firms else [echelon_name(dict(names or {}), one) for one in means["echelon"]])
        axes.set_xlabel("money per period")
        if left_out:
            axes.set_title(f"the {MOST_ROWS} largest, {left_out:,} others left out", color=MUTED, fontweight="normal")
        figure.legend(
            loc="outside upper left",
            ncols=min(len(kinds), 3),
            handlelength=0.9,
            handleheight=0.9,
            handletextpad=0.5,
            columnspacing=1.2,
            borderpad=0.0,
        )
    return figure
