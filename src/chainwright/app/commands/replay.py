"""``chainwright replay``: one HTML file that plays a run back, by double click and offline."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from chainwright.app.console import progress, say
from chainwright.app.options import Options, split_variant, try_folder
from chainwright.words.replacing import refuse_to_replace

EXAMPLE = "Example: chainwright replay beer_game --out beer_game.html"


def replay(
    scenario: Annotated[str, typer.Argument(help="A shipped scenario, the path of a file, or SCENARIO:VARIANT.", show_default=False)],
    out: Annotated[str | None, typer.Option(metavar="FILE", help="The file (default: out/SCENARIO/replay.html).", show_default=False)] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of the random draws (default: the scenario's own).", show_default=False)] = None,
    run: Annotated[int, typer.Option(help="Number of the replication.")] = 0,
    periods: Annotated[int | None, typer.Option(help="How many periods (default: the scenario's horizon).", show_default=False)] = None,
    settings: Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Change a value by its path; may be repeated.")] = None,
    variant: Annotated[str | None, typer.Option(help="One of the scenario's variants.", show_default=False)] = None,
) -> None:
    """Play a run and write it as one HTML file with network, charts, timeline and inspector."""
    with progress(f"Reading {scenario}") as bar:
        options = Options()
        options.least("--run", run, 0)
        options.least("--periods", periods, 1)
        options.least("--seed", seed, 0)
        changes = options.settings("--set", settings or [])
        name, joined = split_variant(scenario)
        if joined is not None and variant is not None:
            options.mistakes.append(f"--variant: {scenario} names a variant already")
        made = options.scenario(name, variant if joined is None else joined, changes)
        options.refuse()
        path = Path(out) if out is not None else Path("out") / str(made.name) / "replay.html"

        from chainwright.experiment.timeline.inspector import inspect_many
        from chainwright.experiment.timeline.timeline import Timeline
        from chainwright.report.screen.replay import SIGN, write_replay

        try_folder("--out", path.parent)
        refuse_to_replace(path, SIGN, "replay")


        timeline = Timeline(made, seed, run, periods=periods)
        count = bar.counting(f"Playing {made.name}")
        while timeline.played < timeline.horizon:
            timeline.play()
            count(timeline.played, timeline.horizon)
        bar.stage("Writing the replay")
        path.parent.mkdir(parents=True, exist_ok=True)
        write_replay(timeline, path, inspect=partial(inspect_many, acting=False))
        timeline.close()
    say(f"Replay: {path} ({path.stat().st_size / 1e6:.1f} MB)")
