"""What the tests of `check` have in common: the example of the design, and how a counter-example is fetched."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import chainwright as cw
from chainwright.agents.proof.check import check
from chainwright.words.errors import CheckFailed

LAST = "  every answer is finite, at least 0 and the same when asked again; nothing is changed"
NOTHING = "; a decision answers, and changes nothing"


class Panicker(cw.Distributor):
    """Doubles the order whenever the shelf looks empty."""

    def place_orders(self, item: Any) -> Any:
        if item.on_hand < item.safety_stock:
            return 2 * item.forecast
        return max(item.base_stock_level - item.inventory_position, 0)


class FastPanicker(Panicker):
    """The same for whole columns."""

    factor = 2

    @cw.columnar
    def place_orders(self, items: Any) -> Any:
        calm = np.maximum(items.base_stock_level - items.inventory_position, 0)
        return np.where(items.on_hand < items.safety_stock, self.factor * items.forecast, calm)


def made(method: Any, decision: str = "place_orders", base: type = cw.Distributor, columns: bool = False) -> Any:
    """A class called Wrong with one method."""
    return type("Wrong", (base,), {decision: cw.columnar(method) if columns else method})


def failure(checked: Any, **options: Any) -> str:
    """The counter-example of a check that must fail."""
    with pytest.raises(CheckFailed) as caught:
        check(checked, **options)
    return str(caught.value)
