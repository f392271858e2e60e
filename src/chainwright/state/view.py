"""What a decision sees: some rows of the world as columns, or one row as numbers, under the same names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.state.table import Table
from chainwright.words.errors import UsageError, VisibilityError, suggestion
from chainwright.words.schema import Schema
from chainwright.words.subjects import SHAPES

Rows = slice | NDArray[Any] | int

# Which columns a view shows: those of the deciding enterprise itself, or those of a partner at the other end of a lane.
SHOWN_TO = {"own": ("own", "partner", "public"), "partner": ("partner", "public")}
# Whose rows are a partner's: one that is looked at, or one whose decision the onlooker takes (and who is seen as it decides).
PARTNERS = ("partner", "manager")
# Beside a view of partners' items: which of them are seen as they are now, a column of booleans, or True where there is one only.
# See `Shown` of policies/partners.py.
NOW = "seen as they are now"


class Later:
    """What a view leads to, made once somebody follows: many views are never asked for what lies beside their own columns."""

    __slots__ = ("make",)

    def __init__(self, make: Callable[[], Any]) -> None:
        self.make = make


class View:
    """Rows of one table, one attribute per visible column; subclasses are made by `view_class`.

    One row (an int) gives Python numbers, more rows give columns. A column that is not visible raises VisibilityError.
    """

    __slots__ = ("_links", "_rows", "_table", "_world")
    table_name: str = ""
    visible: frozenset[str] = frozenset()
    # Columns that are there and not shown, and who would have to be shown them.
    hidden: frozenset[str] = frozenset()
    shown_if: str = "own"
    # What partners show of their rows of the same table.
    of_partners: frozenset[str] = frozenset()

    def __init__(self, world: Any, table: Table, rows: Rows, links: Mapping[str, Any] | None = None) -> None:
        self._world = world
        self._table = table
        self._rows = rows
        self._links: dict[str, Any] = dict(links or {})

    @property
    def period(self) -> int:
        """The current period, counted from 1."""
        period: int = self._world.period
        return period

    @property
    def rows(self) -> Rows:
        """The rows of the table that are seen."""
        if isinstance(self._rows, np.ndarray):
            rows = self._rows.view()
            rows.flags.writeable = False
            return rows
        return self._rows

    def linked(self, name: str) -> Any:
        """What stands beside the columns under a name."""
        value = self._links[name]
        if isinstance(value, Later):
            value = self._links[name] = value.make()
        return value

    def sees(self, name: str) -> bool:
        """Whether a column can be looked at."""
        return name in self.visible

    def __deepcopy__(self, memo: Any) -> View:
        # A copy would carry the whole world along, and its numbers would not be those of the moment either.
        raise UsageError(f"a view of {self.table_name} shows what is now and cannot be kept; keep its numbers, or a copy of a column, instead")

    def __getattr__(self, name: str) -> Any:
        if name in View.__slots__:
            raise AttributeError(name)
        if name in self._links:
            return self.linked(name)
        if name not in self.hidden:
            known = [*self.visible, *(link for link in self._links if link.isidentifier())]
            raise VisibilityError(f"a view of {self.table_name} has no {name!r} to look at{suggestion(name, known)}")
        whose = "a partner's " if self.shown_if == "partner" else ""
        remedy = f"a scenario can say visibility: {{{name}: {self.shown_if}}}" if self.table_name == "items" else "a scenario cannot show it"
        raise VisibilityError(f"{name!r} of {whose}{self.table_name} is hidden; {remedy}")


def part_of(view: Any, places: Any) -> Any:
    """A view of some of the rows of a view, or of one of them (an int), without what it leads to; what is no view is the same for all."""
    if not isinstance(view, View):
        return view
    rows = view._rows
    if isinstance(rows, slice):
        rows = np.arange(rows.start, rows.stop)
    part = np.asarray(rows)[places]
    return type(view)(view._world, view._table, int(part) if np.ndim(part) == 0 else part)


def _reader(name: str) -> Callable[[View], Any]:
    def read(self: View) -> Any:
        value = getattr(self._table, name)[self._rows]
        if isinstance(value, np.ndarray):
            # What is seen cannot be changed by whoever sees it.
            value.flags.writeable = False
            return value
        return getattr(value, "item", lambda: value)()

    return read


def _number_reader(name: str) -> Callable[[View], Any]:
    """For views of one row: the plain number is fetched without a look at what kind of rows there are."""

    def read(self: View) -> Any:
        return getattr(self._table, name).item(self._rows)

    return read


def _reader_of_partner(name: str) -> Callable[[View], Any]:
    """For the items of partners: what stood when the phase began, except where they are seen as they are now."""

    def read(self: View) -> Any:
        now = self._links.get(NOW)
        column = getattr(self._table, name) if now is True else self._world.shown.column(name)
        value = column[self._rows]
        if isinstance(now, np.ndarray):
            value = np.where(now, getattr(self._table, name)[self._rows], value)
        if isinstance(value, np.ndarray):
            value.flags.writeable = False
            return value
        return getattr(value, "item", lambda: value)()

    return read


def _follower(name: str, number: Callable[[View], Any]) -> Callable[[View], Any]:
    """A foreign key leads to a view of the row it names, where there is one, else it is the row's number."""

    def follow(self: View) -> Any:
        return self.linked(name) if name in self._links else number(self)

    return follow


def view_class(
    schema: Schema, table: str, eyes: str = "own", visibility: Mapping[str, str] | None = None, base: type[View] = View, one_row: bool = False
) -> type[View]:
    """Make the class of views of one table for one kind of onlooker.

    Parameters
    ----------
    schema : Schema
        The columns.
    table : str
        Name of the table.
    eyes : {"own", "partner", "manager", "seller", "buyer"}
        Whether the enterprise looks at its own rows, at those of a partner, or at those of a partner whose decision it takes;
        of a lane, at which end it stands.
    visibility : mapping, optional
        Column name to visibility, where a scenario changes it.
    base : type
        View class to build on.
    one_row : bool
        Whether the views are of one row each (an int), which makes reading a number faster.
    """
    key = (schema, schema.version, table, eyes, frozenset((visibility or {}).items()), base, one_row)
    if key not in _MADE:
        _MADE[key] = _new_view_class(schema, table, eyes, visibility or {}, base, one_row)
    return _MADE[key]


# Made once for all worlds of a process: a sweep builds many of them, and few scenarios change what is seen.
_MADE: dict[tuple[Any, ...], type[View]] = {}


def _new_view_class(schema: Schema, table: str, eyes: str, visibility: Mapping[str, str], base: type[View], one_row: bool) -> type[View]:
    shown = shown_columns(schema, table, eyes, visibility)
    reader = _number_reader if one_row else _reader
    if eyes == "partner" and table == "items":
        reader = _reader_of_partner
    keys = SHAPES[table].keys if table in SHAPES else {}
    body: dict[str, Any] = {name: property(_follower(name, reader(name)) if name in keys else reader(name)) for name in shown}
    body |= {"__slots__": (), "table_name": table, "visible": frozenset(shown)}
    body["hidden"] = frozenset(column.name for column in schema.table(table)) - body["visible"]
    body["shown_if"] = "partner" if eyes in PARTNERS else "own"
    # Nobody shows what its own partners have shown it, unless that is public.
    of_partners = shown_columns(schema, table, "partner", visibility)
    public = [column.name for column in schema.table(table) if visibility.get(column.name, column.visibility) == "public"]
    body["of_partners"] = frozenset(public if eyes in PARTNERS else of_partners)
    return type(f"{table.title()}View", (base,), body)


def shown_columns(schema: Schema, table: str, eyes: str, visibility: Mapping[str, str] | None = None) -> list[str]:
    """Names of the columns that an onlooker may see, as `view_class` takes it.

    A scenario changes the visibility of items' columns; a column of the same name in another table stays as it is.
    """
    changed = (visibility or {}) if table == "items" else {}
    shown_to = SHOWN_TO["partner" if eyes in PARTNERS else "own"]
    return [
        column.name
        for column in schema.table(table)
        if changed.get(column.name, column.visibility) in shown_to and (column.owner in ("", eyes) or eyes == "own")
    ]
