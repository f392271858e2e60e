"""How much memory a timeline takes, and the limit beyond which it is refused."""

from __future__ import annotations

import bisect
import dataclasses
import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from chainwright.experiment.timeline.history import TABLES, history_columns
from chainwright.experiment.timeline.snapshots import FEWEST, MOST_SNAPSHOTS, NEAR
from chainwright.metrics.sums import sums_by_table
from chainwright.network.blueprint import Blueprint
from chainwright.network.derive import derive
from chainwright.network.snapshot import kept_columns, kept_tables
from chainwright.scenario.scenario import Scenario
from chainwright.state.table import DTYPES
from chainwright.words.counts import plural
from chainwright.words.errors import UsageError
from chainwright.words.subjects import FEATURES, RINGS, SCHEMA

MOST_BYTES = 400_000_000
NUMBER = 8
# Of network-wide numbers there are about as many as this, twice.
MEASURES = 32
# Worlds beside the snapshots: the one that is played, and one that is looked at.
WORLDS = 2
# What an accumulator keeps of an item beside its sums: four moments of three columns, and two columns of its own.
MOMENTS = 4 * 3 + 2
# What cannot be counted of a change, as what is worked out from it once and kept: measured, up to a sixth more.
UNCOUNTED = 1.2
_PLAIN = frozenset({str, int, float, bool, type(None)})


@dataclass(frozen=True)
class Change:
    """What holds after a change during the run, and the bytes that it takes beside what held before."""

    blueprint: Blueprint
    size: int


class TimelineTooLarge(UsageError):
    """A timeline that would keep more than there is room for."""


def room(scenario: Scenario, periods: int | None = None, tables: Collection[str] = TABLES, changes: Collection[Change] = ()) -> int:
    """Bytes that a timeline takes at the most, about: its history, its snapshots, its worlds, and what its changes hold.

    Parameters
    ----------
    scenario : Scenario
        What is run.
    periods : int, optional
        Periods that are played; the scenario's horizon by default.
    tables : collection of str
        Which tables of the history are kept.
    changes : collection of Change
        What holds after each change during the run.

    Examples
    --------
    >>> import chainwright as cw
    >>> room(cw.load("beer_game")) < 1_000_000
    True
    """
    return _total(*_sizes(scenario.blueprint(), tables, changes), scenario.horizon if periods is None else periods)


def check_room(
    scenario: Scenario, periods: int, most: int = MOST_BYTES, tables: Collection[str] = TABLES, changes: Collection[Change] = ()
) -> None:
    """Refuse what is too large.

    Raises
    ------
    TimelineTooLarge
        With what it would take and what to do.
    """
    sizes = _sizes(scenario.blueprint(), tables, changes)
    if (wanted := _total(*sizes, periods)) <= most:
        return
    # The more periods, the more room.
    fits = max(bisect.bisect_right(range(periods), most, key=lambda many: _total(*sizes, many)) - 1, 0)
    shorter = f"a timeline of {plural(fits, 'period')} would fit, or a smaller variant or population"
    if fits <= scenario.warm_up:
        shorter = "a smaller variant or population would fit"
    changed = f" with {plural(len(changes), 'change')}" if changes else ""
    long = plural(periods, "period")
    raise TimelineTooLarge(
        f"{scenario.name}{changed} over {long} would keep {wanted / 1e6:,.1f} MB in memory, and {most / 1e6:,.1f} MB is the most: "
        f"{shorter}; `chainwright run {scenario.name}` keeps less"
    )


def _total(each: int, snapshot: int, inputs: int, held: int, periods: int) -> int:
    snapshots = min(periods // NEAR, max(MOST_SNAPSHOTS // snapshot, FEWEST))
    return each * periods + snapshot * snapshots + inputs + (snapshot + inputs) * WORLDS + held


def _sizes(blueprint: Blueprint, tables: Collection[str], changes: Collection[Change]) -> tuple[int, int, int, int]:
    """Bytes of a period of the history, of what moves in a snapshot, of what stays the same in all of them, and of all changes."""
    rows = {name: len(next(iter(blueprint.tables.get(name, {}).values()), ())) for name in kept_tables()} | {"runs": 1}
    echelons = int(derive(blueprint).tables["items"]["echelon"].max(initial=0)) + 1
    counts: Mapping[str, int] = {**rows, "echelons": echelons}
    each = sum(counts[name] * len(history_columns()[name]) * NUMBER for name in tables) + 2 * MEASURES * NUMBER
    inputs, state = (sum(rows[name] * _bytes_of_row(name, kind) for name in kept_tables()) for kind in ("input", "state"))
    state += (rows["items"] * MOMENTS + sum(rows[table] * len(found) for table, found in sums_by_table().items())) * NUMBER
    stages = [blueprint, *(change.blueprint for change in changes)]
    state += max(sum(rows[ring.table] * (ring.longest(one) + 1) for ring in RINGS.values()) for one in stages) * NUMBER
    return each, state, inputs, sum(int(UNCOUNTED * change.size) for change in changes)


def _bytes_of_row(table: str, kind: str) -> int:
    """Of the columns that a snapshot keeps."""
    columns = [SCHEMA[table, name] for name in kept_columns(table, frozenset(FEATURES))]
    return sum(DTYPES[column.dtype](0).itemsize for column in columns if column.kind == kind)


def beside(held: Any, former: Any) -> int:
    """Bytes of everything that something keeps and something else does not; single numbers and words are left out, since copies share them.

    Examples
    --------
    >>> former = {"a": np.zeros(1000), "b": [1.5, 2.5]}
    >>> 8000 < beside({"a": np.ones(1000), "b": former["b"]}, former) < 9000
    True
    """
    known: set[int] = set()
    _weigh(former, known)
    return _weigh(held, known)


def _weigh(held: Any, known: set[int]) -> int:
    """Bytes of what is not known by its identity, which is known then."""
    total, waiting = 0, [held]
    while waiting:
        one = waiting.pop()
        if id(one) in known:
            continue
        known.add(id(one))
        total += sys.getsizeof(one)
        if isinstance(one, np.ndarray):
            total += one.nbytes if one.base is not None else 0
        elif isinstance(one, Mapping):
            waiting += [each for each in one.values() if type(each) not in _PLAIN]
        elif isinstance(one, list | tuple):
            waiting += [each for each in one if type(each) not in _PLAIN]
        elif dataclasses.is_dataclass(one):
            waiting.append(vars(one))
    return total
