"""What a result is called: the scenario with its variant, and what was changed since it was loaded."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

# A value that is longer than this, such as a list of disruptions, is cut.
LONGEST = 60


def variants_of(scenario: Any) -> list[str]:
    """The variants that a scenario was made to be, in order; their names are joined to its own.

    Examples
    --------
    >>> import chainwright as cw
    >>> variants_of(cw.load("beer_game").variant("textbook"))
    ['textbook']
    """
    rest, found = str(scenario.name), []
    known = sorted((str(one) for one in scenario.variants), key=len, reverse=True)
    while joined := next((one for one in known if rest.endswith(f"-{one}")), None):
        found.append(joined)
        rest = rest[: -len(joined) - 1]
    return found[::-1]


def full_title(scenario: Any) -> str:
    """The title of a scenario with its variant.

    Examples
    --------
    >>> import chainwright as cw
    >>> full_title(cw.load("beer_game").variant("textbook"))
    'The beer game – textbook'
    """
    return " – ".join([str(scenario.title), *variants_of(scenario)])


def changes(scenario: Any) -> list[str]:
    """What was set since a scenario was loaded, each as ``path = value``.

    Examples
    --------
    >>> import chainwright as cw
    >>> changes(cw.load("beer_game").with_({"horizon": 20, "policies.place_orders.default.target": 20}))
    ['horizon = 20', 'policies.place_orders.default.target = 20']
    """
    settings: Mapping[str, Any] = getattr(scenario, "settings", {})
    return [f"{path} = {_value(value)}" for path, value in settings.items()]


def _value(value: Any) -> str:
    """A value as one would write it, cut where it is long."""
    if isinstance(value, str):
        text = value
    else:
        text = json.dumps(value, default=str, ensure_ascii=False)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
