"""Tables as CSV for spreadsheets: no name or text in them is taken for a formula."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

# What a spreadsheet takes for the beginning of a formula; numbers written as text are none.
_FORMULA = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"[-+]?[0-9.]+(e[-+]?[0-9]+)?\Z", re.IGNORECASE)


def harmless(value: Any) -> Any:
    """A cell or a heading as a spreadsheet may see it: with an apostrophe before what would be a formula.

    Examples
    --------
    >>> harmless("=1+1"), harmless("shop"), harmless("-5"), harmless(-5.0)
    ("'=1+1", 'shop', '-5', -5.0)
    """
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) and not _NUMBER.match(value) else value


def for_spreadsheets(table: pd.DataFrame) -> pd.DataFrame:
    """A table whose texts and headings no spreadsheet takes for formulas; the table itself where there are none.

    Examples
    --------
    >>> for_spreadsheets(pd.DataFrame({"enterprise": ["=cmd", "shop"], "cost": [-1.0, 2.0]}))["enterprise"].tolist()
    ["'=cmd", 'shop']
    """
    changed = {
        name: table[name].map(harmless, na_action="ignore")
        for name in table.columns
        if not pd.api.types.is_numeric_dtype(table[name].dtype) and any(harmless(one) is not one for one in table[name].tolist())
    }
    found = table.assign(**changed) if changed else table
    heads = [harmless(name) for name in found.columns]
    return found if heads == list(found.columns) else found.set_axis(heads, axis=1)
