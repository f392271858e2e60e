"""What the points of a sweep, or the candidates of a search, leave behind that they should perhaps set: told once for all of them."""

from __future__ import annotations

from collections.abc import Iterable

from chainwright.experiment.sweep.point import Point
from chainwright.scenario import Scenario
from chainwright.scenario.change.left_behind import DELAYS
from chainwright.words.errors import ScenarioError, UsageError

# Points of which the scenario is made to find out.
MOST_MADE = 24


def remarks_of(scenario: Scenario, points: Iterable[Point]) -> tuple[str, ...]:
    """The remarks on a scenario and on points of it, one of each kind.

    Examples
    --------
    >>> import chainwright as cw
    >>> beer = cw.load("beer_game").with_({"lanes.1.in_transit": [4, 4]})
    >>> [told] = remarks_of(beer, [Point(number, {}, {"lanes.1.transport_time": number}) for number in (1, 2, 3)])
    >>> told.partition(", but")[0]
    'lanes.wholesaler>retailer: transport_time changes'
    """
    found = dict.fromkeys(scenario.remarks)
    made, seen = 0, set()
    for point in points:
        touched = [(point.variant, path, repr(value)) for path, value in point.settings.items() if _of_a_delay(path, value)]
        asked = tuple(touched) or ((point.variant,) if point.variant is not None else ())
        if not asked or asked in seen:
            continue
        seen.add(asked)
        try:
            own = point.scenario(scenario).remarks
        except (ScenarioError, UsageError):
            continue  # it fails as a row of the table
        told = {_kind(remark) for remark in found}
        found |= {remark: None for remark in own if _kind(remark) not in told}
        made += 1
        if made == MOST_MADE:
            break
    return tuple(found)


def _of_a_delay(path: str, value: object) -> bool:
    """Whether a setting changes a delay, or an entry that may hold one."""
    return path.rpartition(".")[2] in DELAYS or isinstance(value, dict)


def _kind(remark: str) -> str:
    """What two remarks share that tell the same of other lanes."""
    return remark.split(": ")[-1].partition(",")[0]
