"""The phase `disrupt`: events start, act, fade and end; they change what is open, what capacity is left and what is demanded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.phases.ground import Floats, Ground

# An exponential recovery is over when this share of its severity is left.
RECOVERED = 0.001


def intensity(event: Any, period: int) -> float:
    """How strongly an event acts in a period: its severity while it lasts, then fading as its recovery says.

    Examples
    --------
    >>> from types import SimpleNamespace as Event
    >>> closure = Event(start=3, duration=2, severity=1.0, recovery="linear", recovery_time=4)
    >>> [intensity(closure, period) for period in range(2, 10)]
    [0.0, 1.0, 1.0, 0.75, 0.5, 0.25, 0.0, 0.0]
    """
    if period < event.start:
        return 0.0
    after = period - (event.start + event.duration) + 1
    if after <= 0:
        return float(event.severity)
    if event.recovery == "linear" and event.recovery_time > 0:
        return float(event.severity * max(0.0, 1.0 - after / event.recovery_time))
    if event.recovery == "exponential" and event.recovery_time > 0:
        left = float(np.exp(-after / event.recovery_time))
        return float(event.severity * left) if left >= RECOVERED else 0.0
    return 0.0


class Events:
    """The scheduled events of a world, their targets as rows of the union.

    Parameters
    ----------
    scheduled : sequence of (event, rows)
        Each event with its rows, of ``enterprises``, ``items`` or ``lanes`` as the event says.
    items, lanes : int
        Number of rows.
    """

    def __init__(self, scheduled: Sequence[tuple[Any, NDArray[Any]]], items: int, lanes: int) -> None:
        self.scheduled = list(scheduled)
        self.shut_items = np.zeros(items, np.bool_)
        self.seller_shut = np.zeros(lanes, np.bool_)
        self.refused = np.zeros(lanes)
        self.touched = False

    def keep(self) -> dict[str, Any]:
        """Whether anything acts, for a snapshot."""
        return {"touched": self.touched}

    def restore(self, world: Ground, kept: Mapping[str, Any], sources: Mapping[str, NDArray[Any]]) -> None:
        """Go on from what was kept."""
        self.touched = kept["touched"]

    def disrupt(self, world: Ground) -> None:
        """Set every factor anew from the events that act in this period."""
        active = [(event, rows, strength) for event, rows in self.scheduled if (strength := intensity(event, world.period)) > 0.0]
        if active or self.touched:
            self._open_everything(world)
            self.refused.fill(0.0)
        for event, rows, strength in active:
            self._act(world, event, rows, strength)
        # In the period after the last event everything is as if nothing had been.
        self.touched = world.disturbed = bool(active)

    def _open_everything(self, world: Ground) -> None:
        items, lanes = world.items, world.lanes
        for column in (items.capacity_factor, items.demand_factor, lanes.orders_open, lanes.shipments_open, lanes.transit_open, lanes.receipt_open):
            column.fill(1.0)
        for flag in (world.enterprises.closed, lanes.refusing, self.shut_items, self.seller_shut):
            flag.fill(False)

    def _act(self, world: Ground, event: Any, rows: NDArray[Any], strength: float) -> None:
        items, lanes = world.items, world.lanes
        left = 1.0 - strength
        if event.kind == "demand":
            items.demand_factor[rows] *= 1.0 + (event.factor - 1.0) * strength
        elif event.kind == "closure" and world.period < event.start + event.duration:
            self._close(world, event, rows)
        elif event.kind in ("reduction", "closure"):
            # What remains of a closure that is being overcome is a reduction.
            if event.table == "lanes":
                lanes.shipments_open[rows] *= left
            else:
                items.capacity_factor[_items_of(world, event, rows)] *= left
        else:
            column = {
                "order_pause": lanes.orders_open,
                "shipment_pause": lanes.shipments_open,
                "transit_pause": lanes.transit_open,
                "receipt_pause": lanes.receipt_open,
            }[event.kind]
            column[rows] *= left

    def _close(self, world: Ground, event: Any, rows: NDArray[Any]) -> None:
        """A closed enterprise places, releases, ships and receives nothing; its order book stays open."""
        items, lanes = world.items, world.lanes
        if event.table == "lanes":
            lanes.orders_open[rows] = 0.0
            lanes.shipments_open[rows] = 0.0
            return
        if event.table == "enterprises":
            world.enterprises.closed[rows] = True
        closed = np.zeros(items.rows, np.bool_)
        closed[_items_of(world, event, rows)] = True
        self.shut_items |= closed
        items.capacity_factor[closed] = 0.0
        selling, buying = closed[lanes.seller], closed[lanes.buyer]
        self.seller_shut |= selling
        lanes.shipments_open[selling] = 0.0
        lanes.receipt_open[buying] = 0.0
        if event.orders == "refuse":
            lanes.refusing |= selling

    def refuse(self, world: Ground, sold: slice, seen: Floats) -> Floats:
        """Orders that reach a closed seller who refuses them are lost; gives those that are seen."""
        refused = np.where(world.lanes.refusing[sold], seen, 0.0)
        self.refused[sold] = refused
        world.lanes.lost[sold] += refused
        return seen - refused


def _items_of(world: Ground, event: Any, rows: NDArray[Any]) -> NDArray[Any]:
    if event.table == "enterprises":
        return np.flatnonzero(np.isin(world.items.enterprise, rows))
    return rows


def disrupt(world: Ground) -> None:
    """Events act before everything else in a period."""
    world.events.disrupt(world)
