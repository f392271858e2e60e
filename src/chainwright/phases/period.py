"""The order of a period, as a value: print it to read the story of a period."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from chainwright.phases.ground import Ground
from chainwright.phases.risk.disrupt import disrupt
from chainwright.phases.trade.fulfil import fulfil
from chainwright.phases.trade.plan import plan
from chainwright.phases.trade.receive import receive
from chainwright.phases.trade.settle import settle
from chainwright.state.table import is_on


@dataclass(frozen=True)
class Phase:
    """One phase of a period.

    Parameters
    ----------
    name, story : str
        Its name, and what happens in it.
    act : callable
        Takes the world and does it.
    feature : str
        The feature without which a world leaves it out; empty where it always plays.
    after : str
        The phase that it follows, for one that is declared later; empty for the first.
    """

    name: str
    story: str
    act: Callable[[Ground], None]
    feature: str = ""
    after: str = ""

    def __str__(self) -> str:
        return f"{self.name}: {self.story}"


class Period(list[Phase]):
    """Phases in their order.

    Examples
    --------
    >>> [phase.name for phase in PERIOD]
    ['disrupt', 'receive', 'plan', 'fulfil', 'settle']
    """

    def __str__(self) -> str:
        return "\n".join(f"{number}. {phase}" for number, phase in enumerate(self, 1))

    def needed(self, features: Collection[str]) -> Period:
        """The same period without the phases of features that a world has not."""
        return Period(phase for phase in self if is_on(phase, features))


# All phases that are declared, in their order.
PERIOD = Period(
    [
        Phase("disrupt", "events start, act, fade and end", disrupt, "disruptions"),
        Phase("receive", "shipments that are due arrive, production that is due is completed", receive),
        Phase("plan", "from the customers up: see orders, forecast, plan production, place orders", plan),
        Phase("fulfil", "from the sources down: release production, allocate, ship; customers consume", fulfil),
        Phase("settle", "costs are charged and goods received are paid for", settle),
    ]
)


def declare_phase(phase: Phase) -> None:
    """Give a phase of another subject its place in the period of all worlds that are built from now on.

    Raises
    ------
    ValueError
        When there is a phase of its name already, or none that it could follow.
    """
    names = [one.name for one in PERIOD]
    if phase.name in names:
        raise ValueError(f"phase {phase.name!r} is declared twice")
    if phase.after and phase.after not in names:
        raise ValueError(f"phase {phase.name!r} follows {phase.after!r}, which is no phase that is declared before")
    PERIOD.insert(names.index(phase.after) + 1 if phase.after else 0, phase)
