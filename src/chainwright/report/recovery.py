"""What a disruption did to each echelon: how long it was out of stock, how much it owed at most, and when that was over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from chainwright.report.disruption_bands import Outage

# What is smaller than this, relative to what is asked for in a period, is the rounding of sums.
NOISE = 1e-9


@dataclass(frozen=True)
class Recovery:
    """How one echelon fared in the periods from a disruption to the next one or the end; means over the runs."""

    echelon: int
    short_periods: float
    most_owed: float
    back_after: float  # periods from the start of the disruption; of the runs that were back, not a number where none was
    back: int
    hit: int
    runs: int


def recoveries(timeline: pd.DataFrame, disrupted: Sequence[Outage], warm_up: int = 0) -> list[tuple[str, list[Recovery]]]:
    """For each disruption, in words, the echelons that owed or lost more than ever before the first of them.

    What happens later than as long after a disruption as it took is chance, or another matter.

    Parameters
    ----------
    timeline : DataFrame
        One row for each run, period and echelon.
    disrupted : sequence of Outage
        In the order of time; those that start together are told together.
    warm_up : int
        How many periods at the start are left out of what was before.

    Examples
    --------
    >>> owed = [0, 1, 0, 5, 3, 1, 0, 2]
    >>> rows = pd.DataFrame({"run": 0, "period": range(1, 9), "echelon": 1, "backorder": owed, "lost": 0.0, "asked": 4.0})
    >>> ((words, (shop,)),) = recoveries(rows, [Outage(4, 4, 4, "closure of the mill, day 4")])
    >>> shop.short_periods, shop.most_owed, shop.back_after
    (2.0, 5.0, 2.0)
    """
    starts = sorted({one.start for one in disrupted})
    frame = timeline.assign(owed=timeline["backorder"] + timeline["lost"])
    owed = {int(str(echelon)): _by_run(rows, "owed") for echelon, rows in frame.groupby("echelon", sort=True)}
    asked = frame.groupby("echelon")["asked"].max()
    told = []
    for start, after in zip(starts, [*starts[1:], None], strict=True):
        together = [one for one in disrupted if one.start == start]
        words = "; ".join(one.words for one in together)
        lasting = 2 * (max(one.recovered for one in together) - start + 1)
        found = []
        for echelon, values in owed.items():
            least = NOISE * (1.0 + float(asked.get(echelon, 0.0)))
            before = values[:, warm_up : starts[0] - 1]
            usual = before.max(axis=1, initial=0.0) + least
            if (one := _fared(echelon, values[:, start - 1 : None if after is None else after - 1], usual, least, lasting)) is not None:
                found.append(one)
        told.append((words, found))
    return told


def _by_run(rows: pd.DataFrame, column: str) -> NDArray[np.float64]:
    return rows.pivot(index="run", columns="period", values=column).sort_index(axis=1).to_numpy(dtype=float)


def _fared(echelon: int, owed: NDArray[np.float64], usual: NDArray[np.float64], least: float, lasting: int) -> Recovery | None:
    """None where nobody owed more than usual within the periods in which a disruption may be felt first."""
    hit = (owed > usual[:, None])[:, :lasting].any(axis=1)
    if not hit.any():
        return None
    periods = np.arange(owed.shape[1])
    peak = owed[:, :lasting].argmax(axis=1)
    # Back is who, after the worst, owes no more than usual for the first time.
    back = (owed <= usual[:, None]) & (periods > peak[:, None])
    is_back = back.any(axis=1)
    until = np.where(is_back, back.argmax(axis=1), owed.shape[1])
    short = ((owed > least) & (periods < until[:, None])).sum(axis=1)
    known = hit & is_back
    return Recovery(
        echelon,
        float(np.where(hit, short, 0).mean()),
        float(owed[:, :lasting].max(axis=1).mean()),
        float(until[known].mean()) if known.any() else np.nan,
        int(known.sum()),
        int(hit.sum()),
        len(owed),
    )
