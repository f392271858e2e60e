"""Checks the policies of a scenario: the entries alone, then what reaches each item by way of default, role and enterprise."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from chainwright.policies import Policy, policies_for
from chainwright.scenario.check.findings import Findings, Sound
from chainwright.scenario.check.rules import Rule, problem, shown, suggestion_for
from chainwright.scenario.check.rules_of_keys import rules_of_policy
from chainwright.scenario.documents import Path_, dotted_path
from chainwright.scenario.read.series import SAID, series_of
from chainwright.words.errors import ScenarioError, nearest
from chainwright.words.subjects import DECISIONS
from chainwright.words.trade import ROLES


def check_policies(findings: Findings, sound: Sound) -> None:
    """The section ``policies``: decisions, keys, entries; sound entries are kept."""
    section = findings.document.data.get("policies")
    for decision, entries in section.items() if isinstance(section, Mapping) else ():
        path: Path_ = ("policies", decision)
        if decision not in DECISIONS:
            findings.unknown(path, "decision", decision, DECISIONS, value=False)
            sound.mistaken_entries.add(("policies", nearest(decision, DECISIONS) or ""))
            continue
        if wrong := problem(Rule("mapping"), entries):
            findings.add(path, wrong)
            sound.mistaken_entries.add(path)
            continue
        kept = sound.policies.setdefault(decision, {})
        for key, entry in entries.items():
            if key != "default" and key not in ROLES and not sound.knows_enterprise(key):
                findings.unknown((*path, key), "role or enterprise", key, ["default", *ROLES, *sound.enterprises], value=False)
                sound.mistaken_entries.add(path)
                continue
            if decision == "demand" and not _may_demand(sound, key):
                message = f"{key!r} is {'a role without' if key in ROLES else 'no customer, and has no'} demand of its own"
                findings.add((*path, key), f"{message}; expected default, customer or the name of a customer", value=False)
                continue
            kept[key] = dict(_parts(findings, sound, decision, (*path, key), entry))


def _may_demand(sound: Sound, key: str) -> bool:
    """Whether a key under policies.demand can mean customers, as far as can be told."""
    if key in ("default", "customer"):
        return True
    return sound.enterprises.get(key, "") in ("", "customer") and (key not in ROLES or key in sound.enterprises)


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
    if policy.in_whole_units or given.get("whole") is True:
        # A mean below the smallest quantity only means that they come rarely.
        findings.weigh(path, 1.0)
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
            _check_series(findings, path, given, policy.name, rules["values"])
    return len(findings.mistakes) == before


def _check_series(findings: Findings, path: Path_, given: Mapping[str, Any], policy: str, rule: Rule) -> None:
    file, column = given["file"], given.get("column")
    if any(given.get(key) is not None and not isinstance(given[key], str) for key in SAID):
        return  # told where they stand
    try:
        values = series_of(findings.document, {**given, "policy": policy}).values
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
