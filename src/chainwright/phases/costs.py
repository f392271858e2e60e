"""All costs that are declared, in the order in which they are added up."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from chainwright.phases.trade.costs import TRADE_COSTS
from chainwright.words.costs import Cost
from chainwright.words.subjects import FEATURES, SCHEMA, SHAPES, renew

_costs: dict[str, Cost] = {}
COSTS: Mapping[str, Cost] = MappingProxyType(_costs)


def charges(cost: Cost) -> None:
    """Add a cost behind those that are known, for all worlds that are built from now on.

    Raises
    ------
    ValueError
        When its name is taken, or names a column, a key or a feature that is not declared.
    """
    if cost.name in _costs:
        raise ValueError(f"cost {cost.name!r} is declared twice")
    missing = [f"{cost.table}.{name}" for name in cost.rates if (cost.table, name) not in SCHEMA]
    if ("items", cost.paid) not in SCHEMA:
        missing.append(f"items.{cost.paid}")
    if missing:
        raise ValueError(f"cost {cost.name!r} needs the column {missing[0]}, which is not declared")
    if cost.feature not in FEATURES:
        raise ValueError(f"cost {cost.name!r} is of {cost.feature!r}, which is no feature that is declared")
    if cost.table != "items" and SHAPES[cost.table].keys.get(cost.to) != "items":
        raise ValueError(f"cost {cost.name!r}: `to` must be a key by which a row of {cost.table} names the item that pays, got {cost.to!r}")
    _costs[cost.name] = cost
    renew()


for _cost in TRADE_COSTS:
    charges(_cost)
