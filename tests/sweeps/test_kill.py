"""Sweeps that are killed go on where they stopped, leave nobody behind, and start their workers from any kind of main program."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from chainwright.experiment.sweep.reopen import read_sweep
from tests.sweeps.small import assert_same, part_files, swept

PATIENCE = 60
pytestmark = pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="looks at processes as Linux shows them")

# No `if __name__ == "__main__":` on purpose. It stops half-way and tells who works for it.
HALF_WAY = """
import multiprocessing, sys
from chainwright.experiment.sweep import plan
from tests.sweeps.small import swept

plan.LONGEST_PACK = plan.SHORTEST_PACK = 0.011

def progress(done, total):
    if done >= 16:
        print(*[process.pid for process in multiprocessing.active_children()], flush=True)
        sys.stdin.read()

swept(engine=sys.argv[1], workers=2, out=sys.argv[2], progress=progress)
"""


@contextlib.contextmanager
def started(arguments: Sequence[str], repository: Path, **options: Any) -> Iterator[subprocess.Popen[str]]:
    """A program in a session of its own, which finds the tests; whatever is left of it at the end is killed."""
    environment = os.environ | {"PYTHONPATH": str(repository), "PYTHONWARNINGS": "error"}
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen([sys.executable, *arguments], env=environment, text=True, start_new_session=True, **(pipes | options)) as process:
        try:
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def watched(pids: Sequence[int]) -> list[int]:
    """Handles of processes, by which one can wait for their end."""
    return [os.pidfd_open(pid) for pid in pids]


def gone(handles: Sequence[int]) -> bool:
    """Whether all of them come to their end before patience does."""
    return all(select.select([handle], [], [], PATIENCE)[0] for handle in handles)


@pytest.fixture(scope="module")
def expected() -> Any:
    return swept()


@pytest.mark.parametrize(
    "engine, whom", [("processes", "everybody"), ("processes", "the parent"), pytest.param("dask", "the parent", marks=pytest.mark.slow)]
)
def test_a_killed_sweep_goes_on_and_leaves_nobody(engine: str, whom: str, expected: Any, tmp_path: Path, repository: Path) -> None:
    if engine == "dask":
        pytest.importorskip("distributed", reason="needs the extra distributed")
    script = tmp_path / "half_way.py"
    script.write_text(HALF_WAY)
    out = tmp_path / "out"
    with started([str(script), engine, str(out)], repository) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        if not said and process.stderr is not None:
            pytest.fail(process.stderr.read())
        workers = watched([int(pid) for pid in said.split()])
        assert workers
        if whom == "everybody":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        assert process.wait(PATIENCE) == -signal.SIGKILL
        assert gone(workers)
    kept = len(read_sweep(out))
    assert 16 <= kept < len(expected)
    assert (out / "sweep.lock").exists()
    seen: list[int] = []
    table = swept(out=out, progress=lambda done, total: seen.append(done))
    assert seen[0] == kept
    assert_same(expected, table)
    assert not (out / "sweep.lock").exists()


# One of its points waits for ever, as long as there is a pipe to wait for.
PATIENT = """
import dataclasses, multiprocessing, os
from typing import Any
import numpy as np
import chainwright as cw

@cw.register
@dataclasses.dataclass(frozen=True)
class Patient(cw.Policy):
    name = "patient"
    family = "orders"
    formula = "level"
    source = "a test"
    level: Any = cw.parameter("orders; 13 waits", minimum=0.0)

    def __call__(self, view):
        if np.any(self.level == 13) and os.path.exists("{pipe}"):
            open("{pipe}").read()
        return self.level + 0.0 * view.on_hand
"""
WAITING = """
import multiprocessing, sys
import chainwright as cw
from chainwright.experiment.sweep import plan

plan.LONGEST_PACK = plan.SHORTEST_PACK = 0.001

def progress(done, total):
    if done == total - 1:
        print(*[process.pid for process in multiprocessing.active_children()], flush=True)

rules = {f"level {level}": {"policies.place_orders.default": {"policy": "patient", "level": level}} for level in (11, 12, 13, 14)}
try:
    cw.sweep("beer_game", {"rule": rules}, out=sys.argv[1], imports=[sys.argv[2]], engine=sys.argv[3], workers=2, progress=progress)
except KeyboardInterrupt as stop:
    print(stop)
"""


@pytest.mark.parametrize("engine", ["processes", pytest.param("dask", marks=pytest.mark.slow)])
def test_an_interrupt_keeps_what_is_finished(engine: str, tmp_path: Path, repository: Path) -> None:
    if engine == "dask":
        pytest.importorskip("distributed", reason="needs the extra distributed")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    (tmp_path / "patient.py").write_text(PATIENT.replace("{pipe}", str(pipe)))
    arguments = ["-c", WAITING, str(tmp_path / "out"), str(tmp_path / "patient.py"), engine]
    with started(arguments, repository) as process:
        assert process.stdout is not None
        workers = watched([int(pid) for pid in process.stdout.readline().split()])
        # As a terminal does: to everybody.
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE)
        assert gone(workers)
    assert err == ""
    assert out.strip() == f"stopped; 3 of 4 runs are kept in {tmp_path / 'out'}, and the same call resumes the sweep"
    assert process.returncode == 0
    assert len(part_files(tmp_path / "out")) == 3
    pipe.unlink()
    arguments[-1] = "serial"
    with started(arguments, repository) as process:
        out, err = process.communicate(timeout=PATIENCE)
    assert (out.count("\n"), err, process.returncode) == (1, "", 0)
    assert read_sweep(tmp_path / "out")["status"].tolist() == ["done"] * 4


# A script as students write it: classes and policies of its own, no guard, two sweeps.
PLAIN = """
import dataclasses
from typing import Any
import chainwright as cw

@cw.register
@dataclasses.dataclass(frozen=True)
class Twice(cw.Policy):
    name = "twice"
    family = "orders"
    formula = "2 demand"
    source = "a script"
    times: Any = cw.parameter("how often", minimum=0.0, default=2.0)

    def __call__(self, view):
        return self.times * view.demand

@cw.register
class Panicker(cw.Distributor):
    def place_orders(self, item):
        return steady()

def steady():
    return 7.0

rules = ["twice", "pass_on"]
table = cw.sweep("beer_game", {"policies.place_orders.default.policy": rules}, reps=2, workers=1, measures=["items.wholesaler.beer.orders_mean"],
                 agents={"wholesaler": Panicker})
print(table["items.wholesaler.beer.orders_mean"].tolist(), table["status"].tolist())
"""
ANSWER = "[7.0, 7.0, 7.0, 7.0] ['done', 'done', 'done', 'done']\n"


@pytest.mark.slow
@pytest.mark.parametrize("how", ["a module", "standard input"])
def test_any_main_program_will_do(how: str, tmp_path: Path, repository: Path) -> None:
    (tmp_path / "plain.py").write_text(PLAIN)
    arguments = {"a module": ["-m", "plain"], "standard input": ["-"]}[how]
    with started(arguments, repository, cwd=tmp_path) as process:
        out, err = process.communicate(PLAIN if how == "standard input" else None, timeout=PATIENCE)
    assert (out, err, process.returncode) == (ANSWER, "", 0)
