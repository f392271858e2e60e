"""Engines: who plays the packs of a sweep, in this process, in a pool of processes, on a Dask cluster, or any object with submit()."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from typing import Any, Protocol

import pandas as pd

from chainwright.experiment.engines.payload import Payload, packed
from chainwright.experiment.engines.spawning import Context
from chainwright.experiment.engines.worker import play, start
from chainwright.experiment.sweep.pack import Request, compute
from chainwright.experiment.sweep.plan import Pack
from chainwright.words.errors import UsageError, suggestion
from chainwright.words.requests import whole_number

ENGINES = ("serial", "processes", "dask")
SCHEMES = ("tcp://", "tls://", "ws://", "wss://", "ucx://")


class Crew(Protocol):
    """Workers that play packs of one request."""

    @property
    def here(self) -> bool:
        """Whether this process plays, so that handing a pack out means to play it."""

    @property
    def workers(self) -> int:
        """How many packs are played at a time."""

    @property
    def window(self) -> int:
        """How many packs may be handed out at a time, so that no worker waits for its next."""

    def submit(self, pack: Pack) -> Any:
        """Hand a pack out; the answer is a future with `add_done_callback`, `result` and `cancel`."""

    def recover(self) -> str:
        """Make ready to go on after a worker died; says what became of it."""

    def close(self, fast: bool = False) -> None:
        """Let the workers go; fast, in the middle of their work."""


@contextlib.contextmanager
def crew(request: Request, engine: Any = "processes", workers: int | None = None) -> Iterator[Crew]:
    """Workers for a request, which go when the block ends; at once where it ends by an error.

    Parameters
    ----------
    request : Request
        What is played; it is sent to each worker once.
    engine : {"serial", "processes", "dask"}, address, or object
        ``tcp://...`` is the address of a Dask scheduler; an object has a method ``submit(function, *arguments)`` that answers a future.
    workers : int, optional
        How many, where the engine is made here; one for each core by default.

    Raises
    ------
    UsageError
        When there is no such engine.

    Examples
    --------
    >>> import chainwright as cw
    >>> from chainwright.experiment.sweep.point import Point
    >>> request = Request(cw.load("beer_game"), 1, ("fill_rate",))
    >>> with crew(request, "serial") as team:
    ...     len(team.submit([(Point(0), (0, 1))]).result())
    2
    """
    check_engine(engine, workers)
    team = _made(request, engine, workers)
    try:
        yield team
    except BaseException:
        team.close(fast=True)
        raise
    team.close()


@contextlib.contextmanager
def executor(engine: Any = "processes", workers: int | None = None) -> Iterator[Any]:
    """An executor with ``submit(function, *arguments)``, as `concurrent.futures` has it, of one of the engines.

    Examples
    --------
    >>> with executor("serial") as pool:
    ...     pool.submit(pow, 2, 5).result()
    32
    """
    check_engine(engine, workers)
    if engine == "serial":
        yield Here()
    elif engine == "processes":
        with _pool(workers or cores(), None)[0] as pool:
            yield pool
    elif isinstance(engine, str) or _is_dask(engine):
        from chainwright.experiment.engines.dask_engine import dask_executor  # an extra

        with dask_executor(engine, workers or cores()) as pool:
            yield pool
    else:
        yield engine


def check_engine(engine: Any, workers: int | None) -> None:
    """Refuse an engine that there is not, and a number of workers that cannot be.

    Raises
    ------
    UsageError
        With both, where both are wrong.
    """
    wrong = []
    if isinstance(engine, str):
        if engine not in ENGINES and not engine.startswith(SCHEMES):
            wrong.append(f"no engine is called {engine!r}{suggestion(engine, ENGINES)} (or the address of a Dask scheduler, such as tcp://host:8786)")
        elif engine not in ("serial", "processes"):
            from chainwright.experiment.engines.dask_engine import missing

            wrong += missing()
    elif not hasattr(engine, "submit") and not _is_dask(engine):
        wrong.append(f"engine must be one of {', '.join(ENGINES)}, an address, or an object with submit(), got {engine!r}")
    if workers is not None:
        try:
            whole_number(workers, "workers", 1)
        except UsageError as error:
            wrong.append(str(error))
    if wrong:
        raise UsageError("\n".join(wrong))


def engine_name(engine: Any) -> str:
    """How a manifest calls an engine."""
    return engine if isinstance(engine, str) else f"{type(engine).__module__}.{type(engine).__qualname__}"


def cores() -> int:
    """Processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1


def death(error: BaseException) -> bool:
    """Whether an exception says that the process died that had the work, of a pool or of a Dask cluster."""
    return isinstance(error, BrokenExecutor) or type(error).__name__ == "KilledWorker"


def _is_dask(engine: Any) -> bool:
    """A client of Dask, or a cluster."""
    return hasattr(engine, "get_executor") or hasattr(engine, "get_client")


def _made(request: Request, engine: Any, workers: int | None) -> Crew:
    if engine == "serial":
        return Alone(request)
    payload = packed(request)
    if engine == "processes":
        return Processes(payload, workers or cores())
    if isinstance(engine, str) or _is_dask(engine):
        from chainwright.experiment.engines.dask_engine import DaskCrew

        return DaskCrew(payload, engine, workers or cores())
    return Given(payload, engine, workers)


class Here:
    """An executor that does the work when it is handed in."""

    def submit(self, function: Any, /, *arguments: Any, **options: Any) -> Future[Any]:
        """Call the function; what it raises is the future's, unless it stops the program."""
        future: Future[Any] = Future()
        try:
            future.set_result(function(*arguments, **options))
        except Exception as error:
            future.set_exception(error)
        return future


class Alone:
    """This process plays the packs itself, one after the other.

    Parameters
    ----------
    request : Request
        What is played.
    """

    here = True
    workers = window = 1

    def __init__(self, request: Request) -> None:
        self._request = request

    def submit(self, pack: Pack) -> Future[pd.DataFrame]:
        """Play a pack."""
        return Here().submit(compute, self._request, pack)

    def recover(self) -> str:
        """Nobody can die but this process."""
        return ""

    def close(self, fast: bool = False) -> None:
        """Nothing is held."""


class Processes:
    """A pool of processes on this machine.

    Parameters
    ----------
    payload : Payload
        The request.
    workers : int
        How many processes.
    """

    here = False

    def __init__(self, payload: Payload, workers: int) -> None:
        self.workers = workers
        self.window = 2 * workers
        self._payload = payload
        self._pool, self._context = _pool(workers, payload)

    def submit(self, pack: Pack) -> Future[pd.DataFrame]:
        """Hand a pack out."""
        return self._pool.submit(play, self._payload.digest, pack)

    def recover(self) -> str:
        """A new pool in place of the broken one; says how the first of its processes died."""
        self._pool.shutdown(wait=True)
        # Those that Python itself ended after the first had died were ended by SIGTERM.
        codes = [process.exitcode for process in self._context.started if process.exitcode not in (None, 0, -signal.SIGTERM)]
        self._pool, self._context = _pool(self.workers, self._payload)
        return _epitaph(codes[0] if codes else None)

    def close(self, fast: bool = False) -> None:
        """Let the processes go."""
        if fast:
            for process in self._context.started:
                if process.is_alive():
                    process.kill()
        self._pool.shutdown(wait=True, cancel_futures=fast)


class Given:
    """An executor of the user's.

    Parameters
    ----------
    payload : Payload
        The request, which goes along with every pack: who the workers are is not known here.
    engine : object
        Has ``submit(function, *arguments)``.
    workers : int, optional
        How many it has; what it says itself, or one for each core, by default.
    """

    here = False

    def __init__(self, payload: Payload, engine: Any, workers: int | None) -> None:
        said = workers or getattr(engine, "_max_workers", None)
        self.workers = said if isinstance(said, int) and said > 0 else cores()
        self.window = 2 * self.workers
        self._payload = payload
        self._engine = engine

    def submit(self, pack: Pack) -> Any:
        """Hand a pack out."""
        return self._engine.submit(play, self._payload.digest, pack, self._payload.data)

    def recover(self) -> str:
        """Another's executor cannot be made anew."""
        raise UsageError("a worker of the given executor died, and chainwright cannot start it again; what was finished is kept")

    def close(self, fast: bool = False) -> None:
        """The executor is not ours to close."""


def _pool(workers: int, payload: Payload | None) -> tuple[ProcessPoolExecutor, Context]:
    context = Context()
    sent = (payload.digest, payload.data) if payload is not None else ("", b"")
    return ProcessPoolExecutor(workers, mp_context=context, initializer=start, initargs=sent), context


def _epitaph(code: int | None) -> str:
    """How a process ended, in words."""
    if code is None:
        return "its process died"
    if code >= 0:
        return f"its process ended with code {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    return f"its process was ended by {name}" + (" (out of memory?)" if name == "SIGKILL" else "")
