"""Changes of a valid document: `with_`, variants and interventions applied and checked, each mistake told where it was asked for."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np

from chainwright.network.blueprint import Blueprint, Pipeline
from chainwright.network.structure import other_rows, who
from chainwright.scenario import keys
from chainwright.scenario.change.settings import apply
from chainwright.scenario.check.all_mistakes import examine
from chainwright.scenario.check.rules import article
from chainwright.scenario.documents import dotted_path
from chainwright.scenario.read.series import with_series
from chainwright.scenario.read.yaml_file import Document
from chainwright.scenario.resolve.document import resolve
from chainwright.scenario.resolve.steady import Unsteady, steady_place
from chainwright.words.errors import Mistake, Place, ScenarioError, UsageError
from chainwright.words.subjects import SCHEMA, SHAPES

Intervention: TypeAlias = tuple[int, Mapping[str, Any]]
# What holds for a whole run, whatever happens in it.
FIXED_SECTIONS = ("chainwright", "period", "start", "horizon", "warm_up", "seed", "interventions", "variants", "agents", "population")

_FIXED_ELSE = "cannot change during a run; set it before the run"
_FIXED = {
    "population": "the population cannot change during a run: nobody comes or goes, and nobody's lanes do; set it before the run, or change policies",
    "agents": "who decides cannot change during a run; set it before the run, or change policies",
}


@dataclass(frozen=True)
class Changed:
    """A document after some settings, with which setting wrote what.

    Parameters
    ----------
    document : Document
        The changed document, without mistakes.
    origin : mapping
        The path of the setting by the concrete path (joined by dots) that it wrote.
    """

    document: Document
    origin: Mapping[str, str]

    @cached_property
    def around(self) -> Mapping[str, str]:
        """The first setting that wrote something within a path, by that path."""
        found: dict[str, str] = {}
        for written, setting in self.origin.items():
            end = written.rfind(".")
            while end > 0:
                found.setdefault(written[:end], setting)
                end = written.rfind(".", 0, end)
        return found

    def blame(self, mistake: Mistake) -> Mistake:
        """The mistake with the setting as its place, where a setting wrote what is wrong or something around it, or something in it."""
        path = mistake.path
        setting = self.origin.get(path)
        while setting is None and "." in path:
            path = path.rpartition(".")[0]
            setting = self.origin.get(path)
        setting = setting or self.around.get(mistake.path)
        if setting is None:
            return mistake
        return Mistake(mistake.message, Place(setting), "" if mistake.path == setting else mistake.path)


def changed(document: Document, settings: Mapping[str, Any], anew: bool = True) -> Changed:
    """Apply settings to a valid document.

    A network that the settings make another is generated where `anew` says so; else what only it could tell is left to be found out.

    Raises
    ------
    ScenarioError
        With the mistakes that the settings make, their paths as places; a mistake made many times by a wildcard is told once.
    """
    if not isinstance(settings, Mapping):
        raise UsageError(f"expected a mapping of dotted paths to values, such as {{'lanes.*.transport_time': 3}}, got {settings!r}")
    data = copy.deepcopy(document.data)
    written = apply(data, settings)
    change = Changed(dataclasses.replace(document, data=data, grown=None), {".".join(parts): path for parts, path in written.items()})
    mistakes, grown = examine(change.document, anew)
    if mistakes:
        raise ScenarioError(_told_once([change.blame(mistake) for mistake in mistakes]))
    return dataclasses.replace(change, document=dataclasses.replace(change.document, grown=grown))


def _told_once(mistakes: list[Mistake]) -> list[Mistake]:
    groups: dict[tuple[str, Place], list[Mistake]] = {}
    for mistake in mistakes:
        groups.setdefault((mistake.message, mistake.place), []).append(mistake)
    return [
        first if not others else Mistake(f"{first.message} (and {len(others)} more)", first.place, first.path) for first, *others in groups.values()
    ]


def mistakes_of_variants(document: Document, interventions: bool = True) -> list[Mistake]:
    """What is wrong with the variants of a valid document, each of which must make a valid one; its interventions too, if asked for."""
    mistakes = []
    for name, settings in keys.parts(document.data, "variants").items():
        try:
            change = changed(document, settings or {}, anew=False)
            after = with_series(change.document)
            found = mistakes_of_interventions(after, name) if interventions else []
        except (ScenarioError, UsageError) as error:
            found = error.mistakes if isinstance(error, ScenarioError) else [Mistake(str(error))]
        mistakes += [_at_home(mistake, document, ("variants", name)) for mistake in found]
    return mistakes


def _at_home(mistake: Mistake, document: Document, home: tuple[str | int, ...]) -> Mistake:
    """A mistake of a setting that stands in the file: its place is the setting's line, its path leads there."""
    setting = mistake.place.file if not mistake.place.line else ""
    path = (*home, setting) if setting and setting != document.file else home
    detail = f"{mistake.path}: " if mistake.path and not mistake.path.startswith(str(home[0])) else ""
    return Mistake(detail + mistake.message, document.place(path, value=False), ".".join(str(step) for step in path))


def mistakes_of_interventions(document: Document, name: str) -> list[Mistake]:
    """What is wrong with the interventions of a document that is valid apart from them."""
    own = list(enumerate(keys.parts(document.data, "interventions")))
    if not own:
        return []
    first = None if _unknown(document) else resolve(document.data, name, document.grown)
    mistakes: list[Mistake] = []
    current = document
    for number, one in sorted(own, key=lambda pair: int(pair[1]["period"])):
        home: tuple[str | int, ...] = ("interventions", number, "set")
        try:
            current = intervened(current, name, first, one["set"])[0]
        except (ScenarioError, UsageError) as error:
            found = error.mistakes if isinstance(error, ScenarioError) else [Mistake(str(error))]
            mistakes += [_at_home(mistake, document, home) for mistake in found]
    return mistakes


def stages(document: Document, name: str, first: Blueprint, interventions: tuple[Intervention, ...]) -> tuple[tuple[int, Blueprint], ...]:
    """The blueprint from each period on in which interventions change something, see `Scenario.stages`."""
    every = list(first.interventions)
    for one in interventions:
        if not (isinstance(one, tuple | list) and len(one) == 2 and isinstance(one[1], Mapping)) or isinstance(one[0], bool) or int(one[0]) != one[0]:
            raise UsageError(f"expected an intervention as (period, {{path: value}}), got {one!r}")
        if not one[0] >= 1:
            raise UsageError(f"an intervention in period {one[0]}; periods are counted from 1")
        every.append((int(one[0]), one[1]))
    found: dict[int, Blueprint] = {}
    current = document
    for period, settings in sorted(every, key=lambda pair: pair[0]):
        current, later = intervened(current, name, first, settings)
        assert later is not None
        found[period] = later
    return tuple(found.items())


def flowing(document: Document, name: str) -> Blueprint | None:
    """The blueprint of a scenario in which something starts steady, whose flow is thereby known to exist."""
    path = steady_place(document.data)
    if path is None:
        return None
    try:
        return resolve(document.data, name, document.grown)
    except Unsteady as error:
        raise ScenarioError([Mistake(str(error), document.place(path), dotted_path(path))]) from None


def _unknown(document: Document) -> bool:
    """Whether the network of a document would first have to be generated."""
    return keys.populated(document.data) and document.grown is None


def intervened(current: Document, name: str, first: Blueprint | None, settings: Mapping[str, Any]) -> tuple[Document, Blueprint | None]:
    """The document and the blueprint after one more intervention; a ScenarioError where it cannot happen during a run.

    Without a first blueprint, what only blueprints tell is left out.
    """
    heads = {path: str(path).split(".")[0] for path in settings}
    generated = keys.NETWORK if keys.populated(current.data) else ()
    fixed = [Mistake(_FIXED.get(head, _FIXED_ELSE), Place(path)) for path, head in heads.items() if head in FIXED_SECTIONS]
    fixed += [Mistake(f"the population makes the {head}, which stay as they are during a run; change policies", Place(path))
              for path, head in heads.items() if head in generated]  # fmt: skip
    if fixed:
        raise ScenarioError(fixed)
    change = changed(current, settings, anew=first is not None)
    document = with_series(change.document)
    if first is None:
        return document, None
    blueprint = resolve(document.data, name, document.grown)
    # What was on its way at the start does not follow what is changed later, unless that is what is set.
    kept = {name: first.content(name) for name in keys.CONTENTS if said_contents(current.data, name) == said_contents(document.data, name)}
    blueprint = dataclasses.replace(blueprint, contents={**blueprint.contents, **kept})
    broken = list(differences(first, blueprint))
    if broken:
        culprit = next(iter(settings)) if len(settings) == 1 else ""
        raise ScenarioError([Mistake(message, Place(culprit)) for message in broken])
    return document, blueprint


def said_contents(document: Mapping[str, Any], name: str) -> list[Any]:
    """What a document says is on its way at the start, entry by entry."""
    entries = [*keys.parts(document, "lanes"), *keys.parts(document, "recipes")]
    items = [item or {} for said in keys.parts(document, "enterprises").values() for item in keys.declared_items(said).values()]
    return [entry.get(name) for entry in (*entries, *items)]


def differences(first: Blueprint, later: Blueprint) -> Iterator[str]:
    """What differs between two blueprints although it cannot change during a run, one sentence each."""
    for table in other_rows(first.tables, later.tables):
        yield f"an intervention cannot change which {table} there are, nor their {' and '.join(who(SHAPES[table]))}"
        return
    for column in SCHEMA:
        if not column.initial:
            continue
        before, after = (blueprint.tables[column.table].get(column.name) for blueprint in (first, later))  # what is left out has its default
        if before is not after and (before is None or after is None or not np.array_equal(before, after)):
            yield f"{column.name} is a state at the start and cannot be set during a run"
    if first.tags.keys() != later.tags.keys() or any(not np.array_equal(rows, later.tags[tag]) for tag, rows in first.tags.items()):
        yield "tags cannot be set during a run"
    for name in keys.CONTENTS:
        if not _same_pipeline(first.content(name), later.content(name)):
            yield f"{name} is a state at the start and cannot be set during a run"
    for column in SCHEMA:
        once, now = (one.tables.get(column.table, {}).get(column.name, ()) for one in (first, later))
        if column.fixed and not np.array_equal(once, now):
            if column.dtype == "bool":
                yield f"{article(SHAPES[column.table].one)} cannot become or cease to be {column.name} during a run"
            else:
                yield f"{column.name} holds for a whole run and cannot be set during it"
    for name, none, later_none in (
        ("order_delay", first.tables["lanes"]["order_delay"] == 0, later.tables["lanes"]["order_delay"] == 0),
        ("transport_time", first.instant, later.instant),
        ("production_time", first.tables["items"]["production_time"] == 0, later.tables["items"]["production_time"] == 0),
    ):
        if not np.array_equal(none, later_none):
            yield f"{name} cannot become or cease to be 0 during a run"


def _same_pipeline(one: Pipeline, other: Pipeline) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in ("row", "due", "amount"))
