"""Watching a method at work: which columns it reads when it is called, and what they held at one row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.agents.proof.asking import Call, Side
from chainwright.policies.partners import OWN_END
from chainwright.state.table import Table
from chainwright.words.subjects import DECISIONS, SHAPES

Log = list[tuple[str, str, Any]]
# A method looks at the rows of all tables but these.
NOT_WATCHED = ("runs", "recipes")
# Names and places say nothing of the state.
KEYS = ("name", "run", "coordinate", "enterprise", "product", "seller", "buyer", "item", "component", "level", "mode")
# No longer list than this.
MOST = 8
LENT, POLICY = "lent", "policy"


class Reading:
    """What one read column held: a name in words, and one value or several."""

    def __init__(self, name: str, values: list[Any]) -> None:
        self.name, self.values = name, values

    @property
    def size(self) -> float:
        """The largest of the values, whatever their sign; 0 where none is finite."""
        numbers = [abs(float(value)) for value in self.values if isinstance(value, int | float) and np.isfinite(value)]
        return max(numbers, default=0.0)

    def __str__(self) -> str:
        told = [repr(value) for value in self.values]
        return f"{self.name} = {told[0] if len(told) == 1 else '[' + ', '.join(told) + ']'}"


def readings(side: Side, call: Call, row: int, kept: Any) -> list[Reading]:
    """Call a decision again and tell what it reads, as it stands at one row.

    Parameters
    ----------
    side : Side
        Who is asked.
    call : Call
        The call.
    row : int
        Row of the decision's table.
    kept : object
        What is remembered when the call is made.
    """
    side.put_back(kept)
    log: Log = []
    with _watching(side, call, log), suppress(Exception):
        call.ask(call.view)
    found: dict[str, Reading] = {}
    kinds: dict[str, type[_About]] = {"items": _AboutItem, "lanes": _AboutLane}
    about = kinds.get(call.cohort.table, _AboutRow)(side, call, row)
    for table, column, rows in log:
        if column in KEYS:
            continue
        for name, values in about.told(table, column, rows):
            if values and name not in found:
                found[name] = Reading(name, [value.item() if isinstance(value, np.generic) else value for value in values[:MOST]])
    return list(found.values())


def without(some: list[Reading], others: list[Reading]) -> list[Reading]:
    """The other readings, without those of a name that is among some."""
    names = {reading.name for reading in some}
    return [reading for reading in others if reading.name not in names]


class _About:
    """Tells what was read of the rows that have to do with one row."""

    def __init__(self, side: Side, call: Call, row: int) -> None:
        self.side, self.call, self.row = side, call, row
        self.world = side.world
        self.place = int(np.flatnonzero(call.cohort.index == row)[0])

    def column(self, table: str, name: str, rows: Any) -> list[Any]:
        return list(getattr(self.world, table)[name][rows])

    def told(self, table: str, name: str, rows: Any) -> Iterator[tuple[str, list[Any]]]:
        """What was read of some rows of a table, as far as it has to do with the row."""
        raise NotImplementedError

    def policy(self, answer: Any) -> list[Any]:
        parts = answer if isinstance(answer, tuple) else tuple(answer.values()) if isinstance(answer, Mapping) else (answer,)
        return [np.broadcast_to(part, len(self.call.cohort.index))[self.place] for part in parts]


class _AboutItem(_About):
    def __init__(self, side: Side, call: Call, row: int) -> None:
        super().__init__(side, call, row)
        lanes = self.world.lanes
        sold, bought = np.flatnonzero(lanes.seller == row), np.flatnonzero(lanes.buyer == row)
        self.lanes = {"to buyers": sold, "from sellers": bought}
        self.partners = np.unique(np.concatenate([lanes.buyer[sold], lanes.seller[bought]]))

    def told(self, table: str, name: str, rows: Any) -> Iterator[tuple[str, list[Any]]]:
        if table == POLICY:
            yield name, self.policy(rows)
            return
        items = self.world.items
        if table == "lanes":
            for way, own in self.lanes.items():
                if len(np.intersect1d(own, rows)):
                    yield f"{name} on lanes {way}", self.column("lanes", name, own)
        elif table == "items":
            if self.row in rows:
                yield name, self.column("items", name, [self.row])
            own = np.flatnonzero((items.enterprise == items.enterprise[self.row]) & (np.arange(items.rows) != self.row))
            for other in np.intersect1d(np.concatenate([self.partners, own]), rows).tolist():
                yield f"{name} of {self.side.item_name(other)}", self.column("items", name, [other])
        else:
            key = items["enterprise" if table == "enterprises" else "product"]
            if key[self.row] in rows:
                yield name, self.column(table, name, [key[self.row]])


class _AboutLane(_About):
    def __init__(self, side: Side, call: Call, row: int) -> None:
        super().__init__(side, call, row)
        self.own = DECISIONS[call.decision].end
        self.group = np.flatnonzero(call.cohort.view.group == call.cohort.view.group[self.place])
        self.lanes = call.cohort.index[self.group]

    def told(self, table: str, name: str, rows: Any) -> Iterator[tuple[str, list[Any]]]:
        items, lanes = self.world.items, self.world.lanes
        own, other = int(lanes[self.own][self.row]), lanes[OWN_END[self.own]][self.lanes]
        if table == POLICY:
            yield name, self.policy(rows)
        elif table == LENT:
            values = call_values(self.call, rows)
            if values is not None:
                yield name, list(values[self.group] if not self.call.alone else values)
        elif table == "lanes":
            if len(np.intersect1d(self.lanes, rows)):
                yield name, self.column("lanes", name, self.lanes)
        elif table == "items":
            if own in rows:
                yield f"{self.own}.{name}", self.column("items", name, [own])
            if len(np.intersect1d(other, rows)):
                yield f"{OWN_END[self.own]}.{name}", self.column("items", name, other)
        else:
            key = items["enterprise" if table == "enterprises" else "product"]
            if key[own] in rows:
                yield name, self.column(table, name, [key[own]])


class _AboutRow(_About):
    """About a row of any other table: itself, and the rows that its keys name."""

    def told(self, table: str, name: str, rows: Any) -> Iterator[tuple[str, list[Any]]]:
        own = self.call.cohort.table
        if table == POLICY:
            yield name, self.policy(rows)
        elif table == LENT:
            values = call_values(self.call, rows)
            if values is not None:
                yield name, [values[np.flatnonzero(self.call.rows == self.row)[0]]]
        elif table == own and self.row in rows:
            yield name, self.column(own, name, [self.row])
        for key, target in SHAPES[own].targets.items():
            row = int(getattr(self.world, own)[key][self.row])
            if target == table and row in rows:
                yield f"{key}.{name}", self.column(table, name, [row])


def call_values(call: Call, values: Any) -> NDArray[Any] | None:
    """A lent column, if it has one value for each row of the call."""
    return values if isinstance(values, np.ndarray) and values.shape == (len(call.rows),) else None


class _Column(np.ndarray[Any, Any]):
    """A column that notes which of its rows are read."""

    note: Any

    def __getitem__(self, rows: Any) -> Any:
        self.note(rows)
        return np.asarray(self)[rows]

    def item(self, *place: Any) -> Any:
        self.note(place[0])
        return np.asarray(self).item(*place)


class _Table(Table):
    """A table whose columns note which rows are read."""

    def __getattribute__(self, name: str) -> Any:
        value = object.__getattribute__(self, name)
        if not isinstance(value, np.ndarray):
            return value
        log, called = object.__getattribute__(self, "log_of_reading")
        places = np.arange(len(value))
        column = value.view(_Column)
        column.note = lambda rows: log.append((called, name, np.atleast_1d(places[rows])))
        return column


class _Links(dict[str, Any]):
    """The links of a view, which note what lent columns are read."""

    log: Log

    def __getitem__(self, name: str) -> Any:
        value = super().__getitem__(name)
        if isinstance(value, np.ndarray):
            self.log.append((LENT, name, value))
        return value


@contextmanager
def _watching(side: Side, call: Call, log: Log) -> Iterator[None]:
    """Note what is read of the world, of what is lent, and what the policy is asked for."""
    tables = {name: getattr(side.world, name) for name in SHAPES if name not in NOT_WATCHED}
    view: Any = call.view
    standing: Any = call.cohort.substitute
    links = view._links
    watched = _Links(links)
    watched.log = log

    def asked() -> Any:
        answer = type(standing).policy_answer(standing)
        log.append((POLICY, "the policy's answer", answer))
        return answer

    for name, table in tables.items():
        table.__dict__["log_of_reading"] = log, name
        table.__class__ = _Table
    view._links = watched
    if hasattr(standing, "policy_answer"):
        standing.policy_answer = asked
    try:
        yield
    finally:
        for table in tables.values():
            table.__class__ = Table
            del table.__dict__["log_of_reading"]
        view._links = links
        if standing is not None:
            vars(standing).pop("policy_answer", None)
