"""Reads the CSV tables of a scenario into entries like those of the file, with the place of every cell."""

from __future__ import annotations

import csv
import dataclasses
from collections.abc import Mapping
from typing import Any

from chainwright.scenario import models
from chainwright.scenario.documents import Document, Path_, dotted_path
from chainwright.scenario.scalars import plain_value
from chainwright.scenario.table_files import TablePlaces, file_beside
from chainwright.scenario.values import Rule, problem, unknown
from chainwright.words.errors import Mistake, Place

__all__ = ["expand_tables", "file_beside"]

LAST_PERIOD = 1_000_000
MOST_MISTAKES = 100  # of one table

_NAME = Rule("name", noun="enterprise")
_PRODUCT_NAME = Rule("name", noun="product")
_ALONE = ("demand", "items", "attributes", "components")


def _cells(rules: Mapping[str, Rule], *names: str) -> dict[str, Rule]:
    first = {name: _PRODUCT_NAME if name in ("product", "component") else _NAME for name in names}
    return {**first, **{name: rule for name, rule in rules.items() if name not in _ALONE}}


# The columns that each table may have, and those that it must have.
COLUMNS: dict[str, dict[str, Rule]] = {
    "products": _cells(models.PRODUCT, "name"),
    "enterprises": _cells(models.ENTERPRISE, "name"),
    "items": _cells(models.ITEM, "enterprise", "product"),
    "lanes": _cells(models.LANE, "seller", "buyer", "product"),
    "recipes": {**_cells(models.RECIPE, "enterprise", "product", "component"), "quantity": models.QUANTITY},
    "demand": {"enterprise": _NAME, "product": _PRODUCT_NAME, "period": Rule("whole", 1, LAST_PERIOD), "quantity": Rule("number")},
}
NEEDED = {
    "products": ("name",),
    "enterprises": ("name", "role"),
    "items": ("enterprise", "product"),
    "lanes": ("seller", "buyer", "product"),
    "recipes": ("enterprise", "product", "component", "quantity"),
    "demand": ("enterprise", "product", "period", "quantity"),
}


def expand_tables(document: Document) -> Document:
    """Read the files named under ``tables`` and lay their rows beside the entries of the scenario file.

    A table has one row for each entry and a column for each key: ``products`` (name, value, ...), ``enterprises`` (name, role, ...),
    ``items`` (enterprise, product, on_hand, ...), ``lanes`` (seller, buyer, product, ...), ``recipes`` (one row for each component:
    enterprise, product, component, quantity, ...), ``demand`` (enterprise, product, period, quantity). An empty cell says nothing;
    the numbers of a list are separated by spaces. What is wrong with a table is kept in `Document.mistakes`.
    """
    tables = document.data.get("tables")
    if not tables or not isinstance(tables, dict):
        return document
    reader = _Tables(document)
    for name, file in tables.items():
        reader.read(name, file)
    data = {key: value for key, value in reader.data.items() if key != "tables"}
    places, value_places = TablePlaces(document.places, reader.rows, reader.columns), TablePlaces(document.value_places, reader.rows, reader.columns)
    mistakes = (*document.mistakes, *reader.mistakes)
    return dataclasses.replace(document, data=data, places=places, value_places=value_places, mistakes=mistakes)


class _Tables:
    """Adds the rows of tables to the data of a document, copying what it changes."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.data = dict(document.data)
        self.rows: dict[Path_, tuple[str, int]] = {}
        self.columns: dict[tuple[str, str], int] = {}
        self.mistakes: list[Mistake] = []
        self.copied: set[str] = set()
        self.made: dict[tuple[str, str], int] = {}
        self.series: dict[tuple[str, str], dict[int, float]] = {}

    def read(self, name: str, file: Any) -> None:
        path: Path_ = ("tables", name)
        if name not in COLUMNS:
            self.mistakes.append(Mistake(unknown("table", name, COLUMNS), self.document.place(path, value=False), dotted_path(path)))
            return
        where, wrong = file_beside(self.document.folder, file)
        if wrong:
            self.mistakes.append(Mistake(wrong, self.document.place(path), f"tables.{name}"))
            return
        found: list[Mistake] = []
        try:
            with where.open(newline="", encoding="utf-8-sig") as stream:
                self.table(name, str(where), stream, found)
        except UnicodeDecodeError as failure:
            found.append(Mistake(f"is not UTF-8 text (byte 0x{failure.object[failure.start]:02x})", Place(str(where)), f"tables.{name}"))
        except (OSError, csv.Error) as failure:
            found.append(Mistake(f"cannot be read ({getattr(failure, 'strerror', None) or failure})", Place(str(where)), f"tables.{name}"))
        if name == "demand":
            self.add_series()
        self.mistakes += found[:MOST_MISTAKES]

    def table(self, name: str, file: str, stream: Any, found: list[Mistake]) -> None:
        path = f"tables.{name}"
        first = stream.readline()
        stream.seek(0)
        reader = csv.reader(stream, delimiter=";" if ";" in first and "," not in first else ",")
        header = [one.strip() for one in next(reader, [])]
        if header:
            header[0] = header[0].removeprefix("\ufeff")
        rules = COLUMNS[name]
        known: dict[int, str] = {}
        for position, key in enumerate(header):
            place = Place(file, 1, position + 1)
            if key not in rules:
                found.append(Mistake(unknown("column", key, rules) if key else "a column without a name", place, path))
            elif key in known.values():
                found.append(Mistake(f"the column {key!r} stands twice", place, path))
            else:
                known[position] = key
                self.columns[file, key] = position + 1
        missing = [key for key in NEEDED[name] if key not in known.values()]
        if missing:
            found.append(Mistake(f"the table has no column {', '.join(repr(key) for key in missing)}", Place(file, 1, 1), path))
            return
        add = getattr(self, "add_" + name)
        line = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                if len(cells) > len(header):
                    message = f"{len(cells)} cells, but the header has {len(header)} columns"
                    found.append(Mistake(message, Place(file, line, len(header) + 1), path))
                else:
                    row = {key: _value(rules[key], cells[position].strip()) for position, key in known.items() if position < len(cells)}
                    wrong = add({key: value for key, value in row.items() if value is not None}, file, line)
                    if wrong:
                        found.append(Mistake(wrong[1], Place(file, line, self.columns.get((file, wrong[0]), 1)), path))
            line = reader.line_num + 1
            if len(found) > MOST_MISTAKES:
                return

    # Each of the following adds one row and answers (column, what is wrong) where it cannot.

    def add_lanes(self, row: dict[str, Any], file: str, line: int) -> tuple[str, str] | None:
        lanes = self.section("lanes", list)
        if lanes is not None:
            self.rows["lanes", len(lanes)] = (file, line)
            lanes.append(row)
        return None

    def add_products(self, row: dict[str, Any], file: str, line: int) -> tuple[str, str] | None:
        return self.add_named("products", row, file, line)

    def add_enterprises(self, row: dict[str, Any], file: str, line: int) -> tuple[str, str] | None:
        return self.add_named("enterprises", row, file, line)

    def add_named(self, section: str, row: dict[str, Any], file: str, line: int) -> tuple[str, str] | None:
        entries = self.section(section, dict)
        name = row.pop("name", None)
        if name is None:
            return "name", "the name is missing"
        if entries is not None:
            if name in entries:
                return "name", f"{name!r} is said twice"
            self.rows[section, name] = (file, line)
            entries[name] = row
        return None

    def add_items(self, row: dict[str, Any], file: str, line: int) -> tuple[str, str] | None:
        name, product = row.pop("enterprise", None), row.pop("product", None)
        found = self.item(name, product)
        if isinstance(found, tuple):
            return found
        if found is not None:
            again = next((key for key in row if key in found), None)
            if again:
                return again, f"{again} of {name}/{product} is said twice"
            self.rows["enterprises", name, "items", product] = (file, line)
            found.update(row)
        return None

    def add_recipes(self, row: dict[str, Any], file: str, line: int) -> tuple[str, str] | None:
        recipes = self.section("recipes", list)
        if recipes is None:
            return None
        names = (row.get("enterprise", ""), row.get("product", ""))
        component, quantity = row.pop("component", None), row.pop("quantity", None)
        if names not in self.made:
            self.made[names] = len(recipes)
            self.rows["recipes", len(recipes)] = (file, line)
            recipes.append({**row, "components": {}})
        elif again := next((key for key in row if key not in ("enterprise", "product") and key in recipes[self.made[names]]), None):
            return again, f"{again} of {'/'.join(names)} is said twice"
        else:
            recipes[self.made[names]].update(row)
        components = recipes[self.made[names]]["components"]
        if component is None:
            return None if quantity is None else ("component", "a quantity without a component")
        if component in components:
            return "component", f"the component {component!r} of {'/'.join(names)} is said twice"
        components[component] = quantity
        self.rows["recipes", self.made[names], "components", component] = (file, line)
        return None

    def add_demand(self, row: dict[str, Any], file: str, line: int) -> tuple[str, str] | None:
        for key in NEEDED["demand"]:
            wrong = problem(COLUMNS["demand"][key], row.get(key))
            if wrong:
                return key, wrong
        found = self.item(row["enterprise"], row["product"])
        if isinstance(found, tuple):
            return found
        values = self.series.setdefault((row["enterprise"], row["product"]), {})
        period = int(row["period"])
        if period in values:
            return "period", f"period {period} of {row['enterprise']}/{row['product']} is said twice"
        if found is not None:
            self.rows.setdefault(("enterprises", row["enterprise"], "items", row["product"], "demand"), (file, line))
        values[period] = row["quantity"]
        return None

    def add_series(self) -> None:
        """The rows of the demand table as lists, one for each item; periods that are not said have no demand."""
        for (name, product), values in self.series.items():
            item = self.item(name, product)
            if not isinstance(item, dict):
                continue
            demand = item.get("demand", {"policy": "list"})
            if not isinstance(demand, dict):
                continue
            path: Path_ = ("enterprises", name, "items", product, "demand")
            if "values" in demand or "file" in demand:
                message = "the values are also given by the table of demand; say them once"
                self.mistakes.append(Mistake(message, self.document.place(path), dotted_path(path)))
            else:
                item["demand"] = {**demand, "values": [values.get(period, 0.0) for period in range(1, max(values) + 1)]}

    def section(self, name: str, kind: type) -> Any:
        """A section that may be added to; None where the file has something else there."""
        if name not in self.copied:
            self.data[name] = self.data.get(name, kind())
            if isinstance(self.data[name], kind):
                self.data[name] = kind(self.data[name])
            self.copied.add(name)
        return self.data[name] if isinstance(self.data[name], kind) else None

    def item(self, name: Any, product: Any) -> dict[str, Any] | tuple[str, str] | None:
        """An item that may be added to; (column, what is wrong) where there is none; None where the file has something else there."""
        enterprises = self.section("enterprises", dict)
        if enterprises is None:
            return None
        if name not in enterprises:
            return "enterprise", unknown("enterprise", name, enterprises) if name else "the enterprise is missing"
        if not product:
            return "product", "the product is missing"
        mark = f"enterprises/{name}"
        if not isinstance(enterprises[name], dict) or not isinstance(enterprises[name].get("items", {}), dict):
            return None
        if mark not in self.copied:
            enterprises[name] = {**enterprises[name], "items": dict(enterprises[name].get("items", {}))}
            self.copied.add(mark)
        items = enterprises[name]["items"]
        if f"{mark}/{product}" not in self.copied and isinstance(items.get(product, {}), dict):
            items[product] = dict(items.get(product, {}))
            self.copied.add(f"{mark}/{product}")
        found = items.get(product)
        return found if isinstance(found, dict) else None


def _value(rule: Rule, text: str) -> Any:
    """What a cell says; None where it is empty."""
    if not text:
        return None
    if rule.kind in ("name", "text", "choice", "texts"):
        return text
    if rule.kind == "numbers":
        return [plain_value(one) for one in text.replace(";", " ").split()]
    return plain_value(text)
