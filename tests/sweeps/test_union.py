"""Points side by side in one world are, bit for bit, what each of them is alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

import chainwright as cw
from chainwright.experiment.sweep.measures import measure_names
from chainwright.experiment.sweep.pack import STRIDE, Request, compute, run_number
from chainwright.experiment.sweep.point import Point
from chainwright.experiment.sweep.union import playable
from chainwright.metrics.trade.accumulate import Accumulator
from chainwright.network.points import Points
from chainwright.words.subjects import SCHEMA
from tests.shipped import shipped
from tests.world.networks import siblings

STATE = ("items", "lanes", "enterprises")


def columns_of_run(world: cw.World, run: int) -> dict[str, Any]:
    """Every column of one run of a world, in the order of the file."""
    found = {}
    for table in STATE:
        rows = world.union.layouts[table].where(world.template.place[table])[run]
        for column in SCHEMA.table(table):
            if column.dtype != "str" and column.name not in ("run", "enterprise", "seller", "buyer"):
                found[f"{table}.{column.name}"] = np.asarray(getattr(world, table)[column.name])[rows]
    return found


@pytest.mark.slow
@given(siblings())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_points_of_one_structure_do_not_touch_each_other(documents: list[dict[str, Any]]) -> None:
    blueprints = tuple(cw.Scenario.from_document(document).blueprint() for document in documents)
    assert len({one.structure for one in blueprints}) == 1
    of_run, runs = np.array([2, 0, 1, 0, 2]), [5, 5, 5, 0, 1]
    union = cw.World(Points(blueprints, of_run), runs, 11)
    together = Accumulator(union, 2, timeline=False)
    union.watch(together.observe)
    alone = [cw.World(blueprints[point], [run], 11) for point, run in zip(of_run, runs, strict=True)]
    kept = []
    for world in alone:
        kept.append(Accumulator(world, 2, timeline=False))
        world.watch(kept[-1].observe)
    for _ in range(blueprints[0].horizon):
        for world in (union, *alone):
            world.step()
        for place, world in enumerate(alone):
            ours, theirs = columns_of_run(union, place), columns_of_run(world, 0)
            wrong = [name for name in ours if not np.array_equal(ours[name], theirs[name], equal_nan=True)]
            assert not wrong, f"period {union.period}, run {place}: {wrong}"
    rows = union.union.layouts["items"].where(union.template.place["items"])
    for place, (world, own) in enumerate(zip(alone, kept, strict=True)):
        here = world.union.layouts["items"].where(world.template.place["items"])[0]
        for name, sums in own.sums.items():
            assert np.array_equal(together.sums[name][rows[place]], sums[here]), name
        for name, moments in own.moments.items():
            assert np.array_equal(together.moments[name].variance()[rows[place]], moments.variance()[here]), name


POINTS: dict[str, list[dict[str, Any]]] = {
    "beer_game": [
        {},
        {"policies.place_orders.default.target": 25},
        {"lanes.wholesaler>retailer.transport_time": 4, "horizon": 36},
        {"policies.place_orders.default.policy": "pass_on"},
        {"enterprises.drinkers.items.beer.demand": {"policy": "poisson", "mean": 5}},
        {"enterprises.drinkers.items.beer.demand": {"policy": "poisson", "mean": 7.5}, "lanes.*.order_delay": 0, "lanes.*.orders_waiting": []},
        {"interventions": [{"period": 9, "set": {"policies.place_orders.retailer.target": 30}}]},
        {"interventions": [{"period": 9, "set": {"lanes.*.price": 2.5}}]},
        {"warm_up": 5},
    ],
    "newsvendor": [{}, {"policies.place_orders.stand.level": 60}],
    "two_sources": [{}, {"seed": 3}, {"lanes.0.transport_time": 2}],
    "information_sharing": [{}, {"visibility.end_demand": "public"}],
    "battery": [{}, {"enterprises.*.items.*.holding_cost": 2}],
}


@pytest.mark.parametrize("name", POINTS)
def test_a_pack_measures_what_runs_measure(name: str) -> None:
    scenario = shipped(name).with_({"horizon": min(shipped(name).horizon, 40), "warm_up": 0})
    measures = (*measure_names(None, scenario), "on_time_in_full", "echelons.1.bullwhip_ratio")
    request = Request(scenario, 5, measures)
    points = [Point(number, settings=settings) for number, settings in enumerate(POINTS[name])]
    table = compute(request, [(point, (0, 3)) for point in points])
    assert table["status"].tolist() == ["done"] * len(table), table["message"].tolist()
    for point in points:
        changed = point.scenario(scenario)
        result = cw.run(changed, [0, 3], 5, timeline=False, on_time=True)
        rows = table[table["point"] == point.key]
        assert rows["scenario_hash"].unique().tolist() == [changed.hash]
        for measure in measures[:-1]:
            np.testing.assert_array_equal(rows[measure], result.summary[measure], err_msg=f"{point.settings}: {measure}")
        echelon = result.echelons[result.echelons["echelon"] == 1]
        np.testing.assert_array_equal(rows["echelons.1.bullwhip_ratio"], echelon["bullwhip_ratio"])


def test_measures_of_rows_are_those_of_the_tables() -> None:
    scenario = cw.load("two_sources")
    result = cw.run(scenario, 2)
    seller, buyer = result.lanes.iloc[0][["seller", "buyer"]]
    enterprise, product = result.items.iloc[1][["enterprise", "product"]]
    asked = [f"items.{enterprise}.{product}.orders_variance", f"enterprises.{enterprise}.total_cost", f"lanes.{seller}>{buyer}.shipped"]
    names = measure_names(asked, scenario)
    table = compute(Request(scenario, scenario.seed, names), [(Point(0), (0, 1))])
    items, firms, lanes = result.items, result.enterprises, result.lanes
    expected = (
        items[(items["enterprise"] == enterprise) & (items["product"] == product)]["orders_variance"],
        firms[firms["enterprise"] == enterprise]["total_cost"],
        lanes[(lanes["seller"] == seller) & (lanes["buyer"] == buyer)]["shipped"],
    )
    for name, column in zip(names, expected, strict=True):
        np.testing.assert_array_equal(table[name], column)


def test_unknown_measures_are_all_told() -> None:
    asked = ["fil_rate", "items.retialer.beer.fill_rate", "lanes.x", "echelons.one.fill_rate", "shelves.a.b", 3, "turns", "turns"]
    with pytest.raises(cw.UsageError) as raised:
        measure_names(asked, cw.load("beer_game"))  # type: ignore[arg-type]
    assert str(raised.value).splitlines() == [
        "measure 'fil_rate': no metric of summary is called 'fil_rate'; did you mean 'fill_rate'?",
        "measure 'items.retialer.beer.fill_rate': there is no 'retialer.beer' among the items; did you mean 'retailer.beer'?",
        "measure 'lanes.x': expected 'lanes.wholesaler>retailer.in_transit_mean' or the like; names that hold dots stand in quotes",
        "measure 'echelons.one.fill_rate': an echelon is a whole number, 0 that of the customers, got 'one'",
        "measure 'shelves.a.b': no table is called 'shelves'; expected one of echelons, enterprises, items, lanes",
        "a measure is named by a text such as 'fill_rate', got 3",
        "measure 'turns' is named twice",
    ]


class Careless(cw.Retailer):
    """Stumbles when much is asked for."""

    def place_orders(self, item: Any) -> float:
        return 1 / 0 if item.demand > 9 else item.demand


def test_what_fails_is_set_apart() -> None:
    scenario = cw.load("beer_game").with_({"horizon": 8})
    request = Request(scenario, 1, ("total_cost",), agents={"retailer": Careless})
    demand = "enterprises.drinkers.items.beer.demand.after"
    batch = [(Point(number, settings={demand: after} if after else {"horizon": -2}), (0, 1)) for number, after in enumerate((8, 0, 12, 9))]
    table = compute(request, batch)
    assert table["status"].tolist() == ["done", "done", "failed", "failed", "failed", "failed", "done", "done"]
    assert np.isnan(table["total_cost"]).tolist() == [False, False, True, True, True, True, False, False]
    assert table["message"][2].startswith("horizon: expected a whole number")
    assert "division by zero" in table["message"][4]
    alone = cw.run(scenario.with_({demand: 9}), 2, 1, agents={"retailer": Careless}).summary
    np.testing.assert_array_equal(table["total_cost"][6:], alone["total_cost"])


def test_numbers_of_runs_without_common_random_numbers() -> None:
    scenario = cw.load("newsvendor").with_({"horizon": 20, "warm_up": 0})
    request = Request(scenario, 1, ("total_cost",), common=False)
    points = [Point(0), Point(1, settings={"policies.place_orders.stand.level": 60})]
    table = compute(request, [(point, (0, 1)) for point in points])
    assert table["run"].nunique() == 4
    assert all(run_number(request, point, 1) > STRIDE for point in points)
    again = cw.run(points[1].scenario(scenario), table["run"].tolist()[2:], 1, timeline=False).summary
    np.testing.assert_array_equal(table["total_cost"][2:], again["total_cost"])


def test_points_of_different_structure_are_refused_in_one_world() -> None:
    one, other = cw.load("beer_game").blueprint(), cw.load("newsvendor").blueprint()
    with pytest.raises(cw.UsageError, match="can lie in one union"):
        cw.World(Points((one, other), np.array([0, 1])), [0, 0])
    with pytest.raises(cw.UsageError, match="2 runs, but 1 of them"):
        cw.World(Points((one,), np.array([0])), [0, 1])


def test_a_run_of_several_points_forks_and_goes_back() -> None:
    plain = cw.load("beer_game").with_({"enterprises.drinkers.items.beer.demand": {"policy": "poisson", "mean": 6}})
    other = plain.with_({"policies.place_orders.default.target": 30})
    world = cw.World(Points((plain.blueprint(), other.blueprint()), np.array([0, 1])), [0, 0])
    world.step(7)
    fork, kept = world.fork(2, place=1), world.snapshot()
    copied = world.copy()
    for each in (world, fork, copied):
        each.step(6)
    straight = cw.World(other.blueprint(), [0])
    straight.step(13)
    for each, run in ((world, 1), (fork, 0), (fork, 1), (copied, 1)):
        ours, theirs = columns_of_run(each, run), columns_of_run(straight, 0)
        assert [name for name in ours if not np.array_equal(ours[name], theirs[name], equal_nan=True)] == []
    world.restore(kept)
    world.step(6)
    np.testing.assert_array_equal(columns_of_run(world, 1)["items.on_hand"], columns_of_run(straight, 0)["items.on_hand"])


def test_playable_says_what_leaves_nothing_to_measure() -> None:
    with pytest.raises(cw.UsageError, match="leave nothing to measure"):
        playable(cw.load("beer_game").with_({"warm_up": 10}), periods=10)
