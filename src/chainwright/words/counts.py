"""Counts with their words: one period, four periods."""

from __future__ import annotations


def plural(count: int, word: str) -> str:
    """A count with its word.

    Examples
    --------
    >>> plural(1, "run"), plural(1200, "retailer")
    ('1 run', '1,200 retailers')
    """
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"
