"""All sums that are declared: columns that are added up over the measured periods."""

from __future__ import annotations

from chainwright.metrics.declarations import MAY_LOSE, Sum
from chainwright.metrics.trade.sums import TRADE_SUMS
from chainwright.phases.costs import COSTS
from chainwright.words.subjects import FEATURES, SCHEMA, as_declared, renew

_sums: dict[tuple[str, str], Sum] = {}


def sums_up(declared: Sum) -> None:
    """Add a sum to those that are kept of worlds that are built from now on.

    Raises
    ------
    ValueError
        When its table has such a sum, or when its column or feature is not declared.
    """
    key = (declared.table, declared.called)
    if key in _sums:
        raise ValueError(f"the sum {declared.called!r} of {declared.table} is declared twice")
    if (declared.table, declared.column) not in SCHEMA:
        raise ValueError(f"the sum {declared.called!r} is one of {declared.table}.{declared.column}, which is not declared")
    if declared.feature not in ("", MAY_LOSE, *FEATURES):
        raise ValueError(f"the sum {declared.called!r} of {declared.table} is of {declared.feature!r}, which is no feature that is declared")
    _sums[key] = declared
    renew()


@as_declared
def sums_by_table() -> dict[str, dict[str, Sum]]:
    """The sums of each table by their names; what was paid of each cost is one of items.

    Examples
    --------
    >>> [name for name in sums_by_table()["items"] if name.endswith("cost")]
    ['purchase_cost', 'holding_cost', 'backorder_cost', 'in_transit_holding_cost', 'ordering_cost', 'production_cost']
    """
    paid = [Sum("items", cost.paid, cost.feature, cost.name, within="payers") for cost in COSTS.values()]
    found: dict[str, dict[str, Sum]] = {"items": {}, "lanes": {}}
    for one in (*_sums.values(), *paid):
        found.setdefault(one.table, {})[one.called] = one
    return found


for _declared in TRADE_SUMS:
    sums_up(_declared)
