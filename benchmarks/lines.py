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
    least : float, optional
        The least that it should be, where more is better.
    """

    name: str
    measured: str
    ratio: float
    limit: float | None = None
    unit: str = ""
    least: float | None = None

    @property
    def bounds(self) -> str:
        """The limits in words."""
        unit = f" {self.unit}" if self.unit else ""
        told = (("at most", self.limit), ("at least", self.least))
        return ", ".join(f"{word} {limit:,g}{unit}" for word, limit in told if limit is not None)

    @property
    def holds(self) -> bool:
        """Whether it lies within its limits."""
        return (self.limit is None or self.ratio <= self.limit) and (self.least is None or self.ratio >= self.least)
