"""Factors: what may be given for one, what its values are, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import chainwright as cw
from chainwright.experiment.designs.factors import (
    Factor,
    between,
    factors_of,
    parse_factor,
)

TIME = "lanes.*.transport_time"
LEVEL = "policies.place_orders.default.level"
POLICY = "policies.place_orders.default.policy"


def refusal(given: Any) -> str:
    with pytest.raises(cw.UsageError) as caught:
        factors_of(given)
    return str(caught.value)


def refused(text: str) -> str:
    with pytest.raises(cw.UsageError) as caught:
        parse_factor(text)
    return str(caught.value)


def one(given: Any, name: str = TIME) -> Factor:
    return factors_of({name: given})[0]


# --- what may be given ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("given", [[1, 2, 4], (1, 2, 4), np.array([1, 2, 4]), iter([1, 2, 4]), "1,2,4", " 1 , 2 , 4 "])
def test_lists_of_all_sorts_give_the_same_factor(given: Any) -> None:
    factor = one(given)
    assert (factor.kind, factor.values, factor.paths) == ("values", (1, 2, 4), (TIME,))
    assert factor.settings(2) == ({TIME: 2}, None)
    assert not factor.structural


def test_values_may_be_whatever_stands_in_a_scenario_file() -> None:
    factor = one([[4, 4], [4], {"distribution": "uniform", "low": 1, "high": 3}, None, True])
    assert factor.values == ([4, 4], [4], {"distribution": "uniform", "low": 1, "high": 3}, None, True)
    assert factor.structural
    assert type(one(np.array([2, 3])).values[0]) is int


def test_ranges_of_all_sorts() -> None:
    assert one(between(10, 30, whole=True)) == one("10..30") == one({"low": 10, "high": 30, "whole": True})
    assert one(between(10, 30)) == one("10.0..30.0") == one({"low": 10, "high": 30})
    assert one("1..1000 log").log
    assert one("10..30 step 5").values == (10, 15, 20, 25, 30)
    assert one("10 .. 30 step 7").values == (10, 17, 24)
    # Counted in decimals as they are written, not in binary fractions that add up errors.
    assert one("0.1..0.9 step 0.2").values == (0.1, 0.3, 0.5, 0.7, 0.9)
    assert one("-5..5").low == -5


def test_places_of_a_whole_range_are_equal_slices() -> None:
    factor = one("10..12")
    assert factor.at_all([0.0, 0.33, 0.34, 0.66, 0.67, 1.0]) == [10, 10, 11, 11, 12, 12]
    assert all(type(value) is int for value in factor.at_all([0.0, 1.0]))


def test_places_of_a_logarithmic_range() -> None:
    assert one("1.0..10000.0 log").at_all([0.0, 0.5, 1.0]) == pytest.approx([1.0, 100.0, 10000.0])
    drawn = one("1..100 log").at_all(np.linspace(0.0, 1.0, 1001))
    assert (min(drawn), max(drawn)) == (1, 100)
    assert sum(value <= 10 for value in drawn) == pytest.approx(1001 * np.log(11) / np.log(101), abs=2)


@pytest.mark.parametrize(
    "text, frozen",
    [
        ("normal(50, 8)", stats.norm(50, 8)),
        ("uniform(2, 6)", stats.uniform(2, 4)),
        ("triangular(1, 2, 5)", stats.triang(0.25, 1, 4)),
        ("lognormal(3, 4)", stats.lognorm(np.sqrt(np.log1p(16 / 9)), scale=3 / np.sqrt(1 + 16 / 9))),
        ("gamma(6, 3)", stats.gamma(4, scale=1.5)),
        ("exponential(4)", stats.expon(scale=4)),
        ("pareto(2, 3)", stats.pareto(3, scale=2)),
        ("beta(0.3, 0.1)", stats.beta(0.3 * 20, 0.7 * 20)),  # .3 * .7 / .01 - 1 = 20
        ("beta(mean=13, deviation=1, low=10, high=20)", stats.beta(0.3 * 20, 0.7 * 20, 10, 10)),
    ],
)
def test_distributions_are_those_of_scipy(text: str, frozen: Any) -> None:
    places = np.array([0.01, 0.2, 0.5, 0.9, 0.999])
    assert one(text).at_all(places) == pytest.approx(frozen.ppf(places), rel=1e-9)
    assert one(frozen).at_all(places) == pytest.approx(frozen.ppf(places), rel=1e-12)


@pytest.mark.parametrize("text, frozen", [("poisson(20)", stats.poisson(20)), ("negative_binomial(20, 10)", stats.nbinom(5, 0.2))])
def test_counts_are_whole_numbers(text: str, frozen: Any) -> None:
    places = np.linspace(0.01, 0.99, 25)
    for made in (one(text), one(frozen)):
        assert made.at_all(places) == [int(value) for value in frozen.ppf(places)]
        assert type(made.at(0.5)) is int


def test_beta_has_its_mean_and_deviation() -> None:
    values = np.array(one("beta(mean=13, deviation=1, low=10, high=20)").at_all((np.arange(20000) + 0.5) / 20000))
    assert (values.mean(), values.std()) == pytest.approx((13.0, 1.0), rel=1e-3)


def test_a_distribution_may_be_cut_and_whole() -> None:
    assert one("normal(5, 10, at_least=0, at_most=9)").at_all([0.0, 1.0]) == [0.0, 9.0]
    assert one("normal(5, 3, whole=true)").at(0.6) == 6
    assert np.isfinite(one("normal(5, 3)").at_all([0.0, 1.0])).all()


def test_variants() -> None:
    for said in (["base", "pass_on"], [None, "pass_on"], "base, pass_on"):
        factor = factors_of({"variant": said})[0]
        assert factor.kind == "variant"
        assert factor.structural
        assert [factor.settings(value) for value in factor.values] == [({}, None), ({}, "pass_on")]


def test_labelled_settings() -> None:
    plan = {"cautious": {LEVEL: 30, TIME: 1}, "bold": {LEVEL: 10}, "as it is": {}}
    factor = factors_of({"plan": plan})[0]
    assert factor.values == ("cautious", "bold", "as it is")
    assert factor.settings("cautious") == ({LEVEL: 30, TIME: 1}, None)
    assert factor.settings("as it is") == ({}, None)
    assert factor.every_path == (LEVEL, TIME)
    assert factor.structural
    with pytest.raises(cw.UsageError, match="did you mean 'cautious'"):
        factor.settings("cautous")


def test_labels_may_be_called_like_the_words_of_a_range() -> None:
    factor = factors_of({"stock": {"low": {LEVEL: 10}, "high": {LEVEL: 30}}})[0]
    assert factor.settings("high") == ({LEVEL: 30}, None)


def test_whole_parts_of_a_scenario_have_labels_too() -> None:
    factor = factors_of({"population": {"tree": {"generator": "tree"}, "row": {"generator": "serial"}}})[0]
    assert factor.settings("row") == ({"population": {"generator": "serial"}}, None)


def test_a_factor_may_have_a_name_of_its_own() -> None:
    factor = factors_of({"level": {"path": LEVEL, "low": 10, "high": 30, "whole": True}})[0]
    assert (factor.name, factor.settings(12)) == ("level", ({LEVEL: 12}, None))
    assert factors_of({"level": {"path": LEVEL, "values": [1, 2]}})[0].values == (1, 2)
    assert factors_of({"level": {"path": LEVEL, "distribution": "normal", "mean": 5, "deviation": 1}})[0].at(0.5) == pytest.approx(5.0)


# --- levels and ends ----------------------------------------------------------------------------------------------------


def test_levels_ends_and_middle() -> None:
    assert one("10..30").levels(3) == [10, 20, 30]
    assert one("1.0..100.0 log").levels(3) == pytest.approx([1.0, 10.0, 100.0])
    assert one("1.0..100.0 log").middle() == pytest.approx(10.0)
    assert one("normal(50, 8)").levels(4) == pytest.approx(stats.norm(50, 8).ppf([0.125, 0.375, 0.625, 0.875]).tolist())
    assert one("normal(50, 8)").ends() == pytest.approx(tuple(stats.norm(50, 8).ppf([0.1, 0.9])))
    assert (one([4, 8]).ends(), one([4, 8]).middle(), one([4, 7]).middle()) == ((4, 8), 6, 5.5)
    with pytest.raises(cw.UsageError, match="no 5 different values"):
        one("1..3").levels(5)
    with pytest.raises(cw.UsageError, match="has 3 values, but two levels are needed"):
        one([1, 2, 3]).ends()
    with pytest.raises(cw.UsageError, match="no middle"):
        one(["a", "b"], POLICY).middle()


# --- mistakes -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text, told",
    [
        (f"{TIME}=", "expected PATH=VALUES"),
        ("nothing", "expected PATH=VALUES"),
        ("=3", "expected PATH=VALUES"),
        ("a..b=3", "cannot read the path 'a..b'"),
        ("x=1,,2", "a value is missing between the commas"),
        ("x=1,2,1.0", "the value 1.0 is given twice"),
        ("x=30..10", "low of a range must be below high, got 30 and 10; did you mean 10..30?"),
        ("x=10..10", "low of a range must be below high"),
        ("x=10..", "cannot read the range '10..'"),
        ("x=10..many", "cannot read the range '10..many'"),
        ("x=0..10 log", "must lie above 0"),
        ("x=1..10 stp 2", "expected `step 5` or `log`"),
        ("x=1..10 step 0", "step of a range must be above 0"),
        ("x=1..10 step 2 log", "expected one of the two"),
        ("x=norml(50, 8)", "no distribution is called 'norml'; did you mean 'normal'?"),
        ("x=normal(50, devation=8)", "distribution 'normal' has no 'devation'; did you mean 'deviation'?"),
        ("x=normal(50)", "distribution 'normal' needs 'deviation'"),
        ("x=normal(50, 8, 3)", "normal takes mean and deviation, got 3 values"),
        ("x=normal(mean=1, mean=2)", "'mean' is given twice"),
        ("x=normal(50, mean=2)", "'mean' is given twice"),
        ("x=normal(mean=1, 2)", "name it too"),
        ("x=normal(50, 0)", "never varies"),
        ("x=normal(50, wide)", "expected a number"),
        ("x=uniform(3, 3)", "low (3) must be below high (3)"),
        ("x=uniform(3, 1)", "less than low (3)"),
        ("x=triangular(1, 9, 5)", "less than mode (9)"),
        ("x=lognormal(-3, 1)", "less than 0"),
        ("x=beta(0.5, 0.6)", "deviation must lie between 0 and 0.5"),
        ("x=beta(2, 0.6)", "mean must lie between 0 and 1"),
        ("x=negative_binomial(9, 3)", "above the square root of mean"),
        ("variant=1..3", "variants are named one by one"),
        ("variant=1,2", "expected names of variants"),
    ],
)
def test_a_text_that_is_no_factor_is_told_in_one_line(text: str, told: str) -> None:
    said = refused(text)
    assert told in said
    assert "\n" not in said


@pytest.mark.parametrize(
    "given, told",
    [
        ([], "no value is given"),
        ({}, "no value is given"),
        ([1, 2, 2.0], "the value 2.0 is given twice"),
        ([1.0, float("nan")], "a value is missing (nan)"),
        ([object()], "cannot stand in a scenario file"),
        ({1, 2}, "a set has no order"),
        ([1, between(1, 3)], "stands alone"),
        ({"policy": "base_stock", "level": 20}, "a single value that is a mapping stands in a list"),
        ({"low": 1}, "a range needs high"),
        ({"low": 1, "high": 3, "whole": "yes"}, "must be true or false"),
        ({"low": 1, "high": 3, "path": TIME, "lg": True}, "a factor has no 'lg'; did you mean 'log'?"),
        ({"distribution": "triangular", "low": 1, "high": 3}, "needs 'mode'"),
        (stats.norm([1, 2], 3), "must be single numbers"),
        (stats.norm(1, -3), "make no distribution"),
        ({"scipy": "norm", "keywords": {"mean": 3}}, "does not take these parameters"),
        ({"scipy": "nrm"}, "scipy.stats has no distribution 'nrm'"),
        ({"distribution": "normal", "mean": 1e308, "deviation": 1e308}, "too large"),
        ({"low": 1, "high": 10**400}, "high of a range must be a number"),
        (stats.bernoulli(0.9999), "never varies"),
        (stats.rv_histogram((np.ones(2), np.arange(3.0))).freeze(), "no distribution of scipy.stats"),
    ],
)
def test_a_value_that_is_no_factor_is_told_in_one_line(given: Any, told: str) -> None:
    said = refusal({TIME: given})
    assert told in said
    assert "\n" not in said


@pytest.mark.parametrize(
    "low, high, told", [(3, 1, "below high"), ("a", 1, "must be a number"), (0, 5, "above 0"), (1, float("inf"), "must be a number")]
)
def test_between_refuses_what_is_no_range(low: Any, high: Any, told: str) -> None:
    with pytest.raises(cw.UsageError, match=told):
        between(low, high, log=True)


def test_labelled_settings_that_mean_nothing_are_refused() -> None:
    assert "expected values by path" in refusal({"plan": {"bold": 3}})
    assert "no label sets anything" in refusal({"plan": {"bold": {}}})
    assert "two labels set the same" in refusal({"plan": {"bold": {LEVEL: 3}, "wild": {LEVEL: 3.0}}})
    assert "cannot read the path" in refusal({"plan": {"bold": {"a..b": 3}}})
    assert "expected a mapping" in refusal([3])
    assert "expected a mapping" in refusal("x=3")
    assert "expected a list of variants" in refusal({"variant": {"low": 1, "high": 3}})


def test_all_mistakes_are_told_at_once() -> None:
    said = refusal({TIME: [], LEVEL: "5..1", "horizon": [1, 2]}).splitlines()
    assert len(said) == 2
    assert said[0].startswith(f"factor {TIME!r}: no value")


def test_one_path_in_two_spellings_is_given_twice() -> None:
    assert "is given twice" in refusal({"lanes.a>b.price": [1, 2], 'lanes."a > b".price': [3, 4]})
    assert "is given twice" in refusal([parse_factor("horizon=1,2"), parse_factor("horizon=3,4")])
    assert f"{LEVEL} is set by factor 'plan' too" in refusal({"plan": {"bold": {LEVEL: 3}}, LEVEL: [1, 2]})


def test_a_factor_that_overwrites_an_earlier_one_is_refused() -> None:
    general, special = "policies.place_orders.default", LEVEL
    entries = [{"policy": "base_stock", "level": 3}, {"policy": "pass_on"}]
    assert "give it first" in refusal({special: [1, 2], general: entries})
    assert len(factors_of({general: entries, special: [1, 2]})) == 2
    assert "overwrites it; give it first" in refusal({"lanes.a>b.price": [1, 2], "lanes.*.price": [3, 4]})
    assert len(factors_of({"lanes.*.price": [3, 4], "lanes.a>b.price": [1, 2]})) == 2


def test_a_policy_and_its_parameters_go_together_in_any_order() -> None:
    assert len(factors_of({LEVEL: [1, 2], POLICY: ["base_stock", "min_max"]})) == 2
    assert len(factors_of({POLICY: ["base_stock", "min_max"], LEVEL: [1, 2]})) == 2


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_values_rise_with_their_places(first: float, second: float) -> None:
    low, high = sorted([first, second])
    for text in ("1..7", "0.5..8.0", "1..90 log", "normal(5, 2)", "poisson(7)", "beta(0.2, 0.1)", "1,2,3"):
        values = one(text).at_all([low, high])
        assert values[0] <= values[1]
