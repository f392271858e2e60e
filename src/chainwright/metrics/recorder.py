"""Recording: the values of chosen columns in every period."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.metrics.watcher import Watcher
from chainwright.network.blueprint import Blueprint
from chainwright.words.errors import UsageError
from chainwright.words.recordable import ITEMS, cannot_record, recordable


def check_recordable(names: Sequence[str]) -> None:
    """Refuse names that are no columns that can be recorded.

    Raises
    ------
    UsageError
        Naming every unknown column and the nearest known one.
    """
    if wrong := cannot_record(names):
        raise UsageError("\n".join(wrong))


def as_many_of_items(blueprint: Blueprint, names: Sequence[str]) -> int:
    """As many columns of items as hold no fewer numbers than the named columns, whatever their tables.

    Examples
    --------
    >>> import chainwright as cw
    >>> as_many_of_items(cw.load("beer_game").blueprint(), ["on_hand", "lanes.shipped"])
    2
    """
    rows = {name: len(next(iter(columns.values()), ())) for name, columns in blueprint.tables.items()}
    found = {recordable()[name] for name in names}
    return math.ceil(sum(rows.get(table, 0) for table, _ in found) / max(rows[ITEMS], 1))


class Recorder(Watcher):
    """Watches a world and keeps columns of its tables, period after period.

    Parameters
    ----------
    world : World
        The world to watch.
    names : sequence of str
        Columns of items by their names, those of any table as ``table.column``.

    Raises
    ------
    UsageError
        When something cannot be recorded.
    """

    def __init__(self, world: Any, names: Sequence[str]) -> None:
        check_recordable(names)
        self.names = tuple(names)
        self.kept: dict[tuple[str, str], list[NDArray[Any]]] = {recordable()[name]: [] for name in self.names}

    def observe(self, world: Any) -> None:
        """Keep the period that has just ended."""
        for (table, name), values in self.kept.items():
            values.append(getattr(world, table)[name].copy())

    def columns(self, table: str = ITEMS) -> dict[str, NDArray[Any]]:
        """What was kept of a table: by column an array with one line per period and one value per row."""
        return {name: np.array(values) for (own, name), values in self.kept.items() if own == table}
