"""Agent classes that the tests give seats to."""

from __future__ import annotations

from typing import Any

import mesa
import numpy as np

import chainwright as cw


class AsThePolicy(cw.Enterprise):
    """Overrides every decision by what the scenario's policy would decide."""

    def demand(self, item: Any) -> Any:
        return super().demand(item)

    def forecast_demand(self, item: Any) -> Any:
        return super().forecast_demand(item)

    def plan_production(self, item: Any) -> Any:
        return super().plan_production(item)

    def place_orders(self, item: Any) -> Any:
        return super().place_orders(item)

    def choose_sellers(self, lanes: Any) -> Any:
        return super().choose_sellers(lanes)

    def allocate_stock(self, lanes: Any) -> Any:
        return super().allocate_stock(lanes)


class AsThePolicyInColumns(cw.Enterprise):
    """The same, for whole columns at once."""

    @cw.columnar
    def demand(self, item: Any) -> Any:
        return super().demand(item)

    @cw.columnar
    def forecast_demand(self, item: Any) -> Any:
        return super().forecast_demand(item)

    @cw.columnar
    def plan_production(self, item: Any) -> Any:
        return super().plan_production(item)

    @cw.columnar
    def place_orders(self, item: Any) -> Any:
        return super().place_orders(item)

    @cw.columnar
    def choose_sellers(self, lanes: Any) -> Any:
        return super().choose_sellers(lanes)

    @cw.columnar
    def allocate_stock(self, lanes: Any) -> Any:
        return super().allocate_stock(lanes)


class Panicker(cw.Distributor):
    """Doubles the order whenever the shelf looks empty."""

    def place_orders(self, item: Any) -> Any:
        if item.on_hand < item.safety_stock:
            return 2 * item.forecast
        return max(item.base_stock_level - item.inventory_position, 0)


class FastPanicker(Panicker):
    """The same for whole columns."""

    @cw.columnar
    def place_orders(self, item: Any) -> Any:
        calm = np.maximum(item.base_stock_level - item.inventory_position, 0)
        return np.where(item.on_hand < item.safety_stock, 2 * item.forecast, calm)


class Nervous(cw.Enterprise):
    """Orders by chance, by memory and by what it hears: everything that a snapshot must keep."""

    def setup(self) -> None:
        self.worry = 0.0
        self.heard = 0

    def place_orders(self, item: Any) -> Any:
        self.worry = 0.9 * self.worry + item.draw("worry") + 0.1 * self.random.random() + 0.1 * self.rng.random()
        words = [message for message in self.messages if message.kind == "word"]
        self.heard += len(words)
        past = sum(entry.quantity for entry in self.ledger)
        for seller in self.sellers:
            self.send(seller, self.worry)
        return max(super().place_orders(item), 0.0) + self.worry + self.heard + 0.01 * past


class Weather(mesa.Agent):
    """An agent of Mesa that is no enterprise."""

    def step(self) -> None:
        self.fine = self.random.random() < 0.5
