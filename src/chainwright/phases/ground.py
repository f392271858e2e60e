"""What the phases act on: the tables, the levels, the pipelines and the deciders of one world."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from chainwright.phases.trade.level import Delayed, Level
from chainwright.policies.answers import answer_to
from chainwright.policies.cohort import Cohort
from chainwright.state.pipeline import Pipeline
from chainwright.state.table import Table
from chainwright.state.totals import Grouping
from chainwright.words.costs import Cost
from chainwright.words.errors import UsageError
from chainwright.words.subjects import DECISIONS

Floats = NDArray[np.float64]


class Holding(Protocol):
    """What a subject keeps between phases that is neither a column nor a ring: one object of the world, under the subject's name."""

    def changed(self, world: Ground, points: Any) -> None:
        """Other blueprints hold from now on: inputs may have changed; the state stays."""

    def keep(self) -> dict[str, Any]:
        """What must be kept for a snapshot, copied."""

    def restore(self, world: Ground, kept: Mapping[str, Any], sources: Mapping[str, NDArray[Any]]) -> None:
        """Go on from what was kept; `sources` names, by table, for each row of this world the row of the world that kept it."""


Make = Callable[["Ground", Any], Holding]
# By subject: the feature without which there is none, and what makes it from a world and its blueprints.
HELD: dict[str, tuple[str, Make]] = {}


def hold(subject: str, feature: str, make: Make) -> None:
    """Let every world that has a feature hold something of a subject: ``world.<subject>``, None where it has not.

    Raises
    ------
    ValueError
        When a world has something of that name already.
    """
    if subject in HELD or subject in Ground.__annotations__ or hasattr(Ground, subject):
        raise ValueError(f"a world has something called {subject!r} already")
    HELD[subject] = (feature, make)


class Ground:
    """State of a world and the one way to ask for a decision; `World` builds it.

    Attributes
    ----------
    period : int
        The current period, counted from 1 (0 before the first).
    runs, products, enterprises, items, lanes, recipes : Table
        Flat columns over the union of runs.
    levels : list of Level
        From the customers (0) up.
    orders, goods, process : Pipeline
        Orders on the way, goods in transit (rows of lanes), production in process (rows of items).
    disturbed : bool
        Whether an event acts this period.
    """

    period: int
    seed: int
    runs: Table
    products: Table
    enterprises: Table
    items: Table
    lanes: Table
    recipes: Table
    levels: list[Level]
    orders: Pipeline
    goods: Pipeline
    process: Pipeline
    cohorts: dict[str, list[list[Cohort]]]
    disturbed: bool
    # The costs that can be charged, in the order in which they are added up.
    costs: tuple[Cost, ...]
    lost_items: NDArray[np.bool_]
    cancelled_items: NDArray[np.bool_]
    # Columns that are 0 again as a period begins.
    cleared: list[NDArray[Any]]
    unlimited_rows: NDArray[np.int64]
    may_return: NDArray[np.bool_]
    # Place of each item's name in the alphabet, for ties.
    name_rank: NDArray[np.int32]
    # What holds between phases of one period, one per item: what is to be received, and who owed something before it was asked for more.
    expected: Floats
    in_debt: NDArray[np.bool_]
    answers: dict[str, NDArray[Any]]
    features: frozenset[str]
    events: Any
    downstream: Any
    # What customers want and can order nowhere.
    unplaced: Any
    # What partners show each other.
    shown: Any
    order_delays: list[Delayed]
    # Ends of the lanes and run of the items, as numbers that index fastest.
    buyer_of_lane: NDArray[np.intp]
    _by_buyer: dict[tuple[Any, ...], Grouping]
    # The items from the first to the last that any cost can be charged to, with their runs and their enterprises.
    payers: slice
    run_of_payer: Grouping
    owner_of_payer: Grouping
    transport: Any
    ages: Any
    draw_yield: Any
    trade_anew: Any

    @property
    def may_lose(self) -> bool:
        """Whether demand can be lost, cancelled, refused or placed nowhere: then the columns of it are cleared, charged and summed up."""
        return bool("given_up" in self.features or self.events.scheduled or self.events.touched or self.unplaced.ever)

    def by_buyer(self, lanes: slice) -> Grouping:
        """Some lanes grouped by their buyers' items, for sums over the items; made once."""
        made: dict[tuple[Any, ...], Grouping] = self.__dict__.setdefault("_by_buyer", {})
        key = (lanes.start, lanes.stop)
        if key not in made:
            made[key] = Grouping(self.buyer_of_lane[lanes], self.items.rows)
        return made[key]

    def decide(self, decision: str, level: int) -> Floats:
        """Ask every cohort of a level for one decision about items; one answer per item of the level, 0 where nobody decides.

        This is the seam for agents: whoever decides for a row, its answer arrives here.
        """
        answer = self.answers[decision]
        for cohort in self.cohorts[decision][level]:
            answer[cohort.rows] = cohort.answer(self.items)
        part: Floats = answer[self.levels[level].items]
        return part

    def decide_lanes(
        self, decision: str, level: int, facts: Mapping[str, Callable[[Any], Floats]], rows: NDArray[Any] | slice
    ) -> tuple[NDArray[np.int64], Floats]:
        """Ask for rank and weight of lanes, and give those of `rows`; each of `facts` makes a column that the policies may look at."""
        cohorts = self.cohorts[decision][level]
        answers = []
        for cohort in cohorts:
            for name, fact in facts.items():
                cohort.view.show(name, partial(fact, cohort.rows))
            shape = (len(cohort.index),)
            answers.append([column if np.shape(column) == shape else np.broadcast_to(column, shape) for column in cohort.answer(self.lanes)])
        if len(cohorts) == 1:
            # Who decides for all of them has nothing to be put together with.
            decided = cohorts[0].rows
            places = _places_in(decided, rows)
            if places is not None:
                return answers[0][0][places].astype(np.int64), answers[0][1][places].astype(np.float64)
        rank, weight = np.zeros(self.lanes.rows, np.int64), np.zeros(self.lanes.rows)
        for cohort, (ranks, weights) in zip(cohorts, answers, strict=True):
            rank[cohort.rows], weight[cohort.rows] = ranks, weights
        return rank[rows], weight[rows]

    def ask(self, name: str, rows: NDArray[Any] | None = None, turn: int = 0, **shown: Any) -> Any:
        """Ask all who decide something and give whole columns of the decision's table.

        Parameters
        ----------
        name : str
            The decision.
        rows : array of int, optional
            The rows of the table that are asked, all by default: machines that run, lanes whose turn it is. Nobody sees the others: groups
            and their totals are those of the rows that are asked.
        turn : int
            Which turn of the period it is (the decision's step or round), counted from 0: a coordinate of draws.
        **shown : array or callable
            What the decision declares to show: a column of the whole table, or a function of rows that makes a column or a view of them.

        Returns
        -------
        array, pair of arrays or dict of arrays
            As the decision is answered: numbers, ranks, ranks and weights, truths, or terms; 0, no, or what stands in the table where
            nobody decides.

        Raises
        ------
        UsageError
            When a policy answers what cannot be used.
        """
        decision, kind = DECISIONS[name], answer_to(name)
        if unlike := {one.name for one in decision.shows} ^ set(shown):
            raise UsageError(f"{name} is declared to show {[one.name for one in decision.shows]}; what is missing or too much: {sorted(unlike)}")
        table = getattr(self, decision.table)
        into = kind.blank(table)
        chosen = None
        if rows is not None:
            chosen = np.zeros(table.rows, np.bool_)
            chosen[rows] = True
        for cohort in (cohort for level in self.cohorts[name] for cohort in level):
            if chosen is not None:
                places = np.flatnonzero(chosen[cohort.index])
                if not len(places):
                    continue
                cohort = cohort.narrowed(places)
            cohort.turn = turn
            for key, value in shown.items():
                cohort.view.show(key, partial(value if callable(value) else value.__getitem__, cohort.index))
            if decision.clock != "period":
                cohort.view.show(decision.clock, turn)
            columns = kind.checked(cohort.answer(table), len(cohort.index), partial(_unfit, self, cohort))
            kind.put(into, cohort.rows, kind.settled(columns, cohort.group))
        return into


def _unfit(world: Ground, cohort: Cohort, place: int | None, answered: str, expected: str) -> UsageError:
    """What is told of a policy's answer that cannot be used."""
    about = f"all {len(cohort.index)} rows" if place is None else f"row {cohort.index[place]}"
    said = f"{cohort.decision}: policy {cohort.policy.name!r} answered {answered} for {about} of {cohort.table} in period {world.period}"
    return UsageError(f"{said}; expected {expected}")


def _places_in(decided: slice | NDArray[Any], rows: slice | NDArray[Any]) -> slice | NDArray[Any] | None:
    """Where some of the rows for which a cohort has decided stand among them, as far as that is seen at once."""
    if isinstance(decided, slice):
        return slice(rows.start - decided.start, rows.stop - decided.start) if isinstance(rows, slice) else rows - decided.start
    return slice(None) if not isinstance(rows, slice) and np.array_equal(decided, rows) else None
