"""The messages of a page: what each kind may say, read with care, since a page can send anything."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from typing import Any

from chainwright.experiment.timeline.changes_by_hand import LONGEST_LABEL
from chainwright.words.errors import UsageError, suggestion

Reader = Callable[[str, Any], Any]
LARGEST_NUMBER = 2**53
# Of one thing that is done by hand: how deep and how large what is said may be.
DEEPEST = 8
MOST_VALUES = 2_000
LONGEST_TEXT = 2_000
_HALF = re.compile("[\ud800-\udfff]")
# Keys that would name a file of this machine.
FILES = ("file", "tables")


def whole(field: str, value: Any) -> int:
    """A whole number that is not below 0; a page writes 12.0 and 12 alike."""
    if not _number(value) or not 0 <= value <= LARGEST_NUMBER or value != int(value):
        raise UsageError(f"{field}: expected a whole number from 0 on, got {_short(value)}")
    return int(value)


def text(most: int = LONGEST_TEXT, as_it_is: bool = False) -> Reader:
    """A text of so many characters at the most, that can be written into files and links, or else is looked at by its reader."""

    def read(field: str, value: Any) -> str:
        if not isinstance(value, str):
            raise UsageError(f"{field}: expected a text, got {_short(value)}")
        if len(value) > most:
            raise UsageError(f"{field}: {len(value):,} characters; {most:,} are the most")
        if not as_it_is and _HALF.search(value):
            raise UsageError(f"{field}: half of a letter, as where a text was cut within a sign of two parts; write it anew")
        return value

    return read


def flag(field: str, value: Any) -> bool:
    """Yes or no."""
    if not isinstance(value, bool):
        raise UsageError(f"{field}: expected true or false, got {_short(value)}")
    return value


def one_of(*words: str) -> Reader:
    """One of a few words."""

    def read(field: str, value: Any) -> str:
        if value not in words or not isinstance(value, str):
            raise UsageError(f"{field}: got {_short(value)}{suggestion(_begin(value), words)}")
        return value

    return read


def perhaps(read: Reader) -> Reader:
    """What another reader reads, or nothing."""
    return lambda field, value: None if value is None else read(field, value)


def mapping(field: str, value: Any) -> dict[str, Any]:
    """Values by name or path, plain and not too large, that name no file.

    Examples
    --------
    >>> mapping("settings", {"policies.place_orders.default.level": 30})
    {'policies.place_orders.default.level': 30}
    """
    if not isinstance(value, Mapping) or not value:
        raise UsageError(f"{field}: expected names with their values, got {_short(value)}")
    _plain(field, value)
    return dict(value)


def notes(field: str, value: Any) -> dict[str, Any]:
    """What a page wants to be kept with something that is done: plain, and perhaps nothing."""
    return {} if value is None or value == {} else mapping(field, value)


def factors(field: str, value: Any) -> list[dict[str, Any]]:
    """What is varied: one or two paths, each with its values."""
    if not isinstance(value, list) or not 1 <= len(value) <= 2:
        raise UsageError(f"{field}: expected one or two parameters, got {_short(value)}")
    for one in value:
        if not isinstance(one, Mapping) or not isinstance(one.get("path"), str) or not isinstance(one.get("values"), list) or not one["values"]:
            raise UsageError(f"{field}: expected a path with its values, got {_short(one)}")
        if not all(_number(each) for each in one["values"]):
            raise UsageError(f"{field}: expected numbers as the values of {_short(one['path'])}")
    return [{"path": one["path"], "values": list(one["values"])} for one in value]


def _plain(field: str, value: Any) -> None:
    """Refuse what is too deep or too large, is no JSON, or would read a file of this machine."""
    waiting: list[tuple[Any, int]] = [(value, 1)]
    count = 0
    while waiting:
        one, depth = waiting.pop()
        count += 1
        if depth > DEEPEST or count > MOST_VALUES:
            raise UsageError(f"{field}: too much to be done by hand at once ({MOST_VALUES:,} values, {DEEPEST} deep are the most)")
        if isinstance(one, Mapping):
            for key in one:
                text()(field, key)
                last = str(key).replace('"', "").replace("'", "").strip().rpartition(".")[2]
                if last in FILES or last.endswith("_file"):
                    raise UsageError(f"{field}: {_short(key)} would read a file of this machine, which a page may not; put the values in")
            waiting += [(each, depth + 1) for each in one.values()]
        elif isinstance(one, list | tuple):
            waiting += [(each, depth + 1) for each in one]
        elif isinstance(one, str):
            text()(field, one)
        elif not (one is None or isinstance(one, bool) or _number(one)):
            raise UsageError(f"{field}: expected numbers, texts, lists and names with values, got {_short(one)}")


def _number(value: Any) -> bool:
    """Whether something is a finite number; whole ones of JSON may have any number of digits."""
    return isinstance(value, int | float) and not isinstance(value, bool) and -sys.float_info.max <= value <= sys.float_info.max


def _begin(value: Any) -> str:
    """What somebody may have meant by a word."""
    return value[:40] if isinstance(value, str) else ""


def _short(value: Any) -> str:
    try:
        said = repr(value)
    except (ValueError, RecursionError):  # a number of too many digits, or what is too deep
        return "something endless"
    return said if len(said) <= 60 else said[:40] + "..."


_NAME = text(200)
_COURSE = text(20)
_DONE: Mapping[str, tuple[Reader, Any]] = {
    "timeline": (_COURSE, ...), "period": (whole, ...), "seen": (perhaps(whole), None), "label": (text(LONGEST_LABEL), ""),
    "keep": (flag, False),
}  # fmt: skip
# By kind the fields with how each is read, and what stands in for one that is not said; `...` for one that must be.
KINDS: Mapping[str, Mapping[str, tuple[Reader, Any]]] = {
    "hello": {"fragment": (text(40_000), ""), "period": (perhaps(whole), None), "language": (text(100), "")},
    "drawn": {"number": (whole, ...)},
    "open": {"scenario": (_NAME, ...), "variant": (perhaps(_NAME), None), "seed": (perhaps(whole), None), "side": (one_of("a", "b"), "a")},
    "leave": {},
    "upload": {"name": (_NAME, ...), "text": (text(4_000_000, as_it_is=True), ...), "fragment": (text(40_000), "")},
    "need": {"timeline": (_COURSE, ...), "to": (whole, ...)},
    "act": {**_DONE, "settings": (mapping, ...), "about": (notes, None)},
    "disrupt": {**_DONE, "disruption": (mapping, ...)},
    "undo": {"timeline": (_COURSE, ...), "number": (perhaps(whole), None)},
    "branch": {"timeline": (_COURSE, ...), "period": (whole, ...), "label": (text(LONGEST_LABEL), ""), "keep": (flag, False)},
    "rename": {"timeline": (_COURSE, ...), "label": (text(LONGEST_LABEL), ...)},
    "compare": {"timeline": (perhaps(_COURSE), None), "scenario": (perhaps(_NAME), None), "variant": (perhaps(_NAME), None)},
    "swap": {},
    "watch": {"timeline": (_COURSE, ...)},
    "inspect": {"timeline": (_COURSE, ...), "period": (whole, ...), "enterprise": (perhaps(whole), None), "link": (perhaps(whole), None)},
    "bands": {"timeline": (_COURSE, ...), "runs": (whole, 30)},
    "many": {"timeline": (_COURSE, ...), "factors": (factors, ...), "runs": (whole, 1)},
    "cancel": {"job": (perhaps(_NAME), None)},
    "code": {"period": (perhaps(whole), None)},
    "share": {"period": (perhaps(whole), None)},
    "export": {"what": (one_of("tables", "replay", "scenario"), ...)},
}


def read(said: Any) -> dict[str, Any]:
    """A message with all its fields, each as it should be; what else was said is left out.

    Raises
    ------
    UsageError
        When there is no such message, or a field is wrong or missing.

    Examples
    --------
    >>> read({"kind": "need", "timeline": "c1", "to": 12.0})
    {'kind': 'need', 'timeline': 'c1', 'to': 12}
    """
    kind = said.get("kind") if isinstance(said, Mapping) else None
    if not isinstance(kind, str) or kind not in KINDS:
        raise UsageError(f"there is no message {_short(kind)}{suggestion(_begin(kind), KINDS)}")
    found: dict[str, Any] = {"kind": kind}
    for field, (reader, otherwise) in KINDS[kind].items():
        if field in said and not (said[field] is None and otherwise is not ...):
            found[field] = reader(field, said[field])
        elif otherwise is ...:
            raise UsageError(f"the message {kind} must say {field}")
        else:
            found[field] = notes(field, None) if reader is notes else otherwise
    return found
