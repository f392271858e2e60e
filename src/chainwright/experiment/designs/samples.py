"""Designs that are drawn: Latin hypercubes, Sobol and Halton sequences by SciPy, trajectories of Morris and Saltelli's samples by SALib."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainwright.experiment.designs.design import MOST_POINTS
from chainwright.experiment.designs.factor import Factor
from chainwright.experiment.designs.levels import Columns, Facts
from chainwright.words.errors import UsageError
from chainwright.words.requests import whole_number

Floats = NDArray[np.float64]
# Up to so many points, how evenly they lie is worked out.
MOST_MEASURED = 2_000


def latin_hypercube(factors: Sequence[Factor], seed: int, *, n: Any = None, scramble: Any = True, optimise: Any = False) -> tuple[Columns, Facts]:
    """`n` points of which each factor's range sees every one of `n` equal slices once.

    Without `scramble` each lies in the middle of its slice; `optimise` swaps values until points lie evenly in all factors together.
    """
    count = _count("latin_hypercube", n)
    mixed, better = _flag("latin_hypercube", "scramble", scramble), _flag("latin_hypercube", "optimise", optimise)
    engine = _engine("LatinHypercube", len(factors), seed, scramble=mixed, optimization="random-cd" if better and count > 1 else None)
    drawn = np.asarray(engine.random(count), np.float64)
    return _values(factors, drawn), {"n": count, "scramble": mixed, "optimise": better, **_discrepancy(drawn)}


def sobol(factors: Sequence[Factor], seed: int, *, n: Any = None, scramble: Any = True) -> tuple[Columns, Facts]:
    """`n` points of a Sobol sequence, which fill the space of all factors evenly; `n` is rounded up to a power of 2."""
    asked = _count("sobol", n)
    mixed = _flag("sobol", "scramble", scramble)
    power, facts = _power_of_two(asked)
    drawn = np.asarray(_engine("Sobol", len(factors), seed, scramble=mixed).random_base2(power), np.float64)
    return _values(factors, drawn, 0.0 if mixed else 0.5 / len(drawn)), {**facts, "scramble": mixed, **_discrepancy(drawn)}


def halton(factors: Sequence[Factor], seed: int, *, n: Any = None, scramble: Any = True) -> tuple[Columns, Facts]:
    """`n` points of a Halton sequence: nearly as even as a Sobol sequence, for any `n`."""
    count = _count("halton", n)
    mixed = _flag("halton", "scramble", scramble)
    drawn = np.asarray(_engine("Halton", len(factors), seed, scramble=mixed).random(count), np.float64)
    return _values(factors, drawn, 0.0 if mixed else 0.5 / count), {"n": count, "scramble": mixed, **_discrepancy(drawn)}


def morris(factors: Sequence[Factor], seed: int, *, trajectories: Any = 10, levels: Any = 4, optimal: Any = None) -> tuple[Columns, Facts]:
    """Paths through a grid of `levels` on which one factor changes at a time: `trajectories` times (factors + 1) points.

    Of the trajectories that are drawn, `optimal` says how many are kept, those that lie farthest apart.
    """
    drawn_paths = whole_number(trajectories, "morris: trajectories", 2, MOST_POINTS // (len(factors) + 1))
    steps = whole_number(levels, "morris: levels", 2, 100)
    if steps % 2:
        raise UsageError(f"morris: levels must be even, so that a step of half of them exists, got {steps}")
    kept = None if optimal is None else whole_number(optimal, "morris: optimal", 2, drawn_paths - 1)
    many = next((factor for factor in factors if factor.listed and len(factor.values) > steps), None)
    if many is not None:
        enough = len(many.values) + len(many.values) % 2
        raise UsageError(f"morris: factor {many.name!r} has {len(many.values)} values and there are {steps} levels; say levels={enough}")
    single = next((factor for factor in factors if factor.listed and len(factor.values) < 2), None)
    if single is not None:
        raise UsageError(f"morris: factor {single.name!r} has one value, and so cannot change")
    sampler = salib("sample.morris")
    drawn = sampler.sample(problem(factors), drawn_paths, num_levels=steps, optimal_trajectories=kept, seed=seed)
    numbers = np.rint(np.asarray(drawn) * (steps - 1)).astype(np.int64)
    columns: Columns = {}
    for place, factor in enumerate(factors):
        values = factor.at_all((np.arange(steps) + 0.5) / steps) if factor.listed else factor.levels(steps)
        columns[factor.name] = [values[number] for number in numbers[:, place]]
    return columns, {"trajectories": kept or drawn_paths, "levels": steps, "optimal": kept, "places": numbers.tolist()}


def saltelli(factors: Sequence[Factor], seed: int, *, n: Any = None, second_order: Any = True, scramble: Any = True) -> tuple[Columns, Facts]:
    """The samples from which Sobol's indices are estimated: `n` times (factors + 2) points, with `second_order` n times (2 factors + 2)."""
    asked = _count("saltelli", n)
    pairs, mixed = _flag("saltelli", "second_order", second_order), _flag("saltelli", "scramble", scramble)
    power, facts = _power_of_two(asked)
    size = (1 << power) * ((2 if pairs else 1) * len(factors) + 2)
    if size > MOST_POINTS:
        raise UsageError(f"saltelli: n={1 << power} makes {size:,} points; at most {MOST_POINTS:,} are possible")
    drawn = salib("sample.sobol").sample(problem(factors), 1 << power, calc_second_order=pairs, scramble=mixed, seed=seed)
    columns = _values(factors, np.asarray(drawn, np.float64), 0.0 if mixed else 0.5 / (1 << power))
    return columns, {**facts, "second_order": pairs, "scramble": mixed}


def problem(factors: Sequence[Factor]) -> dict[str, Any]:
    """The factors as SALib wants them: each over the unit interval, for values are found by inverse transform."""
    return {"num_vars": len(factors), "names": [factor.name for factor in factors], "bounds": [[0.0, 1.0]] * len(factors)}


def salib(part: str) -> Any:
    """A part of SALib, imported when it is needed.

    Raises
    ------
    UsageError
        When it is not installed.
    """
    try:
        return importlib.import_module(f"SALib.{part}")
    except ImportError as error:
        raise UsageError(f"this design needs SALib, which cannot be imported ({error}); pip install 'chainwright[sensitivity]'") from None


def _engine(name: str, factors: int, seed: int, **options: Any) -> Any:
    """An engine of SciPy, whose word for the generator has changed."""
    from scipy.stats import qmc  # which takes longer to load than all of this

    kind = getattr(qmc, name)
    word = "rng" if "rng" in inspect.signature(kind).parameters else "seed"
    return kind(d=factors, **{word: np.random.default_rng(seed)}, **options)


def _values(factors: Sequence[Factor], drawn: Floats, margin: float = 0.0) -> Columns:
    """The values at drawn places; a distribution without end is nowhere at 0, where a sequence that is not scrambled begins."""
    return {
        factor.name: factor.at_all(np.clip(drawn[:, place], margin, 1.0 - margin) if factor.kind == "distribution" else drawn[:, place])
        for place, factor in enumerate(factors)
    }


def _count(kind: str, n: Any) -> int:
    if n is None:
        raise UsageError(f"{kind}: how many points? say n=100")
    return whole_number(n, f"{kind}: n", 1, MOST_POINTS)


def _flag(kind: str, name: str, value: Any) -> bool:
    if not isinstance(value, bool | np.bool_):
        raise UsageError(f"{kind}: {name} must be true or false, got {value!r}")
    return bool(value)


def _power_of_two(asked: int) -> tuple[int, Facts]:
    power = (asked - 1).bit_length()
    facts: Facts = {"n": 1 << power}
    if 1 << power != asked:
        facts["notes"] = [f"n was rounded up from {asked:,} to {1 << power:,}, a power of 2, so that the points lie evenly"]
    return power, facts


def _discrepancy(drawn: Floats) -> Facts:
    """How far the points are from lying evenly: 0 is best."""
    from scipy.stats import qmc

    return {"discrepancy": float(qmc.discrepancy(drawn))} if 1 < len(drawn) <= MOST_MEASURED else {}
