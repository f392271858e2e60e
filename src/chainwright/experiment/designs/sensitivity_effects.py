"""Effects in two-level designs and on Morris's trajectories, and swings where one factor changes at a time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from chainwright.experiment.designs.design import Design
from chainwright.experiment.designs.factor import Factor, as_said, same
from chainwright.experiment.designs.fractions import Fraction, name_of
from chainwright.metrics.intervals import half_width

Floats = NDArray[np.float64]
_TIMES = " × "


def effects(design: Design, measured: Floats, confidence: float) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Main effects and interactions of two factors: the mean measure on the high side less that on the low side.

    With replications, the contrast is worked out in each of them; its standard error is that of their mean, which is right for common
    random numbers as for independent ones.

    Parameters
    ----------
    design : Design
        A two-level design, whole or a fraction.
    measured : array
        One row per point, one column per replication.
    confidence : float
        Of intervals.

    Returns
    -------
    DataFrame, dict
        One row per effect that can be told from the others, and the mean, and how far the centre lies from it (`curvature`).
    """
    signs = np.array([[{"+": 1.0, "-": -1.0, "0": 0.0}[sign] for sign in row] for row in design.facts["signs"]])
    corners = np.abs(signs).sum(axis=1) > 0.0
    fraction = Fraction(tuple(design.facts["columns"]), tuple(design.facts["column_signs"]), int(np.log2(corners.sum())))
    names = [factor.name for factor in design.factors]
    rows = []
    for effect, others in fraction.aliased().items():
        contrast = np.prod(signs[corners][:, list(effect)], axis=1)
        per_replication = 2.0 * contrast @ measured[corners] / corners.sum()
        row = {
            "effect": _named(effect, names),
            "letters": name_of(effect),
            "order": len(effect),
            **_estimate(per_replication, confidence),
            "aliases": ", ".join(("-" if sign < 0 else "") + _named(other, names) for other, sign in others),
        }
        rows.append(row)
    facts: dict[str, Any] = {"mean": float(measured[corners].mean())}
    if not corners.all():
        facts["curvature"] = _estimate(measured[~corners].mean(axis=0) - measured[corners].mean(axis=0), confidence)
    return pd.DataFrame(rows), facts


def _named(effect: tuple[int, ...], names: list[str]) -> str:
    return _TIMES.join(names[place] for place in effect)


def _estimate(per_replication: Floats, confidence: float) -> dict[str, float]:
    """A mean over replications with its standard error and interval; those are empty (nan) where there is one replication."""
    count = len(per_replication)
    mean = float(per_replication.mean())
    if count < 2:
        return {"estimate": mean, "standard_error": np.nan, "low": np.nan, "high": np.nan}
    error = float(per_replication.std(ddof=1)) / float(np.sqrt(count))
    half = half_width(per_replication, confidence)
    return {"estimate": mean, "standard_error": error, "low": mean - half, "high": mean + half}


def elementary_effects(design: Design, measured: Floats, confidence: float) -> pd.DataFrame:
    """Elementary effects of Morris: what one step of one factor does to the measure, in steps of the factor's whole range.

    `mu` is their mean, `mu_star` that of their sizes, `sigma` their standard deviation: large where the effect depends on the other
    factors or is not linear (Morris 1991, Technometrics 33, 161-174; Campolongo and others 2007, Environmental Modelling & Software 22,
    1509-1518). The step of a listed factor is counted in the values that are listed, so that from one of two to the other is the whole.

    Parameters
    ----------
    design : Design
        Trajectories.
    measured : array
        One number per point.
    confidence : float
        Of the interval of `mu_star`, by Student's t; its half is `mu_star_conf`.
    """
    places = np.asarray(design.facts["places"], np.int64)
    levels = int(design.facts["levels"])
    heights = np.empty(places.shape)
    for number, factor in enumerate(design.factors):
        count = len(factor.values)
        # The middles of slices, as in the design.
        listed = np.minimum(((places[:, number] + 0.5) / levels * count).astype(np.int64), count - 1) / max(count - 1, 1)
        heights[:, number] = listed if factor.listed else places[:, number] / (levels - 1)
    length = len(design.factors) + 1
    steps = np.diff(heights.reshape(-1, length, length - 1), axis=1)
    changes = np.diff(measured.reshape(-1, length), axis=1)
    rows = []
    for number, factor in enumerate(design.factors):
        moved = steps[:, :, number] != 0.0
        found = changes[moved] / steps[:, :, number][moved]
        sizes = np.abs(found)
        half = half_width(sizes, confidence)
        rows.append({"factor": factor.name, "mu": found.mean(), "mu_star": sizes.mean(), "sigma": found.std(ddof=1), "mu_star_conf": half})
    return pd.DataFrame(rows)


def swings(design: Design, measured: Floats) -> pd.DataFrame:
    """How far the measure swings when one factor leaves the base: the table of a tornado diagram, the widest swing first.

    Low and high are the smallest and the largest value of a factor of numbers; of other factors, the values with the smallest and the
    largest measure.
    """
    means = measured.mean(axis=1)
    varied = np.array([name or "" for name in design.facts["varied"]])
    base = float(means[0])
    rows = []
    for factor in design.factors:
        places = [0, *np.flatnonzero(varied == factor.name).tolist()]
        values = [as_said(design.points[factor.name].iloc[place]) for place in places]
        low, high = _ends(factor, values, means[places])
        swing = measured[places[high]] - measured[places[low]]
        error = float(swing.std(ddof=1)) / float(np.sqrt(len(swing))) if len(swing) > 1 else np.nan
        rows.append({
            "factor": factor.name,
            "low_value": values[low], "base_value": values[0], "high_value": values[high],
            "at_low": float(means[places[low]]), "at_base": base, "at_high": float(means[places[high]]),
            "swing": float(swing.mean()), "standard_error": error,
            "width": float(np.ptp(means[places])),
        })  # fmt: skip
    rows.sort(key=lambda row: -float(row["width"]))
    table = pd.DataFrame(rows)
    for name in ("low_value", "base_value", "high_value"):
        table[name] = pd.Series([row[name] for row in rows], dtype=object)
    return table


def _ends(factor: Factor, values: list[Any], means: Floats) -> tuple[int, int]:
    """The places of the low and the high value."""
    if factor.numeric and all(isinstance(value, int | float) for value in values):
        order = sorted(range(len(values)), key=lambda place: (values[place], same(values[place])))
    else:
        order = sorted(range(len(values)), key=lambda place: (means[place], place))
    return order[0], order[-1]
