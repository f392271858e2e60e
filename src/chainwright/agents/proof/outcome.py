"""What a check has proved, told in a few lines."""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True)
class Proof:
    """What was proved of one decision.

    Parameters
    ----------
    decision : str
        The decision.
    rows : int
        Rows of items or lanes that were asked about, in all states.
    against : str
        What the answers were compared with; empty where there is nothing to compare.
    exact : bool
        Whether all of them were equal bit for bit; else to 1e-12 relative.
    """

    decision: str
    rows: int
    against: str
    exact: bool

    def __str__(self) -> str:
        if not self.rows:
            return f"{self.decision}: never asked of this role"
        asked = f"{self.decision}: {self.rows:,} rows"
        return f"{asked}, {'bit for bit' if self.exact else 'to 1e-12'} {self.against}" if self.against else asked


@dataclasses.dataclass(frozen=True)
class Check:
    """What `check` has proved; printed it tells so in a few lines.

    Parameters
    ----------
    name : str
        The class.
    states : int
        Random states.
    seed : int
        Their seed.
    proofs : tuple of Proof
        One per decision.
    least : float
        What no answer went below.
    """

    name: str
    states: int
    seed: int
    proofs: tuple[Proof, ...]
    least: float = 0.0

    def __str__(self) -> str:
        low = "finite, at least 0" if self.least == 0.0 else "finite"
        states = f"{self.states:,} random state{'s' if self.states > 1 else ''}"
        lines = [f"{self.name} holds on {states} (seed {self.seed}):", *(f"  {proof}" for proof in self.proofs)]
        return "\n".join([*lines, f"  every answer is {low} and the same when asked again; nothing is changed"])

    __repr__ = __str__
