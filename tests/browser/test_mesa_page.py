"""The beer game in Mesa's own page, in a real browser: network and plots are painted, and change when periods are played."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync"
)
APP = Path(__file__).resolve().parents[2] / "scenarios" / "beer_game" / "app.py"
# Pictures of the network and of the plots; icons are smaller.
PICTURES = "[...document.querySelectorAll('img')].filter(one => one.getBoundingClientRect().height > 100)"
SECONDS = 60

pytest.importorskip("solara", reason="solara is not installed: pip install '.[app]'")
playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
if not CHROMIUM.exists():
    pytest.skip("there is no chromium at /usr/bin/chromium", allow_module_level=True)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where ``solara run`` serves the page."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path_factory.mktemp("solara") / "log.txt"
    command = [sys.executable, "-m", "solara", "run", str(APP), "--production", "--host", "127.0.0.1", "--port", str(port), "--no-open"]
    environment = {**os.environ, "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False", "MPLBACKEND": "Agg"}
    with log.open("w", encoding="utf-8") as written:
        server = subprocess.Popen(command, env=environment, stdout=written, stderr=subprocess.STDOUT, cwd=log.parent)
        try:
            until = time.monotonic() + SECONDS
            while server.poll() is None and time.monotonic() < until:
                with socket.socket() as knock:
                    knock.settimeout(0.2)
                    if knock.connect_ex(("127.0.0.1", port)) == 0:
                        break
            else:
                pytest.fail(log.read_text(encoding="utf-8"))
            yield f"http://127.0.0.1:{port}/"
        finally:
            server.terminate()
            server.wait(SECONDS)
    said = log.read_text(encoding="utf-8")
    assert "Traceback" not in said, said
    # Mesa and Solara warn of themselves here; none of it is about the page.
    assert str(APP.parent) not in said, said


LOOKED_AT = """
import io, json
from unittest import mock
from matplotlib.figure import Figure
import app
shapes = {agent.role: app.portrayal(agent).marker for agent in app.model.agents}
figure = Figure()
app.drawn_once(figure.subplots(), left=0.1)
with mock.patch.object(Figure, "draw", autospec=True, side_effect=Figure.draw) as drawn:
    figure.savefig(io.BytesIO(), format="png", bbox_inches="tight")
print(json.dumps([shapes, drawn.call_count]))
"""


def test_roles_differ_by_their_shapes_and_a_week_is_drawn_once() -> None:
    environment = {**os.environ, "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False", "MPLBACKEND": "Agg"}
    done = subprocess.run([sys.executable, "-c", LOOKED_AT], cwd=APP.parent, env=environment, capture_output=True, text=True, check=True)
    shapes, drawn = json.loads(done.stdout.splitlines()[-1])
    assert set(shapes) == {"supplier", "manufacturer", "distributor", "retailer", "customer"}
    assert len(set(shapes.values())) == len(shapes)
    assert drawn == 1


def pictures(tab: Any) -> list[str]:
    """What is painted: the source of each picture, which changes with what it shows."""
    sources: list[str] = tab.evaluate(f"{PICTURES}.map(one => one.src)")
    return sources


def wait_for_period(tab: Any, written: str) -> None:
    """Mesa 3.3 counts steps in its page, Mesa 3.5 time."""
    tab.get_by_text(re.compile(rf"^(Step|Time): {written}$")).wait_for()


def test_the_page_is_painted_steps_and_plays(address: str, tmp_path: Path) -> None:
    wrong: list[str] = []
    away: list[str] = []
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS.split())
        tab = browser.new_context(viewport={"width": 1400, "height": 1000}).new_page()
        tab.set_default_timeout(SECONDS * 1000)
        tab.on("console", lambda message: wrong.append(f"{message.text} {message.location['url']}") if message.type == "error" else None)
        tab.on("pageerror", lambda error: wrong.append(str(error)))
        tab.on("request", lambda request: away.append(request.url) if not request.url.startswith((address, "data:", "blob:", "ws:")) else None)
        tab.goto(address)
        tab.wait_for_function(f"{PICTURES}.length === 4")
        wait_for_period(tab, r"0(\.0)?")
        before = pictures(tab)

        tab.get_by_role("button", name="Step").click()
        wait_for_period(tab, r"1(\.0)?")
        tab.wait_for_function(f"before => {PICTURES}.length === 4 && {PICTURES}.every((one, place) => one.src !== before[place])", arg=before)

        tab.get_by_role("button", name="▶").click()
        wait_for_period(tab, r"([4-9]|[12]\d)(\.0)?")
        tab.get_by_role("button", name="❚❚").click()
        tab.get_by_role("button", name="▶").wait_for()
        tab.screenshot(path=tmp_path / "beer_game.png")

        # Another wholesaler: the page makes a new model of the same class from its parameters.
        tab.get_by_text("as in the experiment").click()
        tab.get_by_text("who panics").click()
        tab.get_by_role("button", name="Reset").click()
        wait_for_period(tab, r"0(\.0)?")
        tab.get_by_role("button", name="Step").click()
        wait_for_period(tab, r"1(\.0)?")
        tab.screenshot(path=tmp_path / "who_panics.png")
        browser.close()
    assert away == []
    # What sets formulas is asked for by the page's frame, is not needed, and is the one thing that does not come along.
    assert [one for one in wrong if "katex" not in one] == []
