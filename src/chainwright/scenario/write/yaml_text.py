"""Writes a scenario's document as the text of a scenario file: sections as blocks, each entry on a line of its own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from chainwright.scenario.read.yaml_file import plain_value

# How many levels of a section are blocks; what lies below stands in one line, as people write it.
BLOCKS = {"policies": 2, "variants": 2}
WIDTH = 140
_PLAIN_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_/-]*(?:[ .>*]+[A-Za-z0-9_/*-]+)*\Z")
# Characters that YAML wants escaped although JSON does not.
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")


def write_document(document: Mapping[str, Any]) -> str:
    """The text of a scenario file that says the same as a document; `read_document` reads it back.

    Examples
    --------
    >>> print(write_document({"chainwright": 1, "title": "Tea: a start", "lanes": [{"seller": "a", "price": 1.5, "active": True}]}), end="")
    chainwright: 1
    title: "Tea: a start"
    lanes:
      - {seller: a, price: 1.5, active: true}
    """
    lines: list[str] = []
    for key, value in document.items():
        _block(lines, f"{_text(str(key))}:", value, "  ", BLOCKS.get(key, 1))
    return "\n".join(lines) + "\n"


def _block(lines: list[str], head: str, value: Any, indent: str, depth: int) -> None:
    """Write one key: its entries as lines below it, or what it says beside it."""
    if depth > 0 and isinstance(value, Mapping) and value:
        lines.append(head)
        for key, one in value.items():
            _block(lines, f"{indent}{_text(str(key))}:", one, indent + "  ", depth - 1)
    elif depth > 0 and isinstance(value, list | tuple) and any(isinstance(one, Mapping) for one in value):
        lines.append(head)
        lines.extend(f"{indent}- {_flow(one, indent + '    ')}" for one in value)
    elif isinstance(value, str) and "\n" in value.strip("\n") and _can_be_literal(value):
        lines.append(f"{head} |{'' if value.endswith(chr(10)) else '-'}")
        lines.extend(f"{indent}{line}" if line else "" for line in value.removesuffix("\n").split("\n"))
    else:
        lines.append(f"{head} {_flow(value, indent + '  ')}")


def _can_be_literal(text: str) -> bool:
    lines = text.removesuffix("\n").split("\n")
    return all(line == line.rstrip() and line.isprintable() for line in lines) and not (lines[0][:1] in ("", " ") or lines[-1] == "")


def _flow(value: Any, indent: str) -> str:
    """A value in one line, or in several where it is long."""
    if hasattr(value, "tolist"):  # NumPy's numbers and arrays
        value = value.tolist()
    if isinstance(value, Mapping):
        return "{" + _joined((f"{_text(str(key))}: {_flow(one, indent)}" for key, one in value.items()), indent) + "}"
    if isinstance(value, list | tuple):
        return "[" + _joined((_flow(one, indent) for one in value), indent) + "]"
    return _scalar(value)


def flow_text(value: Any) -> str:
    """A value as it is written in a scenario file, in one line.

    Examples
    --------
    >>> flow_text({"low": 1, "name": "Tea: a start"})
    '{low: 1, name: "Tea: a start"}'
    """
    return " ".join(line.strip() for line in _flow(value, "").split("\n"))


def _joined(pieces: Iterable[str], indent: str) -> str:
    lines: list[str] = []
    current = ""
    for piece in pieces:
        if current and len(current) + len(piece) > WIDTH:
            lines.append(current)
            current = piece
        else:
            current = f"{current}, {piece}" if current else piece
    return f",\n{indent}".join([*lines, current])


def _scalar(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value).replace("inf", ".inf").replace("nan", ".nan")
    if isinstance(value, int):
        return str(value)
    return _text(str(value))


def _text(text: str) -> str:
    """A text as it is where it reads as a text, else in quotes."""
    if _PLAIN_WORD.match(text) and len(text) < WIDTH and plain_value(text) == text:
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found.group()):04x}", quoted)
