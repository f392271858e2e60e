"""A scenario resolved to columns for one run: what a world is built from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.network.structure import structure

Columns = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class PolicyChoice:
    """One policy with the rows it decides for.

    Parameters
    ----------
    policy : str
        Registered name.
    parameters : mapping
        By name; a value is a scalar, a list (for parameters of kind list), or an array with one value per row.
    rows : array of int
        Rows of ``items``: the deciding items. For ``choose_sellers`` they are the buyers, for ``allocate_stock`` the sellers.
    """

    policy: str
    parameters: Mapping[str, Any]
    rows: NDArray[np.int32]


@dataclass(frozen=True)
class Pipeline:
    """Initial contents of a pipeline: `amount[i]` on row `row[i]` is due in period `due[i]` (counted from 1)."""

    row: NDArray[np.int32]
    due: NDArray[np.int32]
    amount: NDArray[np.float64]

    @classmethod
    def empty(cls) -> Pipeline:
        """A pipeline with nothing in it."""
        return cls(np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0))


@dataclass(frozen=True)
class DrawnTime:
    """A transport time that is drawn: whole periods `values` with `probabilities` that sum to 1, for the lanes `rows`."""

    rows: NDArray[np.int32]
    values: NDArray[np.int32]
    probabilities: NDArray[np.float64]


@dataclass(frozen=True)
class Event:
    """One scheduled disruption, with its target resolved to rows of `table` (enterprises, items or lanes)."""

    kind: str  # closure, reduction, order_pause, shipment_pause, transit_pause, receipt_pause, demand
    table: str
    rows: NDArray[np.int32]
    start: int
    duration: int
    severity: float = 1.0
    recovery: str = "sudden"  # sudden, linear, exponential
    recovery_time: float = 0.0
    factor: float = 1.0  # of kind demand: what demand is multiplied by
    orders: str = "wait"  # of kind closure: orders that arrive wait, or are refused ("refuse")


@dataclass(frozen=True)
class Blueprint:
    """One run of a scenario as flat columns, in the order of the file.

    `tables` holds, for ``products, enterprises, items, lanes, recipes``, every `key` and `input` column of the schema that the
    builder does not derive, and the initial value of `state` columns that a scenario may set.
    Keys held as row numbers: ``items.enterprise, items.product, lanes.seller, lanes.buyer, recipes.item, recipes.component``.
    """

    name: str
    title: str
    period_days: float
    horizon: int
    warm_up: int
    seed: int
    tables: dict[str, Columns]
    policies: dict[str, list[PolicyChoice]]
    contents: Mapping[str, Pipeline] = field(default_factory=dict)  # name of a ring's contents -> what is on its way at the start
    drawn_times: tuple[DrawnTime, ...] = ()
    events: tuple[Event, ...] = ()
    visibility: Mapping[str, str] = field(default_factory=dict)  # column name -> visibility, where a scenario changes it
    interventions: tuple[tuple[int, Mapping[str, Any]], ...] = ()  # (period, {path: value})
    tags: Mapping[str, NDArray[np.int32]] = field(default_factory=dict)  # tag -> rows of enterprises that carry it

    def content(self, name: str) -> Pipeline:
        """What is on its way at the start under a name, such as ``in_transit``."""
        found = self.contents.get(name)
        return Pipeline.empty() if found is None else found

    @cached_property
    def structure(self) -> str:
        """A digest of all that must be equal in blueprints that lie in one union: see `chainwright.network.structure`."""
        return structure(self.tables, self.instant, [self.period_days, sorted(self.visibility.items())], self.tags)

    @cached_property
    def instant(self) -> NDArray[np.bool_]:
        """Per lane whether a transport on it can take no time."""
        found: NDArray[np.bool_] = self.tables["lanes"]["transport_time"] == 0
        for time in self.drawn_times:
            found[time.rows] = bool(np.any(time.values[time.probabilities > 0.0] == 0))
        return found

    @cached_property
    def made(self) -> NDArray[np.bool_]:
        """Per item whether somebody plans its production: it has a recipe, or a policy that plans it."""
        found = np.bincount(self.tables["recipes"]["item"], minlength=len(self.tables["items"]["enterprise"])) > 0
        for choice in self.policies.get("plan_production", []):
            # A recipe without components has no line, but somebody plans its production.
            found[choice.rows] = True
        return found
