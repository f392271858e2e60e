"""Dask as an engine: a cluster of processes made here, a scheduler at an address, or a client or cluster of the user's."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import threading
from collections.abc import Iterator
from typing import Any

from chainwright.experiment.engines.payload import Payload
from chainwright.experiment.engines.spawning import without_main
from chainwright.experiment.engines.worker import forget, install, play
from chainwright.experiment.sweep.plan import Pack
from chainwright.words.errors import UsageError

_Plugin: Any = object
try:
    from distributed import WorkerPlugin

    _Plugin = WorkerPlugin
except ImportError:  # `missing` says so
    pass

# Seconds within which a scheduler must answer.
PATIENCE = 20
# Its workers play one pack at a time each; nobody looks at a dashboard, but its port must be a free one, or a second cluster on the
# machine says that it is not; a death is told to us at once, who try again as with any pool; and how much memory a run may take is the
# machine's affair.
OPTIONS = {
    "threads_per_worker": 1,
    "processes": True,
    "dashboard_address": "127.0.0.1:0",
    "scheduler_kwargs": {"dashboard": False},
    "memory_limit": 0,
    "silence_logs": logging.CRITICAL,
}
CONFIG = {"distributed.scheduler.allowed-failures": 0}


def missing() -> list[str]:
    """What to say where the extra is not installed; nothing where it is."""
    if _Plugin is not object:
        return []
    return ["engine 'dask' needs the extra distributed: pip install 'chainwright[distributed]'"]


class Sent(_Plugin):  # type: ignore[misc]
    """Gives the request to every worker of a cluster, those that come later included: a worker plugin.

    Parameters
    ----------
    payload : Payload
        The request.
    deaf : bool
        Whether the worker shall not hear Ctrl-C, which reaches every process of a terminal.
    """

    def __init__(self, payload: Payload, deaf: bool) -> None:
        self.payload = payload
        self.deaf = deaf
        self.name = _plugin_name(payload)

    def setup(self, worker: Any) -> None:
        """In the worker, when it starts or the plugin arrives."""
        if self.deaf and threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        install(self.payload.digest, self.payload.data)

    def teardown(self, worker: Any) -> None:
        """In the worker, when the sweep is over."""
        forget(self.payload.digest)


class DaskCrew:
    """The workers of a Dask cluster.

    Parameters
    ----------
    payload : Payload
        The request.
    engine : str or object
        ``dask``, the address of a scheduler, or a client or cluster.
    workers : int
        How many, where the cluster is made here.
    """

    here = False

    def __init__(self, payload: Payload, engine: Any, workers: int) -> None:
        self._payload = payload
        self._own = engine == "dask"
        self._all = contextlib.ExitStack()
        try:
            self._client = self._all.enter_context(_client(engine, workers))
            self._client.register_plugin(Sent(payload, self._own), name=_plugin_name(payload))
            self._executor = self._client.get_executor(pure=False)
        except BaseException:
            self._all.close()
            raise

    @property
    def workers(self) -> int:
        """How many packs are played at a time; workers may come and go."""
        threads: dict[str, int] = self._client.nthreads()
        return max(1, sum(threads.values()))

    @property
    def window(self) -> int:
        """How many packs may be handed out at a time."""
        return 2 * self.workers

    def submit(self, pack: Pack) -> Any:
        """Hand a pack out."""
        return self._executor.submit(play, self._payload.digest, pack)

    def recover(self) -> str:
        """The cluster starts its workers anew by itself."""
        return "its Dask worker died"

    def close(self, fast: bool = False) -> None:
        """Let go of what was made here."""
        if fast and self._own:
            # Asked politely, they would finish their work first.
            for nanny in self._client.cluster.workers.values():
                nanny.auto_restart = False
                with contextlib.suppress(OSError, TypeError):
                    os.kill(nanny.pid, signal.SIGKILL)
            self._all.close()
            return
        with contextlib.suppress(Exception):
            self._executor.shutdown(wait=not fast)
        with contextlib.suppress(Exception):
            self._client.unregister_worker_plugin(_plugin_name(self._payload))
        self._all.close()


@contextlib.contextmanager
def dask_executor(engine: Any, workers: int) -> Iterator[Any]:
    """An executor of a Dask cluster."""
    with _client(engine, workers) as client:
        yield client.get_executor(pure=False)


@contextlib.contextmanager
def _client(engine: Any, workers: int) -> Iterator[Any]:
    """A client of the cluster that is meant; what was made here is closed at the end."""
    if hasattr(engine, "get_executor"):
        yield engine
        return
    import dask
    import distributed

    # Without annotations of its own, as far as mypy sees.
    client_of: Any = distributed.Client
    cluster_of: Any = distributed.LocalCluster
    if engine == "dask":
        # A worker that died is started anew at any time, so the main module stays out for as long as the cluster lives.
        with contextlib.ExitStack() as all_of_it:
            all_of_it.enter_context(_silence())
            all_of_it.enter_context(without_main())
            all_of_it.enter_context(dask.config.set(CONFIG))
            cluster = all_of_it.enter_context(cluster_of(n_workers=workers, **OPTIONS))
            yield all_of_it.enter_context(client_of(cluster))
        return
    if hasattr(engine, "get_client"):
        yield engine.get_client()
        return
    try:
        client = client_of(engine, timeout=PATIENCE)
    except (OSError, TimeoutError, ValueError) as error:
        raise UsageError(f"engine {engine!r}: no Dask scheduler answers there ({type(error).__name__})") from None
    with client:
        yield client


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """Dask writes nothing to the terminal until its cluster is closed and the loop has ended that serves it.

    The cluster's own ``silence_logs`` ends before its loop does, which then may still tell of a connection that a killed worker left.
    """
    handlers = list(logging.getLogger("distributed").handlers)
    levels = [handler.level for handler in handlers]
    for handler in handlers:
        handler.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for handler, level in zip(handlers, levels, strict=True):
            handler.setLevel(level)


def _plugin_name(payload: Payload) -> str:
    return f"chainwright-{payload.digest[:16]}"
