"""What matters: indices of each factor from a design and what was measured at its points, by the method that fits the design."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from chainwright.experiment.designs.design import Design
from chainwright.experiment.designs.samples import problem, salib
from chainwright.experiment.designs.sensitivity_effects import effects, elementary_effects, swings
from chainwright.experiment.designs.sensitivity_variance import ranks, shares
from chainwright.words.errors import UsageError

__all__ = ["Sensitivity", "sensitivity"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Sensitivity:
    """What each factor does to one measure.

    Attributes
    ----------
    method : str
        ``morris``, ``sobol``, ``effects``, ``swings``, ``ranks`` or ``shares``.
    table : DataFrame
        One row per factor (of ``effects``: per main effect and interaction), see `sensitivity`.
    pairs : DataFrame
        One row per pair of factors where the method tells of pairs, else empty.
    facts : dict
        What belongs to none of them.
    """

    method: str
    table: pd.DataFrame
    pairs: pd.DataFrame = field(default_factory=pd.DataFrame)
    facts: dict[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        parts = [f"{self.method}, {self.facts.get('points', 0):,} points", self.table.to_string(index=False)]
        return "\n".join([*parts, *([self.pairs.to_string(index=False)] if len(self.pairs) else [])])


def sensitivity(design: Design, values: Any, *, confidence: float = 0.95, seed: int = 1, resamples: int = 100) -> Sensitivity:
    """What each factor of a design does to a measure.

    =====================================  ==============================================================================================
    design                                 columns of the table
    =====================================  ==============================================================================================
    ``morris``                             mu, mu_star, sigma, mu_star_conf: mean change of the measure, per whole range of the factor
    ``saltelli``                           first_order, total and their half intervals (Sobol's indices); pairs: second_order
    ``two_level``, ``fractional``          estimate of each main effect and interaction, its standard error, aliases
    ``one_at_a_time``                      the measure at the low, base and high value, and the swing between
    ``latin_hypercube``, ``sobol``,        srrc and prcc: standardised and partial rank correlation of the measure with each factor
    ``halton``
    ``grid``                               first_order and total: shares of the variance over the grid
    =====================================  ==============================================================================================

    Parameters
    ----------
    design : Design
        The points.
    values : array
        One number per point; or one row per point and one column per replication, where replication r of all points belongs together.
        Indices are of the means; with replications, effects and swings have standard errors.
    confidence : float
        Of intervals.
    seed, resamples : int
        Of the bootstrap behind the intervals of Sobol's indices.

    Returns
    -------
    Sensitivity
        A table, in the order of the factors; that of swings with the widest first.

    Raises
    ------
    UsageError
        When a point failed, or the design tells no such thing.

    Examples
    --------
    >>> from chainwright.experiment.designs.making import make_design
    >>> design = make_design({"horizon": [20, 40], "warm_up": [0, 10]}, "two_level")
    >>> found = sensitivity(design, 3.0 * design.points["horizon"] - design.points["warm_up"])
    >>> found.table[["effect", "estimate"]]
                      effect  estimate
    0                horizon      60.0
    1                warm_up     -10.0
    2  horizon × warm_up       0.0
    """
    if not isinstance(confidence, float | int) or not 0.0 < confidence < 1.0:
        raise UsageError(f"confidence must lie between 0 and 1, got {confidence!r}")
    method = _METHODS.get(design.kind)
    if method is None:
        raise UsageError(f"points that were chosen one by one ({design.kind}) tell no sensitivity; take one of {', '.join(_METHODS)}")
    measured = _checked(design, values)
    found = method(design, measured, float(confidence), int(seed), int(resamples))
    found.facts["points"] = len(design)
    if measured.shape[1] > 1:
        found.facts["replications"] = measured.shape[1]
    return found


def _checked(design: Design, values: Any) -> Floats:
    """The measured values, one row per point and one column per replication."""
    measured = np.asarray(values, np.float64)
    if measured.ndim == 1:
        measured = measured[:, None]
    if measured.ndim != 2 or len(measured) != len(design) or not measured.shape[1]:
        raise UsageError(f"expected one value per point of the design ({len(design):,}), got an array of shape {np.shape(values)}")
    failed = np.flatnonzero(~np.isfinite(measured).all(axis=1))
    if len(failed):
        some = ", ".join(str(place) for place in failed[:10]) + (f" and {len(failed) - 10:,} more" if len(failed) > 10 else "")
        points = "point " + some if len(failed) == 1 else "points " + some
        raise UsageError(f"{points} of the design failed or measured nothing, and {design.kind} needs every point; leave out what fails there")
    return measured


def _morris(design: Design, measured: Floats, confidence: float, seed: int, resamples: int) -> Sensitivity:
    return Sensitivity("morris", elementary_effects(design, measured.mean(axis=1), confidence))


def _sobol(design: Design, measured: Floats, confidence: float, seed: int, resamples: int) -> Sensitivity:
    names = [factor.name for factor in design.factors]
    pairs = bool(design.facts["second_order"])
    answer = measured.mean(axis=1)
    if np.ptp(answer) == 0.0:
        raise UsageError("the measure is the same at every point, so there is no variance to share out")
    analyse = salib("analyze.sobol").analyze
    # SALib takes the seed 0 for none.
    # Of very few points, some that are drawn again are all the same, and their indices are empty.
    with np.errstate(divide="ignore", invalid="ignore"):
        found = analyse(problem(design.factors), answer, calc_second_order=pairs, conf_level=confidence, num_resamples=resamples, seed=seed + 1)
    table = pd.DataFrame({
        "factor": names, "first_order": found["S1"], "first_order_conf": found["S1_conf"], "total": found["ST"], "total_conf": found["ST_conf"],
    })  # fmt: skip
    if not pairs:
        return Sensitivity("sobol", table)
    both = [(one, other) for one in range(len(names)) for other in range(one + 1, len(names))]
    second = pd.DataFrame({
        "factor": [names[one] for one, _ in both],
        "other": [names[other] for _, other in both],
        "second_order": [float(found["S2"][pair]) for pair in both],
        "second_order_conf": [float(found["S2_conf"][pair]) for pair in both],
    })  # fmt: skip
    return Sensitivity("sobol", table, second)


def _effects(design: Design, measured: Floats, confidence: float, seed: int, resamples: int) -> Sensitivity:
    table, facts = effects(design, measured, confidence)
    return Sensitivity("effects", table, facts=facts)


def _swings(design: Design, measured: Floats, confidence: float, seed: int, resamples: int) -> Sensitivity:
    return Sensitivity("swings", swings(design, measured))


def _ranks(design: Design, measured: Floats, confidence: float, seed: int, resamples: int) -> Sensitivity:
    table, facts = ranks(design, measured.mean(axis=1), confidence)
    return Sensitivity("ranks", table, facts=facts)


def _shares(design: Design, measured: Floats, confidence: float, seed: int, resamples: int) -> Sensitivity:
    table, pairs = shares(design, measured.mean(axis=1))
    return Sensitivity("shares", table, pairs)


_METHODS: dict[str, Callable[[Design, Floats, float, int, int], Sensitivity]] = {
    "morris": _morris,
    "saltelli": _sobol,
    "two_level": _effects,
    "fractional": _effects,
    "one_at_a_time": _swings,
    "latin_hypercube": _ranks,
    "sobol": _ranks,
    "halton": _ranks,
    "grid": _shares,
}
