"""Running a scenario: many replications in unions, measured while they run."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from os import PathLike
from typing import TYPE_CHECKING, Any

from chainwright.experiment.affordable import cost, refuse_beyond
from chainwright.experiment.result import Pack, Result
from chainwright.metrics.counted import check_counted
from chainwright.metrics.invariants import Invariants
from chainwright.metrics.recorder import Recorder, as_many_of_items, check_recordable
from chainwright.metrics.trade.accumulate import Accumulator
from chainwright.metrics.trade.on_time import OnTime
from chainwright.network.blueprint import Blueprint
from chainwright.network.takeovers import seats_together
from chainwright.scenario import Scenario, load
from chainwright.scenario.change.left_behind import warn
from chainwright.words.counts import plural
from chainwright.words.errors import UsageError
from chainwright.words.requests import LARGEST_SEED, run_numbers, whole_number
from chainwright.world import World

if TYPE_CHECKING:
    from chainwright.agents.roster import Roster

# Items of a union: large enough that NumPy's calls cost nothing, small enough for the processor's cache.
PACK_ITEMS = 50_000
SWEEP_INSTEAD = ", or `chainwright sweep`, which keeps little of each run and can be stopped"
# Numbers kept for the timeline and the panel of one union, at the most.
PACK_VALUES = 40_000_000

Intervention = tuple[int, Mapping[str, Any]]
Progress = Callable[[int, int], None]


def run(
    scenario: Scenario | str | PathLike[str],
    runs: int | Sequence[int] = 1,
    seed: int | None = None,
    periods: int | None = None,
    record: Iterable[str] = (),
    interventions: Iterable[Intervention] = (),
    *,
    check: bool = False,
    timeline: bool = True,
    on_time: bool = False,
    progress: Progress | None = None,
    agents: Mapping[str, Any] | None = None,
    limits: bool = True,
) -> Result:
    """Run a scenario and measure it.

    Parameters
    ----------
    scenario : Scenario, str or path
        A scenario, the name of a shipped one, or the path of a file.
    runs : int or sequence of int
        How many replications (numbered from 0), or their numbers. Run r is the same alone and in any company.
    seed : int, optional
        Seed of all draws; the scenario's own by default.
    periods : int, optional
        Periods to play; the scenario's horizon by default.
    record : iterable of str
        Columns to keep for every period: of ``items`` by their names, as `Result.panel`; of other tables as ``table.column``, in a panel for
        each table (``lanes.shipped`` in `Result.panel_lanes`).
    interventions : iterable of (period, {path: value})
        Changes in mid-run, beside those of the scenario; ``{"period": ..., "set": {...}}`` as in scenario files will do as well.
    check : bool
        Whether to assert in every period that goods, money and orders are conserved.
    timeline : bool
        Whether to keep sums per echelon for every period, as `Result.timeline`.
    on_time : bool
        Whether to measure on-time-in-full; it is measured in any case where somebody serves the oldest debt first.
    progress : callable, optional
        Called with the periods played and the periods in all.
    agents : mapping, optional
        Who decides in place of the policies: name of an enterprise, a tag, a role or ``default`` to a subclass of `Enterprise`, or to
        the name of a registered one; beside those that the scenario names. Every run has its own agent objects.
    limits : bool
        Whether to refuse what would take more memory than this machine has, or longer than a day.

    Returns
    -------
    Result

    Raises
    ------
    UsageError, ScenarioError
        When the request or the scenario has mistakes, or would take too much; nothing is run then.
    InvariantError
        With `check`, when something is not conserved.

    Examples
    --------
    >>> import chainwright as cw
    >>> result = cw.run("beer_game", runs=2)
    >>> result.summary.shape[0]
    2
    """
    started = time.perf_counter()
    chosen = scenario if isinstance(scenario, Scenario) else load(scenario)
    if not isinstance(record, Iterable):
        raise UsageError(f"record must be a list of columns such as ['on_hand', 'orders'], got {record!r}")
    recorded = (record,) if isinstance(record, str) else tuple(record)
    asked = as_interventions(interventions)
    numbers, used_seed, horizon = checked(chosen, runs, seed, periods, recorded, asked)
    changes = dict(chosen.stages(asked))
    blueprint = chosen.blueprint()
    warn(chosen.remarks)
    assigned = seats_together(chosen.agents, agents)
    packs = []
    columns = as_many_of_items(blueprint, recorded)
    size = _pack_size(len(blueprint.tables["items"]["enterprise"]), horizon, columns, timeline)
    if limits:
        agent = bool(assigned)
        found = cost(blueprint, len(numbers), horizon, side_by_side=size, recorded=columns, timeline=timeline, agents=agent)
        refuse_beyond(found, chosen.name, len(numbers), horizon, SWEEP_INSTEAD if len(numbers) > 1 else "")
    total = horizon * len(numbers)
    for start in range(0, len(numbers), size):
        own = numbers[start : start + size]
        roster = made_roster(blueprint, assigned)
        world = World(blueprint, own, used_seed, changes=changes, agents=roster)
        accumulator = Accumulator(world, chosen.warm_up, timeline)
        recorder = Recorder(world, recorded)
        punctual = OnTime(world, chosen.warm_up) if on_time or world.ages.wanted else None
        watchers: list[Any] = [accumulator, recorder, punctual, Invariants(world) if check else None]
        for watcher in watchers:
            if watcher is not None:
                world.watch(watcher.observe)
        for period in range(horizon):
            world.step()
            if progress is not None:
                progress(start * horizon + (period + 1) * len(own), total)
        check_counted(world, accumulator)
        packs.append(Pack(world, accumulator, recorder, punctual))
        if roster is not None:
            roster.close()
    wall = time.perf_counter() - started
    result = Result.from_packs(chosen, packs, seed=used_seed, periods=horizon, interventions=asked, wall_seconds=wall, checked=check)
    if assigned:
        names = {seat: said if isinstance(said, str) else f"{said.__module__}.{said.__qualname__}" for seat, said in assigned.items()}
        result.manifest["agents"] = names
    return result


def made_roster(blueprint: Blueprint, agents: Mapping[str, Any]) -> Roster | None:
    """The agents of a world; Mesa is imported only where there are some."""
    if not agents:
        return None
    from chainwright.agents.model import roster_of

    return roster_of(blueprint, agents)


def checked(
    scenario: Scenario, runs: Any, seed: Any, periods: Any, record: tuple[str, ...] = (), interventions: Sequence[Intervention] = ()
) -> tuple[Sequence[int], int, int]:
    """The numbers of the runs, the seed and the periods to play; everything that is wrong with the request in one answer."""
    wrong: list[str] = []

    def told(check: Callable[[], Any], otherwise: Any) -> Any:
        try:
            return check()
        except UsageError as error:
            wrong.append(str(error))
            return otherwise

    numbers = told(lambda: run_numbers(runs), [])
    used_seed = told(lambda: scenario.seed if seed is None else whole_number(seed, "seed", 0, LARGEST_SEED), 0)
    horizon = told(lambda: scenario.horizon if periods is None else whole_number(periods, "periods", 1), 0)
    if 0 < horizon <= scenario.warm_up:
        wrong.append(f"in {plural(horizon, 'period')} nothing is left to measure after a warm-up of {scenario.warm_up}; ask for more, or set warm_up")
    told(lambda: check_recordable(record), None)
    late = [period for period, _ in interventions if period > horizon > 0]
    if late:
        wrong.append(f"an intervention in period {late[0]} of a run of {plural(horizon, 'period')} would never happen")
    if wrong:
        raise UsageError("\n".join(wrong))
    return numbers, used_seed, horizon


def as_interventions(interventions: Any) -> list[Intervention]:
    """The interventions as pairs of a period and settings."""
    made: list[Intervention] = []
    try:
        for one in interventions:
            # As in scenario files and manifests, or as a pair.
            period, settings = (one["period"], one["set"]) if isinstance(one, Mapping) else one
            made.append((whole_number(period, "the period of an intervention", 1), dict(settings)))
    except (TypeError, ValueError, KeyError):
        example = "[(10, {'policies.place_orders.default.level': 30})]"
        raise UsageError(f"interventions must be a list of (period, {{path: value}}) such as {example}, got {interventions!r}") from None
    return made


def _pack_size(items: int, periods: int, recorded: int, timeline: bool) -> int:
    """How many runs lie side by side."""
    by_items = PACK_ITEMS // max(items, 1)
    kept = periods * (items * recorded + (12 * 8 if timeline else 0))
    by_memory = PACK_VALUES // max(kept, 1)
    return max(1, min(by_items, by_memory))
