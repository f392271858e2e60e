"""Asking a decision as a check does, and telling in words what is wrong with it: the row, the answer, and what was read."""

from __future__ import annotations

import dataclasses
import re
from contextlib import suppress
from typing import Any

import numpy as np

from chainwright.agents.proof.asking import Call, Parts, Side, Unfit, shown_to
from chainwright.agents.proof.random_states import State
from chainwright.agents.proof.readings import Reading, readings, without
from chainwright.agents.rows_by_owner import name_of
from chainwright.policies.answers import RANK, TRUTH, WEIGHT
from chainwright.words.errors import ChainwrightError, CheckFailed, VisibilityError
from chainwright.words.subjects import DECISIONS, SHAPES

NOTHING_CHANGES = "a decision answers, and changes nothing"
DRAWS = "draw random numbers by the view's draw(\"a name of one's own\"), and keep what is to be remembered on self"
REMEMBERED = "what a policy remembers it answers beside its decision, and declares in `remembers`"
# Numbers that differ by less than this share of the largest number at hand differ by rounding.
ROUNDING = 1e-12


@dataclasses.dataclass(frozen=True)
class Asked:
    """What one side has answered to one decision in one state.

    Parameters
    ----------
    side : Side
        Who was asked.
    decision : str
        The decision.
    state : int
        Number of the state.
    answers : list of dict
        The answer of each call, in parts.
    kept : object
        What was remembered when the calls were made.
    """

    side: Side
    decision: str
    state: int
    answers: list[Parts]
    kept: Any

    @property
    def calls(self) -> list[Call]:
        """The calls, one for each answer."""
        return self.side.calls[self.decision]

    @property
    def subject(self) -> str:
        """Who was asked what."""
        return subject_of(self.side, self.decision)

    def call_about(self, row: int) -> Call:
        """The call in which a row was asked about."""
        return next(call for call in self.calls if row in call.rows)

    def readings(self, row: int) -> list[Reading]:
        """What is read when the call about a row is made again."""
        return readings(self.side, self.call_about(row), row, self.kept)


def ask(side: Side, decision: str, state: State) -> Asked:
    """Ask for one decision about all rows, twice from the same state.

    Raises
    ------
    CheckFailed
        When a call fails, its answer cannot be used or is another one the second time, or when it changes something.
    """
    side.prepare(decision, state)
    calls = side.calls[decision]
    kept = side.keep()
    before = side.fingerprint(decision)
    first = [_answer(side, call, state, kept)[1] for call in calls]
    side.put_back(kept)
    again = [_answer(side, call, state, kept) for call in calls]
    if side.fingerprint(decision) != before:
        raise _changed(side, decision, state, kept)
    for call, one, (_, other) in zip(calls, first, again, strict=True):
        for part, values in one.items():
            apart = np.flatnonzero(values.view(np.int64) != other[part].view(np.int64))
            if len(apart):
                place = int(apart[0])
                said = f"answers {named(part, values[place])} and, asked again, {named(part, other[part][place])}"
                raise failure(side, call, state.number, kept, said, place, DRAWS)
    for call, (answer, _) in zip(calls, again, strict=True):
        side.learn(call, answer)
    return Asked(side, decision, state.number, [parts for _, parts in again], kept)


def _answer(side: Side, call: Call, state: State, kept: Any) -> tuple[Any, Parts]:
    only = 0 if call.alone and DECISIONS[call.decision].asked == "row" else None
    try:
        answer = call.ask(call.view)
    except Exception as error:
        said, place, advice = _mishap(error, only)
        if side.is_policy and isinstance(error, VisibilityError):
            advice += "; a policy says in `wants` what must be shown to it"
        raise failure(side, call, state.number, kept, said, place, advice) from error
    try:
        return answer, side.parts(call, answer)
    except Unfit as unfit:
        raise failure(side, call, state.number, kept, f"answers {unfit.answered}", unfit.place, f"expected {unfit.expected}") from None


def _mishap(error: Exception, place: int | None) -> tuple[str, int | None, str]:
    """An error of a method: what happens, at which place, and what to do."""
    text = str(error)
    if isinstance(error, VisibilityError):
        shown = re.search(r"visibility: \{(\w+): (\w+)\}", text)
        remedy = f", a check visibility={{{shown[1]!r}: {shown[2]!r}}}" if shown else ""
        return "looks at what it cannot see", place, text + remedy
    if isinstance(error, dataclasses.FrozenInstanceError):
        return "tries to change itself", place, REMEMBERED
    if isinstance(error, ChainwrightError):
        return "fails", place, text
    if isinstance(error, ValueError) and re.search("read-only|WRITEABLE", text):
        return "tries to write into a column that it sees", place, NOTHING_CHANGES
    named_column = re.search(r"property '(\w+)' of '\w*View' object has no setter|'(\w+)' cannot be set on a view", text)
    if isinstance(error, AttributeError) and named_column:
        return f"tries to set {named_column[1] or named_column[2]} of what it sees", place, NOTHING_CHANGES
    said = f"fails with {type(error).__name__}" + (f" ({text})" if text else "")
    if "truth value of an array" in text:
        return said, place, "`if` wants one number; for columns say np.where"
    return said, place, ""


def _changed(side: Side, decision: str, state: State, kept: Any) -> CheckFailed:
    """Make the calls one by one to see which of them changes what."""
    state.lay(side.world)
    side.prepare(decision, state)
    tables = {name: getattr(side.world, name) for name in SHAPES}
    before = {(table, name): column.copy() for table, found in tables.items() for name, column in found.copies(found.names).items()}
    for call in side.calls[decision]:
        side.put_back(kept)
        lent = {name: column.copy() for name, column in shown_to(call).items()}
        with suppress(Exception):
            call.ask(call.view)
        asked = f"asked about {_about(side, call)} (state {state.number})"
        for name, column in lent.items():
            if not np.array_equal(call.view._links[name], column):
                return CheckFailed(f"{subject_of(side, decision)} changes {name} of its view, {asked}; {NOTHING_CHANGES}")
        for (table, name), column in before.items():
            apart = np.flatnonzero(tables[table][name] != column)
            if len(apart):
                row = int(apart[0])
                said = f"changes {name} of {_row_of(side, table, row)} from {_plain(column[row])} to {_plain(tables[table][name][row])}"
                return CheckFailed(f"{subject_of(side, decision)} {said}, {asked}; {NOTHING_CHANGES}")
    return CheckFailed(f"{subject_of(side, decision)} changes the world (state {state.number}); {NOTHING_CHANGES}")


def _row_of(side: Side, table: str, row: int) -> str:
    if table == "items":
        return side.item_name(row)
    if table == "lanes":
        return side.row_name("choose_sellers", row)
    found = getattr(side.world, table)
    return str(found["name"][row]) if "name" in found.names else f"row {row} of {table}"


def _plain(value: Any) -> str:
    return repr(value.item() if isinstance(value, np.generic) else value)


def _about(side: Side, call: Call, place: int | None = None) -> str:
    """What a call is about, or one of its rows."""
    if place is not None:
        return side.row_name(call.decision, int(call.rows[place]))
    if not call.alone:
        return f"all {len(call.rows)} rows"
    declared = DECISIONS[call.decision]
    if declared.asked == "group":
        row = int(getattr(side.world, declared.table)[declared.group][call.rows[0]])
        return f"the {declared.table} of {name_of(side.world, SHAPES[declared.table].keys[declared.group], row)}"
    return side.row_name(call.decision, int(call.rows[0]))


def failure(side: Side, call: Call, state: int, kept: Any, said: str, place: int | None, advice: str) -> CheckFailed:
    """What is wrong with the answer to one call, at one of its rows or at all."""
    where = where_clause(readings(side, call, int(call.rows[place or 0]), kept)) if call.alone or place is not None else ""
    text = f"{subject_of(side, call.decision)} {said} for {_about(side, call, place)} (state {state}){where}"
    return CheckFailed(f"{text}; {advice}" if advice else text)


def subject_of(side: Side, decision: str) -> str:
    """The name of a class and its method."""
    return side.name if side.is_policy else f"{side.names.get(decision, side.name)}.{decision}"


def where_clause(found: list[Reading]) -> str:
    """The values that were read, as the end of a sentence."""
    return f", where {', '.join(map(str, found))}" if found else ""


def named(part: str, value: float) -> str:
    """One part of an answer."""
    if part == TRUTH:
        return repr(bool(value))
    return f"{part} {float(value)!r}" if part in (RANK, WEIGHT) else f"{part} = {float(value)!r}" if part else repr(float(value))


def compare(one: Asked, other: Asked, shared: str) -> bool:
    """Compare two sides' answers to the same decision in the same state.

    Parameters
    ----------
    one, other : Asked
        Of the class that is checked, and what it is compared with.
    shared : str
        Empty where they are two methods; else what is different in the second call of one and the same method.

    Returns
    -------
    bool
        Whether all answers are equal bit for bit.

    Raises
    ------
    CheckFailed
        When an answer differs by more than rounding.
    """
    exact = True
    ours, theirs = _by_row(one), _by_row(other)
    for part in {**ours, **theirs}:
        if part not in ours or part not in theirs:
            raise CheckFailed(f"{one.subject} answers {part} {'only' if part in ours else 'not'} when it is asked about many rows at once")
        mine, its = ours[part], theirs[part]
        same = mine.view(np.int64) == its.view(np.int64)
        if same.all():
            continue
        exact = False
        with np.errstate(invalid="ignore"):
            near = same | (np.abs(mine - its) <= ROUNDING * np.maximum(np.abs(mine), np.abs(its)))
        for row in np.flatnonzero(~near & ~(np.isnan(mine) & np.isnan(its))).tolist():
            # The row tells first: it reads what it needs, where a column reads both sides of a condition.
            by_row = other if other.call_about(row).alone and not one.call_about(row).alone else one
            found = by_row.readings(row)
            more = without(found, (one if by_row is other else other).readings(row))
            # What was read may be so large that its last digits weigh more than the answer.
            if abs(mine[row] - its[row]) > ROUNDING * max((reading.size for reading in (*found, *more)), default=0.0):
                raise _difference(one, other, shared, part, row, (float(mine[row]), float(its[row])), found, more)
    return exact


def _by_row(asked: Asked) -> Parts:
    rows = getattr(asked.side.world, DECISIONS[asked.decision].table).rows
    made: Parts = {}
    for call, parts in zip(asked.calls, asked.answers, strict=True):
        for name, values in parts.items():
            made.setdefault(name, np.full(rows, np.nan))[call.rows] = values
    return made


def _difference(
    one: Asked, other: Asked, shared: str, part: str, row: int, answers: tuple[float, float], found: list[Reading], more: list[Reading]
) -> CheckFailed:
    mine, its = one.call_about(row), other.call_about(row)
    cohort = mine.cohort.index
    place = int(np.flatnonzero(cohort == row)[0]) + 1
    rows = f"row {place} of {len(cohort)} ({one.side.row_name(one.decision, row)}, state {one.state})"
    told, others = (named(part, answer) for answer in answers)
    where = where_clause(found) + (f" (the column reads {', '.join(map(str, more))} too)" if more else "")
    if shared:
        return CheckFailed(f"{one.subject} differs from itself in {rows}: {shared} it answers {others}, asked about all rows {told}{where}")
    text = f"{one.subject} differs from {other.subject} in {rows}: "
    if mine.alone != its.alone:
        alone, together = (told, others) if mine.alone else (others, told)
        return CheckFailed(f"{text}the row answers {alone}, the column {together}{where}")
    return CheckFailed(f"{text}it answers {told}, the other {others}{where_clause([*found, *more])}")
