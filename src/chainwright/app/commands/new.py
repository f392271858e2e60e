"""``chainwright new``: a commented scenario file to start from."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from chainwright.app.console import say, say_json
from chainwright.words.errors import UsageError
from chainwright.words.replacing import unwritable

EXAMPLE = "Example: chainwright new my_chain"


def new(
    name: Annotated[str, typer.Argument(help="Name of the new scenario, or path of its file.", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of words.")] = False,
) -> None:
    """Write a small commented scenario file, which runs as it stands."""
    from chainwright.scenario import names
    from chainwright.scenario.starter import starter

    if not name.strip():
        raise UsageError("expected a name for the scenario")
    path = Path(name if name.lower().endswith((".yaml", ".yml")) else f"{name}.yaml")
    if path.stem in names():
        raise UsageError(f"{path.stem} is the name of a shipped scenario, whose results go to {Path('out') / path.stem} as well; choose another name")
    title = path.stem.replace("_", " ").replace("-", " ").strip().capitalize()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:  # refuses what is there, even if it came this very moment
            file.write(starter(title))
    except FileExistsError as error:
        raise UsageError(f"{error.filename or path}: is there already; choose another name") from error
    except OSError as error:
        path.unlink(missing_ok=True)
        raise unwritable(f"{path}: cannot be written", error) from error
    if as_json:
        say_json({"file": str(path)})
        return
    say(f"Written: {path}", f"Run it:  chainwright run {shlex.quote(str(path))}")
