"""The JSON Schema (draft 2020-12) of scenario files, by which editors complete and check them; made from columns and policies."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any

from chainwright.network.populations.base import Generator, generators
from chainwright.policies import Policy, policies_for
from chainwright.scenario import keys
from chainwright.scenario.check.rules_of_keys import LONGEST_DELAY, is_needed
from chainwright.words.calendar import DAYS_OF_PERIOD
from chainwright.words.schema import LARGEST_NUMBER, VISIBILITIES, Column
from chainwright.words.subjects import DECISIONS, SCHEMA
from chainwright.words.trade import ROLES, UNMET_DEMAND

Node = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
CHOICES = {"role": ROLES, "unmet_demand": UNMET_DEMAND}
INFINITE = (float("inf"), float("-inf"))


def json_schema() -> Node:
    """The JSON Schema of a scenario file.

    It holds every key with its meaning, unit and bounds, so that an editor completes, explains and checks while one writes;
    what entries mean together only `chainwright check` tells.

    Examples
    --------
    >>> schema = json_schema()
    >>> schema["$defs"]["item"]["properties"]["holding_cost"]["minimum"]
    0.0
    """
    return {
        "$schema": DIALECT,
        "title": "chainwright scenario",
        "type": "object",
        "additionalProperties": False,
        "required": ["chainwright", "horizon"],
        "anyOf": [{"required": ["products", "enterprises"]}, {"required": ["population"]}],
        "properties": _top(),
        "$defs": {
            "name": {"type": "string", "minLength": 1},
            "path": {"type": "string", "description": "Dotted path of a value, such as lanes.*.transport_time"},
            "settings": {"type": "object", "propertyNames": {"$ref": "#/$defs/path"}, "description": "New value by dotted path"},
            "attributes": {"type": "object", "description": "Free attributes that the model passes on and does not use"},
            "amounts": {
                "oneOf": [
                    {"type": "array", "items": {"type": "number"} | _bounds(0.0, LARGEST_NUMBER), "maxItems": LONGEST_DELAY},
                    {"const": keys.STEADY},
                ],
                "description": "Element j is due in period j, counted from 1; steady: what the mean flow would have there",
            },
            "product": _record(_columns("products")),
            "enterprise": _record(
                _columns("enterprises")
                | {
                    "items": _mapping({"$ref": "#/$defs/item"}),
                    "tags": {"type": "array", "items": {"$ref": "#/$defs/name"}, "description": "Words that stand for all who bear them"},
                    "attributes": {"$ref": "#/$defs/attributes"},
                },
                ["role"],
            ),
            "item": _record(_columns("items") | {"in_process": {"$ref": "#/$defs/amounts"}, "demand": _demand()}),
            "lane": _lane(),
            "recipe": _recipe(),
            "event": _event(),
            "drawn_time": _drawn_time(),
            **{f"population_of_{name}": _generator(generator) for name, generator in generators().items()},
            **{f"policy_of_{decision}": _policy(decision) for decision in DECISIONS},
        },
    }


def _top() -> Node:
    def reference(name: str) -> Node:
        return {"$ref": f"#/$defs/{name}"}

    def rows(name: str) -> Node:
        return {"type": ["array", "null"], "items": reference(name)}

    texts: Node = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
    return {
        "chainwright": {"const": 1, "description": "Version of the format"},
        "title": {"type": "string", "description": "What it is, in a few words"},
        "description": texts | {"description": "What it shows, and what it assumes"},
        "source": texts | {"description": "Where it comes from"},
        "period": {
            "description": "Length of a period: a word, or a number of days",
            "oneOf": [{"enum": list(DAYS_OF_PERIOD)}, {"type": "number", "exclusiveMinimum": 0}],
        },
        "start": {
            "type": ["string", "null"],
            "format": "date",
            "pattern": "^[1-9][0-9]{3}-[01][0-9]-[0-3][0-9]$",
            "description": "First day of period 1, such as 2026-01-05; results then carry dates, and dates in tables are lined up with the periods",
        },
        "horizon": {"type": "integer", "minimum": 1, "description": "Number of periods of a run"},
        "warm_up": {"type": "integer", "minimum": 0, "description": "Periods at the start that metrics leave out"},
        "seed": {"type": "integer", "minimum": 0, "description": "Seed of the random draws"},
        "products": _mapping(reference("product"), "Products by name"),
        "enterprises": _mapping(reference("enterprise"), "Enterprises by name"),
        "lanes": rows("lane") | {"description": "One for each seller, buyer, product and mode"},
        "recipes": rows("recipe") | {"description": "One for each item that is made"},
        "policies": _policies(),
        "disruptions": rows("event") | {"description": "What happens to whom, when and for how long"},
        "interventions": {
            "type": ["array", "null"],
            "description": "Changes in mid-run",
            "items": _record({"period": {"type": "integer", "minimum": 1}, "set": reference("settings")}, ["period", "set"]),
        },
        "variants": _mapping(reference("settings"), "Named changes of the scenario"),
        "visibility": {
            "type": ["object", "null"],
            "description": "Who sees a column of items, where it is not as declared",
            "properties": {column.name: {"enum": list(VISIBILITIES), "description": column.meaning} for column in SCHEMA.table("items")},
            "additionalProperties": False,
        },
        "tables": {
            "type": ["object", "null"],
            "description": "CSV files, relative to this one, that stand in for long lists",
            "additionalProperties": {"type": "string"},
        },
        "agents": {
            "type": ["object", "null"],
            "description": "Registered agent by the enterprise, role or tag that it decides for",
            "additionalProperties": {"$ref": "#/$defs/name"},
        },
        "population": {
            "description": "A generator of many enterprises and its parameters, in place of products, enterprises, lanes and recipes",
            "anyOf": [{"type": ["object", "null"], "maxProperties": 0}, *[reference(f"population_of_{name}") for name in generators()]],
        },
    }


def _record(properties: Node, required: Iterable[str] = (), nothing: bool = True) -> Node:
    """An entry with known keys; one whose keys all may be left out may be left empty."""
    needed = list(required)
    kind: Any = ["object", "null"] if nothing and not needed else "object"
    return {"type": kind, "properties": properties, "additionalProperties": False} | ({"required": needed} if needed else {})


def _mapping(values: Node, description: str = "") -> Node:
    node: Node = {"type": ["object", "null"], "propertyNames": {"$ref": "#/$defs/name"}, "additionalProperties": values}
    return node | ({"description": description} if description else {})


def _column(column: Column) -> Node:
    """One settable column: its type, bounds, default and meaning with unit."""
    meaning = column.meaning if column.unit == "-" else f"{column.meaning} ({column.unit})"
    node: Node = {"description": meaning}
    if column.name in CHOICES:
        node["enum"] = list(CHOICES[column.name])
    else:
        node["type"] = {"bool": "boolean", "str": "string"}.get(column.dtype, "integer" if column.dtype.startswith(("int", "uint")) else "number")
    if node.get("type") in ("integer", "number"):
        node |= _bounds(column.minimum, column.maximum)
    if column.default is not None and column.default not in INFINITE:
        node["default"] = column.default
    return node


def _bounds(minimum: float, maximum: float) -> Node:
    """From where to where a number may lie; none is endless."""
    return {"minimum": max(minimum, -LARGEST_NUMBER), "maximum": min(maximum, LARGEST_NUMBER)}


def _columns(table: str) -> Node:
    return {column.name: _column(column) for column in SCHEMA.settable(table)}


def _lane() -> Node:
    properties = _columns("lanes")
    time = properties["transport_time"]
    properties["transport_time"] = {
        "description": time.pop("description"),
        "default": time.pop("default"),
        "oneOf": [time, {"$ref": "#/$defs/drawn_time"}],
    }
    ends: Node = {
        "seller": {"$ref": "#/$defs/name", "description": "The enterprise that sells"},
        "buyer": {"$ref": "#/$defs/name", "description": "The enterprise that buys"},
        "product": {"$ref": "#/$defs/name", "description": "What is sold"},
    }
    contents = {name: {"$ref": "#/$defs/amounts"} for name in ("orders_waiting", "in_transit")}
    return _record(ends | properties | contents | {"attributes": {"$ref": "#/$defs/attributes"}}, ends)


def _drawn_time() -> Node:
    whole = {"type": "integer", "minimum": 0}
    share = {"type": "number", "minimum": 0, "maximum": 1}
    kinds: dict[str, Node] = {
        "uniform": {"low": whole, "high": whole},
        "discrete": {"values": {"type": "array", "items": whole, "minItems": 1}, "probabilities": {"type": "array", "items": share, "minItems": 1}},
        "poisson": {"mean": {"type": "number", "minimum": 0}, "maximum": whole},
    }
    return {
        "description": "A time in whole periods that is drawn for each lane and period of shipment",
        "oneOf": [_record({"distribution": {"const": kind}} | options, ["distribution", *options]) for kind, options in kinds.items()],
    }


def _recipe() -> Node:
    items = _columns("items")
    production: Node = {key: items[key] for key in keys.PRODUCTION_KEYS if key in items}
    properties: Node = {
        "enterprise": {"$ref": "#/$defs/name", "description": "The enterprise that makes it"},
        "product": {"$ref": "#/$defs/name", "description": "What is made"},
        "components": _mapping({"type": "number", "exclusiveMinimum": 0}, "Units of each component for one released unit; may be empty"),
        "in_process": {"$ref": "#/$defs/amounts"},
    }
    return _record(properties | production, ["enterprise", "product"])


def _event() -> Node:
    target = {key: {"type": "string", "description": f"Name of the {key}, or * for every one"} for key in keys.TARGET_KEYS}
    target["tag"]["description"] = "A tag, for all enterprises that bear it"
    positive = {"type": "number", "minimum": 0}
    properties: Node = {
        "kind": {"enum": list(keys.EVENT_KINDS)},
        "target": _record(target),
        "start": {"type": "integer", "minimum": 1, "description": "First period, counted from 1"},
        "duration": {"type": "integer", "minimum": 1, "description": "Number of periods at full severity"},
        "severity": {"type": "number", "minimum": 0, "maximum": 1, "default": 1.0, "description": "Share that is lost"},
        "recovery": {"enum": ["sudden", "linear", "exponential"], "default": "sudden"},
        "recovery_time": positive | {"description": "Periods that the recovery takes, after the duration"},
        "factor": positive | {"description": "What demand is multiplied by, for the kind demand"},
        "orders": {"enum": ["wait", "refuse"], "default": "wait", "description": "What becomes of orders that reach a closed seller"},
    }
    return _record(properties, ["kind", "start"])


def _demand() -> Node:
    """The demand of one item: a policy, or other parameters for the one that policies.demand says."""
    return {"anyOf": [{"$ref": "#/$defs/policy_of_demand"}, _inheriting("demand")]}


def _inheriting(decision: str) -> Node:
    known = {field.name: _parameter(field) for policy in policies_for(decision).values() for field in policy.parameters()}
    inherits: Node = {"type": "object", "description": "Other parameters for the policy of the more general entry", "properties": known}
    return inherits | {"not": {"required": ["policy"]}, "additionalProperties": False}


def _policies() -> Node:
    """For each decision: entries by everybody, role or enterprise; an entry is a policy, some parameters, or one of them by product."""

    def entry(decision: str) -> Node:
        one: list[Node] = [{"$ref": f"#/$defs/policy_of_{decision}"}, _inheriting(decision)]
        by_product = {"type": "object", "description": "By product", "minProperties": 1, "additionalProperties": {"anyOf": one}}
        return {"anyOf": [*one, by_product]}

    meaning = "By default (everybody), a role, or an enterprise; the most special wins"
    decisions = {decision: _mapping(entry(decision), meaning) for decision in DECISIONS}
    return {"type": ["object", "null"], "description": "Who decides what by which rule", "properties": decisions, "additionalProperties": False}


def _policy(decision: str) -> Node:
    policies = policies_for(decision)
    return {
        "type": "object",
        "required": ["policy"],
        "properties": {"policy": {"enum": list(policies)}},
        "oneOf": [_one_policy(policy) for policy in policies.values()],
    }


def _one_policy(policy: type[Policy]) -> Node:
    summary = (policy.__doc__ or policy.name).strip().splitlines()[0]
    fields = policy.parameters()
    properties = {"policy": {"const": policy.name, "description": f"{summary} Source: {policy.source}"}}
    # What a parameter of kind series stands in for may be left out, which only the policy itself knows: no required key then.
    free = any(field.metadata["kind"] == "series" for field in fields)
    needed = [field.name for field in fields if field.default is dataclasses.MISSING and not free]
    return _record(properties | {field.name: _parameter(field) for field in fields}, ["policy", *needed])


def _generator(generator: type[Generator]) -> Node:
    summary = (generator.__doc__ or generator.name).strip().splitlines()[0]
    properties = {"generator": {"const": generator.name, "description": f"{summary} Source: {generator.source}"}}
    needed = [field.name for field in generator.parameters() if is_needed(field)]
    return _record(properties | {field.name: _parameter(field) for field in generator.parameters()}, ["generator", *needed])


def _parameter(field: dataclasses.Field[Any]) -> Node:
    meta = field.metadata
    unit = "" if meta["unit"] == "-" else f" ({meta['unit']})"
    node: Node = {"description": f"{meta['meaning']}{unit}"}
    kind = meta["kind"]
    bounds = _bounds(meta["minimum"], meta["maximum"])
    if meta["choices"]:
        node["enum"] = list(meta["choices"])
    elif kind in ("float", "int"):
        node |= {"type": "integer" if kind == "int" else "number", **bounds}
    elif kind == "bool":
        node["type"] = "boolean"
    elif kind == "list":
        node |= {"type": "array", "items": {"type": "number", **bounds}}
    elif kind == "str":
        node["type"] = "string"
    elif meta.get("distributed"):  # of a generator: a number, a distribution, or these by role
        node |= {"type": ["number", "object"], **bounds}
    if field.default is None and "type" in node:  # None means "taken from the view", and may be written as null
        node["type"] = [*([node["type"]] if isinstance(node["type"], str) else node["type"]), "null"]
    if field.default is not dataclasses.MISSING and isinstance(field.default, bool | int | float | str) and field.default not in INFINITE:
        node["default"] = field.default
    return node
