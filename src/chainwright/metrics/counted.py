"""Whether everything that was measured is a number: what has grown beyond all numbers is told, not left out of the results."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainwright.metrics.accumulate import Accumulator
from chainwright.words.errors import ChainwrightError


def check_counted(world: Any, kept: Accumulator) -> None:
    """Refuse results in which something has grown beyond what can be counted, or is no number.

    Parameters
    ----------
    world : World
        What was played.
    kept : Accumulator
        What watched it.

    Raises
    ------
    ChainwrightError
        With the first such item and what of it cannot be counted.
    """
    columns = {name.replace("_", " "): total for name, total in kept.sums.items()}
    columns |= {name.replace("_", " "): world.items[name] for name in ("demand", "orders", "inventory_position")}
    for name, column in columns.items():
        bad = ~np.isfinite(column)
        if bad.any():
            row = int(np.argmax(bad))
            items = world.items
            who = f"{world.enterprises.name[items.enterprise[row]]}/{world.products.name[items.product[row]]}"
            number = int(world.runs.number[items.run[row]])
            raise ChainwrightError(
                f"run {number}: {name} of {who} grew beyond what can be counted; check=True (--check) tells in which period"
            )
