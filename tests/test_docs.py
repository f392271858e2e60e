"""The documentation is true: its links lead somewhere, its Python and its commands run, its scenarios load, and no docstring example is left out."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import typer
from ruamel.yaml import YAML as Reader

from chainwright.app.cli import app
from chainwright.scenario import load
from tests.documents.reading import LANGUAGES, PAGES, PLAYED, TOP, Block, blocks, name_of

LINK = re.compile(r"\[[^\]]+\]\((?!https?://|#)([^)#]+)(?:#[^)]*)?\)")
BLOCKS = [block for page in PAGES for block in blocks(page)]
YAML = [block for block in BLOCKS if block.language == "yaml"]
# A command within a sentence, such as `chainwright check FILE`.
SPOKEN = re.compile(r"`chainwright ([a-z][\w-]*)([^`\n]*)`")

COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page: Path) -> None:
    targets = LINK.findall(page.read_text(encoding="utf-8"))
    assert not [target for target in targets if not (page.parent / target).exists()]


def test_every_block_says_its_language() -> None:
    assert not [block.place for block in BLOCKS if block.language not in LANGUAGES]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_commands_within_sentences_are_there(page: Path) -> None:
    for name, rest in SPOKEN.findall(page.read_text(encoding="utf-8")):
        assert name in COMMANDS, f"chainwright {name}{rest}"
        known = {option for parameter in COMMANDS[name].params for option in (*parameter.opts, *parameter.secondary_opts)}
        assert set(re.findall(r"(?<= )--[\w-]+", rest)) <= known, f"chainwright {name}{rest}"


@pytest.mark.parametrize("block", YAML, ids=[block.place for block in YAML])
def test_yaml_is_read(block: Block, tmp_path: Path) -> None:
    assert Reader(typ="safe", pure=True).load(block.code)
    if block.code.startswith("chainwright:"):
        for beside in blocks(block.page):
            if beside.file:
                (tmp_path / beside.file).write_text(beside.code, encoding="utf-8")
        path = tmp_path / "example.yaml"
        path.write_text(block.code, encoding="utf-8")
        load(path)


def test_files_that_a_page_writes_out_are_those_of_the_examples() -> None:
    shipped = {path.name: path.read_text(encoding="utf-8") for path in (TOP / "docs" / "examples").iterdir()}
    written = {block.file: block.code for block in BLOCKS if block.file in shipped}
    assert written == {name: shipped[name] for name in ("design.yaml", "my_policies.py")}


def test_there_is_something_to_run() -> None:
    assert len(PLAYED) >= 10
    assert any(block.code.startswith("chainwright:") for block in YAML)


def test_examples_in_docstrings_are_executed() -> None:
    """pytest itself collects them; here only that it is told to."""
    settings = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pytest"]["ini_options"]
    assert "--doctest-modules" in settings["addopts"]
    assert "src" in settings["testpaths"]


def test_shipped_scenarios_are_named_in_the_documentation() -> None:
    page = (TOP / "docs" / "scenario_files.md").read_text(encoding="utf-8")
    assert not [path.stem for path in (TOP / "scenarios").glob("*.yaml") if f"`{path.stem}`" not in page]
