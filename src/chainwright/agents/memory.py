"""What agents remember, kept for a snapshot and given back: to the same agents, or to those of another world."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Mapping
from typing import Any, Protocol

from numpy.typing import NDArray

from chainwright.agents.enterprise import OUTER, Enterprise
from chainwright.agents.messages import Message
from chainwright.words.errors import ChainwrightError, UsageError
from chainwright.words.subjects import DECISIONS

NOTHING: Mapping[str, Any] = {}


class Roster(Protocol):
    """What is asked of the roster whose agents remember."""

    here: dict[int, Any]
    models: dict[int, Any]
    columnar_selves: list[Any]
    mail: Any
    world: Any
    ledger: Any

    def size(self) -> int:
        """Number of enterprises in one run."""

    def agent(self, row: int) -> Any:
        """The agent of a row."""

    def model(self, place: int) -> Any:
        """The model of a run."""


def keep(roster: Roster) -> dict[str, Any]:
    """A copy of what the agents of a world remember and have sent each other."""
    # Agents, their items and models that are remembered by agents stay themselves.
    items = {id(view): (row, product, view) for row, agent in roster.here.items() for product, view in (agent._items or {}).items()}
    themselves: dict[int, Any] = {id(one): one for one in (*roster.here.values(), *roster.models.values())}
    themselves |= {identity: view for identity, (_, _, view) in items.items()}
    # All in one copy: what two agents have in common they have in common ever after.
    states = {row: state for row, agent in roster.here.items() if (state := state_of(agent))}
    try:
        states, mail = copy.deepcopy((states, roster.mail.boxes), themselves.copy())
    except ChainwrightError:
        raise
    except Exception as error:
        raise UsageError(f"{_whose(roster, states, themselves)} cannot be copied, as snapshots do: {type(error).__name__}: {error}") from error
    return {
        "agents": dict.fromkeys(roster.here, NOTHING) | states,
        "mail": mail,
        "themselves": {id(agent): row for row, agent in roster.here.items()},
        "items": {identity: (row, product) for identity, (row, product, _) in items.items()},
        "models": {id(model): place for place, model in roster.models.items()},
        "columnar_selves": [columnar_self.kept() for columnar_self in roster.columnar_selves],
        "random": {place: (model.random.getstate(), model.rng.bit_generator.state) for place, model in roster.models.items()},
        "branches": roster.world.runs.branch.copy(),
        "ledger": roster.ledger.columns(),
        # Those who are remembered must outlive the snapshot, or another object could bear their id.
        "alive": list(themselves.values()),
    }


def _whose(roster: Roster, states: Mapping[int, Any], themselves: Mapping[int, Any]) -> str:
    """Whose memory cannot be copied."""
    for row, state in states.items():
        for name, value in state.items():
            try:
                copy.deepcopy(value, dict(themselves))
            except Exception:
                return f"what {roster.here[row]!r} keeps as self.{name}"
    return "what agents have sent each other"


def restore(roster: Roster, kept: Mapping[str, Any], sources: Mapping[str, NDArray[Any]]) -> None:
    """Let the agents of a world remember what was kept.

    Parameters
    ----------
    roster : Roster
        Whose agents.
    kept : mapping
        From `keep`.
    sources : mapping
        By table, for each row of this world the row of the world that kept it.
    """
    size = roster.size()
    kept_runs: dict[int, _Run] = {source: _Run() for source in sources["runs"].tolist()}
    for name in ("agents", "mail", "themselves", "items", "models"):
        for key, value in kept[name].items():
            of_run = kept_runs.get(_run_of(name, key, value, size))
            if of_run is not None:
                getattr(of_run, name)[key] = value
    agents: dict[int, Enterprise] = {}
    roster.mail.boxes = {}
    for place, source in enumerate(sources["runs"].tolist()):
        of_run, offset = kept_runs[source], (place - source) * size
        own = {row: roster.agent(row + offset) for row in of_run.agents}
        # Whom an agent remembers lives in its own run here.
        here: dict[int, Any] = {identity: own[row] for identity, row in of_run.themselves.items()}
        here |= {identity: own[row].items[product] for identity, (row, product) in of_run.items.items()}
        here |= {identity: roster.model(place) for identity in of_run.models}
        states, mail = copy.deepcopy(({row: state for row, state in of_run.agents.items() if state}, of_run.mail), here)
        for row, agent in own.items():
            remember(agent, states.get(row, NOTHING))
        roster.mail.boxes |= {(period, row + offset): messages for (period, row), messages in mail.items()}
        agents |= {row + offset: agent for row, agent in own.items()}
    for columnar_self in roster.columnar_selves:
        columnar_self.adopt(kept["columnar_selves"], sources[DECISIONS[columnar_self.decision].table])
    for row, agent in sorted(roster.here.items()):
        # Who was made later begins anew.
        if row not in agents:
            remember(agent, NOTHING)
            agent.setup()
    for place, source in enumerate(sources["runs"].tolist()):
        # A run with draws of its own goes on with generators of its own.
        if source in kept["random"] and kept["branches"][source] == roster.world.runs.branch[place]:
            model = roster.model(place)
            model.random.setstate(kept["random"][source][0])
            model.rng.bit_generator.state = kept["random"][source][1]
        elif place in roster.models:
            roster.models[place].begin_random()
    roster.ledger.adopt(kept["ledger"], sources)


@dataclasses.dataclass
class _Run:
    """What was kept of one run, as in `keep`."""

    agents: dict[int, Mapping[str, Any]] = dataclasses.field(default_factory=dict)
    mail: dict[tuple[int, int], list[Message]] = dataclasses.field(default_factory=dict)
    themselves: dict[int, int] = dataclasses.field(default_factory=dict)
    items: dict[int, tuple[int, str]] = dataclasses.field(default_factory=dict)
    models: dict[int, int] = dataclasses.field(default_factory=dict)


def _run_of(name: str, key: Any, value: Any, size: int) -> int:
    """The run that an entry of what was kept belongs to: enterprises lie side by side, run after run."""
    if name == "models":
        return int(value)
    row: int = key if name == "agents" else key[1] if name == "mail" else value if name == "themselves" else value[0]
    return row // size


def state_of(agent: Any) -> dict[str, Any]:
    """An agent's own attributes, without those of Mesa and of `Enterprise`."""
    return {name: value for name, value in vars(agent).items() if name not in OUTER}


def remember(agent: Any, state: Mapping[str, Any]) -> None:
    """Replace an agent's own attributes."""
    for name in state_of(agent):
        if name not in state:
            delattr(agent, name)
    for name, value in state.items():
        setattr(agent, name, value)
