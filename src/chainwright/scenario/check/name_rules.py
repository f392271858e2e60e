"""What may be a name: text that a reader can see and tell from every other name."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from chainwright.scenario.check.rules import shown
from chainwright.words.likeness import JOINERS

LONGEST = 255
# Words that would read as something else where names stand.
RESERVED = {"enterprise": "default", "product": "policy"}
SIGNS = re.compile(r"[*>]")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
# Letters and signs by their kind that are blank all the same.
BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")


def problem_of_name(noun: str, name: Any) -> str:
    """What is wrong with the name of an enterprise or a product; nothing where all is well.

    Examples
    --------
    >>> problem_of_name("enterprise", "shop"), problem_of_name("product", "")
    ('', 'a product needs a name, and this one is empty')
    """
    article = "an" if noun[0] in "aeiou" else "a"
    if not isinstance(name, str):
        return f"expected the name of {article} {noun} as text, got {shown(name)}"
    if not name.strip():
        return f"{article} {noun} needs a name, and this one is empty"
    if name == RESERVED[noun]:
        return f"{article} {noun} cannot be called {name!r}, a word that policies need"
    if hidden := hidden_in(name):
        return f"cannot be a name: {hidden}"
    if SIGNS.search(name) or name != name.strip():
        return f"cannot be a name: {shown(name)} holds * or >, which paths need, or has a space at an end"
    if len(name) > LONGEST:
        return f"cannot be a name: {shown(name)} has {len(name):,} letters, and {LONGEST} are the most"
    return ""


def hidden_in(name: str) -> str:
    """What of a name nobody can see, in words; nothing where all is seen.

    Examples
    --------
    >>> hidden_in("by sea"), hidden_in("by\\tsea")
    ('', "'by\\\\tsea' holds a character that nobody sees (U+0009); write it without")
    """
    found = CONTROL.search(name)
    letter = found[0] if found else "" if name.isascii() else next((one for one in name if _hidden(one)), "")
    if not letter and name and all(one in JOINERS or one.isspace() for one in name):
        letter = next((one for one in name if one in JOINERS), "")
    if not letter:
        return ""
    said = ascii(name) if len(name) <= LONGEST else ascii(name[:40]) + "..."
    return f"{said} holds a character that nobody sees (U+{ord(letter):04X}); write it without"


def _hidden(letter: str) -> bool:
    return letter in BLANK or (letter not in JOINERS and unicodedata.category(letter) in ("Cf", "Cc", "Cs", "Co", "Zl", "Zp"))
