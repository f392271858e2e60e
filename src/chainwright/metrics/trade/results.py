"""The result tables of trade: which keys and metrics each has, and what makes its columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.metrics.declarations import Metric, ResultTable
from chainwright.metrics.trade import frames
from chainwright.metrics.trade.definitions import TRADE_METRICS

COSTS_OF_TABLES = (
    *("holding_cost", "backorder_cost", "in_transit_holding_cost", "ordering_cost", "production_cost", "purchase_cost"),
    *("total_cost", "cost_per_period"),
)
FLOWS = (
    Metric("ordered", "units", "Ordered on the lane over the measured periods"),
    Metric("shipped", "units", "Shipped over the measured periods"),
    Metric("received", "units", "Received over the measured periods"),
    Metric("lost", "units", "Orders lost, refused or cancelled over the measured periods", better="less", goal=True),
)
OVER_TIME = (
    Metric(
        "on_hand, backorder, in_transit",
        "units",
        "At the end of the period, summed over the echelon; in backorder also what customers wanted of it and could order nowhere",
    ),
    Metric("demand, end_demand, orders, shipped, seen, shipped_in_time, lost", "units", "In the period, summed over the echelon"),
    Metric("asked", "units", "Asked for in the period, the denominator of fill_rate: orders seen or refused, and what could be ordered nowhere"),
    Metric("total_cost", "money", "Of the period, summed over the echelon; of purchases only those from outside sources"),
)


def _height(world: Any) -> NDArray[np.int32]:
    """The highest echelon of each enterprise."""
    height = np.zeros(world.enterprises.rows, np.int32)
    np.maximum.at(height, world.items.enterprise, world.items.echelon)
    return height


def _said_of_lanes(tables: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Seller and buyer are enough where one lane leads there; the product and the mode may stand behind them."""
    enterprise, product = ([str(one) for one in tables[name]["name"]] for name in ("enterprises", "products"))
    items, lanes = tables["items"], tables["lanes"]
    owner = [enterprise[row] for row in items["enterprise"].tolist()]
    goods = [product[row] for row in items["product"].tolist()]
    said: list[tuple[str, ...]] = []
    for seller, buyer, mode in zip(lanes["seller"].tolist(), lanes["buyer"].tolist(), lanes["mode"], strict=True):
        short = f"{owner[seller]}>{owner[buyer]}"
        said.append((short, f"{short}.{goods[seller]}", *((f"{short}.{goods[seller]}.{mode}",) if mode else ())))
    return said


TRADE_TABLES = (
    ResultTable(
        "summary",
        lambda world, watched: frames.summary_columns(world, watched.kept, watched.of("items"), watched.on_time),
        metrics=(
            *("demand_mean", "bullwhip_ratio", "bullwhip_ratio_to_end_demand", "net_stock_amplification", "fill_rate", "ready_rate"),
            *("cycle_service_level", "on_time_in_full", "on_hand_mean", "on_hand_value_mean", "backorder_mean", "in_transit_mean"),
            *("in_process_mean", "lost_sales"),
            *("throughput", "turns", "turns_with_pipeline", "days_of_supply", *COSTS_OF_TABLES, "revenue", "profit", "cash"),
        ),
        example="fill_rate",
    ),
    ResultTable(
        "items",
        lambda world, watched: frames.item_metrics(world, watched.kept, watched.shares_on_time[1]),
        "items",
        {"enterprise": "enterprise", "product": "product", "role": "enterprise.role", "echelon": "echelon"},
        tuple(metric.name for metric in TRADE_METRICS if metric.name not in ("on_hand_value_mean", "cash")),
        example="items.retailer.beer.bullwhip_ratio",
    ),
    ResultTable(
        "enterprises",
        lambda world, watched: frames.enterprise_metrics(world, watched.kept, watched.of("items")),
        "enterprises",
        {"enterprise": "name", "role": "role", "echelon": _height},
        (
            *("fill_rate", "on_hand_mean", "on_hand_value_mean", "backorder_mean", "in_transit_mean", "lost_sales", "throughput"),
            *("turns", "turns_with_pipeline", "days_of_supply", *COSTS_OF_TABLES, "network_cost", "revenue", "profit", "cash"),
        ),
        example="enterprises.retailer.fill_rate",
    ),
    ResultTable(
        "lanes",
        lambda world, watched: frames.lane_metrics(world, watched.kept, watched.shares_on_time[0]),
        "lanes",
        {"seller": "seller.enterprise", "buyer": "buyer.enterprise", "product": "seller.product", "mode": "mode"},
        ("in_transit_mean", "backorder_mean", "on_time_in_full"),
        FLOWS,
        said=_said_of_lanes,
        example="lanes.wholesaler>retailer.in_transit_mean",
    ),
    ResultTable(
        "echelons",
        lambda world, watched: frames.echelon_columns(world, watched.kept, watched.of("items")),
        metrics=(
            *("demand_mean", "orders_mean", "orders_variance", "net_stock_variance", "bullwhip_ratio", "bullwhip_ratio_to_end_demand"),
            *("net_stock_amplification", "fill_rate", "on_hand_mean", "backorder_mean", "lost_sales", "throughput", "turns"),
            *("turns_with_pipeline", "days_of_supply", *COSTS_OF_TABLES, "network_cost", "revenue", "profit"),
        ),
        others=(Metric("items", "-", "Number of items of the echelon, outside sources left out"),),
        example="echelons.1.bullwhip_ratio",
    ),
    ResultTable("timeline", lambda world, watched: frames.timeline_columns(world, watched.kept), others=OVER_TIME, over_time=True),
)
