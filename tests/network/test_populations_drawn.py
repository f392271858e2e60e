"""Parameters that are drawn: distributions, roles, whole numbers, demands, choices of sellers, and what can be wrong with them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from chainwright.network.populations import choosing
from chainwright.network.populations.base import generators, grow
from chainwright.network.populations.choosing import distinct_sellers, heavy_tailed_numbers, numbers_of_sellers, spread_evenly
from chainwright.network.populations.demands import SCALED, demand_mistakes
from chainwright.network.populations.distributed import DISTRIBUTIONS, distributed, draw, mistakes_of, quantile
from chainwright.words.errors import UsageError
from tests.network.growing import world_of

DRAWS = (np.arange(4000) + 0.5) / 4000


def field(name: str = "holding_cost", **said: Any) -> Any:
    made = distributed("Cost", 1.0, **said)
    made.name = name
    return made


@pytest.mark.parametrize("spec, theory", [
    ({"distribution": "uniform", "low": 2.0, "high": 6.0}, stats.uniform(2.0, 4.0)),
    ({"distribution": "normal", "mean": 5.0, "deviation": 2.0}, stats.norm(5.0, 2.0)),
    ({"distribution": "lognormal", "mean": 3.0, "deviation": 4.0}, stats.lognorm(np.sqrt(np.log1p(16 / 9)), scale=3.0 / np.sqrt(1 + 16 / 9))),
    ({"distribution": "gamma", "mean": 3.0, "deviation": 1.5}, stats.gamma(4.0, scale=0.75)),
    ({"distribution": "exponential", "mean": 3.0}, stats.expon(scale=3.0)),
    ({"distribution": "triangular", "low": 1.0, "mode": 2.0, "high": 5.0}, stats.triang(0.25, 1.0, 4.0)),
    ({"distribution": "pareto", "smallest": 2.0, "exponent": 1.3}, stats.pareto(1.3, scale=2.0)),
    ({"distribution": "poisson", "mean": 3.5}, stats.poisson(3.5)),
])  # fmt: skip
def test_quantiles_are_those_of_theory(spec: dict[str, Any], theory: Any) -> None:
    np.testing.assert_allclose(quantile(spec, DRAWS), theory.ppf(DRAWS), rtol=1e-9)


def test_whole_numbers_have_equal_chances() -> None:
    made = quantile({"distribution": "uniform", "low": 1, "high": 4}, DRAWS, whole=True)
    assert np.unique(made, return_counts=True)[1].tolist() == [1000] * 4
    made = quantile({"distribution": "choice", "values": [2, 7], "probabilities": [0.25, 0.75]}, DRAWS)
    assert (made == 2.0).mean() == pytest.approx(0.25)


@given(st.sampled_from(sorted(DISTRIBUTIONS)), st.floats(0.0, 2.0), st.floats(2.0, 9.0))
def test_what_is_drawn_stays_within_bounds(name: str, low: float, high: float) -> None:
    numbers = {"low": low, "mode": low, "high": high, "mean": low, "deviation": high, "smallest": 0.1 + low, "exponent": 1.5, "values": [low, high]}
    spec = {"distribution": name, **{key: numbers[key] for key in DISTRIBUTIONS[name]}, "at_most": 5.0}
    made = quantile(spec, DRAWS, whole=True, minimum=1.0)
    assert made.min() >= 1.0
    assert made.max() <= 5.0


def test_a_row_draws_alone_what_it_draws_in_company() -> None:
    spec = {"distribution": "normal", "mean": 5.0, "deviation": 1.0}
    coordinates = np.arange(50, dtype=np.uint64)
    together = draw(field(), spec, 3, coordinates)
    assert together[[7, 30]].tolist() == draw(field(), spec, 3, coordinates[[7, 30]]).tolist()
    assert not np.array_equal(together, draw(field("backorder_cost"), spec, 3, coordinates))
    assert not np.array_equal(together, draw(field(), spec, 4, coordinates))


def test_roles_may_have_their_own() -> None:
    roles, role = ["customer", "distributor", "retailer"], np.array([0, 1, 2, 2])
    coordinates = np.arange(4, dtype=np.uint64)
    said = {"retailer": {"distribution": "uniform", "low": 5.0, "high": 6.0}, "default": 2.0}
    made = draw(field(), said, 1, coordinates, roles, role, {"customer": 0.0})
    assert made[:2].tolist() == [0.0, 2.0]
    assert ((made[2:] > 5.0) & (made[2:] < 6.0)).all()
    # Who has a distribution of its own moves nobody else's draws.
    everybody = draw(field(), said["retailer"], 1, coordinates)
    assert everybody[2:].tolist() == made[2:].tolist()
    assert draw(field(), {"distributor": 7.0}, 1, coordinates, roles, role, {"customer": 0.0}).tolist() == [0.0, 7.0, 1.0, 1.0]


@pytest.mark.parametrize("said, path, message", [
    ("dear", "holding_cost", "expected a number or a distribution, got 'dear'"),
    (True, "holding_cost", "expected a number or a distribution, got True"),
    (-1.0, "holding_cost", "expected at least 0, got -1"),
    ({}, "holding_cost", "expected a number, a distribution, or values by role, got nothing"),
    ({"low": 1.0, "high": 2.0}, "holding_cost", "'distribution' is missing; expected one of uniform"),
    ({"distribution": "unifrom", "low": 1.0, "high": 2.0}, "holding_cost.distribution", "did you mean 'uniform'?"),
    ({"distribution": "uniform", "low": 1.0}, "holding_cost", "distribution 'uniform' needs 'high'"),
    ({"distribution": "uniform", "low": 3.0, "high": 2.0}, "holding_cost.high", "2 is less than low (3)"),
    ({"distribution": "uniform", "low": -3.0, "high": 2.0}, "holding_cost.low", "expected at least 0, got -3"),
    ({"distribution": "normal", "mean": 1.0, "deviation": -1.0}, "holding_cost.deviation", "-1 is less than 0"),
    ({"distribution": "gamma", "mean": "x", "deviation": 1.0}, "holding_cost.mean", "got 'x'"),
    ({"distribution": "choice", "values": [1, 2], "probabilities": [0.5]}, "holding_cost.probabilities", "2 values need as many probabilities"),
    ({"distribution": "choice", "values": [1, 2], "probabilities": [0.5, 0.6]}, "holding_cost.probabilities", "whose sum is 1"),
    ({"retialer": 1.0}, "holding_cost.retialer", "no role is called 'retialer'; did you mean 'retailer'?"),
    ({"retailer": {"distribution": "exponential"}}, "holding_cost.retailer", "needs 'mean'"),
])  # fmt: skip
def test_mistakes_name_the_place(said: Any, path: str, message: str) -> None:
    found = mistakes_of(field(), said)
    assert [one for one, _ in found] == [path]
    assert message in found[0][1]
    assert generators()["layered"].mistakes({"holding_cost": said}) == found


def test_whole_parameters_want_whole_numbers() -> None:
    found = mistakes_of(field("order_delay", whole=True), {"distribution": "uniform", "low": 1, "high": 2.5})
    assert found == [("order_delay.high", "expected a whole number, got 2.5")]


@pytest.mark.parametrize("said", [
    "constant",
    "poisson",
    {"policy": "normal", "variation": 0.1},
    {"policy": "gamma", "variation": {"distribution": "uniform", "low": 0.1, "high": 1.0}},
    {"policy": "negative_binomial", "variation": 0.6},
    {"policy": "autoregressive", "correlation": 0.5},
    {"policy": "seasonal", "season": 4, "amplitude": 0.2},
    {"policy": "intermittent", "probability": 0.25}, {"policy": "step", "factor": 2.0, "at": 5}, {"policy": "trend", "growth": -0.01},
], ids=lambda said: said if isinstance(said, str) else said["policy"])  # fmt: skip
def test_every_demand_with_a_mean_can_be_had(said: Any) -> None:
    mean = {"distribution": "uniform", "low": 10.0, "high": 30.0}
    population = grow({"generator": "layered", "customers": 400, "retailers": 5, "demand": said, "mean_demand": mean, "cover": 5.0})
    world = world_of(population.tables, population.demand, population, "base_stock")
    demand = []
    for _ in range(4):
        world.step()
        demand.append(world.items.demand[world.items.customer].mean())
    # Means from 10 to 30 have mean 20; what moves around them does so by at most 2 of itself, for 1600 draws.
    assert np.mean(demand) == pytest.approx(20.0, rel=0.2)


def test_all_policies_named_are_tested_above() -> None:
    marks = [mark for mark in test_every_demand_with_a_mean_can_be_had.pytestmark if mark.name == "parametrize"]  # type: ignore[attr-defined]
    assert {said if isinstance(said, str) else said["policy"] for said in marks[0].args[1]} == set(SCALED)


@pytest.mark.parametrize("said, path, message", [
    (5, "demand", "expected the name of a demand policy"),
    ("nromal", "demand", "no demand with a mean is called 'nromal'; did you mean 'normal'?"),
    ({"policy": "replay"}, "demand.policy", "no demand with a mean is called 'replay'"),
    ({"variation": 0.1}, "demand", "'policy' is missing"),
    ({"policy": "step", "at": 3}, "demand", "demand 'step' needs 'factor'"),
    ({"policy": "normal", "variation": -0.1}, "demand.variation", "expected at least 0"),
    ({"policy": "autoregressive", "correlation": 2.0}, "demand.correlation", "from -1 to 1, got 2"),
    ({"policy": "autoregressive", "correlation": 1.0}, "demand", "correlation must lie between -1 and 1"),
    ({"policy": "seasonal"}, "demand", "needs factors, or amplitude and season"),
    ({"policy": "normal", "truncate": "yes"}, "demand.truncate", "expected true or false, got 'yes'"),
    ({"policy": "normal", "mean": 3}, "demand.mean", "demand 'normal' has no 'mean'"),
])  # fmt: skip
def test_mistakes_of_a_demand_name_the_place(said: Any, path: str, message: str) -> None:
    found = demand_mistakes(said)
    assert [one for one, _ in found] == [path]
    assert message in found[0][1]


def test_what_a_policy_refuses_is_told_with_its_name() -> None:
    with pytest.raises(UsageError, match="demand 'negative_binomial': deviation must be above"):
        grow({"generator": "serial", "demand": "negative_binomial", "mean_demand": 2.0})


@settings(deadline=None)
@given(
    counts=st.lists(st.integers(0, 9), min_size=1, max_size=12),
    candidates=st.integers(1, 9),
    seed=st.integers(0, 10**6),
    rounds=st.sampled_from([0, 1, 40]),
)
def test_sellers_are_distinct_allowed_and_as_many_as_there_can_be(counts: list[int], candidates: int, seed: int, rounds: int) -> None:
    """Whether by drawing again or by ranking all."""
    weights = np.random.default_rng(seed).random((len(counts), candidates))
    weights[weights < 0.2] = 0.0
    upto = np.cumsum(weights, axis=1)

    def pick(draws: Any, buyer: Any) -> Any:
        found = np.array([np.searchsorted(upto[b], u * upto[b, -1], side="right") for u, b in zip(draws, buyer, strict=True)], np.int64)
        return np.where(upto[buyer, -1] > 0.0, np.minimum(found, candidates - 1), -1)

    before = choosing.ROUNDS
    try:
        choosing.ROUNDS = rounds
        coordinates = np.arange(len(counts), dtype=np.uint64)
        buyer, seller = distinct_sellers(seed, "test", coordinates, np.array(counts), pick, lambda some: weights[some], candidates)
    finally:
        choosing.ROUNDS = before
    assert (np.diff(buyer) >= 0).all()
    assert len(set(zip(buyer.tolist(), seller.tolist(), strict=True))) == len(buyer)
    assert (weights[buyer, seller] > 0.0).all()
    wanted = np.minimum(counts, (weights > 0.0).sum(axis=1))
    assert np.bincount(buyer, minlength=len(counts)).tolist() == wanted.tolist()


def test_sellers_are_chosen_in_proportion_to_their_weight() -> None:
    upto = np.cumsum([1.0, 2.0, 7.0]) / 10.0
    coordinates = np.arange(20_000, dtype=np.uint64)
    _, seller = distinct_sellers(
        1, "test", coordinates, np.ones(20_000, np.int64), lambda draws, _: np.searchsorted(upto, draws), lambda some: np.ones((len(some), 3)), 3
    )
    expected = 20_000 * np.array([0.1, 0.2, 0.7])
    assert stats.chisquare(np.bincount(seller), expected).pvalue > 1e-4


def test_first_sellers_are_spread_evenly() -> None:
    first = spread_evenly(1, "test", np.arange(100, dtype=np.uint64), 30)
    assert set(np.bincount(first, minlength=30).tolist()) <= {3, 4}
    assert len(np.unique(spread_evenly(1, "test", np.arange(20, dtype=np.uint64), 30))) == 20


@given(st.floats(1.0, 6.0))
def test_numbers_of_sellers_have_the_mean(mean: float) -> None:
    made = numbers_of_sellers(DRAWS, mean, 6)
    assert made.min() >= 1
    assert made.max() <= 6
    assert made.mean() == pytest.approx(mean, abs=0.01)


@given(st.floats(0.2, 8.0), st.floats(1.05, 3.0))
def test_heavy_tailed_numbers_have_the_mean_up_to_the_cut(mean: float, exponent: float) -> None:
    draws = (np.arange(200_000) + 0.5) / 200_000
    assert heavy_tailed_numbers(draws, mean, exponent, 500).mean() == pytest.approx(mean, rel=0.01)
