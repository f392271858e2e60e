"""The one object that stands for all enterprises of a class in a columnar method, and what it remembers as columns."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from chainwright.agents.memory import remember, state_of
from chainwright.agents.rows import by_row

if TYPE_CHECKING:
    from chainwright.agents.enterprise import Enterprise

Kept = tuple[type, str, NDArray[Any], dict[str, Any]]


class Crowd:
    """All enterprises of a class whose decision is answered by one call.

    What the method keeps on ``self`` stays there: an array with one value per row (in its last dimension) follows its rows into
    snapshots, forks and changes in mid-run; anything else is the same for all of them.

    Parameters
    ----------
    agent_class : type
        The class.
    decision : str
        The decision.
    rows : array of int
        The rows of items or lanes that are decided.
    """

    def __init__(self, agent_class: type[Enterprise], decision: str, rows: NDArray[Any]) -> None:
        self.agent_class = agent_class
        self.decision = decision
        self.rows = rows
        # Not a registered agent: it has no row, no name and no place in the model.
        self.self = agent_class.__new__(agent_class)

    def kept(self) -> Kept:
        """What is remembered, with the rows that it belongs to."""
        return self.agent_class, self.decision, self.rows, copy.deepcopy(state_of(self.self))

    def adopt(self, kept: Sequence[Kept], sources: NDArray[Any] | None = None) -> None:
        """Remember what crowds of the same class and decision knew of the rows that ours come from."""
        like = [(rows, state) for agent_class, decision, rows, state in kept if agent_class is self.agent_class and decision == self.decision]
        wanted = self.rows if sources is None else sources[self.rows]
        like = [(rows, state) for rows, state in like if bool(np.isin(wanted, rows).any())]
        made: dict[str, Any] = {}
        for _, state in like:
            for name, value in state.items():
                if name in made:
                    continue
                columns = [(own, other[name]) for own, other in like if name in other]
                if all(isinstance(column, np.ndarray) and column.shape[-1:] == (len(own),) for own, column in columns):
                    made[name] = by_row(wanted, columns)
                else:
                    made[name] = copy.deepcopy(value)
        remember(self.self, made)
