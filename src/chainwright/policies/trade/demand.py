"""End demand by a plan: constant, a step, a trend, a season; importing this file registers the random ones and the series too."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy import special

from chainwright.policies.base import Policy, parameter, register
from chainwright.policies.columnwise import alike
from chainwright.policies.trade import demand_random, demand_series
from chainwright.policies.trade.demand_random import noise, truncate_parameter, truncated

__all__ = ["ConstantDemand", "SeasonalDemand", "StepDemand", "TrendDemand", "demand_random", "demand_series"]


@register
@dataclasses.dataclass(frozen=True)
class ConstantDemand(Policy):
    """The same demand in every period."""

    name = "constant"
    family = "demand"
    formula = "D[t] = value"
    source = "Harris (1913), How many parts to make at once, Factory 10(2), 135-136, 152"

    value: Any = parameter("Demand of each period", unit="units per period", minimum=0.0)

    def __call__(self, view: Any) -> Any:
        return alike(self.value, view.demand)

    @classmethod
    def steady_demand(cls, parameters: Mapping[str, Any]) -> Any:
        """The demand of each period."""
        return parameters["value"]


@register
@dataclasses.dataclass(frozen=True)
class StepDemand(Policy):
    """One demand up to a period, another from then on: the shock of the beer game."""

    name = "step"
    family = "demand"
    formula = "D[t] = before for t < at, after from t = at on"
    source = "Sterman (1989), Management Science 35(3), 321-339"

    before: Any = parameter("Demand of each period before the step", unit="units per period", minimum=0.0)
    after: Any = parameter("Demand of each period from the step on", unit="units per period", minimum=0.0)
    at: Any = parameter("First period with the demand after the step", unit="period", minimum=1, kind="int")

    def __call__(self, view: Any) -> Any:
        return alike(np.where(view.period < np.asarray(self.at), self.before, self.after), view.demand)

    @classmethod
    def steady_demand(cls, parameters: Mapping[str, Any]) -> Any:
        """What is asked for before the step."""
        return np.where(np.asarray(parameters["at"]) > 1, parameters["before"], parameters["after"])


@register
@dataclasses.dataclass(frozen=True)
class TrendDemand(Policy):
    """Demand that grows or shrinks by the same amount in every period."""

    name = "trend"
    family = "demand"
    formula = "D[t] = start + slope·(t − 1), at least 0 where truncated"
    source = "Silver, Pyke and Thomas (2017), Inventory and Production Management in Supply Chains, 4th ed., chapter 3"

    start: Any = parameter("Demand of period 1", unit="units per period", minimum=0.0)
    slope: Any = parameter("What each period adds to the demand of the one before; negative where demand shrinks", unit="units per period")
    truncate: Any = truncate_parameter()

    def __call__(self, view: Any) -> Any:
        return alike(truncated(self.start + self.slope * (view.period - 1.0), self.truncate), view.demand)

    @classmethod
    def steady_demand(cls, parameters: Mapping[str, Any]) -> Any:
        """The demand of period 1."""
        return parameters["start"]


@register
@dataclasses.dataclass(frozen=True)
class SeasonalDemand(Policy):
    """Demand that repeats a season, by a list of factors or as a sine wave, with noise if `deviation` is above 0.

    The factors of a season are used in turn, the first in period 1. Without factors the season is a sine wave that starts at
    the mean and rises: its peak comes after a quarter of a season. The noise is normal and independent from period to period;
    it is added as it is, or in proportion to the season's demand where `proportional` is set.
    """

    name = "seasonal"
    family = "demand"
    formula = "D[t] = mean·f + e; f = factors[(t − 1) mod their number], or 1 + amplitude·sin(2π(t − 1)/season); e normal(0, deviation)"
    source = "Winters (1960), Management Science 6(3), 324-342"

    mean: Any = parameter("Demand per period, averaged over a season (where the factors average to 1)", unit="units per period", minimum=0.0)
    factors: Any = parameter("Factors of the periods of one season, in order", None, kind="list", minimum=0.0)
    amplitude: Any = parameter("Height of the sine wave as a share of the mean, where there are no factors", 0.0, unit="share", minimum=0.0)
    season: Any = parameter("Length of the sine wave, where there are no factors", None, unit="periods", minimum=2, kind="int")
    deviation: Any = parameter("Standard deviation of the noise, in units, or as a share where it is proportional", 0.0, minimum=0.0)
    proportional: Any = parameter("Whether the deviation is a share of the season's demand", False, kind="bool")
    truncate: Any = truncate_parameter()

    def __call__(self, view: Any) -> Any:
        level = self.mean * self._factor(view.period)
        # No draw is made where no row has noise.
        if np.any(np.asarray(self.deviation) > 0.0):
            level = level + noise(view, np.where(self.proportional, level * self.deviation, self.deviation))
        return alike(truncated(level, self.truncate), view.demand)

    @classmethod
    def steady_demand(cls, parameters: Mapping[str, Any]) -> Any:
        """The mean over a season."""
        factors = parameters.get("factors")
        return parameters["mean"] * (1.0 if factors is None else float(np.mean(factors)))

    def _factor(self, period: int) -> Any:
        if self.factors is not None:
            return self.factors[(period - 1) % len(self.factors)]
        # A sine of degrees is computed element by element, so one row and a column get the same bits.
        degrees = 360.0 * np.remainder(period - 1.0, self.season) / self.season
        return 1.0 + self.amplitude * special.sindg(degrees)

    @classmethod
    def mistakes(cls, parameters: Mapping[str, Any]) -> list[str]:
        """One of `factors` and `season` is needed, not both."""
        factors, season = parameters.get("factors"), parameters.get("season")
        if factors is not None and season is not None:
            return ["a season is given by factors, or by amplitude and season, not by both"]
        if factors is None and season is None:
            return ["needs factors, or amplitude and season"]
        if factors is not None and len(factors) == 0:
            return ["factors must name at least one number"]
        return []
