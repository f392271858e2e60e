"""Setting policies and their parameters at dotted paths, and writing below an entry of a scenario's document."""

from __future__ import annotations

import copy
from collections.abc import Container, Mapping
from typing import Any

from chainwright.policies import policies_for
from chainwright.scenario import keys
from chainwright.words.errors import suggestion
from chainwright.words.subjects import DECISIONS
from chainwright.words.trade import ROLES

Parts = tuple[str, ...]


class PathError(Exception):
    """A path that is unknown or matches nothing; becomes a mistake with the path as its place."""


class _Others(Container[str]):
    """What may be a product of a population, whose names are not known here: whatever is no parameter of a decision's policies."""

    def __init__(self, decision: str) -> None:
        self.parameters = {"policy", *(field.name for policy in policies_for(decision).values() for field in policy.parameters())}

    def __contains__(self, name: object) -> bool:
        return name not in self.parameters


def put(entry: Any, parts: Parts, value: Any) -> list[Parts]:
    """Write a value below an entry; the last key may be new, what leads to it must be there.

    Answers the concrete paths written, wildcards replaced.
    """
    head, rest = parts[0], parts[1:]
    if isinstance(entry, list):
        if head != "*" and not (head.isdecimal() and int(head) < len(entry)):
            raise PathError(f"there is no element {head!r}; expected a number from 0 to {len(entry) - 1}, or *")
        places: list[Any] = list(range(len(entry))) if head == "*" else [int(head)]
    elif isinstance(entry, dict):
        if head != "*" and rest and head not in entry:
            if head != "attributes":
                raise PathError(f"nothing is said about {head!r} yet, so nothing below it can be set{suggestion(head, entry)}")
            entry[head] = {}
        places = list(entry) if head == "*" else [head]
    else:
        raise PathError(f"{entry!r} is a single value and has no {head!r} below it")
    if not places:
        raise PathError("matches nothing: there is no entry")
    written: list[Parts] = []
    for place in places:
        if rest:
            written += [(str(place), *below) for below in put(entry[place], rest, value)]
        else:
            entry[place] = copy.deepcopy(value)
            written.append((str(place),))
    return written


def set_policies(document: dict[str, Any], parts: Parts, value: Any) -> list[Parts]:
    """Write at ``policies.<decision>.<key>[.<product>][.<parameter>]``; answers concrete paths below ``policies``."""
    section = document["policies"]
    if parts[0] != "*" and parts[0] not in DECISIONS:
        raise PathError(f"unknown decision {parts[0]!r}{suggestion(parts[0], DECISIONS)}")
    written: list[Parts] = []
    refused: PathError | None = None
    for decision in list(section) if parts[0] == "*" else [parts[0]]:
        if len(parts) == 1:
            section[decision] = copy.deepcopy(value)
            written.append(parts)
            continue
        entries = section[decision] = section.get(decision) or {}
        try:
            for key in _keys(document, entries, parts[1]):
                loose = "*" in parts[:2]
                written += [(decision, key, *below) for below in _set_entry(document, decision, key, parts[2:], value, loose)]
        except PathError as error:
            refused = refused or error
        if not entries:
            del section[decision]
    if not written:
        raise refused or PathError("matches nothing: no entry of policies has such a parameter")
    return written


def _keys(document: Mapping[str, Any], entries: Mapping[str, Any], part: str) -> list[str]:
    if part == "*":
        if not entries:
            raise PathError("matches nothing: the decision has no entry")
        return list(entries)
    enterprises = keys.parts(document, "enterprises")
    # Who is in a population is told when its network is looked at.
    if part != "default" and part not in ROLES and part not in enterprises and not keys.populated(document):
        raise PathError(f"{part!r} is neither default nor a role nor an enterprise{suggestion(part, ['default', *ROLES, *enterprises])}")
    return [part]


def _set_entry(document: dict[str, Any], decision: str, key: str, rest: Parts, value: Any, loose: bool) -> list[Parts]:
    entries = document["policies"][decision]
    populated = keys.populated(document)
    products: Container[str] = _Others(decision) if populated else keys.parts(document, "products")
    entry = entries.get(key)
    if not rest:
        entries[key] = copy.deepcopy(value)
        return [()]
    many = by_product = keys.by_product(entry, products)
    if rest[0] == "*":
        if not entry or len(rest) == 1:
            raise PathError(f"matches nothing: policies.{decision}.{key} is not given product by product")
        if not by_product:  # one entry for all products: what is set for each of them is set there
            return _set_flat(entries, decision, key, rest[1:], value, loose, False)
        names = list(entry)
    elif rest[0] in products and (len(rest) > 1 or isinstance(value, Mapping)):
        names = [rest[0]]
        if entry and not by_product and populated:
            raise PathError(f"policies.{decision}.{key} is given for all products of a population; set it as a whole, with an entry for each product")
        if entry and not by_product:  # one entry for all products becomes one for each, so that one of them can differ
            every = dict.fromkeys(keys.parts(document, "products"))
            kept = every if key == "default" else keys.products_by_enterprise(document).get(key, every)
            if rest[0] not in kept:
                raise PathError(f"unknown item: {key} keeps no {rest[0]!r}{suggestion(rest[0], kept)}")
            entry = {product: copy.deepcopy(entry) for product in kept}
        many = False
    else:
        return _set_flat(entries, decision, key, rest, value, loose, by_product)
    made = dict(entry or {})
    written: list[Parts] = []
    for name in names:
        if len(rest) == 1:
            made[name] = copy.deepcopy(value)
            written.append((name,))
            continue
        one = made[name] = dict(made.get(name) or {})
        if not (loose or many) or _knows(decision, one, rest[1]):
            written += [(name, *below) for below in _set_parameter(one, rest[1:], value)]
    entries[key] = made
    return written


def _set_flat(entries: dict[str, Any], decision: str, key: str, rest: Parts, value: Any, loose: bool, by_product: bool) -> list[Parts]:
    """Set a parameter of an entry; of each product's entry where it is given product by product."""
    if rest == ("policy",):
        entries[key] = {"policy": copy.deepcopy(value)}
        return [rest]
    if by_product:
        written: list[Parts] = []
        for product, one in entries[key].items():
            if _knows(decision, one, rest[0]):
                written += [(product, *below) for below in _set_parameter(one, rest, value)]
        if not written and not loose:
            raise PathError(f"no policy of policies.{decision}.{key} has a parameter {rest[0]!r}")
        return written
    entry = dict(entries.get(key) or {})
    if loose and not _knows(decision, entry, rest[0]):
        return []
    written = _set_parameter(entry, rest, value)
    entries[key] = entry
    return written


def _set_parameter(entry: dict[str, Any], rest: Parts, value: Any) -> list[Parts]:
    if rest == ("policy",):
        entry.clear()
        entry["policy"] = copy.deepcopy(value)
        return [rest]
    return put(entry, rest, value)


def _knows(decision: str, entry: Mapping[str, Any], parameter: str) -> bool:
    """Whether the policy of an entry has the parameter; one that only inherits is taken to have it where it says it already."""
    if parameter == "policy":
        return True
    if "policy" not in entry:
        return parameter in entry
    policy = policies_for(decision).get(entry["policy"])
    return policy is None or any(field.name == parameter for field in policy.parameters())
