"""Tables of demand as people bring them: wide or long, with numbers of periods or dates; made into one row for each item and period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from chainwright.scenario import keys
from chainwright.scenario.read.csv_columns import LAST_PERIOD
from chainwright.scenario.read.csv_rows import COUNTING, Rows
from chainwright.sheets.dates import dates
from chainwright.sheets.header import is_sum, says_time, sum_or_mean
from chainwright.words.calendar import Calendar, calendar_of, known_period
from chainwright.words.errors import suggestion

LONG = ["enterprise", "product", "period", "quantity"]
# A larger number of a period is a year with a month, week or day.
FIRST_YEAR_AND_WEEK = 190_001
# The place of a cell: line, column; and what is wrong with it.
Wrong = tuple[int, int, str]


def long_demand(read: Rows, data: Mapping[str, Any]) -> list[Wrong]:
    """Make a table of demand one of enterprise, product, period and quantity; answers what is wrong with its times.

    Parameters
    ----------
    read : Rows
        The table, which is changed; where it is unfolded, a row has a fifth cell, the column of its quantity in the file.
    data : mapping
        The scenario, whose enterprises, products, start and period are needed.
    """
    if "period" not in read.header:
        times = [place for place, name in enumerate(read.header) if says_time(name)]
        if len(times) == 1:
            read.header[times[0]] = "period"
    _without_sums(read, data)
    wrong = _products_meant(read, data) or _unfold(read, data)
    if wrong:
        # What is said of the table as a whole is enough; its columns and rows are not looked at one by one.
        read.header, read.rows = list(LONG), []
        return wrong
    return _numbered(read, data) if "period" in read.header else []


def _without_sums(read: Rows, data: Mapping[str, Any]) -> None:
    """Take the sums out that stand below the rows."""
    known = keys.parts(data, "enterprises")
    while read.rows and (said := next((cell for cell in read.rows[-1][1] if is_sum(cell) and cell not in known), "")):
        line, _ = read.rows.pop()
        read.told.append(f"line {line} ({said}) is a {sum_or_mean(said)} of rows and left out")


def _products_meant(read: Rows, data: Mapping[str, Any]) -> list[Wrong]:
    """Add the column of products that a long table lacks, where each customer must mean one; answers the first that may mean several."""
    header = read.header
    if "product" in header or not {"enterprise", "period", "quantity"} <= set(header):
        return []
    firms, width = _named(data, "enterprises"), len(header)
    meant = {firm: _product(data, firm) for firm in dict.fromkeys(_at(row, header, "enterprise").strip() for _, row in read.rows) if firm in firms}
    if unclear := next((firm for firm, product in meant.items() if not product), ""):
        line = next(line for line, row in read.rows if _at(row, header, "enterprise").strip() == unclear)
        return [(line, header.index("enterprise") + 1, f"the table does not say which product {unclear!r} wants; add a column product")]
    if not meant:
        return []
    read.rows = [
        (line, (*row, *[""] * (width - len(row)), meant.get(_at(row, header, "enterprise").strip(), next(iter(meant.values())))))
        if len(row) <= width else (line, row)
        for line, row in read.rows
    ]  # fmt: skip
    read.header = [*header, "product"]
    goods = list(dict.fromkeys(meant.values()))
    read.told.append(f"no column says the product; each customer wants {'its only one' if len(goods) > 1 else goods[0]}")
    return []


def _unfold(read: Rows, data: Mapping[str, Any]) -> list[Wrong]:
    """One row for each cell of a table that has a column for each period, or for each enterprise; answers what is wrong with its columns."""
    header = read.header
    firms = _named(data, "enterprises")
    rest = [place for place, name in enumerate(header) if name not in (*LONG, COUNTING)]
    sums = [place for place in rest if is_sum(header[place]) and header[place] not in firms]
    rest = [place for place in rest if place not in sums]
    if not rest or "quantity" in header:
        return []
    names = [header[place] for place in rest]
    of_firms = "period" in header and "enterprise" not in header and not set(names).isdisjoint(firms)
    stray = [place for place in rest if of_firms and header[place] not in firms]
    if stray:
        called = header[stray[0]]
        return [(read.line, stray[0] + 1, f"columns are called like enterprises, but {called!r} is none{suggestion(called, firms)}")]
    of_periods = "period" not in header and "enterprise" in header and (_are_periods(names) or dates(names) is not None)
    if "product" not in header and (of_firms or of_periods):
        wanting = names if of_firms else dict.fromkeys(_at(row, header, "enterprise").strip() for _, row in read.rows)
        unclear = next((firm for firm in wanting if firm in firms and not _product(data, firm)), None)
        if unclear is not None:
            message = f"the table does not say which product {unclear!r} wants; add a column product"
            return [(read.line, header.index(unclear) + 1 if of_firms else 1, message)]
    if of_periods:
        made = [(line, [_at(row, header, "enterprise"), _at(row, header, "product") or _product(data, _at(row, header, "enterprise").strip()),
                        header[place], _cell(row, place)], place)
                for line, row in read.rows for place in rest]  # fmt: skip
        read.told.append(f"there is a column for each period, from {names[0]} to {names[-1]}")
    elif of_firms:
        made = [(line, [header[place], _at(row, header, "product") or _product(data, header[place]), _at(row, header, "period"),
                        _cell(row, place)], place) for line, row in read.rows for place in rest]  # fmt: skip
        read.told.append(f"there is a column for each enterprise, from {names[0]} to {names[-1]}")
    else:
        return []
    read.told += [f"column {place + 1} ({header[place]}) is a {sum_or_mean(header[place])} and left out" for place in sums]
    read.header, read.unfolded = list(LONG), True
    # An empty cell says nothing, as everywhere in tables.
    read.rows = [(line, (*cells, str(place + 1))) for line, cells, place in made if cells[3].strip()]
    return []


def _are_periods(names: list[str]) -> bool:
    return all(name.isdigit() and 1 <= int(name) <= LAST_PERIOD for name in names)


def _cell(row: Sequence[str], place: int) -> str:
    return row[place] if place < len(row) else ""


def _at(row: Sequence[str], header: list[str], name: str) -> str:
    return _cell(row, header.index(name)) if name in header else ""


def _named(data: Mapping[str, Any], section: str) -> Mapping[str, Any]:
    """A section by name; an empty one where the file has something else there, which is told elsewhere."""
    found = keys.parts(data, section)
    return found if isinstance(found, Mapping) else {}


def _product(data: Mapping[str, Any], firm: str) -> str:
    """The product that a customer must mean: the only one that it has or buys, or the only one that there is; nothing where several may be."""
    entry, lanes = _named(data, "enterprises").get(firm), data.get("lanes")
    own = list(keys.declared_items(entry) if isinstance(entry, Mapping) else ())
    bought = [lane.get("product") for lane in (lanes if isinstance(lanes, list) else ()) if isinstance(lane, Mapping) and lane.get("buyer") == firm]
    own = own or list(dict.fromkeys(one for one in bought if isinstance(one, str)))
    found = own if len(own) == 1 else list(_named(data, "products"))
    return str(found[0]) if len(found) == 1 else ""


def _numbered(read: Rows, data: Mapping[str, Any]) -> list[Wrong]:
    """Put the number of the period in place of each date."""
    place = read.header.index("period")
    said = list(dict.fromkeys(_cell(row, place).strip() for _, row in read.rows))
    first = next(((line, _cell(row, place).strip()) for line, row in read.rows if _cell(row, place).strip()), (read.line, ""))
    if all(not text or (text.isdigit() and int(text) < FIRST_YEAR_AND_WEEK) for text in said):
        return _beyond(read, place, data)
    found = dates(said, None, known_period(data.get("period")), said=True)
    if found is None:
        return []  # each is told where it stands
    calendar = calendar_of(data.get("start"), data.get("period"))
    if found.asked:
        asked, told, _ = found.asked.partition("; say dates:")
        return [(first[0], place + 1, f"{asked}; write dates as 2026-01-31" if told else asked)]
    if calendar is None:
        earliest = min(day for day in found.days if not np.isnat(day))
        message = f"{first[1]!r} is a date, and the scenario does not say when it starts; write start: {earliest} in it, where that is period 1"
        return [(first[0], place + 1, message)]
    numbers = dict(zip(said, _of(calendar, found.days), strict=True))
    wrong: list[Wrong] = []
    for at, (line, row) in enumerate(read.rows):
        text = _cell(row, place).strip()
        number = numbers.get(text)
        if number is None:
            continue
        if number < 1:
            message = f"{text!r} lies before the start of {calendar.start}; take the row out, or let the scenario start earlier"
            wrong.append((line, place + 1, message))
        read.rows[at] = (line, (*row[:place], str(number), *row[place + 1 :]))
    if found.assumed:
        read.told.append(found.assumed)
    return wrong or _beyond(read, place, data)


def _of(calendar: Calendar, days: Any) -> list[int | None]:
    known = ~np.isnat(days)
    numbers = np.zeros(len(days), np.int64)
    numbers[known] = calendar.periods(days[known])
    return [int(number) if fits else None for number, fits in zip(numbers, known, strict=True)]


def _beyond(read: Rows, place: int, data: Mapping[str, Any]) -> list[Wrong]:
    """Tell rows that a run never comes to; refuse a table of which a run comes to none."""
    horizon = data.get("horizon")
    if not isinstance(horizon, int) or isinstance(horizon, bool):
        return []
    numbers = [(int(_cell(row, place)), line) for line, row in read.rows if _cell(row, place).strip().isdigit()]
    late = [one for one in numbers if one[0] > horizon]
    if late and len(late) == len(numbers):
        first, line = min(late)
        return [(line, place + 1, f"period {first:,} lies beyond the horizon of {horizon:,}, and so do all rows; periods count from 1, or are dates")]
    if late:
        read.told.append(f"{len(late):,} row{'s lie' if len(late) > 1 else ' lies'} beyond the horizon of {horizon:,}, up to period {max(late)[0]:,}")
    return []
