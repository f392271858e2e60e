"""Checks each entry of a scenario alone: its keys, its values, and the names it uses."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from chainwright.scenario import keys
from chainwright.scenario.check import rules_of_keys
from chainwright.scenario.check.findings import Findings, Sound
from chainwright.scenario.check.name_rules import SIGNS, hidden_in, problem_of_name
from chainwright.scenario.check.rules import Rule, problem, shown
from chainwright.scenario.documents import Path_
from chainwright.words.calendar import DAYS_OF_PERIOD, parsed_start
from chainwright.words.counts import plural
from chainwright.words.errors import nearest
from chainwright.words.likeness import look_alikes
from chainwright.words.subjects import SCHEMA
from chainwright.words.trade import ROLES

VERSION = 1
EVERYBODY = "default"
# A sweep takes more, and each of these is checked as a scenario of its own.
MOST_VARIANTS = 300


def check_top(findings: Findings, sound: Sound) -> None:
    """The keys of the file itself, and the sections that are not lists of things."""
    data = findings.document.data
    misspelt = {findings.unknown_key((key,), rules_of_keys.TOP) for key in data if key not in rules_of_keys.TOP}
    if findings.document.partly or findings.document.unread:
        # What a table seems to leave out may stand in the column or row that was not understood.
        sound.unsure |= {"tables", *(findings.document.unread & {"products", "enterprises"})}
    sound.unsure |= {section for section in rules_of_keys.TOP if section in misspelt and section not in data}
    generated = keys.populated(data) or "population" in misspelt
    for key, example in (("chainwright", "chainwright: 1"), ("horizon", "horizon: 52"), ("products", "products: {beer: {}}"), ("enterprises", "")):
        if key not in data and key not in misspelt and not (generated and key in keys.NETWORK):
            findings.add((), f"{key!r} is missing" + (f"; expected for example `{example}`" if example else ""))
    version = data.get("chainwright", VERSION)
    if isinstance(version, bool) or version != VERSION:
        findings.add(("chainwright",), f"expected {VERSION}, the version of the file's format, got {shown(version)}")
    period = data.get("period", "day")
    if isinstance(period, str) and period not in DAYS_OF_PERIOD:
        near = nearest(period, DAYS_OF_PERIOD)
        hint = f"; did you mean {near!r}?" if near else ""
        findings.add(("period",), f"expected {', '.join(DAYS_OF_PERIOD)} or a number of days, got {shown(period)}{hint}")
    elif not isinstance(period, str) and problem(Rule("number", minimum=0.0, above=True), period):
        findings.add(("period",), f"expected {', '.join(DAYS_OF_PERIOD)} or a number of days above 0, got {shown(period)}")
    start = data.get("start")
    if start is not None and parsed_start(start) is None:
        findings.add(("start",), f"expected a date such as 2026-01-05 (year-month-day), got {shown(start)}")
    elif start is not None and not isinstance(period, str) and isinstance(period, int | float) and period < 1:
        findings.add(("start",), "dates need periods of at least a day; leave start out, or let period be 1 or more")
    for key, rule in rules_of_keys.TOP.items():
        if key in data and (wrong := problem(rule, data[key])):
            findings.add((key,), wrong)
            sound.unsure.add(key)
    horizon, warm_up = data.get("horizon"), data.get("warm_up", 0)
    if not problem(rules_of_keys.TOP["horizon"], horizon) and not problem(rules_of_keys.TOP["warm_up"], warm_up) and warm_up >= horizon:
        findings.add(("warm_up",), f"expected less than the horizon of {plural(data['horizon'], 'period')}, got {shown(warm_up)}")
    variants = section(findings, "variants")
    if len(variants) > MOST_VARIANTS:
        instead = "a sweep plays many points, such as cw.sweep with labelled settings"
        findings.add(("variants",), f"{len(variants):,} variants, and {MOST_VARIANTS} are the most, for each is checked as a whole; {instead}")
    for name, value in section(findings, "visibility").items():
        path: Path_ = ("visibility", name)
        columns = [column.name for column in SCHEMA.table("items")]
        if name not in columns:
            findings.unknown(path, "column of items", name, columns, value=False)
        elif wrong := problem(rules_of_keys.VISIBILITY, value):
            findings.add(path, wrong)


def section(findings: Findings, name: str) -> Mapping[str, Any]:
    """The entries of a section that should have keys."""
    found = findings.document.data.get(name)
    return found if isinstance(found, Mapping) else {}


def rows(findings: Findings, name: str) -> list[Any]:
    """The rows of a section that should be a list."""
    found = findings.document.data.get(name)
    return found if isinstance(found, list) else []


def _check_name(findings: Findings, path: Path_, noun: str, name: str) -> None:
    if wrong := problem_of_name(noun, name):
        findings.add(path, wrong, value=False)


def _check_likeness(findings: Findings, places: Mapping[Any, Path_]) -> None:
    """Names that nobody can tell apart by eye, each with its place."""
    for one, other in look_alikes(places):
        message = f"{one!a} looks like {other!a} and is another name; write both with the same letters, or call one of them otherwise"
        findings.add(places[one], message, value=False)


def check_labels(findings: Findings, noun: str, places: Mapping[Any, Path_]) -> None:
    """Names that no path leads by, such as those of variants and modes: each is seen, and looks like no other."""
    for name, path in places.items():
        if isinstance(name, str) and (wrong := hidden_in(name) if name.strip() else f"a {noun} needs a name, and this one is empty"):
            findings.add(path, wrong, value=False)
    _check_likeness(findings, {name: path for name, path in places.items() if isinstance(name, str) and name.strip() and not hidden_in(name)})


def check_products(findings: Findings, sound: Sound) -> None:
    """The products and their columns."""
    _check_likeness(findings, {name: ("products", name) for name in section(findings, "products")})
    for name, entry in section(findings, "products").items():
        path: Path_ = ("products", name)
        _check_name(findings, path, "product", name)
        sound.products[name] = findings.entry(path, entry, rules_of_keys.PRODUCT) or {}


def check_enterprises(findings: Findings, sound: Sound) -> None:
    """The enterprises, their items, and the demand of customers' items."""
    enterprises = section(findings, "enterprises")
    if not enterprises and isinstance(findings.document.data.get("enterprises"), Mapping) and not _told_elsewhere(findings, sound):
        findings.add(("enterprises",), "there is no enterprise")
    written: dict[str, str] = {}
    if enterprises:
        sound.enterprises = written
    _check_likeness(findings, {name: ("enterprises", name) for name in enterprises})
    for name, entry in enterprises.items():
        path: Path_ = ("enterprises", name)
        _check_name(findings, path, "enterprise", name)
        before = len(findings.mistakes)
        values = findings.entry(path, entry, rules_of_keys.ENTERPRISE, ("role",))
        role = entry.get("role") if isinstance(entry, Mapping) else None
        written[name] = role if role in ROLES else ""
        if len(findings.mistakes) > before or values is None:
            sound.doubtful.add(name)
        if isinstance(entry, Mapping):
            _attributes(findings, path, entry)
            _tags(findings, sound, (*path, "tags"), entry.get("tags"))
        items = entry.get("items") if isinstance(entry, Mapping) else None
        for product, item in items.items() if isinstance(items, Mapping) else ():
            place = (*path, "items", product)
            before = len(findings.mistakes)
            if not sound.knows_product(product):
                findings.unknown(place, "product", product, sound.products, value=False)
            else:
                sound.items[name, product] = findings.entry(place, item, rules_of_keys.ITEM) or {}
                if isinstance(item, Mapping) and "demand" in item:
                    sound.demands.add((name, product))
            if len(findings.mistakes) > before:
                sound.doubtful.add(name)


def _told_elsewhere(findings: Findings, sound: Sound) -> bool:
    """Whether the enterprises may come from something else than their section."""
    return "enterprises" in sound.unsure or keys.populated(findings.document.data)


def _attributes(findings: Findings, path: Path_, entry: Mapping[str, Any]) -> None:
    """What a drawing or another program knows of an entry: any names, with plain values."""
    attributes = entry.get("attributes")
    for key, value in attributes.items() if isinstance(attributes, Mapping) else ():
        if isinstance(value, float) and not math.isfinite(value):
            findings.add((*path, "attributes", key), f"{shown(value)} is not a finite number")


def _tags(findings: Findings, sound: Sound, path: Path_, tags: Any) -> None:
    """The tags of an enterprise: words that stand for all who bear them, so they must not read as somebody else."""
    for number, tag in enumerate(tags) if isinstance(tags, list) else ():
        if not isinstance(tag, str) or not tag:
            continue
        if tag in ROLES or tag == EVERYBODY or tag in section(findings, "enterprises"):
            what = "a role" if tag in ROLES else "everybody" if tag == EVERYBODY else "an enterprise"
            findings.add((*path, number), f"a tag cannot be called {shown(tag)}, which means {what}")
        elif hidden := hidden_in(tag):
            findings.add((*path, number), f"cannot be a tag: {hidden}")
        elif SIGNS.search(tag) or tag != tag.strip():
            findings.add((*path, number), f"cannot be a tag: {shown(tag)} holds * or >, or has a space at an end")
        else:
            sound.tags.add(tag)


def check_agents(findings: Findings, sound: Sound) -> None:
    """The agents: for whom each stands, an enterprise, a role or a tag; which agents there are is told when they are needed."""
    for key, value in section(findings, "agents").items():
        if wrong := problem(rules_of_keys.AGENT, value):
            findings.add(("agents", key), wrong)
        if key != EVERYBODY and key not in ROLES and key not in sound.tags and not sound.knows_enterprise(key):
            known = [EVERYBODY, *ROLES, *sorted(sound.tags), *sound.enterprises]
            findings.unknown(("agents", key), "role, tag or enterprise", key, known, value=False)


def check_known(findings: Findings, sound: Sound, path: Path_, noun: str, name: Any) -> None:
    """A name of an enterprise or a product that stands at a path."""
    if noun == "product":
        if not sound.knows_product(name):
            findings.unknown(path, noun, name, sound.products)
    elif not sound.knows_enterprise(name):
        findings.unknown(path, noun, name, sound.enterprises)


def check_lanes(findings: Findings, sound: Sound) -> None:
    """The lanes: their columns, their ends, their times."""
    needed = ("seller", "buyer", "product")
    modes: dict[str, Path_] = {}
    for number, row in enumerate(rows(findings, "lanes")):
        path: Path_ = ("lanes", number)
        before = len(findings.mistakes)
        values = findings.entry(path, row, rules_of_keys.LANE, needed)
        if not isinstance(row, Mapping):
            sound.all_doubtful = True
            continue
        for end, noun in (("seller", "enterprise"), ("buyer", "enterprise"), ("product", "product")):
            name = row.get(end)
            if isinstance(name, str) and name:
                check_known(findings, sound, (*path, end), noun, name)
        if isinstance(mode := row.get("mode"), str) and mode:
            modes.setdefault(mode, (*path, "mode"))
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
    check_labels(findings, "mode", modes)


def check_drawn_time(findings: Findings, path: Path_, entry: Mapping[str, Any]) -> None:
    """A transport time that is drawn each time."""
    name = entry.get("distribution")
    if "distribution" not in entry:
        findings.add(path, f"'distribution' is missing; expected one of {', '.join(rules_of_keys.DRAWN)}")
        return
    if not isinstance(name, str) or name not in rules_of_keys.DRAWN:
        findings.add((*path, "distribution"), str(problem(Rule("choice", choices=tuple(rules_of_keys.DRAWN), noun="distribution"), name)))
        return
    rules = {"distribution": Rule("text"), **rules_of_keys.DRAWN[name]}
    values = findings.entry(path, entry, rules, tuple(rules))
    if values is None:
        return
    if name == "uniform" and values["low"] > values["high"]:
        findings.add((*path, "high"), f"expected at least low, which is {shown(values['low'])}, got {shown(values['high'])}")
    elif name == "discrete":
        times, chances = values["values"], values["probabilities"]
        for time in times:
            if wrong := problem(Rule("whole", 0, rules_of_keys.LONGEST_DELAY), time):
                findings.add((*path, "values"), wrong)
        if len(times) != len(chances) or not times:
            findings.add((*path, "probabilities"), f"expected one probability for each of the {len(times)} values, got {len(chances)}")
        elif abs(math.fsum(chances) - 1.0) > 1e-6:
            findings.add((*path, "probabilities"), f"the probabilities sum to {math.fsum(chances):.6g}, expected 1")


def check_recipes(findings: Findings, sound: Sound) -> None:
    """The recipes: who makes what, of which components."""
    for number, row in enumerate(rows(findings, "recipes")):
        path: Path_ = ("recipes", number)
        before = len(findings.mistakes)
        values = findings.entry(path, row, rules_of_keys.RECIPE, ("enterprise", "product"))
        if not isinstance(row, Mapping):
            sound.all_doubtful = True
            continue
        for end in ("enterprise", "product"):
            name = row.get(end)
            if isinstance(name, str) and name:
                check_known(findings, sound, (*path, end), end, name)
        components = row.get("components")
        for component, quantity in components.items() if isinstance(components, Mapping) else ():
            place = (*path, "components", component)
            if not sound.knows_product(component):
                findings.unknown(place, "product", component, sound.products, value=False)
            elif wrong := problem(rules_of_keys.QUANTITY, quantity):
                findings.add(place, wrong)
        if len(findings.mistakes) == before and values is not None and values["enterprise"] in sound.enterprises:
            sound.recipes.append((number, values))
        else:
            sound.doubt(row.get("enterprise"))
