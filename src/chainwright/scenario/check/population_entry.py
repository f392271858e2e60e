"""Checks the section of a generated network: its generator, its parameters, and that nothing is written beside it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from chainwright.network.populations.base import Generator, generators
from chainwright.scenario import keys
from chainwright.scenario.check import rules_of_keys
from chainwright.scenario.check.findings import Findings, Sound
from chainwright.scenario.check.rules import shown, suggestion_for, unknown_key
from chainwright.scenario.documents import Path_, dotted_path
from chainwright.scenario.read.table_files import file_beside
from chainwright.scenario.resolve.generated import files_of, grown
from chainwright.words.errors import Mistake, ScenarioError, UsageError, nearest

HOME: Path_ = ("population",)


def check_population(findings: Findings, sound: Sound, anew: bool = True) -> None:
    """The section ``population``; where it is sound, its network becomes known, which makes it where nobody has yet and `anew` says so."""
    data = findings.document.data
    if not keys.populated(data):
        return
    before = len(findings.mistakes)
    section = data["population"]
    given = [name for name in keys.NETWORK if data.get(name)]
    if given:
        both = f"{', '.join(given[:-1])} and {given[-1]}" if len(given) > 1 else given[0]
        message = f"a population makes products, enterprises, lanes and recipes, but {both} {'is' if len(given) == 1 else 'are'} written as well"
        findings.add(HOME, f"{message}; leave out one or the other", value=False)
    if isinstance(section, Mapping):
        _check_section(findings, section)
    # Until it is known who is there, any name may be right.
    sound.unsure |= {"products", "enterprises"}
    if len(findings.mistakes) > before or not isinstance(section, Mapping):
        return
    try:
        sound.grown = grown(section, findings.document.folder, anew)
    except ScenarioError as error:
        for mistake in error.mistakes:
            path = mistake.path if mistake.path.startswith("population") else dotted_path(HOME)
            place = mistake.place if mistake.place.file else findings.document.place(tuple(path.split(".")))
            findings.mistakes.append(Mistake(mistake.message, place, path))
    except UsageError as error:
        findings.add(HOME, str(error), value=False)
    if sound.grown is not None:
        sound.unsure -= {"products", "enterprises"}
        sound.enterprises = sound.grown.roles
        sound.products = {name: {} for name in sound.grown.index.product_row}
        sound.tags = set(sound.grown.population.tags)


def _check_section(findings: Findings, section: Mapping[str, Any]) -> None:
    name, known = section.get("generator"), generators()
    misspelt = next((key for key in section if nearest(key, ["generator"])), None)
    if "generator" not in section and misspelt is not None:
        findings.add((*HOME, misspelt), unknown_key(misspelt, ("generator",)), value=False)
    elif "generator" not in section:
        findings.add(HOME, f"'generator' is missing; expected one of {', '.join(sorted(known))}", value=False)
    elif not isinstance(name, str) or name not in known:
        findings.unknown((*HOME, "generator"), "generator", name, sorted(known))
    else:
        _check_parameters(findings, known[name], {key: value for key, value in section.items() if key != "generator"})


def _check_parameters(findings: Findings, generator: type[Generator], given: Mapping[str, Any]) -> None:
    rules = rules_of_keys.rules_of_generator(generator)
    fields = {field.name: field for field in generator.parameters()}
    before = len(findings.mistakes)
    meant = set()
    for name, value in given.items():
        if name not in rules:
            known = findings.compared(rules)
            meant.add(nearest(name, known))
            has = suggestion_for(name, known) if rules else "; it has none"
            findings.add((*HOME, name), f"generator {generator.name!r} has no parameter {shown(name)}{has}", value=False)
        elif value is not None or fields[name].default is not None:
            findings.check((*HOME, name), rules[name], value)
    for name in fields:
        if rules_of_keys.is_needed(fields[name]) and name not in given and name not in meant:
            findings.add(HOME, f"generator {generator.name!r} needs the parameter {name!r}: {fields[name].metadata.get('meaning', '')}", value=False)
    for name, file in files_of({"generator": generator.name, **given}).items():
        if wrong := file_beside(findings.document.folder, file)[1]:
            findings.add((*HOME, name), wrong)
    if len(findings.mistakes) == before:
        for name, message in generator.mistakes({**_defaults(generator), **{key: value for key, value in given.items() if value is not None}}):
            steps = tuple(int(step) if step.isdecimal() else step for step in name.split(".")) if name else ()
            findings.add((*HOME, *steps), message, value=bool(steps))


def _defaults(generator: type[Generator]) -> dict[str, Any]:
    made = {}
    for field in generator.parameters():
        if field.default is not dataclasses.MISSING:
            made[field.name] = field.default
        elif field.default_factory is not dataclasses.MISSING:
            made[field.name] = field.default_factory()
    return made
