"""``chainwright run``: simulate a scenario, print a short table, write tables and a report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from chainwright.app.console import progress, say, say_json, say_table
from chainwright.app.wishes import Wishes, make_folder, split_variant

EXAMPLE = "Example: chainwright run beer_game --runs 100 --set lanes.*.transport_time=1 --record on_hand,orders --out out/quick"
# Up to this many items have a line each; beyond, echelons have.
MOST_ITEMS = 16
HEADLINES = (
    "fill_rate",
    "cycle_service_level",
    "on_time_in_full",
    "bullwhip_ratio",
    "bullwhip_ratio_to_end_demand",
    "on_hand_mean",
    "backorder_mean",
)
ALSO = ("days_of_supply", "lost_sales", "cost_per_period")
SHORT = {"bullwhip_ratio": "bullwhip", "bullwhip_ratio_to_end_demand": "to end demand"}
COLUMNS = ("fill_rate", "bullwhip_ratio", "bullwhip_ratio_to_end_demand", "demand_mean", "on_hand_mean", "backorder_mean", "total_cost")


def run(
    context: typer.Context,
    scenario: Annotated[str, typer.Argument(help="A shipped scenario, the path of a file, or SCENARIO:VARIANT.", show_default=False)],
    runs: Annotated[int, typer.Option(help="How many replications.")] = 1,
    seed: Annotated[int | None, typer.Option(help="Seed of the random draws; the scenario's own otherwise.", show_default=False)] = None,
    periods: Annotated[int | None, typer.Option(help="How many periods; the scenario's horizon otherwise.", show_default=False)] = None,
    settings: Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Change a value by its path; may be repeated.")] = None,
    variant: Annotated[str | None, typer.Option(help="One of the scenario's variants.", show_default=False)] = None,
    record: Annotated[str, typer.Option(metavar="A,B", help="Columns of the items to record in every period.")] = "",
    out: Annotated[Path | None, typer.Option(help="Folder for the results; out/SCENARIO otherwise.", show_default=False)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Assert in every period that goods, money and orders are conserved.")] = False,
    no_report: Annotated[bool, typer.Option("--no-report", help="Leave out report.html.")] = False,
) -> None:
    """Simulate a scenario, print a short table, and write tables and a report."""
    wishes = Wishes()
    wishes.least("--runs", runs, 1)
    wishes.least("--periods", periods, 1)
    wishes.least("--seed", seed, 0)
    changes = wishes.settings(settings or [])
    columns = wishes.columns(record)
    if out is not None:
        wishes.folder("--out", out)
    name, joined = split_variant(scenario)
    if joined is not None and variant is not None:
        wishes.mistakes.append(f"--variant: {scenario} names a variant already")
    made = wishes.scenario(name, variant if joined is None else joined, changes)
    wishes.refuse()
    folder = out if out is not None else Path("out") / str(made.name)
    make_folder("--out", folder)

    import chainwright

    options: dict[str, Any] = {"runs": runs, "seed": seed, "periods": periods, "record": columns, "check": check}
    with progress(f"Running {made.name}") as told:
        result = chainwright.run(made, **options, progress=told)
    result.manifest["arguments"] = list(context.obj or [])
    result.save(folder)
    report = folder / "report.html"
    if not no_report:
        from chainwright.report import page

        page.write(result, report)
    if as_json:
        say_json(_as_json(result, folder, None if no_report else report))
        return
    _tables(result)
    say(f"Tables: {folder}")
    if not no_report:
        say(f"Report: {report}")


def _tables(result: Any) -> None:
    from chainwright.report import tables

    count, periods = len(result.run_numbers), int(result.periods)
    title = f"{result.scenario.title}: {tables.plural(count, 'run')} of {tables.plural(periods, 'period')}, seed {result.seed}"
    wide = tables.network_wide(result.summary)
    # What is zero says nothing, but for the headlines.
    kept = [name for name in wide if name in HEADLINES or (wide[name].mean != 0.0 and (name.endswith("_cost") or name in ALSO))]
    several = count > 1
    rows = []
    for name in kept:
        unit = tables.DEFINITIONS[name][1] if name in tables.DEFINITIONS else ""
        interval = [tables.interval_text(name, wide[name], 4)] if several else []
        rows.append([tables.label(name), tables.shown(name, wide[name].mean, 4), *interval, "" if unit in ("share", "-") else unit])
    say_table(title, ["whole network", "mean", "95 % interval", "unit"] if several else ["whole network", "value", "unit"], rows)

    items = result.items[result.items["role"] != "customer"]
    if len(items[["enterprise", "product"]].drop_duplicates()) <= MOST_ITEMS:
        first = ["enterprise", "product"]
        means = tables.over_runs(items, first)
        names = [[str(firm), str(product)] for firm, product in zip(means["enterprise"], means["product"], strict=True)]
    else:
        first = ["echelon"]
        means = tables.over_runs(result.echelons, first)
        called = tables.echelon_names(result.items)
        names = [[tables.echelon_name(called, echelon)] for echelon in means["echelon"]]
    columns = [name for name in COLUMNS if name in means.columns and bool((means[name].notna() & (means[name] != 0.0)).any())]
    cells = [tables.column_of(name, means[name]) for name in columns]
    body = [[*names[row], *[column[row] for column in cells]] for row in range(len(means))]
    say_table("From the customers up", [*first, *[SHORT.get(name, tables.label(name)) for name in columns]], body, words=len(first))


def _as_json(result: Any, folder: Path, report: Path | None) -> dict[str, Any]:
    from chainwright.report.tables import DEFINITIONS, network_wide, over_runs

    wide = {
        name: {"mean": one.mean, "low": one.low, "high": one.high, "unit": DEFINITIONS[name][1] if name in DEFINITIONS else "-"}
        for name, one in network_wide(result.summary).items()
    }
    return {
        "scenario": result.scenario.name,
        "title": result.scenario.title,
        "runs": len(result.run_numbers),
        "periods": int(result.periods),
        "seed": int(result.seed),
        "summary": wide,
        "echelons": over_runs(result.echelons, ["echelon"]).to_dict("records"),
        "enterprises": over_runs(result.enterprises, ["enterprise"]).to_dict("records"),
        "items": over_runs(result.items, ["enterprise", "product"]).to_dict("records"),
        "folder": str(folder),
        "report": None if report is None else str(report),
    }
