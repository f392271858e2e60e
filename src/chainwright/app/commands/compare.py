"""``chainwright compare``: the paired differences of two scenarios, with confidence intervals."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from chainwright.app.console import progress, say_json, say_table
from chainwright.app.wishes import Wishes, split_variant

EXAMPLE = "Example: chainwright compare beer_game beer_game:shared_demand --runs 100"


def compare(
    first: Annotated[str, typer.Argument(metavar="A", help="A scenario, or SCENARIO:VARIANT.", show_default=False)],
    second: Annotated[str, typer.Argument(metavar="B", help="The other one.", show_default=False)],
    runs: Annotated[int, typer.Option(help="How many replications of each; run r of both has the same random draws.")] = 30,
    seed: Annotated[int | None, typer.Option(help="Seed of the random draws; that of A otherwise.", show_default=False)] = None,
    periods: Annotated[int | None, typer.Option(help="How many periods; the scenarios' horizon otherwise.", show_default=False)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Compare two scenarios run by run: B less A for each metric, with a 95 % confidence interval."""
    wishes = Wishes()
    wishes.least("--runs", runs, 1)
    wishes.least("--periods", periods, 1)
    wishes.least("--seed", seed, 0)
    a, b = (wishes.scenario(*split_variant(text)) for text in (first, second))
    wishes.refuse()

    import chainwright

    options: dict[str, Any] = {"runs": runs, "seed": seed, "periods": periods}
    with progress("Comparing") as told:
        table = chainwright.compare(a, b, **options, progress=told).table
    if as_json:
        say_json({"a": first, "b": second, "runs": runs, "metrics": table.to_dict("records")})
        return
    _table(table, first, second, runs)


def _table(table: Any, first: str, second: str, runs: int) -> None:
    from chainwright.report.tables import label, plural, shown

    rows = []
    for row in table.to_dict("records"):
        if (row["a"] == 0.0 and row["b"] == 0.0) or (row["a"] != row["a"] and row["b"] != row["b"]):
            continue  # what is zero or empty in both says nothing
        metric = str(row["metric"])
        interval = "" if row["low"] != row["low"] else f"{shown(metric, row['low'])} to {shown(metric, row['high'])}"
        values = [shown(metric, row[name]) for name in ("a", "b", "difference")]
        rows.append([label(metric), *values, interval, str(row["verdict"])])
    title = f"A = {first}, B = {second}, {plural(runs, 'paired run')}"
    note = "A difference is B less A; its interval is a 95 % confidence interval over the paired runs."
    say_table(title, ["whole network", "A", "B", "difference", "95 % interval", "verdict"], rows, note=note)
