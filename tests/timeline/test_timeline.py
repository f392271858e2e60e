"""A timeline equals `cw.run` with the same interventions, number for number, however it was played, rewound, changed and branched."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import chainwright as cw
from tests.timeline.likeness import assert_as_run, assert_same_state, never_stopped

CLOSURE = {"kind": "closure", "target": {"enterprise": "brewery"}, "duration": 4}
ELSEWHERE = {**CLOSURE, "target": {"enterprise": "distributor"}}


@pytest.mark.parametrize("name", ["beer_game", "battery", "two_sources", "serial_textbook", "newsvendor", "information_sharing"])
def test_a_timeline_equals_a_run_in_every_period(name: str) -> None:
    scenario = cw.load(name)
    timeline = cw.Timeline(scenario, seed=3, run=2)
    last = scenario.warm_up + 20
    timeline.play_to(last)
    assert timeline.played == last
    for period in (scenario.warm_up, scenario.warm_up + 1, scenario.warm_up + 7, last):
        if period:
            assert_as_run(timeline, period)


def test_on_time_in_full_is_measured_where_a_run_measures_it() -> None:
    scenario = cw.load("two_sources").with_({"policies.allocate_stock": {"default": {"policy": "oldest_first"}}})
    timeline = cw.Timeline(scenario)
    timeline.play(scenario.warm_up + 30)
    timeline.act({"disruptions": []}, period=11)
    assert 0.0 <= timeline.summary()["on_time_in_full"] <= 1.0
    assert_as_run(timeline)


def test_an_act_in_the_past_is_met_when_it_is_played_again() -> None:
    timeline = cw.Timeline("beer_game")
    timeline.play(12)
    timeline.disrupt(CLOSURE)
    before = timeline.history
    costs = before.measures["total_cost"].copy()
    timeline.act({"policies.place_orders.wholesaler.target": 25}, period=9)
    assert timeline.played == 12
    timeline.play_to(30)
    assert [act.period for act in timeline.acts] == [13, 9]
    assert [period for period, _ in timeline.interventions] == [9, 13]
    for period in (8, 9, 13, 30):
        assert_as_run(timeline, period)
    # Whoever holds what was forgotten still sees it as it was.
    np.testing.assert_array_equal(before.measures["total_cost"], costs)
    assert timeline.summary(12)["total_cost"] != costs[-1]


def test_two_acts_in_one_period_both_hold_and_the_later_one_wins() -> None:
    timeline = cw.Timeline("beer_game")
    timeline.play(5)
    timeline.act({"policies.place_orders.wholesaler.target": 25, "lanes.*.price": 2})
    timeline.act({"policies.place_orders.wholesaler.target": 5})
    first = timeline.disrupt(CLOSURE)
    second = timeline.disrupt(ELSEWHERE)
    assert {act.period for act in timeline.acts} == {6}
    assert first.settings["disruptions"] == [{"start": 6, **CLOSURE}]
    assert second.settings["disruptions"] == [{"start": 6, **CLOSURE}, {"start": 6, **ELSEWHERE}]
    timeline.play(15)
    assert_as_run(timeline)
    assert timeline.world_at(6).current.first.tables["lanes"]["price"].tolist() == [2.0] * 5


def test_an_undone_act_never_happened() -> None:
    timeline, plain = cw.Timeline("beer_game"), cw.Timeline("beer_game")
    for one in (timeline, plain):
        one.play(20)
    first = timeline.disrupt(CLOSURE, period=5)
    second = timeline.disrupt(ELSEWHERE, period=9)
    assert len(timeline.interventions[1][1]["disruptions"]) == 2
    assert timeline.undo(first.number) == first
    # What is left is told anew, in the act and in what a run would be given.
    assert timeline.acts[0].number == second.number
    assert timeline.acts[0].settings == timeline.interventions[0][1] == {"disruptions": [{"start": 9, **ELSEWHERE}]}
    assert_as_run(timeline)
    assert timeline.undo().number == second.number
    assert timeline.summary() == pytest.approx(plain.summary(), rel=0.0, abs=0.0, nan_ok=True)
    with pytest.raises(cw.UsageError, match="nothing was done"):
        timeline.undo()


def test_numbers_of_acts_are_never_given_again() -> None:
    timeline = cw.Timeline("beer_game")
    first = timeline.disrupt(CLOSURE)
    timeline.undo()
    assert timeline.disrupt(CLOSURE).number == first.number + 1


def test_a_branch_shares_the_past_and_goes_on_with_the_same_draws() -> None:
    timeline = cw.Timeline("battery", run=4)
    timeline.play(90)
    other = timeline.branch(61)
    assert other.played == 61
    assert np.shares_memory(other.history.items["on_hand"], timeline.history.items["on_hand"])
    other.play_to(90)
    for table in ("items", "lanes", "enterprises", "echelons", "measures", "rates"):
        for name, values in getattr(timeline.history, table).items():
            np.testing.assert_array_equal(values, getattr(other.history, table)[name], err_msg=name)
    assert_same_state(timeline.world_at(90), other.world_at(90))
    other.act({"enterprises.*.items.*.holding_cost": 0.5}, period=70)
    timeline.play_to(100)
    assert other.played == 90
    assert_as_run(timeline)
    assert_as_run(other)


def test_a_branch_keeps_the_acts_of_its_past_only() -> None:
    timeline = cw.Timeline("beer_game", label="as it was")
    timeline.play(20)
    timeline.disrupt(CLOSURE, period=5)
    timeline.disrupt(ELSEWHERE, period=12)
    other = timeline.branch(11, "calm")
    assert (other.label, timeline.label) == ("calm", "as it was")
    assert [act.period for act in other.acts] == [5]
    other.play_to(20)
    timeline.play_to(25)
    assert_as_run(other)
    assert_as_run(timeline)
    # A branch of a branch, from before both.
    third = other.branch(0)
    assert third.played == 0
    assert third.acts == ()
    third.play_to(20)
    assert_as_run(third)


def test_the_same_run_with_nothing_done_is_the_baseline() -> None:
    timeline = cw.Timeline("beer_game")
    timeline.play(10)
    timeline.disrupt(CLOSURE)
    timeline.play(10)
    baseline = timeline.without_acts()
    assert baseline.played == 10
    baseline.play_to(20)
    assert not baseline.acts
    assert_as_run(baseline)
    assert baseline.summary()["total_cost"] != timeline.summary()["total_cost"]


@pytest.mark.parametrize("name", ["beer_game", "battery", "two_sources"])
def test_looking_back_is_the_state_that_was(name: str) -> None:
    timeline = cw.Timeline(name)
    timeline.play(30)
    timeline.disrupt({"kind": "demand", "target": {"enterprise": "*"}, "duration": 3, "factor": 2.0}, period=12)
    timeline.act({"lanes.*.price": 3}, period=12)
    timeline.act({"lanes.*.price": 0}, period=17)
    for period in (29, 3, 14, 0, 30, 15, 16, 17):
        world = timeline.world_at(period)
        assert_same_state(world, never_stopped(timeline, period))
        # It is the visitor's own: what comes of it is nobody else's affair, and it goes on as the timeline does.
        world.step(30 - period)
        assert_same_state(world, timeline.world_at(30))
    timeline.play_to(timeline.warm_up + 35)
    assert_as_run(timeline)


def test_what_is_refused_changes_nothing() -> None:
    timeline = cw.Timeline("beer_game")
    timeline.play(10)
    timeline.act({"policies.place_orders.retailer": {"policy": "base_stock", "level": 20}}, period=4)
    leaning = timeline.act({"policies.place_orders.retailer.level": 30}, period=7)
    before, acts, interventions = timeline.summary(), timeline.acts, timeline.interventions
    for refused, why in (
        (lambda: timeline.act({"policies.place_orders.retialer.target": 3}), "did you mean 'retailer'"),
        (lambda: timeline.act({"policies.place_orders.retialer.target": 3}, period=2), "did you mean 'retailer'"),
        (lambda: timeline.act({"lanes.0.order_delay": 2}), "order_delay cannot become"),
        (lambda: timeline.act({}), "expected settings such as"),
        (lambda: timeline.act({"horizon": 4}), "cannot change during a run"),
        (lambda: timeline.act({"lanes.*.price": 1}, shown=object()), "must be texts, numbers"),
        (lambda: timeline.act({"lanes.*.price": 1}, kind="disruption"), "done by disrupt"),  # type: ignore[arg-type]
        (lambda: timeline.disrupt({"kind": "closing", "target": {}, "duration": 3}), "expected closure, reduction"),
        (lambda: timeline.disrupt("closure"), "expected a disruption such as"),  # type: ignore[arg-type]
        (lambda: timeline.disrupt(CLOSURE, period=99), "would never happen"),
        (lambda: timeline.undo(7), "there is no act 7"),
        (lambda: timeline.undo(1), rf"act {leaning.number} \(policies.place_orders.retailer.level = 30\) in period 7 would not fit any more"),
        (lambda: timeline.branch(11), "was not played yet"),
        (lambda: timeline.world_at(11), "was not played yet"),
        (lambda: timeline.summary(11), "was not played yet"),
        (lambda: timeline.play(-1), "whole number"),
    ):
        with pytest.raises(cw.ChainwrightError, match=why):
            refused()
        assert timeline.played == 10
        assert timeline.acts == acts
        assert timeline.interventions == interventions
        assert timeline.summary() == pytest.approx(before, rel=0.0, abs=0.0, nan_ok=True)
    timeline.play(5)
    assert_as_run(timeline)


def test_a_timeline_ends_with_its_horizon() -> None:
    timeline = cw.Timeline("beer_game", periods=8)
    timeline.play(50)
    assert timeline.played == 8
    with pytest.raises(cw.UsageError, match="would never happen"):
        timeline.act({"policies.place_orders.default.target": 3})
    with pytest.raises(cw.UsageError, match="would never happen"):
        cw.Timeline("beer_game", periods=8, interventions=[(9, {"lanes.*.price": 1})])


def test_interventions_of_the_scenario_come_before_acts_and_are_told_anew_after_them() -> None:
    own = [{"period": 8, "set": {"policies.place_orders.retailer.target": 9}}, {"period": 14, "set": {"disruptions": [{"start": 14, **ELSEWHERE}]}}]
    timeline = cw.Timeline(cw.load("beer_game").with_({"interventions": own}))
    timeline.play(20)
    timeline.act({"policies.place_orders.retailer.target": 30}, period=8)
    timeline.disrupt(CLOSURE, period=16)
    # The list that holds then is the scenario's own, as changed in period 14.
    assert [one["start"] for one in timeline.acts[-1].settings["disruptions"]] == [14, 16]
    assert_as_run(timeline)
    # Planned ahead, and not met yet.
    timeline.act({"lanes.*.price": 2}, period=25)
    assert_as_run(timeline)
    timeline.play_to(30)
    assert_as_run(timeline)


def test_goods_on_their_way_from_the_start_are_not_overtaken_after_times_are_drawn() -> None:
    """A world that is told at the start remembers when its first goods are due; one that was not told must be told again."""
    way = "lanes.wholesaler>retailer"
    timeline = cw.Timeline(cw.load("beer_game").with_({f"{way}.in_transit": [4, 4, 4, 4, 4, 4], f"{way}.transport_time": 6}))
    timeline.play(1)
    timeline.act({f"{way}.transport_time": {"distribution": "uniform", "low": 1, "high": 3}, f"{way}.overtaking": False})
    timeline.play(12)
    assert_as_run(timeline)
    assert_same_state(timeline.world_at(5), never_stopped(timeline, 5))
    timeline.undo()
    assert_as_run(timeline)
    assert_same_state(timeline.world_at(5), never_stopped(timeline, 5))


def test_forgetting_keeps_the_acts() -> None:
    timeline = cw.Timeline("beer_game")
    timeline.play(20)
    timeline.disrupt(CLOSURE, period=15)
    timeline.forget_after(11)
    assert timeline.played == 11
    assert [act.period for act in timeline.acts] == [15]
    timeline.play_to(20)
    assert_as_run(timeline)


class Panicker(cw.Distributor):
    """Orders double when the shelf looks empty, and remembers how often."""

    frights = 0

    def place_orders(self, item: Any) -> Any:
        if item.on_hand < item.demand:
            self.frights += 1
            return (2 + self.frights % 3) * item.demand
        return max(12 - item.inventory_position, 0)


def test_agents_decide_as_in_a_run() -> None:
    agents = {"wholesaler": Panicker}
    timeline = cw.Timeline("beer_game", agents=agents)
    timeline.play(20)
    timeline.act({"policies.place_orders.retailer.target": 20}, period=6)
    assert_as_run(timeline, agents=agents)
    world = timeline.world_at(7)
    world.step(13)
    np.testing.assert_array_equal(world.items.orders, timeline.world_at(20).items.orders)
    other = timeline.branch(12)
    other.play_to(20)
    assert other.summary() == pytest.approx(timeline.summary(), rel=0.0, abs=0.0, nan_ok=True)
    timeline.close()
    other.play_to(25)
    assert_as_run(other, agents=agents)


def test_an_agent_that_fails_leaves_the_timeline_where_it_was() -> None:
    class Brittle(cw.Distributor):
        """Breaks where very much is wanted."""

        def place_orders(self, item: Any) -> Any:
            if item.demand > 40:
                raise ZeroDivisionError("too much")
            return item.demand

    timeline = cw.Timeline("beer_game", agents={"wholesaler": Brittle})
    timeline.play(15)
    before = timeline.summary()
    flood = {"policies.place_orders.retailer": {"policy": "base_stock", "level": 500}}
    with pytest.raises(Exception, match="too much"):
        timeline.act(flood, period=5)
    assert timeline.played == 15
    assert timeline.acts == ()
    assert timeline.summary() == pytest.approx(before, rel=0.0, abs=0.0, nan_ok=True)
    # In a period to come nothing is played yet: it breaks when it is.
    timeline.act(flood, period=20)
    with pytest.raises(Exception, match="too much"):
        timeline.play(15)
    stopped = timeline.played
    assert 15 < stopped < 30
    with pytest.raises(Exception, match="too much"):
        timeline.play(1)
    timeline.undo()
    assert timeline.played == stopped
    timeline.play_to(30)
    assert_as_run(timeline, agents={"wholesaler": Brittle})


def test_interventions_from_the_outset_hold_and_can_be_undone() -> None:
    timeline = cw.Timeline("beer_game", interventions=[(6, {"policies.place_orders.retailer.target": 9}), {"period": 3, "set": {"lanes.*.price": 1}}])
    timeline.play(12)
    assert [(act.kind, act.period, act.number) for act in timeline.acts] == [("given", 6, 1), ("given", 3, 2)]
    assert_as_run(timeline)
    timeline.undo(1)
    timeline.undo()
    assert timeline.interventions == ()
    assert_as_run(timeline)
    with pytest.raises(cw.ScenarioError, match="did you mean 'retailer'"):
        cw.Timeline("beer_game", interventions=[(6, {"policies.place_orders.retialer.target": 9})])


def test_a_closed_timeline_keeps_its_history_and_plays_no_more() -> None:
    timeline = cw.Timeline("beer_game")
    timeline.play(6)
    timeline.close()
    assert timeline.summary()["demand_mean"] > 0
    for refused in (timeline.play, timeline.without_acts, lambda: timeline.world_at(3), lambda: timeline.act({"lanes.*.price": 1})):
        with pytest.raises(cw.UsageError, match="closed"):
            refused()
