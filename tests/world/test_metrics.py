"""Metrics against their plain definitions, from the recorded panel of a run."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import chainwright as cw
from chainwright.metrics.definitions import METRICS
from chainwright.metrics.moments import Moments

RECORD = ["demand", "orders", "production_orders", "on_hand", "backorder", "inventory_level", "seen", "shipped_in_time", "lost", "end_demand"]


@pytest.fixture(scope="module")
def result() -> cw.Result:
    scenario = cw.load("battery").with_({"horizon": 60, "warm_up": 10})
    return cw.run(scenario, runs=3, record=RECORD, check=True)


def test_moments_agree_with_scipy() -> None:
    values = np.random.default_rng(1).gamma(2.0, 3.0, (50, 4)) + 1e4
    moments = Moments(4)
    for row in values:
        moments.add(row)
    np.testing.assert_allclose(moments.mean(), values.mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(moments.variance(), stats.tvar(values, axis=0), rtol=1e-9)


def test_item_metrics_follow_their_definitions(result: cw.Result) -> None:
    assert result.panel is not None
    measured = result.panel[result.panel["period"] > 10].copy()
    measured["ordered"] = measured["orders"] + measured["production_orders"]
    measured["short"] = (measured["backorder"] > 1e-9) | (measured["lost"] > 1e-9)
    groups = measured.groupby(["run", "enterprise", "product"])
    items = result.items.set_index(["run", "enterprise", "product"])
    for metric, expected in {
        "demand_mean": groups["demand"].mean(),
        "demand_variance": groups["demand"].var(),
        "orders_variance": groups["ordered"].var(),
        "net_stock_variance": groups["inventory_level"].var(),
        "end_demand_variance": groups["end_demand"].var(),
        "on_hand_mean": groups["on_hand"].mean(),
        "backorder_mean": groups["backorder"].mean(),
    }.items():
        ours = items[metric].reindex(expected.index).to_numpy(float)
        np.testing.assert_allclose(ours, expected.to_numpy(float), rtol=1e-9, atol=1e-7, err_msg=metric)
    sold = items[items["fill_rate"].notna()].index
    fill = groups["shipped_in_time"].sum() / groups["seen"].sum()
    np.testing.assert_allclose(items.loc[sold, "fill_rate"].to_numpy(float), fill.loc[sold].to_numpy(float), rtol=1e-9)
    service = 1.0 - groups["short"].mean()
    known = items[items["cycle_service_level"].notna()].index
    np.testing.assert_allclose(items.loc[known, "cycle_service_level"].to_numpy(float), service.loc[known].to_numpy(float), rtol=1e-12)


def test_the_timeline_sums_the_panel(result: cw.Result) -> None:
    assert result.panel is not None
    assert result.timeline is not None
    keys = result.items[["run", "enterprise", "product", "echelon"]]
    panel = result.panel.merge(keys, on=["run", "enterprise", "product"])
    expected = panel.groupby(["run", "period", "echelon"])["on_hand"].sum()
    ours = result.timeline.set_index(["run", "period", "echelon"])["on_hand"].reindex(expected.index)
    np.testing.assert_allclose(ours.to_numpy(float), expected.to_numpy(float), rtol=1e-9, atol=1e-9)


def test_every_metric_column_is_defined(result: cw.Result) -> None:
    keys = {"run", "enterprise", "product", "role", "echelon"}
    undefined = set(result.items.columns) - keys - set(METRICS)
    assert undefined == set()


def test_end_demand_reaches_the_components_in_their_own_units() -> None:
    scenario = cw.load("bulldozer").with_({"horizon": 5, "warm_up": 0})
    result = cw.run(scenario, record=["end_demand", "demand"])
    assert result.panel is not None
    last = result.panel[result.panel["period"] == 5]
    end = last.merge(result.items[["enterprise", "product", "role"]], on=["enterprise", "product"])
    customers = float(end[end["role"] == "customer"]["demand"].sum())
    # Every stage of the bulldozer goes once into each machine.
    np.testing.assert_allclose(last["end_demand"].to_numpy(float), customers, rtol=1e-12)


def test_on_time_in_full_counts_whole_orders() -> None:
    textbook = cw.load("beer_game").variant("textbook")
    result = cw.run(textbook, on_time=True, record=["backorder"])
    panel = result.panel
    assert panel is not None
    retailer = result.lanes[(result.lanes["seller"] == "retailer")]["on_time_in_full"].item()
    # Customers get their order at once or not at all in time: the share of weeks without backorder.
    weeks = panel[panel["enterprise"] == "retailer"]["backorder"]
    assert retailer == pytest.approx(float((weeks == 0).mean()))


def test_costs_add_up_and_nobody_pays_for_an_outside_source(result: cw.Result) -> None:
    items = result.items
    kinds = ["holding_cost", "backorder_cost", "in_transit_holding_cost", "ordering_cost", "production_cost", "purchase_cost"]
    np.testing.assert_allclose(items["total_cost"].to_numpy(float), items[kinds].sum(axis=1).to_numpy(float), rtol=1e-12)
    both = pd.merge(items.groupby("run")["holding_cost"].sum(), result.summary.set_index("run")["holding_cost"], left_index=True, right_index=True)
    np.testing.assert_allclose(both["holding_cost_x"].to_numpy(float), both["holding_cost_y"].to_numpy(float), rtol=1e-12)
