"""Work that takes long and runs beside the page: with progress, and an end that comes at once when it is cancelled."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, TypeAlias

Packet: TypeAlias = dict[str, Any]
# Seconds between two packets that only tell how far a job is.
PACE = 0.25


class Cancelled(Exception):
    """Somebody wants no more of it."""


class Job:
    """One piece of work in a thread of its own.

    Parameters
    ----------
    kind : str
        What it is, which is what a page cancels it by.
    timeline : str
        The timeline that it is about.
    work : callable
        Called with the job; gives the packet that answers. It calls the job with what is done, of how much.
    send : callable
        Where packets go.
    failed : callable
        Called with what went wrong; tells the page.

    Examples
    --------
    >>> sent = []
    >>> job = Job("bands", "c1", lambda job: {"echelons": {}}, sent.append, print)
    >>> job.start()
    >>> job.join(10)
    True
    >>> sent[-1]["kind"], sent[-1]["done"] == sent[-1]["of"]
    ('bands', True)
    """

    def __init__(
        self,
        kind: str,
        timeline: str,
        work: Callable[[Job], Packet],
        send: Callable[[Packet], None],
        failed: Callable[[BaseException], None],
        of: int = 1,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.kind = kind
        self.timeline = timeline
        self.of = of
        self.done = 0
        self._work, self._send, self._failed, self._clock = work, send, failed, clock
        self._ended = threading.Event()
        self._told = -PACE
        self._thread = threading.Thread(target=self._run, name=f"chainwright {kind}", daemon=True)

    def start(self) -> None:
        """Begin, and say so."""
        self._tell()
        self._thread.start()

    def __call__(self, done: int, total: int) -> None:
        """Progress, in units of the work.

        Raises
        ------
        Cancelled
            When it is to end.
        """
        if self._ended.is_set():
            raise Cancelled
        self.done = min(int(self.of * done / max(total, 1)), self.of - 1)
        if self._clock() - self._told >= PACE:
            self._tell()

    @property
    def going(self) -> bool:
        """Whether it is still at work."""
        return self._thread.is_alive()

    def cancel(self) -> None:
        """End it at its next step; nothing more is sent but that it has ended."""
        self._ended.set()

    def join(self, seconds: float | None = None) -> bool:
        """Wait until it has ended; whether it has."""
        if self._thread.ident is not None and self._thread is not threading.current_thread():
            self._thread.join(seconds)
        return not self._thread.is_alive()

    def _tell(self, **more: Any) -> None:
        self._told = self._clock()
        self._send({"kind": self.kind, "job": self.kind, "timeline": self.timeline, "done": self.done, "of": self.of, **more})

    def _run(self) -> None:
        try:
            answer = self._work(self)
            if self._ended.is_set():
                raise Cancelled
        except Cancelled:
            self._tell(cancelled=True, ended=True)
        except BaseException as error:
            self._tell(ended=True)
            self._failed(error)
        else:
            self.done = self.of
            self._tell(ended=True, **answer)


class Jobs:
    """The jobs of one page: one of each kind at a time, a new one in place of that before.

    Parameters
    ----------
    send, failed : callable
        As for `Job`.
    """

    def __init__(self, send: Callable[[Packet], None], failed: Callable[[BaseException], None]) -> None:
        self._send, self._failed = send, failed
        self._jobs: dict[str, Job] = {}

    def start(self, kind: str, timeline: str, work: Callable[[Job], Packet], of: int) -> Job:
        """Begin a job; one of the same kind is cancelled, and silent from now on."""
        former = self._jobs.get(kind)
        if former is not None and former.going:
            former.cancel()
            former.join()
        job = self._jobs[kind] = Job(kind, timeline, work, self._send, self._failed, of)
        job.start()
        return job

    def cancel(self, kind: str | None = None, timeline: str | None = None) -> None:
        """End the jobs of a kind, or about a timeline, or all."""
        for job in list(self._jobs.values()):
            if kind in (None, job.kind) and timeline in (None, job.timeline):
                job.cancel()

    def join(self, seconds: float | None = None) -> bool:
        """Wait until all have ended; whether they have."""
        for job in list(self._jobs.values()):
            job.join(seconds)
        return not any(job.going for job in list(self._jobs.values()))
