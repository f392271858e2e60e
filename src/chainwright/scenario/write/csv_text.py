"""Takes the long lists out of a scenario's document and writes them as the texts of CSV tables, which say the same."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

from chainwright.scenario.check.rules import Rule
from chainwright.scenario.read.csv_columns import COLUMNS, FREE, NEEDED, cell_value, demand_rules, time_rules
from chainwright.scenario.read.scalars import plain_value
from chainwright.scenario.write.yaml_text import flow_text

LONG = 1000  # entries that a section of a scenario file may have before it becomes a table
LONGEST_CELL = 100_000
Row = dict[str, Any]


def tables_of(document: Mapping[str, Any], long: int = LONG) -> tuple[dict[str, Any], dict[str, str]]:
    """The document without its long lists, and those lists as the texts of CSV tables by name.

    A list in which some entry cannot be said by a row (a mode with a space at its end, say) stays in the document.

    Examples
    --------
    >>> rest, tables = tables_of({"lanes": [{"seller": "a", "buyer": f"b{i}", "product": "x"} for i in range(2000)]})
    >>> rest, tables["lanes"][:31]
    ({}, 'seller,buyer,product\\na,b0,x\\na,b')
    """
    rest = dict(document)
    tables: dict[str, str] = {}

    def take(name: str, rows: list[Row]) -> bool:
        text = _table(name, rows)
        if text is not None:
            tables[name] = text
        return text is not None

    products = rest.get("products") or {}
    if len(products) > long and take("products", [{"name": name, **(entry or {})} for name, entry in products.items()]):
        del rest["products"]
    enterprises = rest.get("enterprises") or {}
    many = len(enterprises) > long
    items = [(name, product, item or {}) for name, entry in enterprises.items() for product, item in (entry.get("items") or {}).items()]
    values = [(name, product, item["demand"]["values"]) for name, product, item in items if _series(item)]
    series = sum(len(one) for _, _, one in values) > long
    if series:
        rows = [
            {"enterprise": name, "product": product, "period": period, "quantity": quantity}
            for name, product, one in values
            for period, quantity in enumerate(one, start=1)
        ]
        if take("demand", rows):
            items = [(name, product, _without_series(item)) for name, product, item in items]
            enterprises = _with_items(enterprises, items)
    if (many or len(items) > long) and take("items", [{"enterprise": name, "product": product, **item} for name, product, item in items]):
        enterprises = {name: {key: value for key, value in entry.items() if key != "items" or not value} for name, entry in enterprises.items()}
        if many and take("enterprises", [{"name": name, **entry} for name, entry in enterprises.items()]):
            enterprises = {}
    rest["enterprises"] = enterprises
    if not enterprises:
        del rest["enterprises"]
    for name, rows_of in (("lanes", list), ("recipes", _recipe_rows)):
        entries = rest.get(name) or []
        if len(entries) > long and take(name, rows_of(entries)):
            del rest[name]
    # The order in which they are read.
    return rest, {name: tables[name] for name in COLUMNS if name in tables}


def _series(item: Mapping[str, Any]) -> bool:
    demand = item.get("demand")
    return isinstance(demand, Mapping) and bool(demand.get("values"))


def _without_series(item: Mapping[str, Any]) -> Row:
    if not _series(item):
        return dict(item)
    return {**item, "demand": {key: value for key, value in item["demand"].items() if key != "values"}}


def _with_items(enterprises: Mapping[str, Any], items: Iterable[tuple[str, str, Row]]) -> dict[str, Any]:
    made = {name: {**entry, "items": {}} if entry.get("items") else entry for name, entry in enterprises.items()}
    for name, product, item in items:
        made[name]["items"][product] = item
    return made


def _recipe_rows(recipes: Iterable[Mapping[str, Any]]) -> list[Row]:
    """A row for each component; the first one of a recipe says the rest as well."""
    rows = []
    for recipe in recipes:
        components = recipe.get("components")
        own = {key: value for key, value in recipe.items() if key != "components"}
        if not components:
            rows.append(own if components is None else {**own, "components": components})
            continue
        for component, quantity in components.items():
            rows.append({**own, "component": component, "quantity": quantity})
            own = {"enterprise": recipe["enterprise"], "product": recipe["product"]}
    return rows


def _table(name: str, rows: list[Row]) -> str | None:
    """The text of a table; None where some row cannot be said."""
    rules = COLUMNS[name]
    inner = demand_rules() if name == "items" else time_rules() if name == "lanes" else {}
    columns = dict.fromkeys(NEEDED[name])
    written: list[dict[str, str]] = []
    for row in rows:
        cells: dict[str, str] = {}
        for key, value in row.items():
            said = _nested(name, key, value, inner) if isinstance(value, Mapping) else {key: _cell(rules[key], value)}
            for column, text in said.items():
                if text is None:
                    return None
                cells[column] = text
                columns[column] = None
        written.append(cells)
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([cells.get(column, "") for column in columns] for cells in written)
    return stream.getvalue()


def _nested(table: str, key: str, entry: Mapping[str, Any], rules: Mapping[str, Rule]) -> dict[str, str | None]:
    """An entry within an entry: a cell for each of its keys, or all of it in one cell, in braces."""
    free = (table, key) in FREE
    cells: dict[str, str | None] = {}
    for name, value in entry.items():
        rule = Rule("anything") if free else rules.get(name)
        text = None if rule is None or isinstance(value, Mapping) or not _is_column(name) else _cell(rule, value)
        if text is None:
            break
        cells[f"{key}.{name}"] = text
    if entry and len(cells) == len(entry):
        return cells
    return {key: _cell(Rule("mapping"), entry)}


def _is_column(name: str) -> bool:
    return bool(name) and name == name.strip() and name.isprintable()


def _cell(rule: Rule, value: Any) -> str | None:
    """The cell that says a value; None where none does."""
    if value is None:  # an empty cell says nothing, which is not the same
        return None
    if isinstance(value, str) and not (rule.kind == "anything" and (plain_value(value) != value or value[:1] in ('"', "{", "["))):
        text = value
    elif isinstance(value, list) and value and rule.kind == "numbers":
        text = " ".join(flow_text(one) for one in value)
    elif isinstance(value, list) and value and rule.kind == "names" and not any(set(one) & set(" ;,[{\"'\t") for one in value):
        text = " ".join(value)
    else:
        text = flow_text(value)
    if text != text.strip() or len(text) > LONGEST_CELL:
        return None
    said = cell_value(rule, text)
    return text if said == value and type(said) is type(value) else None
