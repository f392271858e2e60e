"""What a result says in a few numbers and sentences, for the top of the page and the command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from chainwright.report.figures import period_name
from chainwright.report.numerals import number, short_number
from chainwright.report.tables import Estimate, echelon_name, echelon_names, estimate, interval_text, over_runs, shown

MILLION = 1e6  # from here on a key number is short
EMPTY = Estimate(np.nan, np.nan, np.nan, 0)


def version(manifest: Mapping[str, Any]) -> str:
    """The version of chainwright that made a result."""
    return str(manifest.get("chainwright", "unknown"))


@dataclass(frozen=True)
class Headline:
    """One number of the top of the page: its name, its value as text, and a note on its interval or its absence."""

    name: str
    value: str
    note: str


def headlines(result: Any) -> list[Headline]:
    """The four to six numbers that sum a result up."""
    fill, days = _of(result.summary, "fill_rate"), _of(result.summary, "days_of_supply")
    who, bullwhip = highest_bullwhip(result)
    periods = result.measured_periods
    cost, value = _of(result.summary, "total_cost"), _of(result.summary, "on_hand_value_mean")
    units = "units of all products" if result.items["product"].nunique() > 1 else "units"
    told = [
        _headline("Fill rate", "fill_rate", fill),
        _headline(f"Bullwhip at {who}" if who else "Bullwhip", "bullwhip_ratio", bullwhip),
        _headline("Stock, days of supply", "days_of_supply", days)
        if days.known
        else _headline(f"Stock on hand, {units}", "on_hand_mean", _of(result.summary, "on_hand_mean")),
    ]
    if value.known and value.mean > 0.0:
        told.append(_headline("Stock value, money", "on_hand_value_mean", value))
    profit = _per_period(_of(result.summary, "profit"), periods)
    if profit.known:
        told.append(_headline(f"Profit per {period_name(result)}, money", "profit", profit))
    if cost.known and cost.mean == 0.0:
        return [*told, Headline(f"Cost per {period_name(result)}", "–", "no costs are declared")]
    return [*told, _headline(f"Cost per {period_name(result)}, money", "total_cost", _per_period(cost, periods))]


def _per_period(whole: Estimate, periods: int) -> Estimate:
    return Estimate(whole.mean / periods, whole.low / periods, whole.high / periods, whole.runs)


def _headline(name: str, metric: str, one: Estimate) -> Headline:
    if not one.known:
        note = "not defined here"
    elif not one.interval:
        note = "one run, so no interval"
    else:
        note = ("95 % interval " if one.varies else "") + interval_text(metric, one)
        if one.varies and max(abs(one.low), abs(one.high)) >= MILLION:
            note = f"95 % interval {short_number(one.low)} to {short_number(one.high)}"
    return Headline(name, short_number(one.mean) if abs(one.mean) >= MILLION else shown(metric, one.mean), note)


def _of(frame: Any, metric: str) -> Estimate:
    return estimate(frame[metric]) if metric in frame.columns else EMPTY


def highest_bullwhip(result: Any) -> tuple[str, Estimate]:
    """The highest echelon that orders, and the bullwhip ratio of the network, which is that of its orders; no name where nobody orders."""
    if "bullwhip_ratio_to_end_demand" not in result.echelons.columns:
        return "", _of(result.summary, "bullwhip_ratio")
    rows = over_runs(result.echelons, ["echelon"])
    customers = result.items.loc[result.items["role"] == "customer", "echelon"].unique()
    ordering = rows[(rows["orders_mean"] != 0.0) & ~rows["echelon"].isin(customers)]
    who = _who(result, int(ordering["echelon"].max())) if len(ordering) else ""
    return who, _of(result.summary, "bullwhip_ratio_to_end_demand")


def _who(result: Any, echelon: int) -> str:
    name = echelon_name(echelon_names(result.items), echelon)
    return f"the {name}" if name[0].isdigit() else name


def worst_bullwhip(result: Any) -> tuple[str, Estimate]:
    """The echelon whose orders swing most against the end demand, and by how much."""
    metric = "bullwhip_ratio_to_end_demand"
    if metric not in result.echelons.columns:
        return "", _of(result.summary, "bullwhip_ratio")
    means = over_runs(result.echelons, ["echelon"]).dropna(subset=[metric])
    if means.empty:
        return "", EMPTY
    worst = int(means["echelon"].to_numpy()[int(np.argmax(means[metric].to_numpy()))])
    return _who(result, worst), estimate(result.echelons.loc[result.echelons["echelon"] == worst, metric])


def sentences(result: Any) -> list[str]:
    """What stands out, in a few plain sentences."""
    told = []
    who, ratio = worst_bullwhip(result)
    if ratio.known and who:
        if ratio.mean > 1.05:
            told.append(f"Orders swing most at {who}: their variance is {number(ratio.mean, 3)} times that of the end demand.")
        else:
            told.append("No echelon amplifies the variance of the end demand.")
    means = over_runs(result.items[result.items["role"] != "customer"], ["enterprise", "product"])
    if "fill_rate" in means.columns and means["fill_rate"].notna().any():
        worst = means.iloc[int(np.nanargmin(means["fill_rate"].to_numpy(dtype=float)))]
        if worst["fill_rate"] > 0.9995:
            told.append("Every item ships all of its demand at once.")
        else:
            told.append(f"The lowest fill rate is {shown('fill_rate', worst['fill_rate'])}, of {worst['product']} at {worst['enterprise']}.")
    firms = over_runs(result.enterprises[result.enterprises["role"] != "customer"], ["enterprise"])
    cost = _of(result.summary, "total_cost")
    if cost.known and cost.mean == 0.0:
        told.append("No costs are declared.")
        return told
    # What enterprises pay each other is no cost of the network.
    own = "network_cost" if "network_cost" in firms.columns else "total_cost"
    if own in firms.columns and firms[own].sum() > 0:
        first = firms.iloc[int(np.argmax(firms[own].to_numpy(dtype=float)))]
        share = first[own] / firms[own].sum()
        # Among many enterprises of like size the first is no news.
        if len(firms[firms[own] > 0]) > 1 and share >= 0.2:
            told.append(f"{first['enterprise']} has the largest part of all costs, {100 * share:.0f} %.")
    return told
