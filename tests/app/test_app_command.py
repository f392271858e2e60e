"""``chainwright app``: what it answers before it starts, and a server that starts, serves, and ends in one line."""

from __future__ import annotations

import importlib.util
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from chainwright.app.visualiser.serving import server
from tests.app.conftest import Run


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("ber_game",), "there is no scenario 'ber_game'; did you mean 'beer_game'?"),
        (("beer_game:pas_on",), "did you mean 'pass_on'?"),
        (("beer_game", "--set", "horizn=3"), "did you mean 'horizon'?"),
        (("ten_thousand",), "10,000 enterprises, and 3,000 are the most"),
        (("firm_network",), "its variant small would do"),
        (("--seed", "7"), "--seed: of which scenario?"),
        (("beer_game", "--port", "65536"), "to 65,535, not 65536"),
        (("beer_game", "--seed", "-1"), "--seed: expected a whole number"),
        (("beer_game:pass_on", "--variant", "textbook"), "names a variant already"),
    ],
)
def test_what_is_wrong_is_told_before_anything_starts(run: Run, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], words: str) -> None:
    monkeypatch.setattr(server, "serve", lambda **options: pytest.fail("it was started"))
    monkeypatch.setattr(server, "missing", lambda: "")
    code, out, err = run("app", *arguments)
    assert (code, out) == (2, "")
    assert words in err


@pytest.mark.parametrize("module", server.NEEDED)
def test_what_is_not_installed_is_told_in_one_line(run: Run, monkeypatch: pytest.MonkeyPatch, module: str) -> None:
    whole = importlib.util.find_spec

    def find_spec(name: str, package: str | None = None) -> Any:
        return None if name == module else whole(name, package) or object()

    monkeypatch.setattr(importlib.util, "find_spec", find_spec)
    code, out, err = run("app")
    assert (code, out) == (2, "")
    assert err == f"the visualiser needs {module}, which is not installed; install it by: pip install 'chainwright[app]'\n"


def test_without_its_assets_it_would_need_the_net_and_says_so(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def version(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object())
    monkeypatch.setattr(importlib.metadata, "version", version)
    monkeypatch.delenv("SOLARA_ASSETS_PROXY_CACHE_DIR", raising=False)
    code, _, err = run("app")
    assert code == 2
    assert "needs solara-assets" in err
    assert "pip install 'chainwright[app]'" in err


def test_a_port_that_is_taken_gives_way_to_the_next(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[int] = []
    monkeypatch.setattr(server, "serve", lambda **options: served.append(options["port"]))
    monkeypatch.setattr(server, "missing", lambda: "")
    with socket.socket() as taken:
        taken.bind((server.HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, out, err = run("app", "beer_game", "--port", str(port), "--no-open")
    assert code == 0
    assert served[0] > port
    assert err == f"note: port {port} is taken; the page is at port {served[0]}\n"
    assert out == "The visualiser has ended.\n"


def test_it_serves_this_machine_and_ends_in_one_line(tmp_path: Path) -> None:
    pytest.importorskip("solara")
    # Whatever would leave this machine fails.
    environment = {**os.environ, "HTTP_PROXY": "http://127.0.0.1:1", "HTTPS_PROXY": "http://127.0.0.1:1", "HOME": str(tmp_path), "NO_PROXY": ""}
    command = [sys.executable, "-m", "chainwright", "app", "beer_game:pass_on", "--no-open"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path, env=environment) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        try:
            address = line.split()[4]
            assert line == f"The visualiser is at {address} (Ctrl-C ends it)\n"
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            with opener.open(address, timeout=60) as answer:
                page = answer.read().decode()
            assert "solara" in page
            assert "mixpanel" not in page
            with pytest.raises(urllib.error.HTTPError, match="403"):
                opener.open(urllib.request.Request(address, headers={"Origin": "https://elsewhere.example"}), timeout=60)
        finally:
            process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (0, "The visualiser has ended.\n", "")
