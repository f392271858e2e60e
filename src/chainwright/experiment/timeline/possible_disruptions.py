"""Which disruptions make sense for an enterprise, or for the lanes between two, with what can be said of each."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np

from chainwright.experiment.timeline.as_json import in_words, jsonable, label
from chainwright.network.blueprint import Event
from chainwright.scenario.check import rules_of_keys

_FADING = ("recovery", "recovery_time")
_HOW_LONG = "How many periods it lasts, recovery aside"
MEANINGS = {
    "duration": (_HOW_LONG, "periods"),
    "severity": ("Share that is lost: 1 is all", "share"),
    "recovery": ("Whether everything is as before at once, or little by little", "-"),
    "recovery_time": ("How many periods the recovery takes; as many as it lasted where nothing is said", "periods"),
    "factor": ("What demand is multiplied by", "-"),
    "orders": ("Whether orders that reach the closed enterprise wait, or are refused", "-"),
}


@dataclasses.dataclass(frozen=True)
class Kind:
    """A kind of disruption: what it does, and what can be said of it besides its target and its start."""

    meaning: str
    fields: tuple[str, ...]


KINDS: Mapping[str, Kind] = {
    "closure": Kind("Closed: nothing is ordered, made, shipped or received", ("duration", *_FADING, "orders")),
    "reduction": Kind("Less capacity or, where none is declared, less of what would ship", ("duration", "severity", *_FADING)),
    "order_pause": Kind("No orders are placed", ("duration",)),
    "shipment_pause": Kind("Less is shipped, or nothing", ("duration", "severity", *_FADING)),
    "transit_pause": Kind("Goods on the way stand still", ("duration",)),
    "receipt_pause": Kind("Goods that arrive are not taken in", ("duration",)),
    "demand": Kind("Customers demand more, or less", ("factor", "duration", "severity", *_FADING)),
}
# What a form starts at where an event has no default of its own.
STARTS: Mapping[str, Any] = {"duration": 4, "factor": 1.5, "severity": 1.0, "recovery_time": None}


def of_enterprise(world: Any, row: int) -> list[dict[str, Any]]:
    """The kinds of disruption that can happen to an enterprise.

    Parameters
    ----------
    world : World
        The world.
    row : int
        The enterprise.
    """
    items, lanes = world.items, world.lanes
    own = items.enterprise == row
    sells, buys = bool(own[lanes.seller].any()), bool(own[lanes.buyer].any())
    # Where everything that is bought has time to travel, there are goods on the way.
    travels = bool((own[lanes.buyer] & (lanes.transport_time > 0)).any())
    sense = {
        "closure": True,
        "reduction": sells or bool(items.makes[own].any()),
        "order_pause": buys,
        "shipment_pause": sells,
        "transit_pause": travels,
        "receipt_pause": travels,
        "demand": bool(items.customer[own].any()),
    }
    products = [str(name) for name in world.products.name[items.product[own]]]
    target = {"enterprise": str(world.enterprises.name[row])}
    return [_kind(kind, target, products if len(products) > 1 else []) for kind in KINDS if sense.get(kind, True)]


def of_lanes(world: Any, seller: str, buyer: str, lanes: Any) -> list[dict[str, Any]]:
    """The kinds of disruption that can happen to the lanes from one enterprise to another.

    Parameters
    ----------
    world : World
        The world.
    seller, buyer : str
        Names of the enterprises.
    lanes : array of int
        Rows of the lanes between them.
    """
    travels = bool((world.lanes.transport_time[lanes] > 0).any())
    products = list(dict.fromkeys(str(name) for name in world.products.name[world.items.product[world.lanes.seller[lanes]]]))
    sense = {"demand": False, "transit_pause": travels, "receipt_pause": travels}
    target = {"seller": seller, "buyer": buyer}
    return [_kind(kind, target, products if len(products) > 1 else []) for kind in KINDS if sense.get(kind, True)]


def _kind(kind: str, target: Mapping[str, str], products: list[str]) -> dict[str, Any]:
    return {
        "kind": kind,
        "label": label(kind),
        "meaning": in_words(KINDS[kind].meaning),
        "target": dict(target),
        # A target may name one of them besides.
        "products": products,
        "fields": [_field(kind, name) for name in KINDS[kind].fields],
    }


def _field(kind: str, name: str) -> dict[str, Any]:
    rule = rules_of_keys.EVENT[name]
    defaults = {field.name: field.default for field in dataclasses.fields(Event)}
    meaning, unit = MEANINGS[name]
    start = STARTS[name] if name in STARTS else defaults[name]
    if kind in ("reduction", "shipment_pause") and name == "severity":
        start = 0.5
    found: dict[str, Any] = {
        "name": name,
        "label": label(name),
        "kind": {"whole": "int", "choice": "str"}.get(rule.kind, "float"),
        "value": start,
        "unit": unit,
        "minimum": jsonable(rule.minimum),
        "maximum": jsonable(rule.maximum),
        "choices": list(rule.choices),
        "meaning": in_words(meaning),
    }
    if name == "recovery_time":
        # A sudden recovery takes no time.
        found["when"] = {"recovery": [choice for choice in rules_of_keys.EVENT["recovery"].choices if choice != defaults["recovery"]]}
    return found


def at_work(world: Any, table: str, rows: Any) -> list[dict[str, Any]]:
    """The events that act on some rows of a table in the period that was played last.

    Parameters
    ----------
    world : World
        The world.
    table : str
        ``enterprises``, ``items`` or ``lanes``.
    rows : array of int
        Rows of the world.
    """
    from chainwright.phases.risk.disrupt import intensity

    found = []
    for event, hit in world.events.scheduled:
        strength = intensity(event, world.period)
        if event.table == table and strength > 0.0 and np.isin(hit, rows).any():
            ends = event.start + event.duration - 1
            until = f"from {event.start} to {ends}" if ends > event.start else f"in {event.start}"
            words = f"{label(event.kind)} {until}" + (f", {strength:.0%} of it now" if strength < 1.0 else "")
            told = {"kind": event.kind, "label": label(event.kind), "words": words, "start": event.start, "duration": event.duration}
            found.append({**told, "strength": strength})
    return found
