"""How much memory a course takes, and the limit beyond which it is refused."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from chainwright.experiment.courses.history import COLUMNS
from chainwright.experiment.courses.snapshots import FEWEST, MOST_SNAPSHOTS, NEAR
from chainwright.metrics.accumulate import LANE_SUMS, SUMS
from chainwright.network.assemble import derive
from chainwright.network.blueprint import Blueprint
from chainwright.network.snapshot import KEPT_TABLES
from chainwright.network.wiring import longest_transport
from chainwright.scenario.scenario import Scenario
from chainwright.state.table import DTYPES
from chainwright.words.columns import SCHEMA
from chainwright.words.errors import UsageError

MOST_BYTES = 400_000_000
TABLES = tuple(COLUMNS)
NUMBER = 8
# Of network-wide numbers there are about as many as this, twice.
MEASURES = 32
# Worlds beside the snapshots: the one that is played, and one that is looked at.
WORLDS = 2
# What an accumulator keeps of an item beside its sums: four moments of three columns, and two columns of its own.
MOMENTS = 4 * 3 + 2


class CourseTooLarge(UsageError):
    """A course that would keep more than there is room for."""


def room(scenario: Scenario, periods: int | None = None, tables: Collection[str] = TABLES) -> int:
    """Bytes that a course takes at the most, about: its history, its snapshots and its worlds.

    Parameters
    ----------
    scenario : Scenario
        What is run.
    periods : int, optional
        Periods that are played; the scenario's horizon by default.
    tables : collection of str
        Which tables of the history are kept.

    Examples
    --------
    >>> import chainwright as cw
    >>> room(cw.load("beer_game")) < 1_000_000
    True
    """
    each, snapshot, inputs = _sizes(scenario.blueprint(), tables)
    return _total(each, snapshot, inputs, scenario.horizon if periods is None else periods)


def check_room(scenario: Scenario, periods: int, most: int = MOST_BYTES, tables: Collection[str] = TABLES) -> None:
    """Refuse what is too large.

    Raises
    ------
    CourseTooLarge
        With what it would take and what to do.
    """
    sizes = _sizes(scenario.blueprint(), tables)
    if (wanted := _total(*sizes, periods)) <= most:
        return
    fits = max((many for many in range(1, periods) if _total(*sizes, many) <= most), default=0)
    shorter = f"a course of {fits} periods would fit, or a smaller variant or population"
    if fits <= scenario.warm_up:
        shorter = "a smaller variant or population would fit"
    raise CourseTooLarge(
        f"{scenario.name} over {periods} periods would keep {wanted / 1e6:,.1f} MB in memory, and {most / 1e6:,.1f} MB is the most: "
        f"{shorter}; `chainwright run {scenario.name}` keeps less"
    )


def _total(each: int, snapshot: int, inputs: int, periods: int) -> int:
    snapshots = min(periods // NEAR, max(MOST_SNAPSHOTS // snapshot, FEWEST))
    return each * periods + snapshot * snapshots + inputs + (snapshot + inputs) * WORLDS


def _sizes(blueprint: Blueprint, tables: Collection[str]) -> tuple[int, int, int]:
    """Bytes of a period of the history, of what moves in a snapshot, and of what stays the same in all of them."""
    rows = {name: len(next(iter(blueprint.tables[name].values()), ())) for name in ("enterprises", "items", "lanes", "recipes")} | {"runs": 1}
    echelons = int(derive(blueprint).tables["items"]["echelon"].max(initial=0)) + 1
    counts: Mapping[str, int] = {**rows, "echelons": echelons}
    each = sum(counts[name] * len(COLUMNS[name]) * NUMBER for name in tables) + 2 * MEASURES * NUMBER
    inputs, state = (sum(rows[name] * _bytes_of_row(name, kind) for name in KEPT_TABLES) for kind in ("input", "state"))
    state += (rows["items"] * (len(SUMS) + MOMENTS) + rows["lanes"] * len(LANE_SUMS)) * NUMBER
    lanes, items = blueprint.tables["lanes"], blueprint.tables["items"]
    waiting = longest_transport(blueprint) + int(lanes["order_delay"].max(initial=0)) + 2
    state += (rows["lanes"] * waiting + rows["items"] * (int(items["production_time"].max(initial=0)) + 1)) * NUMBER
    return each, state, inputs


def _bytes_of_row(table: str, kind: str) -> int:
    """Of the columns that a snapshot keeps."""
    return sum(DTYPES[column.dtype](0).itemsize for column in SCHEMA.table(table) if column.kind == kind and column.dtype != "str")
