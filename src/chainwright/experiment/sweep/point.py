"""A point of a design: what it sets, and the key by which it is found again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from chainwright.scenario import Scenario

# Hexadecimal digits of a key: two of a thousand million points share one by chance with a probability below one in thirty.
KEY_DIGITS = 16


@dataclass(frozen=True)
class Point:
    """One combination of values.

    Parameters
    ----------
    design_id : int
        Place in the design, counted from 0.
    values : mapping
        Value of each factor, as the table shows it.
    settings : mapping
        What `Scenario.with_` is given.
    variant : str, optional
        The variant of the scenario that the settings change; the scenario itself by default.

    Examples
    --------
    >>> one = Point(0, {"target": 20}, {"policies.place_orders.default.target": 20})
    >>> one.key == Point(7, {"aim": 20.0}, {"policies.place_orders.default.target": 20.0}).key
    True
    """

    design_id: int
    values: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    variant: str | None = None

    @cached_property
    def key(self) -> str:
        """Hexadecimal digits that two points share where they set the same; how the factors are called makes no difference."""
        # The order of settings counts: a later one may overwrite an earlier.
        said = [self.variant, [[path, _plain(value)] for path, value in self.settings.items()]]
        text = json.dumps(said, sort_keys=True, separators=(",", ":"), default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:KEY_DIGITS]

    def scenario(self, of: Scenario) -> Scenario:
        """The scenario that the point makes of another.

        Raises
        ------
        UsageError, ScenarioError
            When the point makes no scenario that can run.
        """
        chosen = of if self.variant is None else of.variant(self.variant)
        return chosen.with_(self.settings) if self.settings else chosen


def _plain(value: Any) -> Any:
    """A value in the one form that is hashed: whole numbers as such, numbers of NumPy as Python's."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
