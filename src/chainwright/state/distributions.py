"""Distributions by inverse transform: each turns a uniform draw into a value, element by element and nothing else.

Every function takes numbers or columns and gives an element the same bits alone, in a column, or in any part of a column. That
is why SciPy's elementwise special functions are used, and NumPy's vectorised ``exp`` and ``power`` are not.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from chainwright.state.counts import Count, inverse
from chainwright.words.errors import UsageError

# Below this excess of variance over mean, as a share of the mean, a negative binomial count is a Poisson count.
NEGLIGIBLE_EXCESS = 1e-9
# A gamma variable with a smaller coefficient of variation is its mean; a larger one than the second is not told from it.
NEGLIGIBLE_VARIATION = 1e-6
LARGEST_VARIATION = 1e6


def uniform_between(draw: Any, low: Any, high: Any) -> Any:
    """Uniform between `low` and `high`.

    Examples
    --------
    >>> uniform_between(0.25, 10.0, 20.0)
    12.5
    """
    return low + (high - low) * draw


def bernoulli(draw: Any, probability: Any) -> Any:
    """1.0 with `probability`, else 0.0.

    Examples
    --------
    >>> bernoulli(np.array([0.1, 0.3]), 0.2).tolist()
    [1.0, 0.0]
    """
    return np.where(np.asarray(draw) < probability, 1.0, 0.0)[()]


def normal(draw: Any, mean: Any, deviation: Any) -> Any:
    """Normal with a mean and a standard deviation.

    Examples
    --------
    >>> float(normal(0.5, 100.0, 20.0))
    100.0
    """
    drawn = special.ndtri(draw)
    # In place where it is a column: nobody else holds it.
    drawn *= deviation
    drawn += mean
    return drawn


def lognormal(draw: Any, mean: Any, deviation: Any) -> Any:
    """Lognormal with a mean and a standard deviation of the value itself (not of its logarithm); 0 where the mean is not positive.

    Examples
    --------
    >>> float(lognormal(0.5, 3.0, 4.0)) == 3.0 / (1.0 + 16.0 / 9.0) ** 0.5  # the median
    True
    """
    some, centre, variation = _variation(mean, deviation)
    variance = special.log1p(variation * variation)
    exponent = np.sqrt(variance) * special.ndtri(draw)
    # inv_boxcox with a parameter of 0 is the exponential function of the C library, one element at a time.
    return np.where(some, centre / np.sqrt(1.0 + variation * variation) * special.inv_boxcox(exponent, 0.0), 0.0)[()]


def gamma(draw: Any, mean: Any, deviation: Any) -> Any:
    """Gamma with a mean and a standard deviation; the mean itself where the deviation is 0, and 0 where the mean is not positive.

    Examples
    --------
    >>> round(float(gamma(0.5, 1.0, 1.0)), 9)  # the exponential distribution: its median is ln 2
    0.693147181
    """
    some, centre, variation = _variation(mean, deviation)
    spread = variation > NEGLIGIBLE_VARIATION
    square = np.where(spread, variation * variation, 1.0)
    drawn = special.gammaincinv(1.0 / square, draw) * (centre * square)
    return np.where(some, np.where(spread, drawn, centre), 0.0)[()]


def _variation(mean: Any, deviation: Any) -> tuple[NDArray[np.bool_], NDArray[np.float64], NDArray[np.float64]]:
    """Whether the mean is positive; the mean there and 1 elsewhere; the coefficient of variation, at most LARGEST_VARIATION."""
    some = np.asarray(mean) > 0.0
    centre = np.where(some, mean, 1.0)
    return some, centre, np.asarray(deviation) / np.maximum(centre, deviation / LARGEST_VARIATION)


def poisson(draw: Any, mean: Any) -> Any:
    """Poisson with a mean; 0 where the mean is not positive.

    Above a mean of about a million SciPy's distribution function itself loses accuracy, beyond 4.5 deviations above the mean.

    Examples
    --------
    >>> poisson(np.array([0.01, 0.5, 0.99]), 20.0).tolist()
    [10.0, 20.0, 31.0]
    """
    return inverse(_POISSON, draw, mean)


def negative_binomial(draw: Any, mean: Any, deviation: Any) -> Any:
    """Negative binomial with a mean and a standard deviation; 0 where the mean is not positive.

    The variance must exceed the mean. Where it does not, the count is Poisson: the limit as the variance comes down to the mean.

    Examples
    --------
    >>> negative_binomial(np.array([0.01, 0.5, 0.99]), 20.0, 10.0).tolist()
    [3.0, 19.0, 50.0]
    """
    return inverse(_NEGATIVE_BINOMIAL, draw, mean, deviation)


def discrete(draw: Any, values: Sequence[float] | NDArray[Any], probabilities: Sequence[float] | NDArray[Any]) -> Any:
    """One of `values` with `probabilities` (divided by their sum), the same for all rows.

    Raises
    ------
    UsageError
        When the two are not of one length, or the probabilities are negative, not finite or all zero.

    Examples
    --------
    >>> discrete(np.array([0.1, 0.3, 0.9]), [2, 3, 5], [0.25, 0.5, 0.25]).tolist()
    [2.0, 3.0, 5.0]
    """
    choice = np.asarray(values, dtype=np.float64)
    weight = np.asarray(probabilities, dtype=np.float64)
    if choice.shape != weight.shape or choice.ndim != 1:
        raise UsageError(f"{choice.size} values need as many probabilities, not {weight.size}")
    if not (np.isfinite(weight).all() and (weight >= 0.0).all() and (weight > 0.0).any()):
        raise UsageError("probabilities must be finite, not negative and not all zero")
    choice, weight = choice[weight > 0.0], weight[weight > 0.0]
    cumulative = np.cumsum(weight)
    # The last value takes all that the others leave, whatever rounding made of the sum.
    return choice[np.searchsorted(cumulative[:-1] / cumulative[-1], draw, side="left")]


# --- distributions of counts, as counts.py wants them -----------------------------------------------------------------------


def _joined(below: NDArray[Any], above: NDArray[Any]) -> NDArray[np.float64]:
    """A distribution function made of the probability of at most, and of more than, each count.

    The second keeps its precision in the upper tail. It is rounded up to the spacing of numbers just below 1, so that "reaches
    the draw" is decided exactly there and the whole never falls.
    """
    return np.where(below <= 0.5, below, 1.0 - np.ceil(above * 2.0**53) * 2.0**-53)


def _poisson_distribution(count: NDArray[Any], mean: NDArray[Any]) -> NDArray[np.float64]:
    return _joined(special.pdtr(count, mean), special.pdtrc(count, mean))


def _poisson_guess(draw: NDArray[Any], mean: NDArray[Any]) -> NDArray[np.float64]:
    return np.asarray(special.pdtrik(draw, mean), dtype=np.float64)


def _size_and_probability(mean: NDArray[Any], deviation: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Whether the variance exceeds the mean; there the size and the two probabilities, elsewhere harmless numbers."""
    variance = deviation * deviation
    wide = (mean > 0.0) & (variance - mean > NEGLIGIBLE_EXCESS * mean)
    mean = np.where(wide, mean, 1.0)
    variance = np.where(wide, variance, 2.0)
    excess = variance - mean
    return wide, mean * mean / excess, mean / variance, excess / variance


def _negative_binomial_distribution(count: NDArray[Any], mean: NDArray[Any], deviation: NDArray[Any]) -> NDArray[np.float64]:
    wide, size, success, failure = _size_and_probability(mean, deviation)
    both = _joined(special.betainc(size, count + 1.0, success), special.betainc(count + 1.0, size, failure))
    return both if wide.all() else np.where(wide, both, _poisson_distribution(count, mean))


def _negative_binomial_guess(draw: NDArray[Any], mean: NDArray[Any], deviation: NDArray[Any]) -> NDArray[np.float64]:
    wide, size, success, _ = _size_and_probability(mean, deviation)
    guess: NDArray[np.float64] = np.asarray(special.nbdtrik(draw, size, success), dtype=np.float64)
    return guess if wide.all() else np.where(wide, guess, _poisson_guess(draw, mean))


_POISSON = Count("poisson", _poisson_distribution, _poisson_guess)
_NEGATIVE_BINOMIAL = Count("negative binomial", _negative_binomial_distribution, _negative_binomial_guess)
