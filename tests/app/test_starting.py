"""What each command loads before it has anything to simulate: none of the packages that take seconds."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from chainwright.scenario import keys, load, names, shipped
from chainwright.scenario.shipped_sizes import COUNTED, digest, size_of

# Each takes a good part of a second to load, some of them several.
HEAVY = ("scipy.stats", "scipy.optimize", "networkx", "pandas", "pyarrow", "matplotlib", "mesa", "solara", "distributed", "optuna", "duckdb", "SALib")
PROGRAM = """
import json, sys
from chainwright.app.cli import main
try:
    main(sys.argv[2:])
except SystemExit as left:
    assert left.code == 0, left.code
print("\\n" + json.dumps([name for name in sys.argv[1].split(",") if name in sys.modules]))
"""
LIST = "seller,buyer,product\nmill,bakery,flour\nbakery,shop,bread\n"
# The lists that people bring are read by pandas, and a design is a table.
TABLES = {"pandas", "pyarrow"}


@pytest.mark.parametrize(
    ("arguments", "allowed"),
    [
        ("--help", set()),
        ("list", set()),
        ("list --json", set()),
        ("new chain", set()),
        ("schema", set()),
        ("check beer_game", set()),
        ("run --help", set()),
        ("sweep --help", set()),
        ("app --help", set()),
        ("import list.csv", TABLES),
        ("sweep beer_game --factor lanes.*.transport_time=1,2 --dry-run", TABLES),
    ],
)
def test_a_command_that_simulates_nothing_loads_nothing_heavy(arguments: str, allowed: set[str], tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(LIST, encoding="utf-8")
    command = [sys.executable, "-c", PROGRAM, ",".join(HEAVY), *arguments.split()]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert set(json.loads(done.stdout.splitlines()[-1])) <= allowed


@pytest.mark.parametrize("name", names())
def test_what_is_counted_beforehand_is_what_is_there(name: str) -> None:
    scenario = load(name)
    counted = scenario.counts
    sizes = size_of(scenario.document, shipped.folder())
    hint = f"population = {digest(scenario.document['population'])}" if keys.populated(scenario.document) else "as the file says"
    assert sizes == {section: counted[section] for section in COUNTED}, f"scenarios/sizes.toml: [{name}] {hint}"


def test_another_population_is_not_taken_for_a_shipped_one() -> None:
    document = load("ten_thousand").document
    document["population"]["customers"] += 1
    assert size_of(document, shipped.folder()) is None
