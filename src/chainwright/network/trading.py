"""On which lanes orders may be placed now: those that are active, unless a subject has something against it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Condition = Callable[[Any], NDArray[np.bool_]]
_CONDITIONS: dict[str, tuple[str, Condition]] = {}


def trades_where(subject: str, feature: str, condition: Condition) -> None:
    """Let a subject say on which lanes orders may be placed, in worlds that have a feature.

    Parameters
    ----------
    subject, feature : str
        Whose condition it is, and the feature without which it is not asked.
    condition : callable
        Takes the world and gives, for each lane, whether the subject lets orders be placed on it.

    Raises
    ------
    ValueError
        When the subject has a condition already.
    """
    if subject in _CONDITIONS:
        raise ValueError(f"subject {subject!r} says twice on which lanes orders may be placed")
    _CONDITIONS[subject] = (feature, condition)


def trading(world: Any) -> NDArray[np.intp]:
    """Set ``lanes.trading`` anew; the only writer of it.

    Returns
    -------
    array of int
        The lanes on which it has changed, for `rewire`.
    """
    lanes = world.lanes
    now = np.asarray(lanes.active, np.bool_)
    for feature, condition in _CONDITIONS.values():
        if feature in world.features:
            now = now & condition(world)
    changed = np.flatnonzero(now != lanes.trading)
    lanes.trading[...] = now
    return changed
