"""The chain on deepbullwhip's vectorised engine (MIT): what it is given, and how long it takes.

The engine orders up to the mean and the deviation of the latest eight orders, as chainwright's chain does. Its goods always arrive after
the lead time, whether the seller has them or not: nothing is allocated, owed or on lanes. All lead times are the same, for which its ring of
orders under way is right.
"""

from __future__ import annotations

import time

import numpy as np
from deepbullwhip import VectorizedSupplyChain
from deepbullwhip.chain.config import EchelonConfig
from deepbullwhip.forecast.moving_average import MovingAverageForecaster

from benchmarks.chain import BACKORDER_COST, DEVIATION, HOLDING_COST, MEAN, ON_HAND, STAGES


class Given:
    """Demand of many runs and its forecasts, which the engine takes as arrays.

    Parameters
    ----------
    runs, periods : int
        How many.
    lead_time : int
        Periods from an order to its goods.
    window : int
        Periods of the moving average.
    """

    def __init__(self, runs: int, periods: int, lead_time: int, window: int) -> None:
        self.shape, self.window = (runs, periods), window
        self.stages = [
            EchelonConfig(f"stage {number}", lead_time, HOLDING_COST, BACKORDER_COST, initial_inventory=ON_HAND) for number in range(STAGES)
        ]
        self.demand = self._demand()
        self.forecasts = self._forecasts(self.demand)

    def seconds_of_engine(self) -> float:
        """The engine alone."""
        started = time.perf_counter()
        VectorizedSupplyChain(self.stages).simulate(self.demand, *self.forecasts)
        return time.perf_counter() - started

    def seconds(self) -> float:
        """From random numbers to the results; demand and forecasts by the quickest NumPy that we know, in place of its own generators."""
        started = time.perf_counter()
        demand = self._demand()
        VectorizedSupplyChain(self.stages).simulate(demand, *self._forecasts(demand))
        return time.perf_counter() - started

    def seconds_of_parts(self) -> float:
        """The same with deepbullwhip's own moving average, which goes through runs and periods one by one."""
        started = time.perf_counter()
        demand = self._demand()
        forecaster = MovingAverageForecaster(self.window)
        made = [forecaster.generate_forecasts(one) for one in demand]
        VectorizedSupplyChain(self.stages).simulate(demand, *map(np.array, zip(*made, strict=True)))
        return time.perf_counter() - started

    def _demand(self) -> np.ndarray:
        return np.maximum(np.random.default_rng(1).normal(MEAN, DEVIATION, self.shape), 0.0)

    def _forecasts(self, demand: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        padded = np.concatenate([np.repeat(demand[:, :1], self.window - 1, axis=1), demand], axis=1)
        windows = np.lib.stride_tricks.sliding_window_view(padded, self.window, axis=1)
        return windows.mean(axis=2), windows.std(axis=2)
