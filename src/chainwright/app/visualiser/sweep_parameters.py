"""The numbers of a scenario that a small sweep from the page can vary, each with a sensible range."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from chainwright.policies import policies_for
from chainwright.scenario import Scenario, keys
from chainwright.scenario.paths import join_path, split_path
from chainwright.words.schema import LARGEST_NUMBER

# A list to choose from; of more numbers a reader would not find the right one.
MOST = 80
DELAYS = ("order_delay", "transport_time")
DECISIONS = ("place_orders", "plan_production", "forecast_demand")
COSTS = ("holding_cost", "backorder_cost")
# Numbers that say when something happens rather than how much of it.
_AT_START = {"initial", "deviation", "initial_trend", "initial_size", "initial_interval"}
_NOT_VARIED = {"hold_until", "first", "begins_after"}


def parameters(scenario: Scenario) -> list[dict[str, Any]]:
    """Policy parameters, delays of lanes, demand and costs: what a sweep can vary.

    Parameters
    ----------
    scenario : Scenario
        What is played.

    Returns
    -------
    list of dict
        JSON: ``path``, ``label``, ``value``, ``low``, ``high`` and whether it is ``whole``, most interesting first.

    Examples
    --------
    >>> import chainwright as cw
    >>> [one["path"] for one in parameters(cw.load("newsvendor"))][:3]
    ['policies.place_orders.stand.level', 'lanes.printer>stand.transport_time', 'enterprises.readers.items.newspaper.demand.mean']
    """
    data = scenario.document
    found: dict[str, dict[str, Any]] = {}
    of_policies = sorted(_of_policies(data), key=_interest)
    for one in itertools.chain(of_policies, _of_lanes(data), _of_demand(data), _of_costs(data)):
        found.setdefault(one["path"], one)
        if len(found) == MOST:
            break
    return list(found.values())


def _interest(one: Mapping[str, Any]) -> tuple[int, int, int]:
    """What is told first: orders before forecasts, everybody before somebody, and what only matters at the start last."""
    _, decision, whom, *_, name = split_path(one["path"])
    return (name in _AT_START, DECISIONS.index(decision) if decision in DECISIONS else len(DECISIONS), whom != "default")


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _one(
    path: tuple[str, ...], label: str, value: float, *, minimum: float = -LARGEST_NUMBER, maximum: float = LARGEST_NUMBER, whole: bool = False
) -> dict[str, Any]:
    """A parameter with a range around its value: half to double, within its bounds; all of a share."""
    if maximum <= 1.0 and minimum > -LARGEST_NUMBER:
        low, high = minimum, maximum
    elif value == 0.0:
        low, high = 0.0, 4.0 if whole else 1.0
    else:
        low, high = sorted((value / 2.0, 2.0 * value))
    low, high = max(low, minimum), min(high, maximum)
    if whole:
        low, high = math.floor(low), max(math.ceil(high), math.floor(low) + 3)
        low, high = max(low, minimum), min(high, maximum)
    return {"path": join_path(path), "label": label, "value": value, "low": _tidy(low), "high": _tidy(high), "whole": whole}


def _tidy(value: float) -> float:
    rounded = float(f"{value:.4g}")
    return int(rounded) if rounded == int(rounded) else rounded


def _words(name: str) -> str:
    return name.replace("_", " ")


def _of_policies(data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for decision, entries in keys.parts(data, "policies").items():
        known = policies_for(decision) if decision != "demand" else {}
        for whom, entry in (entries or {}).items():
            if not isinstance(entry, dict):
                continue
            yield from _of_entry(("policies", decision, whom), whom, _words(decision), entry, known)
            for product, own in entry.items():
                if isinstance(own, dict) and "policy" in own:
                    yield from _of_entry(("policies", decision, whom, product), f"{whom}, {product}", _words(decision), own, known)


def _of_entry(path: tuple[str, ...], who: str, what: str, entry: Mapping[str, Any], known: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    policy = known.get(str(entry.get("policy")))
    declared = {field.name: field.metadata for field in policy.parameters()} if policy is not None else {}
    called = "everybody" if who == "default" else who
    for name, value in entry.items():
        if not _number(value) or name in _NOT_VARIED:
            continue
        said = declared.get(name, {})
        if said.get("kind", "float") not in ("float", "int"):
            continue
        bounds = {"minimum": float(said.get("minimum", 0.0)), "maximum": float(said.get("maximum", LARGEST_NUMBER))}
        label = f"{_words(name)} · {called} · {what}"
        yield _one((*path, name), label, value, whole=said.get("kind") == "int", **bounds)


def _of_lanes(data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Delays of all lanes that have one, where they are the same, then of each pair of enterprises."""
    lanes = keys.parts(data, "lanes")
    for name in DELAYS:
        own = [lane.get(name, 0) for lane in lanes]
        if own and all(_number(value) for value in own) and len({value for value in own if value}) == 1 and all(own):
            yield _one(("lanes", "*", name), f"{_words(name)} · all lanes", own[0], minimum=1, whole=True)
    pairs = Counter((lane["seller"], lane["buyer"]) for lane in lanes)
    for lane in lanes:
        pair = (lane["seller"], lane["buyer"])
        if pairs[pair] > 1:
            continue  # of several lanes between two, a path names all
        for name in DELAYS:
            if _number(lane.get(name)) and lane[name] > 0:
                label = f"{_words(name)} · {pair[0]} to {pair[1]}"
                yield _one(("lanes", f"{pair[0]}>{pair[1]}", name), label, lane[name], minimum=1, whole=True)


def _of_demand(data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    known = policies_for("demand")
    for firm, product, item in _items(data):
        entry = item.get("demand")
        if isinstance(entry, dict):
            path = ("enterprises", firm, "items", product, "demand")
            yield from _of_entry(path, firm, f"demand for {product}", entry, known)


def _of_costs(data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for firm, product, item in _items(data):
        for name in COSTS:
            if _number(item.get(name)):
                yield _one(("enterprises", firm, "items", product, name), f"{_words(name)} · {firm}, {product}", item[name], minimum=0.0)


def _items(data: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for firm, enterprise in keys.parts(data, "enterprises").items():
        for product, item in keys.declared_items(enterprise).items():
            yield str(firm), str(product), item or {}
