"""The policies of nobody: they stand where a decision is taken over that no policy answers."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, ClassVar

from chainwright.policies.answers import Answer, Number, RankAndWeight, Terms, Truth
from chainwright.policies.base import Policy


@dataclasses.dataclass(frozen=True)
class Nobody(Policy):
    """Decides nothing: stands where a decision is taken over that no policy answers."""

    name = "nobody"
    family = "-"
    formula = "0"
    source = "-"
    kind: ClassVar[type[Answer]] = Number

    def __call__(self, view: Any) -> Any:
        return self.kind.nothing(len(view.cohort.index))


class NobodyOfLanes(Nobody):
    """Decides nothing about what is shared: equal rank and weight."""

    name = "nobody_of_lanes"
    kind = RankAndWeight


class NobodyAgrees(Nobody):
    """Agrees to nothing."""

    name = "nobody_agrees"
    kind = Truth


class NobodyOfTerms(Nobody):
    """Leaves all terms as they stand."""

    name = "nobody_of_terms"
    kind = Terms


# Not registered: a scenario file cannot name them.
NOBODY: Mapping[str, type[Policy]] = {one.name: one for one in (Nobody, NobodyOfLanes, NobodyAgrees, NobodyOfTerms)}
