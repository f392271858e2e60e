"""The command sweep while it lasts: its progress, and how it is stopped, killed and resumed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import chainwright as cw
from chainwright.report.sweeps import page
from tests.app.conftest import Run
from tests.app.test_sweep import BEER, NEWS


def test_an_interruption_while_the_report_is_drawn_keeps_the_table(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*arguments: Any, **options: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(page, "html", interrupt)
    code, out, err = run(*NEWS, "--out", "there")
    assert (code, out) == (130, "")
    assert err == "stopped: 3 of 3 runs are kept in there; the same command resumes the sweep\n"
    assert len(cw.read_sweep(tmp_path / "there")) == 3
    monkeypatch.setattr(cw, "sweep", interrupt)
    assert run(*NEWS, "--out", "elsewhere") == (130, "", "stopped: nothing was run\n")


# Plays a sweep in small packs, and gets Ctrl-C when half of it is done.
STOPPING = """
import os, signal, sys
from chainwright.app import sweep_options
from chainwright.app.commands import sweep
from chainwright.app.cli import main
from chainwright.experiment.sweep import plan

plan.LONGEST_PACK = plan.SHORTEST_PACK = 0.001
through = sweep._Seen.through

def watched(self, further):
    told = through(self, further)

    def heard(done, total):
        told(done, total)
        if done == 6:
            os.kill(os.getpid(), signal.SIGNAL)
    return heard

sweep._Seen.through = watched
main(sys.argv[1:])
"""


def stopped(name: str, engine: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A sweep of 12 points in a process of its own that gets a signal half-way."""
    arguments = [*BEER, "--engine", engine, "--workers", "1", "--out", str(folder), "--no-report"]
    command = [sys.executable, "-W", "error", "-c", STOPPING.replace("SIGNAL", name), *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder.parent, timeout=120)


@pytest.mark.parametrize("engine", ["serial", "processes"])
def test_ctrl_c_says_what_is_kept_and_the_command_goes_on(run: Run, engine: str, tmp_path: Path) -> None:
    done = stopped("SIGINT", engine, tmp_path / "there")
    assert (done.returncode, done.stdout) == (130, "")
    assert done.stderr == f"stopped: 6 of 12 runs are kept in {tmp_path / 'there'}; the same command resumes the sweep\n"
    kept = cw.read_sweep(tmp_path / "there")
    assert len(kept) == 6
    assert run(*BEER, "--out", "there", "--no-report", "--engine", "serial")[0] == 0
    assert run(*BEER, "--out", "whole", "--no-report", "--engine", "serial")[0] == 0
    table, whole = (cw.read_sweep(tmp_path / name) for name in ("there", "whole"))
    assert table.drop(columns="wall_s").equals(whole.drop(columns="wall_s"))
    assert table["wall_s"].tolist()[:3] == kept["wall_s"].tolist()[:3]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no such signal here")
def test_a_killed_command_is_gone_on_with(run: Run, tmp_path: Path) -> None:
    assert stopped("SIGKILL", "serial", tmp_path / "there").returncode == -signal.SIGKILL
    assert len(cw.read_sweep(tmp_path / "there")) == 6
    assert "6 of them in there already" in run(*BEER, "--out", "there", "--dry-run")[1]
    code, out, err = run(*BEER, "--out", "there", "--no-report")
    assert (code, err) == (0, "")
    assert out.startswith("The beer game: 12 points")
    assert not (tmp_path / "there" / "sweep.lock").exists()


def test_progress_in_a_terminal_counts_runs(tmp_path: Path) -> None:
    pty = pytest.importorskip("pty", reason="there are no pseudo-terminals here")
    leader, follower = pty.openpty()
    program = "import sys; from chainwright.app.cli import main; main(sys.argv[1:])"
    command = [sys.executable, "-c", program, *BEER, "--reps", "5", "--no-report"]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=follower, env=os.environ | {"TERM": "xterm", "COLUMNS": "120"})
    os.close(follower)
    seen = b""
    try:
        while part := os.read(leader, 65536):
            seen += part
    except OSError:
        pass  # this is how a pseudo-terminal ends on Linux
    os.close(leader)
    out, _ = process.communicate()
    assert process.returncode == 0, seen.decode()
    assert b"12 points" in out
    for words in (b"Reading beer_game", b"Sweeping beer_game", b"60 of 60 runs"):
        assert words in seen
