"""A view made by hand: random columns, memory and draws, for many rows or for one of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

from chainwright.policies.base import Policy
from chainwright.words.subjects import SCHEMA

# Shapes of numbers that a policy must stand: nothing, little, much, whole, and fractions.
SCALES = np.array([0.0, 1e-9, 0.1, 1.0, 1.0, 10.0, 100.0, 1e6, 1e12])
LONGEST_LEAD_TIME = 9


def wild(random: np.random.Generator, rows: int, minimum: float = -np.inf, maximum: float = np.inf) -> np.ndarray:
    """Numbers of very different sizes, some of them zero or whole, within bounds."""
    values = random.normal(size=rows) * random.choice(SCALES, rows)
    values = np.where(random.random(rows) < 0.3, np.rint(values), values)
    if minimum >= 0.0:
        values = np.abs(values)
    return np.clip(values, minimum, maximum) + 0.0


def random_columns(random: np.random.Generator, table: str, rows: int) -> dict[str, np.ndarray]:
    """A value for each column of a table, within the bounds of the schema; infinite where its default is."""
    columns: dict[str, np.ndarray] = {}
    for column in SCHEMA.table(table):
        if column.dtype == "float64":
            values = wild(random, rows, column.minimum, column.maximum)
            if column.default == np.inf:
                values = np.where(random.random(rows) < 0.3, np.inf, values)
            columns[column.name] = values
        elif column.dtype == "bool":
            columns[column.name] = random.random(rows) < 0.5
        elif column.dtype in ("int32", "int64"):
            columns[column.name] = random.integers(0, LONGEST_LEAD_TIME, rows).astype(column.dtype)
    if "lead_time" in columns:
        columns["lead_time"] = random.integers(0, LONGEST_LEAD_TIME, rows).astype(np.float64)
    return columns


class Columns:
    """Named columns as attributes, or Python numbers where one row is looked at: what `view.enterprise` or `view.seller` is."""

    def __init__(self, columns: Mapping[str, Any], number: int | None = None) -> None:
        self.columns, self._number = dict(columns), number

    def __getattr__(self, name: str) -> Any:
        if name not in self.__dict__.get("columns", {}):
            raise AttributeError(f"the sample view has no {name!r}")
        values = self.columns[name]
        return values if self._number is None else values[self._number].item()

    def sum_over_buyers(self, name: str, by_share: bool = False) -> Any:
        """What the buyers show together: here any number that follows from the row alone."""
        return self.__getattr__(name) * (0.75 if by_share else 1.5) + 1.0

    def row(self, number: int) -> Columns:
        return Columns(self.columns, number)

    def select(self, rows: Any) -> Columns:
        return Columns({name: values[rows] for name, values in self.columns.items()})


class SampleView(Columns):
    """Columns, links, memory, draws and groups under the names that policies use.

    Parameters
    ----------
    columns : mapping
        Columns of the table that the policy decides for; numbers for one row.
    links : mapping
        What lies behind a key: enterprise, product, seller, buyer.
    group : array, optional
        For lane decisions, the number of each lane's group.
    shared_demand : bool
        Whether end_demand can be seen.
    uniforms : array or float
        What `draw` answers (moved by stream, period and number).
    """

    def __init__(
        self,
        columns: Mapping[str, Any],
        links: Mapping[str, Columns] | None = None,
        group: Any = None,
        shared_demand: bool = False,
        uniforms: Any = 0.5,
        period: int = 1,
    ) -> None:
        super().__init__(columns)
        self._links = dict(links or {})
        self.group, self.period = group, period
        self._shared_demand, self._uniforms = shared_demand, uniforms
        self._memory: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Any:
        if name in self.__dict__.get("_links", {}):
            return self._links[name]
        return super().__getattr__(name)

    @property
    def rows(self) -> int | None:
        """How many rows there are; None for a view of one row as numbers."""
        first = np.asarray(next(iter(self.columns.values())))
        return len(first) if first.ndim and self._number is None else None

    def sees(self, name: str) -> bool:
        return name != "end_demand" or self._shared_demand

    def memory(self, name: str) -> Any:
        return self._memory[name]

    def draw(self, stream: str, number: int = 0) -> Any:
        moved = self._uniforms * 997.0 + 0.37 * sum(stream.encode()) + 0.61 * self.period + 0.173 * number
        return moved - np.floor(moved) if self.rows is not None else float(moved - np.floor(moved))

    def orders_on_the_way(self) -> Any:
        return self.backorder * 0.5

    def total(self, values: Any) -> Any:
        return np.bincount(self.group, weights=values, minlength=int(np.max(self.group, initial=-1)) + 1)[self.group]

    def remember_first(self, policy: Policy) -> None:
        """Fill the memory with what it holds before the first period."""
        for name, memory in policy.remembers.items():
            default, width = memory.default, memory.width
            if isinstance(default, str):
                default = getattr(policy, default) if default in {field.name for field in dataclasses.fields(policy)} else getattr(self, default)
            width = int(np.max(getattr(policy, width))) if isinstance(width, str) else width
            first = float(default) if self.rows is None else np.full(self.rows, default, dtype=np.float64)
            self._memory[name] = first if width == 1 else [first] * width

    def remember(self, news: Mapping[str, Any]) -> None:
        """Keep what the policy answered: rings drop their oldest value."""
        for name, value in news.items():
            if name in self._memory:
                kept = self._memory[name]
                new = float(value) if self.rows is None else np.array(np.broadcast_to(value, self.rows), dtype=np.float64)
                self._memory[name] = [*kept[1:], new] if isinstance(kept, list) else new

    def replaced(self, columns: Mapping[str, Any], period: int) -> SampleView:
        """The same rows with the same memory in another period, with other columns."""
        view = SampleView(columns, self._links, self.group, self._shared_demand, self._uniforms, period)
        view._memory = self._memory
        return view

    def row(self, number: int) -> SampleView:
        """One row as Python numbers, with a memory of its own."""
        links = {name: link.row(number) for name, link in self._links.items()}
        view = SampleView(self.columns, links, None, self._shared_demand, float(self._uniforms[number]), self.period)
        view._number = number
        return view

    def select(self, rows: Any) -> SampleView:
        """Some rows as columns, in the order asked for; their groups are numbered anew."""
        columns = {name: values[rows] for name, values in self.columns.items()}
        links = {name: link.select(rows) for name, link in self._links.items()}
        group = None if self.group is None else np.unique(self.group[rows], return_inverse=True)[1].reshape(-1)
        return SampleView(columns, links, group, self._shared_demand, self._uniforms[rows], self.period)

    def fingerprint(self) -> dict[str, bytes]:
        """All bits of what the view holds."""
        kept = {f"memory.{name}": np.asarray(values) for name, values in self._memory.items()}
        behind = {f"{link}.{name}": values for link, held in self._links.items() for name, values in held.columns.items()}
        return {name: np.asarray(values).tobytes() for name, values in {**self.columns, **kept, **behind}.items()}

    def freeze(self) -> None:
        """Make every column refuse to be written."""
        rings = [one for kept in self._memory.values() for one in (kept if isinstance(kept, list) else [kept])]
        for values in [*self.columns.values(), *rings, *(one for link in self._links.values() for one in link.columns.values())]:
            if isinstance(values, np.ndarray):
                values.flags.writeable = False


@cache
def item_columns(seed: int, rows: int, period: int) -> dict[str, dict[str, np.ndarray]]:
    """Random columns of items, and of what lies behind them; made once and never changed."""
    random = np.random.default_rng([seed, rows, period])
    columns = {table: random_columns(random, table, rows) for table in ("items", "enterprises", "products", "lanes")}
    return {**columns, "seller": random_columns(random, "items", rows)}


def item_view(seed: int, rows: int = 23, shared_demand: bool = False, period: int = 1) -> SampleView:
    """A view of random items."""
    tables = item_columns(seed, rows, period)
    behind = {"enterprise": "enterprises", "product": "products", "lane": "lanes", "seller": "seller"}
    links = {name: Columns(tables[table]) for name, table in behind.items()}
    view = SampleView(tables["items"], links, None, shared_demand, np.random.default_rng([seed, rows]).uniform(0.001, 0.999, rows), period)
    view.freeze()
    return view


@cache
def lane_columns(seed: int, groups: int, rows: int, period: int) -> tuple[np.ndarray, dict[str, dict[str, np.ndarray]]]:
    """The groups of random lanes, their columns, and those of the items at their ends; made once and never changed."""
    random = np.random.default_rng([seed, rows, period])
    columns = random_columns(random, "lanes", rows)
    group = np.unique(random.integers(0, groups, rows), return_inverse=True)[1].reshape(-1)
    count = int(np.max(group, initial=-1)) + 1
    columns["want"] = wild(random, rows, 0.0)
    # Keys that tie, to see that ties are settled alike everywhere.
    for name in ("price", "preference", "priority"):
        columns[name] = np.where(random.random(rows) < 0.6, random.integers(0, 3, rows), columns[name]).astype(np.float64)
    for name in ("order", "available"):
        columns[name] = wild(random, count, 0.0)[group]
    return group, {"lanes": columns, "seller": random_columns(random, "items", rows), "buyer": random_columns(random, "items", rows)}


def lane_view(seed: int, groups: int = 6, rows: int = 23, period: int = 1) -> SampleView:
    """A view of random lanes in groups that lie mixed, with what `choose_sellers` and `allocate_stock` are given besides."""
    group, tables = lane_columns(seed, groups, rows, period)
    links = {name: Columns(tables[name]) for name in ("seller", "buyer")}
    view = SampleView(tables["lanes"], links, group, False, np.random.default_rng([seed, rows]).uniform(0.001, 0.999, rows), period)
    view.freeze()
    return view
