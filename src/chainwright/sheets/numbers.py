"""Numbers as they are written in one country or another: fields of text or numbers, turned into numbers one by one."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

PLAIN = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"
HINT = "; say decimal: ',' or decimal: '.', the sign before decimals"
MISSING = frozenset({"", "nan", "na", "n/a", "#n/a", "null", "none", "<na>", "-", "."})
INFINITE = frozenset({"inf", "infinity"})
# Where the comma parts thousands, and where it stands before decimals; 1,234 may be either, and 0,250 has no thousands.
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?", re.ASCII)
_DECIMALS = re.compile(r"[+-]?(\d+|\d{1,3}(\.\d{3})+),\d+", re.ASCII)
# 1 234,5 and 1'234.50, with any of the spaces and apostrophes that are written there.
_SPACED = re.compile("[+-]?[0-9]{1,3}([ \u00a0\u2009\u202f'\u2019][0-9]{3})+([.,][0-9]+)?")
_PLAIN = re.compile(PLAIN, re.ASCII)
_POINTS_IN_THOUSANDS = re.compile(r"[+-]?\d{1,3}(\.\d{3})+", re.ASCII)
# Where a point may part thousands as well as stand before decimals, and where it parts thousands for certain.
_EITHER = r"^[+-]?[1-9]\d{0,2}\.\d{3}$"
_SURELY_THOUSANDS = r"^[+-]?[1-9]\d{0,2}(\.\d{3}){2,}$"


@dataclasses.dataclass(frozen=True)
class Numbers:
    """What the fields of a column come to.

    Parameters
    ----------
    values : array of float
        Not a number where a field is missing or no number.
    missing : array of bool
        Fields in which nothing stands.
    assumed : str
        What was assumed of commas, if anything.
    hint : str
        What to do about fields with commas or points that may be read in two ways.
    decimal : str
        The sign before decimals, where commas or points say it.
    either : str
        The sign that may be read in two ways.
    """

    values: NDArray[np.float64]
    missing: NDArray[np.bool_]
    assumed: str = ""
    hint: str = ""
    decimal: str = ""
    either: str = ""


def numbers(column: Any, decimal: str | None = None, what: str = "numbers", *, pointed: bool = False) -> Numbers:
    """The numbers of a column of text or numbers.

    Parameters
    ----------
    column : pyarrow array
        Text without spaces at the ends, or numbers.
    decimal : {".", ","}, optional
        The sign before decimals; told from the fields where nothing is said.
    what : str
        What the numbers are, for what is told of them.
    pointed : bool
        Whether a point may part thousands although no comma says so, as where semicolons part the fields.

    Examples
    --------
    >>> import pyarrow as pa
    >>> numbers(pa.array(["1.5", "", "x"])).values.tolist()
    [1.5, nan, nan]
    >>> numbers(pa.array(["1.250,5", "3,75"])).values.tolist(), numbers(pa.array(["1,250.5", "3"])).values.tolist()
    ([1250.5, 3.75], [1250.5, 3.0])
    >>> numbers(pa.array(["1.250", "3"])).values.tolist(), numbers(pa.array(["1.250", "3"]), pointed=True).values.tolist()
    ([1.25, 3.0], [nan, 3.0])
    >>> numbers(pa.array(["1 250,5", "1'250"])).values.tolist(), numbers(pa.array(["0,250", "1,234"])).values.tolist()
    ([1250.5, 1250.0], [0.25, 1.234])
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        try:
            values = np.array(pc.cast(column, pa.float64(), safe=False).to_numpy(zero_copy_only=False), np.float64)
        except pa.ArrowException:
            return numbers(pc.cast(column, pa.string()), decimal, what, pointed=pointed)
        return Numbers(values, np.isnan(values))
    text = pc.fill_null(column, "")
    plain = np.asarray(pc.match_substring_regex(text, PLAIN).to_numpy(zero_copy_only=False), np.bool_)
    if decimal == ",":
        plain &= ~np.asarray(pc.match_substring(text, ".").to_numpy(zero_copy_only=False), np.bool_)
    said_by_points = _points(text, plain) if pointed and decimal is None else ""
    values = np.full(len(plain), np.nan)
    values[plain] = [float(one) for one in text.filter(pa.array(plain)).to_pylist()] if len(plain) < 100 else _cast(text.filter(pa.array(plain)))
    missing = np.zeros(len(plain), np.bool_)
    rest = np.flatnonzero(~plain)
    if said_by_points == "either":
        values[np.asarray(pc.match_substring_regex(text, _EITHER).to_numpy(zero_copy_only=False), np.bool_)] = np.nan
        missing[rest] = [field.lower() in MISSING for field in text.take(pa.array(rest)).to_pylist()]
        return Numbers(values, missing, hint=HINT, either=".")
    if not len(rest):
        return Numbers(values, missing, decimal=said_by_points)
    said = text.take(pa.array(rest)).to_pylist()
    fields = [_closed(field) for field in said]
    comma, assumed, hint = _commas(fields, decimal, text, plain, what)
    if said_by_points == ",":
        comma, assumed = ",", f"points in {what} part thousands"
    if fields != said:
        assumed = "; ".join([f"spaces or apostrophes in {what} part thousands", *([assumed] if assumed else [])])
    for row, field in zip(rest.tolist(), fields, strict=True):
        word = field.lower()
        if word in MISSING:
            missing[row] = True
        elif word.lstrip("+-") in INFINITE:
            values[row] = -np.inf if word.startswith("-") else np.inf
        elif comma == "," and (_DECIMALS.fullmatch(field) or _POINTS_IN_THOUSANDS.fullmatch(field)):
            values[row] = float(field.replace(".", "").replace(",", "."))
        elif comma == "." and _THOUSANDS.fullmatch(field):
            values[row] = float(field.replace(",", ""))
        elif _PLAIN.fullmatch(field) and not (comma == "," and "." in field):  # once its thousands are closed up
            values[row] = float(field)
    if comma == "," and decimal is None:
        _points_in_thousands(text, plain, values)
    return Numbers(values, missing, assumed, hint, comma or said_by_points, "," if hint else "")


def _points(text: Any, plain: NDArray[np.bool_]) -> str:
    """The sign before decimals where fields have points and no commas; "either" where points may part thousands, and nothing where none do."""
    import pyarrow.compute as pc

    def fits(pattern: str) -> NDArray[np.bool_]:
        return np.asarray(pc.match_substring_regex(text, pattern).to_numpy(zero_copy_only=False), np.bool_)

    either, thousands = fits(_EITHER), fits(_SURELY_THOUSANDS)
    if not (either.any() or thousands.any()):
        return ""
    others = [field for field in text.filter(~(either | thousands | plain)).to_pylist() if field]
    if any(_THOUSANDS.fullmatch(field) or _DECIMALS.fullmatch(field) for field in others):
        return ""  # which commas settle
    if (fits(r"\.") & plain & ~either).any() or any(_SPACED.fullmatch(field) for field in others):
        return "."
    return "," if thousands.any() else "either"


def _closed(field: str) -> str:
    """A number without what stands between its thousands, where that is no comma or point."""
    return re.sub("[^0-9.,+-]", "", field) if _SPACED.fullmatch(field) else field


def _cast(text: Any) -> NDArray[np.float64]:
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        return np.asarray(pc.cast(text, pa.float64()).to_numpy(zero_copy_only=False), np.float64)
    except pa.ArrowException:  # more digits than its reader takes
        return np.array([float(one) for one in text.to_pylist()])


def _commas(fields: list[str], decimal: str | None, text: Any, plain: NDArray[np.bool_], what: str) -> tuple[str, str, str]:
    """The sign before decimals where fields have commas, what was assumed of it, and what to do where it cannot be told."""
    import pyarrow as pa

    with_comma = [field for field in fields if _THOUSANDS.fullmatch(field) or _DECIMALS.fullmatch(field)]
    if decimal is not None or not with_comma:
        return decimal or "", "", ""
    thousands = [_THOUSANDS.fullmatch(field) is not None for field in with_comma]
    decimals = [_DECIMALS.fullmatch(field) is not None for field in with_comma]
    points = [field for field in text.filter(pa.array(plain)).to_pylist() if "." in field]
    if all(thousands) and not all(decimals):
        return ".", f"commas in {what} part thousands", ""
    if all(decimals) and not all(thousands) and all(_POINTS_IN_THOUSANDS.fullmatch(field) for field in points):
        return ",", f"commas in {what} stand before decimals", ""
    if all(thousands) and all(decimals) and any(not _POINTS_IN_THOUSANDS.fullmatch(field) for field in points):
        return ".", f"commas in {what} part thousands, because other {what} have a decimal point", ""
    return "", "", HINT


def _points_in_thousands(text: Any, plain: NDArray[np.bool_], values: NDArray[np.float64]) -> None:
    """Where the comma stands before decimals, a point parts thousands: 1.250 is 1250."""
    import pyarrow.compute as pc

    pointed = np.asarray(pc.match_substring(text, ".").to_numpy(zero_copy_only=False), np.bool_) & plain
    for row in np.flatnonzero(pointed).tolist():
        values[row] = float(text[row].as_py().replace(".", ""))


def two_ways(field: str, more: int = 0) -> str:
    """What to say of a number whose point may part thousands, where its sign before decimals cannot be said.

    Examples
    --------
    >>> two_ways("1.255", 2)
    "'1.255' (and 2 more): it is not clear whether 1255 or 1.255 is meant, write 1255,0 or 1.2550"
    """
    whole, point = field.replace(".", ""), f"{float(field):.12g}"
    and_more = f" (and {more:,} more)" if more else ""
    return f"{field!r}{and_more}: it is not clear whether {whole} or {point} is meant, write {whole},0 or {float(field):.4f}"


def is_number(text: str) -> bool:
    """Whether a field reads as a number, in the manner of one country or another.

    Examples
    --------
    >>> is_number("1.5e3"), is_number("1.234,50"), is_number("A12"), is_number("nan")
    (True, True, False, False)
    """
    plain = _closed(text.strip()).replace(",", "").replace("_", "x")
    try:
        return not np.isnan(float(plain)) and not plain.lower().lstrip("+-").startswith("inf")
    except ValueError:
        digits = _closed(text.strip()).replace(".", "").replace(",", "").lstrip("+-")
        return digits.isascii() and digits.isdigit()
