"""The small network in which a class is checked: thirty enterprises in the middle, their sellers and their customers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chainwright.network.blueprint import Blueprint
from chainwright.scenario.resolve.document import resolve
from chainwright.words.subjects import SUBJECTS

# The tag of the enterprises whose class is checked.
CHECKED = "checked"
SIZE = 30
SOURCES = 4
IN_TURN = ("supplier", "manufacturer", "distributor", "retailer")
# How far from its own number the sellers of a customer stand; it has one, two or three of them.
STEPS = (0, 1, 3)


def small_network(role: str = "", production: bool = False, visibility: Mapping[str, str] | None = None) -> Blueprint:
    """Sources, thirty enterprises of a role that sell to thirty customers, each with one to three sellers and buyers.

    Parameters
    ----------
    role : str
        Role of the enterprises to be checked; empty for all roles in turn, customers among them.
    production : bool
        Whether those in the middle produce, whatever their role; manufacturers always do.
    visibility : mapping, optional
        Column name to visibility, where it is not the usual one.

    Examples
    --------
    >>> blueprint = small_network("retailer")
    >>> len(blueprint.tags["checked"]), len(blueprint.tables["lanes"]["seller"])
    (30, 120)
    """
    either = {"goods": {"unlimited": True}, "parts": {"unlimited": True}}
    enterprises: dict[str, Any] = {f"source_{number}": {"role": "supplier", "items": either} for number in range(1, SOURCES + 1)}
    lanes: list[dict[str, Any]] = []
    recipes: list[dict[str, Any]] = []
    for place in range(SIZE):
        name = _name("middle", place)
        own_role = IN_TURN[place % len(IN_TURN)] if not role else "retailer" if role == "customer" else role
        makes = production or own_role == "manufacturer"
        enterprises[name] = {"role": own_role, "tags": [] if role == "customer" else [CHECKED], "items": {"goods": {}}}
        if makes:
            recipes.append({"enterprise": name, "product": "goods", "components": {"parts": 2}, "production_time": 1})
        sellers = [f"source_{(place + step) % SOURCES + 1}" for step in range(1 + place % 3)]
        lanes += [_lane(seller, name, "parts" if makes else "goods") for seller in sellers]
    for place in range(SIZE):
        name = _name("customer", place)
        wanted = {"goods": {"demand": {"policy": "constant", "value": 4.0}}}
        enterprises[name] = {"role": "customer", "tags": [CHECKED] if role in ("", "customer") else [], "items": wanted}
        lanes += [_lane(_name("middle", (place + step) % SIZE), name, "goods") for step in STEPS[: 1 + place % 3]]
    document = {
        "horizon": 1,
        "products": {"goods": {}, "parts": {}},
        "enterprises": enterprises,
        "lanes": lanes,
        "recipes": recipes,
        # What `super()` answers.
        "policies": {
            "forecast_demand": {"default": {"policy": "exponential_smoothing", "smoothing": 0.3}},
            "plan_production": {"default": {"policy": "base_stock"}},
            "place_orders": {"default": {"policy": "base_stock"}},
        },
        "visibility": dict(visibility or {}),
    }
    blueprint = resolve(document, "small network")
    for subject in SUBJECTS.values():
        if subject.trial is not None:
            blueprint = subject.trial(blueprint)
    return blueprint


def _name(kind: str, place: int) -> str:
    return f"{kind}_{place + 1:02d}"


def _lane(seller: str, buyer: str, product: str) -> dict[str, Any]:
    return {"seller": seller, "buyer": buyer, "product": product, "order_delay": 1, "transport_time": 1}
