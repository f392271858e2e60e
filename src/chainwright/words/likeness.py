"""What names look like: two that nobody can tell apart by eye are most often one, misspelt."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

# Signs that nobody sees but that some scripts and pictures need between or behind letters: joiners and selectors of variants.
JOINERS = frozenset("\u200c\u200d\u180b\u180c\u180d\u180f" + "".join(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))))
# Letters of other alphabets that look as Latin ones do: Cyrillic and Greek.
_ALIKE = str.maketrans(
    "АВЕЅІЈКМНОРСТХУҮаеѕіјорсухһԁԛԝ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧονι",
    "ABESIJKMHOPCTXYYaesijopcyxhdqw" + "ABEZHIKMNOPTYXovi",
)


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
