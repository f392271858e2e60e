"""The words of trade: who buys from whom, what is kept, made, moved and paid; its tables and every column of them, declared once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.words.declarations import By, Decision, Feature, Ring, Shown, Subject, TableShape
from chainwright.words.schema import Column, DType, Kind, Visibility


def _columns(table: str, kind: Kind, visibility: Visibility, rows: list[tuple[Any, ...]]) -> list[Column]:
    made = []
    for name, dtype, unit, default, meaning, *rest in rows:
        options: dict[str, Any] = dict(rest[0]) if rest else {}
        shown: Visibility = options.pop("visibility", visibility)
        kept: DType = dtype
        made.append(Column(table, name, kept, unit, default, kind, shown, meaning, **options))
    return made


F, B, I, S = "float64", "bool", "int32", "str"
INFINITY = float("inf")
POSITIVE = {"minimum": 0.0}
SHARE = {"minimum": 0.0, "maximum": 1.0}
PER_UNIT_PERIOD = "money per unit and period"
DISRUPTED = {"feature": "disruptions"}
MADE = {"feature": "production", "cleared": True}

TABLES = (
    TableShape("runs", "run", "One row per replication in a union.", rows="run"),
    TableShape(
        "products", "product", "One row per product and run.",
        identity=("name",), order=(By("name", "name"),), named=("name",), rows="shared",
    ),
    TableShape(
        "enterprises", "enterprise", "One row per enterprise and run.",
        keys={"run": "runs"}, identity=("name", "role"), order=(By("name", "name"),), named=("name",), owner={"": ""}, together="run",
    ),
    TableShape(
        "items", "item", "One row per item: one enterprise's stock-keeping of one product.",
        keys={"enterprise": "enterprises", "product": "products", "run": "runs"}, identity=("enterprise", "product", "unlimited"),
        order=(By("number", "level"), By("place", "enterprise"), By("place", "product")), named=("enterprise", "product"),
        owner={"": "enterprise"}, level="self",
    ),
    # By the buyer's name, not by its level: ties among a seller's lanes go by name.
    TableShape(
        "lanes", "lane", "One row per lane: a seller's item to a buyer's item by one mode. Orders go up it, goods come down it.",
        keys={"seller": "items", "buyer": "items", "run": "runs"}, identity=("seller", "buyer", "mode"),
        order=(By("place", "seller"), By("name", "buyer"), By("text", "mode")), named=("seller", "buyer", "mode"),
        owner={"seller": "seller.enterprise", "buyer": "buyer.enterprise"}, level="seller", together="seller",
    ),
    TableShape(
        "recipes", "recipe", "One row per line of a bill of materials.",
        keys={"item": "items", "component": "items", "run": "runs"}, identity=("item", "component"),
        order=(By("place", "item"), By("place", "component")), named=("item", "component"), owner={"": "item.enterprise"}, together="item",
    ),
)  # fmt: skip

COLUMNS = (
    # --- runs: one row per replication in a union -------------------------------------------------------
    *_columns("runs", "key", "public", [
        ("number", "int64", "-", None, "Number of the replication, counted from 0; a coordinate of every random draw"),
        ("branch", "int64", "-", 0, "0 for the main timeline; a fork with draws of its own has another number, a coordinate of its draws"),
    ]),
    *_columns("runs", "state", "hidden", [
        ("outside_cash", F, "money", 0.0, "What the world outside the network has received from it, less what it has paid"),
    ]),
    # --- products ---------------------------------------------------------------------------------------
    *_columns("products", "key", "public", [
        ("name", S, "-", None, "Name of the product"),
    ]),
    *_columns("products", "input", "public", [
        ("value", F, "money per unit", 0.0, "Worth of one unit, for charts and for default valuations", POSITIVE),
        ("weight", F, "kg per unit", 0.0, "Weight of one unit", POSITIVE),
        ("whole_units", B, "-", False, "Whether orders, production and allocation are rounded to whole units"),
    ]),
    # --- enterprises ------------------------------------------------------------------------------------
    *_columns("enterprises", "key", "public", [
        ("name", S, "-", None, "Name of the enterprise"),
        ("run", I, "row of runs", None, "The run that the enterprise belongs to"),
        ("coordinate", "uint64", "-", None, "Stable hash of the name: the enterprise's coordinate in random draws"),
    ]),
    *_columns("enterprises", "input", "public", [
        ("role", S, "-", None, "supplier, manufacturer, distributor, retailer or customer"),
    ]),
    *_columns("enterprises", "state", "own", [
        ("cash", F, "money", 0.0, "Money in hand; may be negative, which is credit without limit", {"initial": True}),
        ("closed", B, "-", False, "Whether an event has closed the enterprise this period", {"visibility": "partner"}),
    ]),
    # --- items: one enterprise's stock-keeping of one product ---------------------------------------------
    *_columns("items", "key", "own", [
        ("enterprise", I, "row of enterprises", None, "The enterprise that keeps the item"),
        ("product", I, "row of products", None, "The product that is kept"),
        ("run", I, "row of runs", None, "The run that the item belongs to"),
        ("coordinate", "uint64", "-", None, "Stable hash of enterprise and product: the item's coordinate in random draws"),
        ("level", I, "-", None, "Order of computation: longest path down over lanes and recipes without delay"),
        ("echelon", I, "-", None, "Longest path down to a customer, cycles condensed"),
        ("customer", B, "-", False, "Whether the item belongs to a customer, who consumes what is received"),
        ("makes", B, "-", False, "Whether a recipe makes the item"),
    ]),
    *_columns("items", "input", "own", [
        ("unlimited", B, "-", False, "Whether the item is an outside source that never runs out and has no stock or cost", {"fixed": True}),
        ("unit_cost", F, "money per unit", 0.0, "Standard cost of one unit, at which stock is valued", POSITIVE),
        ("holding_cost", F, PER_UNIT_PERIOD, 0.0, "Charged on stock on hand at the end of the period", {"symbol": "h", **POSITIVE}),
        ("backorder_cost", F, PER_UNIT_PERIOD, 0.0, "Charged on backorder at the end of the period", {"symbol": "p", **POSITIVE}),
        ("lost_sale_cost", F, "money per unit", None, "Charged once on each unit lost, cancelled or refused; the backorder_cost where nothing is said", POSITIVE),
        ("ordering_cost", F, "money per order", 0.0, "Charged for each order placed and each production order", {"symbol": "K", **POSITIVE}),
        ("production_cost", F, "money per unit", 0.0, "Charged for each unit released to production", POSITIVE),
        ("unmet_demand", S, "-", "backordered", "What becomes of demand that is not shipped: backordered, lost, or cancelled at a rate"),
        ("cancel_rate", F, "share per period", 0.0, "Share of the backorder that is cancelled at the end of each period, where unmet demand is cancelled", SHARE),
        ("minimum_order", F, "units", 0.0, "Smallest order; a smaller need is raised to it", POSITIVE),
        ("lot_multiple", F, "units", 0.0, "Orders are rounded up to a multiple of it; 0 for none", POSITIVE),
        ("order_cap", F, "units per period", INFINITY, "Largest order in one period", POSITIVE),
        ("production_time", I, "periods", 0, "Periods from the release of production to its completion", POSITIVE),
        ("capacity", F, "units per period", INFINITY, "Most units that can be released to production in a period", POSITIVE),
        ("yield_share", F, "share", 1.0, "Expected share of released units that turn out good", {"symbol": "y", "minimum": 0.001, "maximum": 1.0}),
        ("yield_spread", F, "share", 0.0, "Half width of the uniform distribution of the yield around yield_share", SHARE),
        ("recipes_first", B, "-", True, "Whether scarce stock goes first to the enterprise's own recipes, then to lanes"),
        ("safety_stock", F, "units", 0.0, "Stock kept against uncertainty; written by policies that compute it", {"symbol": "ss", **POSITIVE}),
        ("base_stock_level", F, "units", 0.0, "Inventory position to order up to; written by policies that compute it", {"symbol": "S"}),
    ]),
    *_columns("items", "state", "own", [
        ("on_hand", F, "units", 0.0, "Stock that can be shipped or used", {"initial": True, **POSITIVE}),
        ("demand", F, "units per period", 0.0, "What the item is asked for this period: orders seen and components for new production orders", {"symbol": "D"}),
        ("demand_carried", F, "units", 0.0, "Of a customer's demand in whole units: the fraction that is demanded later"),
        ("end_demand", F, "units per period", 0.0, "Demand of the end customers downstream this period, in the item's own units", {"visibility": "hidden"}),
        ("echelon_stock", F, "units", 0.0, "Stock here and downstream, less what end customers wait for, in the item's own units", {"visibility": "hidden"}),
        ("forecast", F, "units per period", 0.0, "Forecast of demand per period", {"symbol": "F"}),
        ("forecast_deviation", F, "units per period", 0.0, "Standard deviation of the forecast error of one period"),
        ("forecast_lead_time", F, "units", 0.0, "Forecast of the demand over the lead time"),
        ("lead_time", F, "periods", 0.0, "Periods from an order or production order to its receipt, by the longest active lane"),
        ("backorder", F, "units", 0.0, "Debt of goods to all buyers"),
        ("requirements", F, "units", 0.0, "Needed as a component by production orders that wait for release"),
        ("unreleased", F, "units", 0.0, "Production orders waiting for capacity or components, in units to release", POSITIVE),
        ("in_process", F, "units", 0.0, "Released to production and not yet completed", POSITIVE),
        ("on_order", F, "units", 0.0, "Expected receipts: orders on the way, sellers' backorder, goods in transit, production times yield; as the order to the sellers finds them"),
        ("inventory_level", F, "units", 0.0, "on_hand less backorder and component requirements", {"symbol": "IL"}),
        ("inventory_position", F, "units", 0.0, "inventory_level plus on_order: before this period's order to the sellers, after its production order", {"symbol": "IP"}),
        ("orders", F, "units per period", 0.0, "Ordered from sellers this period", {"symbol": "O"}),
        ("production_orders", F, "units per period", 0.0, "Ordered from the own production this period, in units to release"),
        ("released", F, "units per period", 0.0, "Released to production this period"),
        ("made", F, "units per period", 0.0, "Completed good units this period", MADE),
        ("scrapped", F, "units per period", 0.0, "Completed bad units this period", MADE),
        ("used", F, "units per period", 0.0, "Used as a component this period", MADE),
        ("received", F, "units per period", 0.0, "Received over lanes this period"),
        ("shipped", F, "units per period", 0.0, "Shipped over lanes this period"),
        ("shipped_in_time", F, "units per period", 0.0, "Shipped in the period in which its order was seen, older debt first"),
        ("seen", F, "units per period", 0.0, "Orders of buyers that have arrived this period"),
        ("lost", F, "units per period", 0.0, "Demand lost, cancelled or refused this period"),
        ("unseen", F, "units per period", 0.0, "Asked for and not seen this period: orders refused, and what customers wanted and could order nowhere, less what they order late"),
        ("unplaced", F, "units", 0.0, "Of a customer: what it wants and could order nowhere yet"),
        ("consumed", F, "units per period", 0.0, "Consumed by a customer this period"),
        ("capacity_factor", F, "share", 1.0, "Share of the capacity, or of what would ship, that events leave", DISRUPTED),
        ("demand_factor", F, "-", 1.0, "What events multiply the customer's demand by", DISRUPTED),
        ("holding_cost_paid", F, "money per period", 0.0, "Holding cost of this period"),
        ("backorder_cost_paid", F, "money per period", 0.0, "Backorder cost of this period, with the cost of what was lost"),
        ("in_transit_holding_cost_paid", F, "money per period", 0.0, "Holding cost of goods in transit of this period"),
        ("ordering_cost_paid", F, "money per period", 0.0, "Ordering cost of this period"),
        ("production_cost_paid", F, "money per period", 0.0, "Production cost of this period"),
        ("purchase_cost_paid", F, "money per period", 0.0, "Paid to sellers for goods received this period"),
        ("revenue_received", F, "money per period", 0.0, "Received from buyers for goods that they received this period"),
    ]),
    # --- lanes: a seller's item to a buyer's item by one mode ---------------------------------------------
    *_columns("lanes", "key", "own", [
        ("seller", I, "row of items", None, "The item that orders reach and goods leave"),
        ("buyer", I, "row of items", None, "The item that orders leave and goods reach"),
        ("run", I, "row of runs", None, "The run that the lane belongs to"),
        ("coordinate", "uint64", "-", None, "Stable hash of seller, buyer, product and mode: the lane's coordinate in random draws"),
    ]),
    *_columns("lanes", "input", "own", [
        ("mode", S, "-", "", "Name of the mode of transport, where a seller and a buyer have several"),
        ("active", B, "-", True, "Whether orders may be placed on the lane"),
        ("order_delay", I, "periods", 0, "Periods until the seller sees an order", POSITIVE),
        ("transport_time", I, "periods", 0, "Periods from shipment to receipt (its expectation, where it is drawn)", POSITIVE),
        ("overtaking", B, "-", True, "Whether a later shipment may arrive before an earlier one"),
        ("price", F, "money per unit", 0.0, "Paid by the buyer to the seller on receipt", POSITIVE),
        ("share", F, "share", None, "Share of the buyer's orders that go to this lane", {"owner": "buyer", **SHARE}),
        ("preference", F, "-", 0.0, "Rank among the buyer's lanes: the lowest is asked first", {"owner": "buyer"}),
        ("priority", F, "-", 0.0, "Rank among the seller's lanes: the lowest is served first", {"owner": "seller"}),
        ("in_transit_holding_cost", F, PER_UNIT_PERIOD, 0.0, "Charged to the seller's item on goods in transit at the end of the period", {"owner": "seller", **POSITIVE}),
        ("promised_lead_time", F, "periods", None, "Lead time that on_time_in_full is measured against; the lane's own where nothing is said", POSITIVE),
    ]),
    *_columns("lanes", "state", "partner", [
        ("backorder", F, "units", 0.0, "The seller's debt of goods to the buyer", {"initial": True, **POSITIVE}),
        ("trading", B, "-", True, "Whether orders may be placed on the lane now: it is active, and nothing else speaks against it"),
        ("short", B, "-", False, "Whether the seller is closed or owed goods on this lane when planning starts"),
        ("ordered", F, "units per period", 0.0, "Order placed this period", {"owner": "buyer", "visibility": "own"}),
        ("seen", F, "units per period", 0.0, "Order that has reached the seller this period", {"cleared": True}),
        ("shipped", F, "units per period", 0.0, "Goods that left this period", POSITIVE),
        ("received", F, "units per period", 0.0, "Goods that arrived this period"),
        ("lost", F, "units per period", 0.0, "Orders lost, refused or cancelled this period"),
        ("unplaced", F, "units", 0.0, "What a customer would have ordered of the seller, had any of its lanes taken orders", {"owner": "buyer", "visibility": "own"}),
        ("orders_waiting", F, "units", 0.0, "Orders on the way to the seller", {"owner": "buyer", "visibility": "own", **POSITIVE}),
        ("in_transit", F, "units", 0.0, "Goods on the way to the buyer", POSITIVE),
        ("orders_open", F, "share", 1.0, "0 while an event pauses orders on the lane, else 1", DISRUPTED),
        ("shipments_open", F, "share", 1.0, "What events leave of the shipments on the lane", DISRUPTED),
        ("transit_open", F, "share", 1.0, "0 while an event stops goods in transit, else 1", DISRUPTED),
        ("receipt_open", F, "share", 1.0, "0 while an event stops the receipt of goods, else 1", DISRUPTED),
        ("refusing", B, "-", False, "Whether orders that arrive at a closed seller are refused this period"),
    ]),
    # --- recipes: one line of a bill of materials ----------------------------------------------------------
    *_columns("recipes", "key", "own", [
        ("item", I, "row of items", None, "The item that is made"),
        ("component", I, "row of items", None, "The item that is used"),
        ("run", I, "row of runs", None, "The run that the recipe belongs to"),
    ]),
    *_columns("recipes", "input", "own", [
        ("quantity", F, "units per unit", None, "Units of the component used for one released unit", POSITIVE),
    ]),
)


def _values(blueprint: Any, table: str, name: str, default: Any) -> NDArray[Any]:
    """A column of a blueprint; one value where all rows have it."""
    given = blueprint.tables[table].get(name)
    if given is None:
        return np.array([default])
    return np.asarray(given[:1] if given.strides == (0,) else given)


def _any(table: str, name: str, default: float = 0.0) -> Callable[[Any], bool]:
    """Whether some row has more than nothing in a column."""
    return lambda blueprint: bool((_values(blueprint, table, name, default) > 0).any())


def _unmet(*kinds: str) -> Callable[[Any], bool]:
    return lambda blueprint: any(bool((_values(blueprint, "items", "unmet_demand", "backordered") == kind).any()) for kind in kinds)


def _owed(blueprint: Any) -> bool:
    return _any("items", "backorder_cost")(blueprint) or _any("items", "lost_sale_cost", float("nan"))(blueprint)


def _on_the_way(blueprint: Any) -> bool:
    # An event can hold goods at a closed door, even where nothing is delayed.
    return bool(blueprint.events) or bool(blueprint.drawn_times) or _any("lanes", "transport_time")(blueprint)


def _in_process(blueprint: Any) -> bool:
    made = blueprint.made
    return bool(made.any()) and (bool(blueprint.events) or bool((blueprint.tables["items"]["production_time"][made] > 0).any()))


FEATURES = (
    Feature("disruptions", "where events are scheduled", lambda blueprint: bool(blueprint.events)),
    Feature("transit", "where goods can be on their way at the end of a period", _on_the_way),
    Feature("order_delay", "where orders can be on their way at the end of a period", _any("lanes", "order_delay")),
    Feature("production", "where somebody makes something", lambda blueprint: bool(blueprint.made.any())),
    Feature("process", "where production can be under way at the end of a period", _in_process, brings=("production",)),
    Feature("holding_cost", "where stock costs", _any("items", "holding_cost")),
    Feature("backorder_cost", "where debts of goods or lost units cost", _owed),
    Feature("in_transit_holding_cost", "where goods in transit cost", _any("lanes", "in_transit_holding_cost")),
    Feature("ordering_cost", "where orders cost", _any("items", "ordering_cost")),
    Feature("production_cost", "where production costs", _any("items", "production_cost")),
    Feature("prices", "where goods have prices", _any("lanes", "price")),
    Feature("given_up", "where unmet demand is lost or cancelled", _unmet("lost", "cancelled")),
    Feature("end_demand", "where somebody looks at the demand of the end customers downstream", lambda blueprint: False, asked=True),
    Feature("echelon_stock", "where somebody looks at the stock here and downstream", lambda blueprint: False, asked=True),
    Feature("yield_spread", "where yields are drawn", _any("items", "yield_spread")),
)
def _most(table: str, name: str) -> Callable[[Any], int]:
    """The largest number of a column."""
    return lambda blueprint: int(_values(blueprint, table, name, 0).max(initial=0))


def longest_transport(blueprint: Any) -> int:
    """The longest transport time that can occur, at least 1 (an event can hold goods back for a period)."""
    drawn = [int(time.values.max()) for time in blueprint.drawn_times]
    return max(1, _most("lanes", "transport_time")(blueprint), *drawn)


RINGS = (
    Ring("orders", "lanes", "orders on the way to sellers", _most("lanes", "order_delay"), "orders_waiting"),
    Ring("goods", "lanes", "goods in transit", longest_transport, "in_transit"),
    Ring("process", "items", "production under way", _most("items", "production_time"), "in_process"),
)

ROLES = ("supplier", "manufacturer", "distributor", "retailer", "customer")
UNMET_DEMAND = ("backordered", "lost", "cancelled")


def _rows_where(chosen: NDArray[np.bool_]) -> NDArray[np.int32]:
    return np.flatnonzero(chosen).astype(np.int32)


def _customers(tables: Any) -> NDArray[np.bool_]:
    chosen: NDArray[np.bool_] = np.asarray(tables["enterprises"]["role"] == "customer", np.bool_)[tables["items"]["enterprise"]]
    return chosen


def _at_end(end: str) -> Callable[[Any, Any], NDArray[np.int32]]:
    """The items that stand at one end of some lane."""
    return lambda tables, made: _rows_where(np.bincount(tables["lanes"][end], minlength=len(tables["items"]["enterprise"])) > 0)


_OF_ITEMS: dict[str, Any] = {"table": "items", "answer": "number", "parts": ("product",), "level": "self"}
_OF_LANES: dict[str, Any] = {"table": "lanes", "answer": "rank_and_weight", "keyed": "items", "parts": ("product",), "asked": "group"}


def _of_end(end: str) -> dict[str, Any]:
    return {**_OF_LANES, "via": end, "group": end, "level": end, "end": end, "concerned": _at_end(end)}


DECISIONS = (
    Decision(
        "demand", "What a customer wants of an item this period.", family="demand", **_OF_ITEMS, outcome="demand",
        concerned=lambda tables, made: _rows_where(_customers(tables)),
    ),
    Decision(
        "forecast_demand", "Forecast of the demand of one period.", family="forecast", **_OF_ITEMS, outcome="forecast",
        concerned=lambda tables, made: _rows_where(~_customers(tables)),
    ),
    Decision(
        "plan_production", "Good units to be ordered from the own production.", family="orders", **_OF_ITEMS, outcome="production_orders",
        needed=True, concerned=lambda tables, made: _rows_where(made),
    ),
    # A customer orders what it demands, whatever everybody else does.
    Decision(
        "place_orders", "Units to be ordered from sellers.", family="orders", **_OF_ITEMS, outcome="orders", needed=True,
        built_in={"customer": "pass_on"}, not_by_default=("customer",), concerned=_at_end("buyer"),
    ),
    Decision(
        "choose_sellers",
        "Rank and weight of each lane on which an item is bought: the order is split over the best rank in proportion to weight.",
        family="sellers", **_of_end("buyer"), built_in={"": "fixed_shares"},
        shows=(Shown("order", "units per period", "The order of the buyer that is to be split"),),
    ),
    Decision(
        "allocate_stock",
        "Rank and weight of each lane on which an item is sold: scarce stock goes to the best rank first, in proportion to weight.",
        family="allocation", **_of_end("seller"), built_in={"": "proportional"},
        shows=(
            Shown("want", "units", "What the lane is owed, and ordered this period"),
            Shown("available", "units", "What the seller can ship this period over all lanes"),
        ),
    ),
)  # fmt: skip

TRADE = Subject("trade", "Who buys from whom, what is kept, made, moved and paid.", TABLES, COLUMNS, FEATURES, RINGS, DECISIONS)
