"""End demand from a series of numbers: a list, the replay of a table's column, and its bootstrap."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np

from chainwright.policies.base import Memory, Policy, parameter, register
from chainwright.policies.columnwise import alike
from chainwright.policies.trade.demand_random import STREAM

THEN = ("repeat", "last", "zero")


def then_parameter() -> Any:
    """The parameter `then`."""
    meaning = "What follows the last value: the series again (repeat), its last value (last), or nothing (zero)"
    return parameter(meaning, "repeat", kind="str", choices=THEN)


def file_parameter() -> Any:
    """The parameter `file`."""
    return parameter("Table that holds the series: CSV, Parquet or .xlsx, one row a period", None, kind="str")


def column_parameter() -> Any:
    """The parameter `column`."""
    return parameter("Column of the table, or its number where there is no header; the only one of numbers otherwise", None, kind="str")


def decimal_parameter() -> Any:
    """The parameter `decimal`."""
    return parameter("Sign before decimals in the table; told from its numbers where nothing is said", None, kind="str", choices=(".", ","))


def dates_parameter() -> Any:
    """The parameter `dates`."""
    meaning = "What comes first in dates such as 01/02/2026; told from the table where nothing is said"
    return parameter(meaning, None, kind="str", choices=("day_first", "month_first"))


def read_values_parameter() -> Any:
    """The parameter `values` of a series that usually comes from a table."""
    return parameter("The series itself; read from the table where nothing is said", None, unit="units per period", minimum=0.0, kind="list")


def value_at(values: Any, period: int, then: str) -> float:
    """The value of a series in a period, counted from 1.

    Examples
    --------
    >>> [value_at([5.0, 6.0], period, "repeat") for period in (1, 2, 3)]
    [5.0, 6.0, 5.0]
    >>> value_at([5.0, 6.0], 3, "last"), value_at([5.0, 6.0], 3, "zero")
    (6.0, 0.0)
    """
    if period <= len(values):
        return float(values[period - 1])
    if then == "zero":
        return 0.0
    return float(values[-1] if then == "last" else values[(period - 1) % len(values)])


class Series(Policy):
    """A demand policy with a series: read from a table, or given."""

    @classmethod
    def steady_demand(cls, parameters: Mapping[str, Any]) -> Any:
        """The mean of the series."""
        values = parameters.get("values")
        return None if values is None else float(np.mean(values))

    @classmethod
    def mistakes(cls, parameters: Mapping[str, Any]) -> list[str]:
        """There must be a series, and something in it."""
        values = parameters.get("values")
        if values is None and not parameters.get("file"):
            return ["needs a file (a CSV table) or values"]
        if values is not None and len(values) == 0:
            return ["the series has no value"]
        return []


@register
@dataclasses.dataclass(frozen=True)
class ListDemand(Series):
    """Demand from a list, one value a period."""

    name = "list"
    family = "demand"
    formula = "D[t] = values[t]; after the last value as `then` says"
    source = "Wagner and Whitin (1958), Management Science 5(1), 89-96 (demand known period by period)"

    values: Any = parameter("Demand of each period, from period 1", unit="units per period", minimum=0.0, kind="list")
    then: Any = then_parameter()

    def __call__(self, view: Any) -> Any:
        return alike(value_at(self.values, view.period, self.then), view.demand)


@register
@dataclasses.dataclass(frozen=True)
class ReplayDemand(Series):
    """Demand as it once was: a column of a table, one row a period."""

    name = "replay"
    family = "demand"
    formula = "D[t] = series[t]; after the last value as `then` says"
    source = "Law (2015), Simulation Modeling and Analysis, 5th ed., chapter 6 (trace-driven simulation)"

    file: Any = file_parameter()
    column: Any = column_parameter()
    decimal: Any = decimal_parameter()
    dates: Any = dates_parameter()
    values: Any = read_values_parameter()
    then: Any = then_parameter()

    def __call__(self, view: Any) -> Any:
        return alike(value_at(self.values, view.period, self.then), view.demand)


@register
@dataclasses.dataclass(frozen=True)
class BootstrapDemand(Series):
    """Demand drawn from what it once was, with replacement: value by value, or in blocks that keep the order within them.

    A block begins anywhere in the series and goes round its end, so every value is equally likely. Blocks of more than one
    period begin together for all rows, in periods 1, 1 + block, ...
    """

    name = "bootstrap"
    family = "demand"
    formula = "D[t] = series[j[t]]; j uniform over the series at the start of a block, else j[t−1] + 1 modulo its length"
    source = "Efron (1979), Annals of Statistics 7(1), 1-26; in blocks: Politis and Romano (1992), a circular block-resampling procedure"
    remembers = {"position": Memory("Position in the series of the value used last, from 0")}

    file: Any = file_parameter()
    column: Any = column_parameter()
    decimal: Any = decimal_parameter()
    dates: Any = dates_parameter()
    values: Any = read_values_parameter()
    block: Any = parameter("Periods that are drawn together", 1, unit="periods", minimum=1, kind="int")

    def __call__(self, view: Any) -> Any:
        series = np.asarray(self.values, dtype=np.float64)
        many = float(series.size)
        # A draw is below 1, but its product with the length may round up to it.
        begun = np.minimum(np.floor(view.draw(STREAM) * many), many - 1.0)
        begins = (view.period - 1) % np.asarray(self.block) == 0
        position = np.where(begins, begun, np.remainder(view.memory("position") + 1.0, many))
        return series[position.astype(np.int64)], {"position": position}
