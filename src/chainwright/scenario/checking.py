"""Finds all mistakes of a scenario at once: each entry alone, then what the sound ones mean together."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import chainwright.policies  # noqa: F401  (registers the shipped policies)
from chainwright.scenario.csv_tables import expand_tables
from chainwright.scenario.documents import Document, Path_, dotted_path
from chainwright.scenario.findings import Findings, Sound
from chainwright.scenario.meaning import MEANINGS
from chainwright.scenario.policy_entries import check_policies
from chainwright.scenario.settings import apply
from chainwright.scenario.shapes import check_enterprises, check_lanes, check_products, check_recipes, check_top
from chainwright.scenario.shapes_changes import check_disruptions, check_interventions, check_variants
from chainwright.scenario.together import Meaning
from chainwright.words.errors import Mistake, ScenarioError, UsageError

SHAPES: tuple[Callable[[Findings, Sound], None], ...] = (
    check_top, check_products, check_enterprises, check_lanes, check_recipes, check_policies, check_disruptions, check_interventions, check_variants,
)  # fmt: skip


def find_mistakes(document: Document) -> list[Mistake]:
    """All mistakes of a document, in the order of the file; an empty list where it can run.

    Examples
    --------
    >>> from chainwright.scenario.reading import read_document
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
    return _find(document).mistakes


def check(document: Document) -> None:
    """Raise a ScenarioError with all mistakes, where there are any; those of variants and interventions are looked for as well."""
    findings = _find(document)
    if not findings.mistakes:
        return
    _check_settings(findings)
    raise ScenarioError(findings.mistakes)


def _find(document: Document) -> Findings:
    findings = Findings(expand_tables(document))
    sound = Sound()
    for shape in SHAPES:
        shape(findings, sound)
    meaning = Meaning(findings, sound)
    for look in MEANINGS:
        look(meaning)
    findings.mistakes.sort(key=lambda mistake: mistake.place)
    return findings


def _check_settings(findings: Findings) -> None:
    """Look whether the paths of variants and interventions lead somewhere, in a file that has other mistakes too.

    (In a file without, each is applied and checked as a whole.)
    """
    told = {mistake.path for mistake in findings.mistakes}
    data = _tamed(findings.document.data)
    for path, value in _settings(findings.document.data):
        if dotted_path(path) in told:
            continue
        try:
            apply(copy.deepcopy(data), {str(path[-1]): value})
        except ScenarioError as error:
            for mistake in error.mistakes:
                findings.add(path, f"leads nowhere: {mistake.message}", value=False)
        except (UsageError, KeyError, TypeError, AttributeError, ValueError):
            # The part of the document that it leads into is itself mistaken, which is told already.
            continue


def _settings(data: Mapping[str, Any]) -> Iterator[tuple[Path_, Any]]:
    variants, interventions = data.get("variants"), data.get("interventions")
    for name, changes in variants.items() if isinstance(variants, Mapping) else ():
        for setting, value in changes.items() if isinstance(changes, Mapping) else ():
            yield ("variants", name, setting), value
    for number, row in enumerate(interventions) if isinstance(interventions, list) else ():
        changes = row.get("set") if isinstance(row, Mapping) else None
        for setting, value in changes.items() if isinstance(changes, Mapping) else ():
            yield ("interventions", number, "set", setting), value


def _tamed(data: Mapping[str, Any]) -> dict[str, Any]:
    """The data with rows that lack names given empty ones, so that paths can be followed past them."""
    tamed = dict(data)
    for section, names in (("lanes", ("seller", "buyer", "product")), ("recipes", ("enterprise", "product"))):
        rows = tamed.get(section)
        if isinstance(rows, list):
            tamed[section] = [{**dict.fromkeys(names, ""), **row} if isinstance(row, Mapping) else dict.fromkeys(names, "") for row in rows]
    return tamed
