"""A world: the tables, streams, deciders and phases of many runs of one scenario, stepped period by period."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.network.blueprint import Blueprint
from chainwright.network.deciders import Deciders, transfer_memory
from chainwright.network.derive import Template, derive_all
from chainwright.network.features import needed_features, turn_on
from chainwright.network.points import Points, as_points
from chainwright.network.snapshot import Snapshot, mismatch, restore_into, take
from chainwright.network.takeovers import Agents
from chainwright.network.trading import trading
from chainwright.network.unite import Union, laid_out, unite
from chainwright.network.wiring import rewire, wire
from chainwright.phases.ground import Ground
from chainwright.phases.period import PERIOD, Period, Phase
from chainwright.phases.trade.oldest_debt import Ages
from chainwright.policies.cohort import Cohort
from chainwright.state.streams import other_branches, row_key, uniform_from_key
from chainwright.state.table import is_on
from chainwright.words.errors import UsageError, suggestion
from chainwright.words.requests import LARGEST_SEED, run_numbers, whole_number
from chainwright.words.subjects import SCHEMA

Changes = Mapping[int, Blueprint | Points]


class World(Ground):
    """Many runs of one scenario, or of several of one structure, side by side.

    Parameters
    ----------
    blueprint : Blueprint or Points
        The scenario as columns of one run; or several, and which of them each run follows.
    runs : sequence of int
        Numbers of the replications; a run's number is a coordinate of its random draws, so run 7 is the same in any company.
        Runs of different blueprints may bear the same number: they have the same draws then.
    seed : int, optional
        Seed of all draws; the blueprint's own by default.
    changes : mapping, optional
        Blueprints (or points) that hold from a period on (interventions), each with the same rows.
    wanted : collection of str
        Features that are kept although no policy needs them, such as the end demand downstream of every item.
    agents : Agents, optional
        Who takes decisions over from the policies (agents).
    branches : sequence of int, optional
        Branch of each run, a coordinate of its random draws; 0 by default.

    Raises
    ------
    CycleWithoutDelay
        When items wait for each other within one period.
    UsageError
        When a policy or a change does not fit.
    """

    def __init__(
        self,
        blueprint: Blueprint | Points,
        runs: Sequence[int] = (0,),
        seed: int | None = None,
        *,
        changes: Changes | None = None,
        wanted: Collection[str] = ("end_demand",),
        agents: Agents | None = None,
        branches: Sequence[int] | None = None,
    ) -> None:
        # Forks of one run bear its number, and so may runs of several points; otherwise a number is given once.
        again = branches is not None or isinstance(blueprint, Points)
        self.run_numbers = np.asarray(runs if again else run_numbers(runs), np.int64)
        self.points = self.current = points = as_points(blueprint, len(self.run_numbers))
        # What is the same in all of them is read from the first.
        self.blueprint = points.first
        self.seed = self.blueprint.seed if seed is None else whole_number(seed, "seed", 0, LARGEST_SEED)
        self.period = 0
        self._unfinished, self._broken_off = "", False
        self.changes = {period: as_points(change, len(self.run_numbers)) for period, change in (changes or {}).items()}
        self.disturbed = False
        self.observers: list[Callable[[Ground], None]] = []
        self.agents = agents
        every = [one for held in (points, *self.changes.values()) for one in held.blueprints]
        self.features = needed_features(every, wanted)
        templates = derive_all(points.blueprints)
        self.template: Template = templates[0]
        self.union: Union = unite(templates, points.of_run, self.run_numbers.tolist(), branches, self.features)
        for name, table in self.union.tables.items():
            setattr(self, name, table)
        self._wanted = wanted
        wire(self, points, self.template, self.union, every)
        self.template = self.template.without_tables()
        self._deciders = Deciders(self, points, self.union.layouts, self.template.place, agents)
        self.cohorts = self._deciders.cohorts()
        self._after_deciders(points.first)
        self._yield_keys: NDArray[np.uint64] | None = None
        self._has_drawn = False
        self.phases = self._needed_phases()

    def refresh(self) -> None:
        """See anew which phases are needed, after the state was changed from outside."""
        self.phases = self._needed_phases()

    def _needed_phases(self) -> Period:
        return PERIOD.needed(self.features)

    def _after_deciders(self, blueprint: Blueprint) -> None:
        """Facts that follow from who decides: who allocates by age, whose orders may be negative, what is wanted downstream."""
        owners = np.zeros(self.items.rows, np.bool_)
        may_return = np.zeros(self.items.rows, np.bool_)
        for levels in self.cohorts["allocate_stock"]:
            for cohort in levels:
                if cohort.by_age:
                    owners[self.lanes.seller[cohort.index]] = True
        for levels in self.cohorts["place_orders"]:
            for cohort in levels:
                may_return[cohort.index] = getattr(cohort.policy, "allow_negative", False)
        asked = self.ages.asked if self.ages.wanted else None
        self.ages = Ages(owners, self.lanes.rows, asked)
        # Goods sent back may leave an item with less than nothing: a debt to the source that took them back.
        self.may_return = may_return
        for level in self.levels:
            level.may_return = may_return[level.items]
        wanted = {name for levels in self.cohorts.values() for level in levels for cohort in level for name in cohort.policy.wants}
        # What a scenario shows, an agent may look at.
        wanted |= {name for name in ("end_demand", "echelon_stock") if blueprint.visibility.get(name, "hidden") != "hidden"}
        self.downstream.wanted = frozenset(wanted | ({"end_demand", "echelon_stock"} & self.features))

    def draw_yield(self, rows: slice) -> Any:
        """Share of what is completed now that turns out good, one per item of the slice."""
        share = self.items.yield_share[rows]
        if "yield_spread" not in self.features:
            return share
        if self._yield_keys is None:
            run = self.items.run
            self._yield_keys = row_key(self.seed, self.runs.number[run], self.runs.branch[run], "yield", self.items.coordinate)
        u = uniform_from_key(self._yield_keys[rows], self.period, 0)
        return share + self.items.yield_spread[rows] * (2.0 * u - 1.0)

    @property
    def has_drawn(self) -> bool:
        """Whether anything random has been asked for so far, or may have been by agents: else every other run would have been the same.

        Examples
        --------
        >>> import chainwright as cw
        >>> beer, newsvendor = (World(cw.load(name).blueprint()) for name in ("beer_game", "newsvendor"))
        >>> beer.step(36), newsvendor.step()
        (None, None)
        >>> beer.has_drawn, newsvendor.has_drawn
        (False, True)
        """
        if self.agents is not None or self.transport.choices or "yield_spread" in self.features:
            return True
        self._has_drawn = self._has_drawn or any(cohort.draws for cohort in self.all_cohorts())
        return self._has_drawn

    def step(self, periods: int = 1) -> None:
        """Play some periods.

        Examples
        --------
        >>> import chainwright as cw
        >>> world = World(cw.load("beer_game").blueprint(), runs=range(3))
        >>> world.step(2)
        >>> world.period
        2
        """
        self.refuse_in_midst()
        for _ in range(periods):
            self.period += 1
            self._unfinished = f"period {self.period} is being played; until it is over nobody can step, keep, copy or rewind the world"
            try:
                # What outgrows all numbers is told by whoever measures, in words.
                with np.errstate(over="ignore", invalid="ignore"):
                    self._play()
            except BaseException:
                self._unfinished, self._broken_off = f"period {self.period} was broken off by an error; go back to a snapshot, or begin anew", True
                raise
            self._unfinished = ""
            with np.errstate(over="ignore", invalid="ignore"):
                for observe in self.observers:
                    observe(self)

    def refuse_in_midst(self) -> None:
        """Refuse what can be done between two periods only.

        Raises
        ------
        UsageError
            When a period is being played, or was broken off by an error.
        """
        if self._unfinished:
            raise UsageError(self._unfinished)

    def _play(self) -> None:
        if self.period in self.changes:
            self.change(self.changes[self.period])
        self._begin()
        for phase in self.phases:
            self.shown.keep()
            phase.act(self)
        self.shown.release()

    def _begin(self) -> None:
        """Clear what is counted anew each period and not written by every phase."""
        # Who plans early looks at lanes on which the orders of this period have not arrived yet.
        for column in self.cleared:
            column.fill(0)
        if self.may_lose:
            self.lanes.lost.fill(0.0)
            self.items.clear(("lost", "unseen"))

    def change(self, blueprint: Blueprint | Points) -> None:
        """Let another blueprint hold from now on: its inputs and its policies replace those in force; the state stays.

        Parameters
        ----------
        blueprint : Blueprint or Points
            With the same rows, for example one of `Scenario.stages`.

        Raises
        ------
        UsageError
            When the rows of the two differ, or a delay becomes or ceases to be 0.
        """
        points = as_points(blueprint, len(self.run_numbers))
        templates = derive_all(points.blueprints)
        template = templates[0]
        former = self.template
        same = all(np.array_equal(order, former.order[name]) for name, order in template.order.items())
        if not same or not np.array_equal(template.level["items"], former.level["items"]) or not np.array_equal(template.delayed, former.delayed):
            raise UsageError("a change in mid-run cannot add or drop enterprises, items, lanes or recipes, nor make a delay 0 or end its being 0")
        self.current = points
        turn_on(self, needed_features(points.blueprints))
        for name, layout in self.union.layouts.items():
            table = getattr(self, name)
            columns = laid_out(templates, points.of_run, name, layout)
            for column in SCHEMA.table(name):
                if column.kind == "input" and column.name in columns and is_on(column, self.features):
                    given = columns[column.name]
                    if column.dtype == "str":
                        setattr(table, column.name, given)
                    else:
                        table[column.name][...] = given
            if name == "items":
                self.items.lead_time[...] = columns["lead_time"]
        for column in SCHEMA.table("products"):
            if column.kind == "input" and column.name in template.tables["products"]:
                self.products[column.name][...] = template.tables["products"][column.name]
        # Those who decided until now are asked once more whether they drew anything.
        self._has_drawn = self.has_drawn
        deciding = self.cohorts
        self.template = template.without_tables()
        wire(self, points, template, self.union, points.blueprints, anew=False)
        self._deciders = Deciders(self, points, self.union.layouts, template.place, self.agents)
        self.cohorts = self._deciders.cohorts()
        transfer_memory(deciding, self.cohorts, self)
        self._after_deciders(points.first)
        self.phases = self._needed_phases()

    def trade_anew(self) -> None:
        """See anew on which lanes orders may be placed, and what follows from it; for phases that change a condition of it."""
        rewire(self, trading(self))

    def watch(self, observe: Callable[[Ground], None]) -> None:
        """Have a function called at the end of every period, with the world.

        Parameters
        ----------
        observe : callable
            Takes the world; what it returns is ignored.
        """
        self.observers.append(observe)

    def describe_period(self) -> Period:
        """The phases of this world in their order, those it does not need left out."""
        measure = Phase("measure", "metrics are accumulated and what was asked for is recorded", lambda world: None)
        return Period([*self.phases, measure])

    def snapshot(self) -> Snapshot:
        """Keep the state as it is; `restore` goes on from it as if nothing had happened in between.

        Examples
        --------
        >>> import chainwright as cw
        >>> world = World(cw.load("beer_game").blueprint())
        >>> world.step(5)
        >>> kept = world.snapshot()
        >>> world.step(10)
        >>> world.restore(kept)
        >>> world.period
        5
        """
        self.refuse_in_midst()
        return take(self)

    def restore(self, snapshot: Snapshot) -> None:
        """Go back (or forward) to a snapshot of this world, or of a world built from the same scenario and runs.

        Raises
        ------
        UsageError
            When the snapshot is of another scenario, of other runs, or of a world where others decide.
        """
        if not self._broken_off:
            self.refuse_in_midst()
        if wrong := mismatch(self, snapshot):
            raise UsageError(wrong)
        restore_into(self, snapshot)
        self._unfinished, self._broken_off = "", False

    def fork(self, copies: int, run: int | None = None, draws: str = "same", *, place: int | None = None) -> World:
        """Lay copies of one run side by side, each in the state that the run is in now: alternative futures to be compared.

        Parameters
        ----------
        copies : int
            How many.
        run : int, optional
            Number of the run; not needed where the world has only one.
        draws : {"same", "own"}
            Whether all go on with the random draws of the run, or each has its own from now on (the first keeps those of the run).
        place : int, optional
            Place of the run in the world, counted from 0, where several bear one number: in a fork.

        Returns
        -------
        World
            Without observers; its runs have the number of the run that was copied, and 0, 1, 2 ... as branches where draws are own.

        Raises
        ------
        UsageError
            When the world has no such run, or several and none is said.

        Examples
        --------
        >>> import chainwright as cw
        >>> world = World(cw.load("battery").blueprint())
        >>> world.step(5)
        >>> futures = world.fork(3, draws="own")
        >>> futures.period, futures.runs.branch.tolist()
        (5, [0, 1, 2])
        """
        self.refuse_in_midst()
        copies = whole_number(copies, "the number of copies", 1)
        if draws not in ("same", "own"):
            raise UsageError(f"draws must be 'same' or 'own', got {draws!r}{suggestion(str(draws), ('same', 'own'))}")
        place = self._place_of(run) if place is None else whole_number(place, "place", 0, len(self.run_numbers) - 1)
        number = int(self.run_numbers[place])
        first = int(self.runs.branch[place])
        branches = [first] * copies if draws == "same" else [first, *other_branches(first, copies - 1)]
        agents = self.agents.fresh() if self.agents is not None else None
        changes = {period: held.alone(place) for period, held in self.changes.items()}
        one = self.points.alone(place)
        twin = World(one, [number] * copies, self.seed, changes=changes, wanted=self._wanted, agents=agents, branches=branches)
        restore_into(twin, self.snapshot(), [place] * copies, self.union)
        return twin

    def _place_of(self, run: int | None) -> int:
        """Where a run stands in the world."""
        numbers: list[int] = self.run_numbers.tolist()
        if run is None and len(numbers) > 1:
            which = f"run={numbers[0]}" if len(set(numbers)) > 1 else f"place=0 to {len(numbers) - 1}"
            raise UsageError(f"the world has {len(numbers)} runs; say which one to copy: {which}")
        number = numbers[0] if run is None else run
        if number not in numbers:
            raise UsageError(f"the world has no run {number!r}; it has {', '.join(map(str, numbers[:10]))}{' ...' if len(numbers) > 10 else ''}")
        if numbers.count(number) > 1:
            raise UsageError(f"run {number} is there {numbers.count(number)} times; say which one to copy: place=0 to {len(numbers) - 1}")
        return numbers.index(number)

    def all_cohorts(self) -> list[Cohort]:
        return [cohort for levels in self.cohorts.values() for level in levels for cohort in level]

    def copy(self) -> World:
        """An independent world in the same state (without observers)."""
        self.refuse_in_midst()
        agents = self.agents.fresh() if self.agents is not None else None
        twin = World(
            self.points,
            self.run_numbers.tolist(),
            self.seed,
            changes=self.changes,
            wanted=self._wanted,
            agents=agents,
            branches=self.runs.branch.tolist(),
        )
        twin.restore(self.snapshot())
        return twin
