"""``chainwright schema``: the JSON Schema of scenario files, for editors."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from chainwright.app.console import say
from chainwright.words.errors import UsageError

EXAMPLE = "Example: chainwright schema --out scenario.schema.json"


def schema(
    out: Annotated[Path | None, typer.Option(help="File to write; standard output otherwise.", show_default=False)] = None,
) -> None:
    """Print the JSON Schema of scenario files; an editor that knows it completes and explains every key."""
    from chainwright.scenario.json_schema import json_schema

    text = json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
    if out is None:
        say(text.rstrip())
        return
    beside = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(text, encoding="utf-8")
        os.replace(beside, out)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise UsageError(f"{out}: cannot be written: {error.strerror}") from error
    say(f"Written: {out}")
