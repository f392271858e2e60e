"""Limits: what is too large is refused in words before anything is made of it."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import chainwright as cw
from chainwright.app.visualiser.serving.limits import Limits, size
from chainwright.app.visualiser.serving.served_pages import new_pages
from chainwright.network.populations import base
from tests.visualiser.conftest import Open, Page

BRANCHES = st.integers(1, 3) | st.just([1, 3])
POPULATIONS = st.one_of(
    st.fixed_dictionaries({"generator": st.just("serial"), "stages": st.integers(1, 6), "chains": st.integers(1, 9)}),
    st.fixed_dictionaries(
        {"generator": st.just("tree"), "depth": st.integers(1, 4), "branching": BRANCHES, "customers_per_retailer": st.integers(1, 3)}
    ),
    st.fixed_dictionaries({"generator": st.just("assembly"), "depth": st.integers(1, 4), "branching": BRANCHES, "customers": st.integers(1, 9)}),
    st.fixed_dictionaries(
        {
            "generator": st.just("layered"),
            **{name: st.integers(1, 30) for name in ("customers", "retailers", "distributors", "manufacturers", "suppliers")},
            "products": st.integers(1, 4),
            "bill_of_materials_depth": st.integers(0, 1),
            "components_per_product": st.integers(1, 3),
            "most_sellers": st.integers(3, 6),
        }
    ),
    st.fixed_dictionaries(
        {"generator": st.just("scale_free"), "firms": st.integers(30, 200), "degree": st.floats(1, 6), "industries": st.integers(2, 6)}
    ),
)


@settings(max_examples=60, deadline=None)
@given(section=POPULATIONS)
def test_a_population_is_never_larger_than_it_is_said_to_be(section: dict[str, Any]) -> None:
    most = size({"population": section})
    made = base.grow(section)
    assert len(made.tables["enterprises"]["name"]) <= most.enterprises
    assert len(made.tables["lanes"]["seller"]) <= most.lanes


UNKNOWN = (
    {"generator": "edges", "file": "x.csv"},
    {"generator": "unknown"},
    {"generator": "serial", "stages": "many"},
    {"generator": "tree", "branching": []},
    {"generator": 7},
)


@pytest.mark.parametrize("section", UNKNOWN)
def test_of_what_nobody_can_tell_the_size_is_endless(section: dict[str, Any]) -> None:
    assert size({"population": section}).enterprises == math.inf


def test_a_network_that_is_too_large_is_refused_and_a_variant_that_fits_is_told(page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    def grown(*given: Any, **options: Any) -> Any:
        raise AssertionError("the network was generated")

    monkeypatch.setattr("chainwright.scenario.resolve.generated.grow", grown)
    one = page()
    line = one.refused("open", scenario="firm_network")
    assert "3,000 are the most" in line
    assert "its variant small would do" in line
    assert "10,000 enterprises" in one.refused("open", scenario="ten_thousand", variant="lean")
    assert one.state.get("busy") is None


def test_a_timeline_that_would_fill_the_memory_is_refused_with_what_fits(page: Open) -> None:
    one = page(Limits(timeline_bytes=3_000_000))
    line = one.refused("open", scenario="battery")
    assert "periods would fit" in line
    assert one.session.open_runs.watched == {}


def test_all_pages_together_have_so_much_memory(page: Open) -> None:
    one = page(Limits(all_bytes=2_000_000))
    one.open("beer_game")
    taken = one.session.registry.bytes
    assert 0 < taken <= 2_000_000
    assert "close other pages" in one.refused("open", scenario="battery")
    assert one.session.registry.bytes <= taken


def test_a_page_too_many_is_told_so(page: Open) -> None:
    registry = new_pages(Limits(sessions=1))
    first, second = Page(registry), Page(registry)
    assert "1 page is open already" in second.refused("hello", fragment="")
    first.open("beer_game")
    registry.close()
    third = Page(registry)
    third.open("beer_game")
    second.session.close()
    registry.close()


def test_jobs_that_are_too_long_are_refused(page: Open) -> None:
    one = page(Limits(runs=50, points=4, all_runs=40, work=500_000))
    timeline = one.open("beer_game")
    path = "policies.place_orders.default.target"
    assert "from 2 to 50 runs" in one.refused("bands", timeline=timeline, runs=51)
    assert "up to 4 points" in one.refused("many", timeline=timeline, factors=[{"path": path, "values": [1, 2, 3, 4, 5]}], runs=1)
    assert "40 runs in all" in one.refused("many", timeline=timeline, factors=[{"path": path, "values": [1, 2]}], runs=30)
    assert "none of the parameters" in one.refused("many", timeline=timeline, factors=[{"path": "horizon", "values": [1000]}], runs=1)
    one.open("battery")
    assert "too much for the page" in one.refused("bands", timeline=one.state["a"], runs=50)


def test_a_shipped_scenario_opens_in_a_moment_where_it_fits(page: Open) -> None:
    one = page()
    for name in ("beer_game", "battery", "bulldozer"):
        timeline = one.open(name)
        assert one.timelines[timeline]["horizon"] == cw.load(name).horizon
        assert len(one.timelines[timeline]["parameters"]) > 3


@pytest.mark.parametrize("number", [10**9, 10**15, 10**300])
def test_a_billion_enterprises_are_counted_and_not_grown(number: int) -> None:
    assert size({"population": {"generator": "tree", "depth": 100, "branching": number}}).enterprises == math.inf
    assert size({"population": {"generator": "serial", "stages": 1000, "chains": number}}).enterprises > 10**11


def test_bands_keep_so_many_rows_at_once(page: Open) -> None:
    echelons, periods = 6, 36
    one = page(Limits(rows=10 * echelons * periods))
    timeline = one.open("beer_game")
    assert one.ask("bands", timeline=timeline, runs=10)[-1]["ended"]
    assert "10 would do" in one.refused("bands", timeline=timeline, runs=11)
    # Of two that are compared both are kept.
    one.ask("branch", timeline=timeline, period=0)
    assert "5 would do" in one.refused("bands", timeline=one.state["a"], runs=6)
    assert one.ask("bands", timeline=one.state["a"], runs=5)[-1]["ended"]
