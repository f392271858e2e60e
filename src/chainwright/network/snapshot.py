"""Snapshots: everything that a world needs to go on from where it stood, kept and laid down again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.network.features import defaults_of, turn_on
from chainwright.network.points import Points
from chainwright.network.structure import other_rows
from chainwright.network.takeovers import Takeover
from chainwright.network.union import Layout
from chainwright.network.unite import Union
from chainwright.network.wiring import bring_what_came_on, rewire
from chainwright.phases.ground import HELD
from chainwright.state.table import is_on
from chainwright.words.subjects import RINGS, SCHEMA, SHAPES, as_declared

# What trade keeps beside columns and rings; other subjects have one object each.
OF_TRADE = ("transport", "ages", "events", "unplaced")


def kept_tables() -> list[str]:
    """The tables whose state is kept: all but those that every run shares."""
    return [name for name, shape in SHAPES.items() if shape.rows != "shared"]


@as_declared
def kept_columns(table: str, features: frozenset[str]) -> tuple[str, ...]:
    """The columns of a table that a world with some features keeps: what may change, inputs by an intervention."""
    columns = SCHEMA.table(table)
    return tuple(column.name for column in columns if column.kind in ("state", "input") and column.dtype != "str" and is_on(column, features))


@dataclass(frozen=True)
class Snapshot:
    """Everything that a world needs to go on from where it stood."""

    period: int
    columns: Mapping[str, Mapping[str, NDArray[Any]]]
    rings: Mapping[str, NDArray[np.float64]]
    memories: list[dict[str, NDArray[Any]]]
    # Rows of the decision's table, whose memory each of the memories is.
    rows: list[NDArray[np.int32]]
    others: Mapping[str, Any]


def take(world: Any) -> Snapshot:
    """Copy the state of a world."""
    columns = {name: getattr(world, name).copies(kept_columns(name, world.features)) for name in kept_tables()}
    columns["runs"]["number"] = world.run_numbers
    rings = {name: getattr(world, name).ring.copy() for name in RINGS if getattr(world, name) is not None}
    cohorts = world.all_cohorts()
    memories = [{name: kept.copy() for name, kept in cohort.memory.items()} for cohort in cohorts]
    others = {
        "features": world.features,
        "held": {name: getattr(world, name).keep() for name in (*OF_TRADE, *HELD) if getattr(world, name) is not None},
        "disturbed": world.disturbed,
        "points": world.current,
        "takeovers": world._deciders.takeovers,
        "agents": world.agents.keep() if world.agents is not None else None,
    }
    return Snapshot(world.period, columns, rings, memories, [cohort.index for cohort in cohorts], others)


def mismatch(world: Any, snapshot: Snapshot) -> str:
    """Why a snapshot cannot be laid down in a world as it is; empty where it can."""
    ours, theirs = world.current.first, snapshot.others["points"].first
    same_rows = ours is theirs or next(other_rows(ours.tables, theirs.tables), None) is None
    if not np.array_equal(snapshot.columns["runs"]["number"], world.run_numbers) or not same_rows:
        return "a snapshot fits only a world of the same scenario and the same runs"
    here, there = _seats(world._deciders.takeovers), _seats(snapshot.others["takeovers"])
    for decision, who in (*here, *there):
        if not np.array_equal(here.get((decision, who), ()), there.get((decision, who), ())):
            return f"a snapshot fits only a world with the same agents; {who} decides {decision} for others in it than here"
    return ""


def _seats(takeovers: Sequence[Takeover]) -> dict[tuple[str, str], NDArray[Any]]:
    """The items that each class decides about, by decision and name of the class."""
    return {(takeover.decision, getattr(takeover.who, "__qualname__", str(takeover.who))): takeover.rows for takeover in takeovers}


def restore_into(world: Any, snapshot: Snapshot, places: Sequence[int] | None = None, union: Union | None = None) -> None:
    """Bring a world into the state of a snapshot.

    Parameters
    ----------
    world : World
        Of the same scenario.
    snapshot : Snapshot
        The state.
    places : sequence of int, optional
        For each run of the world the place of the run whose state it takes, in the union that the snapshot is of; the same by default.
    union : Union, optional
        That union, where it is another one.
    """
    turn_on(world, snapshot.others["features"])
    bring_what_came_on(world, world.current)
    count = world.runs.rows
    places = range(count) if places is None else places
    held = snapshot.others["points"]
    if any(held.alone(place) is not world.current.alone(run) for run, place in enumerate(places)):
        world.change(Points(held.blueprints, held.of_run[list(places)]))
    former = (union or world.union).layouts
    from_rows = {name: _sources(layout, former[name], places) for name, layout in world.union.layouts.items()}
    from_rows["runs"] = np.asarray(places)
    world.period = snapshot.period
    traded = world.lanes.trading.copy()
    for name, columns in snapshot.columns.items():
        for key, default in defaults_of(world, name, columns).items():
            getattr(world, name)[key].fill(default)
        getattr(world, name).restore({key: column[from_rows[name]] for key, column in columns.items() if key != "number"})
    for name, ring in RINGS.items():
        pipeline = getattr(world, name)
        if pipeline is not None:
            # What had not come on yet was empty.
            held = snapshot.rings.get(name)
            if held is None:
                pipeline.ring = np.zeros_like(pipeline.ring)
            else:
                pipeline.go_on_from(held, from_rows[ring.table])
    for cohort, memory, index in zip(world.all_cohorts(), snapshot.memories, snapshot.rows, strict=True):
        if memory:
            where = np.full(len(next(iter(snapshot.columns[cohort.table].values()))), -1)
            where[index] = np.arange(len(index))
            place = where[from_rows[cohort.table][cohort.index]]
            for name, kept in memory.items():
                cohort.memory[name][...] = np.take(kept, place, axis=-1)
    world.disturbed = snapshot.others["disturbed"]
    rewire(world, np.flatnonzero(world.lanes.trading != traded))
    for name in (*OF_TRADE, *HELD):
        if name in snapshot.others["held"]:
            getattr(world, name).restore(world, snapshot.others["held"][name], from_rows)
        elif getattr(world, name) is not None:
            # It had not come on yet.
            setattr(world, name, HELD[name][1](world, world.current))
    if world.agents is not None and snapshot.others["agents"] is not None:
        world.agents.restore(snapshot.others["agents"], from_rows)
    world.refresh()


def _sources(layout: Layout, former: Layout, places: Sequence[int]) -> NDArray[Any]:
    """For each row of a union, the row of the former union whose state it takes."""
    own = np.arange(layout.rows)
    sources = np.empty(len(layout.source), np.int64)
    sources[layout.where(own)] = former.where(own)[list(places)]
    return sources
