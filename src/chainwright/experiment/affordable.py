"""How much memory and time a run takes, told before it begins; what is far too much is refused with what would do."""

from __future__ import annotations

import os
from dataclasses import dataclass

from chainwright.network.blueprint import Blueprint
from chainwright.words.errors import UsageError
from chainwright.words.subjects import RINGS

# What an item's period costs within a full union, and a period of a union however small it is, in seconds: the slower
# end of what the shipped scenarios take.
SECONDS_PER_ITEM_PERIOD = 4e-7
SECONDS_PER_PERIOD = 1e-3
# Where agents decide, Python is called row by row.
TIMES_WITH_AGENTS = 20.0
# Columns of the result tables, one number each, with the keys; and columns of a world.
SUMMARY, ITEMS, ENTERPRISES, LANES, ECHELONS, TIMELINE, KEYS = 32, 40, 24, 14, 28, 16, 6
WORLD = 160
NUMBER = 8
# Tables are laid one below the other once, and written once: measured, with a little to spare.
COPIES = 3
# Networks have about as many echelons, or fewer.
FEW_ECHELONS = 8
# Of the machine's memory what a run may take, and how long it may take; a sweep is kept while it lasts, a run is not.
SHARE_OF_MEMORY = 0.8
MOST_SECONDS = 24 * 3600.0
UNKNOWN_MEMORY = 8e9
ALL_THE_SAME = "`chainwright run --no-limits` (limits=False) runs it all the same"


@dataclass(frozen=True)
class Cost:
    """What a run takes, about.

    Parameters
    ----------
    size : float
        Bytes of memory at the most.
    seconds : float
        Time on one core.
    """

    size: float
    seconds: float


def cost(
    blueprint: Blueprint, runs: int, periods: int, *, side_by_side: int, recorded: int = 0, timeline: bool = True, agents: bool = False
) -> Cost:
    """What some runs take, about, as far as can be told before they are played.

    Parameters
    ----------
    blueprint : Blueprint
        What is run.
    runs, periods : int
        How many, and how long each.
    side_by_side : int
        Runs that are played at the same time.
    recorded : int
        Columns that are kept of every item and period.
    timeline : bool
        Whether sums per echelon are kept for every period.
    agents : bool
        Whether agents decide.

    Examples
    --------
    >>> import chainwright as cw
    >>> found = cost(cw.load("beer_game").blueprint(), 1000, 36, side_by_side=1000)
    >>> found.size < 200e6, found.seconds < 1.0
    (True, True)
    """
    items, lanes, enterprises = (len(next(iter(blueprint.tables[name].values()), ())) for name in ("items", "lanes", "enterprises"))
    echelons = min(items, FEW_ECHELONS)
    row = SUMMARY + items * ITEMS + enterprises * ENTERPRISES + lanes * LANES + echelons * ECHELONS
    row += periods * (echelons * TIMELINE * timeline + items * (KEYS + recorded) * bool(recorded))
    longest = {name: ring.longest(blueprint) for name, ring in RINGS.items()}
    on_the_way = (lanes + items) * (longest["goods"] + max(longest["orders"], longest["process"]) + 2)
    world = ((items + lanes) * WORLD + on_the_way) * min(side_by_side, runs)
    unions = -(-runs // max(side_by_side, 1))
    each = items * periods * SECONDS_PER_ITEM_PERIOD * (TIMES_WITH_AGENTS if agents else 1.0)
    return Cost(NUMBER * (COPIES * row * runs + world), runs * each + unions * periods * SECONDS_PER_PERIOD)


def memory() -> float:
    """Bytes of this machine's memory; a usual size where nobody can tell."""
    try:
        return float(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    except (AttributeError, ValueError, OSError):
        return UNKNOWN_MEMORY


def refuse_beyond(found: Cost, what: str, runs: int, periods: int, instead: str = "", all_the_same: str = ALL_THE_SAME) -> None:
    """Refuse what takes more memory than the machine has, or longer than a day.

    Parameters
    ----------
    found : Cost
        What it takes.
    what : str
        Name of the scenario.
    runs, periods : int
        What was asked for.
    instead : str
        What else could be done.
    all_the_same : str
        How it is done nevertheless.

    Raises
    ------
    UsageError
        With what it would take and what would do.
    """
    room = SHARE_OF_MEMORY * memory()
    share = min(room / max(found.size, 1.0), MOST_SECONDS / max(found.seconds, 1e-9))
    if share >= 1.0:
        return
    asked = f"{runs:,} {'run' if runs == 1 else 'runs'} of {periods:,} {'period' if periods == 1 else 'periods'} of {what}"
    takes = [f"about {_size(found.size)} of memory (this machine has {_size(memory())})"] if found.size > room else []
    takes += [f"about {_duration(found.seconds)}"] if found.seconds > MOST_SECONDS or not takes else []
    fewer = _rounded(runs * share)
    shorter = _rounded(periods * share)
    do = f"about {fewer:,} runs would do" if fewer > 1 else f"about {shorter:,} periods would do" if shorter > 1 else "none would do"
    raise UsageError(f"{asked} would take {' and '.join(takes)}; {do}{instead}; {all_the_same}")


def _rounded(count: float) -> int:
    """Rounded down to one digit: an estimate is no more exact."""
    digits = len(str(int(count))) - 1
    return int(count) // 10**digits * 10**digits if count >= 1.0 else 0


def _size(count: float) -> str:
    """Bytes in words.

    Examples
    --------
    >>> _size(3.4e9), _size(2.5e14)
    ('3.4 GB', '250,000 GB')
    """
    return f"{count / 1e9:,.1f} GB" if count < 1e11 else f"{count / 1e9:,.0f} GB"


def _duration(seconds: float) -> str:
    """A time in words.

    Examples
    --------
    >>> _duration(50.0), _duration(7300.0), _duration(3e7)
    ('a minute', '2 hours', '347 days')
    """
    for name, length in (("days", 86400.0), ("hours", 3600.0), ("minutes", 60.0)):
        if seconds >= 1.5 * length:
            return f"{seconds / length:,.0f} {name}"
    return "a minute"

