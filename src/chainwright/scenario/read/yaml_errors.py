"""Says in plain words what the YAML parser stumbled over."""

from __future__ import annotations

import re
from typing import Any

from ruamel.yaml.error import MarkedYAMLError

# (pattern in the parser's words, our words, whether the place of the context is the better one)
_SAID: tuple[tuple[str, str, bool], ...] = (
    (r"found character '\\t'", "a tab; indent with spaces", False),
    (r"found character '`'|found character '@'|found character '%'", "a value that begins with @, ` or %; put it in quotes", False),
    (r"mapping values are not allowed", "a colon that cannot stand here; check the indentation, and put text that holds ': ' in quotes", False),
    (r"found unexpected end of stream", "a quote that is opened here is never closed", True),
    (r"found unexpected document separator", "a quote that is opened here is never closed", True),
    (r"could not find expected ':'", "a line without a colon; expected `key: value`", True),
    (r"expected ',' or '\]'", "a bracket [ that is opened here is not closed, or a comma is missing after an element", True),
    (r"expected ',' or '\}'", "a brace { that is opened here is not closed, or a comma is missing after an entry", True),
    (r"expected the node content, but found '([^']*)'", "a value is missing before '{0}'", False),
    (r"sequence entries are not allowed", "a list entry (- ) that cannot stand here; begin it on its own line", False),
    (r"expected <block end>, but found '([\]},])'", "a {0} too many; check the brackets", False),
    (r"expected <block end>, but found", "this does not line up with the entries above; check the indentation", False),
    (r"expected alphabetic or numeric character", "* or & at the beginning of a value; put it in quotes", False),
    (r"found unknown escape character '(.*)'", "an unknown escape \\{0} in quotes; use single quotes, or write the backslash twice", False),
    (r"expected escape sequence of", "an escape in quotes that is not finished; use single quotes, or write the backslash twice", False),
    (r"found undefined tag handle|tag handle|expected URI|tag URI|did not find expected tag|!", "tags (!) are not allowed in a scenario file", False),
    (r"directive|version number", "directives (%) are not allowed in a scenario file", False),
    (r"expected '<document start>'", "the text goes on after its end; check brackets and indentation", False),
    (r"chomping or indentation|indentation indicator", "after | or > only the text may follow, beginning on the next line", False),
)


def in_plain_words(failure: MarkedYAMLError, text: str) -> tuple[str, int, int]:
    """The message, line and column (from 1) of what the parser could not read."""
    problem = " ".join(str(failure.problem or failure.context or "it ends too early").split())
    context = str(failure.context or "")
    for pattern, words, begins in _SAID:
        found = re.search(pattern, problem)
        if found:
            mark = failure.context_mark if begins and failure.context_mark is not None else failure.problem_mark
            message = words.replace("{0}", _named(found.group(1))) if found.groups() else words
            return _at(message, mark or failure.context_mark)
    told = f"cannot be read as YAML: {problem}" + (f" ({context})" if context and context not in problem else "")
    return _at(told, failure.problem_mark or failure.context_mark)


def _named(word: str) -> str:
    return {"<stream end>": "the end of the file", "<block end>": "the end of the entry"}.get(word, word)


def _at(message: str, mark: Any) -> tuple[str, int, int]:
    if mark is None:
        return message, 0, 0
    return message, int(mark.line) + 1, int(mark.column) + 1
