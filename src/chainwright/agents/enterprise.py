"""An enterprise as a Mesa agent: a thin view of one row of the world, with partners, messages and decisions to override."""

from __future__ import annotations

from typing import Any, ClassVar, Protocol

from chainwright.agents.decisions import as_the_policy, give_decisions
from chainwright.agents.mesa_agent import MesaAgent
from chainwright.agents.messages import Message, partner_of, received
from chainwright.agents.order_history import Entry
from chainwright.agents.partner import Partner
from chainwright.agents.registry import register_agent
from chainwright.agents.views import Items, ItemView, RowView
from chainwright.policies.cohort import CohortView
from chainwright.words.errors import UsageError, VisibilityError, suggestion
from chainwright.words.subjects import DECISIONS, SCHEMA, as_declared
from chainwright.words.trade import ROLES

# What Mesa and this class keep on an agent; all else is the agent's own memory.
OUTER = ("model", "unique_id", "pos", "_mesa_cell", "_row", "_run", "_items", "_columnar")


class Model(Protocol):
    """What an enterprise asks of the model that it belongs to."""

    roster: Any
    place: int

    @property
    def world(self) -> Any:
        """The world that the model shows."""

    @property
    def period(self) -> int:
        """The current period, counted from 1 (0 before the first)."""


class Enterprise(MesaAgent):
    """One enterprise of a supply chain.

    Agents are made by the model, for enterprises whose class overrides a decision and for those that somebody asks for. Their
    attributes are the columns of the world: ``agent.cash``, and where the enterprise keeps one product only ``agent.on_hand``.

    A subclass overrides decisions. Those about an item receive it as plain numbers and answer a number:
    `demand` (of customers), `forecast_demand`, `plan_production`, `place_orders`. Those about lanes receive the item's own lanes as
    short columns and answer a weight for each, or a pair of ranks and weights: `choose_sellers`, `allocate_stock`. What ``super()``
    answers is what the scenario's policy would do. State of one's own is made in `setup`.

    Parameters
    ----------
    model : SupplyChain
        The model.
    name : str
        Name of the enterprise.

    Examples
    --------
    >>> import chainwright as cw
    >>> class Cautious(cw.Distributor):
    ...     def place_orders(self, item):
    ...         return 0.5 * super().place_orders(item) + 0.5 * item.demand
    >>> model = cw.SupplyChain("beer_game", agents={"wholesaler": Cautious})
    >>> model.step()
    >>> model.enterprise("wholesaler").on_hand
    12.0
    """

    #: The role that an enterprise must have to be of this class; empty where any will do.
    of_role: ClassVar[str] = ""

    def __init__(self, model: Model, name: str) -> None:
        row, run = model.roster.welcome(self, model, name)
        super().__init__(model)
        self.unique_id = row - model.roster.first_row(run) + 1
        self._row = row
        self._run = run
        self._items: dict[str, ItemView] | None = None
        self.setup()

    @classmethod
    def register_itself(cls, name: str = "") -> None:
        """Make the class known by a name, so that scenario files can use it."""
        register_agent(cls, name)

    def setup(self) -> None:
        """Called once when the agent is made; a subclass makes its own state here."""

    # --- identity --------------------------------------------------------------------------------------------

    @property
    def period(self) -> int:
        """The current period, counted from 1 (0 before the first)."""
        period: int = self.model.period
        return period

    @property
    def _world(self) -> Any:
        return self.model.world

    def _view(self) -> Any:
        return self.model.roster.classes.enterprise(self._world, self._world.enterprises, self._row)

    @property
    def items(self) -> dict[str, ItemView]:
        """The items of the enterprise by product: what it knows of each, as plain numbers."""
        if self._items is None:
            world = self._world
            rows = self.model.roster.whereabouts.items[self._row].tolist()
            classes = self.model.roster.classes
            self._items = Items(self.name, {str(world.products.name[world.items.product[row]]): classes.item_view(row) for row in rows})
        return self._items

    @property
    def item(self) -> ItemView:
        """The only item, where the enterprise keeps one product."""
        items = self.items
        if len(items) != 1:
            raise UsageError(f"{self.name} keeps {len(items)} products; say .items[{next(iter(items), '')!r}], one of {', '.join(items)}")
        return next(iter(items.values()))

    def __getattr__(self, name: str) -> Any:
        # Only what neither the agent nor its class has is looked for among the columns.
        if not name.startswith("__") and "_columnar" in self.__dict__:
            raise VisibilityError(_not_of_all(type(self), "model" if name == "_world" else name))
        if name.startswith("_") or "_row" not in self.__dict__:
            raise AttributeError(name)
        if hasattr(type(self), name):
            # A property has failed: its own message says why.
            return object.__getattribute__(self, name)
        if name in enterprise_columns():
            return getattr(self._view(), name)
        if name in item_columns():
            items = self.items
            if len(items) == 1:
                return getattr(next(iter(items.values())), name)
            raise AttributeError(f"{self.name} keeps {len(items)} products, each with its own {name!r}; say .items[{next(iter(items), '')!r}].{name}")
        known = [one for one in (*dir(type(self)), *vars(self), *enterprise_columns(), *item_columns()) if not one.startswith("_")]
        remedy = suggestion(name, known) or "; what an agent remembers is begun in its setup(self)"
        raise AttributeError(f"{type(self).__name__} has no attribute {name!r}{remedy}")

    def __setattr__(self, name: str, value: Any) -> None:
        # It would hide the column from whoever looks at the agent, and change nothing in the world.
        if name in _shown() and "_row" in self.__dict__ and not hasattr(type(self), name):
            raise UsageError(f"{name!r} is a column of the world and is not set through an agent; call your own memory 'my_{name}'")
        told = getattr(type(self), name, None)
        if isinstance(told, property) and told.fset is None:
            raise UsageError(f"{name!r} is what the model tells an enterprise and is not set; call your own memory 'my_{name}'")
        object.__setattr__(self, name, value)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *enterprise_columns(), *item_columns()})

    def __repr__(self) -> str:
        # Neither before it is made nor after its model is closed has an agent a name.
        here = "_row" in self.__dict__ and hasattr(self, "model") and self.model.roster.world is not None
        return f"<{type(self).__name__} {self.name}>" if here else f"<{type(self).__name__}>"

    # --- partners, messages and the ledger -------------------------------------------------------------------

    @property
    def sellers(self) -> list[Partner]:
        """The enterprises that this one buys from, by name: what they show of themselves."""
        return self._partners("buyer", "seller")

    @property
    def buyers(self) -> list[Partner]:
        """The enterprises that this one sells to, by name: what they show of themselves."""
        return self._partners("seller", "buyer")

    def _partners(self, own: str, other: str) -> list[Partner]:
        known = self.model.roster.partners
        if (self._row, other) not in known:
            world = self._world
            lanes = self._lanes(own)
            rows = dict.fromkeys(world.items.enterprise[world.lanes[other][lanes[world.lanes.trading[lanes]]]].tolist())
            first = self.model.roster.first_row(self._run)
            known[self._row, other] = sorted((Partner(self, other, row - first) for row in rows), key=lambda partner: str(partner.name))
        return list(known[self._row, other])

    def _lanes(self, own: str) -> Any:
        """Rows of the lanes at whose end `own` the enterprise stands, active or not."""
        return self.model.roster.whereabouts.lanes(own)[self._row]

    @property
    def messages(self) -> list[Message]:
        """What was received this period: orders of buyers, deliveries of sellers, and what partners have sent the period before."""
        world, where = self._world, self.model.roster.whereabouts
        arrived = received(world, where.selling[self._row], where.buying[self._row])
        return [*arrived, *self.model.roster.mail.read(world.period, self._row)]

    def send(self, partner: Partner | str, content: Any) -> None:
        """Send anything to a seller or a buyer, who reads it among its messages of the next period.

        Raises
        ------
        UsageError
            When it is no partner.
        """
        roster = self.model.roster
        # Whoever sends to many has the partners at hand.
        at_hand = any(one is partner for end in ("seller", "buyer") for one in roster.partners.get((self._row, end), ()))
        found = partner if at_hand and isinstance(partner, Partner) else partner_of([*self.sellers, *self.buyers], partner, self.name)
        receiver = roster.first_row(self._run) + found.place
        roster.mail.send(self._world.period, receiver, Message("word", self.name, content=content))

    @property
    def ledger(self) -> list[Entry]:
        """The orders that the enterprise has placed in the last twelve periods, since it has an agent; the oldest first."""
        entries: list[Entry] = self.model.roster.ledger.entries(self._row)
        return entries

    def policy(self, decision: str, product: str = "") -> Any:
        """The scenario's policy for a decision, with the parameters that hold for this enterprise.

        Parameters
        ----------
        decision : str
            Such as ``place_orders``.
        product : str
            Of which product; not needed where the enterprise keeps one only.

        Returns
        -------
        Policy or None
            With its parameters as plain numbers; None where no policy decides.

        Examples
        --------
        >>> import chainwright as cw
        >>> model = cw.SupplyChain("beer_game")
        >>> model.enterprise("wholesaler").policy("place_orders").smoothing
        0.36
        """
        if decision not in DECISIONS:
            raise UsageError(f"no decision is called {decision!r}{suggestion(decision, DECISIONS)}")
        if (about := DECISIONS[decision].keyed) != "items":
            raise UsageError(f"{decision} is decided for {about}, not for items; policy() tells who decides about items")
        if product and product not in self.items:
            raise UsageError(f"{self.name} keeps no {product!r}{suggestion(product, self.items)}")
        if not product and len(self.items) != 1:
            example = f"policy({decision!r}, {next(iter(self.items), '')!r})"
            raise UsageError(f"{self.name} keeps {len(self.items)} products; say {example}, one of {', '.join(self.items)}")
        return self.model.roster.policy_of(decision, (self.items[product] if product else self.item).rows)

    # --- decisions -------------------------------------------------------------------------------------------

    @as_the_policy
    def demand(self, item: Any) -> Any:
        """What a customer wants of an item this period."""
        return _as_the_policy(self, "demand", item)

    @as_the_policy
    def forecast_demand(self, item: Any) -> Any:
        """Forecast of the demand of one period."""
        return _as_the_policy(self, "forecast_demand", item)

    @as_the_policy
    def plan_production(self, item: Any) -> Any:
        """Good units to be ordered from the own production."""
        return _as_the_policy(self, "plan_production", item)

    @as_the_policy
    def place_orders(self, item: Any) -> Any:
        """Units to be ordered from sellers."""
        return _as_the_policy(self, "place_orders", item)

    @as_the_policy
    def choose_sellers(self, lanes: Any) -> Any:
        """Rank and weight of each lane on which an item is bought: the order is split over the best rank in proportion to weight."""
        return _as_the_policy(self, "choose_sellers", lanes)

    @as_the_policy
    def allocate_stock(self, lanes: Any) -> Any:
        """Rank and weight of each lane on which an item is sold: scarce stock goes to the best rank first, in proportion to weight."""
        return _as_the_policy(self, "allocate_stock", lanes)


def _not_of_all(agent_class: type, name: str) -> str:
    """What a columnar method is told that asks its object, which stands for all enterprises of the class, for what it has not got."""
    said = f"in a columnar method self stands for all enterprises of {agent_class.__name__} and has no {name!r}"
    if name in ("random", "rng"):
        return f"{said}; draw a number for each row by its argument's .draw('luck')"
    if name in ("model", "unique_id", "pos") or name in _shown() or hasattr(agent_class, name):
        return f"{said}; what differs between them comes from the columns"
    return f"{said}; setup() is not called for it: begin what it remembers in the method, if not hasattr(self, {name!r})"


def _as_the_policy(agent: Enterprise, decision: str, view: Any) -> Any:
    """What the scenario's policy would decide."""
    # A view of many rows is asked by a columnar method.
    substitute: Any = view.cohort.substitute if isinstance(view, CohortView) else None
    if substitute is not None:
        return substitute.policy_answer()
    seat = view._seats.get(decision) if isinstance(view, RowView) else view._links.get("its seat")
    if seat is not None and seat[0].decision == decision:
        return seat[0].policy_answer_at(seat[1])
    return agent.model.roster.answer_of_policy(decision, view)


# Decisions that are not written out above have a method too.
give_decisions(Enterprise, _as_the_policy)


@as_declared
def enterprise_columns() -> tuple[str, ...]:
    """The columns of an enterprise, which are attributes of its agent."""
    return tuple(column.name for column in SCHEMA.table("enterprises"))


@as_declared
def item_columns() -> tuple[str, ...]:
    """The columns of items that are attributes of an agent with one item: those whose name means nothing else."""
    return tuple(column.name for column in SCHEMA.table("items") if column.name not in (*enterprise_columns(), *DECISIONS))


@as_declared
def _shown() -> frozenset[str]:
    """What stands in the world and is not set through an agent."""
    columns = (column.name for table in ("enterprises", "items") for column in SCHEMA.table(table) if column.kind != "key")
    return frozenset({"name", *columns}) - {*DECISIONS}


class Supplier(Enterprise):
    """An enterprise whose role is supplier."""

    of_role = "supplier"


class Manufacturer(Enterprise):
    """An enterprise whose role is manufacturer."""

    of_role = "manufacturer"


class Distributor(Enterprise):
    """An enterprise whose role is distributor."""

    of_role = "distributor"


class Retailer(Enterprise):
    """An enterprise whose role is retailer."""

    of_role = "retailer"


class Customer(Enterprise):
    """An enterprise whose role is customer: its demand is the end demand, and what it receives it consumes."""

    of_role = "customer"


CLASS_OF_ROLE: dict[str, type[Enterprise]] = {one.of_role: one for one in (Supplier, Manufacturer, Distributor, Retailer, Customer)}
assert set(CLASS_OF_ROLE) == set(ROLES)
