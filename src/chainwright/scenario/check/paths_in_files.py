"""Looks whether the paths of variants and interventions lead somewhere, in a file that has other mistakes too."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from chainwright.scenario.change.settings import apply
from chainwright.scenario.check.findings import Findings, Sound
from chainwright.scenario.documents import Path_, dotted_path
from chainwright.scenario.paths import split_path
from chainwright.words.errors import ScenarioError, UsageError

_NAMES = {"lanes": ("seller", "buyer", "product", "mode"), "recipes": ("enterprise", "product")}


class Unsure(str):
    """A name that is mistaken, and so may be any: it answers to all of them, and being empty is never suggested."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str)

    def __hash__(self) -> int:
        return 0


def check_settings(findings: Findings, sound: Sound) -> None:
    """Look whether each path leads somewhere, as far as can be told beside what is mistaken.

    (In a file without mistakes, each setting is applied and checked as a whole.)
    """
    told = {mistake.path for mistake in findings.mistakes}
    if "variants" in told:
        return  # too many of them
    data = _tamed(findings, sound)
    for path, value in _settings(findings.document.data):
        if dotted_path(path) in told or _through_doubt(sound, str(path[-1])):
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


def _through_doubt(sound: Sound, setting: str) -> bool:
    """Whether a path leads to an item that may be there once what is mistaken is put right."""
    parts = split_path(setting)
    if parts[0] in ("lanes", "recipes") and sound.unsure & {parts[0], "tables"}:
        return True
    if parts[0] != "enterprises" or parts[2:3] != ("items",):
        return False
    if parts[1] == "*":
        return bool(sound.doubtful or sound.all_doubtful or sound.unsure)
    return parts[1] in sound.enterprises and not sound.certain(parts[1])


def _tamed(findings: Findings, sound: Sound) -> dict[str, Any]:
    """The data with names that are mistaken, or not said, made such that paths can be followed past them."""
    tamed = dict(findings.document.data)
    for section, keys in _NAMES.items():
        rows = tamed.get(section)
        if isinstance(rows, list):
            tamed[section] = [_with_names(sound, row if isinstance(row, Mapping) else {}, keys) for row in rows]
    return tamed


def _with_names(sound: Sound, row: Mapping[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    names: dict[str, Any] = {}
    for key in keys:
        name = row.get(key)
        if key == "mode":
            names |= {"mode": Unsure()} if name is not None and not isinstance(name, str) else {}
        elif not isinstance(name, str) or not (sound.knows_product(name) if key == "product" else sound.knows_enterprise(name)):
            names[key] = Unsure()
    return {**row, **names}
