"""The sound entries of a scenario seen as a network of items: who sells, buys and makes what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chainwright.scenario.check.findings import Findings, Item, Sound
from chainwright.scenario.documents import Path_


@dataclass(frozen=True)
class Party:
    """Items that the same entries of policies reach: the first of them, how many, the first three with their rows, and all rows."""

    item: Item
    count: int
    first: tuple[tuple[int, Item], ...]
    rows: Any = None


class NetworkView:
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

    def concerned(self) -> Mapping[str, list[Party]]:
        """The items that each decision is about, each by itself: parts of a file may be mistaken."""
        every = dict.fromkeys([*self.sound.items, *self.sellers, *self.buyers, *self.made, *self.components])
        lists = {
            "forecast_demand": [item for item in every if not self.customer(item)],
            "plan_production": self.made,
            "place_orders": self.sellers,
            "choose_sellers": self.sellers,
            "allocate_stock": self.buyers,
        }
        return {
            decision: [Party(item, 1, ((number, item),)) for number, item in enumerate(items) if self.sound.enterprises[item[0]]]
            for decision, items in lists.items()
        }

    def that_take_nothing_back(self, party: Party) -> Iterator[tuple[Item, str]]:
        """The sellers of a party that are no outside sources, each with the buyer."""
        for _, lane in self.sellers.get(party.item, []):
            seller = (lane["seller"], lane["product"])
            if self.certain(seller) and not self.sound.items.get(seller, {}).get("unlimited"):
                yield seller, party.item[0]

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
