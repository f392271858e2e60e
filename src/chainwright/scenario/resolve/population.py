"""Resolving a scenario whose network is generated: its population's columns, with the policies and events that the scenario says."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np

from chainwright.network.blueprint import Blueprint, Columns
from chainwright.scenario import keys
from chainwright.scenario.resolve.events import resolve_events
from chainwright.scenario.resolve.generated import Grown
from chainwright.scenario.resolve.policies import resolve_policies
from chainwright.scenario.resolve.times import shares_of_orders


def resolve_population(document: Mapping[str, Any], frame: Blueprint, grown: Grown) -> Blueprint:
    """The blueprint of a generated network.

    Parameters
    ----------
    document : mapping
        A valid document.
    frame : Blueprint
        What the document says of title, horizon and the like.
    grown : Grown
        The network.
    """
    population, index = grown.population, grown.index
    tables: dict[str, Columns] = {name: dict(columns) for name, columns in population.tables.items()}
    _complete(tables["lanes"], len(index))
    return dataclasses.replace(
        frame,
        tables=tables,
        policies=resolve_policies(document, index, tables, population.demand),
        contents={"orders_waiting": population.orders_waiting, "in_transit": population.in_transit, "in_process": population.in_process},
        events=resolve_events(keys.parts(document, "disruptions"), index, tables),
        tags=population.tags,
    )


def _complete(lanes: Columns, items: int) -> None:
    """What a generator may leave open of lanes: equal shares, and a promise of the lane's own lead time."""
    share, promised = (lanes.get(name, np.full(len(lanes["seller"]), np.nan)) for name in ("share", "promised_lead_time"))
    if np.isnan(share).any():
        lanes["share"] = shares_of_orders(share, lanes["buyer"], items)
    if np.isnan(promised).any():
        lanes["promised_lead_time"] = np.where(np.isnan(promised), lanes["order_delay"] + lanes["transport_time"], promised)
