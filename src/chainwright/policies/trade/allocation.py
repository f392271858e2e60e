"""Who is served first when there is not enough: (rank, weight) for each lane of a seller."""

from __future__ import annotations

import dataclasses
from typing import Any, ClassVar

import numpy as np

from chainwright.policies.base import Policy, register
from chainwright.policies.columnwise import alike
from chainwright.state.ranks import dense_rank


class Allocation(Policy):
    """A rule that shares out what a seller has; `by_age` asks for it debt by debt, the oldest first."""

    family = "allocation"
    by_age: ClassVar[bool] = False


@register
@dataclasses.dataclass(frozen=True)
class Proportional(Allocation):
    """Everybody gets the same share of what is owed."""

    name = "proportional"
    formula = "rank 0, weight = what the lane is owed"
    source = "Cachon and Lariviere (1999), Management Science 45(8), 1091-1108"

    def __call__(self, view: Any) -> Any:
        want = view.want
        return np.zeros(len(want), np.int32), want


@register
@dataclasses.dataclass(frozen=True)
class Priority(Allocation):
    """Lanes of the lowest `priority` are served first; those of equal priority get the same share of what they are owed."""

    name = "priority"
    formula = "rank by the lane's priority, weight = what the lane is owed"
    source = "Cachon and Lariviere (1999), Management Science 45(8), 1091-1108, on lexicographic allocation"

    def __call__(self, view: Any) -> Any:
        return dense_rank(view.group, view.priority, shared=True), view.want


@register
@dataclasses.dataclass(frozen=True)
class OldestFirst(Allocation):
    """The oldest debt is served first; debts of one age get the same share."""

    name = "oldest_first"
    formula = "by age of the debt, the oldest first; within an age weight = what the lane is owed"
    source = "first come, first served: Zipkin (2000), Foundations of Inventory Management"
    by_age = True

    def __call__(self, view: Any) -> Any:
        want = view.want
        return np.zeros(len(want), np.int32), want


@register
@dataclasses.dataclass(frozen=True)
class Uniform(Allocation):
    """Everybody gets the same quantity, but nobody more than is owed."""

    name = "uniform"
    formula = "rank 0, weight 1"
    source = "Sprumont (1991), Econometrica 59(2), 509-519; Cachon and Lariviere (1999), Management Science 45(8), 1091-1108"

    def __call__(self, view: Any) -> Any:
        want = view.want
        return np.zeros(len(want), np.int32), alike(1.0, want)


@register
@dataclasses.dataclass(frozen=True)
class LargestFirst(Allocation):
    """Who is owed most is served first; of equals the lane that stands first."""

    name = "largest_first"
    formula = "rank by what the lane is owed, descending; one lane at a rank"
    source = "big customers first, a rule of practice; Cachon and Lariviere (1999), Management Science 45(8), 1091-1108, on lexicographic allocation"

    def __call__(self, view: Any) -> Any:
        return dense_rank(view.group, -view.want), view.want
