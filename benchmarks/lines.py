"""What a benchmark answers: one line with what was measured, its limit, and whether it holds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One measurement.

    Parameters
    ----------
    name : str
        What is measured.
    measured : str
        The absolute figures, in words and units.
    ratio : float
        The figure that is compared with the limit.
    limit : float, optional
        The most that it should be; None where it is only told.
    unit : str
        Unit of ratio and limit; nothing where they are a ratio.
    """

    name: str
    measured: str
    ratio: float
    limit: float | None = None
    unit: str = ""

    @property
    def holds(self) -> bool:
        """Whether it is at most the limit."""
        return self.limit is None or self.ratio <= self.limit
