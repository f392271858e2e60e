"""What a sweep measures of each run: metrics of the network, of an item, an enterprise, a lane or an echelon."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.metrics.names import column_at, keys_of, paths_of_names
from chainwright.metrics.results import METRICS, RESULT_TABLES, Watched, columns_of, metrics_of
from chainwright.metrics.trade.accumulate import Accumulator
from chainwright.metrics.trade.on_time import OnTime
from chainwright.network.blueprint import Blueprint
from chainwright.network.features import needed_features
from chainwright.scenario import Scenario
from chainwright.scenario.paths import split_path
from chainwright.words.errors import UsageError, suggestion

Floats = NDArray[np.float64]

ON_TIME = "on_time_in_full"
NETWORK, ECHELONS = "summary", "echelons"


def measure_names(asked: Iterable[str] | str | None, scenario: Scenario) -> tuple[str, ...]:
    """The measures of a sweep, checked against a scenario.

    Parameters
    ----------
    asked : iterable of str, optional
        Metrics of the network by their names, those of one row as ``items.ENTERPRISE.PRODUCT.METRIC``, ``enterprises.NAME.METRIC``,
        ``lanes.SELLER>BUYER.METRIC`` (with product and mode behind the buyer, where several lanes lead there) or
        ``echelons.NUMBER.METRIC``; of tables of other subjects ``TABLE.NAMES.METRIC``. All of the network by default, but the share of
        orders that are on time and in full, which is kept on request only.
    scenario : Scenario
        Where the rows are looked for.

    Raises
    ------
    UsageError
        With everything that is not there.

    Examples
    --------
    >>> import chainwright as cw
    >>> measure_names(["fill_rate", "items.retailer.beer.bullwhip_ratio"], cw.load("beer_game"))
    ('fill_rate', 'items.retailer.beer.bullwhip_ratio')
    """
    if asked is None:
        return tuple(name for name in _usual(scenario) if name != ON_TIME)
    wanted = [asked] if isinstance(asked, str) else list(asked)
    if not wanted:
        raise UsageError("no measure is named; leave measures out for all of the network")
    wrong = []
    rows = Rows(scenario.blueprint())
    for name in wanted:
        try:
            rows.reader(name)
        except UsageError as error:
            wrong.append(str(error))
    twice = sorted({name for name in wanted if wanted.count(name) > 1}, key=str)
    wrong += [f"measure {name!r} is named twice" for name in twice]
    if wrong:
        raise UsageError("\n".join(dict.fromkeys(wrong)))
    return tuple(wanted)


def tables_of(names: Iterable[str]) -> tuple[str, ...]:
    """The tables that measures are read from.

    Examples
    --------
    >>> tables_of(["fill_rate", "turns", "items.retailer.beer.bullwhip_ratio"])
    ('items', 'summary')
    """
    parts = [split_path(name) for name in names]
    return tuple(sorted({one[0] if len(one) > 1 else NETWORK for one in parts}))


class Rows:
    """Finds the rows that measures speak of in one network.

    Parameters
    ----------
    blueprint : Blueprint
        The network.
    """

    def __init__(self, blueprint: Blueprint) -> None:
        self._tables = blueprint.tables
        self._names: dict[str, dict[str, list[int]]] = {}

    def reader(self, name: Any) -> tuple[str, str, int]:
        """The table, the metric and the row of the file that a measure speaks of; of an echelon its number.

        Raises
        ------
        UsageError
            When there is no such metric or row.
        """
        if not isinstance(name, str):
            raise UsageError(f"a measure is named by a text such as 'fill_rate', got {name!r}")
        parts = split_path(name)
        if len(parts) == 1:
            return NETWORK, self._metric(name, NETWORK, parts[0]), 0
        table, *words, metric = parts
        known = _measurable()
        if table not in known:
            raise UsageError(f"measure {name!r}: no table is called {table!r}{suggestion(table, known)}")
        if len(words) not in _words(table):
            raise UsageError(f"measure {name!r}: expected {_example(table)!r} or the like; names that hold dots stand in quotes")
        column = self._metric(name, table, metric)
        if table == ECHELONS:
            if not words[0].isdecimal():
                raise UsageError(f"measure {name!r}: an echelon is a whole number, 0 that of the customers, got {words[0]!r}")
            return table, column, int(words[0])
        return table, column, self._found(name, table, words)

    def _metric(self, name: str, table: str, metric: str) -> str:
        known = columns_of(table)
        if metric not in known:
            raise UsageError(f"measure {name!r}: no metric of {table} is called {metric!r}{suggestion(metric, known)}")
        return metric

    def _found(self, name: str, table: str, words: Sequence[str]) -> int:
        rows = self._by_name(table)
        said = ".".join(words)
        if said not in rows:
            raise UsageError(f"measure {name!r}: there is no {said!r} among the {table}{suggestion(said, list(rows)[:5000])}")
        if len(rows[said]) > 1:
            longer = sorted(one for one, row in rows.items() if row[0] in rows[said] and one.startswith(f"{said}."))
            raise UsageError(f"measure {name!r}: {len(rows[said])} lanes are called {said!r}; say which: {', '.join(longer)}")
        return rows[said][0]

    def _by_name(self, table: str) -> dict[str, list[int]]:
        if table not in self._names:
            found: dict[str, list[int]] = {}
            for row, spellings in enumerate(self._said(table)):
                for said in spellings:
                    found.setdefault(said, []).append(row)
            self._names[table] = found
        return self._names[table]

    def _said(self, table: str) -> list[tuple[str, ...]]:
        """How each row of a table may be called in measures."""
        declared = RESULT_TABLES[table]
        if declared.said is not None:
            return declared.said(self._tables)
        if declared.table not in self._tables:
            return []
        names = [column_at(self._tables.__getitem__, declared.table, path).tolist() for path in paths_of_names(declared.table)]
        return [(".".join(map(str, one)),) for one in zip(*names, strict=True)]


def _usual(scenario: Scenario) -> tuple[str, ...]:
    """The metrics of the network, without those of features that a scenario has not."""
    known = metrics_of(NETWORK)
    if not any(METRICS[name].feature for name in known):
        return known
    return metrics_of(NETWORK, needed_features([scenario.blueprint(), *(later for _, later in scenario.stages())]))


def _measurable() -> tuple[str, ...]:
    """The tables of which one row can be measured."""
    return tuple(name for name, table in RESULT_TABLES.items() if (table.table or name == ECHELONS) and not table.over_time)


def _words(table: str) -> tuple[int, ...]:
    """How many words may stand between the table and the metric."""
    if table == ECHELONS:
        return (1,)
    declared = RESULT_TABLES[table]
    return (len(paths_of_names(declared.table)),) if declared.said is None else (1, 2, 3)


def _example(table: str) -> str:
    """A measure of one row of a table."""
    declared = RESULT_TABLES[table]
    return declared.example or ".".join([table, *(name.upper() for name in keys_of(declared.table)), columns_of(table)[0]])


def measured(world: Any, kept: Accumulator, on_time: OnTime | None, names: Sequence[str], blueprint: Blueprint) -> dict[str, Floats]:
    """Each measure of each run of a world that has been played.

    Parameters
    ----------
    world : World
        The union.
    kept, on_time
        What watched it.
    names : sequence of str
        The measures; one whose row this network does not have is empty (nan).
    blueprint : Blueprint
        The network of every run of the union.

    Returns
    -------
    dict of str to array of float
        One number per run, in the order of the union.
    """
    watched = Watched(world, kept, on_time)
    rows = Rows(blueprint)
    runs = world.runs.rows
    found: dict[str, Floats] = {}
    for name in names:
        try:
            table, metric, where = rows.reader(name)
        except UsageError:
            found[name] = np.full(runs, np.nan)  # a network of another shape, where this row is missing
            continue
        columns = watched.of(table)
        if columns is None or metric not in columns:
            found[name] = np.full(runs, np.nan)  # nothing that needs it is there
        elif table == NETWORK:
            found[name] = np.asarray(columns[metric], np.float64)
        elif table == ECHELONS:
            found[name] = _of_echelon(columns, metric, where, world)
        else:
            own = RESULT_TABLES[table].table
            places = world.union.layouts[own].where(world.template.place[own][[where]])[:, 0]
            found[name] = np.asarray(columns[metric], np.float64)[places]
    return found


def _of_echelon(table: Any, metric: str, echelon: int, world: Any) -> Floats:
    """A metric of one echelon, one number per run; empty (nan) where there is no such echelon."""
    numbers = np.asarray(table["echelon"])
    of_all = np.full(world.runs.rows, np.nan)
    here = numbers == echelon
    if here.any():
        # Every run of a union has the same echelons.
        of_all[...] = np.asarray(table[metric], np.float64)[here]
    return of_all
