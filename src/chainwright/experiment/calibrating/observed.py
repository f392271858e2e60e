"""What was observed: series of columns of items, read from tables and files, each with its place in the network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from chainwright.experiment.calibrating.brought import KEYS, table_of
from chainwright.scenario import Scenario
from chainwright.words.calendar import Calendar
from chainwright.words.errors import UsageError, suggestion
from chainwright.words.recordable import item_columns

Floats = NDArray[np.float64]
EXAMPLE = "calibrate(..., observed=table, enterprise='retailer')"


@dataclass(frozen=True)
class Series:
    """One column of one item over the periods in which it was observed.

    Parameters
    ----------
    enterprise, product, column : str
        What was observed.
    item : int
        Row of the item in the scenario's blueprint.
    periods : array of int
        When, counted from 1.
    values : array of float
        What.
    weight : float
        What an error of one unit, squared, counts beside those of other series.
    """

    enterprise: str
    product: str
    column: str
    item: int
    periods: NDArray[np.int64]
    values: Floats
    weight: float = 1.0

    @property
    def name(self) -> str:
        """As it is called in tables and figures."""
        return f"{self.enterprise} {self.product} {self.column}"


@dataclass(frozen=True)
class Observed:
    """All series, and how errors of them are added up.

    Parameters
    ----------
    series : tuple of Series
        In the order of the table.
    told : tuple of str
        What was assumed of the table.
    calendar : Calendar or None
        On which days the periods begin, where the scenario says it.
    """

    series: tuple[Series, ...]
    told: tuple[str, ...] = ()
    calendar: Calendar | None = None

    @property
    def periods(self) -> int:
        """The last period that was observed."""
        return max(int(one.periods.max()) for one in self.series)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that must be recorded."""
        return tuple(dict.fromkeys(one.column for one in self.series))

    @property
    def values(self) -> Floats:
        """All observations in one row."""
        return np.concatenate([one.values for one in self.series])

    @property
    def weights(self) -> Floats:
        """The weight of each observation; their mean is 1."""
        weights = np.concatenate([np.full(len(one.values), one.weight) for one in self.series])
        return np.asarray(weights / weights.mean(), np.float64)

    def table(self, fitted: Floats) -> pd.DataFrame:
        """One row per observation, with what was simulated."""
        parts = [pd.DataFrame({"enterprise": one.enterprise, "product": one.product, "column": one.column, "period": one.periods})
                 for one in self.series]  # fmt: skip
        made = pd.concat(parts, ignore_index=True)
        if self.calendar is not None:
            made.insert(4, "date", self.calendar.dates(made["period"].to_numpy(np.int64)))
        return made.assign(observed=self.values, fitted=fitted, residual=self.values - fitted)


def observed_of(
    given: Any,
    scenario: Scenario,
    column: str | Iterable[str] | None = None,
    enterprise: str | None = None,
    product: str | None = None,
    weights: Mapping[str, float] | None = None,
) -> Observed:
    """Read what was observed.

    Parameters
    ----------
    given : DataFrame, Series, str or path
        A table as `Result.panel` is (period, enterprise, product, and columns of items), a table with a column for each enterprise, a
        series over the periods, or a file with one of them.
    scenario : Scenario
        Where the items are looked for.
    column : str or iterable of str, optional
        Which columns; all that items have, by default, and ``orders`` of a series without a name.
    enterprise, product : str, optional
        Whose; needed where the table does not say it, and a choice where it does.
    weights : mapping, optional
        By column or by enterprise, what a squared error counts; factors where both are given. Where nothing is said, 1 if only one
        column is observed, else 1 over the variance of each series, since units differ.

    Raises
    ------
    UsageError
        With everything that is wrong.

    Examples
    --------
    >>> import chainwright as cw
    >>> import pandas as pd
    >>> found = observed_of(pd.Series([4.0, 4.0, 8.0], name="orders"), cw.load("beer_game"), enterprise="retailer")
    >>> found.series[0].name, found.periods
    ('retailer beer orders', 3)
    """
    wrong: list[str] = []
    told: list[str] = []
    table = table_of(given, scenario, column, told)
    table, values = _named(table, column, wrong)
    for key, chosen in (("enterprise", enterprise), ("product", product)):
        table = _chosen(table, key, chosen, wrong)
    if wrong:
        raise UsageError("\n".join(dict.fromkeys(wrong)))
    series = _series(table, values, scenario, wrong)
    series = _weighted(series, weights, wrong)
    if wrong:
        raise UsageError("\n".join(dict.fromkeys(wrong)))
    return Observed(tuple(series), tuple(dict.fromkeys(told)), scenario.calendar)


def _named(table: pd.DataFrame, column: Any, wrong: list[str]) -> tuple[pd.DataFrame, list[str]]:
    """The table, and which of its columns hold observations."""
    there = [name for name in table.columns if name not in KEYS]
    if column is None:
        values = [name for name in there if name in item_columns()]
        if not values:
            known = ", ".join(there) or "only keys"
            wrong.append(f"observed: no column of the table is one of items, it has {known}; rename one, such as orders or on_hand")
    else:
        values = [column] if isinstance(column, str) else list(column)
        for name in values:
            if name not in item_columns():
                wrong.append(f"column: items have no {name!r}{suggestion(str(name), item_columns())}")
            elif name not in there:
                wrong.append(f"column: the table has no {name!r}{suggestion(str(name), there)}")
    if "run" in table and table["run"].nunique() > 1:
        wrong.append(f"observed: the table holds {table['run'].nunique()} runs; choose one, or take their mean")
    for name in [name for name in values if name in there]:
        numbers = pd.to_numeric(table[name], errors="coerce")
        if bool((numbers.isna() & table[name].notna()).any()) or bool(np.isinf(numbers).any()):
            stray = table[name][(numbers.isna() & table[name].notna()) | np.isinf(numbers)].iloc[0]
            wrong.append(f"observed: {name}: {stray!r} is no number")
        table = table.assign(**{name: numbers})
    return table, values


def _chosen(table: pd.DataFrame, key: str, chosen: str | None, wrong: list[str]) -> pd.DataFrame:
    """The rows of one enterprise or product; where the table does not say whose they are, all of them are."""
    if chosen is None:
        return table
    if key not in table:
        return table.assign(**{key: chosen})
    rows = table[table[key] == chosen]
    if rows.empty:
        wrong.append(f"{key}: the table has no row of {chosen!r}{suggestion(str(chosen), table[key].astype(str).unique())}")
    return rows


def _series(table: pd.DataFrame, values: list[str], scenario: Scenario, wrong: list[str]) -> list[Series]:
    """The series of a table."""
    tables = scenario.blueprint().tables
    firms, goods = ([str(one) for one in tables[name]["name"]] for name in ("enterprises", "products"))
    items = tables["items"]
    owned = [(firms[firm], goods[good]) for firm, good in zip(items["enterprise"].tolist(), items["product"].tolist(), strict=True)]
    if "enterprise" not in table:
        wrong.append(f"enterprise: the table does not say whose series it holds; say it: {EXAMPLE}")
        return []
    found: list[Series] = []
    for said, own in table.groupby("enterprise", sort=False):
        firm = str(said)
        if firm not in firms:
            wrong.append(f"enterprise: scenario {scenario.name!r} has no {firm!r}{suggestion(firm, firms)}")
            continue
        of_firm = [good for owner, good in owned if owner == firm]
        if "product" not in own and len(of_firm) != 1:
            wrong.append(f"product: {firm} has {len(of_firm)} items; say which: {', '.join(of_firm[:12])}")
            continue
        parts = own.groupby("product", sort=False) if "product" in own else [(of_firm[0], own)]
        for called, rows in parts:
            good = str(called)
            if good not in of_firm:
                wrong.append(f"product: {firm} has no {good!r}{suggestion(good, of_firm)}")
                continue
            for name in values:
                kept = rows[rows[name].notna()].sort_values("period", kind="stable")
                periods = kept["period"].to_numpy(np.int64)
                if len(periods) == 0:
                    continue
                if len(np.unique(periods)) < len(periods):
                    twice = periods[:-1][np.diff(periods) == 0][0]
                    wrong.append(f"observed: {firm} {good} {name}: period {twice} stands there twice; add up what belongs to one period")
                found.append(Series(firm, good, name, owned.index((firm, good)), periods, kept[name].to_numpy(np.float64)))
    if not found and not wrong:
        wrong.append("observed: the table holds no number")
    return found


def _weighted(series: list[Series], weights: Mapping[str, float] | None, wrong: list[str]) -> list[Series]:
    """The series with their weights."""
    several = len({one.column for one in series}) > 1
    known = [*{one.column for one in series}, *{one.enterprise for one in series}]
    for name, weight in (weights or {}).items():
        if name not in known:
            wrong.append(f"weights: no series is of {name!r}{suggestion(str(name), known)}")
        if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0.0 <= weight < np.inf:
            wrong.append(f"weights: {name}: expected a number of at least 0, got {weight!r}")
    if wrong:
        return series
    made = []
    for one in series:
        spread = float(np.var(one.values))
        weight = 1.0 / spread if several and weights is None and spread > 0.0 else 1.0
        for name in (one.column, one.enterprise):
            weight *= float((weights or {}).get(name, 1.0))
        made.append(Series(one.enterprise, one.product, one.column, one.item, one.periods, one.values, weight))
    if not any(one.weight for one in made):
        wrong.append("weights: every series has the weight 0")
    return made
