"""Dask as an engine: a cluster made here, a client of the user's, a scheduler at an address; workers that die there."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chainwright.experiment.engines import dask_engine
from chainwright.experiment.engines.engines import check_engine
from chainwright.words.errors import UsageError
from tests.sweeps.small import assert_same, swept, tiny_packs

distributed = pytest.importorskip("distributed", reason="needs the extra distributed")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    with dask_engine._client("dask", 2) as client:
        yield client


@pytest.mark.slow
def test_a_cluster_made_here(monkeypatch: pytest.MonkeyPatch) -> None:
    with tiny_packs(monkeypatch):
        assert_same(swept(), swept(engine="dask", workers=2))
    assert multiprocessing.active_children() == []


def test_a_client_an_address_and_a_cluster_of_the_users_own(cluster: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with tiny_packs(monkeypatch):
        assert_same(swept(), swept(engine=cluster))
        assert_same(swept(), swept(engine=cluster.scheduler_info()["address"], out=tmp_path))
        assert_same(swept(reps=2), swept(engine=cluster.cluster, reps=2))
    # What was sent is taken back, and the cluster lives on.
    assert cluster.submit(len, [1, 2]).result() == 2
    from chainwright.experiment.engines import worker

    assert set(cluster.run(lambda: len(worker._SENT)).values()) == {0}


def test_a_worker_that_is_killed_costs_nothing(cluster: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    killed: list[int] = []

    def progress(done: int, total: int) -> None:
        if done and not killed:
            killed.append(next(iter(cluster.run(os.getpid).values())))
            os.kill(killed[0], signal.SIGKILL)

    with tiny_packs(monkeypatch):
        assert_same(swept(reps=8), swept(reps=8, engine=cluster, progress=progress))
    assert killed


def test_nothing_is_written_while_a_cluster_closes(monkeypatch: pytest.MonkeyPatch) -> None:
    # A connection to a worker that was killed is told of when the cluster itself says that it is closed, but its loop still runs.
    closed = distributed.deploy.cluster.Cluster._close
    # Dask's own is not there where somebody else, as pytest, listens to everything.
    handler = logging.StreamHandler()
    monkeypatch.setattr(logging.getLogger("distributed"), "handlers", [handler])
    told: list[int] = []

    async def telling(self: Any) -> None:
        await closed(self)
        told.append(handler.level)

    monkeypatch.setattr(distributed.deploy.cluster.Cluster, "_close", telling)
    with dask_engine.dask_executor("dask", 1) as executor:
        assert executor.submit(len, [1, 2]).result() == 2
    assert set(told) == {logging.CRITICAL}
    assert handler.level == logging.NOTSET


def test_no_scheduler_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_engine, "PATIENCE", 0.2)
    with pytest.raises(UsageError, match=r"engine 'tcp://127\.0\.0\.1:1': no Dask scheduler answers there"):
        swept(engine="tcp://127.0.0.1:1")


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_engine, "_Plugin", object)
    with pytest.raises(UsageError, match=r"pip install 'chainwright\[distributed\]'"):
        check_engine("dask", None)
