"""What stands behind one enterprise, or behind the lanes between two, in one period of a timeline: plain data for an inspector."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from chainwright.experiment.timeline import levers, possible_disruptions
from chainwright.experiment.timeline.as_json import ALWAYS, in_words, item_columns, jsonable, label, values, wanted_columns
from chainwright.experiment.timeline.explaining import Arithmetic, explained
from chainwright.experiment.timeline.setting_paths import Paths
from chainwright.experiment.timeline.stock_balances import Before, of_items, of_lanes, on_their_way, partners
from chainwright.policies.nobody import NOBODY
from chainwright.words.errors import UsageError, suggestion
from chainwright.words.subjects import SCHEMA

if TYPE_CHECKING:
    from chainwright.experiment.timeline.timeline import Timeline

# What is told of a decision, the one that is asked for most first.
ORDER = ("place_orders", "plan_production", "forecast_demand", "demand")
TITLES = {
    "place_orders": "Order of {}",
    "plan_production": "Production of {}",
    "forecast_demand": "Forecast of {}",
    "demand": "Demand for {}",
}
# Inputs of more lanes than this are told lane by lane, by `inspect_lane`.
MOST_LANES = 20


def inspect(timeline: Timeline, enterprise: str, period: int, acting: bool = True) -> dict[str, Any]:
    """All that an inspector shows of an enterprise at the end of a period.

    Parameters
    ----------
    timeline : Timeline
        The timeline.
    enterprise : str
        Name of the enterprise.
    period : int
        A period that was played; 0 for the start.
    acting : bool
        Whether to tell what can be changed and disrupted by hand, and which other policies there are.

    Returns
    -------
    dict
        JSON: ``enterprise``, ``role``, ``echelon``, ``period``, and ``sections``, each with ``kind`` and ``title``: `columns`
        (of the enterprise, of each item), `arithmetic` (of each decision), `pipeline`, `partners`, `policies`, `levers`, `disruptions`.

    Raises
    ------
    UsageError
        When there is no such enterprise, or the period was not played.

    Examples
    --------
    >>> import chainwright as cw
    >>> timeline = cw.Timeline("beer_game")
    >>> timeline.play(9)
    >>> found = inspect(timeline, "wholesaler", 9)
    >>> [section["kind"] for section in found["sections"]][:4]
    ['columns', 'columns', 'arithmetic', 'arithmetic']
    >>> order = found["sections"][2]
    >>> order["title"], order["steps"][-1]["words"], order["steps"][-1]["value"] == order["outcome"]
    ('Order of beer', 'ordered from distributor', True)
    """
    return inspect_many(timeline, [enterprise], period, acting)[enterprise]


def inspect_many(timeline: Timeline, enterprises: Iterable[str], period: int, acting: bool = True) -> dict[str, dict[str, Any]]:
    """The same as `inspect` of several enterprises, by name; the period is played again only once.

    Parameters
    ----------
    timeline : Timeline
        The timeline.
    enterprises : iterable of str
        Names.
    period : int
        A period that was played; 0 for the start.
    acting : bool
        Whether to tell what can be changed and disrupted by hand.
    """
    names = timeline.history.names
    known = names.enterprises["name"]
    places = {name: _place(known, name) for name in enterprises}
    items = {name: names.rows["items"][names.items["enterprise"] == place] for name, place in places.items()}
    every = np.concatenate([np.zeros(0, np.int64), *items.values()])
    world, before, decided = _replayed(timeline, period, every)
    paths = Paths(timeline.scenario, names)
    found = {}
    for name, place in places.items():
        own = set(items[name].tolist())
        of_own = [one for one in decided if one.row in own]
        found[name] = {
            "enterprise": name,
            "role": str(names.enterprises["role"][place]),
            "echelon": int(names.enterprises["echelon"][place]),
            "period": period,
            "sections": _sections(world, before, paths, int(names.rows["enterprises"][place]), items[name], of_own, acting),
        }
    return found


def inspect_lane(timeline: Timeline, seller: str, buyer: str, period: int, acting: bool = True) -> dict[str, Any]:
    """All that an inspector shows of the lanes from one enterprise to another at the end of a period.

    Parameters
    ----------
    timeline : Timeline
        The timeline.
    seller, buyer : str
        Names of the enterprises.
    period : int
        A period that was played; 0 for the start.
    acting : bool
        Whether to tell what can be changed and disrupted by hand.

    Raises
    ------
    UsageError
        When there is no such enterprise, they do not trade, or the period was not played.

    Examples
    --------
    >>> import chainwright as cw
    >>> timeline = cw.Timeline("beer_game")
    >>> timeline.play(9)
    >>> found = inspect_lane(timeline, "distributor", "wholesaler", 9)
    >>> [(one["what"], one["due"]) for one in found["sections"][3]["rows"]]
    [('goods', 10), ('orders', 10), ('goods', 11), ('orders', 11)]
    """
    names = timeline.history.names
    ends = {end: _place(names.enterprises["name"], name) for end, name in (("seller", seller), ("buyer", buyer))}
    meant = np.ones(len(names.lanes["seller"]), np.bool_)
    for end, place in ends.items():
        meant &= names.items["enterprise"][names.lanes[end]] == place
    numbers = np.flatnonzero(meant)
    if not len(numbers):
        raise UsageError(f"{seller} does not sell to {buyer}: there is no lane from the one to the other")
    rows = names.rows["lanes"][numbers]
    world, before, _ = _replayed(timeline, period, np.zeros(0, np.int64))
    paths = Paths(timeline.scenario, names)
    visibility = world.current.first.visibility
    sections: list[dict[str, Any]] = []
    for number, row in zip(numbers.tolist(), rows.tolist(), strict=True):
        product, mode = paths.product(number), str(names.lanes["mode"][number] or "")
        title = f"{product} by {mode}" if mode else product
        columns = wanted_columns(world, "lanes", [row], ALWAYS["lanes"])
        sections.append({"kind": "columns", "title": title, "table": "lanes", "product": product, "mode": mode,
                         "columns": values(world, columns, row, visibility)})  # fmt: skip
        if before is not None:
            sections += of_lanes(world, before, row, title)
    sections.append({"kind": "pipeline", "title": "On the way", **on_their_way(world, lanes=rows)})
    if acting:
        found = [lever for number in numbers.tolist() for lever in levers.lane_levers(world, paths, number)]
        sections.append({"kind": "levers", "title": "Terms", "levers": found})
        sections.append({"kind": "disruptions", "title": "Disruptions", "kinds": possible_disruptions.of_lanes(world, seller, buyer, rows),
                         "at_work": possible_disruptions.at_work(world, "lanes", rows)})  # fmt: skip
    return {"seller": seller, "buyer": buyer, "lanes": numbers.tolist(), "period": period, "sections": sections}


def _place(known: NDArray[Any], name: str) -> int:
    found = np.flatnonzero(known == name)
    if not len(found):
        raise UsageError(f"no enterprise is called {name!r}{suggestion(str(name), known[:1000].tolist())}")
    return int(found[0])


def _replayed(timeline: Timeline, period: int, rows: NDArray[Any]) -> tuple[Any, Before | None, list[Arithmetic]]:
    """A world at the end of a period, what stood at its beginning, and how the decisions about some items came about in it."""
    if period == 0:
        return timeline.world_at(0), None, []
    world = timeline.world_at(period - 1)
    before = Before(world)
    return world, before, explained(world, rows)


def _sections(
    world: Any, before: Before | None, paths: Paths, row: int, items: NDArray[Any], decided: list[Arithmetic], acting: bool
) -> list[dict[str, Any]]:
    visibility = world.current.first.visibility
    products = {int(item): str(world.products.name[world.items.product[item]]) for item in items}
    columns = wanted_columns(world, "enterprises", [row], ALWAYS["enterprises"])
    sections: list[dict[str, Any]] = [
        {"kind": "columns", "title": "Enterprise", "table": "enterprises", "product": None, "columns": values(world, columns, row, visibility)}
    ]
    for item, product in products.items():
        shown = values(world, item_columns(world, item), item, visibility)
        sections.append({"kind": "columns", "title": product, "table": "items", "product": product, "columns": shown})
    for one in sorted(decided, key=lambda one: (list(products).index(one.row), ORDER.index(one.decision))):
        sections.append(_told(world, one, products[one.row]))
    if before is not None:
        sections += [section for item, product in products.items() for section in of_items(world, before, item, product)]
    sections.append({"kind": "pipeline", "title": "On the way", **on_their_way(world, items=items)})
    sections.append({"kind": "partners", "title": "Partners", **partners(world, paths.names, items)})
    sections.append({"kind": "policies", "title": "Policies", **levers.policies(world, paths, products, choices=acting)})
    if acting:
        own = [lever for item in products for lever in levers.item_levers(world, paths, item)]
        numbers = _lane_numbers(world, paths, items)
        if len(numbers) <= MOST_LANES:
            own += [lever for number in numbers for lever in levers.lane_levers(world, paths, number)]
        sections.append({"kind": "levers", "title": "Terms", "levers": own})
        acts = possible_disruptions.at_work(world, "enterprises", [row]) + possible_disruptions.at_work(world, "items", items)
        sections.append({"kind": "disruptions", "title": "Disruptions", "kinds": possible_disruptions.of_enterprise(world, row), "at_work": acts})
    return sections


def _lane_numbers(world: Any, paths: Paths, items: NDArray[Any]) -> list[int]:
    """The lanes of some items by their numbers in the order of the file."""
    rows = paths.names.rows["lanes"]
    own = np.isin(world.lanes.seller[rows], items) | np.isin(world.lanes.buyer[rows], items)
    numbers: list[int] = np.flatnonzero(own).tolist()
    return numbers


def _told(world: Any, one: Arithmetic, product: str) -> dict[str, Any]:
    """One decision as a section."""
    nobody = one.policy.name in NOBODY
    written = [(SCHEMA["items", name], value) for name, value in one.written.items() if ("items", name) in SCHEMA]
    writes = [
        {"name": column.name, "label": label(column.name), "value": jsonable(value), "unit": column.unit, "meaning": in_words(column.meaning)}
        for column, value in written
    ]
    return {
        "kind": "arithmetic",
        "title": TITLES.get(one.decision, label(one.decision) + " of {}").format(product),
        "decision": one.decision,
        "product": product,
        "decided_by": one.decided_by,
        "policy": "" if nobody else one.policy.name,
        "formula": "" if nobody else in_words(one.policy.formula),
        "source": "" if nobody else one.policy.source,
        "steps": [{"words": step.words, "formula": step.formula, "value": jsonable(step.value), "unit": step.unit} for step in one.steps],
        "answer": jsonable(one.answer),
        "outcome": jsonable(one.outcome),
        "column": one.column,
        "writes": writes,
    }
