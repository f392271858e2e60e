"""Resolving disruptions to events: wildcards and names of a target become rows of a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.network.blueprint import Columns, Event
from chainwright.scenario.reach import Index

_LANE_ENDS = ("seller", "buyer", "mode")
# Which end of a lane an enterprise is, when a pause is said of the enterprise.
_END_OF_PAUSE = {"order_pause": "buyer", "shipment_pause": "seller", "transit_pause": "buyer", "receipt_pause": "buyer"}


def resolve_events(entries: Sequence[Mapping[str, Any]], index: Index, tables: Mapping[str, Columns]) -> tuple[Event, ...]:
    """The events of a scenario, in the order of the file."""
    found = []
    for entry in entries:
        kind = entry["kind"]
        target = {key: value for key, value in (entry.get("target") or {}).items() if value is not None}
        table, rows = target_rows(kind, target, index, tables)
        # Options that are not said keep the defaults of Event, which hold them in one place.
        options: dict[str, Any] = {}
        for key in ("severity", "recovery_time", "factor"):
            if entry.get(key) is not None:
                options[key] = float(entry[key])
        for key in ("recovery", "orders"):
            if entry.get(key) is not None:
                options[key] = str(entry[key])
        if options.get("recovery", "sudden") != "sudden":
            # What says nothing else takes as long to recover from as it lasted.
            options.setdefault("recovery_time", float(entry["duration"]))
        found.append(Event(kind, table, rows, int(entry["start"]), int(entry["duration"]), **options))
    return tuple(found)


def never_happening(document: Mapping[str, Any]) -> tuple[str, ...]:
    """What a scenario says of periods after its end, one sentence each."""
    horizon = document["horizon"]
    told = []
    for section, key, noun in (("disruptions", "start", "disruption"), ("interventions", "period", "intervention")):
        late = [int(entry[key]) for entry in document.get(section) or [] if entry[key] > horizon]
        if late:
            one = len(late) == 1
            which = f"the {noun} in period {late[0]:,} comes" if one else f"{len(late):,} {section}, the first in period {min(late):,}, come"
            told.append(f"{which} after the horizon of {horizon:,} periods and never happen{'s' * one}, unless more periods are played")
    return tuple(told)


def target_rows(
    kind: str, target: Mapping[str, Any], index: Index, tables: Mapping[str, Columns]
) -> tuple[str, NDArray[np.int32]]:
    """The table and the rows that a target means for a kind of event.

    Demand means customers' items; a pause means lanes (of an enterprise: those where it buys, for a shipment pause those where
    it sells); a reduction means items or lanes; a closure means enterprises, items or lanes: the table that the target's keys tell.
    """
    of_lanes = kind in _END_OF_PAUSE or any(key in target for key in _LANE_ENDS)
    if of_lanes:
        return "lanes", _lanes(kind, target, index, tables)
    enterprises = tables["enterprises"]
    if kind == "closure" and "product" not in target:
        return "enterprises", np.flatnonzero(_who(target, index)).astype(np.int32)
    wanted = _items(target, index)
    if kind == "demand":
        wanted &= (enterprises["role"] == "customer")[index.enterprise]
    return "items", np.flatnonzero(wanted).astype(np.int32)


def _named(names: Any, wanted: Any) -> NDArray[np.bool_]:
    """Which names are meant: all, by ``*`` or by silence, or the one."""
    everything = np.array(names, object)
    return np.ones(len(everything), bool) if wanted is None or wanted == "*" else np.asarray(everything == wanted, bool)


def _who(target: Mapping[str, Any], index: Index) -> NDArray[np.bool_]:
    """The enterprises that are meant: the one that is named, those that bear a tag, or all."""
    if "tag" not in target:
        return _named(index.enterprise_names, target.get("enterprise"))
    meant = np.zeros(len(index.enterprise_names), bool)
    meant[index.tags[target["tag"]]] = True
    return meant


def _items(target: Mapping[str, Any], index: Index) -> NDArray[np.bool_]:
    enterprise = _who(target, index)[index.enterprise]
    return np.asarray(enterprise & _named(index.product_names, target.get("product"))[index.product])


def _lanes(kind: str, target: Mapping[str, Any], index: Index, tables: Mapping[str, Columns]) -> NDArray[np.int32]:
    lanes = tables["lanes"]
    wanted = _named(lanes["mode"], target.get("mode"))
    wanted &= _named(index.product_names, target.get("product"))[index.product[lanes["seller"]]]
    for end in ("seller", "buyer"):
        wanted &= _named(index.enterprise_names, target.get(end))[index.enterprise[lanes[end]]]
    if "enterprise" in target or "tag" in target:
        end = _END_OF_PAUSE.get(kind, "seller")
        wanted &= _who(target, index)[index.enterprise[lanes[end]]]
    return np.flatnonzero(wanted).astype(np.int32)
