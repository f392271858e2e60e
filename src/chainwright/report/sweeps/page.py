"""The report of a sweep: one self-contained page with what was varied, the best points, figures, what matters, and how to repeat it."""

from __future__ import annotations

import shlex
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

from chainwright.report.files import write_text
from chainwright.report.numerals import number, plural
from chainwright.report.page_tables import unbroken
from chainwright.report.result_name import changes, full_title
from chainwright.report.sweeps import page_tables
from chainwright.report.sweeps.page_figures import figures
from chainwright.report.sweeps.repeating import opening, repeating
from chainwright.report.sweeps.story import Story, design_words


def write(table: Any, path: str | Path) -> Path:
    """Write the report of a sweep as one HTML file that needs nothing else.

    Parameters
    ----------
    table : SweepTable
        What `chainwright.sweep` answered.
    path : str or Path
        The file; it is written whole or not at all.

    Examples
    --------
    >>> import tempfile
    >>> import chainwright as cw
    >>> table = cw.sweep("newsvendor", {"policies.place_orders.stand.level": [40, 50, 60]}, reps=3, measures=["total_cost"])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write(table, f"{folder}/report.html").name
    'report.html'
    """
    return write_text(Path(path), html(table))


def html(table: Any) -> str:
    """The text of the report page."""
    record = table.record
    title = full_title(record.scenario)
    style = files("chainwright.report").joinpath("page.css").read_text(encoding="utf-8")
    story = Story(table)
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(title)} – chainwright sweep</title>",
            '<link rel="icon" href="data:,">',
            f"<style>\n{style}</style>",
            "</head>",
            "<body>",
            _top(table, title),
            "<main>",
            _tiles(story),
            _told(story),
            page_tables.factors(table),
            page_tables.points(story),
            figures(story),
            page_tables.sensitivity(story),
            page_tables.failures(table),
            _repeat(table),
            page_tables.definitions(table),
            "</main>",
            _bottom(table),
            "</body>",
            "</html>",
            "",
        ]
    )


def _top(table: Any, title: str) -> str:
    scenario = table.record.scenario
    changed = changes(scenario)
    source = str(scenario.source or "")
    facts = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in _facts(table))
    return (
        f'<header class="top">\n<p class="mark">chainwright sweep</p>\n<h1>{escape(title)}</h1>\n'
        + (f'<p class="changed">changed: {"; ".join(escape(one) for one in changed)}</p>\n' if changed else "")
        + (f'<p class="source">{escape(source)}</p>\n' if source else "")
        + f'<dl class="facts">{facts}</dl>\n</header>'
    )


def _facts(table: Any) -> list[tuple[str, str]]:
    record = table.record
    runs = table.groupby("design_id")["rep"].nunique()
    reps = "none" if runs.empty else number(runs.max()) if runs.min() == runs.max() else f"{runs.min():,} to {runs.max():,}"
    failed = int((table["status"] == "failed").sum())
    version = table["version"].iloc[0] if len(table) else record.manifest.get("chainwright", "unknown")
    varied = record.periods is None and any("horizon" in getattr(factor, "every_path", ()) for factor in record.design.factors)
    periods = "each point’s own" if varied else number(record.scenario.horizon if record.periods is None else record.periods)
    return [
        ("design", design_words(record.design)),
        ("factors", number(len(record.factors))),
        ("design points", number(len(runs))),
        ("replications of each", reps),
        ("runs", number(len(table))),
        *([("failed", number(failed))] if failed else []),
        ("periods", periods),
        ("seed", str(record.seed)),
        ("random numbers", "common to all points" if record.common else "of each point’s own"),
        ("version", str(version)),
    ]


def _tiles(story: Story) -> str:
    """The numbers that sum a sweep up."""
    tiles = [
        f'<div class="tile"><div class="name">{escape(one.name)}</div><div class="value">{unbroken(one.value)}</div>'
        f'<div class="interval">{unbroken(one.note)}</div></div>'
        for one in story.headlines()
    ]
    return f'<section class="tiles" aria-label="Key numbers">{"".join(tiles)}</section>'


def _told(story: Story) -> str:
    sentences = story.sentences()
    return f'<ul class="told">{"".join(f"<li>{unbroken(one)}</li>" for one in sentences)}</ul>' if sentences else ""


def _repeat(table: Any) -> str:
    """How to make the same sweep again, and how to look into one run of it."""
    said = table.record.manifest.get("arguments")
    command = f"<pre>{escape(shlex.join(['chainwright', *map(str, said)]))}</pre>\n" if isinstance(said, list | tuple) and said else ""
    look = opening(table)
    lead = "Any row opens as a single run with all its tables, the best point for example:"
    inside = f'<p class="lead">{lead}</p>\n<pre>{escape(look)}</pre>' if look else ""
    return f"<h2>How to repeat it</h2>\n{command}<pre>{escape(repeating(table))}</pre>\n{inside}"


def _bottom(table: Any) -> str:
    record = table.record
    version = table["version"].iloc[0] if len(table) else record.manifest.get("chainwright", "unknown")
    parts = [f"Made with chainwright {escape(str(version))}", f"scenario {escape(str(record.scenario.hash)[:12])}", plural(len(table), "run")]
    seconds = float(table["wall_s"].sum()) if "wall_s" in table.columns else 0.0
    parts.append(f"{number(seconds, 2)} seconds of work")
    engine = record.manifest.get("engine")
    if engine:
        parts.append(f"engine {escape(str(engine))}")
    return f"<footer><p>{' · '.join(parts)}</p></footer>"
