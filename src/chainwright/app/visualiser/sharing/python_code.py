"""Everything that was clicked as Python: text that gives the numbers of the page when it is executed."""

from __future__ import annotations

import pprint
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chainwright.app.visualiser.sources import Given, Source
from chainwright.experiment.timeline.timeline import Timeline

Interventions = Sequence[tuple[int, Mapping[str, Any]]]
WIDTH = 120
HEAD = "import chainwright as cw\n"
# The page tells what is watched (A) against what stands beside it (B); `cw.compare` tells the second against the first.
AS_ON_THE_PAGE = "  # A less B, as on the page"


def load_code(source: Source, given: Given | None = None) -> str:
    """The expression that loads a scenario.

    Examples
    --------
    >>> import chainwright as cw
    >>> load_code(Source("shipped", "beer_game", "pass_on", cw.load("beer_game").variant("pass_on")))
    "cw.load('beer_game').variant('pass_on')"
    """
    if source.kind == "given" and given is not None:
        text = f"cw.load({given.text!r})"
        text += f".variant({given.variant!r})" if given.variant is not None else ""
        text += f".with_({dict(given.settings)!r})" if given.settings else ""
    else:
        file = f"{source.name}.yaml" if source.kind == "own" else source.name
        text = f"cw.load({file!r})"
    return text + (f".variant({source.variant!r})" if source.variant is not None else "")


def code(load: str, timeline: Timeline, period: int | None, other: tuple[str, Timeline] | None = None, asked: Sequence[str] = ()) -> str:
    """The program that repeats a timeline, what stands beside it, and what was asked for besides.

    Parameters
    ----------
    load : str
        The expression that loads the scenario.
    timeline : Timeline
        What is watched.
    period : int or None
        The period that is looked at, up to which is played, without what was done by hand later; all where it lies in the warm-up.
    other : (str, Timeline), optional
        What stands beside it.
    asked : sequence of str
        Programs of the bands and sweeps that were asked for.
    """
    timelines = [timeline] if other is None else [timeline, other[1]]
    # A run that ends in its warm-up measures nothing.
    played = period if period is not None and all(period > one.warm_up for one in timelines) else None
    lines = [HEAD, *_one("watched" if other else "result", load, timeline, played)]
    if other is not None:
        lines += ["", *_one("beside", other[0], other[1], played), "", "print(watched.summary.T)", "print(beside.summary.T)"]
        if (timeline.seed, timeline.run) == (other[1].seed, other[1].run) and _same_length(timelines):
            lines.append(f"print(cw.compare(beside, watched)){AS_ON_THE_PAGE}")
    else:
        lines += ["", "print(result.summary.T)"]
    return "\n".join([*lines, *(f"\n{one.removeprefix(HEAD).strip()}" for one in asked)]) + "\n"


@dataclass(frozen=True)
class Played:
    """What is run, in Python.

    Parameters
    ----------
    load : str
        The expression that loads the scenario.
    interventions : sequence
        What was done by hand.
    periods : int or None
        How many, where they are not those of the scenario.
    """

    load: str
    interventions: Interventions = ()
    periods: int | None = None


def bands_code(one: Played, runs: int, seed: int, other: Played | None = None, comparable: bool = True) -> str:
    """The program of bands and intervals; of two, that of the differences between them, where they measure equally long.

    Examples
    --------
    >>> one = Played("cw.load('newsvendor')")
    >>> print(bands_code(one, 30, 1).removeprefix(HEAD).strip())
    many = cw.run(cw.load('newsvendor'), runs=30, seed=1)
    print(many.summary.drop(columns='run').agg(['mean', 'sem', 'min', 'max']).T)
    >>> print(bands_code(one, 30, 1, Played("cw.load('newsvendor').variant('generous')")).removeprefix(HEAD).strip())
    many_watched = cw.run(cw.load('newsvendor'), runs=30, seed=1)
    many_beside = cw.run(cw.load('newsvendor').variant('generous'), runs=30, seed=1)
    print(cw.compare(many_beside, many_watched))  # A less B, as on the page
    """
    named = [("many", one)] if other is None else [("many_watched", one), ("many_beside", other)]
    lines = [HEAD]
    for name, each in named:
        lines += _run(name, each.load, str(runs), seed, each.periods, each.interventions)
    if other is not None and comparable:
        lines.append(f"print(cw.compare(many_beside, many_watched)){AS_ON_THE_PAGE}")
    else:
        lines += [f"print({name}.summary.drop(columns='run').agg(['mean', 'sem', 'min', 'max']).T)" for name, _ in named]
    return "\n".join(lines) + "\n"


def _same_length(timelines: Sequence[Timeline]) -> bool:
    return len({(one.warm_up, one.horizon) for one in timelines}) == 1


def _one(name: str, load: str, timeline: Timeline, period: int | None) -> list[str]:
    """The lines that run one timeline."""
    until = timeline.horizon if period is None else min(period, timeline.horizon)
    done = [one for one in timeline.interventions if one[0] <= until]
    left_out = [f"# What was done by hand after period {until} is left out."] if len(done) < len(timeline.interventions) else []
    return left_out + _run(name, load, f"[{timeline.run}]", timeline.seed, until if until != timeline.scenario.horizon else None, done)


def _run(name: str, load: str, runs: str, seed: int, periods: int | None, interventions: Interventions) -> list[str]:
    told = [load, f"runs={runs}", f"seed={seed}", *([f"periods={periods}"] if periods is not None else [])]
    if not interventions:
        return [f"{name} = cw.run({', '.join(told)})"]
    done = f"done_in_{name}"
    return [*_listed(done, interventions), f"{name} = cw.run({', '.join(told)}, interventions={done})"]


def _listed(name: str, interventions: Interventions) -> list[str]:
    """A list of interventions, one below the other."""
    made = pprint.pformat([(period, dict(settings)) for period, settings in interventions], width=WIDTH, sort_dicts=False)
    return [f"{name} = {line}" if number == 0 else line for number, line in enumerate(made.splitlines())]


def sweep_code(
    load: str,
    interventions: Interventions,
    factors: Mapping[str, Sequence[float]],
    runs: int,
    seed: int,
    measures: Sequence[str],
    periods: int | None = None,
) -> str:
    """The program of a small sweep.

    Examples
    --------
    >>> print(sweep_code("cw.load('newsvendor')", [], {"policies.place_orders.stand.level": [50, 60]}, 5, 1, ["fill_rate"]))
    import chainwright as cw
    <BLANKLINE>
    factors = {'policies.place_orders.stand.level': [50, 60]}
    table = cw.sweep(cw.load('newsvendor'), factors, reps=5, seed=1, measures=['fill_rate'], engine='serial')
    print(table.groupby(list(factors))[['fill_rate']].mean())
    <BLANKLINE>
    """
    made = pprint.pformat({path: list(values) for path, values in factors.items()}, width=WIDTH, sort_dicts=False)
    lines = [HEAD, *f"factors = {made}".splitlines()]
    scenario = load
    if interventions:
        lines += [f"scenario = {load}", *_listed("done", interventions), "own = scenario.document.get('interventions') or []"]
        lines.append("scenario = scenario.with_({'interventions': [*own, *({'period': when, 'set': what} for when, what in done)]})")
        scenario = "scenario"
    until = f", periods={periods}" if periods is not None else ""
    lines += [f"table = cw.sweep({scenario}, factors, reps={runs}, seed={seed}, measures={list(measures)!r}{until}, engine='serial')"]
    lines += [f"print(table.groupby(list(factors))[{list(measures)!r}].mean())"]
    return "\n".join(lines) + "\n"
