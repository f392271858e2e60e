"""What a page asks for, one function a message: each answers by packets, or refuses in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from chainwright.app.visualiser import as_python, exporting, many, sharing, uploading
from chainwright.app.visualiser.desk import Watched
from chainwright.app.visualiser.gallery import gallery
from chainwright.app.visualiser.jobs import Job
from chainwright.app.visualiser.sources import OWN, Source
from chainwright.experiment.courses import inspecting
from chainwright.report.screen.bundle import texts
from chainwright.report.screen.structure import period_word
from chainwright.words.errors import ScenarioError, UsageError

if TYPE_CHECKING:
    from chainwright.app.visualiser.session import Session

Message = dict[str, Any]
# What a page begins with when another course is opened.
FRESH = {"view": "screen", "period": 0, "playing": False, "selected": None, "hovered": None, "zoom": None, "open": None, "busy": None}
# Bands and sweeps that are told again as Python, the last of them.
MOST_ASKED = 5


# --- opening ----------------------------------------------------------------------------------------------------


def hello(session: Session, said: Message) -> None:
    """A page has been loaded, or its address was changed: the gallery, and what its address or the command line names."""
    given = session.registry.given
    own = given.scenario if given is not None and not given.shipped else None
    session.send(gallery(session.registry.limits, own))
    fragment = said["fragment"].removeprefix("#")
    if fragment == sharing.GALLERY:
        leave(session, said)
        return
    if fragment:
        shared = sharing.read(fragment)
        desk = session.desk
        current = sharing.fragment(desk.first, beside=desk.second) if desk.a is not None else ""
        if current and _same(sharing.read(current), shared):
            session.send(desk.state(view="screen", busy=None))
        elif (missing := sharing.wanted(shared, session.sources)) is not None:
            # The browser may have kept the file; else its reader has.
            session.send({"kind": "wanted", "name": missing.called.removeprefix(OWN), "digest": missing.digest, "fragment": fragment})
        else:
            _open_shared(session, shared)
        return
    begins_with = session.sources.begin()
    if begins_with is None or given is None:
        session.send(session.desk.state(view="gallery"))
    else:
        _open(session, begins_with, given.seed, given.run)


def _open_shared(session: Session, shared: sharing.Shared) -> None:
    """Watch what a link says, with what stood beside it."""
    source = _loaded(session, shared.called, lambda: sharing.source_of(shared, session.sources))
    _open(session, source, shared.seed, shared.run, shared.period, shared)
    if (other := shared.beside) is not None:
        _stand_beside(session, _loaded(session, other.called, lambda: sharing.source_of(other, session.sources)), other.seed, other.run, other)


def _same(one: sharing.Shared, other: sharing.Shared) -> bool:
    """Whether two links say the same but for the period that is looked at."""
    return {**vars(one), "period": 0} == {**vars(other), "period": 0}


def open_(session: Session, said: Message) -> None:
    """A scenario from the gallery, to be watched or to stand beside what is watched."""
    if said["side"] == "b":
        compare(session, {"course": None, **said})
        return
    source = _loaded(session, said["scenario"], lambda: session.sources.find(said["scenario"], said["variant"]))
    _open(session, source, said["seed"])


def _loaded(session: Session, called: str, load: Callable[[], Source]) -> Source:
    """A source, with a word to the page as long as it is loaded."""
    session.send({"kind": "state", "state": {"busy": texts()["session.opening"]}})
    return load()


def upload(session: Session, said: Message) -> None:
    """A file of the reader's own: opened, or its mistakes."""
    try:
        source = session.sources.take(said["name"], said["text"])
    except ScenarioError as error:
        session.send({"kind": "mistakes", "name": said["name"], "mistakes": uploading.as_mistakes(error), "count": len(error.mistakes)})
        return
    # Kept by the browser, the file can be opened again by its address.
    session.send({"kind": "own", "digest": source.digest})
    shared = sharing.with_file(sharing.read(said["fragment"]), source) if said["fragment"] else None
    if shared is not None and sharing.wanted(shared, session.sources) is None:
        _open_shared(session, shared)
    else:
        _open(session, source, None)


def _made(session: Session, source: Source, seed: int | None, run: int, shared: sharing.Shared | None) -> Any:
    """A course, with what a link says was done in it."""
    course = session.desk.make(source, seed, run)
    if shared is not None:
        course.label = shared.label
        try:
            sharing.played_by_hand(course, shared.acts)
        except BaseException:
            course.close()
            raise
    return course


def _open(session: Session, source: Source, seed: int | None, run: int = 0, period: int = 0, shared: sharing.Shared | None = None) -> None:
    """Watch a course in place of all others."""
    desk = session.desk
    session.jobs.cancel()
    course = _made(session, source, seed, run, shared)
    gone = list(desk.watched)
    dropped = desk.drop(gone)
    one = desk.place(course, source)
    desk.a, desk.b = one.number, None
    session.asked.clear()
    told = [*dropped, desk.structure(one), desk.acts(one), *desk.find_baseline()]
    session.send(*told, desk.state(**FRESH))
    desk.arrive(one, period)


def leave(session: Session, said: Message) -> None:
    """Back to the gallery; what was watched stays until something else is opened."""
    session.jobs.cancel()
    for one in session.desk.watched.values():
        one.wanted = one.sent
    session.send(session.desk.state(view="gallery", playing=False, selected=None, open=None, busy=None))


# --- playing and doing ------------------------------------------------------------------------------------------


def need(session: Session, said: Message) -> None:
    """The page wants a course up to a period; what it wanted before is no longer wanted."""
    one = session.desk.find(said["course"])
    one.wanted = min(said["to"], one.course.horizon)


def act(session: Session, said: Message) -> None:
    """A lever, or a disruption: from the period after the one that is looked at."""
    desk = session.desk
    one = desk.find(said["course"])
    period, seen = said["period"], said["seen"] if said["seen"] is not None else said["period"]
    if one.hidden:
        raise UsageError("the baseline is the run with nothing done by hand; act in a branch of it")
    if period >= one.course.horizon:
        raise UsageError(f"period {period} is the last one, and what is done holds from the next; step back first")
    course = one.brought_to(period)
    if period < seen:
        # What was seen stays as it was: a course of its own begins here.
        twin = course.branch(period, _label(one, period))
        try:
            sharing.do(twin, said, period + 1)
        except BaseException:
            twin.close()
            raise
        _beside(session, one, twin, period)
        return
    course.forget_after(period)
    sharing.do(course, said, period + 1)
    one.sent = min(one.sent, period)
    told = [{"kind": "forget", "course": one.number, "after": period}, desk.acts(one), *desk.find_baseline()]
    session.send(*told, desk.state())


def undo(session: Session, said: Message) -> None:
    """Something that was done by hand never happened; what was played since is played again."""
    desk = session.desk
    one = desk.find(said["course"])
    number = said["number"]
    act = next((act for act in reversed(one.course.acts) if number in (None, act.number)), None)
    if act is None:
        raise UsageError("nothing was done by hand yet" if number is None else f"there is no change {number} to undo")
    sent, kept = one.sent, min(one.sent, act.period - 1)
    one.course.forget_after(kept)
    one.course.undo(act.number)
    one.sent, one.wanted = kept, max(one.wanted, sent)
    told = [{"kind": "forget", "course": one.number, "after": kept}, desk.acts(one), *desk.find_baseline()]
    session.send(*told, desk.state())


def branch(session: Session, said: Message) -> None:
    """A course of its own from a period on, with the original beside it."""
    one = session.desk.find(said["course"])
    period = min(said["period"], one.course.horizon)
    _beside(session, one, one.brought_to(period).branch(period, _label(one, period)), period)


def _label(one: Watched, period: int) -> str:
    return texts()["session.branch"].format(word=period_word(one.course.scenario), period=period)


def _beside(session: Session, one: Watched, twin: Any, period: int) -> None:
    """Watch a branch, and its original beside it."""
    desk = session.desk
    told = desk.make_room(one.number)
    made = desk.place(twin, one.source, parent=one.number, sent=min(period, one.sent), wanted=min(period, one.sent))
    told.append(desk.branch_packet(made, one, made.sent))
    desk.a, desk.b = made.number, one.number
    session.send(*told, desk.acts(made), *desk.find_baseline(), desk.state(view="screen"))


def compare(session: Session, said: Message) -> None:
    """Something beside what is watched, on the same random draws; nothing ends it."""
    desk = session.desk
    if said["course"] is None and said["scenario"] is None:
        desk.b = None
        session.send(*desk.find_baseline(), desk.state())
        return
    first = desk.first
    if said["course"] is None:
        source = _loaded(session, said["scenario"], lambda: session.sources.find(said["scenario"], said["variant"]))
        _stand_beside(session, source, first.course.seed, first.course.run)
        return
    other = desk.find(said["course"])
    if other is first:
        raise UsageError("a course beside itself shows nothing; choose another one")
    _compared(session, other, desk.show(other, first))


def _stand_beside(session: Session, source: Source, seed: int, run: int, shared: sharing.Shared | None = None) -> None:
    """Watch another course beside the first."""
    desk = session.desk
    course = _made(session, source, seed, run, shared)
    told = desk.make_room()
    other = desk.place(course, source)
    _compared(session, other, [*told, desk.structure(other), desk.acts(other)])


def _compared(session: Session, other: Watched, told: list[dict[str, Any]]) -> None:
    desk, first = session.desk, session.desk.first
    desk.b = other.number
    other.wanted = max(other.wanted, min(max(first.sent, first.wanted), other.course.horizon))
    session.send(*told, desk.state(busy=None))


def swap(session: Session, said: Message) -> None:
    """What stands beside is watched, and what was watched stands beside it."""
    desk = session.desk
    if desk.b is None:
        raise UsageError("nothing stands beside what is watched; compare it with something first")
    desk.a, desk.b = desk.b, desk.a
    desk.first.wanted = max(desk.first.wanted, min(desk.find(str(desk.b)).sent, desk.first.course.horizon))
    session.send(*desk.find_baseline(), desk.state())


# --- looking ----------------------------------------------------------------------------------------------------


def inspect(session: Session, said: Message) -> None:
    """All about an enterprise, or the lanes between two, in one period."""
    one = session.desk.find(said["course"])
    period = min(said["period"], one.course.horizon)
    course = one.brought_to(period)
    names = [str(name) for name in course.history.names.enterprises["name"]]
    answer = {"kind": "inspection", "course": one.number, "period": period}
    if said["link"] is not None:
        owner, lanes = course.history.names.items["enterprise"], course.history.names.lanes
        pairs = list(dict.fromkeys(zip(owner[lanes["seller"]].tolist(), owner[lanes["buyer"]].tolist(), strict=True)))
        if said["link"] >= len(pairs):
            raise UsageError(f"there is no link {said['link']}")
        seller, buyer = pairs[said["link"]]
        session.send(answer | {"link": said["link"], "data": inspecting.inspect_lane(course, names[seller], names[buyer], period)})
        return
    if said["enterprise"] is None or said["enterprise"] >= len(names):
        raise UsageError("an inspection must name an enterprise or a link that is there")
    session.send(answer | {"enterprise": said["enterprise"], "data": inspecting.inspect(course, names[said["enterprise"]], period)})


# --- many runs, sharing, files ----------------------------------------------------------------------------------


def bands(session: Session, said: Message) -> None:
    """Many runs with the same interventions, in the background."""
    desk, runs = session.desk, said["runs"]
    one = desk.find(said["course"])
    many.check_bands(one, runs, desk.limits)
    repeat = _repeat(session, one)
    beside = desk.second if one.number == desk.a else None
    other = None
    if beside is not None:
        many.check_bands(beside, runs, desk.limits)
        other = _repeat(session, beside)
    _note(session, many.program_of_bands(repeat, runs, other))
    session.jobs.start("bands", one.number, lambda job: many.bands(repeat, runs, job, other), runs)


def run_many(session: Session, said: Message) -> None:
    """A small sweep in the background."""
    one = session.desk.find(said["course"])
    runs, factors = said["runs"], said["factors"]
    total = many.check_many(one, factors, runs, session.desk.limits)
    repeat = _repeat(session, one)
    _note(session, repeat.sweep_code(factors, runs))
    session.jobs.start("many", one.number, lambda job: many.many(repeat, factors, runs, job), total)


def _note(session: Session, asked: str) -> None:
    """Keep the program of what was asked for, for whoever wants all of it."""
    session.asked.append(asked)
    del session.asked[:-MOST_ASKED]


def _repeat(session: Session, one: Watched) -> many.Repeat:
    return many.Repeat.of(one.number, one.course, as_python.load_code(one.source, session.registry.given))


def cancel(session: Session, said: Message) -> None:
    """No more of a job."""
    session.jobs.cancel(said["job"])


def program(session: Session, period: int | None = None) -> str:
    """Everything that was clicked as Python."""
    desk, given = session.desk, session.registry.given
    one = desk.first
    beside = desk.second
    other = None if beside is None else (as_python.load_code(beside.source, given), beside.course)
    return as_python.code(as_python.load_code(one.source, given), one.course, period, other, session.asked)


def code(session: Session, said: Message) -> None:
    """The program."""
    session.send({"kind": "code", "text": program(session, said["period"])})


def share(session: Session, said: Message) -> None:
    """A link to what is watched, and its square code; an uploaded file is in none, nor is very much that was done by hand."""
    one, beside = session.desk.first, session.desk.second
    period = session.desk.looked_at(one, said["period"] or 0)
    fragment = sharing.fragment(one, period, beside)
    own = next((each.source.digest for each in (one, beside) if each is not None and each.source.kind == "own"), "")
    told: dict[str, Any]
    if own or not fragment:
        why = "session.own_link" if own else "session.long_link"
        told = {"fragment": fragment or sharing.GALLERY, "qr": None, "own": True, "file": own, "message": texts()[why]}
    else:
        link = f"{session.registry.address}#{fragment}"
        told = {"fragment": fragment, "link": link, "qr": sharing.square_code(link), "own": False}
    session.send({"kind": "share", "period": period, **told})


def export(session: Session, said: Message) -> None:
    """A file to take along; what takes long is made in the background."""
    one = session.desk.first
    name, repeat = one.course.scenario.name, _repeat(session, one)
    if said["what"] == "scenario":
        session.send(exporting.file_packet(name, "yaml", "text/yaml", exporting.scenario_file(repeat)))
        return
    text = program(session)
    sources = [each.source for each in (one, session.desk.second) if each is not None]
    own = {f"{source.name}.yaml": file for source in sources if (file := session.sources.text_of(source))}
    # Another thread plays a course of its own.
    twin = one.course.branch(one.course.played, one.course.label) if said["what"] == "replay" else None

    def work(job: Job) -> dict[str, Any]:
        session.send({"kind": "state", "state": {"busy": texts()["session.exporting"]}})
        try:
            if twin is not None:
                session.send(exporting.file_packet(name, "html", "text/html", exporting.replay(twin, job)))
            else:
                session.send(exporting.file_packet(name, "zip", "application/zip", exporting.tables(repeat, text, job, own)))
        finally:
            session.send({"kind": "state", "state": {"busy": None}})
        return {}

    session.jobs.start("export", one.number, work, one.course.horizon)


HANDLERS: dict[str, Callable[[Session, Message], None]] = {
    "hello": hello, "open": open_, "upload": upload, "leave": leave, "need": need, "act": act, "disrupt": act, "undo": undo, "branch": branch,
    "compare": compare, "swap": swap, "inspect": inspect, "bands": bands, "many": run_many, "cancel": cancel, "code": code, "share": share,
    "export": export,
}  # fmt: skip
