"""Checks which policy reaches each item by way of default, role and enterprise, and that none is missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from chainwright.policies import Policy, policies_for
from chainwright.policies.visibility import unseen
from chainwright.scenario.check.findings import Findings, Item, Sound
from chainwright.scenario.check.network_view import Party
from chainwright.scenario.check.policy_entries import check_parameters, check_whole_policy
from chainwright.scenario.documents import Path_
from chainwright.words.subjects import DECISIONS

Link = tuple[Path_, Mapping[str, Any]]


class Network(Protocol):
    """Who is there and who sells to whom: a `NetworkView` of a written network, or a `PopulationView` of a generated one."""

    findings: Findings
    sound: Sound

    def customer(self, item: Item) -> bool: ...

    def concerned(self) -> Mapping[str, list[Party]]: ...

    def that_take_nothing_back(self, party: Party) -> Iterator[tuple[Item, str]]: ...


def check_deciders(network: Network) -> None:
    """Every decision of every item has a policy, and policies that read a forecast have one."""
    sound, findings = network.sound, network.findings
    concerned = {decision: parties for decision, parties in network.concerned().items() if decision != "demand"}
    reaches = {decision: Reach(findings, sound, decision) for decision in concerned}
    # Of the orders first: who orders nothing has nothing to make anything of.
    without: dict[str, list[Party]] = {decision: [] for decision in reversed(concerned) if DECISIONS[decision].needed}
    blind: dict[tuple[Path_, str], list[Party]] = {}
    shared = findings.document.data.get("visibility")
    shared = {name: seen for name, seen in shared.items() if isinstance(seen, str)} if isinstance(shared, Mapping) else {}
    for decision, parties in concerned.items():
        reach = reaches[decision]
        for party in parties:
            item = party.item
            policy = reach.policy(item)
            if policy is None:
                if decision in without and reach.key(item) not in reach.broken:
                    without[decision].append(party)
                continue
            for what, remedy in unseen(policy, reach.given[reach.key(item)], shared):
                findings.add((*reach.said[reach.key(item)], "policy"), f"{what}; expected `{remedy}`")
            if reach.given[reach.key(item)].get("allow_negative") is True:
                _check_returns(network, party, reach.said[reach.key(item)])
            if policy.needs_forecast(reach.given[reach.key(item)]) and not network.customer(item):
                forecasts = reaches["forecast_demand"]
                if forecasts.policy(item) is None and forecasts.key(item) not in forecasts.broken:
                    blind.setdefault((reach.said[reach.key(item)], policy.name), []).append(party)
    for reach in reaches.values():
        _tell_idle(findings, reach)
    for decision, parties in without.items():
        if parties and _told_whole(sound, decision):
            _tell_missing(findings, decision, parties)
    for (path, name), parties in blind.items() if _told_whole(sound, "forecast_demand") else ():
        has = "has" if _count(parties) == 1 else "have"
        message = f"policy {name!r} reads a forecast, but {_some(parties)} {has} none; expected a policy under policies.forecast_demand"
        findings.add((*path, "policy"), message)


def _check_returns(network: Network, party: Party, said: Path_) -> None:
    """Only an outside source takes goods back."""
    for seller, buyer in network.that_take_nothing_back(party):
        message = f"negative orders go back to outside sources only, but {seller[0]}/{seller[1]}, which sells to {buyer}, is not unlimited"
        network.findings.add((*said, "allow_negative"), message)


def _told_whole(sound: Sound, decision: str) -> bool:
    """Whether all keys under a decision were understood, so that what is missing is not just misspelt."""
    return "policies" not in sound.unsure and ("policies", decision) not in sound.mistaken_entries


def _tell_missing(findings: Findings, decision: str, parties: list[Party]) -> None:
    section = findings.document.data.get("policies")
    path: Path_ = ()
    if isinstance(section, Mapping):
        path = ("policies", decision) if decision in section else ("policies",)
    what = {"place_orders": "places the orders", "plan_production": "plans the production"}[decision]
    names = "default, its role or its name" if _count(parties) == 1 else "default, their roles or their names"
    findings.add(path, f"no policy {what} of {_some(parties)}; expected one under policies.{decision}: {names}", value=False)


def _tell_idle(findings: Findings, reach: Reach) -> None:
    """Parameters without a policy that nobody's policy takes would be set in vain."""
    if reach.broken or any(path[:2] == reach.path for path in reach.sound.mistaken_entries):
        return
    for key, kept in reach.entries.items():
        for product, entry in kept.items():
            path: Path_ = (*reach.path, key, product) if product else (*reach.path, key)
            if entry and "policy" not in entry and path not in reach.of_use:
                names = ", ".join(repr(name) for name in entry)
                said = sorted({".".join(map(str, one)) for one in reach.said.values() if one != reach.path})
                more = " ..." if len(said) > 3 else ""
                where = f"; the policies that decide stand under {', '.join(said[:3])}{more}" if said else ""
                findings.add(path, f"{names} here reaches nobody's policy{where}", value=False)


def _count(parties: Iterable[Party]) -> int:
    return sum(party.count for party in parties)


def _some(parties: Iterable[Party]) -> str:
    names = ["/".join(item) for _, item in sorted(one for party in parties for one in party.first)]
    count = _count(parties)
    return ", ".join(names[:3]) + (f" and {count - 3:,} more" if count > 3 else "")


@dataclass
class Way:
    """What reaches an item: the policy's name, where it stands, the parameters given, and the entries that only change some."""

    name: str | None
    said: Path_
    given: dict[str, Any]
    changes: list[Link]


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
        # Entries that change parameters of somebody's policy.
        self.of_use: set[Path_] = set()
        self.said: dict[tuple[str, ...], Path_] = {}
        self.given: dict[tuple[str, ...], dict[str, Any]] = {}

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
        if role in DECISIONS[self.decision].not_by_default:
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

    def way(self, key: tuple[str, ...]) -> Way:
        """What is said on the way to the items of one key, the most special last."""
        built_in = DECISIONS[self.decision].built_in
        found = Way(built_in.get(key[0], built_in.get("")), self.path, {}, [])
        for path, entry in self.links(*key):
            if "policy" in entry:
                found = Way(entry["policy"], path, {}, [])
            elif entry:
                found.changes.append((path, entry))
            found.given.update({name: value for name, value in entry.items() if name != "policy"})
        return found

    def check(self, key: tuple[str, ...], item: Item) -> type[Policy] | None:
        """The policy at the end of one way, after a look at all that is said of its parameters on the way."""
        way = self.way(key)
        said, given, changes = way.said, way.given, way.changes
        self.of_use.update(path for path, _ in changes)
        self.said[key], self.given[key] = said, given
        policy = policies_for(self.decision).get(way.name or "")
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
