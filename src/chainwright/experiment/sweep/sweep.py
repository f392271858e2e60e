"""Sweeping: every point of a design with its replications, on an engine, into one table; interrupted, it is resumed where it stopped."""

from __future__ import annotations

import contextlib
import time
import warnings
from collections.abc import Callable, Iterable, Mapping
from os import PathLike
from typing import Any

import pandas as pd

from chainwright.experiment.engines.conduct import Conductor
from chainwright.experiment.engines.engines import crew
from chainwright.experiment.sweep.pack import FAILED
from chainwright.experiment.sweep.plan import Backlog
from chainwright.experiment.sweep.progress import SweepProgress
from chainwright.experiment.sweep.remarks import remarks_of
from chainwright.experiment.sweep.request import SweepRequest, read_request
from chainwright.experiment.sweep.store import Store, design_frame
from chainwright.experiment.sweep.table import Sweep, SweepTable
from chainwright.experiment.sweep.until import REACHED, Until
from chainwright.scenario import Scenario
from chainwright.scenario.change.left_behind import warn
from chainwright.words.errors import DiskFailed

Progress = Callable[[int, int], None]
# So many points are named, the others counted.
MOST_NAMED = 8


def sweep(
    scenario: Scenario | str | PathLike[str],
    factors: Any = None,
    design: Any = "grid",
    reps: Any = 1,
    seed: int | None = None,
    measures: Iterable[str] | None = None,
    out: str | PathLike[str] | None = None,
    engine: Any = "processes",
    workers: int | None = None,
    resume: bool = True,
    periods: int | None = None,
    common: bool = True,
    progress: Progress | None = None,
    *,
    check: bool = False,
    agents: Mapping[str, Any] | None = None,
    imports: Iterable[str] = (),
    retry_failed: bool = False,
    tell: Callable[[str], None] | None = None,
) -> SweepTable:
    """Run every point of a design, with replications, and measure it.

    The table is the same, bit for bit, on every engine, with any number of workers, and after any interruption.

    Parameters
    ----------
    scenario : Scenario, str or path
        What the points change.
    factors : mapping
        What is varied: by dotted path, or by a name of your own, a list of values, a range, a distribution, labelled settings;
        ``variant`` takes names of variants.
    design : str, mapping, DataFrame or Design
        How the points are chosen: ``grid``, ``latin_hypercube(n=100)``, the points themselves ...
    reps : int, sequence of int, str or Until
        How many replications of each point, or their numbers; ``until half_width(total_cost)<2%`` adds replications point by point
        until the mean is known that well.
    seed : int, optional
        Seed of all draws; the scenario's own by default.
    measures : iterable of str, optional
        What is measured: metrics of the network, or ``items.retailer.beer.bullwhip_ratio`` and the like.
    out : str or path, optional
        Folder for the results, to which every finished pack is written. A sweep that was stopped is resumed; the same folder
        takes a larger design or more replications of the same scenario.
    engine : {"processes", "serial", "dask"}, address or object
        Who plays: a pool of processes, this process, a cluster of Dask made here or at ``tcp://...``, or anything with ``submit()``.
    workers : int, optional
        How many processes. One for each core by default, but none for a second of work, which this process does itself.
    resume : bool
        Whether to go on with what the folder holds; else a folder that holds a sweep is refused.
    periods : int, optional
        Periods to play; the horizon of each point's scenario by default.
    common : bool
        Whether replication r has the same random draws at every point, which makes comparisons sharp.
    progress : callable, optional
        Called with the runs that are done and the runs in all.
    check : bool
        Whether to assert in every period that goods, money and orders are conserved.
    agents : mapping, optional
        Who decides in place of the policies, as for `run`.
    imports : iterable of path
        Python files that register policies or agents, to be executed first.
    retry_failed : bool
        Whether runs that failed before are tried again.
    tell : callable, optional
        Told what a user should know, such as a damaged file, one line each; a warning by default.

    Returns
    -------
    SweepTable
        One row for each point and replication, in their order; runs that failed have a message and no measures.

    Raises
    ------
    UsageError, ScenarioError
        When the request has mistakes; nothing is run then.
    DiskFailed
        When the disk is full or broken; says what is kept.
    KeyboardInterrupt
        When it is stopped by Ctrl-C; says what is kept.

    Examples
    --------
    >>> import chainwright as cw
    >>> table = cw.sweep("beer_game", {"policies.place_orders.default.target": [15, 17]}, reps=2, measures=["total_cost"], engine="serial")
    >>> table[["design_id", "policies.place_orders.default.target", "rep"]].values.tolist()
    [[0, 15, 0], [0, 15, 1], [1, 17, 0], [1, 17, 1]]
    """
    asked = read_request(scenario, factors, design, reps, seed, measures, out, engine, workers, resume, periods, common, check, agents, imports)
    tally = SweepProgress(asked.played, asked.reps, asked.request.measures)
    say = tell if tell is not None else _warn
    remarks = remarks_of(asked.request.scenario, asked.points)
    for remark in remarks if tell is not None else ():
        say(remark)
    if tell is None:
        warn(remarks)
    started = time.monotonic()
    with contextlib.ExitStack() as held:
        store = None
        if asked.folder is not None:
            store = held.enter_context(Store(asked.folder, asked.manifest, asked.request.scenario, resume=resume, again=retry_failed, tell=say))
            tally.recall(store.known(), again=retry_failed)
            _kept(asked, tally, lambda: store.begin(design_frame(asked.points, asked.design.points)))
        try:
            _kept(asked, tally, lambda: _play(asked, tally, store, progress or _silent))
        except BaseException as error:
            if store is not None:
                with contextlib.suppress(Exception):
                    store.note(status="stopped", wall_seconds=round(time.monotonic() - started, 3))
            if isinstance(error, KeyboardInterrupt):
                raise KeyboardInterrupt(_stopped(asked, tally)) from None
            raise
        table = tally.table([point.key for point in asked.points], asked.design.points)
        facts = _facts(asked, tally, table) | {"wall_seconds": round(time.monotonic() - started, 3)}
        manifest = dict(asked.manifest) | facts
        if store is not None:
            _kept(asked, tally, lambda: store.finish(table, **facts))
            manifest = store.manifest
    _tell_given_up(asked, facts, say)
    request = asked.request
    folder = None if asked.folder is None else str(asked.folder)
    record = Sweep(
        request.scenario, asked.design, request.measures, request.seed, request.periods, request.common, folder, dict(request.agents), manifest
    )
    return SweepTable(table, sweep=record)


def _play(asked: SweepRequest, tally: SweepProgress, store: Store | None, progress: Progress) -> None:
    """Play what is not known yet."""
    needs = tally.needs()
    progress(tally.done, tally.total)
    if not needs:
        return
    backlog = Backlog(asked.pace)
    backlog.add(needs)

    def take_in(part: pd.DataFrame) -> None:
        if store is not None:
            store.keep(part)
        backlog.add(tally.take_in(part))
        progress(tally.done, tally.total)

    with crew(asked.request, *asked.hands(needs)) as team:
        Conductor(asked.request, team, backlog, take_in, store.beat if store is not None else _nothing).run()


def _facts(asked: SweepRequest, tally: SweepProgress, table: pd.DataFrame) -> dict[str, Any]:
    """What the manifest says of the outcome."""
    facts: dict[str, Any] = {"runs": len(table), "failed": int((table["status"] == FAILED).sum())}
    if isinstance(asked.reps, Until):
        facts["until"] = tally.told([point.key for point in asked.points])
    return facts


def _tell_given_up(asked: SweepRequest, facts: Mapping[str, Any], say: Callable[[str], None]) -> None:
    """Tell which points the rule of replications has given up."""
    for name, places in facts.get("until", {}).items():
        assert isinstance(asked.reps, Until)
        named = ", ".join(map(str, places[:MOST_NAMED])) + (" ..." if len(places) > MOST_NAMED else "")
        why = f"reached {asked.reps.most} replications before the rule held" if name == REACHED else "fail, or have no such measure to judge by"
        say(f"{len(places)} of {len(asked.points)} points {why} (design_id {named}); the rule: {asked.reps}")


def _kept(asked: SweepRequest, tally: SweepProgress, work: Callable[[], None]) -> None:
    """Work that writes; where the disk is full, what is kept is said as well."""
    try:
        work()
    except DiskFailed as error:
        raise DiskFailed(f"{error}\n{_stopped(asked, tally)} once there is room") from None


def _stopped(asked: SweepRequest, tally: SweepProgress) -> str:
    """What is kept of a sweep that was stopped."""
    if asked.folder is None:
        return "stopped; nothing is kept, as no folder was named (out=)"
    return f"stopped; {tally.done:,} of {tally.total:,} runs are kept in {asked.folder}, and the same call resumes the sweep"


def _warn(text: str) -> None:
    warnings.warn(text, UserWarning, stacklevel=4)


def _silent(done: int, total: int) -> None:
    """Nobody looks."""


def _nothing() -> None:
    """No folder, no lock."""
