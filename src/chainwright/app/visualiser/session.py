"""What one visitor does: messages of the page taken in order by a thread of their own, and answered by packets."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from typing import Any

from chainwright.app.visualiser import messages
from chainwright.app.visualiser.handlers import HANDLERS
from chainwright.app.visualiser.jobs import Jobs
from chainwright.app.visualiser.open_pages import PATIENCE, OpenPages
from chainwright.app.visualiser.open_runs import OpenRuns
from chainwright.app.visualiser.outbox import Outbox, Packet
from chainwright.app.visualiser.sources import Sources
from chainwright.words.errors import ChainwrightError, ScenarioError

log = logging.getLogger("chainwright.visualiser")
# Of these only the latest counts: one that waits is replaced.
LATEST = ("need", "inspect", "share")
# A page that sends more than this without waiting is not ours.
MOST_WAITING = 500
# Nor is one that asks and asks and draws nothing: it is answered when it has drawn.
MOST_UNDRAWN = 200


class Session:
    """One page: what it asks for and what it is told. It knows no web server: `publish` takes everything that is sent.

    Parameters
    ----------
    publish : callable
        Called, from any thread, with all packets that the page has not drawn yet.
    registry : OpenPages
        All sessions of the server, and their limits.
    refusal : str
        Why this session refuses everything; empty where it does not.

    Examples
    --------
    >>> posts = []
    >>> session = Session(posts.append, OpenPages(Session))
    >>> session.receive({"kind": "open", "scenario": "beer_game"})
    >>> session.receive({"kind": "need", "timeline": "c1", "to": 20})
    >>> session.settle()
    True
    >>> [packet["kind"] for packet in posts[-1]["packets"]][:5]
    ['state', 'structure', 'acts', 'state', 'frames']
    >>> session.close()
    """

    def __init__(self, publish: Callable[[dict[str, Any]], None], registry: OpenPages, refusal: str = "") -> None:
        self.registry = registry
        self.refusal = refusal
        self.outbox = Outbox(publish)
        self.sources = Sources(registry.limits, registry.given)
        self.open_runs = OpenRuns(self.outbox, registry)
        self.jobs = Jobs(self.send, self._failed)
        self.asked: list[str] = []
        self._waiting: deque[Any] = deque()
        self._change = threading.Condition()
        self._at_work = False
        self._closed = False
        self._worker = threading.Thread(target=self._work, name="chainwright session", daemon=True)
        self._worker.start()

    def send(self, *packets: Packet) -> None:
        """Send packets to the page."""
        self.outbox.put(*packets)

    def receive(self, message: Any) -> None:
        """Take a message of the page; answered by the session's own thread, so that nobody waits here."""
        with self._change:
            if self._closed or len(self._waiting) >= MOST_WAITING:
                return
            kind = message.get("kind") if isinstance(message, dict) else None
            if kind in LATEST:
                key = (kind, message.get("timeline"))
                stale = [one for one in self._waiting if isinstance(one, dict) and (one.get("kind"), one.get("timeline")) == key]
                for one in stale:
                    self._waiting.remove(one)
            self._waiting.append(message)
            self._change.notify_all()

    def settle(self, seconds: float = 60.0) -> bool:
        """Wait until everything is answered that can be: no message waits, no job goes, and the page has what it wants or must draw first.

        Whether it came to that in so many seconds.
        """
        done = self._change_when(self._at_rest, seconds)
        return self.jobs.join(seconds) and done and self._change_when(self._at_rest, seconds)

    def _at_rest(self) -> bool:
        return self._next() is None and not self._at_work

    def _change_when(self, settled: Callable[[], bool], seconds: float) -> bool:
        with self._change:
            return self._change.wait_for(lambda: self._closed or settled(), seconds)

    def close(self, wait: bool = True) -> None:
        """The page is gone: end its work, and give back everything it holds.

        Parameters
        ----------
        wait : bool
            Whether to wait until its threads have ended. Who is called by the page's own machinery must not, since a thread may be
            about to tell that page something.
        """
        self.outbox.close()
        try:
            self.jobs.cancel()
        finally:
            with self._change:
                self._closed = True
                self._waiting.clear()
                self._change.notify_all()
            self.registry.forget(self)
        if wait:
            self.join(PATIENCE)

    def join(self, seconds: float) -> bool:
        """Wait until the threads of a session that was closed have ended; whether they have."""
        if self._worker is not threading.current_thread():
            self._worker.join(seconds)
        return not self._worker.is_alive()

    # --- the worker --------------------------------------------------------------------------------------------

    def _work(self) -> None:
        try:
            while self._step():
                pass
        finally:
            self.jobs.cancel()
            self.jobs.join(PATIENCE)
            self.open_runs.close()

    def _step(self) -> bool:
        """One message, or a portion of what is to be played; False once the session is closed."""
        # Asked before and not within: whoever publishes holds the outbox while he waits for whoever receives, and so nobody who keeps
        # others from receiving may wait for the outbox. Only this thread changes the answer.
        playable = self.open_runs.next_wanted() is not None
        with self._change:
            self._at_work = self._next() is not None or playable
            if not self._at_work:
                self._change.notify_all()
                self._change.wait_for(lambda: self._closed or self._next() is not None)
            if self._closed:
                return False
            place = self._next()
            asked = place is not None
            message = None
            if place is not None:
                message = self._waiting[place]
                del self._waiting[place]
            self._at_work = True
        try:
            if asked:
                self._answer(message)
            else:
                self.open_runs.play_on()
        except Exception as error:
            if not asked:
                self.open_runs.stop_playing()
            self._failed(error)
        return True

    def _next(self) -> int | None:
        """Where the message stands that is answered next: of a page that is far behind, what it has drawn."""
        if self.outbox.waiting < MOST_UNDRAWN:
            return 0 if self._waiting else None
        return next((place for place, one in enumerate(self._waiting) if isinstance(one, dict) and one.get("kind") == "drawn"), None)

    def _answer(self, said: Any) -> None:
        message = messages.read(said)
        if message["kind"] == "drawn":
            self.outbox.drawn(message["number"])
        elif self.refusal:
            self.send({"kind": "refused", "message": self.refusal})
        else:
            HANDLERS[message["kind"]](self, message)

    def _failed(self, error: BaseException) -> None:
        """Tell the page in one sentence what went wrong; what is not a mistake of the user is logged as well."""
        self.send({"kind": "refused", "message": told(error)}, {"kind": "state", "state": {"busy": None}})


def told(error: BaseException) -> str:
    """An error in one line.

    Examples
    --------
    >>> from chainwright.words.errors import Mistake, Place
    >>> told(ScenarioError([Mistake("not a number", Place("lanes.0.price")), Mistake("unknown", Place("x"))]))
    'lanes.0.price: not a number (and 1 more)'
    """
    if isinstance(error, ScenarioError) and error.mistakes:
        more = len(error.mistakes) - 1
        return " ".join(str(error.mistakes[0]).split()) + (f" (and {more} more)" if more else "")
    if isinstance(error, ChainwrightError):
        return " ".join(str(error).split())
    if isinstance(error, MemoryError):
        return "There is not enough memory for this; close other pages, or open something smaller."
    log.error("a message of the page could not be answered", exc_info=error)
    return f"That did not work ({type(error).__name__}), which is a fault of chainwright; what is open stays as it is."
