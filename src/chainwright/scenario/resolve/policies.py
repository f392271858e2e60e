"""Resolving policies: for each decision, which policy with which parameters decides for which items."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.network.blueprint import Columns, PolicyChoice
from chainwright.policies import Policy, policies_for
from chainwright.scenario import keys
from chainwright.scenario.reach import Index, Ways, concerned
from chainwright.words.subjects import DECISIONS

# Parameters of these kinds may differ from row to row within one choice; the others are the same for all its rows.
COLUMN_KINDS = {"float": np.float64, "int": np.int64, "bool": np.bool_}
Entry = Mapping[str, Any]


def resolve_policies(
    document: Mapping[str, Any], index: Index, tables: Mapping[str, Columns], generated: Sequence[PolicyChoice] | None = None
) -> dict[str, list[PolicyChoice]]:
    """For each decision its policies with their rows, in the order of the rows.

    The most special entry wins: an enterprise's product, an enterprise, a role, everybody. Rows with the same policy share one
    choice; where they differ in parameters that may be columns, the choice holds columns. Demand that is `generated` is what
    everybody has where ``policies.demand`` says nothing else.
    """
    rows = concerned(index, tables)
    roles = tables["enterprises"]["role"]
    resolved = {}
    for decision in rows:
        chain = Chain(decision, document, index)
        if decision != "demand":
            resolved[decision] = _shared(decision, chain, index, roles, rows[decision])
        elif generated is None:
            names = {int(row): index.item(int(row)) for row in rows[decision]}
            inherited = [(row, chain.entry(str(roles[index.enterprise[row]]), *item)) for row, item in names.items()]
            resolved[decision] = _grouped(decision, _demands(document, names, inherited))
        else:
            resolved[decision] = _changed_demands(chain, index, roles, generated)
    return resolved


def _shared(decision: str, chain: Chain, index: Index, roles: Any, rows: NDArray[np.int32]) -> list[PolicyChoice]:
    """The choices of a decision that is worked out once for all items that the same entries reach."""
    first, place = chain.ways(index, roles).part(rows)
    entries = [chain.entry(str(roles[index.enterprise[row]]), *index.item(int(row))) for row in first]
    made = []
    for choice in _grouped(decision, list(enumerate(entries))):
        # The choice of ways becomes one of the rows that take them.
        number = np.full(len(entries), -1, np.int64)
        number[choice.rows] = np.arange(len(choice.rows))
        of_row = number[place]
        inside = of_row >= 0
        parameters = {name: value[of_row[inside]] if isinstance(value, np.ndarray) else value for name, value in choice.parameters.items()}
        made.append(PolicyChoice(choice.policy, parameters, rows[inside]))
    return made


def _changed_demands(chain: Chain, index: Index, roles: Any, generated: Sequence[PolicyChoice]) -> list[PolicyChoice]:
    """Generated demand, with what ``policies.demand`` says instead of it or of some of its parameters."""
    if not chain.entries:
        return list(generated)
    made = []
    for choice in generated:
        first, place = chain.ways(index, roles).part(choice.rows)
        for number, row in enumerate(first):
            inside = place == number
            entry = chain.merged(str(roles[index.enterprise[row]]), *index.item(int(row)))
            own = {name: value[inside] if isinstance(value, np.ndarray) else value for name, value in choice.parameters.items()}
            if "policy" in entry:
                policy = policies_for("demand")[entry["policy"]]
                made.append(PolicyChoice(policy.name, filled(policy, entry), choice.rows[inside]))
            else:
                changed = {name: value for name, value in {**own, **entry}.items() if value is not None}
                made.append(PolicyChoice(choice.policy, changed, choice.rows[inside]))
    return made


class Chain:
    """The entries of one decision, from the most general to the most special.

    Parameters
    ----------
    decision : str
        The decision.
    document : mapping
        A scenario document.
    index : Index
        Who is there.
    """

    def __init__(self, decision: str, document: Mapping[str, Any], index: Index) -> None:
        self._decision = decision
        self.entries: Mapping[str, Any] = keys.parts(document, "policies").get(decision) or {}
        self._enterprises = index.enterprise_row
        self._by_product = {key for key, entry in self.entries.items() if keys.by_product(entry, index.product_row)}
        self._found: dict[tuple[str, str, str], Entry] = {}

    def ways(self, index: Index, roles: NDArray[Any]) -> Ways:
        """The items parted by which of the entries reach them."""
        return Ways([self.entries], index, roles, bool(self._by_product))

    def entry(self, role: str, enterprise: str, product: str) -> Entry | None:
        """The policy and parameters for one item, those inherited included; None where nobody says a policy."""
        merged = self.merged(role, enterprise, product)
        return merged if "policy" in merged else None

    def merged(self, role: str, enterprise: str, product: str) -> Entry:
        """All that is said of one item, by whatever entry."""
        links = ["default", role if role not in self._enterprises else "", enterprise]
        links = [key for key in links if key in self.entries]
        cached = (links[-1] if links else "", role, product if self._by_product.intersection(links) else "")
        if cached not in self._found:
            self._found[cached] = self._merged(links, role, product)
        return self._found[cached]

    def _merged(self, links: list[str], role: str, product: str) -> Entry:
        declared = DECISIONS[self._decision]
        built_in = declared.built_in.get(role, declared.built_in.get(""))
        merged: dict[str, Any] = {"policy": built_in} if built_in else {}
        if role in declared.not_by_default:
            links = [key for key in links if key != "default"]
        for key in links:
            entry = self.entries[key] or {}
            if key in self._by_product:
                entry = entry.get(product) or {}
            merged = dict(entry) if "policy" in entry else {**merged, **entry}
        return merged


def _demands(
    document: Mapping[str, Any], names: Mapping[int, tuple[str, str]], entries: list[tuple[int, Entry | None]]
) -> list[tuple[int, Entry | None]]:
    """The demands of customers' items: their own, which may only change parameters of what reaches them."""
    enterprises = keys.parts(document, "enterprises")
    found: list[tuple[int, Entry | None]] = []
    for row, inherited in entries:
        name, product = names[row]
        own = (keys.declared_items(enterprises[name]).get(product) or {}).get("demand")
        if own and "policy" not in own:
            own = {**(inherited or {}), **own}
        found.append((row, own or inherited))
    return found


def _grouped(decision: str, entries: list[tuple[int, Entry | None]]) -> list[PolicyChoice]:
    """One choice for all rows that share a policy and its parameters, columns aside."""
    groups: dict[str, tuple[type[Policy], list[int], list[Mapping[str, Any]]]] = {}
    labels: dict[int, tuple[str, Mapping[str, Any]]] = {}  # entries are shared by many rows: each is worked out once
    for row, entry in entries:
        if entry is None:
            continue
        policy = policies_for(decision)[entry["policy"]]
        if id(entry) not in labels:
            parameters = filled(policy, entry)
            kinds = {field.name: field.metadata["kind"] for field in policy.parameters()}
            fixed = {name: value for name, value in parameters.items() if kinds[name] not in COLUMN_KINDS}
            labels[id(entry)] = json.dumps([policy.name, sorted(parameters), fixed], sort_keys=True, default=str), parameters
        label, given = labels[id(entry)]
        group = groups.setdefault(label, (policy, [], []))
        group[1].append(row)
        group[2].append(given)
    return [
        PolicyChoice(policy.name, _columns(policy, parted), np.array(rows, np.int32)) for policy, rows, parted in groups.values()
    ]


def filled(policy: type[Policy], entry: Entry) -> dict[str, Any]:
    """The parameters of a policy: those said, else their defaults; those that are None (taken from the view) are left out."""
    parameters = {}
    for field in policy.parameters():
        value = entry.get(field.name)
        if value is None and field.default is not dataclasses.MISSING:
            value = field.default
        if value is not None:
            parameters[field.name] = list(value) if isinstance(value, tuple) else value
    return parameters


def _columns(policy: type[Policy], given: list[Mapping[str, Any]]) -> dict[str, Any]:
    """Parameters of all rows of a choice: a scalar where all say the same, else one value per row."""
    kinds = {field.name: field.metadata["kind"] for field in policy.parameters()}
    made: dict[str, Any] = {}
    for name, first in given[0].items():
        if kinds[name] not in COLUMN_KINDS:
            made[name] = first
            continue
        values = [one[name] for one in given]
        made[name] = first if all(value == first for value in values) else np.array(values, COLUMN_KINDS[kinds[name]])
    return made
