"""Documents that a program hands over: plain dictionaries and lists, whose keys are texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from chainwright.scenario.check.rules import shown
from chainwright.scenario.documents import Path_, dotted_path
from chainwright.words.errors import Mistake, ScenarioError, UsageError

# Scenario files end at the same depth.
DEEPEST = 60
MOST_TOLD = 20


def check_plain(document: Any) -> None:
    """Refuse what is no document.

    Raises
    ------
    UsageError
        When it is no mapping at all.
    ScenarioError
        When a key in it is no text, or it is nested too deeply.

    Examples
    --------
    >>> check_plain({"enterprises": {7: {"role": "retailer"}}})
    Traceback (most recent call last):
    ...
    chainwright.words.errors.ScenarioError: enterprises: the key 7 is no text; write '7' in quotes
    """
    if not isinstance(document, Mapping):
        raise UsageError(f"expected a scenario as keys and values, such as scenario.document, got {shown(document)}; cw.load reads a file")
    mistakes = []
    for mistake in _mistakes(document, ()):
        mistakes.append(mistake)
        if len(mistakes) >= MOST_TOLD:
            break
    if mistakes:
        raise ScenarioError(mistakes)


def _mistakes(value: Any, path: Path_) -> Iterator[Mistake]:
    if len(path) > DEEPEST:
        yield Mistake("is nested too deeply for a scenario", path=dotted_path(path[:8]) + "...")
    elif isinstance(value, Mapping):
        for key, one in value.items():
            if not isinstance(key, str):
                cure = f"write {str(key)!r} in quotes" if isinstance(key, int | float) and not isinstance(key, bool) else "keys are names"
                yield Mistake(f"the key {key!r} is no text; {cure}", path=dotted_path(path))
            else:
                yield from _mistakes(one, (*path, key))
    elif isinstance(value, list | tuple) and any(isinstance(one, Mapping | list | tuple) for one in value):
        for number, one in enumerate(value):
            yield from _mistakes(one, (*path, number))
