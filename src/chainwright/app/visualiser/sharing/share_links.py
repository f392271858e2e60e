"""Links: a run with all that was done by hand, and what stands beside it, in the fragment of an address, and the square code of it."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from chainwright.app.visualiser import messages
from chainwright.app.visualiser.open_runs import Watched
from chainwright.app.visualiser.sources import GIVEN, OWN, Source, Sources
from chainwright.experiment.timeline.changes_by_hand import LONGEST_LABEL, ManualChange, disruption, lever
from chainwright.experiment.timeline.timeline import Timeline
from chainwright.words.errors import UsageError
from chainwright.words.requests import LARGEST_RUN, LARGEST_SEED

# The form of the fragment, said at its beginning, so that another one can come beside it.
FORM = "1."
# What only says that nothing is open.
GALLERY = "gallery"
LONGEST = 40_000
LARGEST = 400_000
MOST_ACTS = 500
# A square code holds about so many characters; beyond, readers fail.
LONGEST_CODE = 2_000
_WRONG = "this link cannot be read; it was cut off or changed on its way"
_KINDS = {"l": "lever", "d": "disruption"}


@dataclass(frozen=True)
class Shared:
    """What a fragment says.

    Parameters
    ----------
    called : str
        The scenario, as a page calls it.
    variant : str or None
        Which variant.
    digest : str
        Of a scenario of the command line, and of an uploaded file, the first digits of its hash.
    seed, run, period : int
        Of the draws, the replication, and the period that was looked at.
    acts : tuple of dict
        What was done by hand, each as the message that did it: ``period``, ``label``, and ``disruption`` or ``settings`` and ``about``.
    label : str
        What the timeline is called.
    beside : Shared or None
        What stands beside it.
    """

    called: str
    variant: str | None
    digest: str
    seed: int
    run: int
    period: int
    acts: tuple[dict[str, Any], ...]
    label: str = ""
    beside: Shared | None = None


def fragment(one: Watched, period: int = 0, beside: Watched | None = None) -> str:
    """The fragment that repeats a timeline, and what stands beside it as far as there is room; empty for more than a link may say.

    Of an uploaded file it says the name and a digest: only a browser that has kept the file can repeat it.

    Examples
    --------
    >>> import chainwright as cw
    >>> from chainwright.app.visualiser.serving.limits import Limits
    >>> source = Sources(Limits()).find("beer_game")
    >>> said = fragment(Watched("c1", cw.Timeline(source.scenario), source), 12)
    >>> read(said).called, read(said).period, len(said) < 100
    ('beer_game', 12, True)
    """
    said = _said(one) | ({"p": period} if period else {})
    if beside is not None and (both := _packed(said | {"b": _said(beside)}, len(one.timeline.acts) + len(beside.timeline.acts))):
        return both
    return _packed(said, len(one.timeline.acts))


def _packed(said: Mapping[str, Any], acts: int) -> str:
    text = json.dumps(said, separators=(",", ":"), ensure_ascii=False).encode()
    made = FORM + base64.urlsafe_b64encode(zlib.compress(text, 9)).decode().rstrip("=")
    return made if len(made) <= LONGEST and len(text) <= LARGEST and acts <= MOST_ACTS else ""


def _said(one: Watched) -> dict[str, Any]:
    source, timeline = one.source, one.timeline
    said: dict[str, Any] = {"s": source.called, "d": timeline.seed}
    said |= {key: value for key, value in (("h", source.digest), ("x", source.variant), ("r", timeline.run), ("l", timeline.label)) if value}
    if timeline.acts:
        said["i"] = [_told(act) for act in timeline.acts]
    return said


def _told(act: Any) -> list[Any]:
    if act.kind == "disruption":
        return ["d", act.period, act.about["disruption"], act.label]
    return ["l", act.period, dict(act.settings), act.label, *([dict(act.about)] if act.about else [])]


def read(text: str) -> Shared:
    """What a fragment says; nothing in it is trusted.

    Raises
    ------
    UsageError
        When it is none, or says what a page may not do.
    """
    said = _unpacked(text)
    try:
        first, beside = _shared(said), said.get("b")
        return first if beside is None else replace(first, beside=_shared(_mapping(beside)))
    except UsageError as error:
        raise UsageError(f"{_WRONG}: {error}") from None


def _mapping(said: Any) -> Mapping[str, Any]:
    if not isinstance(said, Mapping):
        raise UsageError("what stands beside it is no run")
    return said


def _shared(said: Mapping[str, Any]) -> Shared:
    acts = said.get("i", [])
    if not isinstance(acts, list) or len(acts) > MOST_ACTS:
        raise UsageError(f"a link can hold up to {MOST_ACTS} changes")
    return Shared(
        messages.text(200)("scenario", said.get("s")),
        messages.perhaps(messages.text(200))("variant", said.get("x")),
        messages.text(12)("hash", said.get("h", "")),
        _up_to(LARGEST_SEED, "seed", said.get("d")),
        _up_to(LARGEST_RUN, "run", said.get("r", 0)),
        messages.whole("period", said.get("p", 0)),
        tuple(_act(one) for one in acts),
        messages.text(LONGEST_LABEL)("label", said.get("l", "")),
    )


def wanted(shared: Shared, sources: Sources) -> Shared | None:
    """What of a link needs an uploaded file that is not here; None where nothing does."""
    needed = [one for one in (shared, shared.beside) if one is not None and one.called.startswith(OWN)]
    return next((one for one in needed if not sources.has(one.called, one.digest)), None)


def with_file(shared: Shared, source: Source) -> Shared:
    """A link whose uploaded file is here, whatever it is called now; what is of another file stays as it is."""
    beside = None if shared.beside is None else with_file(shared.beside, source)
    mine = shared.called.startswith(OWN) and shared.digest == source.digest
    return replace(shared, called=source.called if mine else shared.called, beside=beside)


def _up_to(most: int, field: str, value: Any) -> int:
    """A whole number, which in links, that only Python reads, may be larger than a page can count."""
    if not isinstance(value, int) or value <= messages.LARGEST_NUMBER:
        return messages.whole(field, value)
    if value > most:
        raise UsageError(f"{field}: up to {most:,}, and not more")
    return value


def _unpacked(text: str) -> Mapping[str, Any]:
    if not text.startswith(FORM) or len(text) > LONGEST:
        form, dot, _ = text.partition(".")
        newer = dot and form.isdecimal() and len(form) < 4 and form != FORM[:-1]
        raise UsageError("this link was made by a newer chainwright; update yours" if newer else _WRONG)
    try:
        letters = text.removeprefix(FORM).encode("ascii")
        packed = base64.b64decode(letters + b"=" * (-len(letters) % 4), altchars=b"-_", validate=True)
        unpacking = zlib.decompressobj()
        data = unpacking.decompress(packed, LARGEST)
        if unpacking.unconsumed_tail or not unpacking.eof:
            raise UsageError(_WRONG)
        said = json.loads(data, parse_constant=_refused)
    except (ValueError, binascii.Error, zlib.error, RecursionError):
        raise UsageError(_WRONG) from None
    if not isinstance(said, dict):
        raise UsageError(_WRONG)
    return said


def _refused(word: str) -> Any:
    raise ValueError(word)


def _act(said: Any) -> dict[str, Any]:
    if not isinstance(said, list) or len(said) not in (4, 5) or said[0] not in ("l", "d"):
        raise UsageError("a change that is none")
    made = {"period": messages.whole("period", said[1]), "label": messages.text(LONGEST_LABEL)("label", said[3])}
    if said[0] == "d":
        return made | {"disruption": messages.mapping("disruption", said[2])}
    return made | {"settings": messages.mapping("settings", said[2]), "about": messages.notes("about", said[4] if len(said) == 5 else None)}


def source_of(shared: Shared, sources: Sources) -> Source:
    """The scenario of a link: one that is shipped, or the very one that the command line names; never a path.

    Raises
    ------
    UsageError
        When it is neither.
    """
    if shared.called.startswith(GIVEN):
        found = sources.find(shared.called, shared.variant)
        if found.digest != shared.digest:
            raise UsageError(f"this link was made with another version of {found.scenario.title}; start `chainwright app` with that file")
        return found
    return sources.find(shared.called, shared.variant)


def played_by_hand(timeline: Timeline, acts: tuple[dict[str, Any], ...]) -> None:
    """Do in a timeline what a link says was done by hand.

    Raises
    ------
    UsageError, ScenarioError
        When something cannot be done (any more).
    """
    timeline.do([_as_act(one, one["period"]) for one in acts])


def do(timeline: Timeline, said: Mapping[str, Any], period: int) -> None:
    """One thing that is done by hand, as a message or a link says it, from a period on."""
    timeline.do([_as_act(said, period)])


def _as_act(said: Mapping[str, Any], period: int) -> ManualChange:
    if "disruption" in said:
        return disruption(1, period, said["disruption"], said["label"])
    return lever(1, period, said["settings"], said["label"], about=said["about"])


def square_code(text: str) -> list[list[int]] | None:
    """The square code of a text as rows of 0 and 1; None where it is too long for one.

    Examples
    --------
    >>> rows = square_code("http://127.0.0.1:8765/#1.abc")
    >>> len(rows) == len(rows[0]) and rows[0][:7]
    [1, 1, 1, 1, 1, 1, 1]
    """
    if len(text) > LONGEST_CODE:
        return None
    import segno

    return [[int(cell) for cell in row] for row in segno.make(text, error="l", micro=False, boost_error=False).matrix]
