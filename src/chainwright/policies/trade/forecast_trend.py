"""Forecasts of demand with trend and season: Holt's method, and Holt and Winters' additive and multiplicative ones."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from chainwright.policies.base import Memory, parameter, register
from chainwright.policies.columnwise import alike, arithmetic_series, ratio, ring
from chainwright.policies.explanation import Line, OneRow, numbers, told
from chainwright.policies.trade.forecast_error import (
    AGE,
    FORECAST,
    SQUARED_ERROR,
    WRITTEN,
    deviation_parameter,
    error_smoothing_parameter,
    smoothed_deviation,
)
from chainwright.policies.trade.observing import Observing, observe_parameter, observed

LEVEL_AND_TREND = {
    "level": Memory("Smoothed level of demand"),
    "trend": Memory("Smoothed change of the level per period"),
}


@register
@dataclasses.dataclass(frozen=True)
class Holt(Observing):
    """Smooths a level and a trend. Without `initial` the first demand is the first level, and `initial_trend` its trend."""

    name = "holt"
    family = "forecast"
    formula = "l = a·D + (1 − a)·(l + b); b = c·(l − l_before) + (1 − c)·b; F = l + b; over the lead time L·l + b·L(L+1)/2"
    source = "Holt (1957, reprinted 2004), International Journal of Forecasting 20(1), 5-10"
    remembers: ClassVar[Mapping[str, Memory]] = {**AGE, **LEVEL_AND_TREND, **SQUARED_ERROR}
    writes = WRITTEN

    smoothing: Any = parameter("Weight a of the newest demand in the level", unit="share", minimum=0.0, maximum=1.0)
    trend_smoothing: Any = parameter("Weight c of the newest change in the trend", unit="share", minimum=0.0, maximum=1.0)
    initial: Any = parameter("Level before the first period; where nothing is said the first demand is a level", None, unit="units per period")
    initial_trend: Any = parameter("Trend to start with", 0.0, unit="units per period and period")
    deviation: Any = deviation_parameter()
    error_smoothing: Any = error_smoothing_parameter()
    observe: Any = observe_parameter()

    def __call__(self, view: Any) -> Any:
        demand = observed(view, self.observe)
        age = view.memory("age")
        started = np.asarray(age) > 0.0
        first = demand if self.initial is None else self.initial
        level_before = np.where(started, view.memory("level"), first)
        trend_before = np.where(started, view.memory("trend"), self.initial_trend)
        expected = level_before + trend_before
        level = self.smoothing * demand + (1.0 - self.smoothing) * expected
        trend = self.trend_smoothing * (level - level_before) + (1.0 - self.trend_smoothing) * trend_before
        known: Any = True
        if self.initial is None:
            known = started
            level = np.where(started, level, demand)
            trend = np.where(started, trend, self.initial_trend)
        deviation, memory = smoothed_deviation(view, self.deviation, self.error_smoothing, demand - expected, known)
        lead_time = view.lead_time
        written = {"forecast_deviation": deviation, "forecast_lead_time": lead_time * level + trend * arithmetic_series(lead_time)}
        return level + trend, {"age": age + 1.0, "level": level, "trend": trend, **memory, **written}

    def explain(self, view: Any, answer: Any) -> tuple[Line, ...]:
        """Level and trend, each between what was before and what is new, and their sum."""
        row, unit = OneRow(view), "units per period"
        demand, started = observed(row, self.observe), row.memory("age") > 0.0
        first = demand if self.initial is None else self.initial
        level_before = row.memory("level") if started else first
        trend_before = row.memory("trend") if started else self.initial_trend
        expected = level_before + trend_before
        level = self.smoothing * demand + (1.0 - self.smoothing) * expected
        trend = self.trend_smoothing * (level - level_before) + (1.0 - self.trend_smoothing) * trend_before
        of_level = f"{told(self.smoothing)} × demand {told(demand)} + {told(1.0 - self.smoothing)} × {told(expected)} expected"
        rise = f"({told(level)} − {told(level_before)})"
        of_trend = f"{told(self.trend_smoothing)} × {rise} + {told(1.0 - self.trend_smoothing)} × {told(trend_before)}"
        if not started and self.initial is None:
            level, trend, of_level, of_trend = demand, self.initial_trend, "the first demand", ""
        return numbers((
            Line("level", of_level, level, unit),
            Line("trend", of_trend, trend, "units per period and period"),
            Line("forecast", f"{told(level)} + {told(trend)}", level + trend, unit),
        ))


@register
@dataclasses.dataclass(frozen=True)
class HoltWinters(Observing):
    """Smooths a level, a trend and one term for each period of the season.

    With `factors` (one for each period of the season: added to the level, or multiplied with it) the method works from the first
    period. Without them it watches for one season, forecasting the mean so far on a line with `initial_trend`, and takes the
    differences from (or ratios to) that line as its first terms.
    """

    name = "holt_winters"
    family = "forecast"
    formula = (
        "additive: l = a·(D − s) + (1 − a)·(l + b), b = c·(l − l_before) + (1 − c)·b, s = g·(D − l) + (1 − g)·s, "
        "F = l + b + s; multiplicative: D / s, D / l and (l + b)·s; over the lead time the sum over its periods"
    )
    source = "Winters (1960), Management Science 6(3), 324-342; Holt (1957, reprinted 2004), International Journal of Forecasting 20(1), 5-10"
    remembers: ClassVar[Mapping[str, Memory]] = {
        **AGE,
        **FORECAST,
        **LEVEL_AND_TREND,
        **SQUARED_ERROR,
        "mean": Memory("Mean of the first season's demands less the trend, where no factors are given"),
        "terms": Memory("Seasonal terms of the latest periods; in a first season without factors, the demands less the trend", 0.0, "season"),
    }
    writes = WRITTEN

    smoothing: Any = parameter("Weight a of the newest demand in the level", unit="share", minimum=0.0, maximum=1.0)
    trend_smoothing: Any = parameter("Weight c of the newest change in the trend", unit="share", minimum=0.0, maximum=1.0)
    season_smoothing: Any = parameter("Weight g of the newest deviation from the level in the seasonal term", unit="share", minimum=0.0, maximum=1.0)
    season: Any = parameter("Periods in a season", unit="periods", minimum=1, maximum=10_000, kind="int")
    seasonality: Any = parameter("How the season acts on the level", "additive", kind="str", choices=("additive", "multiplicative"))
    factors: Any = parameter(
        "Seasonal terms to start with, from the first period on; learned from the first season where nothing is said", None, kind="list"
    )
    initial: Any = parameter(
        "Level before the first period, where factors are given; from the first demand where nothing is said", None, unit="units per period"
    )
    initial_trend: Any = parameter("Trend to start with", 0.0, unit="units per period and period")
    deviation: Any = deviation_parameter()
    error_smoothing: Any = error_smoothing_parameter()
    observe: Any = observe_parameter()

    @classmethod
    def mistakes(cls, parameters: Mapping[str, Any]) -> list[str]:
        """As many factors as periods in the season; a level only together with factors."""
        found = []
        factors = parameters.get("factors")
        if factors is not None and np.any(np.asarray(parameters.get("season", len(factors))) != len(factors)):
            found.append(f"factors has {len(factors)} numbers, expected one for each of the {parameters['season']} periods of the season")
        if factors is None and parameters.get("initial") is not None:
            found.append("initial has no meaning without factors: the first season gives the level")
        return found

    def __call__(self, view: Any) -> Any:
        demand = observed(view, self.observe)
        age = np.asarray(view.memory("age"))
        fresh = age == 0.0
        kept = ring(view, "terms")
        mean_before = view.memory("mean")
        # This period's term stands one season back.
        term: Any = 0.0
        for place, entry in enumerate(kept):
            back = len(kept) - place
            term = np.where(back == np.asarray(self.season), self._term(entry, age - back, mean_before), term)

        level_before = np.where(fresh, self._without(demand, term, demand) if self.initial is None else self.initial, view.memory("level"))
        trend_before = np.where(fresh, self.initial_trend, view.memory("trend"))
        expected = level_before + trend_before
        level = self.smoothing * self._without(demand, term, expected) + (1.0 - self.smoothing) * expected
        if self.initial is None:
            level = np.where(fresh, level_before, level)
        trend = self.trend_smoothing * (level - level_before) + (1.0 - self.trend_smoothing) * trend_before
        trend = np.where(fresh & (self.initial is None), self.initial_trend, trend)
        newest = self.season_smoothing * self._without(demand, level, term) + (1.0 - self.season_smoothing) * term
        mean = mean_before
        ready: Any = alike(1.0, demand) > 0.0
        if self.factors is None:
            # The first season: remember the demands less the trend; their mean on the line of the trend is the level.
            learning = age < self.season
            ready = age + 1.0 >= self.season
            plain = demand - self.initial_trend * age
            mean = np.where(learning, mean_before + (plain - mean_before) / (age + 1.0), mean_before)
            level = np.where(learning, mean + self.initial_trend * age, level)
            trend = np.where(learning, self.initial_trend, trend)
            newest = np.where(learning, plain, newest)

        terms = [*kept[1:], newest]
        terms = [np.where(ready, self._term(entry, age - (len(terms) - 1 - place), mean), self._neutral) for place, entry in enumerate(terms)]
        forecast, lead_time_forecast = self._ahead(terms, view.lead_time, level, trend)
        known: Any = ~fresh if self.initial is None else True
        before = np.where(fresh, self._joined(expected, term, 1.0), view.memory("forecast"))
        deviation, memory = smoothed_deviation(view, self.deviation, self.error_smoothing, demand - before, known)
        memory |= {"age": age + 1.0, "forecast": forecast, "level": level, "trend": trend, "mean": mean, "terms": newest}
        return forecast, {**memory, "forecast_deviation": deviation, "forecast_lead_time": lead_time_forecast}

    @property
    def _neutral(self) -> float:
        return 1.0 if self.seasonality == "multiplicative" else 0.0

    def _without(self, value: Any, part: Any, otherwise: Any) -> Any:
        """A demand without its season (or without its level, which leaves the seasonal term)."""
        return ratio(value, part, otherwise) if self.seasonality == "multiplicative" else value - part

    def _joined(self, level: Any, term: Any, periods: Any) -> Any:
        """The demand of some periods that share a seasonal term, whose levels sum to `level`."""
        return level * term if self.seasonality == "multiplicative" else level + periods * term

    def _term(self, entry: Any, number: Any, mean: Any) -> Any:
        """The seasonal term of one observation, counted from 0; negative numbers lie before the first period."""
        if self.factors is not None:
            factors = np.asarray(self.factors, dtype=np.float64)
            return np.where(number < 0.0, factors[np.mod(number, len(factors)).astype(np.intp)], entry)
        learned = np.where(number < self.season, self._without(entry, mean, self._neutral), entry)
        return np.where(number < 0.0, self._neutral, learned)

    def _ahead(self, terms: list[Any], lead_time: Any, level: Any, trend: Any) -> tuple[Any, Any]:
        """Forecasts of the next period and of the demand over the lead time, from the terms of the latest periods."""
        forecast: Any = 0.0
        total: Any = alike(0.0, level)
        for place, term in enumerate(terms):
            # The oldest term of the row's own season is that of the next period; it comes again after each season.
            ahead = place - (len(terms) - np.asarray(self.season, dtype=np.float64)) + 1.0
            forecast = np.where(ahead == 1.0, self._joined(level + trend, term, 1.0), forecast)
            times = np.where((ahead >= 1.0) & (ahead <= lead_time), np.floor((lead_time - ahead) / self.season) + 1.0, 0.0)
            levels = times * level + trend * (times * ahead + self.season * arithmetic_series(times - 1.0))
            total = total + self._joined(levels, term, times)
        return forecast, total
