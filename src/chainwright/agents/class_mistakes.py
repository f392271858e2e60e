"""What can be told of a class of agents before it is asked anything: misspelt decisions, and methods that take something else."""

from __future__ import annotations

import difflib
import inspect
from typing import Any

from chainwright.agents.decisions import overridden, root_of
from chainwright.words.subjects import DECISIONS, SHAPES

# A method of one's own may sound like a decision; one that is written almost like it was meant as one.
ALMOST = 0.85


def own_names(agent_class: type) -> list[str]:
    """The public names that a class, and those between it and the classes of the roles, define."""
    root = root_of(agent_class)
    users = [base for base in agent_class.__mro__ if base not in root.__mro__ and base.__module__ != root.__module__]
    return list(dict.fromkeys(name for base in users for name in vars(base) if not name.startswith("_")))


def mistakes_of(agent_class: type) -> list[str]:
    """What is wrong with the methods of a class, one line each.

    Examples
    --------
    >>> import chainwright as cw
    >>> class Panicker(cw.Distributor):
    ...     def place_order(self, item):
    ...         return 2 * item.forecast
    >>> mistakes_of(Panicker)
    ["Panicker.place_order is asked by nobody; did you mean 'place_orders'?"]
    """
    name = agent_class.__name__
    decided = overridden(agent_class)
    wrong = []
    for own in own_names(agent_class):
        meant = difflib.get_close_matches(own.lower(), DECISIONS, n=1, cutoff=ALMOST)
        if meant and own not in DECISIONS and meant[0] not in decided and inspect.isfunction(getattr(agent_class, own)):
            wrong.append(f"{name}.{own} is asked by nobody; did you mean {meant[0]!r}?")
    for decision in decided:
        declared = DECISIONS[decision]
        what = declared.table if declared.asked == "group" else SHAPES[declared.table].one
        if not callable(getattr(agent_class, decision)):
            wrong.append(f"{name}.{decision} is no method; write def {decision}(self, {what})")
        elif not _takes(agent_class, decision, 1):
            wrong.append(f"{name}.{decision} is called with one thing beside self; write def {decision}(self, {what})")
    if not _takes(agent_class, "__init__", 2):
        wrong.append(f"{name}.__init__ is called with model and name; leave it out, and begin what an agent remembers in setup(self)")
    return wrong


def _takes(agent_class: type, method: str, count: int) -> bool:
    """Whether a method can be called with so many things beside self; what is no plain function is taken at its word."""
    found: Any = inspect.getattr_static(agent_class, method)
    if not inspect.isfunction(found):
        return True
    try:
        inspect.signature(found).bind(*[None] * (1 + count))
    except TypeError:
        return False
    return True
