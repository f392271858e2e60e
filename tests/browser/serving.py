"""The visualiser as a user starts it, for tests in a browser: on a free port, ended with the tests."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

SECONDS = 60
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+\S*")


@contextmanager
def served(folder: Path, arguments: Sequence[str] = (), port: int = 0) -> Iterator[str]:
    """The address at which ``chainwright app`` answers, on any free port where none is said."""
    command = [sys.executable, "-m", "chainwright", "app", *arguments, "--port", str(port), "--no-open"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "MPLBACKEND": "Agg"}
    server = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=folder)
    said: list[str] = []

    def listen() -> None:
        assert server.stdout is not None
        said.extend(iter(server.stdout.readline, ""))

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    try:
        until = time.monotonic() + SECONDS
        found = None
        while found is None and server.poll() is None and time.monotonic() < until:
            found = ADDRESS.search("".join(said))
            time.sleep(0.02)
        assert found is not None, "".join(said)
        yield found[0].rstrip("/") + "/"
    finally:
        server.terminate()
        server.wait(SECONDS)
        listener.join(SECONDS)
        if server.stdout is not None:
            server.stdout.close()
    # What is said on the terminal is for its reader: nothing that went wrong, and nothing of the libraries below.
    assert "Traceback" not in "".join(said), "".join(said)
    assert "Warning" not in "".join(said), "".join(said)
