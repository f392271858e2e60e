"""A design: the points of a sweep in their order, and what an analysis of them needs to know later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from chainwright.experiment.designs.factor import BASE, Factor, as_said, factor_of_facts
from chainwright.words.errors import UsageError, suggestion

# More points are a slip of the pen: a grid of many factors with many values.
MOST_POINTS = 1_000_000


@dataclass(frozen=True, eq=False)
class Design:
    """The points of a sweep.

    Designs are made by `make_design`.

    Parameters
    ----------
    kind : str
        How they were chosen.
    factors : tuple of Factor
        What is varied.
    points : DataFrame
        One row per point in order, one column per factor.
    facts : dict
        What was asked for and what an analysis needs, as JSON can hold it.
    """

    kind: str
    factors: tuple[Factor, ...]
    points: pd.DataFrame
    facts: dict[str, Any] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.points)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Design) and self.document() == other.document()

    __hash__ = None  # type: ignore[assignment]

    def document(self) -> dict[str, Any]:
        """The design as JSON can hold it; `design_of_document` reads it back."""
        return {
            "kind": self.kind,
            "factors": [factor.facts() for factor in self.factors],
            "points": {factor.name: [as_said(value) for value in self.points[factor.name]] for factor in self.factors},
            "facts": self.facts,
        }

    def __repr__(self) -> str:
        names = ", ".join(factor.name for factor in self.factors)
        return f"Design({self.kind}, {len(self):,} {'point' if len(self) == 1 else 'points'} of {names})"


def design_of_document(document: Mapping[str, Any]) -> Design:
    """The design that `Design.document` has described.

    Examples
    --------
    >>> from chainwright.experiment.designs.making import make_design
    >>> design = make_design({"horizon": [20, 30]})
    >>> design_of_document(design.document()) == design
    True
    """
    try:
        factors = tuple(factor_of_facts(facts) for facts in document["factors"])
        columns = {factor.name: document["points"][factor.name] for factor in factors}
        return Design(str(document["kind"]), factors, frame_of(columns), dict(document["facts"]))
    except (KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"this is no document of a design: {error}") from None


def frame_of(columns: Mapping[str, Sequence[Any]]) -> pd.DataFrame:
    """A table of points; lists, mappings and nothing stay what they are."""
    made = {}
    for name, values in columns.items():
        if any(value is None or isinstance(value, list | dict) for value in values):
            held = np.empty(len(values), object)
            for place, value in enumerate(values):
                held[place] = value
            made[name] = pd.Series(held, dtype=object)
        else:
            made[name] = pd.Series(list(values))
    return pd.DataFrame(made)


def checked_value(factor: Factor, value: Any) -> Any:
    """A value that a point gives to a factor: of variants and labels a known one.

    Raises
    ------
    UsageError
        When there is none of that name, or the value is missing.
    """
    said = as_said(value)
    if factor.kind == "variant":
        return BASE if said is None else str(said)
    if factor.kind == "settings":
        if str(said) not in factor.meant:
            raise UsageError(f"factor {factor.name!r} has no {str(said)!r}{suggestion(str(said), factor.meant)}")
        return str(said)
    return said
