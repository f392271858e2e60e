"""``chainwright compare``: the paired differences of two scenarios, with confidence intervals."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from chainwright.app import user_files
from chainwright.app.commands.run import NO_LIMITS
from chainwright.app.console import plain, progress, say, say_json, say_table
from chainwright.app.options import Options, split_variant, try_folder
from chainwright.app.stopping import keeping

EXAMPLE = "Example: chainwright compare beer_game beer_game:shared_demand --runs 100 --set-b horizon=50 --out out/compared"


def compare(
    context: typer.Context,
    first: Annotated[str, typer.Argument(metavar="A", help="A scenario, or SCENARIO:VARIANT.", show_default=False)],
    second: Annotated[str, typer.Argument(metavar="B", help="The other one.", show_default=False)],
    runs: Annotated[int, typer.Option(help="How many replications of each; run r of both has the same random draws.")] = 30,
    seed: Annotated[int | None, typer.Option(help="Seed of the random draws (default: that of A).", show_default=False)] = None,
    periods: Annotated[int | None, typer.Option(help="How many periods (default: the scenarios' horizon).", show_default=False)] = None,
    set_a: Annotated[list[str] | None, typer.Option("--set-a", metavar="KEY=VALUE", help="Change a value of A by its path; may be repeated.")] = None,
    set_b: Annotated[list[str] | None, typer.Option("--set-b", metavar="KEY=VALUE", help="Change a value of B by its path; may be repeated.")] = None,
    out: Annotated[str | None, typer.Option(metavar="FOLDER", help="Folder for the table as Parquet and CSV.", show_default=False)] = None,
    files: Annotated[list[str] | None, typer.Option("--import", metavar="FILE", help=user_files.HELP)] = None,
    no_limits: Annotated[bool, typer.Option("--no-limits", help=NO_LIMITS)] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Compare two scenarios run by run: B less A for each metric, with a 95 % confidence interval where anything is random."""
    imported = user_files.import_files(files or [])
    with progress(f"Reading {first} and {second}") as bar:
        options = Options()
        options.least("--runs", runs, 1)
        options.least("--periods", periods, 1)
        options.least("--seed", seed, 0)
        changes = (options.settings("--set-a", set_a or []), options.settings("--set-b", set_b or []))
        folder = options.folder("--out", out)
        a, b = (options.scenario(*split_variant(text), given) for text, given in zip((first, second), changes, strict=True))
        options.refuse()
        if folder is not None:
            from chainwright.report.files import COMPARISON

            try_folder("--out", folder, COMPARISON)

        import chainwright

        found = chainwright.compare(a, b, runs=runs, seed=seed, periods=periods, limits=not no_limits, progress=bar.counting("Comparing"))
    table = found.table
    different = split_variant(first)[0] != split_variant(second)[0]
    from chainwright.report.tables import label

    facts = {"a": _facts(first, a), "b": _facts(second, b), "runs": len(found.a.run_numbers), "seed": found.a.seed, "same_scenario": not different}
    facts["played_once"] = found.played_once
    facts["pairing"] = found.pairing(label)
    if folder is not None:
        _write(folder, table, facts | {"arguments": list(context.obj or []), "imports": imported})
        keeping(f"all is kept in {folder}")
    if as_json:
        say_json(facts | {"metrics": table.to_dict("records"), "folder": None if folder is None else str(folder)})
        return
    _table(table, facts, different)
    if folder is not None:
        say(f"Tables: {folder}")


def _facts(text: str, scenario: Any) -> dict[str, Any]:
    from chainwright.report.result_name import changes, full_title

    said = {"scenario": text, "title": full_title(scenario), "changes": changes(scenario)}
    return said | {"settings": scenario.settings, "scenario_hash": scenario.hash}


def _write(folder: Path, table: Any, facts: dict[str, Any]) -> None:
    """The table in two formats, with what it was made of."""
    from chainwright._version import __version__
    from chainwright.report.files import COMPARISON, whole_folder
    from chainwright.report.spreadsheets import for_spreadsheets

    names = COMPARISON.names
    with whole_folder(folder, COMPARISON) as beside:
        table.to_parquet(beside / names[0], index=False)
        for_spreadsheets(table).to_csv(beside / names[1], index=False)
        text = json.dumps(plain({"chainwright": __version__} | facts), indent=2, ensure_ascii=False)
        (beside / names[2]).write_text(text + "\n", encoding="utf-8")


def _table(table: Any, facts: dict[str, Any], different: bool) -> None:
    from chainwright.report.numerals import plural
    from chainwright.report.tables import compared_heads, compared_rows

    once = bool(facts["played_once"])
    a, b = facts["a"], facts["b"]
    how = "one run of each" if once else f"{plural(int(facts['runs']), 'paired run')}, seed {facts['seed']}"
    title = f"A = {a['scenario']}, B = {b['scenario']}, {how}"
    under = [f"{name} changed: {', '.join(told)}" for name, told in (("A", a["changes"]), ("B", b["changes"])) if told]
    if different:
        noise = "" if once else ", so that pairing their runs takes no noise away"
        under.append(f"A and B are different scenarios: they share the metrics and nothing else{noise}.")
    # Where nothing is random there is one run of each, and nothing to be confident of.
    note = "" if once else "The interval is a 95 % confidence interval of B − A over the paired runs."
    say_table(title, compared_heads(once), compared_rows(table, once), under=under, note=note)
    if facts["pairing"]:
        say(facts["pairing"])
