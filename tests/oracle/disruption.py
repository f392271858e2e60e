"""How events act on the things of the oracle: they close, reduce, pause, and multiply demand."""

from __future__ import annotations

import math
from typing import Any

from .things import Item, Lane, Network


def intensity(event: Any, period: int) -> float:
    """How strongly an event acts: its severity while it lasts, then what recovery leaves of it."""
    if period < event.start:
        return 0.0
    after = period - (event.start + event.duration)
    if after < 0:
        return float(event.severity)
    if event.recovery == "linear" and event.recovery_time > 0:
        return max(0.0, event.severity * (1 - (after + 1) / event.recovery_time))
    if event.recovery == "exponential" and event.recovery_time > 0:
        left = event.severity * math.exp(-(after + 1) / event.recovery_time)
        return left if left >= 0.001 * event.severity else 0.0
    return 0.0


def disrupt(network: Network, events: Any, period: int) -> None:
    """Take back what events did in the period before, then let those of this period act."""
    for enterprise in network.enterprises:
        enterprise.closed = enterprise.refuses = False
    for item in network.items:
        item.capacity_factor = item.demand_factor = 1.0
        item.item_closed = item.item_refuses = False
    for lane in network.lanes:
        lane.orders_open = lane.shipments_open = lane.transit_open = lane.receipt_open = 1.0
    for event in events:
        strength = intensity(event, period)
        if strength > 0:
            fading_closure = event.kind == "closure" and period >= event.start + event.duration
            kind = "reduction" if fading_closure else event.kind
            for row in event.rows.tolist():
                act(network, event, kind, strength, row)
    show_closures(network)


def show_closures(network: Network) -> None:
    """What a closed item leaves of itself and of its lanes: nothing."""
    for item in network.items:
        if item.closed:
            item.capacity_factor = 0.0
    for lane in network.lanes:
        if lane.seller.closed:
            lane.shipments_open = 0.0
        if lane.buyer.closed:
            lane.receipt_open = 0.0


def act(network: Network, event: Any, kind: str, strength: float, row: int) -> None:
    """One event on one of its targets."""
    if event.table == "lanes":
        act_on_lane(network.lanes[row], event, kind, strength)
    elif event.table == "items":
        act_on_item(network.items[row], event, kind, strength)
    elif kind == "closure":
        enterprise = network.enterprises[row]
        enterprise.closed = True
        enterprise.refuses = enterprise.refuses or event.orders == "refuse"
    else:
        for item in network.items:
            if item.enterprise is network.enterprises[row]:
                act_on_item(item, event, kind, strength)


def act_on_item(item: Item, event: Any, kind: str, strength: float) -> None:
    if kind == "closure":
        item.item_closed = True
        item.item_refuses = item.item_refuses or event.orders == "refuse"
    elif kind == "reduction":
        item.capacity_factor *= 1 - strength
    elif kind == "demand":
        item.demand_factor *= 1 + (event.factor - 1) * strength
    else:
        raise AssertionError(f"{kind} is for lanes")


def act_on_lane(lane: Lane, event: Any, kind: str, strength: float) -> None:
    if kind == "closure":
        lane.orders_open = lane.shipments_open = 0.0
    elif kind in ("reduction", "shipment_pause"):
        lane.shipments_open *= 1 - strength
    elif kind == "order_pause":
        lane.orders_open *= 1 - strength
    elif kind == "transit_pause":
        lane.transit_open *= 1 - strength
    elif kind == "receipt_pause":
        lane.receipt_open *= 1 - strength
    else:
        raise AssertionError(f"{kind} is for items")
