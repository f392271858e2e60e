"""Replenishment from the inventory position: base stock, order-up-to, min-max, lots, periodic review."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np

from chainwright.policies.base import Policy, parameter, register
from chainwright.policies.columnwise import alike, positive, ratio, signed
from chainwright.policies.explanation import Line, OneRow, level_step, numbers, order_steps, periods, position_step, told
from chainwright.policies.formulas.inventory import economic_order_quantity
from chainwright.policies.trade import orders_behavioural, orders_vendor

__all__ = [
    "BaseStock",
    "EchelonBaseStock",
    "EconomicOrderQuantity",
    "MinMax",
    "OrderUpTo",
    "PeriodicReview",
    "ReorderPoint",
    "lots_above",
    "orders_behavioural",
    "orders_vendor",
]


def allow_negative_parameter() -> Any:
    """The parameter that lets an order be negative."""
    return parameter("Whether an order may be negative, which returns goods to an outside source", False, kind="bool")


def lots_above(position: Any, reorder_point: Any, lot: Any) -> Any:
    """The smallest multiple of a lot that brings a position above the reorder point; 0 where it is above already.

    Examples
    --------
    >>> lots_above(np.array([4.0, 3.0, -3.0]), 3.0, 5.0).tolist()
    [0.0, 5.0, 10.0]
    """
    missing = np.asarray(reorder_point - position)
    return np.where(missing >= 0.0, (np.floor(ratio(missing, lot)) + 1.0) * lot, 0.0)


def less(level: Line, position: Line) -> str:
    """The formula of what is missing."""
    return f"{told(level.value)} − {told(position.value)}"


def up_to(level: Line, position: Line, allow_negative: Any) -> tuple[Line, ...]:
    """The steps of an order up to a level."""
    return numbers((level, position, *order_steps(less(level, position), level.value - position.value, allow_negative)))  # type: ignore[operator]


def not_reached(position: Line, point: Any) -> Line:
    """The step of no order, where the position is above a point."""
    return Line("nothing to order: the position is above the reorder point", f"{told(position.value)} > {told(point)}", 0.0)


def in_lots_above(position: Line, point: Line, lot: Any) -> tuple[Line, ...]:
    """The steps of an order in lots."""
    order = lots_above(position.value, point.value, lot)
    if position.value > point.value:  # type: ignore[operator]
        return position, point, not_reached(position, point.value)
    count = np.floor(ratio(point.value - position.value, lot)) + 1.0  # type: ignore[operator]
    return position, point, Line("lots Q that bring the position above it", f"{told(count)} × {told(lot)}", order)


@register
@dataclasses.dataclass(frozen=True)
class BaseStock(Policy):
    """Orders what brings the inventory position up to a fixed level."""

    name = "base_stock"
    family = "orders"
    formula = "O = S − inventory_position, at least 0 unless negative orders are allowed"
    source = "Zipkin (2000), Foundations of Inventory Management, chapters 6 and 9"

    level: Any = parameter("Base-stock level S; the item's base_stock_level where nothing is said", None, unit="units")
    allow_negative: Any = allow_negative_parameter()

    def __call__(self, view: Any) -> Any:
        level = view.base_stock_level if self.level is None else self.level
        return signed(level - view.inventory_position, self.allow_negative)

    def explain(self, view: Any, answer: Any) -> tuple[Line, ...]:
        """Level, position, order."""
        row = OneRow(view)
        return up_to(level_step(row, self.level, "base-stock level S"), position_step(row), self.allow_negative)


@register
@dataclasses.dataclass(frozen=True)
class OrderUpTo(Policy):
    """Orders up to the forecast of the demand over the lead time plus a safety stock; both follow the forecast.

    The safety stock is `safety_factor` deviations of the demand over the lead time, as if forecast errors of its periods were
    independent (√L one-period deviations), or a fixed number of units.
    """

    name = "order_up_to"
    family = "orders"
    formula = "S = forecast_lead_time + z·forecast_deviation·√L; O = S − inventory_position, at least 0 unless negative orders are allowed"
    source = "Chen, Drezner, Ryan and Simchi-Levi (2000), Management Science 46(3), 436-443"
    writes = ("base_stock_level", "safety_stock")
    reads_forecast = True

    safety_factor: Any = parameter("Safety factor z: deviations kept as safety stock", 0.0)
    safety_stock: Any = parameter("Fixed safety stock, instead of the safety factor", None, unit="units")
    lead_time: Any = parameter(
        "Periods that the level covers; the item's lead time where nothing is said. Longer ones add the forecast per period",
        None,
        unit="periods",
        minimum=0.0,
    )
    allow_negative: Any = allow_negative_parameter()

    @classmethod
    def mistakes(cls, parameters: Mapping[str, Any]) -> list[str]:
        """Safety stock is either fixed or computed."""
        if parameters.get("safety_stock") is not None and np.any(np.asarray(parameters.get("safety_factor", 0.0)) != 0.0):
            return ["safety_stock is fixed, so safety_factor has no meaning: give one of them"]
        return []

    def __call__(self, view: Any) -> Any:
        lead_time, expected = view.lead_time, view.forecast_lead_time
        if self.lead_time is not None:
            expected = expected + (self.lead_time - lead_time) * view.forecast
            lead_time = self.lead_time
        if self.safety_stock is None:
            safety = self.safety_factor * view.forecast_deviation * np.sqrt(lead_time)
        else:
            safety = alike(self.safety_stock, view.inventory_position)
        level = expected + safety
        order = signed(level - view.inventory_position, self.allow_negative)
        return order, {"base_stock_level": level, "safety_stock": safety}

    def explain(self, view: Any, answer: Any) -> tuple[Line, ...]:
        """Forecast over the lead time, safety stock, level, position, order."""
        row = OneRow(view)
        lead_time, expected = row.lead_time, row.forecast_lead_time
        steps = [Line(f"forecast of the demand over the lead time of {periods(lead_time)}", "", expected)]
        if self.lead_time is not None:
            formula = f"{told(expected)} + ({told(self.lead_time)} − {told(lead_time)}) × forecast {told(row.forecast)}"
            expected = expected + (self.lead_time - lead_time) * row.forecast
            lead_time = self.lead_time
            steps.append(Line(f"forecast over the {periods(lead_time)} that the level covers", formula, expected))
        if self.safety_stock is None:
            safety = self.safety_factor * row.forecast_deviation * np.sqrt(lead_time)
            formula = f"safety factor {told(self.safety_factor)} × deviation {told(row.forecast_deviation)} × √{told(lead_time)}"
        else:
            safety, formula = self.safety_stock, ""
        level = Line("order-up-to level S", f"{told(expected)} + {told(safety)}", expected + safety)
        return numbers((*steps, Line("plus the safety stock", formula, safety))) + up_to(level, position_step(row), self.allow_negative)


@register
@dataclasses.dataclass(frozen=True)
class EchelonBaseStock(Policy):
    """Orders what brings the stock here and downstream, and on order, up to a fixed level.

    It looks at its partners' stock, so the scenario has to share it: ``visibility: {echelon_stock: partner}``.
    """

    name = "echelon_base_stock"
    family = "orders"
    formula = "O = S − (echelon_stock + on_order), at least 0 unless negative orders are allowed"
    source = "Clark and Scarf (1960), Management Science 6(4), 475-490"
    wants = ("echelon_stock",)

    level: Any = parameter("Echelon base-stock level S; the item's base_stock_level where nothing is said", None, unit="units")
    allow_negative: Any = allow_negative_parameter()

    def __call__(self, view: Any) -> Any:
        level = view.base_stock_level if self.level is None else self.level
        return signed(level - (view.echelon_stock + view.on_order), self.allow_negative)

    def explain(self, view: Any, answer: Any) -> tuple[Line, ...]:
        """Level, stock here and downstream with what is on order, order."""
        row = OneRow(view)
        formula = f"stock here and downstream {told(row.echelon_stock)} + on order {told(row.on_order)}"
        position = Line("less the echelon's position", formula, row.echelon_stock + row.on_order)
        return up_to(level_step(row, self.level, "echelon base-stock level S"), position, self.allow_negative)


@register
@dataclasses.dataclass(frozen=True)
class MinMax(Policy):
    """The (s, S) policy: orders up to S when the inventory position is s or less."""

    name = "min_max"
    family = "orders"
    formula = "O = S − inventory_position where inventory_position ≤ s, else 0"
    source = "Scarf (1960), in Mathematical Methods in the Social Sciences, 196-202; Zheng and Federgruen (1991), Operations Research 39(4), 654-665"

    reorder_point: Any = parameter("Position s at which an order is placed", unit="units")
    order_up_to: Any = parameter("Position S after the order", unit="units")

    @classmethod
    def mistakes(cls, parameters: Mapping[str, Any]) -> list[str]:
        """S lies at or above s."""
        if np.any(np.asarray(parameters["order_up_to"]) < np.asarray(parameters["reorder_point"])):
            return ["order_up_to lies below reorder_point"]
        return []

    def __call__(self, view: Any) -> Any:
        position = np.asarray(view.inventory_position)
        return np.where(position <= self.reorder_point, positive(self.order_up_to - position), 0.0)

    def explain(self, view: Any, answer: Any) -> tuple[Line, ...]:
        """Position, reorder point, and up to S where the position is at or below it."""
        row = OneRow(view)
        position = position_step(row, "inventory position")
        steps = (position, Line("reorder point s", "", self.reorder_point))
        if row.inventory_position > self.reorder_point:
            return numbers((*steps, not_reached(position, self.reorder_point)))
        level = Line("the position is at or below s: up to S", "", self.order_up_to)
        return numbers((*steps, level, *order_steps(less(level, position), self.order_up_to - row.inventory_position, False)))


@register
@dataclasses.dataclass(frozen=True)
class ReorderPoint(Policy):
    """The (r, Q) policy, or (r, nQ): when the position is r or less, orders as few lots as bring it above r."""

    name = "reorder_point"
    family = "orders"
    formula = "O = n·Q where inventory_position ≤ r, n the smallest whole number with inventory_position + n·Q > r; else 0"
    source = "Hadley and Whitin (1963), Analysis of Inventory Systems, chapter 4; Federgruen and Zheng (1992), Operations Research 40(4), 808-813"

    reorder_point: Any = parameter("Position r at which an order is placed", unit="units")
    quantity: Any = parameter("Lot Q", unit="units", minimum=0.0)

    @classmethod
    def mistakes(cls, parameters: Mapping[str, Any]) -> list[str]:
        """A lot of nothing never fills a shelf."""
        if np.any(np.asarray(parameters["quantity"]) <= 0.0):
            return ["quantity is 0, expected more"]
        return []

    def __call__(self, view: Any) -> Any:
        return lots_above(view.inventory_position, self.reorder_point, self.quantity)

    def explain(self, view: Any, answer: Any) -> tuple[Line, ...]:
        """Position, reorder point, and the lots that bring the position above it."""
        row = OneRow(view)
        return numbers(in_lots_above(position_step(row, "inventory position"), Line("reorder point r", "", self.reorder_point), self.quantity))


@register
@dataclasses.dataclass(frozen=True)
class PeriodicReview(Policy):
    """The (R, S) policy: every R periods orders what brings the inventory position up to a level, and nothing in between."""

    name = "periodic_review"
    family = "orders"
    formula = "O = S − inventory_position in periods first, first + R, first + 2R, …, at least 0 unless negative orders are allowed; else 0"
    source = "Silver, Pyke and Thomas (2017), Inventory and Production Management in Supply Chains, 4th ed., chapter 6"

    level: Any = parameter("Position S after the order; the item's base_stock_level where nothing is said", None, unit="units")
    review: Any = parameter("Periods R from one order to the next", 1, unit="periods", minimum=1, kind="int")
    first: Any = parameter("Period of the first order", 1, unit="periods", minimum=1, kind="int")
    allow_negative: Any = allow_negative_parameter()

    def __call__(self, view: Any) -> Any:
        level = view.base_stock_level if self.level is None else self.level
        since = np.asarray(view.period - self.first)
        due = (since >= 0) & (np.mod(since, self.review) == 0)
        return np.where(due, signed(level - view.inventory_position, self.allow_negative), 0.0)

    def explain(self, view: Any, answer: Any) -> tuple[Line, ...]:
        """Whether it is time for an order; then level, position, order."""
        row = OneRow(view)
        since = row.period - self.first
        if since < 0 or since % self.review:
            later = self.first if since < 0 else row.period + self.review - since % self.review
            return (Line(f"no order until period {told(later)}: one is placed every {periods(self.review)}", "", 0.0),)
        return up_to(level_step(row, self.level, "a period of review: level S"), position_step(row), self.allow_negative)


@register
@dataclasses.dataclass(frozen=True)
class EconomicOrderQuantity(Policy):
    """Orders the lot that balances the costs of ordering and holding, when the position is at the reorder point or less.

    Where a lot has no meaning (no cost of ordering or of holding, no demand) the order is what is missing at the reorder point.
    """

    name = "economic_order_quantity"
    family = "orders"
    formula = "Q = √(2·K·demand / h); O = n·Q where inventory_position ≤ r, n the smallest whole number that brings it above r; else 0"
    source = "Harris (1913, reprinted 1990), Operations Research 38(6), 947-950"

    reorder_point: Any = parameter(
        "Position r at which a lot is ordered; demand over the lead time plus safety_stock where nothing is said", None, unit="units"
    )
    demand_rate: Any = parameter(
        "Demand per period; the forecast where nothing is said, which needs a forecasting policy", None, unit="units per period", minimum=0.0
    )
    ordering_cost: Any = parameter("Cost K of an order; the item's where nothing is said", None, unit="money per order", minimum=0.0)
    holding_cost: Any = parameter("Holding cost h; the item's where nothing is said", None, unit="money per unit and period", minimum=0.0)

    @classmethod
    def needs_forecast(cls, parameters: Mapping[str, Any]) -> bool:
        """Whether these parameters leave something to the forecast."""
        return parameters.get("demand_rate") is None

    def __call__(self, view: Any) -> Any:
        rate = positive(view.forecast if self.demand_rate is None else self.demand_rate)
        ordering_cost = view.ordering_cost if self.ordering_cost is None else self.ordering_cost
        holding_cost = view.holding_cost if self.holding_cost is None else self.holding_cost
        lot = economic_order_quantity(ordering_cost, rate, holding_cost)
        reorder_point = rate * view.lead_time + view.safety_stock if self.reorder_point is None else self.reorder_point
        position = view.inventory_position
        return np.where(lot > 0.0, lots_above(position, reorder_point, lot), positive(reorder_point - position))

    def explain(self, view: Any, answer: Any) -> tuple[Line, ...]:
        """Demand, lot, reorder point, position, and the lots that bring the position above the reorder point."""
        row = OneRow(view)
        rate = positive(row.forecast if self.demand_rate is None else self.demand_rate)
        ordering_cost = row.ordering_cost if self.ordering_cost is None else self.ordering_cost
        holding_cost = row.holding_cost if self.holding_cost is None else self.holding_cost
        lot = economic_order_quantity(ordering_cost, rate, holding_cost)
        root = f"√(2 × {told(ordering_cost)} × {told(rate)} / {told(holding_cost)})"
        steps = [Line("demand per period", "", rate, "units per period"), Line("lot Q = √(2·K·demand / h)", root, lot)]
        if self.reorder_point is None:
            formula = f"{told(rate)} × lead time {told(row.lead_time)} + safety stock {told(row.safety_stock)}"
            point = Line("reorder point r", formula, rate * row.lead_time + row.safety_stock)
        else:
            point = Line("reorder point r", "", self.reorder_point)
        position = position_step(row, "inventory position")
        if lot > 0.0:
            return numbers((*steps, *in_lots_above(position, point, lot)))
        point = dataclasses.replace(point, words="no lot has a meaning: up to the reorder point")
        return numbers((*steps, point)) + up_to(point, position, False)[1:]
