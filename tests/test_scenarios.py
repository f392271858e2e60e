"""Every shipped scenario and variant runs and keeps its promises; those with a closed form land on it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import chainwright as cw
from tests.shipped import SMALLER, shipped

SCENARIOS = sorted(path.stem for path in (Path(__file__).resolve().parent.parent / "scenarios").glob("*.yaml"))
VARIANTS = [(name, variant) for name in SCENARIOS for variant in shipped(name).variants]
SEATS = ["retailer", "wholesaler", "distributor", "brewery"]


def test_all_are_shipped() -> None:
    assert SCENARIOS == [
        "battery",
        "beer_game",
        "bulldozer",
        "firm_network",
        "information_sharing",
        "newsvendor",
        "one_warehouse_or_nine",
        "serial_textbook",
        "ten_thousand",
        "two_sources",
    ]


@pytest.mark.parametrize("name", SCENARIOS)
def test_it_says_where_it_comes_from_and_what_it_assumes(name: str) -> None:
    document = shipped(name).document
    assert document["title"]
    assert document["source"]
    assert "assumption" in document["description"].lower()


@pytest.mark.parametrize("name", SCENARIOS)
def test_it_holds_every_invariant(name: str) -> None:
    scenario = shipped(name)
    periods = min(int(scenario.document["horizon"]), 180)
    result = cw.run(scenario, runs=2, periods=periods, check=True)
    assert len(result.summary) == 2
    assert np.isfinite(result.summary["total_cost"]).all()


@pytest.mark.parametrize(("name", "variant"), VARIANTS)
def test_every_variant_runs_and_makes_a_difference(name: str, variant: str) -> None:
    scenario = shipped(name)
    periods = min(int(scenario.document["horizon"]), 180)
    changed = cw.run(scenario.variant(variant), periods=periods, check=True).items
    before = cw.run(scenario, periods=periods).items
    assert not changed.equals(before)


def item_costs(result: cw.Result) -> list[float]:
    """Total cost of the four seats of the beer game."""
    items = result.items.set_index("enterprise")
    return [float(items.loc[seat, "total_cost"]) for seat in SEATS]


def test_the_textbook_beer_game_costs_204() -> None:
    result = cw.run(cw.load("beer_game").variant("textbook"))
    assert item_costs(result) == [46.0, 50.0, 54.0, 54.0]


def test_base_stock_in_the_beer_game_costs_180() -> None:
    assert item_costs(cw.run(cw.load("beer_game").variant("base_stock"))) == [36.0, 44.0, 52.0, 48.0]


def test_passing_orders_on_in_the_beer_game_costs_792() -> None:
    assert item_costs(cw.run(cw.load("beer_game").variant("pass_on"))) == [330.0, 242.0, 154.0, 66.0]


def test_the_beer_game_amplifies_and_sharing_demand_calms_it() -> None:
    def ratios(variant: str | None) -> list[float]:
        scenario = cw.load("beer_game") if variant is None else cw.load("beer_game").variant(variant)
        items = cw.run(scenario).items.set_index("enterprise")
        return [float(items.loc[seat, "bullwhip_ratio_to_end_demand"]) for seat in SEATS]

    alone, shared, short = ratios(None), ratios("shared_demand"), ratios("short_lead_time")
    assert alone == sorted(alone)
    assert alone[0] > 1
    assert shared[-1] < alone[-1]
    assert short[-1] < alone[-1]


def test_the_newsvendor_costs_what_the_formula_says() -> None:
    result = cw.run("newsvendor", runs=60)
    periods = result.periods - 100
    cost = result.summary["total_cost"].to_numpy() / periods
    assert abs(cost.mean() - 1.997605) < 4 * cost.std(ddof=1) / np.sqrt(len(cost))


def test_the_serial_system_costs_what_the_book_says() -> None:
    result = cw.run("serial_textbook", runs=60)
    periods = result.periods - 100
    cost = result.summary["total_cost"].to_numpy() / periods
    # The published optimum is itself known to 0.003 only.
    assert abs(cost.mean() - 47.657) < 0.003 + 4 * cost.std(ddof=1) / np.sqrt(len(cost))
    transit = result.summary["in_transit_holding_cost"].to_numpy() / periods
    assert abs(transit.mean() - 30.0) < 4 * transit.std(ddof=1) / np.sqrt(len(transit))


def test_one_warehouse_needs_a_third_of_the_safety_stock() -> None:
    def stock(variant: str | None) -> float:
        scenario = cw.load("one_warehouse_or_nine")
        items = cw.run(scenario if variant is None else scenario.variant(variant), runs=30).items
        kept = items[items["role"].isin(["retailer", "distributor"])]
        # Net stock, on hand less backorder, is the safety stock on average.
        return float((kept["on_hand_mean"] - kept["backorder_mean"]).sum() / 30)

    nine, one = stock(None), stock("one_warehouse")
    assert nine == pytest.approx(592.2, rel=0.01)
    assert one == pytest.approx(197.4, rel=0.03)


def test_the_second_source_is_worth_something() -> None:
    def cost(variant: str | None) -> float:
        scenario = cw.load("two_sources")
        return float(cw.run(scenario if variant is None else scenario.variant(variant), runs=10).summary["total_cost"].mean())

    assert cost("undisturbed") < cost(None) < cost("single_source") < cost("near_only")


@pytest.mark.parametrize(("name", "role", "least"), [("battery", "distributor", 0.93), ("bulldozer", "manufacturer", 0.93)])
def test_the_real_chains_serve_their_customers(name: str, role: str, least: float) -> None:
    items = cw.run(name, runs=20).items
    last = items[(items["role"] == role) & (items["product"].isin(["pack_a", "pack_b", "pack_c", "bulldozer"]))]
    served = float(np.average(last["fill_rate"], weights=last["demand_mean"]))
    assert least < served < 0.995


def test_the_real_chains_keep_the_published_demand() -> None:
    items = cw.run("battery", runs=60).items
    packs = items[(items["enterprise"] == "central_dc") & (items["product"] == "pack_a")]["demand_mean"]
    assert abs(packs.mean() - 43422) < 4 * packs.std(ddof=1) / np.sqrt(len(packs))


@pytest.mark.slow
def test_networks_of_thousands_run_at_their_full_size() -> None:
    sizes = {}
    for name in SMALLER:
        scenario = cw.load(name).with_({"warm_up": 0})
        sizes[name] = scenario.counts["enterprises"]
        assert np.isfinite(cw.run(scenario, periods=3, check=True).summary["total_cost"]).all()
    assert sizes["ten_thousand"] == 10_000
    assert sizes["firm_network"] > 150_000


def test_a_network_of_firms_is_in_balance_until_an_industry_closes() -> None:
    def fill_rates(variant: str | None) -> np.ndarray:
        scenario = shipped("firm_network") if variant is None else shipped("firm_network").variant(variant)
        timeline = cw.run(scenario).timeline
        assert timeline is not None
        sums = timeline.groupby("period")[["seen", "shipped_in_time"]].sum()
        return (sums["shipped_in_time"] / sums["seen"]).to_numpy()

    calm, hit, lean = fill_rates("undisturbed"), fill_rates(None), fill_rates("lean")
    assert calm.min() > 0.95
    assert (hit[:26] == calm[:26]).all()
    # The shortage is there when the industry has opened again, and goes away in the end.
    assert hit[33:37].mean() < calm[33:37].mean() - 0.02
    assert hit[-10:].mean() > calm[-10:].mean() - 0.01
    assert lean.mean() < hit.mean()


def test_orders_of_thousands_swing_more_layer_by_layer_and_less_where_demand_is_shared() -> None:
    def ratios(variant: str) -> list[float]:
        echelons = cw.run(shipped("ten_thousand").variant(variant)).echelons
        return [float(one) for one in echelons["bullwhip_ratio_to_end_demand"].dropna()]

    alone, shared = ratios("undisturbed"), ratios("shared_demand")
    assert alone == sorted(alone)
    assert alone[0] > 1
    assert shared[-1] < alone[-1]
