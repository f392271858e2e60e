"""``chainwright warm-up``: how many periods at the start of a scenario are not to be measured."""

from __future__ import annotations

from typing import Annotated

import typer

from chainwright.app import user_files
from chainwright.app.console import progress, say, say_json, say_table
from chainwright.app.options import Options, split_variant, try_folder
from chainwright.app.stopping import keeping

EXAMPLE = "Example: chainwright warm-up battery --runs 30 --periods 730 --column on_hand,backorder --out out/warm_up"
COLUMN = "Columns of the timeline, separated by commas: on_hand, backorder, in_transit, orders, shipped, total_cost, ..."
WINDOW = "Periods to either side that are averaged (default: a twentieth of the run)."
EVENTS = "Let disruptions and interventions happen, which are left out otherwise."


def warm_up(
    scenario: Annotated[str, typer.Argument(help="A shipped scenario, the path of a file, or SCENARIO:VARIANT.", show_default=False)],
    runs: Annotated[int, typer.Option(help="How many replications are averaged.")] = 30,
    periods: Annotated[int | None, typer.Option(help="How many periods (default: the scenario's horizon).", show_default=False)] = None,
    column: Annotated[str | None, typer.Option(metavar="A,B", help=COLUMN, show_default=False)] = None,
    enterprise: Annotated[str | None, typer.Option(help="Look at one enterprise instead of the network.", show_default=False)] = None,
    window: Annotated[int | None, typer.Option(help=WINDOW, show_default=False)] = None,
    events: Annotated[bool, typer.Option("--events", help=EVENTS)] = False,
    seed: Annotated[int | None, typer.Option(help="Seed of all random draws (default: the scenario's own).", show_default=False)] = None,
    settings: Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Change a value by its path; may be repeated.")] = None,
    out: Annotated[str | None, typer.Option(metavar="FOLDER", help="Folder for the figure (SVG, PNG), series and table.", show_default=False)] = None,
    files: Annotated[list[str] | None, typer.Option("--import", metavar="FILE", help=user_files.HELP)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Propose a warm-up by Welch's method: when the mean of many runs has settled."""
    user_files.import_files(files or [])
    with progress(f"Reading {scenario}") as bar:
        options = Options()
        options.least("--seed", seed, 0)
        options.least("--periods", periods, 1)
        changes = options.settings("--set", settings or [])
        folder = options.folder("--out", out)
        made = options.scenario(*split_variant(scenario), changes)
        options.refuse()
        if folder is not None:
            from chainwright.experiment.warm_up.warm_up import KIND

            try_folder("--out", folder, KIND)

        import chainwright
        from chainwright.experiment.warm_up.warm_up import COLUMNS

        names = COLUMNS if column is None else [name.strip() for name in column.split(",") if name.strip()]
        told = bar.counting(f"Running {made.name}")
        found = chainwright.warm_up(made, names, runs, periods, window, seed, enterprise=enterprise, events=events, progress=told)
        if folder is not None:
            bar.stage("Drawing the figure")
            found.save(folder)
            keeping(f"all is kept in {folder}")
    if as_json:
        say_json(found.facts() | {"folder": None if folder is None else str(folder)})
        return

    from chainwright.report.numerals import number, plural

    rows = []
    for name, one in found.settlings.items():
        periods_of = ["–" if count is None else str(count) for count in (one.warm_up, one.mser)]
        rows.append([name, *periods_of, number(one.level), *(number(mean) for mean in one.quarters), one.verdict])
    title = f"{made.title}: {plural(found.runs, 'run')} of {plural(found.played, 'period')}, seed {found.seed}"
    note = "A level is the mean over the last half; the quarters are weighted towards their middles. MSER-5 is a second opinion."
    head = ["column", "warm-up", "MSER-5", "level", "third quarter", "last quarter", "verdict"]
    say_table(title, head, rows, under=[found.sentence()], note=note)
    if folder is not None:
        say(f"Figure and tables: {folder}")
