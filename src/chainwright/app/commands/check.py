"""``chainwright check``: the mistakes of a scenario file, or the table of known results."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from chainwright.app.console import progress, say, say_json, say_table
from chainwright.words.errors import ScenarioError, UsageError

EXAMPLE = "Examples: chainwright check my_chain.yaml; chainwright check --theory"


def check(
    file: Annotated[str | None, typer.Argument(help="A scenario file, or the name of a shipped scenario.", show_default=False)] = None,
    theory: Annotated[bool, typer.Option("--theory", help="Simulate the known results and compare.")] = False,
    only: Annotated[list[str] | None, typer.Option(metavar="NAME", help="Of the known results those whose names begin so; may be repeated.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of words.")] = False,
) -> None:
    """Tell all mistakes of a scenario file at once; or, with --theory, prove the simulator on known results."""
    if (file is None) != theory:
        raise UsageError("expected a scenario file or --theory, and not both")
    if only and not theory:
        raise UsageError("--only goes with --theory")
    if theory:
        _theory(only, as_json)
    else:
        assert file is not None
        _file(file, as_json)


def _file(file: str, as_json: bool) -> None:
    import chainwright

    try:
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
    document = scenario.document
    enterprises, lanes = len(document.get("enterprises") or {}), len(document.get("lanes") or [])
    if as_json:
        say_json({"file": file, "mistakes": [], "title": scenario.title, "enterprises": enterprises, "lanes": lanes})
        return
    name = Path(file).name
    say(f"{name}: no mistakes. {scenario.title}: {enterprises:,} enterprises, {lanes:,} lanes, {int(document['horizon']):,} periods.")


def _theory(only: list[str] | None, as_json: bool) -> None:
    from chainwright.experiment.theory import check_theory, chosen

    total, done = len(list(chosen(only or None))), 0
    with progress("Known results") as told:

        def count(row: Any) -> None:
            nonlocal done
            done += 1
            told(done, total)

        rows = check_theory(progress=count, only=only or None)
    failed = [row for row in rows if row.verdict != "holds"]
    if as_json:
        say_json([_fields(row) for row in rows])
    else:
        _table(rows, failed)
    if failed:
        raise typer.Exit(1)


def _fields(row: Any) -> dict[str, Any]:
    names = ("name", "quantity", "source", "expected", "simulated", "standard_error", "verdict", "seconds")
    return {name: getattr(row, name) for name in names if hasattr(row, name)}


def _table(rows: list[Any], failed: list[Any]) -> None:
    from chainwright.report.tables import number

    body = []
    for row in rows:
        error = number(row.standard_error, 2) if row.standard_error else "exact"
        quantity = str(getattr(row, "quantity", ""))
        figures = [number(row.expected, 7), number(row.simulated, 7), error]
        source, closed, _ = str(row.source).partition(")")  # authors and year; --json has all of it
        body.append([str(row.name), quantity, source + closed, *figures, str(row.verdict), f"{row.seconds:.1f}"])
    seconds = sum(row.seconds for row in rows)
    verdict = "all hold" if not failed else f"{len(failed)} fail"
    note = f"{len(rows)} known results, {verdict} (within 4 standard errors, exactly where nothing is random); {seconds:.0f} seconds."
    head = ["known result", "quantity", "source", "expected", "simulated", "standard error", "verdict", "seconds"]
    say_table("Theory and simulation", head, body, words=3, note=note)
