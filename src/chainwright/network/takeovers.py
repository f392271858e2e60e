"""Who takes decisions over from the policies: the seam between a world and the agents that live on a higher floor."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from chainwright.network.blueprint import PolicyChoice
from chainwright.policies.answers import answer_to
from chainwright.policies.cohort import Cohort, Substitute
from chainwright.words.errors import UsageError


@dataclasses.dataclass(frozen=True)
class Takeover:
    """One decision about some rows that one class of agents takes over.

    Parameters
    ----------
    decision : str
        The decision.
    rows : array of int
        Rows of the blueprint's table that policies of the decision are given to.
    who : object
        Whatever the agents need to know who decides; the world only hands it back.
    """

    decision: str
    rows: NDArray[np.int32]
    who: Any


def seats_together(of_scenario: Mapping[str, Any], given: Any) -> dict[str, Any]:
    """The seats that a scenario gives, and over them those that a call gives.

    Raises
    ------
    UsageError
        When what is given names no seats.

    Examples
    --------
    >>> seats_together({"retailer": "Calm"}, {"retailer": "Panicker"})
    {'retailer': 'Panicker'}
    """
    if given is not None and not isinstance(given, Mapping):
        said = given.__name__ if isinstance(given, type) else repr(given)
        raise UsageError(f"agents must say who sits where, such as {{'wholesaler': Panicker}}, got {said}")
    return {**of_scenario, **(given or {})}


class Agents(Protocol):
    """All who take decisions over in one world."""

    def enter(self, world: Any, visibility: Mapping[str, str]) -> None:
        """The world is about to seat its cohorts: once when it is built, and after every change in mid-run."""

    def takeovers(self) -> Sequence[Takeover]:
        """Which decisions about which rows are taken over; a row has one taker per decision at the most."""

    def substitute(self, world: Any, cohort: Cohort, takeover: Takeover) -> Substitute:
        """Who answers for a cohort of the world."""

    def fresh(self) -> Agents:
        """The same takeovers by others, for another world of the same scenario."""

    def keep(self) -> Any:
        """What its members remember, for a snapshot."""

    def restore(self, kept: Any, sources: Mapping[str, NDArray[Any]]) -> None:
        """Remember what was kept; `sources` names, by table, for each row of this world the row of the world that kept it."""


def carve(choices: Sequence[PolicyChoice], takeovers: Sequence[Takeover], size: int) -> Iterator[tuple[PolicyChoice, int]]:
    """Part the choices of one decision by who takes rows over: pairs of a choice and the takeover's number, -1 for nobody.

    Rows that are taken over and that no policy decides about come with a policy that decides nothing.
    """
    if not takeovers:
        yield from ((choice, -1) for choice in choices)
        return
    taker = np.full(size, -1)
    for number, takeover in enumerate(takeovers):
        taker[takeover.rows] = number
    decided = np.zeros(size, np.bool_)
    for choice in choices:
        rows = np.asarray(choice.rows)
        decided[rows] = True
        for number in np.unique(taker[rows]).tolist():
            own = taker[rows] == number
            parameters = {name: value[own] if isinstance(value, np.ndarray) else value for name, value in choice.parameters.items()}
            yield PolicyChoice(choice.policy, parameters, rows[own]), number
    for number, takeover in enumerate(takeovers):
        left = np.asarray(takeover.rows)[~decided[takeover.rows]]
        if len(left):
            yield PolicyChoice(answer_to(takeover.decision).nobody, {}, left.astype(np.int32)), number
