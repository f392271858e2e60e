"""Imports run down the floors only and never in a circle; read from the source with ast."""

from __future__ import annotations

import ast
from pathlib import Path

import networkx
import pytest

SOURCE = Path(__file__).resolve().parent.parent / "src"
PACKAGE = "chainwright"
FLOORS = (
    ("_version", "words"),
    ("state", "sheets"),
    ("policies",),
    ("phases",),
    ("world", "network", "scenario", "metrics"),
    ("agents", "experiment", "report"),
    ("",),  # the package's front door, chainwright/__init__.py: what a user imports, and so may the programs for users
    ("app",),
    ("__main__",),
)
FLOOR_OF = {name: floor for floor, names in enumerate(FLOORS) for name in names}
# A library that only one package may import.
ONLY = {"mesa": "agents", "solara": "app"}


def modules() -> dict[str, Path]:
    """The files of the package by dotted name."""
    found = {}
    for path in sorted((SOURCE / PACKAGE).rglob("*.py")):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()


def part(module: str) -> str:
    """The package or file directly under chainwright: ``chainwright.words.schema`` -> ``words``."""
    pieces = module.split(".")
    return pieces[1] if len(pieces) > 1 else ""


def imports(module: str, text: str) -> list[tuple[str, int, bool]]:
    """(imported dotted name, line, whether only when the module is run or for types) of every import statement."""
    found = []
    deferred: set[int] = set()
    tree = ast.parse(text)
    for node in ast.walk(tree):
        lazy = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        if lazy or (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)):
            deferred.update(id(inner) for inner in ast.walk(node))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.extend((alias.name, node.lineno, id(node) in deferred) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                anchor = module.split(".") if MODULES[module].name == "__init__.py" else module.split(".")[:-1]
                anchor = anchor[: len(anchor) - node.level + 1]
                base = ".".join([*anchor, *([node.module] if node.module else [])])
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                found.append((inner if inner in MODULES else base, node.lineno, id(node) in deferred))
    return found


IMPORTS = {module: imports(module, path.read_text(encoding="utf-8")) for module, path in MODULES.items()}


@pytest.mark.parametrize("module", sorted(MODULES))
def test_every_module_stands_on_a_known_floor(module: str) -> None:
    assert part(module) in FLOOR_OF, f"{module}: say in FLOORS on which floor it stands"


@pytest.mark.parametrize("module", sorted(MODULES))
def test_imports_run_downward(module: str) -> None:
    own = FLOOR_OF[part(module)]
    upward = [
        f"{MODULES[module].name}:{line} imports {name}"
        for name, line, _ in IMPORTS[module]
        if (name == PACKAGE or name.startswith(PACKAGE + ".")) and FLOOR_OF.get(part(name), len(FLOORS)) > own
    ]
    assert not upward


@pytest.mark.parametrize("module", sorted(MODULES))
def test_mesa_and_solara_stay_where_they_belong(module: str) -> None:
    strays = [
        f"{MODULES[module].name}:{line} imports {name}"
        for name, line, _ in IMPORTS[module]
        if name.split(".")[0] in ONLY and part(module) != ONLY[name.split(".")[0]]
    ]
    assert not strays


def circles(graph: networkx.DiGraph) -> list[list[str]]:
    """The groups of nodes that import each other."""
    return [sorted(group) for group in networkx.strongly_connected_components(graph) if len(group) > 1]


def test_no_module_imports_itself_through_others() -> None:
    """Not for type checkers either, nor while a function runs: who knows whom has one direction."""
    graph = networkx.DiGraph()
    for module, found in IMPORTS.items():
        # The front door of a package gathers its own modules, which is no circle.
        graph.add_edges_from((module, name) for name, _, _ in found if name in MODULES and name != module and MODULES[name].name != "__init__.py")
    assert circles(graph) == []


def test_no_package_is_imported_by_what_it_gathers() -> None:
    graph = networkx.DiGraph()
    for module, found in IMPORTS.items():
        graph.add_edges_from((module, name) for name, _, deferred in found if name in MODULES and name != module and not deferred)
    assert circles(graph) == []


def test_no_part_imports_itself_through_others() -> None:
    graph = networkx.DiGraph()
    for module, found in IMPORTS.items():
        if not part(module):
            continue
        for name, _, _ in found:
            if name in MODULES and part(name) not in ("", part(module)):
                graph.add_edge(part(module), part(name))
    assert circles(graph) == []


def test_the_reader_sees_what_it_should() -> None:
    """The checks above would pass on an empty list, so the reading of imports is itself tested."""
    text = "import mesa\nfrom chainwright.words import errors\nfrom chainwright.words.errors import UsageError\ndef later():\n    import solara\n"
    assert imports("chainwright.words.schema", text) == [
        ("mesa", 1, False),
        ("chainwright.words.errors", 2, False),
        ("chainwright.words.errors", 3, False),
        ("solara", 5, True),
    ]
    assert imports("chainwright.words.schema", "from . import errors\nfrom .errors import nearest\n") == [
        ("chainwright.words.errors", 1, False),
        ("chainwright.words.errors", 2, False),
    ]
    assert circles(networkx.DiGraph([("one", "two"), ("two", "one"), ("two", "three")])) == [["one", "two"]]
