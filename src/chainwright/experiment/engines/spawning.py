"""Processes that start with nothing of the main program: no second import of a script, one thread for linear algebra, deaf to Ctrl-C."""

from __future__ import annotations

import contextlib
import multiprocessing
import multiprocessing.context
import multiprocessing.spawn
import os
import signal
import threading
from collections.abc import Iterator
from typing import Any

# Every worker has a core to itself; NumPy's libraries would each start a thread per core, and read these when they are imported.
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "NUMEXPR_NUM_THREADS"), "1")
MAIN = ("init_main_from_name", "init_main_from_path")

_lock = threading.RLock()
_without = 0
_as_python_does = multiprocessing.spawn.get_preparation_data


def _preparation_data(name: str) -> dict[str, Any]:
    data = dict(_as_python_does(name))
    if _without:
        for key in MAIN:
            data.pop(key, None)
    return data


@contextlib.contextmanager
def without_main() -> Iterator[None]:
    """Processes that are spawned meanwhile do not import the main module.

    Python would have each of them execute the user's script again, as far as ``if __name__ == "__main__"``; a script without that
    line would start the sweep again in every worker.
    """
    global _without
    with _lock:
        _without += 1
        multiprocessing.spawn.get_preparation_data = _preparation_data
    try:
        yield
    finally:
        with _lock:
            _without -= 1
            if not _without and multiprocessing.spawn.get_preparation_data is _preparation_data:
                multiprocessing.spawn.get_preparation_data = _as_python_does


@contextlib.contextmanager
def one_thread_each() -> Iterator[None]:
    """Processes that are started meanwhile do linear algebra in one thread, unless the user's environment says how many."""
    with _lock:
        added = [name for name in ONE_THREAD if name not in os.environ]
        try:
            os.environ.update({name: ONE_THREAD[name] for name in added})
            yield
        finally:
            for name in added:
                os.environ.pop(name, None)


@contextlib.contextmanager
def deaf_to_interrupts() -> Iterator[None]:
    """Processes that are started meanwhile do not hear Ctrl-C until they say so."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Worker(multiprocessing.context.SpawnProcess):
    """A spawned process that knows nothing of the main program."""

    @staticmethod
    def _Popen(process_obj: Any) -> Any:
        with without_main(), one_thread_each(), deaf_to_interrupts():
            return multiprocessing.context.SpawnProcess._Popen(process_obj)


class Context(multiprocessing.context.SpawnContext):
    """Makes such processes, and remembers them."""

    def __init__(self) -> None:
        super().__init__()
        self.started: list[Worker] = []

    def Process(self, *arguments: Any, **options: Any) -> Worker:  # type: ignore[override]
        """A process, not yet started."""
        made = Worker(*arguments, **options)
        self.started.append(made)
        return made
