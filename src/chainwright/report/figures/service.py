"""The service figure: the fill rate of each item, the worst first where there are many."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from chainwright.report.figures.common import WIDTH, canvas, dots, name_rows, ranges
from chainwright.report.style import GREEN, MUTED, Drawing, quiet, say, styled

MOST_ROWS = 16
WIDEST = 26  # letters beside the chart, of one line


def service(items: pd.DataFrame, ax: Axes | None = None, *, metric: str = "fill_rate") -> Drawing:
    """Fill rate by item: a dot for the mean, a whisker for 5 to 95 % of the runs.

    Parameters
    ----------
    items : DataFrame
        One row for each run, enterprise and product.
    ax : Axes, optional
        Where to draw; a new figure otherwise.
    metric : str
        Another share to show, such as cycle_service_level.
    """
    with styled():
        kept = items[items["role"] != "customer"]
        has = metric in kept.columns and bool(kept[metric].notna().any())
        found = ranges(kept, ["echelon", "enterprise", "product"], metric) if has else pd.DataFrame()
        everything = len(found)
        if everything > MOST_ROWS:
            found = found.nsmallest(MOST_ROWS, "mean", keep="first").sort_values("mean", kind="stable")
        elif everything:
            found = found.sort_values("echelon", kind="stable")
        if not everything:
            figure, axes = canvas(ax, WIDTH, 1.62)
            say(axes, "Nobody was asked for anything:\nthere is no fill rate.")
            return figure
        one_product = kept["product"].nunique() == 1
        firms, products = [str(one) for one in found["enterprise"]], [str(one) for one in found["product"]]
        names = firms if one_product else [f"{firm} · {product}" for firm, product in zip(firms, products, strict=True)]
        if max(map(len, names)) > WIDEST and len(set(firms)) == len(firms):
            names = firms  # each enterprise has one of these items, so that its name is enough
        row = 0.29 if max(map(len, names)) <= WIDEST else 0.36
        figure, axes = canvas(ax, WIDTH, 0.75 + row * max(len(found), 3))
        dots(axes, range(len(found)), found, GREEN)
        quiet(axes, "x")
        name_rows(axes, names, WIDEST)
        # The axis ends at 100 %, and starts where the worst run needs it.
        start = min(float(found["low"].min()), 0.9)
        axes.set_xlim(start - 0.03 * (1 - start), 1.0 + 0.03 * (1 - start))
        axes.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:.4g} %"))
        axes.set_xlabel(metric.replace("_", " "))
        if everything > MOST_ROWS:
            axes.set_title(f"the {MOST_ROWS} lowest of {everything:,} items", color=MUTED, fontweight="normal")
    return figure
