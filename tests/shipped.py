"""The shipped scenarios in a size that tests can afford: networks of thousands are grown smaller."""

from __future__ import annotations

import functools
from typing import Any

import chainwright as cw

SMALLER: dict[str, dict[str, Any]] = {
    "firm_network": {"population.firms": 400, "population.industries": 12},
    "ten_thousand": {
        "population.customers": 250,
        "population.retailers": 150,
        "population.distributors": 50,
        "population.manufacturers": 40,
        "population.suppliers": 10,
    },
}


@functools.cache
def shipped(name: str) -> cw.Scenario:
    """A shipped scenario, with all its variants, of at most some hundreds of enterprises."""
    return cw.load(name).with_(SMALLER.get(name, {}))
