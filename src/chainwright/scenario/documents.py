"""A scenario file as plain data, with the place of everything that it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chainwright.words.errors import Mistake, Place

if TYPE_CHECKING:
    from chainwright.scenario.resolve.generated import Grown

Path_ = tuple[str | int, ...]


@dataclass(frozen=True)
class Document:
    """A file as plain data, with the place of everything that it says.

    Parameters
    ----------
    data : dict
        Plain dictionaries, lists, texts, numbers, truth values and None only; every key is a text.
    places, value_places : mapping
        From a path of keys and indices to where its key stands, and to where its value stands.
    file : str
        Name of the file as the user gave it.
    folder : Path
        Where tables named in the file are looked for.
    mistakes : tuple of Mistake
        What was already found wrong while the data could still be read (a key said twice, a bad row of a table).
    partly, unread : frozenset of str
        Tables of which a column or a row was not understood, and tables that could not be read at all.
    told : tuple of str
        What was assumed of the files that it names.
    grown : Grown or None
        The network that the document's population makes, once it is made.
    """

    data: dict[str, Any]
    places: Mapping[Path_, Place] = field(default_factory=dict)
    value_places: Mapping[Path_, Place] = field(default_factory=dict)
    file: str = ""
    folder: Path = Path()
    mistakes: tuple[Mistake, ...] = ()
    partly: frozenset[str] = frozenset()
    unread: frozenset[str] = frozenset()
    told: tuple[str, ...] = field(default=(), compare=False)
    grown: Grown | None = field(default=None, compare=False, repr=False)

    def place(self, path: Path_, value: bool = True) -> Place:
        """Where a path stands, or the nearest thing around it that has a place."""
        known = self.value_places if value else self.places
        while path:
            if path in known:
                return known[path]
            path, known = path[:-1], self.places
        return Place(self.file)


def short(word: str) -> str:
    """A word that is not too long for a message."""
    return word if len(word) <= 60 else word[:40] + "..."


def dotted_path(path: Path_) -> str:
    """A path as it is told to people: joined by dots, in one line, no step too long.

    Examples
    --------
    >>> dotted_path(("lanes", 3, "seller"))
    'lanes.3.seller'
    """
    return ".".join(step if step.isprintable() else repr(step)[1:-1] for step in (short(str(step)) for step in path))
