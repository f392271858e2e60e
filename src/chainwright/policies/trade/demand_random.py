"""End demand that is drawn: normal, gamma, Poisson, negative binomial, autoregressive, intermittent."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np

from chainwright.policies.base import Memory, Policy, parameter, register
from chainwright.policies.columnwise import positive
from chainwright.state import distributions

# The stream of draws of all demand policies, so that another policy with the same uniform draws makes a fair comparison.
STREAM = "demand"


def truncate_parameter() -> Any:
    """The parameter `truncate`."""
    meaning = "Whether a demand below zero counts as zero; else it is a return of goods, where the customer's place_orders allows negative orders"
    return parameter(meaning, True, kind="bool")


def mean_parameter() -> Any:
    """The parameter `mean` of a distribution."""
    return parameter("Mean demand per period", unit="units per period", minimum=0.0)


def deviation_parameter() -> Any:
    """The parameter `deviation` of a distribution."""
    return parameter("Standard deviation of the demand of one period", unit="units per period", minimum=0.0)


def truncated(demand: Any, truncate: Any) -> Any:
    """Demand cut off at zero where that is asked for.

    Examples
    --------
    >>> truncated(np.array([-2.0, -2.0, 3.0]), np.array([True, False, True])).tolist()
    [0.0, -2.0, 3.0]
    """
    if np.ndim(truncate) == 0:
        return positive(demand) if truncate else demand
    return np.where(truncate, positive(demand), demand)


def noise(view: Any, deviation: Any) -> Any:
    """A normal draw with mean 0."""
    return distributions.normal(view.draw(STREAM), 0.0, deviation)


@register
@dataclasses.dataclass(frozen=True)
class NormalDemand(Policy):
    """Independent normal demand.

    Truncation at zero raises the mean and lowers the deviation; with a deviation of at most a third of the mean, hardly.
    """

    name = "normal"
    family = "demand"
    formula = "D[t] = mean + deviation·z[t], z normal(0, 1), at least 0 where truncated"
    source = "Silver, Pyke and Thomas (2017), Inventory and Production Management in Supply Chains, 4th ed., chapter 6"

    mean: Any = mean_parameter()
    deviation: Any = deviation_parameter()
    truncate: Any = truncate_parameter()

    def __call__(self, view: Any) -> Any:
        return truncated(distributions.normal(view.draw(STREAM), self.mean, self.deviation), self.truncate)


@register
@dataclasses.dataclass(frozen=True)
class GammaDemand(Policy):
    """Independent gamma demand: never negative, skewed to the right."""

    name = "gamma"
    family = "demand"
    formula = "D[t] gamma with shape (mean/deviation)² and scale deviation²/mean"
    source = "Burgin (1975), Operational Research Quarterly 26(3), 507-525"

    mean: Any = mean_parameter()
    deviation: Any = deviation_parameter()

    def __call__(self, view: Any) -> Any:
        return distributions.gamma(view.draw(STREAM), self.mean, self.deviation)


@register
@dataclasses.dataclass(frozen=True)
class PoissonDemand(Policy):
    """Independent Poisson demand: whole units asked for by many small customers; the variance is the mean."""

    name = "poisson"
    family = "demand"
    in_whole_units = True
    formula = "P(D[t] = k) = mean^k·exp(−mean)/k!"
    source = "Hadley and Whitin (1963), Analysis of Inventory Systems, chapter 3"

    mean: Any = mean_parameter()

    def __call__(self, view: Any) -> Any:
        return distributions.poisson(view.draw(STREAM), self.mean)


@register
@dataclasses.dataclass(frozen=True)
class NegativeBinomialDemand(Policy):
    """Independent negative binomial demand: whole units, more variable than Poisson."""

    name = "negative_binomial"
    family = "demand"
    in_whole_units = True
    formula = "D[t] negative binomial with size mean²/(deviation² − mean) and probability mean/deviation²"
    source = "Agrawal and Smith (1996), Naval Research Logistics 43(6), 839-861"

    mean: Any = mean_parameter()
    deviation: Any = parameter("Standard deviation of the demand of one period, above the root of the mean", unit="units per period", minimum=0.0)

    def __call__(self, view: Any) -> Any:
        return distributions.negative_binomial(view.draw(STREAM), self.mean, self.deviation)

    @classmethod
    def mistakes(cls, parameters: Mapping[str, Any]) -> list[str]:
        """The variance must exceed the mean."""
        mean, deviation = (np.asarray(parameters[name], dtype=np.float64) for name in ("mean", "deviation"))
        if np.any(deviation * deviation <= mean):
            return ["deviation must be above the square root of mean (a variance equal to the mean is Poisson, a smaller one is impossible)"]
        return []


@register
@dataclasses.dataclass(frozen=True)
class AutoregressiveDemand(Policy):
    """Demand that remembers the last one: autoregressive of order 1, begun at the mean.

    `deviation` is that of the innovation e; the demand's own, once it has settled, is deviation/√(1 − correlation²). What is
    remembered is the demand before truncation, so the series itself is never bent.
    """

    name = "autoregressive"
    family = "demand"
    formula = "D[t] = mean + correlation·(D[t−1] − mean) + e[t], e normal(0, deviation), D[0] = mean; at least 0 where truncated"
    source = "Lee, Padmanabhan and Whang (1997), Management Science 43(4), 546-558"
    remembers = {"untruncated": Memory("Demand of the period before, not truncated", default="mean")}

    mean: Any = mean_parameter()
    deviation: Any = parameter("Standard deviation of the innovation", unit="units per period", minimum=0.0)
    correlation: Any = parameter("Correlation of neighbouring periods, between -1 and 1", unit="share", minimum=-1.0, maximum=1.0)
    truncate: Any = truncate_parameter()

    def __call__(self, view: Any) -> Any:
        demand = self.mean + self.correlation * (view.memory("untruncated") - self.mean) + noise(view, self.deviation)
        return truncated(demand, self.truncate), {"untruncated": demand}

    @classmethod
    def mistakes(cls, parameters: Mapping[str, Any]) -> list[str]:
        """A correlation of 1 or -1 never settles."""
        if np.any(np.abs(np.asarray(parameters["correlation"], dtype=np.float64)) >= 1.0):
            return ["correlation must lie between -1 and 1, ends excluded: else demand never settles around its mean"]
        return []


@register
@dataclasses.dataclass(frozen=True)
class IntermittentDemand(Policy):
    """No demand in most periods; now and then one of a given or random size.

    The demand per period has the mean probability·mean. The size is `mean`, or gamma around it where `deviation` is above 0.
    With `whole` the size is rounded up with a probability of what it is above a whole number, else down: that keeps its mean. A
    size below 1 may so become none at all.
    """

    name = "intermittent"
    family = "demand"
    formula = "D[t] = b[t]·s[t], b Bernoulli(probability), s gamma(mean, deviation)"
    source = "Croston (1972), Operational Research Quarterly 23(3), 289-303"

    probability: Any = parameter("Probability that a period has a demand", unit="share", minimum=0.0, maximum=1.0)
    mean: Any = parameter("Mean size of a demand, where there is one", unit="units", minimum=0.0)
    deviation: Any = parameter("Standard deviation of the size", 0.0, unit="units", minimum=0.0)
    whole: Any = parameter("Whether the size is a whole number, rounded at random so that its mean stays", False, kind="bool")

    def __call__(self, view: Any) -> Any:
        size = self.mean
        # The second draw is made only where some row's size is random.
        if np.any(np.asarray(self.deviation) > 0.0):
            size = distributions.gamma(view.draw(STREAM, 1), self.mean, self.deviation)
        if np.any(self.whole):
            below = np.floor(size)
            size = np.where(self.whole, below + distributions.bernoulli(view.draw(STREAM, 2), size - below), size)
        return distributions.bernoulli(view.draw(STREAM), self.probability) * size

    @classmethod
    def steady_demand(cls, parameters: Mapping[str, Any]) -> Any:
        """The mean per period, periods without a demand included."""
        return parameters["probability"] * parameters["mean"]
