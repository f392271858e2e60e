"""What agents remember, kept for a snapshot and given back: to the same agents, or to those of another world."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from chainwright.agents.enterprise import OUTER
from chainwright.words.columns import LANE_DECISIONS

if TYPE_CHECKING:
    from chainwright.agents.staff import AgentStaff


def keep(staff: AgentStaff) -> dict[str, Any]:
    """A copy of what the agents of a world remember."""
    # Agents, their items and models that are remembered by agents stay themselves.
    items = {id(view): (row, product, view) for row, agent in staff.here.items() for product, view in (agent._items or {}).items()}
    themselves: dict[int, Any] = {id(one): one for one in (*staff.here.values(), *staff.models.values())}
    themselves |= {identity: view for identity, (_, _, view) in items.items()}
    return {
        "agents": {row: copied(state_of(agent), themselves) for row, agent in staff.here.items()},
        "themselves": {id(agent): row for row, agent in staff.here.items()},
        "items": {identity: (row, product) for identity, (row, product, _) in items.items()},
        "models": {id(model): place for place, model in staff.models.items()},
        "crowds": [crowd.kept() for crowd in staff.crowds],
        "mail": {key: list(messages) for key, messages in staff.mail.boxes.items()},
        "random": {place: (model.random.getstate(), model.rng.bit_generator.state) for place, model in staff.models.items()},
        "branches": staff.world.runs.branch.copy(),
        "ledger": staff.ledger.columns(),
        # Those who are remembered must outlive the snapshot, or another object could bear their id.
        "alive": list(themselves.values()),
    }


def restore(staff: AgentStaff, kept: Mapping[str, Any], sources: Mapping[str, NDArray[Any]]) -> None:
    """Let the agents of a world remember what was kept.

    Parameters
    ----------
    staff : AgentStaff
        Whose agents.
    kept : mapping
        From `keep`.
    sources : mapping
        By table, for each row of this world the row of the world that kept it.
    """
    places: dict[int, list[int]] = {}
    for row, source in enumerate(sources["enterprises"].tolist()):
        places.setdefault(source, []).append(row)
    run_of = staff.world.enterprises.run
    agents = {row: staff.agent(row) for source in kept["agents"] for row in places.get(source, ())}
    # Whom an agent remembers lives in its own run here.
    here: dict[int, dict[int, Any]] = {place: {} for place in range(len(sources["runs"]))}
    for identity, source in kept["themselves"].items():
        for row in places.get(source, ()):
            here[int(run_of[row])][identity] = agents[row]
    for identity, (source, product) in kept["items"].items():
        for row in places.get(source, ()):
            here[int(run_of[row])][identity] = agents[row].items[product]
    for identity, source in kept["models"].items():
        for place in np.flatnonzero(sources["runs"] == source).tolist():
            here[place][identity] = staff.model(place)
    for source, state in kept["agents"].items():
        for row in places.get(source, ()):
            remember(agents[row], copied(state, here[int(run_of[row])]))
    for crowd in staff.crowds:
        crowd.adopt(kept["crowds"], sources["lanes" if crowd.decision in LANE_DECISIONS else "items"])
    staff.mail.boxes = {
        (period, row): list(messages) for (period, source), messages in kept["mail"].items() for row in places.get(source, ())
    }
    for place, source in enumerate(sources["runs"].tolist()):
        # A run with draws of its own goes on with a generator of its own.
        if source in kept["random"] and kept["branches"][source] == staff.world.runs.branch[place]:
            model = staff.model(place)
            model.random.setstate(kept["random"][source][0])
            model.rng.bit_generator.state = kept["random"][source][1]
    staff.ledger.adopt(kept["ledger"], sources)


def copied(state: dict[str, Any], others: Mapping[int, Any]) -> dict[str, Any]:
    """A copy of what an agent remembers; `others` are, by identity, what stands for those that are not copied with it."""
    return copy.deepcopy(state, dict(others)) if state else {}


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
