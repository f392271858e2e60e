"""Regular fractions of two-level designs: generators, defining words, resolution, aliases, and the choice of a good fraction.

A column of signs is known by the basic factors whose product it is, as a bit mask: two effects are aliases exactly when their masks
are equal, and a set of factors is a word of the defining relation exactly when their masks cancel (Box, Hunter and Hunter, Statistics
for Experimenters, 2nd ed., chapter 6).
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.words.errors import UsageError

# I is the column of ones and names no factor.
LETTERS = "ABCDEFGHJKLMNOPQRSTUVWXYZ"
ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
# Trials of the search for a good fraction, and words of a defining relation that are worked out.
MOST_TRIALS = 60_000
MOST_WORDS = 2**12
_GENERATOR = re.compile(r"\s*([A-Za-z])\s*=\s*([-+]?)\s*([A-Za-z]+)\s*\Z")


@dataclass(frozen=True)
class Fraction:
    """A regular fraction: which product of basic factors each factor is.

    Parameters
    ----------
    columns : tuple of int
        For each factor the basic factors whose product it is, one bit each.
    signs : tuple of int
        1, or -1 where the product is reversed.
    basic : int
        How many basic factors there are; the design has 2 ** basic points.
    minimum_aberration : bool
        Whether no fraction of that size has fewer of the shortest words, as far as all were tried.

    Examples
    --------
    >>> half = from_generators(4, ["D=ABC"])
    >>> half.resolution, half.words(), half.aliases()
    (4, ['ABCD'], ['AB=CD', 'AC=BD', 'AD=BC'])
    """

    columns: tuple[int, ...]
    signs: tuple[int, ...]
    basic: int
    minimum_aberration: bool = False

    @property
    def runs(self) -> int:
        """Number of points."""
        return 1 << self.basic

    @property
    def title(self) -> str:
        """As it is called: 2^(4-1)."""
        added = len(self.columns) - self.basic
        return f"2^({len(self.columns)}-{added})" if added else f"2^{self.basic}"

    def matrix(self) -> NDArray[np.int8]:
        """The signs, one row per point in the standard order (the first factor changes fastest), one column per factor."""
        rows = np.arange(self.runs)
        made = np.empty((self.runs, len(self.columns)), np.int8)
        for place, (mask, sign) in enumerate(zip(self.columns, self.signs, strict=True)):
            bits = [bit for bit in range(self.basic) if mask >> bit & 1]
            column = np.full(self.runs, sign, np.int8)
            for bit in bits:
                column *= np.where(rows >> bit & 1, 1, -1).astype(np.int8)
            made[:, place] = column
        return made

    def generators(self) -> list[str]:
        """What each factor beyond the basic ones is, such as ``D=ABC``."""
        basics = self._basics()
        made = []
        for place, mask in enumerate(self.columns):
            if place not in basics:
                product = sorted(basics[bit] for bit in range(self.basic) if mask >> bit & 1)
                made.append(f"{LETTERS[place]}={'-' if self.signs[place] < 0 else ''}{name_of(product)}")
        return made

    def _basics(self) -> list[int]:
        places: dict[int, int] = {}
        for place, mask in enumerate(self.columns):
            if mask & (mask - 1) == 0:
                places.setdefault(mask, place)
        return [places[1 << bit] for bit in range(self.basic)]

    def _generating(self) -> list[tuple[int, int]]:
        """The words that generators make, as bits of factors, each with its sign."""
        basics = self._basics()
        made = []
        for place, mask in enumerate(self.columns):
            if place not in basics:
                word = 1 << place
                for bit in range(self.basic):
                    word |= (mask >> bit & 1) << basics[bit]
                made.append((word, self.signs[place]))
        return made

    def _relation(self) -> list[tuple[int, int]]:
        """All words of the defining relation with their signs; empty where there are too many to work out."""
        words: list[tuple[int, int]] = [(0, 1)]
        generating = self._generating()
        if 1 << len(generating) > MOST_WORDS:
            return []
        for word, sign in generating:
            words += [(other ^ word, said * sign) for other, said in words]
        return words[1:]

    def words(self) -> list[str]:
        """The words of the defining relation, the shortest first; empty where there are too many."""
        named = [(_letters(word), sign) for word, sign in self._relation()]
        return [("-" if sign < 0 else "") + word for word, sign in sorted(named, key=lambda pair: (len(pair[0]), pair[0]))]

    def word_lengths(self) -> dict[int, int]:
        """How many words of each length there are."""
        if self._relation():
            return dict(sorted(Counter(word.bit_count() for word, _ in self._relation()).items()))
        return {length: count for length, count in zip((3, 4), _short_words(self.columns), strict=True) if count}

    @property
    def resolution(self) -> int:
        """Length of the shortest word: the least number of factors whose effects are confused with each other; 0 for none."""
        return min(self.word_lengths(), default=0)

    def aliased(self) -> dict[tuple[int, ...], list[tuple[tuple[int, ...], int]]]:
        """For each main effect and each interaction of two factors that comes first, those that cannot be told from it, with their signs."""
        groups: dict[int, list[tuple[tuple[int, ...], int]]] = {}
        singles = [((place,), mask, sign) for place, (mask, sign) in enumerate(zip(self.columns, self.signs, strict=True))]
        pairs = [((one[0][0], two[0][0]), one[1] ^ two[1], one[2] * two[2]) for one, two in itertools.combinations(singles, 2)]
        for effect, mask, sign in (*singles, *pairs):
            groups.setdefault(mask, []).append((effect, sign))
        return {group[0][0]: [(effect, sign * group[0][1]) for effect, sign in group[1:]] for group in groups.values()}

    def aliases(self) -> list[str]:
        """Main effects and interactions of two factors that cannot be told apart, such as ``AB=CD``."""
        return [
            "=".join([name_of(first), *(("-" if sign < 0 else "") + name_of(effect) for effect, sign in others)])
            for first, others in self.aliased().items()
            if others
        ]

    def facts(self) -> dict[str, Any]:
        """What a reader wants to know about it, as JSON can hold it."""
        words = self.words()
        resolution = self.resolution
        return {
            "fraction": self.title,
            "resolution": ROMAN[resolution] if 0 < resolution < len(ROMAN) else "full" if resolution == 0 else str(resolution),
            "generators": self.generators(),
            "words": words[:64],
            "word_lengths": {str(length): count for length, count in self.word_lengths().items()},
            "aliases": self.aliases(),
            "minimum_aberration": self.minimum_aberration,
        }


def name_of(effect: Iterable[int]) -> str:
    """The letters of an effect.

    Examples
    --------
    >>> name_of((0, 8))
    'AJ'
    """
    return "".join(LETTERS[place] for place in effect)


def _letters(word: int) -> str:
    return name_of(place for place in range(len(LETTERS)) if word >> place & 1)


def from_generators(factors: int, texts: Sequence[str]) -> Fraction:
    """The fraction of generators such as ``D=ABC``; the factors on no left side are the basic ones.

    Raises
    ------
    UsageError
        When the generators make no fraction.
    """
    wrong: list[str] = []
    read: dict[str, tuple[int, str]] = {}
    known = LETTERS[:factors]
    for text in texts:
        found = _GENERATOR.match(text) if isinstance(text, str) else None
        if found is None:
            wrong.append(f"cannot read the generator {text!r}; expected one such as D=ABC")
            continue
        letter, sign, product = found.group(1).upper(), -1 if found.group(2) == "-" else 1, found.group(3).upper()
        strange = [one for one in (letter, *product) if one not in known]
        if strange:
            wrong.append(f"generator {text.strip()!r}: {factors} factors are called {known[0]} to {known[-1]} (there is no I), got {strange[0]!r}")
        elif letter in read:
            wrong.append(f"two generators for {letter}")
        elif len(product) < 2 or len(set(product)) < len(product):
            wrong.append(f"generator {text.strip()!r}: expected the product of at least two different factors")
        else:
            read[letter] = (sign, product)
    for letter, (_, product) in read.items():
        if set(product) & set(read):
            wrong.append(f"generator {letter}={product}: {sorted(set(product) & set(read))[0]} is itself generated; name basic factors only")
    if wrong:
        raise UsageError("\n".join(wrong))
    basics = [letter for letter in known if letter not in read]
    bit = {letter: 1 << place for place, letter in enumerate(basics)}
    columns = tuple(bit.get(letter) or sum(bit[one] for one in read[letter][1]) for letter in known)
    same = [(one, two) for one, two in itertools.combinations(range(factors), 2) if columns[one] == columns[two]]
    if same:
        one, two = (LETTERS[place] for place in same[0])
        raise UsageError(f"generators: {one} and {two} would always change together; give one of them another product")
    return Fraction(columns, tuple(read.get(letter, (1, ""))[0] for letter in known), len(basics))


def full(factors: int) -> Fraction:
    """All combinations."""
    return Fraction(tuple(1 << place for place in range(factors)), (1,) * factors, factors, True)


def of_resolution(factors: int, resolution: int) -> Fraction:
    """The smallest fraction of at least a resolution, and of that size the one with the fewest short words.

    Examples
    --------
    >>> found = of_resolution(7, 3)
    >>> found.title, found.runs, found.resolution
    ('2^(7-4)', 8, 3)
    """
    smallest = next(size for size in range(1, factors + 1) if (1 << size) > factors or size == factors)
    for basic in range(smallest, factors):
        found = of_size(factors, basic, resolution)
        if found is not None:
            return found
    return full(factors)


def of_size(factors: int, basic: int, resolution: int | None = None) -> Fraction | None:
    """The fraction of 2 ** basic points with the fewest short words; None where none (of the resolution) was found."""
    if basic >= factors:
        return full(factors)
    if resolution is None:
        # A search among the sets without short words is soon through; one among all may end before it meets them.
        return next((found for least in (5, 4, 3) if (found := of_size(factors, basic, least)) is not None), None)
    best: tuple[int, ...] | None = None
    score: tuple[int, ...] = ()
    search = _Search(factors, basic, resolution)
    for chosen in search:
        lengths = _pattern(chosen, basic)
        if best is None or lengths < score:
            best, score = chosen, lengths
            search.bound = lengths[:2]
    if best is None:
        return None
    return Fraction(best, (1,) * factors, basic, search.left > 0)


class _Search:
    """Goes through sets of columns, depth first, and leaves out what cannot become better than the best one found."""

    def __init__(self, factors: int, basic: int, resolution: int) -> None:
        self.factors = factors
        self.resolution = resolution
        self.left = MOST_TRIALS
        self.bound: tuple[int, ...] | None = None
        self._start = tuple(1 << bit for bit in range(basic))
        masks = [mask for mask in range(1, 1 << basic) if mask.bit_count() >= max(2, resolution - 1)]
        # Products of an odd number of basic factors make no words of three; among them long ones first.
        self._masks = sorted(masks, key=lambda mask: (mask.bit_count() % 2 == 0, -mask.bit_count() if resolution > 4 else mask.bit_count(), mask))

    def __iter__(self) -> Iterator[tuple[int, ...]]:
        pairs: Counter[int] = Counter()
        for place, one in enumerate(self._start):
            pairs.update(one ^ other for other in self._start[:place])
        yield from self._deeper(self._start, 0, pairs, 0, 0)

    def _deeper(self, chosen: tuple[int, ...], start: int, pairs: Counter[int], threes: int, fours: int) -> Iterator[tuple[int, ...]]:
        if len(chosen) == self.factors:
            yield chosen
            return
        missing = self.factors - len(chosen)
        for place in range(start, len(self._masks) - missing + 1):
            if self.left <= 0:
                return
            self.left -= 1
            mask = self._masks[place]
            three = threes + pairs[mask]
            # Of each word of four that it ends, every one of the three others is met once.
            four = fours + sum(pairs[mask ^ other] for other in chosen) // 3
            if (self.resolution > 3 and three) or (self.resolution > 4 and four):
                continue
            if self.bound is not None and (three, four) > self.bound:
                continue
            more = pairs.copy()
            more.update(mask ^ other for other in chosen)
            yield from self._deeper((*chosen, mask), place + 1, more, three, four)


def _short_words(columns: Sequence[int]) -> tuple[int, int]:
    """How many words of three and of four letters there are."""
    pairs: Counter[int] = Counter()
    threes = fours = 0
    for place, mask in enumerate(columns):
        before = columns[:place]
        threes += pairs[mask]
        fours += sum(pairs[mask ^ other] for other in before) // 3
        pairs.update(mask ^ other for other in before)
    return threes, fours


def _pattern(columns: tuple[int, ...], basic: int) -> tuple[int, ...]:
    """How many words of three, four and more letters there are."""
    lengths = Fraction(columns, (1,) * len(columns), basic).word_lengths()
    return tuple(lengths.get(length, 0) for length in range(3, len(columns) + 1))
