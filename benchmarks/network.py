"""The network that the benchmarks of large populations run: five layers, several sellers for each buyer, goods that are sometimes scarce."""

from __future__ import annotations

from typing import Any

import chainwright as cw
from chainwright.network.blueprint import Blueprint

# Shares of the enterprises, from the sources down; what is left are customers.
SHARES = {"suppliers": 0.02, "manufacturers": 0.08, "distributors": 0.15, "retailers": 0.25}


def layered(enterprises: int) -> Blueprint:
    """The network of `layered_scenario`, ready for a world."""
    return layered_scenario(enterprises).blueprint()


def layered_scenario(enterprises: int) -> cw.Scenario:
    """One product and one item an enterprise, at least 2.25 lanes each, with everything on that costs time.

    Customers' demand is drawn; the others forecast by a moving average of five periods and order up to a level with safety stock.
    Orders take a period and goods one to four, but to customers both take none. Stock is shared out in proportion.
    """
    counts = {layer: round(share * enterprises) for layer, share in SHARES.items()}
    population: dict[str, Any] = {
        "generator": "layered",
        **counts,
        "customers": enterprises - sum(counts.values()),
        "sellers_per_buyer": 2.3,
        "demand": {"policy": "normal", "variation": 0.3},
        "order_delay": 1,
        "transport_time": {"distribution": "uniform", "low": 1, "high": 4},
        "holding_cost": 0.5,
        "backorder_cost": 1.0,
        "ordering_cost": 2.0,
    }
    document = {
        "chainwright": 1,
        "title": f"{enterprises:,} enterprises in five layers",
        "period": "week",
        "horizon": 100,
        "population": population,
        "policies": {
            "forecast_demand": {"default": {"policy": "moving_average", "periods": 5}},
            "place_orders": {"default": {"policy": "order_up_to", "safety_factor": 1.3}},
            "choose_sellers": {"default": {"policy": "fixed_shares"}},
            "allocate_stock": {"default": {"policy": "proportional"}},
        },
    }
    return cw.Scenario.from_document(document)
