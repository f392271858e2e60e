"""Vendor-managed inventory: the seller decides its buyers' replenishment, and plans its own with their stock and its own together."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np

from chainwright.policies.base import Looks, Policy, parameter, register
from chainwright.policies.columnwise import positive, ratio, signed
from chainwright.policies.explanation import Line, OneRow, numbers, order_steps, position_step, told


@register
@dataclasses.dataclass(frozen=True)
class VendorManaged(Policy):
    """The item's seller decides: it brings the item up to a level, of a forecast and safety stock, within a band agreed on.

    It looks at the item as its partners see it, and at its own stock. With `from_stock` it sends no more than the item's part of
    its own free stock; the parts are those of the forecasts over the lead time of all its buyers. The lane's `order_delay` is the
    time that passes between the seller's decision and its being carried out.
    """

    name = "vendor_managed"
    family = "orders"
    formula = (
        "S = forecast_lead_time + z·forecast_deviation·√L, at least the minimum and at most the maximum; O = S − inventory_position, at least 0, "
        "and from stock at most the item's part of the seller's on_hand − backorder − requirements"
    )
    source = (
        "Disney and Towill (2003), International Journal of Production Economics 85(2), 199-215; the band: Fry, Kapuscinski and Olsen (2001), "
        "Manufacturing & Service Operations Management 3(2), 151-173"
    )
    writes = ("base_stock_level", "safety_stock")
    reads_forecast = True
    decided_by = "seller"
    wants = ("inventory_position", "forecast_lead_time")

    safety_factor: Any = parameter("Safety factor z: deviations kept as safety stock", 0.0)
    minimum: Any = parameter("Least level S of the inventory position, as agreed between buyer and seller", 0.0, unit="units")
    maximum: Any = parameter("Greatest level S of the inventory position, as agreed between buyer and seller", float("inf"), unit="units")
    from_stock: Any = parameter("Whether the seller sends no more than it has free", False, kind="bool")

    @classmethod
    def looks_at(cls, parameters: Mapping[str, Any]) -> Looks:
        """The deviation only where there is a safety factor."""
        looks = super().looks_at(parameters)
        if np.any(np.asarray(parameters.get("safety_factor", 0.0)) != 0.0):
            return looks._replace(own=(*looks.own, "forecast_deviation"))
        return looks

    @classmethod
    def mistakes(cls, parameters: Mapping[str, Any]) -> list[str]:
        """A band from below to above."""
        if np.any(np.asarray(parameters.get("minimum", 0.0)) > np.asarray(parameters.get("maximum", np.inf))):
            return ["minimum lies above maximum"]
        return []

    def __call__(self, view: Any) -> Any:
        expected = view.forecast_lead_time
        safety: Any = np.where(True, 0.0, expected)
        if np.any(np.asarray(self.safety_factor) != 0.0):
            lead_time = np.asarray(view.lane.order_delay + view.lane.transport_time, dtype=np.float64)
            safety = np.where(np.asarray(self.safety_factor) != 0.0, self.safety_factor * view.forecast_deviation * np.sqrt(lead_time), 0.0)
        level = np.minimum(np.maximum(expected + safety, self.minimum), self.maximum)
        order = positive(level - view.inventory_position)
        if np.any(np.asarray(self.from_stock)):
            order = np.where(self.from_stock, np.minimum(order, self._part_of_free_stock(view, expected)), order)
        return order, {"base_stock_level": level, "safety_stock": safety}

    def explain(self, view: Any, answer: Any) -> tuple[Line, ...]:
        """Forecast, safety stock, level within the band, position, order, and what the seller has free for it."""
        row = OneRow(view)
        expected, safety, formula = row.forecast_lead_time, 0.0, ""
        if self.safety_factor != 0.0:
            lead_time = np.float64(row.lane.order_delay + row.lane.transport_time)
            safety = self.safety_factor * row.forecast_deviation * np.sqrt(lead_time)
            formula = f"safety factor {told(self.safety_factor)} × deviation {told(row.forecast_deviation)} × √{told(lead_time)}"
        level = np.minimum(np.maximum(expected + safety, self.minimum), self.maximum)
        band = f", at least {told(self.minimum)}" * bool(self.minimum > 0.0) + f", at most {told(self.maximum)}" * bool(np.isfinite(self.maximum))
        position = position_step(row)
        steps = (
            Line("forecast of the demand over the lead time, as the buyer shows it", "", expected),
            Line("plus the safety stock", formula, safety),
            Line("level S that the seller keeps the buyer at", f"{told(expected)} + {told(safety)}{band}", level),
            position,
            *order_steps(f"{told(level)} − {told(position.value)}", level - row.inventory_position, False),
        )
        if not self.from_stock:
            return numbers(steps)
        part = self._part_of_free_stock(row, expected)
        stock = f"on hand {told(row.seller.on_hand)} − backorder {told(row.seller.backorder)} − requirements {told(row.seller.requirements)}"
        order = positive(level - row.inventory_position)
        sent = np.minimum(order, part)
        return numbers((*steps, Line("the item's part of the seller's free stock", stock, part),
                        Line("to send, at most that part", f"min({told(order)}, {told(part)})", sent)))  # fmt: skip

    @staticmethod
    def _part_of_free_stock(view: Any, expected: Any) -> Any:
        """What the seller can send to the item; an outside source can send everything."""
        seller = view.seller
        free = positive(seller.on_hand - seller.backorder - seller.requirements)
        part = np.minimum(positive(ratio(expected, seller.sum_over_buyers("forecast_lead_time", by_share=True))), 1.0)
        return np.where(np.asarray(seller.unlimited, dtype=np.bool_), np.inf, free * part)


@register
@dataclasses.dataclass(frozen=True)
class VendorOrderUpTo(Policy):
    """Orders up to a level for the own stock and that of all buyers together; for a seller that manages its buyers' stock.

    The level covers the own lead time on top of the levels that the buyers are kept at. What counts is what the system holds and
    expects, not what the seller has sent to its buyers: so it plans from their demand even where it had too little to send. A
    `smoothing_time` above 1 closes only a share of the gap in a period. The forecast is best one of the buyers' demand, made with
    ``observe: demand_of_buyers``.
    """

    name = "vendor_order_up_to"
    family = "orders"
    formula = (
        "P = inventory_position + sum over buyers of (inventory_position + orders) − buyers' orders on the way; "
        "S = forecast_lead_time + z·forecast_deviation·√L + sum of the buyers' base_stock_level; O = F + (S − F − P) / T, at least 0 "
        "unless negative orders are allowed"
    )
    source = (
        "Disney and Towill (2003), International Journal of Production Economics 85(2), 199-215 (with both gaps, of stock and of orders on the "
        "way, closed alike, and the buyers' levels in place of the changes of their reorder points)"
    )
    writes = ("base_stock_level", "safety_stock")
    reads_forecast = True
    wants_of_buyers = ("inventory_position", "orders", "base_stock_level")

    safety_factor: Any = parameter("Safety factor z: deviations kept as safety stock, over the own lead time", 0.0)
    buyers_level: Any = parameter("Level of all buyers together; the sum of their base_stock_level where nothing is said", None, unit="units")
    smoothing_time: Any = parameter("Periods T over which a gap is closed", 1.0, unit="periods", minimum=1.0)
    allow_negative: Any = parameter("Whether an order may be negative, which returns goods to an outside source", False, kind="bool")

    @classmethod
    def looks_at(cls, parameters: Mapping[str, Any]) -> Looks:
        """The buyers' levels only where they are not said."""
        looks = super().looks_at(parameters)
        if parameters.get("buyers_level") is not None:
            return looks._replace(of_buyers=tuple(name for name in looks.of_buyers if name != "base_stock_level"))
        return looks

    def __call__(self, view: Any) -> Any:
        safety = self.safety_factor * view.forecast_deviation * np.sqrt(view.lead_time)
        own_level = view.forecast_lead_time + safety
        kept_for_buyers = view.sum_over_buyers("base_stock_level", by_share=True) if self.buyers_level is None else self.buyers_level
        at_buyers = view.sum_over_buyers("inventory_position", by_share=True) + view.sum_over_buyers("orders", by_share=True)
        position = view.inventory_position + at_buyers - view.orders_on_the_way()
        gap = own_level + kept_for_buyers - view.forecast - position
        order = signed(view.forecast + gap / self.smoothing_time, self.allow_negative)
        return order, {"base_stock_level": own_level, "safety_stock": safety}

    def explain(self, view: Any, answer: Any) -> tuple[Line, ...]:
        """The own level and the buyers', what the system holds and expects, the gap, and the part of it that is ordered."""
        row = OneRow(view)
        safety = self.safety_factor * row.forecast_deviation * np.sqrt(row.lead_time)
        expected, forecast = row.forecast_lead_time, row.forecast
        own_level = expected + safety
        kept = row.sum_over_buyers("base_stock_level", by_share=True) if self.buyers_level is None else self.buyers_level
        held, ordered = row.sum_over_buyers("inventory_position", by_share=True), row.sum_over_buyers("orders", by_share=True)
        on_the_way = row.orders_on_the_way()
        position = row.inventory_position + (held + ordered) - on_the_way
        gap = own_level + kept - forecast - position
        system = (
            f"own position {told(row.inventory_position)} + buyers' position {told(held)} + their orders {told(ordered)} "
            f"− on the way here {told(on_the_way)}"
        )
        factor = f"safety factor {told(self.safety_factor)} × deviation {told(row.forecast_deviation)} × √{told(row.lead_time)}"
        return numbers((
            Line("forecast of the demand over the own lead time", "", expected),
            Line("plus the safety stock", factor, safety),
            Line("plus the level that the buyers are kept at", "", kept),
            Line("level S of the whole system", f"{told(own_level)} + {told(kept)}", own_level + kept),
            Line("less the position of the whole system", system, position),
            Line("forecast of one period", "", forecast, "units per period"),
            Line("gap to close", f"{told(own_level + kept)} − {told(forecast)} − {told(position)}", gap),
            *order_steps(f"{told(forecast)} + {told(gap)} / {told(self.smoothing_time)}", forecast + gap / self.smoothing_time, self.allow_negative),
        ))
