"""What an agent sees when it decides about one item in the course of a run: its readings are noted while it is asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import numpy as np

from chainwright.agents.answering import Columns, RowSeats
from chainwright.agents.proof.readings import KEYS, Log, Reading, _AboutItem, _watching
from chainwright.policies.cohort import Cohort


class Readings:
    """Who decides about an item, and what it read of the world to do so.

    Attributes
    ----------
    who : str
        Name of the agent's class.
    readings : list of Reading
        What it read, once it was asked, in the order in which it was read.
    """

    def __init__(self, who: str) -> None:
        self.who = who
        self.readings: list[Reading] = []


def decider(cohort: Cohort) -> str:
    """Name of the class that decides in place of a cohort's policy."""
    standing: Any = cohort.substitute
    agent = standing.columnar_self if isinstance(standing, Columns) else standing.seats[0][0] if isinstance(standing, RowSeats) else standing
    return type(agent).__name__


@contextmanager
def watching(world: Any, cohort: Cohort, rows: Sequence[int]) -> Iterator[dict[int, Readings]]:
    """Note what the agents that decide about some items read; they are asked within, once, as always.

    Parameters
    ----------
    world : World
        That plays a period.
    cohort : Cohort
        Whose policy is replaced by agents.
    rows : sequence of int
        The items, all of the cohort.
    """
    seen = {row: Readings(decider(cohort)) for row in rows}
    standing: Any = cohort.substitute
    if isinstance(standing, RowSeats):
        calls = standing.calls
        former = {place: calls[place] for place in np.searchsorted(cohort.index, list(rows)).tolist()}
        for (place, (decide, item)), row in zip(former.items(), rows, strict=True):
            calls[place] = (_noting({row: seen[row]}, world, cohort, decide, item), item)
        try:
            yield seen
        finally:
            for place, call in former.items():
                calls[place] = call
    elif isinstance(standing, Columns):
        mind = vars(standing.columnar_self)
        mind[standing.decision] = _noting(seen, world, cohort, getattr(standing.columnar_self, standing.decision), standing.view)
        try:
            yield seen
        finally:
            mind.pop(standing.decision, None)
    else:
        yield seen


def _noting(seen: dict[int, Readings], world: Any, cohort: Cohort, decide: Any, view: Any) -> Any:
    """A method that is asked as before and whose readings are noted."""
    side: Any = SimpleNamespace(world=world, item_name=lambda other: _name(world, other))
    call: Any = SimpleNamespace(view=view, cohort=cohort)

    def asked(own: Any) -> Any:
        log: Log = []
        with _watching(side, call, log):
            answer = decide(own)
        for row, one in seen.items():
            about, found = _AboutItem(side, call, row), dict[str, Reading]()
            for table, column, rows in log:
                if column not in KEYS:
                    for name, values in about.told(table, column, rows):
                        if values and name not in found:
                            found[name] = Reading(name, [value.item() if isinstance(value, np.generic) else value for value in values])
            one.readings = list(found.values())
        return answer

    return asked


def _name(world: Any, row: int) -> str:
    items = world.items
    return f"{world.enterprises.name[items.enterprise[row]]}/{world.products.name[items.product[row]]}"
