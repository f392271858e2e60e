"""The network figure: enterprises in columns by echelon, lanes between them as wide as their flow."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch, PathPatch, Rectangle
from matplotlib.path import Path as Curve
from matplotlib.textpath import TextPath

from chainwright.report.figures.common import canvas
from chainwright.report.figures.enterprises import Enterprise, collect
from chainwright.report.figures.grouped_enterprises import gather
from chainwright.report.layout import Edge, Layout, arrange
from chainwright.report.numerals import plural
from chainwright.report.style import EDGE, INK, LANE, MUTED, PAPER, ROLE_COLOURS, Drawing, say, styled
from chainwright.report.tables import short_names, shown

Direction = Literal["right", "down"]
BOX_WIDTH, BOX_HEIGHT = 1.42, 0.5
MOST_BOX_WIDTH = 2.4
MOST_IN_BOXES, MOST_COLUMNS = 15, 9  # enterprises of the fullest echelon, and echelons, for which there is room for boxes
MOST_NAMED = 48  # enterprises of the fullest echelon for which there is room for a name beside a dot
MOST_LANES = 2500


@dataclass(frozen=True)
class Room:
    """How many inches things take: the distance of columns and rows, the size of a mark, and the margins."""

    style: Literal["boxes", "names", "dots"]
    column: float
    row: float
    direction: Direction
    box: float = BOX_WIDTH

    def place(self, position: tuple[float, float]) -> tuple[float, float]:
        """The point of a column and a height."""
        along, across = position[0] * self.column, position[1] * self.row
        return (along, across) if self.direction == "right" else (across, -along)


def network(
    graph: Any,
    items: pd.DataFrame,
    ax: Axes | None = None,
    *,
    lanes: pd.DataFrame | None = None,
    firms: pd.DataFrame | None = None,
    direction: Direction = "right",
) -> Drawing:
    """Enterprises in columns by echelon, sources first; lanes as wide as what they carry.

    Parameters
    ----------
    graph : networkx.MultiDiGraph or None
        A node for each enterprise, with its role; an edge for each lane, from seller to buyer. None where there are too many to be
        drawn one by one: then items and lanes say who there is.
    items : DataFrame
        One row for each run, enterprise and product, with echelon and fill rate.
    ax : Axes, optional
        Where to draw; a new figure otherwise.
    lanes : DataFrame, optional
        One row for each run and lane; its `shipped` gives the widths.
    firms : DataFrame, optional
        One row for each run and enterprise, with its fill rate; worked out from the items otherwise.
    direction : {"right", "down"}
        Which way goods flow in the drawing.
    """
    enterprises, flows = gather(items, lanes, firms) if graph is None and lanes is not None else collect(graph, items, lanes, firms)
    with styled():
        if not enterprises:
            figure, axes = canvas(ax, 6.0, 1.6)
            say(axes, "The network has no enterprises with items.")
            return figure
        layout = arrange({node: one.echelon for node, one in enterprises.items()}, flows)
        room = _room(layout, direction, _widest(enterprises))
        points = {node: room.place(position) for node, position in layout.position.items()}
        low, high = _extent(list(points.values()), layout, room)
        figure, axes = canvas(ax, max(high[0] - low[0], 3.4), max(high[1] - low[1], 1.2))
        if ax is None:
            figure.set_layout_engine("none")
            axes.set_position((0.0, 0.0, 1.0, 1.0))
        spare = max(3.4 - (high[0] - low[0]), 0.0) / 2
        axes.set(xlim=(low[0] - spare, high[0] + spare), ylim=(low[1], high[1]))
        axes.axis("off")
        _draw_lanes(axes, layout, flows, points, room)
        _draw_enterprises(axes, enterprises, points, room, figure)
        _draw_headings(axes, enterprises, layout, room, low, high)
    return figure


def _widest(enterprises: Mapping[Hashable, Enterprise]) -> float:
    """How wide a box must be for what is written in it, within bounds."""
    bold = FontProperties(family=["DejaVu Sans"], weight="bold")
    if len(enterprises) > MOST_IN_BOXES * MOST_COLUMNS:
        return BOX_WIDTH
    inches = [TextPath((0, 0), one.name, size=8.5, prop=bold).get_extents().width / 72 for one in enterprises.values()]
    return float(np.clip(max(inches, default=0.0) + 0.3, BOX_WIDTH, MOST_BOX_WIDTH))


def _room(layout: Layout, direction: Direction, box: float) -> Room:
    fullest, number_of = max(map(len, layout.columns)), len(layout.columns)
    if direction == "down":
        return Room("boxes", BOX_HEIGHT + 0.5, box + 0.2, direction, box)
    if fullest <= MOST_IN_BOXES and number_of <= MOST_COLUMNS:
        gap = 0.85 if number_of <= 5 else 0.5
        return Room("boxes", box + gap, BOX_HEIGHT + (0.22 if fullest <= 9 else 0.12), direction, box)
    spread = max(2.6, 11.0 / number_of) if number_of <= 4 else max(1.5, 11.0 / number_of)
    if fullest <= MOST_NAMED:
        return Room("names", spread, 0.23, direction)
    return Room("dots", spread, max(9.0 / max(layout.height, 1.0), 0.012), direction)


def _extent(points: list[tuple[float, float]], layout: Layout, room: Room) -> tuple[tuple[float, float], tuple[float, float]]:
    """The lower left and upper right corner of all that is drawn, headings and key included."""
    bends = [room.place(point) for route in layout.route.values() for point in route]
    across, up = zip(*points, *bends, strict=True)
    half, beside = (room.box / 2, room.box / 2) if room.style == "boxes" else (0.45, 1.2 if room.style == "names" else 0.45)
    tall = BOX_HEIGHT / 2 if room.style == "boxes" else 0.12
    heading = 0.34 if room.direction == "right" else 0.05
    return (min(across) - half - 0.08, min(up) - tall - 0.42), (max(across) + beside + 0.08, max(up) + tall + heading)


def _draw_lanes(axes: Axes, layout: Layout, flows: dict[Edge, float], points: Mapping[Hashable, tuple[float, float]], room: Room) -> None:
    heaviest = sorted(flows.items(), key=lambda pair: -pair[1])[:MOST_LANES]
    largest = max((value for _, value in heaviest), default=0.0)
    dense = len(heaviest) > 150
    thin, thick, opacity = (0.5, 2.0, 0.4) if dense else (0.8, 2.6, 0.6) if room.style == "names" else (1.0, 4.2, 0.75)
    curves, widths = [], []
    for edge, value in heaviest:
        width = thin + (thick - thin) * float(np.sqrt(value / largest)) if largest > 0 else thin
        if edge in layout.route:
            curves.append(_along([room.place(point) for point in layout.route[edge]], room))
            widths.append(width)
        else:  # sideways or back up the chain: a dashed bow
            bow = _bow(points[edge[0]], points[edge[1]], room)
            axes.add_patch(PathPatch(bow, facecolor="none", edgecolor=LANE, linewidth=max(width, 1.0), linestyle=(0, (3, 2)), zorder=1))
    if curves:
        drawn = PathCollection(curves, facecolors="none", edgecolors=LANE, linewidths=widths, alpha=opacity, zorder=1)
        axes.add_collection(drawn, autolim=False)


def _along(stops: list[tuple[float, float]], room: Room) -> Curve:
    """A smooth curve through points, level where it passes them."""
    reach = room.box / 2 if room.style == "boxes" else 0.0
    if room.direction == "down":
        reach = BOX_HEIGHT / 2
    forward = np.array([1.0, 0.0]) if room.direction == "right" else np.array([0.0, -1.0])
    # From the side of a mark to the side of the next; where the lane only passes a column, it runs straight beside the marks there.
    places = [np.array(stop) + side * reach * forward for stop in stops for side in (-1.0, 1.0)][1:-1]
    vertices, codes = [places[0]], [Curve.MOVETO]
    for start, end in pairwise(places):
        pull = 0.5 * abs(float((end - start) @ forward)) * forward
        vertices += [start + pull, end - pull, end]
        codes += [Curve.CURVE4] * 3
    return Curve(np.array(vertices), codes)


def _bow(start: tuple[float, float], end: tuple[float, float], room: Room) -> Curve:
    first, last = np.array(start), np.array(end)
    aside = np.array([0.0, 1.0]) if room.direction == "right" else np.array([1.0, 0.0])
    if abs(float((last - first) @ aside)) > 1e-9 and abs(start[0] - end[0] if room.direction == "right" else start[1] - end[1]) < 1e-9:
        aside = aside[::-1]  # two of one echelon: bow out to the side of the column
    out = aside * (room.box * 0.9 if room.style == "boxes" else 0.5)
    return Curve(np.array([first, first + out, last + out, last]), [Curve.MOVETO, Curve.CURVE4, Curve.CURVE4, Curve.CURVE4])


def _draw_enterprises(
    axes: Axes, enterprises: Mapping[Hashable, Enterprise], points: Mapping[Hashable, tuple[float, float]], room: Room, figure: Drawing
) -> None:
    tips: dict[str, str] = getattr(figure, "tooltips", {})
    letters = 26 if room.box > BOX_WIDTH else 16
    for one, short in zip(enterprises.values(), short_names([one.name for one in enterprises.values()], letters), strict=True):
        one.short = short
    for count, (node, one) in enumerate(enterprises.items()):
        across, up = points[node]
        colour = ROLE_COLOURS.get(one.role, MUTED)
        group = f"enterprise-{count}"
        tips[group] = one.told()
        if room.style == "boxes":
            _draw_box(axes, one, (across, up), room.box, colour, group)
            continue
        size = 7.0 if room.style == "names" else float(np.clip(70 * room.row, 3.2, 6.0))
        axes.plot(
            [across], [up], "o", markersize=size, color=colour, markeredgecolor=PAPER, markeredgewidth=0.7 if size > 4 else 0.2, zorder=3, gid=group
        )
        if room.style == "names":
            ground = {"facecolor": PAPER, "alpha": 0.88, "linewidth": 0, "pad": 0.8}
            axes.text(across + 0.09, up, one.short, va="center", fontsize=7.5, color=INK, zorder=2.5, bbox=ground)


def _draw_box(axes: Axes, one: Enterprise, centre: tuple[float, float], width: float, colour: str, group: str) -> None:
    across, up = centre
    left, bottom = across - width / 2, up - BOX_HEIGHT / 2
    box = FancyBboxPatch(
        (left, bottom),
        width,
        BOX_HEIGHT,
        boxstyle="round,pad=0,rounding_size=0.06",
        facecolor=PAPER,
        edgecolor=EDGE,
        linewidth=0.9,
        zorder=3,
        gid=group,
    )
    axes.add_patch(box)
    stripe = Rectangle((left, bottom), 0.07, BOX_HEIGHT, facecolor=colour, linewidth=0, zorder=3.1)
    axes.add_patch(stripe)
    stripe.set_clip_path(box)
    second = f"fill rate {shown('fill_rate', one.fill_rate)}" if not np.isnan(one.fill_rate) else one.role
    axes.text(left + 0.15, up + 0.09, one.short, va="center", fontsize=8.5, fontweight="bold", color=INK, zorder=4)
    axes.text(left + 0.15, up - 0.115, second, va="center", fontsize=7.8, color=MUTED, zorder=4)


def _draw_headings(
    axes: Axes, enterprises: Mapping[Hashable, Enterprise], layout: Layout, room: Room, low: tuple[float, float], high: tuple[float, float]
) -> None:
    if room.direction == "right":
        for column in layout.columns:
            members = [enterprises[node] for node in column]
            count, kinds = sum(one.count for one in members), {one.role for one in members}
            text = plural(count, kinds.pop() if len(kinds) == 1 else "enterprise")
            across = room.place(layout.position[column[0]])[0]
            axes.text(across, high[1] - 0.05, text, ha="center", va="top", fontsize=8.5, color=MUTED)
    roles = [role for role in ROLE_COLOURS if any(one.role == role for one in enterprises.values())]
    marks = [Line2D([], [], marker="s", linestyle="", markersize=6.5, color=ROLE_COLOURS[role], label=role) for role in roles]
    narrow = high[0] - low[0] < 5.0
    axes.legend(
        handles=marks,
        loc="lower center",
        ncols=3 if narrow else len(marks),
        fontsize=8,
        handletextpad=0.2,
        columnspacing=1.2,
        borderpad=0.0,
        borderaxespad=0.1,
    )
