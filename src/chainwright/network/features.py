"""Which features a world needs, and giving their columns memory when they come on."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from chainwright.network.blueprint import Blueprint
from chainwright.phases.costs import COSTS
from chainwright.state.table import is_on
from chainwright.words.errors import UsageError, suggestion
from chainwright.words.subjects import FEATURES, SCHEMA, SHAPES


def needed_features(blueprints: Iterable[Blueprint], wanted: Collection[str] = ()) -> frozenset[str]:
    """The features that some of the blueprints need, and those that are asked for.

    Raises
    ------
    UsageError
        When something is asked for that is no feature, or none that can be asked for.

    Examples
    --------
    >>> import chainwright as cw
    >>> sorted(needed_features([cw.load("newsvendor").blueprint()]))
    ['backorder_cost', 'holding_cost', 'transit']
    """
    for name in wanted:
        if name not in FEATURES or not FEATURES[name].asked:
            known = [feature.name for feature in FEATURES.values() if feature.asked]
            raise UsageError(f"{name!r} is nothing that a world can be asked to keep{suggestion(name, known)}")
    every = {id(one): one for one in blueprints}.values()
    found: set[str] = set()
    # Those that bring others come after them.
    for name, feature in reversed(list(FEATURES.items())):
        if name in found or name in wanted or any(feature.needed(one) for one in every):
            found |= {name, *feature.brings}
    return frozenset(found)


def turn_on(world: Any, features: Collection[str]) -> None:
    """Let a world have more features from now on: their columns, which showed their defaults, get memory of their own."""
    new = frozenset(features) - world.features
    if not new:
        return
    world.features |= new
    for name in SHAPES:
        table = getattr(world, name)
        for column in SCHEMA.table(name):
            if column.feature in new:
                setattr(table, column.name, table[column.name].copy())
    note_features(world)


def note_features(world: Any) -> None:
    """What follows from the features of a world, decided once so that no phase looks it up."""
    world.costs = tuple(cost for cost in COSTS.values() if cost.feature in world.features)
    world.cleared = [getattr(world, column.table)[column.name] for column in SCHEMA if column.cleared and is_on(column, world.features)]


def defaults_of(world: Any, table: str, known: Collection[str]) -> dict[str, Any]:
    """The columns of a table that have memory here and are not known to a snapshot, with their defaults."""
    columns = [column for column in SCHEMA.table(table) if column.feature and is_on(column, world.features) and column.name not in known]
    return {column.name: column.default for column in columns if column.kind == "state"}
