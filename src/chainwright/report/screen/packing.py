"""Plain data with what recurs in it told once: a file holds very many of the same kind, and a browser unpacks the one that is asked for."""

from __future__ import annotations

import math
from typing import Any

from chainwright.report.screen.bundle import as_json

# Inspectors show 3 digits, and of a thousand and more all whole ones.
DIGITS = 8


class Packing:
    """Packs data of JSON's own kinds; `shapes` is what the packed ones have in common.

    A dict is packed as the number of its shape and its own values, ``[shape, value, ...]``; a list as ``[0, item, ...]``; texts, truths and nulls
    stay as they are; numbers keep 8 digits, and all that stand before the point. A shape lists the keys in order: those whose values differ by name,
    the others as ``[name, value]``. Words are part of a shape; sentences with numbers in them are not.

    Examples
    --------
    >>> packing = Packing()
    >>> packing.pack([{"name": "stock", "value": 4.0}, {"name": "stock", "value": 1 / 3}])
    [0, [1, 4], [1, 0.33333333]]
    >>> packing.shapes
    [[['name', 'stock'], 'value']]
    """

    def __init__(self) -> None:
        self.shapes: list[list[Any]] = []
        self._known: dict[str, int] = {}

    def pack(self, value: Any) -> Any:
        """A value in its packed form; `unpacked` of the page is the other way."""
        if value is None or isinstance(value, (str, bool)):
            return value
        if isinstance(value, (int, float)):
            return _number(value)
        if isinstance(value, dict):
            return self._of_dict(value)
        return [0, *(self.pack(one) for one in value)]

    def _of_dict(self, value: dict[str, Any]) -> list[Any]:
        shape: list[Any] = []
        own: list[Any] = []
        for name, one in value.items():
            packed = self.pack(one)
            # What has nothing of its own is the same wherever it stands.
            bare = isinstance(packed, list) and len(packed) == 1
            if bare or packed is None or isinstance(packed, bool) or (isinstance(packed, str) and not _sentence(packed)):
                shape.append([name, packed])
            else:
                shape.append(name)
                own.append(packed)
        key = as_json(shape)
        if key not in self._known:
            self.shapes.append(shape)
            self._known[key] = len(self.shapes)
        return [self._known[key], *own]


def _sentence(text: str) -> bool:
    return " " in text and any(letter.isdigit() for letter in text)


def _number(value: float) -> float | None:
    if isinstance(value, int):
        return value
    if not math.isfinite(value):
        return None
    short = round(value, 1) if abs(value) >= 10 ** (DIGITS - 1) else float(f"{value:.{DIGITS}g}")
    return int(short) if short == int(short) and abs(short) < 1e15 else short
