"""The generator of layered networks: suppliers, manufacturers, distributors, retailers and customers, each buying from the layer above."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.network.populations.base import Population, generator
from chainwright.network.populations.choosing import distinct_sellers, numbers_of_sellers, spread_evenly
from chainwright.network.populations.columns import Items, item_coordinates, product_coordinates
from chainwright.network.populations.common import MOST_ENTERPRISES, Network, Producing
from chainwright.network.populations.distributed import Mistakes, distributed
from chainwright.network.populations.enterprises import Cast, Group, numbered
from chainwright.policies.base import parameter
from chainwright.state.streams import row_key, uniform

Rows = NDArray[Any]
MOST_SELLERS = 1000


def _count(meaning: str, default: int, minimum: int = 0) -> Any:
    return parameter(meaning, default, minimum=minimum, maximum=MOST_ENTERPRISES, kind="int")


@dataclass
class Asked:
    """Items of one layer, as rows of enterprises and products: whom the layer above will supply."""

    enterprise: Rows
    product: Rows


@generator
@dataclass(frozen=True, kw_only=True)
class Layered(Producing):
    """Five layers, each buying from several sellers in the layer above; an enterprise keeps what its buyers ask for."""

    name = "layered"
    source = "Willems (2008), Manufacturing & Service Operations Management 10(1), 19-23, on real networks of such layers"

    suppliers: int = _count("How many outside sources", 5, 1)
    manufacturers: int = _count("How many manufacturers", 10)
    distributors: int = _count("How many distributors", 20)
    retailers: int = _count("How many retailers", 50)
    customers: int = _count("How many customers, each of whom wants one product", 100, 1)
    sellers_per_buyer: float = parameter("Sellers of each buyer's item, on average", 2.25, minimum=1.0, maximum=MOST_SELLERS)
    most_sellers: int = parameter("Sellers of a buyer's item, at most", 4, minimum=1, maximum=MOST_SELLERS, kind="int")
    products: int = parameter("How many products the customers want", 1, minimum=1, maximum=1_000_000, kind="int")
    bill_of_materials_depth: int = parameter(
        "Layers of manufacturers that make products from components; with 0 manufacturers resell", 0, minimum=0, maximum=20, kind="int"
    )
    components_per_product: int = parameter("Components in each recipe", 2, minimum=1, maximum=1000, kind="int")
    component_quantity: Any = distributed("Units of a component for a unit of what is made from it", 1.0, unit="units per unit", by_role=False)

    def grow(self, folder: Path) -> Population:
        """From the customers up: who is asked for a product keeps it, and asks the layer above."""
        depth = self.bill_of_materials_depth
        cast, makers = self._cast()
        products, pools = self._products()
        enterprises = cast.coordinates()
        known = product_coordinates(products)
        asked = Asked(cast.rows("customer"), self._wanted(enterprises[cast.rows("customer")], pools[0]))
        kept, lanes, recipes = [asked], [], []

        def supply(layer: str) -> None:
            nonlocal asked
            coordinate = item_coordinates(enterprises[asked.enterprise], known[asked.product])
            buyer, seller = self._links(coordinate, cast.rows(layer))
            lanes.append((seller, asked.enterprise[buyer], asked.product[buyer]))
            pairs = Items(len(products), (seller, asked.product[buyer]))
            asked = Asked(pairs.enterprise, pairs.product)
            kept.append(asked)

        between = [name for name in ("retailer", "distributor", *(() if depth else ("manufacturer",))) if name in {one.name for one in cast.groups}]
        for layer in between:
            supply(layer)
        for number, layer in enumerate(makers if depth else []):
            supply(layer)
            maker, product, component, quantity = self._recipes(asked, pools[number], pools[number + 1])
            recipes.append((maker, product, component, quantity))
            pairs = Items(len(products), (maker, component))
            asked = Asked(pairs.enterprise, pairs.product)
            kept.append(asked)
        supply("supplier")
        return self.finished(cast, _network(products, kept, lanes, recipes, cast))

    def _cast(self) -> tuple[Cast, list[str]]:
        """The enterprises, and the names of the layers of manufacturers from the customers up."""
        depth = self.bill_of_materials_depth
        makers = numbered("manufacturer", max(depth, 1))
        sizes = [len(part) for part in np.array_split(np.arange(self.manufacturers), len(makers))]
        layers = [("customer", "customer", self.customers), ("retailer", "retailer", self.retailers)]
        layers += [("distributor", "distributor", self.distributors)]
        layers += [(name, "manufacturer", size) for name, size in zip(makers, sizes, strict=True)]
        layers += [("supplier", "supplier", self.suppliers)]
        layers = [layer for layer in layers if layer[2]]
        return Cast(self.name, [Group(name, role, count, layer) for layer, (name, role, count) in enumerate(layers)]), makers

    def _products(self) -> tuple[list[str], list[Rows]]:
        """Names of products in ascending order; the rows of final products, then of the components of each layer, the last of them raw."""
        depth = self.bill_of_materials_depth
        parts = max(self.products, self.components_per_product)
        pools = [("product", self.products)] + [(name, parts) for name in (numbered("component", depth) if depth else [])]
        digits = len(str(parts))
        named = [[f"{name}_{number:0{digits}d}" for number in range(1, count + 1)] for name, count in pools]
        if self.products == 1:
            named[0] = ["product"]
        names = sorted(name for pool in named for name in pool)
        row = {name: place for place, name in enumerate(names)}
        return names, [np.array([row[name] for name in pool]) for pool in named]

    def _wanted(self, coordinate: NDArray[np.uint64], pool: Rows) -> Rows:
        """The product that each customer wants, all with the same chance."""
        if len(pool) == 1:
            return np.full(len(coordinate), pool[0])
        drawn = np.atleast_1d(uniform(self.seed, 0, 0, "population product", coordinate, 0))
        return pool[(drawn * len(pool)).astype(np.int64)]

    def _links(self, coordinate: NDArray[np.uint64], sellers: Rows) -> tuple[Rows, Rows]:
        """Buyers by place, and the rows of the sellers: the first so that all have buyers, the others by chance."""
        size = len(sellers)
        drawn = np.atleast_1d(uniform(self.seed, 0, 0, "population sellers", coordinate, 0))
        count = np.minimum(numbers_of_sellers(drawn, self.sellers_per_buyer, self.most_sellers), size)
        first = spread_evenly(self.seed, "population first seller", coordinate, size)
        buyer, seller = distinct_sellers(
            self.seed,
            "population seller",
            coordinate,
            count,
            pick=lambda draws, _: (draws * size).astype(np.int64),
            weight=lambda some: np.ones((len(some), size)),
            candidates=size,
            first=first,
        )
        return buyer, sellers[seller]

    def _recipes(self, asked: Asked, pool: Rows, parts: Rows) -> tuple[Rows, Rows, Rows, Rows]:
        """A line for each maker's item and component; all who make a product make it alike."""
        wanted = np.full(len(pool), self.components_per_product)
        product, part = distinct_sellers(
            self.seed,
            "population components",
            row_key(0, 0, 0, "population product", pool.astype(np.uint64)),
            wanted,
            pick=lambda draws, _: (draws * len(parts)).astype(np.int64),
            weight=lambda some: np.ones((len(some), len(parts))),
            candidates=len(parts),
        )
        line = row_key(0, pool[product].astype(np.uint64), 0, "population component", parts[part].astype(np.uint64))
        quantity = np.array(self.drawn("component_quantity", line))
        place = np.searchsorted(pool, asked.product)
        width = self.components_per_product
        lines = (place[:, None] * width + np.arange(width)).ravel()
        return np.repeat(asked.enterprise, width), np.repeat(asked.product, width), parts[part][lines], quantity[lines]

    @classmethod
    def mistakes(cls, parameters: Mapping[str, Any]) -> Mistakes:
        """Numbers that do not go together, beside the shared mistakes."""
        found = super().mistakes(parameters)
        mean, most = parameters.get("sellers_per_buyer", 1.0), parameters.get("most_sellers", MOST_SELLERS)
        if mean > most:
            found.append(("sellers_per_buyer", f"a mean of {mean:g} is more than most_sellers ({most})"))
        depth, makers = parameters.get("bill_of_materials_depth", 0), parameters.get("manufacturers", 1)
        if makers < depth:
            found.append(("manufacturers", f"{depth} layers of manufacturers need at least as many manufacturers, got {makers}"))
        return found


def _network(products: list[str], kept: list[Asked], lanes: list[Any], recipes: list[Any], cast: Cast) -> Network:
    """Everything as rows of items."""
    items = Items(len(products), *((asked.enterprise, asked.product) for asked in kept))
    source = np.zeros(cast.count, np.bool_)
    source[cast.rows("supplier")] = True
    network = Network(
        products,
        items,
        source[items.enterprise],
        seller=np.concatenate([items.rows(seller, product) for seller, _, product in lanes]),
        buyer=np.concatenate([items.rows(buyer, product) for _, buyer, product in lanes]),
    )
    idle = cast.count - len(np.unique(items.enterprise))
    if idle:
        network.derived.append(f"{idle:,} enterprises keep nothing, since nobody buys from them")
    if recipes:
        network.recipe_item = np.concatenate([items.rows(maker, product) for maker, product, _, _ in recipes])
        network.recipe_component = np.concatenate([items.rows(maker, component) for maker, _, component, _ in recipes])
        network.recipe_quantity = np.concatenate([quantity for *_, quantity in recipes])
    return network
