"""The pages that this process serves: all of one registry, made when the first page asks where nobody has made one."""

from __future__ import annotations

from chainwright.app.visualiser.open_pages import OpenPages
from chainwright.app.visualiser.serving.limits import Limits
from chainwright.app.visualiser.session import Session
from chainwright.app.visualiser.sources import Given

_current: OpenPages | None = None


def new_pages(limits: Limits | None = None, given: Given | None = None, address: str = "") -> OpenPages:
    """A registry of pages, none of which is open yet.

    Parameters
    ----------
    limits : Limits, optional
        What may be asked of this machine.
    given : Given, optional
        The scenario of the command line.
    address : str
        Where the server answers, for links; empty where nobody knows.

    Examples
    --------
    >>> new_pages(address="http://127.0.0.1:8765/").count
    0
    """
    return OpenPages(Session, limits, given, address)


def current() -> OpenPages:
    """The registry of this process: the server's, or one that is made where a page is served by somebody else."""
    global _current
    if _current is None:
        _current = new_pages()
    return _current


def serve_with(registry: OpenPages) -> None:
    """Let the pages of this process be of a registry."""
    global _current
    _current = registry
