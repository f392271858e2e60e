"""Ranks that agents answer about lanes mean their order only, whatever numbers they are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import chainwright as cw
from chainwright.agents.model import roster_of
from chainwright.scenario.resolve.document import resolve

LANE = {"product": "tea", "order_delay": 1, "transport_time": 1}
DOCUMENT: dict[str, Any] = {
    "horizon": 20,
    "products": {"tea": {}},
    "enterprises": {
        "garden": {"role": "supplier", "items": {"tea": {"unlimited": True}}},
        "house": {"role": "distributor", "items": {"tea": {"on_hand": 6.0}}},
        **{f"shop_{number}": {"role": "customer", "items": {"tea": {"demand": {"policy": "poisson", "mean": 2.0 + number}}}} for number in range(4)},
    },
    "lanes": [
        {"seller": "garden", "buyer": "house", **LANE},
        *({"seller": "house", "buyer": f"shop_{number}", **LANE} for number in range(4)),
    ],
    "policies": {
        "place_orders": {"default": {"policy": "constant", "quantity": 11.0}},
        "allocate_stock": {"default": {"policy": "largest_first"}},
    },
}


class Loyal(cw.Distributor):
    """Serves whoever is owed most first: ranks below zero and fractions among them."""

    def allocate_stock(self, lanes: Any) -> Any:
        return -lanes.want - 1e-9 * np.arange(len(lanes))[::-1], lanes.want


class LoyalInColumns(cw.Distributor):
    """The same for whole columns."""

    @cw.columnar
    def allocate_stock(self, lanes: Any) -> Any:
        return 1000.0 - lanes.want / 7.0 + 1e-9 * np.arange(len(lanes.want)), lanes.want


@pytest.mark.parametrize("agent", [Loyal, LoyalInColumns])
def test_the_order_of_ranks_is_what_counts(agent: type[cw.Enterprise]) -> None:
    blueprint = resolve(DOCUMENT)
    policy = cw.World(blueprint, range(3))
    agents = cw.World(blueprint, range(3), agents=roster_of(blueprint, {"house": agent}))
    served = 0.0
    for _ in range(20):
        policy.step()
        agents.step()
        np.testing.assert_array_equal(policy.lanes.shipped, agents.lanes.shipped)
        served += float(agents.lanes.shipped.sum())
    # Stock was scarce: the rule has decided something, and somebody was served.
    assert policy.lanes.backorder.sum() > 0.0
    assert served > 0.0
