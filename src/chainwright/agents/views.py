"""What an agent's method receives: one item as plain numbers, or its own lanes as short columns."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from chainwright.agents.rows_by_owner import name_of
from chainwright.policies.cohort import TURN_BITS, Cohort, CohortView
from chainwright.policies.partners import OWN_END, lanes_to, orders_on_the_way, seen_now, sum_over
from chainwright.state.streams import row_key, uniform_from_key
from chainwright.state.totals import sum_by
from chainwright.state.view import NOW, Later, View, view_class
from chainwright.words.errors import UsageError, suggestion
from chainwright.words.subjects import SCHEMA, SHAPES


class RowView(View):
    """One row of the agent's enterprise: every column that it may see is a plain number."""

    __slots__ = ("_seats",)
    _seats: dict[str, Any]

    def __init__(self, world: Any, table: Any, rows: Any, links: Mapping[str, Any] | None = None) -> None:
        super().__init__(world, table, rows, links)
        self._seats = {}

    def draw(self, stream: str, number: int = 0) -> float:
        """A uniform number between 0 and 1, the same for the same seed, run, stream, row, period, turn and number.

        Numbers of a stream such as ``demand`` are those that policies draw; a name of one's own makes a stream of one's own.
        """
        keys = self._links.setdefault("keys of draws", {})
        if stream not in keys:
            world, table, row = self._world, self._table, self._rows
            run = int(table.run[row])
            keys[stream] = row_key(world.seed, world.runs.number[run], int(world.runs.branch[run]), stream, table.coordinate[row])
        return float(uniform_from_key(keys[stream], self.period, _in_turn(self, number)))

    def __setattr__(self, name: str, value: Any) -> None:
        if not name.startswith("_"):
            what = f"cannot be set on a view of {self.table_name}"
            raise AttributeError(f"{name!r} {what}; what an agent remembers it keeps on itself, such as self.my_{name}")
        object.__setattr__(self, name, value)

    def __repr__(self) -> str:
        return name_of(self._world, self.table_name, int(self._rows))  # type: ignore[arg-type]


def _in_turn(view: View, number: int) -> int:
    """The number of a draw, told apart from those of other turns of the period."""
    turn: int = view._links.get("step", view._links.get("round", 0))
    return number + (turn << TURN_BITS) if turn else number


class ItemView(RowView):
    """One item of the agent's enterprise: every column that it may see is a plain number, beside what its partners show."""

    __slots__ = ("_classes",)
    _classes: ViewClasses

    @property
    def to_buyers(self) -> Any:
        """The lanes on which the item is sold, as short columns in the order of the buyers' names; `.buyer` is their other end."""
        return self._lanes("buyer")

    @property
    def from_sellers(self) -> Any:
        """The lanes on which the item is bought, as short columns in the order of the sellers' names; `.seller` is their other end."""
        return self._lanes("seller")

    def _lanes(self, partner: str) -> Any:
        name = f"lanes to each {partner}"
        if name not in self._links:
            rows = lanes_to(self._world, np.array([self._rows]), partner)
            self._links[name] = self._classes.lanes(OWN_END[partner], rows)
        return self._links[name]

    def sum_over_buyers(self, name: str, by_share: bool = False) -> float:
        """Sum of a column of the buyers' items; only columns that partners show (see `sum_over`)."""
        return float(sum_over(self, np.array([self._rows]), "buyer", name, by_share)[0])

    def sum_over_sellers(self, name: str, by_share: bool = False) -> float:
        """Sum of a column of the sellers' items; only columns that partners show (see `sum_over`)."""
        return float(sum_over(self, np.array([self._rows]), "seller", name, by_share)[0])

    def orders_on_the_way(self) -> float:
        """What buyers have ordered in former periods and has not been seen yet; only where they show what they order."""
        return float(orders_on_the_way(self, np.array([self._rows]))[0])

    def __repr__(self) -> str:
        return f"{self.enterprise.name}/{self.product.name}"


class Items(dict[str, ItemView]):
    """The items of an enterprise by product; another product is answered in words."""

    def __init__(self, owner: str, items: Mapping[str, ItemView]) -> None:
        super().__init__(items)
        self.owner = owner

    def __missing__(self, product: Any) -> NoReturn:
        raise UsageError(f"{self.owner} keeps no {product!r}{suggestion(str(product), self)}")


class NamedView(View):
    """One enterprise or one product; it prints as its name."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        if isinstance(other, str):
            raise UsageError(f"a view of {self.table_name} is no name; compare its .name with {other!r}")
        return self is other

    __hash__ = View.__hash__

    def __repr__(self) -> str:
        return str(self.name)


class RowsView(View):
    """The rows of one group, such as an item's own lanes, as short columns: lanes in the order of the partners' names."""

    __slots__ = ()

    def total(self, values: Any) -> NDArray[np.float64]:
        """Sum over the rows, given back to each of them."""
        column = np.asarray(values, np.float64)
        return sum_by(np.zeros(len(column), np.int32), column, 1)[np.zeros(len(column), np.int32)]

    def draw(self, stream: str, number: int = 0) -> Any:
        """Uniform numbers between 0 and 1, one per row, by coordinates as all draws."""
        world, table, rows = self._world, self._table, self._rows
        run = table.run[rows]
        keys = row_key(world.seed, world.runs.number[run], world.runs.branch[run], stream, table.coordinate[rows])
        return uniform_from_key(keys, self.period, _in_turn(self, number))

    def __len__(self) -> int:
        return len(self._rows)  # type: ignore[arg-type]


class ViewClasses:
    """The classes of views of one world, made from the schema and the scenario's visibility.

    Parameters
    ----------
    world : World
        Whose rows are seen.
    visibility : mapping
        Column name to visibility, where the scenario changes it.
    """

    def __init__(self, world: Any, visibility: Mapping[str, str]) -> None:
        self.world = world
        self._visibility = visibility
        self._rows: dict[tuple[str, str, int], RowView] = {}
        self.item = view_class(SCHEMA, "items", "own", visibility, ItemView, one_row=True)
        self.enterprise = view_class(SCHEMA, "enterprises", "own", visibility, NamedView, one_row=True)
        self.enterprise_of_partner = view_class(SCHEMA, "enterprises", "partner", visibility, NamedView, one_row=True)
        self.product = view_class(SCHEMA, "products", "own", visibility, NamedView, one_row=True)
        self.own_items = view_class(SCHEMA, "items", "own", visibility)
        self.items_of_partners = view_class(SCHEMA, "items", "partner", visibility)
        self.item_of_partner = view_class(SCHEMA, "items", "partner", visibility, one_row=True)
        self.own_enterprises = view_class(SCHEMA, "enterprises", "own", visibility)
        self.own_products = view_class(SCHEMA, "products", "own", visibility)
        self.cohort_of_items = view_class(SCHEMA, "items", "own", visibility, CohortView)
        self.lanes_of = {end: view_class(SCHEMA, "lanes", end, visibility, RowsView) for end in ("seller", "buyer")}

    def item_view(self, row: int) -> ItemView:
        """One item of the world, for its own enterprise."""
        items = self.world.items
        links = {
            "enterprise": self.enterprise(self.world, self.world.enterprises, int(items.enterprise[row])),
            "product": self.product(self.world, self.world.products, int(items.product[row])),
        }
        view = self.item(self.world, items, row, links)
        assert isinstance(view, ItemView)
        view._classes = self
        return view

    def row(self, table: str, end: str, row: int) -> RowView:
        """One row of a table other than items, for the enterprise that it belongs to; made once."""
        if (table, end, row) not in self._rows:
            self._rows[table, end, row] = self._made(table, end, row, RowView)
        return self._rows[table, end, row]

    def group(self, table: str, end: str, rows: NDArray[np.int32]) -> RowsView:
        """Some rows of one group as short columns, for the enterprise that they belong to."""
        made: RowsView = self.lanes(end, rows) if table == "lanes" and end else self._made(table, end, rows, RowsView)
        return made

    def _made(self, table: str, end: str, rows: Any, base: type[View]) -> Any:
        """A view of one row or of several, and views of what their keys lead to: of partners what they show."""
        shape, world, one = SHAPES[table], self.world, base is RowView
        partners = {path.split(".")[0] for other, path in shape.owner.items() if other != end}
        links: dict[str, Any] = {}
        for key, target in shape.targets.items():
            found = getattr(world, table)[key][rows]
            named = NamedView if one and SHAPES[target].named == ("name",) else View
            kind = view_class(SCHEMA, target, "partner" if key in partners else "own", self._visibility, named, one_row=one)
            links[key] = Later(partial(kind, world, getattr(world, target), int(found) if one else found))
        kind = view_class(SCHEMA, table, end or "own", self._visibility, base, one_row=one)
        return kind(world, getattr(world, table), rows, links)

    def own_columns(self, cohort: Cohort) -> CohortView:
        """The items of a cohort, for their own enterprises."""
        world, rows = self.world, cohort.index
        links = {
            "enterprise": self.own_enterprises(world, world.enterprises, world.items.enterprise[rows]),
            "product": self.own_products(world, world.products, world.items.product[rows]),
        }
        view = self.cohort_of_items(world, world.items, cohort.rows, links)
        assert isinstance(view, CohortView)
        view._cohort = cohort
        return view

    def show(self, item: ItemView) -> None:
        """Let an item that was made by former classes show what these show."""
        item.__class__ = self.item  # type: ignore[assignment]
        item._classes = self
        for end in ("seller", "buyer"):
            lanes = item._links.get(f"lanes to each {OWN_END[end]}")
            if lanes is not None:
                lanes.__class__ = self.lanes_of[end]
                lanes._links[end].__class__ = self.own_items
                lanes._links[OWN_END[end]].__class__ = self.items_of_partners

    def lanes(self, own: str, rows: NDArray[np.int32]) -> RowsView:
        """Some lanes of one item, which stands at the end `own` of them."""
        world = self.world
        other = "buyer" if own == "seller" else "seller"
        links: dict[str, Any] = {
            own: self.own_items(world, world.items, world.lanes[own][rows]),
            other: self.items_of_partners(world, world.items, world.lanes[other][rows], {NOW: seen_now(world.lanes, rows, other)}),
        }
        view = self.lanes_of[own](world, world.lanes, rows, links)
        assert isinstance(view, RowsView)
        return view
