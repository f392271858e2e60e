"""Forecasts made together: buyers pass on what they expect, and their seller joins it with what it expects itself."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from chainwright.policies.base import Memory, parameter, register
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


@register
@dataclasses.dataclass(frozen=True)
class Collaborative(Observing):
    """Joins the forecasts of the buyers (each by its share of orders) with the item's own, exponentially smoothed one.

    A buyer whose orders arrive without delay has forecast already, and that is what is seen; of a buyer whose orders are on their
    way for some periods it is the forecast of the period before. So along a row of stages with order delays a forecast reaches the
    k-th stage after k − 1 periods. Where no buyer forecasts (end customers do not), and in the first period, the item's own
    forecast stands alone.
    """

    name = "collaborative"
    family = "forecast"
    formula = "E = a·D + (1 − a)·E; F = w·(sum of the buyers' F) + (1 − w)·E; over the lead time L·F"
    source = "Aviv (2001), Management Science 47(10), 1326-1343, on local and collaborative forecasting (here of a level only)"
    remembers: ClassVar[Mapping[str, Memory]] = {**AGE, **FORECAST, **SQUARED_ERROR, "own": Memory("The item's own forecast E")}
    writes = WRITTEN
    wants_of_buyers = ("forecast",)

    weight: Any = parameter("Weight w of the buyers' forecasts; 1 trusts them alone", 1.0, unit="share", minimum=0.0, maximum=1.0)
    smoothing: Any = parameter("Weight a of the newest demand in the item's own forecast", 0.2, unit="share", minimum=0.0, maximum=1.0)
    initial: Any = parameter("Own forecast before the first period; the first demand where nothing is said", None, unit="units per period")
    deviation: Any = deviation_parameter()
    error_smoothing: Any = error_smoothing_parameter()
    observe: Any = observe_parameter()

    def __call__(self, view: Any) -> Any:
        demand = observed(view, self.observe)
        age = view.memory("age")
        started = np.asarray(age) > 0.0
        first = demand if self.initial is None else self.initial
        own = self.smoothing * demand + (1.0 - self.smoothing) * np.where(started, view.memory("own"), first)
        if self.initial is None:
            # a·D + (1 − a)·D is D but for the last bit.
            own = np.where(started, own, demand)
        of_buyers = view.sum_over_buyers("forecast", by_share=True)
        told = (np.asarray(of_buyers) != 0.0) & (view.period > 1)
        forecast = np.where(told, self.weight * of_buyers + (1.0 - self.weight) * own, own)
        error = demand - np.where(started, view.memory("forecast"), first)
        known = started if self.initial is None else True
        deviation, memory = smoothed_deviation(view, self.deviation, self.error_smoothing, error, known)
        memory |= {"age": age + 1.0, "own": own, "forecast": forecast}
        return forecast, {**memory, "forecast_deviation": deviation, "forecast_lead_time": view.lead_time * forecast}
