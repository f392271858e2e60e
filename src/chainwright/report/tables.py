"""Numbers over the runs in words and rows: means, intervals, names of echelons, definitions of the metrics."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from chainwright.metrics.intervals import Estimate as Estimate
from chainwright.metrics.intervals import estimate as estimate
from chainwright.metrics.results import METRICS
from chainwright.report.numerals import DIGITS, minus, number, plural
from chainwright.state.totals import NOISE
from chainwright.words.subjects import as_declared

# The order in which tables show metrics, and what they are called in plain words; their definitions lie with the metrics.
_LABELS = {
    "fill_rate": "fill rate",
    "ready_rate": "ready rate",
    "cycle_service_level": "cycle service level",
    "on_time_in_full": "on time in full",
    "bullwhip_ratio": "bullwhip ratio",
    "bullwhip_ratio_to_end_demand": "bullwhip ratio to end demand",
    "net_stock_amplification": "net-stock amplification",
    "demand_mean": "demand",
    "end_demand_mean": "end demand",
    "orders_mean": "orders",
    "throughput": "throughput",
    "on_hand_mean": "on hand",
    "on_hand_value_mean": "stock value",
    "backorder_mean": "backorder",
    "in_transit_mean": "in transit",
    "in_process_mean": "in process",
    "lost_sales": "lost sales",
    "days_of_supply": "days of supply",
    "turns": "turns",
    "turns_with_pipeline": "turns with pipeline",
    "holding_cost": "holding cost",
    "in_transit_holding_cost": "in-transit holding cost",
    "backorder_cost": "backorder cost",
    "ordering_cost": "ordering cost",
    "production_cost": "production cost",
    "purchase_cost": "purchase cost",
    "total_cost": "total cost",
    "cost_per_period": "cost per period",
    "network_cost": "cost to the network",
    "revenue": "revenue",
    "profit": "profit",
}
# What is told of money that goes from one enterprise to another, under tables whose costs are to add up to those of the network.
CANCELS = "What enterprises pay each other is left out of the costs: for the whole network it cancels."


def pays_within(frame: Any) -> bool:
    """Whether rows of a result table pay each other, so that their total costs do not add up to that of the network."""
    if "network_cost" not in frame.columns:
        return False
    within = (frame["total_cost"] - frame["network_cost"]).abs()
    return bool((within > NOISE * frame["total_cost"].abs()).any())


@as_declared
def metric_words() -> dict[str, tuple[str, str, str]]:
    """Label, unit and meaning of each metric.

    Examples
    --------
    >>> metric_words()["fill_rate"][:2]
    ('fill rate', 'share')
    """
    order = [*_LABELS, *[name for name in METRICS if name not in _LABELS]]
    return {name: (_LABELS.get(name, name.replace("_", " ")), METRICS[name].unit, METRICS[name].meaning) for name in order if name in METRICS}


@as_declared
def share_metrics() -> frozenset[str]:
    """The metrics that are shares, which are told in per cent."""
    return frozenset(name for name, (_, unit, _) in metric_words().items() if unit == "share")


def shown(metric: str, value: Any, digits: int = DIGITS) -> str:
    """A metric's value for a reader; shares in per cent.

    Examples
    --------
    >>> shown("fill_rate", 0.9512), shown("on_hand_mean", 12.5)
    ('95.1 %', '12.5')
    """
    if metric in share_metrics() and np.isfinite(value):
        share = 100 * float(value)
        return minus(f"{share:.1f} %") if share == 0.0 or abs(share) >= 0.05 else f"{number(share, 1)} %"
    return number(value, digits, keep=True)


def shown_difference(metric: str, value: Any, digits: int = DIGITS) -> str:
    """A difference of a metric for a reader; that of shares in points of a hundred.

    Examples
    --------
    >>> shown_difference("fill_rate", -0.0125), shown_difference("on_hand_mean", 12.5)
    ('−1.2 points', '12.5')
    """
    if metric in share_metrics() and np.isfinite(value):
        return f"{number(100 * float(value), 2)} points"
    return number(value, digits, keep=True)


def without_unit_cost(scenario: Any) -> str:
    """A sentence on the items that keep stock without a unit cost, where others have one: they count for nothing in turns; else empty."""
    tables = scenario.blueprint().tables
    items, role = tables["items"], tables["enterprises"]["role"]
    keeps = (np.asarray(role)[items["enterprise"]] != "customer") & ~items["unlimited"]
    missing, costed = keeps & (items["unit_cost"] == 0.0), keeps & (items["unit_cost"] > 0.0)
    if not (missing.any() and costed.any()):
        return ""
    count = int(missing.sum())
    rest = f"{plural(count, 'item')} without a unit cost {'counts' if count == 1 else 'count'} for nothing in them"
    return f"Turns and days of supply value stock at its unit cost; {rest}."


def compared_heads(once: bool, confidence: float = 0.95) -> list[str]:
    """The heads of the table of a comparison: without an interval where one run of each was played."""
    return ["whole network", "A", "B", "B − A", *([] if once else [f"{confidence:.0%} interval".replace("%", " %")]), "verdict"]


def compared_rows(table: pd.DataFrame, once: bool) -> list[list[str]]:
    """The rows of a comparison for a reader: metrics by their names, differences with their units; what is 0 or empty in both is left out."""
    rows = []
    for row in table.to_dict("records"):
        if (row["a"] == 0.0 and row["b"] == 0.0) or (row["a"] != row["a"] and row["b"] != row["b"]):
            continue
        metric = str(row["metric"])
        low, high = (shown_difference(metric, row[end]) for end in ("low", "high"))
        interval = "" if row["low"] != row["low"] else f"{low.removesuffix(' points')} to {high}"
        values = [shown(metric, row[name], 4) for name in ("a", "b")]
        rows.append([label(metric), *values, shown_difference(metric, row["difference"]), *([] if once else [interval]), str(row["verdict"])])
    return rows


def column_of(metric: str, values: Any) -> list[str]:
    """A column of values for a reader, each with the digits that it needs itself.

    Examples
    --------
    >>> column_of("on_hand_mean", [1234.5, 3.6, float("nan")])
    ['1,234', '3.60', '–']
    """
    return [shown(metric, value) for value in np.asarray(values, dtype=float)]


def interval_text(metric: str, one: Estimate, digits: int = DIGITS) -> str:
    """The interval of an estimate in words, empty where there is none."""
    if not one.interval:
        return ""
    if not one.varies:
        return "the same in every run"
    # A mean of shares lies between 0 and 1, wherever Student's t ends.
    low, high = (max(one.low, 0.0), min(one.high, 1.0)) if metric in share_metrics() else (one.low, one.high)
    return f"{shown(metric, low, digits)} to {shown(metric, high, digits)}"


def unit_of(metric: str, products: int = 1) -> str:
    """The unit of a metric for the head of a column; empty for ratios and shares, which say it themselves.

    Parameters
    ----------
    metric : str
        Name of a metric.
    products : int
        Of how many products the units are summed.

    Examples
    --------
    >>> unit_of("on_hand_mean"), unit_of("on_hand_mean", 3), unit_of("fill_rate")
    ('units', 'units of all products', '')
    """
    unit = metric_words()[metric][1] if metric in metric_words() else ""
    if unit in ("share", "-"):
        return ""
    return unit.replace("units", "units of all products", 1) if products > 1 else unit


def label(metric: str) -> str:
    """The name of a metric in plain words."""
    return metric_words()[metric][0] if metric in metric_words() else metric.replace("_", " ")


def known_metrics(frame: pd.DataFrame) -> list[str]:
    """The metrics of a frame in the order of the definitions, then any others of numbers, keys left out."""
    keys = {"run", "period", "echelon", "enterprise", "product", "role", "seller", "buyer", "mode", "variant"}
    first = [name for name in metric_words() if name in frame.columns]
    rest = [str(name) for name in frame.columns if name not in metric_words() and name not in keys]
    return first + [name for name in rest if pd.api.types.is_numeric_dtype(frame[name])]


def network_wide(summary: pd.DataFrame) -> dict[str, Estimate]:
    """Each metric of the summary with its interval over the runs; metrics that no run gave are left out."""
    found = {name: estimate(summary[name]) for name in known_metrics(summary)}
    return {name: one for name, one in found.items() if one.known}


def over_runs(frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """One row for each of the keys: the mean over the runs, in the order from the customers up."""
    metrics = known_metrics(frame)
    kept = list(dict.fromkeys([*keys, *[name for name in ("role", "echelon") if name in frame.columns]]))
    made = frame.groupby(kept, sort=False, dropna=False, observed=True)[metrics].mean().reset_index()
    return made.sort_values("echelon", kind="stable", ignore_index=True) if "echelon" in made.columns else made


def shorten(name: Any, width: int) -> str:
    """A long name cut in the middle, so that its telling ends stay.

    Examples
    --------
    >>> shorten("warehouse_of_the_north_west", 15)
    'warehou…th_west'
    """
    text = str(name)
    if len(text) <= width:
        return text
    head = (width - 1) // 2
    return f"{text[:head]}…{text[len(text) - (width - 1 - head) :]}"


def short_names(names: Iterable[Any], width: int) -> list[str]:
    """Long names cut in the middle, at the end or at the start: where it leaves the most of them apart.

    Examples
    --------
    >>> short_names(["shop_1_of_the_north", "shop_2_of_the_north"], 10)
    ['shop_1_of…', 'shop_2_of…']
    """
    whole = [str(name) for name in names]
    cuts = (
        [shorten(name, width) for name in whole],
        [name if len(name) <= width else name[: width - 1] + "…" for name in whole],
        [name if len(name) <= width else "…" + name[len(name) - width + 1 :] for name in whole],
    )
    return max(cuts, key=lambda cut: len(set(cut)))


def echelon_names(items: pd.DataFrame, width: int = 22) -> dict[int, str]:
    """A name for each echelon: its enterprise where there is one, else how many of which role.

    Where that would name two echelons alike (enterprises that make things step by step have items at several), the products that the
    others do not have tell them apart; enterprises of several roles are told by their names.

    Examples
    --------
    >>> rows = pd.DataFrame({"enterprise": ["shop", "north", "south"], "role": ["retailer", "supplier", "supplier"], "echelon": [1, 2, 2]})
    >>> echelon_names(rows)
    {1: 'shop', 2: '2 suppliers'}
    >>> rows = pd.DataFrame({"enterprise": ["works"] * 3, "product": ["car", "engine", "wheel"], "role": ["manufacturer"] * 3, "echelon": [1, 2, 2]})
    >>> echelon_names(rows)
    {1: 'car (works)', 2: 'engine, wheel (works)'}
    >>> rows["enterprise"], rows["role"] = ["works", "mine", "works"], ["manufacturer", "supplier", "manufacturer"]
    >>> echelon_names(rows)
    {1: 'car (works)', 2: 'mine, works'}
    """
    firms = items[["enterprise", "role", "echelon"]].drop_duplicates()
    groups = {int(str(echelon)): group for echelon, group in firms.groupby("echelon", sort=True)}
    names: dict[int, str] = {}
    named: dict[int, set[Any]] = {}  # the enterprises that stand in a name
    for echelon, group in groups.items():
        roles = list(dict.fromkeys(group["role"]))
        if len(group) == 1:
            names[echelon] = shorten(group["enterprise"].iloc[0], width)
        else:
            names[echelon] = plural(len(group), str(roles[0])) if len(roles) == 1 else _some(group["enterprise"])
        named[echelon] = set(group["enterprise"]) if len(group) == 1 or len(roles) > 1 else set()
    taken = list(names.values())
    products: dict[Any, Any] = dict(items.groupby("echelon")["product"].unique()) if "product" in items.columns else {}
    for echelon, text in list(names.items()):
        twins = [other for other in groups if other != echelon and taken[list(groups).index(other)] == text]
        if len(named[echelon]) == 1:
            # Alone here, and one of several there.
            twins += [other for other in groups if other != echelon and other not in twins and named[echelon] <= named[other]]
        if twins and products:
            others = {product for other in twins for product in products[other]}
            own = [product for product in products[echelon] if product not in others]
            names[echelon] = f"{_some(own)} ({text})" if own else text
    taken = list(names.values())
    return {echelon: f"{text}, echelon {echelon}" if taken.count(text) > 1 else text for echelon, text in names.items()}


def _some(names: Iterable[Any], width: int = 34) -> str:
    """A few names in so many letters: all of them, what they begin with, or the first and how many others."""
    whole = [str(name) for name in names]
    if len(together := ", ".join(whole)) <= width or len(whole) == 1:
        return shorten(together, width)
    same = [len(set(letters)) == 1 for letters in zip(*whole, strict=False)]
    stem = whole[0][: [*same, False].index(False)].rstrip("0123456789")
    if len(stem.strip("_- ")) >= 4:
        return f"{stem}…"
    return f"{shorten(whole[0], 24)} and {plural(len(whole) - 1, 'other')}"


def echelon_name(names: dict[int, str], echelon: Any) -> str:
    """The name of an echelon, its number where it has no name."""
    return names.get(int(echelon), f"echelon {int(echelon)}")
