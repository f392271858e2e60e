"""Which figures the page of a sweep shows, and how they stand beside each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chainwright.report.page_figures import Card, figure_card, stacks
from chainwright.report.style import Drawing
from chainwright.report.sweeps import KINDS, kind_for
from chainwright.report.sweeps.story import Story
from chainwright.words.errors import ChainwrightError

# Designs in which every factor has a few levels that are met with each of the others.
CROSSED = ("grid", "two_level", "fractional")
# Figures that are wider than this stand alone, in inches.
BESIDE = 7.0
ENOUGH_REPLICATIONS = 5


def figures(story: Story) -> str:
    """The cards of the figures, wide ones alone, the others side by side."""
    drawn = _drawn(story)
    if not drawn:
        return ""
    wide: list[str] = []
    slender: list[Card] = []
    for name, figure in drawn:
        card = figure_card(figure, name, figure.heading, figure.caption)
        if figure.get_figwidth() > BESIDE:
            wide.append(card.text)
        else:
            slender.append(card)
    beside = [stacks(slender)] if len(slender) > 1 else [one.text for one in slender]
    # The figure that suits the design stands first.
    first = drawn[0][1].get_figwidth() > BESIDE
    return "\n".join(["<h2>What happened</h2>", *(wide + beside if first else beside + wide)])


def _drawn(story: Story) -> list[tuple[str, Drawing]]:
    """The figures by name, each once."""
    if story.reading is None or not story.known:
        return []
    table, first, second = story.table, story.reading.measure, story.second
    kind = kind_for(table, first)
    varied = story.reading.varied
    wanted: list[tuple[str, dict[str, Any]]] = [(kind, {"measure": first})]
    if varied:
        crossed = story.reading.design.kind in CROSSED
        if kind not in ("responses", "tornado"):
            wanted.append(("main_effects", {"measure": first}))
        if second is not None:
            wanted.append((kind if kind in ("responses", "tornado", "sobol", "morris") else "main_effects", {"measure": second}))
        if crossed and len(varied) > 1:
            wanted.append(("interaction", {"measure": first}))
        if len(varied) > 1 and (crossed or kind == "responses") and any(len(one.levels().texts) > 2 for one in varied):
            wanted.append(("heat_map", {"measure": first}))
        if second is not None and len(story.reading.ids) > 2:
            wanted.append(("frontier", {"x": first, "y": second}))
    if story.reading.reps >= ENOUGH_REPLICATIONS:
        wanted.append(("replications", {"measure": first}))
    return _made(table, wanted)


def _made(table: Any, wanted: list[tuple[str, dict[str, Any]]]) -> list[tuple[str, Drawing]]:
    made: list[tuple[str, Drawing]] = []
    seen: list[tuple[str, dict[str, Any]]] = []
    for kind, options in wanted:
        if (kind, options) in seen:
            continue
        seen.append((kind, options))
        draw: Callable[..., Drawing] = KINDS[kind]
        try:
            figure = draw(table, **options)
        except ChainwrightError:
            continue  # indices that the design cannot tell here; the page says why in its table
        made.append((f"{kind.replace('_', '-')}-{len(made) + 1}", figure))
    return made
