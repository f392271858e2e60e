"""What may be a name: text that a reader can see and tell from every other name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from chainwright.scenario.values import shown

LONGEST = 255
# Words that would read as something else where names stand.
RESERVED = {"enterprise": "default", "product": "policy"}
SIGNS = re.compile(r"[*>\x00-\x1f]")
# Signs that nobody sees but that some scripts need between letters.
JOINERS = "\u200c\u200d"
# Letters of other alphabets that look as Latin ones do: Cyrillic and Greek.
_ALIKE = str.maketrans(
    "АВЕЅІЈКМНОРСТХУҮаеѕіјорсухһԁԛԝ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧονι",
    "ABESIJKMHOPCTXYYaesijopcyxhdqw" + "ABEZHIKMNOPTYXovi",
)


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
    if SIGNS.search(name) or name != name.strip():
        return f"cannot be a name: {shown(name)} holds * or >, which paths need, or has a space at an end"
    if len(name) > LONGEST:
        return f"cannot be a name: {shown(name)} has {len(name):,} letters, and {LONGEST} are the most"
    hidden = "" if name.isascii() else next((letter for letter in name if _hidden(letter)), "")
    if hidden:
        return f"cannot be a name: {name!a} holds a character that nobody sees (U+{ord(hidden):04X}); write it without"
    return ""


def _hidden(letter: str) -> bool:
    return letter not in JOINERS and unicodedata.category(letter) in ("Cf", "Cc", "Cs", "Co", "Zl", "Zp")


def likeness(name: str) -> str:
    """What a name looks like: two names with the same cannot be told apart by eye.

    Examples
    --------
    >>> likeness("sh\\u043ep") == likeness("shop"), likeness("Shop") == likeness("shop")
    (True, False)
    """
    if name.isascii():
        return name
    seen = unicodedata.normalize("NFKC", name)
    return " ".join("".join(letter for letter in seen if letter not in JOINERS).translate(_ALIKE).split())


def look_alikes(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Names that look like another one, each with that one; of two the one that is plain text is the other."""
    listed = [name for name in names if isinstance(name, str)]
    if all(name.isascii() for name in listed):
        return
    first: dict[str, str] = {}
    for name in sorted(listed, key=lambda name: not name.isascii()):
        other = first.setdefault(likeness(name), name)
        if other != name:
            yield name, other
