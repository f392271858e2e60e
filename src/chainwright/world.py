"""A world: the tables, streams, deciders and phases of many runs of one scenario, stepped period by period."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.network.assemble import Template, Union, derive, unite
from chainwright.network.blueprint import Blueprint
from chainwright.network.deciders import Deciders, hand_over
from chainwright.network.wiring import wire
from chainwright.phases.ages import Ages
from chainwright.phases.ground import Ground
from chainwright.phases.period import PERIOD, Period, Phase
from chainwright.policies.cohort import Cohort
from chainwright.state.streams import row_key, uniform_from_key
from chainwright.words.columns import SCHEMA
from chainwright.words.errors import UsageError
from chainwright.words.requests import LARGEST_SEED, run_numbers, whole_number

Changes = Mapping[int, Blueprint]


@dataclass(frozen=True)
class Snapshot:
    """Everything that a world needs to go on from where it stood."""

    period: int
    columns: Mapping[str, Mapping[str, NDArray[Any]]]
    rings: Mapping[str, NDArray[np.float64]]
    memories: list[dict[str, NDArray[Any]]]
    others: Mapping[str, Any]


class World(Ground):
    """Many runs of one scenario, side by side.

    Parameters
    ----------
    blueprint : Blueprint
        The scenario as columns of one run.
    runs : sequence of int
        Numbers of the replications; a run's number is a coordinate of its random draws, so run 7 is the same in any company.
    seed : int, optional
        Seed of all draws; the blueprint's own by default.
    changes : mapping, optional
        Blueprints that hold from a period on (interventions), each with the same rows.
    end_demand : bool
        Whether to keep the end demand downstream of every item.

    Raises
    ------
    CycleWithoutDelay
        When items wait for each other within one period.
    UsageError
        When a policy or a change does not fit.
    """

    def __init__(
        self, blueprint: Blueprint, runs: Sequence[int] = (0,), seed: int | None = None, *, changes: Changes | None = None, end_demand: bool = True
    ) -> None:
        self.blueprint = self.current = blueprint
        if not isinstance(blueprint, Blueprint):
            raise UsageError(f"a world is built from a blueprint (scenario.blueprint()), got {type(blueprint).__name__}")
        self.seed = blueprint.seed if seed is None else whole_number(seed, "seed", 0, LARGEST_SEED)
        self.run_numbers = np.asarray(run_numbers(runs), np.int64)
        self.period = 0
        self.changes: dict[int, Blueprint] = dict(changes or {})
        self.disturbed = False
        self.observers: list[Callable[[Ground], None]] = []
        self.template: Template = derive(blueprint)
        self.union: Union = unite(self.template, self.run_numbers.tolist())
        for name, table in self.union.tables.items():
            setattr(self, name, table)
        self._end_demand = end_demand
        wire(self, blueprint, self.template, self.union, [blueprint, *self.changes.values()])
        self._deciders = Deciders(self, self.union.layouts["items"], self.template.place["items"], blueprint.visibility)
        self.cohorts = self._deciders.cohorts(blueprint.policies)
        self._after_deciders(blueprint)
        self._yield_keys = row_key(self.seed, self.runs.number[self.items.run], 0, "yield", self.items.coordinate)
        self.phases = self._needed_phases()

    def _needed_phases(self) -> Period:
        unused = [] if self.events.scheduled or self.events.touched else ["disrupt"]
        return PERIOD.without(*unused)

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
        if self._end_demand or blueprint.visibility.get("end_demand", "hidden") != "hidden":
            wanted.add("end_demand")
        self.downstream.wanted = frozenset(wanted)

    def draw_yield(self, rows: slice) -> Any:
        """Share of what is completed now that turns out good, one per item of the slice."""
        share = self.items.yield_share[rows]
        if not self.any_spread:
            return share
        u = uniform_from_key(self._yield_keys[rows], self.period, 0)
        return share + self.items.yield_spread[rows] * (2.0 * u - 1.0)

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
        for _ in range(periods):
            self.period += 1
            if self.period in self.changes:
                self.change(self.changes[self.period])
            self._begin()
            for phase in self.phases:
                phase.act(self)
            for observe in self.observers:
                observe(self)

    def _begin(self) -> None:
        """Clear what is counted anew each period and not written by every phase."""
        if self.events.scheduled or self.events.touched or self.any_given_up:
            self.lanes.lost.fill(0.0)
            self.items.lost.fill(0.0)
        if self.any_makes:
            self.items.clear(("used", "made", "scrapped"))

    def change(self, blueprint: Blueprint) -> None:
        """Let another blueprint hold from now on: its inputs and its policies replace those in force; the state stays.

        Parameters
        ----------
        blueprint : Blueprint
            With the same rows, for example one of `Scenario.stages`.

        Raises
        ------
        UsageError
            When the rows of the two differ, or a delay becomes or ceases to be 0.
        """
        template = derive(blueprint)
        former = self.template
        same = all(np.array_equal(order, former.order[name]) for name, order in template.order.items())
        if not same or not np.array_equal(template.item_level, former.item_level) or not np.array_equal(_delayed(template), _delayed(former)):
            raise UsageError("a change in mid-run cannot add or drop enterprises, items, lanes or recipes, nor make a delay 0 or end its being 0")
        self.current = blueprint
        for name, layout in self.union.layouts.items():
            table = getattr(self, name)
            for column in SCHEMA.table(name):
                if column.kind == "input" and column.name in template.tables[name]:
                    table[column.name][...] = template.tables[name][column.name][layout.source]
        for column in SCHEMA.table("products"):
            if column.kind == "input" and column.name in template.tables["products"]:
                self.products[column.name][...] = template.tables["products"][column.name]
        self.items.lead_time[...] = template.tables["items"]["lead_time"][self.union.layouts["items"].source]
        deciding = self.cohorts
        self.template = template
        wire(self, blueprint, template, self.union, [blueprint], anew=False)
        self._deciders = Deciders(self, self.union.layouts["items"], template.place["items"], blueprint.visibility)
        self.cohorts = self._deciders.cohorts(blueprint.policies)
        hand_over(deciding, self.cohorts, self.items.rows, self.lanes.rows)
        self._after_deciders(blueprint)
        self.phases = self._needed_phases()

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
        kinds = ("state", "input")
        columns = {
            name: getattr(self, name).copies([column.name for column in SCHEMA.table(name) if column.kind in kinds and column.dtype != "str"])
            for name in ("runs", "enterprises", "items", "lanes", "recipes")
        }
        columns["runs"]["number"] = self.run_numbers
        rings = {name: getattr(self, name).ring.copy() for name in ("orders", "goods", "process")}
        memories = [{name: kept.copy() for name, kept in cohort.memory.items()} for cohort in self._all_cohorts()]
        others = {
            "last_due": self.transport.last_due.copy(),
            "asked": self.ages.asked.copy(),
            "disturbed": self.disturbed,
            "touched": self.events.touched,
            "blueprint": self.current,
        }
        return Snapshot(self.period, columns, rings, memories, others)

    def restore(self, snapshot: Snapshot) -> None:
        """Go back (or forward) to a snapshot of this world, or of a world built from the same scenario and runs.

        Raises
        ------
        UsageError
            When the snapshot is of another scenario or of other runs.
        """
        if not np.array_equal(snapshot.columns["runs"]["number"], self.run_numbers) or len(snapshot.columns["items"]["on_hand"]) != self.items.rows:
            raise UsageError("a snapshot fits only a world of the same scenario and the same runs")
        if snapshot.others["blueprint"] is not self.current:
            self.change(snapshot.others["blueprint"])
        self.period = snapshot.period
        for name, columns in snapshot.columns.items():
            getattr(self, name).restore(columns)
        for name, ring in snapshot.rings.items():
            pipeline = getattr(self, name)
            pipeline.ring, pipeline.width = ring.copy(), len(ring)
        for cohort, memory in zip(self._all_cohorts(), snapshot.memories, strict=True):
            for name, kept in memory.items():
                cohort.memory[name][...] = kept
        self.transport.last_due[...] = snapshot.others["last_due"]
        self.ages.asked[...] = snapshot.others["asked"]
        self.disturbed, self.events.touched = snapshot.others["disturbed"], snapshot.others["touched"]
        self.phases = self._needed_phases()

    def _all_cohorts(self) -> list[Cohort]:
        return [cohort for levels in self.cohorts.values() for level in levels for cohort in level]

    def copy(self) -> World:
        """An independent world in the same state (without observers)."""
        twin = World(self.blueprint, self.run_numbers.tolist(), self.seed, changes=self.changes, end_demand=self._end_demand)
        twin.restore(self.snapshot())
        return twin


def _delayed(template: Template) -> NDArray[np.bool_]:
    """Which delays are there, of orders, of transport and of production, in the order of computation."""
    lanes, items = template.tables["lanes"], template.tables["items"]
    return np.concatenate([lanes["order_delay"] > 0, ~template.may_be_instant, items["production_time"] > 0])
