"""The server itself, in a process of its own: who may ask it, that it asks nobody, what a visit leaves behind, and how it ends."""

from __future__ import annotations

import base64
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from chainwright.app.visualiser.serving import server
from chainwright.app.visualiser.serving.served_pages import new_pages
from chainwright.words.errors import UsageError

pytest.importorskip("solara")
NAMED = re.compile(r"""(?:src|href)\s*=\s*["']([^"']+)""")
KERNEL = "/jupyter/api/kernels/00000000-0000-4000-8000-000000000000/channels?session_id=00000000-0000-4000-8000-000000000001"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where ``chainwright app`` answers; it says nothing but that, and ends well."""
    command = [sys.executable, "-m", "chainwright", "app", "beer_game", "--port", "0", "--no-open"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=tmp_path_factory.mktemp("served")
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        try:
            yield line.split()[4].rstrip("/")
        finally:
            process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=60)
    assert (process.returncode, said) == (0, "The visualiser has ended.\n")


def answered(address: str, request: str) -> int:
    """The status with which a request is answered, sent letter by letter as it is."""
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=60) as asked:
        asked.sendall(request.replace("\n", "\r\n").encode("latin-1"))
        return int(asked.recv(64).split()[1])


def shake_hands(host: str, origin: str | None) -> str:
    key = base64.b64encode(os.urandom(16)).decode()
    from_ = "" if origin is None else f"Origin: {origin}\n"
    upgrade = f"Upgrade: websocket\nConnection: Upgrade\nSec-WebSocket-Version: 13\nSec-WebSocket-Key: {key}\n"
    return f"GET {KERNEL} HTTP/1.1\nHost: {host}\n{from_}{upgrade}\n"


def test_a_web_socket_is_for_pages_of_this_very_server(address: str) -> None:
    own = address.removeprefix("http://")
    assert answered(address, shake_hands(own, address)) == 101
    for origin in ("https://elsewhere.example", "null", "http://127.0.0.1:1", "http://[", f"{address}.elsewhere.example"):
        assert answered(address, shake_hands(own, origin)) == 403, origin
    for host in ("elsewhere.example", "[", "[::1", "127.0.0.1.elsewhere.example"):
        assert answered(address, shake_hands(host, f"http://{host}")) == 403, host


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ("GET / HTTP/1.1\nHost: [\n\n", 403),
        ("GET / HTTP/1.1\nHost: OWN\nOrigin: http://[\n\n", 403),
        ("GET /_solara/cdn/%00 HTTP/1.1\nHost: OWN\n\n", 404),
        ("GET /_solara/cdn/" + "a" * 5000 + " HTTP/1.1\nHost: OWN\n\n", 404),
        ("GET /_solara/cdn/../../../../etc/passwd HTTP/1.1\nHost: OWN\n\n", 404),
        ("GET /_solara/cdn/no-such-library@1.0.0/index.js HTTP/1.1\nHost: OWN\n\n", 404),
        ("GET /static/assets/%2e%2e/%2e%2e/%2e%2e/etc/passwd HTTP/1.1\nHost: OWN\n\n", 404),
    ],
)
def test_odd_requests_are_refused_and_do_not_break_anything(address: str, request_: str, status: int) -> None:
    assert answered(address, request_.replace("OWN", address.removeprefix("http://"))) == status


def test_a_page_names_nothing_that_is_not_here(address: str) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{address}/", timeout=60) as answer:
        named = NAMED.findall(answer.read().decode())
    assert len(named) > 5
    for path in named:
        assert path.startswith("/"), path
        assert not path.startswith("//"), path
        with opener.open(address + path, timeout=60) as answer:
            assert answer.status == 200, path
            style = answer.read().decode(errors="replace") if path.partition("?")[0].endswith(".css") else ""
        assert not re.search(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//", style), path


def test_it_works_where_there_is_no_network_at_all(tmp_path: Path) -> None:
    """A name space of its own has no network but the machine's own loop."""
    if shutil.which("unshare") is None or subprocess.run(["unshare", "-rn", "ip", "link", "set", "lo", "up"], capture_output=True).returncode:
        pytest.skip("no name spaces here")
    program = (
        "import subprocess, sys, urllib.request\n"
        "command = [sys.executable, '-m', 'chainwright', 'app', 'beer_game', '--port', '0', '--no-open']\n"
        "with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as served:\n"
        "    address = served.stdout.readline().split()[4]\n"
        "    print(urllib.request.urlopen(address, timeout=60).status)\n"
        "    served.send_signal(2)\n"
        "    print(served.communicate(timeout=60)[0], served.returncode)\n"
    )
    inside = ["unshare", "-rn", "sh", "-c", 'ip link set lo up && exec "$0" -c "$1"', sys.executable, program]
    done = subprocess.run(inside, capture_output=True, text=True, cwd=tmp_path, timeout=120, check=True)
    assert (done.stdout, done.stderr) == ("200\nThe visualiser has ended.\n 0\n", "")


def test_visits_leave_no_session_and_no_thread_of_ours_behind() -> None:
    """Kernels open and close pages as the web server does; in a process of its own, since settings of the server hold for all of it."""
    program = (
        "import threading\n"
        "from chainwright.app.visualiser.serving import server, preloading\n"
        "from chainwright.app.visualiser.serving.served_pages import current\n"
        "server.prepare()\n"
        "counts = []\n"
        "for _ in range(2):\n"
        "    for _ in range(30):\n"
        "        preloading.render_page()\n"
        "    assert server.threads_end(30.0)\n"
        "    counts.append(sorted(thread.name for thread in threading.enumerate() if not thread.name.startswith('Dummy')))\n"
        "print(current().count, counts[0] == counts[1], [name for name in counts[1] if name.startswith(server.OURS)])\n"
    )
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout == "0 True []\n"


def test_a_page_that_vanishes_without_a_word_is_forgotten_after_a_quarter_of_an_hour() -> None:
    program = (
        "from chainwright.app.visualiser.serving import server\n"
        "server.prepare()\n"
        "import solara.util\n"
        "from solara.server import settings\n"
        "print(solara.util.parse_timedelta(settings.kernel.cull_timeout))\n"
    )
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, timeout=120, check=True)
    assert float(done.stdout) == 900.0


def test_all_threads_of_a_page_bear_our_name() -> None:
    before = set(threading.enumerate())
    registry = new_pages()
    session = registry.open(lambda post: None)
    session.receive({"kind": "open", "scenario": "beer_game"})
    session.receive({"kind": "bands", "timeline": "c1", "runs": 200})
    session.settle()
    session.jobs.start("bands", "c1", lambda job: {}, 1)
    fresh = [thread.name for thread in threading.enumerate() if thread not in before]
    assert fresh
    assert all(name.startswith(server.OURS) for name in fresh)
    registry.close()
    assert server.threads_end(20.0)


def test_what_the_rehearsal_has_done_no_visitor_waits_for() -> None:
    program = (
        "import sys\n"
        "from chainwright.app.visualiser.serving import server, preloading\n"
        "from chainwright.app.visualiser.serving.served_pages import new_pages\n"
        "server.prepare()\n"
        "with server.quiet():\n"
        "    preloading.warm()\n"
        "    assert preloading.rehearse()\n"
        "    before = set(sys.modules)\n"
        "    preloading.render_page()\n"
        "    session = new_pages().open(lambda post: None)\n"
        "    session.receive({'kind': 'hello', 'fragment': ''})\n"
        "    session.receive({'kind': 'open', 'scenario': 'battery'})\n"
        "    for said in ({'kind': 'need', 'to': 30}, {'kind': 'inspect', 'period': 1, 'enterprise': 0}, {'kind': 'share'}):\n"
        "        session.receive({'timeline': 'c1', **said})\n"
        "    assert session.settle()\n"
        "    print(sorted(set(sys.modules) - before))\n"
    )
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout == "[]\n"


def test_a_rehearsal_that_fails_keeps_nobody_from_coming(monkeypatch: pytest.MonkeyPatch) -> None:
    from chainwright.app.visualiser.serving import preloading

    done: list[str] = []

    def fail() -> None:
        done.append("failed")
        raise RuntimeError("no")

    monkeypatch.setattr(preloading, "open_scenario", fail)
    monkeypatch.setattr(preloading, "render_page", lambda: done.append("rendered"))
    assert not preloading.rehearse()
    assert done == ["failed", "rendered"]


def test_a_port_that_somebody_takes_meanwhile_is_told_in_one_line() -> None:
    with socket.socket() as taken:
        taken.bind((server.HOST, 0))
        taken.listen()
        with pytest.raises(UsageError, match=r"\Aport \d+ cannot be used \(.+\); ask for another one by --port\Z"):
            server.serve(port=taken.getsockname()[1])


def test_work_that_does_not_end_is_broken_off(tmp_path: Path) -> None:
    """A thread that goes on would keep the process from ending, or let the interpreter end with words of its own."""
    program = (
        "import threading\n"
        "from chainwright.app import cli\n"
        "from chainwright.app.visualiser.serving import server\n"
        "def serve(port, up):\n"
        "    threading.Thread(target=threading.Event().wait, name=f'{server.OURS} stuck').start()\n"
        "    return server.threads_end(0.1)\n"
        "server.serve = serve\n"
        "cli.main(['app', 'beer_game', '--no-open'])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=tmp_path, timeout=120)
    assert (done.returncode, done.stdout, done.stderr) == (0, "The visualiser has ended.\n", "")
