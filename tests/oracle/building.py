"""A blueprint put together by hand, entry by entry, without scenario files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from chainwright.network.blueprint import Blueprint, DrawnTime, Event, Pipeline, PolicyChoice
from chainwright.state.streams import coordinate
from chainwright.words.subjects import SCHEMA

DTYPES = {"float64": np.float64, "int32": np.int32, "int64": np.int64, "uint64": np.uint64, "bool": np.bool_, "str": np.str_}
Keeper = tuple[str, str]


class Building:
    """Collects the entries of a scenario and makes a `Blueprint` of them.

    An item is named by (enterprise, product), a lane by the number that `lane` answers.
    """

    def __init__(self, name: str, horizon: int = 40) -> None:
        self.name, self.horizon = name, horizon
        self.rows: dict[str, list[dict[str, Any]]] = {table: [] for table in ("products", "enterprises", "items", "lanes", "recipes")}
        self.place: dict[Any, int] = {}
        self.policies: dict[str, list[PolicyChoice]] = {}
        self.pipelines: dict[str, list[tuple[int, int, float]]] = {"orders_waiting": [], "in_transit": [], "in_process": []}
        self.drawn_times: list[DrawnTime] = []
        self.events: list[Event] = []

    def product(self, name: str, **columns: Any) -> None:
        self.place[name] = len(self.rows["products"])
        self.rows["products"].append({"name": name, **columns})

    def enterprise(self, name: str, role: str, **columns: Any) -> None:
        self.place[name, ] = len(self.rows["enterprises"])
        self.rows["enterprises"].append({"name": name, "role": role, "coordinate": coordinate(name), **columns})

    def item(self, enterprise: str, product: str, in_process: Sequence[float] = (), **columns: Any) -> Keeper:
        keeper = enterprise, product
        row = self.place[keeper] = len(self.rows["items"])
        keys = {"enterprise": self.place[enterprise, ], "product": self.place[product], "coordinate": coordinate(enterprise, product)}
        self.rows["items"].append({**keys, **columns})
        self._wait("in_process", row, in_process)
        return keeper

    def lane(
        self, seller: str, buyer: str, product: str, orders_waiting: Sequence[float] = (), in_transit: Sequence[float] = (),
        drawn: tuple[list[int], list[float]] | None = None, **columns: Any,
    ) -> int:
        row = len(self.rows["lanes"])
        columns = {"order_delay": 0, "transport_time": 0, "mode": "", **columns}
        if drawn is not None:
            values, probabilities = np.array(drawn[0], np.int32), np.array(drawn[1])
            self.drawn_times.append(DrawnTime(np.array([row], np.int32), values, probabilities))
            columns["transport_time"] = round(float(values @ probabilities))
        ends = {"seller": self.place[seller, product], "buyer": self.place[buyer, product]}
        own = coordinate(seller, buyer, product, columns["mode"])
        promised = columns["order_delay"] + columns["transport_time"]
        self.rows["lanes"].append({**ends, "coordinate": own, "promised_lead_time": promised, **columns})
        self._wait("orders_waiting", row, orders_waiting)
        self._wait("in_transit", row, in_transit)
        return row

    def recipe(self, enterprise: str, product: str, components: dict[str, float]) -> None:
        made = self.place[enterprise, product]
        for component, quantity in components.items():
            self.rows["recipes"].append({"item": made, "component": self.place[enterprise, component], "quantity": quantity})

    def policy(self, decision: str, policy: str, keepers: Sequence[Keeper], **parameters: Any) -> None:
        """A parameter that is an array has one value per keeper."""
        rows = np.array([self.place[keeper] for keeper in keepers], np.int32)
        self.policies.setdefault(decision, []).append(PolicyChoice(policy, parameters, rows))

    def event(self, kind: str, table: str, rows: Sequence[Any], start: int, duration: int, **columns: Any) -> None:
        """Enterprises are named (name,), items by (enterprise, product), lanes by number."""
        found = [self.place.get(row, row) if table != "lanes" else row for row in rows]
        self.events.append(Event(kind, table, np.array(found, np.int32), start, duration, **columns))

    def _wait(self, pipeline: str, row: int, amounts: Sequence[float]) -> None:
        self.pipelines[pipeline] += [(row, due, amount) for due, amount in enumerate(amounts, start=1)]

    def _fill_in(self) -> None:
        """Say what a scenario file may leave unsaid: equal shares, fixed shares to all with sellers, proportional allocation."""
        lanes = self.rows["lanes"]
        buyers = [lane["buyer"] for lane in lanes]
        for lane in lanes:
            lane.setdefault("share", 1.0 / buyers.count(lane["buyer"]))
        for decision, policy, end in (("choose_sellers", "fixed_shares", "buyer"), ("allocate_stock", "proportional", "seller")):
            choices = self.policies.setdefault(decision, [])
            said = {row for choice in choices for row in choice.rows.tolist()}
            rest = sorted({lane[end] for lane in lanes} - said)
            if rest:
                choices.append(PolicyChoice(policy, {}, np.array(rest, np.int32)))
        ordering = self.policies.setdefault("place_orders", [])
        said = {row for choice in ordering for row in choice.rows.tolist()}
        roles = [enterprise["role"] for enterprise in self.rows["enterprises"]]
        passing = [row for row, item in enumerate(self.rows["items"]) if roles[item["enterprise"]] == "customer" and row not in said]
        ordering.append(PolicyChoice("pass_on", {}, np.array(passing, np.int32)))

    def _table(self, name: str) -> dict[str, np.ndarray]:
        columns = {}
        for column in SCHEMA.table(name):
            said = any(column.name in row for row in self.rows[name])
            if said or column.settable or (name == "recipes" and column.name in ("item", "component")):
                values = [row.get(column.name, column.default) for row in self.rows[name]]
                columns[column.name] = np.array(values, DTYPES[column.dtype])
        return columns

    def _pipeline(self, name: str) -> Pipeline:
        row, due, amount = zip(*self.pipelines[name], strict=True) if self.pipelines[name] else ((), (), ())
        return Pipeline(np.array(row, np.int32), np.array(due, np.int32), np.array(amount, np.float64))

    def blueprint(self) -> Blueprint:
        """All of it as columns."""
        self._fill_in()
        return Blueprint(
            name=self.name, title=self.name, period_days=7.0, horizon=self.horizon, warm_up=0, seed=1,
            tables={name: self._table(name) for name in self.rows},
            policies=self.policies,
            contents={name: self._pipeline(name) for name in ("orders_waiting", "in_transit", "in_process")},
            drawn_times=tuple(self.drawn_times),
            events=tuple(self.events),
        )
