"""Packets on their way to the page: numbered, and kept until the page has drawn them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

Packet = dict[str, Any]


class Outbox:
    """What waits for the page; threads may put packets in at the same time.

    Parameters
    ----------
    publish : callable
        Called with all packets that the page has not drawn yet, whenever something is put in.

    Examples
    --------
    >>> seen = []
    >>> outbox = Outbox(seen.append)
    >>> outbox.put({"kind": "note"})
    >>> outbox.put({"kind": "note"})
    >>> [packet["number"] for packet in seen[-1]["packets"]]
    [1, 2]
    >>> outbox.drawn(1)
    >>> outbox.waiting, outbox.count("note")
    (1, 1)
    """

    def __init__(self, publish: Callable[[dict[str, Any]], None]) -> None:
        self._publish: Callable[[dict[str, Any]], None] | None = publish
        self._lock = threading.RLock()
        self._waiting: list[Packet] = []
        self._number = 0

    @property
    def waiting(self) -> int:
        """How many packets the page has not drawn yet."""
        return len(self._waiting)

    @property
    def closed(self) -> bool:
        """Whether the page is gone."""
        return self._publish is None

    def count(self, kind: str) -> int:
        """How many packets of a kind the page has not drawn yet."""
        with self._lock:
            return sum(packet["kind"] == kind for packet in self._waiting)

    def put(self, *packets: Packet) -> None:
        """Send some packets; nothing once it is closed."""
        with self._lock:
            publish = self._publish
            if publish is None or not packets:
                return
            for packet in packets:
                if "job" in packet:
                    # Of how far a job is only the latest counts: a page that nobody looks at draws nothing.
                    self._waiting = [one for one in self._waiting if one.get("job") != packet["job"] or "ended" in one]
                self._number += 1
                self._waiting.append({**packet, "number": self._number})
            # Published within the lock, so that an older list never overtakes a newer one.
            publish({"packets": list(self._waiting)})

    def drawn(self, number: int) -> None:
        """The page has drawn everything up to a packet."""
        with self._lock:
            self._waiting = [packet for packet in self._waiting if packet["number"] > number]

    def close(self) -> None:
        """The page is gone. Waits for nobody: who publishes right now may himself wait for whoever closes."""
        self._publish = None
        self._waiting = []
