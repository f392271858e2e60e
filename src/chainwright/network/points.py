"""Several blueprints in one union: which of them each run follows, and which of them can lie side by side at all."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from chainwright.network.blueprint import Blueprint
from chainwright.words.errors import UsageError

P = TypeVar("P")
# What tells who is there: equal in all blueprints of a union, so that their rows stand in the same order.
KEYS = {
    "products": ("name",),
    "enterprises": ("name", "role"),
    "items": ("enterprise", "product", "unlimited"),
    "lanes": ("seller", "buyer", "mode"),
    "recipes": ("item", "component"),
}


@dataclass(frozen=True)
class Points:
    """The blueprints of a union.

    Parameters
    ----------
    blueprints : tuple of Blueprint
        Of one structure, see `structure`.
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
        if len(self.blueprints) > 1 and len({structure(one) for one in self.blueprints}) > 1:
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


def structure(blueprint: Blueprint, changes: Mapping[int, Blueprint] | None = None) -> str:
    """A digest of all that must be equal where two scenarios lie in one union.

    Parameters
    ----------
    blueprint : Blueprint
        One run of the scenario.
    changes : mapping, optional
        The blueprints that hold from a period on.

    Examples
    --------
    >>> import chainwright as cw
    >>> plain = cw.load("beer_game")
    >>> calm, quick = (plain.with_({path: 1}) for path in ("policies.place_orders.default.stock_adjustment", "lanes.2.order_delay"))
    >>> [structure(one.blueprint()) == structure(plain.blueprint()) for one in (calm, quick)]
    [True, True]
    """
    digest = hashlib.sha256()
    _add(digest, blueprint)
    for period, later in sorted((changes or {}).items()):
        digest.update(f"from {period}".encode())
        _add(digest, later)
    return digest.hexdigest()


def _add(digest: Any, blueprint: Blueprint) -> None:
    tables = blueprint.tables
    lanes = tables["lanes"]
    may_be_instant = lanes["transport_time"] == 0
    for time in blueprint.drawn_times:
        may_be_instant[time.rows] = bool(np.any(time.values[time.probabilities > 0.0] == 0))
    parts: list[Any] = [blueprint.period_days, sorted(blueprint.visibility.items()), sorted(blueprint.tags)]
    parts += [tables[table][name] for table, names in KEYS.items() for name in names if name in tables[table]]
    # Products are shared by all runs of a union.
    parts += [column for _, column in sorted(tables["products"].items())]
    parts += [lanes["order_delay"] == 0, may_be_instant, tables["items"]["production_time"] == 0]
    parts += [rows for _, rows in sorted(blueprint.tags.items())]
    for part in parts:
        digest.update(key_of(part) + b"|")


def key_of(part: Any) -> bytes:
    """A key that two parts of blueprints share where they are the same to the last bit.

    Examples
    --------
    >>> key_of([1, np.array([2.0])]) == key_of([1, np.array([2.0])]), key_of(1) == key_of(2)
    (True, False)
    """
    if isinstance(part, np.ndarray):
        if part.dtype.kind in "OUS":
            return "\0".join(map(str, part.tolist())).encode()
        return bytes(part.dtype.str.encode() + np.ascontiguousarray(part).tobytes())
    if isinstance(part, Mapping):
        return b"{" + b";".join(key_of(name) + b":" + key_of(value) for name, value in sorted(part.items())) + b"}"
    if isinstance(part, list | tuple) and not hasattr(part, "_fields"):
        return b"[" + b";".join(map(key_of, part)) + b"]"
    if hasattr(part, "__dataclass_fields__"):
        return type(part).__name__.encode() + key_of([getattr(part, one.name) for one in fields(part)])
    return repr(part).encode()
