"""The habits of the house: what a file begins with, how long it is, and which signs policies do not use."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parent.parent
SOURCE = TOP / "src" / "chainwright"
TESTS = [path for folder in ("tests", "benchmarks") for path in (TOP / folder).rglob("*.py")]
# An empty __init__.py among the tests only makes a package of a folder.
FILES = sorted([*SOURCE.rglob("*.py"), *(path for path in TESTS if path.stat().st_size)])
# Closed forms beside the policies are computed from parameters and never on a view.
POLICIES = sorted(path for path in (SOURCE / "policies").rglob("*.py") if path.parent.name != "formulas")
LONGEST = 400
MOST_FILES = 25
# These give other last bits on one float than on a column, or cannot take a column at all.
BUILTINS = {"max", "min", "round", "pow"}
# Methods over plain Python values that never touch a view.
EXEMPT = {"mistakes", "__post_init__"}


def name_of(path: Path) -> str:
    return path.relative_to(TOP).as_posix()


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_the_first_line_says_what_the_file_is_for(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    first = text.split("\n", 1)[0]
    assert first.startswith('"""'), "a file begins with its docstring"
    said = ast.get_docstring(ast.parse(text))
    assert said
    assert len(said.split("\n", 1)[0].split()) >= 3, "one sentence, please"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_no_file_is_long(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= LONGEST, f"{lines} lines: it has two subjects, part it along the seam"


def test_no_folder_is_full() -> None:
    """A folder with more files than one can look over is cut by subject, or by step; the mistaken scenarios of the tests are a list."""
    folders = {path.parent for top in (SOURCE, TOP / "tests") for path in top.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    folders.discard(TOP / "tests" / "scenario" / "bad")
    assert {name_of(folder): count for folder in folders if (count := sum(one.is_file() for one in folder.iterdir())) > MOST_FILES} == {}


def forbidden(text: str) -> list[str]:
    """What a policy must not use: powers, math, and builtins that differ between one row and many."""
    tree = ast.parse(text)
    exempt = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name in EXEMPT
        for inner in ast.walk(node)
    }
    found = []
    for node in ast.walk(tree):
        if id(node) in exempt:
            continue
        if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Pow):
            found.append(f"line {node.lineno}: ** ")
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names] + [getattr(node, "module", None)]
            if "math" in names:
                found.append(f"line {node.lineno}: math")
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in BUILTINS:
            found.append(f"line {node.lineno}: {node.func.id}()")
        elif isinstance(node, ast.Attribute) and ast.unparse(node) in ("np.power", "np.float_power", "np.sum"):
            found.append(f"line {node.lineno}: {ast.unparse(node)}")
    return found


@pytest.mark.parametrize("path", POLICIES, ids=name_of)
def test_policies_give_the_same_bits_for_one_row_and_many(path: Path) -> None:
    assert forbidden(path.read_text(encoding="utf-8")) == []


def test_the_search_finds_what_it_is_for() -> None:
    bad = "import math\ndef call(view):\n    return max(view.a, 0) + view.b ** 2 + np.power(view.a, 2) + math.sqrt(2)\n"
    assert len(forbidden(bad)) == 4
    assert forbidden("def mistakes(parameters):\n    return max(1, 2)\n") == []


def test_packages_say_what_they_hold() -> None:
    folders = {path.parent for path in SOURCE.rglob("*.py")}
    assert not [name_of(folder) for folder in folders if not (folder / "__init__.py").exists()]
