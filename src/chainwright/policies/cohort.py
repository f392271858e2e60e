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

Rows = slice | NDArray[np.int32]


def compact(rows: NDArray[Any]) -> slice | NDArray[Any]:
    """The same rows as a slice, where they lie side by side in ascending order (a slice is seen without a copy)."""
    if len(rows) and rows[-1] - rows[0] + 1 == len(rows) and bool((np.diff(rows) == 1).all()):
        return slice(int(rows[0]), int(rows[-1]) + 1)
    return rows


class Provided(Later):
    """A column that is lent, made once somebody looks at it."""

    __slots__ = ()


def _not_to_be_written(column: NDArray[Any]) -> NDArray[Any]:
    column = column.view()
    column.flags.writeable = False
    return column


class CohortView(View):
    """A view with memory and random draws: what a policy is called on."""

    __slots__ = ("_cohort",)
    _cohort: Cohort

    def show(self, name: str, column: Any) -> None:
        """Show one more column for the decision at hand, such as the quantity to split; a function makes it once somebody looks."""
        self._links[name] = Provided(lambda: _not_to_be_written(column())) if callable(column) else _not_to_be_written(column)

    def lent(self) -> dict[str, Any]:
        """The columns that were lent for the decision at hand."""
        return {name: self.linked(name) for name, column in list(self._links.items()) if isinstance(column, np.ndarray | Provided)}

    def memory(self, name: str) -> Any:
        """What the policy remembered: a column, or for a ring its columns, oldest first."""
        return self._cohort.recall(name)

    def draw(self, stream: str, number: int = 0) -> Any:
        """Uniform numbers between 0 and 1, one per row, the same for the same seed, run, stream, row, period and number."""
        return uniform_from_key(self._cohort.key(stream), self.period, number)

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
        For lane decisions: number of the group of each lane, and how many there are.
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
    ) -> None:
        self.decision = decision
        self.policy = policy
        self.index = rows
        self.rows = compact(rows)
        self.view = view
        self.group = group
        self.groups = groups
        self.substitute: Substitute | None = None
        self._by_age = bool(getattr(policy, "by_age", False))
        self._coordinates = coordinates
        self._keys: dict[str, NDArray[np.uint64]] = {}
        view._cohort = self
        self.memory = {name: self._first(name) for name in policy.remembers}

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
        """A remembered column; of a ring the columns, oldest first."""
        kept = self.memory[name].view()
        kept.flags.writeable = False
        if kept.ndim == 1:
            return kept
        oldest = self.view.period % len(kept)
        return [*kept[oldest:], *kept[:oldest]]

    def remember(self, news: Mapping[str, Any], table: Any) -> None:
        """Keep what a policy answered beside its decision: its memory, or columns that it writes."""
        for name, value in news.items():
            kept = self.memory.get(name)
            if kept is None:
                getattr(table, name)[self.rows] = value
            elif kept.ndim == 1:
                kept[...] = value
            else:
                kept[self.view.period % len(kept)] = value

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
