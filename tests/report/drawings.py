"""What tests of a sweep's figures share: factors, and reading what is drawn."""

from __future__ import annotations

import itertools
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from chainwright.report.style import styled

LEVEL, TIME = "policies.place_orders.stand.level", "lanes.*.transport_time"
RULE = {"the cautious planner of the north": {"title": 20}, "bold": {"title": 30}, "pass_on_what_was_ordered": {"title": 40}}


def drawn(figure: Figure) -> Figure:
    """The figure with everything in its place."""
    with styled():
        FigureCanvasAgg(figure).draw()
    return figure


def texts(figure: Figure) -> list[str]:
    """All that is written in a figure."""
    drawn(figure)
    return [text.get_text() for text in figure.findobj(match=lambda artist: hasattr(artist, "get_text")) if text.get_text()]


def shown(axes: Axes) -> list[str]:
    """The labels of the ticks across that lie on the axis."""
    drawn(axes.figure)
    low, high = axes.get_xlim()
    return [label.get_text() for at, label in zip(axes.get_xticks(), axes.get_xticklabels(), strict=True) if low <= at <= high]


def ranges(names: list[str], top: float = 10.0) -> dict[str, Any]:
    """Factors of whole ranges, under names of their own."""
    paths = ["horizon", "warm_up", "seed", LEVEL, TIME, "enterprises.stand.items.newspaper.on_hand", "enterprises.stand.items.newspaper.holding_cost"]
    return {name: {"path": path, "low": 1.0, "high": top} for name, path in zip(names, itertools.cycle(paths), strict=False)}


def many(count: int, levels: int = 2) -> dict[str, Any]:
    return {f"factor_{number}": {"path": f"tables.t{number}", "values": list(range(levels))} for number in range(count)}


def rgb(colour: str) -> tuple[float, ...]:
    return tuple(int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))


def clear(figure: Figure, labels: list[Any]) -> None:
    """Assert that no text covers another or leaves the figure."""
    # Of a label with a line to its mark the text alone.
    boxes = [Text.get_window_extent(label) for label in labels if label.get_text() and label.get_visible()]
    for one, other in itertools.combinations(boxes, 2):
        across = min(one.x1, other.x1) - max(one.x0, other.x0)
        up = min(one.y1, other.y1) - max(one.y0, other.y0)
        assert across <= 1.0 or up <= 1.0
    for box in boxes:
        assert box.x0 >= -1.0
        assert box.x1 <= figure.bbox.x1 + 1.0


def ticks(axes: Axes, vertical: bool) -> list[Any]:
    axis = axes.yaxis if vertical else axes.xaxis
    low, high = sorted(axis.get_view_interval())
    return [tick.label1 for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]
