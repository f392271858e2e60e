"""Of which metrics less is better, and of which more; what a measure's metric is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chainwright.metrics.results import described
from chainwright.scenario.paths import split_path
from chainwright.words.errors import UsageError


def metric_of(measure: str) -> str:
    """The metric of a measure: its last word.

    Examples
    --------
    >>> metric_of("items.retailer.beer.fill_rate"), metric_of("total_cost")
    ('fill_rate', 'total_cost')
    """
    return split_path(measure)[-1]


def less_is_better(measure: str) -> bool | None:
    """Whether less of a measure is better; None where nobody can tell.

    Examples
    --------
    >>> less_is_better("total_cost"), less_is_better("enterprises.retailer.fill_rate"), less_is_better("demand_mean")
    (True, False, None)
    """
    known = described().get(metric_of(measure))
    return None if known is None or not known.better else known.better == "less"


def is_goal(measure: str) -> bool:
    """Whether a measure is of service or money, so that a change of it is good or bad by itself.

    Examples
    --------
    >>> is_goal("fill_rate"), is_goal("enterprises.retailer.total_cost"), is_goal("on_hand_mean"), is_goal("bullwhip_ratio")
    (True, True, False, False)
    """
    known = described().get(metric_of(measure))
    return known is not None and known.goal


def directions(measures: Sequence[str], minimise: Mapping[str, bool] | None = None) -> list[bool]:
    """For each measure whether less is better.

    Raises
    ------
    UsageError
        When that is neither known nor said.
    """
    said = dict(minimise or {})
    found = [said.get(name, less_is_better(name)) for name in measures]
    unknown = [name for name, less in zip(measures, found, strict=True) if less is None]
    if unknown:
        raise UsageError(f"nobody can tell whether less of {unknown[0]!r} is better; say minimise={{{unknown[0]!r}: True}} or False")
    return [bool(less) for less in found]
