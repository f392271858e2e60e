"""What whoever answers a page's messages asks of the session that took them."""

from __future__ import annotations

from typing import Protocol

from chainwright.app.visualiser.jobs import Jobs
from chainwright.app.visualiser.open_pages import OpenPages
from chainwright.app.visualiser.open_runs import OpenRuns
from chainwright.app.visualiser.outbox import Packet
from chainwright.app.visualiser.sources import Sources


class Visitor(Protocol):
    """One page as its handlers see it: what it has open, what works for it, and whom it is told by."""

    registry: OpenPages
    sources: Sources
    open_runs: OpenRuns
    jobs: Jobs
    asked: list[str]

    def send(self, *packets: Packet) -> None:
        """Send packets to the page."""
