"""What can be changed by hand at an enterprise: its policies with their parameters, and the inputs of its items and lanes."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from chainwright.experiment.timeline.as_json import in_words, jsonable, label
from chainwright.experiment.timeline.setting_paths import Paths
from chainwright.policies.base import Policy, policies_for
from chainwright.policies.cohort import Cohort
from chainwright.policies.nobody import NOBODY
from chainwright.policies.visibility import unseen
from chainwright.scenario import keys
from chainwright.scenario.check.rules_of_keys import DELAYS, is_needed, rule_of
from chainwright.words.schema import Column
from chainwright.words.subjects import DECISIONS, SCHEMA

# A list of numbers that is longer is a file's affair.
LONGEST_LIST = 60
# Where a parameter must be said and nobody has: what a lever starts at, by its unit.
STARTS = {"share": 0.3, "periods": 4.0}
# Goods can be sent back to outside sources only.
RETURNS = "allow_negative"
# What holds for a whole run, and what belongs to several lanes together.
FIXED = ("unlimited", "role", "share", "mode")


def policies(world: Any, paths: Paths, items: Iterable[int], choices: bool = True) -> dict[str, Any]:
    """The policies that decide about some items, in the order of a period.

    Parameters
    ----------
    world : World
        In the state that is looked at.
    paths : Paths
        Where changes are written.
    items : iterable of int
        Rows of items of one enterprise.
    choices : bool
        Whether to tell the other policies that could decide instead.

    Returns
    -------
    dict
        ``policies``: one for each item and decision, with its `parameters` (value, bounds, meaning, path) and `choices`, each a policy
        with the `values` that its parameters would start at and whether it is `available`, else why not; a parameter's path is `base`, a
        dot and its name. ``known``: by decision and policy what the choices mean and what parameters they have.
    """
    told: list[dict[str, Any]] = []
    known: dict[str, dict[str, Any]] = {}
    for row in items:
        enterprise, product = _names(world, row)
        sellers = world.lanes.seller[world.lanes.buyer == row]
        may_return = bool(len(sellers)) and bool(world.items.unlimited[sellers].all())
        for decision in (name for name, one in DECISIONS.items() if one.keyed == "items"):
            found = _decider(world, decision, row)
            if found is None:
                continue
            cohort, place = found
            policy = type(cohort.policy)
            nobody = policy.name in NOBODY
            now = {} if nobody else {field.name: _at(getattr(cohort.policy, field.name), place) for field in policy.parameters()}
            base = paths.policy(decision, enterprise, product)
            entry = {
                "decision": decision,
                "label": label(decision),
                "product": product,
                "base": base,
                "path": f"{base}.policy",
                "decided_by": _who(cohort),
                **({"policy": "", "meaning": "", "formula": "", "source": ""} if nobody else _policy_card(policy)),
                "parameters": [] if nobody else [
                    _with_value(one, now[one["name"]], base) for one in _parameters(policy) if one["name"] != RETURNS or may_return
                ],
            }
            # A customer orders what it demands.
            if choices and not (decision == "place_orders" and world.items.customer[row]):
                others = {name: one for name, one in sorted(policies_for(decision).items()) if name != policy.name}
                entry["choices"] = [_choice(world, row, other, now) for other in others.values()]
                about = known.setdefault(decision, {})
                about |= {name: {**_policy_card(one), "parameters": _parameters(one)} for name, one in others.items() if name not in about}
            told.append(entry)
    return {"policies": told, "known": known}


def _decider(world: Any, decision: str, row: int) -> tuple[Cohort, int] | None:
    """The cohort that an item (or the first of its lanes) belongs to, and its place in it."""
    declared = DECISIONS[decision]
    if declared.via:
        rows = np.flatnonzero(getattr(world, declared.table)[declared.via] == row)
        # One lane alone leaves nothing to decide.
        if len(rows) < (2 if declared.table == "lanes" else 1):
            return None
        row = int(rows[0])
    level: list[Cohort]
    for level in world.cohorts[decision]:
        for cohort in level:
            place = np.flatnonzero(cohort.index == row)
            if len(place):
                return cohort, int(place[0])
    return None


def _who(cohort: Cohort) -> str:
    if cohort.substitute is not None:
        from chainwright.agents.decision_readings import decider

        return decider(cohort)
    return "policy" if cohort.policy.decided_by == "owner" else "seller"


def _at(value: Any, place: int) -> Any:
    return value[place].item() if isinstance(value, np.ndarray) else value


def _names(world: Any, row: int) -> tuple[str, str]:
    items = world.items
    return str(world.enterprises.name[items.enterprise[row]]), str(world.products.name[items.product[row]])


def _policy_card(policy: type[Policy]) -> dict[str, Any]:
    return {
        "policy": policy.name,
        "meaning": in_words((policy.__doc__ or "").strip().split("\n")[0]),
        "formula": in_words(getattr(policy, "formula", "")),
        "source": getattr(policy, "source", ""),
    }


_DECLARED: dict[type[Policy], list[dict[str, Any]]] = {}  # thousands of items have the same policies


def _parameters(policy: type[Policy]) -> list[dict[str, Any]]:
    """What is declared of a policy's parameters; made once, and not to be changed."""
    if policy not in _DECLARED:
        _DECLARED[policy] = [_declared(field) for field in policy.parameters()]
    return _DECLARED[policy]


def _declared(field: dataclasses.Field[Any]) -> dict[str, Any]:
    said = field.metadata
    return {
        "name": field.name,
        "label": label(field.name),
        "unit": said["unit"],
        "minimum": jsonable(said["minimum"]),
        "maximum": jsonable(said["maximum"]),
        "meaning": in_words(said["meaning"]),
        "kind": said["kind"],
        "choices": list(said["choices"]),
        "needed": is_needed(field),
        "default": None if field.default is dataclasses.MISSING else jsonable(field.default),
    }


def _with_value(card: Mapping[str, Any], value: Any, base: str) -> dict[str, Any]:
    """A parameter with its value and the path that sets it; a long list is changed in the file."""
    if isinstance(value, list | tuple) and len(value) > LONGEST_LIST:
        return {**card, "value": None, "path": None}
    return {**card, "value": jsonable(value), "path": f"{base}.{card['name']}"}


def _choice(world: Any, row: int, policy: type[Policy], now: Mapping[str, Any]) -> dict[str, Any]:
    """Another policy for a decision: what its parameters would start at, and why it cannot be chosen, where it cannot."""
    start: dict[str, Any] = {}
    for field in policy.parameters():
        if now.get(field.name) is not None and _fits(now[field.name], field.metadata):
            start[field.name] = now[field.name]
        elif is_needed(field):
            start[field.name] = _start(world, row, field)
        else:
            start[field.name] = field.default if field.default is not dataclasses.MISSING else None
    said = {name: value for name, value in start.items() if value is not None}
    why = in_words(_obstacle(world, row, policy, said))
    return {"policy": policy.name, "available": not why, "why": why, "values": {name: jsonable(value) for name, value in said.items()}}


def _fits(value: Any, said: Mapping[str, Any]) -> bool:
    """Whether a value of another policy's parameter of the same name can stand here."""
    if said["kind"] in ("float", "int"):
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return number and said["minimum"] <= value <= said["maximum"] and (said["kind"] == "float" or value == int(value))
    if said["kind"] == "bool":
        return isinstance(value, bool)
    if said["kind"] == "str":
        return isinstance(value, str) and (not said["choices"] or value in said["choices"])
    return isinstance(value, list | tuple) and len(value) <= LONGEST_LIST


def _start(world: Any, row: int, field: dataclasses.Field[Any]) -> Any:
    """A first value for a parameter that must be said: of the size of the item's own numbers."""
    said = field.metadata
    if said["kind"] not in ("float", "int"):
        return None
    items = world.items
    if said["unit"] == "units per period":
        value = float(items.demand[row])
    elif said["unit"] == "units":
        value = float(items.inventory_position[row])
    else:
        value = STARTS.get(said["unit"], 1.0)
    least = said["minimum"] if said["minimum"] > -math.inf else 1.0
    value = float(np.clip(np.rint(value) if said["kind"] == "int" or abs(value) >= 1.0 else value, max(least, 0.0), said["maximum"]))
    # Nothing of something is seldom meant.
    value = max(value, 1.0) if said["unit"].startswith("units") and said["maximum"] >= 1.0 else value
    return int(value) if said["kind"] == "int" else value


def _obstacle(world: Any, row: int, policy: type[Policy], said: Mapping[str, Any]) -> str:
    """Why a policy cannot be chosen with these parameters; empty where it can."""
    missing = [field.name for field in policy.parameters() if is_needed(field) and field.name not in said]
    if missing:
        return f"needs {label(missing[0])}, which the scenario file can say"
    for what, remedy in unseen(policy, said, world.current.first.visibility):
        return f"{what}; the scenario would say {remedy}"
    if wrong := policy.mistakes(said):
        return wrong[0]
    if policy.needs_forecast(said) and _decider(world, "forecast_demand", row) is None and not world.items.customer[row]:
        return "reads a forecast, and no policy forecasts here"
    if policy.decided_by == "seller":
        lanes = world.lanes
        if int((lanes.trading & (lanes.buyer == row)).sum()) != 1:
            return "lets the one seller decide, and there is not just one"
    return ""


# --- inputs ------------------------------------------------------------------------------------------------------


def item_levers(world: Any, paths: Paths, row: int) -> list[dict[str, Any]]:
    """The inputs of an item that can be changed during a run; none where a population makes them."""
    items = world.items
    if paths.populated or items.unlimited[row] or items.customer[row]:
        return []
    enterprise, product = _names(world, row)
    buys, makes = bool((world.lanes.buyer == row).any()), bool(items.makes[row])
    orders = _decider(world, "place_orders", row) or _decider(world, "plan_production", row)
    written = orders[0].policy.writes if orders is not None else ()
    found = []
    for column in SCHEMA.settable("items"):
        if column.kind != "input" or column.name in written:
            continue
        if column.name in keys.PRODUCTION_KEYS and not makes:
            continue
        if column.name in ("minimum_order", "lot_multiple", "order_cap", "ordering_cost") and not (buys or makes):
            continue
        if column.name == "recipes_first" and not (world.recipes.component == row).any():
            continue
        if column.name == "cancel_rate" and items.unmet_demand[row] != "cancelled":
            continue
        lever = _lever(column, items[column.name][row], paths.item(enterprise, product, column.name))
        if lever is not None and _spread_fits(lever, float(items.yield_share[row]), float(items.yield_spread[row])):
            found.append({**lever, "product": product})
    return found


def _spread_fits(lever: dict[str, Any], share: float, spread: float) -> bool:
    """Bound the yield so that it stays between 0 and 1 whatever is drawn; False where that leaves nothing to change."""
    if lever["name"] == "yield_spread":
        lever["maximum"] = min(share, 1.0 - share)
    elif lever["name"] == "yield_share":
        lever["minimum"], lever["maximum"] = max(lever["minimum"], spread), 1.0 - spread
    return lever["minimum"] is None or lever["maximum"] is None or lever["minimum"] < lever["maximum"]


def lane_levers(world: Any, paths: Paths, number: int) -> list[dict[str, Any]]:
    """The inputs of a lane (given by its number in the order of the file) that can be changed during a run."""
    if paths.populated:
        return []
    row = int(paths.names.rows["lanes"][number])
    lanes = world.lanes
    rivals = {end: int((lanes[end] == lanes[end][row]).sum()) for end in ("seller", "buyer")}
    drawn = any((np.asarray(one.rows) == number).any() for one in world.current.first.drawn_times)
    seller, buyer = paths.end(number, "seller"), paths.end(number, "buyer")
    found = []
    for column in SCHEMA.settable("lanes"):
        if column.kind != "input" or (column.name == "transport_time" and drawn):
            continue
        if (column.name == "preference" and rivals["buyer"] < 2) or (column.name == "priority" and rivals["seller"] < 2):
            continue
        lever = _lever(column, lanes[column.name][row], paths.lane(number, column.name))
        if lever is not None:
            found.append({**lever, "seller": seller, "buyer": buyer, "product": paths.product(number), "mode": str(lanes.mode[row] or "")})
    return found


def _lever(column: Column, value: Any, path: str) -> dict[str, Any] | None:
    """An input as a lever; None where it holds for a whole run."""
    if column.name in FIXED:
        return None
    plain = jsonable(value)
    rule = rule_of(column)
    minimum = rule.minimum
    if column.name in DELAYS:
        # A delay can neither become nor cease to be 0 during a run.
        if plain == 0:
            return None
        minimum = 1
    kind = {"whole": "int", "time": "int", "truth": "bool", "choice": "str", "text": "str"}.get(rule.kind, "float")
    return {
        "name": column.name,
        "label": label(column.name),
        "value": plain,
        "default": jsonable(column.default),
        "unit": column.unit,
        "minimum": jsonable(minimum),
        "maximum": jsonable(rule.maximum),
        "kind": kind,
        "choices": list(rule.choices),
        "meaning": in_words(column.meaning),
        "path": path,
    }
