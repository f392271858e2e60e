"""Engines: one table on all of them, however packs are cut and whoever finishes first; and what an engine must be told and tell."""

from __future__ import annotations

import dataclasses
import multiprocessing
import os
import random
import signal
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import chainwright as cw
from chainwright.experiment.engines.engines import check_engine, crew, executor
from chainwright.experiment.engines.payload import packed, unpacked
from chainwright.experiment.sweep import plan
from chainwright.experiment.sweep.pack import Request, compute
from chainwright.experiment.sweep.point import Point
from chainwright.policies import base
from chainwright.words import user_files
from chainwright.words.errors import UsageError
from tests.sweeps.small import NOISY, assert_same, swept, tiny_packs

REQUEST = Request(NOISY, 1, ("total_cost",))


@pytest.fixture(scope="module")
def expected() -> Any:
    return swept()


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_packs_makes_no_difference(expected: Any, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    draw = random.Random(seed)
    add = plan.Backlog.add

    def shuffled(self: plan.Backlog, needs: Any) -> None:
        apart = [(point, (rep,)) for point, reps in needs for rep in reps]
        draw.shuffle(apart)
        add(self, apart)

    monkeypatch.setattr(plan.Backlog, "add", shuffled)
    with tiny_packs(monkeypatch, seconds=0.004 * (seed + 1)):
        assert_same(expected, swept())


def test_a_single_process(expected: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    # Two of them play in the test of a worker that is killed.
    with tiny_packs(monkeypatch):
        assert_same(expected, swept(engine="processes", workers=1))
    assert multiprocessing.active_children() == []


def test_threads_of_the_users_own(expected: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with tiny_packs(monkeypatch), ThreadPoolExecutor(3) as pool:
        assert_same(expected, swept(engine=pool))


def test_any_object_with_submit(expected: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    class Eager:
        handed = 0

        def submit(self, function: Any, *arguments: Any) -> Future[Any]:
            future: Future[Any] = Future()
            future.set_result(function(*arguments))
            self.handed += 1
            return future

    engine = Eager()
    with tiny_packs(monkeypatch):
        assert_same(expected, swept(engine=engine))
    assert engine.handed > 1


@pytest.mark.slow
def test_a_worker_that_is_killed_costs_nothing(expected: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    killed: list[int] = []

    def progress(done: int, total: int) -> None:
        if done and not killed:
            process = multiprocessing.active_children()[0]
            assert process.pid is not None
            killed.append(process.pid)
            os.kill(process.pid, signal.SIGKILL)
            process.join()

    with tiny_packs(monkeypatch):
        assert_same(expected, swept(engine="processes", workers=2, progress=progress))
    assert killed


DEADLY = """\
import dataclasses
import dataclasses
import multiprocessing
import os
import signal
import sys
from typing import Any

import numpy as np

import chainwright as cw


@cw.register
@dataclasses.dataclass(frozen=True)
class Deadly(cw.Policy):
    name = "deadly"
    family = "orders"
    formula = "level"
    source = "a test"
    level: Any = cw.parameter("orders; 13 kills", minimum=0.0)

    def __call__(self, view):
        if np.any(self.level == 13) and multiprocessing.parent_process() is not None:
            os.kill(os.getpid(), signal.SIGKILL)
        return self.level + 0.0 * view.on_hand
"""


@pytest.fixture
def deadly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A file with a policy that kills its worker at one value."""
    monkeypatch.setitem(base._REGISTRY, "orders", dict(base._REGISTRY["orders"]))  # known to one test only
    path = tmp_path / "deadly.py"
    path.write_text(f"{DEADLY}# {tmp_path}\n", encoding="utf-8")
    return str(path)


def killing(deadly: str, **changes: Any) -> Any:
    settings = {f"level {level}": {"policies.place_orders.default": {"policy": "deadly", "level": level}} for level in (12, 13)}
    asked = {"factors": {"rule": settings}, "reps": 1, "measures": ["total_cost"], "imports": [deadly]}
    return cw.sweep("beer_game", **(asked | changes))


@pytest.mark.slow
def test_a_point_that_kills_its_worker_is_set_apart(deadly: str, tmp_path: Path) -> None:
    table = killing(deadly, engine="processes", workers=1, out=tmp_path / "out")
    assert table["status"].tolist() == ["done", "failed"]
    assert table["message"].tolist()[1] == "the run killed its worker: its process was ended by SIGKILL (out of memory?), twice"
    assert table["total_cost"].isna().tolist() == (table["status"] == "failed").tolist()
    assert len(set(table["scenario_hash"])) == 2
    alike = table[table["status"] == "done"].reset_index(drop=True)
    plain = killing(deadly, engine="serial")
    assert_same(alike, plain[table["status"] == "done"].reset_index(drop=True))
    # Not again, unless asked; this process survives them.
    assert_same(table, killing(deadly, engine="serial", out=tmp_path / "out"))
    assert_same(plain, killing(deadly, engine="serial", out=tmp_path / "out", retry_failed=True))
    assert_same(plain, killing(deadly, engine="serial", out=tmp_path / "out"))


def test_classes_without_a_module_to_import_go_along() -> None:
    class Hoarder(cw.Retailer):
        """Lives in this test only."""

        def place_orders(self, item: Any) -> float:
            return 20.0

    sent = unpacked(packed(Request(NOISY, 1, ("total_cost",), agents={"retailer": Hoarder})).data)
    assert sent.agents["retailer"].__name__ == "Hoarder"
    assert compute(sent, [(Point(0), (0,))])["status"].tolist() == ["done"]


def test_what_cannot_be_sent_is_told() -> None:
    class Stubborn:
        def __reduce__(self) -> Any:
            raise TypeError("it holds a lock")

    with pytest.raises(UsageError, match=r"cannot be sent to worker processes \(TypeError: it holds a lock\); use engine='serial'"):
        packed(Request(NOISY, 1, ("total_cost",), agents={"retailer": Stubborn()}))


def test_a_worker_that_lacks_something_says_so() -> None:
    class Gone:
        def __reduce__(self) -> Any:
            return __import__, ("no_such_module_anywhere",)

    data = packed(Request(NOISY, 1, ("total_cost",), agents={"retailer": Gone()})).data
    with pytest.raises(UsageError, match=r"a worker cannot read the request \(ModuleNotFoundError") as told:
        unpacked(data)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    "engine, workers, words",
    [
        ("procesess", None, "no engine is called 'procesess'; did you mean 'processes'?"),
        (7, None, "engine must be one of serial, processes, dask, an address, or an object with submit(), got 7"),
        ("serial", 0, "workers must be a whole number of at least 1, got 0"),
        (None, 1.5, "engine must be one of .*\nworkers must be"),
    ],
)
def test_engines_that_there_are_not(engine: Any, workers: Any, words: str) -> None:
    with pytest.raises(UsageError, match=words.replace("(", r"\(").replace(")", r"\)").replace("?", r"\?")):
        check_engine(engine, workers)


def test_an_executor_for_other_work() -> None:
    with executor("processes", 1) as pool:
        assert pool.submit(os.getpid).result() != os.getpid()
        assert pool.submit(os.getenv, "OMP_NUM_THREADS").result() == os.environ.get("OMP_NUM_THREADS", "1")
    with executor("serial") as pool:
        assert pool.submit(os.getpid).result() == os.getpid()
        assert isinstance(pool.submit(int, "x").exception(), ValueError)


def test_workers_are_ended_in_the_midst_of_their_work() -> None:
    with pytest.raises(ValueError, match="enough"), crew(REQUEST, "processes", 1) as team:  # noqa: PT012
        team.submit([(Point(0), (0, 1))])
        raise ValueError("enough")
    assert multiprocessing.active_children() == []


def test_a_file_that_was_imported_for_something_else_stops_no_sweep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(user_files, "_EXECUTED", {})
    (tmp_path / "beside_it.py").write_text("LEVEL = 3\n")
    (tmp_path / "leaning.py").write_text("import beside_it\n")
    monkeypatch.chdir(tmp_path)
    imported = user_files.import_files(["leaning.py"])
    (tmp_path / "beside_it.py").unlink()
    monkeypatch.delitem(sys.modules, "beside_it")
    monkeypatch.delitem(sys.modules, f"chainwright_import_{imported[0]['sha256'][:16]}")
    request = Request(cw.load("beer_game"), 1, ("fill_rate",))
    needed = dataclasses.replace(request, imports=(imported[0]["sha256"],))
    without, with_it = packed(request), packed(needed)
    assert unpacked(without.data).scenario == request.scenario
    with pytest.raises(UsageError, match=r"leaning\.py:1: ModuleNotFoundError: No module named 'beside_it'"):
        unpacked(with_it.data)
