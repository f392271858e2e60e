"""A reader who does what a document says, from its top to its end, in a folder that looks like a checkout.

Commands of chainwright are called in this process, which spares them the time to start. What cannot be done in a test is checked instead:
installations against ``pyproject.toml``, ``make`` by what it would do, and benchmarks by their names. Pages are asked for, not opened.
"""

from __future__ import annotations

import importlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import tomllib
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from chainwright.app.cli import main
from chainwright.app.visualiser.serving import server
from tests.documents.reading import TOP, Block, blocks

# What a document may name of a checkout; the examples are copied, for commands write beside them.
LINKED = ("benchmarks", "notebooks", "scenarios", "src", "Makefile", "pyproject.toml")
SECONDS = 120
# Each block has names of its own, and its lines are told as the document counts them.
PYTHON = """
import json, sys
for place, code in json.load(sys.stdin):
    page, line = place.rsplit(":", 1)
    exec(compile("\\n" * (int(line) - 1) + code, page, "exec"), {"__name__": "__main__"})
"""


def checkout(folder: Path) -> None:
    """Make a folder look like a checkout."""
    for name in LINKED:
        (folder / name).symlink_to(TOP / name)
    shutil.copytree(TOP / "docs" / "examples", folder / "docs" / "examples")


def play(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Do what a document says, in the present folder."""
    waiting: list[Block] = []
    for block in blocks(page):
        if block.file:
            Path(block.file).write_text(block.code, encoding="utf-8")
        if block.language == "python":
            waiting.append(block)
        elif block.language == "sh":
            _python(waiting)
            waiting = []
            for words in block.commands:
                command(words, block.place, monkeypatch)
    _python(waiting)


def _python(found: list[Block]) -> None:
    """Execute blocks in a process of their own: an example may register a policy or set a style, which must not reach other tests."""
    if found:
        said = json.dumps([(block.place, block.code) for block in found])
        _process([sys.executable, "-W", "error::UserWarning", "-c", PYTHON], said)


def _process(words: list[str], said: str = "") -> None:
    done = subprocess.run(words, input=said, capture_output=True, text=True, timeout=SECONDS)
    assert done.returncode == 0, f"{' '.join(words[:6])}\n{done.stderr}"


def command(words: list[str], place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Do one command of a document."""
    if words[0] == "chainwright":
        _chainwright(words[1:], place, monkeypatch)
    elif words[0] == "make":
        _make(words[1:], place, monkeypatch)
    elif words[:2] == ["pip", "install"]:
        _installs(words[2:], place)
    elif words[:3] == ["python", "-m", "benchmarks"]:
        assert set(words[3:]) <= set(importlib.import_module("benchmarks.__main__").SUBJECTS), place
    elif words[:2] == ["solara", "run"]:
        _serves([sys.executable, "-m", *words])
    else:
        pytest.fail(f"{place}: nobody knows how to try {words[0]!r}")


def _chainwright(arguments: list[str], place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if "--import" in arguments:
        # What a file registers must not reach other tests.
        return _process([sys.executable, "-m", "chainwright", *arguments])
    served: list[int] = []
    if arguments[0] == "app":
        pytest.importorskip("solara", reason="solara is not installed: pip install -e '.[app]'")
        monkeypatch.setattr(server, "serve", lambda port, up: served.append(port))
        arguments = [*arguments, "--no-open"]
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert not left.value.code, f"{place}: chainwright {' '.join(arguments)} left with {left.value.code}"
    assert bool(served) == (arguments[0] == "app")
    return None


def _make(targets: list[str], place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What make would do: tools are not called again by the tests that they call, but chainwright is."""
    # Where make has started the tests, one that they start would take itself for a part of it and say more.
    alone = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    done = subprocess.run(["make", "-n", "VENV=.venv", *targets], capture_output=True, text=True, timeout=SECONDS, env=alone)
    assert done.returncode == 0, f"{place}: {done.stderr}"
    last = done.stdout.replace("\\\n", " ").splitlines()[-1].split()
    assert last[0].startswith(".venv/bin/") or "-m" in last, done.stdout
    if last[0] == ".venv/bin/chainwright":
        _chainwright(last[1:], place, monkeypatch)


def _installs(words: list[str], place: str) -> None:
    said = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))
    rest = iter(words)
    for word in rest:
        if word == "--group":
            assert next(rest) in said["dependency-groups"], place
        elif word != "-e":
            found = re.fullmatch(r"(\.|[\w-]+)(?:\[([\w,]+)\])?", word)
            assert found is not None, f"{place}: {word}"
            assert found[1] in (".", said["project"]["name"]), f"{place}: {word}"
            assert set((found[2] or "dev").split(",")) <= set(said["project"]["optional-dependencies"]), f"{place}: {word}"


def _serves(words: list[str]) -> None:
    """Start a server, ask it for its page, and stop it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False"}
    options = ["--production", "--host", "127.0.0.1", "--port", str(port), "--no-open"]
    with subprocess.Popen([*words, *options], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=environment) as process:
        try:
            _until_it_answers(process, f"http://127.0.0.1:{port}/")
        finally:
            process.terminate()
            process.communicate(timeout=SECONDS)


def _until_it_answers(process: subprocess.Popen[str], address: str) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    until = time.monotonic() + SECONDS
    while process.poll() is None and time.monotonic() < until:
        try:
            with opener.open(address, timeout=SECONDS) as answer:
                assert "solara" in answer.read().decode()
                return
        except urllib.error.URLError:
            time.sleep(0.1)
    pytest.fail(f"nothing answers at {address}")
