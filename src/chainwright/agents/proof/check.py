"""The proof of a class: on random states row and column agree, nothing is changed, and answers can be used."""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Mapping
from types import new_class
from typing import Any

import numpy as np

from chainwright.agents.class_mistakes import mistakes_of
from chainwright.agents.decisions import answers_columns, overridden
from chainwright.agents.enterprise import Enterprise
from chainwright.agents.proof.asking import Side
from chainwright.agents.proof.counter_example import ask, compare
from chainwright.agents.proof.outcome import Check, Proof
from chainwright.agents.proof.random_states import State
from chainwright.agents.proof.sides import AgentSide, PolicySide, decision_of
from chainwright.agents.proof.small_network import small_network
from chainwright.agents.registry import agent_class_of, registered_agents
from chainwright.policies.base import Policy, families, policies_for
from chainwright.policies.visibility import unseen
from chainwright.words.errors import UsageError, nearest, suggestion
from chainwright.words.requests import LARGEST_SEED, whole_number
from chainwright.words.subjects import DECISIONS, SHAPES


def check(agent_class: Any, against: Any = None, states: int = 100, seed: int = 1, visibility: Mapping[str, str] | None = None) -> Check:
    """Prove on random states that a class decides soundly, and that its rows and columns agree.

    A `columnar` method is compared with its scalar twin: that of `against`, or else the definition of the same decision further up
    among its base classes. Without a twin it is compared with itself, asked about one row (or the lanes of one item) at a time.
    A scalar method is asked about one row after the other. Every answer must be finite and not negative, and the same when it is
    asked for again from the same state; nothing of the world may have changed.

    Parameters
    ----------
    agent_class : type, str or Policy
        A class of agents, or its registered name; or a policy: its class, its registered name, or the policy with its parameters.
    against : type or str, optional
        Another class of agents, whose decisions must be the same.
    states : int
        How many random states: at first zeros, ones and small whole numbers, then fractions, at last numbers of very different sizes.
    seed : int
        Seed of the states.
    visibility : mapping, optional
        Column name to visibility, for a class made for scenarios that show more (or less) than usual.

    Returns
    -------
    Check
        What was proved.

    Raises
    ------
    CheckFailed
        With a counter-example in words.
    UsageError
        When there is nothing to check.

    Examples
    --------
    >>> import numpy as np
    >>> import chainwright as cw
    >>> class Panicker(cw.Distributor):
    ...     def place_orders(self, item):
    ...         if item.on_hand < item.safety_stock:
    ...             return 2 * item.forecast
    ...         return max(item.base_stock_level - item.inventory_position, 0)
    >>> class FastPanicker(Panicker):
    ...     @cw.columnar
    ...     def place_orders(self, items):
    ...         calm = np.maximum(items.base_stock_level - items.inventory_position, 0)
    ...         return np.where(items.on_hand < items.safety_stock, 2 * items.forecast, calm)
    >>> check(FastPanicker, states=20)
    FastPanicker holds on 20 random states (seed 1):
      place_orders: 600 rows, bit for bit as Panicker.place_orders answers row by row
      every answer is finite, at least 0 and the same when asked again; nothing is changed
    """
    states = whole_number(states, "states", 1)
    seed = whole_number(seed, "seed", 0, LARGEST_SEED)
    subject = _meant(agent_class)
    with np.errstate(all="ignore"), warnings.catch_warnings():
        # What numpy warns of is no failure, as long as the answer can be used.
        warnings.simplefilter("ignore", RuntimeWarning)
        if isinstance(subject, Policy):
            if against is not None:
                raise UsageError("a policy is compared with itself only; `against` is for classes of agents")
            return _check_policy(subject, states, seed, visibility or {})
        return _check_agents(subject, None if against is None else agent_class_of(against), states, seed, visibility or {})


def _meant(said: Any) -> Any:
    """The class of agents or the policy that is meant."""
    if isinstance(said, str):
        agents = registered_agents()
        policies = {policy: policy.name for decision in DECISIONS for policy in policies_for(decision).values()}
        found = [agents[said]] if said in agents else [policy for policy, name in policies.items() if name == said]
        if not found:
            raise UsageError(f"no agent and no policy is called {said!r}{suggestion(said, [*agents, *policies.values()])}")
        if len(found) > 1:
            raise UsageError(f"{said!r} is the name of several policies; say which: {' or '.join(one.__name__ for one in found)}")
        said = found[0]
    kind = said if isinstance(said, type) else type(said)
    if issubclass(kind, Policy) and not dataclasses.is_dataclass(kind):
        raise UsageError(f"{kind.__name__} is no dataclass, as policies are; write @dataclasses.dataclass(frozen=True) above the class")
    if isinstance(said, Policy):
        return said
    if isinstance(said, type) and issubclass(said, Policy):
        missing = [field.name for field in said.parameters() if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING]
        if missing:
            example = ", ".join(f"{name}=..." for name in missing)
            raise UsageError(f"{said.__name__} needs {' and '.join(missing)}; check it with parameters: check({said.__name__}({example}))")
        return said()
    if isinstance(said, type) and issubclass(said, Enterprise):
        return said
    raise UsageError(f"expected a class of agents (a subclass of Enterprise, Retailer, ...), a policy, or the name of one, got {said!r}")


# --- agents --------------------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Rival:
    """What a decision is compared with: a side, in words, and whether it is the same method called otherwise."""

    side: Side
    against: str
    shared: str = ""


def _itself(side: Side, decision: str) -> Rival:
    """The same method, asked about less at a time."""
    declared = DECISIONS[decision]
    if declared.asked == "group":
        rows, one = declared.table, SHAPES[SHAPES[declared.table].keys[declared.group]].one
        return Rival(side, f"the same for the {rows} of one {one} alone", f"asked about the {rows} of this {one} alone")
    return Rival(side, "the same for one row alone", "asked about this row alone")


def _check_agents(checked: type[Enterprise], against: type[Enterprise] | None, states: int, seed: int, visibility: Mapping[str, str]) -> Check:
    decisions = overridden(checked)
    if not decisions:
        raise UsageError(_nothing_overridden(checked))
    if wrong := mistakes_of(checked):
        raise UsageError("\n".join(wrong))
    if against is not None and not set(decisions) & set(overridden(against)):
        raise UsageError(f"{checked.__name__} and {against.__name__} override no decision in common: nothing to compare")
    roles = {one.of_role for one in (checked, against) if one is not None and one.of_role}
    if against is not None and len(roles) > 1:
        raise UsageError(f"{checked.__name__} is a {checked.of_role}, {against.__name__} a {against.of_role}: nothing to compare")
    blueprint = small_network("".join(roles), "plan_production" in decisions, visibility)
    sides: list[AgentSide] = []
    try:
        sides.append(AgentSide(checked, blueprint))
        rivals = _rivals(checked, against, blueprint, sides)
        proofs = _prove(decisions, sides, rivals, states, seed)
    finally:
        for side in sides:
            side.close()
    if not any(proof.rows for proof in proofs):
        raise UsageError(f"{checked.__name__} overrides {', '.join(decisions)}, which nobody asks of a {checked.of_role}: nothing to check")
    return Check(checked.__name__, states, seed, proofs)


def _rivals(checked: type[Enterprise], against: type[Enterprise] | None, blueprint: Any, sides: list[AgentSide]) -> dict[str, Rival]:
    """What each decision is compared with; the sides that are needed for it are added."""
    rivals: dict[str, Rival] = {}
    if against is not None:
        sides.append(AgentSide(against, blueprint))
        for decision in set(overridden(checked)) & set(overridden(against)):
            rivals[decision] = Rival(sides[-1], f"as {against.__name__}.{decision} answers")
    columns = [decision for decision in overridden(checked) if answers_columns(checked, decision) and decision not in rivals]
    twins = {decision: twin for decision in columns if (twin := _scalar_twin(checked, decision)) is not None}
    if twins:
        scalar = {decision: vars(base)[decision] for decision, base in twins.items()}
        # The class itself, but for the decisions of which a base class has a scalar form.
        rows = new_class(checked.__name__, (checked,), exec_body=lambda made: made.update(scalar))
        side = AgentSide(rows, blueprint)
        side.names = {decision: base.__name__ for decision, base in twins.items()}
        sides.append(side)
        rivals |= {decision: Rival(side, f"as {base.__name__}.{decision} answers row by row") for decision, base in twins.items()}
    if set(columns) - set(twins):
        sides.append(AgentSide(checked, blueprint, one_by_one=True))
        for decision in set(columns) - set(twins):
            rivals[decision] = _itself(sides[-1], decision)
    return rivals


def _scalar_twin(checked: type, decision: str) -> type | None:
    """The nearest class further up that defines a decision for one row; None where there is none but the policy's."""
    for base in checked.__mro__[1:]:
        if base is Enterprise:
            return None
        if decision in vars(base) and not answers_columns(base, decision):
            return base
    return None


def _nothing_overridden(checked: type[Enterprise]) -> str:
    own = [name for base in checked.__mro__ if base.__module__ != Enterprise.__module__ for name in vars(base) if not name.startswith("_")]
    like = [(name, decision) for name in own if name != "setup" and (decision := nearest(name, DECISIONS)) is not None]
    hint = f"; it defines {like[0][0]!r}, did you mean {like[0][1]!r}?" if like else f"; decisions are {', '.join(DECISIONS)}"
    return f"{checked.__name__} overrides no decision: nothing to check{hint}"


# --- policies ------------------------------------------------------------------------------------------------


def _check_policy(policy: Policy, states: int, seed: int, visibility: Mapping[str, str]) -> Check:
    kind = type(policy)
    if getattr(kind, "family", None) not in families():
        raise UsageError(f"{kind.__name__} is of no family of policies; expected family = one of {', '.join(families())}")
    parameters = {field.name: getattr(policy, field.name) for field in policy.parameters()}
    columns = [name for name, value in parameters.items() if isinstance(value, np.ndarray)]
    if columns:
        raise UsageError(f"{kind.__name__}: {columns[0]} is a column; a check wants plain numbers")
    mistakes = kind.mistakes(parameters)
    if mistakes:
        raise UsageError(f"{kind.__name__}: {'; '.join(mistakes)}")
    decision = decision_of(kind)
    looks = kind.looks_at(parameters)
    # A policy says what must be shown to it.
    shown = {**dict.fromkeys((*looks.own, *looks.of_buyers, *looks.of_sellers), "partner"), **visibility}
    for what, remedy in unseen(kind, parameters, shown):
        raise UsageError(f"{what}; check it with {remedy}")
    together, alone = PolicySide(policy, shown), PolicySide(policy, shown, one_by_one=True)
    proofs = _prove((decision,), [together, alone], {decision: _itself(alone, decision)}, states, seed)
    return Check(kind.__name__, states, seed, proofs, together.least[decision])


# --- both ----------------------------------------------------------------------------------------------------


def _prove(decisions: tuple[str, ...], sides: Any, rivals: Mapping[str, Rival], states: int, seed: int) -> tuple[Proof, ...]:
    """Ask every side for every decision in every state, in the order of a period, and compare."""
    first: Side = sides[0]
    exact = dict.fromkeys(decisions, True)
    for number in range(1, states + 1):
        state = State(first.world, number, states, seed)
        for side in sides:
            state.lay(side.world)
        for decision in decisions:
            asked = {id(side): ask(side, decision, state) for side in sides}
            if decision in rivals:
                rival = rivals[decision]
                exact[decision] &= compare(asked[id(first)], asked[id(rival.side)], rival.shared)
    rows = {decision: sum(len(call.rows) for call in first.calls[decision]) for decision in decisions}
    return tuple(
        Proof(decision, rows[decision] * states, rivals[decision].against if decision in rivals else "", exact[decision]) for decision in decisions
    )
