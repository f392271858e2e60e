"""Agent classes by name: registered from Python, or found in an installed package."""

from __future__ import annotations

from typing import Any

from chainwright.words.errors import UsageError, suggestion
from chainwright.words.plugins import load_plugins

# Installed packages name their agent classes under this group of entry points.
GROUP = "chainwright.agents"
_KNOWN: dict[str, type[Any]] = {}


def register_agent(agent_class: type[Any], name: str = "") -> None:
    """Make an agent class known by a name (its own by default), so that a scenario's ``agents:`` can use it.

    Raises
    ------
    UsageError
        When the name is taken by another class.
    """
    called = name or agent_class.__name__
    known = _KNOWN.get(called)
    # A notebook's cell that is run again defines the same class anew.
    if known is not None and (known.__module__, known.__qualname__) != (agent_class.__module__, agent_class.__qualname__):
        raise UsageError(f"an agent called {called!r} is already registered: {known.__module__}.{known.__qualname__}")
    _KNOWN[called] = agent_class


def registered_agents() -> dict[str, type[Any]]:
    """The agent classes that scenario files can name."""
    load_plugins(GROUP, lambda name, found: register_agent(found, name))
    return dict(_KNOWN)


def agent_class_of(said: Any) -> type[Any]:
    """The class that is meant by a class or by its registered name.

    Raises
    ------
    UsageError
        When nothing of this name is registered, or what is given is no agent class.
    """
    if isinstance(said, type) and hasattr(said, "register_itself"):
        return said
    if not isinstance(said, str):
        raise UsageError(f"expected an agent class (a subclass of Enterprise, Retailer, ...) or its registered name, got {said!r}")
    known = registered_agents()
    if said not in known:
        hint = suggestion(said, known) or "; register it with @cw.register, or give `--import` the module that does"
        raise UsageError(f"no agent called {said!r} is registered{hint}")
    return known[said]
