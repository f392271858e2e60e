"""``chainwright calibrate``: the values of some factors that bring simulated series nearest to observed ones."""

from __future__ import annotations

from typing import Annotated

import typer

from chainwright.app import user_files
from chainwright.app.commands.optimise import METHOD, OVER, factors_asked
from chainwright.app.console import progress, say, say_json
from chainwright.app.options import Options, split_variant, try_folder
from chainwright.app.stopping import keeping

EXAMPLE = (
    "Example: chainwright calibrate beer_game --observed docs/examples/played.csv --enterprise wholesaler "
    "--over policies.place_orders.wholesaler.stock_adjustment=0.0..1.0 --out out/fitted"
)
OBSERVED = "Table (CSV, Parquet, .xlsx) with the columns period or date, enterprise, product and columns of items such as orders."


def calibrate(
    context: typer.Context,
    scenario: Annotated[str, typer.Argument(help="A shipped scenario, the path of a file, or SCENARIO:VARIANT.", show_default=False)],
    observed: Annotated[str, typer.Option("--observed", metavar="FILE", help=OBSERVED, show_default=False)],
    over: Annotated[list[str] | None, typer.Option("--over", metavar="PATH=VALUES", help=OVER)] = None,
    column: Annotated[str, typer.Option(metavar="A,B", help="Which columns of the file are fitted (default: all of items).")] = "",
    enterprise: Annotated[str | None, typer.Option(help="Of which enterprise, where the file has none or several.", show_default=False)] = None,
    product: Annotated[str | None, typer.Option(help="Of which product, where the file has none or several.", show_default=False)] = None,
    loss: Annotated[str, typer.Option(help="rmse or mae.")] = "rmse",
    reps: Annotated[int, typer.Option(help="Replications of each candidate; one is enough where nothing is random.")] = 1,
    budget: Annotated[int | None, typer.Option(help="Most candidates (default: 150, and 150 more for each factor).", show_default=False)] = None,
    method: Annotated[str, typer.Option(help=METHOD)] = "auto",
    seed: Annotated[int | None, typer.Option(help="Seed of all random draws (default: the scenario's own).", show_default=False)] = None,
    settings: Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Change a value by its path; may be repeated.")] = None,
    out: Annotated[str | None, typer.Option(metavar="FOLDER", help="Folder for tables, figure and the scenario.", show_default=False)] = None,
    files: Annotated[list[str] | None, typer.Option("--import", metavar="FILE", help=user_files.HELP)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
) -> None:
    """Find the values with which simulated series come nearest to observed ones."""
    user_files.import_files(files or [])
    with progress(f"Reading {scenario}", "runs") as bar:
        options = Options()
        options.least("--seed", seed, 0)
        changes = options.settings("--set", settings or [])
        factors = factors_asked(options, over or [])
        folder = options.folder("--out", out)
        made = options.scenario(*split_variant(scenario), changes)
        options.refuse()
        if folder is not None:
            from chainwright.experiment.calibrating.result import KIND

            try_folder("--out", folder, KIND)

        import chainwright

        columns = [name.strip() for name in column.split(",") if name.strip()] or None
        fit = chainwright.calibrate(
            made, factors, observed, columns, enterprise=enterprise, product=product, loss=loss, reps=reps, seed=seed, budget=budget,
            method=method, progress=bar.counting(f"Calibrating {made.name}"),
        )  # fmt: skip
        if folder is not None:
            bar.stage("Writing tables and drawing the figure")
            fit.save(folder)
            keeping(f"all is kept in {folder}")
    if as_json:
        say_json(fit.facts() | {"folder": None if folder is None else str(folder)})
        return
    say(repr(fit))
    if folder is not None:
        say(f"Tables, figure and best.yaml: {folder}")
