"""Answering a cohort's decision by agents: row by row, or once for whole columns."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from traceback import extract_tb
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.network.takeovers import NOBODY
from chainwright.policies.cohort import Cohort, CohortView
from chainwright.state.ranks import dense_rank
from chainwright.words.errors import ChainwrightError, UsageError
from chainwright.words.schema import LARGEST_NUMBER
from chainwright.words.trade import LANE_DECISIONS

OURS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class OldestFirst(tuple[Any, Any]):
    """Rank and weight of a policy that serves the oldest debt first: an agent that hands them on untouched serves it too."""

    __slots__ = ()


class Seats:
    """Stands in for a policy, which goes on thinking along where it remembers or writes something.

    So its memory and the levels that it writes (base stock, safety stock) stay up to date, whether or not an agent asks for its
    answer by ``super()``.
    """

    def __init__(self, cohort: Cohort) -> None:
        self.cohort = cohort
        self.thinks_along = bool(cohort.policy.remembers or cohort.policy.writes)
        self._asked: Any = None

    def begin(self, table: Any) -> None:
        """Forget the policy's answer of the period before; a policy that remembers or writes gives the new one at once."""
        self._table = table
        self._asked = self._ask() if self.thinks_along else None

    def policy_answer(self) -> Any:
        """What the policy would decide for all rows of the cohort, worked out once a period."""
        if self._asked is None:
            self._asked = self._ask()
        return self._asked

    def _ask(self) -> Any:
        asked = self.cohort.answer_of_policy(self._table)
        return OldestFirst(asked) if self.cohort.by_age else asked

    def hold_over_lead_time(self, table: Any, forecast: NDArray[np.float64]) -> None:
        """A forecast that is not the policy's holds for every period of the lead time; order rules look at the sum."""
        if self.cohort.decision != "forecast_demand":
            return
        rows = self.cohort.rows
        own = self.cohort.policy.name in NOBODY or forecast != self.policy_answer()
        table.forecast_lead_time[rows] = np.where(own, table.lead_time[rows] * forecast, table.forecast_lead_time[rows])

    def serve(self, places: Any, answer: Any) -> None:
        """Note whether the sellers of some lanes serve the oldest debt first, where their policy would."""
        if self.cohort.by_age:
            world = self.cohort.view._world
            world.ages.owners[world.lanes.seller[self.cohort.index[places]]] = isinstance(answer, OldestFirst)

    def blame(self, who: str, method: str, what: str) -> UsageError:
        """The mistake of an agent's method."""
        return UsageError(f"{self.where(who, method)} {what}")

    def where(self, who: str, method: str) -> str:
        """Whose method was asked, and when."""
        return f"{method} of {who} in period {self.cohort.view.period}"


class ItemSeats(Seats):
    """Scalar agents that decide about items: each is called with its own item.

    Parameters
    ----------
    cohort : Cohort
        Whose rows they decide.
    decision : str
        Name of the method.
    seats : sequence of (agent, item)
        One per row of the cohort.
    """

    def __init__(self, cohort: Cohort, decision: str, seats: Sequence[tuple[Any, Any]]) -> None:
        super().__init__(cohort)
        self.decision = decision
        self.seats = seats
        self.calls: list[tuple[Callable[[Any], Any], Any]] = [(getattr(agent, decision), item) for agent, item in seats]
        for place, (_, item) in enumerate(seats):
            item._seats[decision] = (self, place)

    def answer(self, cohort: Cohort, table: Any) -> NDArray[np.float64]:
        """One number per row."""
        self.begin(table)
        answers: list[Any] = []
        try:
            for decide, item in self.calls:
                answers.append(decide(item))
        except Exception as error:
            agent, item = self.seats[len(answers)]
            tell_where(error, self.where(repr(item), f"{type(agent).__name__}.{self.decision}"))
            raise
        try:
            column = np.array(answers)
            # A text that reads as a number is none.
            column = column.astype(np.float64) if column.dtype.kind not in "SU" else np.full(0, np.nan)
        except (TypeError, ValueError, OverflowError):
            column = np.full(0, np.nan)
        if column.shape != (len(self.calls),) or not (np.abs(column) <= LARGEST_NUMBER).all():
            self._complain(answers)
        self.hold_over_lead_time(table, column)
        return column

    def policy_answer_at(self, place: int) -> float:
        """What the policy would decide for one row."""
        return float(self.policy_answer()[place])

    def _complain(self, answers: Sequence[Any]) -> None:
        for (agent, item), value in zip(self.seats, answers, strict=True):
            try:
                number = float(value) if np.ndim(value) == 0 and not isinstance(value, str | bytes) else np.nan
            except (TypeError, ValueError, OverflowError):
                number = np.nan
            if not abs(number) <= LARGEST_NUMBER:
                most = f"none beyond {LARGEST_NUMBER:g}" if np.isfinite(number) else "a finite number"
                what = f"returned {value!r}; expected {most}"
                raise self.blame(repr(item), f"{type(agent).__name__}.{self.decision}", what)


class LaneSeats(Seats):
    """Scalar agents that decide about lanes: each is called with its own lanes as short columns.

    Parameters
    ----------
    cohort : Cohort
        Whose lanes they decide.
    decision : str
        Name of the method.
    seats : sequence of (agent, lanes, places)
        One per group of lanes: a view of them, and where they stand in the cohort.
    """

    def __init__(self, cohort: Cohort, decision: str, seats: Sequence[tuple[Any, Any, NDArray[Any]]]) -> None:
        super().__init__(cohort)
        self.decision = decision
        self.calls = [(getattr(agent, decision), lanes, places) for agent, lanes, places in seats]
        for _, lanes, places in seats:
            lanes._links["its seat"] = (self, places)

    def answer(self, cohort: Cohort, table: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Rank and weight, one per lane."""
        self.begin(table)
        size = len(cohort.index)
        rank, weight = np.zeros(size), np.zeros(size)
        self.show(cohort)
        for decide, lanes, places in self.calls:
            try:
                answer = decide(lanes)
            except Exception as error:
                tell_where(error, self.where(_owner(lanes, self.decision), f"{_class_of(decide)}{self.decision}"))
                raise
            self.serve(places, answer)
            rank[places], weight[places] = self.checked(answer, len(places), lanes, _class_of(decide))
        return in_order(cohort, rank), weight

    def show(self, cohort: Cohort) -> None:
        """Show each item's lanes what the cohort was lent for the decision at hand."""
        for name, column in cohort.view.lent().items():
            for _, lanes, places in self.calls:
                short = column[places]
                short.flags.writeable = False
                lanes._links[name] = short

    def checked(self, answer: Any, size: int, lanes: Any, name: str = "") -> tuple[Any, Any]:
        """The pair of rank and weight that an answer means."""
        return rank_and_weight(answer, size, lambda what: self.blame(_owner(lanes, self.decision), f"{name}{self.decision}", what))

    def policy_answer_at(self, places: NDArray[Any]) -> tuple[Any, Any]:
        """What the policy would decide for one item's lanes."""
        answer = self.policy_answer()
        part = tuple(np.broadcast_to(column, len(self.cohort.index))[places] for column in answer)
        return OldestFirst(part) if isinstance(answer, OldestFirst) else part


class Columns(Seats):
    """A class that answers for whole columns at once.

    Parameters
    ----------
    cohort : Cohort
        Whose rows it decides.
    decision : str
        Name of the method.
    columnar_self : Enterprise
        One object of the class that stands for all its enterprises.
    view : CohortView
        What the enterprises see of the rows.
    """

    def __init__(self, cohort: Cohort, decision: str, columnar_self: Any, view: CohortView) -> None:
        super().__init__(cohort)
        self.decision = decision
        self.columnar_self = columnar_self
        self.view = view

    def answer(self, cohort: Cohort, table: Any) -> Any:
        """One number per row, or for lanes rank and weight."""
        self.begin(table)
        name = f"{type(self.columnar_self).__name__}.{self.decision}"
        try:
            decided = getattr(self.columnar_self, self.decision)(self.view)
        except Exception as error:
            tell_where(error, self.where("all its enterprises", name))
            raise
        size = len(cohort.index)
        if self.decision in LANE_DECISIONS:
            self.serve(slice(None), decided)
            rank, weight = rank_and_weight(decided, size, lambda what: self.blame("all its enterprises", name, what))
            return in_order(cohort, rank), weight
        try:
            column = np.broadcast_to(np.asarray(decided, np.float64), size)
        except (TypeError, ValueError):
            raise self.blame("all its enterprises", name, f"returned {_short(decided)}; expected one number per row, {size} rows") from None
        wrong = np.flatnonzero(~(np.abs(column) <= LARGEST_NUMBER))
        if len(wrong):
            row = cohort.index[wrong[0]]
            most = f"none beyond {LARGEST_NUMBER:g}" if np.isfinite(column[wrong[0]]) else "finite numbers"
            raise self.blame(_name_of(table, cohort.view, int(row)), name, f"returned {column[wrong[0]]}; expected {most}")
        self.hold_over_lead_time(table, column)
        return column


def rank_and_weight(answer: Any, size: int, blame: Callable[[str], UsageError]) -> tuple[Any, Any]:
    """What a lane decision means: a pair of rank and weight, or the weight alone; weights are finite and not negative."""
    rank, weight = answer if isinstance(answer, tuple) and len(answer) == 2 else (0.0, answer)
    if size == 2 and isinstance(answer, tuple) and len(answer) == 2 and np.ndim(rank) == 0 == np.ndim(weight):
        raise blame(f"returned {_short(answer)}; expected {_short(list(answer))} for two weights: in round brackets it is a rank and a weight")
    try:
        if rank is None or weight is None:
            raise TypeError
        ranks = np.broadcast_to(np.asarray(rank, np.float64), size)
        weights = np.broadcast_to(np.asarray(weight, np.float64), size)
    except (TypeError, ValueError):
        raise blame(f"returned {_short(answer)}; expected a weight for each of {size} lanes, or a pair of ranks and weights") from None
    if not ((np.abs(ranks) <= LARGEST_NUMBER).all() and (np.abs(weights) <= LARGEST_NUMBER).all() and (weights >= 0.0).all()):
        raise blame(f"returned {_short(answer)}; expected finite ranks, and weights of at least 0")
    return ranks, weights


def tell_where(error: Exception, where: str) -> None:
    """Add to the failure of an agent's method in whose seat it was asked: before the words of our own, as a note under Python's."""
    if isinstance(error, ChainwrightError):
        # From the command line there is no traceback, and so nothing else that tells the line.
        own = [frame for frame in extract_tb(error.__traceback__) if not frame.filename.startswith(OURS) and os.path.isfile(frame.filename)]
        line = f"{os.path.basename(own[-1].filename)}:{own[-1].lineno}: " if own else ""
        error.args = (f"{line}{where}: {error}",)
        return
    hint = "; `if` and max want one number: for columns say np.where and np.maximum" if "truth value of an array" in str(error) else ""
    error.add_note(f"in {where}{hint}")


def in_order(cohort: Cohort, rank: NDArray[np.float64]) -> NDArray[Any]:
    """Ranks as the phases take them, whole numbers from 0 on: only their order among the lanes of one item means something."""
    return dense_rank(cohort.view.group, rank, shared=True) if rank.any() else np.zeros(len(rank), np.int32)


def _class_of(method: Any) -> str:
    """The class that a bound method belongs to, with a point behind it."""
    return f"{type(method.__self__).__name__}." if hasattr(method, "__self__") else ""


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."


def _owner(lanes: Any, decision: str) -> str:
    view = getattr(lanes, "buyer" if decision == "choose_sellers" else "seller")
    return _name_of(view._table, view, int(view._rows[0]))


def _name_of(table: Any, view: Any, row: int) -> str:
    world = view._world
    if table.name != "items":
        return f"lane {row}"
    return f"{world.enterprises.name[table.enterprise[row]]}/{world.products.name[table.product[row]]}"
