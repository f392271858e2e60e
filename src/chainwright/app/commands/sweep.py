"""``chainwright sweep``: many points of a scenario with replications, into one table; what was stopped is resumed."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from chainwright.app import sweep_options, sweep_output, user_files
from chainwright.app.commands.run import AGENT_HELP
from chainwright.app.console import progress, say_json, tell
from chainwright.app.options import Options
from chainwright.words.errors import DiskFailed, ScenarioError, UsageError

EXAMPLE = (
    'Example: chainwright sweep beer_game --factor "policies.place_orders.default.target=16,20,24,28" '
    '--factor "lanes.*.transport_time=1,2,4" --reps 30 --out out/s\n\n'
    "The same from a file, with another seed: chainwright sweep docs/examples/design.yaml --seed 7"
)
WHAT = (
    "A shipped scenario, the path of a file, SCENARIO:VARIANT; or a design file, which says the whole sweep. "
    "Options beside a design file overrule what it says; a --factor replaces the factor of its name, or is added."
)
FACTOR = "What is varied: PATH=A,B,C, a range PATH=LOW..HIGH, or PATH=normal(50, 8); variant=NAME,NAME takes variants; may be repeated."
DESIGN = (
    "Which combinations are played: grid, one_at_a_time, latin_hypercube, sobol, halton, two_level, fractional, morris, saltelli, "
    'with options behind, such as "sobol n=64" (default: grid).'
)
REPS = 'Replications of each point: a number, or such as "until half_width<2%" (default: 1).'
MEASURES = "What is measured, such as total_cost,fill_rate,items.retailer.beer.bullwhip_ratio (default: everything of the network)."
ENGINE = "processes, serial, dask, or the address of a Dask scheduler such as tcp://host:8786 (default: processes)."
OUT = "Folder for the results (default: out/SCENARIO-sweep, or out/ and the name of the design file)."
COMMON = "Whether replication r has the same random draws at every point (default: yes)."
RESUME = "Resume the sweep that the folder holds, or refuse such a folder."
# What shells give to a command that Ctrl-C ended.
STOPPED = 130


def sweep(
    context: typer.Context,
    what: Annotated[str, typer.Argument(metavar="SCENARIO|DESIGN", help=WHAT, show_default=False)],
    factors: Annotated[list[str] | None, typer.Option("--factor", metavar="PATH=VALUES", help=FACTOR)] = None,
    design: Annotated[str | None, typer.Option(metavar="KIND", help=DESIGN, show_default=False)] = None,
    points: Annotated[int | None, typer.Option(metavar="N", help="How many points a design that samples has.", show_default=False)] = None,
    points_file: Annotated[str | None, typer.Option(metavar="CSV", help="Play the points of a table instead.", show_default=False)] = None,
    reps: Annotated[str | None, typer.Option(metavar="N|UNTIL", help=REPS, show_default=False)] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of the random draws (default: the scenario's own).", show_default=False)] = None,
    periods: Annotated[int | None, typer.Option(help="How many periods (default: the scenario's horizon).", show_default=False)] = None,
    measures: Annotated[str | None, typer.Option(metavar="A,B", help=MEASURES, show_default=False)] = None,
    settings: Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Change a value by its path; may be repeated.")] = None,
    variant: Annotated[str | None, typer.Option(help="One of the scenario's variants.", show_default=False)] = None,
    agents: Annotated[list[str] | None, typer.Option("--agent", metavar="SEAT=CLASS", help=AGENT_HELP)] = None,
    engine: Annotated[str | None, typer.Option(help=ENGINE, show_default=False)] = None,
    workers: Annotated[int | None, typer.Option(help="How many processes (default: one for each core).", show_default=False)] = None,
    common: Annotated[bool | None, typer.Option("--common/--no-common", help=COMMON, show_default=False)] = None,
    out: Annotated[str | None, typer.Option(metavar="FOLDER", help=OUT, show_default=False)] = None,
    resume: Annotated[bool, typer.Option("--resume/--no-resume", help=RESUME)] = True,
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Try runs again that failed before.")] = False,
    files: Annotated[list[str] | None, typer.Option("--import", metavar="FILE", help=user_files.HELP)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say how much it would be; nothing is run or written.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Assert in every period that goods, money and orders are conserved.")] = False,
    no_report: Annotated[bool, typer.Option("--no-report", help="Leave out report.html.")] = False,
) -> None:
    """Run a scenario at many points, with replications. A sweep that was stopped is resumed by the same command."""
    user_files.import_files(files or [])
    heard: list[str] = []
    seen = _Seen()
    arguments: dict[str, Any] = {}
    report = None
    try:
        with progress(f"Reading {what}", "runs") as bar:
            options = Options()
            given = sweep_options.Given(
                what, variant, settings or [], factors or [], design, points, points_file, reps, seed, periods, measures, agents or [],
                engine, workers, common, out, resume, check, files or [],
            )  # fmt: skip
            arguments = sweep_options.arguments_of(options, given)
            options.refuse()
            if dry_run:
                found = _told(options, seen, lambda: _estimated(arguments))
            else:
                import chainwright

                rest = {
                    "retry_failed": retry_failed,
                    "progress": seen.through(bar.counting(f"Sweeping {arguments['scenario'].name}")),
                    "tell": lambda text: heard.append(f"note: {text}"),
                }
                table = _told(options, seen, lambda: chainwright.sweep(**arguments, **rest))
                bar.stage("Writing the report" if not no_report else "Summing up")
                try:
                    report = sweep_output.finish(table, list(context.obj or []), report=not no_report)
                except DiskFailed as error:
                    raise DiskFailed(f"{error}\n{_stopped(seen, arguments)} once there is room") from None
    except KeyboardInterrupt:
        tell(*heard, _stopped(seen, arguments))
        raise typer.Exit(STOPPED) from None
    tell(*heard)
    if dry_run:
        said = sweep_output.dry_facts(found, arguments)
        say_json(said) if as_json else sweep_output.say_dry(said)
        return
    tell(*sweep_output.notes(table))
    if as_json:
        say_json(sweep_output.facts(table, report))
    else:
        sweep_output.say_sweep(table, report)
    if sweep_output.tell_failures(table):
        raise typer.Exit(1)


class _Seen:
    """What the sweep has told of its progress, so that an interruption can say what is kept."""

    def __init__(self) -> None:
        self.done = self.total = 0
        self.begun = False

    def through(self, further: Any) -> Any:
        """A function for progress that notes what it is told, and hands it on."""

        def told(done: int, total: int) -> None:
            self.begun = True
            self.done, self.total = done, total
            further(done, total)

        return told


def _told(options: Options, seen: _Seen, work: Any) -> Any:
    """What the work answers; mistakes of the request are refused as those of the options are, what goes wrong later is raised."""
    try:
        return work()
    except (UsageError, ScenarioError) as error:
        if seen.begun:
            raise
        sweep_options.note(options, error)
        options.refuse()
        raise


def _estimated(arguments: dict[str, Any]) -> Any:
    from chainwright.experiment.sweep.estimate import estimate

    # No trial: a dry run of a large population would take minutes.
    return estimate(**arguments, trial=False)


def _stopped(seen: _Seen, arguments: dict[str, Any]) -> str:
    if not seen.begun:
        return "stopped: nothing was run"
    return f"stopped: {seen.done:,} of {seen.total:,} runs are kept in {arguments['out']}; the same command resumes the sweep"
