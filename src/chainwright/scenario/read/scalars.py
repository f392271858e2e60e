"""What an unquoted word of a YAML file or the cell of a table means, and the one form in which values are hashed and texts are told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]*)\Z")
_BASE = re.compile(r"0o[0-7]+\Z|0x[0-9a-fA-F]+\Z")
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_ENDLESS = re.compile(r"([-+]?)\.(inf|Inf|INF)\Z")
_WORDS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}


def plain_value(text: str) -> Any:
    """What an unquoted word means by the core rules of YAML 1.2.

    Examples
    --------
    >>> [plain_value(word) for word in ("4", "4.5", "1e3", "true", "no", "2024-05-01", "007", "")]
    [4, 4.5, 1000.0, True, 'no', '2024-05-01', '007', None]
    """
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.match(text):
        # Beyond 18 digits a whole number is kept as a float: nothing here counts that far, and it may be past every float.
        return int(text) if len(text) <= 19 else float(text)
    if len(text) > 1 and text[0] == "0" and text[1].isdigit() and "." not in text:
        return text  # 007 is a code to some and eight to others
    if _NUMBER.match(text):
        return float(text)
    if _BASE.match(text):
        return int(text, 0) if len(text) <= 17 else text
    if found := _ENDLESS.match(text):
        return float(found.group(1) + "inf")
    return text


def joined_text(said: Any, between: str) -> str:
    """A text that may be given as a list of texts, or not at all."""
    texts = said if isinstance(said, list) else [said or ""]
    return between.join(str(one).strip() for one in texts)


def canonical(value: Any) -> Any:
    """A value in the one form that is hashed: whole numbers as such, no number that JSON does not know."""
    if isinstance(value, Mapping):
        return {str(key): canonical(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [canonical(one) for one in value]
    if isinstance(value, float):
        return int(value) if value.is_integer() else repr(value) if value in (float("inf"), float("-inf")) else value
    return value
