"""What of trade is added up over the measured periods."""

from __future__ import annotations

from chainwright.metrics.declarations import MAY_LOSE, Sum

OF_ITEMS = (
    Sum("items", "on_hand", within="keepers"),
    Sum("items", "backorder", within="sellers"),
    Sum("items", "in_process", "production"),
    Sum("items", "seen", within="sellers"),
    Sum("items", "unseen", MAY_LOSE),
    Sum("items", "shipped", within="sellers"),
    Sum("items", "shipped_in_time", within="sellers"),
    Sum("items", "used", "production"),
    Sum("items", "consumed", within="customers"),
    Sum("items", "lost", MAY_LOSE),
    Sum("items", "purchase_cost_paid", "prices", "purchase_cost"),
    Sum("items", "revenue_received", "prices", "revenue", within="sellers"),
)
OF_LANES = (
    *(Sum("lanes", column, results=("lanes",)) for column in ("ordered", "shipped", "received")),
    Sum("lanes", "lost", MAY_LOSE, results=("lanes",)),
    # What is on its way has a reach of its own.
    Sum("lanes", "in_transit", "transit", within="reach"),
    Sum("lanes", "backorder", results=("lanes",)),
)
TRADE_SUMS = (*OF_ITEMS, *OF_LANES)
