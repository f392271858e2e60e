"""The timelines that a page has open: which one is watched, what stands beside it, and how far each was sent."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from chainwright.app.visualiser.open_pages import OpenPages
from chainwright.app.visualiser.outbox import Outbox, Packet
from chainwright.app.visualiser.sources import Source
from chainwright.app.visualiser.sweep_parameters import parameters
from chainwright.experiment.timeline.timeline import Timeline
from chainwright.report.screen.bundle import texts
from chainwright.report.screen.frames import TABLES, acts, frames
from chainwright.report.screen.numbers import countable
from chainwright.report.screen.opening_packet import structure
from chainwright.words.errors import UsageError

# Of what is not drawn itself, only this is sent.
HIDDEN = ("echelons",)
# A packet of frames: so many periods, played in about so many seconds, and so many that are not drawn yet.
PERIODS = 20
SECONDS = 0.12
AHEAD = 2


@dataclass(eq=False)
class Watched:
    """A timeline with what the page has of it.

    Parameters
    ----------
    number : str
        What the page calls it.
    timeline : Timeline
        What is played.
    source : Source
        Its scenario.
    hidden : bool
        Whether it only serves to compare measures, and is not drawn.
    parent : str
        Of a branch, what it has branched from.
    sent : int
        The last period that the page has.
    wanted : int
        The period up to which the page wants it.
    size : int
        Memory that is set aside for it.
    """

    number: str
    timeline: Timeline
    source: Source
    hidden: bool = False
    parent: str = ""
    sent: int = 0
    wanted: int = 0
    size: int = 0

    @property
    def draws(self) -> tuple[Any, ...]:
        """What a run with nothing done by hand depends on."""
        source = self.source
        # Of two files of the same name, each has a scenario of its own.
        which = id(self.timeline.scenario) if source.kind == "own" else None
        return (source.kind, source.name, source.variant, which, self.timeline.seed, self.timeline.run)

    @property
    def changed(self) -> bool:
        """Whether anything was done by hand."""
        return bool(self.timeline.acts)


class OpenRuns:
    """The timelines of one page, used by its worker alone.

    Parameters
    ----------
    outbox : Outbox
        Where packets go.
    registry : OpenPages
        Whose limits hold.
    """

    def __init__(self, outbox: Outbox, registry: OpenPages) -> None:
        self.outbox = outbox
        self.registry = registry
        self.limits = registry.limits
        self.watched: dict[str, Watched] = {}
        self.a: str | None = None
        self.b: str | None = None
        self.baseline: str | None = None
        self._made = 0
        self._arriving: tuple[str, int] | None = None

    # --- who is there ------------------------------------------------------------------------------------------

    def find(self, number: str) -> Watched:
        """A timeline by what the page calls it.

        Raises
        ------
        UsageError
            When it is not open.
        """
        found = self.watched.get(number)
        if found is None:
            raise UsageError("this run is not open any more; open it again from the gallery")
        return found

    @property
    def first(self) -> Watched:
        """The timeline that is watched.

        Raises
        ------
        UsageError
            When there is none.
        """
        if self.a is None:
            raise UsageError("nothing is open; open a scenario from the gallery first")
        return self.find(self.a)

    @property
    def second(self) -> Watched | None:
        """The timeline that stands beside it, if any."""
        return None if self.b is None else self.watched.get(self.b)

    def place(self, timeline: Timeline, source: Source, instead_of: Collection[str], **about: Any) -> tuple[Watched, list[Packet]]:
        """Keep a timeline in place of others; the packets that tell of those and begin this one.

        All of it or nothing: where there is no room for it, or it cannot be told, it is closed and the others stay.

        Raises
        ------
        UsageError
            When all pages together would take too much memory.
        """
        made = Watched(f"c{self._made + 1}", timeline, source, size=timeline.bytes, **about)
        try:
            begin = self._begin(made)
            self.registry.take(made.size, instead_of=sum(self.watched[number].size for number in instead_of))
        except BaseException:
            timeline.close()
            raise
        for number in instead_of:
            self.watched[number].size = 0
        self._made += 1
        packets = self.drop(instead_of)
        self.watched[made.number] = made
        return made, [*packets, begin]

    def measure(self, one: Watched) -> None:
        """Set as much memory aside as a timeline takes with what was done in it by now.

        Raises
        ------
        UsageError
            When all pages together would take too much.
        """
        size = one.timeline.bytes
        self.registry.take(size, instead_of=one.size)
        one.size = size

    def bring(self, one: Watched, period: int) -> Timeline:
        """A timeline, played up to a period at least, which it is where that was not forgotten in between.

        Raises
        ------
        UsageError
            When the page is gone meanwhile.
        """
        last = min(period, one.timeline.horizon)
        while one.timeline.played < last:
            if self.outbox.closed:
                raise UsageError("the page is gone, and nobody waits for this period any more")
            one.timeline.play()
        return one.timeline

    def make(self, source: Source, seed: int | None, run: int = 0) -> Timeline:
        """A new timeline of a scenario.

        Raises
        ------
        UsageError, ScenarioError
            When it would take too much memory, or the seed is none.
        """
        return Timeline(source.scenario, seed, run, most_bytes=self.limits.timeline_bytes)

    def drop(self, numbers: Iterable[str]) -> list[Packet]:
        """Close some timelines; the packets that tell the page."""
        packets: list[Packet] = []
        for number in list(numbers):
            gone = self.watched.pop(number, None)
            if gone is None:
                continue
            gone.timeline.close()
            self.registry.give_back(gone.size)
            packets.append({"kind": "drop", "timeline": number})
            self.a, self.b, self.baseline = (None if one == number else one for one in (self.a, self.b, self.baseline))
        return packets

    def spare(self, *kept_too: str) -> tuple[list[str], list[Packet]]:
        """The oldest timelines that nobody looks at, where one more would be too many; and the packets that tell why they are closed."""
        kept = {self.a, self.b, self.baseline, *kept_too}
        spare = [number for number in self.watched if number not in kept]
        many = len(self.watched) + 1 - self.limits.timelines
        gone = spare[: max(many, 0)]
        # What was done in them is among the runs of late, from which it can be opened again.
        done = [self.watched[number] for number in gone if self.watched[number].changed and not self.watched[number].hidden]
        text, most = texts()["session.made_room"], self.limits.timelines
        return gone, [_message(text.format(label=one.timeline.label or one.source.scenario.title, most=most)) for one in done]

    # --- what the page is told ---------------------------------------------------------------------------------

    def _begin(self, one: Watched) -> Packet:
        """The packet that begins a timeline."""
        if one.hidden:
            return self._hidden(one)
        return self._branch(one, one.parent, one.sent) if one.parent else self._structure(one)

    def _structure(self, one: Watched) -> Packet:
        told = structure(one.timeline, one.number)
        own = {"name": one.source.called, "variant": one.source.variant, "own": one.source.kind == "own"}
        return told | own | {"parameters": parameters(one.timeline.scenario)}

    def _branch(self, one: Watched, parent: str, at: int) -> Packet:
        """What begins a timeline that shares another's past."""
        told = {"kind": "branch", "timeline": one.number, "parent": parent, "at": at, "label": one.timeline.label, "hidden": False}
        return told | {"acts": acts(one.timeline, one.number)["acts"]}

    def acts(self, one: Watched) -> Packet:
        """The packet of what was done by hand."""
        return acts(one.timeline, one.number)

    def state(self, **more: Any) -> Packet:
        """The packet that says what is watched."""
        shown = [one for one in self.watched.values() if not one.hidden]
        timelines = [{"id": one.number, "label": one.timeline.label, "scenario": one.source.scenario.title} for one in shown]
        return {"kind": "state", "state": {"a": self.a, "b": self.b, "baseline": self.baseline, "timelines": timelines, **more}}

    # --- playing on --------------------------------------------------------------------------------------------

    def arrive(self, one: Watched, period: int) -> None:
        """Let the page look at a period as soon as it has it."""
        one.wanted = max(one.wanted, min(period, one.timeline.horizon))
        self._arriving = (one.number, one.wanted) if one.wanted else None

    def stay(self, one: Watched | None = None, period: int = 0) -> None:
        """No longer to the period that was to be looked at: another timeline is watched, or somebody goes to an earlier one in this."""
        if self._arriving is not None and (one is None or (self._arriving[0] == one.number and period < self._arriving[1])):
            self._arriving = None

    def looked_at(self, one: Watched, period: int) -> int:
        """The period that the page looks at, or is about to look at once it has it."""
        return self._arriving[1] if self._arriving is not None and self._arriving[0] == one.number else period

    def next_wanted(self) -> Watched | None:
        """The timeline that is to be played next, if any: what is watched first, the baseline when nobody waits for anything else."""
        if self.outbox.count("frames") >= AHEAD:
            return None
        open_ = [one for one in self.watched.values() if one.wanted > one.sent and not one.hidden]
        if open_:
            return min(open_, key=lambda one: (one.number not in (self.a, self.b), one.sent))
        baseline = self.watched.get(self.baseline) if self.baseline else None
        if baseline is not None and self.a is not None:
            baseline.wanted = max(baseline.wanted if not baseline.hidden else 0, min(self.first.sent, baseline.timeline.horizon))
            return baseline if baseline.wanted > baseline.sent else None
        return None

    def play_on(self, clock: Callable[[], float] = time.perf_counter) -> bool:
        """Play a small portion of what is wanted and send it; whether there was any."""
        one = self.next_wanted()
        if one is None:
            return False
        until = clock() + SECONDS
        last = min(one.wanted, one.sent + PERIODS)
        self.bring(one, one.sent + 1)
        while one.timeline.played < last and clock() < until:
            one.timeline.play()
        last = min(last, one.timeline.played)
        packets = [frames(one.timeline, one.number, one.sent + 1, last, HIDDEN if one.hidden else TABLES)]
        one.sent = last
        if self._arriving is not None and self._arriving[0] == one.number and self._arriving[1] <= last:
            packets.append({"kind": "state", "state": {"period": self._arriving[1]}})
            self._arriving = None
        self.outbox.put(*packets)
        return True

    def stop_playing(self) -> None:
        """Nothing is wanted until the page asks anew: a period that has failed would fail again."""
        self.baseline = None
        for one in self.watched.values():
            one.wanted = one.sent

    # --- the baseline ------------------------------------------------------------------------------------------

    def find_baseline(self) -> list[Packet]:
        """Let the same run with nothing done by hand go along, where anything was; the packets that tell so.

        Where there is no room for it the page is told, and does without: what was done holds.
        """
        first = None if self.a is None or not self.first.changed else self.first
        found = first and next((one for one in self.watched.values() if not one.changed and one.draws == first.draws), None)
        packets = self.drop([one.number for one in self.watched.values() if one.hidden and one is not found])
        self.baseline = found.number if found is not None else None
        if first is None or found is not None:
            return packets
        gone, told = self.spare()
        try:
            found, begun = self.place(first.timeline.without_acts(texts()["session.baseline"]), first.source, gone, hidden=True)
        except UsageError as error:
            return [*packets, _message(texts()["session.no_baseline"].format(why=" ".join(str(error).split())), "bad")]
        self.baseline = found.number
        return [*packets, *begun, *told]

    def _hidden(self, one: Watched) -> Packet:
        """What begins a timeline that is not drawn: nobody is in it."""
        timeline, scenario = one.timeline, one.timeline.scenario
        told = {"kind": "structure", "timeline": one.number, "hidden": True, "label": timeline.label, "name": one.source.called}
        told |= {"title": scenario.title, "variant": one.source.variant, "horizon": timeline.horizon, "warm_up": scenario.warm_up}
        told |= {"seed": countable(timeline.seed), "run": countable(timeline.run), "measures": [], "start": {}, "layouts": {}, "groups": None}
        told |= {"variants": []}
        return told | {name: [] for name in ("products", "enterprises", "items", "lanes", "links", "echelons", "disruptions", "parameters")}

    def show(self, one: Watched, parent: Watched) -> list[Packet]:
        """Draw a timeline that was hidden: it shares the past of another up to the first thing that was done by hand."""
        if not one.hidden:
            return []
        first = min((act.period for act in parent.timeline.acts), default=parent.sent + 1)
        one.hidden = False
        one.sent = min(first - 1, parent.sent)
        return [self._branch(one, parent.number, one.sent)]

    def close(self) -> None:
        """Close everything."""
        self.drop(self.watched)


def _message(text: str, kind: str | None = None) -> Packet:
    return {"kind": "state", "state": {"message": {"text": text} | ({"kind": kind} if kind else {})}}
