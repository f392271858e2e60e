"""Forecasts of demand that is zero in many periods: Croston's method and its two corrections."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from chainwright.policies.base import Memory, parameter, register
from chainwright.policies.columnwise import alike, ratio
from chainwright.policies.trade.forecast_error import (
    FORECAST,
    SQUARED_ERROR,
    WRITTEN,
    deviation_parameter,
    error_smoothing_parameter,
    smoothed_deviation,
)
from chainwright.policies.trade.observing import Observing, observe_parameter, observed


@register
@dataclasses.dataclass(frozen=True)
class Croston(Observing):
    """Smooths the size of demands and the time between them (croston, sba) or their probability (tsb), each by itself.

    ``croston`` forecasts size by interval, which is too high on average; ``sba`` corrects it by 1 − b/2; ``tsb`` smooths the
    probability of a demand in every period, so that its forecast sinks while nothing is sold. Before the first demand the
    forecast is 0, unless `initial_size` and `initial_interval` are given.
    """

    name = "croston"
    family = "forecast"
    formula = (
        "croston: z / n; sba: (1 − b/2)·z / n, b the weight of the newest interval; tsb: q·z (size z, interval n, probability q of a demand); "
        "over the lead time L·F"
    )
    source = (
        "Croston (1972), Operational Research Quarterly 23(3), 289-303; Syntetos and Boylan (2005), International Journal of Forecasting 21(2), "
        "303-314; Teunter, Syntetos and Babai (2011), European Journal of Operational Research 214(3), 606-615"
    )
    remembers: ClassVar[Mapping[str, Memory]] = {
        **FORECAST,
        **SQUARED_ERROR,
        "size": Memory("Smoothed size of a demand; -1 before the first", -1.0),
        "interval": Memory("Smoothed periods from one demand to the next", 1.0),
        "probability": Memory("Smoothed probability of a demand in a period"),
        "waited": Memory("Periods since the latest demand"),
    }
    writes = WRITTEN

    smoothing: Any = parameter("Weight a of the newest size", unit="share", minimum=0.0, maximum=1.0)
    interval_smoothing: Any = parameter(
        "Weight of the newest interval (of the newest period, for tsb); as `smoothing` where nothing is said",
        None,
        unit="share",
        minimum=0.0,
        maximum=1.0,
    )
    variant: Any = parameter("Which method", "croston", kind="str", choices=("croston", "sba", "tsb"))
    initial_size: Any = parameter("Size of demands before the first; that of the first where nothing is said", None, unit="units", minimum=0.0)
    initial_interval: Any = parameter(
        "Periods between demands before the first; those up to the first where nothing is said", None, unit="periods", minimum=1.0
    )
    deviation: Any = deviation_parameter()
    error_smoothing: Any = error_smoothing_parameter()
    observe: Any = observe_parameter()

    @classmethod
    def mistakes(cls, parameters: Mapping[str, Any]) -> list[str]:
        """Initial size and interval only make sense together."""
        if (parameters.get("initial_size") is None) != (parameters.get("initial_interval") is None):
            return ["initial_size and initial_interval are given together or not at all"]
        return []

    def __call__(self, view: Any) -> Any:
        demand = observed(view, self.observe)
        weight, slower = self.smoothing, self._interval_weight
        waited = view.memory("waited") + 1.0
        size, interval, probability = view.memory("size"), view.memory("interval"), view.memory("probability")
        started = np.asarray(size) >= 0.0
        known: Any = started
        forecast_before = view.memory("forecast")
        if self.initial_size is not None and self.initial_interval is not None:
            size = np.where(started, size, self.initial_size)
            interval = np.where(started, interval, self.initial_interval)
            probability = np.where(started, probability, 1.0 / self.initial_interval)
            forecast_before = np.where(started, forecast_before, self._forecast(size, interval, probability))
            known = alike(1.0, demand) > 0.0
        sold = np.asarray(demand) > 0.0
        # What each becomes where something is sold: the first of its kind is taken as it is.
        size_sold = np.where(known, weight * demand + (1.0 - weight) * size, demand)
        interval_sold = np.where(known, slower * waited + (1.0 - slower) * interval, waited)
        probability_sold = np.where(known, slower + (1.0 - slower) * probability, 1.0 / waited)
        size = np.where(sold, size_sold, size)
        interval = np.where(sold, interval_sold, interval)
        probability = np.where(sold, probability_sold, np.where(known, (1.0 - slower) * probability, probability))
        forecast = np.where(size >= 0.0, self._forecast(size, interval, probability), 0.0)
        deviation, memory = smoothed_deviation(view, self.deviation, self.error_smoothing, demand - forecast_before, known)
        memory |= {"forecast": forecast, "size": size, "interval": interval, "probability": probability, "waited": np.where(sold, 0.0, waited)}
        return forecast, {**memory, "forecast_deviation": deviation, "forecast_lead_time": view.lead_time * forecast}

    def _forecast(self, size: Any, interval: Any, probability: Any) -> Any:
        if self.variant == "tsb":
            return probability * size
        rate = ratio(size, interval)
        # What is too high comes from the interval, which is divided by: its weight corrects it.
        return (1.0 - self._interval_weight / 2.0) * rate if self.variant == "sba" else rate

    @property
    def _interval_weight(self) -> Any:
        return self.smoothing if self.interval_smoothing is None else self.interval_smoothing
