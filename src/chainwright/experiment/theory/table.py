"""The table of known results: what theory expects of the simulator, and what the simulator gives."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from chainwright.experiment.run import run
from chainwright.experiment.theory.case import KnownResult, Simulation
from chainwright.experiment.theory.cases_bullwhip import bullwhip_results
from chainwright.experiment.theory.cases_inventory import inventory_results
from chainwright.experiment.theory.cases_sharing import sharing_results
from chainwright.experiment.theory.simulated import Estimate
from chainwright.words.errors import UsageError, suggestion

# How far a simulated number may lie from the expected one.
STANDARD_ERRORS = 4.0
# What is left of exactness where nothing is random.
ROUNDING = 1e-9


@dataclass(frozen=True)
class TheoryRow:
    """One line of the table.

    Parameters
    ----------
    name, source, quantity : str
        Which result, where it is proved or printed, and what is measured.
    expected, simulated : float
        What theory and what the simulator give; for a formula, the number in print and what the formula gives.
    standard_error : float
        Of the simulated number, over independent runs; 0 where nothing is random.
    verdict : str
        ``holds`` or ``fails``.
    seconds : float
        What it took; a simulation that several lines read counts for the first of them.
    """

    name: str
    source: str
    quantity: str
    expected: float
    simulated: float
    standard_error: float
    verdict: str
    seconds: float

    @property
    def deviations(self) -> float:
        """Distance between simulated and expected in standard errors; 0 where there is no error to measure it by."""
        return (self.simulated - self.expected) / self.standard_error if self.standard_error else 0.0


def known_results() -> list[KnownResult]:
    """All known results, in the order of the table.

    Examples
    --------
    >>> known_results()[0].name
    'A1 (p 5, L 1)'
    """
    return [*bullwhip_results(), *sharing_results(), *inventory_results()]


def holds(expected: float, estimate: Estimate) -> bool:
    """Whether a simulated number is within four standard errors of the expected one, or equal to it but for rounding.

    Examples
    --------
    >>> holds(2.0, Estimate(2.1, 0.03)), holds(2.0, Estimate(2.1, 0.02)), holds(204.0, Estimate(204.0, 0.0))
    (True, False, True)
    """
    distance = abs(estimate.value - expected)
    return distance <= STANDARD_ERRORS * estimate.standard_error or distance <= ROUNDING * abs(expected)


def simulate(simulation: Simulation, name: str = "") -> Any:
    """Run the simulation of a known result of that name."""
    horizon = simulation.warm_up + simulation.periods
    scenario = simulation.scenario().with_({"horizon": horizon, "warm_up": simulation.warm_up})
    seed = zlib.crc32(name.encode()) if simulation.seed is None else simulation.seed
    return run(scenario, runs=simulation.runs, seed=seed, timeline=False)


def check_theory(progress: Callable[[TheoryRow], None] | None = None, only: str | Iterable[str] | None = None) -> list[TheoryRow]:
    """Simulate the known results and compare.

    Parameters
    ----------
    progress : callable, optional
        Called with each line as soon as it is known.
    only : str or list of str, optional
        Names, or how names begin: ``"A9"``, ``["A1", "B2 (lost sales"]``. Everything where nothing is said.

    Returns
    -------
    list of TheoryRow

    Raises
    ------
    UsageError
        When `only` names nothing.

    Examples
    --------
    >>> [row.verdict for row in check_theory(only="B7")]
    ['holds', 'holds', 'holds', 'holds', 'holds']
    """
    rows: list[TheoryRow] = []
    # Neighbours that read the same simulation share its result; only the last one is kept.
    latest: tuple[Simulation, Any] | None = None
    for case in chosen(only):
        begun = time.perf_counter()
        if case.simulation is not None and case.read is not None:
            if latest is None or latest[0] is not case.simulation:
                latest = (case.simulation, simulate(case.simulation, case.name))
            estimate = case.read(latest[1], case.simulation.periods)
            good = holds(case.expected, estimate)
        else:
            assert case.formula is not None
            estimate = Estimate(case.formula(), 0.0)
            good = abs(estimate.value - case.expected) <= 0.5000001 * 10.0**-case.places
        seconds = time.perf_counter() - begun
        verdict = "holds" if good else "fails"
        rows.append(TheoryRow(case.name, case.source, case.quantity, case.expected, estimate.value, estimate.standard_error, verdict, seconds))
        if progress is not None:
            progress(rows[-1])
    return rows


def chosen(only: str | Iterable[str] | None) -> list[KnownResult]:
    """The known results whose names begin with one of the given words."""
    results = known_results()
    if only is None:
        return results
    words = (only,) if isinstance(only, str) else tuple(only)
    for word in words:
        if not any(begins(result.name, word) for result in results):
            raise UsageError(f"no known result is called {word!r}{suggestion(word, {result.name for result in results})}")
    return [result for result in results if any(begins(result.name, word) for word in words)]


def begins(name: str, word: str) -> bool:
    """Whether a name begins with a word and not just with its letters.

    Examples
    --------
    >>> begins("B1 (S 56.6)", "B1"), begins("B12", "B1"), begins("A1 (p 5, L 2)", "A1 (p 5")
    (True, False, True)
    """
    return name == word or (name.startswith(word) and not name[len(word)].isalnum())
