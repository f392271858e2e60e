"""Whether everything that was measured is a number: what has grown beyond all numbers is told, not left out of the results."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.metrics.trade.accumulate import Accumulator
from chainwright.words.errors import ChainwrightError

# Below it squares of sums, at any price, are numbers still; no input is beyond 1e15, and only what multiplies itself gets there.
BEYOND = 1e100
COLUMNS = ("demand", "orders", "backorder", "inventory_position")


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
    columns = kept.sums | {name: np.sqrt(one.squares) for name, one in kept.moments.items()}
    for name, column in [*columns.items(), *((name, world.items[name]) for name in COLUMNS)]:
        _refuse(world, name, ~(np.abs(column) <= BEYOND), "; check=True (--check) tells in which period")


def check_counted_now(world: Any) -> None:
    """Refuse a period in which something has grown beyond what can be counted; what is no number is not looked for.

    Raises
    ------
    ChainwrightError
        With the period, the first such item and what of it cannot be counted.
    """
    for name in COLUMNS:
        _refuse(world, name, np.abs(world.items[name]) > BEYOND, f" in period {world.period}")


def _refuse(world: Any, name: str, bad: NDArray[np.bool_], more: str) -> None:
    if bad.any():
        row, items = int(np.argmax(bad)), world.items
        who = f"{world.enterprises.name[items.enterprise[row]]}/{world.products.name[items.product[row]]}"
        number = int(world.runs.number[items.run[row]])
        raise ChainwrightError(f"run {number}: {name.replace('_', ' ')} of {who} grew beyond what can be counted{more}")
