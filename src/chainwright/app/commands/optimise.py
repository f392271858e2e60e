"""``chainwright optimise``: the values of some factors that make a measure smallest or largest while others keep their limits."""

from __future__ import annotations

import re
from typing import Annotated, Any

import typer

from chainwright.app import user_files
from chainwright.app.console import progress, say, say_json, say_table
from chainwright.app.options import Options, split_variant, try_folder
from chainwright.app.stopping import keeping
from chainwright.words.errors import ChainwrightError

EXAMPLE = (
    "Example: chainwright optimise newsvendor --over policies.place_orders.stand.level=40..70 --minimise total_cost "
    "--subject-to 'fill_rate>=0.95' --out out/best"
)
OVER = "Values to choose from: PATH=LOW..HIGH (whole numbers where both are), or PATH=A,B,C; may be repeated."
LIMIT = "A limit that must be kept, such as 'fill_rate>=0.95'; may be repeated."
METHOD = "auto, all (every combination), scipy (differential evolution) or optuna."
_LIMIT = re.compile(r"(.+?)\s*((?:>=|<=|≥|≤).+)")


def optimise(
    context: typer.Context,
    scenario: Annotated[str, typer.Argument(help="A shipped scenario, the path of a file, or SCENARIO:VARIANT.", show_default=False)],
    over: Annotated[list[str] | None, typer.Option("--over", metavar="PATH=VALUES", help=OVER)] = None,
    minimise: Annotated[str | None, typer.Option(metavar="MEASURE", help="Measure to make small (default: total_cost).", show_default=False)] = None,
    maximise: Annotated[str | None, typer.Option(metavar="MEASURE", help="Measure to make large instead.", show_default=False)] = None,
    limits: Annotated[list[str] | None, typer.Option("--subject-to", metavar="LIMIT", help=LIMIT)] = None,
    confidently: Annotated[bool, typer.Option("--confidently", help="Limits must be kept by a confidence bound, not by the mean.")] = False,
    reps: Annotated[int, typer.Option(help="Replications of each candidate in the search.")] = 20,
    polish_reps: Annotated[int | None, typer.Option(help="Replications of the best candidates (default: 4 × --reps).", show_default=False)] = None,
    final_reps: Annotated[int | None, typer.Option(help="New replications to judge the winner (default: 10 × --reps).", show_default=False)] = None,
    budget: Annotated[int | None, typer.Option(help="Most candidates (default: 150, and 150 more for each factor).", show_default=False)] = None,
    method: Annotated[str, typer.Option(help=METHOD)] = "auto",
    seed: Annotated[int | None, typer.Option(help="Seed of all random draws (default: the scenario's own).", show_default=False)] = None,
    periods: Annotated[int | None, typer.Option(help="How many periods (default: the scenario's horizon).", show_default=False)] = None,
    settings: Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Change a value by its path; may be repeated.")] = None,
    out: Annotated[str | None, typer.Option(metavar="FOLDER", help="Folder for tables, figure and the best scenario.", show_default=False)] = None,
    files: Annotated[list[str] | None, typer.Option("--import", metavar="FILE", help=user_files.HELP)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Find the values of some factors that are best, and say how sure that is."""
    user_files.import_files(files or [])
    with progress(f"Reading {scenario}", "runs") as bar:
        options = Options()
        options.least("--seed", seed, 0)
        options.least("--periods", periods, 1)
        changes = options.settings("--set", settings or [])
        factors = factors_asked(options, over or [])
        kept = _limits(options, limits or [])
        folder = options.folder("--out", out)
        made = options.scenario(*split_variant(scenario), changes)
        options.refuse()
        if folder is not None:
            from chainwright.experiment.optimising.result import KIND

            try_folder("--out", folder, KIND)

        import chainwright

        found = chainwright.optimise(
            made, factors, minimise, maximise, kept, reps=reps, polish_reps=polish_reps, final_reps=final_reps, seed=seed, periods=periods,
            budget=budget, method=method, confidently=confidently, progress=bar.counting(f"Optimising {made.name}"),
        )  # fmt: skip
        if folder is not None:
            bar.stage("Writing tables and drawing the figure")
            found.save(folder)
            keeping(f"all is kept in {folder}")
    if as_json:
        say_json(found.facts() | {"folder": None if folder is None else str(folder)})
        return
    _tables(found)
    if folder is not None:
        say(f"Tables, figure and best.yaml: {folder}")


def factors_asked(options: Options, over: list[str]) -> list[Any]:
    """The factors of ``--over`` options."""
    from chainwright.experiment.designs.factors import parse_factor

    found = []
    for text in over:
        try:
            found.append(parse_factor(text))
        except ChainwrightError as error:
            options.mistakes.append(f"--over: {error}")
    if not over:
        options.mistakes.append("--over: say what may be chosen, such as --over policies.place_orders.default.level=10..40")
    return found


def _limits(options: Options, texts: list[str]) -> dict[str, list[str]]:
    """The limits of ``--subject-to`` options by measure."""
    found: dict[str, list[str]] = {}
    for text in texts:
        match = _LIMIT.fullmatch(text.strip())
        if match is None:
            options.mistakes.append(f"--subject-to: cannot read {text!r}; expected MEASURE>=NUMBER or MEASURE<=NUMBER, such as 'fill_rate>=0.95'")
        else:
            found.setdefault(match.group(1), []).append(match.group(2))
    return found


def _tables(found: Any) -> None:
    """What was found, as tables."""
    from chainwright.report.figures.optimising import short_names
    from chainwright.report.numerals import number, plural

    def span(row: Any) -> str:
        return "" if row["low"] != row["low"] else f"{number(row['low'])} to {number(row['high'])}"

    goal, names = found.goal, list(found.space.names)
    fresh = plural(len(found.final_runs), "fresh replication")
    low, high = found.interval
    rows = [[goal.measure, number(found.value, 5), f"{number(low)} to {number(high)}", "largest" if goal.largest else "smallest"]]
    rows += [[row["measure"], number(row["mean"], 5), span(row), f"{row['limit']}: {row['verdict']}"] for row in found.limits.to_dict("records")]
    flat = found.flatness.to_dict("records")
    chosen = [[row["factor"], _shown(row["best"]), "" if row["low"] is None else f"{number(row['low'])} to {number(row['high'])}"] for row in flat]
    tried = len({trial.place for trial in found.trials})
    under = [f"{tried:,} candidates, {found.runs:,} runs, method {found.method}, seed {found.seed}"]
    title = f"{found.origin.title}: {goal}"
    say_table(title, ["factor", "best", "no worse as far as can be seen"], chosen, under=under)
    say_table(f"On {fresh}", ["measure", "mean", f"{goal.confidence:.0%} interval", "wanted"], rows)
    rivals = found.compared.to_dict("records")
    body = [[str(row["candidate"]), *[_shown(row[name]) for name in names], number(row[goal.measure], 5),
             "" if row["difference"] != row["difference"] else number(row["difference"]), span(row),
             _verdict(row)] for row in rivals]  # fmt: skip
    note = "A difference is the candidate less the best, paired by replication; the intervals of all runners-up hold together."
    head = ["candidate", *short_names(names), goal.measure, "difference", "interval", "verdict"]
    say_table("Beside its rivals", head, body, note=note)
    for remark in found.remarks:
        say(f"- {remark[0].upper()}{remark[1:]}.")


def _verdict(row: Any) -> str:
    said = "" if isinstance(row["verdict"], float) else str(row["verdict"])
    return said if row["feasible"] else ", ".join([one for one in (said, "misses a limit") if one])


def _shown(value: Any) -> str:
    from chainwright.report.numerals import number

    if value is None or value != value:
        return "–"
    return number(value, 5) if isinstance(value, float) else str(value)
