"""From what was accumulated to result tables, in the order of the scenario file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from chainwright.metrics.moments import ratio
from chainwright.metrics.trade.accumulate import TIMELINE, Accumulator
from chainwright.metrics.trade.definitions import cost_kinds
from chainwright.metrics.trade.on_time import OnTime
from chainwright.metrics.trade.valued import in_money
from chainwright.state.totals import NOISE, sum_by

Columns = dict[str, NDArray[Any]]
Floats = NDArray[np.float64]


def shares_on_time(world: Any, on_time: OnTime | None) -> tuple[Floats | None, Floats | None]:
    """Share of the orders of each lane, and of each selling item, that were on time in full; nothing where nobody watched."""
    if on_time is None:
        return None, None
    seller, rows = world.lanes.seller, world.items.rows
    counted = np.bincount(seller, weights=on_time.counted, minlength=rows)
    return on_time.share(), ratio(np.bincount(seller, weights=on_time.kept_promise, minlength=rows), counted)


def item_metrics(world: Any, kept: Accumulator, on_time: NDArray[Any] | None) -> Columns:
    """Metrics of each row of `items`, in the order of the union."""
    periods, kinds = max(kept.measured, 1), cost_kinds(world.features)
    sums, moments = kept.sums, kept.moments
    year = 365.0 / world.blueprint.period_days
    lanes, items = world.lanes, world.items
    in_transit = sum_by(lanes.seller, kept.lane_sums["in_transit"], items.rows) / periods
    throughput = (sums["shipped"] + sums["used"] + sums["consumed"]) / periods
    on_hand = sums["on_hand"] / periods
    demand_variance = moments["demand"].variance()
    metrics: Columns = {
        "demand_mean": moments["demand"].mean(),
        "demand_variance": demand_variance,
        "end_demand_mean": moments["end_demand"].mean(),
        "end_demand_variance": moments["end_demand"].variance(),
        "orders_mean": moments["orders"].mean(),
        "orders_variance": moments["orders"].variance(),
        "net_stock_variance": moments["net_stock"].variance(),
    }
    orders = items.customer | items.unlimited
    metrics["bullwhip_ratio"] = np.where(orders, np.nan, ratio(metrics["orders_variance"], demand_variance))
    metrics["bullwhip_ratio_to_end_demand"] = np.where(orders, np.nan, ratio(metrics["orders_variance"], metrics["end_demand_variance"]))
    metrics["net_stock_amplification"] = np.where(orders, np.nan, ratio(metrics["net_stock_variance"], demand_variance))
    metrics["fill_rate"] = ratio(sums["shipped_in_time"], asked(world, kept))
    sells = np.bincount(lanes.seller, minlength=items.rows) > 0
    keeps = sells & ~items.unlimited
    metrics["ready_rate"] = np.where(keeps, 1.0 - kept.short_periods / periods, np.nan)
    metrics["cycle_service_level"] = np.where(keeps, ratio(*kept.cycles_of_items(items.rows)), np.nan)
    if on_time is not None:
        metrics["on_time_in_full"] = on_time
    metrics |= {
        "on_hand_mean": on_hand,
        "backorder_mean": sums["backorder"] / periods,
        "in_transit_mean": in_transit,
        "in_process_mean": sums["in_process"] / periods,
        "throughput": throughput,
        "lost_sales": sums["lost"] / periods,
        **_turnover(throughput, on_hand, in_transit + sums["in_process"] / periods, year),
    }
    # Customers keep nothing, and outside sources cannot run out.
    metrics["days_of_supply"] = np.where(orders, np.nan, metrics["days_of_supply"])
    metrics |= {name: sums[name] for name in (*kinds, "revenue")}
    metrics["total_cost"] = _total(metrics, kinds)
    metrics["cost_per_period"] = metrics["total_cost"] / periods
    outside = sum_by(lanes.buyer, kept.bought_outside, items.rows)
    metrics["network_cost"] = metrics["total_cost"] - metrics["purchase_cost"] + outside
    # Customers spend, and outside sources have no books.
    metrics["profit"] = np.where(orders | ~_priced(world, kept)[items.run], np.nan, metrics["revenue"] - metrics["total_cost"])
    return metrics


def _turnover(left: Floats, on_hand: Floats, under_way: Floats, year: float) -> Columns:
    """How often stock is turned over, and how long it lasts: what leaves in a period against what is there, both in units or both in value."""

    def turns(stock: Floats) -> Floats:
        # Stock that is only rounding is turned over no number of times.
        return ratio(left * year, np.where(stock > NOISE * left, stock, 0.0))

    return {"turns": turns(on_hand), "turns_with_pipeline": turns(on_hand + under_way), "days_of_supply": ratio(on_hand * 365.0 / year, left)}


def _turnover_of(world: Any, kept: Accumulator, group: NDArray[Any], groups: int, left: str, counted: NDArray[np.bool_]) -> Columns:
    """Turnover of groups of items: everything at its unit cost where the group has one, else in units, and summed before it is divided."""
    money = in_money(group, counted, kept.books.unit_cost, groups)
    units = kept.units(world)
    periods = max(kept.measured, 1)

    def summed(name: str) -> Floats:
        worth = np.where(money, kept.books.value(name, units[name]), units[name])
        return sum_by(group, np.where(counted, worth, 0.0), groups) / periods

    return _turnover(summed(left), summed("on_hand"), summed("in_transit") + summed("in_process"), 365.0 / world.blueprint.period_days)


def _priced(world: Any, kept: Accumulator) -> NDArray[np.bool_]:
    """Of each run whether its goods have prices."""
    lanes = world.lanes
    paid = sum_by(world.items.run, np.abs(kept.sums["purchase_cost"]), world.runs.rows) > 0.0
    priced: NDArray[np.bool_] = paid | (sum_by(lanes.run, np.abs(lanes.price), world.runs.rows) > 0.0)
    return priced


def swing_ratios(world: Any, kept: Accumulator) -> Columns:
    """How much the orders and the stock of each run's echelons swing against their demand and the end demand; empty (nan) for customers.

    The variance of the sum over the items of an echelon: in value where its products differ, at the unit cost of the start.
    """
    orders, demand, end, net_stock = (kept.swing(name)[1] for name in ("orders", "demand", "end_demand", "net_stock"))
    customers = kept.by_echelon(world.items.customer) > 0
    made = {
        "bullwhip_ratio": ratio(orders, demand),
        "bullwhip_ratio_to_end_demand": ratio(orders, end),
        "net_stock_amplification": ratio(net_stock, demand),
    }
    return {name: np.where(customers, np.nan, values) for name, values in made.items()}


def _of_highest(world: Any, kept: Accumulator) -> Columns:
    """The swings of the whole network: those of the highest echelon that orders."""
    orders = (kept.swing("orders")[0] != 0.0) & (kept.by_echelon(world.items.customer) == 0)
    by_run = orders.reshape(world.runs.rows, kept.echelons)
    highest = kept.echelons - 1 - np.argmax(by_run[:, ::-1], axis=1)
    cells = np.arange(world.runs.rows) * kept.echelons + highest
    return {name: np.where(by_run.any(axis=1), values[cells], np.nan) for name, values in swing_ratios(world, kept).items()}


def _total(columns: Columns, kinds: Sequence[str]) -> NDArray[Any]:
    first, *others = kinds
    total = columns[first].copy()
    for name in others:
        total = total + columns[name]
    return total


def asked(world: Any, kept: Accumulator) -> Floats:
    """What each item was asked for, what no order told it of included; outside sources, which never run out, for nothing."""
    return np.where(world.items.unlimited, 0.0, kept.sums["seen"] + kept.sums["unseen"])


def enterprise_metrics(world: Any, kept: Accumulator, per_item: Columns) -> Columns:
    """Costs and service of each enterprise: sums over its items."""
    owner, rows = world.items.enterprise, world.enterprises.rows

    def summed(values: NDArray[Any]) -> NDArray[Any]:
        return sum_by(owner, values, rows)

    wanted = asked(world, kept)
    metrics: Columns = {"fill_rate": ratio(summed(kept.sums["shipped_in_time"] * (wanted > 0)), summed(wanted))}
    metrics["on_hand_mean"] = summed(per_item["on_hand_mean"])
    metrics["on_hand_value_mean"] = summed(kept.books.value("on_hand", kept.sums["on_hand"])) / max(kept.measured, 1)
    metrics["backorder_mean"] = summed(per_item["backorder_mean"])
    metrics["in_transit_mean"] = summed(per_item["in_transit_mean"])
    metrics["lost_sales"] = summed(per_item["lost_sales"])
    metrics["throughput"] = summed(per_item["throughput"])
    # What an enterprise uses itself does not leave it.
    inside = ~world.items.customer & ~world.items.unlimited
    metrics |= _turnover_of(world, kept, owner, rows, "sold", inside)
    metrics |= {name: summed(per_item[name]) for name in (*cost_kinds(world.features), "total_cost", "cost_per_period", "network_cost", "revenue")}
    metrics["profit"] = _sum_of_known(per_item["profit"], owner, rows)
    metrics["cash"] = world.enterprises.cash
    return metrics


def _sum_of_known(values: Floats, group: NDArray[Any], groups: int) -> Floats:
    """Sum by group of what is known; empty (nan) where nothing is."""
    known = ~np.isnan(values)
    return np.where(sum_by(group, known.astype(np.float64), groups) > 0.0, sum_by(group, np.where(known, values, 0.0), groups), np.nan)


def lane_metrics(world: Any, kept: Accumulator, on_time: NDArray[Any] | None) -> Columns:
    """What went over each lane over the measured periods."""
    periods = max(kept.measured, 1)
    metrics: Columns = {name: kept.lane_sums[name] for name in ("ordered", "shipped", "received", "lost")}
    metrics["in_transit_mean"] = kept.lane_sums["in_transit"] / periods
    metrics["backorder_mean"] = kept.lane_sums["backorder"] / periods
    if on_time is not None:
        metrics["on_time_in_full"] = on_time
    return metrics


def echelon_columns(world: Any, kept: Accumulator, per_item: Columns) -> Columns:
    """One row per run and echelon, sources that never run out left out.

    Sums add the units of all items of an echelon, orders and end demand alike, so that their ratio compares like with like.
    """
    summed = kept.by_echelon
    run = np.repeat(world.runs.number, kept.echelons)
    echelon = np.tile(np.arange(kept.echelons), world.runs.rows)
    items = world.items
    inside = ~items.customer & ~items.unlimited
    cell = items.run.astype(np.int64) * kept.echelons + items.echelon
    columns: Columns = {
        "run": run,
        "echelon": echelon,
        "items": summed(np.ones(world.items.rows)).astype(np.int64),
        "demand_mean": summed(per_item["demand_mean"]),
        "orders_mean": summed(per_item["orders_mean"]),
        "orders_variance": kept.echelon_moments["orders"].variance(),
        "net_stock_variance": kept.echelon_moments["net_stock"].variance(),
        **swing_ratios(world, kept),
        "fill_rate": ratio(summed(kept.sums["shipped_in_time"]), summed(asked(world, kept))),
        "on_hand_mean": summed(per_item["on_hand_mean"]),
        "backorder_mean": summed(per_item["backorder_mean"]),
        "lost_sales": summed(per_item["lost_sales"]),
        "throughput": summed(per_item["throughput"]),
        **_turnover_of(world, kept, cell, kept.cells, "left", inside),
    } | {name: summed(per_item[name]) for name in (*cost_kinds(world.features), "total_cost", "cost_per_period", "network_cost", "revenue")}
    columns["profit"] = _sum_of_known(per_item["profit"], cell, kept.cells)
    some = columns["items"] > 0
    return {name: values[some] for name, values in columns.items()}


def summary_frame(world: Any, kept: Accumulator, per_item: Columns, on_time: Any) -> pd.DataFrame:
    """One row per run: metrics of the whole network."""
    return pd.DataFrame(summary_columns(world, kept, per_item, on_time))


def summary_columns(world: Any, kept: Accumulator, per_item: Columns, on_time: Any) -> Columns:
    """Metrics of the whole network, one value per run."""
    items, runs = world.items, world.runs.rows
    run, kinds = items.run, cost_kinds(world.features)

    def summed(values: NDArray[Any]) -> NDArray[Any]:
        return sum_by(run, values, runs)

    def averaged(values: NDArray[Any], wanted: NDArray[Any]) -> NDArray[Any]:
        known = wanted & ~np.isnan(values)
        return ratio(summed(np.where(known, values, 0.0)), summed(known.astype(np.float64)))

    # Service to the end customers: of the items that sell to them.
    lanes = world.lanes
    to_customers = np.zeros(items.rows, np.bool_)
    to_customers[lanes.seller[items.customer[lanes.buyer]]] = True
    to_customers &= ~items.unlimited
    stocked = ~items.customer & ~items.unlimited
    on_hand = summed(np.where(stocked, per_item["on_hand_mean"], 0.0))
    value = summed(np.where(stocked, kept.books.value("on_hand", kept.sums["on_hand"]), 0.0)) / max(kept.measured, 1)
    columns: dict[str, Any] = {
        "run": world.runs.number,
        "demand_mean": kept.end_moments.mean(),
        **_of_highest(world, kept),
        "fill_rate": ratio(*(summed(np.where(to_customers, one, 0.0)) for one in (kept.sums["shipped_in_time"], asked(world, kept)))),
        "ready_rate": averaged(per_item["ready_rate"], to_customers),
        "cycle_service_level": ratio(*(summed(np.where(to_customers, one, 0.0)) for one in kept.cycles_of_items(items.rows))),
    }
    if on_time is not None:
        counted = summed_lanes(world, np.where(items.customer[lanes.buyer], on_time.counted, 0.0))
        columns["on_time_in_full"] = ratio(summed_lanes(world, np.where(items.customer[lanes.buyer], on_time.kept_promise, 0.0)), counted)
    customer_throughput = summed(kept.sums["consumed"]) / max(kept.measured, 1)
    columns |= {
        "on_hand_mean": on_hand,
        "on_hand_value_mean": value,
        "backorder_mean": summed(np.where(to_customers, per_item["backorder_mean"], 0.0)),
        "in_transit_mean": summed(per_item["in_transit_mean"]),
        "in_process_mean": summed(per_item["in_process_mean"]),
        "lost_sales": summed(np.where(to_customers, per_item["lost_sales"], 0.0)),
        "throughput": customer_throughput,
        **_turnover_of(world, kept, run, runs, "delivered", stocked),
    }
    columns |= {name: summed(per_item[name]) for name in kinds[:-1]}
    columns["purchase_cost"] = summed_lanes(world, kept.bought_outside)
    columns["total_cost"] = _total(columns, kinds)
    columns["cost_per_period"] = columns["total_cost"] / max(kept.measured, 1)
    # What customers and other outsiders pay in is the network's revenue; payments between members cancel out.
    columns["revenue"] = summed(np.where(items.customer, per_item["purchase_cost"], 0.0))
    columns["profit"] = np.where(_priced(world, kept), columns["revenue"] - columns["total_cost"], np.nan)
    inside = np.zeros(world.enterprises.rows, np.bool_)
    inside[items.enterprise[stocked]] = True
    columns["cash"] = sum_by(world.enterprises.run, np.where(inside, world.enterprises.cash, 0.0), runs)
    return columns


def summed_lanes(world: Any, values: NDArray[Any]) -> NDArray[Any]:
    """Sum of a column of lanes per run."""
    return sum_by(world.lanes.run, values, world.runs.rows)


def timeline_columns(world: Any, kept: Accumulator) -> Columns | None:
    """One row per run, period and echelon: sums over the items of the echelon."""
    if not kept.timeline:
        return None
    stacked = np.array(kept.timeline)  # periods, columns, cells
    periods = len(stacked)
    run = np.repeat(world.runs.number, kept.echelons * periods)
    period = np.tile(np.repeat(np.arange(1, periods + 1), kept.echelons), world.runs.rows)
    echelon = np.tile(np.arange(kept.echelons), world.runs.rows * periods)
    by_run = stacked.reshape(periods, len(TIMELINE), world.runs.rows, kept.echelons).transpose(1, 2, 0, 3).reshape(len(TIMELINE), -1)
    return {"run": run, "period": period, "echelon": echelon} | {name: by_run[number] for number, name in enumerate(TIMELINE)}
