"""The generator of networks of firms: from a list of who sells to whom for how much, which somebody else has made."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.network.blueprint import Columns
from chainwright.network.levels import CycleWithoutDelay, item_levels
from chainwright.network.populations.balance import Flows, Start, start_in_balance
from chainwright.network.populations.base import Generator, Population, generator
from chainwright.network.populations.columns import complete, item_coordinates, lane_coordinates
from chainwright.network.populations.common import CUSTOMERS_AT_ONCE, LONGEST_DELAY, delay
from chainwright.network.populations.demands import demand_mistakes, demand_of
from chainwright.network.populations.distributed import Floats, distributed, draw, mistakes_of
from chainwright.network.populations.firm_lists.balance_rules import Book, keep_book
from chainwright.network.populations.firm_lists.derived_facts import told_of
from chainwright.network.populations.firm_lists.network import ROLES, Firms, Trade, found_firms, lay_out
from chainwright.network.populations.firm_lists.rows import Edges, read_list
from chainwright.policies.base import parameter
from chainwright.state.streams import coordinate
from chainwright.words.errors import UsageError

MAKE, TRADE = "make", "trade"


@generator
@dataclasses.dataclass(frozen=True, kw_only=True)
class EdgeList(Generator):
    """Firms and lanes from a list of edges: each row says who sells, who buys, and for how much money in a period.

    Units are money: a unit of a product is what costs one unit of money. Weights are the steady flows of the lanes, and everything else
    follows from them: who only sells is a source, who only buys has a demand, and for everybody else what flows in is what flows out.
    """

    name = "edges"
    source = "Leontief (1936), Review of Economics and Statistics 18(3), 105-125; Henriet, Hallegatte and Tabourier (2012), JEDC 36(1), 150-167"

    file: str = parameter("CSV or Parquet file of edges, in the folder of the scenario or below", kind="str")
    seller: str = parameter("Column of sellers; told from the header where nothing is said", None, kind="str")
    buyer: str = parameter("Column of buyers; told from the header where nothing is said", None, kind="str")
    product: str = parameter("Column of products or industries: what the seller sells; told from the header where nothing is said", None, kind="str")
    weight: str = parameter("Column of weights; told from the header where nothing is said", None, kind="str")
    header: bool = parameter("Whether the first line holds names of columns; told from the file where nothing is said", None, kind="bool")
    decimal: str = parameter("Sign before decimals; told from the file where nothing is said", None, kind="str", choices=(".", ","))
    skip_bad: bool = parameter("Whether bad rows are left out, and told, instead of refused", False, kind="bool")
    weight_periods: float = parameter(
        "Periods that a weight is the sum of: 52 where weights are of a year and periods are weeks", 1.0, unit="periods", minimum=1e-6
    )
    production: str = parameter(
        "Whether firms make what they sell of what they buy, or resell it; they make where the file says what is sold",
        None, kind="str", choices=(MAKE, TRADE),
    )  # fmt: skip
    seed: int = parameter("Seed of what is drawn from distributions, apart from the seed of the runs", 1, minimum=0, maximum=2**53, kind="int")
    demand: Any = parameter(
        "How end demand moves around its mean: a policy of demand, or a mapping with policy, variation (deviation over mean) and the like",
        "constant",
        kind="anything",
    )
    order_delay: Any = delay("Periods until the seller sees an order")
    transport_time: Any = delay("Periods from shipment to receipt")
    production_time: Any = distributed(
        "Periods from the release of production to its completion", 1, unit="periods", maximum=LONGEST_DELAY, whole=True
    )
    cover: Any = distributed("Stock at the start beyond what balance needs, in periods of mean flow", 1.0, unit="periods")
    capacity_slack: Any = distributed(
        "Capacity as a multiple of the steady production; unlimited where nothing is said", None, unit="multiple of the flow", minimum=0.0
    )
    holding_cost: Any = distributed("Holding cost of items that are stocked", 0.0, unit="money per unit and period")
    backorder_cost: Any = distributed("Backorder cost of items that are stocked", 0.0, unit="money per unit and period")

    @classmethod
    def mistakes(cls, parameters: Mapping[str, Any]) -> list[tuple[str, str]]:
        """What is wrong with distributed parameters and with the demand."""
        found = demand_mistakes(parameters["demand"]) if "demand" in parameters else []
        for field in cls.parameters():
            if field.metadata.get("distributed") and field.name in parameters:
                found += mistakes_of(field, parameters[field.name])
        return found

    def __post_init__(self) -> None:
        if wrong := self.mistakes({field.name: getattr(self, field.name) for field in self.parameters()}):
            raise UsageError(f"generator {self.name!r}: {wrong[0][0]}: {wrong[0][1]}")

    def read(self, folder: Path) -> Edges:
        """The edges of the file, with weights as they stand in it.

        Raises
        ------
        ScenarioError
            With all its bad rows.
        """
        asked = {name: getattr(self, name) for name in ("seller", "buyer", "product", "weight")}
        return read_list(folder / self.file, self.file, asked, header=self.header, decimal=self.decimal, skip_bad=self.skip_bad)

    def grow(self, folder: Path) -> Population:
        """Read the file, balance every firm, and start in the steady state that the weights say."""
        edges = self.read(folder)
        if self.weight_periods != 1.0:
            edges = dataclasses.replace(edges, weight=edges.weight / self.weight_periods)
        make = edges.by_product if self.production is None else self.production == MAKE
        book = keep_book(edges, make)
        firms = found_firms(edges, book)
        trade = lay_out(edges, book, firms)
        return self._population(edges, book, firms, trade)

    def _population(self, edges: Edges, book: Book, firms: Firms, trade: Trade) -> Population:
        flows, items = trade.flows(), trade.items
        names = np.array([coordinate(name) for name in firms.name], np.uint64)
        goods = np.array([coordinate(name) for name in edges.products], np.uint64)
        own = item_coordinates(names[items.enterprise], goods[items.product])
        role = firms.role[items.enterprise]
        stocked = (role != ROLES.index("customer")) & ~trade.unlimited
        columns: Columns = {"enterprise": items.enterprise, "product": items.product, "coordinate": own, "unlimited": trade.unlimited}
        columns["unit_cost"] = np.where(stocked, 1.0, 0.0)
        for name in ("holding_cost", "backorder_cost", "production_time"):
            rows = flows.made if name == "production_time" else stocked
            columns[name] = np.where(rows, self._drawn(name, own, role), 0.0)
        lanes: Columns = {"seller": trade.seller, "buyer": trade.buyer, "share": trade.flow}
        lanes["coordinate"] = lane_coordinates(own[trade.seller], own[trade.buyer])
        for name in ("order_delay", "transport_time"):
            lanes[name] = self._drawn(name, lanes["coordinate"], role[trade.buyer], CUSTOMERS_AT_ONCE).astype(np.int32)
        recipes: Columns = {"item": trade.recipe_item, "component": trade.recipe_component, "quantity": trade.recipe_quantity}
        roles = np.array(ROLES, object)[firms.role]
        tables = {
            "products": complete("products", {"name": edges.products, "value": np.ones(len(goods))}, len(goods)),
            "enterprises": complete("enterprises", {"name": firms.name, "role": roles, "coordinate": names}, len(names)),
            "items": columns,
            "lanes": complete("lanes", lanes, len(trade.seller)),
            "recipes": complete("recipes", recipes, len(trade.recipe_item)),
        }
        _refuse_cycles(tables, firms, edges.products)
        start = self._start(tables, flows, own, role)
        tables["items"] = complete("items", {**columns, **start.columns()}, len(items))
        customers = np.flatnonzero(trade.demand > 0.0).astype(np.int32)
        return Population(
            tables=tables,
            demand=demand_of(self.demand, self.seed, customers, trade.demand[customers], own[customers]),
            orders_waiting=start.orders_waiting,
            in_transit=start.in_transit,
            in_process=start.in_process,
            tags=_tags(edges, firms) if edges.by_product else {},
            derived=(*edges.told, *told_of(self, edges, book, firms, trade, stocked)),
        )

    def _start(self, tables: dict[str, Columns], flows: Flows, own: NDArray[np.uint64], role: NDArray[Any]) -> Start:
        slack = None if self.capacity_slack is None else self._drawn("capacity_slack", own, role)
        return start_in_balance(tables, flows, cover=self._drawn("cover", own, role), capacity_slack=slack)

    def _drawn(self, name: str, rows: NDArray[np.uint64], role: NDArray[Any], unreached: Mapping[str, float] | None = None) -> Floats:
        field = next(field for field in self.parameters() if field.name == name)
        return draw(field, getattr(self, name), self.seed, rows, ROLES, role, unreached)


def _tags(edges: Edges, firms: Firms) -> dict[str, NDArray[np.int32]]:
    """For each product the firms that sell most of all of it, with their works."""
    sales = np.bincount(edges.seller * len(edges.products) + edges.product, edges.weight)
    cell = np.flatnonzero(sales > 0.0)
    firm, product = cell // len(edges.products), cell % len(edges.products)
    order = np.lexsort((product, -sales[cell], firm))
    main = order[np.diff(firm[order], prepend=-1) > 0]
    firm, product = firm[main], product[main]
    works = firms.works[firm]
    rows = np.concatenate([firms.own[firm], works[works >= 0]])
    labels = np.concatenate([product, product[works >= 0]])
    sort = np.lexsort((rows, labels))
    parts = np.split(rows[sort].astype(np.int32), np.flatnonzero(np.diff(labels[sort])) + 1)
    return {str(edges.products[number]): part for number, part in zip(np.unique(labels).tolist(), parts, strict=True)}


def _refuse_cycles(tables: Mapping[str, Columns], firms: Firms, products: NDArray[Any]) -> None:
    """Firms that buy from each other without delay would wait for each other within a period."""
    items, lanes, recipes = tables["items"], tables["lanes"], tables["recipes"]
    without = (lanes["order_delay"] == 0) | (lanes["transport_time"] == 0)
    try:
        item_levels(len(items["enterprise"]), lanes["seller"], lanes["buyer"], without, recipes["component"], recipes["item"])
    except CycleWithoutDelay as cycle:
        walk = [str(firms.name[items["enterprise"][row]]) for row in cycle.rows]
        shown = " -> ".join(dict.fromkeys(walk[:6])) + (" -> ..." if len(walk) > 7 else f" -> {walk[-1]}")
        raise UsageError(
            f"firms that buy from each other would wait for each other within one period: {shown}; "
            "let order_delay and transport_time be at least 1"
        ) from None
