"""Memory: what a process that builds and steps a large population needs at most, beyond one that only imports."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.child import measured
from benchmarks.lines import Line
from benchmarks.populations import MANY


def lines() -> Iterator[Line]:
    """Peak memory of an enterprise."""
    peak, bare = measured(MANY).peak, measured(0).peak
    yield Line(
        f"peak memory of an enterprise among {MANY:,}",
        f"{peak / 1e6:,.0f} MB, of which {bare / 1e6:,.0f} MB after the imports; metrics kept",
        (peak - bare) / MANY,
        2000.0,
        "bytes",
    )
