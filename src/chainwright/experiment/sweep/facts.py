"""The record of a sweep: what was asked, which its table carries along."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Sweep:
    """What was asked of a sweep.

    Parameters
    ----------
    scenario : Scenario
        What the points change.
    design : Design
        The points and their factors.
    measures : tuple of str
        What was measured, in the order of the columns.
    seed : int
        Seed of all draws.
    periods : int, optional
        How long each run lasts; the horizon of each point's scenario where it is None.
    common : bool
        Whether replication r has the same random draws at every point.
    folder : str, optional
        Where the sweep lies on disk.
    agents : mapping
        Who decides in place of the policies, as for `chainwright.run`.
    manifest : mapping
        What else is known of how it was made: engine, seconds, arguments of the command.
    """

    scenario: Any
    design: Any
    measures: tuple[str, ...]
    seed: int
    periods: int | None = None
    common: bool = True
    folder: str | None = None
    agents: Mapping[str, Any] = field(default_factory=dict)
    manifest: Mapping[str, Any] = field(default_factory=dict)

    @property
    def factors(self) -> tuple[str, ...]:
        """Names of what was varied."""
        return tuple(str(factor.name) for factor in self.design.factors)

    @property
    def uneven(self) -> bool:
        """Whether some points are measured over more periods than others: sums over them say little then."""
        return bool({"horizon", "warm_up"} & {path for factor in self.design.factors for path in factor.every_path})


def alike(one: Sweep | None, other: Sweep | None) -> bool:
    """Whether two tables come of the same sweep."""
    if one is None or other is None:
        return False
    if one is other:
        return True
    same = (one.scenario.hash, one.seed, one.periods, one.common, one.factors) == (
        *(other.scenario.hash, other.seed, other.periods, other.common, other.factors),
    )
    return same and one.measures == other.measures and one.design.points.equals(other.design.points)
