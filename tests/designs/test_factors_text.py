"""Factors there and back: as texts, in design files, and as facts that JSON can hold."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import chainwright as cw
from chainwright.experiment.designs.factors import Factor, between, factor_given, factor_of_facts, factor_said, factor_text, factors_of, parse_factor
from chainwright.scenario.write.yaml_text import write_document

TIME = "lanes.*.transport_time"
LEVEL = "policies.place_orders.default.level"


def one(given: Any) -> Factor:
    return factors_of({TIME: given})[0]


words = st.text("abcxyz _-.,'\"[]{}()=:>#*O1", min_size=1, max_size=12)
scalars = st.one_of(
    st.integers(-(10**9), 10**9), st.floats(allow_nan=False, allow_infinity=False), st.booleans(), st.none(), words
)
documents = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, min_size=1, max_size=3), max_leaves=6)


def unique(values: list[Any]) -> bool:
    try:
        factors_of({TIME: values})
    except cw.UsageError:
        return False
    return True


@given(st.lists(documents, min_size=1, max_size=5).filter(unique))
def test_listed_values_are_read_back_from_their_text(values: list[Any]) -> None:
    factor = one(values)
    assert parse_factor(factor_text(factor)) == factor


@given(st.integers(-1000, 1000), st.integers(1, 1000), st.booleans())
def test_whole_ranges_are_read_back_from_their_text(low: int, width: int, log: bool) -> None:
    factor = one(between(low, low + width, whole=True, log=log and low > 0))
    assert parse_factor(factor_text(factor)) == factor


@given(st.floats(1e-290, 1e290), st.floats(1.01, 1e5), st.booleans(), st.booleans())
def test_ranges_are_read_back_from_their_text(low: float, times: float, negative: bool, log: bool) -> None:
    ends = (-low * times, -low) if negative else (low, low * times)
    factor = one(between(*ends, log=log and not negative))
    assert parse_factor(factor_text(factor)) == factor


FACTORS: dict[str, Any] = {
    "list": {TIME: [1, 2.5, "a", None, [4, 4], {"a": 1}]},
    "one mapping": {"policies.place_orders.default": [{"policy": "pass_on"}]},
    "range": {TIME: "1..5"},
    "logarithm": {TIME: "0.5..5.0 log"},
    "distribution": {TIME: "normal(50, 8, at_least=0)"},
    "choice": {TIME: "choice([1, 2], [0.3, 0.7])"},
    "scipy": {TIME: stats.norm(50, scale=8)},
    "variants": {"variant": ["base", "pass_on"]},
    "settings": {"plan": {"cautious": {LEVEL: 30, TIME: [1, 2]}, "bold": {}}},
    "documents": {"population": {"tree": {"generator": "tree"}, "row": {"generator": "serial"}}},
    "named range": {"level": {"path": LEVEL, "low": 10, "high": 30}},
    "named list": {"level": {"path": LEVEL, "values": [10, 30]}},
    "named distribution": {"level": {"path": LEVEL, "distribution": "beta", "mean": 0.5, "deviation": 0.1}},
}


@pytest.mark.parametrize("given", FACTORS.values(), ids=FACTORS)
def test_facts_are_json_and_lead_back(given: dict[str, Any]) -> None:
    factor = factors_of(given)[0]
    assert factor_of_facts(json.loads(json.dumps(factor.facts()))) == factor


@pytest.mark.parametrize("given", FACTORS.values(), ids=FACTORS)
def test_what_stands_in_a_design_file_leads_back(given: dict[str, Any]) -> None:
    factor = factors_of(given)[0]
    assert factor_given(factor.name, factor_said(factor)) == factor
    assert write_document({"factors": {factor.name: factor_said(factor)}})


@pytest.mark.parametrize("given", [one for name, one in FACTORS.items() if name != "scipy"], ids=[name for name in FACTORS if name != "scipy"])
def test_texts_lead_back(given: dict[str, Any]) -> None:
    factor = factors_of(given)[0]
    assert parse_factor(factor_text(factor)) == factor


def test_facts_that_are_none_are_refused() -> None:
    for facts in ({}, {"name": "x", "kind": "cube"}, {"name": "x", "kind": "range"}, {"name": "x", "kind": "settings", "settings": 3}):
        with pytest.raises(cw.UsageError):
            factor_of_facts(facts)


def test_a_scipy_distribution_has_no_text() -> None:
    with pytest.raises(cw.UsageError, match="write it in Python"):
        factor_text(one(stats.norm(1, 2)))
