"""Who may talk to the server: pages of this machine only; and nothing is fetched from the net on their behalf."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

LOCAL = ("127.0.0.1", "localhost", "::1")
# Where Solara serves libraries from; what is not on this machine it would fetch from the net.
LIBRARIES = "/_solara/cdn/"
# Where a page asks whether this server is still there.
ALIVE = "/_chainwright/alive"
# What a page may load: everything comes from this server.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' ws: data: blob:; worker-src 'self' blob:; "
    "frame-ancestors 'self'; form-action 'self'; base-uri 'self'"
)


class Guard:
    """Lets through what a browser on this machine asks of a page of this machine.

    A page of any other site can send requests to a server on this machine, and a name of its own can lead here; both tell so by the
    headers Host and Origin.

    Parameters
    ----------
    application : callable
        The server behind it (ASGI).
    libraries : Path or None
        The folder of the libraries that are on this machine; nothing else of them is served.
    """

    def __init__(self, application: Application, libraries: Path | None = None) -> None:
        self.application = application
        self.libraries = libraries
        # Another one at each start, so that a page knows a server that was started anew.
        self.word = secrets.token_hex(8)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.application(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        if not allowed(headers.get("host", ""), headers.get("origin")):
            await _refuse(scope, receive, send, 403, "Pages of this machine only.")
        elif not self._is_here(str(scope["path"])):
            await _refuse(scope, receive, send, 404, "Not on this machine.")
        elif scope["type"] == "http" and scope["path"] == ALIVE:
            await _say(send, 200, self.word)
        else:
            await self.application(scope, receive, _with_policy(send))

    def _is_here(self, path: str) -> bool:
        if LIBRARIES not in path or self.libraries is None:
            return True
        try:
            wanted = (self.libraries / path.partition(LIBRARIES)[2]).resolve()
            return wanted.is_relative_to(self.libraries.resolve()) and wanted.is_file()
        except (OSError, ValueError):
            return False  # no name of a file at all: too long, or with a NUL in it


def allowed(host: str, origin: str | None) -> bool:
    """Whether a request is addressed to this machine, and comes from a page of the same server or from no page at all.

    Examples
    --------
    >>> allowed("127.0.0.1:8765", "http://127.0.0.1:8765"), allowed("localhost:8765", None)
    (True, True)
    >>> allowed("127.0.0.1:8765", "https://elsewhere.example"), allowed("elsewhere.example:8765", None), allowed("127.0.0.1:8765", "null")
    (False, False, False)
    """
    try:
        return urlsplit(f"//{host}").hostname in LOCAL and (origin is None or urlsplit(origin).netloc == host)
    except ValueError:
        return False  # no address at all


def _with_policy(send: Send) -> Send:
    async def told(message: Any) -> None:
        if message["type"] == "http.response.start":
            own = [(b"content-security-policy", POLICY.encode()), (b"referrer-policy", b"no-referrer"), (b"x-content-type-options", b"nosniff")]
            message = {**message, "headers": [*message.get("headers", []), *own]}
        await send(message)

    return told


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, words: str) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
        return
    await _say(send, status, words)


async def _say(send: Send, status: int, words: str) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"text/plain; charset=utf-8")]})
    await send({"type": "http.response.body", "body": words.encode()})
