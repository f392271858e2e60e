"""One timeline: a run of a scenario that is played, looked back at, changed by hand and branched."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from os import PathLike
from typing import Any

from chainwright.experiment.run import as_interventions, made_roster
from chainwright.experiment.timeline.changes_by_hand import ChangeKind, ManualChange, Plan, disruption, lever
from chainwright.experiment.timeline.history import TABLES, History
from chainwright.experiment.timeline.memory_limit import MOST_BYTES, check_room, room
from chainwright.experiment.timeline.past import Past
from chainwright.experiment.timeline.worlds import Changes, Worlds
from chainwright.network.takeovers import seats_together
from chainwright.scenario import Scenario, load
from chainwright.words.counts import plural
from chainwright.words.errors import UsageError, suggestion
from chainwright.words.requests import LARGEST_RUN, LARGEST_SEED, whole_number
from chainwright.world import World


class Timeline(Past):
    """One run of a scenario that can be played on, looked back at in any period, changed by hand and branched.

    What a timeline keeps of its periods equals, bit for bit, what `cw.run` gives for the same scenario, seed, run and
    interventions. A timeline is used by one thread at a time.

    Parameters
    ----------
    scenario : Scenario, str or path
        A scenario, the name of a shipped one, or the path of a file.
    seed : int, optional
        Seed of all draws; the scenario's own by default.
    run : int
        Number of the replication, a coordinate of its draws.
    interventions : iterable of (period, {path: value})
        What is changed in mid-run from the outset, beside what the scenario changes by itself: acts of kind ``given``.
    label : str
        What the timeline is called.
    periods : int, optional
        Last period that can be played; the scenario's horizon by default.
    agents : mapping, optional
        Who decides in place of the policies, as in `cw.run`.
    tables : collection of str
        Which tables the history keeps, of ``items``, ``lanes``, ``enterprises`` and ``echelons``; measures are kept in any case.
    most_bytes : int
        Memory that the timeline may take, see ``chainwright.experiment.timeline.memory_limit``.

    Attributes
    ----------
    scenario, seed, run, label
        As given.
    horizon, warm_up : int
        Last period that can be played, and periods at the start that are not measured.
    history : History
        Columns of every period that was played, and the measures.

    Raises
    ------
    UsageError, ScenarioError
        When the request has mistakes.
    TimelineTooLarge
        When the timeline would take too much memory.

    Examples
    --------
    >>> import chainwright as cw
    >>> timeline = cw.Timeline("beer_game")
    >>> timeline.play(12)
    >>> act = timeline.disrupt({"kind": "closure", "target": {"enterprise": "brewery"}, "duration": 4})
    >>> timeline.play(8)
    >>> other = timeline.branch(12)
    >>> other.play_to(20)
    >>> timeline.played, other.played, len(timeline.acts), len(other.acts)
    (20, 20, 1, 0)
    >>> timeline.summary(20)["total_cost"] == float(cw.run("beer_game", periods=20, interventions=timeline.interventions).summary["total_cost"][0])
    True
    """

    def __init__(
        self,
        scenario: Scenario | str | PathLike[str],
        seed: int | None = None,
        run: int = 0,
        interventions: Iterable[Any] = (),
        *,
        label: str = "",
        periods: int | None = None,
        agents: Mapping[str, Any] | None = None,
        tables: Collection[str] = TABLES,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        chosen = scenario if isinstance(scenario, Scenario) else load(scenario)
        self.scenario = chosen
        self.seed = chosen.seed if seed is None else whole_number(seed, "seed", 0, LARGEST_SEED)
        self.run = whole_number(run, "run", 0, LARGEST_RUN)
        self.horizon = chosen.horizon if periods is None else whole_number(periods, "periods", 1)
        self.warm_up = chosen.warm_up
        self.label = label
        self._room = (most_bytes, _known(tables))
        check_room(chosen, self.horizon, *self._room)
        self._closed = False
        given = [
            lever(number, self._when(period), settings, kind="given")
            for number, (period, settings) in enumerate(as_interventions(interventions), 1)
        ]
        self._numbers = len(given)
        self._plan = self._fitting(Plan(chosen, given))
        build = partial(_world, chosen, self.seed, self.run, seats_together(chosen.agents, agents))
        self._player = Worlds(build, self._plan.changes, chosen.warm_up)
        self._history = History(*self._player.stand(0), self.horizon, tables)

    def __repr__(self) -> str:
        done = len(self.acts)
        return f"<Timeline of {self.scenario.name}: period {self.played} of {self.horizon}, {done} act{'s' * (done != 1)}>"

    @property
    def bytes(self) -> int:
        """Memory that the timeline takes at the most, about, with all that was done in it."""
        return room(self.scenario, self.horizon, self._room[1], self._plan.room)

    # --- acting ------------------------------------------------------------------------------------------------

    @property
    def acts(self) -> tuple[ManualChange, ...]:
        """What was done by hand, in the order in which it was done."""
        return self._plan.acts

    @property
    def interventions(self) -> tuple[tuple[int, dict[str, Any]], ...]:
        """The acts as `cw.run` takes them, in the order in which they hold."""
        return self._plan.interventions

    def act(
        self, settings: Mapping[str, Any], *, label: str = "", kind: ChangeKind = "lever", period: int | None = None, **about: Any
    ) -> ManualChange:
        """Change something from a period on, the next one by default.

        What was played from that period on is forgotten and played again up to where it was. Of several acts in one period the later
        one wins where both set the same. Nothing is changed where the settings are refused.

        Parameters
        ----------
        settings : mapping
            Value by dotted path, as in `cw.run`'s interventions.
        label : str
            What it is, in words; by default what is set.
        kind : {"lever", "given"}
            Whether somebody does it now, or it came from elsewhere; for disruptions there is `disrupt`.
        period : int, optional
            The first period in which it holds.
        **about
            More to be kept with the act.

        Raises
        ------
        UsageError, ScenarioError
            When the settings have mistakes or cannot be changed during a run.

        Examples
        --------
        >>> import chainwright as cw
        >>> timeline = cw.Timeline("beer_game")
        >>> timeline.play(10)
        >>> timeline.act({"policies.place_orders.retailer.target": 20}, period=6).label
        'policies.place_orders.retailer.target = 20'
        >>> timeline.played
        10
        """
        if kind not in ("lever", "given"):
            raise UsageError(f"act(kind={kind!r}): expected 'lever' or 'given'; a disruption is done by disrupt()")
        return self._do(lever(self._numbers + 1, self._when(period), settings, label, kind, about))

    def disrupt(self, said: Mapping[str, Any], *, period: int | None = None, label: str = "") -> ManualChange:
        """Let a disruption happen, beside those that are known already.

        Parameters
        ----------
        said : mapping
            As in scenario files: kind, target, duration, severity, recovery and others; `start` is the period where nothing is said.
        period : int, optional
            From when on it is known, the next one by default.
        label : str
            What it is, in words; by default its kind and its target.

        Returns
        -------
        ManualChange
            Its settings list all disruptions that are known in that period.

        Raises
        ------
        UsageError, ScenarioError
            When the disruption has mistakes; nothing is changed then.
        """
        return self._do(disruption(self._numbers + 1, self._when(period), said, label))

    def do(self, acts: Iterable[ManualChange]) -> None:
        """Do what was done elsewhere, all of it or nothing; it takes far less than one act after the other.

        Parameters
        ----------
        acts : iterable of ManualChange
            In the order in which they were done; here they get numbers of their own.

        Raises
        ------
        UsageError, ScenarioError
            When one of them has mistakes; nothing is changed then.

        Examples
        --------
        >>> import chainwright as cw
        >>> one, other = cw.Timeline("beer_game"), cw.Timeline("beer_game")
        >>> act = one.act({"policies.place_orders.retailer.target": 20}, period=6)
        >>> other.do(one.acts)
        >>> other.interventions == one.interventions
        True
        """
        told = [replace(act, number=self._numbers + place, period=self._when(act.period)) for place, act in enumerate(acts, 1)]
        self._follow([*self.acts, *told])
        self._numbers += len(told)

    def undo(self, number: int | None = None) -> ManualChange:
        """Let an act never have happened, the latest by default; what was played since is played again.

        Raises
        ------
        UsageError
            When there is no such act, or a later one cannot do without it; nothing is changed then.
        """
        if not self.acts:
            raise UsageError("nothing was done by hand yet")
        undone = self.acts[-1] if number is None else next((act for act in self.acts if act.number == number), None)
        if undone is None:
            known = [str(act.number) for act in self.acts]
            raise UsageError(f"there is no act {number!r}{suggestion(str(number), known)}")
        self._follow([act for act in self.acts if act is not undone])
        return undone

    # --- other timelines -----------------------------------------------------------------------------------------

    def branch(self, period: int, label: str = "", keep: bool = False) -> Timeline:
        """Another timeline that shares this one's past up to the end of a period and goes on by itself, with the same draws.

        Parameters
        ----------
        period : int
            Up to the end of which the past is shared.
        label : str
            What the branch is called.
        keep : bool
            Whether acts that hold from a later period on happen in the branch as well, as for the same closure under another policy.

        Raises
        ------
        UsageError
            When the period was not played yet.

        Examples
        --------
        >>> import chainwright as cw
        >>> timeline = cw.Timeline("battery")
        >>> timeline.play(70)
        >>> other = timeline.branch(65, "dearer stock")
        >>> act = other.act({"enterprises.*.items.*.holding_cost": 0.5})
        >>> act.period, other.played, timeline.played
        (66, 65, 70)
        >>> again = other.branch(60, "from the sixtieth day", keep=True)
        >>> [act.period for act in again.acts], [act.period for act in other.branch(60).acts]
        ([66], [])
        """
        at = self._played_period(period)
        return self._twin(at, [act for act in self.acts if keep or act.period <= at], label)

    def without_acts(self, label: str = "") -> Timeline:
        """The same run with nothing done by hand: the baseline. It is played as far as nothing had been done."""
        first = min((act.period for act in self.acts), default=self.played + 1)
        return self._twin(min(first - 1, self.played), [], label or self.label)

    def copy(self, label: str = "") -> Timeline:
        """The same timeline once more, as far as it was played and with everything that was done in it; from here on each goes on by itself.

        Examples
        --------
        >>> import chainwright as cw
        >>> timeline = cw.Timeline("beer_game")
        >>> act = timeline.act({"policies.place_orders.retailer.target": 20}, period=30)
        >>> timeline.play_to(20)
        >>> len(timeline.copy().acts), len(timeline.branch(20).acts)
        (1, 0)
        """
        return self._twin(self.played, self.acts, label or self.label)

    # --- within ------------------------------------------------------------------------------------------------

    def _when(self, period: int | None) -> int:
        when = self.played + 1 if period is None else whole_number(period, "the period of an intervention", 1)
        if when > self.horizon:
            raise UsageError(f"an intervention in period {when} of a timeline of {plural(self.horizon, 'period')} would never happen")
        return when

    def _fitting(self, plan: Plan) -> Plan:
        """A plan, refused where it makes the timeline too large."""
        if plan.steps:
            check_room(self.scenario, self.horizon, *self._room, plan.room)
        return plan

    def _do(self, act: ManualChange) -> ManualChange:
        self._follow([*self.acts, act])
        self._numbers += 1
        return self.acts[-1]

    def _follow(self, acts: Sequence[ManualChange]) -> None:
        """Let other acts hold, and play again what was played from the first difference on; all of it or nothing."""
        self._refuse_closed()
        plan = self._fitting(Plan(self.scenario, acts, self._plan))
        parts = plan.parts_from(self._plan)
        played = self.played
        former = (self._plan, self._player, self._history)
        if (parts is None or parts > played) and plan.draws_times == self._plan.draws_times:
            self._plan = plan
            self._player.foresee(plan.changes)
            return
        at = played if parts is None else min(parts - 1, played)
        self._player, self._history = self._started(at, plan)
        self._plan = plan
        try:
            self.play_to(played)
        except BaseException:
            self._plan, self._player, self._history = former
            raise
        former[1].let_go()

    def _started(self, at: int, plan: Plan) -> tuple[Worlds, History]:
        """Worlds and history of the first periods under a plan that means the same in them."""
        anew = plan.draws_times != self._plan.draws_times
        return self._player.start(at, plan.changes, anew), self._history.start(at)

    def _twin(self, at: int, acts: Sequence[ManualChange], label: str) -> Timeline:
        self._refuse_closed()
        plan = Plan(self.scenario, acts, self._plan)
        twin = object.__new__(Timeline)
        twin.__dict__.update(self.__dict__)
        twin.label, twin._plan = label, plan
        twin._player, twin._history = self._started(at, plan)
        return twin


def _known(tables: Collection[str]) -> Collection[str]:
    unknown = [name for name in tables if name not in TABLES]
    if unknown or isinstance(tables, str):
        wrong = tables if isinstance(tables, str) else unknown[0]
        raise UsageError(f"tables must be some of {', '.join(TABLES)}; got {wrong!r}{suggestion(str(wrong), TABLES)}")
    return tables


def _world(scenario: Scenario, seed: int, run: int, seats: Mapping[str, Any], changes: Changes) -> World:
    """A world before its first period, as `cw.run` makes it."""
    blueprint = scenario.blueprint()
    return World(blueprint, [run], seed, changes=changes, agents=made_roster(blueprint, seats))
