"""Answering a cohort's decision by agents: row by row, or once for whole columns."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from traceback import extract_tb
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.agents.rows_by_owner import name_of
from chainwright.policies.answers import answer_to
from chainwright.policies.cohort import Cohort, CohortView, Part
from chainwright.policies.nobody import NOBODY
from chainwright.state.view import part_of
from chainwright.words.errors import ChainwrightError, UsageError
from chainwright.words.subjects import DECISIONS, SHAPES

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
        self.kind = answer_to(cohort.decision)
        self.thinks_along = bool(cohort.policy.remembers or cohort.policy.writes)
        self._asked: Any = None
        self._spread: tuple[Any, Any] | None = None
        # The cohort, or the part of it that is asked now.
        self.asking = cohort

    def begin(self, table: Any, asking: Cohort | None = None) -> None:
        """Forget the policy's answer of the time before; a policy that remembers or writes gives the new one at once."""
        self._table = table
        self.asking = asking or self.cohort
        self._spread = None
        self._asked = self._ask() if self.thinks_along else None

    def policy_answer(self) -> Any:
        """What the policy would decide for all rows that are asked, worked out once."""
        if self._asked is None:
            self._asked = self._ask()
        return self._asked

    def _ask(self) -> Any:
        asked = self.asking.answer_of_policy(self._table)
        return OldestFirst(asked) if self.cohort.by_age else asked

    def spread_policy_answer(self) -> Any:
        """The policy's answer, one value per row that is asked."""
        answer = self.policy_answer()
        if self._spread is None or self._spread[0] is not answer:
            self._spread = (answer, self.kind.spread(answer, len(self.asking.index)))
        return self._spread[1]

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

    def row_name(self, place: int) -> str:
        """A row that is asked, in words."""
        return name_of(self.cohort.view._world, self.cohort.table, int(self.asking.index[place]))


class RowSeats(Seats):
    """Scalar agents that decide row by row: each is called with a view of its own row, such as an item.

    Parameters
    ----------
    cohort : Cohort
        Whose rows they decide.
    decision : str
        Name of the method.
    seats : sequence of (agent, view)
        One per row of the cohort.
    """

    def __init__(self, cohort: Cohort, decision: str, seats: Sequence[tuple[Any, Any]]) -> None:
        super().__init__(cohort)
        self.decision = decision
        self.seats = seats
        self.calls: list[tuple[Callable[[Any], Any], Any]] = [(getattr(agent, decision), row) for agent, row in seats]
        for place, (_, row) in enumerate(seats):
            row._seats[decision] = (self, place)

    def answer(self, cohort: Cohort, table: Any) -> Any:
        """One answer per row, as columns."""
        self.begin(table, cohort)
        calls, seats = self.calls, self.seats
        if isinstance(cohort, Part):
            calls, seats = [calls[place] for place in cohort.places], [seats[place] for place in cohort.places]
        self.show(cohort, calls)
        answers: list[Any] = []
        try:
            for decide, row in calls:
                answers.append(decide(row))
        except Exception as error:
            agent, row = seats[len(answers)]
            tell_where(error, self.where(repr(row), f"{type(agent).__name__}.{self.decision}"))
            raise

        def blame(place: int | None, answered: str, expected: str) -> UsageError:
            agent, row = seats[place or 0]
            return self.blame(repr(row), f"{type(agent).__name__}.{self.decision}", f"returned {answered}; expected {expected}")

        column = self.kind.gathered(answers, table, cohort.index, blame)
        self.hold_over_lead_time(table, column)
        return column

    def show(self, cohort: Cohort, calls: Sequence[tuple[Any, Any]]) -> None:
        """Show each row what the cohort is shown for the decision at hand."""
        for name, shown in cohort.view.lent().items():
            for place, (_, row) in enumerate(calls):
                row._links[name] = shown[place].item() if isinstance(shown, np.ndarray) else part_of(shown, place)

    def policy_answer_at(self, place: int) -> Any:
        """What the policy would decide for one row."""
        if isinstance(self.asking, Part):
            place = int(np.searchsorted(self.asking.places, place))
        return self.kind.row(self.spread_policy_answer(), place)


class GroupSeats(Seats):
    """Scalar agents that decide about rows in groups: each is called with the rows of one group as short columns, such as an item's lanes.

    Parameters
    ----------
    cohort : Cohort
        Whose rows they decide.
    decision : str
        Name of the method.
    seats : sequence of (agent, view, places)
        One per group: a view of its rows, and where they stand in the cohort.
    view_of : callable
        Makes the view of some rows of a group.
    """

    def __init__(
        self, cohort: Cohort, decision: str, seats: Sequence[tuple[Any, Any, NDArray[Any]]], view_of: Callable[[NDArray[Any]], Any]
    ) -> None:
        super().__init__(cohort)
        self.decision = decision
        self.calls = [(getattr(agent, decision), rows, places) for agent, rows, places in seats]
        self._view_of = view_of
        self._narrow: tuple[Cohort, list[tuple[Any, Any, NDArray[Any]]]] | None = None
        self._seat(self.calls)

    def _seat(self, calls: Sequence[tuple[Any, Any, NDArray[Any]]]) -> None:
        for _, rows, places in calls:
            rows._links["its seat"] = (self, places)

    def calls_of(self, cohort: Cohort) -> list[tuple[Any, Any, NDArray[Any]]]:
        """The calls about the rows that are asked: all of the cohort, or of a part of it."""
        if not isinstance(cohort, Part):
            return self.calls
        if self._narrow is None or self._narrow[0] is not cohort:
            made = []
            for decide, _, places in self.calls:
                own = np.flatnonzero(np.isin(cohort.places, places))
                if len(own):
                    made.append((decide, self._view_of(cohort.index[own]), own))
            self._seat(made)
            self._narrow = (cohort, made)
        return self._narrow[1]

    def answer(self, cohort: Cohort, table: Any) -> Any:
        """One answer per row, as columns."""
        self.begin(table, cohort)
        answered = self.kind.room(table, cohort.index)
        calls = self.calls_of(cohort)
        self.show(cohort, calls)
        for decide, rows, places in calls:
            try:
                answer = decide(rows)
            except Exception as error:
                tell_where(error, self.where(self.owner(places), f"{_class_of(decide)}{self.decision}"))
                raise
            self.serve(places, answer)
            self.kind.put(answered, places, self.checked(answer, places, _class_of(decide)))
        return self.kind.settled(answered, cohort.group)

    def show(self, cohort: Cohort, calls: Sequence[tuple[Any, Any, NDArray[Any]]]) -> None:
        """Show each group's rows what the cohort is shown for the decision at hand."""
        for name, shown in cohort.view.lent().items():
            for _, rows, places in calls:
                part = shown[places] if isinstance(shown, np.ndarray) else part_of(shown, places)
                if isinstance(part, np.ndarray):
                    part.flags.writeable = False
                rows._links[name] = part

    def owner(self, places: NDArray[Any]) -> str:
        """Whose rows a group has, in words."""
        world, declared = self.cohort.view._world, DECISIONS[self.decision]
        row = int(getattr(world, declared.table)[declared.group][self.asking.index[places[0]]])
        return name_of(world, SHAPES[declared.table].keys[declared.group], row)

    def checked(self, answer: Any, places: NDArray[Any], name: str = "") -> Any:
        """The columns that an answer about one group means."""

        def blame(_: int | None, answered: str, expected: str) -> UsageError:
            return self.blame(self.owner(places), f"{name}{self.decision}", f"returned {answered}; expected {expected}")

        return self.kind.checked(answer, len(places), blame)

    def policy_answer_at(self, places: NDArray[Any]) -> Any:
        """What the policy would decide for the rows of one group."""
        part = self.kind.at(self.spread_policy_answer(), places)
        return OldestFirst(part) if isinstance(self.policy_answer(), OldestFirst) else part


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
        """One answer per row, as columns."""
        self.begin(table, cohort)
        name = f"{type(self.columnar_self).__name__}.{self.decision}"
        try:
            decided = getattr(self.columnar_self, self.decision)(self.view if cohort is self.cohort else cohort.view)
        except Exception as error:
            tell_where(error, self.where("all its enterprises", name))
            raise
        self.serve(slice(None), decided)

        def blame(place: int | None, answered: str, expected: str) -> UsageError:
            who = "all its enterprises" if place is None else self.row_name(place)
            return self.blame(who, name, f"returned {answered}; expected {expected}")

        columns = self.kind.settled(self.kind.checked(decided, len(cohort.index), blame), cohort.group)
        self.hold_over_lead_time(table, columns)
        return columns


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


def _class_of(method: Any) -> str:
    """The class that a bound method belongs to, with a point behind it."""
    return f"{type(method.__self__).__name__}." if hasattr(method, "__self__") else ""
