"""What figures of a sweep share: axes of factors and measures, whiskers, and the words of captions."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, MaxNLocator, NullLocator

from chainwright.metrics.intervals import CONFIDENCE, Estimate
from chainwright.report.figures.common import plain_numbers
from chainwright.report.numerals import number, plural
from chainwright.report.style import INK, MUTED, Drawing, drawing, say, styled
from chainwright.report.sweeps.reading import Levels, Reading, Varied
from chainwright.report.sweeps.words import is_share, unit_text
from chainwright.report.tables import short_names, shorten

NARROW, BROAD = 4.7, 9.6  # inches: half the page, the whole page
LETTER = 0.074  # inches of a letter beside an axis, on the average
# What differs by less than this part of its size is the same number after rounding.
SAME = 1e-9
MARKS = ("o", "s", "^", "D", "v", "P", "X")


def worded(figure: Drawing, heading: str, *sentences: str) -> Drawing:
    """The figure with its heading and the sentences of its caption."""
    figure.heading, figure.caption = heading, " ".join(one for one in sentences if one)
    figure.caption = figure.caption.replace(" %", "\u00a0%")  # a number stays with its sign
    return figure


def titled(figure: Drawing) -> Drawing:
    """The figure with its heading and caption drawn on it, as it stands alone."""
    letters = max(30, int(figure.get_figwidth() / 0.067))
    with styled():
        lines = textwrap.wrap(figure.caption, letters)
        figure.set_figheight(figure.get_figheight() + 0.35 + 0.17 * len(lines))
        figure.suptitle(shorten(figure.heading, letters), x=0.01, ha="left", fontsize=11.5, fontweight="bold", color=INK)
        # What a figure says below itself stays above its caption.
        own = figure.get_supxlabel()
        said = "\n".join([*([own, ""] if own else []), *lines])
        if said:
            figure.supxlabel(said, x=0.01, ha="left", fontsize=8.5, color=MUTED, linespacing=1.35)
    return figure


def apart(figure: Drawing) -> None:
    """Leave room between the panels of a figure."""
    engine = figure.get_layout_engine()
    assert engine is not None
    engine.set(wspace=0.06, hspace=0.06)  # type: ignore[call-arg]


def key_above(axes: Axes, inches: float, title: str | None = None) -> None:
    """A legend that stands above the axes, in as many columns as fit into so many inches."""
    widest = max((len(text) for text in axes.get_legend_handles_labels()[1]), default=1) * LETTER + 0.55
    columns = int(np.clip(inches / widest, 1, 4))
    axes.legend(
        loc="lower left", bbox_to_anchor=(0.0, 1.01), ncols=columns, title=title, alignment="left", borderpad=0.0, borderaxespad=0.0,
        handletextpad=0.5, columnspacing=1.4,
    )  # fmt: skip


def nothing(heading: str, text: str) -> Drawing:
    """A figure that says in words what there is no chart for."""
    with styled():
        figure = drawing(NARROW, 1.4)
        say(figure.add_subplot(), text)
    return worded(figure, heading)


def intervals_told(reading: Reading, marks: str = "Bars") -> str:
    """What the intervals of a figure are."""
    if reading.reps < 2:
        return "One replication each, so there are no intervals."
    return f"{marks} are {CONFIDENCE:.0%} intervals of the mean over {reading.reps:,} replications.".replace("%", " %")


def failures_told(reading: Reading) -> str:
    """How many runs failed."""
    if not reading.failed:
        return ""
    verb = "is" if reading.failed == 1 else "are"
    points = plural(reading.failed_points, "design point")
    return f"{plural(reading.failed, 'run')} of {points} failed and {verb} left out."


def varies(estimates: Sequence[Estimate]) -> bool:
    """Whether some numbers differ by more than rounding."""
    known = [one.mean for one in estimates if one.known]
    return bool(known) and max(known) - min(known) > SAME * max(map(abs, known))


class ShareLocator(MaxNLocator):
    """Ticks of a share, none of them outside 0 to 100 per cent."""

    def tick_values(self, vmin: float, vmax: float) -> Any:
        """The ticks between two ends of an axis."""
        found = np.asarray(super().tick_values(vmin, vmax))
        return found[(found > -1e-9) & (found < 1.0 + 1e-9)]


def measure_axis(axis: Any, measure: str, ticks: int = 5, effects: bool = False) -> None:
    """Ticks of a measure, or of effects on it: shares in per cent, other numbers in short."""
    locator = ShareLocator if is_share(measure) and not effects else MaxNLocator
    axis.set_major_locator(locator(ticks, steps=[1, 2, 2.5, 5, 10]))
    if is_share(measure):
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{number(round(100 * value, 8), 4)} %"))
    else:
        plain_numbers(axis)


def measure_name(reading: Reading, width: int = 44) -> str:
    """A measure with its unit, for an axis."""
    return "\n".join(textwrap.wrap(reading.label + unit_text(reading.measure), width))


def factor_axis(axes: Axes, factor: Varied, levels: Levels, inches: float, vertical: bool = False) -> None:
    """The axis of a factor: numbers to scale, with ticks at the levels where there is room; categories as words.

    Parameters
    ----------
    axes : Axes
        Where.
    factor : Varied
        The factor.
    levels : Levels
        Its levels.
    inches : float
        About how long the axis is drawn.
    vertical : bool
        Whether it is the upright one.
    """
    axis = axes.yaxis if vertical else axes.xaxis
    label = shorten(factor.label, max(12, int(inches / LETTER)))
    (axes.set_ylabel if vertical else axes.set_xlabel)(label)
    if factor.numeric:
        if factor.logarithmic:
            (axes.set_yscale if vertical else axes.set_xscale)("log")
            axis.set_minor_locator(NullLocator())
        places = np.log(levels.places) if factor.logarithmic else levels.places
        span = float(np.ptp(places)) or 1.0
        if not levels.sliced and _fit(places / span * inches, levels.texts, vertical):
            axis.set_major_locator(FixedLocator(levels.places.tolist()))
            axis.set_major_formatter(FuncFormatter(lambda value, _: levels.texts[int(np.argmin(np.abs(levels.places - value)))]))
            return
        few = factor.logarithmic and float(levels.places.max() / levels.places.min()) > 300.0
        logarithmic = LogLocator(subs=(1.0,) if few else (1.0, 2.0, 5.0))
        axis.set_major_locator(logarithmic if factor.logarithmic else MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
        plain_numbers(axis)
        return
    word_axis(axes, levels, inches, vertical)


def word_axis(axes: Axes, levels: Levels, inches: float, vertical: bool = False) -> None:
    """An axis of words at 0, 1, 2, ...; turned where they do not fit beside each other."""
    if vertical:
        axes.set_yticks(range(len(levels.texts)), labels=short_names(levels.texts, 22))
        return
    names, angle = _turned(levels, inches)
    axes.set_xlim(-0.5, len(names) - 0.5)
    options: dict[str, Any] = {"rotation": angle, "ha": "right", "va": "top" if angle < 90 else "center", "rotation_mode": "anchor"}
    axes.set_xticks(range(len(names)), labels=names, **(options if angle else {}))


def _turned(levels: Levels, inches: float) -> tuple[list[str], int]:
    """The words of an axis of so many inches, in lines where they fit beside each other, and else by how much they are turned."""
    names = short_names(levels.texts, 22)
    room = inches / max(len(names), 1)
    lines = [folded(name, int(room * 0.92 / LETTER)) for name in names]
    return (lines, 0) if all(lines) else (names, 35 if room > 0.28 else 90)


def room_below(factors: Sequence[Varied], inches: float) -> float:
    """Inches that the words below panels take, beyond those of one line."""
    needed = [0.0]
    for factor in factors:
        if not factor.numeric:
            names, angle = _turned(factor.levels(), inches)
            upright = max(map(len, names), default=0) * LETTER * (1.0 if angle == 90 else 0.6)
            needed.append(upright if angle else 0.16 * max(name.count("\n") for name in names))
    return max(needed)


def folded(name: str, letters: int) -> str:
    """A name in up to three lines of so many letters, broken behind underscores, hyphens and spaces; empty where it does not fit."""
    lines = [""]
    for piece in re.split(r"(?<=[_\- ])", name):
        if len(lines[-1]) + len(piece.rstrip()) > letters and lines[-1]:
            lines.append("")
        lines[-1] += piece
    return "\n".join(line.rstrip() for line in lines) if len(lines) <= 3 and max(len(line.rstrip()) for line in lines) <= letters else ""


def _fit(places: Any, texts: Sequence[str], vertical: bool) -> bool:
    """Whether texts at places, in inches, stand clear of each other."""
    order = np.argsort(places)
    gaps = np.diff(np.asarray(places)[order])
    widths = np.asarray([0.2 if vertical else len(texts[place]) * LETTER + 0.08 for place in order])
    return bool(np.all(gaps >= (widths[1:] + widths[:-1]) / 2)) if len(gaps) else True


def whisk(axes: Axes, places: Any, estimates: Sequence[Estimate], colour: str, label: str | None = None, **options: Any) -> None:
    """Means as marks with an upright whisker for their interval; joined by a thin line where that is asked for (`line`)."""
    known = [(float(place), one) for place, one in zip(np.asarray(places, float), estimates, strict=True) if one.known]
    if not known:
        return
    at = [place for place, _ in known]
    spread = [(place, one) for place, one in known if one.interval]
    if spread:
        axes.vlines(
            [place for place, _ in spread], [one.low for _, one in spread], [one.high for _, one in spread],
            color=colour, linewidth=4.0, alpha=0.3, capstyle="round", zorder=2,
        )  # fmt: skip
    style = {"linestyle": "-" if options.get("line", True) else "none", "linewidth": 1.3, "marker": options.get("mark", "o")}
    axes.plot(at, [one.mean for _, one in known], color=colour, markersize=5.5, markeredgewidth=0, label=label, zorder=3, **style)
