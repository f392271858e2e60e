"""What is asked of a sweep: everything read and checked before anything runs, all that is wrong in one answer."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chainwright._version import __version__
from chainwright.experiment.designs.design import Design
from chainwright.experiment.designs.factors import check_factors, factors_of
from chainwright.experiment.designs.making import make_design
from chainwright.experiment.engines.engines import check_engine, cores, engine_name
from chainwright.experiment.result import runs_text
from chainwright.experiment.run import made_roster
from chainwright.experiment.sweep.measures import measure_names
from chainwright.experiment.sweep.pack import Request
from chainwright.experiment.sweep.plan import Backlog, Need, Pace, by_structure, points_of
from chainwright.experiment.sweep.point import Point
from chainwright.experiment.sweep.progress import FACTS, ID
from chainwright.experiment.sweep.store import IDENTITY, KIND, refuse
from chainwright.experiment.sweep.until import Until, replications
from chainwright.network.takeovers import seats_together
from chainwright.scenario import Scenario, load
from chainwright.words.counts import plural
from chainwright.words.errors import ScenarioError, UsageError
from chainwright.words.file_names import refuse_long
from chainwright.words.requests import LARGEST_SEED, whole_number
from chainwright.words.user_files import import_files

# Seconds of work, as far as can be told, for which no processes are started: starting them takes longer. Naming workers starts them.
A_MOMENT = 1.0
# Each is a row of the table, which lies in memory at the end.
MOST_RUNS = 50_000_000


@dataclass(frozen=True)
class SweepRequest:
    """A sweep that can be played.

    Parameters
    ----------
    request : Request
        What all packs have in common.
    design : Design
        The points as the user sees them.
    points : tuple of Point
        One for each row of the design.
    played : tuple of Point
        Those that differ, in the order in which they are played.
    reps : tuple of int or Until
        Which replications, or the rule that decides it.
    pace : Pace
        How long things take.
    engine : str or object
        Who plays.
    workers : int, optional
        How many, where that was said.
    folder : Path, optional
        Where the results go.
    manifest : mapping
        What the folder says of it.
    """

    request: Request
    design: Design
    points: tuple[Point, ...]
    played: tuple[Point, ...]
    reps: tuple[int, ...] | Until
    pace: Pace
    engine: Any
    workers: int | None
    folder: Path | None
    manifest: Mapping[str, Any]

    def hands(self, needs: Sequence[Need]) -> tuple[Any, int]:
        """The engine that plays so much, and its workers: no more of them than packs, and none at all for what is done in a moment."""
        most = self.reps.most if isinstance(self.reps, Until) else 0
        if self.engine == "processes" and self.workers is None:
            seconds = sum(self.pace.seconds(1, max(len(reps), most)) for _, reps in needs)
            if seconds < A_MOMENT:
                return "serial", 1
        backlog = Backlog(self.pace)
        backlog.add((point, reps if not most else tuple(range(most))) for point, reps in needs)
        workers = self.workers or cores()
        return self.engine, max(1, min(workers, len(backlog.packs(workers))))


def read_request(
    scenario: Scenario | str | os.PathLike[str],
    factors: Any = None,
    design: Any = "grid",
    reps: Any = 1,
    seed: int | None = None,
    measures: Iterable[str] | None = None,
    out: str | os.PathLike[str] | None = None,
    engine: Any = "processes",
    workers: int | None = None,
    resume: bool = True,
    periods: int | None = None,
    common: bool = True,
    check: bool = False,
    agents: Mapping[str, Any] | None = None,
    imports: Iterable[str] = (),
) -> SweepRequest:
    """Read and check what `sweep` is asked.

    Raises
    ------
    UsageError, ScenarioError
        With everything that is wrong.
    """
    wrong: list[str] = []

    def told(check: Callable[[], Any], otherwise: Any) -> Any:
        try:
            return check()
        except (UsageError, ScenarioError) as error:
            wrong.append(str(error))
            return otherwise

    imported = told(lambda: import_files([imports] if isinstance(imports, str) else [os.fspath(one) for one in imports]), [])
    if wrong:
        raise UsageError("\n".join(wrong))  # what follows may be wrong for that alone
    chosen = scenario if isinstance(scenario, Scenario) else load(scenario)
    used_seed = told(lambda: chosen.seed if seed is None else whole_number(seed, "seed", 0, LARGEST_SEED), 1)
    used_periods = told(lambda: None if periods is None else whole_number(periods, "periods", 1), None)
    rule: tuple[int, ...] | Until = told(lambda: replications(reps), ())
    names: tuple[str, ...] = told(lambda: measure_names(measures, chosen), ())
    if isinstance(rule, Until) and names:
        loose = rule
        rule = told(lambda: loose.of(names), ())
    made: Design | None = told(lambda: make_design(factors, design, used_seed), None)
    points: list[Point] = []
    if made is None:
        with contextlib.suppress(UsageError):  # which is told already
            alone = factors_of(factors)
            told(lambda: check_factors(alone, chosen), None)
    else:
        found = made
        told(lambda: check_factors(found.factors, chosen), None)
        points = told(lambda: points_of(found), points)
        least = rule.least if isinstance(rule, Until) else len(rule)
        if len(points) * least > MOST_RUNS:
            many = f"{len(points):,} points with {least:,} replications each are {len(points) * least:,} runs"
            wrong.append(f"{many}; {MOST_RUNS:,} are the most for one sweep")
        wrong += [f"factor {factor.name!r}: the table has a column of that name already; name the factor otherwise"
                  for factor in found.factors if factor.name in (ID, *FACTS, *names, "point", "settings")]  # fmt: skip
    if used_periods is not None:
        wrong += _periods_wrong(chosen, used_periods, points)
    seats: dict[str, Any] = told(lambda: seats_together(chosen.agents, agents), {})
    told(lambda: _check_agents(chosen, seats, points), None)
    told(lambda: check_engine(engine, workers), None)
    folder: Path | None = told(lambda: None if out is None else _folder(out), None)
    if wrong or made is None:
        raise UsageError("\n".join(wrong))
    request = Request(chosen, used_seed, names, used_periods, bool(common), bool(check), dict(agents or {}), tuple(one["sha256"] for one in imported))
    manifest = {
        "kind": KIND,
        "chainwright": __version__,
        "scenario": chosen.name,
        "scenario_hash": chosen.hash,
        "settings": dict(chosen.settings),
        "seed": used_seed,
        "periods": used_periods,
        "measures": list(names),
        "common": bool(common),
        "check": bool(check),
        "agents": {seat: said if isinstance(said, str) else f"{said.__module__}.{said.__qualname__}" for seat, said in (agents or {}).items()},
        "imports": imported,
        "design": {"kind": made.kind, "points": len(made), "factors": [factor.facts() for factor in made.factors], "facts": made.facts},
        "reps": str(rule) if isinstance(rule, Until) else runs_text(rule),
        "engine": engine_name(engine),
        "workers": workers,
    }
    assert set(IDENTITY) <= set(manifest)
    if folder is not None:
        refuse(folder, manifest, resume)
    items = len(chosen.blueprint().tables["items"]["enterprise"])
    # Of points that differ in length the longest counts, so that no pack is longer than it should be.
    longest = max((int(point.settings["horizon"]) for point in points if _is_length(point.settings.get("horizon"))), default=chosen.horizon)
    pace = Pace(items, longest if used_periods is None else used_periods, bool(seats))
    played = tuple(by_structure(points, made))
    return SweepRequest(request, made, tuple(points), played, rule, pace, engine, workers, folder, manifest)


def _periods_wrong(scenario: Scenario, periods: int, points: Sequence[Point]) -> list[str]:
    """Why periods that hold for every point do not go with the points: no point is left anything to measure, or none hears its horizon."""
    if any("horizon" in point.settings for point in points):
        return [f"the {periods} periods hold for every point, so the horizon that a factor sets would change nothing; leave one of the two out"]
    if any(point.variant is not None for point in points):
        return []  # a variant may have a warm-up of its own
    ups = [point.settings.get("warm_up", scenario.warm_up) for point in points] or [scenario.warm_up]
    numbers = [up for up in ups if isinstance(up, int | float)]
    if len(numbers) < len(ups) or periods > min(numbers):
        return []
    return [f"in {plural(periods, 'period')} nothing is left to measure after a warm-up of {min(numbers)}; ask for more, or set warm_up"]


def _is_length(said: Any) -> bool:
    """Whether a horizon is one that can be played; others fail as rows of the table."""
    return isinstance(said, int | float) and not isinstance(said, bool) and 1 <= said < LARGEST_SEED


def _check_agents(scenario: Scenario, seats: Mapping[str, Any], points: Sequence[Point]) -> None:
    """Refuse agents that are not known, or whose seats are neither in the scenario nor in the first or the last of its points."""
    refused: UsageError | None = None
    for place in (None, 0, -1) if points else (None,):
        try:
            roster = made_roster((scenario if place is None else points[place].scenario(scenario)).blueprint(), seats)
        except UsageError as error:
            refused = refused or error
        except ScenarioError:
            continue  # a point that fails is a row of the table
        else:
            if roster is not None:
                roster.close()
            return
    if refused is not None:
        raise refused


def _folder(out: Any) -> Path:
    """The folder for the results, as far as can be seen without making it."""
    try:
        text = os.fspath(out)
    except TypeError:
        raise UsageError(f"out must be the path of a folder, got {out!r}") from None
    if not isinstance(text, str) or not text.strip():
        raise UsageError(f"out must be the path of a folder, got {out!r}")
    refuse_long(text, "out")
    folder = Path(text)
    above = folder
    with contextlib.suppress(OSError):
        while not above.exists() and above != above.parent:
            above = above.parent
    if not above.is_dir():
        raise UsageError(f"{folder}: cannot be a folder, as {above} is a file")
    if not os.access(above, os.W_OK | os.X_OK):
        raise UsageError(f"{folder}: cannot be written")
    return folder
