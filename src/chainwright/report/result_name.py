"""What a result is called: the scenario with its variant, and what was changed since it was loaded."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any

from chainwright.report.disruption_bands import outages

# Of a value that is longer than this the path alone is told: half a list or table tells nobody anything.
LONGEST = 60
MOST_DISRUPTIONS = 3


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
    """What was set since a scenario was loaded, each as ``path = value``; of a long value the path alone, and disruptions in words.

    Examples
    --------
    >>> import chainwright as cw
    >>> changes(cw.load("beer_game").with_({"horizon": 20, "policies.place_orders.default.target": 20}))
    ['horizon = 20', 'policies.place_orders.default.target = 20']
    >>> changes(cw.load("two_sources").variant("undisturbed"))
    ['disruptions = none']
    """
    settings: Mapping[str, Any] = getattr(scenario, "settings", {})
    return [f"disruptions = {_disruptions(scenario)}" if path == "disruptions" else _set(path, value) for path, value in settings.items()]


def period_of(scenario: Any) -> str:
    """What a period of the scenario is called: day, week, month, or period where it is a number of days."""
    said = scenario.document.get("period", "period")
    return str(said) if isinstance(said, str) else "period"


def _disruptions(scenario: Any) -> str:
    """All disruptions of a scenario in the words of its report, the first few where there are many."""
    told = [one.words for one in outages(scenario, sys.maxsize, period_of(scenario))]
    more = [f"and {len(told) - MOST_DISRUPTIONS} more"] if len(told) > MOST_DISRUPTIONS else []
    return "; ".join([*told[:MOST_DISRUPTIONS], *more]) or "none"


def _set(path: str, value: Any) -> str:
    """A path with its value as one would write it, or only the path where the value is long."""
    text = value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)
    return f"{path} = {text}" if len(text) <= LONGEST else path
