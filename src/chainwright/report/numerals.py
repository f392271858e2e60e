"""Numbers as readers see them: significant digits, thousands apart, words and powers of ten for the very large, a true minus sign."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from chainwright.words.counts import plural as plural  # counts belong to the numbers that readers see

# One rule for every cell, bar and key number: so many significant digits, whole numbers in full up to the limit.
DIGITS = 3
# From here on a number in full would be more digits than anybody reads or than it is exact to.
LARGE = 1e10
WORDS = ((1e15, ""), (1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
# What is smaller than this in size is the rounding of sums of larger numbers.
NOISE = 1e-12
_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_SPACE = "\u00a0"  # does not break, so that a number stays on one line


def number(value: Any, digits: int = 4, keep: bool = False) -> str:
    """A number for a reader: significant digits, thousands apart, a dash where there is none; zeros at the end only where asked for.

    Examples
    --------
    >>> number(1234567.8), number(0.0123), number(float("nan")), number(8.0)
    ('1,234,568', '0.0123', '–', '8')
    >>> number(1.5e18), number(1e-5), number(-4.4e-17)
    ('1.5×10¹⁸', '1×10⁻⁵', '0')
    """
    value = float(value)
    if not np.isfinite(value):
        return "–" if np.isnan(value) else ("∞" if value > 0 else "−∞")
    size = abs(value)
    if size >= LARGE:
        return short_number(value, digits)
    if size >= 1000:
        text = f"{value:,.0f}"
    elif size < NOISE:
        text = "0"
    elif size >= 1e-4:
        # Rounding first: 999.96 has four digits before the point, not three.
        rounded = float(f"{value:.{digits - 1}e}")
        decimals = max(digits - 1 - int(np.floor(np.log10(abs(rounded)))), 0)
        text = f"{value:,.{decimals}f}"
        text = text.rstrip("0").rstrip(".") if "." in text and (not keep or value == round(value)) else text
    else:
        return _power(value, min(digits, 2))
    return minus(text)


def short_number(value: float, digits: int = DIGITS) -> str:
    """A large number with a word for its size; a power of ten where few know the word.

    Examples
    --------
    >>> short_number(14_121_784.0).split(), short_number(2.5e12).split(), short_number(3e15)
    (['14.1', 'million'], ['2.50', 'trillion'], '3×10¹⁵')
    """
    for size, word in WORDS:
        # What would round to a thousand of a size is one of the next.
        if float(f"{abs(value):.{digits - 1}e}") >= size:
            return f"{number(value / size, digits, keep=True)}{_SPACE}{word}" if word else _power(value, digits)
    return number(value, digits, keep=True)


def compact(value: float) -> str:
    """A number beside an axis: thousands as k, millions as M, billions as G, trillions as T, then powers of ten.

    Examples
    --------
    >>> compact(2_500_000.0), compact(12_000.0), compact(1_500.0), compact(0.25), compact(2e18)
    ('2.5M', '12k', '1,500', '0.25', '2×10¹⁸')
    """
    if abs(value) >= 1e15:
        return _power(value, 3)
    for size, sign, unit in ((1e12, "T", 1e12), (1e9, "G", 1e9), (1e6, "M", 1e6), (1e4, "k", 1e3)):
        if abs(value) >= size:
            return number(round(value / unit, 10)) + sign
    return number(round(value, 10))


def minus(text: str) -> str:
    """A text whose hyphens before digits are minus signs.

    Examples
    --------
    >>> minus("-0.5 to 2"), minus("order-up-to 3")
    ('−0.5 to 2', 'order-up-to 3')
    """
    return re.sub(r"(?<![\w.])-(?=[\d.])", "−", text)


def _power(value: float, digits: int) -> str:
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    return f"{minus(mantissa)}×10{str(int(exponent)).translate(_SUPERSCRIPTS)}"
