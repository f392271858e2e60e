"""The network that a scenario's population makes: grown once for each section, kept as long as a scenario needs it, and found by names."""

from __future__ import annotations

import bisect
import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import NDArray

import chainwright.network.populations  # noqa: F401  (registers the shipped generators)
from chainwright.network.populations.base import Generator, Population, generators, grow
from chainwright.scenario.read.table_files import file_beside
from chainwright.words.errors import Mistake, ScenarioError

# The parameter by which a generator asks for a file beside the scenario's own.
FILE = "file"


def generator_of(section: Any) -> type[Generator] | None:
    """The generator that a section names, if there is one of that name."""
    name = section.get("generator") if isinstance(section, Mapping) else None
    return generators().get(name) if isinstance(name, str) else None


def files_of(section: Any) -> dict[str, str]:
    """The files that a section names, by parameter."""
    generator = generator_of(section)
    if generator is None:
        return {}
    names = [field.name for field in generator.parameters() if field.name == FILE or field.name.endswith(f"_{FILE}")]
    return {name: section[name] for name in names if isinstance(section.get(name), str)}


@lru_cache(maxsize=64)
def _digest(path: str, modified: int, size: int) -> str:
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def digests(section: Any, folder: Path) -> dict[str, str]:
    """SHA-256 of each file that a section names, by parameter.

    Raises
    ------
    ScenarioError
        When a file is not there or may not be read.
    """
    found = {}
    for name, file in files_of(section).items():
        path, wrong = file_beside(folder, file)
        if wrong:
            raise ScenarioError([Mistake(wrong, path=f"population.{name}")])
        try:
            seen = path.stat()
            found[name] = _digest(str(path.resolve()), seen.st_mtime_ns, seen.st_size)
        except OSError as failure:
            raise ScenarioError([Mistake(f"cannot read {path}: {failure.strerror or failure}", path=f"population.{name}")]) from None
    return found


class Names(Mapping[str, int]):
    """The rows of names that lie in a column, found by bisection where they ascend, so that a million of them cost nothing.

    Examples
    --------
    >>> names = Names(np.array(["mill", "shop"], object))
    >>> names["shop"], "pub" in names
    (1, False)
    """

    def __init__(self, column: NDArray[Any]) -> None:
        self.column = column
        ascending = len(column) < 2 or bool(np.all(column[1:] > column[:-1]))
        self._rows = None if ascending else {str(name): row for row, name in enumerate(column)}

    def __getitem__(self, name: str) -> int:
        if self._rows is not None:
            return self._rows[name]
        row = bisect.bisect_left(self.column, name) if isinstance(name, str) else len(self.column)
        if row == len(self.column) or self.column[row] != name:
            raise KeyError(name)
        return row

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.get(name) is not None

    def __iter__(self) -> Iterator[str]:
        return iter(self.column)

    def __len__(self) -> int:
        return len(self.column)


class Roles(Mapping[str, str]):
    """The role of each enterprise of a population, by name."""

    def __init__(self, rows: Names, role: NDArray[Any]) -> None:
        self.rows = rows
        self._role = role

    def __getitem__(self, name: str) -> str:
        return str(self._role[self.rows[name]])

    def __contains__(self, name: object) -> bool:
        return name in self.rows

    def __iter__(self) -> Iterator[str]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


class PopulationIndex:
    """The rows of a population's items, seen as those of a written network are."""

    def __init__(self, population: Population) -> None:
        tables = population.tables
        self.enterprise_names: Any = tables["enterprises"]["name"]
        self.product_names: Any = tables["products"]["name"]
        self.enterprise_row: Mapping[str, int] = Names(np.asarray(self.enterprise_names, object))
        self.product_row: Mapping[str, int] = Names(np.asarray(self.product_names, object))
        self.enterprise: NDArray[np.int32] = np.asarray(tables["items"]["enterprise"], np.int32)
        self.product: NDArray[np.int32] = np.asarray(tables["items"]["product"], np.int32)
        self.tags: Mapping[str, NDArray[np.int32]] = population.tags
        self.made = np.flatnonzero(np.bincount(tables["recipes"]["item"], minlength=len(self.enterprise))).astype(np.int32)

    def __len__(self) -> int:
        return len(self.enterprise)

    def item(self, row: int) -> tuple[str, str]:
        """Enterprise and product of one row."""
        return str(self.enterprise_names[self.enterprise[row]]), str(self.product_names[self.product[row]])


class Grown:
    """A population that a section has made, with what its files said.

    Parameters
    ----------
    population : Population
        What the generator made.
    files : mapping
        SHA-256 of each file that it has read, by parameter.
    """

    def __init__(self, population: Population, files: Mapping[str, str]) -> None:
        self.population = population
        self.files = dict(files)

    @cached_property
    def index(self) -> PopulationIndex:
        """The rows of its items, found by names."""
        return PopulationIndex(self.population)

    @cached_property
    def roles(self) -> Roles:
        """The role of each enterprise."""
        names = self.index.enterprise_row
        assert isinstance(names, Names)
        return Roles(names, self.population.tables["enterprises"]["role"])


# Kept only as long as a scenario holds them: populations are large.
_KEPT: WeakValueDictionary[str, Grown] = WeakValueDictionary()


def _key(section: Mapping[str, Any], files: Mapping[str, str]) -> str:
    return json.dumps([{key: value for key, value in section.items() if key not in files}, files], sort_keys=True, default=str)


def grown(section: Mapping[str, Any], folder: Path, anew: bool = True) -> Grown | None:
    """The population of a section of valid values; one that a scenario still holds is not made again.

    Parameters
    ----------
    section : mapping
        The scenario's ``population:``.
    folder : Path
        Where its files are looked for.
    anew : bool
        Whether to make it where nobody has yet; else None is answered then.

    Raises
    ------
    ScenarioError
        With every mistake of its files.
    """
    files = digests(section, folder)
    key = _key(section, files)
    found = _KEPT.get(key)
    if found is None and anew:
        said = {name: value for name, value in section.items() if value is not None}
        found = _KEPT[key] = Grown(grow(said, folder), files)
    return found
