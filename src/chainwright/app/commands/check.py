"""``chainwright check``: the mistakes of a scenario file, or the table of known results."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any

import typer

from chainwright.app import user_files
from chainwright.app.console import progress, say, say_json, say_table
from chainwright.words.errors import ScenarioError, UsageError

EXAMPLE = "Examples: chainwright check my_chain.yaml; chainwright check --theory --only newsvendor"


# What the known results are about, by the first part of their names: A are about the bullwhip, B about inventory.
TOPICS = {
    "A1": "bullwhip of the moving average",
    "A2": "bullwhip of the moving average, correlated demand",
    "A3": "bullwhip of exponential smoothing",
    "A4": "bullwhip along a chain, demand shown or hidden",
    "A5": "smoothed orders",
    "A6": "bullwhip of the best forecast",
    "A7": "batched orders",
    "A9": "beer game",
    "B1": "newsvendor",
    "B2": "base stock",
    "B5": "reorder point and quantity",
    "B6": "reorder point and order-up-to level",
    "B7": "economic order quantity",
    "B11": "pooled stock",
    "B12": "serial system",
    "B16": "random lead time",
}


def topic(name: str) -> str:
    """What a known result is about.

    Examples
    --------
    >>> topic("B1 (S 56.6)")
    'newsvendor'
    """
    return TOPICS.get(name.partition(" ")[0], "")


def check(
    file: Annotated[str | None, typer.Argument(help="A scenario file, or the name of a shipped scenario.", show_default=False)] = None,
    theory: Annotated[bool, typer.Option("--theory", help="Simulate the known results and compare.")] = False,
    only: Annotated[list[str] | None, typer.Option(metavar="NAME", help="Known results by name (A9) or word (newsvendor); may be repeated.")] = None,
    files: Annotated[list[str] | None, typer.Option("--import", metavar="FILE", help=user_files.HELP)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of words.")] = False,
) -> None:
    """Report all mistakes of a scenario file at once; or, with --theory, test the simulator against known results."""
    if (file is None) != theory:
        raise UsageError("expected a scenario file or --theory, and not both")
    if only and not theory:
        raise UsageError("--only goes with --theory")
    user_files.import_files(files or [])
    if theory:
        _theory(only, as_json)
    else:
        assert file is not None
        _file(file, as_json)


def _file(file: str, as_json: bool) -> None:
    import chainwright

    try:
        with progress(f"Reading {file}"):
            scenario = chainwright.load(file)
            scenario.blueprint()
    except ScenarioError as error:
        if not as_json:
            raise
        places = [
            {"message": one.message, "file": one.place.file, "line": one.place.line, "column": one.place.column, "path": one.path}
            for one in error.mistakes
        ]
        say_json({"file": file, "mistakes": places})
        raise typer.Exit(2) from None
    enterprises, lanes = scenario.counts["enterprises"], scenario.counts["lanes"]
    if as_json:
        say_json({"file": file, "mistakes": [], "title": scenario.title, "enterprises": enterprises, "lanes": lanes, "derived": scenario.derived})
        return
    name = Path(file).name
    say(f"{name}: no mistakes. {scenario.title}: {enterprises:,} enterprises, {lanes:,} lanes, {scenario.horizon:,} periods.")
    if scenario.derived:
        say("Worked out, because the file does not say it:", *[f"- {one}" for one in scenario.derived])


def _theory(only: list[str] | None, as_json: bool) -> None:
    from chainwright.experiment.theory.table import check_theory, chosen, known_results

    wanted = _wanted(only, known_results()) if only else None
    total, done = len(list(chosen(wanted))), 0
    with progress("Known results", "results") as bar:
        told = bar.counting("Known results")

        def count(row: Any) -> None:
            nonlocal done
            done += 1
            told(done, total)

        rows = check_theory(progress=count, only=wanted)
    failed = [row for row in rows if row.verdict != "holds"]
    if as_json:
        say_json([_fields(row) for row in rows])
    else:
        _table(rows, failed)
    if failed:
        raise typer.Exit(1)


def _wanted(only: list[str], known: list[Any]) -> list[str]:
    """Names of known results: those that begin as asked, and those that have the asked word in their name or quantity."""
    from chainwright.experiment.theory.table import begins

    found: list[str] = []
    for asked in only:
        text = asked.replace("−", "-").strip()  # as the table prints it
        if not text:
            raise UsageError("--only: expected a name or a word, not an empty text")
        names = [one.name for one in known if begins(one.name, text)]
        words = re.compile(rf"\b{re.escape(text)}", re.IGNORECASE)
        names = names or [one.name for one in known if words.search(f"{topic(one.name)} {one.name} {one.quantity} {one.source}")]
        # What nothing is called goes on as it is, and is refused with the nearest name.
        found += names or [text]
    return list(dict.fromkeys(found))


def _fields(row: Any) -> dict[str, Any]:
    names = ("name", "quantity", "source", "expected", "simulated", "standard_error", "verdict", "seconds")
    return {"about": topic(str(row.name))} | {name: getattr(row, name) for name in names if hasattr(row, name)}


def _table(rows: list[Any], failed: list[Any]) -> None:
    from chainwright.report.numerals import minus, number, plural

    body = []
    for row in rows:
        error = number(row.standard_error, 2) if row.standard_error else "exact"
        quantity = str(getattr(row, "quantity", ""))
        figures = [number(row.expected, 7), number(row.simulated, 7), error]
        source, closed, _ = str(row.source).partition(")")  # authors and year; --json has all of it
        body.append([minus(str(row.name)), topic(str(row.name)), quantity, source + closed, *figures, str(row.verdict)])
    seconds = sum(row.seconds for row in rows)
    verdict = ("all hold" if len(rows) > 1 else "holds") if not failed else f"{len(failed)} {'fail' if len(failed) > 1 else 'fails'}"
    note = f"{plural(len(rows), 'known result')}, {verdict} (within 4 standard errors, exact where nothing is random); {number(seconds, 2)} seconds."
    head = ["known result", "about", "quantity", "source", "expected", "simulated", "standard\nerror", "verdict"]
    say_table("Theory and simulation", head, body, words=4, note=note)
