"""When a page has drawn what it was told; and pages that draw and hear late, in which a test that does not wait for it is found at once."""

from __future__ import annotations

import os
from typing import Any

# A frame is late by this many milliseconds, and so is what comes from the server; nothing where it is not asked for.
LATE = int(os.environ.get("CHAINWRIGHT_LATE", "0"))
# What was told is drawn in the next frame, and what follows from that in the one after it.
SETTLED = """
() => new Promise((done, fail) => {
  setTimeout(() => fail(new Error("the page draws no more")), 60_000);
  requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done)));
})
"""
SLOWLY = """
(() => {
  const late = %d, frame = window.requestAnimationFrame.bind(window), forget = window.cancelAnimationFrame.bind(window);
  const waiting = new Map();
  let number = 0;
  window.requestAnimationFrame = (then) => {
    const mine = ++number;
    const soon = () => waiting.set(mine, ["frame", frame((now) => (waiting.delete(mine), then(now)))]);
    waiting.set(mine, ["clock", setTimeout(soon, late)]);
    return mine;
  };
  window.cancelAnimationFrame = (mine) => {
    const [kind, handle] = waiting.get(mine) || [];
    if (kind === "clock") clearTimeout(handle);
    if (kind === "frame") forget(handle);
    waiting.delete(mine);
  };
  const hear = Object.getOwnPropertyDescriptor(WebSocket.prototype, "onmessage");
  Object.defineProperty(WebSocket.prototype, "onmessage", {
    ...hear,
    set(heard) {
      hear.set.call(this, heard && ((event) => setTimeout(() => heard.call(this, event), late)));
    },
  });
})();
"""


def settle(tab: Any) -> None:
    """Wait until the page has drawn what it was told."""
    tab.evaluate(SETTLED)


def slowed(browser: Any) -> Any:
    """The same browser; where ``CHAINWRIGHT_LATE`` is set, its pages draw and hear late."""
    if LATE:
        context, page = browser.new_context, browser.new_page

        def late(made: Any) -> Any:
            made.add_init_script(SLOWLY % LATE)
            return made

        browser.new_context = lambda **options: late(context(**options))
        browser.new_page = lambda **options: late(page(**options))
    return browser
