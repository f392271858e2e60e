"""What a subject declares: its tables with their columns, what the builder must know of them, and what is decided about their rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from chainwright.words.schema import Column

NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class By:
    """One key by which the rows of a table are put in order.

    Parameters
    ----------
    how : {"place", "name", "text", "number"}
        ``place``: the place of the row that a foreign key names. ``name``: the alphabetical rank of the row that a foreign key names,
        or of the column itself where it is a name. ``text``: the rank of a text among the few that there are. ``number``: the column itself.
    column : str
        The column.
    """

    how: Literal["place", "name", "text", "number"]
    column: str


@dataclass(frozen=True)
class TableShape:
    """What a table is, beside its columns: who its rows are, what they belong to, and in which order they lie.

    Parameters
    ----------
    name, one : str
        Name of the table, and of one of its rows: ``items``, ``item``.
    about : str
        One sentence for the reference: one row per what.
    keys : mapping
        From columns that name rows of another table to that table; views follow them too.
    identity : tuple of str
        Columns that are equal in all scenarios of a union: they tell who is there.
    order : tuple of By
        The order of the rows within a run (and a level), the weightiest key first.
    named : tuple of str
        Columns that make the name of a row, in messages and results; a foreign key stands for the name of the row that it names.
    owner : mapping
        From an end (empty where there is one only) to the path of keys that leads to the enterprise: ``{"": "enterprise"}``,
        ``{"seller": "seller.enterprise", "buyer": "buyer.enterprise"}``.
    level : str
        By whose level the rows make blocks in a union: ``self`` for items, a key of items, or empty where there are no levels.
    together : str
        Which rows lie side by side in a union: those of one row that a key names, ``run`` for those of each run; empty for the copies of a row.
    rows : {"same", "shared", "run"}
        Whether every run has the rows for itself, all runs share them, or each run is one of them.

    Examples
    --------
    >>> TableShape("stations", "station", "One row per station.", {"item": "items"}, ("item",), (By("place", "item"),), ("item",)).targets
    {'item': 'items'}
    """

    name: str
    one: str
    about: str
    keys: Mapping[str, str] = field(default_factory=dict)
    identity: tuple[str, ...] = ()
    order: tuple[By, ...] = ()
    named: tuple[str, ...] = ()
    owner: Mapping[str, str] = field(default_factory=dict)
    level: str = ""
    together: str = ""
    rows: Literal["same", "shared", "run"] = "same"

    @property
    def targets(self) -> dict[str, str]:
        """The keys that name rows of one run, without the run itself."""
        return {column: table for column, table in self.keys.items() if table != "runs"}


@dataclass(frozen=True)
class Feature:
    """Something that a world has only where somebody needs it, and that costs nothing elsewhere.

    Columns, rings, phases and metrics name the feature that they belong to. What was on once stays on. A feature that is on and not
    needed changes no result: a neighbour in the union may need it.

    Parameters
    ----------
    name, about : str
        Its name, and in one sentence where it is needed.
    needed : callable
        Takes a blueprint, and says whether its scenario needs it; asked of every scenario of a union and of all known changes.
    asked : bool
        Whether it can also be asked for, by ``World(wanted=...)``.
    brings : tuple of str
        Features declared before that are on where it is.
    """

    name: str
    about: str
    needed: Callable[[Any], bool]
    asked: bool = False
    brings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ring:
    """What is on its way: columns of one table, one for each period to come.

    Parameters
    ----------
    name : str
        Name of the ring, under which a world has it.
    table : str
        The table whose rows it has.
    about : str
        What is on its way.
    longest : callable
        Takes a blueprint, and gives the longest delay in periods; asked of every scenario of a union and of all known changes.
    contents : str
        Under which name a blueprint says what is on its way at the start; empty where nothing is.
    feature : str
        The feature without which there is none; empty where it is always there.
    """

    name: str
    table: str
    about: str
    longest: Callable[[Any], int]
    contents: str = ""
    feature: str = ""


@dataclass(frozen=True)
class Shown:
    """What a phase shows to whoever decides, beside the columns of the rows.

    Parameters
    ----------
    name, unit, about : str
        Its name in the view, its unit, and one sentence for the reference.
    kind : {"column", "view"}
        A column of one value per row, or a view of other rows: one per row that is decided.
    """

    name: str
    unit: str
    about: str
    kind: Literal["column", "view"] = "column"


def _of_nobody(tables: Any, made: Any) -> NDArray[np.int32]:
    return np.zeros(0, np.int32)


@dataclass(frozen=True)
class Decision:
    """A decision that policies, or agents in their place, answer for the rows of a table.

    Parameters
    ----------
    name, about : str
        Its name, which is that of the agents' method, and what is decided in one sentence.
    table : str
        The table for whose rows there is an answer.
    answer : {"number", "rank", "rank_and_weight", "truth", "terms"}
        What one answers for a row.
    family : str
        The family of policies that answer it.
    keyed, via : str
        The table whose rows policies are given to, and the key that leads there from `table`: lanes by their ``buyer``, operations by
        their ``station``. By default the table itself.
    parts : tuple of str
        By which names below an enterprise an entry of a file can be given: ``("product", "partner")``.
    group : str
        Key within which ranks, weights and ``view.total`` mean something; needed for ranks.
    level : str
        Key whose item's level it goes by, ``self`` for items; empty where all rows are asked at once.
    end : str
        For rows with an owner at two ends: the one that decides.
    asked : {"row", "group"}
        Whether an agent is asked about one row, in plain numbers, or about the rows of one group, as short columns.
    clock : {"period", "step", "round"}
        What counts the turns within a period, where there are several.
    terms : tuple of str
        Of an answer of terms: their names, which are columns of the table.
    shows : tuple of Shown
        What the phase shows beside the columns.
    built_in : mapping
        The policy that decides where the file says nothing, by role; the empty role stands for everybody else.
    not_by_default : tuple of str
        Roles that an entry for everybody does not reach.
    needed : bool
        Whether the file must say who decides.
    outcome : str
        Column of the table that the decision becomes.
    least : float
        What an answer cannot go below; weights are never below 0.
    concerned : callable
        Takes the tables of one run and, per item, whether somebody plans its production; answers the rows of `keyed` that are asked.

    Examples
    --------
    >>> Decision("set_price", "Price of an item in this period.", "items", "number", "prices").keyed
    'items'
    """

    name: str
    about: str
    table: str
    answer: Literal["number", "rank", "rank_and_weight", "truth", "terms"]
    family: str
    keyed: str = ""
    via: str = ""
    parts: tuple[str, ...] = ()
    group: str = ""
    level: str = ""
    end: str = ""
    asked: Literal["row", "group"] = "row"
    clock: Literal["period", "step", "round"] = "period"
    terms: tuple[str, ...] = ()
    shows: tuple[Shown, ...] = ()
    built_in: Mapping[str, str] = field(default_factory=dict)
    not_by_default: tuple[str, ...] = ()
    needed: bool = False
    outcome: str = ""
    least: float = 0.0
    concerned: Callable[[Any, Any], NDArray[np.int32]] = _of_nobody

    def __post_init__(self) -> None:
        object.__setattr__(self, "keyed", self.keyed or self.table)


@dataclass(frozen=True)
class Subject:
    """A part of the world that bears one name on every floor, such as ``trade``.

    Parameters
    ----------
    name, about : str
        Its name, and what it is about in one sentence.
    tables : tuple of TableShape
        Its tables, those that others name first.
    columns : tuple of Column
        Columns of its tables, and of tables of others.
    features : tuple of Feature
        What a world has only where it is needed.
    rings : tuple of Ring
        What is on its way.
    decisions : tuple of Decision
        What policies decide, in the order of a period.
    trial : callable, optional
        Takes the blueprint of the small network in which classes and policies are checked, and gives one with rows of its tables.
    """

    name: str
    about: str
    tables: tuple[TableShape, ...] = ()
    columns: tuple[Column, ...] = ()
    features: tuple[Feature, ...] = ()
    rings: tuple[Ring, ...] = ()
    decisions: tuple[Decision, ...] = ()
    trial: Callable[[Any], Any] | None = None
