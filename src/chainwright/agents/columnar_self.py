"""The one object that stands for all enterprises of a class in a columnar method, and what it remembers as columns."""

from __future__ import annotations

import copy
from collections import deque
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.agents.memory import remember, state_of
from chainwright.agents.rows_by_owner import by_row

Kept = tuple[type, str, NDArray[Any], dict[str, Any]]


class ColumnarSelf:
    """All enterprises of a class whose decision is answered by one call.

    What the method keeps on ``self`` stays there: an array with one value per row (in its last dimension) follows its rows into
    snapshots, forks and changes in mid-run, also within lists, tuples, deques and dictionaries; anything else is the same for all.

    Parameters
    ----------
    agent_class : type
        The class.
    decision : str
        The decision.
    rows : array of int
        The rows of items or lanes that are decided.
    """

    def __init__(self, agent_class: Any, decision: str, rows: NDArray[Any]) -> None:
        self.agent_class = agent_class
        self.decision = decision
        self.rows = rows
        # Not a registered agent: it has no row, no name and no place in the model.
        self.self: Any = agent_class.__new__(agent_class)
        self.self._columnar = True

    def kept(self) -> Kept:
        """What is remembered, with the rows that it belongs to."""
        return self.agent_class, self.decision, self.rows, copy.deepcopy(state_of(self.self))

    def adopt(self, kept: Sequence[Kept], sources: NDArray[Any] | None = None) -> None:
        """Remember what columnar_selves of the same class and decision knew of the rows that ours come from."""
        like = [(rows, state) for agent_class, decision, rows, state in kept if agent_class is self.agent_class and decision == self.decision]
        wanted = self.rows if sources is None else sources[self.rows]
        like = [(rows, state) for rows, state in like if bool(np.isin(wanted, rows).any())]
        made: dict[str, Any] = {}
        for _, state in like:
            for name in state:
                if name in made:
                    continue
                made[name] = _put_together(wanted, [(own, other[name]) for own, other in like if name in other])
        remember(self.self, made)


def _put_together(wanted: NDArray[Any], parts: Sequence[tuple[NDArray[Any], Any]]) -> Any:
    """What is remembered of the wanted rows, put together from what several columnar_selves remember of theirs."""
    first = parts[0][1]
    kind = type(first)
    if all(isinstance(value, np.ndarray) and value.shape[-1:] == (len(rows),) for rows, value in parts):
        return by_row(wanted, parts)
    alike = all(type(value) is kind for _, value in parts)
    if alike and kind in (list, tuple, deque) and all(len(value) == len(first) for _, value in parts):
        members = [_put_together(wanted, [(rows, value[place]) for rows, value in parts]) for place in range(len(first))]
        return deque(members, first.maxlen) if kind is deque else kind(members)
    if alike and kind is dict and all(value.keys() == first.keys() for _, value in parts):
        return {key: _put_together(wanted, [(rows, value[key]) for rows, value in parts]) for key in first}
    return copy.deepcopy(first)
