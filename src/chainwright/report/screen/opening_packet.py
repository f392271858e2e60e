"""What a page is told once of a timeline: who is there, who trades with whom, where all are drawn, and what is measured."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainwright.metrics.directions import is_goal, less_is_better
from chainwright.metrics.names import Names
from chainwright.metrics.results import keys
from chainwright.report.screen.grouping import groups
from chainwright.report.screen.insides import insides
from chainwright.report.screen.layouts import layouts
from chainwright.report.screen.numbers import countable, listed
from chainwright.report.tables import echelon_names, metric_words, share_metrics, unit_of

# The tiles, most important first; those that a scenario has no use for are left out.
TILES = (
    "fill_rate",
    "cost_per_period",
    "days_of_supply",
    "bullwhip_ratio_to_end_demand",
    "backorder_mean",
    "on_hand_mean",
    "lost_sales",
    "revenue",
    "profit",
    "cash",
)
# What a page draws before the first period.
AT_START = {"items": ("on_hand", "backorder", "in_process"), "lanes": ("in_transit", "backorder"), "enterprises": ("cash",)}


def structure(timeline: Any, number: str) -> dict[str, Any]:
    """The packet that begins a timeline.

    Parameters
    ----------
    timeline : Timeline
        What is watched.
    number : str
        What the page calls it.

    Returns
    -------
    dict
        JSON: rows of enterprises, items and lanes in the order of the scenario file, links (one for each ordered pair of enterprises
        that trade), layouts, what enterprises of several items open into, groups where there are too many to be drawn one by one,
        measures with their definitions.
    """
    world = timeline.world_at(0)
    scenario, names = timeline.scenario, Names(world)
    of_enterprises = keys(names, "enterprises")
    enterprises = [
        {"name": str(name), "role": str(role), "echelon": int(echelon)}
        for name, role, echelon in zip(*(of_enterprises[key] for key in ("enterprise", "role", "echelon")), strict=True)
    ]
    items, lanes = _items(world, names), _lanes(world, names)
    links = _links(items, lanes)
    tiers = groups(enterprises, links, _tags(scenario, enterprises))
    return {
        "kind": "structure",
        "timeline": number,
        "label": timeline.label,
        "name": scenario.name,
        "title": scenario.title,
        "description": scenario.description,
        "source": scenario.source,
        "period_word": period_word(scenario),
        "period_days": scenario.period_days,
        "horizon": timeline.horizon,
        "warm_up": scenario.warm_up,
        "seed": countable(timeline.seed),
        "run": countable(timeline.run),
        "products": [str(name) for name in world.products.name],
        "enterprises": enterprises,
        "items": items,
        "lanes": lanes,
        "links": links,
        "echelons": _echelons(names),
        # Whoever is drawn by tiers needs no place of their own.
        "layouts": layouts(enterprises, links, _places(scenario, enterprises)) if tiers is None else layouts([], []),
        "groups": tiers,
        "insides": insides(items, lanes, _recipes(world, names)) if tiers is None else [],
        "measures": measures(timeline),
        "variants": list(scenario.variants),
        "disruptions": _disruptions(scenario),
        "start": _start(world, names),
        # The first day of each period, where the scenario says when it starts.
        "dates": [] if scenario.calendar is None else scenario.calendar.dates(np.arange(1, timeline.horizon + 1)).astype(str).tolist(),
    }


def period_word(scenario: Any) -> str:
    """What a period is called."""
    said = scenario.document.get("period", "day")
    return str(said) if isinstance(said, str) and not str(said).replace(".", "").isdigit() else "period"


def measures(timeline: Any) -> list[dict[str, Any]]:
    """The measures that have a tile, with what they are called and whether more is better (1), less (-1), or neither by itself (0)."""
    kept = timeline.history.measures
    world = timeline.world_at(0)
    wanted = [name for name in TILES if name in kept and (name not in ("cost_per_period", "revenue") or world.costs or "prices" in world.features)]
    if "given_up" not in world.features:
        wanted = [name for name in wanted if name != "lost_sales"]
    if "prices" not in world.features:
        wanted = [name for name in wanted if name not in ("revenue", "profit", "cash")]
    found = []
    for name in wanted:
        label, _, meaning = metric_words()[name]
        less = less_is_better(name) if is_goal(name) else None
        better = 0 if less is None else (-1 if less else 1)
        unit = unit_of(name, len(world.products.name))
        found.append({"name": name, "label": label, "unit": unit, "meaning": meaning, "share": name in share_metrics(), "better": better})
    return found


def _items(world: Any, names: Names) -> list[dict[str, Any]]:
    rows = names.rows["items"].ravel()
    place_of = _places_of(names, "enterprises")
    items = world.items
    return [
        {
            "enterprise": int(place_of[items.enterprise[row]]),
            "product": int(items.product[row]),
            "echelon": int(items.echelon[row]),
            "customer": bool(items.customer[row]),
            "unlimited": bool(items.unlimited[row]),
            "makes": bool(items.makes[row]),
            "lead_time": float(items.lead_time[row]),
        }
        for row in rows.tolist()
    ]


def _lanes(world: Any, names: Names) -> list[dict[str, Any]]:
    rows = names.rows["lanes"].ravel()
    place_of = _places_of(names, "items")
    lanes = world.lanes
    modes = lanes["mode"]
    return [
        {"seller": int(place_of[lanes.seller[row]]), "buyer": int(place_of[lanes.buyer[row]]), "mode": str(modes[row])} for row in rows.tolist()
    ]


def _recipes(world: Any, names: Names) -> list[tuple[int, int]]:
    """Component and product of each recipe's lines, rows of items."""
    place_of = _places_of(names, "items")
    recipes = world.recipes
    return [(int(place_of[component]), int(place_of[made])) for component, made in zip(recipes.component, recipes.item, strict=True)]


def _places_of(names: Names, table: str) -> Any:
    """For each row of the world its place in the order of the file."""
    rows = names.rows[table].ravel()
    places = np.empty(len(rows), np.int64)
    places[rows] = np.arange(len(rows))
    return places


def _links(items: list[dict[str, Any]], lanes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One link for each ordered pair of enterprises that trade, with the numbers of their lanes."""
    found: dict[tuple[int, int], list[int]] = {}
    for number, lane in enumerate(lanes):
        found.setdefault((items[lane["seller"]]["enterprise"], items[lane["buyer"]]["enterprise"]), []).append(number)
    return [{"from": start, "to": end, "lanes": own} for (start, end), own in found.items()]


def _echelons(names: Names) -> list[dict[str, Any]]:
    """What each echelon is called, the customers' first; those without items of their own have an empty name."""
    import pandas as pd

    of_items = keys(names, "items")
    called = echelon_names(pd.DataFrame({key: of_items[key] for key in ("enterprise", "product", "role", "echelon")}))
    return [{"label": called.get(number, "")} for number in range(max(called, default=-1) + 1)]


def _places(scenario: Any, enterprises: list[dict[str, Any]]) -> list[Any] | None:
    """The attributes of each enterprise, in which a place may be given."""
    document = scenario.document.get("enterprises") or {}
    if not document:
        return None
    return [(document.get(one["name"]) or {}).get("attributes") or {} for one in enterprises]


def _tags(scenario: Any, enterprises: list[dict[str, Any]]) -> dict[str, list[int]]:
    """The rows of those who bear each tag."""
    blueprint = scenario.blueprint()
    row_of = {one["name"]: row for row, one in enumerate(enterprises)}
    names = blueprint.tables["enterprises"]["name"]
    return {tag: [row_of[str(name)] for name in names[rows]] for tag, rows in blueprint.tags.items()}


def _disruptions(scenario: Any) -> list[dict[str, Any]]:
    """The disruptions that the scenario itself brings, for flags on the timeline."""
    found = []
    for one in scenario.document.get("disruptions") or []:
        target = {key: value for key, value in (one.get("target") or {}).items() if value is not None}
        found.append({"kind": one["kind"], "target": target, "start": int(one["start"]), "duration": int(one["duration"])})
    return found


def _start(world: Any, names: Names) -> dict[str, Any]:
    start: dict[str, Any] = {}
    for table, columns in AT_START.items():
        held, rows = getattr(world, table), names.rows[table].ravel()
        start[table] = {column: listed(held[column][rows]) for column in columns}
    return start
