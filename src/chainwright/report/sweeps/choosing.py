"""Which figure suits a sweep."""

from __future__ import annotations

from typing import Any

from chainwright.report.sweeps.reading import MOST_LEVELS, Reading

OF_DESIGN = {
    "saltelli": "sobol",
    "morris": "morris",
    "one_at_a_time": "tornado",
    **dict.fromkeys(("latin_hypercube", "sobol", "halton"), "responses"),
}
# From so many levels of both factors on a map is read more easily than lines.
MAP_LEVELS = 4


def kind_for(table: Any, measure: str | None = None) -> str:
    """The kind of figure that suits the design of a sweep.

    Parameters
    ----------
    table : SweepTable
        The rows.
    measure : str, optional
        What will be drawn.
    """
    reading = Reading(table, measure)
    varied = reading.varied
    if not varied:
        return "replications"
    suited = OF_DESIGN.get(reading.design.kind)
    # Indices need the whole design, which a selection of rows has lost, and points that failed spoil.
    whole = len(reading.ids) == len(reading.design.points) and not bool((reading.means != reading.means).any())
    if suited == "responses" or (suited is not None and (whole or suited == "tornado")):
        return suited
    if suited is not None or any(factor.numeric and len(set(factor.values)) > MOST_LEVELS for factor in varied):
        return "responses"
    if len(varied) == 2:
        levels = [len(factor.levels().texts) for factor in varied]
        return "heat_map" if min(levels) >= MAP_LEVELS else "interaction"
    return "main_effects"
