"""The figures of a sweep; each takes its table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chainwright.report.style import Drawing
from chainwright.report.sweeps.choosing import kind_for
from chainwright.report.sweeps.common import titled
from chainwright.report.sweeps.frontier import frontier
from chainwright.report.sweeps.heat_map import heat_map
from chainwright.report.sweeps.interaction import interaction
from chainwright.report.sweeps.main_effects import main_effects
from chainwright.report.sweeps.morris import morris
from chainwright.report.sweeps.replications import replications
from chainwright.report.sweeps.responses import responses
from chainwright.report.sweeps.sobol import sobol
from chainwright.report.sweeps.tornado import tornado
from chainwright.words.errors import UsageError, suggestion

__all__ = [
    "KINDS", "frontier", "heat_map", "interaction", "kind_for", "main_effects", "morris", "plot", "replications", "responses", "sobol", "tornado",
]  # fmt: skip

KINDS: dict[str, Callable[..., Drawing]] = {
    "main_effects": main_effects,
    "interaction": interaction,
    "heat_map": heat_map,
    "frontier": frontier,
    "tornado": tornado,
    "sobol": sobol,
    "morris": morris,
    "responses": responses,
    "replications": replications,
}


def plot(table: Any, kind: str | None = None, **options: Any) -> Drawing:
    """The figure of a sweep by the name of its kind, with its heading and caption; without one the figure that suits the design.

    Parameters
    ----------
    table : SweepTable
        The rows.
    kind : str, optional
        One of `KINDS`.
    **options
        ``measure``, and what else the figure takes.

    Raises
    ------
    UsageError
        When there is no such kind or option.
    """
    chosen = kind_for(table, options.get("measure")) if kind is None else kind
    if chosen not in KINDS:
        raise UsageError(f"there is no plot {chosen!r}{suggestion(chosen, KINDS)}")
    drawn = KINDS[chosen]
    known = drawn.__code__.co_varnames[1 : drawn.__code__.co_argcount + drawn.__code__.co_kwonlyargcount]
    for name in options:
        if name not in known:
            raise UsageError(f"the plot {chosen} has no option {name!r}{suggestion(name, known)}")
    return titled(drawn(table, **options))
