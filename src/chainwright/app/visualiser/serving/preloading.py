"""What is done before the first visitor comes, so that he does not wait for it: imports, the gallery, a visit that nobody sees."""

from __future__ import annotations

import contextlib
import importlib
import logging
import re
import urllib.request
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

log = logging.getLogger("chainwright.visualiser")
PAGE = "chainwright.app.visualiser.page"
# What is opened in the visit that nobody sees: small, and of the kind that most scenarios are of.
SCENARIO = "beer_game"
ACT = {"lanes.*.transport_time": 2}
ENCODINGS = "gzip, deflate, br, zstd"
SECONDS = 20.0
_NAMED = re.compile(rb"""(?:src|href)=["'](/[^"'\s]+)["']""")


def warm() -> None:
    """Import what a page needs, and draw the gallery."""
    from chainwright.app.visualiser.gallery import gallery
    from chainwright.app.visualiser.serving.served_pages import current
    from chainwright.report.screen.bundle import library, style

    importlib.import_module(PAGE)
    gallery(current().limits)
    library()
    style()


def rehearse(address: str = "") -> bool:
    """All that a visitor makes happen, once; whatever goes wrong here goes wrong again, and is told, where somebody is there.

    Parameters
    ----------
    address : str
        Where the server answers; nothing is asked of it where that is not said.

    Returns
    -------
    bool
        Whether all went well.
    """
    well = True
    parts: list[Callable[[], None]] = [open_scenario, render_page]
    if address:
        parts.append(partial(fetch, address))
    for part in parts:
        try:
            part()
        except Exception as error:
            log.debug("a rehearsal has failed", exc_info=error)
            well = False
    return well


def open_scenario() -> None:
    """A session that opens a scenario, plays, looks and shares."""
    from chainwright.app.visualiser.serving.served_pages import new_pages

    registry = new_pages()
    session = registry.open(lambda post: None)
    try:
        session.receive({"kind": "open", "scenario": SCENARIO})
        for said in ({"kind": "need", "to": 2}, {"kind": "inspect", "period": 1, "enterprise": 0}, {"kind": "act", "period": 1, "settings": ACT}):
            session.receive({"timeline": "c1", **said})
        session.receive({"kind": "share"})
        session.settle(SECONDS)
    finally:
        registry.close()


def render_page() -> None:
    """The page as a visitor's kernel renders it."""
    import solara
    import solara.server.starlette  # makes kernels of their own for visitors
    from solara.server.kernel import Kernel
    from solara.server.kernel_context import VirtualKernelContext

    page: Any = importlib.import_module(PAGE)
    context = VirtualKernelContext(id="chainwright-rehearsal", kernel=Kernel(), session_id="chainwright-rehearsal")
    try:
        with context:
            _, rendered = solara.render(page.Page(), handle_error=False)
            rendered.close()
    finally:
        context.close()


def fetch(address: str) -> None:
    """The page and the files that it names, so that the server has compressed them."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with _asked(opener, address, "identity") as page:
        found = _NAMED.findall(page.read())
    for path in dict.fromkeys(found):
        with contextlib.suppress(OSError), _asked(opener, address.rstrip("/") + path.decode(), ENCODINGS) as file:
            file.read()


@contextlib.contextmanager
def _asked(opener: urllib.request.OpenerDirector, url: str, encodings: str) -> Iterator[Any]:
    with opener.open(urllib.request.Request(url, headers={"Accept-Encoding": encodings}), timeout=SECONDS) as answer:
        yield answer
