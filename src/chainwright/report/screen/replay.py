"""A replay: one HTML file that plays a timeline back with timeline and inspector, by double click, with nothing from the net."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Callable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from chainwright.report.files import write_text
from chainwright.report.screen.bundle import as_json, library, style, texts
from chainwright.report.screen.frames import acts, frames
from chainwright.report.screen.opening_packet import structure
from chainwright.report.screen.packing import Packing
from chainwright.words.replacing import refuse_to_replace

# The parts of a replay, in the order in which a reader meets them.
PARTS = ("bar", "tiles", "network", "charts", "inspector", "timeline", "panel")
# What is told of every enterprise may take as many bytes of the file, compressed.
MOST_INSPECTIONS = 1_900_000
# Of a network so large that a single period would take too much, this many enterprises tell so.
SOME = 40
# Periods of one packet; a packet of many is compressed better than many of one.
PACKET = 100

Inspect = Callable[[Any, Sequence[str], int], Mapping[str, Any]]

# What tells a replay from other pages.
SIGN = "cw-screen"

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>body {{ margin: 0; }}
{style}</style>
</head>
<body>
<div class="cw-screen cw-replay" data-view="screen">
<p class="cw-waiting">{waiting}</p>
<noscript>{no_script}</noscript>
{parts}
</div>
<script>{library}</script>
<script>window.chainwright.replay("{data}");</script>
</body>
</html>
"""


def replay_html(timeline: Any, period: int = 0, inspect: Inspect | None = None) -> str:
    """The page of a replay as text.

    Parameters
    ----------
    timeline : Timeline
        Played as far as the replay shall go.
    period : int
        The period that is shown first.
    inspect : callable, optional
        Gives the inspector's pages of some enterprises in a period, by name: timeline, names, period. Where all of them would take too much, those of
        every second, fourth ... period are told, and of the first and the last one.
    """
    number = "a"
    # Nothing comes after what was played: that is the end.
    packets = [structure(timeline, number) | {"horizon": timeline.played}, acts(timeline, number)]
    for first in range(1, timeline.played + 1, PACKET):
        packets.append(frames(timeline, number, first, min(first + PACKET - 1, timeline.played)))
    held = {"packets": packets, "period": period, "inspections": _inspections(timeline, inspect) if inspect else None}
    data = base64.b64encode(gzip.compress(as_json(held).encode(), 9, mtime=0)).decode()
    words = texts()
    return _PAGE.format(
        title=escape(words["replay.title"].format(title=timeline.scenario.title)),
        style=style(),
        waiting=escape(words["replay.waiting"]),
        no_script=escape(words["replay.no_script"]),
        parts="\n".join(f'<div data-part="{kind}"></div>' for kind in PARTS),
        library=library(),
        data=data,
    )


def write_replay(timeline: Any, path: str | Path, period: int = 0, inspect: Inspect | None = None) -> Path:
    """Write a replay, whole or not at all."""
    refuse_to_replace(Path(path), SIGN, "replay")
    return write_text(Path(path), replay_html(timeline, period, inspect))


def _inspections(timeline: Any, inspect: Inspect) -> dict[str, Any] | None:
    """The inspector's pages of all enterprises, in as many periods as there is room for: `shapes`, `periods`, `pages` by enterprise and period."""
    names = [str(name) for name in timeline.history.names.enterprises["name"]]
    if not timeline.played or not names:
        return None
    packing = Packing()
    some = [packing.pack(page) for page in inspect(timeline, names[:SOME], timeline.played).values()]
    if _size([packing.shapes, some]) / len(some) * len(names) > MOST_INSPECTIONS:
        return None
    every = 1
    while every < timeline.played:
        every *= 2
    pages: dict[int, list[Any]] = {}
    size = 0
    while True:
        new = {*range(0, timeline.played + 1, every), timeline.played} - set(pages)
        for period in sorted(new):
            pages[period] = [packing.pack(page) for page in inspect(timeline, names, period).values()]
        periods = sorted(pages)
        # Pages of an enterprise are much alike, and are compressed best one after the other.
        held = {"shapes": packing.shapes, "periods": periods, "pages": [[pages[period][row] for period in periods] for row in range(len(names))]}
        before, size = size, _size(held)
        # Twice the periods: each as large as those that came last, at the start where all is new no larger than what there was.
        grown = (size - before) / len(new) if before else 0.0
        if every == 1 or size + grown * len(periods) > MOST_INSPECTIONS:
            return held
        every //= 2


def _size(value: Any) -> int:
    """Bytes of something in the file, compressed."""
    return len(gzip.compress(as_json(value).encode(), 6, mtime=0))
