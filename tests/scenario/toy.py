"""A small generator for tests: shops with their customers, which buy from mills that buy from one unlimited farm."""

from __future__ import annotations

import csv
import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from chainwright.network.blueprint import Columns, Pipeline, PolicyChoice
from chainwright.network.populations.base import Generator, Population, generator
from chainwright.policies import parameter
from chainwright.state.streams import coordinate
from chainwright.words.errors import Mistake, Place, ScenarioError


@generator
@dataclasses.dataclass(frozen=True)
class Village(Generator):
    """A farm, mills that grind its grain, shops that sell the flour, and a customer for each shop."""

    name = "village"
    source = "our own"

    shops: int = parameter("How many shops", unit="shops", minimum=1, kind="int")
    mills: int = parameter("How many mills", 2, unit="mills", minimum=1, kind="int")
    demand: float = parameter("Mean demand of a customer", 10.0, unit="units per period", minimum=0.0)
    deviation: float = parameter("Standard deviation of that demand", 2.0, unit="units per period", minimum=0.0)
    ways: list[float] = parameter("Transport times to draw from", None, unit="periods", minimum=0.0, kind="list")
    shape: str = parameter("Who serves whom", "round_robin", kind="str", choices=("round_robin", "blocks"))
    file: str = parameter("A CSV file with a column of multiples of the demand, one for each shop", None, kind="str")

    @classmethod
    def mistakes(cls, parameters: Mapping[str, Any]) -> list[tuple[str, str]]:
        if parameters["mills"] > parameters["shops"]:
            return [("mills", f"more mills than the {parameters['shops']} shops they serve")]
        return []

    def grow(self, folder: Path) -> Population:
        shops, mills = self.shops, self.mills
        weight = self._weights(folder)
        # In ascending order of names: customers, farm, mills, shops.
        names = [f"customer_{i:07d}" for i in range(shops)] + ["farm"] + [f"mill_{i:07d}" for i in range(mills)]
        names += [f"shop_{i:07d}" for i in range(shops)]
        role = ["customer"] * shops + ["supplier"] + ["manufacturer"] * mills + ["retailer"] * shops
        mill = shops + 1 + np.arange(mills)
        shop = shops + 1 + mills + np.arange(shops)
        mill_of = np.arange(shops) % mills if self.shape == "round_robin" else np.arange(shops) * mills // shops
        # Items by enterprise, then by product (flour, grain): mills have both.
        owner = np.concatenate([np.arange(shops), [shops], np.repeat(mill, 2), shop])
        product = np.concatenate([np.zeros(shops), [1], np.tile([0, 1], mills), np.zeros(shops)]).astype(np.int32)
        flour, grain, first = shops + 1 + 2 * np.arange(mills), shops + 2 + 2 * np.arange(mills), shops + 1 + 2 * mills
        count = len(owner)
        seller = np.concatenate([first + np.arange(shops), flour[mill_of], np.full(mills, shops)])
        buyer = np.concatenate([np.arange(shops), first + np.arange(shops), grain])
        times = np.array(self.ways or [2], np.int32)
        columns: Columns = {
            "enterprise": owner.astype(np.int32),
            "product": product,
            "coordinate": np.array([coordinate(names[row], ("flour", "grain")[good]) for row, good in zip(owner, product, strict=True)], np.uint64),
            "unlimited": np.arange(count) == shops,
            "on_hand": np.where(np.arange(count) >= first, 3 * self.demand, 0.0),
            "holding_cost": np.where(np.arange(count) > shops, 1.0, 0.0),
            "production_time": np.where(np.isin(np.arange(count), flour), 1, 0).astype(np.int32),
        }
        lanes: Columns = {
            "seller": seller.astype(np.int32),
            "buyer": buyer.astype(np.int32),
            "coordinate": np.arange(len(seller)).astype(np.uint64),
            "mode": np.full(len(seller), "", object),
            "active": np.ones(len(seller), bool),
            "order_delay": np.where(np.arange(len(seller)) < shops, 0, 1).astype(np.int32),
            "transport_time": np.where(np.arange(len(seller)) < shops, 0, times[np.arange(len(seller)) % len(times)]).astype(np.int32),
        }
        transit = np.arange(shops, 2 * shops, dtype=np.int32)
        far = lanes["transport_time"][transit] > 0
        tables = {
            "products": {"name": np.array(["flour", "grain"], object), "value": np.array([2.0, 1.0])},
            "enterprises": {
                "name": np.array(names, object),
                "role": np.array(role, object),
                "coordinate": np.array([coordinate(name) for name in names], np.uint64),
            },
            "items": columns,
            "lanes": lanes,
            "recipes": {"item": flour.astype(np.int32), "component": grain.astype(np.int32), "quantity": np.full(mills, 1.5)},
        }
        mean = self.demand * weight if self.file is not None else self.demand
        demand = PolicyChoice("normal", {"mean": mean, "deviation": self.deviation}, np.arange(shops, dtype=np.int32))
        return Population(
            tables=tables,
            demand=[demand],
            in_transit=Pipeline(transit[far], np.ones(int(far.sum()), np.int32), np.full(int(far.sum()), self.demand)),
            tags={"north": shop[: (shops + 1) // 2].astype(np.int32), "trade": shop.astype(np.int32)},
        )

    def _weights(self, folder: Path) -> Any:
        if self.file is None:
            return np.ones(self.shops)
        path = folder / self.file
        wrong, found = [], []
        with path.open(encoding="utf-8") as stream:
            for line, row in enumerate(csv.reader(stream), start=1):
                try:
                    found.append(float(row[0]))
                except ValueError:
                    wrong.append(Mistake(f"{row[0]!r} is not a number", Place(str(path), line, 1)))
        if len(found) + len(wrong) != self.shops:
            wrong.append(Mistake(f"expected {self.shops} rows, got {len(found) + len(wrong)}", Place(str(path), 1, 1)))
        if wrong:
            raise ScenarioError(wrong)
        return np.array(found)
