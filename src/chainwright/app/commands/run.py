"""``chainwright run``: simulate a scenario, print a short table, write tables and a report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from chainwright.app import user_files
from chainwright.app.console import progress, say, say_json, say_table, tell
from chainwright.app.options import Options, split_variant, try_folder
from chainwright.app.stopping import keeping

EXAMPLE = "Example: chainwright run beer_game --runs 100 --set horizon=52 --record on_hand,orders --out out/quick"
AGENT_HELP = "Give a seat (an enterprise, a tag, a role, default) to a registered agent class, such as wholesaler=Panicker; may be repeated."
NO_LIMITS = "Run what would take more memory than this machine has, or longer than a day, all the same."
# Up to this many items have a line each; beyond, echelons have.
MOST_ITEMS = 16
# Up to this many enterprises or items are printed as JSON.
MOST_RECORDS = 5000
# So many changed values are told; the manifest and the report have all of them.
MOST_CHANGES = 6
HEADLINES = (
    "fill_rate",
    "ready_rate",
    "cycle_service_level",
    "on_time_in_full",
    "bullwhip_ratio",
    "bullwhip_ratio_to_end_demand",
    "on_hand_mean",
    "backorder_mean",
)
ALSO = ("on_hand_value_mean", "turns", "days_of_supply", "lost_sales", "cost_per_period", "revenue", "profit")
SHORT = {"network_cost": "cost", "bullwhip_ratio": "bullwhip", "bullwhip_ratio_to_end_demand": "to end demand"}
COLUMNS = ("fill_rate", "bullwhip_ratio", "bullwhip_ratio_to_end_demand", "demand_mean", "on_hand_mean", "backorder_mean", "total_cost", "profit")


def run(
    context: typer.Context,
    scenario: Annotated[str, typer.Argument(help="A shipped scenario, the path of a file, or SCENARIO:VARIANT.", show_default=False)],
    runs: Annotated[int, typer.Option(help="How many replications.")] = 1,
    seed: Annotated[int | None, typer.Option(help="Seed of the random draws (default: the scenario's own).", show_default=False)] = None,
    periods: Annotated[int | None, typer.Option(help="How many periods (default: the scenario's horizon).", show_default=False)] = None,
    settings: Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Change a value by its path; may be repeated.")] = None,
    variant: Annotated[str | None, typer.Option(help="One of the scenario's variants.", show_default=False)] = None,
    agents: Annotated[list[str] | None, typer.Option("--agent", metavar="SEAT=CLASS", help=AGENT_HELP)] = None,
    record: Annotated[str, typer.Option(metavar="A,B", help="Columns of the items to record, of other tables as lanes.shipped.")] = "",
    out: Annotated[str | None, typer.Option(metavar="FOLDER", help="Folder for the results (default: out/SCENARIO).", show_default=False)] = None,
    files: Annotated[list[str] | None, typer.Option("--import", metavar="FILE", help=user_files.HELP)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Assert in every period that goods, money and orders are conserved.")] = False,
    on_time: Annotated[bool, typer.Option("--on-time", help="Measure which orders are received in full and on time.")] = False,
    no_limits: Annotated[bool, typer.Option("--no-limits", help=NO_LIMITS)] = False,
    no_report: Annotated[bool, typer.Option("--no-report", help="Leave out report.html.")] = False,
) -> None:
    """Simulate a scenario, print a short table, and write tables and a report."""
    imported = user_files.import_files(files or [])
    with progress(f"Reading {scenario}") as bar:
        made, folder, options = _wishes(scenario, variant, runs, seed, periods, settings or [], agents or [], record, out)

        import chainwright

        bar.stage(f"Building {made.name}")
        result = chainwright.run(made, **options, check=check, on_time=on_time, limits=not no_limits, progress=bar.counting(f"Running {made.name}"))
        result.manifest["scenario_file"] = split_variant(scenario)[0]
        result.manifest["imports"] = imported
        result.manifest["arguments"] = list(context.obj or [])
        bar.stage("Writing tables" if no_report else "Writing tables and drawing the report")
        result.save(folder, report=not no_report)
        keeping(f"all is kept in {folder}")
    report = None if no_report else folder / "report.html"
    if as_json:
        say_json(_as_json(result, folder, report))
        return
    _tables(result)
    say(f"Tables: {folder}")
    if report is not None:
        say(f"Report: {report}")


def _wishes(
    scenario: str,
    variant: str | None,
    runs: int,
    seed: int | None,
    periods: int | None,
    settings: list[str],
    agents: list[str],
    record: str,
    out: str | None,
) -> tuple[Any, Path, dict[str, Any]]:
    """The scenario to run, the folder to write, and what to ask of the run; everything that is wrong in one answer."""
    options = Options()
    options.least("--runs", runs, 1)
    options.least("--periods", periods, 1)
    options.least("--seed", seed, 0)
    changes = options.settings("--set", settings)
    columns = options.columns(record)
    seats = options.agents("--agent", agents)
    asked = options.folder("--out", out)
    name, joined = split_variant(scenario)
    if joined is not None and variant is not None:
        options.mistakes.append(f"--variant: {scenario} names a variant already")
    made = options.scenario(name, variant if joined is None else joined, changes)
    options.refuse()
    folder = asked if asked is not None else Path("out") / str(made.name)
    from chainwright.experiment.result import kind

    try_folder("--out", folder, kind())
    if asked is None:
        _warn_of_the_shelf(name, folder)
    return made, folder, {"runs": runs, "seed": seed, "periods": periods, "record": columns, "agents": seats}


def _warn_of_the_shelf(name: str, folder: Path) -> None:
    """Say that a file and a shipped scenario of the same name write into the same folder."""
    from chainwright.scenario import names

    if name not in names() and Path(name).stem in names():
        tell(f"note: {name} has the name of a shipped scenario, whose results go to {folder} as well; --out names another folder")


def _tables(result: Any) -> None:
    from chainwright.report import result_name, tables
    from chainwright.report.numerals import plural

    count, periods = len(result.run_numbers), int(result.periods)
    measured = plural(periods, "period")
    if result.measured_periods < periods:
        measured = f"{result.measured_periods:,} of {measured} measured"
    title = f"{result_name.full_title(result.scenario)}: {plural(count, 'run')}, {measured}, seed {result.seed}"
    products = int(result.items["product"].nunique())
    wide = tables.network_wide(result.summary)
    # What is zero says nothing, but for the headlines.
    kept = [name for name in wide if name in HEADLINES or (wide[name].mean != 0.0 and (name.endswith("_cost") or name in ALSO))]
    several = count > 1
    rows = []
    for name in kept:
        interval = [tables.interval_text(name, wide[name], 4)] if several else []
        rows.append([tables.label(name), tables.shown(name, wide[name].mean, 4), *interval, tables.unit_of(name, products)])
    head = ["whole network", "mean", "95 % interval", "unit"] if several else ["whole network", "value", "unit"]
    under = [*_changed(result_name.changes(result.scenario)), *_seats(result.manifest)]
    say_table(title, head, rows, under=under, note=tables.without_unit_cost(result.scenario) if "turns" in kept else "")

    items = result.items[result.items["role"] != "customer"]
    if len(items[["enterprise", "product"]].drop_duplicates()) <= MOST_ITEMS:
        first, summed = ["enterprise", "product"], 1
        means = tables.over_runs(items, first)
        names = [[str(firm), str(product)] for firm, product in zip(means["enterprise"], means["product"], strict=True)]
    else:
        first, summed = ["echelon"], products
        called = tables.echelon_names(result.items)
        means = tables.over_runs(result.echelons, first)
        names = [[tables.echelon_name(called, echelon)] for echelon in means["echelon"]]
    # Rows are to add up to the costs of the whole network above them.
    within = tables.pays_within(means)
    wanted = ["network_cost" if within and name == "total_cost" else name for name in COLUMNS]
    columns = [name for name in wanted if name in means.columns and bool((means[name].notna() & (means[name] != 0.0)).any())]
    cells = [tables.column_of(name, means[name]) for name in columns]
    body = [[*names[row], *[column[row] for column in cells]] for row in range(len(means))]
    units = [*["" for _ in first], *[tables.unit_of(name) for name in columns]]
    notes = ["Units are summed over all products of an echelon."] if summed > 1 else []
    note = " ".join([*notes, *([tables.CANCELS] if within else [])])
    labels = [SHORT.get(name, tables.label(name)) for name in columns]
    say_table("From the customers up", [*first, *labels], body, words=len(first), units=units, note=note)


def _changed(changes: list[str]) -> list[str]:
    """The line that says what was changed, if anything was."""
    if not changes:
        return []
    rest = len(changes) - MOST_CHANGES
    more = f", and {rest} more" if rest > 0 else ""
    return [f"changed: {', '.join(changes[:MOST_CHANGES])}{more}"]


def _seats(manifest: dict[str, Any]) -> list[str]:
    """The line that says which agents sat where, if any did."""
    seats = [f"{seat} = {name}" for seat, name in manifest.get("agents", {}).items()]
    return [f"agents: {', '.join(seats)}"] if seats else []


def _records(frame: Any, keys: list[str]) -> list[Any] | None:
    """A record for each row of a table, means over the runs; None where there are so many that the tables in the folder are to be read."""
    from chainwright.report.tables import over_runs

    made = over_runs(frame, keys)
    return None if len(made) > MOST_RECORDS else list(made.to_dict("records"))


def _as_json(result: Any, folder: Path, report: Path | None) -> dict[str, Any]:
    from chainwright.report.result_name import full_title
    from chainwright.report.tables import metric_words, network_wide, over_runs

    wide = {
        name: {"mean": one.mean, "low": one.low, "high": one.high, "unit": metric_words()[name][1] if name in metric_words() else "-"}
        for name, one in network_wide(result.summary).items()
    }
    return {
        "scenario": result.scenario.name,
        "title": full_title(result.scenario),
        "settings": result.scenario.settings,
        "runs": len(result.run_numbers),
        "periods": int(result.periods),
        "measured_periods": int(result.measured_periods),
        "seed": int(result.seed),
        "summary": wide,
        "echelons": over_runs(result.echelons, ["echelon"]).to_dict("records"),
        "enterprises": _records(result.enterprises, ["enterprise"]),
        "items": _records(result.items, ["enterprise", "product"]),
        "folder": str(folder),
        "report": None if report is None else str(report),
    }
