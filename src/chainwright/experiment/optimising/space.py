"""Where an optimiser looks: factors as the axes of a space, places in it, their neighbours, and what a place means for the scenario."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from chainwright.experiment.designs.factor import Factor, as_said, is_number
from chainwright.experiment.designs.factors import factors_of, mistakes_of_factors
from chainwright.experiment.sweep.point import Point
from chainwright.scenario import Scenario
from chainwright.words.errors import UsageError

# One number per axis: which of its values, where there are finitely many; else a place of the unit interval.
Place: TypeAlias = tuple[float, ...]

# Up to so many axes every combination of one step along each is a neighbour (26 of three); up to so many, of any two.
ALL_TOGETHER, IN_PAIRS = 3, 5
# The first step of a neighbourhood as a share of the axis, and the last one of an axis without end of values.
FIRST_STEP, LAST_STEP = 1 / 16, 1 / 1024


@dataclass(frozen=True)
class Axis:
    """One factor as a numbered axis.

    Parameters
    ----------
    factor : Factor
        What is varied.

    Examples
    --------
    >>> axis = Axis(Factor("level", "range", ("level",), low=10, high=30, whole=True))
    >>> axis.count, axis.value(0), axis.value(20), axis.ordered
    (21, 10, 30, True)
    """

    factor: Factor

    @property
    def count(self) -> int | None:
        """How many values there are; None where they are too many to be numbered."""
        if self.factor.listed:
            return len(self.factor.values)
        # By the logarithm, neighbours of large values lie farther apart than one.
        return int(self.factor.high) - int(self.factor.low) + 1 if self.factor.whole and not self.factor.log else None

    @property
    def ordered(self) -> bool:
        """Whether neighbouring values are alike: words are not, and neither are numbers in no order."""
        if not self.factor.listed:
            return True
        values = self.factor.values
        return self.factor.numeric and list(values) in (sorted(values), sorted(values, reverse=True))

    @property
    def top(self) -> float:
        """The largest place; the smallest is 0."""
        return 1.0 if self.count is None else float(self.count - 1)

    def value(self, place: float) -> Any:
        """The value at a place."""
        if self.count is None:
            return self.factor.at(place)
        number = round(place)
        return self.factor.values[number] if self.factor.listed else int(self.factor.low) + number

    def share(self, place: float) -> float:
        """A place as a share of the axis."""
        return place / self.top if self.top else 0.0


class Space:
    """All that may be chosen.

    Parameters
    ----------
    factors : sequence of Factor
        What is varied.

    Examples
    --------
    >>> level = Factor("level", "range", ("level",), low=1, high=3, whole=True)
    >>> space = Space([level, Factor("variant", "variant", values=("base", "pass_on"))])
    >>> space.size, space.values((2.0, 1.0)), space.candidate((2.0, 1.0))
    (6, (3, 'pass_on'), {'level': 3, 'variant': 'pass_on'})
    """

    def __init__(self, factors: Sequence[Factor]) -> None:
        self.factors = tuple(factors)
        self.axes = tuple(Axis(factor) for factor in factors)
        self.names = tuple(factor.name for factor in factors)

    @property
    def size(self) -> int | None:
        """How many candidates there are; None where there is no end of them."""
        product = 1
        for axis in self.axes:
            if axis.count is None:
                return None
            product *= axis.count
        return product

    def every(self) -> Iterator[Place]:
        """Every place of a space that has an end, the last axis changing first."""
        return itertools.product(*[[float(number) for number in range(axis.count or 0)] for axis in self.axes])

    def snapped(self, place: Sequence[float]) -> Place:
        """The place itself, or the nearest one that there is."""
        made = [min(max(float(one), 0.0), axis.top) for one, axis in zip(place, self.axes, strict=True)]
        return tuple(one if axis.count is None else float(round(one)) for one, axis in zip(made, self.axes, strict=True))

    def values(self, place: Place) -> tuple[Any, ...]:
        """The value of each factor."""
        return tuple(axis.value(one) for axis, one in zip(self.axes, place, strict=True))

    def candidate(self, place: Place) -> dict[str, Any]:
        """What a place sets: values by path, and ``variant`` where one is chosen."""
        made: dict[str, Any] = {}
        for factor, value in zip(self.factors, self.values(place), strict=True):
            settings, variant = factor.settings(value)
            made |= settings
            if variant is not None:
                made["variant"] = variant
        return made

    def scenario(self, place: Place, of: Scenario) -> Scenario:
        """The scenario that a place makes of another."""
        settings = self.candidate(place)
        variant = settings.pop("variant", None)
        return Point(0, {}, settings, variant).scenario(of)

    # --- neighbours --------------------------------------------------------------------------------------------

    def first_steps(self) -> tuple[float, ...]:
        """How far neighbours lie apart at first, by axis."""
        return tuple(FIRST_STEP if axis.count is None else float(max(1, round(axis.top * FIRST_STEP))) for axis in self.axes)

    def halved(self, steps: Sequence[float]) -> tuple[float, ...] | None:
        """Half the steps; None where they are as fine as can be."""
        made = tuple(max(step / 2, LAST_STEP) if axis.count is None else float(max(1, int(step) // 2))
                     for axis, step in zip(self.axes, steps, strict=True))  # fmt: skip
        return None if made == tuple(steps) else made

    def around(self, place: Place, steps: Sequence[float]) -> list[Place]:
        """The neighbours of a place: a step along one axis or a few, or any other value of an axis without order."""
        ordered = [number for number, axis in enumerate(self.axes) if axis.ordered]
        together = len(ordered) if len(ordered) <= ALL_TOGETHER else 2 if len(ordered) <= IN_PAIRS else 1
        found: list[Place] = []
        for many in range(1, together + 1):
            for chosen in itertools.combinations(ordered, many):
                for signs in itertools.product((-1.0, 1.0), repeat=many):
                    moved = list(place)
                    for number, sign in zip(chosen, signs, strict=True):
                        moved[number] += sign * steps[number]
                    found.append(self.snapped(moved))
        for number, axis in enumerate(self.axes):
            if not axis.ordered:
                found += [(*place[:number], float(other), *place[number + 1 :]) for other in range(axis.count or 0)]
        return [one for one in dict.fromkeys(found) if one != place]

    def apart(self, one: Place, other: Place) -> float:
        """How far two places lie apart along the axis where they differ most, as a share of it; 1 where words differ."""
        shares = [abs(axis.share(a) - axis.share(b)) if axis.ordered else float(a != b) for axis, a, b in zip(self.axes, one, other, strict=True)]
        return max(shares, default=0.0)


def space_of(over: Any, scenario: Scenario) -> Space:
    """The space of what a caller varies, tried on the scenario.

    Parameters
    ----------
    over : mapping
        By path or name: ``(low, high)``, whole numbers where both are; a list of choices; or whatever else may be a factor.
    scenario : Scenario
        What is varied.

    Raises
    ------
    UsageError
        With everything that is wrong.

    Examples
    --------
    >>> import chainwright as cw
    >>> space = space_of({"horizon": (20, 40), "lanes.*.price": (1.0, 3), "variant": ["base", "pass_on"]}, cw.load("beer_game"))
    >>> [axis.count for axis in space.axes]
    [21, None, 2]
    """
    if not over or not isinstance(over, Mapping | Iterable):
        raise UsageError(f"over must say what is varied, such as {{'policies.place_orders.default.level': (10, 40)}}, got {over!r}")
    given = {name: _said(said) for name, said in over.items()} if isinstance(over, Mapping) else over
    factors = factors_of(given)
    wrong = [f"factor {factor.name!r}: a distribution says what is likely, not what may be chosen; give the ends of a range, such as (10, 40)"
             for factor in factors if factor.kind == "distribution"]  # fmt: skip
    # Who writes 0 and 1 means all that lies between far more often than the two alone.
    tight = [factor for factor in factors if factor.kind == "range" and factor.whole and factor.high - factor.low < 2]
    wrong += [f"factor {one.name!r}: {one.low}..{one.high} has no whole number between its ends; write {one.low}.0..{one.high}.0 for all numbers, "
              "or list the two" for one in tight]  # fmt: skip
    wrong += [f"factor {name!r}: {message}" for name, message in mistakes_of_factors(factors, scenario)]
    if wrong:
        raise UsageError("\n".join(wrong))
    return Space(factors)


def _said(said: Any) -> Any:
    """A pair of numbers as a range, whole where both are; everything else as it is."""
    if not isinstance(said, tuple) or len(said) != 2:
        return said
    ends = as_said(said)
    if not all(is_number(end) for end in ends):
        return said
    return {"low": ends[0], "high": ends[1], "whole": all(isinstance(end, int) for end in ends)}
