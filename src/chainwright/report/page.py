"""The report of a result: one self-contained page with figures, tables and the meaning of every metric."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

from chainwright.report import story
from chainwright.report.files import write_text
from chainwright.report.numerals import number, plural
from chainwright.report.page_figures import charts, network
from chainwright.report.page_tables import definitions, items, unbroken
from chainwright.report.result_name import changes, full_title

# How a paragraph of assumptions begins.
ASSUMED = "Assumption"


def write(result: Any, path: str | Path) -> Path:
    """Write the report of a result as one HTML file that needs nothing else.

    Parameters
    ----------
    result : Result
        What `chainwright.run` answered.
    path : str or Path
        The file; it is written whole or not at all.
    """
    return write_text(Path(path), html(result))


def html(result: Any) -> str:
    """The text of the report page."""
    title = full_title(result.scenario)
    style = files("chainwright.report").joinpath("page.css").read_text(encoding="utf-8")
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(title)} – chainwright report</title>",
            '<link rel="icon" href="data:,">',
            f"<style>\n{style}</style>",
            "</head>",
            "<body>",
            _top(result, title),
            "<main>",
            _tiles(result),
            _told(result),
            _about(result),
            network(result),
            charts(result),
            items(result),
            definitions(result),
            "</main>",
            _bottom(result),
            "</body>",
            "</html>",
            "",
        ]
    )


def _top(result: Any, title: str) -> str:
    document = result.scenario.document
    source = str(result.scenario.source)
    changed = changes(result.scenario)
    said = "".join(f"<p>{escape(one)}</p>" for one in _first(document.get("description")))
    facts = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in _facts(result))
    return (
        f'<header class="top">\n<p class="mark">chainwright report</p>\n<h1>{escape(title)}</h1>\n'
        + (f'<p class="changed">changed: {"; ".join(escape(one) for one in changed)}</p>\n' if changed else "")
        + (f'<p class="source">{escape(source)}</p>\n' if source else "")
        + (f'<div class="description">{said}</div>\n' if said else "")
        + f'<dl class="facts">{facts}</dl>\n</header>'
    )


def _first(description: Any) -> list[str]:
    """What is told of a scenario above its numbers: the first paragraph, unless that is one of assumptions."""
    return [one for one in _paragraphs(description)[:1] if not one.startswith(ASSUMED)]


def _about(result: Any) -> str:
    """The rest of what a scenario says of itself and what it assumes, folded away below the numbers."""
    document = result.scenario.document
    told = _paragraphs(document.get("description"))
    rest, assumptions = told[len(_first(document.get("description"))) :], _paragraphs(document.get("assumptions"))
    if not rest and not assumptions:
        return ""
    inside = "".join(f"<p>{escape(one)}</p>" for one in rest)
    if assumptions:
        inside += "<p><strong>Assumptions.</strong></p><ul>" + "".join(f"<li>{escape(one)}</li>" for one in assumptions) + "</ul>"
    assumed = bool(assumptions) or any(one.startswith(ASSUMED) for one in rest)
    words = "About this scenario, and what it assumes" if assumed else "More about this scenario"
    return f'<details class="about description"><summary>{words}</summary>\n{inside}</details>'


def _paragraphs(value: Any) -> list[str]:
    """What a file says in prose: a text with empty lines between paragraphs, or a list of texts."""
    if value is None:
        return []
    parts: Iterable[Any] = value if isinstance(value, list | tuple) else str(value).split("\n\n")
    return [text for part in parts if (text := " ".join(str(part).split()))]


def _facts(result: Any) -> list[tuple[str, str]]:
    document, manifest = result.scenario.document, result.manifest or {}
    period = document.get("period", "period")
    length = str(period) if isinstance(period, str) else f"{number(period)} days"
    warm_up = int(result.scenario.warm_up)
    facts = [
        ("runs", number(len(result.run_numbers))),
        ("periods", f"{number(result.periods)} (each a {length})" if isinstance(period, str) else number(result.periods)),
    ]
    if not isinstance(period, str):
        facts.append(("length of a period", length))
    calendar = result.scenario.calendar
    if calendar is not None:
        facts += [("begins on", calendar.text(1)), (f"last {calendar.word} begins on", calendar.text(int(result.periods)))]
    if warm_up:
        facts.append(("measured, after the warm-up", f"{result.measured_periods:,} of {plural(int(result.periods), 'period')}"))
    facts += [
        ("seed", str(result.seed)),
        ("enterprises", number(result.items["enterprise"].nunique())),
        ("items", number(len(result.items[["enterprise", "product"]].drop_duplicates()))),
    ]
    return [*facts, ("version", story.version(manifest))]


def _tiles(result: Any) -> str:
    """The numbers that sum a run up."""
    tiles = [
        f'<div class="tile"><div class="name">{escape(one.name)}</div><div class="value">{_value(one.value)}</div>'
        f'<div class="interval">{unbroken(one.note)}</div></div>'
        for one in story.headlines(result)
    ]
    return f'<section class="tiles" aria-label="Key numbers">{"".join(tiles)}</section>'


def _value(text: str) -> str:
    """A key number; the word for its size is set smaller."""
    figure, space, word = text.partition("\u00a0")
    return f'{unbroken(figure)}{space}<span class="size">{escape(word)}</span>' if word else unbroken(text)


def _told(result: Any) -> str:
    sentences = story.sentences(result)
    return f'<ul class="told">{"".join(f"<li>{unbroken(one)}</li>" for one in sentences)}</ul>' if sentences else ""


def _bottom(result: Any) -> str:
    manifest = result.manifest or {}
    command = [
        "chainwright",
        "run",
        str(result.scenario.name),
        "--runs",
        str(len(result.run_numbers)),
        "--seed",
        str(result.seed),
        "--periods",
        str(result.periods),
    ]
    said = manifest.get("arguments")
    if isinstance(said, list) and said:
        command = ["chainwright", *[str(one) for one in said]]
    parts = [f"Made with chainwright {escape(story.version(manifest))}"]
    digest = manifest.get("scenario_hash")
    if digest:
        parts.append(f"scenario {escape(str(digest)[:12])}")
    if manifest.get("wall_seconds") is not None:
        parts.append(f"{number(manifest['wall_seconds'], 2)} seconds")
    return f"<footer><p>{' · '.join(parts)}<br>Again: <code>{escape(shlex.join(command))}</code></p></footer>"
