"""What a unit costs where, when every seller adds a markup to what it pays: the same linear system as the flows, the other way round."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.network.populations.steady import Unsettled, settle
from chainwright.words.errors import UsageError

Floats = NDArray[np.float64]


def unit_costs(
    outside: Floats,
    markup: Floats,
    seller: NDArray[Any],
    buyer: NDArray[Any],
    share: Floats,
    recipe_item: NDArray[Any],
    recipe_component: NDArray[Any],
    recipe_quantity: Floats,
    yield_share: float = 1.0,
) -> Floats:
    """The cost of a unit of each item: what its sellers charge on average, or what its components cost.

    Parameters
    ----------
    outside : array of float
        Cost of a unit of outside sources, 0 for all other items.
    markup : array of float
        What the seller's item adds to its own cost, as a share of it.
    seller, buyer, share, recipe_item, recipe_component, recipe_quantity, yield_share
        As of `chainwright.network.populations.balance.steady_flows`.

    Raises
    ------
    UsageError
        When the markups in a cycle outgrow what comes from outside it.

    Examples
    --------
    >>> none = np.zeros(0, int)
    >>> outside, markup = np.array([0.0, 0.0, 1.0]), np.array([0.0, 0.5, 1.0])
    >>> unit_costs(outside, markup, np.array([1, 2]), np.array([0, 1]), np.ones(2), none, none, np.zeros(0)).tolist()
    [3.0, 2.0, 1.0]
    """
    made = np.bincount(recipe_item, minlength=len(outside)) > 0
    paid = np.where(made[buyer], 0.0, share) * (1.0 + markup[seller])
    upper, lower = np.concatenate([buyer, recipe_item]), np.concatenate([seller, recipe_component])
    try:
        return settle(upper, lower, np.concatenate([paid, recipe_quantity / yield_share]), outside)
    except Unsettled as unsettled:
        raise UsageError(
            f"prices would be infinite: {len(unsettled.rows)} items in a cycle add more markup than comes in from outside; lower the markup"
        ) from None
