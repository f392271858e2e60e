"""The table of observations as somebody brings it: its columns called by our names, its times as periods of the scenario."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from chainwright.scenario import Scenario
from chainwright.sheets.dates import dates
from chainwright.sheets.header import counts_rows, has_names, is_sum, plain, says_time, sum_or_mean
from chainwright.sheets.numbers import is_number, numbers, two_ways
from chainwright.sheets.sheet import Manner, Sheet, read_sheet
from chainwright.sheets.wide import times_across
from chainwright.words.errors import ScenarioError, UsageError, suggestion
from chainwright.words.recordable import item_columns

KEYS = ("run", "period", "enterprise", "product")
# What a series without a name holds.
USUAL = "orders"
# A larger number of a period is a date written without signs, such as 202601.
LARGEST_PERIOD = 99_999
OBSERVED = Manner("row", "columns such as period, enterprise, product and orders", has_names, lambda fields: any(map(says_time, fields)), alone=True)


def table_of(given: Any, scenario: Scenario, column: Any, told: list[str]) -> pd.DataFrame:
    """What is given as a table whose columns are called by our names, with whole numbers of periods.

    Parameters
    ----------
    given : DataFrame, Series, str or path
        What was observed; a file may be CSV, Parquet or a spreadsheet.
    scenario : Scenario
        Whose periods, enterprises and products are meant.
    column : str or iterable of str, optional
        Which columns were asked for.
    told : list of str
        What was assumed is added to it.

    Raises
    ------
    UsageError
        When it cannot be read, when it is no table, or when its times are no periods of the scenario.
    """
    if isinstance(given, str | os.PathLike):
        given = _from_file(Path(given), told)
    if isinstance(given, pd.Series):
        said = given.name if isinstance(given.name, str) else column if isinstance(column, str) else USUAL
        given = _with_periods(given, told).to_frame(said)
    if not isinstance(given, pd.DataFrame):
        raise UsageError(f"observed: expected a DataFrame, a Series or the path of a table, got {type(given).__name__}")
    table = _called(_without_index(given), told)
    if table.empty:
        raise UsageError("observed: the table has no row")
    table = _without_sums(table, told)
    table = _timed(_upright(table, column, told), told)
    table = _long(table, scenario, column, told)
    return table.assign(period=periods_of(table["period"], scenario, told))


def _from_file(path: Path, told: list[str]) -> pd.DataFrame:
    """The table in a file; its fields are numbers where a column has numbers, else texts."""
    try:
        sheet = read_sheet(path, str(path), OBSERVED)
    except ScenarioError as error:
        raise UsageError("\n".join(f"observed: {one}" for one in error.mistakes)) from None
    if sheet.wrong:
        raise UsageError("\n".join(f"observed: {path}:{one.line}: {one.message}" for one in sheet.wrong[:20]))
    told += sheet.assumed
    names = list(sheet.names) or _names_of(sheet)
    twice = [name for number, name in enumerate(names) if name and name in names[:number]]
    if twice:
        raise UsageError(f"observed: {path} has several columns called {twice[0]!r}; rename all but one")
    made: dict[str, Any] = {}
    for name, values in zip(names, sheet.columns, strict=True):
        # Only the names of times may hold dates that look like numbers.
        texts = ["" if one is None else str(one) for one in values.to_pylist()]
        filled = [one for one in texts if one and not is_sum(one)]
        if says_time(name) or name in ("enterprise", "product") or 2 * sum(is_number(one) for one in filled) <= len(filled):
            made[name] = pd.Series(texts, dtype=object).replace("", None)
            continue
        found = numbers(values, what=f"column {name!r}", pointed=sheet.pointed)
        if found.either == ".":
            unclear = [one for one, value, gap in zip(texts, found.values, found.missing, strict=True) if "." in one and value != value and not gap]
            raise UsageError(f"observed: {path}: column {name!r}: {two_ways(unclear[0], len(unclear) - 1)}")
        if found.hint:
            raise UsageError(f"observed: {path}: column {name!r}: commas may stand before decimals or between thousands; write decimals with a point")
        if found.assumed:
            told.append(found.assumed)
        stray = np.flatnonzero(np.isnan(found.values) & ~found.missing)
        if len(stray):
            raise UsageError(f"observed: {name}: {texts[int(stray[0])]!r} is no number")
        made[name] = pd.Series(found.values)
    return pd.DataFrame(made)


def _names_of(sheet: Sheet) -> list[str]:
    """Names for the columns of a file without header: of times and, where there is one, of the numbers."""
    texts = [["" if one is None else str(one) for one in column.to_pylist()] for column in sheet.columns]
    names = ["period" if dates([one for one in fields if one]) is not None else "" for fields in texts]
    rest = [place for place, name in enumerate(names) if not name]
    if len(rest) == 1 and names.count("period") <= 1:
        names[rest[0]] = USUAL
        return names
    raise UsageError(f"observed: {sheet.file} has no header; write the names of columns above it, such as period, enterprise and orders")


def _with_periods(given: pd.Series[Any], told: list[str]) -> pd.Series[Any]:
    """The series with its index called period, where that holds whole numbers from 1 on and not just the numbers of the rows from 0."""
    index = given.index
    named = index.name in KEYS or (isinstance(index.name, str) and says_time(index.name))
    if named or isinstance(index, pd.MultiIndex) or not pd.api.types.is_numeric_dtype(index.dtype) or pd.api.types.is_bool_dtype(index.dtype):
        return given
    numbered = index.to_numpy(np.float64)
    if not len(numbered) or not bool((numbered >= 1.0).all()) or bool((numbered != np.round(numbered)).any()):
        return given
    told.append("the index of the series is taken for the period")
    return given.rename_axis("period")


def _without_index(given: pd.DataFrame) -> pd.DataFrame:
    """The table with what its index says as columns."""
    levels = [number for number, name in enumerate(given.index.names) if name in KEYS or (isinstance(name, str) and says_time(name))]
    if levels:
        table = given.reset_index(levels)
    elif isinstance(given.index, pd.DatetimeIndex | pd.PeriodIndex):
        table = given.rename_axis("period").reset_index()
    else:
        table = given.reset_index(drop=True)
    table = table.set_axis(table.columns.map(str), axis=1)
    twice = table.columns[table.columns.duplicated()]
    if len(twice):
        raise UsageError(f"observed: the table has several columns called {twice[0]!r}; rename all but one")
    return table


def _called(table: pd.DataFrame, told: list[str]) -> pd.DataFrame:
    """The table without columns that only count the rows, with our names where only the writing of letters differs."""
    counting = [name for name in table.columns if counts_rows(name, [_text(one) for one in table[name]])]
    known = {plain(name): name for name in (*KEYS, *item_columns())}
    names = {name: known[plain(name)] for name in table.columns if plain(name) in known and known[plain(name)] not in table.columns}
    told += [f"column {name or 1!r} counts the rows and is not used" for name in counting]
    return table.drop(columns=counting).rename(columns=names)


def _text(value: Any) -> str:
    if value is None or value != value:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _without_sums(table: pd.DataFrame, told: list[str]) -> pd.DataFrame:
    """The table without rows that say that they are sums or means."""
    words = table.select_dtypes(exclude="number")
    sums = words.map(lambda field: isinstance(field, str) and is_sum(field)).any(axis=1) if words.shape[1] else pd.Series(False, index=table.index)
    if bool(sums.any()):
        said = [next(sum_or_mean(one) for one in row if isinstance(one, str) and is_sum(one)) for row in words[sums].itertuples(index=False)]
        told += [f"{said.count(one)} row{'s' if said.count(one) > 1 else ''} of {one}s left out" for one in dict.fromkeys(said)]
    return table[~sums].reset_index(drop=True)


def _upright(table: pd.DataFrame, column: Any, told: list[str]) -> pd.DataFrame:
    """The table with a row for each period, where it has a column for each."""
    names = [str(name) for name in table.columns]
    times = [names[place] for place in times_across(names)]
    if not times or "period" in names or not set(names) <= {*KEYS, *times}:
        return table
    said = column if isinstance(column, str) and column in item_columns() else USUAL
    told.append(f"there is a column for each period, from {times[0]} to {times[-1]}; its numbers are taken for {said}")
    return table.melt(id_vars=[name for name in names if name in KEYS], value_vars=times, var_name="period", value_name=said)


def _timed(table: pd.DataFrame, told: list[str]) -> pd.DataFrame:
    """The table with its times in a column period: as it has it, or of dates, or counted."""
    if "period" in table:
        return table.drop(columns=[name for name in table.columns if says_time(name) and name != "period"])
    times = [name for name in table.columns if says_time(name)]
    times += [name for name in table.columns if not times and name not in KEYS and dates([_text(one) for one in table[name]]) is not None]
    if len(times) > 1:
        raise UsageError(f"observed: {' and '.join(times)} may all be the period; rename one to period, or take the others out")
    if times:
        return table.rename(columns={times[0]: "period"})
    told.append("the table says no period, so its rows are counted from period 1")
    # Rows without numbers are counted as periods are.
    return table.assign(period=np.arange(1, len(table) + 1))


def _long(table: pd.DataFrame, scenario: Scenario, column: Any, told: list[str]) -> pd.DataFrame:
    """The table with a row for each enterprise and period, where it has a column for each enterprise."""
    values = [name for name in table.columns if name not in KEYS]
    if "enterprise" in table or not values or any(name in item_columns() for name in values):
        return table
    firms = {str(name) for name in scenario.blueprint().tables["enterprises"]["name"]}
    if not set(values) <= firms:
        if len(values) > 1 and set(values) & firms:
            stray = next(name for name in values if name not in firms)
            raise UsageError(f"observed: columns are called like enterprises, but {stray!r} is none{suggestion(stray, firms)}")
        return table
    said = column if isinstance(column, str) and column in item_columns() else USUAL
    told.append(f"there is a column for each enterprise; its numbers are taken for {said}")
    kept = [name for name in table.columns if name in KEYS]
    return table.melt(id_vars=kept, value_vars=values, var_name="enterprise", value_name=said)


def periods_of(times: pd.Series[Any], scenario: Scenario, told: list[str]) -> NDArray[np.int64]:
    """The number of the period at each of some times.

    Raises
    ------
    UsageError
        When some are no periods of the scenario.
    """
    counted = _counted(times)
    if counted is None:
        days = _days(times, scenario, told)
        calendar = scenario.calendar
        if calendar is None:
            first = min(days)
            raise UsageError(
                f"observed: period holds dates ({first} to {max(days)}), and scenario {scenario.name!r} does not say when it starts; "
                f"say start: {first} in its file, scenario.with_({{'start': '{first}'}}) or --set start={first}, where that is period 1"
            )
        counted = calendar.periods(days)
        early = counted < 1
        if bool(early.any()):
            many = len(np.unique(days[early]))
            raise UsageError(
                f"observed: {many:,} date{'s' if many > 1 else ''} from {min(days)} on lie before the start of {calendar.start}; "
                f"take them out, or let start be {min(days)}"
            )
    last = int(counted.max())
    if last > scenario.horizon:
        beyond = int(counted[counted > scenario.horizon].min())
        which = f"period {beyond:,} lies" if beyond == last else f"periods {beyond:,} to {last:,} lie"
        raise UsageError(
            f"observed: {which} beyond the horizon of {scenario.horizon:,}; take those rows out, or scenario.with_({{'horizon': {last}}})"
        )
    return counted


def _counted(times: pd.Series[Any]) -> NDArray[np.int64] | None:
    """Times that are numbers of periods; None where they are dates."""
    if isinstance(times.dtype, pd.PeriodDtype | pd.DatetimeTZDtype) or pd.api.types.is_datetime64_any_dtype(times.dtype):
        return None
    found = pd.to_numeric(times, errors="coerce")
    if bool(found.isna().all()):
        return None
    if bool(found.isna().any()) or bool((found < 1).any()) or bool((found != found.round()).any()):
        if not pd.api.types.is_numeric_dtype(times.dtype) and dates([_text(one) for one in times], said=True) is not None:
            return None
        raise UsageError("observed: period: expected whole numbers counted from 1, or dates")
    if bool((found > LARGEST_PERIOD).any()):
        return None
    return np.asarray(found, np.int64)


def _days(times: pd.Series[Any], scenario: Scenario, told: list[str]) -> Any:
    """Times as days."""
    if isinstance(times.dtype, pd.PeriodDtype):
        times = times.dt.start_time
    if isinstance(times.dtype, pd.DatetimeTZDtype):
        times = times.dt.tz_localize(None)
    if bool(times.isna().any()):
        raise UsageError(f"observed: period: row {int(np.flatnonzero(times.isna())[0]) + 1} has no date")
    if pd.api.types.is_datetime64_any_dtype(times.dtype):
        return times.to_numpy().astype("datetime64[D]")
    texts = [_text(one) for one in times]
    period = scenario.document.get("period")
    found = dates(texts, None, period if isinstance(period, str | int | float) else None, said=True)
    if found is None:
        raise UsageError(f"observed: period: {texts[0]!r} is neither a number counted from 1 nor a date such as 2026-01-05")
    if found.asked:
        raise UsageError(f"observed: period: {found.asked.partition('; say dates:')[0]}; write dates as 2026-01-31, weeks as 2026-W05")
    bad = np.flatnonzero(np.isnat(found.days))
    if len(bad):
        raise UsageError(f"observed: period: {texts[int(bad[0])]!r} is no date")
    if found.assumed:
        told.append(found.assumed)
    return found.days
