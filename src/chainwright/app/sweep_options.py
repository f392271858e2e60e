"""What a user asks of ``chainwright sweep``, by options or by a design file with options beside it, as arguments of `chainwright.sweep`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chainwright.app.options import Options, split_variant
from chainwright.words.errors import ChainwrightError, ScenarioError, UsageError

# Designs of which one can say how many points they should have, and by which of their options.
COUNTED = {"latin_hypercube": "n", "sobol": "n", "halton": "n", "fractional": "runs"}
# Keys that a design file has and a scenario file has not.
KEYS_OF_DESIGNS = ("scenario", "factors", "design", "reps", "measures")
SUFFIXES = (".yaml", ".yml")
NO_FACTOR = "no factor is given"
FACTOR_MISSING = "--factor: say what is varied, such as --factor 'lanes.*.transport_time=1,2,4'"


@dataclass(frozen=True)
class Given:
    """The options of the command as they were given; None where nothing was said.

    Parameters
    ----------
    what : str
        The scenario, or the design file.
    variant, settings, factors, design, points, points_file, reps, seed, periods, measures, agents, engine, workers, common, out, resume, check, files
        As the options of the command say them.
    """

    what: str
    variant: str | None
    settings: list[str]
    factors: list[str]
    design: str | None
    points: int | None
    points_file: str | None
    reps: str | None
    seed: int | None
    periods: int | None
    measures: str | None
    agents: list[str]
    engine: str | None
    workers: int | None
    common: bool | None
    out: str | None
    resume: bool
    check: bool
    files: list[str]


def arguments_of(options: Options, given: Given) -> dict[str, Any]:
    """The arguments of `chainwright.sweep`; whatever is wrong is noted, all of it, also what the sweep itself would refuse."""
    for option, value, minimum in (("--seed", given.seed, 0), ("--periods", given.periods, 1), ("--workers", given.workers, 1),
                                   ("--points", given.points, 1)):  # fmt: skip
        options.least(option, value, minimum)
    changes = options.settings("--set", given.settings)
    seats = options.agents("--agent", given.agents)
    factors = _factors(options, given.factors)
    asked = _design(options, given)
    name, joined = split_variant(given.what)
    if joined is not None and given.variant is not None:
        options.mistakes.append(f"--variant: {given.what} names a variant already")
    variant = given.variant if joined is None else joined
    file = _design_file(name)
    if file is None:
        scenario = options.scenario(name, variant, changes)
        said: dict[str, Any] = {"factors": factors, "design": "grid" if asked is None else asked}
        if scenario is not None and not given.factors and given.points_file is None:
            options.mistakes.append(FACTOR_MISSING)
    else:
        said = _from_file(options, file, variant, changes)
        scenario = said.get("scenario")
        if said:
            said |= _replaced(options, said, factors, asked, given.seed)
    measures = None if given.measures is None else [one.strip() for one in given.measures.split(",") if one.strip()]
    plain = {"reps": given.reps, "seed": given.seed, "periods": given.periods, "measures": measures, "engine": given.engine,
             "workers": given.workers, "common": given.common, "out": given.out}  # fmt: skip
    said |= {key: value for key, value in plain.items() if value is not None}
    said |= {"resume": given.resume, "check": given.check, "agents": seats, "imports": given.files, "scenario": scenario}
    said.setdefault("engine", "processes")
    if "out" not in said:
        said["out"] = str(Path("out") / (file.stem if file is not None else f"{getattr(scenario, 'name', 'scenario')}-sweep"))
    if options.mistakes:
        _rest(options, said, name)
    return said


def note(options: Options, error: ChainwrightError) -> None:
    """Note what a sweep refuses, in the words of the command line, each thing once."""
    if isinstance(error, ScenarioError):
        lines = [str(mistake) for mistake in error.mistakes]
        options.counted = True
    else:
        lines = [in_options(line) for line in str(error).splitlines()]
    options.mistakes += [line for line in dict.fromkeys(lines) if line not in options.mistakes]


def in_options(line: str) -> str:
    """A message of `chainwright.sweep` with options in place of arguments.

    Examples
    --------
    >>> in_options("out/s: holds a sweep already; leave resume=False out to resume it")
    'out/s: holds a sweep already; leave --no-resume out to resume it'
    >>> in_options("reps: cannot read 'until tomorrow'")
    "--reps: cannot read 'until tomorrow'"
    """
    if line.startswith(NO_FACTOR):
        return FACTOR_MISSING
    line = line.replace("resume=False", "--no-resume").replace("out must be", "--out must be")
    line = line.replace("? say levels=5,", '? say --design "grid levels=5",')
    return f"--{line}" if line.startswith("reps: ") else line


def design_of_text(text: str) -> str | dict[str, Any]:
    """The design of ``--design``: a word, a word with options behind it or in brackets, or a mapping.

    Examples
    --------
    >>> design_of_text("sobol n=64"), design_of_text("latin_hypercube(n=50)"), design_of_text("{kind: morris, trajectories: 8}")
    ('sobol(n=64)', 'latin_hypercube(n=50)', {'kind': 'morris', 'trajectories': 8})
    """
    from chainwright.scenario.paths import parse_value

    text = text.strip()
    if text.startswith("{"):
        made = parse_value(text)
        return made if isinstance(made, dict) else text
    kind, _, rest = text.partition(" ")
    if not rest.strip() or "(" in kind or rest.strip().startswith("("):
        return text
    options = rest.replace(",", " ").split() if not any(sign in rest for sign in "[{(\"'") else [rest.strip()]
    return f"{kind}({', '.join(options)})"


def _factors(options: Options, texts: list[str]) -> list[Any]:
    from chainwright.experiment.designs.factors import parse_factor

    found = []
    for text in texts:
        try:
            found.append(parse_factor(text))
        except ChainwrightError as error:
            options.mistakes += [f"--factor: {line}" for line in str(error).splitlines()]
    return found


def _design(options: Options, given: Given) -> Any:
    """What is asked for as a design; None where nothing is."""
    if given.points_file is not None:
        if given.design is not None or given.points is not None:
            options.mistakes.append("--points-file: its rows are the design; leave --design and --points out")
        return {"kind": "points", "file": given.points_file}
    if given.design is None:
        if given.points is not None:
            options.mistakes.append("--points: say how they are chosen, such as --design latin_hypercube")
        return None
    try:
        asked = design_of_text(given.design)
    except UsageError as error:
        options.mistakes.append(f"--design: {error}")
        return None
    return asked if given.points is None else _counted(options, asked, given.points)


def _counted(options: Options, asked: str | dict[str, Any], points: int) -> Any:
    """A design with the number of its points."""
    from chainwright.experiment.designs.factors_text import parse_call
    from chainwright.experiment.designs.making import KINDS

    kind, values, named = parse_call(asked) if isinstance(asked, str) else (asked.get("kind"), [], dict(asked))
    option = COUNTED.get(str(kind))
    if option is None:
        if kind in KINDS:
            options.mistakes.append(f"--points: a {kind} design has as many points as follow from its factors and options; leave it out")
        return asked
    if values or option in named:
        options.mistakes.append(f"--points: {given_text(asked)!r} says how many already")
        return asked
    return {**named, "kind": kind, option: points}


def given_text(asked: str | dict[str, Any]) -> str:
    """A design as one writes it."""
    from chainwright.scenario.write.yaml_text import flow_text

    return asked if isinstance(asked, str) else flow_text(asked)


def _design_file(name: str) -> Path | None:
    """The path, if it is one of a design file."""
    path = Path(name)
    if path.suffix not in SUFFIXES or not path.is_file():
        return None
    from chainwright.scenario.read.yaml_file import read_document

    try:
        data = read_document(path).data
    except ScenarioError:
        return None  # what is wrong is told when it is read as a scenario
    return path if any(key in data for key in KEYS_OF_DESIGNS) else None


def _from_file(options: Options, file: Path, variant: str | None, changes: dict[str, Any]) -> dict[str, Any]:
    """What a design file says, of its scenario as it was changed by options."""
    from chainwright.experiment.designs.design_file import read_design

    try:
        scenario: Any = None
        if variant is not None or changes:
            from chainwright.scenario.read.yaml_file import read_document

            named = str(read_document(file).data.get("scenario"))
            name = str(file.parent / named) if (file.parent / named).is_file() else named
            # Where that is wrong the file is read for itself, so that its own mistakes are told in the same answer.
            scenario = Options().scenario(name) and options.scenario(name, variant, changes)
        said: dict[str, Any] = read_design(file, scenario=scenario).arguments()
        return said
    except ChainwrightError as error:
        note(options, error)
    return {}


def _replaced(options: Options, said: dict[str, Any], factors: list[Any], asked: Any, seed: int | None) -> dict[str, Any]:
    """Factors and design of a file with those of the options in their place."""
    from chainwright.experiment.designs.making import make_design

    old = said["design"]
    listed = old.kind == "points" and asked is None
    if not factors and asked is None and (seed is None or listed):
        return {}
    if listed:
        options.mistakes.append("--factor: the design file lists its points; say --design as well to choose others")
        return {}
    own = {factor.name: factor for factor in old.factors} | {factor.name: factor for factor in factors}
    chosen = {"kind": old.kind, **old.facts["options"]} if asked is None else asked
    used = seed if seed is not None else said.get("seed", said["scenario"].seed if "scenario" in said else 1)
    try:
        made = make_design(list(own.values()), chosen, used)
    except UsageError as error:
        note(options, error)
        return {}
    return {"design": made, "factors": list(made.factors)}


def _rest(options: Options, said: dict[str, Any], name: str) -> None:
    """Note what else is wrong, as far as the rest can be read."""
    from chainwright.experiment.engines.engines import check_engine
    from chainwright.experiment.sweep.request import read_request
    from chainwright.experiment.sweep.until import replications

    lines = Options()
    if said["scenario"] is None and "design" in said:
        said["scenario"] = Options().scenario(name)  # without variant and settings
    if said["scenario"] is None:
        for check in (lambda: check_engine(said.get("engine", "serial"), None), lambda: replications(said.get("reps", 1))):
            try:
                check()
            except ChainwrightError as error:
                note(lines, error)
    else:
        # Numbers that are too small are noted already.
        whole = {key: None for key in ("seed", "periods", "workers") if isinstance(said.get(key), int) and said[key] < 1}
        known = {seat: name for seat, name in said["agents"].items() if seat and name}
        try:
            read_request(**(said | whole | {"agents": known}))
        except ChainwrightError as error:
            note(lines, error)
    options.mistakes += [line for line in lines.mistakes if line != FACTOR_MISSING and line not in options.mistakes]
    options.counted = options.counted or lines.counted
