"""Reads one YAML file to plain data with the place of every key and value, and refuses what a scenario never needs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
)

from chainwright.scenario.documents import Document, Path_, dotted_path, short
from chainwright.scenario.read.scalars import plain_value
from chainwright.scenario.read.yaml_errors import in_plain_words
from chainwright.words.errors import Mistake, Place, ScenarioError
from chainwright.words.file_names import refuse_long

__all__ = ["Document", "plain_value", "read_document"]

LARGEST_FILE = 1_000_000  # bytes; reading is a few hundred thousand bytes a second, and long lists belong into CSV tables
LONGEST_LINE = 100_000
MOST_VALUES = 60_000
DEEPEST = 20
# Sections that may stand empty (all their entries commented out, say): then they count as not said.
MAY_BE_EMPTY = ("lanes", "recipes", "policies", "disruptions", "interventions", "variants", "tables", "population", "visibility", "agents",
                "products")  # fmt: skip

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
# More brackets in a row than may be open at once; to the parser each may begin a key, which takes it long to rule out.
_OPENED = re.compile(r"(?:[\[{][ \n]*){" + str(DEEPEST + 1) + "}")
# The two parts into which a flow mapping takes apart a number with a comma: {price: 0,5}
_BEFORE_COMMA = re.compile(r"[-+]?[0-9][0-9.,]*\Z")
_AFTER_COMMA = re.compile(r"[0-9]+(?:\.[0-9]+)?%?\Z")
_VALUES = re.compile(r"[,\n][ \t]*[^\s,#]")


def read_document(path: Path | str | None, text: str | None = None) -> Document:
    """Read a scenario file, or a text as if it stood in one.

    Parameters
    ----------
    path : Path or None
        The file; with `text`, only its name and its folder are used.
    text : str, optional
        What the file says, where it is not to be read from disk.

    Raises
    ------
    ScenarioError
        When the file is not there, is no UTF-8 text, is too large or too deep, is not YAML, or has anchors, aliases or tags.

    Examples
    --------
    >>> document = read_document(None, "title: Two shops\\nhorizon: 12\\n")
    >>> document.data, str(document.value_places["horizon",])
    ({'title': 'Two shops', 'horizon': 12}, 'text:2:10')
    """
    where = None if path is None else Path(path)
    file = "text" if where is None else str(where)
    folder = Path() if where is None else where.parent
    if text is None:
        if where is None:
            raise _refusal(file, "neither a file nor a text to read")
        text = _text_of(where)
    text = text.removeprefix("\ufeff")
    refuse_by_size(text, file)
    try:
        return _Reader(file, folder).read(text)
    except MarkedYAMLError as failure:
        message, line, column = in_plain_words(failure, text)
        raise _refusal(file, message, line, column) from None
    except YAMLError as failure:
        position = getattr(failure, "position", None)
        line, column = _line_and_column(text, position) if isinstance(position, int) else (0, 0)
        raise _refusal(file, "a control character, which is not allowed in a scenario file", line, column) from None
    except (ValueError, ArithmeticError, LookupError, AttributeError, TypeError, AssertionError, RecursionError) as failure:
        # The parser itself stumbles over a few texts (an escape beyond Unicode, say).
        raise _refusal(file, f"cannot be read as YAML ({failure})".replace("\n", " ")) from None


def _refusal(file: str, message: str, line: int = 0, column: int = 0) -> ScenarioError:
    return ScenarioError([Mistake(message, Place(file, line, column))])


def _text_of(path: Path) -> str:
    file = str(path)
    refuse_long(path)
    if path.is_dir():
        raise _refusal(file, "is a folder; expected a scenario file")
    if not path.exists():
        raise _refusal(file, "there is no such file")
    if not path.is_file():
        raise _refusal(file, "is not a regular file")
    if path.stat().st_size > LARGEST_FILE:
        raise _refusal(file, f"is larger than {LARGEST_FILE // 1_000_000} MB; put long lists into CSV tables (see `tables`)")
    try:
        content = path.read_bytes()
    except OSError as failure:
        raise _refusal(file, f"cannot be read ({failure.strerror})") from None
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as failure:
        line, column = _line_and_column(content[: failure.start].decode("utf-8"), failure.start)
        raise _refusal(file, f"is not UTF-8 text (byte 0x{content[failure.start]:02x})", line, column) from None


def _line_and_column(text: str, position: int) -> tuple[int, int]:
    before = text[:position]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def refuse_by_size(text: str, file: str) -> None:
    """Cheap looks at the whole text, before anything is parsed."""
    hint = "put long lists into CSV tables (see `tables`)"
    if len(text) > LARGEST_FILE:
        raise _refusal(file, f"is larger than {LARGEST_FILE // 1_000_000} MB; {hint}")
    start = 0
    number = 1
    while len(text) - start > LONGEST_LINE:
        end = text.find("\n", start)
        if end < 0 or end - start > LONGEST_LINE:
            raise _refusal(file, f"a line of more than {LONGEST_LINE} characters; {hint}", number, 1)
        start, number = end + 1, number + 1
    if opened := _OPENED.search(text):
        raise _refusal(file, f"nested more than {DEEPEST} deep", *_line_and_column(text, opened.start()))
    if len(_VALUES.findall(text)) > MOST_VALUES:
        raise _refusal(file, f"more than {MOST_VALUES} values; {hint}")


@dataclass
class _Open:
    """A list or mapping whose end has not been read yet."""

    holder: Any
    path: Path_
    next_path: Path_ | None  # where the next value goes; None where a key is to come
    passing: bool = False  # whether the next value belongs to a key said twice
    flow: bool = False  # whether it stands in braces
    number: tuple[str, str, int] | None = None  # in braces, the number just read: its key, its text, where it ends
    rest: Any = None  # the event of a key that may be the rest of that number, after a comma

    def advance(self) -> None:
        self.passing = False
        self.next_path = (*self.path, len(self.holder)) if isinstance(self.holder, list) else None


class _Reader:
    """Builds plain data from the parser's events; nothing is constructed that a scenario does not have."""

    def __init__(self, file: str, folder: Path) -> None:
        self.file = file
        self.folder = folder
        self.places: dict[Path_, Place] = {}
        self.value_places: dict[Path_, Place] = {}
        self.mistakes: list[Mistake] = []

    def read(self, text: str) -> Document:
        events = iter(YAML(typ="safe", pure=True).parse(text))
        data: Any = None
        documents = 0
        for event in events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self.refuse(event, "a second document; a scenario file holds one")
                if event.version or event.tags:
                    raise self.refuse(event, "directives (%YAML, %TAG) are not allowed in a scenario file")
            elif isinstance(event, NodeEvent):
                data = self.node(event, events)
        if data is None:
            raise _refusal(self.file, "the file is empty; expected `chainwright: 1` and the rest of a scenario")
        if not isinstance(data, dict):
            got = "a list" if isinstance(data, list) else "text"
            raise _refusal(self.file, f"expected keys and values (`chainwright: 1` ...), got {got}", 1, 1)
        for section in MAY_BE_EMPTY:
            if section in data and data[section] is None:
                del data[section]
        return Document(data, self.places, self.value_places, self.file, self.folder, tuple(self.mistakes))

    def place(self, event: Any) -> Place:
        return Place(self.file, event.start_mark.line + 1, event.start_mark.column + 1)

    def refuse(self, event: Any, message: str) -> ScenarioError:
        return ScenarioError([Mistake(message, self.place(event))])

    def refuse_extras(self, event: NodeEvent) -> None:
        if isinstance(event, AliasEvent):
            raise self.refuse(event, f"an alias (*{short(event.anchor)}) is not allowed in a scenario file; write the value out")
        if event.anchor is not None:
            raise self.refuse(event, f"an anchor (&{short(event.anchor)}) is not allowed in a scenario file; write values out where they are used")
        tag = getattr(event, "tag", None)
        if tag is not None:
            word = tag.replace("tag:yaml.org,2002:", "!!")
            raise self.refuse(event, f"a tag ({short(word if word.startswith('!') else '!<' + word + '>')}) is not allowed in a scenario file")

    def scalar(self, event: ScalarEvent) -> Any:
        if event.style is None:
            return plain_value(event.value)
        if event.style == '"' and _CONTROL.search(event.value):
            raise self.refuse(event, "a control character, which is not allowed in a scenario file")
        return event.value

    def key(self, event: Any, inner: _Open) -> None:
        """Take the next key of a mapping."""
        self.refuse_extras(event)
        if not isinstance(event, ScalarEvent):
            raise self.refuse(event, "a list or a mapping cannot be a key")
        key = event.value
        if key == "<<" and event.style is None:
            raise self.refuse(event, "merge keys (<<) are not allowed in a scenario file; write the values out")
        if key == "":
            raise self.refuse(event, "a value without a key; expected `key: value`")
        if inner.number and event.style is None and event.start_mark.index == inner.number[2] + 1 and _AFTER_COMMA.match(key):
            inner.rest = event  # its value tells whether it is a key
            inner.next_path = (*inner.path, key)
        else:
            self.begin_entry(event, inner)

    def begin_entry(self, event: Any, inner: _Open) -> None:
        """Note the place of a key; one said twice is a mistake, and what it says is passed over."""
        key = event.value
        path = (*inner.path, key)
        inner.number = None
        if key in inner.holder and path in self.places:
            first = self.places[path].line
            if len(self.mistakes) < 100:
                self.mistakes.append(Mistake(f"the key {short(key)!r} is said twice (first in line {first})", self.place(event), dotted_path(path)))
            inner.next_path = None
            inner.passing = True
            return
        self.places[path] = self.place(event)
        inner.next_path = path

    def take_rest(self, event: Any, inner: _Open) -> bool:
        """Whether a key without a value was the rest of the number before it, which then becomes the text that was meant as one."""
        after, inner.rest = inner.rest, None
        assert inner.number is not None
        if not isinstance(event, ScalarEvent) or event.value != "" or event.style is not None or event.anchor is not None or event.tag is not None:
            self.begin_entry(after, inner)
            return False
        key, text, _ = inner.number
        inner.holder[key] = f"{text},{after.value}"
        inner.number = (key, inner.holder[key], after.end_mark.index)
        inner.advance()
        return True

    def node(self, event: Any, events: Iterator[Any]) -> Any:
        """The value that begins with an event; a stack instead of recursion, so that a rule bounds the depth and not the machine."""
        if isinstance(event, ScalarEvent | AliasEvent):
            self.refuse_extras(event)
            return self.scalar(event)  # type: ignore[arg-type]
        stack = [self.open(event, (), 1)]
        root = stack[0].holder
        while stack:
            self.step(next(events), stack)
        return root

    def open(self, event: CollectionStartEvent, path: Path_, depth: int) -> _Open:
        self.refuse_extras(event)
        if depth > DEEPEST:
            raise self.refuse(event, f"nested more than {DEEPEST} deep")
        if isinstance(event, MappingStartEvent):
            return _Open({}, path, None, flow=bool(event.flow_style))
        return _Open([], path, (*path, 0))

    def step(self, event: Any, stack: list[_Open]) -> None:
        inner = stack[-1]
        if isinstance(event, MappingEndEvent | SequenceEndEvent):
            stack.pop()
            if stack:
                stack[-1].advance()
            return
        if isinstance(inner.holder, dict) and inner.next_path is None and not inner.passing:
            self.key(event, inner)
            return
        if inner.rest is not None and self.take_rest(event, inner):
            return
        path = inner.next_path
        # The second value of a key said twice is read past: it is checked for what is refused, and dropped.
        dropped = path is None
        self.refuse_extras(event)
        opened = self.open(event, path or ("",), len(stack) + 1) if isinstance(event, CollectionStartEvent) else None
        value = self.scalar(event) if opened is None else opened.holder
        if not dropped and path is not None:
            # A value that is not there stands where its key stands.
            place = self.places[path] if value is None and path in self.places else self.place(event)
            self.value_places.setdefault(path, place)
            if isinstance(inner.holder, list):
                self.places.setdefault(path, place)
                inner.holder.append(value)
            else:
                inner.holder[path[-1]] = value
                if inner.flow and opened is None and event.style is None and _BEFORE_COMMA.match(event.value):
                    inner.number = (str(path[-1]), event.value, event.end_mark.index)
        if opened is not None:
            stack.append(opened)
        else:
            inner.advance()
