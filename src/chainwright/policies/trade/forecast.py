"""Forecasts of demand without trend or season: naive, averages, smoothing, a known mean, autoregression."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from chainwright.policies.base import Memory, parameter, register
from chainwright.policies.columnwise import added, alike, choose, enough, longest, ring
from chainwright.policies.explanation import Line, OneRow, numbers, periods, told
from chainwright.policies.trade import forecast_intermittent, forecast_shared, forecast_trend
from chainwright.policies.trade.forecast_error import (
    AGE,
    FORECAST,
    SQUARED_ERROR,
    WRITTEN,
    deviation_parameter,
    error_smoothing_parameter,
    latest_deviation,
    smoothed_deviation,
)
from chainwright.policies.trade.observing import Observing, observe_parameter, observed

__all__ = [
    "ExponentialSmoothing",
    "KnownMean",
    "MinimumMeanSquareError",
    "MovingAverage",
    "Naive",
    "forecast_intermittent",
    "forecast_shared",
    "forecast_trend",
]


PER_PERIOD = "units per period"
# An explanation with more demands than this leaves some out.
MOST_SHOWN = 12


def level_answer(view: Any, forecast: Any, deviation: Any, memory: dict[str, Any]) -> Any:
    """The answer of a method that expects the same demand in every period to come."""
    written = {"forecast_deviation": deviation, "forecast_lead_time": view.lead_time * forecast}
    return forecast, {"forecast": forecast, **memory, **written}


@register
@dataclasses.dataclass(frozen=True)
class Naive(Observing):
    """The next period will be like this one."""

    name = "naive"
    family = "forecast"
    formula = "F = D; over the lead time L·F"
    source = "Hyndman and Athanasopoulos (2021), Forecasting: Principles and Practice, 3rd ed., section 5.2"
    remembers: ClassVar[Mapping[str, Memory]] = {**AGE, **FORECAST, **SQUARED_ERROR}
    writes = WRITTEN

    deviation: Any = deviation_parameter()
    error_smoothing: Any = error_smoothing_parameter()
    observe: Any = observe_parameter()

    def __call__(self, view: Any) -> Any:
        demand = observed(view, self.observe)
        age = view.memory("age")
        deviation, memory = smoothed_deviation(view, self.deviation, self.error_smoothing, demand - view.memory("forecast"), np.asarray(age) > 0.0)
        return level_answer(view, demand, deviation, {"age": age + 1.0, **memory})

    def explain(self, view: Any, answer: Any) -> tuple[Line, ...]:
        """The demand."""
        return numbers((Line("forecast: as much as was demanded now", "", observed(OneRow(view), self.observe), PER_PERIOD),))


@register
@dataclasses.dataclass(frozen=True)
class MovingAverage(Observing):
    """The mean of the latest demands; of those so far, until there are enough (unless `initial` stands in for them).

    The deviation is re-estimated as the root mean square of as many forecast errors.
    """

    name = "moving_average"
    family = "forecast"
    formula = "F = (D[t] + D[t-1] + … + D[t-p+1]) / p; over the lead time L·F"
    source = "Chen, Drezner, Ryan and Simchi-Levi (2000), Management Science 46(3), 436-443"
    remembers: ClassVar[Mapping[str, Memory]] = {
        **AGE,
        **FORECAST,
        "observations": Memory("The latest demands", 0.0, "periods"),
        "squared_errors": Memory("The latest squared errors of the one-period forecast", 0.0, "periods"),
    }
    writes = WRITTEN

    periods: Any = parameter("How many periods the mean is taken over", unit="periods", minimum=1, maximum=10_000, kind="int")
    initial: Any = parameter("Demand before the first period; where nothing is said the mean is of the demands so far", None, unit="units per period")
    deviation: Any = deviation_parameter()
    observe: Any = observe_parameter()

    def __call__(self, view: Any) -> Any:
        demand = observed(view, self.observe)
        age = view.memory("age")
        kept = ring(view, "observations")
        youngest = np.min(age, initial=np.inf)
        if enough(youngest + 1.0, self.periods):
            forecast = (added(kept[len(kept) - self.periods + 1 :]) + demand) / self.periods
        else:
            forecast = self._of_those_so_far(kept, demand, age, youngest)
        before = view.memory("forecast")
        if self.initial is None:
            error = demand - before
        else:
            error = demand - choose(youngest > 0.0 or np.asarray(age) > 0.0, before, self.initial)
        deviation, memory = latest_deviation(view, self.deviation, self.periods, error, age, youngest, 1 if self.initial is None else 0)
        return level_answer(view, forecast, deviation, {"age": age + 1.0, "observations": demand, **memory})

    def explain(self, view: Any, answer: Any) -> tuple[Line, ...]:
        """The demands that the mean is of, oldest first, and their mean."""
        row = OneRow(view)
        demand, age = observed(row, self.observe), row.memory("age")
        kept = ring(row, "observations")
        if enough(age + 1.0, self.periods):
            latest = kept[len(kept) - self.periods + 1 :]
            forecast, count = (added(latest) + demand) / self.periods, self.periods
        else:
            forecast = self._of_those_so_far(kept, demand, age, age)
            known = int(np.minimum(age, self.periods - 1))
            latest = kept[len(kept) - known :]
            count = known + 1 if self.initial is None else self.periods
            latest = [self.initial] * (count - known - 1) + latest
        demands = [*latest, demand]
        shown = [told(one) for one in demands]
        if len(shown) > MOST_SHOWN:
            shown = [*shown[:2], "…", *shown[-3:]]
        return numbers((
            Line(f"demand of the latest {periods(count)}, oldest first", " + ".join(shown), added(demands)),
            Line("forecast: their mean", f"{told(added(demands))} / {told(count)}", forecast, PER_PERIOD),
        ))

    def _of_those_so_far(self, kept: list[Any], demand: Any, age: Any, youngest: Any) -> Any:
        """The mean where some row has not observed enough demands yet, or rows want different numbers of them."""
        total: Any = 0.0
        for place, old in enumerate(kept):
            back = len(kept) - place
            counts = back < self.periods
            if counts is False:
                continue
            known = back <= youngest or back <= np.asarray(age)
            if self.initial is None:
                total = total + choose(counts & known, old, 0.0)
            else:
                total = total + choose(counts, choose(known, old, self.initial), 0.0)
        return (total + demand) / (np.minimum(age + 1.0, self.periods) if self.initial is None else self.periods)


@register
@dataclasses.dataclass(frozen=True)
class ExponentialSmoothing(Observing):
    """The forecast moves by a share of its last error; it starts at `initial`, or at the first demand."""

    name = "exponential_smoothing"
    family = "forecast"
    formula = "F = a·D + (1 − a)·F; over the lead time L·F"
    source = "Brown (1959), Statistical Forecasting for Inventory Control"
    remembers: ClassVar[Mapping[str, Memory]] = {**AGE, **FORECAST, **SQUARED_ERROR}
    writes = WRITTEN

    smoothing: Any = parameter("Weight a of the newest demand", unit="share", minimum=0.0, maximum=1.0)
    initial: Any = parameter("Forecast before the first period; the first demand where nothing is said", None, unit="units per period")
    deviation: Any = deviation_parameter()
    error_smoothing: Any = error_smoothing_parameter()
    observe: Any = observe_parameter()

    def __call__(self, view: Any) -> Any:
        demand = observed(view, self.observe)
        age = view.memory("age")
        started = np.asarray(age) > 0.0
        first = demand if self.initial is None else self.initial
        before = np.where(started, view.memory("forecast"), first)
        known = started if self.initial is None else True
        forecast = self.smoothing * demand + (1.0 - self.smoothing) * before
        if self.initial is None:
            # a·D + (1 − a)·D is D but for the last bit.
            forecast = np.where(started, forecast, demand)
        deviation, memory = smoothed_deviation(view, self.deviation, self.error_smoothing, demand - before, known)
        return level_answer(view, forecast, deviation, {"age": age + 1.0, **memory})

    def explain(self, view: Any, answer: Any) -> tuple[Line, ...]:
        """Demand, forecast before, and what lies between them by the weight."""
        row = OneRow(view)
        demand, started = observed(row, self.observe), row.memory("age") > 0.0
        if not started and self.initial is None:
            return numbers((Line("forecast: the first demand", "", demand, PER_PERIOD),))
        before = row.memory("forecast") if started else self.initial
        formula = f"{told(self.smoothing)} × {told(demand)} + {told(1.0 - self.smoothing)} × {told(before)}"
        return numbers((
            Line("demand of this period", "", demand, PER_PERIOD),
            Line("forecast before", "", before, PER_PERIOD),
            Line("forecast", formula, self.smoothing * demand + (1.0 - self.smoothing) * before, PER_PERIOD),
        ))


@register
@dataclasses.dataclass(frozen=True)
class KnownMean(Observing):
    """The mean of demand is known and does not change."""

    name = "known_mean"
    family = "forecast"
    formula = "F = mean; over the lead time L·mean"
    source = "Silver, Pyke and Thomas (2017), Inventory and Production Management in Supply Chains, 4th ed., chapter 6"
    remembers: ClassVar[Mapping[str, Memory]] = {**SQUARED_ERROR}
    writes = WRITTEN

    mean: Any = parameter("Mean demand", unit="units per period")
    deviation: Any = deviation_parameter()
    error_smoothing: Any = error_smoothing_parameter()
    observe: Any = observe_parameter()

    def __call__(self, view: Any) -> Any:
        forecast = alike(self.mean, view.demand)
        deviation, memory = smoothed_deviation(view, self.deviation, self.error_smoothing, observed(view, self.observe) - self.mean, True)
        return forecast, {**memory, "forecast_deviation": deviation, "forecast_lead_time": view.lead_time * forecast}

    def explain(self, view: Any, answer: Any) -> tuple[Line, ...]:
        """The mean."""
        return numbers((Line("forecast: the mean, which is known", "", self.mean, PER_PERIOD),))


@register
@dataclasses.dataclass(frozen=True)
class MinimumMeanSquareError(Observing):
    """The expectation of autoregressive demand, given the demand of this period.

    `deviation` is that of the one-period error (the innovation). Errors of several periods ahead are correlated, so the deviation
    of the demand over the lead time is more than √L of it: with `deviation_over` "lead time" the deviation written is the one
    whose √L-fold is exact. Both also hold for a seller that sees the demand D of a buyer who orders up to its own best forecast
    over a lead time of a periods, the seller's `begins_after` (Lee, So and Tang 2000).
    """

    name = "minimum_mean_square_error"
    family = "forecast"
    formula = "F = μ + ρ·(D − μ); over the lead time L·μ + (D − μ)·ρ^a·(ρ + ρ² + … + ρ^L)"
    source = (
        "Lee, Padmanabhan and Whang (1997), Management Science 43(4), 546-558; with shared demand "
        "Lee, So and Tang (2000), Management Science 46(5), 626-643"
    )
    remembers: ClassVar[Mapping[str, Memory]] = {**AGE, **FORECAST, **SQUARED_ERROR}
    writes = WRITTEN

    mean: Any = parameter("Mean demand μ", unit="units per period")
    correlation: Any = parameter("Correlation ρ of demand with that of the period before", minimum=-1.0, maximum=1.0)
    deviation: Any = deviation_parameter()
    error_smoothing: Any = error_smoothing_parameter()
    deviation_over: Any = parameter(
        "Whether the deviation written is that of one period, or the one whose √L-fold is the deviation over the lead time",
        "one period",
        kind="str",
        choices=("one period", "lead time"),
    )
    begins_after: Any = parameter(
        "Periods after which the lead time begins: a seller that looks at its buyers' demand is asked for what they need after their own lead time",
        0,
        unit="periods",
        minimum=0,
        maximum=10_000,
        kind="int",
    )
    observe: Any = observe_parameter()

    def __call__(self, view: Any) -> Any:
        demand = observed(view, self.observe)
        age = view.memory("age")
        away = demand - self.mean
        forecast = self.mean + self.correlation * away
        error = demand - view.memory("forecast")
        deviation, memory = smoothed_deviation(view, self.deviation, self.error_smoothing, error, np.asarray(age) > 0.0)
        lead_time = np.asarray(view.lead_time)
        # weight = 1 + ρ + … + ρ^(j−1): an innovation adds that much to the next j periods.
        powers: Any = alike(0.0, lead_time)
        squares: Any = alike(0.0, lead_time)
        power: Any = alike(1.0, lead_time)
        weight: Any = alike(0.0, lead_time)
        for ahead in range(longest(self.begins_after)):
            passes = ahead < np.asarray(self.begins_after)
            weight = weight + np.where(passes, power, 0.0)
            power = np.where(passes, power * self.correlation, power)
        for ahead in range(longest(lead_time)):
            counts = ahead < lead_time
            weight = weight + power
            power = power * self.correlation
            powers = powers + np.where(counts, power, 0.0)
            squares = squares + np.where(counts, weight * weight, 0.0)
        if self.deviation_over == "lead time":
            deviation = deviation * np.sqrt(np.where(lead_time > 0.0, squares / np.where(lead_time > 0.0, lead_time, 1.0), 1.0))
        written = {"forecast_deviation": deviation, "forecast_lead_time": lead_time * self.mean + away * powers}
        return forecast, {"forecast": forecast, "age": age + 1.0, **memory, **written}

    def explain(self, view: Any, answer: Any) -> tuple[Line, ...]:
        """Demand, how far it is from its mean, and the part of that which is expected to last."""
        demand = observed(OneRow(view), self.observe)
        away = demand - self.mean
        return numbers((
            Line("demand of this period", "", demand, PER_PERIOD),
            Line("above its mean μ", f"{told(demand)} − {told(self.mean)}", away, PER_PERIOD),
            Line("forecast", f"{told(self.mean)} + {told(self.correlation)} × {told(away)}", self.mean + self.correlation * away, PER_PERIOD),
        ))
