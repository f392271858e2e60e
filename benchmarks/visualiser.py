"""The visualiser in a real browser: redraws a second, the first paint, and what 30 visitors leave behind."""

from __future__ import annotations

import math
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.lines import Line
from chainwright.app.visualiser.serving.server import OURS

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync"
)
VISITORS = 30
POOL = "AnyIO worker"
# As the command line starts it; a thread that is gone may leave an entry without one, which is called a dummy.
PROGRAM = """
import os, signal, sys, threading
from chainwright.app.cli import main
def tell(*said):
    names = [thread.name for thread in threading.enumerate() if not thread.name.startswith("Dummy")]
    with open(path + ".part", "w") as file:
        file.write("\\n".join(names))
    os.replace(path + ".part", path)
path = sys.argv[1]
signal.signal(signal.SIGUSR1, tell)
main(sys.argv[2:])
"""
SECONDS = 8.0
# 200 enterprises and 300 lanes, all of which move in every period.
SCENARIO = """chainwright: 1
title: Two hundred enterprises
period: week
horizon: 520
population: {generator: layered, retailers: 60, customers: 100, distributors: 20, manufacturers: 12, suppliers: 8, sellers_per_buyer: SELLERS,
             most_sellers: 2, demand: {policy: normal, variation: 0.3}}
policies:
  place_orders:
    default: {policy: order_up_to, safety_factor: 1.65}
  forecast_demand:
    default: {policy: exponential_smoothing, smoothing: 0.2}
"""
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")
# Plays as fast as the page can, and counts the periods that came, were drawn, and were told to be drawn after the browser's next frame.
COUNT = """
seconds => new Promise(done => {
  const store = chainwright.store;
  store.set({speed: 0});
  const player = chainwright.player(store);
  player.play();
  let drawn = 0, last = store.state.period, first = null, frames = 0;
  const look = () => {
    frames += 1;
    const now = performance.now();
    if (store.state.period !== last) { drawn += 1; last = store.state.period; }
    if (first === null) { first = now; drawn = 0; }
    if (now - first < 1000 * seconds && store.state.period < store.timeline().horizon) requestAnimationFrame(look);
    else { player.pause(); done({drawn, seconds: (now - first) / 1000, period: store.state.period, frames}); }
  };
  requestAnimationFrame(look);
})
"""


def lines() -> Iterator[Line]:
    """Redraws, first paint, and threads; nothing where there is no browser."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        yield Line("the visualiser", "playwright is not installed", math.nan)
        return
    if not CHROMIUM.exists():
        yield Line("the visualiser", f"there is no chromium at {CHROMIUM}", math.nan)
        return
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = Path(folder) / "two_hundred.yaml"
        path.write_text(SCENARIO.replace("SELLERS", "1.52"), encoding="utf-8")
        with _Server(path) as server:
            browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS.split())
            yield from _measured(browser, server)
            browser.close()


def _measured(browser: Any, server: _Server) -> Iterator[Line]:
    tab = browser.new_page(viewport={"width": 1280, "height": 720})
    began = time.perf_counter()
    tab.goto(server.address)
    tab.wait_for_selector(".cw-network svg [data-enterprise]", timeout=60_000)
    painted = time.perf_counter() - began
    words = f"{painted:.2f} s to the first enterprises on the page"
    yield Line("first paint of a network, once the server is up", words, painted, limit=4.0, unit="s")
    shape = tab.evaluate("() => { const c = chainwright.store.timeline(); return [c.enterprises.length, c.lanes.length]; }")
    found = tab.evaluate(COUNT, SECONDS)
    rate = found["drawn"] / found["seconds"]
    told = f"{shape[0]} enterprises, {shape[1]} lanes: {found['drawn']} periods played, sent, drawn and acknowledged in {found['seconds']:.1f} s"
    yield Line("acknowledged redraws", told, rate, least=15.0, unit="a second")
    tab.close()
    time.sleep(2.0)
    (ours, pool, others), (ours_again, pool_again, others_again) = (_after_visitors(browser, server) for _ in range(2))
    words = f"{ours} and {ours_again} threads of sessions and jobs after {VISITORS} and {2 * VISITORS} visitors"
    yield Line("threads of sessions left by visitors who came and went", words, float(max(ours, ours_again)), limit=0.0)
    # The web server's pool has as many threads as have lately been at work at the same time, however many visitors there were.
    words = f"{others} threads of the server and {pool} of its pool after {VISITORS} visitors, {others_again} and {pool_again} after {VISITORS} more"
    yield Line("threads of the server that further visitors leave", words, float(others_again - others), limit=0.0)


def _after_visitors(browser: Any, server: _Server) -> tuple[int, int, int]:
    """Threads of sessions and jobs, of the web server's pool, and others, once so many visitors have come and gone."""
    for _ in range(VISITORS):
        visitor = browser.new_page()
        visitor.goto(server.address)
        visitor.wait_for_selector(".cw-network svg [data-enterprise]", timeout=60_000)
        visitor.close(run_before_unload=False)
    # A page that goes says goodbye, and its session ends once the step that it is in has ended.
    until = time.monotonic() + 80.0
    while server.threads()[0] and time.monotonic() < until:
        time.sleep(0.2)
    return server.threads()


class _Server:
    """``chainwright app`` in a process of its own, which writes the names of its threads where it is asked to."""

    def __init__(self, scenario: Path) -> None:
        self._names = scenario.with_name("threads.txt")
        command = [sys.executable, "-c", PROGRAM, str(self._names), "app", str(scenario), "--port", "0", "--no-open"]
        environment = {**os.environ, "PYTHONUNBUFFERED": "1", "OMP_NUM_THREADS": "1"}
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment)
        self._said: list[str] = []
        self.address = ""

    def __enter__(self) -> _Server:
        threading.Thread(target=self._listen, daemon=True).start()
        until = time.monotonic() + 60.0
        while not self.address and self._process.poll() is None and time.monotonic() < until:
            if found := ADDRESS.search("".join(self._said)):
                self.address = found[0]
            time.sleep(0.02)
        if not self.address:
            raise RuntimeError("".join(self._said))
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(30)

    def _listen(self) -> None:
        assert self._process.stdout is not None
        self._said.extend(iter(self._process.stdout.readline, ""))

    def threads(self) -> tuple[int, int, int]:
        """How many threads the server has of sessions and jobs, of the pool, and others, by their names."""
        self._names.unlink(missing_ok=True)
        self._process.send_signal(signal.SIGUSR1)
        while not self._names.exists():
            time.sleep(0.02)
        names = self._names.read_text(encoding="utf-8").splitlines()
        ours, pool = (sum(name.startswith(begin) for name in names) for begin in (OURS, POOL))
        return ours, pool, len(names) - ours - pool
