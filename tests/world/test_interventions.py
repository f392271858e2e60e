"""Changes in mid-run: from a period on another scenario holds, and what is in the world stays."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import chainwright as cw
from chainwright.words.subjects import SCHEMA


def panel(scenario: cw.Scenario, **options: Any) -> pd.DataFrame:
    """Orders and stock of a run, by period and enterprise."""
    found = cw.run(scenario, record=["orders", "on_hand", "backorder", "received"], check=True, **options).panel
    assert found is not None
    return found


def test_an_intervention_that_changes_nothing_changes_no_bit() -> None:
    for name in ("beer_game", "battery", "two_sources"):
        scenario = cw.load(name).with_({"horizon": 40, "warm_up": 0})
        plain = panel(scenario, runs=2)
        touched = panel(scenario, runs=2, interventions=[(9, _same(scenario))])
        pd.testing.assert_frame_equal(plain, touched, check_exact=True)


def _same(scenario: cw.Scenario) -> dict[str, Any]:
    """A setting that says what holds anyway."""
    first = scenario.document["lanes"][0]
    return {"lanes.0.price": first.get("price", 0.0)}


def test_a_parameter_changes_from_its_period_on() -> None:
    scenario = cw.load("beer_game").variant("base_stock")
    plain = panel(scenario)
    changed = panel(scenario, interventions=[(10, {"policies.place_orders.retailer.level": 60})])
    before = plain["period"] < 10
    pd.testing.assert_frame_equal(plain[before], changed[before], check_exact=True)
    at = (plain["period"] == 10) & (plain["enterprise"] == "retailer")
    level = scenario.document["policies"]["place_orders"]
    assert float(changed[at]["orders"].iloc[0]) == pytest.approx(float(plain[at]["orders"].iloc[0]) + 60 - _level(level), abs=1e-12)


def _level(entries: dict[str, Any]) -> float:
    return float(entries.get("retailer", {}).get("level", entries["default"]["level"]))


def test_another_policy_takes_over_and_the_others_keep_their_memory() -> None:
    scenario = cw.load("beer_game")
    plain = panel(scenario)
    changed = panel(scenario, interventions=[(12, {"policies.place_orders.brewery": {"policy": "pass_on"}})])
    others = plain["enterprise"].isin(["drinkers", "retailer"])
    # Two weeks pass before a different brewery can be felt two seats further down.
    near = others & (plain["period"] <= 15)
    pd.testing.assert_frame_equal(plain[near], changed[near], check_exact=True)
    brewery = changed["enterprise"] == "brewery"
    asked = changed[(changed["enterprise"] == "distributor") & (changed["period"] == 13)]["orders"].iloc[0]
    assert float(changed[brewery & (changed["period"] == 15)]["orders"].iloc[0]) == pytest.approx(float(asked))


def test_a_longer_way_keeps_what_is_under_way() -> None:
    scenario = cw.load("beer_game").variant("pass_on")
    longer = {"lanes.wholesaler>retailer.transport_time": 5}
    plain, changed = (table[table["enterprise"] == "retailer"] for table in (panel(scenario), panel(scenario, interventions=[(6, longer)])))
    # What left by period 5 arrives by period 7 as before; what left in 6 arrives in 11 instead of 8, and nothing comes in between.
    received = changed.set_index("period")["received"]
    pd.testing.assert_series_equal(received.loc[:7], plain.set_index("period")["received"].loc[:7], check_exact=True)
    assert (received.loc[8:10] == 0).all()
    assert received.loc[11] == plain.set_index("period")["received"].loc[8] > 0


def test_what_cannot_change_in_mid_run_is_refused_before_anything_runs() -> None:
    scenario = cw.load("beer_game")
    for settings in (
        {"lanes.0.order_delay": 2},
        {"enterprises.retailer.items.beer.on_hand": 50},
        {"horizon": 60},
        {"enterprises.retialer.items.beer.holding_cost": 1},
    ):
        with pytest.raises(cw.ChainwrightError):
            cw.run(scenario, interventions=[(5, settings)])


def test_a_disruption_by_hand_is_an_intervention() -> None:
    scenario = cw.load("beer_game")
    closure = {"kind": "closure", "target": {"enterprise": "brewery"}, "start": 12, "duration": 4}
    by_hand = panel(scenario, interventions=[(12, {"disruptions": [closure]})])
    scheduled = panel(scenario.with_({"disruptions": [closure]}))
    pd.testing.assert_frame_equal(by_hand, scheduled, check_exact=True)


@pytest.mark.parametrize(
    "settings",
    [
        {"enterprises.*.items.*.holding_cost": 0, "enterprises.*.items.*.backorder_cost": 0},
        {"enterprises.*.items.*.holding_cost": 2.5},
        {"enterprises.*.items.*.ordering_cost": 7},
        {"lanes.*.price": 3},
        {"lanes.*.in_transit_holding_cost": 0.5},
        {"enterprises.retailer.items.beer.unmet_demand": "lost"},
        {"enterprises.wholesaler.items.beer.unmet_demand": "cancelled", "enterprises.wholesaler.items.beer.cancel_rate": 0.5},
        {"enterprises.wholesaler.items.beer.order_cap": 5},
        {"enterprises.retailer.items.beer.minimum_order": 9},
        {"products.beer.whole_units": True},
        {"lanes.wholesaler>retailer.transport_time": 4},
        {"lanes.brewery>distributor.order_delay": 3},
        {"lanes.wholesaler>retailer.active": False},
        {"visibility.end_demand": "partner"},
        {"policies.place_orders.default.stock_adjustment": 0.9},
    ],
    ids=str,
)
def test_every_kind_of_change_takes_effect_in_its_period_and_not_before(settings: dict[str, Any]) -> None:
    """Changed in period 9: as unchanged before; and as if it had held from the start where it was made to matter later only."""
    scenario = cw.load("beer_game")
    record = ["on_hand", "orders", "backorder", "lost", "received", "purchase_cost_paid", "holding_cost_paid", "ordering_cost_paid"]
    record += ["in_transit_holding_cost_paid", "backorder_cost_paid"]
    plain, changed = (cw.run(scenario, record=record, check=True, interventions=asked) for asked in ([], [(9, settings)]))
    assert plain.panel is not None
    assert changed.panel is not None
    before = plain.panel["period"] < 9
    pd.testing.assert_frame_equal(plain.panel[before], changed.panel[before], check_exact=True)
    assert not plain.panel[~before].equals(changed.panel[~before])
    # The streaming sums follow the panel also where a feature comes or goes.
    for column in ("holding_cost", "ordering_cost", "purchase_cost", "in_transit_holding_cost", "backorder_cost"):
        sums = changed.panel.groupby("enterprise", sort=False)[f"{column}_paid"].sum()
        ours = changed.items.set_index("enterprise")[column]
        assert ours.to_dict() == pytest.approx(sums.to_dict())


@pytest.mark.parametrize("stop", [3, 8, 14])
def test_going_back_across_changes_in_mid_run_changes_no_bit(stop: int) -> None:
    scenario = cw.load("beer_game")
    changes = dict(scenario.stages([
        (5, {"policies.place_orders.brewery": {"policy": "pass_on"}, "lanes.*.price": 2}),
        (11, {"lanes.wholesaler>retailer.transport_time": 4, "enterprises.retailer.items.beer.unmet_demand": "lost"}),
    ]))  # fmt: skip
    columns = [column.name for column in SCHEMA.table("items") if column.kind == "state"]
    world = cw.World(scenario.blueprint(), runs=range(2), changes=changes)
    world.step(stop)
    kept = world.snapshot()
    world.step(20 - stop)
    reached = {name: world.items[name].copy() for name in columns}
    world.restore(kept)
    twin = world.copy()
    for one in (world, twin):
        one.step(20 - stop)
        for name, column in reached.items():
            np.testing.assert_array_equal(one.items[name], column, err_msg=name)
