"""What a population is: the columns that a generator makes, and the generators by name."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import numpy as np
from numpy.typing import NDArray

from chainwright.network.blueprint import Columns, Pipeline, PolicyChoice
from chainwright.words.errors import UsageError, suggestion


@dataclasses.dataclass(frozen=True)
class Population:
    """One generated network as flat columns, ready to become the part of a `Blueprint` that the network is.

    Parameters
    ----------
    tables : dict
        ``products, enterprises, items, lanes, recipes``, with every key and input column that a blueprint needs.
        Rows of enterprises are in ascending order of their names; rows of items by enterprise, then by product.
        A column that is the same in all rows may be a read-only view of one value: who wants to write into it copies it first.
    demand : list of PolicyChoice
        Who demands what: the choices of the decision ``demand``, their rows all items of customers.
    orders_waiting, in_transit, in_process : Pipeline
        What is on its way at the start.
    tags : mapping
        Name of a tag to the rows of enterprises that carry it (an industry, a region).
    derived : tuple of str
        What nobody said and was worked out instead, one sentence each, with how many rows.
    """

    tables: dict[str, Columns]
    demand: list[PolicyChoice]
    orders_waiting: Pipeline = dataclasses.field(default_factory=Pipeline.empty)
    in_transit: Pipeline = dataclasses.field(default_factory=Pipeline.empty)
    in_process: Pipeline = dataclasses.field(default_factory=Pipeline.empty)
    tags: Mapping[str, NDArray[np.int32]] = dataclasses.field(default_factory=dict)
    derived: tuple[str, ...] = ()


class Generator:
    """A way to make a population; subclasses are frozen dataclasses whose fields are made with `parameter`, as those of policies.

    A generator is a pure function of its parameters, the seed among them. Beside the kinds of a policy's parameters there is
    ``anything``: a number or a mapping (a distribution, values by role), whose form and bounds `mistakes` checks in full.
    """

    name: ClassVar[str]
    source: ClassVar[str]

    def grow(self, folder: Path) -> Population:
        """Make the population; `folder` is where files that the parameters name are looked for.

        Raises
        ------
        ScenarioError
            With every mistake of a file that is read, each with its line.
        """
        raise NotImplementedError

    @classmethod
    def parameters(cls) -> tuple[dataclasses.Field[Any], ...]:
        """The declared parameters, in order."""
        return dataclasses.fields(cls)  # type: ignore[arg-type]

    @classmethod
    def mistakes(cls, parameters: Mapping[str, Any]) -> list[tuple[str, str]]:
        """What is wrong with parameters beyond the bounds of each: (parameter, message); subclasses override it."""
        return []


_GENERATORS: dict[str, type[Generator]] = {}
G = TypeVar("G", bound=type[Generator])


def generator(made: G) -> G:
    """Class decorator: make a generator known by its name, so that ``population:`` can use it."""
    if made.name in _GENERATORS and _GENERATORS[made.name].__qualname__ != made.__qualname__:
        raise UsageError(f"generator {made.name!r} is already registered")
    _GENERATORS[made.name] = made
    return made


def generators() -> dict[str, type[Generator]]:
    """The registered generators, by name."""
    return _GENERATORS


def grow(section: Mapping[str, Any], folder: Path = Path(".")) -> Population:
    """Make the population that a ``population:`` section of valid values describes.

    Raises
    ------
    UsageError
        When the generator or a parameter is unknown.
    """
    parameters = {key: value for key, value in section.items() if key != "generator"}
    known = generators()
    name = str(section.get("generator"))
    if name not in known:
        raise UsageError(f"no generator is called {name!r}{suggestion(name, known)}")
    fields = {field.name for field in known[name].parameters()}
    unknown = [key for key in parameters if key not in fields]
    if unknown:
        raise UsageError(f"generator {name!r} has no parameter {unknown[0]!r}{suggestion(unknown[0], fields)}")
    return known[name](**parameters).grow(folder)
