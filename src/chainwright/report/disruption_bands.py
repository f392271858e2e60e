"""The scheduled disruptions of a scenario in words, and the periods that charts over time shade for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chainwright.report.numerals import number
from chainwright.words.calendar import Calendar

MOST_LISTED = 8


@dataclass(frozen=True)
class Outage:
    """One disruption: its first and last period, the last period of its recovery, and all of it in words."""

    start: int
    end: int
    recovered: int
    words: str


def outages(scenario: Any, periods: int, period: str = "period") -> list[Outage]:
    """The disruptions that a run of so many periods meets, in the order of time.

    Parameters
    ----------
    scenario : Scenario
        What was run.
    periods : int
        How many periods were played.
    period : str
        What a period is called.

    Examples
    --------
    >>> import chainwright as cw
    >>> [one.words for one in outages(cw.load("two_sources"), 300, "day")]
    ['closure of overseas, day 120 to 149, recovering until day 159']
    """
    calendar = scenario.calendar
    found = [_outage(one, period, calendar) for one in scenario.document.get("disruptions") or [] if int(one["start"]) <= periods]
    return sorted(found, key=lambda one: (one.start, one.end))


def _outage(entry: Mapping[str, Any], period: str, calendar: Calendar | None) -> Outage:
    start, kind = int(entry["start"]), str(entry["kind"])
    end = start + int(entry.get("duration") or 1) - 1
    slow = entry.get("recovery") not in (None, "sudden")
    recovered = end + (int(entry.get("recovery_time") or end - start + 1) if slow else 0)
    severity = float(1.0 if entry.get("severity") is None else entry["severity"])
    what = kind.replace("_", " ")
    if kind == "demand":
        what = f"demand times {number(1.0 if entry.get('factor') is None else entry['factor'], 3)}"
    elif severity < 1.0:
        what = f"{what} by {number(100 * severity, 3)} %"
    said = {at: f"{at:,}" if calendar is None else f"{at:,} ({calendar.text(at)})" for at in (start, end, recovered)}
    when = f"{period} {said[start]}" if end == start else f"{period} {said[start]} to {said[end]}"
    after = f", recovering until {period} {said[recovered]}" if recovered > end else ""
    return Outage(start, end, recovered, f"{what} of {_target(entry.get('target') or {})}, {when}{after}")


def _target(target: Mapping[str, Any]) -> str:
    """What a disruption hits, in words."""
    said = {key: "all" if value == "*" else str(value) for key, value in target.items()}
    product = f"{said['product']} " if said.get("product", "all") != "all" else ""
    if "tag" in said:
        return f"{product}at all of {said['tag']}" if product else f"all of {said['tag']}"
    if "enterprise" in said:
        return f"{product}at {said['enterprise']}" if product else "every enterprise" if said["enterprise"] == "all" else said["enterprise"]
    ends = [f"{word} {said[key]}" for key, word in (("seller", "from"), ("buyer", "to"), ("mode", "by")) if said.get(key, "all") != "all"]
    return f"{product or 'goods '}{' '.join(ends)}".strip() if ends else f"{product}on every lane".strip()
