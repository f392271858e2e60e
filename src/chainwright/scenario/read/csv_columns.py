"""Which columns the CSV tables of a scenario may have, nested ones by dotted names, and what their cells say."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from chainwright.policies import policies_for
from chainwright.scenario.check import rules_of_keys
from chainwright.scenario.check.rules import Rule, unknown
from chainwright.scenario.paths import parse_value
from chainwright.scenario.read.scalars import plain_value
from chainwright.scenario.read.yaml_file import DEEPEST
from chainwright.words.errors import UsageError

LAST_PERIOD = 1_000_000

_NAME = Rule("name", noun="enterprise")
_PRODUCT_NAME = Rule("name", noun="product")
_ANYTHING = Rule("anything")
_TEXTS = ("name", "text", "choice", "texts")


def _cells(rules: Mapping[str, Rule], *names: str) -> dict[str, Rule]:
    first = {name: _PRODUCT_NAME if name in ("product", "component") else _NAME for name in names}
    return {**first, **rules}


# The columns that each table may have, and those that it must have.
COLUMNS: dict[str, dict[str, Rule]] = {
    "products": _cells(rules_of_keys.PRODUCT, "name"),
    "enterprises": _cells(rules_of_keys.ENTERPRISE, "name"),
    "items": _cells(rules_of_keys.ITEM, "enterprise", "product"),
    "lanes": _cells(rules_of_keys.LANE, "seller", "buyer", "product"),
    "recipes": {**_cells(rules_of_keys.RECIPE, "enterprise", "product", "component"), "quantity": rules_of_keys.QUANTITY},
    "demand": {"enterprise": _NAME, "product": _PRODUCT_NAME, "period": Rule("whole", 1, LAST_PERIOD), "quantity": Rule("number")},
}
NEEDED = {
    "products": ("name",),
    "enterprises": ("name", "role"),
    "items": ("enterprise", "product"),
    "lanes": ("seller", "buyer", "product"),
    "recipes": ("enterprise", "product"),
    "demand": ("enterprise", "product", "period", "quantity"),
}
# Where dotted columns may have any name: attributes.colour
FREE = {("lanes", "attributes"), ("enterprises", "attributes")}


def demand_rules() -> dict[str, Rule]:
    """The rules of all that demands can say, whichever policy they name."""
    found = {"policy": Rule("text")}
    for policy in policies_for("demand").values():
        for name, rule in rules_of_keys.rules_of_policy(policy).items():
            found.setdefault(name, rule)
    return found


def time_rules() -> dict[str, Rule]:
    """The rules of all that drawn transport times can say."""
    return {"distribution": Rule("text"), **{name: rule for rules in rules_of_keys.DRAWN.values() for name, rule in rules.items()}}


def all_columns(table: str, products: Iterable[str]) -> dict[str, Rule]:
    """Every column that a table may have, dotted ones included; those of free attributes, which may have any name, left out.

    Examples
    --------
    >>> columns = all_columns("recipes", ["engine"])
    >>> columns["components.engine"] is rules_of_keys.QUANTITY
    True
    """
    nested: dict[str, Mapping[str, Rule]] = {}
    if table == "items":
        nested["demand"] = demand_rules()
    elif table == "lanes":
        nested["transport_time"] = time_rules()
    elif table == "recipes":
        nested["components"] = dict.fromkeys(products, rules_of_keys.QUANTITY)
    plain = {name: rule for name, rule in COLUMNS[table].items() if name not in ("items", "attributes", *nested) or name == "transport_time"}
    return {**plain, **{f"{head}.{name}": rule for head, rules in nested.items() for name, rule in rules.items()}}


def column_rule(table: str, key: str, known: Mapping[str, Rule]) -> tuple[Rule | None, str]:
    """The rule of a column, and what is wrong with its name where there is none."""
    if key in known:
        return known[key], ""
    head, dot, inner = key.partition(".")
    if dot and inner.strip() and (table, head) in FREE:
        return _ANYTHING, ""
    if not dot and COLUMNS[table].get(key, _ANYTHING).kind == "mapping":
        return COLUMNS[table][key], ""  # its cells are nested entries in braces, as in the file
    if not key:
        return None, "a column without a name"
    if dot and (table, head) == ("recipes", "components"):
        products = [name.partition(".")[2] for name in known if name.startswith("components.")]
        return None, unknown("product", inner, products)
    return None, unknown("column", key, known)


def _nested_value(text: str) -> Any:
    """A list, a mapping or a quoted text, as it would stand in the scenario file; the text itself where it is none."""
    if text.count("[") + text.count("{") <= DEEPEST and "\\u00" not in text:
        try:  # what is JSON too is read much faster as such
            return json.loads(text, parse_constant=_refused)
        except ValueError:
            pass
    try:
        return parse_value(text)
    except UsageError:
        return text


def _refused(word: str) -> Any:
    raise ValueError(word)


def cell_value(rule: Rule, text: str) -> Any:
    """What a cell says; None where it is empty.

    Examples
    --------
    >>> cell_value(Rule("number"), "4.5"), cell_value(Rule("text"), "4.5"), cell_value(Rule("numbers"), "4 4")
    (4.5, '4.5', [4, 4])
    >>> cell_value(Rule("names"), "north dairy")
    ['north', 'dairy']
    >>> cell_value(Rule("time"), "{distribution: uniform, low: 1, high: 3}")
    {'distribution': 'uniform', 'low': 1, 'high': 3}
    """
    if not text:
        return None
    if rule.kind in _TEXTS:
        return text
    if text[0] in "{[" or (text[0] == '"' and rule.kind == "anything"):
        return _nested_value(text)
    if rule.kind == "names":
        return text.replace(";", " ").split()
    if rule.kind == "numbers":
        if text in rule.choices:
            return text
        return [plain_value(one) for one in text.replace(";", " ").split()]
    return plain_value(text)
