"""The figures of a result; each takes frames, none looks inside a result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chainwright.report.disruption_bands import outages
from chainwright.report.figures.bullwhip import bullwhip
from chainwright.report.figures.costs import costs
from chainwright.report.figures.grouped_enterprises import too_many
from chainwright.report.figures.network import network
from chainwright.report.figures.service import service
from chainwright.report.figures.time import over_time, panels
from chainwright.report.result_name import period_of
from chainwright.report.style import Drawing
from chainwright.report.tables import echelon_names
from chainwright.words.errors import UsageError, suggestion

__all__ = ["KINDS", "bullwhip", "costs", "network", "over_time", "panels", "plot", "service"]


def _network(result: Any) -> Drawing:
    return network(graph_of(result), result.items, lanes=result.lanes, firms=result.enterprises)


def graph_of(result: Any) -> Any:
    """The network of a result's scenario as a graph; None where it is too large to be drawn one by one."""
    return None if too_many(result.items) else result.scenario.graph()


def _bullwhip(result: Any) -> Drawing:
    return bullwhip(result.echelons, names=echelon_names(result.items))


def _stock(result: Any) -> Drawing:
    return panels(_timeline(result), "on_hand", below="backorder", **_time(result))


def _orders(result: Any) -> Drawing:
    return panels(_timeline(result), "orders", **_time(result))


def _service(result: Any) -> Drawing:
    return service(result.items)


def _costs(result: Any) -> Drawing:
    return costs(result.enterprises, periods=result.measured_periods)


KINDS: dict[str, Callable[[Any], Drawing]] = {
    "network": _network,
    "bullwhip": _bullwhip,
    "stock": _stock,
    "orders": _orders,
    "service": _service,
    "costs": _costs,
}


def plot(result: Any, kind: str) -> Drawing:
    """The figure of a result by the name of its kind.

    Parameters
    ----------
    result : Result
        What `chainwright.run` answered.
    kind : str
        network, bullwhip, stock, orders, service or costs.

    Raises
    ------
    UsageError
        When there is no such kind.
    """
    if kind not in KINDS:
        raise UsageError(f"there is no plot {kind!r}{suggestion(kind, KINDS)}")
    return KINDS[kind](result)


def _time(result: Any) -> dict[str, Any]:
    told = {"names": echelon_names(result.items), "period": period_name(result), "calendar": result.scenario.calendar}
    return told | {"warm_up": int(result.scenario.warm_up), "outages": shaded(result)}


def _timeline(result: Any) -> Any:
    if result.timeline is None:
        raise UsageError("this result has no timeline: run it with timeline=True")
    return result.timeline


def shaded(result: Any) -> list[tuple[int, int]]:
    """First and last period of each disruption, for charts over time."""
    return [(one.start, one.recovered) for one in outages(result.scenario, int(result.periods))]


def period_name(result: Any) -> str:
    """What a period of the scenario is called: day, week, month, or period where it is a number of days."""
    return period_of(result.scenario)
