"""Checks each entry of a scenario alone: its keys, its values, and the names it uses."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from chainwright.scenario import keys, models
from chainwright.scenario.findings import Findings, Sound
from chainwright.scenario.models import Rule, problem, shown, unknown_key
from chainwright.scenario.paths import split_path
from chainwright.scenario.reading import Path_
from chainwright.words.columns import ROLES, SCHEMA
from chainwright.words.errors import UsageError, nearest

VERSION = 1
# Words that would read as something else where names stand.
_RESERVED = {"enterprise": "default", "product": "policy"}
_SIGNS = re.compile(r"[*>\"'\x00-\x1f]")
SETTING = "such as lanes.*.transport_time"


def check_top(findings: Findings, sound: Sound) -> None:
    """The keys of the file itself, and the sections that are not lists of things."""
    data = findings.document.data
    for key in data:
        if key not in models.TOP:
            findings.add((key,), unknown_key(key, models.TOP), value=False)
    misspelt = {nearest(key, models.TOP) or nearest(key.lower(), models.TOP) for key in data if key not in models.TOP}
    sound.unsure |= {section for section in models.TOP if section in misspelt and section not in data}
    for key, example in (("chainwright", "chainwright: 1"), ("horizon", "horizon: 52"), ("products", "products: {beer: {}}"), ("enterprises", "")):
        if key not in data and key not in misspelt:
            findings.add((), f"{key!r} is missing" + (f"; expected for example `{example}`" if example else ""))
    version = data.get("chainwright", VERSION)
    if isinstance(version, bool) or version != VERSION:
        findings.add(("chainwright",), f"expected {VERSION}, the version of the file's format, got {shown(version)}")
    period = data.get("period", "day")
    if isinstance(period, str) and period not in keys.DAYS_OF_PERIOD:
        near = nearest(period, keys.DAYS_OF_PERIOD)
        hint = f"; did you mean {near!r}?" if near else ""
        findings.add(("period",), f"expected {', '.join(keys.DAYS_OF_PERIOD)} or a number of days, got {shown(period)}{hint}")
    elif not isinstance(period, str) and problem(Rule("number", minimum=0.0, above=True), period):
        findings.add(("period",), f"expected {', '.join(keys.DAYS_OF_PERIOD)} or a number of days above 0, got {shown(period)}")
    for key, rule in models.TOP.items():
        if key in data and (wrong := problem(rule, data[key])):
            findings.add((key,), wrong)
            sound.unsure.add(key)
    horizon, warm_up = data.get("horizon"), data.get("warm_up", 0)
    if not problem(models.TOP["horizon"], horizon) and not problem(models.TOP["warm_up"], warm_up) and warm_up >= horizon:
        findings.add(("warm_up",), f"expected less than the horizon of {horizon} periods, got {shown(warm_up)}")
    if isinstance(data.get("population"), Mapping) and data["population"]:
        findings.add(("population",), "generated populations are not known to this version; leave the section out", value=False)
    for name, value in _section(findings, "visibility").items():
        path: Path_ = ("visibility", name)
        columns = [column.name for column in SCHEMA.table("items")]
        if name not in columns:
            findings.unknown(path, "column of items", name, columns, value=False)
        elif wrong := problem(models.VISIBILITY, value):
            findings.add(path, wrong)


def _section(findings: Findings, name: str) -> Mapping[str, Any]:
    found = findings.document.data.get(name)
    return found if isinstance(found, Mapping) else {}


def _rows(findings: Findings, name: str) -> list[Any]:
    found = findings.document.data.get(name)
    return found if isinstance(found, list) else []


def _check_name(findings: Findings, path: Path_, noun: str, name: str) -> None:
    if name == _RESERVED[noun]:
        findings.add(path, f"{'an' if noun == 'enterprise' else 'a'} {noun} cannot be called {name!r}, a word that policies need", value=False)
    elif _SIGNS.search(name) or name != name.strip():
        findings.add(path, f"cannot be a name: {shown(name)} holds *, > or a quote, which paths need, or has a space at an end", value=False)


def check_products(findings: Findings, sound: Sound) -> None:
    """The products and their columns."""
    for name, entry in _section(findings, "products").items():
        path: Path_ = ("products", name)
        _check_name(findings, path, "product", name)
        sound.products[name] = findings.entry(path, entry, models.PRODUCT) or {}


def check_enterprises(findings: Findings, sound: Sound) -> None:
    """The enterprises, their items, and the demand of customers' items."""
    enterprises = _section(findings, "enterprises")
    if not enterprises and isinstance(findings.document.data.get("enterprises"), Mapping):
        findings.add(("enterprises",), "there is no enterprise")
    for name, entry in enterprises.items():
        path: Path_ = ("enterprises", name)
        _check_name(findings, path, "enterprise", name)
        before = len(findings.mistakes)
        values = findings.entry(path, entry, models.ENTERPRISE, ("role",))
        role = entry.get("role") if isinstance(entry, Mapping) else None
        sound.enterprises[name] = role if role in ROLES else ""
        if len(findings.mistakes) > before or values is None:
            sound.doubtful.add(name)
        if isinstance(entry, Mapping):
            _attributes(findings, path, entry)
        items = entry.get("items") if isinstance(entry, Mapping) else None
        for product, item in items.items() if isinstance(items, Mapping) else ():
            place = (*path, "items", product)
            before = len(findings.mistakes)
            if not sound.knows_product(product):
                findings.unknown(place, "product", product, sound.products, value=False)
            else:
                sound.items[name, product] = findings.entry(place, item, models.ITEM) or {}
                if isinstance(item, Mapping) and "demand" in item:
                    sound.demands.add((name, product))
            if len(findings.mistakes) > before:
                sound.doubtful.add(name)


def _attributes(findings: Findings, path: Path_, entry: Mapping[str, Any]) -> None:
    """What a drawing or another program knows of an entry: any names, with plain values."""
    attributes = entry.get("attributes")
    for key, value in attributes.items() if isinstance(attributes, Mapping) else ():
        if isinstance(value, float) and not math.isfinite(value):
            findings.add((*path, "attributes", key), f"{shown(value)} is not a finite number")


def _check_known(findings: Findings, sound: Sound, path: Path_, noun: str, name: Any) -> None:
    """A name of an enterprise or a product that stands at a path."""
    if noun == "product":
        if not sound.knows_product(name):
            findings.unknown(path, noun, name, sound.products)
    elif not sound.knows_enterprise(name):
        findings.unknown(path, noun, name, sound.enterprises)


def check_lanes(findings: Findings, sound: Sound) -> None:
    """The lanes: their columns, their ends, their times."""
    needed = ("seller", "buyer", "product")
    for number, row in enumerate(_rows(findings, "lanes")):
        path: Path_ = ("lanes", number)
        before = len(findings.mistakes)
        values = findings.entry(path, row, models.LANE, needed)
        if not isinstance(row, Mapping):
            sound.all_doubtful = True
            continue
        for end, noun in (("seller", "enterprise"), ("buyer", "enterprise"), ("product", "product")):
            name = row.get(end)
            if isinstance(name, str) and name:
                _check_known(findings, sound, (*path, end), noun, name)
        if values is not None and values["seller"] == values["buyer"]:
            findings.add((*path, "buyer"), f"seller and buyer are both {values['buyer']!r}; expected two enterprises")
            sound.all_doubtful = True
        if isinstance(row.get("transport_time"), Mapping):
            check_drawn_time(findings, (*path, "transport_time"), row["transport_time"])
        _attributes(findings, path, row)
        if len(findings.mistakes) == before and values is not None and {values["seller"], values["buyer"]} <= sound.enterprises.keys():
            sound.lanes.append((number, values))
        else:
            sound.doubt(row.get("seller"))
            sound.doubt(row.get("buyer"))


def check_drawn_time(findings: Findings, path: Path_, entry: Mapping[str, Any]) -> None:
    """A transport time that is drawn each time."""
    name = entry.get("distribution")
    if "distribution" not in entry:
        findings.add(path, f"'distribution' is missing; expected one of {', '.join(models.DRAWN)}")
        return
    if not isinstance(name, str) or name not in models.DRAWN:
        findings.add((*path, "distribution"), str(problem(Rule("choice", choices=tuple(models.DRAWN), noun="distribution"), name)))
        return
    rules = {"distribution": Rule("text"), **models.DRAWN[name]}
    values = findings.entry(path, entry, rules, tuple(rules))
    if values is None:
        return
    if name == "uniform" and values["low"] > values["high"]:
        findings.add((*path, "high"), f"expected at least low, which is {shown(values['low'])}, got {shown(values['high'])}")
    elif name == "discrete":
        times, chances = values["values"], values["probabilities"]
        for time in times:
            if wrong := problem(Rule("whole", 0, models.LONGEST_DELAY), time):
                findings.add((*path, "values"), wrong)
        if len(times) != len(chances) or not times:
            findings.add((*path, "probabilities"), f"expected one probability for each of the {len(times)} values, got {len(chances)}")
        elif abs(math.fsum(chances) - 1.0) > 1e-6:
            findings.add((*path, "probabilities"), f"the probabilities sum to {math.fsum(chances):.6g}, expected 1")


def check_recipes(findings: Findings, sound: Sound) -> None:
    """The recipes: who makes what, of which components."""
    for number, row in enumerate(_rows(findings, "recipes")):
        path: Path_ = ("recipes", number)
        before = len(findings.mistakes)
        values = findings.entry(path, row, models.RECIPE, ("enterprise", "product"))
        if not isinstance(row, Mapping):
            sound.all_doubtful = True
            continue
        for end in ("enterprise", "product"):
            name = row.get(end)
            if isinstance(name, str) and name:
                _check_known(findings, sound, (*path, end), end, name)
        components = row.get("components")
        for component, quantity in components.items() if isinstance(components, Mapping) else ():
            place = (*path, "components", component)
            if not sound.knows_product(component):
                findings.unknown(place, "product", component, sound.products, value=False)
            elif wrong := problem(models.QUANTITY, quantity):
                findings.add(place, wrong)
        if len(findings.mistakes) == before and values is not None and values["enterprise"] in sound.enterprises:
            sound.recipes.append((number, values))
        else:
            sound.doubt(row.get("enterprise"))


def check_disruptions(findings: Findings, sound: Sound) -> None:
    """The disruptions: their options and the names in their targets."""
    for number, row in enumerate(_rows(findings, "disruptions")):
        path: Path_ = ("disruptions", number)
        values = findings.entry(path, row, models.EVENT, ("kind", "target", "start", "duration"))
        if not isinstance(row, Mapping):
            continue
        kind = row.get("kind")
        if kind in keys.EVENT_KINDS:
            if kind == "demand" and "factor" not in row:
                findings.add(path, "'factor' is missing: what demand is multiplied by", value=False)
            for key, only in (("factor", "demand"), ("orders", "closure")):
                if key in row and kind != only:
                    findings.add((*path, key), f"is for disruptions of kind {only}, not for {kind}", value=False)
        if "recovery_time" in row and row.get("recovery", "sudden") == "sudden":
            message = "a sudden recovery takes no time; expected `recovery: linear` or `exponential` beside it"
            findings.add((*path, "recovery_time"), message, value=False)
        target = row.get("target")
        if isinstance(target, Mapping):
            _target(findings, sound, (*path, "target"), target, kind if values is not None else None)


def _target(findings: Findings, sound: Sound, path: Path_, target: Mapping[str, Any], kind: Any) -> None:
    before = len(findings.mistakes)
    values = findings.entry(path, target, models.TARGET) or {}
    if not target:
        findings.add(path, 'names nothing; expected {enterprise: name}, {seller: name, buyer: name} or the like, "*" for all')
    for key, name in values.items():
        if name != "*" and key != "mode":
            _check_known(findings, sound, (*path, key), "product" if key == "product" else "enterprise", name)
    ends = [key for key in ("seller", "buyer", "mode") if key in target]
    if "enterprise" in target and ends:
        findings.add((*path, "enterprise"), f"means an enterprise, but {ends[0]!r} beside it means lanes; expected one or the other", value=False)
    if len(findings.mistakes) > before or kind is None:
        return
    if kind == "demand" and ends:
        findings.add(path, "demand is of customers: expected {enterprise: name}, perhaps with a product")
    elif kind == "demand" and sound.enterprises.get(target.get("enterprise", "*"), "customer") not in ("customer", ""):
        findings.add((*path, "enterprise"), f"{target['enterprise']} is no customer, so it has no demand of its own")
    elif ends and all(sound.certain(target.get(end, "*")) for end in ends) and not any(_meant(target, lane) for _, lane in sound.lanes):
        findings.add(path, "no lane is like this")


def _meant(target: Mapping[str, Any], lane: Mapping[str, Any]) -> bool:
    return all(name in ("*", lane.get(key, "")) for key, name in target.items())


def check_interventions(findings: Findings, sound: Sound) -> None:
    """The interventions: their periods, and the spelling of their paths."""
    for number, row in enumerate(_rows(findings, "interventions")):
        path: Path_ = ("interventions", number)
        findings.entry(path, row, models.INTERVENTION, ("period", "set"))
        changes = row.get("set") if isinstance(row, Mapping) else None
        if isinstance(changes, Mapping):
            if not changes:
                findings.add((*path, "set"), f"sets nothing; expected {{path: value}}, {SETTING}")
            for setting in changes:
                _setting(findings, (*path, "set", setting), setting)


def check_variants(findings: Findings, sound: Sound) -> None:
    """The variants: the spelling of their paths."""
    for name, changes in _section(findings, "variants").items():
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
    if head not in models.TOP:
        findings.add(path, f"leads nowhere: a scenario has no {head!r}{models.suggestion_for(head, models.TOP)}", value=False)


SHAPES: tuple[Callable[[Findings, Sound], None], ...] = (
    check_top, check_products, check_enterprises, check_lanes, check_recipes, check_disruptions, check_interventions, check_variants,
)  # fmt: skip
