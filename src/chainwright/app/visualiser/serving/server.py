"""Serving the visualiser on this machine: Solara's server with everything that would leave the machine switched off."""

from __future__ import annotations

import contextlib
import importlib.metadata
import importlib.util
import logging
import os
import socket
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from chainwright.app.visualiser.serving.preloading import PAGE, rehearse, warm
from chainwright.words.errors import UsageError

HOST = "127.0.0.1"
PORT = 8765
# Ports that are tried one after the other where nobody has asked for a certain one.
TRIED = 50
# What the names of all threads begin with that are no thread of the web server's.
OURS = "chainwright"
# Seconds that work has to end in when the server ends; what takes longer is broken off.
LAST = 1.0
# What the page needs beside chainwright itself.
NEEDED = ("solara", "uvicorn", "ipyvuetify", "segno")
INSTALL = "install it by: pip install 'chainwright[app]'"


def missing() -> str:
    """What is not installed that the page needs, in one line; empty where nothing is missing."""
    for module in NEEDED:
        if importlib.util.find_spec(module) is None:
            return f"the visualiser needs {module}, which is not installed; {INSTALL}"
    if os.environ.get("SOLARA_ASSETS_PROXY_CACHE_DIR"):
        return ""
    try:
        importlib.metadata.version("solara-assets")
    except importlib.metadata.PackageNotFoundError:
        return f"the visualiser needs solara-assets to work without the net, which is not installed; {INSTALL}"
    return ""


def prepare() -> None:
    """Settings that Solara reads when it is imported: nothing leaves this machine, and nobody else sees the page."""
    os.environ["SOLARA_TELEMETRY_MIXPANEL_ENABLE"] = "False"
    os.environ["SOLARA_APP"] = PAGE
    os.environ["SOLARA_MODE"] = "production"
    os.environ["SOLARA_SESSION_HTTP_ONLY"] = "True"
    os.environ.setdefault("SOLARA_THEME_LOADER", "plain")
    os.environ.setdefault("SOLARA_THEME_SHOW_BANNER", "False")
    # A page that vanishes (a laptop that sleeps, a browser that is killed) may come back for so long; one that says goodbye is forgotten at
    # once. What has been forgotten is repeated by the address of the page.
    os.environ.setdefault("SOLARA_KERNEL_CULL_TIMEOUT", "15m")
    os.environ.setdefault("SOLARA_CHECK_HOOKS", "off")


def free_port(wanted: int | None = None, host: str = HOST) -> int:
    """A port on which nobody answers: the one that is wanted, or else the next; any at all where 0 is wanted.

    Raises
    ------
    UsageError
        When there is none.
    """
    first = PORT if wanted is None else wanted
    if first == 0:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as trial:
            trial.bind((host, 0))
            return int(trial.getsockname()[1])
    for port in range(first, min(first + TRIED, 65_536)):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as trial:
            if os.name != "nt":
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                trial.bind((host, port))
                return port
    raise UsageError(f"no port from {first} to {first + TRIED - 1} is free; ask for another one by --port")


def listener(host: str, port: int) -> socket.socket:
    """The place where a server answers, taken before anything else is done.

    Raises
    ------
    UsageError
        When somebody else answers there, or this user may not.
    """
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if os.name != "nt":
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
    except OSError as error:
        made.close()
        raise UsageError(f"port {port} cannot be used ({error.strerror}); ask for another one by --port") from None
    return made


def serve(host: str = HOST, port: int = PORT, up: Callable[[], Any] | None = None) -> bool:
    """Serve until somebody ends it.

    Parameters
    ----------
    host, port : str, int
        Where it answers.
    up : callable, optional
        Called once it answers, and nobody has to wait any more for what can be done before.

    Returns
    -------
    bool
        Whether all that was at work has ended.

    Raises
    ------
    UsageError
        When it cannot answer there.
    """
    prepare()
    with quiet(), listener(host, port) as place:
        import uvicorn
        from solara.server import settings

        settings.main.mode = "production"
        settings.theme.loader = "plain"
        settings.session.http_only = True
        warm()
        from solara.server.starlette import app

        from chainwright.app.visualiser.serving.access import Guard
        from chainwright.app.visualiser.serving.served_pages import current

        application: Any = Guard(app, Path(settings.assets.proxy_cache_dir))
        # One that has been told to end does not wait for pages that are still open.
        # On one machine packing what is sent takes longer than sending it.
        said: dict[str, Any] = {"log_level": "critical", "access_log": False, "timeout_graceful_shutdown": 1, "ws_per_message_deflate": False}
        config = uvicorn.Config(application, host=host, port=port, **said)
        server = uvicorn.Server(config)
        if up is not None:
            address = f"http://{host}:{port}/"
            threading.Thread(target=_tell, args=(server, address, up), name=f"{OURS} up", daemon=True).start()
        # What has ended the server is raised again once it has ended.
        with contextlib.suppress(KeyboardInterrupt):
            server.run(sockets=[place])
        with contextlib.suppress(KeyboardInterrupt):
            current().close(LAST)
            return threads_end(LAST)
        return False


def _tell(server: Any, address: str, up: Callable[[], Any]) -> None:
    """Tell that a server answers, in a thread of its own, so that a browser that does not open stops nobody."""
    pause = threading.Event()
    while not server.started:
        if server.should_exit:
            return
        pause.wait(0.02)
    rehearse(address)
    if not server.should_exit:
        up()


def threads_end(seconds: float) -> bool:
    """Wait for everything of ours that is at work, all together for so long at the most; whether it has ended."""
    until = time.monotonic() + seconds
    ours = [thread for thread in threading.enumerate() if thread.name.startswith(OURS) and thread is not threading.current_thread()]
    for thread in ours:
        thread.join(max(until - time.monotonic(), 0.0))
    return not any(thread.is_alive() for thread in ours)


def break_off() -> None:
    """End this process with what is still at work in it: to unwind around it could take long, or fail with words of the machine's own."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Nothing of what libraries tell each other on the terminal: warnings, and messages below errors."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in ("solara", "reacton", "asyncio", "uvicorn", "websockets", "traitlets", "ipykernel", "comm"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        yield
