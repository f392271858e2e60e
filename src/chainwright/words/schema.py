"""What a column is: name, table, unit, dtype, default, visibility, meaning, symbol, and who sets it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

Visibility = Literal["own", "partner", "public", "hidden"]
VISIBILITIES: tuple[Visibility, ...] = ("own", "partner", "public", "hidden")

# The largest number that may be said: whole numbers to a fifth of a unit, and products of a few of them, can still be counted.
LARGEST_NUMBER = 1e15
# Some quantity of a scenario must be as large: below a thousandth of it lies what is taken for the rounding of sums.
SMALLEST_QUANTITY = 1e-6
QUANTITIES = ("units", "units per period")

# Who sets a column: the scenario file (`input`), the model while it runs (`state`), the builder (`key`).
Kind = Literal["input", "state", "key"]
DType = Literal["float64", "int32", "int64", "uint64", "bool", "str"]


@dataclass(frozen=True)
class Column:
    """One column of one table, declared once for everything that is made from it.

    Parameters
    ----------
    table, name : str
        The table and the column's name in it; the name is also the key in scenario files.
    dtype : str
        NumPy type of the column; ``str`` columns are names and never enter a computation.
    unit : str
        Unit in words: ``units``, ``money per unit and period``, ``periods``, ``share``, ``-``.
    default : float, bool, str or None
        Value where a scenario says nothing; None where it must be said or is derived.
    kind : {"input", "state", "key"}
        Set by a scenario, by the running model, or by the builder.
    visibility : {"own", "partner", "public", "hidden"}
        Who may look at it: its enterprise, also the other end of a lane, everybody, nobody.
    meaning : str
        One sentence for the reference and the glossary.
    symbol : str
        The usual textbook symbol, or an empty string.
    minimum, maximum : float
        Bounds of a scenario's value (inclusive).
    initial : bool
        True for a state column whose first value a scenario may set (such as ``on_hand``).
    owner : {"", "seller", "buyer"}
        Of a lane's own columns: the end that sees it; both where nothing is said.
    feature : str
        The feature without which it is one value, the default, seen by all rows; empty where it is always there.
    cleared : bool
        Whether it is 0 again as a period begins.
    fixed : bool
        Of an input: True where it holds for a whole run, so that no intervention can set it.
    """

    table: str
    name: str
    dtype: DType
    unit: str
    default: float | bool | str | None
    kind: Kind
    visibility: Visibility
    meaning: str
    symbol: str = ""
    minimum: float = float("-inf")
    maximum: float = float("inf")
    initial: bool = False
    owner: str = ""
    feature: str = ""
    cleared: bool = False
    fixed: bool = False

    @property
    def settable(self) -> bool:
        """Whether a scenario may say it."""
        return self.kind == "input" or self.initial


class Schema:
    """All columns, by table and name; they become more as subjects are declared.

    Examples
    --------
    >>> from chainwright.words.subjects import SCHEMA
    >>> SCHEMA["items", "holding_cost"].unit
    'money per unit and period'
    """

    def __init__(self, columns: Iterable[Column] = ()) -> None:
        self._columns: dict[tuple[str, str], Column] = {}
        self._tables: dict[str, list[Column]] = {}
        self.version = 0
        self.add(columns)

    def add(self, columns: Iterable[Column]) -> None:
        """Take in more columns: all of them, or none.

        Raises
        ------
        ValueError
            When a column is declared twice.
        """
        more: dict[tuple[str, str], Column] = {}
        for column in columns:
            key = (column.table, column.name)
            if key in self._columns or key in more:
                raise ValueError(f"column {column.table}.{column.name} is declared twice")
            more[key] = column
        self._columns |= more
        for column in more.values():
            self._tables.setdefault(column.table, []).append(column)
        self.version += 1

    def __getitem__(self, key: tuple[str, str]) -> Column:
        return self._columns[key]

    def __contains__(self, key: object) -> bool:
        return key in self._columns

    def __iter__(self) -> Iterator[Column]:
        return iter(self._columns.values())

    def table(self, name: str) -> list[Column]:
        """The columns of one table, in the order of their declaration."""
        return self._tables.get(name, [])

    def settable(self, name: str) -> list[Column]:
        """The columns of one table that a scenario may set."""
        return [column for column in self.table(name) if column.settable]
