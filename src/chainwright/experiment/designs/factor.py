"""A factor: one thing that a sweep varies, what its values are, and what each of them means for the scenario."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from chainwright.experiment.designs.factor_distributions import Distribution, distribution_of
from chainwright.words.errors import UsageError, suggestion

Kind = Literal["values", "range", "distribution", "variant", "settings"]
VARIANT = "variant"
# How the scenario itself is called among its variants.
BASE = "base"
# Where a distribution is low and high, its tenth and its ninetieth per cent: the custom of tornado diagrams.
LOW, HIGH = 0.1, 0.9


@dataclass(frozen=True)
class Factor:
    """One thing that is varied.

    Factors are made by `factors_of`, from what a caller says, and by `parse_factor`, from a text.

    Parameters
    ----------
    name : str
        Column of the table: the dotted path as given, or a name of the user's.
    kind : str
        ``values``, ``range``, ``distribution``, ``variant`` or ``settings`` (each label means several values by path).
    paths : tuple of str
        What is set; empty for variants and labelled settings.
    values : tuple
        The values, the names of variants, or the labels.
    low, high : float
        Ends of a range.
    whole, log : bool
        Whether a range has whole numbers only; whether its places are spread by the logarithm.
    distribution : Distribution, optional
        How values are spread.
    meant : mapping
        Values by path of each label.

    Examples
    --------
    >>> Factor("lanes.*.transport_time", "range", ("lanes.*.transport_time",), low=1, high=4, whole=True).at(0.6)
    3
    """

    name: str
    kind: Kind
    paths: tuple[str, ...] = ()
    values: tuple[Any, ...] = ()
    low: float = 0.0
    high: float = 1.0
    whole: bool = False
    log: bool = False
    distribution: Distribution | None = None
    meant: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def structural(self) -> bool:
        """Whether values may change more than a number: a policy, a variant, a whole part of the scenario."""
        return self.kind in ("variant", "settings") or any(isinstance(value, str | Mapping) for value in self.values)

    @property
    def listed(self) -> bool:
        """Whether its values are listed, not spread over a range or by a distribution."""
        return self.kind not in ("range", "distribution")

    @property
    def numeric(self) -> bool:
        """Whether every value is a number."""
        return not self.listed or (self.kind == "values" and all(is_number(value) for value in self.values))

    @property
    def every_path(self) -> tuple[str, ...]:
        """All paths that some value of it sets."""
        return self.paths or tuple(dict.fromkeys(path for settings in self.meant.values() for path in settings))

    def at(self, place: float) -> Any:
        """The value at a place of the unit interval, by inverse transform; listed values share it in equal slices.

        Examples
        --------
        >>> factor = Factor("who", "values", ("x",), ("a", "b", "c"))
        >>> factor.at(0.0), factor.at(0.5), factor.at(1.0)
        ('a', 'b', 'c')
        """
        return self.at_all([place])[0]

    def at_all(self, places: Any) -> list[Any]:
        """The values at many places of the unit interval."""
        column = np.clip(np.asarray(places, np.float64), 0.0, 1.0)
        if self.listed:
            count = len(self.values)
            return [self.values[number] for number in np.minimum((column * count).astype(np.int64), count - 1)]
        if self.distribution is not None:
            return self.distribution.at(column)
        # Each whole number has a slice of its own.
        top = self.high + 1 if self.whole else self.high
        if self.log:
            made = self.low * np.exp(column * math.log(top / self.low))
        else:
            made = self.low + (top - self.low) * column
        if self.whole:
            return [int(value) for value in np.minimum(np.floor(made), self.high)]
        return [float(value) for value in np.clip(made, self.low, self.high)]

    def levels(self, count: int) -> list[Any]:
        """So many values, evenly spread: of a range with its two ends, of a distribution the middles of equally likely slices.

        Raises
        ------
        UsageError
            When there are not that many.

        Examples
        --------
        >>> Factor("x", "range", ("x",), low=10.0, high=30.0).levels(3)
        [10.0, 20.0, 30.0]
        """
        if self.listed:
            return list(self.values)
        if self.distribution is not None:
            made = self.distribution.at((np.arange(count) + 0.5) / count)
        elif count == 1:
            made = [self.middle()]
        else:
            spread = np.geomspace if self.log else np.linspace
            ends = spread(self.low, self.high, count)
            ends[0], ends[-1] = self.low, self.high
            made = [int(value) for value in np.rint(ends)] if self.whole else [float(value) for value in ends]
        if len(set(made)) < count:
            raise UsageError(f"factor {self.name!r} has no {count} different values; ask for fewer levels")
        return made

    def ends(self) -> tuple[Any, Any]:
        """Its low and its high value: the ends of a range, 10 and 90 per cent of a distribution, or the two values that are listed.

        Raises
        ------
        UsageError
            When other than two values are listed, or the two are the same.
        """
        if self.kind == "range":
            return (int(self.low), int(self.high)) if self.whole else (self.low, self.high)
        if self.distribution is not None:
            low, high = self.distribution.at([LOW, HIGH])
            if low == high:
                raise UsageError(f"factor {self.name!r} is {low!r} both at {LOW:.0%} and at {HIGH:.0%} of its distribution; give two values")
            return low, high
        if len(self.values) != 2:
            many = "one value" if len(self.values) == 1 else f"{len(self.values)} values"
            raise UsageError(f"factor {self.name!r} has {many}, but two levels are needed: give a low and a high one, or a range")
        return self.values[0], self.values[1]

    def middle(self) -> Any:
        """The value between its ends: of a distribution the median, of listed numbers the mean of the smallest and the largest."""
        if self.distribution is not None:
            return self.distribution.at([0.5])[0]
        if not self.numeric:
            raise UsageError(f"factor {self.name!r} has no middle: its values are no numbers")
        low, high = (self.low, self.high) if self.kind == "range" else (min(self.values), max(self.values))
        made = math.sqrt(low * high) if self.log else (low + high) / 2
        return round(made) if self.whole else int(made) if float(made).is_integer() and isinstance(low, int) and isinstance(high, int) else made

    def settings(self, value: Any) -> tuple[dict[str, Any], str | None]:
        """What a value means for the scenario: values by path, and the name of a variant.

        Raises
        ------
        UsageError
            When no label is called so.

        Examples
        --------
        >>> Factor("variant", "variant", values=("base", "pass_on")).settings("pass_on")
        ({}, 'pass_on')
        """
        said = as_said(value)
        if self.kind == "variant":
            return {}, None if said in (BASE, None) else str(said)
        if self.kind == "settings":
            if said not in self.meant:
                raise UsageError(f"factor {self.name!r} has no {said!r}{suggestion(str(said), self.meant)}")
            return dict(self.meant[said]), None
        return dict.fromkeys(self.paths, said), None

    def facts(self) -> dict[str, Any]:
        """All that it is, as JSON can hold it; `factor_of_facts` reads it back."""
        made: dict[str, Any] = {"name": self.name, "kind": self.kind}
        if self.paths:
            made["paths"] = list(self.paths)
        if self.kind == "range":
            made |= {"low": self.low, "high": self.high, "whole": self.whole, "log": self.log}
        elif self.distribution is not None:
            made["distribution"] = dict(self.distribution.said)
        elif self.kind == "settings":
            made["settings"] = {label: dict(settings) for label, settings in self.meant.items()}
        else:
            made["values"] = list(self.values)
        return made


def factor_of_facts(facts: Mapping[str, Any]) -> Factor:
    """The factor that `Factor.facts` has described.

    Examples
    --------
    >>> factor = Factor("x", "values", ("horizon",), (10, 20))
    >>> factor_of_facts(factor.facts()) == factor
    True
    """
    try:
        name, kind, paths = str(facts["name"]), facts["kind"], tuple(facts.get("paths", ()))
        if kind == "range":
            return Factor(name, kind, paths, low=facts["low"], high=facts["high"], whole=bool(facts["whole"]), log=bool(facts["log"]))
        if kind == "distribution":
            return Factor(name, kind, paths, distribution=distribution_of(facts["distribution"]))
        if kind == "settings":
            return Factor(name, kind, values=tuple(facts["settings"]), meant=facts["settings"])
        if kind in ("values", "variant"):
            return Factor(name, kind, paths, tuple(facts["values"]))
    except (KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"these are no facts of a factor ({error}): {facts!r}") from None
    raise UsageError(f"no kind of factor is called {facts.get('kind')!r}")


def is_number(value: Any) -> bool:
    """Whether a value is a number, and not a truth value."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def as_said(value: Any) -> Any:
    """A value as it may stand in a scenario file: numbers of NumPy as Python's, tuples and arrays as lists.

    Raises
    ------
    UsageError
        When it could stand in none.

    Examples
    --------
    >>> as_said(np.int64(4)), as_said((1, np.float64(2.5)))
    (4, [1, 2.5])
    """
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if isinstance(value, Mapping):
        return {str(key): as_said(one) for key, one in value.items()}
    if isinstance(value, list | tuple | range):
        return [as_said(one) for one in value]
    if isinstance(value, float) and math.isnan(value):
        raise UsageError("a value is missing (nan)")
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise UsageError(f"{value!r} cannot stand in a scenario file; expected numbers, words, lists or mappings")


def same(value: Any) -> str:
    """A text that two values share exactly when they are the same: 2 and 2.0 are, 1 and true are not."""

    def plain(one: Any) -> Any:
        if isinstance(one, Mapping):
            return {str(key): plain(inner) for key, inner in one.items()}
        if isinstance(one, list | tuple):
            return [plain(inner) for inner in one]
        return int(one) if isinstance(one, float) and one.is_integer() else one

    return json.dumps(plain(value), sort_keys=True)
