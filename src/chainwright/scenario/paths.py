"""Dotted paths into a scenario: reading them, reading values given on a command line, and the order of several settings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from chainwright.scenario.read.yaml_file import read_document
from chainwright.words.errors import ScenarioError, UsageError

# A part in quotes may hold dots, and the quote itself if it is written twice: enterprises."St. Louis".cash
_PART = re.compile(r"""\s*(?:"((?:[^"]|"")*)"|'((?:[^']|\'\')*)'|([^."'\s][^.]*))\s*(\.|$)""")


def split_path(path: str) -> tuple[str, ...]:
    """The parts of a dotted path; a part in quotes may itself hold dots.

    Examples
    --------
    >>> split_path('enterprises."St. Louis".items.*.on_hand')
    ('enterprises', 'St. Louis', 'items', '*', 'on_hand')
    >>> split_path("lanes.O'Neil>shop.price")
    ('lanes', "O'Neil>shop", 'price')
    """
    found = []
    position = 0
    text = path.strip()
    dangling = True
    while position < len(text):
        match = _PART.match(text, position)
        if match is None:
            raise UsageError(f"cannot read the path {path!r}; expected parts joined by single dots, such as lanes.*.transport_time")
        double, single, plain = match.groups()[:3]
        found.append(double.replace('""', '"') if double is not None else single.replace("''", "'") if single is not None else plain.strip())
        position = match.end()
        dangling = match.group(4) == "."
    if dangling:
        raise UsageError(f"the path {path!r} is empty or ends with a dot; expected parts joined by dots, such as lanes.*.transport_time")
    return tuple(found)


def join_path(parts: Iterable[str]) -> str:
    """The dotted path of its parts; `split_path` reads it back."""
    return ".".join(_quoted(part) if "." in part or part[:1] in ("'", '"', "") else part for part in parts)


def _quoted(part: str) -> str:
    doubled = part.replace('"', '""')
    return f'"{doubled}"'


def parse_value(text: str) -> Any:
    """The value of a text such as ``--set KEY=VALUE`` gives: a number, a word, true or false, ``[1, 2]`` or ``{policy: pass_on}``.

    Raises
    ------
    UsageError
        When the text is no value that could stand in a scenario file.

    Examples
    --------
    >>> parse_value("3"), parse_value("0.5"), parse_value("base_stock"), parse_value("true")
    (3, 0.5, 'base_stock', True)
    >>> parse_value("{policy: step, before: 4, after: 8, at: 5}")
    {'policy': 'step', 'before': 4, 'after': 8, 'at': 5}
    """
    if text.strip() == "*":
        return "*"
    if "\n" in text:
        raise UsageError(f"cannot read the value {text!r}; expected one line")
    try:
        return read_document(None, f"value: {text}\n").data["value"]
    except ScenarioError as error:
        raise UsageError(f"cannot read the value {text!r}: {error.mistakes[0].message}") from None


def parse_setting(text: str) -> tuple[str, Any]:
    """The path and the value of one ``KEY=VALUE``.

    Examples
    --------
    >>> parse_setting("lanes.*.transport_time=3")
    ('lanes.*.transport_time', 3)
    """
    path, equals, value = text.partition("=")
    if not equals or not path.strip():
        raise UsageError(f"cannot read the setting {text!r}; expected KEY=VALUE, such as lanes.*.transport_time=3")
    return path.strip(), parse_value(value.strip())


def names_a_policy(parts: tuple[str, ...]) -> bool:
    """Whether a path sets the name of a policy, or of a generator, which drops the parameters of the one before."""
    if parts == ("population", "generator"):
        return True
    if parts[-1] != "policy":
        return False
    return parts[0] == "policies" or (parts[0] == "enterprises" and len(parts) > 2 and parts[-2] == "demand")


def _covers(general: tuple[str, ...], special: tuple[str, ...]) -> bool:
    """Whether a path, taken with its wildcards, may hold another below it."""
    return len(special) > len(general) and all("*" in (one, other) or one == other for one, other in zip(general, special, strict=False))


def in_order(settings: Mapping[str, Any]) -> list[tuple[str, tuple[str, ...], Any]]:
    """Settings as (path, parts, value) in the order given, but the name of a policy before parameters of the same entry.

    Examples
    --------
    >>> given = {"policies.place_orders.default.level": 20, "policies.place_orders.default.policy": "base_stock"}
    >>> [path for path, _, _ in in_order(given)]
    ['policies.place_orders.default.policy', 'policies.place_orders.default.level']
    """
    ordered: list[tuple[str, tuple[str, ...], Any]] = []
    for path, value in settings.items():
        parts = split_path(str(path))
        at = len(ordered)
        if names_a_policy(parts):
            entry = parts[:-1]
            at = next((i for i, (_, other, _) in enumerate(ordered) if _covers(entry, other) and not names_a_policy(other)), at)
        ordered.insert(at, (str(path), parts, value))
    return ordered
