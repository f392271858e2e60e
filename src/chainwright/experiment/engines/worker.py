"""What happens in a worker: it keeps the requests it was sent, plays packs of them, and goes when the process that asked is gone."""

from __future__ import annotations

import contextlib
import multiprocessing
import multiprocessing.connection
import os
import signal
import threading

import pandas as pd

from chainwright.experiment.engines.payload import unpacked
from chainwright.experiment.sweep.pack import Request, compute, told
from chainwright.experiment.sweep.plan import Pack
from chainwright.words.errors import ChainwrightError, UsageError

# What was sent, by its digest, and the requests that were made of it.
_SENT: dict[str, bytes] = {}
_REQUESTS: dict[str, Request] = {}
_MAKING = threading.Lock()


def start(digest: str, data: bytes) -> None:
    """First thing in a process of our own pool."""
    # Ctrl-C reaches every process of a terminal; the one that asked for the work decides what becomes of it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    threading.Thread(target=_go_with_parent, name="chainwright parent", daemon=True).start()
    install(digest, data)


def install(digest: str, data: bytes) -> None:
    """Keep what was sent; it is read with the first pack, whose answer can say what is wrong with it."""
    _SENT[digest] = data


def forget(digest: str) -> None:
    """Let go of a request."""
    _SENT.pop(digest, None)
    _REQUESTS.pop(digest, None)


def play(digest: str, pack: Pack, data: bytes | None = None) -> pd.DataFrame:
    """Play a pack of a request.

    Parameters
    ----------
    digest : str
        Which request.
    pack : sequence of (Point, tuple of int)
        Points with the numbers of their replications.
    data : bytes, optional
        The request itself, where it was not sent before.

    Raises
    ------
    ChainwrightError
        When the request cannot be read here; failures of points are rows of the table.
    MemoryError
        When the pack is too large.
    """
    try:
        with _MAKING:
            if digest not in _REQUESTS:
                sent = _SENT.get(digest, data)
                if sent is None:
                    raise UsageError("a worker was not sent the request")
                _REQUESTS[digest] = unpacked(sent)
        return compute(_REQUESTS[digest], pack)
    except MemoryError:
        raise MemoryError from None
    except UsageError as error:
        raise UsageError(str(error)) from None
    except Exception as error:
        # Not every exception survives the way to another process.
        raise ChainwrightError(told(error)) from None


def _go_with_parent() -> None:
    """Wait until the parent is gone, however it went, and go as well."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    with contextlib.suppress(OSError):
        multiprocessing.connection.wait([parent.sentinel])
    os._exit(1)
