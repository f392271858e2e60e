"""A subject of the tests' own with a decision of each kind: stations of items, and jobs that stand before them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from chainwright.network.blueprint import Blueprint, PolicyChoice
from chainwright.policies.base import Memory, Policy, parameter, register
from chainwright.policies.columnwise import ratio
from chainwright.state.streams import coordinate
from chainwright.words.declarations import By, Decision, Shown, Subject, TableShape
from chainwright.words.schema import Column
from chainwright.words.subjects import declare
from tests.declared.undone import undone

KEY, NUMBER = ("key", "own"), ("state", "own")
TABLES = (
    TableShape(
        "stations", "station", "One row per station.", keys={"item": "items", "run": "runs"}, identity=("item", "label"),
        order=(By("place", "item"), By("text", "label")), named=("item", "label"), owner={"": "item.enterprise"}, together="item",
    ),
    TableShape(
        "jobs", "job", "One row per job.", keys={"station": "stations", "run": "runs"}, identity=("station", "label"),
        order=(By("place", "station"), By("text", "label")), named=("station", "label"), owner={"": "station.item.enterprise"},
        together="station",
    ),
)  # fmt: skip


def _columns() -> Iterator[Column]:
    for table, key, of in (("stations", "item", "items"), ("jobs", "station", "stations")):
        yield Column(table, key, "int32", f"row of {of}", None, "key", "own", "Where it stands")
        yield Column(table, "label", "str", "-", "", "key", "own", "What it is called")
        yield Column(table, "run", "int32", "row of runs", None, "key", "own", "The run that it belongs to")
        yield Column(table, "coordinate", "uint64", "-", None, "key", "own", "Its coordinate in draws")
    yield Column("stations", "rate", "float64", "-", 1.0, "state", "own", "Jobs per period", initial=True)
    yield Column("jobs", "size", "float64", "-", 1.0, "state", "own", "Work in it", initial=True)
    yield Column("jobs", "price", "float64", "money", 5.0, "state", "own", "What it pays", initial=True)
    yield Column("jobs", "hours", "float64", "hours", 8.0, "state", "own", "How long it may take", initial=True)


def _every(table: str) -> Any:
    return lambda tables, made: np.arange(len(tables[table]["label"]), dtype=np.int32)


_JOBS: dict[str, Any] = {"table": "jobs", "keyed": "stations", "via": "station", "group": "station", "concerned": _every("stations")}
DECISIONS = (
    Decision("set_rate", "Jobs per period of a station.", "stations", "number", "rates", outcome="rate", concerned=_every("stations")),
    Decision(
        "dispatch_jobs", "Which job of a station comes first.", answer="rank", family="dispatching", asked="group", clock="step",
        shows=(Shown("urgency", "-", "How urgent a job is"),), **_JOBS,
    ),
    Decision("share_crew", "Rank and weight of a station's jobs.", answer="rank_and_weight", family="crews", asked="group", **_JOBS),
    Decision("stop_station", "Whether a station stops.", "stations", "truth", "stopping", concerned=_every("stations")),
    Decision(
        "bid_for_job", "Price and hours of a job.", "jobs", "terms", "bids", terms=("price", "hours"), least=-1.0, concerned=_every("jobs"),
    ),
)  # fmt: skip


class _Card(Policy):
    formula = "as it says"
    source = "the tests"


@dataclasses.dataclass(frozen=True)
class Faster(_Card):
    """A station's rate, raised by so much each time it is asked."""

    name = "faster"
    family = "rates"
    remembers = {"times": Memory("how often it was asked")}
    by: float = parameter("By how much", 1.0)

    def __call__(self, view: Any) -> Any:
        times = view.memory("times") + 1.0
        return view.rate + self.by * times, {"times": times}


@dataclasses.dataclass(frozen=True)
class ShortestFirst(_Card):
    """The shortest job first, weighed by its urgency."""

    name = "shortest_first"
    family = "dispatching"
    urgent: float = parameter("What urgency counts", 1.0)

    def __call__(self, view: Any) -> Any:
        return view.size - self.urgent * view.urgency


@dataclasses.dataclass(frozen=True)
class ByLot(_Card):
    """Whichever job the lot falls on."""

    name = "by_lot"
    family = "dispatching"

    def __call__(self, view: Any) -> Any:
        return view.draw("lot") + 0.0 * view.step


@dataclasses.dataclass(frozen=True)
class BySize(_Card):
    """Each job's part of the work before its station."""

    name = "by_size"
    family = "crews"

    def __call__(self, view: Any) -> Any:
        return 0.0 * view.size, ratio(view.size, view.total(view.size))


@dataclasses.dataclass(frozen=True)
class StopsAbove(_Card):
    """Stops where the rate is above a limit."""

    name = "stops_above"
    family = "stopping"
    limit: float = parameter("The limit")

    def __call__(self, view: Any) -> Any:
        return view.rate > self.limit


@dataclasses.dataclass(frozen=True)
class Undercuts(_Card):
    """A price below the one that stands; breaks off below 2."""

    name = "undercuts"
    family = "bids"
    by: float = parameter("By how much", 1.0)

    def __call__(self, view: Any) -> Any:
        return {"price": np.where(view.price - self.by < 2.0, np.nan, view.price - self.by)}


POLICIES = (Faster, ShortestFirst, ByLot, BySize, StopsAbove, Undercuts)


def with_workshop(blueprint: Blueprint, policies: dict[str, list[PolicyChoice]] | None = None) -> Blueprint:
    """A blueprint with two stations for each item that is not a customer's, in no order, and three jobs before each."""
    items = blueprint.tables["items"]
    own = np.flatnonzero(blueprint.tables["enterprises"]["role"][items["enterprise"]] != "customer").astype(np.int32)[::-1]
    item = np.concatenate([own, own])
    label = np.array(["saw"] * len(own) + ["lathe"] * len(own), object)
    station = np.tile(np.arange(len(item), dtype=np.int32), 3)
    job = np.repeat(np.array(["c", "a", "b"], object), len(item))
    stations = {"item": item, "label": label, "rate": 1.0 + np.arange(len(item)), "coordinate": _coordinates(len(item), "station")}
    jobs = {"station": station, "label": job, "coordinate": _coordinates(len(job), "job")}
    jobs |= {"size": np.array([3.0, 1.0, 2.0])[np.arange(len(job)) // len(item)], "price": 2.0 + np.arange(len(job)) % 4}
    tables = {**blueprint.tables, "stations": stations, "jobs": jobs}
    return dataclasses.replace(blueprint, tables=tables, policies={**blueprint.policies, **(policies or {})})


def _coordinates(rows: int, name: str) -> Any:
    return np.array([coordinate(name, str(row)) for row in range(rows)], np.uint64)


@contextmanager
def workshop() -> Iterator[None]:
    """The subject and its policies are known within."""
    with undone():
        declare(Subject("workshop", "Stations and jobs.", tables=TABLES, columns=tuple(_columns()), decisions=DECISIONS, trial=with_workshop))
        for policy in POLICIES:
            register(policy)
        yield
