"""How the oracle asks a policy: one item, or the lanes of one item, at a time, through a small view of its own."""

from __future__ import annotations

import math
from collections import deque
from typing import Any

import numpy as np

from chainwright.policies.base import Policy, policies_for
from chainwright.state.streams import uniform


class Clock:
    """What a draw depends on besides the row: the seed, the run, and the period that it is."""

    def __init__(self, seed: int, run: int, visibility: dict[str, str]) -> None:
        self.seed, self.run, self.visibility = seed, run, visibility
        self.period = 0

    def draw(self, stream: str, coordinate: int, number: int = 0, period: int | None = None) -> float:
        """One uniform number in (0, 1)."""
        when = self.period if period is None else period
        coordinates = np.array([coordinate], dtype=np.uint64)
        return float(np.asarray(uniform(self.seed, np.array([self.run]), 0, stream, coordinates, when, number)).ravel()[0])


class ItemView:
    """One item as a policy sees it: plain floats."""

    def __init__(self, item: Any, clock: Clock, remembered: dict[str, Any]) -> None:
        self._item, self._clock, self._remembered = item, clock, remembered
        self.period = clock.period

    def __getattr__(self, name: str) -> Any:
        return getattr(self._item, name)

    def sees(self, name: str) -> bool:
        return self._clock.visibility.get(name, "hidden") != "hidden"

    def memory(self, name: str) -> Any:
        held = self._remembered[name]
        return list(held) if isinstance(held, deque) else held

    def draw(self, stream: str, number: int = 0) -> float:
        return self._clock.draw(stream, self._item.coordinate, number)


class LaneView:
    """The lanes of one item as a policy sees them: one short column for each name."""

    def __init__(self, rows: list[Any], clock: Clock, **given: list[float]) -> None:
        self._rows, self._clock = rows, clock
        self.period = clock.period
        self.group = np.zeros(len(rows), dtype=np.int32)
        for name, values in given.items():
            setattr(self, name, np.array(values, dtype=float))

    def __getattr__(self, name: str) -> Any:
        values = [getattr(row, name) for row in self._rows]
        if all(isinstance(value, bool) for value in values):
            return np.array(values)
        plain = all(isinstance(value, int | float) for value in values)
        return np.array(values, dtype=float) if plain else LaneView(values, self._clock)

    def sees(self, name: str) -> bool:
        return self._clock.visibility.get(name, "hidden") != "hidden"

    def total(self, values: Any) -> Any:
        summed = sum(np.broadcast_to(values, len(self._rows)).tolist())
        return np.full(len(self._rows), summed)

    def draw(self, stream: str, number: int = 0) -> Any:
        return np.array([self._clock.draw(stream, row.coordinate, number) for row in self._rows])


class Decider:
    """One row's own policy object, with what it remembers."""

    def __init__(self, policy: Policy, item: Any) -> None:
        self.policy = policy
        self.remembered: dict[str, Any] = {}
        for name, memory in policy.remembers.items():
            first, width = memory.default, memory.width
            if isinstance(first, str):
                first = getattr(policy, first) if hasattr(policy, first) else getattr(item, first)
            if isinstance(width, str):
                width = int(getattr(policy, width))
            first = math.nan if first is None else float(first)
            self.remembered[name] = first if memory.width == 1 else deque([first] * width, maxlen=width)

    @property
    def allows_negative(self) -> bool:
        return bool(getattr(self.policy, "allow_negative", False))

    def decide(self, item: Any, clock: Clock) -> float:
        """The answer for an item; what is to be remembered is remembered, what is to be written is written."""
        answer = self.policy(ItemView(item, clock, self.remembered))
        value, notes = answer if isinstance(answer, tuple) else (answer, {})
        for name, noted in notes.items():
            held = self.remembered.get(name)
            if isinstance(held, deque):
                held.append(float(noted))
            elif name in self.remembered:
                self.remembered[name] = float(noted)
            else:
                setattr(item, name, float(noted))
        return float(value)

    def weigh(self, lanes: list[Any], clock: Clock, **given: list[float]) -> tuple[list[float], list[float]]:
        """Rank and weight of each of an item's lanes."""
        rank, weight = self.policy(LaneView(lanes, clock, **given))
        return column(rank, len(lanes)), column(weight, len(lanes))


def column(values: Any, length: int) -> list[float]:
    """A policy's answer as one float per lane."""
    answered: list[float] = np.broadcast_to(np.asarray(values, dtype=float), length).tolist()
    return answered


def deciders(blueprint: Any, items: list[Any], decision: str) -> dict[int, Decider]:
    """A decider for each item that the blueprint names for this decision, by the item's identity."""
    found: dict[int, Decider] = {}
    for choice in blueprint.policies.get(decision, ()):
        made_from = policies_for(decision)[choice.policy]
        for place, row in enumerate(choice.rows.tolist()):
            own = {name: own_value(value, place) for name, value in choice.parameters.items()}
            found[id(items[row])] = Decider(made_from(**own), items[row])
    return found


def own_value(value: Any, place: int) -> Any:
    """One row's value of a parameter that may be a column."""
    return value[place].item() if isinstance(value, np.ndarray) and value.ndim == 1 else value
