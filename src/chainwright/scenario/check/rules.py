"""Tells whether a value is what a rule asks for, and in words what is wrong with it where it is not."""

from __future__ import annotations

import dataclasses
import functools
import math
import re
from collections.abc import Mapping
from difflib import SequenceMatcher
from typing import Any, Literal

import numpy as np

from chainwright.words.errors import nearest
from chainwright.words.schema import LARGEST_NUMBER

RuleKind = Literal["number", "whole", "truth", "text", "name", "names", "choice", "numbers", "texts", "time", "mapping", "list", "anything"]
LARGEST_WHOLE = 2**31 - 1  # of periods and counts; of quantities and money LARGEST_NUMBER
MOST_NAMED = 12
MOST_COMPARED = 500  # of more words, those that cannot be near are left out before they are compared


@dataclasses.dataclass(frozen=True)
class Rule:
    """What a value may be.

    Parameters
    ----------
    kind : str
        ``number``, ``whole`` (number), ``truth``, ``text``, ``name`` (of an enterprise or product), ``names`` (a list), ``choice``,
        ``numbers`` (a list),
        ``texts`` (one or a list), ``time`` (a whole number or a drawn time), ``mapping``, ``list``, ``anything``.
    minimum, maximum : float
        Bounds of a number, or of each number of a list (inclusive).
    choices : tuple of str
        The words of a choice; the words that may stand in place of a list of numbers.
    noun : str
        What a choice or name is called: ``role``, ``enterprise``.
    above : bool
        Whether the minimum itself is refused.
    hint : str
        What to do about a number that is not finite.
    quantity : bool
        Whether it is a quantity of goods, of which the largest of a scenario must not be too small.
    longest : int
        How many numbers a list may have; 0 for any number.
    """

    kind: RuleKind
    minimum: float = -math.inf
    maximum: float = math.inf
    choices: tuple[str, ...] = ()
    noun: str = "value"
    above: bool = False
    hint: str = ""
    quantity: bool = False
    longest: int = 0

    def __post_init__(self) -> None:
        """No number is endless."""
        object.__setattr__(self, "minimum", max(self.minimum, -LARGEST_NUMBER))
        object.__setattr__(self, "maximum", min(self.maximum, LARGEST_NUMBER))


def shown(value: Any) -> str:
    """A value as it is quoted in a message: in one line, and not too long.

    Examples
    --------
    >>> shown("four"), shown(None), shown({"a": 1}), shown(True)
    ("'four'", 'nothing', 'a mapping', 'true')
    """
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, float):
        return f"{value:.12g}"
    said = repr(value)
    return said if len(said) <= 60 else said[:40] + "...'"


def unknown(noun: str, word: Any, known: Any) -> str:
    """The message about a word that names nothing, with the nearest that does, or all where they are few.

    Examples
    --------
    >>> unknown("role", "retialer", ("supplier", "retailer"))
    "no role is called 'retialer'; did you mean 'retailer'?"
    """
    return f"no {noun} is called {shown(word)}{suggestion_for(str(word), known)}"


def unknown_key(word: str, known: Any, where: str = "") -> str:
    """The message about a key that means nothing at its place."""
    return f"unknown key {shown(word)}{where}{suggestion_for(word, known)}"


def suggestion_for(word: str, known: Any) -> str:
    """The half-sentence with the nearest known word, or with all of them where they are few."""
    return _near(word, tuple(known))


def shortlist(word: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """Of very many words those that share the most letters with one, and the most of them at the same places from either end.

    Looking for the nearest word compares with every one, which takes long among a hundred thousand.
    """
    if len(known) <= MOST_COMPARED:
        return known
    table = np.array(known, dtype=str)
    width = table.dtype.itemsize // 4
    letters = table.view(np.uint32).reshape(len(known), width)
    length = (letters > 0).sum(axis=1)
    from_end = letters[np.arange(len(known))[:, None], np.maximum(length[:, None] - 1 - np.arange(width), 0)] * (np.arange(width) < length[:, None])
    begins, ends = (
        np.cumprod(side[:, : len(word)] == np.array([ord(letter) for letter in said[:width]], np.uint32), axis=1).sum(axis=1)
        for side, said in ((letters, word), (from_end, word[::-1]))
    )
    shared = np.zeros(len(known), np.int64)
    for letter in set(word):
        shared += np.minimum((letters == ord(letter)).sum(axis=1), word.count(letter))
    # Shared letters bound the likeness that is told from the words themselves; among those that share the same, what begins or ends alike.
    score = (2 * shared + np.maximum(begins, ends)) / (length + len(word))
    best = np.argsort(-score, kind="stable")[:MOST_COMPARED // 5]
    return tuple(known[place] for place in np.sort(best))


@functools.lru_cache(maxsize=256)
def _near(word: str, known: tuple[str, ...]) -> str:
    if len(word) > 80:
        return ""
    known = shortlist(word, known)
    found = nearest(word, known) or nearest(word.lower(), known)
    if found is not None:
        return f"; did you mean {found!r}?"
    if 0 < len(known) <= MOST_NAMED:
        return "; expected one of " + ", ".join(known) if len(known) > 1 else f"; expected {known[0]}"
    return ""


def problem(rule: Rule, value: Any) -> str | None:
    """What is wrong with a value, in words; None when nothing is.

    Examples
    --------
    >>> problem(Rule("whole", minimum=0), "four"), problem(Rule("number", 0, 1), 1.5), problem(Rule("truth"), True)
    ("expected a whole number, got 'four'", 'expected a number from 0 to 1, got 1.5', None)
    """
    wrong: str | None = _CHECKS[rule.kind](rule, value)
    return wrong


def _span(rule: Rule, noun: str) -> str:
    low, high = rule.minimum, rule.maximum
    ends = (LARGEST_WHOLE, LARGEST_NUMBER)
    if rule.above:
        return f"{noun} above {low:g}" + (f" and not above {high:g}" if high not in ends else "")
    if -low not in ends and high not in ends:
        return f"{noun} from {low:g} to {high:g}"
    if -low not in ends:
        return f"{noun} of at least {low:g}"
    return f"{noun} of at most {high:g}"


_ODD_NUMBER = re.compile(r"([-+]?)([0-9][0-9_' ]*(?:[.,][0-9_' ]+)*)(%?)\Z")
_UNCLEAR = re.compile(r"[1-9][0-9]{0,2},[0-9]{3}\Z")  # a thousand to some, a bit more than one to others


def number_hint(value: Any, whole: bool = False) -> str:
    """How a number is written that was meant but not understood; nothing where that cannot be told.

    Examples
    --------
    >>> number_hint("0,2"), number_hint("1.200,5"), number_hint("5%"), number_hint("four")
    ('; write 0.2, with a point', '; write 1200.5, with a point', '; write 0.05', '')
    >>> number_hint("1,200")
    '; it is not clear whether 1.2 or 1200 is meant, write one of them'
    """
    found = _ODD_NUMBER.match(value) if isinstance(value, str) and len(value) < 40 else None
    if found is None:
        return ""
    sign, said, percent = found.group(1), re.sub(r"[_' ]", "", found.group(2)), found.group(3)
    share = 100 if percent else 1
    if _UNCLEAR.match(said):
        choice = [float(sign + said.replace(",", between)) / share for between in (".", "")]
        return f"; it is not clear whether {choice[0]:.12g} or {choice[1]:.12g} is meant, write one of them"
    plain = _with_point(said)
    if plain is None:
        return ""
    number = float(sign + plain) / share
    if whole and not number.is_integer():
        return ""
    if sign + plain == value and not value.startswith("0") and not percent:
        return "; write it without quotes"
    point = ", with a point" if plain != said.replace(",", "") and not number.is_integer() else ""  # the comma was the decimal one
    return f"; write {number:.12g}{point}"


def _with_point(said: str) -> str | None:
    """Digits with points and commas as a number with one decimal point; None where they can be read in no way or in several."""
    if "," not in said:
        return said if said.count(".") <= 1 else None
    if re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+\.[0-9]+|[0-9]{1,3}(,[0-9]{3}){2,}", said):
        return said.replace(",", "")
    if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{3})+,[0-9]+", said):
        return said.replace(".", "").replace(",", ".")
    return said.replace(",", ".") if re.fullmatch(r"[0-9]+,[0-9]+", said) else None


def _number(rule: Rule, value: Any, noun: str = "a number") -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return f"expected {noun}, got {shown(value)}{number_hint(value, noun != 'a number')}"
    if not math.isfinite(value):
        return f"{shown(value)} is not a finite number" + (f"; {rule.hint}" if rule.hint else "")
    if value > rule.maximum == LARGEST_WHOLE:
        return f"expected {noun} of at most {LARGEST_WHOLE}, got {shown(value)}"
    if value > rule.maximum == LARGEST_NUMBER:
        return f"expected {noun} of at most {LARGEST_NUMBER:g}, got {shown(value)}; use a larger unit"
    if value < rule.minimum == -LARGEST_NUMBER:
        return f"expected {noun} of at least {-LARGEST_NUMBER:g}, got {shown(value)}; use a larger unit"
    if value < rule.minimum or value > rule.maximum or (rule.above and value == rule.minimum):
        return f"expected {_span(rule, noun)}, got {shown(value)}"
    return None


def _whole(rule: Rule, value: Any) -> str | None:
    if isinstance(value, float) and math.isfinite(value) and not value.is_integer():
        return f"expected a whole number, got {shown(value)}"
    return _number(rule, value, "a whole number")


def _truth(rule: Rule, value: Any) -> str | None:
    return None if isinstance(value, bool) else f"expected true or false, got {shown(value)}"


def _text(rule: Rule, value: Any) -> str | None:
    if not isinstance(value, str):
        return f"expected text, got {shown(value)}" + _quotes(value)
    return None


def _quotes(value: Any) -> str:
    return f"; put it in quotes: '{shown(value)}'" if isinstance(value, bool | int | float) else ""


def _name(rule: Rule, value: Any) -> str | None:
    if not isinstance(value, str):
        return f"expected the name of {article(rule.noun)}, got {shown(value)}{_quotes(value)}"
    return None if value else f"expected the name of {article(rule.noun)}, got an empty text"


def article(noun: str) -> str:
    return ("an " if noun[0] in "aeiou" else "a ") + noun


def _choice(rule: Rule, value: Any) -> str | None:
    if not isinstance(value, str):
        return f"expected {article(rule.noun)} ({_either(rule.choices[:MOST_NAMED])}), got {shown(value)}"
    if value in rule.choices:
        return None
    if rule.noun == "role" or len(rule.choices) > MOST_NAMED:
        return unknown(rule.noun, value, rule.choices)
    # With the whole choice before their eyes people need no far-fetched guess.
    near = nearest(value, rule.choices)
    hint = f"; did you mean {near!r}?" if near and SequenceMatcher(None, near, value).ratio() >= 0.7 else ""
    return f"expected {_either(rule.choices)}, got {shown(value)}{hint}"


def _either(words: tuple[str, ...]) -> str:
    return ", ".join(words[:-1]) + " or " + words[-1] if len(words) > 1 else words[0]


def _numbers(rule: Rule, value: Any) -> str | None:
    if isinstance(value, str) and value in rule.choices:
        return None
    if not isinstance(value, list):
        what = _either(("a list of numbers", *rule.choices))
        return f"expected {what}, got {shown(value)}" + (f"; write [{shown(value)}]" if _number(rule, value) is None else "")
    if 0 < rule.longest < len(value):
        return f"expected {rule.longest:,} numbers at the most, one for each period to come, got {len(value):,}"
    for number, one in enumerate(value):
        wrong = _number(rule, one)
        if wrong:
            return f"element {number + 1}: {wrong}" if len(value) > 1 else wrong
    return None


def _names(rule: Rule, value: Any) -> str | None:
    if not isinstance(value, list):
        return f"expected a list of {rule.noun}s, got {shown(value)}" + (f"; write [{value}]" if isinstance(value, str) and value else "")
    return next((wrong for wrong in (_name(rule, one) for one in value) if wrong), None)


def _texts(rule: Rule, value: Any) -> str | None:
    if isinstance(value, list):
        return next((wrong for wrong in (_text(rule, one) for one in value) if wrong), None)
    return _text(rule, value)


def _time(rule: Rule, value: Any) -> str | None:
    if isinstance(value, Mapping):
        return None  # its inside is looked at on its own, key by key
    if isinstance(value, str | list):
        return f"expected a whole number or a drawn time such as {{distribution: uniform, low: 1, high: 3}}, got {shown(value)}"
    return _whole(rule, value)


def _mapping(rule: Rule, value: Any) -> str | None:
    if isinstance(value, Mapping):
        return None
    return f"expected keys and values, got {shown(value)}" + ("; write {} where there is nothing to say" if value is None else "")


def _list(rule: Rule, value: Any) -> str | None:
    return None if isinstance(value, list) else f"expected a list, got {shown(value)}"


_CHECKS: dict[str, Any] = {
    "number": _number, "whole": _whole, "truth": _truth, "text": _text, "name": _name, "names": _names, "choice": _choice, "numbers": _numbers,
    "texts": _texts, "time": _time, "mapping": _mapping, "list": _list, "anything": lambda rule, value: None,
}  # fmt: skip
