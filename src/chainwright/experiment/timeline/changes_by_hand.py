"""What is done by hand in the middle of a run, and what holds because of it: interventions that `cw.run` repeats."""

from __future__ import annotations

import copy
import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from chainwright.experiment.timeline.memory_limit import Change, beside
from chainwright.network.blueprint import Blueprint
from chainwright.scenario.scenario import Scenario
from chainwright.scenario.staging import Stage, first_stage
from chainwright.words.errors import ScenarioError, UsageError

ChangeKind: TypeAlias = Literal["lever", "disruption", "given"]
# A label names so many settings, and counts the others.
MOST_NAMED = 2
LONGEST_LABEL = 300


@dataclass(frozen=True)
class ManualChange:
    """One thing that was done by hand.

    Parameters
    ----------
    number : int
        Its number within the timeline, counted from 1; never given again.
    period : int
        From which period on it holds.
    settings : mapping
        Values by dotted path. Those of a disruption list all disruptions that are known by then, as an intervention must.
    label : str
        What it is, in words.
    kind : {"lever", "disruption", "given"}
        A setting, a disruption, or an intervention that came with the timeline.
    about : mapping
        What a page needs to draw it, as JSON can hold it. Of a disruption whom it concerns, its start and its duration, and under
        ``disruption`` all that was said of it.
    """

    number: int
    period: int
    settings: Mapping[str, Any]
    label: str = ""
    kind: ChangeKind = "lever"
    about: Mapping[str, Any] = field(default_factory=dict)


def lever(
    number: int, period: int, settings: Any, label: str = "", kind: ChangeKind = "lever", about: Mapping[str, Any] | None = None
) -> ManualChange:
    """An act that sets values.

    Raises
    ------
    UsageError
        When nothing is set, or what is to be kept with it cannot be written down.

    Examples
    --------
    >>> lever(1, 5, {"lanes.*.price": 2, "lanes.*.active": False, "products.*.value": 1}).label
    'lanes.*.price = 2, lanes.*.active = False and 1 more'
    """
    if not isinstance(settings, Mapping) or not settings:
        raise UsageError(f"expected settings such as {{'policies.place_orders.default.level': 30}}, got {settings!r}")
    named = [f"{path} = {value}" for path, value in settings.items()]
    said = ", ".join(named[:MOST_NAMED]) + (f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else "")
    return ManualChange(number, period, copy.deepcopy(dict(settings)), label or _short(said), kind, _as_json(about or {}))


def disruption(number: int, period: int, said: Any, label: str = "") -> ManualChange:
    """An act that lets something happen; it starts in the period of the act where nothing else is said.

    Raises
    ------
    UsageError
        When it is no mapping.

    Examples
    --------
    >>> act = disruption(1, 5, {"kind": "closure", "target": {"enterprise": "brewery"}, "duration": 4})
    >>> act.label, act.about["enterprise"], act.about["start"]
    ('closure of brewery', 'brewery', 5)
    """
    if not isinstance(said, Mapping):
        raise UsageError(f"expected a disruption such as {{'kind': 'closure', 'target': {{'enterprise': ...}}, 'duration': 4}}, got {said!r}")
    meant = _as_json({"start": period} | {key: value for key, value in said.items() if value is not None})
    target = meant.get("target")
    whom = {key: name for key, name in target.items() if name is not None} if isinstance(target, Mapping) else {}
    about = {**whom, **{key: meant[key] for key in ("start", "duration") if key in meant}, "disruption": meant}
    said_short = _short(f"{meant.get('kind', 'disruption')} of {' to '.join(map(str, whom.values()))}")
    return ManualChange(number, period, {}, label or said_short, "disruption", about)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_LABEL else text[: LONGEST_LABEL - 1] + "…"


def _as_json(said: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of what is said, of which somebody can write a file."""
    try:
        return dict(json.loads(json.dumps(said)))
    except (TypeError, ValueError) as error:
        raise UsageError(f"what is said of an act must be texts, numbers, lists and mappings: {error}") from None


@dataclass(frozen=True)
class Step:
    """One change of a plan: whose it is (the scenario's own by their number, or an act), from when on it holds, what holds then, and its bytes."""

    source: tuple[str, int]
    period: int
    act: ManualChange | None
    stage: Stage
    size: int


class Plan:
    """The acts of a timeline with the scenario's own interventions, and what holds from which period on.

    Parameters
    ----------
    scenario : Scenario
        What is run.
    acts : sequence of ManualChange
        In the order in which they were done; within a period they hold in this order.
    former : Plan, optional
        One of the same scenario, of which all that comes before the first difference is taken over.

    Raises
    ------
    ScenarioError, UsageError
        When an act has mistakes, or one that was done before does not fit any more.
    """

    def __init__(self, scenario: Scenario, acts: Sequence[ManualChange] = (), former: Plan | None = None) -> None:
        self.first: Stage = first_stage(scenario) if former is None else former.first
        own = [(("own", number), period, settings) for number, (period, settings) in enumerate(self.first.blueprint.interventions)]
        wanted: list[tuple[tuple[str, int], int, Any]] = [*own, *((("act", act.number), act.period, act) for act in acts)]
        wanted.sort(key=lambda one: one[1])
        known = {step.source for step in former.steps} if former is not None else set()
        self.steps: list[Step] = []
        for (source, period, what), before in zip(wanted, _same_start(wanted, former), strict=True):
            self.steps.append(before or self._step(source, period, what, source in known))
        final = {step.act.number: step.act for step in self.steps if step.act is not None}
        self.acts = tuple(final[act.number] for act in acts)

    def _step(self, source: tuple[str, int], period: int, what: Any, known: bool) -> Step:
        stage = self.steps[-1].stage if self.steps else self.first
        act = what if isinstance(what, ManualChange) else None
        if act is not None and act.kind == "disruption":
            act = dataclasses.replace(act, settings={"disruptions": [*stage.disruptions, copy.deepcopy(dict(act.about["disruption"]))]})
        try:
            after = stage.after(what if act is None else act.settings)
            return Step(source, period, act, after, beside(_kept(after), _kept(stage)))
        except (ScenarioError, UsageError) as error:
            if not known:
                raise
            whose = "a change of the scenario itself" if act is None else f"act {act.number} ({act.label})"
            raise UsageError(f"then {whose} in period {period} would not fit any more: {error}") from error

    @property
    def changes(self) -> dict[int, Blueprint]:
        """What holds from each period on in which something is changed."""
        return {step.period: step.stage.blueprint for step in self.steps}

    @property
    def room(self) -> list[Change]:
        """What holds after each change, in their order, with the memory that it takes."""
        return [Change(step.stage.blueprint, step.size) for step in self.steps]

    @property
    def interventions(self) -> tuple[tuple[int, dict[str, Any]], ...]:
        """The acts as (period, settings), in the order in which they hold."""
        return tuple((step.period, copy.deepcopy(dict(step.act.settings))) for step in self.steps if step.act is not None)

    @property
    def draws_times(self) -> bool:
        """Whether transport times are drawn, now or later: then a world remembers from the start what overtakes what."""
        return any(one.drawn_times for one in (self.first.blueprint, *self.changes.values()))

    def parts_from(self, other: Plan) -> int | None:
        """The first period in which another plan means something else; None where they mean the same."""
        mine, others = self.steps, other.steps
        same = 0
        while same < min(len(mine), len(others)) and mine[same] is others[same]:
            same += 1
        periods = [steps[same].period for steps in (mine, others) if same < len(steps)]
        return min(periods, default=None)


def _kept(stage: Stage) -> list[Any]:
    """What a stage keeps that may be its own."""
    return [stage.document.data, stage.blueprint]


def _same_start(wanted: Sequence[tuple[tuple[str, int], int, Any]], former: Plan | None) -> list[Step | None]:
    """For each change that is wanted the same step of a former plan, up to the first difference."""
    found: list[Step | None] = []
    for (source, _, _), step in zip(wanted, former.steps if former is not None else (), strict=False):
        if step.source != source:
            break
        found.append(step)
    return [*found, *[None] * (len(wanted) - len(found))]
