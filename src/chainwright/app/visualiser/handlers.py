"""What a page asks for, one function a message: each answers by packets, or refuses in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chainwright.app.visualiser import replications
from chainwright.app.visualiser.jobs import Job
from chainwright.app.visualiser.open_runs import Watched
from chainwright.app.visualiser.opening import compare, hello, leave, open_, swap, upload, watch
from chainwright.app.visualiser.sharing import downloads, python_code, share_links
from chainwright.app.visualiser.visitor import Visitor
from chainwright.experiment.timeline import inspector
from chainwright.report.screen.bundle import texts
from chainwright.report.screen.opening_packet import period_word
from chainwright.words.errors import UsageError

Message = dict[str, Any]
# Bands and sweeps that are told again as Python, the last of them.
MOST_ASKED = 5


# --- playing and doing ------------------------------------------------------------------------------------------


def need(session: Visitor, said: Message) -> None:
    """The page wants a timeline up to a period; what it wanted before is no longer wanted."""
    one = session.open_runs.find(said["timeline"])
    one.wanted = min(said["to"], one.timeline.horizon)
    session.open_runs.stay(one, one.wanted)


def act(session: Visitor, said: Message) -> None:
    """A lever, or a disruption: from the period after the one that is looked at."""
    open_runs = session.open_runs
    one = open_runs.find(said["timeline"])
    period, seen = said["period"], said["seen"] if said["seen"] is not None else said["period"]
    if one.hidden:
        raise UsageError("the baseline is the run with nothing done by hand; act in a branch of it")
    if period >= one.timeline.horizon:
        raise UsageError(f"period {period} is the last one, and what is done holds from the next; step back first")
    timeline = open_runs.bring(one, period)
    if period < seen:
        # What was seen stays as it was: a timeline of its own begins here, in which what was done later happens too if one wants.
        twin = timeline.branch(period, _label(one, period), keep=said["keep"])
        try:
            share_links.do(twin, said, period + 1)
        except BaseException:
            twin.close()
            raise
        _beside(session, one, twin, period)
        return
    timeline.forget_after(period)
    share_links.do(timeline, said, period + 1)
    try:
        open_runs.measure(one)
    except UsageError:
        timeline.undo()
        raise
    one.sent = min(one.sent, period)
    told = [{"kind": "forget", "timeline": one.number, "after": period}, open_runs.acts(one), *open_runs.find_baseline()]
    session.send(*told, open_runs.state())


def undo(session: Visitor, said: Message) -> None:
    """Something that was done by hand never happened; what was played since is played again."""
    open_runs = session.open_runs
    one = open_runs.find(said["timeline"])
    number = said["number"]
    act = next((act for act in reversed(one.timeline.acts) if number in (None, act.number)), None)
    if act is None:
        raise UsageError("nothing was done by hand yet" if number is None else f"there is no change {number} to undo")
    sent, kept = one.sent, min(one.sent, act.period - 1)
    one.timeline.forget_after(kept)
    one.timeline.undo(act.number)
    open_runs.measure(one)
    one.sent, one.wanted = kept, max(one.wanted, sent)
    told = [{"kind": "forget", "timeline": one.number, "after": kept}, open_runs.acts(one), *open_runs.find_baseline()]
    session.send(*told, open_runs.state())


def branch(session: Visitor, said: Message) -> None:
    """A timeline of its own from a period on, with the original beside it."""
    one = session.open_runs.find(said["timeline"])
    period = min(said["period"], one.timeline.horizon)
    label = said["label"].strip() or _label(one, period)
    _beside(session, one, session.open_runs.bring(one, period).branch(period, label, keep=said["keep"]), period)


def rename(session: Visitor, said: Message) -> None:
    """A timeline is called something else; without a name it is called by what sets it apart."""
    one = session.open_runs.find(said["timeline"])
    if one.hidden:
        raise UsageError("the run with nothing done by hand keeps its name; compare with it first")
    one.timeline.label = " ".join(said["label"].split())
    session.send({"kind": "label", "timeline": one.number, "label": one.timeline.label}, session.open_runs.state())


def _label(one: Watched, period: int) -> str:
    return texts()["session.branch"].format(word=period_word(one.timeline.scenario), period=period)


def _beside(session: Visitor, one: Watched, twin: Any, period: int) -> None:
    """Watch a branch, and its original beside it."""
    open_runs = session.open_runs
    gone, why = open_runs.spare(one.number)
    sent = min(period, one.sent)
    made, told = open_runs.place(twin, one.source, gone, parent=one.number, sent=sent, wanted=sent)
    open_runs.a, open_runs.b = made.number, one.number
    session.send(*told, *why, open_runs.acts(made), *open_runs.find_baseline(), open_runs.state(view="screen"))


# --- looking ----------------------------------------------------------------------------------------------------


def inspect(session: Visitor, said: Message) -> None:
    """All about an enterprise, or the lanes between two, in one period."""
    one = session.open_runs.find(said["timeline"])
    period = min(said["period"], one.timeline.horizon)
    timeline = session.open_runs.bring(one, period)
    names = [str(name) for name in timeline.history.names.enterprises["name"]]
    answer = {"kind": "inspection", "timeline": one.number, "period": period}
    if said["link"] is not None:
        owner, lanes = timeline.history.names.items["enterprise"], timeline.history.names.lanes
        pairs = list(dict.fromkeys(zip(owner[lanes["seller"]].tolist(), owner[lanes["buyer"]].tolist(), strict=True)))
        if said["link"] >= len(pairs):
            raise UsageError(f"there is no link {said['link']}")
        seller, buyer = pairs[said["link"]]
        session.send(answer | {"link": said["link"], "data": inspector.inspect_lane(timeline, names[seller], names[buyer], period)})
        return
    if said["enterprise"] is None or said["enterprise"] >= len(names):
        raise UsageError("an inspection must name an enterprise or a link that is there")
    session.send(answer | {"enterprise": said["enterprise"], "data": inspector.inspect(timeline, names[said["enterprise"]], period)})


# --- many runs, share_links, files ----------------------------------------------------------------------------------


def bands(session: Visitor, said: Message) -> None:
    """Many runs with the same interventions, in the background."""
    open_runs, runs = session.open_runs, said["runs"]
    one = open_runs.find(said["timeline"])
    beside = open_runs.second if one.number == open_runs.a else None
    replications.check_bands(one, runs, open_runs.limits, beside)
    repeat = _repeat(session, one)
    other = None if beside is None else _repeat(session, beside)
    _note(session, replications.program_of_bands(repeat, runs, other))
    session.jobs.start("bands", one.number, lambda job: replications.bands(repeat, runs, job, other), runs)


def run_many(session: Visitor, said: Message) -> None:
    """A small sweep in the background."""
    one = session.open_runs.find(said["timeline"])
    runs, factors = said["runs"], said["factors"]
    total = replications.check_many(one, factors, runs, session.open_runs.limits)
    repeat = _repeat(session, one)
    _note(session, repeat.sweep_code(factors, runs))
    session.jobs.start("many", one.number, lambda job: replications.many(repeat, factors, runs, job), total)


def _note(session: Visitor, asked: str) -> None:
    """Keep the program of what was asked for, for whoever wants all of it."""
    session.asked.append(asked)
    del session.asked[:-MOST_ASKED]


def _repeat(session: Visitor, one: Watched) -> replications.Repeat:
    return replications.Repeat.of(one.number, one.timeline, python_code.load_code(one.source, session.registry.given))


def cancel(session: Visitor, said: Message) -> None:
    """No more of a job."""
    session.jobs.cancel(said["job"])


def program(session: Visitor, period: int | None = None) -> str:
    """Everything that was clicked as Python."""
    open_runs, given = session.open_runs, session.registry.given
    one = open_runs.first
    beside = open_runs.second
    other = None if beside is None else (python_code.load_code(beside.source, given), beside.timeline)
    return python_code.code(python_code.load_code(one.source, given), one.timeline, period, other, session.asked)


def code(session: Visitor, said: Message) -> None:
    """The program."""
    session.send({"kind": "code", "text": program(session, said["period"])})


def share(session: Visitor, said: Message) -> None:
    """A link to what is watched, and its square code; an uploaded file is in none, nor is very much that was done by hand."""
    one, beside = session.open_runs.first, session.open_runs.second
    period = session.open_runs.looked_at(one, said["period"] or 0)
    fragment = share_links.fragment(one, period, beside)
    own = next((each.source.digest for each in (one, beside) if each is not None and each.source.kind == "own"), "")
    told: dict[str, Any]
    if own or not fragment:
        why = "session.own_link" if own else "session.long_link"
        told = {"fragment": fragment or share_links.GALLERY, "qr": None, "own": True, "file": own, "message": texts()[why]}
    else:
        link = f"{session.registry.address}#{fragment}"
        told = {"fragment": fragment, "link": link, "qr": share_links.square_code(link), "own": False}
    session.send({"kind": "share", "period": period, **told})


def export(session: Visitor, said: Message) -> None:
    """A file to take along; what takes long is made in the background."""
    one = session.open_runs.first
    name, repeat = one.timeline.scenario.name, _repeat(session, one)
    if said["what"] == "scenario":
        session.send(downloads.file_packet(name, "yaml", "text/yaml", downloads.scenario_file(repeat)))
        return
    text = program(session)
    sources = [each.source for each in (one, session.open_runs.second) if each is not None]
    own = {f"{source.name}.yaml": file for source in sources if (file := session.sources.text_of(source))}
    # Another thread plays a timeline of its own.
    twin = one.timeline.copy() if said["what"] == "replay" else None

    def work(job: Job) -> dict[str, Any]:
        session.send({"kind": "state", "state": {"busy": texts()["session.exporting"]}})
        try:
            if twin is not None:
                session.send(downloads.file_packet(name, "html", "text/html", downloads.replay(twin, job)))
            else:
                session.send(downloads.file_packet(name, "zip", "application/zip", downloads.tables(repeat, text, job, own)))
        finally:
            session.send({"kind": "state", "state": {"busy": None}})
        return {}

    session.jobs.start("export", one.number, work, one.timeline.horizon)


HANDLERS: dict[str, Callable[[Visitor, Message], None]] = {
    "hello": hello, "open": open_, "upload": upload, "leave": leave, "need": need, "act": act, "disrupt": act, "undo": undo, "branch": branch,
    "rename": rename,
    "compare": compare, "swap": swap, "watch": watch, "inspect": inspect, "bands": bands, "many": run_many, "cancel": cancel, "code": code,
    "share": share, "export": export,
}  # fmt: skip
