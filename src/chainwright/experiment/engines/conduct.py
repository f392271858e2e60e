"""Conducting a sweep: packs handed out and taken in, workers that die, packs that are too large, runs that kill whoever plays them."""

from __future__ import annotations

import contextlib
import queue
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from chainwright._version import __version__
from chainwright.experiment.engines.engines import Crew, death
from chainwright.experiment.sweep.pack import FAILED, Request, run_number
from chainwright.experiment.sweep.plan import Backlog, Pack
from chainwright.words.errors import ChainwrightError, UsageError

# So many deaths without one finished pack between them are no single run's fault: halving finds that within twenty steps.
MOST_DEATHS = 24
# Seconds between two beats while nothing is finished.
BEAT = 5.0


@dataclass(eq=False)
class Task:
    """A pack on its way.

    Parameters
    ----------
    pack : list of (Point, tuple of int)
        What is to be played.
    suspect : bool
        Whether a worker died while it had this; it is then played while nothing else is, so that the next death tells who it was.
    """

    pack: Pack
    suspect: bool = False

    @property
    def runs(self) -> int:
        """How many runs it has."""
        return sum(len(reps) for _, reps in self.pack)

    def halves(self) -> list[Task]:
        """Two tasks that together are this one: between points, or between the replications of a single one."""
        if len(self.pack) > 1:
            middle = len(self.pack) // 2
            return [Task(self.pack[:middle], self.suspect), Task(self.pack[middle:], self.suspect)]
        point, reps = self.pack[0]
        middle = len(reps) // 2
        return [Task([(point, half)], self.suspect) for half in (reps[:middle], reps[middle:])]


class Conductor:
    """Plays everything that a backlog holds, and what is added to it meanwhile.

    Parameters
    ----------
    request : Request
        What is played.
    team : Crew
        Who plays.
    backlog : Backlog
        What is yet to be played.
    take_in : callable
        Called with the table of each finished pack, in any order; it may add to the backlog.
    beat : callable, optional
        Called every few seconds.
    """

    def __init__(
        self,
        request: Request,
        team: Crew,
        backlog: Backlog,
        take_in: Callable[[pd.DataFrame], None],
        beat: Callable[[], None] = lambda: None,
    ) -> None:
        self._request = request
        self._team = team
        self._backlog = backlog
        self._take_in = take_in
        self._beat = beat
        self._flying: dict[Any, Task] = {}
        self._landed: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._again: deque[Task] = deque()
        self._suspects: deque[Task] = deque()
        self._deaths = 0
        self._stopped = False

    def run(self) -> None:
        """Play until nothing is left.

        Raises
        ------
        ChainwrightError
            When the engine cannot go on.
        """
        try:
            with self._stopping_between_packs():
                self._hand_out()
                while self._flying:
                    self._land(self._wait())
                    self._hand_out()
        finally:
            for future in self._flying:
                future.cancel()
        if self._stopped:
            raise KeyboardInterrupt  # it came with the last pack

    @contextlib.contextmanager
    def _stopping_between_packs(self) -> Iterator[None]:
        """Ctrl-C is heard while this process waits, not in the midst of what a library does; pressed again, at once."""
        known = threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGINT) is signal.default_int_handler
        if self._team.here or not known:
            yield
            return

        def heard(number: int, frame: Any) -> None:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            self._stopped = True
            self._landed.put(None)  # wakes who waits

        signal.signal(signal.SIGINT, heard)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, signal.default_int_handler)

    def _hand_out(self) -> None:
        """Keep the workers busy; a suspect is played while nobody else plays."""
        if self._suspects:
            if not self._flying:
                self._submit(self._suspects.popleft())
            return
        if any(task.suspect for task in self._flying.values()):
            return
        workers, window = self._team.workers, self._team.window
        while len(self._flying) < window and not self._suspects:
            if self._again:
                task = self._again.popleft()
            else:
                pack = self._backlog.take(workers)
                if pack is None:
                    return
                task = Task(pack)
            if not self._submit(task):
                return

    def _submit(self, task: Task) -> bool:
        """Hand a task out; where the pool turns out to be broken already, wait for what it had to come back."""
        try:
            future = self._team.submit(task.pack)
        except BrokenExecutor:
            if self._flying:
                (self._suspects if task.suspect else self._again).appendleft(task)
                return False
            self._recover()
            return self._submit(task)
        self._flying[future] = task
        future.add_done_callback(self._landed.put)
        return True

    def _wait(self) -> Any:
        """The next future that is done."""
        while True:
            self._beat()
            try:
                future = self._landed.get(timeout=BEAT)
            except queue.Empty:
                continue
            if self._stopped:
                raise KeyboardInterrupt
            if future in self._flying:
                return future

    def _land(self, future: Any) -> None:
        task = self._flying.pop(future)
        try:
            table = future.result()
        except MemoryError:
            self._too_large(task)
        except CancelledError:
            raise ChainwrightError("the engine gave up its work (did its scheduler go?)") from None
        except Exception as error:
            if not death(error):
                raise
            self._died(task, error)
        else:
            _same_version(table)
            self._deaths = 0
            self._take_in(table)

    def _too_large(self, task: Task) -> None:
        if task.runs == 1:
            self._take_in(failed_rows(self._request, task.pack, "MemoryError: one run alone needs more memory than there is"))
        else:
            self._again.extend(task.halves())

    def _died(self, task: Task, error: BaseException) -> None:
        """A worker died that had the task, or might have had it."""
        alone = task.suspect
        broken = isinstance(error, BrokenExecutor)
        lost = [task]
        if broken:
            # With it goes the whole pool; what the others had finished just before still counts.
            while self._flying:
                future = self._wait()
                other = self._flying.pop(future)
                if future.cancelled() or future.exception() is not None:
                    lost.append(other)
                else:
                    self._take_in(future.result())
        how = self._recover()
        if not alone:
            for one in reversed(lost):
                self._suspects.appendleft(Task(one.pack, suspect=True))
        elif task.runs == 1:
            self._take_in(failed_rows(self._request, task.pack, f"the run killed its worker: {how}, twice"))
        else:
            self._suspects.extendleft(reversed(task.halves()))

    def _recover(self) -> str:
        how = self._team.recover()
        self._deaths += 1
        if self._deaths > MOST_DEATHS:
            raise ChainwrightError(f"{self._deaths} workers died one after the other, and no pack was finished in between ({how})")
        return how


def failed_rows(request: Request, pack: Pack, message: str) -> pd.DataFrame:
    """The rows of runs that nobody could finish, as `compute` would answer them."""
    runs = [(point, rep) for point, reps in pack for rep in reps]
    hashes: dict[str, str] = {}
    for point, _ in pack:
        try:
            hashes[point.key] = point.scenario(request.scenario).hash
        except ChainwrightError:
            hashes[point.key] = ""
    count = len(runs)
    facts = {
        "point": [point.key for point, _ in runs],
        "rep": np.asarray([rep for _, rep in runs], np.int64),
        "run": np.asarray([run_number(request, point, rep) for point, rep in runs], np.int64),
        "seed": np.full(count, request.seed, np.int64),
        "scenario_hash": [hashes[point.key] for point, _ in runs],
        "version": [__version__] * count,
        "status": [FAILED] * count,
        "message": [message] * count,
        "wall_s": np.zeros(count),
    }
    return pd.DataFrame(facts | {name: np.full(count, np.nan) for name in request.measures})


def _same_version(table: pd.DataFrame) -> None:
    other = [version for version in table["version"].unique() if version != __version__]
    if other:
        raise UsageError(f"a worker has chainwright {other[0]} and this is {__version__}; install the same on all machines")
