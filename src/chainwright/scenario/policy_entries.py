"""Checks the policies of a scenario: the entries alone, then what reaches each item by way of default, role and enterprise."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from chainwright.policies import Policy, policies_for
from chainwright.scenario.csv_tables import file_beside
from chainwright.scenario.findings import Findings, Item, Sound
from chainwright.scenario.models import Rule, problem, rules_of_policy, shown, suggestion_for
from chainwright.scenario.reading import Path_, dotted_path
from chainwright.scenario.series import read_series
from chainwright.words.columns import DECISIONS, ROLES
from chainwright.words.errors import ScenarioError, nearest

_DECIDED = tuple(decision for decision in DECISIONS if decision != "demand")
# What decides where the file says nothing.
BUILT_IN = {"choose_sellers": "fixed_shares", "allocate_stock": "proportional"}
NEEDED = ("place_orders", "plan_production")
Link = tuple[Path_, Mapping[str, Any]]


def check_policies(findings: Findings, sound: Sound) -> None:
    """The section ``policies``: decisions, keys, entries; sound entries are kept."""
    section = findings.document.data.get("policies")
    for decision, entries in section.items() if isinstance(section, Mapping) else ():
        path: Path_ = ("policies", decision)
        if decision == "demand":
            findings.add(path, "demand is said of each customer's item: enterprises.<customer>.items.<product>.demand", value=False)
            continue
        if decision not in _DECIDED:
            findings.unknown(path, "decision", decision, _DECIDED, value=False)
            sound.mistaken_entries.add(("policies", nearest(decision, _DECIDED) or ""))
            continue
        if wrong := problem(Rule("mapping"), entries):
            findings.add(path, wrong)
            sound.mistaken_entries.add(path)
            continue
        kept = sound.policies.setdefault(decision, {})
        for key, entry in entries.items():
            if key != "default" and key not in ROLES and not sound.knows_enterprise(key):
                findings.unknown((*path, key), "role or enterprise", key, ["default", *ROLES, *sound.enterprises], value=False)
                sound.doubt(key)
                continue
            kept[key] = dict(_parts(findings, sound, decision, (*path, key), entry))


def _parts(findings: Findings, sound: Sound, decision: str, path: Path_, entry: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """The sound entries by product, "" where one entry is for all products; mistaken ones are noted and answered empty."""
    if isinstance(entry, Mapping) and entry and "policy" not in entry and all(isinstance(value, Mapping) for value in entry.values()):
        for product, one in entry.items():
            if not sound.knows_product(product):
                findings.unknown((*path, product), "product", product, sound.products, value=False)
                sound.mistaken_entries.add(path)
            else:
                yield product, check_policy(findings, sound, decision, (*path, product), one)
    else:
        yield "", check_policy(findings, sound, decision, path, entry)


def check_policy(findings: Findings, sound: Sound, decision: str, path: Path_, entry: Any) -> dict[str, Any]:
    """One entry alone: its policy, and its parameters where the policy is said; the entry where it is sound, else an empty one."""
    before = len(findings.mistakes)
    if wrong := problem(Rule("mapping"), entry):
        findings.add(path, wrong)
    elif "policy" in entry:
        known = policies_for(decision)
        name = entry["policy"]
        if not isinstance(name, str) or name not in known:
            findings.unknown((*path, "policy"), f"policy for {decision}", name, sorted(known))
        else:
            check_parameters(findings, path, known[name], {key: value for key, value in entry.items() if key != "policy"})
    if len(findings.mistakes) > before:
        sound.mistaken_entries.add(path)
        return {}
    return dict(entry)


def check_parameters(findings: Findings, path: Path_, policy: type[Policy], given: Mapping[str, Any]) -> bool:
    """The parameters that one entry gives to a policy; whether all are sound."""
    rules = rules_of_policy(policy)
    before = len(findings.mistakes)
    optional = {field.name for field in policy.parameters() if field.default is None}
    for name, value in given.items():
        if name not in rules:
            has = suggestion_for(name, rules) if rules else "; it has none"
            findings.add((*path, name), f"policy {policy.name!r} has no parameter {shown(name)}{has}", value=False)
        elif value is not None or name not in optional:
            findings.check((*path, name), rules[name], value)
    if "file" in rules and given.get("file") is not None:
        if given.get("values") is not None:
            findings.add((*path, "values"), "the values are said, and a file beside them; expected one of the two", value=False)
        elif isinstance(given["file"], str):
            _check_series(findings, path, given["file"], given.get("column"), rules["values"])
    return len(findings.mistakes) == before


def _check_series(findings: Findings, path: Path_, file: str, column: Any, rule: Rule) -> None:
    where, wrong = file_beside(findings.document.folder, file)
    if wrong:
        findings.add((*path, "file"), wrong)
        return
    if column is not None and not isinstance(column, str):
        return
    try:
        values = read_series(where, column)
    except ScenarioError as error:
        for mistake in error.mistakes:
            if mistake.place.line:
                findings.mistakes.append(dataclasses.replace(mistake, path=dotted_path(path)))
            else:
                findings.add((*path, "column" if column is not None and "column" in mistake.message else "file"), mistake.message)
        return
    if (wrong := problem(rule, values) or "") != "":
        findings.add((*path, "file"), f"{shown(file)}: {wrong}")


def missing_parameters(policy: type[Policy], given: Mapping[str, Any]) -> list[str]:
    """The parameters without a default that nobody gives."""
    return [field.name for field in policy.parameters() if field.default is dataclasses.MISSING and field.name not in given]


def check_whole_policy(findings: Findings, path: Path_, policy: type[Policy], given: Mapping[str, Any], where: str = "") -> bool:
    """All parameters that a policy gets from wherever: that none is missing, and that they fit each other."""
    missing = missing_parameters(policy, given)
    if missing:
        names = ("parameters " if len(missing) > 1 else "parameter ") + " and ".join(repr(name) for name in missing)
        findings.add((*path, "policy"), f"policy {policy.name!r} needs the {names}{where}")
        return False
    filled = {field.name: field.default for field in policy.parameters() if field.default is not dataclasses.MISSING}
    wrong = policy.mistakes({**filled, **given})
    for message in wrong:
        findings.add(path, f"policy {policy.name!r}: {message}")
    return not wrong


def check_demand(findings: Findings, sound: Sound, path: Path_, entry: Any) -> None:
    """The demand of one item."""
    if isinstance(entry, Mapping) and "policy" not in entry:
        known = policies_for("demand")
        misspelt = any(nearest(key, ["policy"]) for key in entry)
        findings.add(path, f"'policy' is missing{'' if misspelt else '; expected one of ' + ', '.join(sorted(known))}", value=False)
        return
    sure = check_policy(findings, sound, "demand", path, entry)
    if sure:
        check_whole_policy(findings, path, policies_for("demand")[sure["policy"]], {key: value for key, value in sure.items() if key != "policy"})


class Reach:
    """Which policy reaches each item, by way of which entries.

    Parameters
    ----------
    findings, sound
        What was found so far.
    decision : str
        The decision.
    """

    def __init__(self, findings: Findings, sound: Sound, decision: str) -> None:
        self.findings = findings
        self.sound = sound
        self.decision = decision
        self.entries = sound.policies.get(decision, {})
        self.path: Path_ = ("policies", decision)
        self.parted = any(product for kept in self.entries.values() for product in kept)
        self.partial = any(entry and "policy" not in entry for kept in self.entries.values() for entry in kept.values())
        self.complained: set[Path_] = set()
        self.found: dict[tuple[str, ...], type[Policy] | None] = {}
        # Whether what reaches an item is only half known, because an entry on its way is mistaken.
        self.broken: set[tuple[str, ...]] = set()
        self.said: dict[tuple[str, ...], Path_] = {}

    def key(self, item: Item) -> tuple[str, ...]:
        """What of an item tells which policy reaches it."""
        enterprise, product = item
        role = self.sound.enterprises[enterprise]
        return (role, enterprise if enterprise in self.entries else "", product if self.parted else "")

    def policy(self, item: Item) -> type[Policy] | None:
        """The policy of an item, if any; each way to one is checked once."""
        key = self.key(item)
        if key not in self.found:
            self.found[key] = self.check(key, item)
        return self.found[key]

    def links(self, role: str, enterprise: str, product: str) -> Iterator[Link]:
        """The entries on the way to an item, from the most general to the most special."""
        ways = ["default", role if role not in self.sound.enterprises else "", enterprise]
        if self.decision == "place_orders" and role == "customer":
            ways = ways[1:]
        for way in ways:
            if (*self.path, way) in self.sound.mistaken_entries:
                self.broken.add((role, enterprise, product))
            kept = self.entries.get(way, {})
            part = "" if "" in kept else product
            if part in kept:
                path = (*self.path, way, part) if part else (*self.path, way)
                if path in self.sound.mistaken_entries:
                    self.broken.add((role, enterprise, product))
                yield path, kept[part]

    def check(self, key: tuple[str, ...], item: Item) -> type[Policy] | None:
        """The policy at the end of one way, after a look at all that is said of its parameters on the way."""
        name = BUILT_IN.get(self.decision)
        if self.decision == "place_orders" and key[0] == "customer":
            name = "pass_on"
        said: Path_ = self.path
        given: dict[str, Any] = {}
        changes: list[Link] = []
        for path, entry in self.links(*key):
            if "policy" in entry:
                name, said, given, changes = entry["policy"], path, {}, []
            elif entry:
                changes.append((path, entry))
            given.update({key: value for key, value in entry.items() if key != "policy"})
        self.said[key] = said
        policy = policies_for(self.decision).get(name or "")
        if key in self.broken:
            return policy
        if policy is None:
            for path, _ in changes[:1]:
                self.findings.add(path, f"there is no policy whose parameters could be changed for {'/'.join(item)}; say 'policy' here")
            if changes:
                self.broken.add(key)
            return None
        before = len(self.findings.mistakes)
        for path, entry in changes:
            check_parameters(self.findings, path, policy, entry)
        if len(self.findings.mistakes) == before and said != self.path and said not in self.complained:
            # Where some entries change only parameters, it matters whose are still missing.
            where = f" for {'/'.join(item)}" if self.partial else ""
            if not check_whole_policy(self.findings, said, policy, given, where):
                self.complained.add(said)
        return policy
