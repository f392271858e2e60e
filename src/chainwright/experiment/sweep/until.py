"""Replications until the mean is known well enough: how that is said, and the decision, point by point on its own rows."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from chainwright.metrics.intervals import half_width
from chainwright.words.errors import UsageError, suggestion
from chainwright.words.requests import run_numbers, whole_number

FORM = "until half_width(total_cost)<2% at 95% at least 30 at most 1000 batches of 20"
# Fewer replications say too little about how far they spread.
LEAST, MOST, BATCH, CONFIDENCE = 30, 1000, 20, 0.95
# What a point is told at each step.
ENOUGH, REACHED, UNKNOWN = "enough", "the most", "unknown"

_NUMBER = r"(\d+(?:\.\d*)?(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?)"
_START = re.compile(rf"\s*until\s+(\w+)\s*(?:\(([^()]*)\))?\s*(<=|<)?\s*{_NUMBER}?\s*(%)?", re.IGNORECASE)
_CLAUSES = {
    "of": re.compile(r"\s*,?\s*of\s+([^\s,]+)", re.IGNORECASE),
    "confidence": re.compile(rf"\s*,?\s*at\s+{_NUMBER}\s*%", re.IGNORECASE),
    "least": re.compile(r"\s*,?\s*at\s+least\s+(\d+)", re.IGNORECASE),
    "most": re.compile(r"\s*,?\s*at\s+most\s+(\d+)", re.IGNORECASE),
    "batch": re.compile(r"\s*,?\s*(?:in\s+)?batches\s+of\s+(\d+)", re.IGNORECASE),
}
# Each is a row of the table.
MOST_REPLICATIONS = 10_000_000


@dataclass(frozen=True)
class Until:
    """Replications in batches, until half the width of the confidence interval of a mean is small enough.

    Each point is judged on its own replications, in their order, so it gets the same number of them on any engine and after any
    interruption. Replications are independent of each other, so the interval is Student's.

    Parameters
    ----------
    half_width : float
        What half the width must be below: a share of the mean, or in the measure's own unit.
    relative : bool
        Whether it is a share of the mean.
    measures : tuple of str
        Which measures; where none is named the only one of the sweep, or ``total_cost``.
    confidence : float
        Level of the interval.
    least, most : int
        Replications of a point, at the least and at the most.
    batch : int
        How many are added at a time.

    Examples
    --------
    >>> Until(0.02, measures=("total_cost",), most=200) == until("until half_width(total_cost) < 2% at most 200")
    True
    """

    half_width: float
    relative: bool = True
    measures: tuple[str, ...] = ()
    confidence: float = CONFIDENCE
    least: int = LEAST
    most: int = MOST
    batch: int = BATCH

    def __post_init__(self) -> None:
        named: Any = self.measures
        object.__setattr__(self, "measures", (named,) if isinstance(named, str) else tuple(named))
        wrong = []
        if isinstance(self.half_width, bool) or not isinstance(self.half_width, int | float) or not 0.0 < self.half_width < math.inf:
            wrong.append(f"half_width must be a number above 0, got {self.half_width!r}")
        if isinstance(self.confidence, bool) or not isinstance(self.confidence, int | float) or not 0.0 < self.confidence < 1.0:
            wrong.append(f"confidence must lie between 0 and 1 (0.95 for 95 %), got {self.confidence!r}")
        for name, low in (("least", 2), ("batch", 1), ("most", 2)):
            try:
                object.__setattr__(self, name, whole_number(getattr(self, name), f"{name} of until", low))
            except UsageError as error:
                wrong.append(str(error))
        if not wrong and self.most < self.least:
            # Who wants fewer than the usual first batch has said so.
            if self.least != LEAST:
                wrong.append(f"until: at most {self.most} is less than at least {self.least}")
            object.__setattr__(self, "least", self.most)
        if wrong:
            raise UsageError("\n".join(wrong))

    def __str__(self) -> str:
        target = f"{100 * self.half_width:.10g}%" if self.relative else f"{self.half_width:.10g}"
        return (
            f"until half_width({', '.join(self.measures)})<{target} at {100 * self.confidence:.10g}% "
            f"at least {self.least} at most {self.most} batches of {self.batch}"
        )

    def of(self, measured: Sequence[str]) -> Until:
        """The rule with its measures named, checked against those of the sweep.

        Raises
        ------
        UsageError
            When one of them is not measured, or none is named and there is a choice.
        """
        unknown = [name for name in self.measures if name not in measured]
        if unknown:
            raise UsageError(f"reps: the sweep does not measure {unknown[0]!r}{suggestion(unknown[0], measured)}")
        if self.measures:
            return self
        if len(measured) == 1 or "total_cost" in measured:
            return replace(self, measures=("total_cost",) if "total_cost" in measured else (measured[0],))
        raise UsageError(f"reps: say of which measure, such as half_width({measured[0]})")

    def first(self) -> tuple[int, ...]:
        """The replications that every point gets."""
        return tuple(range(self.least))

    def next(self, rows: Mapping[int, Sequence[float] | None], count: int = 0) -> tuple[int, tuple[int, ...], str]:
        """How many replications a point is judged on next, and which of them are missing; or why it needs no more.

        Parameters
        ----------
        rows : mapping of int to sequence of float
            By replication its measures, in the order of `measures`; None where it failed. More may be known than the rule has asked for.
        count : int
            How many the point was to be judged on when it was last asked.

        Returns
        -------
        int
            The first so many replications are those that count.
        tuple of int
            Those of them that are missing.
        str
            ``enough``, ``the most`` or ``unknown`` once no more are needed, else nothing.

        Examples
        --------
        >>> rule = Until(0.5, relative=False, measures=("cost",), least=2, batch=3)
        >>> rule.next({0: [1.0], 1: [3.0]}), rule.next({0: [1.0], 1: [1.01]})
        ((5, (2, 3, 4), ''), (2, (), 'enough'))
        """
        count = max(count, self.least)
        while True:
            missing = tuple(number for number in range(count) if number not in rows)
            if missing:
                return count, missing, ""
            verdict = self._verdict([rows[number] for number in range(count)])
            if verdict or count >= self.most:
                return count, (), verdict or REACHED
            count = min(self.most, count + self.batch)

    def _verdict(self, rows: Sequence[Sequence[float] | None]) -> str:
        known = np.array([row for row in rows if row is not None], np.float64).reshape(-1, len(self.measures))
        for column in known.T:
            values = column[~np.isnan(column)]
            if len(values) < 2:
                return UNKNOWN  # it fails, or the measure is empty: more of the same would not help
        return ENOUGH if all(self._narrow(column[~np.isnan(column)]) for column in known.T) else ""

    def _narrow(self, values: Any) -> bool:
        mean, half = float(np.mean(values)), half_width(values, self.confidence)
        # Replications that do not differ need no more of them, whatever the mean.
        return half == 0.0 or half < (self.half_width * abs(mean) if self.relative else self.half_width)


def until(text: str) -> Until:
    """The rule that a text says.

    Raises
    ------
    UsageError
        When it is none.

    Examples
    --------
    >>> rule = until("until half_width<0.5 of fill_rate at 90% at most 400 in batches of 10")
    >>> rule.relative, rule.measures, rule.confidence, rule.most, rule.batch
    (False, ('fill_rate',), 0.9, 400, 10)
    """
    found = _START.match(text)
    if found is None or found.group(1).lower() != "half_width" or found.group(3) is None or found.group(4) is None:
        raise UsageError(f"reps: cannot read {text!r}; expected a number, or such as {FORM!r}")
    measures = [name.strip() for name in (found.group(2) or "").split(",") if name.strip()]
    options: dict[str, Any] = {}
    place = found.end()
    while text[place:].strip(" ,"):
        fitting = {name: part for name, clause in _CLAUSES.items() if (part := clause.match(text, place))}
        if not fitting:
            raise UsageError(f"reps: cannot read {text[place:].strip(' ,')!r} in {text!r}; expected such as {FORM!r}")
        name, part = fitting.popitem()
        if name in options or (name == "of" and measures):
            raise UsageError(f"reps: {part.group(0).strip(' ,')!r} in {text!r} says the same thing twice")
        if name == "of":
            measures = [part.group(1)]
            options[name] = None
        else:
            options[name] = float(part.group(1)) / 100.0 if name == "confidence" else int(part.group(1))
        place = part.end()
    options.pop("of", None)
    size = float(found.group(4))
    return Until(size / 100.0 if found.group(5) else size, bool(found.group(5)), tuple(measures), **options)


def replications(reps: Any) -> Until | tuple[int, ...]:
    """What is asked for as replications: so many, those that are listed, or a rule.

    Raises
    ------
    UsageError
        When it is none of these.

    Examples
    --------
    >>> replications(3), replications("20")[-1], replications([4, 2])
    ((0, 1, 2), 19, (4, 2))
    """
    if isinstance(reps, Until):
        return reps
    if isinstance(reps, str):
        if not reps.strip().isdecimal():
            return until(reps)
        reps = int(reps)
    try:
        numbers = run_numbers(reps)
        if len(numbers) > MOST_REPLICATIONS:
            raise UsageError(f"runs must be a whole number of at most {MOST_REPLICATIONS:,}, got {len(numbers):,}")
        return tuple(numbers)
    except UsageError as error:
        said = str(error).replace("a run number", "a replication's number").replace("run numbers", "replications' numbers")
        raise UsageError("reps: " + said.replace("no run was", "no replication was").removeprefix("runs ")) from None
