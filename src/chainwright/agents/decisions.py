"""Which decisions an agent class takes over, and whether it answers for one row or for whole columns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from chainwright.words.subjects import DECISIONS

Method = TypeVar("Method", bound=Callable[..., Any])
MARK = "answers_columns"
BY_POLICY = "answers_as_the_policy"


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


def as_the_policy(method: Method) -> Method:
    """Mark a decision that answers what the scenario's policy would: who leaves it so takes nothing over."""
    # Itself, because what only bears its name and its notes (functools.wraps) answers something of its own.
    setattr(method, BY_POLICY, method)
    return method


def _by_policy(method: Any) -> bool:
    return method is not None and getattr(method, BY_POLICY, None) is method


# Classes that have every decision as the policies', and what their methods do.
_ROOTS: list[tuple[type, Callable[[Any, str, Any], Any]]] = []


def give_decisions(root: type, answer: Callable[[Any, str, Any], Any]) -> None:
    """Give a class a method for every decision that is declared, now and later, unless it is written by hand.

    Parameters
    ----------
    root : type
        The class.
    answer : callable
        Takes the agent, the name of the decision and the view, and answers as the policy would.
    """
    _ROOTS.append((root, answer))
    _complete()


def _complete() -> None:
    for root, answer in _ROOTS:
        for name, decision in DECISIONS.items():
            if name not in vars(root):
                setattr(root, name, as_the_policy(_method(root, name, decision.about, answer)))


def _method(root: type, name: str, about: str, answer: Callable[[Any, str, Any], Any]) -> Callable[[Any, Any], Any]:
    def method(self: Any, view: Any) -> Any:
        return answer(self, name, view)

    method.__name__, method.__qualname__, method.__doc__, method.__module__ = name, f"{root.__name__}.{name}", about, root.__module__
    return method


def overridden(agent_class: type) -> tuple[str, ...]:
    """The decisions that a class (or one between it and `Enterprise`) defines anew."""
    _complete()
    return tuple(decision for decision in DECISIONS if not _by_policy(getattr(agent_class, decision)))


def root_of(agent_class: type) -> type:
    """The class from which an agent class has that all decisions are the policies': `Enterprise`."""
    _complete()
    return next(base for base in agent_class.__mro__ if all(_by_policy(vars(base).get(decision)) for decision in DECISIONS))


def answers_columns(agent_class: type, decision: str) -> bool:
    """Whether a class answers a decision for whole columns."""
    return bool(getattr(getattr(agent_class, decision), MARK, False))
