"""The sound entries of a scenario seen as a network of items: who sells, buys and makes what."""

from __future__ import annotations

from typing import Any

from chainwright.scenario.documents import Path_
from chainwright.scenario.findings import Findings, Item, Sound


class Meaning:
    """The sound entries seen as a network of items."""

    def __init__(self, findings: Findings, sound: Sound) -> None:
        self.findings = findings
        self.sound = sound
        self.sellers: dict[Item, list[tuple[int, dict[str, Any]]]] = {}  # lanes by the buyer's item
        self.buyers: dict[Item, list[tuple[int, dict[str, Any]]]] = {}  # lanes by the seller's item
        self.made: dict[Item, tuple[int, dict[str, Any]]] = {}
        for number, lane in sound.lanes:
            self.sellers.setdefault((lane["buyer"], lane["product"]), []).append((number, lane))
            self.buyers.setdefault((lane["seller"], lane["product"]), []).append((number, lane))
        for number, recipe in sound.recipes:
            self.made.setdefault((recipe["enterprise"], recipe["product"]), (number, recipe))
        self.components = {
            (recipe["enterprise"], component): (number, component)
            for number, recipe in reversed(sound.recipes)
            for component in recipe.get("components", {})
        }

    def customer(self, item: Item) -> bool:
        return self.sound.enterprises[item[0]] == "customer"

    def certain(self, item: Item) -> bool:
        return self.sound.certain(item[0])

    def item_path(self, item: Item, key: str = "") -> Path_:
        """Where an item stands: its own entry, or that of its enterprise."""
        place: Path_ = ("enterprises", item[0], "items", item[1])
        if item not in self.sound.items:
            return ("enterprises", item[0])
        return (*place, key) if key else place

    def production(self, item: Item, key: str) -> tuple[Path_, Any]:
        """Where a key of production stands, in the item or in its recipe, and what it says."""
        if key in self.sound.items.get(item, {}):
            return self.item_path(item, key), self.sound.items[item][key]
        number, recipe = self.made.get(item, (-1, {}))
        return ("recipes", number, key), recipe.get(key)
