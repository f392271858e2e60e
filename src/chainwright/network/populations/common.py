"""What all generators share: parameters of demand, delays, costs and stock, and how they become the columns of a population."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from chainwright.network.blueprint import Columns
from chainwright.network.populations.balance import start_in_balance, steady_flows
from chainwright.network.populations.base import Generator, Population
from chainwright.network.populations.columns import Items, complete, item_coordinates, lane_coordinates, product_coordinates
from chainwright.network.populations.demands import demand_mistakes, demand_of
from chainwright.network.populations.distributed import Floats, distributed, draw, mistakes_of
from chainwright.network.populations.enterprises import Cast
from chainwright.network.populations.prices import unit_costs
from chainwright.policies.base import parameter
from chainwright.words.errors import UsageError, suggestion

LONGEST_DELAY = 1000
# Larger populations than this are surely a slip of the pen.
MOST_ENTERPRISES = 50_000_000
# Lanes to customers have no delay unless a mapping by role names the customers.
CUSTOMERS_AT_ONCE = {"customer": 0.0}


def delay(meaning: str) -> Any:
    """The parameter of a delay on lanes: whole periods, by the role of the buyer."""
    told = f"{meaning}, by the buyer's role; customers have none unless they are named"
    return distributed(told, 1, unit="periods", maximum=LONGEST_DELAY, whole=True)


@dataclass
class Network:
    """Who keeps, sells and makes what: what a generator knows before anything is drawn by distribution.

    Parameters
    ----------
    products : list of str
        Names, in ascending order.
    items : Items
        Which enterprise keeps which product.
    unlimited : array of bool
        Items that are outside sources.
    seller, buyer : array of int
        Rows of items, one per lane.
    share : array of float or None
        Weights of a buyer's lanes; drawn by `lane_weight` where None.
    recipe_item, recipe_component, recipe_quantity : array
        Lines of recipes.
    tags : dict
        Tags beside those of the layers.
    derived : list of str
        What was worked out so far.
    """

    products: list[str]
    items: Items
    unlimited: NDArray[np.bool_]
    seller: NDArray[Any]
    buyer: NDArray[Any]
    share: Floats | None = None
    recipe_item: NDArray[Any] = dataclasses.field(default_factory=lambda: np.zeros(0, np.int32))
    recipe_component: NDArray[Any] = dataclasses.field(default_factory=lambda: np.zeros(0, np.int32))
    recipe_quantity: Floats = dataclasses.field(default_factory=lambda: np.zeros(0))
    tags: dict[str, NDArray[np.int32]] = dataclasses.field(default_factory=dict)
    derived: list[str] = dataclasses.field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Grown(Generator):
    """A generator of a network from nothing but parameters; subclasses say who trades with whom."""

    makes: ClassVar[bool] = False

    seed: int = parameter("Seed of structure and parameters, apart from the seed of the runs", 1, minimum=0, maximum=2**53, kind="int")
    mean_demand: Any = distributed("Mean demand of each customer's item", 10.0, unit="units per period", by_role=False)
    demand: Any = parameter(
        "How demand moves around its mean: a policy of demand, or a mapping with policy, variation (deviation as a share of the mean) and the like",
        "normal",
        kind="anything",
    )
    order_delay: Any = delay("Periods until the seller sees an order")
    transport_time: Any = delay("Periods from shipment to receipt")
    lane_weight: Any = distributed("Weight of a lane among its buyer's lanes, by the buyer's role; shares are in proportion to it", 1.0)
    holding_cost: Any = distributed("Holding cost of items that are stocked", 0.5, unit="money per unit and period")
    backorder_cost: Any = distributed("Backorder cost of items that are stocked", 1.0, unit="money per unit and period")
    ordering_cost: Any = distributed("Cost of an order of items that are stocked", 0.0, unit="money per order")
    value: Any = distributed("Worth of a unit of what outside sources sell", 1.0, unit="money per unit", by_role=False)
    markup: Any = distributed(
        "What a seller adds to its own unit cost, as a share of it, by the seller's role; nothing is priced where nothing is said", None, unit="share"
    )
    cover: Any = distributed("Stock at the start beyond what balance needs, in periods of mean flow", 1.0, unit="periods")
    whole_units: bool = parameter("Whether all products are counted in whole units", False, kind="bool")

    @classmethod
    def parameters(cls) -> tuple[dataclasses.Field[Any], ...]:
        """The declared parameters: the generator's own first, then those that generators share."""
        shared = {field.name for field in dataclasses.fields(Producing if cls.makes else Grown)}
        return tuple(sorted(dataclasses.fields(cls), key=lambda field: field.name in shared))

    @classmethod
    def mistakes(cls, parameters: Mapping[str, Any]) -> list[tuple[str, str]]:
        """What is wrong with distributed parameters and with the demand."""
        found = demand_mistakes(parameters["demand"]) if "demand" in parameters else []
        for field in cls.parameters():
            if field.metadata.get("distributed") and field.name in parameters:
                found += mistakes_of(field, parameters[field.name])
        return found

    def __post_init__(self) -> None:
        values = {field.name: getattr(self, field.name) for field in self.parameters()}
        for field in self.parameters():
            if amiss := _wrong(field, values[field.name]):
                raise UsageError(f"generator {self.name!r}: {field.name}: {amiss}")
            if field.metadata["kind"] == "int" and isinstance(values[field.name], float):
                object.__setattr__(self, field.name, int(values[field.name]))
        if wrong := self.mistakes(values):
            raise UsageError(f"generator {self.name!r}: {wrong[0][0]}: {wrong[0][1]}")

    def drawn(self, name: str, coordinate: NDArray[np.uint64], *by_role: Any) -> Floats:
        """The values of a distributed parameter, one per coordinate."""
        field = next(field for field in self.parameters() if field.name == name)
        return draw(field, getattr(self, name), self.seed, coordinate, *by_role)

    def finished(self, cast: Cast, network: Network) -> Population:
        """The population: everything drawn, flows solved, stock and pipelines filled, columns completed."""
        enterprises = cast.columns()
        roles, role_of = cast.roles()
        items = network.items
        role = role_of[items.enterprise]
        customer = role == (roles.index("customer") if "customer" in roles else -1)
        products = product_coordinates(network.products)
        coordinate = item_coordinates(enterprises["coordinate"][items.enterprise], products[items.product])
        lanes = self._lanes(network, coordinate, roles, role)
        stocked = ~customer & ~network.unlimited
        made = np.bincount(network.recipe_item, minlength=len(items)) > 0
        columns: Columns = {"enterprise": items.enterprise, "product": items.product, "coordinate": coordinate, "unlimited": network.unlimited}
        for name in ("holding_cost", "backorder_cost", "ordering_cost", *(("production_cost", "production_time") if self.makes else ())):
            rows = made if name.startswith("production") else stocked
            drawn = self.drawn(name, coordinate, roles, role)
            if drawn.any():
                columns[name] = np.where(rows, drawn, 0.0)
        mean = np.zeros(len(items))
        mean[customer] = self.drawn("mean_demand", coordinate[customer])
        worth = self._price(network, columns, lanes, coordinate, products, roles, role)
        tables = {
            "products": complete(
                "products", {"name": np.array(network.products, object), "value": worth, "whole_units": np.array(self.whole_units)}, len(worth)
            ),
            "enterprises": complete("enterprises", enterprises, cast.count),
            "items": columns,
            "lanes": complete("lanes", lanes, len(network.seller)),
            "recipes": {"item": network.recipe_item, "component": network.recipe_component, "quantity": network.recipe_quantity},
        }
        names = _names(enterprises["name"], network)
        flows = steady_flows(
            len(items), network.seller, network.buyer, tables["lanes"]["share"],
            network.recipe_item, network.recipe_component, network.recipe_quantity, 1.0, mean, names=names,
        )  # fmt: skip
        said = getattr(self, "capacity_slack", None)
        slack = None if said is None else self.drawn("capacity_slack", coordinate, roles, role)
        start = start_in_balance(tables, flows, cover=self.drawn("cover", coordinate, roles, role), capacity_slack=slack)
        tables["items"] = complete("items", {**columns, **start.columns()}, len(items))
        tables["recipes"] = complete("recipes", tables["recipes"], len(network.recipe_item))
        return Population(
            tables=tables,
            demand=demand_of(self.demand, self.seed, np.flatnonzero(customer).astype(np.int32), mean[customer], coordinate[customer]),
            orders_waiting=start.orders_waiting,
            in_transit=start.in_transit,
            in_process=start.in_process,
            tags={**cast.tags(), **network.tags},
            derived=(*network.derived, *_derived(flows, stocked, slack is not None)),
        )

    def _lanes(self, network: Network, coordinate: NDArray[np.uint64], roles: list[str], role: NDArray[Any]) -> Columns:
        """Columns of lanes, sorted by seller and then by buyer: the network's own are put in that order."""
        order = np.argsort(network.seller.astype(np.int64) * len(coordinate) + network.buyer, kind="stable")
        network.seller, network.buyer = network.seller[order].astype(np.int32), network.buyer[order].astype(np.int32)
        own = lane_coordinates(coordinate[network.seller], coordinate[network.buyer])
        buying = role[network.buyer]
        weight = self.drawn("lane_weight", own, roles, buying) if network.share is None else network.share[order]
        columns: Columns = {"seller": network.seller, "buyer": network.buyer, "coordinate": own, "share": np.maximum(weight, 1e-12)}
        for name in ("order_delay", "transport_time"):
            columns[name] = self.drawn(name, own, roles, buying, CUSTOMERS_AT_ONCE).astype(np.int32)
        return columns

    def _price(
        self,
        network: Network,
        columns: Columns,
        lanes: Columns,
        coordinate: NDArray[np.uint64],
        products: NDArray[np.uint64],
        roles: list[str],
        role: NDArray[Any],
    ) -> Floats:
        """Set unit costs and prices, where there is a markup; the worth of a unit of each product."""
        outside = np.where(network.unlimited, self.drawn("value", products)[network.items.product], 0.0)
        recipes = network.recipe_item, network.recipe_component, network.recipe_quantity
        share = complete("lanes", {"buyer": lanes["buyer"], "share": lanes["share"]}, len(lanes["buyer"]))["share"]
        none = np.zeros(len(coordinate))
        plain = unit_costs(outside, none, network.seller, network.buyer, share, *recipes)
        kept = np.bincount(network.items.product, minlength=len(products))
        worth = np.bincount(network.items.product, plain, len(products)) / np.maximum(kept, 1)
        if self.markup is not None:
            markup = np.where(network.unlimited, 0.0, self.drawn("markup", coordinate, roles, role))
            costs = unit_costs(outside, markup, network.seller, network.buyer, share, *recipes)
            columns["unit_cost"] = costs
            lanes["price"] = (costs * (1.0 + markup))[network.seller]
        return worth


@dataclass(frozen=True, kw_only=True)
class Producing(Grown):
    """A generator whose enterprises make things."""

    makes = True

    production_time: Any = distributed(
        "Periods from the release of production to its completion", 1, unit="periods", maximum=LONGEST_DELAY, whole=True
    )
    production_cost: Any = distributed("Cost of releasing a unit to production", 0.0, unit="money per unit")
    capacity_slack: Any = distributed(
        "Capacity as a multiple of the steady production; unlimited where nothing is said", None, unit="multiple of the flow", minimum=0.0
    )


def _wrong(field: dataclasses.Field[Any], value: Any) -> str:
    """What is wrong with a plain number or word, or an empty text; a scenario file is checked before it comes to this."""
    said = field.metadata
    if said["kind"] not in ("int", "float", "str") or (value is None and field.default is None):
        return ""
    if said["kind"] == "str":
        return "" if value in said["choices"] else f"got {value!r}{suggestion(str(value), said['choices'])}"
    number = isinstance(value, int | float) and not isinstance(value, bool) and (said["kind"] == "float" or float(value).is_integer())
    if number and said["minimum"] <= value <= said["maximum"]:
        return ""
    kind = "a whole number" if said["kind"] == "int" else "a number"
    return f"expected {kind} from {_bound(said['minimum'])} to {_bound(said['maximum'])}, got {value!r}"


def _names(enterprises: NDArray[Any], network: Network) -> Any:
    """From the row of an item to its name."""
    items = network.items
    return lambda row: f"{enterprises[items.enterprise[row]]}/{network.products[items.product[row]]}"


def _derived(flows: Any, stocked: NDArray[np.bool_], limited: bool) -> list[str]:
    moving = int((stocked & (flows.item > 0.0)).sum())
    idle = int((stocked & (flows.item <= 0.0)).sum())
    told = [f"on_hand, safety_stock and base_stock_level of {moving:,} items follow from the mean flow through them, delays and cover"]
    told.append(f"orders_waiting and in_transit of {int((flows.lane > 0.0).sum()):,} lanes hold the mean flow for each period of delay")
    if flows.made.any():
        told.append(f"in_process of {int(flows.made.sum()):,} items holds the mean production for each period of production_time")
        if limited:
            told.append(f"capacity of {int(flows.made.sum()):,} items is the mean production times capacity_slack")
    if idle:
        told.append(f"{idle:,} items are asked for nothing: no customer is downstream")
    return told


def _bound(value: float) -> str:
    """A bound as a reader writes it: a million and more with commas, not as a power of ten.

    Examples
    --------
    >>> _bound(50_000_000), _bound(1000), _bound(0.5)
    ('50,000,000', '1000', '0.5')
    """
    return f"{value:,.0f}" if 1e6 <= abs(value) < 1e15 else f"{value:g}"
