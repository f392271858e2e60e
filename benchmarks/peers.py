"""Other simulators on the same chain, in the same process, in turn: node-periods a second, the stages counted and nobody else."""

from __future__ import annotations

import importlib
import importlib.util
import math
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from benchmarks.chain import PERIODS, STAGES, chain, seconds_of_chain
from benchmarks.lines import Line
from benchmarks.mesa import alternate

RUNS = 1000
PAIRS = 9
# As many as fill a union; the others play one after the other, so that for them a run more is as fast as a run.
MANY_RUNS, FEW_PAIRS = 8000, 3
# The beer game's lead time: two periods for the order and two for the goods.
ORDER_DELAY = TRANSPORT_TIME = 2
LEAD_TIME = ORDER_DELAY + TRANSPORT_TIME
PERIODS_OF_AVERAGE = 8
SAFETY_FACTOR = 1.645
LEVEL = 650.0
FORECASTING = {
    "forecast_demand": {"default": {"policy": "moving_average", "periods": PERIODS_OF_AVERAGE}},
    "place_orders": {"default": {"policy": "order_up_to", "safety_factor": SAFETY_FACTOR}},
}
BASE_STOCK = {"place_orders": {"default": {"policy": "base_stock", "level": LEVEL}}}
MODULES = {"deepbullwhip": "deepbullwhip", "stockpyl": "stockpyl", "supplynetpy": "SupplyNetPy"}


def lines() -> Iterator[Line]:
    """One line or more for each simulator that is installed."""
    missing = [name for name, module in MODULES.items() if importlib.util.find_spec(module) is None]
    if missing:
        yield Line(", ".join(missing), "not installed: pip install --group bench", math.nan)
    for name, measure in (("deepbullwhip", _deepbullwhip), ("stockpyl", _stockpyl), ("supplynetpy", _supplynetpy)):
        if name not in missing:
            yield from measure(importlib.import_module(f"benchmarks.peers_{name}"))


def _deepbullwhip(peer: Any) -> Iterator[Line]:
    """Both from random numbers to the summary, and its engine alone, demand and first forecasts given."""
    blueprint = chain(FORECASTING, ORDER_DELAY, TRANSPORT_TIME)
    for runs, pairs, least in ((RUNS, PAIRS, 1.5), (MANY_RUNS, FEW_PAIRS, None)):
        given = peer.Given(runs, PERIODS, LEAD_TIME, PERIODS_OF_AVERAGE)
        for which, theirs, bound in (("from demand to summary", given.seconds, None), ("its engine alone", given.seconds_of_engine, least)):
            yield _line(f"deepbullwhip, vectorised, {runs:,} runs, {which}", blueprint, runs, theirs, runs, pairs, bound)
    given = peer.Given(RUNS, PERIODS, LEAD_TIME, PERIODS_OF_AVERAGE)
    yield _line("deepbullwhip with its own forecaster", blueprint, RUNS, given.seconds_of_parts, RUNS, 1)


def _stockpyl(peer: Any) -> Iterator[Line]:
    blueprint = chain(BASE_STOCK, ORDER_DELAY, TRANSPORT_TIME)
    theirs = partial(peer.seconds, PERIODS, ORDER_DELAY, TRANSPORT_TIME, LEVEL)
    yield _line(f"stockpyl, base stock, {MANY_RUNS:,} runs", blueprint, MANY_RUNS, theirs, 1, PAIRS, 3000.0)


def _supplynetpy(peer: Any) -> Iterator[Line]:
    # Its orders reach the seller at once.
    blueprint = chain(BASE_STOCK, 0, LEAD_TIME)
    theirs = partial(peer.seconds, PERIODS, LEAD_TIME, LEVEL)
    yield _line(f"supplynetpy, base stock, {MANY_RUNS:,} runs", blueprint, MANY_RUNS, theirs, 1, PAIRS, 500.0)


def _line(
    name: str, blueprint: Any, runs: int, theirs: Callable[[], float], their_runs: int, pairs: int, least: float | None = None
) -> Line:
    """How many times the node-periods a second of the other ours are."""
    own, other, share = alternate(lambda: seconds_of_chain(blueprint, runs) / runs, lambda: theirs() / their_runs, pairs)
    ours, others = (STAGES * PERIODS / seconds for seconds in (own, other))
    return Line(f"against {name}", f"{ours:,.0f} node-periods a second against {others:,.0f}", 1.0 / share, least=least)
