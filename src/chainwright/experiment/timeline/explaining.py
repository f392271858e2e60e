"""The arithmetic of one period's decisions: the period is played again, and whoever decides is watched at it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import numpy as np

from chainwright.experiment.timeline.after_decisions import demand_rules, order_rules, production_rules
from chainwright.policies.cohort import Cohort
from chainwright.policies.explanation import Line, plain
from chainwright.policies.nobody import NOBODY
from chainwright.words.subjects import DECISIONS
from chainwright.world import World

# How a decision becomes its outcome after the policy.
RULES = {"demand": demand_rules, "plan_production": production_rules, "place_orders": order_rules}


@dataclasses.dataclass
class Arithmetic:
    """How one decision about one item came about.

    Parameters
    ----------
    decision : str
        The decision.
    row : int
        Row of the item in the world.
    policy : type
        The policy's class.
    decided_by : str
        ``policy``, ``seller`` (a policy that the item's seller decides by) or the name of an agent's class.
    steps : tuple of Line
        From what was seen to the decision, and from there to what came of it.
    answer : float
        What was decided.
    outcome : float
        What came of it: the value in the column `column` at the end of the period.
    column : str
        Column of items.
    written : dict
        What the policy wrote besides, by column of items.
    """

    decision: str
    row: int
    policy: Any
    decided_by: str
    steps: tuple[Line, ...] = ()
    answer: float = 0.0
    outcome: float = 0.0
    column: str = ""
    written: dict[str, float] = dataclasses.field(default_factory=dict)


def explained(world: World, rows: Iterable[int]) -> list[Arithmetic]:
    """Play the next period of a world and tell how the decisions about some items came about.

    Parameters
    ----------
    world : World
        In the state at the end of a period; afterwards at the end of the next one, as if nobody had looked.
    rows : iterable of int
        Rows of items.

    Returns
    -------
    list of Arithmetic
        In the order in which the decisions were made.

    Examples
    --------
    >>> import chainwright as cw
    >>> world = World(cw.load("beer_game").blueprint())
    >>> world.step(8)
    >>> wholesaler = int(np.flatnonzero(world.enterprises.name == "wholesaler")[0])
    >>> for one in explained(world, np.flatnonzero(world.items.enterprise == wholesaler)):
    ...     for step in one.steps:
    ...         print(step.words, "|", step.formula, "|", round(step.value, 3))
    anchor: expected demand F | 0.36 × demand 9.514 + 0.64 × 6.215 expected before | 7.403
    stock that is aimed at, S |  | 17.0
    less the inventory level | on hand 9.903 − backorder 9.514 | 0.389
    less what is seen of the supply line | 0.34 × on order 18.17 | 6.178
    gap | 17 − 0.3891 − 6.178 | 10.433
    to order | 7.403 + 0.26 × 10.433 | 10.115
    ordered from distributor |  | 10.115
    """
    spy = _Spy(world, rows)
    with spy.watching():
        world.step()
    return [spy.concluded(one) for one in spy.found]


class _Spy:
    """Stands in the seam through which all decisions go, looks at some items, and changes nothing."""

    def __init__(self, world: World, rows: Iterable[int]) -> None:
        self.world = world
        self.rows = np.unique(np.fromiter(rows, np.int64))
        self.found: list[Arithmetic] = []

    @contextmanager
    def watching(self) -> Iterator[None]:
        seam = vars(self.world)
        ask = self.world.decide

        def decide(decision: str, number: int) -> Any:
            return self._decide(ask, decision, number)

        seam["decide"] = decide
        try:
            yield
        finally:
            del seam["decide"]

    def _decide(self, ask: Any, decision: str, number: int) -> Any:
        items = self.world.levels[number].items
        own = self.rows[(self.rows >= items.start) & (self.rows < items.stop)]
        looked: list[tuple[Arithmetic, Any]] = []
        with ExitStack() as stack:
            for cohort in self.world.cohorts[decision][number] if len(own) else ():
                inside: list[int] = own[np.isin(own, cohort.index)].tolist()
                if inside and cohort.substitute is not None:
                    from chainwright.agents.decision_readings import watching

                    seen = stack.enter_context(watching(self.world, cohort, inside))
                    looked += [(Arithmetic(decision, row, type(cohort.policy), one.who), one) for row, one in seen.items()]
                else:
                    looked += [(self._look(cohort, row, number), None) for row in inside]
            answer = ask(decision, number)
        for one, seen in looked:
            one.answer = float(answer[one.row - items.start])
            one.steps = _finished(one, seen)
        self.found += [one for one, _ in looked]
        return answer

    def _look(self, cohort: Cohort, row: int, number: int) -> Arithmetic:
        """What a policy is about to decide about one item, and how."""
        one = Arithmetic(cohort.decision, row, type(cohort.policy), "policy" if cohort.policy.decided_by == "owner" else "seller")
        alone = self.world._deciders.alone(cohort, row, number)
        decided = alone.policy(alone.view)
        news: dict[str, Any] = {}
        if isinstance(decided, tuple) and isinstance(decided[-1], dict):
            decided, news = decided[0], decided[-1]
        one.written = {name: float(plain(value)) for name, value in news.items() if name in alone.policy.writes}
        one.steps = alone.policy.explain(alone.view, decided)
        return one

    def concluded(self, one: Arithmetic) -> Arithmetic:
        """With what came of the decision, once the period is over."""
        one.column = DECISIONS[one.decision].outcome
        rules = RULES.get(one.decision)
        if rules is not None:
            one.steps += tuple(rules(self.world, one.row, one.answer))
        one.outcome = float(self.world.items[one.column][one.row]) if rules is not None else one.answer
        return one


def _finished(one: Arithmetic, seen: Any) -> tuple[Line, ...]:
    """The steps to the decision; where the last of them is not the decision itself, that is told as one more."""
    steps = one.steps
    if seen is not None:
        shown = [(reading.name.replace("_", " "), reading.values) for reading in seen.readings]
        read = [Line(f"saw {name}", "", float(values[0]), "-") for name, values in shown if len(values) == 1 and _is_number(values[0])]
        several = [Line(f"saw {name}", ", ".join(map(str, values)), None, "-") for name, values in shown if len(values) > 1]
        return (*read, *several, Line(f"{seen.who} decided", "", one.answer))
    if one.policy.name in NOBODY or not steps or steps[-1].value is None or steps[-1].value != one.answer:
        return (*steps, Line("decided", "", one.answer))
    return steps


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float)
