"""``chainwright schema``: the JSON Schema of scenario files, for editors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from chainwright.app.console import say
from chainwright.words.errors import UsageError
from chainwright.words.replacing import refuse_to_replace

EXAMPLE = "Example: chainwright schema --out scenario.schema.json"


def schema(
    out: Annotated[str | None, typer.Option(metavar="FILE", help="File to write (default: standard output).", show_default=False)] = None,
) -> None:
    """Print the JSON Schema of scenario files; an editor that knows it completes and explains every key."""
    from chainwright.scenario.write.json_schema import json_schema

    text = json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
    if out is None:
        say(text.rstrip())
        return
    if not out.strip():
        raise UsageError("--out: expected the name of a file, not an empty text")
    from chainwright.report.files import write_text

    refuse_to_replace(Path(out), "chainwright scenario", "JSON Schema of scenario files")
    write_text(Path(out), text)
    say(f"Written: {out}")
