"""Where a scenario stands now in the space of an optimiser, as far as it says so."""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping
from typing import Any

from chainwright.experiment.designs.factor import BASE, Factor, same
from chainwright.experiment.optimising.space import Axis, Place, Space
from chainwright.scenario import Scenario
from chainwright.scenario.change.settings import apply
from chainwright.words.errors import ChainwrightError

_MISSING = object()


def present(space: Space, scenario: Scenario) -> Place | None:
    """The place of the scenario as it is; None where it says nothing of a factor, or something outside of the space.

    Examples
    --------
    >>> import chainwright as cw
    >>> from chainwright.experiment.optimising.space import space_of
    >>> scenario = cw.load("beer_game")
    >>> space = space_of({"policies.place_orders.default.target": (10, 30)}, scenario)
    >>> space.values(present(space, scenario))
    (17,)
    """
    document = scenario.document
    found = [_of_axis(axis, document) for axis in space.axes]
    return None if any(one is None for one in found) else tuple(one for one in found if one is not None)


def said_values(space: Space, scenario: Scenario) -> tuple[Any, ...]:
    """The value of each factor in the scenario as it is, inside the space or not; None where it says none, or several.

    Examples
    --------
    >>> import chainwright as cw
    >>> from chainwright.experiment.optimising.space import space_of
    >>> scenario = cw.load("beer_game")
    >>> said_values(space_of({"policies.place_orders.default.target": (20, 30), "variant": ["base", "pass_on"]}, scenario), scenario)
    (17, 'base')
    """
    document = scenario.document
    return tuple(_said_of(axis.factor, document) for axis in space.axes)


def _said_of(factor: Factor, document: Mapping[str, Any]) -> Any:
    if factor.kind == "variant":
        return BASE
    if factor.kind == "settings":
        return next((label for label in factor.values if all(same(_said(document, path)) == same(value)
                                                             for path, value in factor.meant[label].items())), None)  # fmt: skip
    values = [_said(document, path) for path in factor.paths]
    return values[0] if values and all(value is not None and same(value) == same(values[0]) for value in values) else None


def _of_axis(axis: Axis, document: Mapping[str, Any]) -> float | None:
    factor = axis.factor
    if factor.kind == "variant":
        return float(factor.values.index(BASE)) if BASE in factor.values else None
    if factor.kind == "settings":
        return next((float(number) for number, label in enumerate(factor.values)
                     if all(same(_said(document, path)) == same(value) for path, value in factor.meant[label].items())), None)  # fmt: skip
    values = [_said(document, path) for path in factor.paths]
    if not values or any(value is None or same(value) != same(values[0]) for value in values):
        return None
    if factor.listed:
        return next((float(number) for number, value in enumerate(factor.values) if same(value) == same(values[0])), None)
    value = values[0]
    if isinstance(value, bool) or not isinstance(value, int | float) or not factor.low <= value <= factor.high:
        return None
    if axis.count is not None:
        return float(value - int(factor.low)) if float(value).is_integer() else None
    if factor.log:
        return math.log(value / factor.low) / math.log((factor.high + factor.whole) / factor.low)
    return float((value - factor.low) / (factor.high - factor.low))


def _said(document: Mapping[str, Any], path: str) -> Any:
    """The one value that stands at a path, wherever its wildcards lead; None where there is none, or several."""
    try:
        written = apply(copy.deepcopy(dict(document)), {path: 0})
    except ChainwrightError:
        return None
    found = [_at(document, parts) for parts in written]
    return found[0] if found and all(one is not _MISSING and same(one) == same(found[0]) for one in found) else None


def _at(document: Any, parts: tuple[str, ...]) -> Any:
    for part in parts:
        if isinstance(document, Mapping) and part in document:
            document = document[part]
        elif isinstance(document, list) and part.isdecimal() and int(part) < len(document):
            document = document[int(part)]
        else:
            return _MISSING
    return document
