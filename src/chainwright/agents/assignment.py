"""Which class of agents takes over which enterprises: by name, by tag, by role, or everybody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.agents.class_mistakes import mistakes_of, own_names
from chainwright.agents.decisions import overridden
from chainwright.agents.enterprise import Enterprise
from chainwright.agents.registry import agent_class_of
from chainwright.agents.rows_by_owner import owners
from chainwright.network.blueprint import Blueprint
from chainwright.network.takeovers import Takeover
from chainwright.words.declarations import Decision
from chainwright.words.errors import UsageError, suggestion
from chainwright.words.subjects import DECISIONS
from chainwright.words.trade import ROLES

EVERYBODY = "default"
# Names that a misspelt one is compared with.
MOST_COMPARISONS = 20_000


class Assignment:
    """The class of each enterprise of a blueprint; the most special key wins: a name, a tag, a role, ``default``.

    Parameters
    ----------
    blueprint : Blueprint
        The scenario.
    agents : mapping
        Name of an enterprise, a tag, a role or ``default`` to an agent class or the name of a registered one.

    Raises
    ------
    UsageError
        With everything that is wrong: unknown names, seats that nobody has, misspelt methods, classes that do not fit the role of an
        enterprise or are asked for nothing there.
    """

    def __init__(self, blueprint: Blueprint, agents: Mapping[str, Any]) -> None:
        self.blueprint = blueprint
        names = blueprint.tables["enterprises"]["name"]
        self.roles = blueprint.tables["enterprises"]["role"]
        self.classes: list[type[Enterprise]] = []
        # Number of the class of each enterprise, -1 for none.
        self.of_enterprise = np.full(len(names), -1, np.int32)
        if not isinstance(agents, Mapping):
            raise UsageError(f"agents must be a mapping such as {{'wholesaler': Panicker}}, got {agents!r}")
        ranked: list[tuple[int, str, NDArray[Any], type[Enterprise]]] = []
        wrong: list[str] = []
        row_of = {name: row for row, name in enumerate(names.tolist())}
        mistakes: dict[type, list[str]] = {}
        for key, said in agents.items():
            try:
                found = agent_class_of(said)
            except UsageError as error:
                wrong.append(f"agents of {key!r}: {error}")
                continue
            if found not in mistakes:
                mistakes[found] = mistakes_of(found)
            if mistakes[found]:
                wrong += [f"agents of {key!r}: {mistake}" for mistake in mistakes[found]]
                continue
            named = np.array([row_of[key]] if isinstance(key, str) and key in row_of else [], np.int64)
            # An enterprise that bears the name of a role is meant, as with policies.
            if len(named):
                ranked.append((3, key, named, found))
            elif key in blueprint.tags:
                ranked.append((2, key, np.asarray(blueprint.tags[key]), found))
            elif key in ROLES:
                rows = np.flatnonzero(self.roles == key)
                if not len(rows):
                    wrong.append(f"agents of {key!r}: no enterprise of the scenario is a {key}; its roles are {', '.join(sorted(set(self.roles)))}")
                ranked.append((1, key, rows, found))
            elif key == EVERYBODY:
                fits = self.roles == found.of_role if found.of_role else np.ones(len(names), np.bool_)
                if not fits.any():
                    wrong.append(f"agents of {key!r}: {found.__name__} is a {found.of_role}, and no enterprise of the scenario is one")
                ranked.append((0, key, np.flatnonzero(fits), found))
            else:
                known = [*names[:MOST_COMPARISONS].tolist(), *blueprint.tags, *ROLES]
                wrong.append(f"agents: no enterprise, tag or role is called {key!r}{suggestion(str(key), known)}")
        for _, key, rows, found in sorted(ranked, key=lambda one: one[0]):
            unfit = rows[self.roles[rows] != found.of_role] if found.of_role else rows[:0]
            if len(unfit):
                name, role = names[unfit[0]], self.roles[unfit[0]]
                like = f"make it a cw.{role.title()}, or a cw.Enterprise, which fits every role"
                wrong.append(f"agents of {key!r}: {found.__name__} is a {found.of_role}, but {name} is a {role}; {like}")
                continue
            if found not in self.classes:
                self.classes.append(found)
            self.of_enterprise[rows] = self.classes.index(found)
        if wrong:
            raise UsageError("\n".join(wrong))

    def class_of(self, row: int) -> type[Enterprise] | None:
        """The class that an enterprise (a row of the blueprint) was given, if any."""
        number = int(self.of_enterprise[row])
        return self.classes[number] if number >= 0 else None

    def takeovers(self) -> list[Takeover]:
        """Which decisions about which items are taken over, one takeover per class and decision."""
        found = []
        for place, agent_class in enumerate(self.classes):
            for decision in overridden(agent_class):
                rows = self._concerned(DECISIONS[decision])
                own = self.of_enterprise[owners(self.blueprint.tables.__getitem__, DECISIONS[decision].keyed, DECISIONS[decision].end, rows)]
                if (own == place).any():
                    found.append(Takeover(decision, rows[own == place], agent_class))
        return found

    def refuse_idle(self) -> None:
        """Refuse classes of a user's own that are asked for nothing: where nobody holds the agents in hand, they do nothing either."""
        busy = {takeover.who for takeover in self.takeovers()}
        wrong = []
        for place, agent_class in enumerate(self.classes):
            seats = np.flatnonzero(self.of_enterprise == place)
            own, decisions = own_names(agent_class), overridden(agent_class)
            if agent_class in busy or not own or not len(seats):
                continue
            said = f"agents: {agent_class.__name__} overrides"
            if not decisions:
                step = "; a period goes by without step()" if "step" in own else ""
                wrong.append(f"{said} no decision, so nobody asks it; decisions are {', '.join(DECISIONS)}{step}")
            else:
                seat = f"{self.blueprint.tables['enterprises']['name'][seats[0]]}, a {self.roles[seats[0]]}"
                others = len(seats) - 1
                more = f", or of {others} other{'s' if others > 1 else ''} with this class" if others else ""
                wrong.append(f"{said} {', '.join(decisions)}, which nobody asks of {seat}{more}")
        if wrong:
            raise UsageError("\n".join(wrong))

    def _concerned(self, decision: Decision) -> NDArray[np.int32]:
        """The rows that a decision is about, of the table whose rows policies are given to."""
        tables = self.blueprint.tables
        if decision.table not in tables or decision.keyed not in tables:
            return np.zeros(0, np.int32)
        return decision.concerned(tables, self.blueprint.made)
