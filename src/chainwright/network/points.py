"""Several blueprints in one union: which of them each run follows, and which of them can lie side by side at all."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from chainwright.network.blueprint import Blueprint
from chainwright.words.errors import UsageError

P = TypeVar("P")


@dataclass(frozen=True)
class Points:
    """The blueprints of a union.

    Parameters
    ----------
    blueprints : tuple of Blueprint
        Of one `structure`.
    of_run : array of int
        For each run of the union, which of the blueprints it follows.

    Examples
    --------
    >>> import chainwright as cw
    >>> plain = cw.load("beer_game")
    >>> calm = plain.with_({"policies.place_orders.default.stock_adjustment": 0.1})
    >>> world = cw.World(Points((plain.blueprint(), calm.blueprint()), np.array([0, 0, 1, 1])), runs=[0, 1, 0, 1])
    >>> world.step(2)
    """

    blueprints: tuple[Blueprint, ...]
    of_run: NDArray[np.int32]

    @classmethod
    def all_of(cls, blueprint: Blueprint, runs: int) -> Points:
        """Every run follows one blueprint."""
        return cls((blueprint,), np.zeros(runs, np.int32))

    @property
    def first(self) -> Blueprint:
        """One of them, for what is the same in all."""
        return self.blueprints[0]

    def check(self, runs: int) -> None:
        """Refuse what cannot lie side by side.

        Raises
        ------
        UsageError
            When the blueprints differ in structure, or runs and blueprints do not belong together.
        """
        if len(self.of_run) != runs:
            raise UsageError(f"{runs} runs, but {len(self.of_run)} of them are told which blueprint to follow")
        if len(self.blueprints) > 1 and len({one.structure for one in self.blueprints}) > 1:
            raise UsageError("only scenarios with the same enterprises, items, lanes and recipes and the same delays of 0 can lie in one union")

    def runs_of(self, number: int) -> NDArray[Any]:
        """The runs that follow one of the blueprints."""
        return np.flatnonzero(self.of_run == number)

    def parts(self, pick: Callable[[Blueprint], P], key: Callable[[P], Hashable]) -> Iterator[tuple[P, NDArray[Any] | None]]:
        """Each different part of the blueprints with the runs that have it; None stands for all runs.

        Parameters
        ----------
        pick : callable
            Takes the part out of a blueprint.
        key : callable
            Parts of one key are the same.
        """
        if len(self.blueprints) == 1:
            yield pick(self.first), None
            return
        found: dict[Hashable, tuple[P, list[int]]] = {}
        for number, blueprint in enumerate(self.blueprints):
            part = pick(blueprint)
            found.setdefault(key(part), (part, []))[1].append(number)
        for part, numbers in found.values():
            yield part, None if len(found) == 1 else np.flatnonzero(np.isin(self.of_run, numbers))

    def alone(self, run: int) -> Blueprint:
        """The blueprint that one run of the union follows."""
        return self.blueprints[int(self.of_run[run])]


def as_points(given: Blueprint | Points, runs: int) -> Points:
    """What a world is built from, as points.

    Raises
    ------
    UsageError
        When it is neither.
    """
    if isinstance(given, Blueprint):
        return Points.all_of(given, runs)
    if not isinstance(given, Points):
        raise UsageError(f"a world is built from a blueprint (scenario.blueprint()), got {type(given).__name__}")
    given.check(runs)
    return given
