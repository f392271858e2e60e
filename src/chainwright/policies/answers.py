"""What one answers to a decision: a number, a rank, rank and weight, yes or no, or terms; the same for worlds, agents and proofs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from chainwright.state.ranks import dense_rank
from chainwright.words.declarations import Decision
from chainwright.words.errors import suggestion
from chainwright.words.schema import LARGEST_NUMBER
from chainwright.words.subjects import DECISIONS, SHAPES, as_declared

Columns = NDArray[Any]
# Told of an answer that cannot be used: at which row (None for all of them), what was answered, and what was expected.
Blame = Callable[[int | None, str, str], Exception]
NO_LIMIT = sys.float_info.max
# The parts of an answer, as a proof compares them.
QUANTITY, RANK, WEIGHT, TRUTH = "", "rank", "weight", "truth"


class Answer:
    """One kind of answer to one decision; `answer_to` makes them.

    Parameters
    ----------
    decision : Decision
        That is answered.
    """

    #: Name of the policy that stands where a decision is taken over that no policy answers; see `chainwright.policies.nobody`.
    nobody: ClassVar[str] = "nobody"

    def __init__(self, decision: Decision) -> None:
        self.decision = decision
        self.one = SHAPES[decision.table].one

    @staticmethod
    def nothing(size: int) -> Any:
        """What somebody answers who decides nothing."""
        raise NotImplementedError

    def blank(self, table: Any, rows: Any = slice(None)) -> Any:
        """What holds where nobody decides, for some rows of a table."""
        raise NotImplementedError

    def checked(self, answer: Any, size: int | None, blame: Blame, least: float = -NO_LIMIT, most: float = LARGEST_NUMBER) -> Any:
        """An answer as columns, one value per row.

        Parameters
        ----------
        answer : object
            Whatever was answered.
        size : int or None
            Number of rows; None for one row, which is answered in plain numbers.
        blame : callable
            Makes the error for what cannot be used.
        least, most : float
            Bounds of numbers, but for what never means anything.
        """
        raise NotImplementedError

    def room(self, table: Any, rows: Any) -> Any:
        """As `blank`, for answers that are put together before ranks are made whole numbers."""
        return self.blank(table, rows)

    def spread(self, answer: Any, size: int) -> Any:
        """The answer of a policy, one value per row."""
        return np.broadcast_to(np.asarray(answer), size)

    def settled(self, columns: Any, group: Columns | None) -> Any:
        """Checked columns as the phases take them: ranks are whole numbers, from 0 on within each group."""
        return columns

    def put(self, into: Any, rows: Any, part: Any) -> None:
        """Write what was answered for some rows into what holds for all of them."""
        into[rows] = part

    def at(self, columns: Any, places: Any) -> Any:
        """The part of checked columns that belongs to some of the rows."""
        return columns[places]

    def row(self, columns: Any, place: int) -> Any:
        """One row of checked columns, in plain numbers."""
        return columns[place].item()

    def gathered(self, answers: Sequence[Any], table: Any, rows: Any, blame: Blame) -> Any:
        """Answers about one row each, put together as columns; what cannot be used is told of its own row."""
        into = self.room(table, rows)
        for place, answer in enumerate(answers):
            self.put(into, slice(place, place + 1), self.checked(answer, None, partial(_at_place, blame, place)))
        return into

    def parts(self, columns: Any, group: Columns | None) -> dict[str, NDArray[np.float64]]:
        """Checked columns by the names of their parts: equal where two answers mean the same."""
        raise NotImplementedError


class Number(Answer):
    """A number per row."""

    @staticmethod
    def nothing(size: int) -> Any:
        return np.zeros(size)

    def blank(self, table: Any, rows: Any = slice(None)) -> Any:
        return np.zeros(_size(table, rows))

    def checked(self, answer: Any, size: int | None, blame: Blame, least: float = -NO_LIMIT, most: float = LARGEST_NUMBER) -> Any:
        return _numbers(answer, size, blame, "a finite number" if size is None else f"one number for each of {size} rows", (least, most))

    def row(self, columns: Any, place: int) -> Any:
        return float(columns[place])

    def gathered(self, answers: Sequence[Any], table: Any, rows: Any, blame: Blame) -> Any:
        try:
            column = np.array(answers)
            # A text that reads as a number is none.
            column = column.astype(np.float64) if column.dtype.kind not in "SU" else np.full(0, np.nan)
        except (TypeError, ValueError, OverflowError):
            column = np.full(0, np.nan)
        if column.shape != (len(answers),) or not (np.abs(column) <= LARGEST_NUMBER).all():
            return super().gathered(answers, table, rows, blame)
        return column

    def parts(self, columns: Any, group: Columns | None) -> dict[str, NDArray[np.float64]]:
        return {QUANTITY: np.array(columns)}


class Rank(Answer):
    """A rank per row: the lowest of its group comes first, and only the order means something."""

    @staticmethod
    def nothing(size: int) -> Any:
        return np.zeros(size)

    def blank(self, table: Any, rows: Any = slice(None)) -> Any:
        return np.zeros(_size(table, rows), np.int32)

    def room(self, table: Any, rows: Any) -> Any:
        return np.zeros(_size(table, rows))

    def checked(self, answer: Any, size: int | None, blame: Blame, least: float = -NO_LIMIT, most: float = LARGEST_NUMBER) -> Any:
        expected = "a finite number" if size is None else f"a rank for each {self.one} ({size})"
        return _numbers(answer, size, blame, expected, (-NO_LIMIT, most), "rank ")

    def settled(self, columns: Any, group: Columns | None) -> Any:
        return in_order(group, columns)

    def parts(self, columns: Any, group: Columns | None) -> dict[str, NDArray[np.float64]]:
        return {RANK: in_order(group, columns).astype(np.float64)}


class RankAndWeight(Answer):
    """A rank and a weight per row, or the weight alone: what there is goes to the best rank first, in proportion to weight."""

    nobody = "nobody_of_lanes"

    @staticmethod
    def nothing(size: int) -> Any:
        return np.zeros(size), np.ones(size)

    def blank(self, table: Any, rows: Any = slice(None)) -> Any:
        return np.zeros(_size(table, rows), np.int32), np.zeros(_size(table, rows))

    def room(self, table: Any, rows: Any) -> Any:
        return np.zeros(_size(table, rows)), np.zeros(_size(table, rows))

    def spread(self, answer: Any, size: int) -> Any:
        return tuple(np.broadcast_to(column, size) for column in answer)

    def checked(self, answer: Any, size: int | None, blame: Blame, least: float = -NO_LIMIT, most: float = LARGEST_NUMBER) -> Any:
        pair = isinstance(answer, tuple) and len(answer) == 2
        rank, weight = answer if pair else (0.0, answer)
        if size == 2 and pair and np.ndim(rank) == 0 == np.ndim(weight):
            expected = f"{short(list(answer))} for two weights: in round brackets it is a rank and a weight"
            raise blame(None, short(answer), expected)
        expected = f"a weight for each {self.one} ({size or 1}), or a pair of ranks and weights"
        ranks = _numbers(rank, size, blame, expected, (-NO_LIMIT, most), "rank ") if pair else np.zeros(size or 1)
        return ranks, _numbers(weight, size, blame, expected, (0.0, most), "weight ")

    def settled(self, columns: Any, group: Columns | None) -> Any:
        return in_order(group, columns[0]), columns[1]

    def put(self, into: Any, rows: Any, part: Any) -> None:
        into[0][rows], into[1][rows] = part

    def at(self, columns: Any, places: Any) -> Any:
        return tuple(column[places] for column in columns)

    def row(self, columns: Any, place: int) -> Any:
        return tuple(column[place].item() for column in columns)

    def parts(self, columns: Any, group: Columns | None) -> dict[str, NDArray[np.float64]]:
        return {RANK: in_order(group, columns[0]).astype(np.float64), WEIGHT: np.array(columns[1])}


class Truth(Answer):
    """Yes or no per row; a number is neither."""

    nobody = "nobody_agrees"

    @staticmethod
    def nothing(size: int) -> Any:
        return np.zeros(size, np.bool_)

    def blank(self, table: Any, rows: Any = slice(None)) -> Any:
        return np.zeros(_size(table, rows), np.bool_)

    def checked(self, answer: Any, size: int | None, blame: Blame, least: float = -NO_LIMIT, most: float = LARGEST_NUMBER) -> Any:
        expected = "True or False" if size is None else f"True or False for each of {size} rows"
        column = _column(answer, size, blame, expected)
        if column.dtype != np.bool_:
            raise blame(None, _said(answer), expected)
        return column

    def parts(self, columns: Any, group: Columns | None) -> dict[str, NDArray[np.float64]]:
        return {TRUTH: columns.astype(np.float64)}


class Terms(Answer):
    """Some of the decision's terms by name, one number per row each: NaN breaks off, and what is left out stays as it stands in the table."""

    nobody = "nobody_of_terms"

    @staticmethod
    def nothing(size: int) -> Any:
        return {}

    def blank(self, table: Any, rows: Any = slice(None)) -> Any:
        return {name: np.array(table[name][rows], np.float64) for name in self.decision.terms}

    def spread(self, answer: Any, size: int) -> Any:
        given = answer if isinstance(answer, Mapping) else {self.decision.terms[0]: answer}
        return {name: np.broadcast_to(np.asarray(column, np.float64), size) for name, column in given.items()}

    def checked(self, answer: Any, size: int | None, blame: Blame, least: float = -NO_LIMIT, most: float = LARGEST_NUMBER) -> Any:
        names = self.decision.terms
        if not isinstance(answer, Mapping):
            expected = f"a dictionary of {' and '.join(names)}" if len(names) > 1 else f"{names[0]}, one number for each {self.one} ({size or 1})"
            if len(names) > 1:
                raise blame(None, _said(answer), expected)
            return {names[0]: _numbers(answer, size, blame, expected, (least, most), breaks_off=True)}
        made = {}
        for name, value in answer.items():
            if name not in names:
                raise blame(None, f"a term {name!r}", f"terms among {', '.join(names)}{suggestion(str(name), names)}")
            expected = f"{name} as one number" + ("" if size is None else f" for each of {size} rows")
            made[name] = _numbers(value, size, blame, expected, (least, most), f"{name} ", breaks_off=True)
        return made

    def put(self, into: Any, rows: Any, part: Any) -> None:
        for name, column in part.items():
            into[name][rows] = column

    def at(self, columns: Any, places: Any) -> Any:
        return {name: column[places] for name, column in columns.items()}

    def row(self, columns: Any, place: int) -> Any:
        return {name: column[place].item() for name, column in columns.items()}

    def parts(self, columns: Any, group: Columns | None) -> dict[str, NDArray[np.float64]]:
        return {name: np.array(columns[name]) for name in self.decision.terms if name in columns}


def _at_place(blame: Blame, place: int, _: int | None, answered: str, expected: str) -> Exception:
    return blame(place, answered, expected)


def _size(table: Any, rows: Any) -> int:
    return int(table.rows) if isinstance(rows, slice) else len(rows)


def in_order(group: Columns | None, rank: Columns) -> NDArray[np.int32]:
    """Ranks as whole numbers from 0 on within each group; equal ranks stay equal.

    Examples
    --------
    >>> in_order(np.array([0, 0, 1]), np.array([2.5, -1.0, 7.0])).tolist()
    [1, 0, 0]
    """
    if len(rank) == 0 or not rank.any():
        return np.zeros(len(rank), np.int32)
    return dense_rank(np.zeros(len(rank), np.int32) if group is None else group, rank, shared=True)


def short(value: Any) -> str:
    """A value as it is told in a message."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _said(answer: Any) -> str:
    return f"{len(answer)} numbers" if isinstance(answer, np.ndarray | list) and np.ndim(answer) == 1 and len(answer) != 1 else short(answer)


def _column(answer: Any, size: int | None, blame: Blame, expected: str) -> Columns:
    """Whatever was answered as a column of its own type."""
    try:
        if answer is None or isinstance(answer, str | bytes) or (size is None and isinstance(answer, np.ndarray) and answer.ndim):
            raise TypeError
        column = np.asarray(answer)
        return column if column.shape == (size,) else np.broadcast_to(column, 1 if size is None else size)
    except (TypeError, ValueError):
        raise blame(None, short(answer) if size is None else _said(answer), expected) from None


def _numbers(
    answer: Any, size: int | None, blame: Blame, expected: str, bounds: tuple[float, float], what: str = "", breaks_off: bool = False
) -> NDArray[np.float64]:
    """Whatever was answered as a column of numbers within bounds."""
    column = _column(answer, size, blame, expected)
    try:
        if column.dtype.kind not in "biufO":
            raise TypeError
        values = column if column.dtype == np.float64 else column.astype(np.float64)
    except (TypeError, ValueError, OverflowError):
        raise blame(None, short(answer) if size is None else _said(answer), expected) from None
    least, most = bounds
    if (np.abs(values) <= most).all() and (least == -NO_LIMIT or (values >= least).all()):
        return values
    sound = (np.abs(values) <= most) & (values >= least)
    if breaks_off:
        sound |= np.isnan(values)
    if not sound.all():
        place = int(np.flatnonzero(~sound)[0])
        value = float(values[place])
        beyond = "at least 0" if value < 0.0 == least else f"at least {least:g}" if value < least > -NO_LIMIT else f"none beyond {most:g}"
        finite = "a finite number, or NaN to break off" if breaks_off else "a finite number"
        raise blame(place, f"{what}{value}", beyond if np.isfinite(value) else finite)
    return values


KINDS: Mapping[str, type[Answer]] = {"number": Number, "rank": Rank, "rank_and_weight": RankAndWeight, "truth": Truth, "terms": Terms}


@as_declared
def answer_to(decision: str) -> Answer:
    """How a decision is answered.

    Examples
    --------
    >>> def blame(place, answered, expected):
    ...     return ValueError(f"{answered} at {place}, expected {expected}")
    >>> answer_to("place_orders").checked(3, 2, blame).tolist()
    [3.0, 3.0]
    >>> ranks, weights = answer_to("choose_sellers").checked([1.0, 0.0, 2.0], 3, blame)
    >>> answer_to("choose_sellers").checked([1.0, -1.0], 2, blame)
    Traceback (most recent call last):
    ValueError: weight -1.0 at 1, expected at least 0
    """
    declared = DECISIONS[decision]
    return KINDS[declared.answer](declared)
