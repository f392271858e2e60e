"""All subjects that are declared, and what they declare together: columns, tables, features, rings."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, ParamSpec, TypeVar

from chainwright.words.declarations import Feature, Ring, Subject, TableShape
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


def declare(subject: Subject) -> None:
    """Add a subject to all that is known of worlds that are built from now on: all of it, or nothing.

    Raises
    ------
    ValueError
        When a name is taken, a key leads nowhere, or a column belongs to no table.
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
    SCHEMA.add(subject.columns)
    _shapes.update(shapes)
    _features.update(features)
    _rings.update(rings)
    _subjects[subject.name] = subject


def renew() -> None:
    """Something else was declared: what `as_declared` functions have worked out is worked out anew when it is asked for."""
    SCHEMA.version += 1


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
