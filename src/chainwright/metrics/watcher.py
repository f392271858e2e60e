"""Watcher the state of whatever watches a world, for snapshots."""

from __future__ import annotations

import copy
from typing import Any


class Watcher:
    """A watcher whose whole state can be copied and put back; its attributes are arrays, numbers and lists of them."""

    # Attributes that refer to the world's own columns or never change: they are left alone.
    fixed: tuple[str, ...] = ()

    def state(self) -> dict[str, Any]:
        """A copy of all that is held."""
        return {name: copy.deepcopy(value) for name, value in vars(self).items() if name not in self.fixed}

    def restore(self, state: dict[str, Any]) -> None:
        """Put a copy back, to go on as if nothing had happened in between."""
        for name, value in copy.deepcopy(state).items():
            setattr(self, name, value)
