"""Conducting: workers that die, packs that are too large, runs that kill; by a crew that dies on demand."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from typing import Any

import numpy as np
import pandas as pd
import pytest

from chainwright._version import __version__
from chainwright.experiment.engines.conduct import MOST_DEATHS, Conductor, failed_rows
from chainwright.experiment.sweep.pack import Request, compute
from chainwright.experiment.sweep.plan import Backlog, Pace, Pack
from chainwright.experiment.sweep.point import Point
from chainwright.words.errors import ChainwrightError, UsageError
from tests.sweeps.small import NOISY, points, tiny_packs

REQUEST = Request(NOISY, 1, ("total_cost",))


class Actors:
    """A crew whose workers do what a test says; futures are done in an order drawn by a seed.

    Parameters
    ----------
    does : callable
        Takes a pack and how many packs are being played; raises what the worker shall do.
    """

    workers, window, here = 2, 4, False

    def __init__(self, does: Callable[[Pack, int], None], seed: int = 1) -> None:
        self.does = does
        self.draw = random.Random(seed)
        self.flying: list[tuple[Future[pd.DataFrame], Pack]] = []
        self.broken = False
        self.recovered = 0

    def submit(self, pack: Pack) -> Future[pd.DataFrame]:
        if self.broken:
            raise BrokenProcessPool("broken before")
        future = Actor(self)
        self.flying.append((future, pack))
        return future

    def advance(self) -> None:
        """One of those that are being played comes to its end."""
        future, pack = self.flying.pop(self.draw.randrange(len(self.flying)))
        try:
            self.does(pack, len(self.flying) + 1)
        except BrokenProcessPool as error:
            self.broken = True
            for other, _ in [(future, pack), *self.flying]:
                other.set_exception(error)
            self.flying.clear()
        except Exception as error:
            future.set_exception(error)
        else:
            future.set_result(table_of(pack))

    def recover(self) -> str:
        self.broken = False
        self.recovered += 1
        return "its process was ended by SIGKILL"

    def close(self, fast: bool = False) -> None:
        """Nothing to close."""


class Actor(Future[pd.DataFrame]):
    """A future that knows its crew."""

    def __init__(self, crew: Actors) -> None:
        super().__init__()
        self.crew = crew


def table_of(pack: Pack) -> pd.DataFrame:
    rows = [(point.key, rep) for point, reps in pack for rep in reps]
    return pd.DataFrame(rows, columns=["point", "rep"]).assign(status="done", message="", version=__version__)


def conducted(crew: Actors, needs: Pack, monkeypatch: pytest.MonkeyPatch) -> dict[tuple[int, int], str]:
    """Status or message by point and replication, each of them once."""
    taken: list[pd.DataFrame] = []
    number = {point.key: point.design_id for point, _ in needs}
    with tiny_packs(monkeypatch):
        backlog = Backlog(Pace(6, 36))
        backlog.add(needs)
        conductor = Conductor(REQUEST, crew, backlog, taken.append)
        wait = conductor._wait

        def advancing() -> Any:
            crew.advance() if conductor._landed.empty() else None
            return wait()

        monkeypatch.setattr(conductor, "_wait", advancing)
        conductor.run()
    found: dict[tuple[int, int], str] = {}
    for table in taken:
        for key, rep, message in zip(table["point"], table["rep"], table["message"], strict=True):
            assert (number[key], rep) not in found, "played twice"
            found[number[key], rep] = message
    return found


def needs(count: int = 30, reps: int = 3) -> Pack:
    return [(point, tuple(range(reps))) for point in points(count)]


def has(pack: Pack, number: int, rep: int | None = None) -> bool:
    return any(point.design_id == number and (rep is None or rep in reps) for point, reps in pack)


@pytest.mark.parametrize("seed", range(5))
def test_everything_is_played_once(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    found = conducted(Actors(lambda pack, flying: None, seed), needs(), monkeypatch)
    assert found == dict.fromkeys(((number, rep) for number in range(30) for rep in range(3)), "")


@pytest.mark.parametrize("seed", range(5))
def test_a_worker_that_dies_once_costs_nothing(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    deaths = iter(range(100))

    def does(pack: Pack, flying: int) -> None:
        if has(pack, 17) and next(deaths) == 0:
            raise BrokenProcessPool("somebody killed it")

    crew = Actors(does, seed)
    found = conducted(crew, needs(), monkeypatch)
    assert (len(found), set(found.values()), crew.recovered) == (90, {""}, 1)


@pytest.mark.parametrize("seed", range(5))
def test_a_run_that_kills_is_found_and_the_others_are_played(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def does(pack: Pack, flying: int) -> None:
        if has(pack, 7, 1) or has(pack, 20):
            raise BrokenProcessPool("it kills")

    found = conducted(Actors(does, seed), needs(), monkeypatch)
    bad = {key for key, message in found.items() if message}
    assert len(found) == 90
    assert bad == {(7, 1), (20, 0), (20, 1), (20, 2)}
    assert found[7, 1] == "the run killed its worker: its process was ended by SIGKILL, twice"


def test_suspects_are_played_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    company: list[int] = []

    def does(pack: Pack, flying: int) -> None:
        if has(pack, 7):
            company.append(flying)
            raise BrokenProcessPool("it kills")

    conducted(Actors(does), needs(), monkeypatch)
    assert company[0] > 1
    assert set(company[1:]) == {1}


def test_packs_that_are_too_large_are_halved(monkeypatch: pytest.MonkeyPatch) -> None:
    def does(pack: Pack, flying: int) -> None:
        if sum(len(reps) for _, reps in pack) > 2 or has(pack, 3, 2):
            raise MemoryError

    found = conducted(Actors(does), needs(6, 5), monkeypatch)
    assert len(found) == 30
    assert {key: message.split(":")[0] for key, message in found.items() if message} == {(3, 2): "MemoryError"}


def test_dask_says_which_pack_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    class KilledWorker(Exception):
        """As Dask's, which blames a task and keeps the others."""

    def does(pack: Pack, flying: int) -> None:
        if has(pack, 4, 0):
            raise KilledWorker("nanny says so")

    found = conducted(Actors(does), needs(8), monkeypatch)
    assert [key for key, message in found.items() if message] == [(4, 0)]
    assert len(found) == 24


def test_workers_that_all_die_end_the_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    def does(pack: Pack, flying: int) -> None:
        raise BrokenProcessPool("no worker can even start")

    crew = Actors(does)
    with pytest.raises(ChainwrightError, match="died one after the other"):
        conducted(crew, needs(), monkeypatch)
    assert crew.recovered == MOST_DEATHS + 1


def test_another_version_in_a_worker_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("chainwright.experiment.engines.conduct.__version__", "0.0.1")
        with pytest.raises(UsageError, match=r"a worker has chainwright .* and this is 0\.0\.1"):
            conducted(Actors(lambda pack, flying: None), needs(), monkeypatch)


@pytest.mark.parametrize("common", [True, False])
def test_rows_of_failures_are_like_those_of_work(common: bool) -> None:
    request = Request(NOISY, 5, ("total_cost", "fill_rate"), common=common)
    batch: Pack = [(Point(0), (0, 3)), (Point(1, settings={"horizon": 12}), (2,)), (Point(2, settings={"horizon": -1}), (0,))]
    made, failed = compute(request, batch), failed_rows(request, batch, "the run killed its worker")
    assert made.dtypes.to_dict() == failed.dtypes.to_dict()
    same = ["point", "rep", "run", "seed", "scenario_hash", "version"]
    pd.testing.assert_frame_equal(made[same], failed[same])
    assert set(failed["status"]) == {"failed"}
    assert np.isnan(failed[["total_cost", "fill_rate"]]).all(axis=None)
