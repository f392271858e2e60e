"""Writes a generated network out as the entries of a scenario file: the document that would resolve to the same columns."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from chainwright.network.blueprint import Blueprint, Pipeline
from chainwright.scenario import keys
from chainwright.words.subjects import SCHEMA

Entry = dict[str, Any]


def written_out(document: Mapping[str, Any], blueprint: Blueprint) -> dict[str, Any]:
    """The document with products, enterprises, lanes and recipes in place of its population.

    Parameters
    ----------
    document : mapping
        A valid document with a population.
    blueprint : Blueprint
        What it resolves to.
    """
    tables = blueprint.tables
    products, items = tables["products"], tables["items"]
    firms = [str(name) for name in tables["enterprises"]["name"]]
    goods = [str(name) for name in products["name"]]
    owner, product = items["enterprise"].tolist(), items["product"].tolist()
    enterprises: dict[str, Entry] = dict(zip(firms, _entries(blueprint, "enterprises"), strict=True))
    for tag, rows in blueprint.tags.items():
        for row in rows:
            enterprises[firms[row]].setdefault("tags", []).append(tag)
    entries = list(_entries(blueprint, "items"))
    for row, contents in _contents(blueprint.content("in_process")).items():
        entries[row]["in_process"] = contents
    for row, demand in _demands(blueprint):
        entries[row]["demand"] = demand
    for row, entry in enumerate(entries):
        enterprises[firms[owner[row]]].setdefault("items", {})[goods[product[row]]] = entry
    lanes = list(_entries(blueprint, "lanes"))
    for row, (seller, buyer) in enumerate(zip(tables["lanes"]["seller"].tolist(), tables["lanes"]["buyer"].tolist(), strict=True)):
        lanes[row] = {"seller": firms[owner[seller]], "buyer": firms[owner[buyer]], "product": goods[product[seller]], **lanes[row]}
    for name in ("orders_waiting", "in_transit"):
        for row, contents in _contents(blueprint.content(name)).items():
            lanes[row][name] = contents
    recipes: dict[int, Entry] = {}
    for item, component, quantity in zip(*(tables["recipes"][name].tolist() for name in ("item", "component", "quantity")), strict=True):
        made = recipes.setdefault(item, {"enterprise": firms[owner[item]], "product": goods[product[item]], "components": {}})
        made["components"][goods[product[component]]] = quantity
    rest = {key: copy.deepcopy(value) for key, value in document.items() if key != "population"}
    if "variants" in rest:  # those of the population have no meaning without it
        kept = {name: changes for name, changes in rest["variants"].items() if not any(str(path).startswith("population") for path in changes or ())}
        rest["variants"] = kept
    if "policies" in rest:  # what it says of demand is in the items already
        rest["policies"] = {decision: entries for decision, entries in rest["policies"].items() if decision != "demand"}
    network = {
        "products": dict(zip(goods, _entries(blueprint, "products"), strict=True)),
        "enterprises": enterprises,
        "lanes": lanes,
        "recipes": list(recipes.values()),
    }
    assert set(network) == set(keys.NETWORK)
    return {**rest, **network}


def _entries(blueprint: Blueprint, table: str) -> Iterator[Entry]:
    """What each row of a table says beside its names, where that is not the default."""
    columns = blueprint.tables[table]
    size = len(next(iter(columns.values())))
    said = {}
    for column in SCHEMA.settable(table):
        if column.name not in columns:
            continue
        values = np.asarray(columns[column.name])
        default = np.nan if column.default is None else column.default
        differs = values != default if column.dtype == "str" else (values != default) & ~(values != values)
        if differs.any():
            said[column.name] = (values.tolist(), differs.tolist())
    for row in range(size):
        yield {name: values[row] for name, (values, differs) in said.items() if differs[row]}


def _demands(blueprint: Blueprint) -> Iterator[tuple[int, Entry]]:
    for choice in blueprint.policies["demand"]:
        columns = {name: value.tolist() if isinstance(value, np.ndarray) else None for name, value in choice.parameters.items()}
        for place, row in enumerate(choice.rows.tolist()):
            said = {name: copy.copy(value) if columns[name] is None else columns[name][place] for name, value in choice.parameters.items()}  # type: ignore[index]
            yield row, {"policy": choice.policy, **said}


def _contents(pipeline: Pipeline) -> dict[int, list[float]]:
    """What is on its way by row: element j of a list is due in period j, counted from 1."""
    found: dict[int, list[float]] = {}
    for row, due, amount in zip(pipeline.row.tolist(), pipeline.due.tolist(), pipeline.amount.tolist(), strict=True):
        contents = found.setdefault(row, [])
        contents += [0.0] * (due - len(contents))
        contents[due - 1] += amount
    return found
