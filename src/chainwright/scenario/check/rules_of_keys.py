"""What a value may be at each key of a scenario file: rules made from the declared columns and from the policies' parameters."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any

from chainwright.network.populations.base import Generator
from chainwright.policies.base import Policy
from chainwright.scenario import keys
from chainwright.scenario.check.rules import LARGEST_WHOLE, Rule
from chainwright.words.schema import QUANTITIES, VISIBILITIES, Column
from chainwright.words.subjects import SCHEMA
from chainwright.words.trade import ROLES, UNMET_DEMAND

# Longer delays are mistakes of unit, and every period of a delay is a column in memory.
LONGEST_DELAY = 10_000
DELAYS = {"order_delay", "transport_time", "production_time"}


def rule_of(column: Column) -> Rule:
    """The rule of a declared column."""
    if column.name == "role":
        return Rule("choice", choices=ROLES, noun="role")
    if column.name == "unmet_demand":
        return Rule("choice", choices=UNMET_DEMAND, noun="kind of unmet demand")
    if column.name == "transport_time":
        return Rule("time", column.minimum, LONGEST_DELAY)
    if column.dtype == "bool":
        return Rule("truth")
    if column.dtype == "str":
        return Rule("text")
    if column.dtype == "float64":
        hint = "leave the key out for no limit" if column.default == math.inf else ""
        return Rule("number", column.minimum, column.maximum, hint=hint, quantity=column.unit in QUANTITIES)
    most = LONGEST_DELAY if column.name in DELAYS else LARGEST_WHOLE
    return Rule("whole", max(column.minimum, -LARGEST_WHOLE), min(column.maximum, most))


def rules_of(table: str) -> dict[str, Rule]:
    """The rules of the columns of one table that a scenario may set, by name."""
    return {column.name: rule_of(column) for column in SCHEMA.settable(table)}


# What is on its way at the start: amounts, or the word for what a steady flow would have there.
_CONTENTS = Rule("numbers", minimum=0.0, quantity=True, longest=LONGEST_DELAY, choices=(keys.STEADY,))
_PERIODS = Rule("whole", minimum=1, maximum=LARGEST_WHOLE)
_PRODUCTION = {**{name: rule for name, rule in rules_of("items").items() if name in keys.PRODUCTION_KEYS}, "in_process": _CONTENTS}

PRODUCT = rules_of("products")
ENTERPRISE = {**rules_of("enterprises"), "items": Rule("mapping"), "tags": Rule("names", noun="tag"), "attributes": Rule("mapping")}
ITEM = {**rules_of("items"), "in_process": _CONTENTS, "demand": Rule("mapping")}
LANE = {
    "seller": Rule("name", noun="enterprise"),
    "buyer": Rule("name", noun="enterprise"),
    "product": Rule("name", noun="product"),
    **rules_of("lanes"),
    "orders_waiting": _CONTENTS,
    "in_transit": _CONTENTS,
    "attributes": Rule("mapping"),
}
RECIPE = {"enterprise": Rule("name", noun="enterprise"), "product": Rule("name", noun="product"), "components": Rule("mapping"), **_PRODUCTION}
QUANTITY = Rule("number", minimum=0.0, above=True)
EVENT = {
    "kind": Rule("choice", choices=keys.EVENT_KINDS, noun="kind of disruption"),
    "target": Rule("mapping"),
    "start": _PERIODS,
    "duration": _PERIODS,
    "severity": Rule("number", 0.0, 1.0),
    "recovery": Rule("choice", choices=("sudden", "linear", "exponential"), noun="recovery"),
    "recovery_time": Rule("number", minimum=0.0),
    "factor": Rule("number", minimum=0.0),
    "orders": Rule("choice", choices=("wait", "refuse"), noun="treatment of orders"),
}
TARGET = {key: Rule("name", noun=key if key in ("product", "mode", "tag") else "enterprise") for key in keys.TARGET_KEYS}
INTERVENTION = {"period": _PERIODS, "set": Rule("mapping")}
DRAWN = {
    "uniform": {"low": Rule("whole", 0, LONGEST_DELAY), "high": Rule("whole", 0, LONGEST_DELAY)},
    "discrete": {"values": Rule("numbers", minimum=0.0), "probabilities": Rule("numbers", 0.0, 1.0)},
    "poisson": {"mean": Rule("number", 0.0, LONGEST_DELAY), "maximum": Rule("whole", 0, LONGEST_DELAY)},
}
AGENT = Rule("name", noun="agent")
VISIBILITY = Rule("choice", choices=VISIBILITIES, noun="visibility")
LISTS = ("lanes", "recipes", "disruptions", "interventions")
TOP = {
    "chainwright": Rule("anything"),
    "title": Rule("text"),
    "description": Rule("texts"),
    "source": Rule("texts"),
    "period": Rule("anything"),
    "start": Rule("anything"),
    "horizon": _PERIODS,
    "warm_up": Rule("whole", 0, LARGEST_WHOLE),
    "seed": Rule("whole", 0, 2**63 - 1),
    **{key: Rule("list" if key in LISTS else "mapping") for key in keys.TOP_KEYS[keys.TOP_KEYS.index("products") :]},
}


_RULES: dict[type[Policy], Mapping[str, Rule]] = {}  # thousands of items have the same policy


def rules_of_policy(policy: type[Policy]) -> Mapping[str, Rule]:
    """The rules of a policy's parameters, by name."""
    if policy not in _RULES:
        _RULES[policy] = {field.name: _rule_of_parameter(field.metadata) for field in policy.parameters()}
    return _RULES[policy]


def rules_of_generator(generator: type[Generator]) -> Mapping[str, Rule]:
    """The rules of a generator's parameters, by name."""
    return {field.name: _rule_of_parameter(field.metadata) for field in generator.parameters()}


def is_needed(field: dataclasses.Field[Any]) -> bool:
    """Whether a parameter must be said, because it has no default."""
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _rule_of_parameter(said: Mapping[str, Any]) -> Rule:
    kind, minimum, maximum = said["kind"], said["minimum"], said["maximum"]
    quantity = said["unit"] in QUANTITIES
    if kind == "bool":
        return Rule("truth")
    if kind == "int":
        return Rule("whole", max(minimum, -LARGEST_WHOLE), min(maximum, LARGEST_WHOLE))
    if kind == "anything":
        return Rule("anything")
    if kind == "list":
        return Rule("numbers", minimum, maximum, quantity=quantity)
    if kind == "float":
        return Rule("number", minimum, maximum, quantity=quantity)
    if said["choices"]:
        return Rule("choice", choices=tuple(said["choices"]), noun="choice")
    # Of values that may be said in several ways, the generator itself tells what is wrong.
    return Rule("text") if kind in ("str", "series") else Rule("anything")
