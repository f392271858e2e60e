"""Asking decisions in a small network: twice from the same state, with nothing changed, and answers that can be used."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.agents.proof.random_states import State
from chainwright.policies.cohort import Cohort
from chainwright.state.ranks import dense_rank
from chainwright.words.trade import LANE_DECISIONS

Floats = NDArray[np.float64]
Parts = dict[str, Floats]
# What an answer about items consists of, and one about lanes.
QUANTITY, RANK, WEIGHT = "", "rank", "weight"
# The end of the lanes at which whoever decides stands.
OWN_END_OF = {"choose_sellers": "buyer", "allocate_stock": "seller"}
TABLES = ("runs", "products", "enterprises", "items", "lanes", "recipes")


@dataclasses.dataclass(frozen=True)
class Call:
    """One call of a decision: about one item, about the lanes of one item, or about all rows of a cohort at once.

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
        Rows of items or lanes.
    places : array of int
        Where they stand in the cohort.
    alone : bool
        Whether it is one item, or the lanes of one item.
    plain : bool
        Whether the answer is to be one number, instead of one for each row.
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
            if decision in LANE_DECISIONS:
                for name, column in state.facts(self.world, decision).items():
                    cohort.view.show(name, column[cohort.rows])

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
        least = self.least[call.decision]
        if call.decision in LANE_DECISIONS:
            return _rank_and_weight(call, answer, least)
        return {QUANTITY: _quantity(call, answer, least)}

    def learn(self, call: Call, answer: Any) -> None:
        """Keep what an answer says beside the decision."""

    def fingerprint(self, decision: str) -> bytes:
        """All bits of the world's columns, and of what is lent for a decision."""
        tables = [getattr(self.world, name) for name in TABLES]
        lent = [column.tobytes() for call in self.calls[decision] for column in shown_to(call).values()] if decision in LANE_DECISIONS else []
        return b"".join([*(table[name].tobytes() for table in tables for name in table.names), *lent])

    def row_name(self, decision: str, row: int) -> str:
        """A row in words."""
        world = self.world
        if decision not in LANE_DECISIONS:
            return self.item_name(row)
        seller = world.enterprises.name[world.items.enterprise[world.lanes.seller[row]]]
        return f"{seller} to {self.item_name(int(world.lanes.buyer[row]))}"

    def item_name(self, row: int) -> str:
        """An item in words."""
        world = self.world
        return f"{world.enterprises.name[world.items.enterprise[row]]}/{world.products.name[world.items.product[row]]}"


def shown_to(call: Call) -> dict[str, NDArray[Any]]:
    """The columns that a view was lent for the decision at hand."""
    return {name: column for name, column in call.view._links.items() if isinstance(column, np.ndarray)}


def _quantity(call: Call, answer: Any, least: float) -> Floats:
    if not call.plain:
        values = _column(call, answer, f"one number for each of {len(call.rows)} rows")
        _sound(values, least, "")
        return values
    try:
        # A text that reads as a number is none, nor is a column of one row.
        value = float("none" if isinstance(answer, str | bytes) or (isinstance(answer, np.ndarray) and answer.ndim) else answer)
    except (TypeError, ValueError, OverflowError):
        raise Unfit(0, _short(answer), "a number") from None
    if not math.isfinite(value) or value < least:
        _sound(np.array([value]), least, "")
    return np.array([value])


def _rank_and_weight(call: Call, answer: Any, least: float) -> Parts:
    size = len(call.rows)
    rank, weight = answer if isinstance(answer, tuple) and len(answer) == 2 else (0.0, answer)
    expected = f"a weight for each lane ({size}), or a pair of ranks and weights"
    ranks, weights = _column(call, rank, expected), _column(call, weight, expected)
    _sound(ranks, -np.inf, "rank ")
    _sound(weights, least, "weight ")
    if (ranks == ranks[0]).all():
        return {RANK: np.zeros(size), WEIGHT: weights}
    # Only the order of ranks means something, and only among the lanes of one item.
    group = np.zeros(size, np.int32) if call.alone else call.cohort.view.group
    return {RANK: dense_rank(group, ranks, shared=True).astype(np.float64), WEIGHT: weights}


def _column(call: Call, answer: Any, expected: str) -> Floats:
    whole = 0 if call.alone and call.decision not in LANE_DECISIONS else None
    if answer is None or isinstance(answer, str | bytes):
        raise Unfit(whole, _short(answer), expected)
    try:
        column = np.array(answer, np.float64)
        return column if column.shape == (len(call.rows),) else np.array(np.broadcast_to(column, len(call.rows)))
    except (TypeError, ValueError):
        shape = np.shape(answer) if isinstance(answer, np.ndarray | list) else ()
        raise Unfit(whole, f"{len(answer)} numbers" if len(shape) == 1 else _short(answer), expected) from None


def _sound(values: Floats, least: float, what: str) -> None:
    if np.isfinite(values).all() and (values >= least).all():
        return
    bad = ~np.isfinite(values)
    if bad.any():
        place = int(np.flatnonzero(bad)[0])
        raise Unfit(place, f"{what}{values[place]}", "a finite number")
    low = values < least
    if low.any():
        place = int(np.flatnonzero(low)[0])
        raise Unfit(place, f"{what}{values[place]}", "at least 0")


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
