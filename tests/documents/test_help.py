"""The examples of the help of every command run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer

from chainwright.app.cli import app
from tests.documents.playing import checkout, command
from tests.documents.reading import TOP, Block

COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", COMMANDS)
def test_examples_of_the_help_run(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    checkout(tmp_path)
    if name != "new":
        command(["chainwright", "new", "my_chain"], "new", monkeypatch)
    said = re.findall(r"(?<=[:;] )chainwright [^;\n]+", COMMANDS[name].epilog or "")
    assert said, "an example, please"
    for text in said:
        for words in Block(TOP / "help", 0, "sh", text, "").commands:
            command(words, f"{name} --help", monkeypatch)
