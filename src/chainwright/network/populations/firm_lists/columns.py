"""Which column of a list of edges says who sells, who buys, what, and how much: as said, or guessed from names and contents."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from chainwright.network.populations.firm_lists.header_words import MEANINGS, likeness
from chainwright.sheets.numbers import is_number
from chainwright.sheets.sheet import Sheet
from chainwright.words.errors import suggestion

SAMPLED = 1000


@dataclasses.dataclass(frozen=True)
class Chosen:
    """The place of each column that is read, or None; what was assumed; and what is wrong with what was asked for, by parameter."""

    seller: int = 0
    buyer: int = 1
    product: int | None = None
    weight: int | None = None
    assumed: tuple[str, ...] = ()
    mistakes: tuple[tuple[str, str], ...] = ()


def choose(sheet: Sheet, asked: Mapping[str, str | None]) -> Chosen:
    """Find the columns of seller, buyer, product and weight.

    Parameters
    ----------
    sheet : Sheet
        The file.
    asked : mapping
        Names of columns that were said, by meaning; a number counts the columns of a file without header from 1.

    Returns
    -------
    Chosen
    """
    found: dict[str, int] = {}
    mistakes: list[tuple[str, str]] = []
    for meaning in MEANINGS:
        name = asked.get(meaning)
        if name is None:
            continue
        if many := [place + 1 for place, one in enumerate(sheet.names) if one == str(name).strip()][1:]:
            mistakes.append((meaning, f"{len(many) + 1} columns are called {str(name)!r}; rename all but one"))
            continue
        place = _place(sheet, str(name))
        if place is None:
            message = f"no column is called {str(name)!r}{suggestion(str(name), sheet.names)}"
            if not sheet.names:
                message = f"the file has no header; expected a number from 1 to {len(sheet.columns)}, got {str(name)!r}"
            mistakes.append((meaning, message))
        elif place in found.values():
            mistakes.append((meaning, f"column {str(name)!r} stands for {next(one for one, at in found.items() if at == place)} already"))
        else:
            found[meaning] = place
    if mistakes:
        return Chosen(mistakes=tuple(mistakes))
    said = set(found)
    _by_names(sheet, found)
    mistakes = _by_contents(sheet, found)
    for meaning, place in found.items():
        if sheet.names and sheet.names.count(sheet.names[place]) > 1:
            mistakes.append((meaning, f"{sheet.names.count(sheet.names[place])} columns are called {sheet.names[place]!r}; rename all but one"))
    told = [f"{meaning}: {_called(sheet, found[meaning])}" for meaning in MEANINGS if meaning in found and meaning not in said]
    unused = [_called(sheet, place) for place in range(len(sheet.columns)) if place not in found.values()]
    assumed = [", ".join(told)] if told else []
    if unused and not mistakes:
        assumed.append(f"not used: {', '.join(unused[:6])}{f' and {len(unused) - 6} more' if len(unused) > 6 else ''}")
    if mistakes:
        return Chosen(mistakes=tuple(mistakes))
    return Chosen(found["seller"], found["buyer"], found.get("product"), found.get("weight"), tuple(assumed))


def _called(sheet: Sheet, place: int) -> str:
    return f"column {sheet.names[place]!r}" if sheet.names else f"column {place + 1}"


def _some(sheet: Sheet, places: list[int]) -> str:
    """Names of some columns, or their numbers where they have none."""
    named = [sheet.names[place] if sheet.names else str(place + 1) for place in places[:6]]
    return ", ".join([*named, *(["..."] if len(places) > 6 else [])])


def _place(sheet: Sheet, name: str) -> int | None:
    if name.strip() in sheet.names:
        return sheet.names.index(name.strip())
    alike = [place for place, one in enumerate(sheet.names) if one.lower() == name.strip().lower()]
    if len(alike) == 1:
        return alike[0]
    if not sheet.names and name.strip().isdigit() and 1 <= int(name) <= len(sheet.columns):
        return int(name) - 1
    return None


def _by_names(sheet: Sheet, found: dict[str, int]) -> None:
    """What the header says, of columns that nobody has asked for."""
    for meaning in MEANINGS:
        if meaning in found:
            continue
        ranked = []
        for place, name in enumerate(sheet.names):
            alike = likeness(name, meaning)
            if alike is None or place in found.values():
                continue
            # A column called weight is the weight whatever stands in it; that its fields are no numbers is told row by row.
            if meaning != "weight" or alike[0] < 2 or numeric(sheet, place):
                ranked.append((alike, place))
        if ranked:
            found[meaning] = min(ranked)[1]


def _by_contents(sheet: Sheet, found: dict[str, int]) -> list[tuple[str, str]]:
    """What follows from the places and contents of the columns that are left; what cannot be told is a mistake."""
    left = [place for place in range(len(sheet.columns)) if place not in found.values()]
    texts = [place for place in left if not numeric(sheet, place)]
    mistakes: list[tuple[str, str]] = []
    missing = [meaning for meaning in ("seller", "buyer") if meaning not in found]
    if len(missing) == 1:
        likely = texts or (left if "weight" in found else left[:1])
        if len(likely) != 1:
            return [(missing[0], f"cannot tell which column is the {missing[0]}; say {missing[0]}: and one of {_some(sheet, left)}")]
        found[missing[0]] = likely[0]
    elif missing:
        # A seller, a buyer and perhaps what is sold, all of them text, with one number at the end; or no more than three columns.
        if len(left) < 2 or len(sheet.columns) > 4 or (len(sheet.columns) == 4 and texts != left[:3]):
            few = "expected a column of sellers and one of buyers" if len(left) < 2 else "cannot tell which columns are seller and buyer"
            return [("seller", f"{few}; say seller: and buyer:, each with one of {_some(sheet, list(range(len(sheet.columns))))}")]
        found["seller"], found["buyer"] = left[:2]
        if len(sheet.columns) == 4 and "product" not in found:
            found["product"] = left[2]
    left = [place for place in left if place not in found.values()]
    if "weight" not in found:
        numbers = [place for place in left if numeric(sheet, place)]
        if len(numbers) > 1:
            mistakes.append(("weight", f"cannot tell which column is the weight; say weight: and one of {_some(sheet, numbers)}"))
        elif numbers:
            found["weight"] = numbers[0]
            left.remove(numbers[0])
    if "product" not in found and len(sheet.columns) == 3 and "weight" not in found and left:
        found["product"] = left[0]
    return mistakes


def numeric(sheet: Sheet, place: int) -> bool:
    """Whether most of the first fields of a column are numbers."""
    import pyarrow as pa

    column = sheet.columns[place]
    if pa.types.is_integer(column.type) or pa.types.is_floating(column.type) or pa.types.is_decimal(column.type):
        return True
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return False
    some: list[Any] = [text for text in column.slice(0, SAMPLED).to_pylist() if text]
    return bool(some) and sum(is_number(text) for text in some) > 0.5 * len(some)
