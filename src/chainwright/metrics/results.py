"""All metrics and result tables that are declared, and making the tables of a world that has been played."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pandas as pd

from chainwright.metrics.declarations import Columns, Metric, ResultTable, is_on
from chainwright.metrics.names import Names
from chainwright.metrics.trade import frames
from chainwright.metrics.trade.accumulate import Accumulator
from chainwright.metrics.trade.definitions import TRADE_METRICS, cost_kinds
from chainwright.metrics.trade.on_time import OnTime
from chainwright.metrics.trade.results import TRADE_TABLES
from chainwright.words.subjects import FEATURES, SHAPES, as_declared, renew

_metrics: dict[str, Metric] = {}
METRICS: Mapping[str, Metric] = MappingProxyType(_metrics)
_tables: dict[str, ResultTable] = {}
RESULT_TABLES: Mapping[str, ResultTable] = MappingProxyType(_tables)


def defines(metric: Metric) -> None:
    """Add a metric behind those that are known.

    Raises
    ------
    ValueError
        When its name is taken, or names a result table or a feature that is not declared.
    """
    if metric.name in _metrics:
        raise ValueError(f"metric {metric.name!r} is declared twice")
    if unknown := [name for name in metric.of if name not in _tables]:
        raise ValueError(f"metric {metric.name!r} stands in {unknown[0]!r}, which is no result table that is declared")
    if metric.feature and metric.feature not in FEATURES:
        raise ValueError(f"metric {metric.name!r} is of {metric.feature!r}, which is no feature that is declared")
    _metrics[metric.name] = metric
    renew()


def tabulates(table: ResultTable) -> None:
    """Add a result table behind those that are known; its metrics are declared before it.

    Raises
    ------
    ValueError
        When its name is taken, or names a table, a metric or a feature that is not declared.
    """
    if table.name in (*_tables, "scenario", "manifest") or table.name.startswith("panel"):
        raise ValueError(f"result table {table.name!r}: the name is taken")
    if table.table and table.table not in SHAPES:
        raise ValueError(f"result table {table.name!r} has the rows of {table.table!r}, which is no table that is declared")
    if unknown := [name for name in table.metrics if name not in _metrics]:
        raise ValueError(f"result table {table.name!r} has {unknown[0]!r}, which is no metric that is declared")
    if table.feature and table.feature not in FEATURES:
        raise ValueError(f"result table {table.name!r} is of {table.feature!r}, which is no feature that is declared")
    _tables[table.name] = table
    renew()


@as_declared
def metrics_of(table: str, features: frozenset[str] | None = None) -> tuple[str, ...]:
    """The metrics of a result table in the order of its columns: its own, then those that other subjects add to it.

    Parameters
    ----------
    table : str
        Name of the result table.
    features : frozenset of str, optional
        Without the metrics whose feature is not among them; all of them where nothing is said.

    Examples
    --------
    >>> metrics_of("lanes")
    ('in_transit_mean', 'backorder_mean', 'on_time_in_full')
    """
    own = list(_tables[table].metrics)
    if "purchase_cost" in own:
        # Costs that others charge to items stand with the landed ones.
        place = own.index("purchase_cost")
        own[place:place] = [name for name in cost_kinds() if name not in own and name in _metrics]
    found = (*own, *(metric.name for metric in _metrics.values() if table in metric.of))
    return tuple(name for name in found if features is None or not _metrics[name].feature or _metrics[name].feature in features)


@as_declared
def columns_of(table: str) -> tuple[str, ...]:
    """The metrics of a result table, and its other columns.

    Examples
    --------
    >>> columns_of("lanes")[-2:]
    ('received', 'lost')
    """
    return (*metrics_of(table), *(one.name for one in _tables[table].others))


@as_declared
def described() -> dict[str, Metric]:
    """What is known of a column of any result table, by its name: of a metric, or else of the first column of that name."""
    return {one.name: one for table in reversed(_tables.values()) for one in reversed(table.others)} | _metrics


def keys(names: Names, name: str) -> Columns:
    """The keys of a result table that has the rows of a table of the world, with the run in front."""
    table = _tables[name]
    return names.keys(table.table, table.keys)


def of_rows(names: Names, table: str) -> Columns:
    """The keys of the rows of a table of the world where it is recorded: of items who and what, of others as in their result table."""
    known = _tables.get(table)
    return names.keys(table, known.keys if known is not None and known.table == table and table != "items" else None)


class Watched:
    """A world that has been played with what watched it, and the columns of its result tables, each worked out once.

    Parameters
    ----------
    world : World
        The union.
    kept : Accumulator
        Sums and moments over the measured periods.
    on_time : OnTime, optional
        What has counted orders that were on time in full.

    Examples
    --------
    >>> import chainwright as cw
    >>> world = cw.World(cw.load("beer_game").blueprint())
    >>> kept = Accumulator(world, warm_up=0)
    >>> world.watch(kept.observe)
    >>> world.step(4)
    >>> watched = Watched(world, kept)
    >>> watched.periods, watched.sums("lanes")["ordered"].tolist() == watched.of("lanes")["ordered"].tolist()
    (4, True)
    """

    def __init__(self, world: Any, kept: Accumulator, on_time: OnTime | None = None) -> None:
        self.world = world
        self.kept = kept
        self.on_time = on_time
        self._columns: dict[str, Columns | None] = {}

    @property
    def periods(self) -> int:
        """The measured periods, at least 1, as what sums are divided by."""
        return max(self.kept.measured, 1)

    def sums(self, table: str) -> dict[str, Any]:
        """The sums of a table of the world over the measured periods, by name."""
        return self.kept.totals[table]

    @functools.cached_property
    def shares_on_time(self) -> tuple[Any, Any]:
        """Share of the orders of each lane, and of each selling item, that were on time in full; nothing where nobody watched."""
        return frames.shares_on_time(self.world, self.on_time)

    def of(self, name: str) -> Any:
        """The columns of a result table; None where there is nothing, or where the world has no such table."""
        if name not in self._columns:
            table = _tables[name]
            made = table.measures(self.world, self) if is_on(self.world, table.feature) else None
            if made is not None:
                added = [metric for metric in _metrics.values() if name in metric.of and is_on(self.world, metric.feature)]
                made = made | {metric.name: metric.of[name](self.world, self) for metric in added}
            self._columns[name] = made
        return self._columns[name]

    def frames(self) -> dict[str, pd.DataFrame | None]:
        """Every result table."""
        names = Names(self.world)
        made: dict[str, pd.DataFrame | None] = {}
        for name, table in _tables.items():
            columns = self.of(name)
            if columns is None:
                made[name] = None
            elif table.table:
                made[name] = names.frame(table.table, keys(names, name), columns)
            else:
                made[name] = pd.DataFrame(columns)
        return made


for _metric in TRADE_METRICS:
    defines(_metric)
for _table in TRADE_TABLES:
    tabulates(_table)
