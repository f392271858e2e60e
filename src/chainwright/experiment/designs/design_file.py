"""A design file: a sweep written down, read with the reader of scenario files, all its mistakes told at once with their places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from chainwright.experiment.designs.factors import Factor, clashes, factor_given, factor_said, factors_of, mistakes_of_factors
from chainwright.experiment.designs.making import KINDS, Design, make_design, options_of
from chainwright.experiment.sweep.measures import measure_names
from chainwright.experiment.sweep.until import replications
from chainwright.scenario import Scenario, load
from chainwright.scenario.check.findings import Findings
from chainwright.scenario.check.rules import LARGEST_WHOLE, Rule, problem, shown, unknown, unknown_key
from chainwright.scenario.read.yaml_file import read_document
from chainwright.scenario.write.yaml_text import write_document
from chainwright.words.errors import ScenarioError, UsageError
from chainwright.words.requests import LARGEST_SEED

VERSION = 1
_COUNT = Rule("whole", 1, LARGEST_WHOLE)
KEYS: Mapping[str, Rule] = {
    "chainwright": Rule("anything"),
    "title": Rule("text"),
    "description": Rule("texts"),
    "scenario": Rule("text"),
    "factors": Rule("mapping"),
    "design": Rule("anything"),
    "reps": Rule("anything"),
    "seed": Rule("whole", 0, LARGEST_SEED),
    "measures": Rule("list"),
    "periods": _COUNT,
    "common": Rule("truth"),
    "engine": Rule("text"),
    "workers": _COUNT,
    "out": Rule("text"),
}

EXAMPLE = """\
chainwright: 1
title: How far ahead, and how much in stock
scenario: beer_game
factors:
  policies.place_orders.default.target: [16, 20, 24, 28]
  lanes.*.transport_time: [1, 2, 4]
  variant: [base, shared_demand]
design: {kind: grid}
reps: 30
seed: 7
measures: [total_cost, fill_rate, bullwhip_ratio]
periods: 52
"""


@dataclass(frozen=True)
class DesignFile:
    """A sweep as a file says it; its fields are what `chainwright.sweep` takes.

    Parameters
    ----------
    scenario : Scenario
        What is varied.
    factors : tuple of Factor
        What varies it.
    design : Design
        The points.
    reps : int, str or list of int
        Replications of each point, or until when: ``until half_width<2%``. None where the file does not say.
    seed, measures, periods, common, engine, workers, out
        As the file says them, or None.
    """

    scenario: Scenario
    factors: tuple[Factor, ...]
    design: Design
    reps: int | str | list[int] | None = None
    seed: int | None = None
    measures: tuple[str, ...] | None = None
    periods: int | None = None
    common: bool | None = None
    engine: str | None = None
    workers: int | None = None
    out: str | None = None

    def arguments(self) -> dict[str, Any]:
        """What is said, by the names of the parameters of `chainwright.sweep`."""
        said = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: value for name, value in said.items() if value is not None}


def read_design(path: str | Path | None, text: str | None = None, scenario: Scenario | str | None = None) -> DesignFile:
    """Read a design file, or a text as if it stood in one.

    Parameters
    ----------
    path : str or Path
        The file; the scenario and the table of points that it names are looked for beside it.
    text : str, optional
        What the file says, where it is not to be read from disk.
    scenario : Scenario or str, optional
        What is varied, instead of what the file says.

    Raises
    ------
    ScenarioError
        With all mistakes, each with its line and column.

    Examples
    --------
    >>> found = read_design(None, EXAMPLE)
    >>> found.design
    Design(grid, 24 points of policies.place_orders.default.target, lanes.*.transport_time, variant)
    >>> found.reps, found.measures
    (30, ('total_cost', 'fill_rate', 'bullwhip_ratio'))
    """
    document = read_document(None if path is None else Path(path), text)
    findings = Findings(document)
    data = document.data
    if "factors" not in data and "scenario" not in data and ("enterprises" in data or "population" in data):
        message = "this is a scenario; expected a design file, with `scenario:`, `factors:` and `design:`"
        findings.add((), message)
        raise ScenarioError(findings.mistakes)
    _check_keys(findings, "scenario" if scenario is None else "")
    chosen = _scenario(findings, scenario)
    factors = _factors(findings, chosen)
    seed = data.get("seed") if not problem(KEYS["seed"], data.get("seed")) else None
    design = _design(findings, factors, seed if seed is not None else chosen.seed if chosen is not None else 1)
    if design is not None and chosen is not None and (added := [one for one in design.factors if factors is not None and one not in factors]):
        for name, message in mistakes_of_factors(added, chosen):
            findings.add(("design",), f"column {name!r}: {message}", value=False)
    measures = _measures(findings, chosen)
    if "periods" in data and any("horizon" in factor.every_path for factor in factors or ()):
        findings.add(("periods",), "a factor varies the horizon, which periods would overrule; leave one of the two out", value=False)
    if findings.mistakes or chosen is None or design is None:
        raise ScenarioError(findings.mistakes)
    rest = {name: data.get(name) for name in ("reps", "seed", "periods", "common", "engine", "workers", "out")}
    return DesignFile(chosen, design.factors, design, measures=measures, **rest)


def write_design(scenario: str, factors: Any, design: Any = "grid", **rest: Any) -> str:
    """The text of a design file that says a sweep.

    Parameters
    ----------
    scenario : str
        Name of a shipped scenario, or path of a scenario file.
    factors, design
        As for `chainwright.sweep`; points that are listed are written out.
    **rest
        The other keys of a design file: reps, seed, measures, periods and so on.

    Examples
    --------
    >>> print(write_design("beer_game", {"horizon": "20..40"}, "latin_hypercube(n=8)", reps=30), end="")
    chainwright: 1
    scenario: beer_game
    factors:
      horizon: "20..40"
    design:
      kind: latin_hypercube
      n: 8
    reps: 30
    """
    strange = [name for name in rest if name not in KEYS]
    if strange:
        raise UsageError("\n".join(unknown_key(name, KEYS) for name in strange))
    seed = rest.get("seed")
    made = make_design(factors, design, 1 if seed is None else seed)
    asked: dict[str, Any] = {"kind": made.kind, **made.facts["options"]}
    if made.kind == "points":
        columns = made.document()["points"]
        asked = {"kind": "points", "points": [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]}
    document = {
        "chainwright": VERSION,
        **{name: rest[name] for name in ("title", "description") if rest.get(name) is not None},
        "scenario": scenario,
        "factors": {factor.name: factor_said(factor) for factor in factors_of(made.factors)},
        "design": asked,
        **{name: value for name, value in rest.items() if value is not None and name not in ("title", "description")},
    }
    return write_document(document)


def _check_keys(findings: Findings, needed: str) -> None:
    """The keys of the file, and the values that need nothing else."""
    data = findings.document.data
    for key, value in data.items():
        if key not in KEYS:
            findings.add((key,), unknown_key(key, KEYS), value=False)
        elif wrong := problem(KEYS[key], value):
            findings.add((key,), wrong)
    if needed and needed not in data:
        findings.add((), f"{needed!r} is missing; expected for example `scenario: beer_game`")
    if "factors" not in data and not _lists_points(findings):
        findings.add((), "'factors' is missing; expected for example `factors: {lanes.*.transport_time: [1, 2, 4]}`")
    version = data.get("chainwright", VERSION)
    if isinstance(version, bool) or version != VERSION:
        findings.add(("chainwright",), f"expected {VERSION}, the version of the file's format, got {shown(version)}")
    if "reps" in data and (wrong := _wrong_reps(data["reps"])):
        findings.add(("reps",), wrong)


def _lists_points(findings: Findings) -> bool:
    """Whether the design lists its points, whose columns say what is varied."""
    asked = findings.document.data.get("design")
    return isinstance(asked, Mapping) and asked.get("kind") == "points"


def _wrong_reps(reps: Any) -> str:
    try:
        replications(reps)
    except UsageError as error:
        return str(error).removeprefix("reps: ")
    return ""


def _scenario(findings: Findings, given: Scenario | str | None) -> Scenario | None:
    if isinstance(given, Scenario):
        return given
    said = findings.document.data.get("scenario") if given is None else given
    if not isinstance(said, str):
        return None
    try:
        # A file is looked for beside the design; a name without suffix is on the shelf.
        beside = findings.document.folder / said
        return load(beside if given is None and beside.is_file() else said)
    except ScenarioError as error:
        findings.mistakes += error.mistakes
    except UsageError as error:
        findings.add(("scenario",), str(error))
    return None


def _factors(findings: Findings, scenario: Scenario | None) -> tuple[Factor, ...] | None:
    """The factors, or None where something is wrong with one of them."""
    section = findings.document.data.get("factors", {} if _lists_points(findings) else None)
    if not isinstance(section, Mapping):
        return None
    before = len(findings.mistakes)
    made: list[Factor] = []
    for name, given in section.items():
        try:
            made.append(factor_given(name, given))
        except UsageError as error:
            findings.add(("factors", name), str(error))
    crossing = clashes(made)
    for name, message in crossing:
        findings.add(("factors", name), message, value=False)
    if scenario is not None and not crossing:
        for name, message in mistakes_of_factors(made, scenario):
            findings.add(("factors", name), message, value=False)
    return tuple(made) if len(findings.mistakes) == before else None


def _design(findings: Findings, factors: tuple[Factor, ...] | None, seed: int) -> Design | None:
    asked = findings.document.data.get("design", "grid")
    if not isinstance(asked, str | Mapping):
        findings.add(("design",), f"expected the name of a design ({', '.join(KINDS)}), or a mapping with its kind, got {shown(asked)}")
        return None
    if isinstance(asked, Mapping) and not _check_options(findings, asked):
        return None
    if factors is None:
        return None
    if isinstance(asked, Mapping) and isinstance(asked.get("file"), str):
        asked = {**asked, "file": findings.document.folder / asked["file"]}
    try:
        return make_design(factors, asked, seed)
    except UsageError as error:
        for line in str(error).splitlines():
            findings.add(("design",), line)
    return None


def _check_options(findings: Findings, asked: Mapping[str, Any]) -> bool:
    """The kind of a design and the names of its options; whether all are right."""
    kind = asked.get("kind")
    if "kind" not in asked:
        findings.add(("design",), f"'kind' is missing; expected one of {', '.join(KINDS)}", value=False)
        return False
    if not isinstance(kind, str) or kind not in KINDS:
        findings.add(("design", "kind"), unknown("design", kind, KINDS))
        return False
    strange = [name for name in asked if name not in ("kind", *options_of(kind))]
    for name in strange:
        findings.add(("design", name), f"design {kind!r}: {unknown_key(name, options_of(kind))}", value=False)
    return not strange


def _measures(findings: Findings, scenario: Scenario | None) -> tuple[str, ...] | None:
    given = findings.document.data.get("measures")
    if not isinstance(given, list) or scenario is None:
        return None
    if not given:
        findings.add(("measures",), "no measure is named; leave measures out for all of the network")
    for number, name in enumerate(given):
        try:
            measure_names([name], scenario)
        except UsageError as error:
            findings.add(("measures", number), str(error))
        if given.index(name) < number:
            findings.add(("measures", number), f"measure {shown(name)} is named twice")
    return tuple(str(name) for name in given)
