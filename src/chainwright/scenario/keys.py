"""The keys that each kind of entry in a scenario file may have, gathered from the declared columns."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from typing import Any

from chainwright.words.subjects import SCHEMA

TOP_KEYS = (
    "chainwright", "title", "description", "source", "period", "start", "horizon", "warm_up", "seed", "products", "enterprises", "lanes", "recipes",
    "policies", "disruptions", "interventions", "variants", "visibility", "agents", "tables", "population",
)  # fmt: skip

# What a population stands in place of.
NETWORK = ("products", "enterprises", "lanes", "recipes")

# What is on its way at the start, with the delay that it fills; and the word for what a steady flow would have there.
CONTENTS = {"orders_waiting": "order_delay", "in_transit": "transport_time", "in_process": "production_time"}
STEADY = "steady"

# Columns of the made item that may stand in its recipe instead.
PRODUCTION_KEYS = ("production_time", "capacity", "yield_share", "yield_spread", "production_cost", "in_process")


def _settable(table: str) -> tuple[str, ...]:
    return tuple(column.name for column in SCHEMA.settable(table))


PRODUCT_KEYS = _settable("products")
ENTERPRISE_KEYS = (*_settable("enterprises"), "items", "tags", "attributes")
ITEM_KEYS = (*_settable("items"), "in_process", "demand")
LANE_KEYS = ("seller", "buyer", "product", *_settable("lanes"), "orders_waiting", "in_transit", "attributes")
RECIPE_KEYS = ("enterprise", "product", "components", *PRODUCTION_KEYS)
EVENT_KINDS = ("closure", "reduction", "order_pause", "shipment_pause", "transit_pause", "receipt_pause", "demand")
EVENT_KEYS = ("kind", "target", "start", "duration", "severity", "recovery", "recovery_time", "factor", "orders")
TARGET_KEYS = ("enterprise", "tag", "product", "seller", "buyer", "mode")


def parts(document: Mapping[str, Any], section: str) -> Any:
    """A section of a document; an empty one where the file leaves it out or empty."""
    empty: Any = [] if section in ("lanes", "recipes", "disruptions", "interventions") else {}
    return document.get(section) or empty


def populated(document: Mapping[str, Any]) -> bool:
    """Whether a document says that its network is generated."""
    return bool(document.get("population"))


def declared_items(enterprise: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """The items that an enterprise's entry declares, by product."""
    return (enterprise or {}).get("items") or {}


def item_names(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every (enterprise, product) that a document names: declared, or at the end of a lane, or in a recipe; some more than once."""
    for name, enterprise in parts(document, "enterprises").items():
        for product in declared_items(enterprise):
            yield name, product
    for lane in parts(document, "lanes"):
        yield lane["seller"], lane["product"]
        yield lane["buyer"], lane["product"]
    for recipe in parts(document, "recipes"):
        yield recipe["enterprise"], recipe["product"]
        for component in recipe.get("components") or {}:
            yield recipe["enterprise"], component


def products_by_enterprise(document: Mapping[str, Any]) -> dict[str, dict[str, None]]:
    """The products that each enterprise keeps, declared or implied, in the order in which they are met."""
    found: dict[str, dict[str, None]] = {name: {} for name in parts(document, "enterprises")}
    for enterprise, product in item_names(document):
        found.setdefault(enterprise, {})[product] = None
    return found


def by_product(entry: Any, products: Container[str] | None) -> bool:
    """Whether a policy entry is given product by product; of None products, as far as can be told without their names."""
    if not entry or "policy" in entry:
        return False
    return all(isinstance(value, Mapping) and (products is None or key in products) for key, value in entry.items())
