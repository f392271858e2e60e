"""Setting values at dotted paths of a scenario's document, with wildcards, as `Scenario.with_`, variants and interventions do."""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Iterable, Mapping, MutableMapping
from typing import Any

from chainwright.scenario import keys
from chainwright.scenario.change.policy_settings import PathError, put, set_policies
from chainwright.scenario.paths import in_order, join_path
from chainwright.words.errors import Mistake, Place, ScenarioError, UsageError, suggestion
from chainwright.words.subjects import SCHEMA

Parts = tuple[str, ...]
# What a setting did: the concrete path of everything that it wrote.
Written = list[Parts]


def apply(document: dict[str, Any], settings: Mapping[str, Any]) -> dict[Parts, str]:
    """Apply settings to a document in place, in order.

    Parameters
    ----------
    document : dict
        A valid scenario document, which is changed.
    settings : mapping
        Value by dotted path; ``*`` stands for every name or number. The name of a policy is set before its parameters.

    Returns
    -------
    dict
        For the parts of each concrete path that was written, the path of the setting that wrote it.

    Raises
    ------
    ScenarioError
        With one mistake for each path that is unknown or matches nothing.

    Examples
    --------
    >>> document = {"lanes": [{"seller": "a", "buyer": "b", "product": "x"}]}
    >>> apply(document, {"lanes.a>b.transport_time": 2})
    {('lanes', '0', 'transport_time'): 'lanes.a>b.transport_time'}
    >>> document["lanes"][0]["transport_time"]
    2
    """
    mistakes = []
    origin: dict[Parts, str] = {}
    try:
        ordered = in_order(settings)
    except UsageError as error:
        raise ScenarioError([Mistake(str(error))]) from None
    for path, parts, value in ordered:
        try:
            for written in _set(document, parts, value):
                origin[written] = path
        except PathError as error:
            mistakes.append(Mistake(str(error), Place(path)))
    if mistakes:
        raise ScenarioError(mistakes)
    return origin


def _set(document: dict[str, Any], parts: Parts, value: Any) -> Written:
    head, rest = parts[0], parts[1:]
    if head not in keys.TOP_KEYS:
        raise PathError(f"unknown path: a scenario has no {head!r}{suggestion(head, keys.TOP_KEYS)}")
    if head == "tables":
        raise PathError("tables are read when the file is loaded and cannot be set; set the entries themselves")
    if head in keys.NETWORK and keys.populated(document):
        raise PathError(f"the population makes the {head}; set one of its parameters, as population.<parameter>, or policies")
    if not rest:
        document[head] = copy.deepcopy(value)
        return [parts]
    setter = _SETTERS.get(head)
    if setter is None:
        raise PathError(f"{head!r} is a single value and has nothing below it")
    if document.get(head) is None:
        document[head] = keys.parts({}, head)
    return [(head, *written) for written in setter(document, rest, value)]


def _select(part: str, names: Iterable[str], what: str) -> list[str]:
    """The names that one part of a path stands for."""
    known = list(names)
    if part == "*":
        if not known:
            raise PathError(f"matches nothing: there is no {what}")
        return known
    if part not in known:
        raise PathError(f"unknown {what} {part!r}{suggestion(part, known)}")
    return [part]


def _each(found: Collection[Any], setter: Callable[[Any], Written]) -> Written:
    """Write to each of several entries; those that a wildcard covers but that lack the path are passed over, one must remain."""
    written: Written = []
    refused: PathError | None = None
    for one in found:
        try:
            written += setter(one)
        except PathError as error:
            refused = refused or error
    if not written and refused is not None:
        raise refused
    return written


def _known(part: str, allowed: Collection[str], what: str) -> None:
    if part not in allowed:
        raise PathError(f"{what} has no {part!r}{suggestion(part, allowed)}")


def _products(document: dict[str, Any], parts: Parts, value: Any) -> Written:
    section = document["products"]
    found = _select(parts[0], section, "product")
    if len(parts) > 1:
        _known(parts[1], keys.PRODUCT_KEYS, "a product")

    def one(name: str) -> Written:
        if len(parts) == 1:
            section[name] = copy.deepcopy(value)
            return [(name,)]
        section[name] = section[name] or {}
        return [(name, *written) for written in put(section[name], parts[1:], value)]

    return _each(found, one)


def _enterprises(document: dict[str, Any], parts: Parts, value: Any) -> Written:
    section = document["enterprises"]
    found = _select(parts[0], section, "enterprise")
    if len(parts) > 1:
        _known(parts[1], keys.ENTERPRISE_KEYS, "an enterprise")
    kept = keys.products_by_enterprise(document) if parts[1:2] == ("items",) else {}
    if len(parts) > 3 and kept:
        _known(parts[3], keys.ITEM_KEYS, "an item")
    if len(parts) > 2 and kept and parts[2] != "*":
        keepers = [name for name in found if parts[2] in kept[name]]
        if not keepers:
            whose = "nobody keeps" if parts[0] == "*" else f"{parts[0]} keeps no"
            raise PathError(f"unknown item: {whose} {parts[2]!r}{suggestion(parts[2], _products_of(kept, found))}")
        found = keepers

    def one(name: str) -> Written:
        if len(parts) == 1:
            section[name] = copy.deepcopy(value)
            return [(name,)]
        entry = section[name] = section[name] or {}
        if parts[1] != "items" or len(parts) == 2:
            return [(name, *written) for written in put(entry, parts[1:], value)]
        products = _select(parts[2], kept[name], f"item of {name}")
        return [(name, "items", *written) for written in _each(products, lambda product: _item(document, name, product, parts, value))]

    return _each(found, one)


def _products_of(kept: Mapping[str, Iterable[str]], names: Iterable[str]) -> set[str]:
    return {product for name in names for product in kept[name]}


def _item(document: dict[str, Any], name: str, product: str, parts: Parts, value: Any) -> Written:
    """Set something of one item, which need not be declared yet; with wildcards only where it makes sense."""
    entry = document["enterprises"][name]
    loose = "*" in (parts[0], parts[2])
    if len(parts) > 3 and parts[3] in keys.PRODUCTION_KEYS:
        made = [one for one in keys.parts(document, "recipes") if one["enterprise"] == name and one["product"] == product]
        if loose and not made:
            raise PathError(f"matches nothing: no recipe makes {product} at {name}")
        for recipe in made:
            recipe.pop(parts[3], None)
    declared = keys.declared_items(entry).get(product)
    if len(parts) > 3 and parts[3] == "demand":
        if loose and len(parts) == 4 and entry.get("role") != "customer":
            raise PathError(f"matches nothing: {name} is no customer")
        if len(parts) > 4 and not isinstance((declared or {}).get("demand"), Mapping) and (loose or parts[4] != "policy"):
            if entry.get("role") != "customer" or not keys.parts(document, "policies").get("demand"):
                raise PathError(f"{name} has no demand for {product} whose parameters could be set; set its demand as a whole")
            declared = entry.setdefault("items", {})[product] = {**(declared or {}), "demand": {}}  # changes what policies.demand says
    items = entry["items"] = entry.get("items") or {}
    if len(parts) == 3:
        items[product] = copy.deepcopy(value)
        return [(product,)]
    item = items[product] = items.get(product) or {}
    if parts[3:] == ("demand", "policy"):
        item["demand"] = {"policy": copy.deepcopy(value)}
        return [(product, "demand", "policy")]
    return [(product, *written) for written in put(item, parts[3:], value)]


def _rows(section: list[Any], part: str, what: str, names: Callable[[Any], tuple[str, ...]] | None = None) -> list[int]:
    """The positions in a list of entries that a part stands for: a number from 0, ``*``, or names joined by ``>``."""
    if not section:
        raise PathError(f"matches nothing: there is no {what}")
    if part == "*":
        return list(range(len(section)))
    if part.isdecimal():
        if int(part) >= len(section):
            raise PathError(f"matches nothing: there is no {what} {part}; the last of {len(section)} is {len(section) - 1}, counted from 0")
        return [int(part)]
    if names is not None and ">" in part:
        wanted = tuple(one.strip() for one in part.split(">"))
        all_names = [names(row) for row in section]
        found = [i for i, row in enumerate(all_names) if len(wanted) <= len(row) and all(w in ("*", r) for w, r in zip(wanted, row, strict=False))]
        if not found:
            known = {">".join(row[: len(wanted)]) for row in all_names if all(row[: min(len(wanted), 3)])}  # without mistaken names
            raise PathError(f"matches nothing: no {what} {part!r}{suggestion(part, known)}")
        return found
    how = "a number counted from 0, * or " + ("seller>buyer" if what == "lane" else "enterprise>product" if what == "recipe" else "nothing else")
    raise PathError(f"cannot tell which {what} {part!r} is; expected {how}")


def _in_list(section: list[Any], found: list[int], parts: Parts, value: Any, allowed: Collection[str], what: str) -> Written:
    if len(parts) > 1:
        _known(parts[1], allowed, what)

    def one(position: int) -> Written:
        if len(parts) == 1:
            section[position] = copy.deepcopy(value)
            return [(str(position),)]
        return [(str(position), *written) for written in put(section[position], parts[1:], value)]

    return _each(found, one)


def _lanes(document: dict[str, Any], parts: Parts, value: Any) -> Written:
    found = _rows(document["lanes"], parts[0], "lane", lambda row: (row["seller"], row["buyer"], row["product"], row.get("mode") or ""))
    return _in_list(document["lanes"], found, parts, value, keys.LANE_KEYS, "a lane")


def _recipes(document: dict[str, Any], parts: Parts, value: Any) -> Written:
    section = document["recipes"]
    found = _rows(section, parts[0], "recipe", lambda row: (row["enterprise"], row["product"]))
    written = _in_list(section, found, parts, value, keys.RECIPE_KEYS, "a recipe")
    if parts[1:2] and parts[1] in keys.PRODUCTION_KEYS:  # the same key at the item would now contradict it
        for position in found:
            item = keys.declared_items(document["enterprises"][section[position]["enterprise"]]).get(section[position]["product"])
            if isinstance(item, MutableMapping):
                item.pop(parts[1], None)
    return written


def _disruptions(document: dict[str, Any], parts: Parts, value: Any) -> Written:
    if parts[1:2] == ("target",) and len(parts) > 2:
        _known(parts[2], keys.TARGET_KEYS, "a target")
    found = _rows(document["disruptions"], parts[0], "disruption")
    return _in_list(document["disruptions"], found, parts, value, keys.EVENT_KEYS, "a disruption")


def _interventions(document: dict[str, Any], parts: Parts, value: Any) -> Written:
    section = document["interventions"]
    found = _rows(section, parts[0], "intervention")
    if parts[1:2] == ("set",) and len(parts) > 2:
        for position in found:
            section[position]["set"][join_path(parts[2:])] = copy.deepcopy(value)
        return [(str(position), *parts[1:]) for position in found]
    return _in_list(section, found, parts, value, ("period", "set"), "an intervention")


def _visibility(document: dict[str, Any], parts: Parts, value: Any) -> Written:
    _known(parts[0], [column.name for column in SCHEMA.table("items")], "the table of items")
    return put(document["visibility"], parts, value)


def _population(document: dict[str, Any], parts: Parts, value: Any) -> Written:
    if parts == ("generator",):  # the parameters of the one before mean nothing to it
        document["population"].clear()
    return put(document["population"], parts, value)


def _free(section: str) -> Callable[[dict[str, Any], Parts, Any], Written]:
    return lambda document, parts, value: put(document[section], parts, value)


_SETTERS: dict[str, Callable[[dict[str, Any], Parts, Any], Written]] = {
    "products": _products,
    "enterprises": _enterprises,
    "lanes": _lanes,
    "recipes": _recipes,
    "policies": set_policies,
    "disruptions": _disruptions,
    "interventions": _interventions,
    "visibility": _visibility,
    "variants": _free("variants"),
    "agents": _free("agents"),
    "population": _population,
}
