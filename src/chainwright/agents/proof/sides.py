"""Who is asked in a check: agents one by one, a class for whole columns, the same for one row at a time, or a policy."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from chainwright.agents.answering import Columns, GroupSeats, RowSeats
from chainwright.agents.memory import remember, state_of
from chainwright.agents.model import roster_of
from chainwright.agents.proof.asking import Call, Parts, Side
from chainwright.agents.proof.counter_example import REMEMBERED
from chainwright.agents.proof.random_states import State
from chainwright.agents.proof.small_network import CHECKED, small_network
from chainwright.agents.roster import Roster
from chainwright.agents.rows_by_owner import owners
from chainwright.network.blueprint import Blueprint, PolicyChoice
from chainwright.network.takeovers import Takeover
from chainwright.policies.base import Policy, policies_for
from chainwright.policies.cohort import Cohort
from chainwright.words.errors import CheckFailed, UsageError
from chainwright.words.subjects import DECISIONS, SHAPES
from chainwright.world import World

NO_LIMIT = float("-inf")


class OneByOne(Roster):
    """A roster that asks a columnar method about one row, or the rows of one group, at a time."""

    def takeovers(self) -> Sequence[Takeover]:
        """One takeover per row that policies are given to."""
        return [Takeover(one.decision, one.rows[place : place + 1], one.who) for one in super().takeovers() for place in range(len(one.rows))]


class AgentSide(Side):
    """A class of agents, seated in a small network of its own.

    Parameters
    ----------
    agent_class : type
        The class.
    blueprint : Blueprint
        The small network.
    one_by_one : bool
        Whether columnar methods are asked about one row at a time.
    """

    def __init__(self, agent_class: type, blueprint: Blueprint, one_by_one: bool = False) -> None:
        self.name = agent_class.__name__
        self.roster = roster_of(blueprint, {CHECKED: agent_class}, OneByOne if one_by_one else Roster)
        # What nobody asks is told in the words of a check.
        self.roster.refuses_idle = False
        try:
            self.world = World(blueprint, agents=self.roster)
        except Exception as error:
            self.roster.close()
            raise CheckFailed(f"{self.name} cannot take its seats in the small network of a check: {type(error).__name__}: {error}") from error
        self.calls = {decision: list(self._calls(decision)) for decision in DECISIONS}
        self.least = {name: one.least for name, one in DECISIONS.items()}

    def _calls(self, decision: str) -> Iterator[Call]:
        for cohort in (cohort for level in self.world.cohorts[decision] for cohort in level):
            _freeze(cohort)
            seats = cohort.substitute
            if isinstance(seats, RowSeats):
                for place, (ask, item) in enumerate(seats.calls):
                    yield Call(decision, cohort, ask, item, cohort.index[place : place + 1], np.array([place]), alone=True, plain=True)
            elif isinstance(seats, GroupSeats):
                for ask, lanes, places in seats.calls:
                    yield Call(decision, cohort, ask, lanes, cohort.index[places], places, alone=True, plain=False)
            elif isinstance(seats, Columns):
                yield _of_cohort(decision, cohort, getattr(seats.columnar_self, decision))

    def prepare(self, decision: str, state: State) -> None:
        """Lend what belongs to the decision, and let policies whose place is taken think along."""
        super().prepare(decision, state)
        table = getattr(self.world, DECISIONS[decision].table)
        for cohort in dict.fromkeys(call.cohort for call in self.calls[decision]):
            seats: Any = cohort.substitute
            seats.begin(table)
            if isinstance(seats, RowSeats | GroupSeats):
                seats.show(cohort, list[Any](seats.calls))

    def keep(self) -> Any:
        """What the agents remember, Mesa's generators among it."""
        roster, members, themselves = self.roster, self._members(), self._themselves()
        kept = []
        for member in members:
            own = state_of(member)
            try:
                kept.append((member, copy.deepcopy(own, dict(themselves)) if own else {}))
            except Exception as error:
                raise UsageError(f"what {self.name} keeps on self cannot be copied, as snapshots do: {type(error).__name__}: {error}") from error
        random = [(model, model.random.getstate(), model.rng.bit_generator.state) for model in roster.models.values()]
        return kept, random, {key: list(messages) for key, messages in roster.mail.boxes.items()}

    def put_back(self, kept: Any) -> None:
        """Let the agents remember what they did, as often as it is asked for."""
        members, random, mail = kept
        themselves = self._themselves()
        for member, state in members:
            if state or state_of(member):
                remember(member, copy.deepcopy(state, dict(themselves)))
        for model, one, other in random:
            model.random.setstate(one)
            model.rng.bit_generator.state = other
        self.roster.mail.boxes = {key: list(messages) for key, messages in mail.items()}

    def _members(self) -> list[Any]:
        return [*self.roster.here.values(), *(columnar_self.self for columnar_self in self.roster.columnar_selves)]

    def _themselves(self) -> dict[int, Any]:
        """What stays itself when an agent that remembers it is copied."""
        views = [view for agent in self.roster.here.values() for view in (agent._items or {}).values()]
        tables = [getattr(self.world, name) for name in SHAPES]
        return {id(one): one for one in (*self._members(), *self.roster.models.values(), self.world, self.roster, *tables, *views)}

    def close(self) -> None:
        """Give the world and the agents back."""
        self.roster.close()


class _Apart:
    """A roster that takes nothing over, but parts the rows of a policy: each item, or the lanes of each, is a cohort of its own."""

    def __init__(self, decision: str, rows: Any) -> None:
        self.decision, self.rows = decision, rows

    def enter(self, world: Any, visibility: Mapping[str, str]) -> None:
        """Nobody comes in."""

    def takeovers(self) -> Sequence[Takeover]:
        """One takeover per row that policies are given to."""
        return [Takeover(self.decision, self.rows[place : place + 1], None) for place in range(len(self.rows))]

    def substitute(self, world: Any, cohort: Cohort, takeover: Takeover) -> Any:
        """The policy itself."""
        return None

    def fresh(self) -> _Apart:
        """The same."""
        return self

    def keep(self) -> Any:
        """Nothing."""

    def restore(self, kept: Any, sources: Mapping[str, Any]) -> None:
        """Nothing."""


class PolicySide(Side):
    """A policy that decides in a small network of its own.

    Parameters
    ----------
    policy : Policy
        With its parameters, plain numbers.
    visibility : mapping
        Column name to visibility.
    one_by_one : bool
        Whether it is asked about one row at a time.
    """

    is_policy = True

    def __init__(self, policy: Policy, visibility: Mapping[str, str], one_by_one: bool = False) -> None:
        self.name = type(policy).__name__
        decision = decision_of(type(policy))
        blueprint = small_network("customer" if decision == "demand" else "distributor", visibility=visibility)
        rows = _rows_of(blueprint, decision, policy)
        parameters = {field.name: getattr(policy, field.name) for field in policy.parameters()}
        blueprint.policies.clear()
        blueprint.policies[decision] = [PolicyChoice(policy.name, parameters, rows)]
        with _known(decision, type(policy)):
            self.world = World(blueprint, agents=_Apart(decision, rows) if one_by_one else None)
        cohorts = [cohort for level in self.world.cohorts[decision] for cohort in level]
        self.calls = {one: [] for one in DECISIONS}
        for cohort in cohorts:
            _freeze(cohort)
            self.calls[decision].append(_of_cohort(decision, cohort, cohort.policy, alone=one_by_one))
        may_be_less = decision == "forecast_demand" or parameters.get("allow_negative") or parameters.get("truncate") is False
        self.least = {decision: NO_LIMIT if may_be_less else DECISIONS[decision].least}

    def keep(self) -> Any:
        """The parameters, which do not change."""
        policies = dict.fromkeys(call.cohort for calls in self.calls.values() for call in calls)
        return [(cohort.policy, dict(vars(cohort.policy))) for cohort in policies]

    def put_back(self, kept: Any) -> None:
        """Nothing is to be put back; a policy that has changed is told."""
        for policy, parameters in kept:
            for name, value in vars(policy).items():
                if name not in parameters or parameters[name] is not value:
                    raise CheckFailed(f"{self.name} changes itself: it sets {name}; {REMEMBERED}")

    def parts(self, call: Call, answer: Any) -> Parts:
        """The decision, and what is remembered and written."""
        news: dict[str, Any] = {}
        if isinstance(answer, tuple) and isinstance(answer[-1], dict):
            answer, news = answer[0], answer[-1]
        parts = super().parts(call, answer)
        policy = call.cohort.policy
        for name, value in news.items():
            if name not in policy.remembers and name not in policy.writes:
                raise CheckFailed(f"{self.name} answers {name!r} beside its decision, which it declares neither in `remembers` nor in `writes`")
            parts[f"{name} (to be {'remembered' if name in policy.remembers else 'written'})"] = np.array(
                np.broadcast_to(np.asarray(value, np.float64), len(call.rows))
            )
        return parts

    def learn(self, call: Call, answer: Any) -> None:
        """Remember and write what the policy wants remembered and written."""
        if isinstance(answer, tuple) and isinstance(answer[-1], dict):
            call.cohort.remember(answer[-1], getattr(self.world, call.cohort.table))

    def close(self) -> None:
        """Nothing to give back."""


def decision_of(policy: type[Policy]) -> str:
    """The decision that a family of policies is checked by."""
    return [name for name, decision in DECISIONS.items() if decision.family == policy.family][-1]


def _rows_of(blueprint: Blueprint, decision: str, policy: Policy) -> Any:
    """The rows that the policy decides about, of the table that policies are given to."""
    declared = DECISIONS[decision]
    size = len(next(iter(blueprint.tables[declared.keyed].values())))
    owner = owners(blueprint.tables.__getitem__, declared.keyed, declared.end, np.arange(size))
    tagged = np.isin(owner, blueprint.tags[CHECKED])
    if policy.decided_by == "seller":
        # Each buyer has left its replenishment to its only seller.
        tagged &= np.bincount(blueprint.tables["lanes"]["buyer"], minlength=len(tagged)) == 1
    return np.flatnonzero(tagged).astype(np.int32)


@contextmanager
def _known(decision: str, policy: type[Policy]) -> Iterator[None]:
    """Let a world be built with a policy that may not be registered."""
    known = policies_for(decision)
    before = dict(known)
    known[policy.name] = policy
    try:
        yield
    finally:
        known.clear()
        known.update(before)


def _of_cohort(decision: str, cohort: Cohort, ask: Any, alone: bool | None = None) -> Call:
    size = len(cohort.index)
    only = size == 1 or (DECISIONS[decision].asked == "group" and cohort.groups == 1)
    return Call(decision, cohort, ask, cohort.view, cohort.index, np.arange(size), alone=only if alone is None else alone, plain=False)


def _freeze(cohort: Cohort) -> None:
    """Let nobody write where the rows and groups of a view stand."""
    for array in (cohort.index, cohort.group):
        if array is not None:
            array.flags.writeable = False
