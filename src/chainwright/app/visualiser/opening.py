"""What is watched, and what stands beside it: opened from the gallery, a link, the command line or an uploaded file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from chainwright.app.visualiser.gallery import gallery
from chainwright.app.visualiser.open_runs import Watched
from chainwright.app.visualiser.sharing import share_links, uploading
from chainwright.app.visualiser.sources import OWN, Source
from chainwright.app.visualiser.visitor import Visitor
from chainwright.report.screen.bundle import texts
from chainwright.words.errors import ScenarioError, UsageError

Message = dict[str, Any]
# What a page begins with when another timeline is opened.
FRESH = {"view": "screen", "period": 0, "playing": False, "selected": None, "hovered": None, "zoom": None, "open": None, "busy": None}


def hello(session: Visitor, said: Message) -> None:
    """A page has been loaded, or its address was changed: the gallery, and what its address or the command line names."""
    given = session.registry.given
    own = given.scenario if given is not None and not given.shipped else None
    session.send(gallery(session.registry.limits, own))
    fragment = said["fragment"].removeprefix("#")
    if fragment == share_links.GALLERY:
        leave(session, said)
        return
    if fragment:
        shared = share_links.read(fragment)
        if said["period"] is not None:
            # Where this very tab was left, which may be later than its address says.
            shared = replace(shared, period=said["period"])
        open_runs = session.open_runs
        current = share_links.fragment(open_runs.first, beside=open_runs.second) if open_runs.a is not None else ""
        if current and _same(share_links.read(current), shared):
            session.send(open_runs.state(view="screen", busy=None))
        elif (missing := share_links.wanted(shared, session.sources)) is not None:
            # The browser may have kept the file; else its reader has.
            session.send({"kind": "wanted", "name": missing.called.removeprefix(OWN), "digest": missing.digest, "fragment": fragment})
        else:
            _open_shared(session, shared)
        return
    begins_with = session.sources.begin()
    if begins_with is None or given is None:
        session.send(session.open_runs.state(view="gallery"))
    else:
        _open(session, begins_with, given.seed, given.run)


def _open_shared(session: Visitor, shared: share_links.Shared) -> None:
    """Watch what a link says, with what stood beside it."""
    source = _loaded(session, shared.called, lambda: share_links.source_of(shared, session.sources))
    _open(session, source, shared.seed, shared.run, shared.period, shared)
    if (other := shared.beside) is not None:
        _stand_beside(session, _loaded(session, other.called, lambda: share_links.source_of(other, session.sources)), other.seed, other.run, other)


def _same(one: share_links.Shared, other: share_links.Shared) -> bool:
    """Whether two links say the same but for the period that is looked at."""
    return {**vars(one), "period": 0} == {**vars(other), "period": 0}


def open_(session: Visitor, said: Message) -> None:
    """A scenario from the gallery, to be watched or to stand beside what is watched."""
    if said["side"] == "b":
        compare(session, {"timeline": None, **said})
        return
    source = _loaded(session, said["scenario"], lambda: session.sources.find(said["scenario"], said["variant"]))
    _open(session, source, said["seed"])


def _loaded(session: Visitor, called: str, load: Callable[[], Source]) -> Source:
    """A source, with a word to the page as long as it is loaded."""
    session.send({"kind": "state", "state": {"busy": texts()["session.opening"]}})
    return load()


def upload(session: Visitor, said: Message) -> None:
    """A file of the reader's own: opened, or its mistakes."""
    try:
        source = session.sources.take(said["name"], said["text"])
    except ScenarioError as error:
        session.send({"kind": "mistakes", "name": said["name"], "mistakes": uploading.as_mistakes(error), "count": len(error.mistakes)})
        return
    # Kept by the browser, the file can be opened again by its address.
    session.send({"kind": "own", "digest": source.digest})
    shared = share_links.with_file(share_links.read(said["fragment"]), source) if said["fragment"] else None
    if shared is not None and share_links.wanted(shared, session.sources) is None:
        _open_shared(session, shared)
    else:
        _open(session, source, None)


def _made(session: Visitor, source: Source, seed: int | None, run: int, shared: share_links.Shared | None) -> Any:
    """A timeline, with what a link says was done in it."""
    timeline = session.open_runs.make(source, seed, run)
    if shared is not None:
        timeline.label = shared.label
        try:
            share_links.played_by_hand(timeline, shared.acts)
        except BaseException:
            timeline.close()
            raise
    return timeline


def _open(session: Visitor, source: Source, seed: int | None, run: int = 0, period: int = 0, shared: share_links.Shared | None = None) -> None:
    """Watch a timeline in place of all others."""
    open_runs = session.open_runs
    one, told = open_runs.place(_made(session, source, seed, run, shared), source, list(open_runs.watched))
    session.jobs.cancel()
    open_runs.a, open_runs.b = one.number, None
    session.asked.clear()
    told += [open_runs.acts(one), *open_runs.find_baseline()]
    session.send(*told, open_runs.state(**FRESH))
    open_runs.arrive(one, period)


def leave(session: Visitor, said: Message) -> None:
    """Back to the gallery; what was watched stays until something else is opened."""
    session.jobs.cancel()
    for one in session.open_runs.watched.values():
        one.wanted = one.sent
    session.send(session.open_runs.state(view="gallery", playing=False, selected=None, open=None, busy=None))


# --- beside each other ------------------------------------------------------------------------------------------


def compare(session: Visitor, said: Message) -> None:
    """Something beside what is watched, on the same random draws; nothing ends it."""
    open_runs = session.open_runs
    if said["timeline"] is None and said["scenario"] is None:
        open_runs.b = None
        session.send(*open_runs.find_baseline(), open_runs.state())
        return
    first = open_runs.first
    if said["timeline"] is None:
        source = _loaded(session, said["scenario"], lambda: session.sources.find(said["scenario"], said["variant"]))
        _stand_beside(session, source, first.timeline.seed, first.timeline.run)
        return
    other = open_runs.find(said["timeline"])
    if other is first:
        raise UsageError("a run beside itself shows nothing; choose another one")
    _compared(session, other, open_runs.show(other, first))


def _stand_beside(session: Visitor, source: Source, seed: int, run: int, shared: share_links.Shared | None = None) -> None:
    """Watch another timeline beside the first."""
    open_runs = session.open_runs
    gone, why = open_runs.spare()
    other, told = open_runs.place(_made(session, source, seed, run, shared), source, gone)
    _compared(session, other, [*told, *why, open_runs.acts(other)])


def _compared(session: Visitor, other: Watched, told: list[dict[str, Any]]) -> None:
    open_runs, first = session.open_runs, session.open_runs.first
    open_runs.b = other.number
    other.wanted = max(other.wanted, min(max(first.sent, first.wanted), other.timeline.horizon))
    session.send(*told, open_runs.state(busy=None))


def swap(session: Visitor, said: Message) -> None:
    """What stands beside is watched, and what was watched stands beside it."""
    open_runs = session.open_runs
    if open_runs.b is None:
        raise UsageError("nothing stands beside what is watched; compare it with something first")
    _watched(session, open_runs.find(open_runs.b))


def watch(session: Visitor, said: Message) -> None:
    """Another of the open timelines is watched; one that stands beside changes places."""
    one = session.open_runs.find(said["timeline"])
    if one.hidden:
        raise UsageError("the baseline is the run with nothing done by hand, and is not drawn; compare with it")
    _watched(session, one)


def _watched(session: Visitor, one: Watched) -> None:
    open_runs, former = session.open_runs, session.open_runs.first
    open_runs.stay()
    open_runs.b = former.number if one.number == open_runs.b else open_runs.b
    open_runs.a = one.number
    one.wanted = max(one.wanted, min(former.sent, one.timeline.horizon))
    session.send(*open_runs.find_baseline(), open_runs.state())
