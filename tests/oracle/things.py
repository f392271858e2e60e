"""The things that the oracle moves about: enterprises, items, lanes and recipe lines as ordinary objects."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

# What is counted anew in every period.
ITEM_COUNTS = (
    "demand orders production_orders released made scrapped used received shipped shipped_in_time seen unseen lost consumed "
    "holding_cost_paid backorder_cost_paid in_transit_holding_cost_paid ordering_cost_paid production_cost_paid purchase_cost_paid revenue_received"
).split()
LANE_COUNTS = "ordered seen late_seen shipped received lost turned_away".split()
# What lasts from period to period, besides what a scenario sets.
ITEM_STOCKS = (
    "on_hand backorder requirements unreleased in_process on_order inventory_level inventory_position "
    "forecast forecast_deviation forecast_lead_time lead_time end_demand echelon_stock demand_carried unplaced"
).split()


class Enterprise(SimpleNamespace):
    """A firm; `closed` is whether an event has closed it in this period."""

    def __init__(self, **columns: Any) -> None:
        super().__init__(cash=0.0, closed=False, refuses=False)
        self.__dict__.update(columns)


class Item(SimpleNamespace):
    """One enterprise's stock-keeping of one product.

    `due` is what is in process: period -> list of released units.
    `item_closed` and `item_refuses` are of events on this item alone.
    """

    def __init__(self, enterprise: Enterprise, product: SimpleNamespace, **columns: Any) -> None:
        super().__init__(**dict.fromkeys(ITEM_STOCKS + ITEM_COUNTS, 0.0), backorder_cost=0.0, lost_sale_cost=math.nan)
        self.capacity_factor = self.demand_factor = 1.0
        self.item_closed = self.item_refuses = False
        self.__dict__.update(columns)
        if math.isnan(self.lost_sale_cost):
            self.lost_sale_cost = self.backorder_cost
        self.enterprise, self.product = enterprise, product
        self.customer = enterprise.role == "customer"
        self.selling: list[Lane] = []
        self.buying: list[Lane] = []
        self.lines: list[Line] = []
        self.used_in: list[Line] = []
        self.due: dict[int, list[float]] = {}
        self.level = 0

    @property
    def name(self) -> tuple[str, str]:
        return self.enterprise.name, self.product.name

    @property
    def closed(self) -> bool:
        return bool(self.enterprise.closed or self.item_closed)

    @property
    def refusing(self) -> bool:
        return bool((self.enterprise.closed and self.enterprise.refuses) or (self.item_closed and self.item_refuses))


class Lane(SimpleNamespace):
    """A seller's item to a buyer's item; `orders_due` and `goods_due` hold what is on the way: period -> units.

    `late_due` is the part of the orders that a customer wanted earlier and could order nowhere; `unplaced` is what it still cannot.
    `debts` is the backorder by the period in which it was seen, for those who serve the oldest debt first.
    """

    def __init__(self, seller: Item, buyer: Item, **columns: Any) -> None:
        super().__init__(backorder=0.0, short=False, unplaced=0.0, **dict.fromkeys(LANE_COUNTS, 0.0))
        self.__dict__.update(columns)
        self.seller, self.buyer = seller, buyer
        self.orders_open = self.shipments_open = self.transit_open = self.receipt_open = 1.0
        self.orders_due: dict[int, float] = {}
        self.late_due: dict[int, float] = {}
        self.goods_due: dict[int, float] = {}
        self.debts: dict[int, float] = {0: self.backorder} if self.backorder else {}
        self.owed_before = 0.0
        self.drawn: tuple[list[int], list[float]] | None = None

    @property
    def name(self) -> tuple[Any, ...]:
        return *self.seller.name, *self.buyer.name, self.mode

    @property
    def trading(self) -> bool:
        # Nothing but the scenario speaks against orders here.
        return bool(self.active)

    @property
    def orders_waiting(self) -> float:
        return sum(self.orders_due.values())

    @property
    def in_transit(self) -> float:
        return sum(self.goods_due.values())

    @property
    def refusing(self) -> bool:
        return self.seller.refusing

    @property
    def may_be_at_once(self) -> bool:
        """Whether the seller must stand on a higher level than the buyer."""
        shortest = min(self.drawn[0]) if self.drawn else self.transport_time
        return bool(self.order_delay == 0 or shortest == 0)


class Line(SimpleNamespace):
    """One line of a bill of materials: `quantity` of `component` for one released unit of `item`."""

    def __init__(self, item: Item, component: Item, quantity: float) -> None:
        super().__init__(item=item, component=component, quantity=float(quantity), reserved=0.0)


def rows_of(columns: dict[str, Any], leaving_out: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """A table of columns as one dictionary of Python values per row."""
    names = [name for name in columns if name not in leaving_out]
    lists = {name: columns[name].tolist() for name in names}
    length = len(next(iter(columns.values()), ()))
    return [{name: lists[name][row] for name in names} for row in range(length)]


class Network:
    """All things of one run, read from a blueprint once."""

    def __init__(self, blueprint: Any) -> None:
        tables = blueprint.tables
        self.products = [SimpleNamespace(**row) for row in rows_of(tables["products"])]
        self.enterprises = [Enterprise(**row) for row in rows_of(tables["enterprises"])]
        self.items = [self._item(row) for row in rows_of(tables["items"], ("customer", "level", "echelon"))]
        self.lanes = [self._lane(row) for row in rows_of(tables["lanes"])]
        self.lines = [Line(self.items[row["item"]], self.items[row["component"]], row["quantity"]) for row in rows_of(tables["recipes"])]
        for line in self.lines:
            line.item.lines.append(line)
            line.component.used_in.append(line)
        # A recipe without components has no line, but somebody plans its production.
        planned = {row for choice in blueprint.policies.get("plan_production", ()) for row in choice.rows.tolist()}
        for row, item in enumerate(self.items):
            item.makes = bool(item.lines) or row in planned
        self._read_drawn_times(blueprint)
        self._read_pipelines(blueprint)
        self._find_levels()
        self._connect_lanes()

    def _item(self, row: dict[str, Any]) -> Item:
        return Item(self.enterprises[row.pop("enterprise")], self.products[row.pop("product")], **row)

    def _lane(self, row: dict[str, Any]) -> Lane:
        return Lane(self.items[row.pop("seller")], self.items[row.pop("buyer")], **row)

    def _read_drawn_times(self, blueprint: Any) -> None:
        for drawn in blueprint.drawn_times:
            for row in drawn.rows.tolist():
                self.lanes[row].drawn = (drawn.values.tolist(), drawn.probabilities.tolist())

    def _read_pipelines(self, blueprint: Any) -> None:
        """Initial contents."""
        for pipeline, held in ((blueprint.content("orders_waiting"), "orders_due"), (blueprint.content("in_transit"), "goods_due")):
            for row, due, amount in zip(pipeline.row.tolist(), pipeline.due.tolist(), pipeline.amount.tolist(), strict=True):
                put(getattr(self.lanes[row], held), due, amount)
        pipeline = blueprint.content("in_process")
        for row, due, amount in zip(pipeline.row.tolist(), pipeline.due.tolist(), pipeline.amount.tolist(), strict=True):
            item = self.items[row]
            item.due.setdefault(due, []).append(amount)
            item.in_process += amount

    def _find_levels(self) -> None:
        """The longest path down: seller above buyer where nothing lies between, component above product."""
        above = [(lane.seller, lane.buyer) for lane in self.lanes if lane.may_be_at_once]
        above += [(line.component, line.item) for line in self.lines]
        for _ in self.items:
            for upper, lower in above:
                upper.level = max(upper.level, lower.level + 1)
        assert all(upper.level > lower.level for upper, lower in above), "a cycle without delay"
        self.levels = [[item for item in self.items if item.level == level] for level in range(1 + max(item.level for item in self.items))]

    def _connect_lanes(self) -> None:
        """Each item knows its lanes, sorted by name, so that ties between them are settled by name."""
        for lane in sorted(self.lanes, key=lambda one: one.name):
            lane.seller.selling.append(lane)
            lane.buyer.buying.append(lane)
        for item in self.items:
            times = [lane.order_delay + lane.transport_time for lane in item.buying if lane.active]
            times += [item.production_time] if item.makes else []
            item.lead_time = float(max(times, default=0))


def put(pipeline: dict[int, float], due: int, amount: float) -> None:
    """Add an amount to what is due in a period; nothing is not due at any time."""
    if amount:
        pipeline[due] = pipeline.get(due, 0.0) + amount
