"""Distributions of factors, by inverse transform: those of populations with their words, beta and counts, and frozen ones of SciPy."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from chainwright.network.populations.distributed import DISTRIBUTIONS, LIMITS, distributed, mistakes_of, quantile
from chainwright.scenario.write.yaml_text import flow_text
from chainwright.state import distributions
from chainwright.state.streams import LARGEST, SMALLEST
from chainwright.words.errors import UsageError, suggestion

Floats = NDArray[np.float64]

# What populations do not have: beta between 0 and 1, or between its own low and high.
OTHERS: Mapping[str, tuple[str, ...]] = {"beta": ("mean", "deviation"), "negative_binomial": ("mean", "deviation")}
KNOWN: Mapping[str, tuple[str, ...]] = {**DISTRIBUTIONS, **OTHERS}
COUNTS = ("poisson", "negative_binomial")
_OPTIONAL: Mapping[str, tuple[str, ...]] = {"beta": ("low", "high"), "choice": ("probabilities",)}
_TAIL = 0.001


@dataclass(frozen=True)
class Distribution:
    """How the values of a factor are spread.

    Parameters
    ----------
    said : mapping
        ``{"distribution": "normal", "mean": 50, "deviation": 8}`` with the words that populations use, or
        ``{"scipy": "norm", "arguments": [50, 8], "keywords": {}}``; ``whole: true`` for whole numbers.

    Examples
    --------
    >>> Distribution({"distribution": "triangular", "low": 0, "mode": 1, "high": 2}).at([0.5])
    [1.0]
    """

    said: Mapping[str, Any]

    def at(self, places: Any) -> list[Any]:
        """The values at places of the unit interval."""
        drawn = np.clip(np.asarray(places, np.float64), SMALLEST, LARGEST)
        said, whole = self.said, bool(self.said.get("whole", False))
        if "scipy" in said:
            frozen = _frozen(said)
            made = np.asarray(frozen.ppf(drawn), np.float64)
            counts = hasattr(frozen.dist, "pmf")
        else:
            counts = said["distribution"] in COUNTS
            made = _quantile({key: value for key, value in said.items() if key != "whole"}, drawn, whole)
        if whole or counts:
            return [int(value) if math.isfinite(value) else float(value) for value in np.rint(made)]
        listed: list[Any] = made.tolist()
        return listed

    def text(self) -> str:
        """As it is written on a command line.

        Examples
        --------
        >>> Distribution({"distribution": "normal", "mean": 50, "deviation": 8, "at_least": 0}).text()
        'normal(50, 8, at_least=0)'
        """
        if "scipy" in self.said:
            raise UsageError(f"a distribution of SciPy ({self.said['scipy']}) has no text for a command line; write it in Python")
        name = self.said["distribution"]
        first = [flow_text(self.said[key]) for key in KNOWN[name]]
        rest = [f"{key}={flow_text(value)}" for key, value in self.said.items() if key not in ("distribution", *KNOWN[name])]
        return f"{name}({', '.join([*first, *rest])})"


def distribution_of(said: Mapping[str, Any]) -> Distribution:
    """The distribution that a mapping speaks of, checked.

    Raises
    ------
    UsageError
        With everything that is wrong.

    Examples
    --------
    >>> distribution_of({"distribution": "normal", "mean": 50, "devation": 8})
    Traceback (most recent call last):
    ...
    chainwright.words.errors.UsageError: distribution 'normal' has no 'devation'; did you mean 'deviation'?
    """
    if "scipy" in said:
        return of_scipy(_frozen(said), bool(said.get("whole", False)))
    name = said.get("distribution")
    if not isinstance(name, str) or name not in KNOWN:
        raise UsageError(f"no distribution is called {name!r}{suggestion(str(name), KNOWN)}")
    if not isinstance(said.get("whole", False), bool):
        raise UsageError(f"distribution {name!r}: whole is true or false, got {said['whole']!r}")
    given = {key: value for key, value in said.items() if key != "whole"}
    wrong = _mistakes(name, given)
    if not wrong:
        wrong = _constant(name, given)
    if wrong:
        raise UsageError("; ".join(dict.fromkeys(wrong)))
    made = Distribution(dict(said))
    with np.errstate(all="ignore"):
        ends = made.at([_TAIL, 1.0 - _TAIL])
    if not all(math.isfinite(end) for end in ends):
        raise UsageError(f"{name}: its values are too large for numbers")
    return made


def called(name: str, arguments: Sequence[Any], keywords: Mapping[str, Any]) -> Distribution:
    """The distribution of a call such as ``normal(50, deviation=8)``.

    Examples
    --------
    >>> called("uniform", [1], {"high": 3}).said
    {'distribution': 'uniform', 'low': 1, 'high': 3}
    """
    if name not in KNOWN:
        raise UsageError(f"no distribution is called {name!r}{suggestion(name, KNOWN)}")
    words = KNOWN[name] + _OPTIONAL.get(name, ())
    if len(arguments) > len(words):
        raise UsageError(f"{name} takes {' and '.join(words)}, got {len(arguments)} values")
    said = dict(zip(words, arguments, strict=False))
    twice = [key for key in keywords if key in said]
    if twice:
        raise UsageError(f"{name}: {twice[0]!r} is given twice")
    return distribution_of({"distribution": name, **said, **keywords})


def of_scipy(frozen: Any, whole: bool = False) -> Distribution:
    """The distribution of a frozen one of SciPy.

    Raises
    ------
    UsageError
        When it is none of SciPy's own, has arrays for parameters, or never varies.

    Examples
    --------
    >>> from scipy import stats
    >>> of_scipy(stats.norm(50, scale=8)).said
    {'scipy': 'norm', 'arguments': [50], 'keywords': {'scale': 8}}
    """
    from scipy import stats  # which takes longer to load than all of this, and which few factors need

    name = getattr(frozen.dist, "name", "")
    own = getattr(stats, str(name), None)
    if own is None or type(own) is not type(frozen.dist):
        raise UsageError(f"{name or 'the distribution'!r} is no distribution of scipy.stats; expected one such as scipy.stats.norm(50, 8)")
    arguments = [_scalar(one, name) for one in frozen.args]
    keywords = {key: _scalar(one, name) for key, one in frozen.kwds.items()}
    low, high = (float(frozen.ppf(place)) for place in (_TAIL, 1.0 - _TAIL))
    if not (math.isfinite(low) and math.isfinite(high)):
        raise UsageError(f"the parameters of scipy.stats.{name} make no distribution: {arguments + list(keywords.items())}")
    if low >= high:
        raise UsageError(f"scipy.stats.{name} with these parameters never varies")
    said = {"scipy": name, "arguments": arguments, "keywords": keywords}
    return Distribution({**said, "whole": True} if whole else said)


def is_frozen(value: Any) -> bool:
    """Whether a value is a frozen distribution of SciPy."""
    # Who has made one has loaded it.
    made = sys.modules.get("scipy.stats.distributions")
    return made is not None and isinstance(value, made.rv_frozen)


def _scalar(value: Any, name: str) -> Any:
    number = value.item() if isinstance(value, np.generic | np.ndarray) and np.size(value) == 1 else value
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise UsageError(f"a factor has one distribution; the parameters of scipy.stats.{name} must be single numbers, got {value!r}")
    return number


def _frozen(said: Mapping[str, Any]) -> Any:
    from scipy import stats

    own = getattr(stats, str(said["scipy"]), None)
    if not isinstance(own, stats.rv_continuous | stats.rv_discrete):
        raise UsageError(f"scipy.stats has no distribution {said['scipy']!r}")
    try:
        return own(*said.get("arguments", ()), **said.get("keywords", {}))
    except TypeError as error:
        raise UsageError(f"scipy.stats.{said['scipy']} does not take these parameters: {error}") from None


def _mistakes(name: str, given: Mapping[str, Any]) -> list[str]:
    """What is wrong with the parameters of one distribution."""
    if name in DISTRIBUTIONS:
        field = distributed("", minimum=-math.inf, by_role=False)
        field.name = ""
        # Places within the distribution begin with the name of the parameter, which is empty here.
        return [f"{name}: {path[1:]}: {message}" if path.strip(".") and "distribution" not in message else message
                for path, message in mistakes_of(field, given)]  # fmt: skip
    known = ("distribution", *KNOWN[name], *_OPTIONAL.get(name, ()), *LIMITS)
    wrong = [f"distribution {name!r} has no {key!r}{suggestion(str(key), known)}" for key in given if key not in known]
    wrong += [f"distribution {name!r} needs {key!r}" for key in KNOWN[name] if key not in given and not wrong]
    wrong += [f"{name}: {key}: expected a number, got {value!r}" for key, value in given.items() if key in known[1:] and not _finite(value)]
    if wrong:
        return wrong
    if name == "negative_binomial" and given["deviation"] * given["deviation"] <= given["mean"]:
        return [f"{name}: deviation must be above the square root of mean ({given['mean']:g})"]
    if name == "beta":
        low, high = given.get("low", 0.0), given.get("high", 1.0)
        if low >= high:
            return [f"{name}: low ({low:g}) must be below high ({high:g})"]
        if not low < given["mean"] < high:
            return [f"{name}: mean must lie between {low:g} and {high:g}, got {given['mean']:g}"]
        widest = math.sqrt((given["mean"] - low) * (high - given["mean"]))
        if not 0.0 < given["deviation"] < widest:
            return [f"{name}: deviation must lie between 0 and {widest:.6g} for a mean of {given['mean']:g}, got {given['deviation']:g}"]
    return []


def _finite(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _constant(name: str, given: Mapping[str, Any]) -> list[str]:
    """What is wrong with a sound distribution of a factor: that it never varies."""
    if name in ("uniform", "triangular") and given["low"] >= given["high"]:
        return [f"{name}: low ({given['low']:g}) must be below high ({given['high']:g})"]
    if given.get("deviation", 1.0) == 0.0 or (name in ("lognormal", "gamma", "exponential", "poisson") and given["mean"] == 0.0):
        return [f"{name}: with these parameters it never varies"]
    if "at_least" in given and given.get("at_most", math.inf) <= given["at_least"]:
        return [f"{name}: at_least ({given['at_least']:g}) must be below at_most ({given['at_most']:g})"]
    return []


def _quantile(said: Mapping[str, Any], drawn: Floats, whole: bool) -> Floats:
    name = said["distribution"]
    if name in DISTRIBUTIONS:
        return quantile(said, drawn, whole)
    if name == "negative_binomial":
        made = np.asarray(distributions.negative_binomial(drawn, float(said["mean"]), float(said["deviation"])), np.float64)
    else:
        low, width = said.get("low", 0.0), said.get("high", 1.0) - said.get("low", 0.0)
        mean, deviation = (said["mean"] - low) / width, said["deviation"] / width
        size = mean * (1.0 - mean) / (deviation * deviation) - 1.0
        made = low + width * np.asarray(special.betaincinv(mean * size, (1.0 - mean) * size, drawn), np.float64)
    return np.clip(np.rint(made) if whole else made, said.get("at_least", -math.inf), said.get("at_most", math.inf))
