"""``chainwright select``: the best of a few candidates with a stated probability, in as few replications as that takes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from chainwright.app import user_files
from chainwright.app.console import plain, progress, say, say_json, say_table
from chainwright.app.options import Options, split_variant, try_folder
from chainwright.app.stopping import keeping
from chainwright.words.errors import ChainwrightError

EXAMPLE = (
    "Example: chainwright select newsvendor --factor policies.place_orders.stand.level=50,54,58,62 --measure cost_per_period "
    "--indifference 0.05 --out out/best"
)
FACTOR = "What the candidates differ in: PATH=A,B,C, or variant=NAME,NAME; all combinations of several are candidates; may be repeated."
INDIFFERENCE = "The smallest difference that matters: a number, or a share of the best mean such as 1%."
# Candidates of a procedure that compares each with each.
MOST = 1000


def select(
    scenario: Annotated[str, typer.Argument(help="A shipped scenario, the path of a file, or SCENARIO:VARIANT.", show_default=False)],
    indifference: Annotated[str, typer.Option(metavar="NUMBER|SHARE", help=INDIFFERENCE, show_default=False)],
    factors: Annotated[list[str] | None, typer.Option("--factor", metavar="PATH=VALUES", help=FACTOR)] = None,
    measure: Annotated[str, typer.Option(help="What is to be best.")] = "total_cost",
    minimise: Annotated[
        bool | None, typer.Option("--minimise/--maximise", help="Whether less is better (default: what the measure is good for).", show_default=False)
    ] = None,
    probability: Annotated[float, typer.Option(help="With which the best is selected.")] = 0.95,
    first: Annotated[int, typer.Option(help="Replications of each before any is eliminated.")] = 20,
    most: Annotated[int, typer.Option(help="The most replications of any.")] = 1000,
    seed: Annotated[int | None, typer.Option(help="Seed of all random draws (default: the scenario's own).", show_default=False)] = None,
    periods: Annotated[int | None, typer.Option(help="How many periods (default: the scenario's horizon).", show_default=False)] = None,
    settings: Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Change a value by its path; may be repeated.")] = None,
    out: Annotated[str | None, typer.Option(metavar="FOLDER", help="Folder for the tables.", show_default=False)] = None,
    files: Annotated[list[str] | None, typer.Option("--import", metavar="FILE", help=user_files.HELP)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Select the best of a few candidates by the procedure of Kim and Nelson."""
    user_files.import_files(files or [])
    with progress(f"Reading {scenario}", "runs") as bar:
        options = Options()
        options.least("--seed", seed, 0)
        options.least("--periods", periods, 1)
        changes = options.settings("--set", settings or [])
        candidates = _candidates(options, factors or [])
        folder = options.folder("--out", out)
        made = options.scenario(*split_variant(scenario), changes)
        options.refuse()
        if folder is not None:
            from chainwright.report.files import SELECTION

            try_folder("--out", folder, SELECTION)

        import chainwright

        found = chainwright.select_best(
            made, candidates, measure, indifference=indifference, minimise=minimise, probability=probability, first=first, most=most,
            seed=seed, periods=periods, progress=bar.counting(f"Playing {made.name}"),
        )  # fmt: skip
    if folder is not None:
        _write(folder, found)
        keeping(f"all is kept in {folder}")
    if as_json:
        say_json(found.facts() | {"folder": None if folder is None else str(folder)})
        return
    _table(found)
    if folder is not None:
        say(f"Tables: {folder}")


def _candidates(options: Options, texts: list[str]) -> dict[str, dict[str, Any]]:
    """All combinations of the factors, by label."""
    from chainwright.experiment.designs.factors import parse_factor
    from chainwright.experiment.designs.making import make_design
    from chainwright.experiment.selecting.selection import labels_of
    from chainwright.experiment.sweep.plan import points_of

    if not texts:
        options.mistakes.append("--factor: say what the candidates differ in, such as --factor policies.place_orders.default.level=20,30,40")
        return {}
    made = []
    for text in texts:
        try:
            made.append(parse_factor(text))
        except ChainwrightError as error:
            options.mistakes.append(f"--factor: {error}")
    if len(made) < len(texts):
        return {}
    try:
        points = points_of(make_design(made))
    except ChainwrightError as error:
        options.mistakes += [f"--factor: {line}" for line in str(error).splitlines()]
        return {}
    if len(points) > MOST:
        options.mistakes.append(f"--factor: {len(points):,} candidates are too many to compare each with each; {MOST:,} at the most")
        return {}
    labels = labels_of([point.values for point in points])
    settings = [dict(point.settings) | ({} if point.variant is None else {"variant": point.variant}) for point in points]
    return dict(zip(labels, settings, strict=True))


def _write(folder: Path, found: Any) -> None:
    """The candidates, their replications, and what was asked."""
    from chainwright._version import __version__
    from chainwright.report.files import SELECTION, whole_folder
    from chainwright.report.spreadsheets import for_spreadsheets

    with whole_folder(folder, SELECTION) as beside:
        for_spreadsheets(found.table).to_csv(beside / SELECTION.names[0], index=False)
        for_spreadsheets(found.replications).to_csv(beside / SELECTION.names[1], index=False)
        text = json.dumps(plain({"chainwright": __version__} | found.facts()), indent=2, ensure_ascii=False)
        (beside / SELECTION.names[2]).write_text(text + "\n", encoding="utf-8")


def _table(found: Any) -> None:
    from chainwright.report.numerals import number, plural
    from chainwright.report.tables import shown, shown_difference

    measure = found.measure.rsplit(".", 1)[-1]
    rows = []
    for row in found.table.to_dict("records"):
        low, high = (shown(measure, row[end], 4) for end in ("low", "high"))
        span = "" if row["low"] != row["low"] else f"{low} to {high}"
        verdict = row["message"] if row["verdict"] == "failed" else row["verdict"]
        verdict += f" by {row['by']}" if row["verdict"] == "eliminated" else ""
        difference = shown_difference(measure, row["difference"])
        rows.append([row["candidate"], verdict, shown(measure, row["mean"], 4), span, difference, str(row["replications"])])
    sense = "smallest" if found.minimise else "largest"
    title = f"{found.origin.title}: {sense} {found.measure} of {plural(len(rows), 'candidate')}"
    under = [found.sentence(), f"{plural(found.runs, 'run')}, seed {found.seed}, indifference {number(found.indifference)}"]
    note = "A difference is the candidate less the best, paired by replication. Means and their 95 % intervals are of those replications too."
    head = ["candidate", "verdict", "mean", "95 % interval", "difference", "replications"]
    say_table(title, head, rows, words=2, under=under, note=note)
