"""Checks disruptions, interventions and variants, each entry alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chainwright.scenario import keys
from chainwright.scenario.check import rules_of_keys
from chainwright.scenario.check.entries import check_known, check_labels, rows, section
from chainwright.scenario.check.findings import Findings, Sound
from chainwright.scenario.check.rules import shown, suggestion_for
from chainwright.scenario.documents import Path_
from chainwright.scenario.paths import split_path
from chainwright.scenario.resolve.events import target_rows
from chainwright.words.errors import UsageError

SETTING = "such as lanes.*.transport_time"


def check_disruptions(findings: Findings, sound: Sound) -> None:
    """The disruptions: their options and the names in their targets."""
    for number, row in enumerate(rows(findings, "disruptions")):
        path: Path_ = ("disruptions", number)
        values = findings.entry(path, row, rules_of_keys.EVENT, ("kind", "target", "start", "duration"))
        if not isinstance(row, Mapping):
            continue
        kind = row.get("kind")
        if kind in keys.EVENT_KINDS:
            if kind == "demand" and "factor" not in row:
                findings.add(path, "'factor' is missing: what demand is multiplied by", value=False)
            for key, only in (("factor", "demand"), ("orders", "closure")):
                if key in row and kind != only:
                    findings.add((*path, key), f"is for disruptions of kind {only}, not for {kind}", value=False)
        if kind in ("order_pause", "transit_pause", "receipt_pause"):
            # Orders and goods on their way stop or go on; there is no half of it.
            if row.get("severity", 1.0) != 1.0:
                findings.add((*path, "severity"), f"a disruption of kind {kind!r} is whole or not at all; expected 1, or kind: shipment_pause")
            if row.get("recovery", "sudden") != "sudden":
                findings.add((*path, "recovery"), f"a disruption of kind {kind!r} ends at once; expected sudden, or a longer duration")
        if kind == "closure" and row.get("severity", 1.0) != 1.0:
            findings.add((*path, "severity"), "a closure is whole or not at all; expected 1, or kind: reduction")
        if "recovery_time" in row and row.get("recovery", "sudden") == "sudden":
            message = "a sudden recovery takes no time; expected `recovery: linear` or `exponential` beside it"
            findings.add((*path, "recovery_time"), message, value=False)
        target = row.get("target")
        if isinstance(target, Mapping):
            _target(findings, sound, (*path, "target"), target, kind if values is not None else None)


def _target(findings: Findings, sound: Sound, path: Path_, target: Mapping[str, Any], kind: Any) -> None:
    before = len(findings.mistakes)
    values = findings.entry(path, target, rules_of_keys.TARGET) or {}
    if not target:
        findings.add(path, 'names nothing; expected {enterprise: name}, {seller: name, buyer: name} or the like, "*" for all')
    for key, name in values.items():
        if key == "tag" and name not in sound.tags and "enterprises" not in sound.unsure:
            findings.unknown((*path, key), "tag", name, sorted(sound.tags))
        elif name != "*" and key not in ("mode", "tag"):
            check_known(findings, sound, (*path, key), "product" if key == "product" else "enterprise", name)
    ends = [key for key in ("seller", "buyer", "mode") if key in target]
    for who in ("enterprise", "tag"):
        if who in target and ends:
            what = "means an enterprise" if who == "enterprise" else "means enterprises"
            findings.add((*path, who), f"{what}, but {ends[0]!r} beside it means lanes; expected one or the other", value=False)
    if "enterprise" in target and "tag" in target:
        findings.add((*path, "tag"), "means enterprises, and one is named beside it; expected one or the other", value=False)
    if len(findings.mistakes) > before or kind is None:
        return
    if kind == "demand" and ends:
        findings.add(path, "demand is of customers: expected {enterprise: name}, perhaps with a product")
    elif kind == "demand" and sound.enterprises.get(target.get("enterprise", "*"), "customer") not in ("customer", ""):
        findings.add((*path, "enterprise"), f"{target['enterprise']} is no customer, so it has no demand of its own")
    elif ends and all(sound.certain(target.get(end, "*")) for end in ends) and not _any_lane(sound, target, kind):
        findings.add(path, "no lane is like this")


def _any_lane(sound: Sound, target: Mapping[str, Any], kind: str) -> bool:
    """Whether some lane is meant by a target."""
    if sound.grown is not None:
        return bool(len(target_rows(kind, target, sound.grown.index, sound.grown.population.tables)[1]))
    return any(_meant(target, lane) for _, lane in sound.lanes)


def _meant(target: Mapping[str, Any], lane: Mapping[str, Any]) -> bool:
    return all(name in ("*", lane.get(key, "")) for key, name in target.items())


def check_interventions(findings: Findings, sound: Sound) -> None:
    """The interventions: their periods, and the spelling of their paths."""
    for number, row in enumerate(rows(findings, "interventions")):
        path: Path_ = ("interventions", number)
        findings.entry(path, row, rules_of_keys.INTERVENTION, ("period", "set"))
        changes = row.get("set") if isinstance(row, Mapping) else None
        if isinstance(changes, Mapping):
            if not changes:
                findings.add((*path, "set"), f"sets nothing; expected {{path: value}}, {SETTING}")
            for setting in changes:
                _setting(findings, (*path, "set", setting), setting)


def check_variants(findings: Findings, sound: Sound) -> None:
    """The variants: the spelling of their paths."""
    check_labels(findings, "variant", {name: ("variants", name) for name in section(findings, "variants")})
    for name, changes in section(findings, "variants").items():
        path: Path_ = ("variants", name)
        if not isinstance(changes, Mapping):
            findings.add(path, f"expected {{path: value}}, {SETTING}, got {shown(changes)}")
            continue
        for setting in changes:
            _setting(findings, (*path, setting), setting)


def _setting(findings: Findings, path: Path_, setting: str) -> None:
    try:
        head = split_path(setting)[0]
    except UsageError as error:
        findings.add(path, str(error), value=False)
        return
    if head not in rules_of_keys.TOP:
        findings.add(path, f"leads nowhere: a scenario has no {head!r}{suggestion_for(head, rules_of_keys.TOP)}", value=False)
