"""What a user can get wrong, told in one line each: where, what, the nearest right word, what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Place:
    """Where in a text something stands; lines and columns count from 1, 0 means unknown."""

    file: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        if not self.line:
            return self.file
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True)
class Mistake:
    """One thing a user got wrong.

    Parameters
    ----------
    message : str
        What is wrong and what was expected, in one line.
    place : Place
        Where it stands.
    path : str
        The dotted path of the entry in its document, for example ``lanes.3.seller``.
    """

    message: str
    place: Place = Place()
    path: str = ""

    def __str__(self) -> str:
        where = str(self.place)
        parts = [part for part in (where, self.path, self.message) if part]
        return ": ".join(parts)


class ChainwrightError(Exception):
    """Any failure that is told to the user in words instead of a traceback."""


class ChainwrightWarning(UserWarning):
    """Something that can run and is perhaps not what was meant, told in words."""


class ScenarioError(ChainwrightError):
    """A scenario that cannot run: all its mistakes at once, in the order of the file."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = sorted(mistakes, key=lambda mistake: mistake.place)
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


class UsageError(ChainwrightError):
    """A call or a command that asks for something that is not there."""


class DiskFailed(ChainwrightError):
    """Something could not be written because the disk is full or broken; what was finished before is kept."""


class CheckFailed(ChainwrightError):
    """A decision that does not keep what `check` promises of it; the counter-example is told in words."""


class InvariantError(ChainwrightError):
    """Goods, money or orders that were not conserved: a fault of the model, not of the user."""


class VisibilityError(ChainwrightError, AttributeError):
    """A decision looked at something that its enterprise cannot see."""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like a misspelt one, or None.

    Examples
    --------
    >>> nearest("holding_costs", ["backorder_cost", "holding_cost"])
    'holding_cost'
    """
    found = difflib.get_close_matches(str(word), list(known), n=1, cutoff=0.6)
    return found[0] if found else None


def suggestion(word: str, known: Iterable[str]) -> str:
    """A half-sentence to append to a message: the nearest right word, or the whole choice when it is short.

    Examples
    --------
    >>> suggestion("retialer", ["retailer", "supplier"])
    "; did you mean 'retailer'?"
    """
    choice = sorted(str(one) for one in known)
    found = nearest(word, choice)
    if found is not None:
        return f"; did you mean {found!r}?"
    if 0 < len(choice) <= 12:
        return "; expected one of " + ", ".join(choice)
    return ""
