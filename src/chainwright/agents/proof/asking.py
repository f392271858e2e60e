"""Asking decisions in a small network: twice from the same state, with nothing changed, and answers that can be used."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.agents.proof.random_states import State
from chainwright.agents.rows_by_owner import name_of
from chainwright.policies.answers import NO_LIMIT, answer_to
from chainwright.policies.cohort import Cohort
from chainwright.words.subjects import DECISIONS, SHAPES

Parts = dict[str, NDArray[np.float64]]


@dataclasses.dataclass(frozen=True)
class Call:
    """One call of a decision: about one row, about the rows of one group (the lanes of an item), or about all rows of a cohort at once.

    Parameters
    ----------
    decision : str
        The decision.
    cohort : Cohort
        That the rows belong to.
    ask : callable
        Takes a view and answers.
    view : View
        What it is called on.
    rows : array of int
        Rows of the decision's table.
    places : array of int
        Where they stand in the cohort.
    alone : bool
        Whether it is one row, or the rows of one group.
    plain : bool
        Whether the answer is to be in plain numbers, instead of one for each row.
    """

    decision: str
    cohort: Cohort
    ask: Callable[[Any], Any]
    view: Any
    rows: NDArray[Any]
    places: NDArray[Any]
    alone: bool
    plain: bool


class Unfit(Exception):
    """An answer that cannot be used: at which of the call's rows (None for all), what was answered, and what was expected."""

    def __init__(self, place: int | None, answered: str, expected: str) -> None:
        super().__init__(answered)
        self.place, self.answered, self.expected = place, answered, expected


class Side:
    """Whose decisions are asked in one small world: a class of agents or a policy, row by row or for whole columns.

    Attributes
    ----------
    name : str
        The name of the class.
    world : World
        A world of its own.
    calls : dict
        By decision.
    least : dict
        By decision, what an answer cannot go below.
    names : dict
        Names of the classes that define decisions, where it is another one.
    """

    name: str
    is_policy = False
    world: Any
    calls: dict[str, list[Call]]
    least: dict[str, float]
    names: Mapping[str, str] = {}

    def prepare(self, decision: str, state: State) -> None:
        """Lend what belongs to the decision, as the phases do."""
        for cohort in dict.fromkeys(call.cohort for call in self.calls[decision]):
            for name, column in state.facts(self.world, decision).items():
                cohort.view.show(name, column[cohort.rows])
            if DECISIONS[decision].clock != "period":
                cohort.view.show(DECISIONS[decision].clock, 0)

    def keep(self) -> Any:
        """What those who are asked remember."""

    def put_back(self, kept: Any) -> None:
        """Let them remember what they did."""

    def parts(self, call: Call, answer: Any) -> Parts:
        """An answer as columns, one value per row of the call.

        Raises
        ------
        Unfit
            When it cannot be used.
        """
        kind, by_row = answer_to(call.decision), DECISIONS[call.decision].asked == "row"

        def blame(place: int | None, answered: str, expected: str) -> Unfit:
            return Unfit(0 if place is None and call.alone and by_row else place, answered, expected)

        columns = kind.checked(answer, None if call.plain else len(call.rows), blame, self.least[call.decision], NO_LIMIT)
        return kind.parts(columns, None if call.alone else call.cohort.group)

    def learn(self, call: Call, answer: Any) -> None:
        """Keep what an answer says beside the decision."""

    def fingerprint(self, decision: str) -> bytes:
        """All bits of the world's columns, and of what is lent for a decision."""
        tables = [getattr(self.world, name) for name in SHAPES]
        lent = [column.tobytes() for call in self.calls[decision] for column in shown_to(call).values()] if DECISIONS[decision].shows else []
        return b"".join([*(table[name].tobytes() for table in tables for name in table.names), *lent])

    def row_name(self, decision: str, row: int) -> str:
        """A row in words."""
        world = self.world
        if DECISIONS[decision].table != "lanes":
            return name_of(world, DECISIONS[decision].table, row)
        seller = world.enterprises.name[world.items.enterprise[world.lanes.seller[row]]]
        return f"{seller} to {self.item_name(int(world.lanes.buyer[row]))}"

    def item_name(self, row: int) -> str:
        """An item in words."""
        return name_of(self.world, "items", row)


def shown_to(call: Call) -> dict[str, NDArray[Any]]:
    """The columns that a view was lent for the decision at hand."""
    return {name: column for name, column in call.view._links.items() if isinstance(column, np.ndarray)}
