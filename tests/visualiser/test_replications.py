"""Bands and small sweeps run beside the page: their numbers are those of `cw.run`, and they end when nobody wants them any more."""

from __future__ import annotations

import contextlib
import io
import threading
from typing import Any

import numpy as np
import pytest

import chainwright as cw
from chainwright.app.visualiser import replications
from chainwright.app.visualiser.jobs import Cancelled, Job
from chainwright.app.visualiser.sharing import downloads
from chainwright.app.visualiser.sweep_parameters import parameters
from chainwright.experiment.statistics import paired
from chainwright.scenario import names
from chainwright.words.errors import UsageError
from tests.shipped import shipped
from tests.visualiser.conftest import Open

LEVEL = "policies.place_orders.stand.level"


def test_bands_are_percentiles_over_the_runs(page: Open) -> None:
    one = page()
    timeline = one.open("battery", seed=3)
    one.ask("need", timeline=timeline, to=100)
    closure = {"kind": "closure", "target": {"enterprise": "packing_line_a"}, "duration": 9}
    one.ask("disrupt", timeline=timeline, period=100, seen=100, disruption=closure)
    told = one.answer("bands", timeline=timeline, runs=12)
    assert (told["done"], told["of"], told["timeline"]) == (12, 12, timeline)
    done = one.session.open_runs.find(timeline).timeline.interventions
    result = cw.run("battery", runs=12, seed=3, interventions=done)
    means = result.timeline.set_index(["period", "echelon"])
    on_hand = means.loc[(150, 1), "on_hand"].to_numpy()
    for edge, share in (("low", 5), ("middle", 50), ("high", 95)):
        assert told["echelons"]["on_hand"][edge][149][1] == pytest.approx(np.percentile(on_hand, share))
    assert told["measures"]["fill_rate"]["mean"] == pytest.approx(result.summary["fill_rate"].mean())
    assert told["measures"]["fill_rate"]["low"] < told["measures"]["fill_rate"]["mean"] < told["measures"]["fill_rate"]["high"]
    assert "differences" not in told


def test_with_something_beside_it_the_differences_are_paired(page: Open) -> None:
    one = page()
    timeline = one.open("newsvendor")
    one.ask("compare", scenario="newsvendor", variant="generous")
    packet = one.answer("bands", timeline=timeline, runs=6)
    told, beside = packet["differences"]["cost_per_period"], packet["beside"]
    a, b = (cw.run(which, runs=6).summary["cost_per_period"].to_numpy() for which in ("newsvendor", cw.load("newsvendor").variant("generous")))
    expected = paired(b, a, 0.95)  # A less B
    assert (told["mean"], told["low"], told["high"]) == pytest.approx((expected.difference, expected.low, expected.high))
    # What stands beside has bands and intervals of its own.
    assert (packet["timeline"], packet["acts"], beside["timeline"], beside["acts"]) == (timeline, [], one.state["b"], [])
    assert beside["measures"]["cost_per_period"]["mean"] == pytest.approx(b.mean())
    assert set(beside["echelons"]) == set(packet["echelons"])
    # The program has the runs of both, and the same differences.
    space: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(one.answer("code")["text"], space)
    assert space["many_beside"].summary["cost_per_period"].tolist() == b.tolist()
    found = cw.compare(space["many_beside"], space["many_watched"]).table.set_index("metric").loc["cost_per_period"]
    assert (found["difference"], found["low"], found["high"]) == (told["mean"], told["low"], told["high"])


def test_bands_tell_what_they_hold_of(page: Open) -> None:
    one = page()
    timeline = one.open("beer_game")
    one.ask("need", timeline=timeline, to=10)
    one.ask("act", timeline=timeline, period=10, seen=10, settings={"policies.place_orders.retailer.target": 20}, label="")
    assert one.answer("bands", timeline=timeline, runs=2)["acts"] == [act["number"] for act in one.timelines[timeline]["acts"]] == [1]


def test_a_small_sweep_has_a_row_for_each_point(page: Open) -> None:
    one = page()
    timeline = one.open("newsvendor", seed=8)
    one.ask("need", timeline=timeline, to=200)
    one.ask("act", timeline=timeline, period=200, seen=200, settings={"enterprises.stand.items.newspaper.holding_cost": 0.3}, label="")
    factors = [{"path": LEVEL, "values": [50, 60, 70]}, {"path": "lanes.printer>stand.transport_time", "values": [1, 2]}]
    told = one.answer("many", timeline=timeline, factors=factors, runs=3)
    columns = [column["name"] for column in told["columns"]]
    assert columns[:2] == [factor["path"] for factor in factors]
    assert len(told["rows"]) == 6
    row = next(row for row in told["rows"] if row[:2] == [60, 2])
    scenario = cw.load("newsvendor").with_({LEVEL: 60, "lanes.printer>stand.transport_time": 2})
    done = [(201, {"enterprises.stand.items.newspaper.holding_cost": 0.3})]
    costs = cw.run(scenario, runs=3, seed=8, interventions=done).summary["cost_per_period"]
    assert row[columns.index("cost_per_period")] == pytest.approx(costs.mean())
    low, high = (row[columns.index(f"cost_per_period_{end}")] for end in ("low", "high"))
    assert low < costs.mean() < high


def test_the_points_of_a_small_sweep_are_compared_run_by_run(page: Open) -> None:
    one = page()
    timeline = one.open("newsvendor", seed=8)
    now = next(told["value"] for told in parameters(cw.load("newsvendor")) if told["path"] == LEVEL)
    told = one.answer("many", timeline=timeline, factors=[{"path": LEVEL, "values": [50, now, 60]}], runs=6)
    columns = [column["name"] for column in told["columns"]]
    # Compared is with the point that is as the scenario has it.
    assert told["reference"] == 1
    costs = [cw.run(cw.load("newsvendor").with_({LEVEL: level}), runs=6, seed=8).summary["cost_per_period"] for level in (50, now, 60)]
    for row, own in zip(told["rows"], costs, strict=True):
        expected = paired(costs[1], own)
        found = [row[columns.index(f"cost_per_period_less{end}")] for end in ("", "_low", "_high")]
        assert found == pytest.approx([expected.difference, expected.low, expected.high], abs=1e-9)
    # That is far narrower than what the intervals of both means would say.
    low, high, less_low, less_high = (told["rows"][2][columns.index(f"cost_per_period_{end}")] for end in ("low", "high", "less_low", "less_high"))
    assert less_high - less_low < high - low
    # Where it is not among the points, with the first.
    other = one.answer("many", timeline=timeline, factors=[{"path": LEVEL, "values": [51, 61]}], runs=2)
    assert other["reference"] == 0


def test_a_sweep_of_which_no_point_can_be_played_says_why(page: Open) -> None:
    one = page()
    timeline = one.open("newsvendor")
    line = one.refused("many", timeline=timeline, factors=[{"path": "lanes.printer>stand.transport_time", "values": [-1]}], runs=1)
    assert "transport_time" in line


def test_a_job_that_is_cancelled_ends_at_its_next_step(page: Open) -> None:
    one = page()
    timeline = one.open("beer_game")
    begun, go_on = threading.Event(), threading.Event()

    def work(job: Job) -> dict[str, Any]:
        begun.set()
        assert go_on.wait(30)
        job(1, 2)
        raise AssertionError("it went on")

    job = one.session.jobs.start("bands", timeline, work, 10)
    assert begun.wait(30)
    one.session.receive({"kind": "cancel", "job": "bands"})
    # The session's own thread is not held up by it: the page plays on meanwhile.
    one.session.receive({"kind": "need", "timeline": timeline, "to": 5})
    with one.session._change:
        assert one.session._change.wait_for(lambda: len(one.timelines[timeline]["frames"]) == 5 and not one.session._waiting, 30)
    go_on.set()
    assert job.join(30)
    told = [packet for packet in one.packets if packet["kind"] == "bands"][-1]
    assert (told["cancelled"], told["ended"]) == (True, True)


def test_a_sweep_that_waits_for_one_of_another_page_ends_when_nobody_wants_it() -> None:
    sent: list[dict[str, Any]] = []
    repeat = replications.Repeat.of("c1", cw.Timeline("newsvendor"), "")
    job = Job("many", "c1", lambda job: replications.many(repeat, [{"path": LEVEL, "values": [60]}], 1, job), sent.append, pytest.fail)
    with replications._ONE_SWEEP:
        job.start()
        job.cancel()
        assert job.join(30)
    assert sent[-1]["cancelled"]


def test_a_sweep_waits_for_its_turn_and_gives_it_back() -> None:
    told: list[int] = []
    other = threading.Timer(0.0, replications._ONE_SWEEP.release)

    def progress(done: int, total: int) -> None:
        told.append(done)
        if len(told) == 3:
            other.start()

    replications._ONE_SWEEP.acquire()
    with replications._turn(progress):
        assert replications._ONE_SWEEP.locked()
    assert not replications._ONE_SWEEP.locked()
    assert len(told) >= 3


def test_a_replay_that_nobody_waits_for_ends_in_the_midst_of_its_inspections() -> None:
    timeline, told = cw.Timeline("beer_game"), []

    def progress(done: int, total: int) -> None:
        told.append(done / total)
        if done > timeline.horizon + 4:
            raise Cancelled

    with pytest.raises(Cancelled):
        downloads.replay(timeline, progress)
    assert told == sorted(told)
    assert told[-1] < 0.6
    with pytest.raises(UsageError):
        timeline.play()  # it is closed all the same


def test_progress_is_told_and_not_too_often() -> None:
    sent: list[dict[str, Any]] = []
    now = [0.0]

    def work(job: Job) -> dict[str, Any]:
        for period in range(1000):
            now[0] += 0.01
            job(period + 1, 1000)
        return {"answer": 42}

    job = Job("bands", "c1", work, sent.append, pytest.fail, 30, clock=lambda: now[0])
    job.start()
    assert job.join(30)
    done = [packet["done"] for packet in sent]
    assert done == sorted(done)
    assert done[0] == 0
    assert done[-1] == 30
    assert 20 < len(sent) < 60
    assert sent[-1]["answer"] == 42
    assert all(packet["done"] < packet["of"] for packet in sent[:-1])


def test_what_fails_in_a_job_is_told_in_one_line(page: Open, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def fails(*given: Any, **options: Any) -> Any:
        raise RuntimeError("a fault")

    monkeypatch.setattr(replications, "run", fails)
    one = page()
    timeline = one.open("beer_game")
    assert "RuntimeError" in one.refused("bands", timeline=timeline, runs=5)
    assert "a fault" in caplog.text
    assert [packet for packet in one.packets if packet["kind"] == "bands"][-1]["ended"]


@pytest.mark.parametrize("name", [name for name in names() if name not in ("firm_network", "ten_thousand")])
def test_every_parameter_that_is_offered_can_be_varied_over_its_range(name: str) -> None:
    scenario = shipped(name)
    offered = parameters(scenario)
    assert len(offered) >= 3
    assert len({one["path"] for one in offered}) == len(offered)
    for one in offered[:12]:
        assert one["low"] <= one["value"] <= one["high"]
        assert one["low"] < one["high"]
        for value in (one["low"], one["high"]):
            assert scenario.with_({one["path"]: value}) != scenario or value == one["value"]


def test_the_largest_numbers_have_a_range_too() -> None:
    for value in (1e15, 9.1e14, -1e15, 5e-324):
        scenario = cw.load("beer_game").with_({"enterprises.*.items.*.backorder_cost": abs(value)})
        told = {one["path"]: one for one in parameters(scenario)}
        one = told["enterprises.retailer.items.beer.backorder_cost"]
        assert 0.0 <= one["low"] <= one["value"] <= one["high"] <= 1e15


def test_bands_of_costs_and_service_are_those_of_the_network(page: Open) -> None:
    one = page()
    timeline = one.open("battery", seed=3)
    told = one.answer("bands", timeline=timeline, runs=8)
    runs = cw.run("battery", runs=8, seed=3)
    # Each run as it is watched tells its costs, its fill rate and that of the period.
    watched = [cw.Timeline("battery", seed=3, run=run) for run in range(8)]
    for each in watched:
        each.play_to(120)
    assert runs.periods - runs.measured_periods < 100
    expected = {
        "total_cost": [each.history.echelons["total_cost"].sum(axis=1) for each in watched],
        "fill_rate": [each.history.measures["fill_rate"] for each in watched],
        "fill_rate_of_period": [each.history.rates["fill_rate"] for each in watched],
    }
    for name, values in expected.items():
        for edge, share in (("low", 5), ("middle", 50), ("high", 95)):
            found = np.array(told["network"][name][edge][99:120], np.float64)
            assert found == pytest.approx(np.percentile(np.array(values)[:, 99:120], share, axis=0), rel=1e-9), name
    # So long as nothing is measured there is no fill rate so far.
    assert told["network"]["fill_rate"]["low"][0] is None
    kept = [each.history.echelons for each in watched]
    shares = [each["shipped_in_time"][110, 2] / each["seen"][110, 2] for each in kept]
    assert told["echelons"]["fill_rate"]["high"][110][2] == pytest.approx(np.percentile(shares, 95))


def test_where_customers_buy_from_several_echelons_service_has_no_band(page: Open) -> None:
    policy = {"place_orders": {"default": {"policy": "base_stock", "level": 30}, "shop": {"policy": "base_stock", "level": 3}}}
    enterprises = {
        "maker": {"role": "supplier", "items": {"p": {"unlimited": True}}},
        "depot": {"role": "distributor", "items": {"p": {"on_hand": 30}}},
        "shop": {"role": "retailer", "items": {"p": {"on_hand": 3}}},
        "people": {"role": "customer", "items": {"p": {"demand": {"policy": "poisson", "mean": 5}}}},
    }
    pairs = [("maker", "depot", 1, 1), ("depot", "shop", 1, 1), ("shop", "people", 0, 0.5), ("depot", "people", 0, 0.5)]
    lanes = [{"seller": seller, "buyer": buyer, "product": "p", "transport_time": time, "share": share} for seller, buyer, time, share in pairs]
    document = {"chainwright": 1, "title": "two ways", "period": "day", "horizon": 30, "products": {"p": {}}, "lanes": lanes}
    scenario = cw.Scenario.from_document({**document, "enterprises": enterprises, "policies": policy})
    timeline = cw.Timeline(scenario)
    told = replications.bands(replications.Repeat.of("1", timeline, ""), 4, lambda done, total: None)
    assert set(told["network"]) == {"total_cost"}
