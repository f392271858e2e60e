"""Random states of a small network: every column filled with numbers of plausible sign, the simplest first."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.network.features import turn_on
from chainwright.state.streams import row_key, uniform_from_key
from chainwright.state.totals import sum_by
from chainwright.words.schema import Column
from chainwright.words.subjects import DECISIONS, FEATURES, SCHEMA, SHAPES
from chainwright.words.trade import UNMET_DEMAND

# What a bill of materials says is not what a decision is about.
LEFT_ALONE = ("recipes",)
# What may be below zero and does not follow from other columns.
SIGNED = ("cash", "echelon_stock")
LONGEST_TIME = 4
# Powers of ten.
SMALLEST, LARGEST = -2.0, 6.0
# Values that many rows and columns have in common.
FEW = 5


@lru_cache(maxsize=1024)
def _keys(seed: int, stream: str, size: int) -> NDArray[np.uint64]:
    return np.asarray(row_key(seed, 0, 0, stream, np.arange(size, dtype=np.uint64)), np.uint64)


class State:
    """One random state: the same for the same network, seed and number.

    Parameters
    ----------
    world : World
        Whose rows are filled; `lay` takes any world of the same network.
    number : int
        Of the state, counted from 1: the first is empty, in the second everything is one, then come small whole numbers, then
        fractions, at last numbers of very different sizes. Many values are equal, within a column and between columns.
    states : int
        How many there are.
    seed : int
        Seed of the numbers.
    """

    def __init__(self, world: Any, number: int, states: int, seed: int) -> None:
        self.number = number
        self.seed = seed
        self._few = self._drawing("few")._uniform(FEW)
        self._share_done = number / max(states, 1)
        self.columns: dict[tuple[str, str], NDArray[Any]] = {}
        for table in (name for name, shape in SHAPES.items() if shape.rows != "run" and name not in LEFT_ALONE):
            for column in SCHEMA.table(table):
                if column.kind == "key":
                    continue
                self._drawing(f"{table}.{column.name}")
                made = self._fit(column, self._values(getattr(world, table).rows))
                if made is not None:
                    self.columns[table, column.name] = made
        self._drawing("agreeing")
        self._agree(world)
        # What is lent for decisions about lanes.
        self.order = self._values(world.items.rows)
        self.available = self._values(world.items.rows)

    def _drawing(self, stream: str) -> State:
        """Draw from now on what belongs to a column: whatever else is declared moves nobody's numbers."""
        self._stream, self._draws = f"check {stream}", 0
        return self

    def _uniform(self, *shape: int) -> NDArray[np.float64]:
        self._draws += 1
        size = int(np.prod(shape))
        return np.asarray(uniform_from_key(_keys(self.seed, self._stream, size), self.number, self._draws), np.float64).reshape(shape)

    def _below(self, many: int, *shape: int) -> NDArray[np.int64]:
        """Whole numbers from 0 to below a number."""
        return np.floor(self._uniform(*shape) * many).astype(np.int64)

    def _values(self, *shape: int) -> NDArray[np.float64]:
        if self.number <= 2:
            return np.full(shape, float(self.number - 1))
        if self._share_done <= 0.4:
            return self._below(10, *shape).astype(np.float64)
        values, few = self._uniform(*shape), self._few
        if self._share_done <= 0.75:
            values, few = 20.0 * values, 20.0 * few
        else:
            values, few = (10.0 ** (SMALLEST + (LARGEST - SMALLEST) * drawn) for drawn in (values, few))
        kind = self._uniform(*shape)
        return np.where(kind < 0.1, 0.0, np.where(kind < 0.4, few[self._below(FEW, *shape)], values))

    def _fit(self, column: Column, values: NDArray[np.float64]) -> NDArray[Any] | None:
        """The values of one column, of its own type and within its bounds; None where it is left as it is."""
        rows = len(values)
        if column.dtype == "bool":
            return np.asarray(self._uniform(rows) < (0.8 if column.name in ("active", "trading") else 0.5))
        if column.dtype == "str":
            return np.array(UNMET_DEMAND, object)[self._below(len(UNMET_DEMAND), rows)] if column.name == "unmet_demand" else None
        if column.dtype != "float64" or column.name == "lead_time":
            return self._below(LONGEST_TIME + 1 if self.number > 1 else 1, rows)
        if column.unit.startswith("share"):
            shares = np.where(self._uniform(rows) < 0.3, self._below(2, rows), self._uniform(rows))
            return np.clip(np.minimum(values, 1.0) if self.number <= 2 else shares, column.minimum, column.maximum)
        if column.name in SIGNED:
            return np.where(self._uniform(rows) < 0.5, 0.0 - values, values)
        if column.default == np.inf:
            return np.where(self._uniform(rows) < 0.3, np.inf, values)
        return np.clip(values, column.minimum, column.maximum)

    def _agree(self, world: Any) -> None:
        """What follows from other columns follows here, so that no method fails in a state that cannot be."""
        columns, lanes = self.columns, world.lanes
        owed = sum_by(lanes.seller, columns["lanes", "backorder"], world.items.rows)
        columns["items", "backorder"] = owed
        level = columns["items", "on_hand"] - columns["items", "requirements"] - owed
        columns["items", "inventory_level"] = level
        columns["items", "inventory_position"] = level + columns["items", "on_order"]

    def lay(self, world: Any) -> None:
        """Put a world of the same network into this state."""
        world.period = self.number
        # Whatever a scenario may have, a method may look at.
        turn_on(world, FEATURES)
        for (table, name), column in self.columns.items():
            getattr(world, table)[name][...] = column

    @cached_property
    def want(self) -> NDArray[np.float64]:
        """What each lane is owed."""
        return np.asarray(self.columns["lanes", "backorder"], np.float64)

    def facts(self, world: Any, decision: str) -> dict[str, NDArray[np.float64]]:
        """The columns that are shown for a decision, one value per row of its table."""
        if decision == "choose_sellers":
            return {"order": self.order[world.lanes.buyer]}
        if decision == "allocate_stock":
            return {"want": self.want, "available": self.available[world.lanes.seller]}
        declared = DECISIONS[decision]
        rows = getattr(world, declared.table).rows
        return {one.name: self._drawing(f"{decision}.{one.name}")._values(rows) for one in declared.shows if one.kind == "column"}
