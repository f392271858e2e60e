"""The command line: what it prints and writes, its exit codes, and mistakes told in words, all at once."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import chainwright
from chainwright.app import console
from chainwright.app.options import Options, split_variant
from chainwright.words.errors import InvariantError, UsageError
from tests.app.conftest import Run

COMMANDS = ("run", "compare", "list", "check", "new", "schema")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(run: Run, command: str) -> None:
    code, out, _ = run(command, "--help")
    assert code == 0
    assert f"chainwright {command}" in out.split("Example")[1]


def test_help_and_version(run: Run) -> None:
    code, out, _ = run("--help")
    assert code == 0
    assert all(command in out for command in COMMANDS)
    assert run("--version") == (0, f"chainwright {chainwright.__version__}\n", "")


def test_help_loads_nothing_heavy() -> None:
    """The modules of the command line themselves load no table, chart or model library."""
    program = (
        "import sys; before = set(sys.modules); import chainwright; own = set(sys.modules);"
        "import chainwright.app.cli; print(sorted({'matplotlib', 'pandas', 'mesa', 'scipy', 'networkx'} & (set(sys.modules) - own)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("given", ["run N.yaml", "run N", "run N:cheap", "check N.yaml", "new N.yaml", "run newsvendor --out N"])
def test_names_of_files_too_long_for_any_are_wrong_usage(run: Run, given: str) -> None:
    code, out, err = run(*given.replace("N", "x" * 300).split())
    assert (code, out) == (2, "")
    assert "letters, more than the name of a file can have" in err
    assert ".yaml.yaml" not in err


def test_stopped_while_it_is_loaded() -> None:
    # Ctrl-C while the second of its modules is looked for.
    program = """
import sys
class Stopped:
    def find_spec(self, name, path=None, target=None):
        if name == "chainwright.app.commands":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Stopped())
from chainwright.app.start import main
main()
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_run_prints_a_table_and_writes_everything(run: Run, tmp_path: Path) -> None:
    code, out, err = run("run", "beer_game", "--runs", "2", "--record", "on_hand, orders")
    assert (code, err) == (0, "")
    assert "whole network" in out
    assert "wholesaler" in out
    assert out.rstrip().endswith(f"Report: {Path('out') / 'beer_game' / 'report.html'}")
    folder = tmp_path / "out" / "beer_game"
    tables = {f"{name}.parquet" for name in ("summary", "items", "enterprises", "lanes", "echelons", "timeline", "panel")}
    assert {path.name for path in folder.iterdir()} == tables | {"scenario.yaml", "manifest.json", "report.html"}
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["arguments"] == ["run", "beer_game", "--runs", "2", "--record", "on_hand, orders"]
    assert (manifest["runs"], manifest["scenario_file"]) == ("0-1", "beer_game")
    assert datetime.fromisoformat(manifest["finished"]).utcoffset() == timedelta(0)
    assert {"on_hand", "orders"} <= set(pd.read_parquet(folder / "panel.parquet").columns)


def test_run_with_settings_a_variant_and_a_folder_as_json(run: Run, tmp_path: Path) -> None:
    code, out, _ = run(
        "run", "beer_game", "--variant", "pass_on", "--set", "horizon=10", "--seed", "5", "--out", "there", "--json", "--no-report", "--check"
    )
    found = json.loads(out)
    assert code == 0
    assert (found["periods"], found["seed"], found["runs"], found["report"]) == (10, 5, 1, None)
    assert found["summary"]["total_cost"]["low"] is None
    assert len(found["enterprises"]) == 6
    assert not (tmp_path / "there" / "report.html").exists()


def test_the_folder_of_a_variant_has_its_name(run: Run, tmp_path: Path) -> None:
    assert run("run", "beer_game:pass_on", "--no-report")[0] == 0
    assert (tmp_path / "out" / "beer_game-pass_on" / "summary.parquet").is_file()


def test_many_items_are_shown_by_echelon(run: Run) -> None:
    code, out, _ = run("run", "battery", "--periods", "70", "--no-report")
    assert code == 0
    assert "6 suppliers" in out


def test_everything_wrong_with_a_run_is_told_at_once(run: Run, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    wrong = (
        "--runs",
        "-3",
        "--seed",
        "-1",
        "--periods",
        "0",
        "--set",
        "foo",
        "--set",
        "horizn=3",
        "--record",
        "on_hnd",
        "--out",
        "taken",
        "--variant",
        "pas_on",
    )
    code, out, err = run("run", "beer_game", *wrong)
    assert (code, out) == (2, "")
    for words in ("--runs", "--seed", "--periods", "'foo'", "'horizon'", "'on_hand'", "taken is not a folder", "'pass_on'"):
        assert words in err
    assert err.rstrip().endswith("8 mistakes; nothing was run.")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "arguments, words",
    [
        (("run", "beer_gam"), "did you mean 'beer_game'"),
        (("run", "nowhere.yaml"), "nowhere.yaml"),
        (("run",), "Missing argument"),
        (("run", "beer_game", "--runs", "many"), "--runs"),
        (("run", "beer_game:pass_on", "--variant", "textbook"), "names a variant already"),
        (("compare", "beer_game", "beer_game:pas_on"), "did you mean 'pass_on'"),
        (("compare", "beer_game", "beer_game:pass_on", "--runs", "0"), "--runs"),
        (("check",), "--theory"),
        (("check", "beer_game", "--theory"), "not both"),
        (("check", "beer_game", "--only", "A9"), "--theory"),
        (("check", "--theory", "--only", "Z99"), "Z99"),
        (("new", " "), "expected a name"),
        (("new", "beer_game"), "name of a shipped scenario"),
        (("run", "beer_game", "--out", ""), "--out: expected the name of a folder"),
        (("compare", "beer_game", "beer_game", "--out", " "), "--out: expected the name of a folder"),
        (("compare", "beer_game", "beer_game", "--set-a", "horizn=3", "--set-b", "hrizon=3"), "2 mistakes"),
        (("schema", "--out", ""), "--out: expected the name of a file"),
        (("check", "--theory", "--only", " "), "not an empty text"),
        (("run", "beer_game", "--import", "nowhere.py"), "there is no file 'nowhere.py'"),
        (("nothing",), "nothing"),
    ],
)
def test_wrong_usage_is_told_and_leaves_with_two(run: Run, arguments: tuple[str, ...], words: str) -> None:
    code, _, err = run(*arguments)
    assert code == 2
    assert words in err


def test_a_folder_that_cannot_be_made_is_told_before_any_work(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: Any, **options: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refuse)
    monkeypatch.setattr(chainwright, "run", lambda *arguments, **options: pytest.fail("it must not run"))
    code, _, err = run("run", "beer_game", "--out", "there")
    assert code == 2
    assert "Permission denied" in err


def test_a_folder_without_leave_to_write_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("os.access", lambda path, mode: False)
    options = Options()
    options.folder("--out", str(tmp_path / "a" / "b"))
    with pytest.raises(UsageError, match="cannot be written to"):
        options.refuse()


@pytest.mark.parametrize(
    "failure, code, words",
    [
        (InvariantError("period 3: goods are not conserved"), 1, "goods are not conserved"),
        (OSError(28, "No space left on device", "items.parquet"), 1, "No space left on device"),
        (MemoryError(), 1, "memory"),
    ],
)
def test_work_that_fails_leaves_with_one(run: Run, monkeypatch: pytest.MonkeyPatch, failure: Exception, code: int, words: str) -> None:
    def fail(*arguments: Any, **options: Any) -> None:
        raise failure

    monkeypatch.setattr(chainwright, "run", fail)
    answer = run("run", "beer_game")
    assert answer[0] == code
    assert words in answer[2]


BAD = """\
chainwright: 1
title: Bad
horizn: 10
horizon: 10
products: {tea: {}}
enterprises:
  people: {role: customer, items: {tea: {demand: {policy: constant, value: 1}}}}
  shop: {role: retailer}
lanes:
  - {seller: shp, buyer: people, product: tea}
"""


def test_check_tells_all_mistakes_with_their_places(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text(BAD)
    code, out, err = run("check", "bad.yaml")
    assert (code, out) == (2, "")
    assert "bad.yaml:3:1" in err
    assert "'horizon'" in err
    assert "'shop'" in err
    assert "nothing was run" in err
    code, out, _ = run("check", "bad.yaml", "--json")
    assert code == 2
    first = json.loads(out)["mistakes"][0]
    assert (first["line"], first["column"]) == (3, 1)
    assert run("run", "bad.yaml")[0] == 2


def test_check_of_a_good_file(run: Run) -> None:
    code, out, _ = run("check", "beer_game")
    assert code == 0
    assert "no mistakes" in out
    assert json.loads(run("check", "beer_game", "--json")[1])["mistakes"] == []


def test_theory_prints_the_table(run: Run) -> None:
    code, out, _ = run("check", "--theory", "--only", "B7")
    assert code == 0
    assert "all hold" in out
    assert json.loads(run("check", "--theory", "--only", "B7", "--json")[1])[0]["verdict"] == "holds"


def test_every_known_result_has_a_topic_and_a_line_in_the_documentation() -> None:
    """So that a number here is the number of the list of known results, and nobody makes one up."""
    from chainwright.app.commands.check import topic
    from chainwright.experiment.theory.table import known_results

    page = (Path(chainwright.__file__).parents[2] / "docs" / "command_line.md").read_text(encoding="utf-8")
    listed = {line.split("|")[1].strip() for line in page.splitlines() if line.startswith(("| A", "| B"))}
    used = {one.name.partition(" ")[0] for one in known_results()}
    assert used == listed
    assert all(topic(name) for name in used)
    assert not used & {"A8", "A10", "A11"}


@dataclass
class Row:
    name: str = "A0"
    source: str = "Nobody (1900), Nowhere"
    expected: float = 1.0
    simulated: float = 2.0
    standard_error: float = 0.01
    verdict: str = "fails"
    seconds: float = 0.1


def test_theory_that_fails_leaves_with_one(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from chainwright.experiment.theory import table

    def check_theory(progress: Callable[[Row], None], only: Any) -> list[Row]:
        progress(Row())
        return [Row()]

    monkeypatch.setattr(table, "check_theory", check_theory)
    code, out, _ = run("check", "--theory")
    assert code == 1
    assert "1 fail" in out


def test_compare_is_paired_and_says_what_cannot_be_told_apart(run: Run) -> None:
    code, out, _ = run("compare", "beer_game", "beer_game:pass_on", "--runs", "2", "--periods", "20")
    assert code == 0
    # Nothing in the beer game is random: one run of each, and nothing of confidence.
    assert "A = beer_game, B = beer_game:pass_on, one run of each\n" in out
    assert "B − A" in out
    assert "interval" not in out
    assert "confidence" not in out
    code, out, _ = run("compare", "newsvendor", "newsvendor:generous", "--runs", "2", "--periods", "120")
    assert code == 0
    assert "A = newsvendor, B = newsvendor:generous, 2 paired runs, seed " in out
    assert "B − A" in out
    assert "95 % confidence interval of B − A" in " ".join(out.split())
    code, out, _ = run("compare", "newsvendor", "newsvendor", "--runs", "2", "--periods", "120", "--json")
    found = json.loads(out)
    assert {row["verdict"] for row in found["metrics"]} <= {"equal", "empty", "not distinguishable"}


def test_list_has_the_shipped_scenarios(run: Run) -> None:
    code, out, _ = run("list")
    assert code == 0
    assert "\nbeer_game\n    The beer game: 6 enterprises, 5 lanes, 36 weeks\n    variants: shared_demand, short_lead_time" in out
    assert max(map(len, out.splitlines())) <= 80
    found = {row["name"]: row for row in json.loads(run("list", "--json")[1])}
    assert found["beer_game"]["horizon"] == 36
    # Nobody can type a name that is broken.
    words = out.replace(",", "").split()
    assert all(name in words and set(facts["variants"]) <= set(words) for name, facts in found.items())
    assert "pass_on" in found["beer_game"]["variants"]


def test_a_new_scenario_runs_and_is_never_overwritten(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("new", "deep/my_chain")
    assert code == 0
    assert "chainwright run" in out
    text = (tmp_path / "deep" / "my_chain.yaml").read_text()
    assert "My chain" in text
    assert run("run", "deep/my_chain.yaml", "--no-report")[0] == 0
    code, _, err = run("new", "deep/my_chain.yaml")
    assert code == 2
    assert "already" in err
    assert (tmp_path / "deep" / "my_chain.yaml").read_text() == text
    assert json.loads(run("new", "other", "--json")[1]) == {"file": "other.yaml"}
    (tmp_path / "taken").write_text("")
    assert run("new", "taken/one")[0] == 2


def test_the_schema_is_printed_or_written(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("schema")
    assert code == 0
    assert "$schema" in json.loads(out)
    assert run("schema", "--out", "a/schema.json")[0] == 0
    assert json.loads((tmp_path / "a" / "schema.json").read_text()) == json.loads(out)
    (tmp_path / "taken").write_text("")
    assert run("schema", "--out", "taken/schema.json")[0] == 2


def test_a_path_with_a_colon_stays_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a:b").write_text("")
    assert split_variant("a:b") == ("a:b", None)
    assert split_variant("C:/chains/one.yaml") == ("C:/chains/one.yaml", None)
    assert split_variant("one.yaml:fast") == ("one.yaml", "fast")


def test_the_progress_bar_shows_on_a_terminal_only(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    with console.progress("Running") as told:
        told(1, 2)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("FORCE_COLOR", "1")
    with console.progress("Running") as told:
        told(1, 2)
    assert "Running" in capsys.readouterr().err


def test_json_holds_no_numbers_that_json_has_not() -> None:
    assert console.plain({"a": [float("nan"), float("inf"), 1], "b": (True, None), "c": Path("x")}) == {
        "a": [None, None, 1],
        "b": [True, None],
        "c": "x",
    }
