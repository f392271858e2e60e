"""The work of one pack: its points made, packed into unions by structure, played; what fails is set apart, the rest stays whole."""

from __future__ import annotations

import time
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from chainwright._version import __version__
from chainwright.experiment.sweep.point import Point
from chainwright.experiment.sweep.union import Playable, play, playable
from chainwright.scenario import Scenario
from chainwright.words.errors import ChainwrightError

# Items of one union; more fit badly into the processor's cache.
UNION_ITEMS = 50_000
DONE, FAILED = "done", "failed"
# Columns that say where a row comes from, before those of the measures.
PROVENANCE = ("point", "rep", "run", "seed", "scenario_hash", "version", "status", "message", "wall_s")
# Run numbers of points that share no random numbers lie this far apart.
STRIDE = 1_000_000_000

Batch = Sequence[tuple[Point, tuple[int, ...]]]


@dataclass(frozen=True)
class Request:
    """What all packs of a sweep have in common.

    Parameters
    ----------
    scenario : Scenario
        What the points change.
    seed : int
        Seed of all draws.
    measures : tuple of str
        What is measured.
    periods : int, optional
        How long each run lasts; the horizon of each point's scenario by default.
    common : bool
        Whether replication r has the same random draws at every point.
    check : bool
        Whether conservation is asserted in every period.
    agents : mapping
        Who decides in place of the policies, as for `chainwright.run`.
    imports : tuple of str
        SHA-256 of each of the user's files that it cannot do without.
    """

    scenario: Scenario
    seed: int
    measures: tuple[str, ...]
    periods: int | None = None
    common: bool = True
    check: bool = False
    agents: Mapping[str, Any] = field(default_factory=dict)
    imports: tuple[str, ...] = ()


@dataclass
class _Run:
    """One point's replication, where its row belongs, and what became of it."""

    row: int
    point: Point
    made: Playable | None
    number: int
    message: str = ""
    seconds: float = 0.0


def run_number(request: Request, point: Point, rep: int) -> int:
    """The number under which `chainwright.run` plays a point's replication.

    Examples
    --------
    >>> import chainwright as cw
    >>> request = Request(cw.load("beer_game"), 1, ("fill_rate",))
    >>> run_number(request, Point(3), 5)
    5
    """
    return rep if request.common else rep + STRIDE * (1 + int(point.key, 16) % STRIDE)


def compute(request: Request, batch: Batch) -> pd.DataFrame:
    """Play some replications of some points.

    Parameters
    ----------
    request : Request
        What is played and measured.
    batch : sequence of (Point, tuple of int)
        The points, each with the numbers of its replications.

    Returns
    -------
    DataFrame
        One row per point and replication in the order asked for: where it comes from, its status, and its measures; those of a
        failed one are empty.

    Examples
    --------
    >>> import chainwright as cw
    >>> request = Request(cw.load("beer_game"), 1, ("total_cost",))
    >>> table = compute(request, [(Point(0), (0,)), (Point(1, settings={"horizon": -1}), (0,))])
    >>> table["status"].tolist()
    ['done', 'failed']
    """
    runs: list[_Run] = []
    groups: dict[str, list[_Run]] = {}
    reps: list[int] = []
    for point, numbers in batch:
        made, message = _made(request, point)
        for rep in numbers:
            one = _Run(len(runs), point, made, run_number(request, point, rep), message)
            runs.append(one)
            reps.append(rep)
            if made is not None:
                groups.setdefault(made.structure, []).append(one)
    values = np.full((len(request.measures), len(runs)), np.nan)
    for group in groups.values():
        assert group[0].made is not None
        size = max(1, UNION_ITEMS // max(1, len(group[0].made.blueprint.tables["items"]["enterprise"])))
        for start in range(0, len(group), size):
            _play(request, group[start : start + size], values)
    facts = {
        "point": [one.point.key for one in runs],
        "rep": np.asarray(reps, np.int64),
        "run": np.asarray([one.number for one in runs], np.int64),
        "seed": np.full(len(runs), request.seed, np.int64),
        "scenario_hash": ["" if one.made is None else one.made.hash for one in runs],
        "version": [__version__] * len(runs),
        "status": [FAILED if one.message else DONE for one in runs],
        "message": [one.message for one in runs],
        "wall_s": np.asarray([one.seconds for one in runs], np.float64),
    }
    return pd.DataFrame(facts | dict(zip(request.measures, values, strict=True)))


def _made(request: Request, point: Point) -> tuple[Playable | None, str]:
    """A point made ready, or why it cannot be."""
    try:
        return playable(point.scenario(request.scenario), request.periods, request.agents), ""
    except Exception as error:  # whatever is wrong with one point, the others are played
        return None, told(error)


def _play(request: Request, runs: Sequence[_Run], values: Any) -> None:
    """Play runs of one structure in one union; where that fails, in halves, until what fails stands alone."""
    members: dict[str, int] = {}
    playables: list[Playable] = []
    for one in runs:
        if one.point.key not in members:
            assert one.made is not None
            members[one.point.key] = len(playables)
            playables.append(one.made)
    of_run = np.asarray([members[one.point.key] for one in runs], np.int32)
    started = time.perf_counter()
    try:
        found = play(playables, of_run, [one.number for one in runs], request.seed, request.measures, request.check)
    except Exception as error:  # a policy, an agent or an invariant of one of them
        if len(runs) == 1:
            runs[0].message, runs[0].seconds = told(error), time.perf_counter() - started
            return
        for half in (runs[: len(runs) // 2], runs[len(runs) // 2 :]):
            _play(request, half, values)
        return
    seconds = (time.perf_counter() - started) / len(runs)
    rows = [one.row for one in runs]
    for place, name in enumerate(request.measures):
        values[place, rows] = found[name]
    for one in runs:
        one.seconds = seconds


def told(error: BaseException) -> str:
    """What went wrong in one line; of what no user's mistake explains, where it happened as well."""
    text = " ".join(str(error).split()) or type(error).__name__
    if isinstance(error, ChainwrightError):
        return text
    frames = traceback.extract_tb(error.__traceback__)
    where = f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}: {text}{where}"
