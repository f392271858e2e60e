"""Which decisions an agent class takes over, and whether it answers for one row or for whole columns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from chainwright.words.trade import DECISIONS

Method = TypeVar("Method", bound=Callable[..., Any])
MARK = "answers_columns"


def columnar(method: Method) -> Method:
    """Mark a decision that answers for all rows at once: its argument is a view of columns, its answer one number per row.

    A lane decision answers a pair of columns, rank and weight, or the weight alone. ``self`` is then one object for all the
    enterprises of the class: what differs between them comes from the columns.

    Examples
    --------
    >>> import numpy as np
    >>> import chainwright as cw
    >>> class Panicker(cw.Distributor):
    ...     @cw.columnar
    ...     def place_orders(self, items):
    ...         calm = np.maximum(items.base_stock_level - items.inventory_position, 0)
    ...         return np.where(items.on_hand < items.safety_stock, 2 * items.forecast, calm)
    >>> answers_columns(Panicker, "place_orders")
    True
    """
    setattr(method, MARK, True)
    return method


def overridden(agent_class: type) -> tuple[str, ...]:
    """The decisions that a class (or one between it and `Enterprise`) defines anew."""
    from chainwright.agents.enterprise import Enterprise

    return tuple(decision for decision in DECISIONS if getattr(agent_class, decision) is not getattr(Enterprise, decision))


def answers_columns(agent_class: type, decision: str) -> bool:
    """Whether a class answers a decision for whole columns."""
    return bool(getattr(getattr(agent_class, decision), MARK, False))
