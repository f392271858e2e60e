"""A policy of one's own: it orders twice as much when the shelf is empty."""

import dataclasses
from typing import Any

import numpy as np

from chainwright.policies.base import Policy, parameter, register


@register
@dataclasses.dataclass(frozen=True)
class Panic(Policy):
    """Double the base stock whenever the shelf is empty."""

    name = "panic"
    family = "orders"
    formula = "max(0, level - inventory_position), with twice the level while on_hand is 0"
    source = "An example of the documentation"

    level: Any = parameter("Inventory position to order up to", unit="units", minimum=0.0)

    def __call__(self, view: Any) -> Any:
        wanted = np.where(view.on_hand > 0, self.level, 2 * self.level)
        return np.maximum(wanted - view.inventory_position, 0.0)
