"""The agents of one world: who is where, made when somebody needs them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from chainwright.agents import memory
from chainwright.agents.answering import Columns, GroupSeats, RowSeats
from chainwright.agents.assignment import MOST_COMPARISONS, Assignment
from chainwright.agents.columnar_self import ColumnarSelf, Kept
from chainwright.agents.decisions import answers_columns
from chainwright.agents.enterprise import CLASS_OF_ROLE, Enterprise
from chainwright.agents.messages import Mail
from chainwright.agents.order_history import OrderHistory
from chainwright.agents.partner import Partner
from chainwright.agents.rows_by_owner import Whereabouts, owners
from chainwright.agents.views import ViewClasses
from chainwright.network.blueprint import Blueprint
from chainwright.network.takeovers import Takeover
from chainwright.policies.answers import answer_to
from chainwright.policies.base import Policy
from chainwright.policies.cohort import Cohort, Substitute
from chainwright.policies.nobody import NOBODY
from chainwright.words.declarations import Decision
from chainwright.words.errors import UsageError, suggestion
from chainwright.words.subjects import DECISIONS

CLOSED = "the model is closed; make a new SupplyChain"


class Roster:
    """All agents of a world, of every run in it; agents of one run never meet those of another.

    Parameters
    ----------
    blueprint : Blueprint
        The scenario.
    agents : mapping
        Who takes over: see `Assignment`.
    make_model : callable
        Makes the model of a run, from the roster and the place of the run; `roster_of` in `chainwright.agents.model` hands it in.
    """

    world: Any
    classes: Any
    ledger: Any
    whereabouts: Any

    def __init__(self, blueprint: Blueprint, agents: Mapping[str, Any], make_model: Callable[[Roster, int], Any]) -> None:
        self.blueprint = blueprint
        self.make_model = make_model
        self.assignment = Assignment(blueprint, agents)
        self.agents = dict(agents)
        self.models: dict[int, Any] = {}
        # Agents by row of the union's enterprises.
        self.here: dict[int, Enterprise] = {}
        self.columnar_selves: list[ColumnarSelf] = []
        self.mail = Mail()
        # By the row of an enterprise and the end at which the partners stand.
        self.partners: dict[tuple[int, str], list[Partner]] = {}
        self.world = None
        self._former: list[Kept] = []
        self._policies_of: dict[str, tuple[list[Cohort], NDArray[np.int32], NDArray[np.int32]]] = {}
        self.refuses_idle = True
        self._visibility: Mapping[str, str] | None = None
        self._row_of: dict[str, int] | None = None

    # --- what the world asks for -----------------------------------------------------------------------------

    def enter(self, world: Any, visibility: Mapping[str, str]) -> None:
        """Take seats in a world, or see it anew after a change in mid-run."""
        if self.world is None:
            self.world = world
            self.whereabouts = Whereabouts(world)
            self.ledger = OrderHistory(world, self.whereabouts)
            world.watch(self.ledger.note)
        if self._visibility != visibility:
            self.classes = ViewClasses(world, visibility)
            self._visibility = dict(visibility)
            # Items that agents remember stay the same, and show what may be seen from now on.
            for item in (item for agent in self.here.values() for item in (agent._items or {}).values()):
                self.classes.show(item)
        # Columnar methods are seated anew; what they remember is handed over.
        self._former = [columnar_self.kept() for columnar_self in self.columnar_selves]
        self.columnar_selves = []
        self._policies_of, self.partners = {}, {}

    def takeovers(self) -> Sequence[Takeover]:
        """Which decisions about which rows are taken over."""
        # Whoever has made a model can ask its agents for more than decisions.
        if self.refuses_idle and not self.models:
            self.assignment.refuse_idle()
        return self.assignment.takeovers()

    def substitute(self, world: Any, cohort: Cohort, takeover: Takeover) -> Substitute:
        """Who answers for a cohort: the agents of its rows, or the class for all of them at once."""
        decision, agent_class = takeover.decision, takeover.who
        if answers_columns(agent_class, decision):
            columnar_self = ColumnarSelf(agent_class, decision, cohort.index)
            columnar_self.adopt(self._former)
            self.columnar_selves.append(columnar_self)
            # Where the seller would decide, its buyer sees what is its own.
            view = self.classes.own_columns(cohort) if cohort.policy.decided_by == "seller" else cohort.view
            return Columns(cohort, decision, columnar_self.self, view)
        declared = DECISIONS[decision]
        rows = owners(partial(getattr, world), declared.table, declared.end, cohort.index)
        if declared.asked == "row":
            agents = [self.agent(int(row)) for row in rows]
            return RowSeats(cohort, decision, list(zip(agents, self._rows_seen(declared, agents, cohort.index), strict=True)))
        order = np.argsort(cohort.view.group, kind="stable")
        firsts = np.flatnonzero(np.diff(cohort.view.group[order])) + 1
        view_of = partial(self.classes.group, declared.table, declared.end)
        seats = [(self.agent(int(rows[places[0]])), view_of(cohort.index[places]), places) for places in np.split(order, firsts)]
        return GroupSeats(cohort, decision, seats, view_of)

    def _rows_seen(self, decision: Decision, agents: Sequence[Enterprise], rows: NDArray[np.int32]) -> list[Any]:
        """What agents are called with that decide row by row: an item of theirs, or a row of another table."""
        world = self.world
        if decision.table != "items":
            return [self.classes.row(decision.table, decision.end, int(row)) for row in rows]
        products = world.products.name[world.items.product[rows]]
        return [agent.items[product] for agent, product in zip(agents, products, strict=True)]

    def fresh(self) -> Roster:
        """The same classes for another world of the scenario."""
        made = Roster(self.blueprint, self.agents, self.make_model)
        made.refuses_idle = False
        return made

    def keep(self) -> dict[str, Any]:
        """A copy of what the agents remember."""
        return memory.keep(self)

    def restore(self, kept: dict[str, Any], sources: Mapping[str, NDArray[Any]]) -> None:
        """Remember what was kept."""
        memory.restore(self, kept, sources)

    # --- agents ----------------------------------------------------------------------------------------------

    def model(self, place: int) -> Any:
        """The model of the run at a place of the union."""
        if place not in self.models:
            self.models[place] = self.make_model(self, place)
        return self.models[place]

    def size(self) -> int:
        """Number of enterprises in one run."""
        return len(self.blueprint.tables["enterprises"]["name"])

    def first_row(self, place: int) -> int:
        """The first row of a run's enterprises: they lie side by side, run after run."""
        return place * self.size()

    def agent(self, row: int) -> Enterprise:
        """The agent of a row of the union's enterprises; made where there is none yet."""
        if row not in self.here:
            place = row // self.size()
            kind = self.class_of(row)
            kind(self.model(place), str(self.world.enterprises.name[row]))
            if row not in self.here:
                remedy = "leave it out, and begin what an agent remembers in setup(self)"
                raise UsageError(f"{kind.__name__}.__init__ does not call super().__init__(model, name); {remedy}")
        return self.here[row]

    def make_all(self, place: int) -> None:
        """Make the agents of all enterprises of a run."""
        first = self.first_row(place)
        missing = [row for row in range(first, first + self.size()) if row not in self.here]
        if not missing:
            return
        model = self.model(place)
        names, roles = self.world.enterprises.name, self.world.enterprises.role
        given = self.assignment.of_enterprise[self.world.template.order["enterprises"]]
        for row in missing:
            # One agent's setup may have made another.
            if row not in self.here:
                number = given[row - first]
                found = self.assignment.classes[number] if number >= 0 else CLASS_OF_ROLE[roles[row]]
                found(model, names[row])

    def class_of(self, row: int) -> type[Enterprise]:
        """The class of an enterprise: the one it was given, else that of its role."""
        place = row - self.first_row(row // self.size())
        given = self.assignment.class_of(int(self.world.template.order["enterprises"][place]))
        return given or CLASS_OF_ROLE[str(self.world.enterprises.role[row])]

    def row_of(self, name: str, place: int) -> int:
        """The row of an enterprise of a run.

        Raises
        ------
        UsageError
            When there is no such enterprise.
        """
        if self._row_of is None:
            names = self.world.enterprises.name[: self.size()].tolist()
            self._row_of = {one: row for row, one in enumerate(names)}
        if not isinstance(name, str) or name not in self._row_of:
            remedy = suggestion(str(name), list(self._row_of)[:MOST_COMPARISONS]) or "; model.agents.get('name') lists their names"
            raise UsageError(f"no enterprise is called {name!r}{remedy}")
        return self.first_row(place) + self._row_of[name]

    def welcome(self, agent: Enterprise, model: Any, name: str) -> tuple[int, int]:
        """Give an agent that is being made its row and the place of its run."""
        place = model.place
        if self.models.get(place) is not model:
            raise UsageError(CLOSED)
        row = self.row_of(name, place)
        if row in self.here:
            raise UsageError(f"{name} has an agent already; model.enterprise({name!r}) answers it")
        if type(agent) is not self.class_of(row):
            remedy = f"give it a class of your own by agents={{{name!r}: {type(agent).__name__}}} when the model is made"
            raise UsageError(f"{name} is a {self.class_of(row).__name__}; {remedy}")
        self.here[row] = agent
        self.ledger.open(row)
        return row, place

    # --- policies --------------------------------------------------------------------------------------------

    def seat_of_policy(self, decision: str, row: int) -> tuple[Cohort, int] | None:
        """The cohort that a row (an item, or a lane) belongs to in a decision, and its place in it."""
        if decision not in self._policies_of:
            cohorts = [cohort for level in self.world.cohorts[decision] for cohort in level]
            rows = getattr(self.world, DECISIONS[decision].table).rows
            number, place = np.full(rows, -1, np.int32), np.zeros(rows, np.int32)
            for count, cohort in enumerate(cohorts):
                number[cohort.index], place[cohort.index] = count, np.arange(len(cohort.index))
            self._policies_of[decision] = cohorts, number, place
        cohorts, number, place = self._policies_of[decision]
        return (cohorts[number[row]], int(place[row])) if number[row] >= 0 else None

    def policy_of(self, decision: str, row: int) -> Policy | None:
        """The policy that decides about an item, its parameters as plain numbers; None where no policy does."""
        declared = DECISIONS[decision]
        if declared.via:
            held = getattr(self.world, declared.table)[declared.via]
            if declared.table == "lanes":
                lanes = self.whereabouts.lanes(declared.via)[self.world.items.enterprise[row]]
                own = lanes[held[lanes] == row]
            else:
                own = np.flatnonzero(held == row)
            found = self.seat_of_policy(decision, int(own[0])) if len(own) else None
        else:
            found = self.seat_of_policy(decision, row)
        if found is None or found[0].policy.name in NOBODY:
            return None
        cohort, place = found
        columns = {name: value[place].item() for name, value in vars(cohort.policy).items() if isinstance(value, np.ndarray)}
        return dataclasses.replace(cohort.policy, **columns)  # type: ignore[type-var]

    def answer_of_policy(self, decision: str, view: Any) -> Any:
        """What a policy would decide now of a row that no agent decides; it does not remember having been asked."""
        kind = answer_to(decision)
        one = np.ndim(view.rows) == 0
        rows = np.atleast_1d(view.rows)
        found = self.seat_of_policy(decision, int(rows[0])) if len(rows) else None
        if found is None:
            decided = kind.spread(kind.nothing(len(rows)), len(rows))
        else:
            cohort, _ = found
            answer = cohort.policy(cohort.view)
            answer = answer[0] if isinstance(answer, tuple) and isinstance(answer[-1], dict) else answer
            where = np.flatnonzero(np.isin(cohort.index, rows))
            decided = kind.at(kind.spread(answer, len(cohort.index)), where)
        return kind.row(decided, 0) if one else decided

    def close(self) -> None:
        """Let go of the world, the models and the agents."""
        self.world = None
        for agent in self.here.values():
            agent._items = None
        self.here.clear()
        for model in list(self.models.values()):
            model.close()
        self.models.clear()
        self.columnar_selves.clear()
        self._former = []
        self._policies_of, self.partners = {}, {}
        self.mail = Mail()
        # Both would keep the world alive as long as somebody has the model or one of its agents in hand.
        self.classes = self.ledger = self.whereabouts = _Closed()


class _Closed:
    """Stands where something of the world has been."""

    def __getattr__(self, name: str) -> NoReturn:
        raise UsageError(CLOSED)
