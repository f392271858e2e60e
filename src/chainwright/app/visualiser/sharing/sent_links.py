"""Links that somebody has sent: found in what was typed, and tried before a page is opened for them."""

from __future__ import annotations

import re
from pathlib import Path

from chainwright.app.visualiser.serving.limits import Limits
from chainwright.app.visualiser.session import told
from chainwright.app.visualiser.sharing import share_links
from chainwright.app.visualiser.sources import GIVEN, Sources
from chainwright.experiment.timeline.timeline import Timeline
from chainwright.words.errors import ChainwrightError, UsageError

# A fragment by itself, or at the end of an address; shorter ones hold no run, and may be names of files.
_FRAGMENT = re.compile(r"(?:\A|#)(\d{1,3}\.[\w=-]{12,})\Z", re.ASCII)
_ADDRESS = re.compile(r"https?://[^#]*#?|#", re.IGNORECASE)
# What mail programs and hasty copying leave around a link.
_AROUND = " \t\r\n<>\"'"


def fragment_of(text: str) -> str | None:
    """The fragment of a link, whichever server it was made on; None for what is no link.

    Parameters
    ----------
    text : str
        What somebody has typed or pasted: an address, or its part from ``#`` on, or what follows the ``#``.

    Examples
    --------
    >>> fragment_of("http://127.0.0.1:9999/#1.eNqrVipWslJK"), fragment_of("#1.eNqrVipWslJK"), fragment_of("beer_game")
    ('1.eNqrVipWslJK', '1.eNqrVipWslJK', None)
    """
    meant = text.strip(_AROUND)
    if (address := _ADDRESS.match(meant)) is not None:
        return meant[address.end() :]
    found = _FRAGMENT.search(meant)
    return found[1] if found is not None and not Path(text).is_file() else None


def try_link(fragment: str, limits: Limits) -> None:
    """Find out whether a link can be opened: its scenario, and everything that was done by hand.

    Raises
    ------
    UsageError
        In one line, with what is wrong and what to do.
    """
    if fragment in ("", share_links.GALLERY):
        raise UsageError("this link holds no run, only the gallery; `chainwright app` opens that, and a scenario's name or file opens a run")
    shared = share_links.read(fragment)
    if shared.called.startswith(GIVEN):
        name = shared.called.removeprefix(GIVEN)[:60]
        raise UsageError(
            f"this link is of {name!r}, a scenario file that no link holds; start `chainwright app` with that file, "
            "and put the link's part from # on behind the address of the page"
        )
    try:
        source = share_links.source_of(shared, Sources(limits))
        timeline = Timeline(source.scenario, shared.seed, shared.run, most_bytes=limits.timeline_bytes)
        try:
            share_links.played_by_hand(timeline, shared.acts)
        finally:
            timeline.close()
    except ChainwrightError as error:
        raise UsageError(f"this link cannot be opened: {told(error)}") from None
