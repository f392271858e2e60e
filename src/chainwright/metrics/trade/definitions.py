"""Every metric of trade: name, unit and definition, for the result tables, the reference and the report."""

from __future__ import annotations

from chainwright.metrics.declarations import Metric
from chainwright.phases.costs import COSTS
from chainwright.phases.trade.costs import TRADE_COSTS
from chainwright.words.subjects import as_declared

TRADE_METRICS = (
    Metric(
        "demand_mean",
        "units per period",
        "Mean of what the item is asked for: orders seen, and components for production orders; a customer's own demand",
    ),
    Metric("demand_variance", "units squared", "Sample variance of demand over the measured periods"),
    Metric("end_demand_mean", "units per period", "Mean of the end customers' demand downstream of the item, in its own units"),
    Metric("end_demand_variance", "units squared", "Sample variance of end_demand over the measured periods"),
    Metric("orders_mean", "units per period", "Mean of what the item orders from sellers and, in good units, from its own production"),
    Metric("orders_variance", "units squared", "Sample variance of those orders over the measured periods", better="less"),
    Metric("net_stock_variance", "units squared", "Sample variance of the inventory level at the end of the period", better="less"),
    Metric(
        "bullwhip_ratio",
        "-",
        "Variance of the orders over that of the demand; empty where the demand does not vary. Of an echelon that of all its orders together, in "
        "value where its products differ (at the unit cost of the start); network-wide that of the highest echelon that orders",
        better="less",
    ),
    Metric(
        "bullwhip_ratio_to_end_demand",
        "-",
        "Variance of the orders over that of the end demand; empty where end demand does not vary. Of an echelon that of all its orders together, "
        "in value where its products differ (at the unit cost of the start); network-wide that of the highest echelon that orders",
        better="less",
    ),
    Metric(
        "net_stock_amplification",
        "-",
        "Variance of the inventory level over that of the demand; empty where demand does not vary. Of echelons and network-wide as bullwhip_ratio",
        better="less",
    ),
    Metric(
        "fill_rate",
        "share",
        "Units shipped in the period in which they were asked for, older debt first, over units asked for: "
        "orders seen or refused, and what customers wanted and could order nowhere",
        better="more",
        goal=True,
    ),
    Metric(
        "ready_rate",
        "share",
        "Share of periods that end without backorder or loss. Network-wide: its mean over the items that sell to customers",
        better="more",
        goal=True,
    ),
    Metric(
        "cycle_service_level",
        "share",
        "Share of replenishment cycles, from one receipt of goods to the next, in which no period ends with backorder or loss; "
        "empty where no cycle has ended. Network-wide: of the items that sell to customers",
        better="more",
        goal=True,
    ),
    Metric("on_time_in_full", "share", "Share of orders wholly received within the promised lead time (kept on request)", better="more", goal=True),
    Metric(
        "on_hand_mean",
        "units",
        "Mean stock on hand at the end of the period. Network-wide: of everybody but customers and outside sources",
        better="less",
    ),
    Metric("on_hand_value_mean", "money", "Mean stock on hand at unit cost; of enterprises and of the network", better="less"),
    Metric(
        "cash",
        "money",
        "Money in hand at the end of the run; of enterprises; network-wide: of everybody but customers and outside sources",
        better="more",
        goal=True,
    ),
    Metric(
        "backorder_mean",
        "units",
        "Mean backorder at the end of the period, what customers wanted of the item and could order nowhere included. "
        "Network-wide: what customers wait for",
        better="less",
        goal=True,
    ),
    Metric("in_transit_mean", "units", "Mean of goods in transit from the item to its buyers at the end of the period"),
    Metric("in_process_mean", "units", "Mean of production in process at the end of the period"),
    Metric(
        "throughput",
        "units per period",
        "Mean of what leaves the item: shipped, used as a component, or consumed. Network-wide: consumed",
        better="more",
    ),
    Metric(
        "lost_sales",
        "units per period",
        "Mean of the demand that is lost, cancelled or refused. Network-wide: that of customers",
        better="less",
        goal=True,
    ),
    Metric(
        "turns",
        "per year",
        "Yearly throughput over mean stock on hand. Of several items throughput and stock are each valued at unit cost and summed first (in units "
        "where none of them has one; else an item without one counts for nothing). What goes to customers counts network-wide, "
        "of an enterprise what it sells, of an echelon all that leaves it",
        better="more",
    ),
    Metric(
        "turns_with_pipeline",
        "per year",
        "turns, with the goods in transit to buyers and the production in process counted as stock as well; "
        "what an outside source has sent is its own until it is received",
        better="more",
    ),
    Metric("days_of_supply", "days", "Mean stock on hand over the throughput of a day: the inverse of turns", better="less"),
    Metric("holding_cost", "money", "Holding cost over the measured periods", better="less", goal=True),
    Metric(
        "backorder_cost",
        "money",
        "Backorder cost over the measured periods, with lost-sale cost on what was lost, cancelled or refused",
        better="less",
        goal=True,
    ),
    Metric("in_transit_holding_cost", "money", "Holding cost of goods in transit over the measured periods", better="less", goal=True),
    Metric("ordering_cost", "money", "Ordering cost over the measured periods", better="less", goal=True),
    Metric("production_cost", "money", "Production cost over the measured periods", better="less", goal=True),
    Metric("purchase_cost", "money", "Paid for goods received over the measured periods, where lanes have a price", better="less", goal=True),
    Metric(
        "revenue",
        "money",
        "Received for goods that buyers received over the measured periods. Network-wide: what customers paid",
        better="more",
        goal=True,
    ),
    Metric(
        "total_cost",
        "money",
        "Sum of the costs above over the measured periods, purchases included. "
        "Network-wide: purchases count only from outside sources, the others are somebody's revenue",
        better="less",
        goal=True,
    ),
    Metric("cost_per_period", "money per period", "Total cost over the number of measured periods", better="less", goal=True),
    Metric(
        "network_cost",
        "money",
        "What of total cost is a cost of the whole network: all but purchases from its own enterprises, so that rows add up to its total cost",
        better="less",
        goal=True,
    ),
    Metric(
        "profit",
        "money",
        "Revenue less total cost, purchases included once; empty for customers, outside sources, and where nothing has a price",
        better="more",
        goal=True,
    ),
)


@as_declared
def cost_kinds(features: frozenset[str] | None = None) -> tuple[str, ...]:
    """What ``total_cost`` is made of, in the order in which it is added up.

    Parameters
    ----------
    features : frozenset of str, optional
        Without the costs of other subjects whose feature is not among them; all of them where nothing is said.

    Examples
    --------
    >>> cost_kinds()
    ('holding_cost', 'backorder_cost', 'in_transit_holding_cost', 'ordering_cost', 'production_cost', 'purchase_cost')
    """
    landed = {cost.name for cost in TRADE_COSTS}
    return (*(name for name, cost in COSTS.items() if name in landed or features is None or cost.feature in features), "purchase_cost")
