"""What a sweep would take, before it is played: runs, packs, time and room on disk."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from chainwright.experiment.sweep.pack import compute
from chainwright.experiment.sweep.parts import in_order, read_part
from chainwright.experiment.sweep.plan import Backlog
from chainwright.experiment.sweep.progress import SweepProgress
from chainwright.experiment.sweep.request import SweepRequest, read_request
from chainwright.experiment.sweep.store import PARTS
from chainwright.experiment.sweep.until import Until

# Bytes of a number in a compressed part and in the table, and as text; and of all that says where a row comes from.
BYTES_OF_NUMBER = 8 + 8 + 18
BYTES_OF_ROW = 230
# Replications of the trial, at the most.
MOST_TRIED = 50


@dataclass(frozen=True)
class Estimate:
    """What a sweep would take.

    Parameters
    ----------
    points, runs : int
        Points of the design that differ, and runs in all; of a rule for replications as many as every point has at the least.
    known : int
        Runs that the folder holds already.
    packs : int
        How many pieces the work is cut into.
    workers : int
        How many of them are played at a time.
    seconds : float
        How long it would take.
    size : int
        Bytes on disk; 0 where no folder is named.
    most : int, optional
        Runs at the most, where a rule decides.
    tried : bool
        Whether a trial was played; else the time is only a rule of thumb.
    rows : int
        Points of the design, those that repeat counted each time.
    notes : tuple of str
        What the design was made with other than as asked.
    """

    points: int
    runs: int
    known: int
    packs: int
    workers: int
    seconds: float
    size: int
    most: int | None = None
    tried: bool = False
    rows: int = 0
    notes: tuple[str, ...] = ()


def estimate(*arguments: Any, trial: bool = True, **options: Any) -> Estimate:
    """What `sweep` would take with the same arguments; nothing is written.

    Parameters
    ----------
    *arguments, **options
        As for `sweep`; ``progress``, ``retry_failed`` and ``tell`` make no difference.
    trial : bool
        Whether some replications of the first point are played, to see how long they take.

    Examples
    --------
    >>> found = estimate("beer_game", {"policies.place_orders.default.target": [15, 17, 20]}, reps=100, trial=False)
    >>> found.points, found.runs, found.known
    (3, 300, 0)
    """
    for name in ("progress", "retry_failed", "tell"):
        options.pop(name, None)
    asked = read_request(*arguments, **options)
    tally = SweepProgress(asked.played, asked.reps, asked.request.measures)
    if asked.folder is not None:
        tally.recall((read_part(path, asked.request.measures) for path in in_order(asked.folder / PARTS)), again=False)
    backlog = Backlog(asked.pace)
    needs = tally.needs()
    backlog.add(needs)
    missing = tally.total - tally.done
    engine, workers = asked.hands(needs)
    workers = 1 if engine == "serial" else workers
    packs = len(backlog.packs(workers))
    per_point, per_run = _tried(asked) if trial and needs else (asked.pace.per_point, asked.pace.per_run)
    rows = sum(len(asked.reps) if not isinstance(asked.reps, Until) else asked.reps.least for _ in asked.points)
    return Estimate(
        points=len(asked.played),
        runs=tally.total,
        known=tally.done,
        packs=packs,
        workers=workers,
        seconds=(len(needs) * per_point + missing * per_run) / workers,
        size=0 if asked.folder is None else rows * (BYTES_OF_ROW + (len(asked.request.measures) + len(asked.design.factors)) * BYTES_OF_NUMBER),
        most=len(asked.played) * asked.reps.most if isinstance(asked.reps, Until) else None,
        tried=trial and bool(needs),
        rows=len(asked.points),
        notes=tuple(asked.design.facts.get("notes", ())),
    )


def _tried(asked: SweepRequest) -> tuple[float, float]:
    """Seconds of a point and of a run, from a trial of the first point; a union's own share of the time falls to the runs."""
    point = asked.played[0]
    reps = min(MOST_TRIED, asked.pace.union)
    compute(asked.request, [(point, (0,))])  # what is done once in a process
    started = time.perf_counter()
    compute(asked.request, [(point, (0,))])
    one = time.perf_counter() - started
    started = time.perf_counter()
    compute(asked.request, [(point, tuple(range(reps)))])
    many = time.perf_counter() - started
    per_run = max(many - one, 0.0) / (reps - 1) if reps > 1 else one
    # What a union costs once is shared by a pack's points, where they lie in one.
    return min(asked.pace.per_point, one), per_run
