"""Recording: the values of chosen columns of `items` in every period."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.metrics.watcher import Watcher
from chainwright.words.errors import UsageError, suggestion
from chainwright.words.subjects import SCHEMA

RECORDABLE = tuple(column.name for column in SCHEMA.table("items") if column.dtype != "str" and column.kind != "key")


def check_recordable(names: Sequence[str]) -> None:
    """Refuse names that are no columns of `items`.

    Raises
    ------
    UsageError
        Naming every unknown column and the nearest known one.
    """
    unknown = [name for name in names if name not in RECORDABLE]
    if unknown:
        raise UsageError("\n".join(f"cannot record {name!r}{suggestion(name, RECORDABLE)}" for name in unknown))


class Recorder(Watcher):
    """Watches a world and keeps columns of its items, period after period."""

    def __init__(self, world: Any, names: Sequence[str]) -> None:
        check_recordable(names)
        self.names = tuple(names)
        self.kept: dict[str, list[NDArray[Any]]] = {name: [] for name in self.names}

    def observe(self, world: Any) -> None:
        """Keep the period that has just ended."""
        for name, values in self.kept.items():
            values.append(world.items[name].copy())

    def columns(self) -> dict[str, NDArray[Any]]:
        """By name, an array with one line per period and one column per item."""
        return {name: np.array(values) for name, values in self.kept.items()}
