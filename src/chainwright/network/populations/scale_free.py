"""The generator of firm networks as they are observed: a few hubs, many small firms, and goods that go round in cycles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from chainwright.network.populations.base import Population, generator
from chainwright.network.populations.choosing import distinct_sellers, heavy_tailed_numbers
from chainwright.network.populations.columns import Items, product_coordinates
from chainwright.network.populations.common import LONGEST_DELAY, MOST_ENTERPRISES, Network, Producing
from chainwright.network.populations.distributed import Floats, Mistakes, distributed
from chainwright.network.populations.enterprises import Cast, Group
from chainwright.policies.base import parameter
from chainwright.state.streams import row_key, uniform

Rows = NDArray[Any]
GOODS, MATERIAL = "goods", "material"


@dataclass
class Trade:
    """Who buys from whom among firms, as numbers of firms counted from 0, with the weight of each link at its buyer."""

    buyer: Rows
    seller: Rows
    weight: Floats


@generator
@dataclass(frozen=True, kw_only=True)
class ScaleFree(Producing):
    """A network of firms with heavy-tailed numbers of sellers and of buyers, cycles included.

    Numbers of sellers are drawn from a Pareto distribution, and sellers are chosen in proportion to an attractiveness that has one as well.
    Both are cut off at ``firms ** (1 / exponent)``, the largest value that so many draws are expected to give.
    """

    name = "scale_free"
    source = (
        "Ohnishi, Takayasu and Takayasu (2010), Journal of Economic Interaction and Coordination 5, 171-180; "
        "Inoue and Todo (2019), Nature Sustainability 2, 841-847; weights as of Goh, Kahng and Kim (2001), Physical Review Letters 87, 278701"
    )

    firms: int = parameter("How many firms", 1000, minimum=2, maximum=MOST_ENTERPRISES, kind="int")
    degree: float = parameter("Sellers of each firm among the other firms, on average", 4.0, minimum=0.0, maximum=10_000.0)
    exponent: float = parameter("Exponent of the cumulative distribution of degrees", 1.3, minimum=1.01, maximum=10.0)
    production: str = parameter(
        "Whether firms make their industry's product from components by recipes, or trade in one product",
        "recipes", kind="str", choices=("recipes", "trade"),
    )  # fmt: skip
    industries: int = parameter(
        "Industries, each with one product of its own; with recipes firms buy from other industries", 20, minimum=2, maximum=10_000, kind="int"
    )
    outside_share: float = parameter(
        "Share of a firm's input that comes from outside the network, by value", 0.5, unit="share", minimum=0.001, maximum=1.0
    )
    product_value: Any = distributed(
        "Worth of a unit of each industry's product, which sets the quantities of recipes", 1.0, unit="money per unit", by_role=False
    )
    suppliers: int = parameter("Outside sources", 1, minimum=1, maximum=MOST_ENTERPRISES, kind="int")
    customers: Any = parameter(
        "End customers; where nothing is said half as many as firms, or one for each firm that no other buys from, if that is more",
        None, minimum=1, maximum=MOST_ENTERPRISES, kind="int",
    )  # fmt: skip
    customer_sellers: int = parameter("Sellers of each customer, all of one industry", 1, minimum=1, maximum=1000, kind="int")
    order_delay: Any = distributed(
        "Periods until a firm sees the order of another; customers' orders are seen at once unless customers are named",
        1, unit="periods", minimum=1, maximum=LONGEST_DELAY, whole=True,
    )  # fmt: skip
    transport_time: Any = distributed(
        "Periods from shipment to receipt between firms; customers receive at once unless they are named",
        1, unit="periods", minimum=1, maximum=LONGEST_DELAY, whole=True,
    )  # fmt: skip

    def grow(self, folder: Path) -> Population:
        """Firms and their industries, links among them, customers for those whom no firm buys from and others, then recipes or resale."""
        recipes = self.production == "recipes"
        firm = np.atleast_1d(row_key(0, 0, 0, f"{self.name}.firm", np.arange(self.firms, dtype=np.uint64)))
        industry = np.minimum((self._uniform("industry", firm) * self.industries).astype(np.int64), self.industries - 1)
        if recipes and (industry == industry[0]).all():
            industry[0] = (industry[0] + 1) % self.industries  # somebody has to be in another one, to buy from
        pull = self._attractiveness(firm)
        links = self._links(firm, industry, pull)
        customers = self._customers(links)
        role = "manufacturer" if recipes else "distributor"
        groups = [Group("customer", "customer", customers, 0), Group("firm", role, self.firms, 1), Group("supplier", "supplier", self.suppliers, 2)]
        cast = Cast(self.name, groups)
        sold = self._sold(cast, links, industry if recipes else np.zeros(self.firms, np.int64), pull)
        digits = len(str(self.industries))
        tags = {f"industry_{number + 1:0{digits}d}": cast.rows("firm")[industry == number] for number in range(self.industries)}
        network = (self._making if recipes else self._reselling)(cast, links, sold, industry)
        network.tags = {name: rows for name, rows in tags.items() if len(rows)}
        return self.finished(cast, network)

    def _uniform(self, what: str, coordinate: NDArray[np.uint64]) -> Floats:
        return np.atleast_1d(uniform(self.seed, 0, 0, f"population {what}", coordinate, 0))

    def _cutoff(self) -> int:
        return max(int(np.ceil(self.firms ** (1.0 / self.exponent))), 1)

    def _attractiveness(self, firm: NDArray[np.uint64]) -> Floats:
        drawn = self._uniform("attractiveness", firm)
        return np.minimum(special.inv_boxcox(-special.log1p(-drawn) / self.exponent, 0.0), float(self._cutoff()))

    def _links(self, firm: NDArray[np.uint64], industry: Rows, pull: Floats) -> Trade:
        """Links among firms: never to oneself, and in a world of recipes never within an industry, whose product one makes oneself."""
        recipes = self.production == "recipes"
        own = industry if recipes else np.arange(self.firms)
        most = min(self._cutoff(), self.firms - 1)
        count = heavy_tailed_numbers(self._uniform("number of sellers", firm), self.degree, self.exponent, most)
        upto = np.cumsum(pull)

        def pick(draws: Floats, buyer: Rows) -> Rows:
            found = np.minimum(np.searchsorted(upto, draws * upto[-1]), self.firms - 1)
            return np.where(own[found] == own[buyer], -1, found)

        def weight(some: Rows) -> Floats:
            return np.where(own[some][:, None] == own[None, :], 0.0, pull[None, :])

        buyer, seller = distinct_sellers(self.seed, "population seller", firm, count, pick, weight, self.firms)
        role = "manufacturer" if recipes else "distributor"
        link = row_key(0, firm[seller], 0, "population link", firm[buyer])
        return Trade(buyer, seller, np.array(self.drawn("lane_weight", np.atleast_1d(link), [role], np.zeros(len(buyer), np.int8)), np.float64))

    def _customers(self, links: Trade) -> int:
        unasked = self.firms - len(np.unique(links.seller))
        return int(self.customers) if self.customers is not None else max(self.firms // 2, unasked, 1)

    def _sold(self, cast: Cast, links: Trade, group: Rows, pull: Floats) -> Trade:
        """What customers buy: first one customer for each firm without a buyer, the others by attractiveness; all sellers of one in one group."""
        coordinate = cast.coordinates()[cast.rows("customer")]
        order = np.lexsort((np.arange(self.firms), group))
        upto = np.concatenate([[0.0], np.cumsum(pull[order])])
        starts = np.searchsorted(group[order], np.arange(int(group.max()) + 2))
        unasked = np.flatnonzero(np.bincount(links.seller, minlength=self.firms) == 0)[: len(coordinate)]
        first = order[np.minimum(np.searchsorted(upto[1:], self._uniform("customer", coordinate) * upto[-1]), self.firms - 1)]
        first[: len(unasked)] = unasked
        wanted = group[first]
        count = np.minimum(self.customer_sellers, np.bincount(group)[wanted])

        def pick(draws: Floats, buyer: Rows) -> Rows:
            low, high = upto[starts[wanted[buyer]]], upto[starts[wanted[buyer] + 1]]
            place = np.searchsorted(upto[1:], low + draws * (high - low))
            return np.asarray(order[np.clip(place, starts[wanted[buyer]], starts[wanted[buyer] + 1] - 1)])

        def weight(some: Rows) -> Floats:
            return np.where(wanted[some][:, None] == group[None, :], pull[None, :], 0.0)

        buyer, seller = distinct_sellers(self.seed, "population customer seller", coordinate, count, pick, weight, self.firms, first)
        return Trade(buyer, seller, np.ones(len(buyer)))

    def _from_outside(self, cast: Cast) -> Rows:
        """The outside source of each firm."""
        drawn = self._uniform("source", cast.coordinates()[cast.rows("firm")])
        return np.asarray(cast.rows("supplier")[(drawn * self.suppliers).astype(np.int64)], np.int32)

    def _inside(self, links: Trade) -> Floats:
        """Each link's share of its buyer's input, what comes from outside counted too."""
        total = np.bincount(links.buyer, links.weight, self.firms)[links.buyer]
        return (1.0 - self.outside_share) * np.divide(links.weight, total, out=np.zeros(len(total)), where=total > 0.0)

    def _reselling(self, cast: Cast, links: Trade, sold: Trade, industry: Rows) -> Network:
        """One product that firms buy from each other and from outside."""
        firm, customer, source = cast.rows("firm"), cast.rows("customer"), cast.rows("supplier")
        items = Items(1, (np.arange(cast.count), 0))
        inside = self._inside(links)
        outside = 1.0 - np.bincount(links.buyer, inside, self.firms)
        unlimited = np.zeros(cast.count, np.bool_)
        unlimited[source] = True
        seller = np.concatenate([firm[links.seller], self._from_outside(cast), firm[sold.seller]])
        buyer = np.concatenate([firm[links.buyer], firm, customer[sold.buyer]])
        return Network([GOODS], items, unlimited, seller, buyer, np.concatenate([inside, outside, sold.weight]))

    def _making(self, cast: Cast, links: Trade, sold: Trade, industry: Rows) -> Network:
        """Recipes by value: a unit is made of components that are together worth as much, and of material from outside."""
        firm, customer = cast.rows("firm"), cast.rows("customer")
        digits = len(str(self.industries))
        products = [MATERIAL, *(f"product_{number + 1:0{digits}d}" for number in range(self.industries))]
        material, made = 0, industry + 1
        known = product_coordinates(products)
        worth = np.maximum(self.drawn("product_value", known), 1e-12)
        worth[material] = max(float(self.drawn("value", known)[material]), 1e-12)
        inside = self._inside(links)
        # Several sellers of one industry sell the same component: one line of the recipe, several lanes.
        width = self.industries + 1
        lines, line = np.unique(links.buyer * width + made[links.seller], return_inverse=True)
        maker, part = lines // width, lines % width
        value = np.bincount(line, inside, len(lines))
        outside = 1.0 - np.bincount(links.buyer, inside, self.firms)
        items = Items(
            width, (firm, made), (firm[maker], part), (firm, material), (cast.rows("supplier"), material), (customer[sold.buyer], made[sold.seller])
        )
        source = np.zeros(cast.count, np.bool_)
        source[cast.rows("supplier")] = True
        return Network(
            products,
            items,
            source[items.enterprise],
            seller=np.concatenate([
                items.rows(firm[links.seller], made[links.seller]),
                items.rows(self._from_outside(cast), material),
                items.rows(firm[sold.seller], made[sold.seller]),
            ]),
            buyer=np.concatenate([
                items.rows(firm[links.buyer], made[links.seller]),
                items.rows(firm, material),
                items.rows(customer[sold.buyer], made[sold.seller]),
            ]),
            share=np.concatenate([links.weight, np.ones(self.firms), sold.weight]),
            recipe_item=np.concatenate([items.rows(firm[maker], made[maker]), items.rows(firm, made)]),
            recipe_component=np.concatenate([items.rows(firm[maker], part), items.rows(firm, material)]),
            recipe_quantity=np.concatenate([value * worth[made[maker]] / worth[part], outside * worth[made] / worth[material]]),
        )

    @classmethod
    def mistakes(cls, parameters: Mapping[str, Any]) -> Mistakes:
        """Numbers that do not go together, beside the shared mistakes."""
        found = super().mistakes(parameters)
        firms, degree = parameters.get("firms", 2), parameters.get("degree", 0.0)
        if degree > firms - 1:
            found.append(("degree", f"{firms} firms have at most {firms - 1} sellers each, got a mean of {degree:g}"))
        return found

