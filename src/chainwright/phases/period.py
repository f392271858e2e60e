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


@dataclass(frozen=True)
class Phase:
    """One phase of a period: its name, what happens in it, and the function that does it."""

    name: str
    story: str
    act: Callable[[Ground], None]
    feature: str = ""

    def __str__(self) -> str:
        return f"{self.name}: {self.story}"


class Period(tuple[Phase, ...]):
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
        return Period(phase for phase in self if not phase.feature or phase.feature in features)


PERIOD = Period(
    (
        Phase("disrupt", "events start, act, fade and end", disrupt, "disruptions"),
        Phase("receive", "shipments that are due arrive, production that is due is completed", receive),
        Phase("plan", "from the customers up: see orders, forecast, plan production, place orders", plan),
        Phase("fulfil", "from the sources down: release production, allocate, ship; customers consume", fulfil),
        Phase("settle", "costs are charged and goods received are paid for", settle),
    )
)
