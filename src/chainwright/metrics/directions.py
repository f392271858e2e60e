"""Of which metrics less is better, and of which more; what a measure's metric is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chainwright.scenario.paths import split_path
from chainwright.words.errors import UsageError

# Of the others (demand, goods in transit) it depends.
LESS = {
    *("bullwhip_ratio", "bullwhip_ratio_to_end_demand", "net_stock_amplification", "orders_variance", "net_stock_variance"),
    *("on_hand_mean", "on_hand_value_mean", "backorder_mean", "lost_sales", "lost", "days_of_supply", "total_cost", "cost_per_period"),
    *("network_cost", "holding_cost", "backorder_cost", "in_transit_holding_cost", "ordering_cost", "production_cost", "purchase_cost"),
}
MORE = {
    *("fill_rate", "ready_rate", "cycle_service_level", "on_time_in_full", "throughput", "turns", "turns_with_pipeline", "revenue", "profit", "cash"),
}

# Service and money are what is meant to be high or low. Of the others (stock, days of supply, bullwhip) a change may be a side effect: who is
# closed holds less and orders less, and nobody is better off.
GOALS = {
    *("fill_rate", "cycle_service_level", "ready_rate", "on_time_in_full", "backorder_mean", "lost_sales", "lost", "total_cost", "cost_per_period"),
    *("holding_cost", "backorder_cost", "in_transit_holding_cost", "ordering_cost", "production_cost", "purchase_cost", "revenue", "profit", "cash"),
    "network_cost",
}


def metric_of(measure: str) -> str:
    """The metric of a measure: its last word.

    Examples
    --------
    >>> metric_of("items.retailer.beer.fill_rate"), metric_of("total_cost")
    ('fill_rate', 'total_cost')
    """
    return split_path(measure)[-1]


def less_is_better(measure: str) -> bool | None:
    """Whether less of a measure is better; None where nobody can tell.

    Examples
    --------
    >>> less_is_better("total_cost"), less_is_better("enterprises.retailer.fill_rate"), less_is_better("demand_mean")
    (True, False, None)
    """
    metric = metric_of(measure)
    return True if metric in LESS else False if metric in MORE else None


def is_goal(measure: str) -> bool:
    """Whether a measure is of service or money, so that a change of it is good or bad by itself.

    Examples
    --------
    >>> is_goal("fill_rate"), is_goal("enterprises.retailer.total_cost"), is_goal("on_hand_mean"), is_goal("bullwhip_ratio")
    (True, True, False, False)
    """
    return metric_of(measure) in GOALS


def directions(measures: Sequence[str], minimise: Mapping[str, bool] | None = None) -> list[bool]:
    """For each measure whether less is better.

    Raises
    ------
    UsageError
        When that is neither known nor said.
    """
    said = dict(minimise or {})
    found = [said.get(name, less_is_better(name)) for name in measures]
    unknown = [name for name, less in zip(measures, found, strict=True) if less is None]
    if unknown:
        raise UsageError(f"nobody can tell whether less of {unknown[0]!r} is better; say minimise={{{unknown[0]!r}: True}} or False")
    return [bool(less) for less in found]
