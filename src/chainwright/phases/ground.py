"""What the phases act on: the tables, the levels, the pipelines and the deciders of one world."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.phases.level import Level
from chainwright.policies.cohort import Cohort
from chainwright.state.pipeline import Pipeline
from chainwright.state.table import Table

Floats = NDArray[np.float64]


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
    # What no row of the scenario needs is left out.
    any_makes: bool
    any_costs: bool
    any_prices: bool
    any_values: bool
    any_lost: bool
    any_given_up: bool
    any_spread: bool
    lost_items: NDArray[np.bool_]
    cancelled_items: NDArray[np.bool_]
    unlimited_rows: NDArray[np.int64]
    may_return: NDArray[np.bool_]
    # Place of each item's name in the alphabet, for ties.
    name_rank: NDArray[np.int64]
    # Sums that hold between phases of one period, one per item or lane.
    expected: Floats
    orders_later: Floats
    transit_before: Floats
    answers: dict[str, Floats]
    features: frozenset[str]
    events: Any
    downstream: Any
    delayed_lanes: NDArray[np.int64]
    transport: Any
    ages: Any
    draw_yield: Any

    def decide(self, decision: str, level: int) -> Floats:
        """Ask every cohort of a level for one decision about items; one answer per item of the level, 0 where nobody decides.

        This is the seam for agents: whoever decides for a row, its answer arrives here.
        """
        answer = self.answers[decision]
        answer[self.levels[level].items] = 0.0
        for cohort in self.cohorts[decision][level]:
            answer[cohort.rows] = cohort.answer(self.items)
        part: Floats = answer[self.levels[level].items]
        return part

    def decide_lanes(self, decision: str, level: int, facts: Mapping[str, Floats]) -> tuple[NDArray[np.int64], Floats]:
        """Ask for rank and weight of lanes; `facts` are columns (one per lane of the world) that the policies may look at."""
        rank = self.answers["rank"]
        weight = self.answers["weight"]
        for cohort in self.cohorts[decision][level]:
            for name, column in facts.items():
                cohort.view.lend(name, column[cohort.rows])
            rank[cohort.rows], weight[cohort.rows] = cohort.answer(self.lanes)
        return rank.astype(np.int64), weight
