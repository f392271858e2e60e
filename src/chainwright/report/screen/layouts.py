"""Where enterprises stand on the screen: in columns by echelon with few crossings, and on a map where places are given."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from chainwright.report.layout import arrange

Enterprise = Mapping[str, Any]
Link = Mapping[str, Any]

# Attributes of enterprises in which places are given, as (across, up).
PLACES = (("longitude", "latitude"), ("lon", "lat"), ("lng", "lat"), ("x", "y"))
# They may also stand together in one attribute, a mapping or a pair.
TOGETHER = ("place", "location", "position")
ON_THE_GLOBE = ("longitude", "lon", "lng")
# Of all enterprises, the share that must have a place before there is a map.
MOST_KNOWN = 0.5
# Degrees: near the poles a degree of longitude is hardly a distance.
FARTHEST = 80.0
DECIMALS = 4


def layouts(enterprises: Sequence[Enterprise], links: Sequence[Link], places: Sequence[Mapping[str, Any]] | None = None) -> dict[str, Any]:
    """Positions of all enterprises by layout.

    Parameters
    ----------
    enterprises : sequence of mapping
        With their echelons.
    links : sequence of mapping
        From and to, rows of enterprises.
    places : sequence of mapping, optional
        Attributes of each enterprise, in which its place may be given: longitude and latitude, or x and y, by themselves or in one
        attribute ``place`` (``{longitude: 4.9, latitude: 52.4}``, or ``[x, y]``).

    Returns
    -------
    dict
        ``echelon`` with a position for each enterprise (column, height) and a route of points for each link; ``map`` with positions,
        or None where too few places are given.

    Examples
    --------
    >>> found = layouts([{"echelon": 1}, {"echelon": 0}], [{"from": 0, "to": 1}])
    >>> found["echelon"]["position"], found["map"]
    ([[0.0, 0.0], [1.0, 0.0]], None)
    """
    edges = [(link["from"], link["to"]) for link in links]
    found = arrange(_columns([int(one["echelon"]) for one in enterprises], edges), edges)
    position = [_point(found.position[row]) for row in range(len(enterprises))]
    route = [[_point(point) for point in found.route.get(edge, [])] for edge in edges]
    return {"echelon": {"position": position, "route": route}, "map": _map(places or [])}


def _columns(echelons: Sequence[int], edges: Sequence[tuple[int, int]]) -> dict[Hashable, int]:
    """In which column each enterprise stands, counted from the customers.

    Their echelons, unless goods would run backwards. That happens where an enterprise has items of several echelons, such as a works that makes
    parts and what is made of them; then everybody stands before all whom they sell to, unless some sell to each other in a circle.
    """
    if all(echelons[start] > echelons[end] for start, end in edges if start != end):
        return dict(enumerate(echelons))
    buyers: list[list[int]] = [[] for _ in echelons]
    sellers: list[list[int]] = [[] for _ in echelons]
    for start, end in {edge for edge in edges if edge[0] != edge[1]}:
        buyers[start].append(end)
        sellers[end].append(start)
    column = [0] * len(echelons)
    open_buyers = [len(found) for found in buyers]
    ready = [row for row, count in enumerate(open_buyers) if not count]
    for row in ready:  # grows while it is gone through
        column[row] = max((column[end] + 1 for end in buyers[row]), default=0)
        for start in sellers[row]:
            open_buyers[start] -= 1
            if not open_buyers[start]:
                ready.append(start)
    return dict(enumerate(column if len(ready) == len(echelons) else echelons))


def _point(point: Sequence[float]) -> list[float]:
    return [round(float(one), DECIMALS) for one in point]


def _map(places: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """Places on a map; who has none stands at the lower edge, beside the others like it."""
    known: dict[int, tuple[float, float]] = {}
    for across, up in PLACES:
        found = {row: one for row, attributes in enumerate(places) if (one := _place(attributes, across, up)) is not None}
        if len(found) > len(known):
            known, globe = found, across in ON_THE_GLOBE
    if not known or len(known) < MOST_KNOWN * len(places) or len(set(known.values())) < 2:
        return None
    # A degree of longitude is shorter than one of latitude: seen from the middle of the map, both are equally long.
    middle = math.radians(min(abs(sum(up for _, up in known.values()) / len(known)), FARTHEST)) if globe else 0.0
    points = {row: (across * math.cos(middle), up) for row, (across, up) in known.items()}
    lowest = min(up for _, up in points.values())
    left, right = min(across for across, _ in points.values()), max(across for across, _ in points.values())
    height = max(up for _, up in points.values()) - lowest or right - left
    strangers = [row for row in range(len(places)) if row not in points]
    for number, row in enumerate(strangers):
        points[row] = (left + (right - left) * (number + 0.5) / len(strangers), lowest - 0.15 * height)
    return {"position": [_point(points[row]) for row in range(len(places))]}


def _place(attributes: Mapping[str, Any], across: str, up: str) -> tuple[float, float] | None:
    for name in TOGETHER:
        place = attributes.get(name)
        if isinstance(place, Mapping):
            attributes = place
        elif isinstance(place, list) and len(place) == 2:
            attributes = {"x": place[0], "y": place[1]}
    try:
        found = float(attributes[across]), float(attributes[up])
    except (KeyError, TypeError, ValueError):
        return None
    return found if all(math.isfinite(one) for one in found) else None
