"""The documentation is true: its links lead somewhere, its Python runs, its scenarios load, and no docstring example is left out."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from ruamel.yaml import YAML as Reader

from chainwright.scenario import load

TOP = Path(__file__).resolve().parent.parent
PAGES = sorted([*TOP.glob("*.md"), *(TOP / "docs").rglob("*.md")])
BLOCK = re.compile(r"^(?P<before><!-- not run -->\n)?```(?P<language>\w+)\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]+\]\((?!https?://|#)([^)#]+)(?:#[^)]*)?\)")


def blocks(language: str) -> list[tuple[str, str]]:
    """(place, code) of every block of a language, unless it is marked with ``<!-- not run -->``."""
    found = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for match in BLOCK.finditer(text):
            if match["language"] == language and not match["before"]:
                line = text.count("\n", 0, match.start()) + 1
                found.append((f"{page.relative_to(TOP).as_posix()}:{line}", match["code"]))
    return found


PYTHON = blocks("python")
YAML = blocks("yaml")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(TOP).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    targets = LINK.findall(page.read_text(encoding="utf-8"))
    assert not [target for target in targets if not (page.parent / target).exists()]


@pytest.mark.parametrize("code", [code for _, code in PYTHON], ids=[place for place, _ in PYTHON])
def test_python_runs(code: str, tmp_path: Path) -> None:
    # In a process of its own: an example may register a policy or set a style, which must not reach other tests.
    done = subprocess.run([sys.executable, "-W", "error::UserWarning", "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("code", [code for _, code in YAML], ids=[place for place, _ in YAML])
def test_yaml_is_read(code: str, tmp_path: Path) -> None:
    assert Reader(typ="safe", pure=True).load(code)
    if code.startswith("chainwright:"):
        path = tmp_path / "example.yaml"
        path.write_text(code, encoding="utf-8")
        load(path)


def test_there_is_something_to_run() -> None:
    assert len(PYTHON) >= 2
    assert any(code.startswith("chainwright:") for _, code in YAML)


def test_examples_in_docstrings_are_executed() -> None:
    """pytest itself collects them; here only that it is told to."""
    settings = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pytest"]["ini_options"]
    assert "--doctest-modules" in settings["addopts"]
    assert "src" in settings["testpaths"]


def test_shipped_scenarios_are_named_in_the_documentation() -> None:
    page = (TOP / "docs" / "scenario_files.md").read_text(encoding="utf-8")
    assert not [path.stem for path in (TOP / "scenarios").glob("*.yaml") if f"`{path.stem}`" not in page]
