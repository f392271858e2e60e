"""All subjects that are declared, and what they declare together: columns, tables, features, rings, decisions."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType
from typing import Any, ParamSpec, TypeVar

from chainwright.words.declarations import Decision, Feature, Ring, Subject, TableShape
from chainwright.words.schema import Schema
from chainwright.words.trade import TRADE

P = ParamSpec("P")
R = TypeVar("R")

# The subjects that are shipped, each standing on those before it.
SHIPPED = (TRADE,)

SCHEMA = Schema()
_subjects: dict[str, Subject] = {}
_shapes: dict[str, TableShape] = {}
SUBJECTS: Mapping[str, Subject] = MappingProxyType(_subjects)
# The tables by name, in the order of their declaration: a table names only rows of those before it.
SHAPES: Mapping[str, TableShape] = MappingProxyType(_shapes)
_features: dict[str, Feature] = {}
FEATURES: Mapping[str, Feature] = MappingProxyType(_features)
_rings: dict[str, Ring] = {}
RINGS: Mapping[str, Ring] = MappingProxyType(_rings)
_decisions: dict[str, Decision] = {}
# In the order of their declaration, which is that of a period.
DECISIONS: Mapping[str, Decision] = MappingProxyType(_decisions)


def declare(subject: Subject) -> None:
    """Add a subject to all that is known of worlds that are built from now on: all of it, or nothing.

    Raises
    ------
    ValueError
        When a name is taken, a key leads nowhere, a column belongs to no table, or a decision goes by what its table has not.
    """
    if subject.name in _subjects:
        raise ValueError(f"subject {subject.name!r} is declared twice")
    shapes = dict(_shapes)
    for shape in subject.tables:
        if shape.name in shapes:
            raise ValueError(f"table {shape.name!r} is declared twice")
        for key, table in shape.keys.items():
            if table not in shapes:
                raise ValueError(f"{shape.name}.{key} names rows of {table!r}, which is no table declared before")
        shapes[shape.name] = shape
    features = dict(_features)
    for feature in subject.features:
        if feature.name in features:
            raise ValueError(f"feature {feature.name!r} is declared twice")
        if unknown := [name for name in feature.brings if name not in features]:
            raise ValueError(f"feature {feature.name!r} brings {unknown[0]!r}, which is no feature declared before")
        features[feature.name] = feature
    rings = dict(_rings)
    for ring in subject.rings:
        if ring.name in rings or ring.name in shapes:
            raise ValueError(f"ring {ring.name!r}: the name is taken")
        if ring.table not in shapes or (ring.feature and ring.feature not in features):
            raise ValueError(f"ring {ring.name!r} is of a table or a feature that is not declared")
        rings[ring.name] = ring
    for column in subject.columns:
        if column.table not in shapes:
            raise ValueError(f"column {column.table}.{column.name} belongs to no table that is declared")
        if column.feature and column.feature not in features:
            raise ValueError(f"column {column.table}.{column.name} is of {column.feature!r}, which is no feature that is declared")
    known = {(column.table, column.name) for column in (*SCHEMA, *subject.columns)}
    decisions = dict(_decisions)
    for decision in subject.decisions:
        if decision.name in decisions:
            raise ValueError(f"decision {decision.name!r} is declared twice")
        if wrong := _wrong(decision, shapes, known):
            raise ValueError(f"decision {decision.name!r} {wrong}")
        decisions[decision.name] = decision
    SCHEMA.add(subject.columns)
    _decisions.update(decisions)
    _shapes.update(shapes)
    _features.update(features)
    _rings.update(rings)
    _subjects[subject.name] = subject


def renew() -> None:
    """Something else was declared: what `as_declared` functions have worked out is worked out anew when it is asked for."""
    SCHEMA.version += 1


def _wrong(decision: Decision, shapes: Mapping[str, TableShape], columns: Collection[tuple[str, str]]) -> str:
    """Why a decision cannot be declared; empty where it can."""
    for table in (decision.table, decision.keyed):
        if table not in shapes:
            return f"is about rows of {table!r}, which is no table that is declared"
    shape = shapes[decision.table]
    if ("run" not in shape.keys) or (decision.table, "run") not in columns:
        return f"is about {decision.table}, which do not say the run that they belong to"
    for key in (decision.via, decision.group, "" if decision.level == "self" else decision.level):
        if key and key not in shape.targets:
            return f"goes by {key!r}, which is no key of {decision.table}"
    if (shape.targets[decision.via] if decision.via else decision.table) != decision.keyed:
        return f"is given to {decision.keyed}, to which {decision.via or 'no key'!r} of {decision.table} does not lead"
    if decision.level and decision.keyed != "items":
        return "goes by levels, which only items and their lanes have"
    if decision.end not in shape.owner or not {"", decision.end} & set(shapes[decision.keyed].owner):
        return f"belongs to {decision.end or 'the only end'!r}, which {decision.table} do not have; they have {', '.join(shape.owner) or 'no owner'}"
    if decision.answer in ("rank", "rank_and_weight") and not decision.group:
        return "answers ranks, and says no group within which they hold"
    if decision.asked == "group" and not decision.group:
        return "is asked by groups, and says no key that makes them"
    if bool(decision.terms) != (decision.answer == "terms"):
        return "must say its terms" if decision.answer == "terms" else "has terms, which its answer has not"
    unknown = [name for name in (*decision.terms, decision.outcome) if name and (decision.table, name) not in columns]
    return f"becomes {unknown[0]!r}, which is no column of {decision.table}" if unknown else ""


def as_declared(make: Callable[P, R]) -> Callable[P, R]:
    """A function of what is declared, worked out once and anew when another subject is declared.

    Examples
    --------
    >>> @as_declared
    ... def names(table):
    ...     return tuple(column.name for column in SCHEMA.table(table))
    >>> names("products")[:2], names("products") is names("products")
    (('name', 'value'), True)
    """

    made: dict[Any, R] = {}

    @functools.wraps(make)
    def known(*arguments: P.args, **options: P.kwargs) -> R:
        key = (SCHEMA.version, arguments, tuple(options.items()))
        if key not in made:
            made[key] = make(*arguments, **options)
        return made[key]

    return known


for _subject in SHIPPED:
    declare(_subject)
