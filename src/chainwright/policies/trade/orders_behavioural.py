"""Replenishment that follows demand or people: pass on, constant, smoothing order-up-to, anchor and adjust."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from chainwright.policies.base import Memory, Policy, parameter, register
from chainwright.policies.columnwise import alike, positive, signed
from chainwright.policies.explanation import Line, OneRow, level_of_stock, level_step, numbers, order_steps, position_step, read, told
from chainwright.policies.trade.observing import Observing, observe_parameter, observed


@register
@dataclasses.dataclass(frozen=True)
class PassOn(Policy):
    """Orders what was demanded, nothing more and nothing less."""

    name = "pass_on"
    family = "orders"
    formula = "O = D"
    source = "Sterman (2000), Business Dynamics, chapter 17"

    allow_negative: Any = parameter("Whether a negative demand is passed on, which returns goods", False, kind="bool")

    def __call__(self, view: Any) -> Any:
        return signed(view.demand, self.allow_negative)

    def explain(self, view: Any, answer: Any) -> tuple[Line, ...]:
        """Demand, order."""
        demand = read(OneRow(view), "demand", "demand of this period")
        return numbers((demand, *order_steps(told(demand.value), demand.value, self.allow_negative)))


@register
@dataclasses.dataclass(frozen=True)
class ConstantOrder(Policy):
    """Orders the same in every period."""

    name = "constant"
    family = "orders"
    formula = "O = quantity"
    source = "Goldberg, Katz-Rogozhnikov, Lu, Sharma and Squillante (2016), Mathematics of Operations Research 41(3), 898-913"

    quantity: Any = parameter("What is ordered in each period", unit="units per period", minimum=0.0)

    def __call__(self, view: Any) -> Any:
        return alike(self.quantity, view.demand)

    def explain(self, view: Any, answer: Any) -> tuple[Line, ...]:
        """The quantity."""
        return numbers((Line("to order, the same in every period", "", self.quantity),))


@register
@dataclasses.dataclass(frozen=True)
class SmoothingOrderUpTo(Policy):
    """Orders the mean demand and closes only a share of the gap to the level: calmer orders for more stock.

    `level` means the same as for base stock: the inventory position after ordering settles there, and with a `smoothing_time` of
    1 the orders are those of base stock. Independent demand gives Var(O)/Var(D) = 1/(2T − 1).
    """

    name = "smoothing_order_up_to"
    family = "orders"
    formula = "O = mean + (S − mean − inventory_position) / T, at least 0 unless negative orders are allowed"
    source = "Disney and Towill (2003), Omega 31(3), 157-167 (with both gaps, of stock and of orders on the way, closed alike)"

    level: Any = parameter("Level S; the item's base_stock_level where nothing is said", None, unit="units")
    mean: Any = parameter("Mean demand; the forecast where nothing is said, which needs a forecasting policy", None, unit="units per period")
    smoothing_time: Any = parameter("Periods T over which a gap is closed", 1.0, unit="periods", minimum=1.0)
    allow_negative: Any = parameter("Whether an order may be negative, which returns goods to an outside source", False, kind="bool")

    @classmethod
    def needs_forecast(cls, parameters: Mapping[str, Any]) -> bool:
        """Whether these parameters leave something to the forecast."""
        return parameters.get("mean") is None

    def __call__(self, view: Any) -> Any:
        mean = view.forecast if self.mean is None else self.mean
        level = view.base_stock_level if self.level is None else self.level
        return signed(mean + (level - mean - view.inventory_position) / self.smoothing_time, self.allow_negative)

    def explain(self, view: Any, answer: Any) -> tuple[Line, ...]:
        """Mean demand, level, position, gap, and the part of it that is ordered now."""
        row = OneRow(view)
        mean = row.forecast if self.mean is None else self.mean
        level, position = level_step(row, self.level, "level S"), position_step(row)
        gap = level.value - mean - position.value
        return numbers((
            Line("mean demand" + (", as forecast" if self.mean is None else ""), "", mean, "units per period"),
            level,
            position,
            Line("gap to close", f"{told(level.value)} − {told(mean)} − {told(position.value)}", gap),
            *order_steps(f"{told(mean)} + {told(gap)} / {told(self.smoothing_time)}", mean + gap / self.smoothing_time, self.allow_negative),
        ))


@register
@dataclasses.dataclass(frozen=True)
class AnchorAndAdjust(Observing):
    """What people do in the beer game: anchor on expected demand, adjust for the gap in stock, and underweight what is on order.

    Expectations start at `initial` (at the first demand where nothing is said), and are shown as the item's forecast. Up to period
    `hold_until` the order is held at `hold_order`, as the game's instructor does in the first weeks.
    """

    name = "anchor_and_adjust"
    family = "orders"
    formula = "F = θ·D + (1 − θ)·F; O = F + α·(S − inventory_level − β·on_order), at least 0"
    source = "Sterman (1989), Management Science 35(3), 321-339"
    writes = ("forecast",)
    remembers: ClassVar[Mapping[str, Memory]] = {"expected": Memory("Expected demand F"), "age": Memory("Number of demands observed so far")}

    smoothing: Any = parameter("Weight θ of the newest demand in the expectation", 0.36, unit="share", minimum=0.0, maximum=1.0)
    stock_adjustment: Any = parameter("Share α of the gap that is ordered in a period", 0.26, unit="share", minimum=0.0, maximum=1.0)
    supply_line_weight: Any = parameter("Weight β of what is on order; 1 sees all of it, 0 forgets it", 0.34, unit="share", minimum=0.0, maximum=1.0)
    target: Any = parameter("Stock S that is aimed at, with the weighted supply line", 17.0, unit="units")
    initial: Any = parameter("Expected demand before the first period; the first demand where nothing is said", None, unit="units per period")
    hold_until: Any = parameter("Last period in which the order is held; 0 for never", 0, unit="periods", minimum=0, kind="int")
    hold_order: Any = parameter("The held order; `initial` where nothing is said, and without that the expectation", None, unit="units per period")
    observe: Any = observe_parameter()

    def __call__(self, view: Any) -> Any:
        demand = observed(view, self.observe)
        age = view.memory("age")
        started = np.asarray(age) > 0.0
        before = np.where(started, view.memory("expected"), demand if self.initial is None else self.initial)
        expected = self.smoothing * demand + (1.0 - self.smoothing) * before
        if self.initial is None:
            expected = np.where(started, expected, demand)
        gap = self.target - view.inventory_level - self.supply_line_weight * view.on_order
        held = next((order for order in (self.hold_order, self.initial) if order is not None), expected)
        order = positive(np.where(view.period <= np.asarray(self.hold_until), held, expected + self.stock_adjustment * gap))
        return order, {"expected": expected, "age": age + 1.0, "forecast": expected}

    def explain(self, view: Any, answer: Any) -> tuple[Line, ...]:
        """What is expected, what is missing in stock, how much of the supply line is seen, and the part of the gap that is ordered."""
        row = OneRow(view)
        demand = observed(row, self.observe)
        started = row.memory("age") > 0.0
        first = demand if self.initial is None else self.initial
        before = row.memory("expected") if started else first
        expected = self.smoothing * demand + (1.0 - self.smoothing) * before
        formula = f"{told(self.smoothing)} × demand {told(demand)} + {told(1.0 - self.smoothing)} × {told(before)} expected before"
        if not started and self.initial is None:
            expected, formula = demand, "the first demand"
        anchor = Line("anchor: expected demand F", formula, expected, "units per period")
        held = next((order for order in (self.hold_order, self.initial) if order is not None), expected)
        if row.period <= self.hold_until:
            return numbers((anchor, Line(f"to order, held until period {told(self.hold_until)}", told(held), positive(held))))
        stock, seen = level_of_stock(row), self.supply_line_weight * row.on_order
        gap = self.target - row.inventory_level - seen
        adjusted = expected + self.stock_adjustment * gap
        return numbers((
            anchor,
            Line("stock that is aimed at, S", "", self.target),
            stock,
            Line("less what is seen of the supply line", f"{told(self.supply_line_weight)} × on order {told(row.on_order)}", seen),
            Line("gap", f"{told(self.target)} − {told(stock.value)} − {told(seen)}", gap),
            *order_steps(f"{told(expected)} + {told(self.stock_adjustment)} × {told(gap)}", adjusted, False),
        ))
