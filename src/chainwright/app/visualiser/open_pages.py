"""All pages that are open in this process: how many there may be, and the memory that their timelines share."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, Protocol

from chainwright.app.visualiser.serving.limits import Limits
from chainwright.app.visualiser.sources import Given
from chainwright.words.errors import UsageError

# Seconds to wait for the threads of sessions that are closed.
PATIENCE = 20.0


class OpenPage(Protocol):
    """What is asked of the session of one page."""

    def receive(self, message: Any) -> None:
        """Take a message of the page."""

    def settle(self, seconds: float = 60.0) -> bool:
        """Wait until everything is answered that can be."""

    def close(self, wait: bool = True) -> None:
        """The page is gone."""

    def join(self, seconds: float) -> bool:
        """Wait until its threads have ended; whether they have."""


class OpenPages:
    """The open sessions of a server, with what it was told on its command line.

    Parameters
    ----------
    begin : callable
        Begins a session: from who takes its packets, these open pages, and why it refuses everything (empty where it does not).
    limits : Limits
        What may be asked of this machine.
    given : Given, optional
        The scenario of the command line.
    address : str
        Where the server answers, for links; empty where nobody knows.

    Examples
    --------
    >>> from chainwright.app.visualiser.session import Session
    >>> registry = OpenPages(Session, Limits(sessions=1))
    >>> first = registry.open(lambda post: None)
    >>> registry.open(lambda post: None).refusal
    '1 page is open already, and more are not possible; close one and load this page again'
    >>> registry.close()
    True
    >>> registry.count
    0
    """

    def __init__(self, begin: Begin, limits: Limits | None = None, given: Given | None = None, address: str = "") -> None:
        self._begin = begin
        self.limits = limits if limits is not None else Limits()
        self.given = given
        self.address = address
        self._lock = threading.Lock()
        self._sessions: set[OpenPage] = set()
        self._bytes = 0

    @property
    def count(self) -> int:
        """How many sessions are open."""
        return len(self._sessions)

    def open(self, publish: Callable[[dict[str, Any]], None]) -> OpenPage:
        """A session for one page; one too many refuses everything, with what to do."""
        with self._lock:
            many = len(self._sessions)
            refusal = ""
            if many >= self.limits.sessions:
                open_ = "1 page is" if many == 1 else f"{many} pages are"
                refusal = f"{open_} open already, and more are not possible; close one and load this page again"
            session = self._begin(publish, self, refusal)
            if not refusal:
                self._sessions.add(session)
        return session

    def forget(self, session: OpenPage) -> None:
        """A session has been closed."""
        with self._lock:
            self._sessions.discard(session)

    def take(self, size: int, instead_of: int = 0) -> None:
        """Set memory aside for a timeline, in place of some that is given back at the same moment.

        Raises
        ------
        UsageError
            Where all pages together would take too much.
        """
        with self._lock:
            others = self._bytes - instead_of
            if others + size > self.limits.all_bytes and size > instead_of:
                raise UsageError(
                    f"the runs that are open here take {others / 1e6:,.0f} MB of memory, and another {size / 1e6:,.0f} MB are too much; "
                    "close other pages, or open something smaller"
                )
            self._bytes = others + size

    def give_back(self, size: int) -> None:
        """A timeline is closed."""
        with self._lock:
            self._bytes -= size

    @property
    def bytes(self) -> int:
        """Memory that is set aside for timelines."""
        return self._bytes

    def close(self, seconds: float = PATIENCE) -> bool:
        """Close every session, and wait for their threads, for so long in all; whether they have ended."""
        with self._lock:
            sessions = list(self._sessions)
        # All are told before anybody is waited for.
        for session in sessions:
            session.close(wait=False)
        until = time.monotonic() + seconds
        late = [session for session in sessions if not session.join(max(until - time.monotonic(), 0.0))]
        return not late


Begin = Callable[[Callable[[dict[str, Any]], None], OpenPages, str], OpenPage]
