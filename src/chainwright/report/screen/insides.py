"""What an enterprise opens into: its items, what is made of what, and the partners who sell to them or buy them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from chainwright.report.screen.layouts import layouts

Row = Mapping[str, Any]
# An enterprise with fewer items shows nothing more, one with more than can be told apart is not opened.
LEAST, MOST = 2, 60
# As many are laid out, those with the most items first.
MOST_OPENED = 24


def insides(items: Sequence[Row], lanes: Sequence[Row], recipes: Sequence[tuple[int, int]]) -> list[dict[str, Any]]:
    """Of each enterprise that opens, what is drawn then.

    Parameters
    ----------
    items : sequence of mapping
        With their ``enterprise``, a row of enterprises.
    lanes : sequence of mapping
        ``seller`` and ``buyer``, rows of items.
    recipes : sequence of pair
        Component and what is made of it, rows of items.

    Returns
    -------
    list of dict
        The row of the ``enterprise``; ``nodes``, each an ``item`` of its own or an ``enterprise`` that trades with it, with their
        ``position``; ``links`` between two nodes, which have ``lanes``, or none where a component becomes part of a product, with their ``route``.

    Examples
    --------
    >>> shop = [{"enterprise": 0}, {"enterprise": 0}, {"enterprise": 1}]
    >>> [found] = insides(shop, [{"seller": 1, "buyer": 2}], [(0, 1)])
    >>> found["nodes"], [(link["from"], link["to"], link["lanes"]) for link in found["links"]]
    ([{'item': 0}, {'item': 1}, {'enterprise': 1}], [(1, 2, [0]), (0, 1, [])])
    """
    own: dict[int, list[int]] = {}
    for row, item in enumerate(items):
        own.setdefault(int(item["enterprise"]), []).append(row)
    opened = sorted((who for who, rows in own.items() if LEAST <= len(rows) <= MOST), key=lambda who: -len(own[who]))[:MOST_OPENED]
    return [found for who in sorted(opened) if (found := _inside(who, own[who], items, lanes, recipes)) is not None]


def _inside(who: int, rows: list[int], items: Sequence[Row], lanes: Sequence[Row], recipes: Sequence[tuple[int, int]]) -> dict[str, Any] | None:
    nodes: list[dict[str, int]] = [{"item": row} for row in rows]
    place: dict[tuple[str, int], int] = {("item", row): number for number, row in enumerate(rows)}

    def partner(side: str, row: int) -> int:
        """Whoever sells and buys as well stands on both sides."""
        key = (side, int(items[row]["enterprise"]))
        if key not in place:
            place[key] = len(nodes)
            nodes.append({"enterprise": key[1]})
        return place[key]

    carried: dict[tuple[int, int], list[int]] = {}
    for number, lane in enumerate(lanes):
        seller, buyer = int(lane["seller"]), int(lane["buyer"])
        inner = [("item", row) in place for row in (seller, buyer)]
        if inner == [True, False]:
            carried.setdefault((place["item", seller], partner("buyer", buyer)), []).append(number)
        elif inner == [False, True]:
            carried.setdefault((partner("seller", seller), place["item", buyer]), []).append(number)
    for component, made in recipes:
        if ("item", component) in place and ("item", made) in place:
            carried.setdefault((place["item", component], place["item", made]), [])
    links = [{"from": start, "to": end, "lanes": numbers} for (start, end), numbers in carried.items()]
    # Columns follow from who stands before whom.
    found = layouts([{"echelon": 0} for _ in nodes], links)["echelon"]
    if len({x for x, _ in found["position"]}) < LEAST:
        return None
    return {
        "enterprise": who,
        "nodes": nodes,
        "position": found["position"],
        "links": [{**link, "route": route} for link, route in zip(links, found["route"], strict=True)],
    }
