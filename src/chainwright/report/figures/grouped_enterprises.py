"""What the network figure draws of very many enterprises: one mark for all of a role at an echelon, worked out in whole columns."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from chainwright.network.levels import echelons
from chainwright.report.figures.enterprises import MOST_ENTERPRISES, Enterprise
from chainwright.report.layout import Edge
from chainwright.report.numerals import plural


def too_many(items: pd.DataFrame) -> bool:
    """Whether there are more enterprises than can be drawn one by one."""
    return len(items) > MOST_ENTERPRISES and int(items["enterprise"].nunique()) > MOST_ENTERPRISES


def gather(items: pd.DataFrame, lanes: pd.DataFrame, firms: pd.DataFrame | None = None) -> tuple[dict[Hashable, Enterprise], dict[Edge, float]]:
    """The marks, and what all lanes from one mark to another carry.

    Parameters
    ----------
    items, lanes, firms : DataFrame
        As of a result; where there are several runs they have the same rows.
    """
    once = items[items["run"] == items["run"].iloc[0]]
    names = pd.Index(once["enterprise"].unique())
    role, roles = pd.factorize(once.drop_duplicates("enterprise")["role"])
    seller, buyer = (names.get_indexer(pd.Index(lanes[end])) for end in ("seller", "buyer"))
    known = (seller >= 0) & (buyer >= 0)
    seller, buyer = seller[known], buyer[known]
    carried = lanes["shipped"].to_numpy(np.float64)[known] if "shipped" in lanes.columns else np.ones(int(known.sum()))
    customer = np.asarray(roles == "customer")[role]
    height = echelons(len(names), seller, buyer, customer)[0].astype(np.int64)
    # Marks by echelon and role.
    codes, mark = np.unique(height * len(roles) + role, return_inverse=True)
    served = _mean(_fill_rates(names, items if firms is None else firms, firms is not None), mark, len(codes))
    marks: dict[Hashable, Enterprise] = {}
    for number, code in enumerate(codes.tolist()):
        name, echelon, count = str(roles[code % len(roles)]), code // len(roles), int((mark == number).sum())
        marks[f"{name} {echelon}"] = Enterprise(plural(count, name), name, echelon, float(served[number]), count)
    keys = list(marks)
    flows: dict[Edge, float] = {}
    pairs, place = np.unique(mark[seller] * len(codes) + mark[buyer], return_inverse=True)
    for pair, value in zip(pairs.tolist(), np.bincount(place, carried, len(pairs)).tolist(), strict=True):
        start, end = keys[pair // len(codes)], keys[pair % len(codes)]
        if start != end:
            flows[start, end] = value
    return marks, flows


def _fill_rates(names: pd.Index[Any], frame: pd.DataFrame, by_firm: bool) -> NDArray[np.float64]:
    """Fill rate of each enterprise but customers, the mean over its rows; not a number where there is none."""
    if "fill_rate" not in frame.columns:
        return np.full(len(names), np.nan)
    kept = frame[(frame["role"] != "customer") & frame["fill_rate"].notna()]
    row = names.get_indexer(pd.Index(kept["enterprise"]))
    weight = np.ones(len(kept)) if by_firm or "demand_mean" not in kept.columns else kept["demand_mean"].clip(lower=0.0).to_numpy(np.float64)
    sums, weights = (np.bincount(row[row >= 0], values[row >= 0], len(names)) for values in (weight * kept["fill_rate"].to_numpy(), weight))
    return np.asarray(np.divide(sums, weights, out=np.full(len(names), np.nan), where=weights > 0.0))


def _mean(values: NDArray[np.float64], mark: NDArray[Any], marks: int) -> NDArray[np.float64]:
    """The mean of what is known of each mark's enterprises."""
    known = ~np.isnan(values)
    counts = np.bincount(mark[known], minlength=marks)
    return np.asarray(np.divide(np.bincount(mark[known], values[known], marks), counts, out=np.full(marks, np.nan), where=counts > 0))
