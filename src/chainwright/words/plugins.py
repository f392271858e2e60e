"""What installed packages bring along: policies, agents and generators that they name as entry points."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import entry_points
from typing import Any

from chainwright.words.errors import UsageError

_LOADED: set[str] = set()


def load_plugins(group: str, take: Callable[[str, Any], None]) -> None:
    """Load the entry points of a group, once, and hand each to `take` with its name.

    Parameters
    ----------
    group : str
        Such as ``chainwright.policies``.
    take : callable
        Takes the name and what was loaded.

    Raises
    ------
    UsageError
        When a package cannot be imported, or what it brings is refused.
    """
    # Looking through the installed packages takes some milliseconds: it is done once, and not again by what it imports.
    if group in _LOADED:
        return
    _LOADED.add(group)
    for point in entry_points(group=group):
        package = point.dist.name if point.dist is not None else "an installed package"
        try:
            found = point.load()
            take(point.name, found)
        except UsageError as error:
            _LOADED.discard(group)
            raise UsageError(f"{package} brings {point.name!r} ({group}): {error}") from None
        except Exception as error:  # whatever a foreign package does wrong, its name is what the user needs
            _LOADED.discard(group)
            raise UsageError(f"{package} brings {point.name!r} ({group}), which cannot be loaded: {type(error).__name__}: {error}") from error
