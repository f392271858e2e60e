"""How every chart looks: colours that colour-blind readers can tell apart, a light ground, quiet axes."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure

# The eight colours of Okabe and Ito (2008), "Color Universal Design"; yellow is left out, it vanishes on a light ground.
BLUE, ORANGE, GREEN, VERMILION, PURPLE, SKY, BLACK = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#000000"
PALETTE = (BLUE, ORANGE, GREEN, VERMILION, PURPLE, SKY, BLACK)

INK, MUTED, FAINT, RULE, PAPER = "#1c2530", "#5a6672", "#8b96a1", "#e3e7eb", "#ffffff"
EDGE, LANE, WARM_UP, OUTAGE, CUSTOMER = "#b6bfc8", "#8ea3b5", "#eef1f3", "#fae3d6", "#6b7783"
# In a page every colour is a variable of its style sheet, which has another value on a dark ground.
VARIABLES = {
    INK: "ink", MUTED: "muted", FAINT: "faint", RULE: "grid", PAPER: "card", EDGE: "edge", LANE: "lane", WARM_UP: "warm-up", OUTAGE: "outage",
    BLUE: "blue", ORANGE: "orange", GREEN: "green", VERMILION: "vermilion", PURPLE: "purple", SKY: "sky", BLACK: "black", CUSTOMER: "customer",
}

ROLE_COLOURS = {"supplier": PURPLE, "manufacturer": ORANGE, "distributor": BLUE, "retailer": GREEN, "customer": CUSTOMER}

COST_KINDS = {
    "holding_cost": ("holding", BLUE),
    "in_transit_holding_cost": ("in transit", SKY),
    "backorder_cost": ("backorder", VERMILION),
    "ordering_cost": ("ordering", GREEN),
    "production_cost": ("production", ORANGE),
    "purchase_cost": ("purchases", PURPLE),
}

PARAMETERS: Any = {
    "font.family": ["DejaVu Sans"],
    "font.size": 10.0,
    "text.color": INK,
    "text.parse_math": False,  # a name may hold a dollar sign
    "axes.titlesize": 10.0,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlepad": 6.0,
    "axes.labelsize": 9.5,
    "axes.labelcolor": MUTED,
    "axes.edgecolor": EDGE,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": False,
    "axes.unicode_minus": True,
    "axes.formatter.useoffset": False,
    "axes.formatter.limits": (-6, 9),
    "grid.color": RULE,
    "grid.linewidth": 0.8,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelsize": 9.5,
    "ytick.labelsize": 9.5,
    "xtick.major.size": 3.0,
    "ytick.major.size": 0.0,
    "xtick.major.width": 0.8,
    "lines.linewidth": 1.7,
    "lines.solid_capstyle": "round",
    "lines.solid_joinstyle": "round",
    "legend.frameon": False,
    "legend.fontsize": 9.5,
    "figure.facecolor": PAPER,
    "axes.facecolor": PAPER,
    "savefig.facecolor": PAPER,
    "svg.fonttype": "none",  # text stays text: small, sharp, can be searched and read aloud
    "svg.hashsalt": "chainwright",
    "path.simplify": True,
}


class Drawing(Figure):
    """A matplotlib figure that a notebook shows without pyplot, and that belongs to no global list of figures.

    `tooltips` says in words what a reader sees who points at a part: text by the part's group name (its ``gid``). `heading` and
    `caption` say what a figure shows and how it is read, where it has words of its own; a page sets them beside it.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.tooltips: dict[str, str] = {}
        self.heading = ""
        self.caption = ""

    def _repr_png_(self) -> bytes:
        stored = io.BytesIO()
        with styled():
            self.savefig(stored, format="png", dpi=144)
        return stored.getvalue()


@contextmanager
def styled() -> Iterator[None]:
    """The style, for as long as the block lasts; the reader's own settings of matplotlib come back afterwards.

    Examples
    --------
    >>> with styled():
    ...     float(drawing(4.0, 2.0).get_figwidth())
    4.0
    """
    with matplotlib.rc_context(PARAMETERS), warnings.catch_warnings():
        # A name in a script that this font lacks is measured by a placeholder here and drawn rightly by the browser.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        yield


def drawing(width: float, height: float) -> Drawing:
    """An empty figure of a width and a height in inches, whose parts are laid out without overlap."""
    return Drawing(figsize=(width, height), layout="constrained")


def quiet(axes: Axes, grid: str = "y") -> Axes:
    """Leave of the axes only what helps to read: a baseline, and thin lines across the values."""
    axes.grid(True, axis="both" if grid == "both" else "x" if grid == "x" else "y")
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    return axes


def say(axes: Axes, text: str) -> Axes:
    """Say in words what there is no chart for."""
    axes.axis("off")
    axes.text(0.5, 0.5, text, ha="center", va="center", color=MUTED, transform=axes.transAxes, wrap=True)
    return axes
