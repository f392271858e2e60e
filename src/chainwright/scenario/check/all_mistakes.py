"""Finds all mistakes of a scenario at once: each entry alone, then what the sound ones mean together."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import chainwright.policies  # noqa: F401  (registers the shipped policies)
from chainwright.scenario import keys
from chainwright.scenario.check.change_entries import check_disruptions, check_interventions, check_variants
from chainwright.scenario.check.entries import check_agents, check_enterprises, check_lanes, check_products, check_recipes, check_top
from chainwright.scenario.check.findings import Findings, Sound
from chainwright.scenario.check.network_rules import MEANINGS
from chainwright.scenario.check.network_view import NetworkView
from chainwright.scenario.check.paths_in_files import check_settings
from chainwright.scenario.check.policies_reach import check_deciders
from chainwright.scenario.check.policy_entries import check_policies
from chainwright.scenario.check.population_entry import check_population
from chainwright.scenario.check.population_view import PopulationView
from chainwright.scenario.documents import Document
from chainwright.scenario.read.csv_tables import expand_tables
from chainwright.scenario.resolve.generated import Grown
from chainwright.words.errors import Mistake, ScenarioError
from chainwright.words.schema import SMALLEST_QUANTITY

MANY = 4  # rows of a table with the same mistake are told one by one below this number
SHAPES: tuple[Callable[[Findings, Sound], None], ...] = (
    check_products, check_enterprises, check_lanes, check_recipes, check_agents, check_policies, check_disruptions, check_interventions,
    check_variants,
)  # fmt: skip


def find_mistakes(document: Document) -> list[Mistake]:
    """All mistakes of a document, in the order of the file; an empty list where it can run.

    Examples
    --------
    >>> from chainwright.scenario.read.yaml_file import read_document
    >>> text = '''
    ... chainwright: 1
    ... horizon: 12
    ... products: {beer: {}}
    ... enterprises:
    ...   drinkers: {role: customer, items: {beer: {demand: {policy: constant, value: 4}}}}
    ...   brewery: {role: suplier, items: {beer: {unlimited: true}}}
    ... lanes:
    ...   - {seller: brewry, buyer: drinkers, product: beer}
    ... '''
    >>> for mistake in find_mistakes(read_document(None, text)):
    ...     print(mistake)
    text:7:19: enterprises.brewery.role: no role is called 'suplier'; did you mean 'supplier'?
    text:9:14: lanes.0.seller: no enterprise is called 'brewry'; did you mean 'brewery'?
    """
    return examine(document)[0]


def examine(document: Document, anew: bool = True) -> tuple[list[Mistake], Grown | None]:
    """All mistakes of a document, and the network that its population makes.

    A population that no scenario holds is made only where `anew` says so; else names and what they mean are taken as right.
    """
    findings, sound = _find(document, anew)
    return findings.mistakes, sound.grown


def check(document: Document) -> Document:
    """The document with the network of its population, where it has one.

    Raises
    ------
    ScenarioError
        With all mistakes, where there are any; those of variants and interventions are looked for as well.
    """
    findings, sound = _find(document)
    if not findings.mistakes:
        return dataclasses.replace(document, grown=sound.grown)
    check_settings(findings, sound)
    raise ScenarioError(_told_once(findings.mistakes))


def _find(document: Document, anew: bool = True) -> tuple[Findings, Sound]:
    findings = Findings(expand_tables(document))
    sound = Sound()
    check_top(findings, sound)
    check_population(findings, sound, anew)
    for shape in SHAPES:
        shape(findings, sound)
    if sound.grown is not None:
        population = PopulationView(findings, sound, sound.grown)
        population.check_demands()
        check_deciders(population)
    elif not keys.populated(findings.document.data):
        meaning = NetworkView(findings, sound)
        for look in MEANINGS:
            look(meaning)
    _check_size(findings)
    findings.mistakes.sort(key=lambda mistake: mistake.place)
    return findings, sound


def _check_size(findings: Findings) -> None:
    """Refuse a demand whose quantities would be taken for rounding, and a scenario all of whose are: nothing would ever be ordered."""
    if findings.mistakes:
        return
    small = f"expected {SMALLEST_QUANTITY:g} at least, for what is smaller than 1e-9 is taken for rounding and never ordered; use a smaller unit"
    size, path = findings.largest
    if 0.0 < size < SMALLEST_QUANTITY:
        findings.add(path, f"{size:g} is the largest quantity that is said; {small}")
        return
    for size, path in findings.largest_of_demands.values():
        if 0.0 < size < SMALLEST_QUANTITY:
            findings.add(path, f"{size:g} is the largest quantity of this demand; {small} of this product")


def _told_once(mistakes: list[Mistake]) -> list[Mistake]:
    """The mistakes, but one that stands in many rows of a table only in the first of them."""
    groups: dict[tuple[str, str, int], list[Mistake]] = {}
    for mistake in mistakes:
        if mistake.place.line and mistake.place.file.endswith(".csv"):
            groups.setdefault((mistake.message, mistake.place.file, mistake.place.column), []).append(mistake)
    later = {id(one) for group in groups.values() if len(group) >= MANY for one in group[1:]}
    more = {id(group[0]): len(group) - 1 for group in groups.values() if len(group) >= MANY}
    kept = [one for one in mistakes if id(one) not in later]
    return [
        one if id(one) not in more else Mistake(f"{one.message} (and so in {more[id(one)]} more rows of the column)", one.place, one.path)
        for one in kept
    ]
