"""Designs of two levels: all combinations of low and high, or a regular fraction of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chainwright.experiment.designs.design import MOST_POINTS
from chainwright.experiment.designs.factor import Factor
from chainwright.experiment.designs.fractions import LETTERS, Fraction, from_generators, full, of_resolution, of_size
from chainwright.experiment.designs.levels import Columns, Facts
from chainwright.words.errors import UsageError, suggestion
from chainwright.words.requests import whole_number

_RESOLUTIONS = {"III": 3, "IV": 4, "V": 5}


def two_level(factors: Sequence[Factor], seed: int, *, centre: Any = False) -> tuple[Columns, Facts]:
    """Every combination of a low and a high value; with `centre`, one point in the middle of all factors."""
    if len(factors) > len(LETTERS) or 1 << len(factors) > MOST_POINTS:
        raise UsageError(f"two_level: {len(factors)} factors make 2^{len(factors)} points; take a fraction of them: fractional(resolution=IV)")
    return _made("two_level", factors, full(len(factors)), centre)


def fractional(
    factors: Sequence[Factor], seed: int, *, resolution: Any = None, generators: Any = None, runs: Any = None, centre: Any = False
) -> tuple[Columns, Facts]:
    """A part of all combinations of low and high: of a `resolution` (III, IV or V), of a number of `runs`, or by its `generators`."""
    said = [name for name, value in (("resolution", resolution), ("generators", generators), ("runs", runs)) if value is not None]
    if len(said) != 1:
        got = "none" if not said else " and ".join(said)
        raise UsageError(f"fractional: expected one of resolution=IV, runs=16 or generators=['D=ABC'], got {got}")
    count = len(factors)
    if count > len(LETTERS):
        raise UsageError(f"fractional: at most {len(LETTERS)} factors are possible, got {count}; take a sample such as latin_hypercube")
    if count < 3:
        raise UsageError(f"fractional: {count} {'factor has' if count == 1 else 'factors have'} no fraction; take two_level")
    if generators is not None:
        texts = [text for text in generators.replace(";", ",").split(",") if text.strip()] if isinstance(generators, str) else generators
        if not isinstance(texts, list | tuple) or not texts:
            raise UsageError(f"fractional: generators: expected texts such as ['D=ABC'], got {generators!r}")
        fraction = from_generators(count, list(texts))
    elif runs is not None:
        fraction = _of_runs(count, runs)
    else:
        fraction = of_resolution(count, _resolution(resolution))
    return _made("fractional", factors, fraction, centre)


def _of_runs(count: int, runs: Any) -> Fraction:
    size = whole_number(runs, "fractional: runs", 4, MOST_POINTS)
    basic = size.bit_length() - 1
    least = count.bit_length()
    if size != 1 << basic or not least <= basic <= count:
        possible = ", ".join(str(1 << power) for power in range(least, count))
        raise UsageError(f"fractional: {count} factors have fractions of {possible} runs, got {size}")
    found = of_size(count, basic)
    if found is None:
        raise UsageError(f"fractional: no fraction of {size} runs for {count} factors was found")
    return found


def _resolution(given: Any) -> int:
    known = {**_RESOLUTIONS, **{str(number): number for number in _RESOLUTIONS.values()}}
    word = str(given).strip().upper()
    if word not in known:
        raise UsageError(f"fractional: no resolution is called {given!r}{suggestion(word, _RESOLUTIONS)}")
    return known[word]


def _made(kind: str, factors: Sequence[Factor], fraction: Fraction, centre: Any) -> tuple[Columns, Facts]:
    if not isinstance(centre, bool):
        raise UsageError(f"{kind}: centre must be true or false, got {centre!r}; one point is enough, for replications tell its error")
    if fraction.runs > MOST_POINTS:
        raise UsageError(f"{kind}: {fraction.title} makes {fraction.runs:,} points; at most {MOST_POINTS:,} are possible")
    ends = [factor.ends() for factor in factors]
    signs = fraction.matrix()
    columns: Columns = {
        factor.name: [high if sign > 0 else low for sign in signs[:, place]]
        for place, (factor, (low, high)) in enumerate(zip(factors, ends, strict=True))
    }
    texts = ["".join("+" if sign > 0 else "-" for sign in row) for row in signs]
    if centre:
        words = [factor.name for factor in factors if not factor.numeric]
        if words:
            raise UsageError(f"{kind}: factor {words[0]!r} has no middle, for its values are no numbers; leave centre out")
        for factor in factors:
            columns[factor.name].append(factor.middle())
        texts.append("0" * len(factors))
    facts = {
        "letters": {LETTERS[place]: factor.name for place, factor in enumerate(factors)},
        "low": {factor.name: low for factor, (low, _) in zip(factors, ends, strict=True)},
        "high": {factor.name: high for factor, (_, high) in zip(factors, ends, strict=True)},
        "signs": texts,
        "columns": list(fraction.columns),
        "column_signs": list(fraction.signs),
        "centre": centre,
        **fraction.facts(),
    }
    if kind == "fractional" and fraction.runs == 1 << len(factors):
        facts["notes"] = ["no fraction of that resolution is smaller than all combinations, so these are all of them"]
    return columns, facts
