"""``chainwright import``: from a list of who sells to whom to a running scenario, and what was assumed and derived on the way."""

from __future__ import annotations

import dataclasses
import os
import shlex
import shutil
from pathlib import Path
from typing import Annotated, Any

import typer

from chainwright.app.console import progress, say, say_json, say_table, tell
from chainwright.app.stopping import keeping
from chainwright.words.errors import Mistake, ScenarioError, UsageError, suggestion
from chainwright.words.replacing import unwritable

EXAMPLE = "Example: chainwright import docs/examples/firms.csv --weights-per year --skip-bad --out out/firms.yaml"
# What a scenario file would say, as messages have it, and the options for it.
SAID = {
    "skip_bad: true leaves": "--skip-bad leaves",
    "say decimal: ',' or decimal: '.'": "say --decimal , or --decimal .",
    "say seller: and buyer:": "say --seller and --buyer",
    **{f"say {name}: and one": f"say --{name} and one" for name in ("seller", "buyer", "weight")},
}


def import_(
    file: Annotated[str, typer.Argument(help="A CSV or Parquet file with a row for each edge: seller, buyer, weight.", show_default=False)],
    out: Annotated[str | None, typer.Option(metavar="FILE", help="Scenario file to write (default: beside the list).", show_default=False)] = None,
    seller: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="Column of sellers; its number where there is no header.", show_default=False)
    ] = None,
    buyer: Annotated[str | None, typer.Option(metavar="COLUMN", help="Column of buyers.", show_default=False)] = None,
    product: Annotated[str | None, typer.Option(metavar="COLUMN", help="Column of products or industries.", show_default=False)] = None,
    weight: Annotated[str | None, typer.Option(metavar="COLUMN", help="Column of weights.", show_default=False)] = None,
    weights_per: Annotated[str, typer.Option(metavar="TIME", help="What weights are sums of: period, day, week, month, quarter, year.")] = "period",
    period: Annotated[str, typer.Option(help="Length of a period: day, week or month.")] = "week",
    header: Annotated[bool | None, typer.Option("--header/--no-header", help="Whether the first line holds names.", show_default=False)] = None,
    decimal: Annotated[str | None, typer.Option(metavar="SIGN", help="Sign before decimals: . or ,", show_default=False)] = None,
    production: Annotated[
        str | None, typer.Option(metavar="make|trade", help="Whether firms make what they sell, or resell.", show_default=False)
    ] = None,
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="Leave bad rows out, and tell which.")] = False,
    run: Annotated[bool, typer.Option("--run/--no-run", help="Run the scenario and show the summary.")] = True,
    periods: Annotated[int, typer.Option(help="Horizon of the scenario.")] = 52,
    force: Annotated[bool, typer.Option("--force", help="Write over a scenario file that is there already.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Make a scenario of a list of firms that buy from each other, and run it."""
    from chainwright.scenario import names
    from chainwright.words.calendar import DAYS_OF_PERIOD

    if period not in DAYS_OF_PERIOD:
        raise UsageError(f"--period: expected day, week or month, not {period!r}")
    if periods < 1:
        raise UsageError(f"--periods: expected a whole number of at least 1, not {periods}")
    if production not in (None, "make", "trade"):
        raise UsageError(f"--production: expected make or trade, not {production!r}{suggestion(production, ('make', 'trade'))}")
    if decimal not in (None, ".", ","):
        raise UsageError(f"--decimal: expected . or ,, not {decimal!r}")
    source = Path(file)
    if not source.is_file():
        raise UsageError(f"there is no file {file!r}")
    from chainwright.network.graph_formats import holds_graph

    if holds_graph(source):
        raise UsageError(f"{file} is a graph, no list of who sells to whom; `chainwright run {shlex.quote(file)}` runs the graph of a scenario")
    target = Path(out) if out is not None else source.with_suffix(".yaml")
    if target.suffix.lower() not in (".yaml", ".yml"):
        target = target.with_name(f"{target.name}.yaml")
    if target.stem in names():
        raise UsageError(f"{target.stem} is the name of a shipped scenario; choose another with --out")
    if target.exists() and not force:
        raise UsageError(f"{target}: is there already; --force writes over it, --out names another file")
    said: dict[str, Any] = {"seller": seller, "buyer": buyer, "product": product, "weight": weight, "header": header, "decimal": decimal}
    said |= {"production": production, "skip_bad": skip_bad or None}
    parameters = {name: value for name, value in said.items() if value is not None}
    with progress(f"Reading {file}") as bar:
        scenario, facts, text = _made(source, target, parameters, weights_per, period, periods)
        bar.stage("Writing")
        copied = _written(source, target, text)
        keeping(f"{target} is written, and not yet run: chainwright run {shlex.quote(str(target))}")
        result = None
        if run:
            import chainwright

            result = chainwright.run(scenario, progress=bar.counting(f"Running {scenario.name}"))
    _tell(scenario, facts, target, copied, result, as_json)


def _made(source: Path, target: Path, parameters: dict[str, Any], weights_per: str, period: str, periods: int) -> tuple[Any, Any, str]:
    """The scenario, what its list looks like, and the text of its file; nothing is written yet."""
    from chainwright.network.populations.firm_lists.facts import facts_of
    from chainwright.network.populations.firm_lists.generator import EdgeList
    from chainwright.scenario import Scenario
    from chainwright.scenario.from_firm_list import scenario_text, weight_periods

    try:
        if weights_per != "period":
            parameters = {**parameters, "weight_periods": weight_periods(weights_per, period)}
    except UsageError as error:
        raise UsageError(f"--weights-per: {error}") from None
    try:
        facts = facts_of(EdgeList(file=source.name, **parameters).read(source.parent))
    except ScenarioError as error:
        raise ScenarioError([_in_options(mistake) for mistake in error.mistakes]) from None
    title = source.stem.replace("_", " ").replace("-", " ").strip().capitalize() or source.stem
    # Where the file lies elsewhere it is copied beside the scenario, under its own name.
    name = _beside(source, target) or source.name
    text = scenario_text(name, facts, title, period, periods, parameters)
    folder = target.parent if _beside(source, target) else source.parent
    return Scenario.from_text(text, target.stem, folder), facts, text


def _in_options(mistake: Mistake) -> Mistake:
    """A mistake of a parameter told as one of the option that sets it."""
    path = mistake.path.replace("population.", "--").replace("_", "-") if mistake.path.startswith("population.") else mistake.path
    message = mistake.message
    for said, option in SAID.items():
        message = message.replace(said, option)
    return dataclasses.replace(mistake, path=path, message=message)


def _beside(source: Path, target: Path) -> str:
    """The list's path as seen from the scenario's folder; empty where it lies elsewhere."""
    folder = target.parent.resolve()
    return source.resolve().relative_to(folder).as_posix() if source.resolve().is_relative_to(folder) else ""


def _written(source: Path, target: Path, text: str) -> Path | None:
    """Write the scenario file, whole or not at all, and beside it the list where it lies elsewhere; answers the copy."""
    copy = None
    beside = target.with_name(f".{target.name}.writing")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if not _beside(source, target):
            copy = target.parent / source.name
            if copy.exists():
                raise UsageError(f"{copy}: is there already, and the list has to be copied beside the scenario; choose another --out")
            shutil.copyfile(source, copy)
        beside.write_text(text, encoding="utf-8")
        os.replace(beside, target)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise unwritable(f"{error.filename or target}: cannot be written", error) from None
    return copy


def _tell(scenario: Any, facts: Any, target: Path, copied: Path | None, result: Any, as_json: bool) -> None:
    from chainwright.scenario.from_firm_list import derived

    told = list(derived(scenario))
    if as_json:
        summary = None if result is None else {name: value for name, value in result.summary.iloc[0].items() if name != "run"}
        say_json({"file": str(target), "copy": copied, "list": dataclasses.asdict(facts), "derived": told, "summary": summary})
        return
    tables = scenario.blueprint().tables
    rows = [
        ["firms", f"{facts.firms:,}"],
        ["edges", f"{facts.edges:,}"],
        ["products", f"{facts.products:,}"],
        ["sum of weights", f"{facts.weight:,.6g}"],
        ["connected parts", f"{facts.components:,} (largest: {facts.largest_component:,} firms)"],
        ["groups of firms in cycles", f"{facts.cycles:,}{_cycles(facts)}"],
        ["sellers of a buyer", f"mean {facts.sellers_per_buyer:.1f}, most {facts.most_sellers:,}"],
        ["buyers of a seller", f"mean {facts.buyers_per_seller:.1f}, most {facts.most_buyers:,} ({facts.best_connected})"],
        ["enterprises in the scenario", f"{len(tables['enterprises']['name']):,}"],
        ["items", f"{len(tables['items']['product']):,}"],
        ["lanes", f"{len(tables['lanes']['seller']):,}"],
        ["lines of recipes", f"{len(tables['recipes']['item']):,}"],
    ]
    say_table("What was read", ["", "value"], rows)
    say("What was assumed and derived", *[f"  - {sentence}" for sentence in told], "")
    if result is not None:
        from chainwright.app.commands.run import _tables

        _tables(result)
    if copied is not None:
        tell(f"note: the list was copied to {copied}, for a scenario reads files in its own folder only")
    say(f"Written: {target}", f"Run it:  chainwright run {shlex.quote(str(target))}")


def _cycles(facts: Any) -> str:
    return f" ({facts.firms_in_cycles:,} firms, largest: {facts.largest_cycle:,})" if facts.cycles else ""
