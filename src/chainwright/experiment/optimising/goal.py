"""What is best: the measure that is made small or large, and the limits that others must keep."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from chainwright.experiment.optimising.trials import Outcome, failed
from chainwright.words.errors import UsageError

Floats = NDArray[np.float64]

_LIMIT = re.compile(r"\s*(>=|<=|≥|≤)\s*([-+]?[0-9][0-9_]*\.?[0-9]*(?:[eE][-+]?[0-9]+)?|[-+]?\.[0-9]+)\s*(%?)\s*")


@dataclass(frozen=True)
class Limit:
    """A limit that a measure must keep.

    Parameters
    ----------
    measure : str
        Which.
    sign : {">=", "<="}
        Whether it must not fall below the bound, or not rise above it.
    bound : float
        The bound.

    Examples
    --------
    >>> Limit("fill_rate", ">=", 0.5).missed_by(0.25), Limit("fill_rate", ">=", 0.5).missed_by(0.75)
    (0.5, 0.0)
    """

    measure: str
    sign: str
    bound: float

    def missed_by(self, value: float) -> float:
        """By how much a value misses the limit, as a share of the bound (of 1, where the bound is 0)."""
        short = self.bound - value if self.sign == ">=" else value - self.bound
        return max(0.0, short / (abs(self.bound) or 1.0))

    def verdict(self, low: float, high: float) -> str:
        """Whether an interval keeps the limit (``kept``), misses it (``missed``) or lies on both sides (``not distinguishable``)."""
        keeps, misses = (low >= self.bound, high < self.bound) if self.sign == ">=" else (high <= self.bound, low > self.bound)
        return "kept" if keeps else "missed" if misses else "not distinguishable"

    def __str__(self) -> str:
        return f"{self.measure} {self.sign} {self.bound:g}"


@dataclass(frozen=True)
class Goal:
    """What is best.

    Parameters
    ----------
    measure : str
        What is made small or large.
    largest : bool
        Whether it is made large.
    limits : tuple of Limit
        What others must keep.
    confidently : bool
        Whether a limit must be kept by the bound of a one-sided confidence interval; by the mean otherwise.
    confidence : float
        Level of intervals.

    Examples
    --------
    >>> import numpy as np
    >>> goal = Goal("total_cost", limits=(Limit("fill_rate", ">=", 0.9),))
    >>> goal.outcome({"total_cost": np.array([3.0, 5.0]), "fill_rate": np.array([0.9, 1.0])}).rank
    (0.0, 4.0)
    """

    measure: str
    largest: bool = False
    limits: tuple[Limit, ...] = ()
    confidently: bool = False
    confidence: float = 0.95

    @property
    def measures(self) -> tuple[str, ...]:
        """All that must be measured."""
        return tuple(dict.fromkeys((self.measure, *(limit.measure for limit in self.limits))))

    def outcome(self, found: Mapping[str, Floats]) -> Outcome:
        """What the replications of a candidate are worth.

        Parameters
        ----------
        found : mapping
            Of each measure one number per replication.
        """
        means = {name: float(np.mean(values)) for name, values in found.items()}
        errors = {name: standard_error(values) for name, values in found.items()}
        empty = [name for name in self.measures if not math.isfinite(means[name])]
        if empty:
            return failed(f"{empty[0]} is empty or infinite, so that nothing can be said of it")
        violation = 0.0
        for limit in self.limits:
            value = means[limit.measure]
            if self.confidently:
                count = len(found[limit.measure])
                margin = float(stdtrit(count - 1, self.confidence)) * errors[limit.measure] if count > 1 else 0.0
                value += margin if limit.sign == "<=" else -margin
            violation += limit.missed_by(value)
        facts = means | {f"{name}_error": error for name, error in errors.items()}
        return Outcome(-means[self.measure] if self.largest else means[self.measure], violation, facts=facts)

    def shown(self, value: float) -> float:
        """The measure of an outcome's value, with its own sign."""
        return -value if self.largest else value

    def __str__(self) -> str:
        limits = f" with {', '.join(map(str, self.limits))}" if self.limits else ""
        return f"{'largest' if self.largest else 'smallest'} {self.measure}{limits}"


def standard_error(values: Floats) -> float:
    """Of the mean of independent replications; 0 of one alone, about whose spread nothing is known."""
    return float(np.std(values, ddof=1) / math.sqrt(len(values))) if len(values) > 1 else 0.0


def limits_of(subject_to: Any) -> list[Limit]:
    """The limits that a caller sets.

    Parameters
    ----------
    subject_to : mapping
        By measure ``">=0.95"``, ``"<=1000"``, or a list of such.

    Raises
    ------
    UsageError
        With all that cannot be read.

    Examples
    --------
    >>> [str(limit) for limit in limits_of({"fill_rate": [">= 95 %", "<=0.99"]})]
    ['fill_rate >= 0.95', 'fill_rate <= 0.99']
    """
    if subject_to is None:
        return []
    if not isinstance(subject_to, Mapping):
        raise UsageError(f"subject_to must say which measure keeps which limit, such as {{'fill_rate': '>=0.95'}}, got {subject_to!r}")
    found: list[Limit] = []
    wrong: list[str] = []
    for measure, said in subject_to.items():
        texts: Sequence[Any] = said if isinstance(said, list | tuple) else [said]
        for text in texts:
            match = _LIMIT.fullmatch(text) if isinstance(text, str) else None
            if match is None:
                wrong.append(f"subject_to: {measure}: cannot read {text!r}; expected a limit such as '>=0.95' or '<=1000'")
                continue
            sign, number, share = match.groups()
            sign = {"≥": ">=", "≤": "<="}.get(sign, sign)
            found.append(Limit(str(measure), sign, float(number) / 100.0 if share else float(number)))
    for name in dict.fromkeys(limit.measure for limit in found):
        least = max((one.bound for one in found if one.measure == name and one.sign == ">="), default=-math.inf)
        most = min((one.bound for one in found if one.measure == name and one.sign == "<="), default=math.inf)
        if least > most:
            wrong.append(f"subject_to: {name}: nothing is at least {least:g} and at most {most:g}")
    if wrong:
        raise UsageError("\n".join(wrong))
    return found
