"""The costs of a period, item by item, as the oracle charges them."""

from __future__ import annotations

from .things import Item


def charge(item: Item) -> None:
    """What an item pays at the end of a period."""
    item.holding_cost_paid = item.holding_cost * item.on_hand
    waited_for = item.backorder + sum(lane.unplaced for lane in item.selling)
    item.backorder_cost_paid = item.backorder_cost * waited_for + item.lost_sale_cost * item.lost
    item.in_transit_holding_cost_paid = sum(lane.in_transit * lane.in_transit_holding_cost for lane in item.selling)
    placed = sum(lane.ordered > lane.turned_away for lane in item.buying) + (item.production_orders > 0)
    item.ordering_cost_paid = item.ordering_cost * placed
    item.production_cost_paid = item.production_cost * item.released
    item.enterprise.cash -= total_cost(item)


def total_cost(item: Item) -> float:
    """What the item pays in this period, purchases aside."""
    kinds = ("holding", "backorder", "in_transit_holding", "ordering", "production")
    return float(sum(getattr(item, f"{kind}_cost_paid") for kind in kinds))
