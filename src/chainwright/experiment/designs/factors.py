"""The factors of a sweep: read from what a caller says, no two of them in each other's way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from chainwright.experiment.designs.factor import VARIANT, Factor, factor_of_facts
from chainwright.experiment.designs.factor_forms import Between, between, factor_of
from chainwright.experiment.designs.factors_check import check_factors, mistakes_of_factors
from chainwright.experiment.designs.factors_text import factor_of_text, factor_said, factor_text, split_factor
from chainwright.scenario.paths import names_a_policy, split_path
from chainwright.words.errors import UsageError

__all__ = [
    "VARIANT", "Between", "Factor", "between", "check_factors", "clashes", "factor_given", "factor_of_facts", "factor_said", "factor_text",
    "factors_of", "mistakes_of_factors", "parse_factor",
]  # fmt: skip


def factors_of(given: Any) -> tuple[Factor, ...]:
    """The factors that a caller names.

    Parameters
    ----------
    given : mapping, or iterable of Factor
        By dotted path, or by a name of one's own, what it may be: a list of values; a range (`between`, or a text such as ``10..30``);
        a distribution (frozen, of SciPy, or a text such as ``normal(50, 8)``); settings by label. The factor ``variant`` takes names
        of variants, ``base`` for the scenario itself.

    Returns
    -------
    tuple of Factor
        In the order given.

    Raises
    ------
    UsageError
        With everything that is wrong with any of them.

    Examples
    --------
    >>> [factor.kind for factor in factors_of({"lanes.*.transport_time": [1, 2], "horizon": "20..40", "variant": ["base", "pass_on"]})]
    ['values', 'range', 'variant']
    """
    if given is None:
        return ()
    if isinstance(given, Mapping):
        pairs: list[tuple[Any, Any]] = list(given.items())
    elif isinstance(given, str | bytes) or not isinstance(given, Iterable):
        raise UsageError(f"factors: expected a mapping such as {{'lanes.*.transport_time': [1, 2, 4]}}, got {given!r}")
    else:
        pairs = [(one.name, one) if isinstance(one, Factor) else ("", one) for one in given]
        stray = next((one for name, one in pairs if not name), None)
        if stray is not None:
            raise UsageError(f"factors: expected a mapping such as {{'lanes.*.transport_time': [1, 2, 4]}}, or factors, got {stray!r}")
    made: list[Factor] = []
    wrong: list[str] = []
    for name, one in pairs:
        try:
            made.append(factor_given(name, one))
        except UsageError as error:
            wrong.append(f"factor {name!r}: {error}")
    wrong += [f"factor {later!r}: {message}" for later, message in clashes(made)]
    if wrong:
        raise UsageError("\n".join(wrong))
    return tuple(made)


def parse_factor(text: str) -> Factor:
    """The factor of a text such as ``lanes.*.transport_time=1,2,4``, ``horizon=10..30`` or ``x=normal(50, 8)``.

    Raises
    ------
    UsageError
        When it cannot be read.

    Examples
    --------
    >>> parse_factor("lanes.*.transport_time=1,2,4").values
    (1, 2, 4)
    >>> parse_factor("horizon=10..30").at(0.5)
    20
    """
    name, values = split_factor(text)
    try:
        return factor_of_text(name, values)
    except UsageError as error:
        raise UsageError(f"factor {name!r}: {error}") from None


def factor_given(name: Any, given: Any) -> Factor:
    """The factor of a name and whatever is given for it.

    Raises
    ------
    UsageError
        When it is none.
    """
    if not isinstance(name, str) or not name.strip():
        raise UsageError("expected a dotted path or a name")
    name = name.strip()
    return factor_of_text(name, given) if isinstance(given, str) else factor_of(name, given)


def clashes(factors: Iterable[Factor]) -> list[tuple[str, str]]:
    """What is wrong between factors, as far as their paths alone tell: the name of the later one, and a message."""
    found: list[tuple[str, str]] = []
    names: dict[str, str] = {}
    known: list[tuple[str, str, tuple[str, ...]]] = []
    for factor in factors:
        if factor.name in names:
            found.append((factor.name, "is given twice"))
            continue
        names[factor.name] = factor.name
        own = [(path, normal(path)) for path in factor.every_path]
        for path, parts in own:
            found += [(factor.name, message) for other, said, before in known if (message := clash(factor.name, other, said, before, path, parts))]
        known += [(factor.name, path, parts) for path, parts in own]
    return list(dict.fromkeys(found))


def normal(path: str) -> tuple[str, ...]:
    """The parts of a path in one spelling.

    Examples
    --------
    >>> normal("lanes. a > b .price") == normal('lanes."a>b".price')
    True
    """
    return tuple(">".join(piece.strip() for piece in part.split(">")) if ">" in part else part for part in split_path(path))


def clash(name: str, other: str, before: str, first: tuple[str, ...], path: str, later: tuple[str, ...]) -> str:
    """Why a path cannot be varied beside one that is set before it; empty where it can."""
    if first == later:
        spelt = "" if before == path else f" (as {before})"
        return f"is given twice{spelt}" if (other, name) == (before, path) else f"{path} is set by factor {other!r} too"
    if len(later) < len(first) and all("*" in (one, said) or one == said for one, said in zip(later, first, strict=False)):
        # A policy's name is set before its parameters, whatever the order; what holds a whole entry is not.
        whole = ".".join(later)
        return f"sets all of {whole}, and so overwrites {before} of factor {other!r}; give it first, or leave one of the two out"
    if len(later) == len(first) and not names_a_policy(later) and all(one in (said, "*") for one, said in zip(later, first, strict=True)):
        return f"covers {before} of factor {other!r}, and so overwrites it; give it first, or leave one of the two out"
    return ""
