"""What a test declares is gone again afterwards, so that no other test meets it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from chainwright.agents.enterprise import Enterprise
from chainwright.network import trading
from chainwright.phases import ground, period
from chainwright.policies import base
from chainwright.words import subjects


@contextmanager
def undone() -> Iterator[None]:
    """Within it subjects, phases, holdings and policies can be declared; afterwards all is as before."""
    schema = subjects.SCHEMA
    known: tuple[dict[Any, Any], ...] = (
        subjects._subjects, subjects._shapes, subjects._features, subjects._rings, subjects._decisions, ground.HELD, trading._CONDITIONS,
        schema._columns,
    )  # fmt: skip
    kept = [dict(one) for one in known]
    tables, phases = {name: list(columns) for name, columns in schema._tables.items()}, list(period.PERIOD)
    policies = {family: dict(found) for family, found in base._REGISTRY.items()}
    methods = set(vars(Enterprise))
    try:
        yield
    finally:
        for one, before in zip(known, kept, strict=True):
            one.clear()
            one.update(before)
        schema._tables.clear()
        schema._tables.update(tables)
        schema.version += 1
        period.PERIOD[:] = phases
        base._REGISTRY.clear()
        base._REGISTRY.update(policies)
        for name in set(vars(Enterprise)) - methods:
            delattr(Enterprise, name)
