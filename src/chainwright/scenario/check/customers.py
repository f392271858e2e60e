"""Checks what customers want: that somebody sells it to them, and that a sound demand policy reaches each of their items."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chainwright.policies import policies_for
from chainwright.scenario.check.findings import Item
from chainwright.scenario.check.network_view import NetworkView
from chainwright.scenario.check.policies_reach import Reach
from chainwright.scenario.check.policy_entries import check_parameters, check_policy, check_whole_policy
from chainwright.scenario.documents import Path_
from chainwright.words.errors import nearest


def check_customers(meaning: NetworkView) -> None:
    """Every customer wants something that somebody sells to it, and nobody else has a demand of its own."""
    add, sound = meaning.findings.add, meaning.sound
    reach = Reach(meaning.findings, sound, "demand")
    wanted = dict.fromkeys([*sound.items, *sorted(sound.demands), *meaning.sellers])
    busy = {item[0] for item in wanted}
    for name, role in sound.enterprises.items():
        if role == "customer" and name not in busy and sound.certain(name):
            add(("enterprises", name), f"the customer {name!r} wants nothing; expected items with a demand", value=False)
    for item in wanted:
        role = sound.enterprises[item[0]]
        if role == "customer":
            if item not in meaning.sellers and meaning.certain(item):
                message = f"nobody sells {item[1]!r} to the customer {item[0]!r}; expected a lane with this buyer and product"
                add(meaning.item_path(item), message, value=False)
            _check_demand(meaning, reach, item)
        elif role and item in sound.demands:
            message = f"{item[0]!r} is a {role}, and only a customer has a demand of its own; give it the role customer or leave the demand out"
            add(meaning.item_path(item, "demand"), message, value=False)
            _check_own(meaning, item, sound.items.get(item, {}).get("demand"))


def _check_demand(meaning: NetworkView, reach: Reach, item: Item) -> None:
    """The demand of a customer's item: its own, or what policies.demand says, with what its own changes of that."""
    sound = meaning.sound
    own = sound.items.get(item, {}).get("demand")
    if isinstance(own, Mapping) and ("policy" in own or not reach.entries):
        _check_own(meaning, item, own)
    elif isinstance(own, Mapping):
        _check_change(meaning, reach, item, own)
    elif item not in sound.demands and reach.policy(item) is None and reach.key(item) not in reach.broken and meaning.certain(item):
        if "policies" in sound.unsure or ("policies", "demand") in sound.mistaken_entries:
            return
        number = meaning.sellers[item][0][0] if item in meaning.sellers else -1
        path: Path_ = meaning.item_path(item) if item in sound.items or number < 0 else ("lanes", number)
        message = f"the customer {item[0]!r} has no demand for {item[1]!r}; expected `demand` in its item"
        meaning.findings.add(path, f"{message}, such as {{policy: constant, value: 4}}", value=False)


def _check_own(meaning: NetworkView, item: Item, own: Any) -> None:
    """A demand that an item says as a whole."""
    if not isinstance(own, Mapping):
        return
    findings, path = meaning.findings, meaning.item_path(item, "demand")
    whole = "tables" not in meaning.sound.unsure  # else what is missing may stand in a column that was not understood
    if "policy" in own:
        sure = check_policy(findings, meaning.sound, "demand", path, own)
        if sure and whole:
            check_whole_policy(findings, path, policies_for("demand")[sure["policy"]], _without_policy(sure))
    elif whole:
        misspelt = any(nearest(key, ["policy"]) for key in own)
        findings.add(path, f"'policy' is missing{'' if misspelt else '; expected one of ' + ', '.join(sorted(policies_for('demand')))}", value=False)


def _check_change(meaning: NetworkView, reach: Reach, item: Item, own: Mapping[str, Any]) -> None:
    """A demand that changes parameters of what policies.demand says."""
    path = meaning.item_path(item, "demand")
    way = reach.way(reach.key(item))
    policy = policies_for("demand").get(way.name or "")
    if reach.key(item) in reach.broken:
        return
    if policy is None:
        meaning.findings.add(path, f"there is no policy whose parameters could be changed for {'/'.join(item)}; say 'policy' here", value=False)
    elif check_parameters(meaning.findings, path, policy, own) and "tables" not in meaning.sound.unsure:
        check_whole_policy(meaning.findings, path, policy, {**way.given, **own}, f" for {'/'.join(item)}")


def _without_policy(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if key != "policy"}
