"""A cohort: rows of one level that share a policy, with their parameters, their memory and their view."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from chainwright.policies.base import Policy
from chainwright.policies.partners import orders_on_the_way, sum_over
from chainwright.state.streams import row_key, uniform_from_key
from chainwright.state.totals import sum_by
from chainwright.state.view import Later, View
from chainwright.words.subjects import DECISIONS

Rows = slice | NDArray[np.int32]
# A draw in a later turn of a period bears the turn above so many bits of its number.
TURN_BITS = 20


def compact(rows: NDArray[Any]) -> slice | NDArray[Any]:
    """The same rows as a slice, where they lie side by side in ascending order (a slice is seen without a copy)."""
    if len(rows) and rows[-1] - rows[0] + 1 == len(rows) and bool((np.diff(rows) == 1).all()):
        return slice(int(rows[0]), int(rows[-1]) + 1)
    return rows


class Provided(Later):
    """A column that is lent, made once somebody looks at it."""

    __slots__ = ()


def _not_to_be_written(column: Any) -> Any:
    if not isinstance(column, np.ndarray):
        return column
    column = column.view()
    column.flags.writeable = False
    return column


class CohortView(View):
    """A view with memory and random draws: what a policy is called on."""

    __slots__ = ("_cohort", "_shown")
    _cohort: Cohort
    _shown: dict[str, None]

    def __init__(self, world: Any, table: Any, rows: Any, links: Mapping[str, Any] | None = None) -> None:
        super().__init__(world, table, rows, links)
        self._shown = {}

    def show(self, name: str, column: Any) -> None:
        """Show one more column, view or number for the decision at hand, such as the quantity to split; a function makes it once somebody looks."""
        self._links[name] = Provided(lambda: _not_to_be_written(column())) if callable(column) else _not_to_be_written(column)
        self._shown[name] = None

    def lent(self) -> dict[str, Any]:
        """What is shown for the decision at hand, by name."""
        return {name: self.linked(name) for name in self._shown}

    def memory(self, name: str) -> Any:
        """What the policy remembered: a column, or for a ring its columns, oldest first."""
        return self._cohort.recall(name)

    def draw(self, stream: str, number: int = 0) -> Any:
        """Uniform numbers between 0 and 1, one per row, the same for the same seed, run, stream, row, period, turn and number."""
        turn = self._cohort.turn
        return uniform_from_key(self._cohort.key(stream), self.period, number + (turn << TURN_BITS) if turn else number)

    def total(self, values: Any) -> Any:
        """Sum over the group of each lane, given back to each of its lanes."""
        group = self.group
        return sum_by(group, np.asarray(values, np.float64), self._cohort.groups)[group]

    @property
    def cohort(self) -> Cohort:
        """The cohort whose rows are seen."""
        return self._cohort

    def sum_over_buyers(self, name: str, by_share: bool = False) -> Any:
        """Sum of a column of the buyers' items, one sum per row; only columns that partners show (see `sum_over`)."""
        return sum_over(self, self._cohort.index, "buyer", name, by_share)

    def sum_over_sellers(self, name: str, by_share: bool = False) -> Any:
        """Sum of a column of the sellers' items, one sum per row; only columns that partners show (see `sum_over`)."""
        return sum_over(self, self._cohort.index, "seller", name, by_share)

    def orders_on_the_way(self) -> Any:
        """What buyers have ordered in former periods and has not been seen yet, one sum per row; their sellers know it where they decide it."""
        return orders_on_the_way(self, self._cohort.index)

    @property
    def group(self) -> NDArray[np.int32]:
        """Number of the group (buyer or seller) of each lane."""
        assert self._cohort.group is not None
        return self._cohort.group


class Substitute(Protocol):
    """Who answers a cohort's decision in place of its policy: an agent class that overrides it."""

    def answer(self, cohort: Cohort, table: Any) -> Any:
        """The decision, as the policy would give it."""


class Cohort:
    """Rows of one level that answer one decision by one policy, or by whoever takes the policy's place.

    Parameters
    ----------
    decision : str
        The decision.
    policy : Policy
        With parameters that are numbers, or columns of one value per row.
    rows : array of int
        Rows of items, or of lanes for lane decisions.
    view : CohortView
        What the policy sees of the rows.
    coordinates : callable
        Gives seed, run numbers, branches and entity coordinates (one per row), for draws.
    group, groups : array and int
        For decisions within groups: number of the group of each row, and how many there are.
    view_of : callable, optional
        Makes the view of some of the rows, for a decision that is asked about a part of them at a time.

    Attributes
    ----------
    turn : int
        Which turn of a period it is, for a decision that is asked several times.
    """

    def __init__(
        self,
        decision: str,
        policy: Policy,
        rows: NDArray[np.int32],
        view: CohortView,
        coordinates: Callable[[], tuple[int, NDArray[Any], Any, NDArray[Any]]],
        group: NDArray[np.int32] | None = None,
        groups: int = 0,
        view_of: Callable[[NDArray[np.int32]], CohortView] | None = None,
    ) -> None:
        self.decision = decision
        self.policy = policy
        self.index = rows
        self.rows = compact(rows)
        self.view = view
        self.group = group
        self.groups = groups
        self.substitute: Substitute | None = None
        self.turn = 0
        self._view_of = view_of
        self._part: Part | None = None
        # What stood in a ring where this period writes, while the period lasts: rings move once a period.
        self._former: dict[str, tuple[int, NDArray[Any]]] = {}
        self._by_age = bool(getattr(policy, "by_age", False))
        self._coordinates = coordinates
        self._keys: dict[str, NDArray[np.uint64]] = {}
        view._cohort = self
        self.memory = self._first_memory()

    def _first_memory(self) -> dict[str, NDArray[np.float64]]:
        return {name: self._first(name) for name in self.policy.remembers}

    @property
    def table(self) -> str:
        """The table whose rows are decided."""
        return DECISIONS[self.decision].table

    @property
    def by_age(self) -> bool:
        """Whether the policy allocates stock to the oldest debt first; who takes its place may hand this on, or answer otherwise."""
        return self._by_age

    @property
    def lasts(self) -> bool:
        """Whether the answer holds until an input changes; a class says so for itself, not for those that are made from it."""
        return self.substitute is None and bool(vars(type(self.policy)).get("lasting", False))

    def _first(self, name: str) -> NDArray[np.float64]:
        memory = self.policy.remembers[name]
        width, default = memory.width, memory.default
        if isinstance(width, str):
            width = int(np.max(getattr(self.policy, width)))
        if isinstance(default, str):
            known = {one.name for one in dataclasses.fields(self.policy)}  # type: ignore[arg-type]
            default = getattr(self.policy, default) if default in known else getattr(self.view, default)
        start = np.nan if default is None else default
        shape = (len(self.index),) if width == 1 else (width, len(self.index))
        return np.array(np.broadcast_to(np.asarray(start, np.float64), shape))

    @property
    def draws(self) -> bool:
        """Whether the policy has asked for anything random so far."""
        return bool(self._keys)

    def key(self, stream: str) -> NDArray[np.uint64]:
        """The part of a draw's coordinates that no period changes, one per row."""
        if stream not in self._keys:
            seed, run, branch, entity = self._coordinates()
            self._keys[stream] = row_key(seed, run, branch, stream, entity)
        return self._keys[stream]

    def recall(self, name: str) -> Any:
        """A remembered column; of a ring the columns of the periods before, oldest first."""
        kept = self.memory[name].view()
        kept.flags.writeable = False
        if kept.ndim == 1:
            return kept
        period = self.view.period
        oldest = period % len(kept)
        ring = [*kept[oldest:], *kept[:oldest]]
        if name in self._former and self._former[name][0] == period:
            ring[0] = self._former[name][1]
        return ring

    def remember(self, news: Mapping[str, Any], table: Any) -> None:
        """Keep what a policy answered beside its decision: its memory, or columns that it writes."""
        for name, value in news.items():
            kept = self.memory.get(name)
            if kept is None:
                getattr(table, name)[self.rows] = value
            else:
                self._keep(name, kept, value, slice(None))

    def _keep(self, name: str, kept: NDArray[Any], value: Any, places: Any) -> None:
        if kept.ndim == 1:
            kept[places] = value
            return
        period = self.view.period
        now = period % len(kept)
        if DECISIONS[self.decision].clock != "period" and self._former.get(name, (0,))[0] != period:
            self._former[name] = (period, kept[now].copy())
        kept[now, places] = value

    def narrowed(self, places: NDArray[Any]) -> Cohort:
        """The cohort asked about some of its rows only: their parameters, memory, draws and groups.

        Parameters
        ----------
        places : array of int
            Where the rows stand in the cohort, ascending. The part is kept as long as they stay the same.
        """
        if len(places) == len(self.index):
            return self
        if self._part is None or not np.array_equal(self._part.places, places):
            self._part = Part(self, np.array(places))
        return self._part

    def answer(self, table: Any) -> Any:
        """The decision, by the policy or by who has taken its place."""
        if self.substitute is not None:
            return self.substitute.answer(self, table)
        return self.answer_of_policy(table)

    def answer_of_policy(self, table: Any) -> Any:
        """Call the policy, keep what it wants remembered, and return its decision."""
        answer = self.policy(self.view)
        if isinstance(answer, tuple) and isinstance(answer[-1], dict):
            self.remember(answer[-1], table)
            return answer[0]
        return answer


class Part(Cohort):
    """Some rows of a cohort, which are asked while the others are not: what is remembered stays with the whole.

    Parameters
    ----------
    whole : Cohort
        The cohort.
    places : array of int
        Where the rows stand in it, ascending.
    """

    def __init__(self, whole: Cohort, places: NDArray[Any]) -> None:
        self.whole, self.places = whole, places
        group, groups = None, 0
        if whole.group is not None:
            members, numbers = np.unique(whole.group[places], return_inverse=True)
            group, groups = np.asarray(numbers, np.int32), len(members)
        index = whole.index[places]
        assert whole._view_of is not None
        super().__init__(whole.decision, cut(whole.policy, places), index, whole._view_of(index), whole._coordinates, group, groups)
        self.substitute = whole.substitute

    def _first_memory(self) -> dict[str, NDArray[np.float64]]:
        return {}

    def key(self, stream: str) -> NDArray[np.uint64]:
        if stream not in self._keys:
            self._keys[stream] = self.whole.key(stream)[self.places]
        return self._keys[stream]

    def recall(self, name: str) -> Any:
        kept = self.whole.recall(name)
        return [column[self.places] for column in kept] if isinstance(kept, list) else kept[self.places]

    def remember(self, news: Mapping[str, Any], table: Any) -> None:
        for name, value in news.items():
            kept = self.whole.memory.get(name)
            if kept is None:
                getattr(table, name)[self.rows] = value
            else:
                self.whole._keep(name, kept, value, self.places)


def cut(policy: Policy, places: NDArray[Any]) -> Policy:
    """A policy with the parameters of some of the rows that it decides about."""
    columns = {name: value[places] for name, value in vars(policy).items() if isinstance(value, np.ndarray)}
    return dataclasses.replace(policy, **columns) if columns else policy  # type: ignore[type-var]
