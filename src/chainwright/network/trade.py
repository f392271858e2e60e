"""What follows from the tables of trade: who makes, what a lost unit costs, how long it takes until an order is received."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.network.blueprint import Blueprint, Columns
from chainwright.state.table import is_one_value


def derive(tables: dict[str, Columns], blueprint: Blueprint) -> None:
    """Add to the items of one run what follows from its recipes and lanes.

    Parameters
    ----------
    tables : dict
        The columns by table, which are added to.
    blueprint : Blueprint
        The run.
    """
    items, lanes = tables["items"], tables["lanes"]
    items["makes"] = blueprint.made
    items["lost_sale_cost"] = _lost_sale_cost(items, len(blueprint.made))
    items["lead_time"] = lead_times(blueprint.made, items["production_time"], lanes, np.asarray(lanes["active"], np.bool_))


def lead_times(makes: NDArray[np.bool_], production_time: NDArray[Any], lanes: Mapping[str, Any], counted: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Periods from an order or production order of each item to its receipt, by its longest lane of those that count."""
    found = np.where(makes, production_time, 0).astype(np.float64)
    times = (lanes["order_delay"] + lanes["transport_time"])[counted]
    np.maximum.at(found, lanes["buyer"][counted], times.astype(np.float64))
    return found


def _lost_sale_cost(items: Columns, rows: int) -> NDArray[Any]:
    """What a lost unit costs: where nothing is said, as much as one that is owed for a period."""
    owed = items.get("backorder_cost", np.broadcast_to(np.zeros(1), (rows,)))
    said = items.get("lost_sale_cost")
    if said is None or (is_one_value(said) and np.isnan(said[0])):
        return owed
    return np.where(np.isnan(said), owed, said)
