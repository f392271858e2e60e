"""Metrics against their plain definitions, from the recorded panel of a run."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import chainwright as cw
from chainwright.metrics.moments import Moments
from chainwright.metrics.results import METRICS, RESULT_TABLES, metrics_of
from chainwright.metrics.trade.accumulate import Accumulator
from chainwright.metrics.trade.frames import item_metrics, summary_frame

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
    known = items[items["ready_rate"].notna()].index
    np.testing.assert_allclose(items.loc[known, "ready_rate"].to_numpy(float), service.loc[known].to_numpy(float), rtol=1e-12)


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


def test_the_tables_have_the_metrics_that_the_reference_lists() -> None:
    result = cw.run("two_sources", runs=2, periods=60, on_time=True)
    for name in (one for one in RESULT_TABLES if metrics_of(one)):
        found = {column for column in getattr(result, name).columns if column in METRICS}
        assert found == set(metrics_of(name)), name
    others = {one.strip() for found in RESULT_TABLES.values() for metric in found.others for one in metric.name.split(",")}
    keys = {"run", "period", "enterprise", "product", "role", "echelon", "seller", "buyer", "mode"}
    for name in ("summary", "items", "enterprises", "lanes", "echelons", "timeline"):
        assert set(getattr(result, name).columns) - keys - set(METRICS) <= others, name


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


def one_shop(**item: object) -> dict[str, object]:
    """A shop that gets 12 a period, whatever it is asked for."""
    return {
        "chainwright": 1,
        "title": "One shop",
        "period": "day",
        "horizon": 9,
        "products": {"bread": {}},
        "enterprises": {
            "people": {"role": "customer", "items": {"bread": {"demand": {"policy": "list", "values": [10, 100, 10], "then": "last"}}}},
            "shop": {"role": "retailer", "items": {"bread": {"on_hand": 12, **item}}},
            "bakery": {"role": "supplier", "items": {"bread": {"unlimited": True}}},
        },
        "lanes": [
            {"seller": "shop", "buyer": "people", "product": "bread"},
            {"seller": "bakery", "buyer": "shop", "product": "bread", "transport_time": 1, "in_transit": [0]},
        ],
        "policies": {"place_orders": {"shop": {"policy": "constant", "quantity": 12}}},
    }


@pytest.mark.parametrize("delay", [0, 1, 3])
def test_one_lost_order_is_one_order_not_in_full(delay: int) -> None:
    document: dict = one_shop(unmet_demand="lost")
    document["lanes"][0] |= {"order_delay": delay, "orders_waiting": [0] * delay} if delay else {}
    document["horizon"] = 12 + delay
    result = cw.run(cw.Scenario.from_document(document), on_time=True, check=True)
    lane = result.lanes[result.lanes["seller"] == "shop"]
    # Only the 100 of the second day are more than the shelf and a delivery hold.
    assert lane["on_time_in_full"].item() == pytest.approx(11 / 12)


def test_a_cancelled_order_is_not_in_full_and_harms_no_other() -> None:
    document: dict = one_shop(unmet_demand="cancelled", cancel_rate=0.5)
    document["lanes"][0]["promised_lead_time"] = 3
    document["horizon"] = 20
    result = cw.run(cw.Scenario.from_document(document), on_time=True, check=True)
    lane = result.lanes[result.lanes["seller"] == "shop"]
    counted = 20 - 3
    assert 0.5 < lane["on_time_in_full"].item() < 1.0
    assert lane["on_time_in_full"].item() * counted == pytest.approx(round(lane["on_time_in_full"].item() * counted))


def test_a_promise_that_changes_in_mid_run_holds_from_then_on() -> None:
    document: dict = one_shop()
    document["enterprises"]["shop"]["items"]["bread"]["on_hand"] = 0
    document["horizon"] = 30
    document["enterprises"]["people"]["items"]["bread"]["demand"] = {"policy": "constant", "value": 12}
    scenario = cw.Scenario.from_document(document)
    strict = cw.run(scenario, on_time=True).lanes["on_time_in_full"].iloc[0]
    patient = cw.run(scenario, on_time=True, interventions=[(2, {"lanes.0.promised_lead_time": 3})]).lanes["on_time_in_full"].iloc[0]
    assert strict == 0.0
    assert patient > 0.9


def test_refused_orders_count_as_lost() -> None:
    document: dict = one_shop()
    document["disruptions"] = [{"kind": "closure", "target": {"enterprise": "shop"}, "start": 4, "duration": 3, "orders": "refuse"}]
    document["horizon"] = 12
    result = cw.run(cw.Scenario.from_document(document), check=True, on_time=True)
    shop = result.items[result.items["enterprise"] == "shop"].iloc[0]
    assert shop["lost_sales"] == pytest.approx(30 / 12)
    assert shop["ready_rate"] <= 9 / 12


def test_production_orders_count_in_good_units() -> None:
    document: dict = one_shop()
    document["enterprises"]["bakery"]["items"]["bread"] = {"on_hand": 0}
    document["lanes"] = [{"seller": "bakery", "buyer": "people", "product": "bread"}]
    del document["enterprises"]["shop"]
    document["recipes"] = [{"enterprise": "bakery", "product": "bread", "components": {}, "yield_share": 0.5}]
    document["policies"] = {"plan_production": {"default": {"policy": "pass_on"}}}
    items = cw.run(cw.Scenario.from_document(document), check=True).items
    assert items["bullwhip_ratio"].iloc[1] == pytest.approx(1.0)


def test_purchases_are_paid_at_the_price_of_the_day() -> None:
    document: dict = one_shop()
    document["lanes"][1]["price"] = 2
    result = cw.run(cw.Scenario.from_document(document), interventions=[(5, {"lanes.1.price": 20})])
    assert result.summary["purchase_cost"].item() == pytest.approx(result.items["purchase_cost"].sum())


def test_a_longer_moving_average_starts_from_what_was_seen() -> None:
    document: dict = one_shop()
    document["enterprises"]["people"]["items"]["bread"]["demand"] = {"policy": "constant", "value": 10}
    document["policies"]["forecast_demand"] = {"shop": {"policy": "moving_average", "periods": 2}}
    document["horizon"] = 25
    for periods in (1, 2):
        document["policies"]["forecast_demand"]["shop"]["periods"] = periods
        longer = [(10, {"policies.forecast_demand.shop.periods": 8})]
        panel = cw.run(cw.Scenario.from_document(document), record=["forecast"], interventions=longer).panel
        assert panel is not None
        shop = panel[panel["enterprise"] == "shop"]["forecast"]
        assert (shop == 10.0).all()


def test_every_watcher_can_go_back_with_its_world() -> None:
    from chainwright.metrics.invariants import Invariants
    from chainwright.metrics.recorder import Recorder
    from chainwright.metrics.trade.on_time import OnTime

    world = cw.World(cw.load("two_sources").blueprint(), runs=range(3))
    watchers = [Accumulator(world, 5), Invariants(world), OnTime(world, 5), Recorder(world, ["on_hand"])]
    for watcher in watchers:
        world.watch(watcher.observe)
    world.step(20)
    kept, states = world.snapshot(), [watcher.state() for watcher in watchers]
    world.step(15)
    reached = watchers[0].moments["orders"].variance().copy(), watchers[2].share().copy(), watchers[3].columns()["on_hand"]
    world.restore(kept)
    for watcher, state in zip(watchers, states, strict=True):
        watcher.restore(state)
    world.step(15)
    again = watchers[0].moments["orders"].variance(), watchers[2].share(), watchers[3].columns()["on_hand"]
    for one, other in zip(reached, again, strict=True):
        np.testing.assert_array_equal(one, other)


def test_rounding_to_whole_units_neither_adds_nor_loses_demand() -> None:
    document: dict = one_shop()
    document["products"]["bread"] = {"whole_units": True}
    document["enterprises"]["people"]["items"]["bread"]["demand"] = {"policy": "list", "values": [2.4, 2.4, 2.4, 2.4, 2.4], "then": "repeat"}
    document["horizon"] = 10
    panel = cw.run(cw.Scenario.from_document(document), record=["demand", "orders"], check=True).panel
    assert panel is not None
    people = panel[panel["enterprise"] == "people"]
    assert people["demand"].tolist() == [2.0, 2.0, 3.0, 2.0, 3.0, 2.0, 2.0, 3.0, 2.0, 3.0]
    assert people["orders"].tolist() == people["demand"].tolist()


def test_the_cost_over_time_adds_up_to_the_cost_of_the_network() -> None:
    document: dict = one_shop(holding_cost=1.0)
    document["lanes"][0]["price"] = 5
    document["lanes"][1]["price"] = 2
    result = cw.run(cw.Scenario.from_document(document), runs=2)
    assert result.timeline is not None
    per_run = result.timeline.groupby("run")["total_cost"].sum()
    np.testing.assert_allclose(per_run.to_numpy(float), result.summary["total_cost"].to_numpy(float))


@pytest.mark.parametrize("name", ["beer_game", "battery", "two_sources"])
def test_what_only_other_tables_need_is_left_out_and_the_summary_stays(name: str) -> None:
    world = cw.World(cw.load(name).blueprint(), runs=range(4))
    everything, little = Accumulator(world, 3, timeline=False), Accumulator(world, 3, timeline=False, tables=("summary",))
    for kept in (everything, little):
        world.watch(kept.observe)
    world.step(12)
    halfway = little.state()
    world.step(12)
    # Going back puts other columns in place of those that were added to.
    now = little.state()
    little.restore(halfway)
    little.restore(now)
    for kept in (everything, little):
        kept.observe(world)
    full, own = (summary_frame(world, kept, item_metrics(world, kept, None), None) for kept in (everything, little))
    pd.testing.assert_frame_equal(full, own, check_exact=True)
    assert everything.lane_sums["ordered"].any()
    assert not little.lane_sums["ordered"].any()
    assert everything.moments["demand"].count == 22
    assert little.moments["demand"].count == 0


@pytest.mark.parametrize("name", ["two_sources", "battery", "beer_game", "information_sharing"])
def test_the_networks_cash_is_what_came_in_less_what_was_spent(name: str) -> None:
    scenario = cw.load(name).with_({"warm_up": 0})
    summary = cw.run(scenario, runs=2, periods=40).summary
    begun = cw.run(scenario, runs=2, periods=1).summary
    start = begun["cash"] - begun["revenue"] + begun["total_cost"]
    assert summary["cash"].to_numpy() == pytest.approx((start + summary["revenue"] - summary["total_cost"]).to_numpy(), rel=1e-9)
