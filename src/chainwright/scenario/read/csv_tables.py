"""Reads the CSV tables of a scenario into entries like those of the file, with the place of every cell."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from chainwright.scenario.check.rules import Rule, problem, shown, unknown
from chainwright.scenario.documents import Document, Path_, dotted_path
from chainwright.scenario.read.csv_columns import COLUMNS, NEEDED, all_columns, cell_value, column_rule
from chainwright.scenario.read.csv_rows import COUNTING, Rows, read_rows, with_points
from chainwright.scenario.read.demand_tables import long_demand
from chainwright.scenario.read.table_files import file_beside
from chainwright.scenario.read.table_places import TablePlaces
from chainwright.words.errors import Mistake, Place, ScenarioError, nearest

__all__ = ["expand_tables", "file_beside"]

MOST_MISTAKES = 100  # of one table


def expand_tables(document: Document) -> Document:
    """Read the files named under ``tables`` and lay their rows beside the entries of the scenario file.

    A table has one row for each entry and a column for each key: ``products`` (name, value, ...), ``enterprises`` (name, role, ...),
    ``items`` (enterprise, product, on_hand, ...), ``lanes`` (seller, buyer, product, ...), ``recipes`` (enterprise, product, ..., and
    either one row for each component with component and quantity, or a column ``components.NAME`` for each), ``demand`` (enterprise,
    product, period, quantity). Entries within entries have dotted columns: ``demand.policy, demand.mean`` of items,
    ``transport_time.distribution`` of lanes, ``attributes.NAME``. An empty cell says nothing; the numbers of a list are separated by
    spaces. What is wrong with a table is kept in `Document.mistakes`, and which tables are not wholly understood in
    `Document.partly` and `Document.unread`.
    """
    tables = document.data.get("tables")
    if not tables or not isinstance(tables, dict):
        return document
    reader = _Tables(document)
    # Whatever the order in the file: enterprises before their items, products before the recipes that name them.
    for name in sorted(tables, key=lambda name: list(COLUMNS).index(name) if name in COLUMNS else -1):
        reader.read(name, tables[name])
    data = {key: value for key, value in reader.data.items() if key != "tables"}
    places, value_places = TablePlaces(document.places, reader.rows, reader.columns), TablePlaces(document.value_places, reader.rows, reader.columns)
    mistakes = (*document.mistakes, *reader.mistakes)
    partly, unread = frozenset(reader.partly), frozenset(reader.unread)
    told = tuple(dict.fromkeys((*document.told, *reader.told)))
    return dataclasses.replace(
        document, data=data, places=places, value_places=value_places, mistakes=mistakes, partly=partly, unread=unread, told=told
    )


class _Tables:
    """Adds the rows of tables to the data of a document, copying what it changes."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.data = dict(document.data)
        self.rows: dict[Path_, tuple[str, int]] = {}
        self.columns: dict[tuple[str, str], int] = {}
        self.mistakes: list[Mistake] = []
        self.copied: set[str] = set()
        self.partly: set[str] = set()
        self.unread: set[str] = set()
        self.made: dict[tuple[str, str], int] = {}
        self.misspelt: set[str] = set()
        self.told: list[str] = []
        self.series: dict[tuple[str, str], dict[int, float]] = {}

    def read(self, name: str, file: Any) -> None:
        path: Path_ = ("tables", name)
        if name not in COLUMNS:
            self.unread |= {nearest(name, COLUMNS) or "", *(set(COLUMNS) if nearest(name, COLUMNS) is None else ())}
            self.mistakes.append(Mistake(unknown("table", name, COLUMNS), self.document.place(path, value=False), dotted_path(path)))
            return
        where, wrong = file_beside(self.document.folder, file)
        if wrong:
            self.unread.add(name)
            self.mistakes.append(Mistake(wrong, self.document.place(path), f"tables.{name}"))
            return
        found: list[Mistake] = []
        try:
            self.table(name, where, found)
        except ScenarioError as error:
            self.unread.add(name)
            found += [dataclasses.replace(one, path=f"tables.{name}") for one in error.mistakes]
        if found:
            self.partly.add(name)
        if name == "demand":
            self.add_series()
        self.mistakes += found[:MOST_MISTAKES]

    def table(self, name: str, where: Path, found: list[Mistake]) -> None:
        path, file = f"tables.{name}", str(where)
        products = self.data.get("products")
        known = all_columns(name, products if isinstance(products, dict) else ())
        read = read_rows(where, file, name, known)
        late = long_demand(read, self.data) if name == "demand" else []
        late += with_points(read, name, known)
        found += [Mistake(message, Place(file, line, column), path) for line, column, message in late]
        self.told += [f"{where.name}: {sentence}" for sentence in dict.fromkeys(read.told)]
        header = read.header
        columns = self.header(name, known, read, file, found)
        missing = [key for key in NEEDED[name] if key not in header and key not in self.misspelt]
        if missing:
            found.append(Mistake(f"the table has no column {', '.join(repr(key) for key in missing)}", Place(file, read.line, 1), path))
        if missing or not set(NEEDED[name]) <= set(header):
            self.unread.add(name)
            return
        add = getattr(self, "add_" + name)
        for line, cells in read.rows if not late else ():
            # A cell of a table with a column for each period brings its column along.
            unfolded = int(cells[-1]) if read.unfolded else 0
            if len(cells) > len(header) and not unfolded:
                advice = "quote a cell that holds a comma, and write decimals with a point"
                message = f"{len(cells)} cells, but the header has {len(header)} columns; {advice}"
                found.append(Mistake(message, Place(file, line, len(header) + 1), path))
            else:
                row, wrong = _row(columns, cells)
                wrong = wrong or add(row, file, line)
                if wrong:
                    found.append(Mistake(wrong[1], Place(file, line, unfolded or self.columns.get((file, wrong[0]), 1)), path))
            if len(found) > MOST_MISTAKES:
                return

    def header(self, name: str, known: Mapping[str, Rule], read: Rows, file: str, found: list[Mistake]) -> list[tuple[int, str, str, Rule]]:
        """The columns that are understood: position, key, key within it (of a dotted name), rule; each of the others is told once."""
        header = read.header
        columns: list[tuple[int, str, str, Rule]] = []
        self.misspelt = set()
        for position, key in enumerate(header):
            if key == COUNTING:
                continue
            rule, wrong = column_rule(name, key, known)
            if rule is not None and key in header[:position]:
                wrong = f"the column {key!r} stands twice"
            if wrong or rule is None:
                found.append(Mistake(wrong, Place(file, read.line, position + 1), f"tables.{name}"))
                self.misspelt.add(nearest(key, NEEDED[name]) or "")
                continue
            head, _, inner = key.partition(".")
            self.columns[file, key] = position + 1
            self.columns.setdefault((file, head), position + 1)
            columns.append((position, head, inner, rule))
        return columns

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
        listed = row.pop("components", None)
        if names not in self.made:
            self.made[names] = len(recipes)
            self.rows["recipes", len(recipes)] = (file, line)
            recipes.append(row)
        elif again := next((key for key in row if key not in ("enterprise", "product") and key in recipes[self.made[names]]), None):
            return again, f"{again} of {'/'.join(names)} is said twice"
        else:
            recipes[self.made[names]].update(row)
        if component is None and quantity is not None:
            return "component", "a quantity without a component"
        if listed is not None and not isinstance(listed, dict):
            return "components", f"expected one column for each component, such as components.engine, got {shown(listed)}"
        if listed is None and component is None:
            return None
        components = recipes[self.made[names]].setdefault("components", {})
        for one, number in [*(listed or {}).items(), *([(component, quantity)] if component is not None else [])]:
            if one in components:
                return "component", f"the component {one!r} of {'/'.join(names)} is said twice"
            components[one] = number
        if component is not None:
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
        """The rows of the demand table as lists, one for each item; periods that are not said, after the last one too, have no demand."""
        for (name, product), values in self.series.items():
            item = self.item(name, product)
            if not isinstance(item, dict):
                continue
            # An item that has a demand of its own says itself what follows.
            demand = item.get("demand", {"policy": "list", "then": "zero"})
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
        if name not in enterprises and "enterprises" in self.unread:
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


def _row(columns: list[tuple[int, str, str, Rule]], cells: Sequence[str]) -> tuple[dict[str, Any], tuple[str, str] | None]:
    """What one row says, nested entries gathered from their dotted columns; and (column, what is wrong) where two columns contradict."""
    row: dict[str, Any] = {}
    wrong = None
    for position, head, inner, rule in columns:
        text = cells[position].strip() if position < len(cells) else ""
        value = cell_value(rule, text) if text else None
        if value is None:
            continue
        if not inner:
            entry, key = row, head
        else:
            entry, key = row.setdefault(head, {}), inner
            if not isinstance(entry, dict):
                return row, (f"{head}.{inner}", f"{head} is also said as a whole; say it once")
        if key in entry:
            wrong = (head, f"{head} is also said in parts; say it once")
            continue
        entry[key] = value
    return row, wrong
