"""From the rows of a list to edges: every bad row is told by its line, repeated edges are added up, names are made fit."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.network.populations.firm_lists.columns import Chosen, choose
from chainwright.network.populations.firm_lists.header_words import EDGES
from chainwright.sheets.header import is_sum, sum_or_mean
from chainwright.sheets.numbers import Numbers, numbers
from chainwright.sheets.sheet import Sheet, Wrong, read_sheet
from chainwright.sheets.text import refusal
from chainwright.words.errors import Mistake, Place, ScenarioError
from chainwright.words.likeness import look_alikes

# So many bad rows are told one by one.
LISTED = 20
MOST_LINES = 12
NO_NAME = ("", "nan", "NaN", "NULL", "null", "<NA>", "#N/A")
# What no name may hold (paths need > and *), and words that policies need where names stand.
_SIGNS = re.compile(r"[*>\x00-\x1f\x7f]")
RESERVED = {"enterprise": "default", "product": "policy"}
ONE_PRODUCT = "goods"


@dataclasses.dataclass(frozen=True)
class Edges:
    """Edges of a network, each pair of firms and product once.

    Parameters
    ----------
    firms, products : array of str
        Names in ascending order.
    seller, buyer, product : array of int
        Rows of `firms` and `products`, one per edge, in ascending order.
    weight : array of float
        Above 0.
    by_product : bool
        Whether the file says what is sold.
    told : tuple of str
        What was assumed, added up, left out and renamed, one sentence each.
    """

    firms: NDArray[Any]
    products: NDArray[Any]
    seller: NDArray[np.int64]
    buyer: NDArray[np.int64]
    product: NDArray[np.int64]
    weight: NDArray[np.float64]
    by_product: bool
    told: tuple[str, ...]


def read_list(
    path: Path, file: str, asked: Mapping[str, str | None], *, header: bool | None = None, decimal: str | None = None, skip_bad: bool = False
) -> Edges:
    """Read a list of edges.

    Parameters
    ----------
    path : Path
        Where the file lies.
    file : str
        How it is called in messages.
    asked : mapping
        Names of columns that were said, by meaning.
    header : bool, optional
        Whether the first line holds names.
    decimal : str, optional
        The sign before decimals.
    skip_bad : bool
        Whether rows with mistakes are left out, and told, instead of refused.

    Raises
    ------
    ScenarioError
        With all rows that have mistakes; the first twenty are told one by one.
    """
    sheet = read_sheet(path, file, EDGES, header, decimal)
    chosen = choose(sheet, asked)
    if chosen.mistakes:
        raise ScenarioError([Mistake(f"{file}: {message}", path=f"population.{name}") for name, message in chosen.mistakes])
    sheet, sums = _without_sums(sheet, chosen)
    rows = _Rows(sheet, chosen, decimal)
    told = [*sheet.assumed, *chosen.assumed, *sums, *rows.assumed]
    wrong = sorted(rows.wrong(), key=lambda one: (one.line, one.column))
    if wrong and not skip_bad:
        raise ScenarioError(_mistakes(file, wrong, sheet, rows.count))
    if wrong:
        told.append(_left_out(wrong, sheet))
    return _edges(rows, sheet, told)


def _without_sums(sheet: Sheet, chosen: Chosen) -> tuple[Sheet, list[str]]:
    """The sheet without rows of sums at its end: those that say so, and have no seller or no buyer; and what is told of them."""
    told = []
    while len(sheet.line) > 1:
        ends = {str(sheet.columns[place][len(sheet.line) - 1].as_py() or "") for place in (chosen.seller, chosen.buyer)}
        if "" not in ends or not any(is_sum(end) for end in ends):
            break
        noun = "line" if sheet.rows_have_lines else "row"
        said = next(end for end in ends if is_sum(end))
        told.append(f"{noun} {sheet.line[-1]} ({said}) is a {sum_or_mean(said)} of rows and left out")
        sheet = dataclasses.replace(sheet, columns=[column.slice(0, len(sheet.line) - 1) for column in sheet.columns], line=sheet.line[:-1])
    return sheet, told


def _mistakes(file: str, wrong: list[Wrong], sheet: Sheet, rows: int) -> list[Mistake]:
    """The first bad rows one by one, and in the place of the next one how many more there are."""
    lines = len({one.line for one in wrong})
    advice = f"skip_bad: true leaves the {'bad row' if lines == 1 else f'{lines:,} bad rows of {rows:,}'} out"
    if lines == rows:
        advice = "every row has a mistake: are these the right file and columns?"
    listed = [_mistake(file, one, one.message, sheet) for one in wrong[:LISTED]]
    if len(wrong) > LISTED:
        return [*listed, _mistake(file, wrong[LISTED], f"and {len(wrong) - LISTED:,} more from here on; {advice}", sheet)]
    return [*listed[:-1], _mistake(file, wrong[-1], f"{wrong[-1].message}; {advice}", sheet)]


def _mistake(file: str, one: Wrong, message: str, sheet: Sheet) -> Mistake:
    if sheet.rows_have_lines:
        return Mistake(message, Place(file, one.line, one.column))
    return Mistake(f"row {one.line}: {message}", Place(file))


def _left_out(wrong: list[Wrong], sheet: Sheet) -> str:
    lines = sorted({one.line for one in wrong})
    noun = ("line" if sheet.rows_have_lines else "row") + ("" if len(lines) == 1 else "s")
    return f"{len(lines):,} bad {'row was' if len(lines) == 1 else 'rows were'} left out: {noun} {some_lines(lines)}"


def some_lines(lines: list[int]) -> str:
    """The first of some lines, and how many there are besides.

    Examples
    --------
    >>> some_lines([3, 17]), some_lines(list(range(1, 100)))
    ('3, 17', '1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 87 more')
    """
    more = f" and {len(lines) - MOST_LINES:,} more" if len(lines) > MOST_LINES else ""
    return ", ".join(f"{line}" for line in lines[:MOST_LINES]) + more


class _Rows:
    """The rows of a sheet with what is wrong with each."""

    def __init__(self, sheet: Sheet, chosen: Chosen, decimal: str | None) -> None:
        self.sheet = sheet
        self.assumed: list[str] = []
        self.places = {"seller": chosen.seller, "buyer": chosen.buyer}
        if chosen.product is not None:
            self.places["product"] = chosen.product
        self.keys = {meaning: _keys(sheet, place) for meaning, place in self.places.items()}
        self.weights = Numbers(np.ones(len(sheet.line)), np.zeros(len(sheet.line), np.bool_))
        if chosen.weight is None:
            self.assumed.append("weight: 1 on each edge, because the file has no column of weights")
        else:
            self.weights = numbers(sheet.columns[chosen.weight], decimal, "weights", pointed=sheet.pointed)
            if self.weights.assumed:
                self.assumed.append(self.weights.assumed)
        self.weight_place = chosen.weight
        # A line without anything in any column is no row: spreadsheets leave them behind.
        empty = self.weights.missing if chosen.weight is not None else np.ones(len(sheet.line), np.bool_)
        for key in self.keys.values():
            empty = empty & key.missing
        self.empty = empty
        self.count = int((~empty).sum()) + len(sheet.wrong)
        self.masks = self._masks()
        self.good = ~empty
        for mask, _, _ in self.masks:
            self.good &= ~mask

    def _masks(self) -> list[tuple[NDArray[np.bool_], int, str]]:
        """Which rows have which mistake, the column of it, and the message; ``{}`` stands for the field."""
        masks = [(key.missing & ~self.empty, self.places[meaning], f"the {meaning} is missing") for meaning, key in self.keys.items()]
        seller, buyer = self.keys["seller"], self.keys["buyer"]
        same = (seller.code_in(buyer) == buyer.code) & ~seller.missing & ~buyer.missing
        masks.append((same, self.places["buyer"], "{} sells to itself"))
        if self.weight_place is not None:
            values, missing = self.weights.values, self.weights.missing
            place = self.weight_place
            masks += [
                (missing & ~self.empty, place, "the weight is missing"),
                (np.isnan(values) & ~missing, place, "expected a number as weight, got {}" + self.weights.hint),
                (np.isinf(values), place, "the weight is infinite: {}"),
                (values < 0.0, place, "the weight is negative: {}"),
                (values == 0.0, place, "the weight is 0; expected more"),
            ]
        return masks

    def wrong(self) -> list[Wrong]:
        """All mistakes; only those that may be told one by one quote their field."""
        found = list(self.sheet.wrong)
        for mask, place, message in self.masks:
            rows = np.flatnonzero(mask)
            for number, row in enumerate(rows.tolist()):
                quoted = message.format(_field(self.sheet, place, row)) if number < LISTED else message
                found.append(Wrong(int(self.sheet.line[row]), place + 1, quoted))
        return found


def _field(sheet: Sheet, place: int, row: int) -> str:
    said = repr(sheet.columns[place][row].as_py())
    return said if len(said) <= 60 else said[:40] + "...'"


@dataclasses.dataclass(frozen=True)
class _Keys:
    """A column of names: which row has which of the names, and which has none."""

    code: NDArray[np.int64]
    names: list[str]
    missing: NDArray[np.bool_]

    def code_in(self, other: _Keys) -> NDArray[np.int64]:
        """The codes that the other column has for the names of this one; -1 for names that it does not know."""
        place = {name: number for number, name in enumerate(other.names)}
        return np.array([place.get(name, -1) for name in self.names] or [-1], np.int64)[self.code]


def _keys(sheet: Sheet, place: int) -> _Keys:
    """A column as names; numbers are names as well."""
    import pyarrow as pa
    import pyarrow.compute as pc

    column = sheet.columns[place]
    if pa.types.is_floating(column.type):
        whole = pc.all(pc.equal(column, pc.round(column))).as_py()
        column = pc.cast(column, pa.int64()) if whole is not False else column
    try:
        text = column if sheet.rows_have_lines else pc.utf8_trim_whitespace(pc.cast(column, pa.string()))
    except pa.ArrowException:
        name = sheet.names[place] if sheet.names else str(place + 1)
        raise refusal(sheet.file, f"column {name!r} holds no names but {column.type}") from None
    encoded = pc.fill_null(text, "").dictionary_encode()
    names = [str(name) for name in encoded.dictionary.to_pylist()]
    code = np.asarray(encoded.indices.to_numpy(zero_copy_only=False), np.int64)
    return _Keys(code, names, np.array([name in NO_NAME for name in names] or [True], np.bool_)[code])


def _edges(rows: _Rows, sheet: Sheet, told: list[str]) -> Edges:
    """The good rows as edges, each once."""
    good = rows.good
    if not good.any():
        raise refusal(sheet.file, "there is no edge in it" if not (rows.count - len(sheet.wrong)) else "no edge is left of it without the bad rows")
    seller_key, buyer_key = rows.keys["seller"], rows.keys["buyer"]
    firms, (seller, buyer) = _names([seller_key, buyer_key], good, "enterprise", told)
    if "product" in rows.keys:
        products, (product,) = _names([rows.keys["product"]], good, "product", told)
    else:
        products, product = np.array([ONE_PRODUCT], object), np.zeros(int(good.sum()), np.int64)
    weight, line = rows.weights.values[good], sheet.line[good]
    cell = (seller * len(firms) + buyer) * len(products) + product if len(firms) ** 2 * len(products) < 2**62 else _cells(seller, buyer, product)
    order = np.argsort(cell, kind="stable")
    starts = np.flatnonzero(np.diff(cell[order], prepend=cell[order[:1]] - 1))
    if len(starts) < len(order):
        repeated = np.ones(len(order), np.bool_)
        repeated[starts] = False
        place = int(np.flatnonzero(repeated)[0])
        noun = "lines" if sheet.rows_have_lines else "rows"
        told.append(
            f"{int(repeated.sum()):,} {'row repeats' if repeated.sum() == 1 else 'rows repeat'} the seller, buyer and product of another; "
            f"their weights were added ({noun} {line[order[place - 1]]} and {line[order[place]]}{'' if repeated.sum() == 1 else ' are the first'})"
        )
    first = order[starts]
    with np.errstate(over="ignore"):
        merged = np.add.reduceat(weight[order], starts)
        total = float(merged.sum())
    if not np.isfinite(total * 1e6):
        raise refusal(sheet.file, "the weights are too large to be added up; give them in a larger unit of money")
    return Edges(firms, products, seller[first], buyer[first], product[first], merged, "product" in rows.keys, tuple(told))


def _cells(*codes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Numbers for combinations that are too many to be counted through, in the order of the codes."""
    return np.asarray(np.unique(np.stack(codes, axis=1), axis=0, return_inverse=True)[1], np.int64).ravel()


def _names(keys: list[_Keys], good: NDArray[np.bool_], noun: str, told: list[str]) -> tuple[NDArray[Any], list[NDArray[np.int64]]]:
    """The names that good rows use, in ascending order and made fit, and for each column which row has which."""
    used: set[str] = set()
    for key in keys:
        used.update(key.names[code] for code in np.unique(key.code[good]).tolist())
    fit = {name: name for name in used}
    unfit = sorted(name for name in used if _SIGNS.search(name) or name == RESERVED[noun])
    for name in unfit:
        new = _SIGNS.sub("_", name) if name != RESERVED[noun] else f"{name}_"
        while new in used:
            new += "_"
        used.add(new)
        fit[name] = new
    if unfit:
        shown = ", ".join(f"{name!r} is called {fit[name]!r}" for name in unfit[:3])
        more = f" and {len(unfit) - 3} more" if len(unfit) > 3 else ""
        told.append(f"{'1 name cannot be used as it is' if len(unfit) == 1 else f'{len(unfit)} names cannot be used as they are'}: {shown}{more}")
    ordered = sorted(fit.values())
    _tell_alike(ordered, noun, told)
    place = {name: number for number, name in enumerate(ordered)}
    codes = [np.array([place.get(fit.get(name, ""), -1) for name in key.names], np.int64)[key.code[good]] for key in keys]
    made = np.empty(len(ordered), object)
    made[:] = ordered
    return made, codes


def _tell_alike(names: list[str], noun: str, told: list[str]) -> None:
    """Names that no reader can tell apart are taken for as many, and told: most often one of them is a slip."""
    alike = list(look_alikes(names))
    if alike:
        shown = ", ".join(f"{one!a} and {other!a}" for one, other in alike[:3])
        more = f" and {len(alike) - 3} pairs more" if len(alike) > 3 else ""
        told.append(f"{shown}{more} look alike and are taken for different {noun}s; correct the list if they are one")
