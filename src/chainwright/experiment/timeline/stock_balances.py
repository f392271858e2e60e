"""What moved and what is on the way: the balance of a stock in one period, what arrives when, and what partners did."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.experiment.timeline.as_json import ALWAYS, card, jsonable, label, wanted_columns
from chainwright.experiment.timeline.row_names import Names
from chainwright.policies.explanation import Line, signed_terms

# More rows than these are left out, the smallest first.
MOST_ON_THE_WAY, MOST_PARTNERS = 500, 200
# What an event can close of a lane, as a word.
CLOSED = {"orders_open": "orders paused", "shipments_open": "shipments reduced", "transit_open": "stopped on the way", "receipt_open": "not received"}
# From the end of one period to that of the next: what comes to it and what goes.
STOCK = (("received", 1.0), ("made", 1.0), ("used", -1.0), ("shipped", -1.0))
DEBT = (("seen", 1.0), ("lost", -1.0), ("shipped", -1.0))
TRANSIT = (("shipped", 1.0), ("received", -1.0))
ITEM_BALANCES = (("on_hand", "Stock of {}", STOCK), ("backorder", "Backorder of {}", DEBT))
LANE_BALANCES = (("backorder", "Backorder of {}", DEBT), ("in_transit", "In transit of {}", TRANSIT))


class Before:
    """What stood at the end of the period before: the columns that balances begin with.

    Parameters
    ----------
    world : World
        Before the period is played.
    """

    def __init__(self, world: Any) -> None:
        self.columns = {
            table: {column: getattr(world, table)[column].copy() for column, _, _ in balances}
            for table, balances in (("items", ITEM_BALANCES), ("lanes", LANE_BALANCES))
        }


def of_items(world: Any, before: Before, row: int, product: str) -> Iterator[dict[str, Any]]:
    """How the stock of an item, and its debt, came to be what they are; for outsiders, who keep neither, nothing."""
    if not (world.items.unlimited[row] or world.items.customer[row]):
        yield from _balances(world, before, "items", row, product)


def of_lanes(world: Any, before: Before, row: int, title: str) -> Iterator[dict[str, Any]]:
    """How the debt on a lane, and what is on its way, came to be what they are."""
    yield from _balances(world, before, "lanes", row, title)


def _balances(world: Any, before: Before, table: str, row: int, title: str) -> Iterator[dict[str, Any]]:
    held = getattr(world, table)
    for column, called, flows in ITEM_BALANCES if table == "items" else LANE_BALANCES:
        first, last = float(before.columns[table][column][row]), float(held[column][row])
        moved = [(name, sign, float(held[name][row])) for name, sign in flows if name in held.names]
        steps = [Line("before", "", first)]
        steps += [Line(("plus " if sign > 0.0 else "less ") + label(name), "", value) for name, sign, value in moved if value != 0.0]
        if first == last == 0.0 and len(steps) == 1:
            continue
        total = first
        for _, sign, value in moved:
            total += sign * value
        other = last - total
        if abs(other) > 1e-6 * (1.0 + abs(total)):
            # Such as goods sent back, or what is cancelled and counted elsewhere.
            steps.append(Line("plus what else changed it" if other > 0.0 else "less what else changed it", "", abs(other)))
            moved.append(("other", 1.0 if other > 0.0 else -1.0, abs(other)))
        terms = [("+", "before", first), *(("+" if sign > 0.0 else "−", label(name), value) for name, sign, value in moved if value != 0.0)]
        steps.append(Line("at the end of the period", signed_terms(*terms), last))
        yield {
            "kind": "arithmetic", "title": called.format(title), "decision": "", "product": title, "decided_by": "", "policy": "", "formula": "",
            "source": "", "steps": [{"words": one.words, "formula": one.formula, "value": jsonable(one.value), "unit": one.unit} for one in steps],
            "answer": jsonable(last), "outcome": jsonable(last), "column": column, "writes": [],
        }  # fmt: skip


def on_their_way(world: Any, items: Any = None, lanes: Any = None) -> dict[str, Any]:
    """What is on the way to and from some items, or on some lanes: when it is due, how much, and between whom.

    Returns
    -------
    dict
        ``rows``: each with `due` (period), `in` (periods from now), `amount`, `what` (goods, production or orders), `direction` (in or
        out; of lanes always in), `from`, `to` and `product`; ``more``: how many smaller ones were left out.
    """
    found: list[dict[str, Any]] = []
    own = np.asarray([] if items is None else items, np.int64)
    if lanes is None:
        buying, selling = (np.flatnonzero(np.isin(world.lanes[end], own)) for end in ("buyer", "seller"))
        found += _due(world, world.goods, buying, "goods", "in")
        found += _due(world, world.process, own, "production", "in")
        found += _due(world, world.orders, selling, "orders", "in")
        found += _due(world, world.goods, selling, "goods", "out")
        found += _due(world, world.orders, buying, "orders", "out")
    else:
        found += _due(world, world.goods, lanes, "goods", "in")
        found += _due(world, world.orders, lanes, "orders", "in")
    more = max(len(found) - MOST_ON_THE_WAY, 0)
    if more:
        found = sorted(found, key=lambda one: -abs(one["amount"]))[:MOST_ON_THE_WAY]
    found.sort(key=lambda one: (one["due"], one["direction"], one["what"], one["from"] or "", one["to"] or ""))
    return {"rows": found, "more": more}


def _due(world: Any, ring: Any, rows: NDArray[Any], what: str, direction: str) -> list[dict[str, Any]]:
    found = []
    for ahead in range(1, ring.width) if len(rows) else ():
        amounts = ring.due(world.period + ahead)[rows]
        for place in np.flatnonzero(amounts != 0.0).tolist():
            row = int(rows[place])
            item, ends = (row, (None, None)) if what == "production" else (int(world.lanes.seller[row]), _ends(world, row))
            # Orders go up a lane, goods come down it.
            start, end = ends if what != "orders" else ends[::-1]
            found.append({
                "due": world.period + ahead, "in": ahead, "amount": float(amounts[place]), "what": what, "direction": direction,
                "from": start, "to": end, "product": str(world.products.name[world.items.product[item]]),
            })  # fmt: skip
    return found


def _ends(world: Any, lane: int) -> tuple[str, str]:
    names, owner = world.enterprises.name, world.items.enterprise
    return str(names[owner[world.lanes.seller[lane]]]), str(names[owner[world.lanes.buyer[lane]]])


def partners(world: Any, names: Names, items: NDArray[Any]) -> dict[str, Any]:
    """The lanes of some items with what went over them this period, those that buy from them first.

    Returns
    -------
    dict
        ``columns``: what is told of each lane; ``rows``: each with `direction` (sells or buys), `partner`, `role`, `product`, `mode`,
        `lane` (its number in the order of the file), `status` (what is closed or paused, nothing where all is open) and `values`;
        ``more``: how many were left out.
    """
    lanes, order = world.lanes, names.rows["lanes"]
    visibility = world.current.first.visibility
    found: list[tuple[str, str, int, int]] = []
    for direction, own, other in (("sells", "seller", "buyer"), ("buys", "buyer", "seller")):
        for number in np.flatnonzero(np.isin(lanes[own][order], items)).tolist():
            found.append((direction, other, number, int(order[number])))
    more = max(len(found) - MOST_PARTNERS, 0)
    if more:
        busiest = sorted(found, key=lambda one: -abs(float(lanes.ordered[one[3]])) - abs(float(lanes.shipped[one[3]])))
        kept = set(busiest[:MOST_PARTNERS])
        found = [one for one in found if one in kept]
    columns = wanted_columns(world, "lanes", [row for *_, row in found], ALWAYS["lanes"]) if found else []
    rows = []
    for direction, other, number, row in found:
        partner = int(world.items.enterprise[lanes[other][row]])
        rows.append({
            "direction": direction,
            "partner": str(world.enterprises.name[partner]),
            "role": str(world.enterprises.role[partner]),
            "product": str(world.products.name[world.items.product[lanes.seller[row]]]),
            "mode": str(lanes.mode[row] or ""),
            "lane": number,
            "status": _status(world, row, partner),
            "values": [jsonable(lanes[column.name][row]) for column in columns],
        })  # fmt: skip
    return {"columns": [card(column, visibility) for column in columns], "rows": rows, "more": more}


def _status(world: Any, row: int, partner: int) -> list[str]:
    """What is out of order with a lane and its other end."""
    lanes = world.lanes
    found = ["partner closed"] if world.enterprises.closed[partner] else []
    if not lanes.trading[row]:
        found.append("not in use")
    return found + [words for name, words in CLOSED.items() if lanes[name][row] < 1.0]
