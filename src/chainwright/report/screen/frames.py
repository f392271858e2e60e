"""What a page is sent of the periods that were played: columns of each period, only what changed where little did."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.report.screen.grouping import MOST_ALONE
from chainwright.report.screen.numbers import exact, listed

TABLES = ("items", "lanes", "enterprises", "echelons")
# A period's column is sent as changes where fewer than this share of its rows changed.
FEW = 0.4
# Of networks that are drawn by tiers only what is drawn is sent of each row; the inspector asks for the rest.
DRAWN = {
    "items": ("on_hand", "backorder", "demand", "orders", "shipped", "received"),
    "lanes": ("shipped", "in_transit", "backorder", "open"),
    "enterprises": ("closed",),
}


def frames(timeline: Any, number: str, first: int, last: int, tables: tuple[str, ...] = TABLES) -> dict[str, Any]:
    """The packet of some periods.

    Parameters
    ----------
    timeline : Timeline
        Played up to `last` at least.
    number : str
        What the page calls it.
    first, last : int
        Periods, counted from 1.
    tables : tuple of str
        Of the tables with rows, which are sent; measures and rates are sent in any case.

    Returns
    -------
    dict
        JSON: by table and column, a list over periods of all rows, or of what changed since the period before.
    """
    history = timeline.history
    packet: dict[str, Any] = {"kind": "frames", "timeline": number, "from": first, "to": last}
    drawn = DRAWN if len(history.names.enterprises["name"]) > MOST_ALONE else {}
    for table in tables:
        columns = getattr(history, table)
        packet[table] = {name: _column(values, first, last) for name, values in columns.items() if name in drawn.get(table, columns)}
    for table in ("measures", "rates"):
        kept: Mapping[str, NDArray[np.float64]] = getattr(history, table)
        packet[table] = {name: [exact(value) for value in values[first - 1 : last].tolist()] for name, values in kept.items()}
    return packet


def _column(values: NDArray[Any], first: int, last: int) -> list[Any]:
    """A column over some periods; against the period before where most rows are as they were."""
    sent: list[Any] = []
    for period in range(first, last + 1):
        now = np.asarray(values[period - 1], np.float64)
        # Packets of a timeline follow each other without a gap, so that only the very first period stands alone.
        if period > 1:
            before = np.asarray(values[period - 2], np.float64)
            changed = np.flatnonzero((now != before) & ~(np.isnan(now) & np.isnan(before)))
            if len(changed) < FEW * len(now):
                sent.append({"i": changed.tolist(), "v": listed(now[changed])})
                continue
        sent.append(listed(now))
    return sent


def acts(timeline: Any, number: str) -> dict[str, Any]:
    """The packet of what was done by hand."""
    done = [
        {"number": act.number, "period": act.period, "label": act.label, "kind": act.kind, "about": dict(act.about)} for act in timeline.acts
    ]
    return {"kind": "acts", "timeline": number, "acts": done}
