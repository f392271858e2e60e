"""Every metric: name, unit and definition, for the result tables, the reference and the report."""

from __future__ import annotations

from dataclasses import dataclass

from chainwright.phases.costs import COSTS
from chainwright.words.subjects import as_declared


@dataclass(frozen=True)
class Metric:
    """One metric of the result tables."""

    name: str
    unit: str
    meaning: str


_METRICS = (
    Metric(
        "demand_mean",
        "units per period",
        "Mean of what the item is asked for: orders seen, and components for production orders; a customer's own demand",
    ),
    Metric("demand_variance", "units squared", "Sample variance of demand over the measured periods"),
    Metric("end_demand_mean", "units per period", "Mean of the end customers' demand downstream of the item, in its own units"),
    Metric("end_demand_variance", "units squared", "Sample variance of end_demand over the measured periods"),
    Metric("orders_mean", "units per period", "Mean of what the item orders from sellers and, in good units, from its own production"),
    Metric("orders_variance", "units squared", "Sample variance of those orders over the measured periods"),
    Metric("net_stock_variance", "units squared", "Sample variance of the inventory level at the end of the period"),
    Metric(
        "bullwhip_ratio",
        "-",
        "Variance of the orders over that of the demand; empty where the demand does not vary. Of an echelon that of all its orders together, in "
        "value where its products differ (at the unit cost of the start); network-wide that of the highest echelon that orders",
    ),
    Metric(
        "bullwhip_ratio_to_end_demand",
        "-",
        "Variance of the orders over that of the end demand; empty where end demand does not vary. Of an echelon that of all its orders together, "
        "in value where its products differ (at the unit cost of the start); network-wide that of the highest echelon that orders",
    ),
    Metric(
        "net_stock_amplification",
        "-",
        "Variance of the inventory level over that of the demand; empty where demand does not vary. Of echelons and network-wide as bullwhip_ratio",
    ),
    Metric(
        "fill_rate",
        "share",
        "Units shipped in the period in which they were asked for, older debt first, over units asked for: "
        "orders seen or refused, and what customers wanted and could order nowhere",
    ),
    Metric(
        "ready_rate",
        "share",
        "Share of periods that end without backorder or loss. Network-wide: its mean over the items that sell to customers",
    ),
    Metric(
        "cycle_service_level",
        "share",
        "Share of replenishment cycles, from one receipt of goods to the next, in which no period ends with backorder or loss; "
        "empty where no cycle has ended. Network-wide: of the items that sell to customers",
    ),
    Metric("on_time_in_full", "share", "Share of orders wholly received within the promised lead time (kept on request)"),
    Metric("on_hand_mean", "units", "Mean stock on hand at the end of the period. Network-wide: of everybody but customers and outside sources"),
    Metric("on_hand_value_mean", "money", "Mean stock on hand at unit cost; of enterprises and of the network"),
    Metric("cash", "money", "Money in hand at the end of the run; of enterprises; network-wide: of everybody but customers and outside sources"),
    Metric(
        "backorder_mean",
        "units",
        "Mean backorder at the end of the period, what customers wanted of the item and could order nowhere included. "
        "Network-wide: what customers wait for",
    ),
    Metric("in_transit_mean", "units", "Mean of goods in transit from the item to its buyers at the end of the period"),
    Metric("in_process_mean", "units", "Mean of production in process at the end of the period"),
    Metric("throughput", "units per period", "Mean of what leaves the item: shipped, used as a component, or consumed. Network-wide: consumed"),
    Metric("lost_sales", "units per period", "Mean of the demand that is lost, cancelled or refused. Network-wide: that of customers"),
    Metric(
        "turns",
        "per year",
        "Yearly throughput over mean stock on hand. Of several items throughput and stock are each valued at unit cost and summed first (in units "
        "where none of them has one; else an item without one counts for nothing). What goes to customers counts network-wide, "
        "of an enterprise what it sells, of an echelon all that leaves it",
    ),
    Metric(
        "turns_with_pipeline",
        "per year",
        "turns, with the goods in transit to buyers and the production in process counted as stock as well; "
        "what an outside source has sent is its own until it is received",
    ),
    Metric("days_of_supply", "days", "Mean stock on hand over the throughput of a day: the inverse of turns"),
    Metric("holding_cost", "money", "Holding cost over the measured periods"),
    Metric("backorder_cost", "money", "Backorder cost over the measured periods, with lost-sale cost on what was lost, cancelled or refused"),
    Metric("in_transit_holding_cost", "money", "Holding cost of goods in transit over the measured periods"),
    Metric("ordering_cost", "money", "Ordering cost over the measured periods"),
    Metric("production_cost", "money", "Production cost over the measured periods"),
    Metric("purchase_cost", "money", "Paid for goods received over the measured periods, where lanes have a price"),
    Metric("revenue", "money", "Received for goods that buyers received over the measured periods. Network-wide: what customers paid"),
    Metric(
        "total_cost",
        "money",
        "Sum of the costs above over the measured periods, purchases included. "
        "Network-wide: purchases count only from outside sources, the others are somebody's revenue",
    ),
    Metric("cost_per_period", "money per period", "Total cost over the number of measured periods"),
    Metric(
        "network_cost",
        "money",
        "What of total cost is a cost of the whole network: all but purchases from its own enterprises, so that rows add up to its total cost",
    ),
    Metric(
        "profit",
        "money",
        "Revenue less total cost, purchases included once; empty for customers, outside sources, and where nothing has a price",
    ),
)

METRICS = {metric.name: metric for metric in _METRICS}


@as_declared
def cost_kinds() -> tuple[str, ...]:
    """What ``total_cost`` is made of, in the order in which it is added up.

    Examples
    --------
    >>> cost_kinds()
    ('holding_cost', 'backorder_cost', 'in_transit_holding_cost', 'ordering_cost', 'production_cost', 'purchase_cost')
    """
    return (*COSTS, "purchase_cost")



# What the other columns of the result tables hold, by table.
OTHER_COLUMNS = {
    "lanes": (
        Metric("ordered", "units", "Ordered on the lane over the measured periods"),
        Metric("shipped", "units", "Shipped over the measured periods"),
        Metric("received", "units", "Received over the measured periods"),
        Metric("lost", "units", "Orders lost, refused or cancelled over the measured periods"),
    ),
    "echelons": (Metric("items", "-", "Number of items of the echelon, outside sources left out"),),
    "timeline": (
        Metric(
            "on_hand, backorder, in_transit",
            "units",
            "At the end of the period, summed over the echelon; in backorder also what customers wanted of it and could order nowhere",
        ),
        Metric("demand, end_demand, orders, shipped, seen, shipped_in_time, lost", "units", "In the period, summed over the echelon"),
        Metric("asked", "units", "Asked for in the period, the denominator of fill_rate: orders seen or refused, and what could be ordered nowhere"),
        Metric("total_cost", "money", "Of the period, summed over the echelon; of purchases only those from outside sources"),
    ),
}

# Which metrics each result table has beside its keys, in the order of its columns.
COSTS_OF_TABLES = (*cost_kinds(), "total_cost", "cost_per_period")
METRICS_OF_TABLES: dict[str, tuple[str, ...]] = {
    "items": tuple(name for name in METRICS if name not in ("on_hand_value_mean", "cash")),
    "summary": (
        *("demand_mean", "bullwhip_ratio", "bullwhip_ratio_to_end_demand", "net_stock_amplification", "fill_rate", "ready_rate"),
        *("cycle_service_level", "on_time_in_full", "on_hand_mean", "on_hand_value_mean", "backorder_mean", "in_transit_mean"),
        *("in_process_mean", "lost_sales"),
        *("throughput", "turns", "turns_with_pipeline", "days_of_supply", *COSTS_OF_TABLES, "revenue", "profit", "cash"),
    ),
    "echelons": (
        *("demand_mean", "orders_mean", "orders_variance", "net_stock_variance", "bullwhip_ratio", "bullwhip_ratio_to_end_demand"),
        *("net_stock_amplification", "fill_rate", "on_hand_mean", "backorder_mean", "lost_sales", "throughput", "turns"),
        *("turns_with_pipeline", "days_of_supply", *COSTS_OF_TABLES, "network_cost", "revenue", "profit"),
    ),
    "enterprises": (
        *("fill_rate", "on_hand_mean", "on_hand_value_mean", "backorder_mean", "in_transit_mean", "lost_sales", "throughput"),
        *("turns", "turns_with_pipeline", "days_of_supply", *COSTS_OF_TABLES, "network_cost", "revenue", "profit", "cash"),
    ),
    "lanes": ("in_transit_mean", "backorder_mean", "on_time_in_full"),
}
