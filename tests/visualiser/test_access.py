"""The guard before the server: browsers on this machine only, from pages of the server itself, and nothing is fetched from the net."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from chainwright.app.visualiser.serving.access import ALIVE, Guard, allowed

OWN = "127.0.0.1:8765"


def asked(path: str, kind: str = "http", libraries: Path | None = None, **headers: str) -> list[dict[str, Any]]:
    """What the guard sends, with a server behind it that says yes to everything."""
    sent: list[dict[str, Any]] = []

    async def server(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": f"{kind}.response.start" if kind == "http" else "websocket.accept", "status": 200, "headers": []})

    async def receive() -> dict[str, Any]:
        return {"type": f"{kind}.connect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    told = [(name.encode(), value.encode()) for name, value in ({"host": OWN} | headers).items()]
    asyncio.run(Guard(server, libraries)({"type": kind, "path": path, "headers": told}, receive, send))
    return sent


@pytest.mark.parametrize("host", ["127.0.0.1:8765", "localhost:8765", "[::1]:8765", "LOCALHOST:80"])
def test_this_machine_may_ask(host: str) -> None:
    assert allowed(host, None)
    assert allowed(host, f"http://{host}")


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("elsewhere.example:8765", None),  # a name of somebody else's that leads here
        ("127.0.0.1.elsewhere.example", None),
        ("", None),
        (OWN, "https://elsewhere.example"),
        (OWN, "null"),
        (OWN, "http://127.0.0.1:9999"),  # another server of this machine
        (OWN, ""),
        ("[", None),  # no address at all
        ("[::1", "http://[::1"),
        (OWN, "http://["),
    ],
)
def test_others_may_not(host: str, origin: str | None) -> None:
    assert not allowed(host, origin)


def test_a_page_of_another_site_gets_no_connection() -> None:
    assert asked("/jupyter/api/kernels/x/channels", "websocket", origin="https://elsewhere.example") == [{"type": "websocket.close", "code": 1008}]
    assert asked("/jupyter/api/kernels/x/channels", "websocket", origin=f"http://{OWN}")[0]["type"] == "websocket.accept"
    assert asked("/", host="elsewhere.example")[0]["status"] == 403


def test_a_page_may_load_from_its_own_server_alone() -> None:
    headers = dict(asked("/")[0]["headers"])
    policy = headers[b"content-security-policy"].decode()
    assert policy.startswith("default-src 'self'")
    assert "http" not in policy
    assert "*" not in policy


def test_a_page_knows_a_server_that_was_started_anew() -> None:
    first, other = asked(ALIVE), asked(ALIVE)
    assert first[0]["status"] == 200
    assert first[1]["body"] != other[1]["body"]
    assert asked(ALIVE, host="elsewhere.example")[0]["status"] == 403


def test_a_library_that_is_not_here_is_not_fetched(tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "a.js").write_text("1", encoding="utf-8")
    (tmp_path.parent / "secret.js").write_text("1", encoding="utf-8")
    for path, status in (("lib/a.js", 200), ("lib/b.js", 404), ("lib", 404), ("../secret.js", 404), ("", 404), ("\0", 404), ("a" * 9000, 404)):
        assert asked(f"/_solara/cdn/{path}", libraries=tmp_path)[0]["status"] == status, path
