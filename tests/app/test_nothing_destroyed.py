"""No command writes over what is of another kind; a full disk and Ctrl-C say what is kept, and the same command goes on."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet
import pytest

import chainwright as cw
from chainwright.experiment.sweep import parts, plan
from tests.app.conftest import Run

LEVEL = "policies.place_orders.stand.level"
SWEEP = ("sweep", "newsvendor", "--factor", f"{LEVEL}=50,55,60", "--reps", "2", "--engine", "serial", "--no-report", "--measures", "total_cost")
RUN = ("run", "newsvendor", "--periods", "150", "--no-report")
COMPARE = ("compare", "newsvendor", "newsvendor", "--set-b", f"{LEVEL}=50", "--runs", "2", "--periods", "150")
SELECT = ("select", "newsvendor", "--factor", f"{LEVEL}=50,56", "--indifference", "50", "--first", "10", "--most", "20", "--periods", "150")
OPTIMISE = ("optimise", "newsvendor", "--over", f"{LEVEL}=50,56", "--reps", "2", "--polish-reps", "0", "--final-reps", "2", "--periods", "150")
WARM_UP = ("warm-up", "newsvendor", "--runs", "10", "--periods", "200")
COMMANDS = {"run": RUN, "sweep": SWEEP, "compare": COMPARE, "select": SELECT, "optimise": OPTIMISE, "warm-up": WARM_UP}


def contents(folder: Path) -> dict[str, bytes]:
    """All files below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}




@pytest.mark.parametrize("first", COMMANDS)
def test_results_of_one_kind_are_never_written_over_those_of_another(first: str, run: Run, tmp_path: Path) -> None:
    code, _, err = run(*COMMANDS[first], "--out", "there")
    assert code == 0, err
    before = contents(tmp_path / "there")
    for second, command in COMMANDS.items():
        if second != first:
            code, out, err = run(*command, "--out", "there")
            assert (code, out) == (2, ""), (second, err)
            assert "there: holds " in err
            assert "name another folder" in err
            assert len(err.splitlines()) == 1
            assert contents(tmp_path / "there") == before
    assert run(*COMMANDS[first], "--out", "there")[0] == 0


@pytest.mark.parametrize(("command", "name"), [(RUN, "scenario.yaml"), (SWEEP, "table.csv"), (OPTIMISE, "best.yaml"), (COMPARE, "comparison.csv")])
def test_files_of_the_user_are_not_lost(command: tuple[str, ...], name: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / name).write_text("mine", encoding="utf-8")
    code, out, err = run(*command, "--out", ".")
    assert (code, out) == (2, "")
    assert f"has a file {name} that does not come from " in err
    assert contents(tmp_path) == {name: b"mine"}


@pytest.mark.slow
def test_single_files_replace_their_own_kind_only(run: Run, tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text("chainwright: 1\n", encoding="utf-8")
    for command in (("schema",), ("replay", "newsvendor", "--periods", "102")):
        code, _, err = run(*command, "--out", "mine.yaml")
        assert code == 2
        assert "mine.yaml: is there already and is no " in err
        for _ in range(2):
            assert run(*command, "--out", f"{command[0]}.file")[0] == 0
    assert mine.read_text(encoding="utf-8") == "chainwright: 1\n"
    (tmp_path / "numbers.csv").write_text("a,b\n", encoding="utf-8")
    with pytest.raises(cw.UsageError, match="is no scenario file"):
        cw.load("newsvendor").save(tmp_path / "numbers.csv")
    cw.load("newsvendor").save(mine)
    assert cw.load(mine).horizon == cw.load("newsvendor").horizon


def full(*_: Any, **__: Any) -> None:
    """A disk on which nothing fits any more."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.slow
def test_a_sweep_on_a_full_disk_says_how_many_runs_are_kept_and_goes_on(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "LONGEST_PACK", 0.0001)
    monkeypatch.setattr(plan, "SHORTEST_PACK", 0.0001)
    write, written = pyarrow.parquet.write_table, []

    def filling(table: Any, path: Path, **options: Any) -> None:
        if path.parent.name == parts_name:
            written.append(path)
            if len(written) > 2:
                full()
        write(table, path, **options)

    parts_name = "parts"
    with monkeypatch.context() as patched:
        patched.setattr(parts.pyarrow.parquet, "write_table", filling)
        code, out, err = run(*SWEEP, "--out", "there")
    assert (code, out) == (1, "")
    kept = sum(len(pd.read_parquet(path)) for path in (tmp_path / "there" / "parts").glob("*.parquet"))
    assert 0 < kept < 6
    assert "No space left on device" in err
    assert f"stopped; {kept} of 6 runs are kept in there" in err
    assert "the same call resumes the sweep once there is room" in err
    assert run(*SWEEP, "--out", "there")[0] == 0
    assert run(*SWEEP, "--out", "elsewhere")[0] == 0
    one, other = (cw.read_sweep(tmp_path / name) for name in ("there", "elsewhere"))
    pd.testing.assert_frame_equal(pd.DataFrame(one).drop(columns="wall_s"), pd.DataFrame(other).drop(columns="wall_s"))


def test_a_run_on_a_full_disk_leaves_what_was_there(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(*RUN, "--out", "there")[0] == 0
    before = contents(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(pd.DataFrame, "to_parquet", full)
        code, out, err = run(*RUN, "--out", "there", "--seed", "5")
    assert (code, out, err) == (1, "", "cannot write to there: No space left on device\n")
    assert contents(tmp_path) == before


STOPPED = {"run": (RUN, "run"), "compare": (COMPARE, "compare"), "select": (SELECT, "select_best"), "optimise": (OPTIMISE, "optimise"),
           "warm-up": (WARM_UP, "warm_up"), "sweep": (SWEEP, "sweep")}  # fmt: skip


@pytest.mark.parametrize("name", STOPPED)
def test_ctrl_c_says_what_is_kept(name: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    command, called = STOPPED[name]
    monkeypatch.setattr(cw, called, interrupt)
    code, out, err = run(*command, "--out", "there")
    said = "nothing was run" if name == "sweep" else "nothing is kept; run it again to start over"
    assert (code, out, err) == (130, "", f"stopped: {said}\n")
    assert not contents(tmp_path)


def test_ctrl_c_after_the_writing_says_where_it_is(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from chainwright.app.commands import run as command

    def interrupt(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(command, "_tables", interrupt)
        code, _, err = run(*RUN, "--out", "there")
    assert (code, err) == (130, "stopped: all is kept in there\n")
    (tmp_path / "firms.csv").write_text("seller,buyer,weight\nfarm,mill,10\nmill,shop,10\n", encoding="utf-8")
    monkeypatch.setattr(cw, "run", interrupt)
    code, _, err = run("import", "firms.csv")
    assert (code, err) == (130, "stopped: firms.yaml is written, and not yet run: chainwright run firms.yaml\n")
    assert (tmp_path / "firms.yaml").is_file()
