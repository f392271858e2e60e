"""Inverse transforms: the right distribution, exact tails, and the same value from a table, by search, alone and in a column."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from chainwright.state import counts, distributions
from chainwright.state.streams import LARGEST, SMALLEST, uniform
from chainwright.words.errors import UsageError

MANY = 100_000
DRAWS = uniform(11, 0, 0, "distributions", np.arange(MANY, dtype=np.uint64), 1)
TAILS = np.array([SMALLEST, 1e-12, 1e-6, 0.25, 0.5, 0.75, 1.0 - 1e-6, 1.0 - 1e-12, LARGEST])

CASES = {
    "uniform_between": (distributions.uniform_between, (2.0, 10.0)),
    "bernoulli": (distributions.bernoulli, (0.3,)),
    "normal": (distributions.normal, (100.0, 20.0)),
    "lognormal": (distributions.lognormal, (100.0, 70.0)),
    "gamma": (distributions.gamma, (20.0, 15.0)),
    "poisson": (distributions.poisson, (20.0,)),
    "negative_binomial": (distributions.negative_binomial, (20.0, 9.0)),
}
MOMENTS = {
    "uniform_between": (6.0, 8.0 / 12.0**0.5),
    "bernoulli": (0.3, 0.21**0.5),
    "normal": (100.0, 20.0),
    "lognormal": (100.0, 70.0),
    "gamma": (20.0, 15.0),
    "poisson": (20.0, 20.0**0.5),
    "negative_binomial": (20.0, 9.0),
}


@pytest.mark.parametrize("name", CASES)
def test_mean_and_deviation(name: str) -> None:
    function, parameters = CASES[name]
    mean, deviation = MOMENTS[name]
    drawn = function(DRAWS, *parameters)
    assert abs(drawn.mean() - mean) < 4.0 * deviation / MANY**0.5
    spread = ((drawn - mean) ** 2).std() / MANY**0.5
    assert abs(((drawn - mean) ** 2).mean() - deviation**2) < 4.0 * spread


@pytest.mark.parametrize("name", CASES)
def test_a_row_alone_has_the_bits_of_its_column(name: str) -> None:
    function, parameters = CASES[name]
    # Parameters that differ from row to row, some of them shared by many rows.
    factor = 1.0 + np.arange(257) % 13 / 20.0
    draws = DRAWS[:257]
    columns = [factor * one if name != "bernoulli" else one / factor for one in parameters]
    column = function(draws, *columns)
    assert column.shape == (257,)
    assert [float(function(float(draws[row]), *(float(one[row]) for one in columns))) for row in range(257)] == column.tolist()
    assert function(draws[3::7], *(one[3::7] for one in columns)).tolist() == column[3::7].tolist()
    assert function(draws[::-1], *(one[::-1] for one in columns)).tolist() == column[::-1].tolist()
    common = function(draws, *parameters)
    assert [float(function(one, *parameters)) for one in draws] == common.tolist()
    assert function(draws[100:101], *parameters).tolist() == common[100:101].tolist()


@pytest.mark.parametrize("mean", [1e-12, 1e-3, 0.1, 1.0, 3.7, 20.0, 200.0, 201.0, 5e3, 1e6])
def test_poisson_is_the_exact_inverse(mean: float) -> None:
    assert distributions.poisson(DRAWS[:2000], mean).tolist() == stats.poisson.ppf(DRAWS[:2000], mean).tolist()
    found = distributions.poisson(TAILS, mean)
    assert (np.diff(found) >= 0.0).all()
    below, above = TAILS <= 0.5, TAILS > 0.5
    assert (stats.poisson.cdf(found[below], mean) >= TAILS[below]).all()
    assert (stats.poisson.cdf(found[below] - 1.0, mean) < TAILS[below]).all()
    # In the upper tail the survival function says it, which is exact where 1 - p is not.
    assert (stats.poisson.sf(found[above], mean) <= 1.0 - TAILS[above]).all()
    assert ((stats.poisson.sf(found[above] - 1.0, mean) > 1.0 - TAILS[above]) | (found[above] == 0.0)).all()


@pytest.mark.parametrize("mean, deviation", [(1e-3, 0.5), (0.5, 1.0), (5.0, 2.5), (20.0, 10.0), (100.0, 10.01), (1000.0, 400.0), (1.0, 1000.0)])
def test_negative_binomial_is_the_exact_inverse(mean: float, deviation: float) -> None:
    size, probability = mean**2 / (deviation**2 - mean), mean / deviation**2
    draws = DRAWS[:2000]
    assert distributions.negative_binomial(draws, mean, deviation).tolist() == stats.nbinom.ppf(draws, size, probability).tolist()
    found = distributions.negative_binomial(TAILS, mean, deviation)
    above = TAILS > 0.5
    assert (np.diff(found) >= 0.0).all()
    expected = stats.nbinom.isf(1.0 - TAILS[above], size, probability)
    assert np.allclose(found[above], expected, rtol=0.0, atol=1.0 + 1e-9 * expected)


@pytest.mark.parametrize("mean", [0.01, 1.0, 20.0, 150.0, 201.0, 1e4, 1e6])
def test_distribution_functions_never_fall(mean: float) -> None:
    reach = 9.0 * mean**0.5
    count = np.arange(max(0.0, np.floor(mean - reach)), np.ceil(mean + reach + 60.0))
    assert (np.diff(distributions._poisson_distribution(count, np.full(count.size, mean))) >= 0.0).all()
    for share in (1.0001, 1.5, 4.0):
        columns = np.full(count.size, mean), np.full(count.size, (share * mean) ** 0.5)
        assert (np.diff(distributions._negative_binomial_distribution(count, *columns)) >= 0.0).all()


def test_tables_and_search_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    mean = np.linspace(0.0, 60.0, 31)[np.arange(MANY) % 31]
    deviation = np.sqrt(mean) * 1.7 + 0.1
    tabled = distributions.poisson(DRAWS, mean), distributions.negative_binomial(DRAWS, mean, deviation)
    some = slice(0, 5000)
    monkeypatch.setattr(counts, "MOST_PARAMETERS", 0)
    searched = distributions.poisson(DRAWS[some], mean[some]), distributions.negative_binomial(DRAWS[some], mean[some], deviation[some])
    assert searched[0].tolist() == tabled[0][some].tolist()
    assert searched[1].tolist() == tabled[1][some].tolist()


@pytest.mark.parametrize("limit", ["LONGEST_TABLE", "LARGEST_TABLES", "MOST_KEPT"])
def test_limits_of_memory_change_no_value(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    mean = np.array([0.5, 20.0, 300.0])[np.arange(3000) % 3]
    draws = DRAWS[:3000]
    expected = distributions.poisson(draws, mean).tolist()
    monkeypatch.setattr(counts, limit, 100)
    monkeypatch.setattr(counts, "_CACHE", counts._Cache())
    assert distributions.poisson(draws, mean).tolist() == expected
    assert distributions.poisson(draws, 5.0).tolist() == stats.poisson.ppf(draws, 5.0).tolist()
    assert distributions.poisson(draws, mean).tolist() == expected


def test_the_cache_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    cache = counts._Cache()
    monkeypatch.setattr(counts, "_CACHE", cache)
    monkeypatch.setattr(counts, "MOST_KEPT", 1000)
    for rate in range(1, 60):
        distributions.poisson(0.5, float(rate))
    assert 1 <= len(cache._kept) < 20
    assert cache._size == sum(tables.size for tables in cache._kept.values()) <= 1000


def test_a_guess_that_fails_is_made_good() -> None:
    for guess in (np.nan, -5.0, 0.0, 3.0, 19.0, 20.0, 500.0, np.inf):
        poor = counts.Count("poor guess", distributions._poisson_distribution, lambda draw, mean, guess=guess: np.full(draw.shape, guess))
        found = counts._search(poor, DRAWS[:500], [np.full(500, 20.0)])
        assert found.tolist() == stats.poisson.ppf(DRAWS[:500], 20.0).tolist()


def test_draws_no_stream_gives_are_answered_too() -> None:
    found = distributions.poisson(np.array([0.0, SMALLEST / 4.0, 1.0]), 20.0)
    assert found[0] == 0.0
    assert found[1] <= distributions.poisson(SMALLEST, 20.0)
    assert found[2] >= distributions.poisson(LARGEST, 20.0)


inside = st.floats(min_value=SMALLEST, max_value=LARGEST)
amount = st.floats(min_value=0.0, max_value=1e6)


@given(draw=inside, mean=amount, deviation=amount)
def test_values_are_sensible_at_the_edges(draw: float, mean: float, deviation: float) -> None:
    for found in (
        distributions.gamma(draw, mean, deviation),
        distributions.lognormal(draw, mean, deviation),
        distributions.poisson(draw, mean),
        distributions.negative_binomial(draw, mean, deviation),
    ):
        assert np.isfinite(found)
        assert found >= 0.0


def test_no_deviation_and_no_mean() -> None:
    draws = DRAWS[:50]
    assert distributions.gamma(draws, 7.0, 0.0).tolist() == [7.0] * 50
    assert distributions.normal(draws, 7.0, 0.0).tolist() == [7.0] * 50
    assert distributions.lognormal(draws, 7.0, 0.0).tolist() == [7.0] * 50
    for nothing in (distributions.gamma(draws, 0.0, 1.0), distributions.poisson(draws, 0.0), distributions.negative_binomial(draws, -1.0, 1.0)):
        assert nothing.tolist() == [0.0] * 50
    # Where the variance does not exceed the mean, the count is Poisson.
    assert distributions.negative_binomial(draws, 9.0, 3.0).tolist() == distributions.poisson(draws, 9.0).tolist()
    mixed = distributions.negative_binomial(draws, 9.0, np.where(np.arange(50) % 2, 3.0, 6.0))
    assert mixed[1::2].tolist() == distributions.poisson(draws[1::2], 9.0).tolist()
    assert mixed[::2].tolist() == distributions.negative_binomial(draws[::2], 9.0, 6.0).tolist()
    assert distributions.poisson(np.zeros(0), 5.0).shape == (0,)


def test_discrete_values_come_with_their_probabilities() -> None:
    values, probabilities = [4.0, 1.0, 9.0, 2.0], [0.5, 0.2, 0.0, 0.3]
    drawn = distributions.discrete(DRAWS, values, probabilities)
    for value, probability in zip(values, probabilities, strict=True):
        share = (drawn == value).mean()
        assert abs(share - probability) <= 4.0 * (probability * (1.0 - probability) / MANY) ** 0.5
    assert [float(distributions.discrete(float(one), values, probabilities)) for one in DRAWS[:100]] == drawn[:100].tolist()
    # Ten tenths do not add up to 1, yet the last value is never beyond the end, and never one that cannot be.
    assert distributions.discrete(LARGEST, np.arange(11), [0.1] * 10 + [0.0]) == 9.0
    assert distributions.discrete(0.3, [5], [2]) == 5.0


@pytest.mark.parametrize("probabilities", [[1.0], [0.5, -0.5], [0.0, 0.0], [np.nan, 1.0], [np.inf, 1.0]])
def test_impossible_probabilities_are_refused(probabilities: list[float]) -> None:
    with pytest.raises(UsageError, match="probabilities"):
        distributions.discrete(0.5, [1.0, 2.0], probabilities)
